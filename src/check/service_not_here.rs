//! An environment that runs a service which the project does not have.

use super::context::{Finding, listed};
use super::{Check, Context, Found};
use crate::diagnostic::suggest::nearest;
use crate::origin::Traced;
use crate::text::Text;
use crate::value::Name;

pub(super) const CHECK: Check = check!("service-not-here", Error, One(run));

fn no_such_service<'c>(cx: &'c Context<'c>, name: &Traced<Name>, known: &[&str]) -> Finding<'c> {
    let wanted = name.get().as_str();
    let help = match nearest(wanted, known.iter().copied()) {
        Some(near) => format!("did you mean `\"{near}\"`?"),
        None => format!("the services of the project are {}", listed(known)),
    };
    let title =
        format!("`{}` runs the service `{wanted}`, which the project does not have", cx.environment());
    cx.find(&CHECK, title).at(name.origin(), format!("no file `{wanted}.toml` among the services")).help(help)
}

fn run(cx: &Context<'_>, found: &mut Found) {
    let running = cx.system.services.iter().map(|service| service.stem.as_str());
    let left_out = cx.system.left_out.iter().map(Text::as_str);
    let mut known: Vec<&str> = running.chain(left_out).collect();
    known.sort_unstable();
    for name in &cx.system.environment.file.services {
        if known.binary_search(&name.get().as_str()).is_err() {
            found.push(no_such_service(cx, name, &known));
        }
    }
}
