//! More data than the cluster takes in one piece.

use super::context::{Finding, path_of};
use super::{Check, Context, Found};
use crate::origin::Traced;
use crate::system::{Service, VariableValue, Workload};
use crate::text::Text;

pub(super) const CHECK: Check = check!("object-too-large", Error, One(run));

/// The data of a ConfigMap (Kubernetes, "ConfigMaps": at most 1 MiB).
const FILES: usize = 1 << 20;
/// One string that a process is started with, its end included (Linux, `MAX_ARG_STRLEN`, with pages of 4 KiB).
const STRING: usize = 128 << 10;

fn files_too_large<'c>(
    cx: &'c Context<'c>,
    (service, workload): (&Service, &Workload),
    largest: &crate::system::workload::File,
    sum: usize,
) -> Finding<'c> {
    let title =
        format!("the files of `{}` have {sum} bytes, at most {FILES} fit", path_of(service, workload));
    cx.find(&CHECK, title)
        .at_key(largest.path.origin(), format!("the largest: {} bytes", largest.content.get().bytes().len()))
        .note("the files of a workload are one ConfigMap, and the API takes no larger one")
        .help("put large files into the image, or fetch them from an object store")
}

fn string_too_large<'c>(
    cx: &'c Context<'c>,
    (service, workload): (&Service, &Workload),
    what: &str,
    text: &Traced<Text>,
    size: usize,
) -> Finding<'c> {
    let path = path_of(service, workload);
    cx.find(&CHECK, format!("{what} of `{path}` has {size} bytes, less than {STRING} fit"))
        .at_key(text.origin(), "too long to start a process with")
        .note("Linux refuses to start a program with a longer argument or variable")
        .help("write it into a file: `[workloads.<name>.files.\"/etc/app/data\"]` with `text = \"…\"`")
}

fn run(cx: &Context<'_>, found: &mut Found) {
    for (service, workload) in cx.system.workloads() {
        let sum = workload.all_files().map(|file| file.path.get().len() + file.content.get().size()).sum();
        if let (true, Some(largest)) =
            (sum > FILES, workload.all_files().max_by_key(|f| f.content.get().size()))
        {
            found.push(files_too_large(cx, (service, workload), largest, sum));
        }
        let further =
            workload.containers().flat_map(|container| container.command.iter().chain(&container.args));
        let words = workload.command.iter().chain(&workload.args).chain(further);
        for word in words.filter_map(crate::system::Word::text) {
            let size = word.get().len() + 1;
            if size > STRING {
                found.push(string_too_large(cx, (service, workload), "a word of the command", word, size));
            }
        }
        let further = workload.containers().flat_map(|container| &container.variables);
        for variable in workload.variables.iter().chain(further) {
            let (VariableValue::Plain(text) | VariableValue::Composed(text) | VariableValue::Expanded(text)) =
                &variable.value
            else {
                continue;
            };
            let size = variable.name.get().len() + text.get().len() + 2;
            if size > STRING {
                let what = format!("the variable `{}`", variable.name.get());
                found.push(string_too_large(cx, (service, workload), &what, text, size));
            }
        }
    }
}
