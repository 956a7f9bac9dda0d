//! A file with two contents, or with none.

use super::context::path_of;
use super::{Check, Context, Found};
use crate::origin::Origin;
use crate::spec::workload::File;
use crate::system::{Service, Workload};

pub(super) const CHECK: Check = check!("file-content-unclear", Error, One(run));

fn judge(
    cx: &Context<'_>,
    (service, workload): (&Service, &Workload),
    path: &str,
    file: &File,
    found: &mut Found,
) {
    let of = path_of(service, workload);
    match (&file.text, &file.source) {
        (Some(text), Some(source)) => found.push(
            cx.find(&CHECK, format!("the file `{path}` of `{of}` has both a `text` and a `source`"))
                .at_key(source.origin(), "one content")
                .also_key(text.origin(), "another")
                .note("an overlay that sets the one does not take away the other")
                .help("delete one of them; an overlay does it with `remove`"),
        ),
        (None, None) => found.push(
            cx.find(&CHECK, format!("the file `{path}` of `{of}` has no content"))
                .at_key(Origin::spec(file.at), "neither `text` nor `source`")
                .help("add `source = \"../files/app.toml\"`, a file beside the spec, or `text = \"…\"`"),
        ),
        _ => {}
    }
}

fn run(cx: &Context<'_>, found: &mut Found) {
    for (service, workload) in cx.system.workloads() {
        let Some(table) = super::context::written(service, workload) else { continue };
        let further = table.sidecars.iter().chain(table.init.iter());
        let further = further.flat_map(|(_, container)| container.value.files.iter());
        for (path, entry) in table.files.iter().chain(further) {
            judge(cx, (service, workload), path, &entry.value, found);
        }
    }
}
