//! The routes of an environment, as several checks look at them.

use super::Context;
use super::context::path_of;
use crate::origin::{Origin, Traced};
use crate::system::workload::{Carrier, Route};
use crate::system::{Service, Workload};

/// A route with whose it is.
#[derive(Clone, Copy)]
pub(super) struct Routed<'a> {
    pub(super) service: &'a Service,
    pub(super) workload: &'a Workload,
    pub(super) route: &'a Route,
}

impl Routed<'_> {
    /// `shop.workloads.api`.
    pub(super) fn workload_path(&self) -> String {
        path_of(self.service, self.workload)
    }

    /// `shop.workloads.api.route`.
    pub(super) fn path(&self) -> String {
        format!("{}.{}", self.workload_path(), self.route.key())
    }

    /// `workloads.api.route`, for `remove`.
    pub(super) fn key(&self) -> String {
        format!("workloads.{}.{}", self.workload.name.get(), self.route.key())
    }

    /// What carries it.
    pub(super) fn carrier(&self) -> Carrier {
        self.route.carrier(self.workload)
    }

    /// The keys of the route that look into requests, where they are written.
    pub(super) fn looks_into_requests(&self) -> Vec<(&'static str, Origin)> {
        let route = &self.route.written;
        let keys = [
            ("paths", route.paths.at.map(Origin::spec)),
            ("exact", route.exact.at.map(Origin::spec)),
            ("methods", route.methods.at.map(Origin::spec)),
            ("headers", route.headers.iter().next().map(|(_, entry)| entry.key.origin())),
            ("rewrite", route.rewrite.as_ref().map(Traced::origin)),
            ("request_headers", route.request_headers.as_ref().map(|table| Origin::spec(table.at))),
            ("response_headers", route.response_headers.as_ref().map(|table| Origin::spec(table.at))),
            ("cors", route.cors.as_ref().map(|table| Origin::spec(table.at))),
            ("timeout", route.timeout.as_ref().map(Traced::origin)),
            ("redirect_from", route.redirect_from.at.map(Origin::spec)),
        ];
        keys.into_iter().filter_map(|(key, at)| at.map(|at| (key, at))).collect()
    }
}

/// Every route, in order.
pub(super) fn routes<'a>(cx: &Context<'a>) -> impl Iterator<Item = Routed<'a>> {
    cx.system.workloads().flat_map(|(service, workload)| {
        workload.routes.iter().map(move |route| Routed { service, workload, route })
    })
}

/// Whether the listener of a Gateway that decrypts is known.
pub(super) fn is_encrypted(cx: &Context<'_>) -> bool {
    cx.system.environment.platform.listens_encrypted()
}

/// A typed value as text.
pub(super) fn text<T: crate::value::Value>(value: &Traced<T>) -> crate::text::Text {
    crate::system::text_of(value).get().clone()
}
