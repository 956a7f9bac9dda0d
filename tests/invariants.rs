//! What holds of the output of every project, whatever its spec: hardening, flows, and independence of how it is written.

mod flows;
mod hardening;
mod network;
mod order;
mod secrets;

use std::path::PathBuf;

use serde_json::Value;
use specc::Environment;
use specc::emit::yaml;

/// The projects whose output is looked at.
pub(crate) const PROJECTS: [&str; 4] =
    ["environments", "golden/cases/every_key/in", "golden/cases/smallest/in", "golden/cases/variables/in"];

/// The environments of a project.
fn environments(project: &str) -> Vec<Environment> {
    crate::golden::compiled(&PathBuf::from(env!("CARGO_MANIFEST_DIR")).join(project)).environments
}

/// The objects of an environment as whoever reads the files sees them.
fn objects(environment: &Environment) -> Vec<Value> {
    let bundle = environment.bundle();
    let read = |emitted: &specc::bundle::Emitted| {
        let mut text = String::new();
        yaml::object(emitted.object.as_walk(), &mut text);
        serde_saphyr::from_str(&text).unwrap()
    };
    bundle.objects.iter().map(read).collect()
}

/// The text at a pointer, such as `/metadata/name`.
fn text<'v>(value: &'v Value, pointer: &str) -> &'v str {
    value.pointer(pointer).and_then(Value::as_str).unwrap_or("")
}

/// The items at a pointer; none if there is no list.
fn items<'v>(value: &'v Value, pointer: &str) -> &'v [Value] {
    value.pointer(pointer).and_then(Value::as_array).map_or(&[], Vec::as_slice)
}
