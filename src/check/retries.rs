//! Chains of calls in which each layer tries again what the layers below it tried.

use std::collections::BTreeMap;

use super::Context;
use super::context::{noun, path_of};
use crate::system::edges::Calls;
use crate::system::patience::Retry;
use crate::system::{Edge, Service, Target, Workload, WorkloadId};
use crate::value::Value;

/// One layer: somebody calls somebody.
#[derive(Clone)]
pub(super) struct Link<'a> {
    /// who calls
    pub(super) from: String,
    /// who is called
    pub(super) to: String,
    /// where its tries are written
    pub(super) table: String,
    /// its tries
    pub(super) retry: Option<&'a Retry>,
}

impl Link<'_> {
    pub(super) fn attempts(&self) -> u32 {
        self.retry.map_or(1, |retry| *retry.attempts.get())
    }
}

/// Layers that call each other, the outermost first.
#[derive(Clone, Default)]
pub(super) struct Chain<'a> {
    pub(super) links: Vec<Link<'a>>,
}

impl<'a> Chain<'a> {
    /// How often the end may be called for one call of the beginning.
    pub(super) fn product(&self) -> u32 {
        self.links.iter().fold(1, |product, link| product.saturating_mul(link.attempts()))
    }

    /// Who is called at its end.
    pub(super) fn end(&self) -> &str {
        self.links.last().map_or("", |link| link.to.as_str())
    }

    /// `3 x 3`.
    pub(super) fn factors(&self) -> String {
        let tries = self.links.iter().map(Link::attempts).filter(|attempts| *attempts > 1);
        tries.map(|attempts| attempts.to_string()).collect::<Vec<_>>().join(" x ")
    }

    /// `a -> b -> c`.
    pub(super) fn route(&self) -> String {
        let mut all: Vec<String> = self.links.iter().map(|link| format!("`{}`", link.from)).collect();
        all.push(format!("`{}`", self.end()));
        all.join(" -> ")
    }

    /// Whether somebody calls in it already.
    fn comes_by(&self, who: &str) -> bool {
        self.links.iter().any(|link| link.from == who)
    }

    fn and(&self, link: Link<'a>) -> Chain<'a> {
        let mut longer = self.clone();
        longer.links.push(link);
        longer
    }
}

/// Every call of a workload by another that says how patient it is.
pub(super) fn of_workloads<'a>(
    cx: &Context<'a>,
) -> impl Iterator<Item = (&'a Service, &'a Workload, &'a Edge, &'a Calls)> {
    cx.system.workloads().flat_map(|(service, workload)| {
        let edges = workload.edges.iter();
        edges.filter_map(move |edge| Some((service, workload, edge, edge.calls.as_ref()?)))
    })
}

/// The worst chain to each workload, by the calls that lead to it. A call back to somebody in the chain counts for nothing.
struct Worst<'c, 'a> {
    cx: &'c Context<'a>,
    known: BTreeMap<WorkloadId, Option<Chain<'a>>>,
}

impl<'a> Worst<'_, 'a> {
    fn to(&mut self, id: WorkloadId) -> Chain<'a> {
        if let Some(known) = self.known.get(&id) {
            // who is being looked at is reached by itself here
            return known.clone().unwrap_or_default();
        }
        self.known.insert(id, None);
        let mut worst = Chain::default();
        let system = self.cx.system;
        let callers =
            system.workload(id).map(|(_, workload)| workload.callers.as_slice()).unwrap_or_default();
        for caller in callers {
            let Some((service, workload)) = system.workload(caller.from) else { continue };
            let edge = workload.edges.iter().find(|edge| edge.target == Some(Target::Workload(id)));
            let Some(edge) = edge else { continue };
            let next = link(self.cx, service, workload, edge);
            let before = self.to(caller.from);
            // a circle is no chain: how often it is gone through is not known here
            if !before.comes_by(&next.to)
                && before.product().saturating_mul(next.attempts()) > worst.product()
            {
                worst = before.and(next);
            }
        }
        self.known.insert(id, Some(worst.clone()));
        worst
    }
}

fn link<'a>(cx: &Context<'a>, service: &'a Service, workload: &'a Workload, edge: &'a Edge) -> Link<'a> {
    let from = path_of(service, workload);
    match edge.target {
        Some(Target::External(index)) => {
            let external = service.externals.get(index);
            let name = external.map_or("", |external| external.name.get().as_str());
            Link {
                from,
                to: noun(service, "externals", name),
                table: format!("`[externals.{name}.retry]` of `{}`", service.stem),
                retry: external.and_then(|external| external.retry.as_ref()),
            }
        }
        Some(Target::Workload(id)) => Link {
            from,
            to: cx.system.workload(id).map_or_else(String::new, |(service, called)| path_of(service, called)),
            table: format!(
                "`[workloads.{}.calls.\"{}\".retry]` of `{}`",
                workload.name.get(),
                edge.written.get().text(),
                service.stem
            ),
            retry: edge.calls.as_ref().and_then(|calls| calls.retry.as_ref()),
        },
        _ => Link { from, to: edge.written.get().text().into_owned(), table: String::new(), retry: None },
    }
}

/// The chains of several layers with tries whose product is more than `bound`, and of which no beginning is: one for each
/// last call, the worst.
pub(super) fn chains<'a>(cx: &Context<'a>, bound: u32) -> Vec<Chain<'a>> {
    let mut worst = Worst { cx, known: BTreeMap::new() };
    let mut all = Vec::new();
    for (index, service) in cx.system.services.iter().enumerate() {
        for (position, workload) in service.workloads.iter().enumerate() {
            let before = worst.to(WorkloadId { service: index, workload: position });
            if before.product() == 1 || before.product() > bound {
                continue;
            }
            for edge in &workload.edges {
                let link = link(cx, service, workload, edge);
                // of one call alone its own table says it
                let is_one_of_several = link.attempts() > 1 && link.attempts() <= bound;
                let product = before.product().saturating_mul(link.attempts());
                if is_one_of_several && product > bound && !before.comes_by(&link.to) {
                    all.push(before.and(link));
                }
            }
        }
    }
    all
}
