//! A value that is well-formed and yet cannot be meant.

use super::{Check, Context, Found};
use crate::origin::{Origin, Traced};
use crate::system::Service;
use crate::value::Value;

pub(super) const CHECK: Check = check!("doubtful-value", Error, One(run));

struct Judge<'j, 'c> {
    cx: &'c Context<'c>,
    found: &'j mut Found,
}

impl Judge<'_, '_> {
    fn doubt<T: Value>(&mut self, value: &T, origin: Origin, is_key: bool) {
        let Some(doubt) = value.doubt() else { return };
        let finding = self.cx.find(&CHECK, doubt.what);
        let finding = if is_key {
            finding.at_key(origin, "this cannot be meant")
        } else {
            finding.at(origin, "this cannot be meant")
        };
        self.found.push(finding.maybe_help(doubt.help));
    }

    fn value<T: Value>(&mut self, value: &Traced<T>) {
        self.doubt(value.get(), value.origin(), false);
    }

    fn maybe<T: Value>(&mut self, value: Option<&Traced<T>>) {
        if let Some(value) = value {
            self.value(value);
        }
    }

    fn all<'v, T: Value + 'v>(&mut self, values: impl IntoIterator<Item = &'v Traced<T>>) {
        values.into_iter().for_each(|value| self.value(value));
    }

    fn keys<'v, T: Value + 'v>(&mut self, keys: impl IntoIterator<Item = &'v Traced<T>>) {
        keys.into_iter().for_each(|key| self.doubt(key.get(), key.origin(), true));
    }

    fn environment(&mut self) {
        let environment = &self.cx.system.environment;
        if let Some(platform) = &environment.file.platform {
            self.maybe(platform.kubernetes.as_ref());
            self.all(&platform.trusted_registries);
            self.all(platform.api_server.iter().flat_map(|api| &api.cidrs));
        }
        if let Some(lock) = &environment.images {
            self.keys(lock.images.iter().map(|(_, entry)| &entry.key));
        }
    }

    fn service(&mut self, service: &Service) {
        let file = &service.file;
        self.maybe(file.runtime.as_ref().map(|runtime| &runtime.image));
        self.maybe(file.service.image.as_ref());
        let standbys = file.databases.iter().filter_map(|(_, entry)| entry.value.standby.as_ref());
        self.all(standbys.filter_map(|standby| standby.token.as_ref()));
        for (_, entry) in file.workloads.iter() {
            let workload = &entry.value;
            self.maybe(workload.image.as_ref());
            self.maybe(workload.schedule.as_ref());
            self.all(&workload.writable);
            self.keys(workload.files.iter().map(|(_, file)| &file.key));
            let further = workload.routes.iter().map(|(_, entry)| &entry.value);
            for route in workload.route.iter().chain(further) {
                self.value(&route.host);
                self.all(route.hosts.iter().chain(&route.redirect_from));
                self.all(route.paths.iter().chain(&route.exact).chain(&route.rewrite));
            }
        }
        self.all(file.databases.iter().filter_map(|(_, entry)| entry.value.image.as_ref()));
        for (_, entry) in file.databases.iter() {
            self.maybe(entry.value.backup.as_ref().and_then(|backup| backup.drill.as_ref()));
            self.maybe(entry.value.recovery.as_ref().and_then(|recovery| recovery.check.as_ref()));
        }
        self.all(file.caches.iter().filter_map(|(_, entry)| entry.value.image.as_ref()));
        for (_, entry) in file.caches.iter() {
            self.all(&entry.value.cidrs);
        }
        for (_, entry) in file.queues.iter() {
            self.all(&entry.value.cidrs);
        }
        for (_, entry) in file.externals.iter() {
            self.value(&entry.value.url);
            self.all(&entry.value.cidrs);
        }
    }
}

fn run(cx: &Context<'_>, found: &mut Found) {
    let mut judge = Judge { cx, found };
    judge.environment();
    for service in &cx.system.services {
        judge.service(service);
    }
}
