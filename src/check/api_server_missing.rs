//! A database in an environment that does not say where the Kubernetes API is.

use super::context::{Finding, noun};
use super::{Check, Context, Found};
use crate::origin::Origin;
use crate::system::{Database, Service};

pub(super) const CHECK: Check = check!("api-server-missing", Error, One(run));

fn no_api_server<'c>(cx: &'c Context<'c>, service: &Service, database: &Database) -> Finding<'c> {
    let path = noun(service, "databases", database.name.get());
    let platform = &cx.system.environment.platform;
    let title = format!("`{path}` needs `platform.api_server`, which `{}` does not set", cx.environment());
    cx.find(&CHECK, title)
        .at_key(Origin::spec(database.at), "its instances talk to the Kubernetes API")
        .also_key(platform.origin, "no address of the API server here")
        .note("all traffic is denied unless it is declared: without this, fail-over and backups stop silently")
        .help(format!(
            "write `api_server = {{ cidrs = [\"10.0.0.1/32\"] }}` below `[platform]` in `{}`, with the addresses that \
             `kubectl get endpointslices -n default kubernetes` shows",
            cx.environment_file()
        ))
}

fn run(cx: &Context<'_>, found: &mut Found) {
    if cx.system.environment.platform.api_server.as_ref().is_some_and(|api| !api.cidrs.is_empty()) {
        return;
    }
    for service in &cx.system.services {
        for database in &service.databases {
            found.push(no_api_server(cx, service, database));
        }
    }
}
