//! A service that is called otherwise than its file.

use super::context::Finding;
use super::{Check, Context, Found};
use crate::system::Service;

pub(super) const CHECK: Check = check!("service-name-differs", Error, One(run));

fn differs<'c>(cx: &'c Context<'c>, service: &Service) -> Finding<'c> {
    let (name, stem) = (service.name.get(), &service.stem);
    cx.find(&CHECK, format!("the service in the file `{stem}.toml` is called `{name}`"))
        .at(service.name.origin(), format!("not `{stem}`"))
        .note("overlays, `uses` and the output find a service by one name, which is that of its file")
        .help(format!("write `name = \"{stem}\"`, or rename the file and its overlays to `{name}.toml`"))
}

fn run(cx: &Context<'_>, found: &mut Found) {
    for service in cx.system.services.iter().filter(|service| service.name.get() != &service.stem) {
        found.push(differs(cx, service));
    }
}
