//! A workload whose name begins like the folder of another noun.

use super::context::{Finding, path_of};
use super::{Check, Context, Found};
use crate::system::names::RESERVED_PREFIXES;
use crate::system::{Service, Workload};

pub(super) const CHECK: Check = check!("reserved-workload-name", Error, One(run));

fn reserved<'c>(
    cx: &'c Context<'c>,
    (service, workload): (&Service, &Workload),
    prefix: &'static str,
    rest: &str,
) -> Finding<'c> {
    let title =
        format!("the name of `{}` begins with `{prefix}`, which is reserved", path_of(service, workload));
    cx.find(&CHECK, title)
        .at_key(workload.name.origin(), "a name for another noun's folder")
        .note(format!(
            "the output has one folder for each workload and one for each of the {}, called `{prefix}<name>`",
            prefix.trim_end_matches('-')
        ))
        .help(format!("choose another name, such as `{rest}`"))
}

fn run(cx: &Context<'_>, found: &mut Found) {
    for (service, workload) in cx.system.workloads() {
        let split = |prefix: &&'static str| Some((*prefix, workload.name.get().strip_prefix(prefix)?));
        if let Some((prefix, rest)) = RESERVED_PREFIXES.iter().find_map(split) {
            found.push(reserved(cx, (service, workload), prefix, rest));
        }
    }
}
