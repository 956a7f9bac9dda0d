//! A table that must say exactly one of several keys.

use super::context::{Finding, path_of, written};
use super::{Check, Context, Found};
use crate::origin::{Origin, Traced};
use crate::spec::workload::Hook;

pub(super) const CHECK: Check = check!("one-of-keys", Error, One(run));

fn not_one<'c>(cx: &'c Context<'c>, of: &str, table: Origin, keys: &str, written: &[Origin]) -> Finding<'c> {
    let (title, label) = match written.len() {
        0 => (format!("`{of}` says none of {keys}"), "says nothing".to_owned()),
        count => (format!("`{of}` says {count} of {keys}"), "only one of them can hold".to_owned()),
    };
    let finding = cx.find(&CHECK, title).at_key(table, label);
    let finding = written.iter().fold(finding, |finding, at| finding.also_key(*at, "one of them"));
    finding.help(format!("write exactly one of {keys}"))
}

fn hook(cx: &Context<'_>, of: &str, hook: &Hook, found: &mut Found) {
    let keys = [
        hook.sleep.as_ref().map(Traced::origin),
        hook.path.as_ref().map(Traced::origin),
        hook.command.at.map(Origin::spec),
    ];
    let keys: Vec<Origin> = keys.into_iter().flatten().collect();
    if keys.len() != 1 {
        found.push(not_one(cx, of, Origin::spec(hook.at), "`sleep`, `command` and `path`", &keys));
    }
}

fn run(cx: &Context<'_>, found: &mut Found) {
    for (service, workload) in cx.system.workloads() {
        let Some(table) = written(service, workload) else { continue };
        let path = path_of(service, workload);
        for (name, written) in [("pre_stop", &table.pre_stop), ("post_start", &table.post_start)] {
            if let Some(written) = written {
                hook(cx, &format!("{path}.{name}"), written, found);
            }
        }
        for (name, entry) in table.env_from.iter() {
            let keys = [
                entry.value.secret.as_ref().map(Traced::origin),
                entry.value.config_map.as_ref().map(Traced::origin),
            ];
            let keys: Vec<Origin> = keys.into_iter().flatten().collect();
            if keys.len() != 1 {
                let of = format!("{path}.env_from.{name}");
                found.push(not_one(
                    cx,
                    &of,
                    Origin::spec(entry.value.at),
                    "`secret` and `config_map`",
                    &keys,
                ));
            }
        }
    }
}
