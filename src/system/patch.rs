//! Fields of emitted objects that the spec writes by hand, with the objects that they belong to.

use crate::attach::Attached;
use crate::origin::{Traced, Tracer};
use crate::spec::kubernetes as spec;
use crate::spec::service::ServiceFile;
use crate::text::Text;

use super::database::Stack;
use super::text_of;

/// Fields that are put over those of one emitted object.
#[derive(Debug)]
pub struct Patch {
    /// folder of the noun in the output: a workload's name, `databases-<n>`, `caches-<n>`, `queues-<n>`, `externals-<n>`, `secrets-<n>`
    pub noun: Text,
    /// the table of the noun in the spec: `workloads.api`
    pub path: String,
    /// name of the object's file without its ending: `deployment`
    pub object: Traced<Text>,
    /// the fields
    pub table: spec::Patch,
    /// each field by its dotted path, with the file that it is written in
    pub written: Vec<(String, Text)>,
}

/// The patches of all nouns of a service, in the order of the output's folders within each noun.
pub(super) fn resolve(file: &ServiceFile, attached: &Attached, tracer: &Tracer) -> Vec<Patch> {
    let mut patches = Vec::new();
    let mut add = |table: &str,
                   prefix: &str,
                   (name, stack): (&Text, &Text),
                   of: &crate::spec::decode::Map<_, spec::Patch>| {
        patches.extend(of.iter().map(|(_, entry)| Patch {
            noun: if prefix.is_empty() { name.clone() } else { Text::from(format!("{prefix}{stack}")) },
            path: format!("{table}.{name}"),
            object: text_of::<crate::value::Name>(&entry.key),
            written: written(&entry.value, attached),
            table: entry.value.clone(),
        }));
    };
    for (name, entry) in file.workloads.iter() {
        add("workloads", "", (name, name), &entry.value.kubernetes);
    }
    for (name, entry) in file.databases.iter() {
        for stack in Stack::all(entry, tracer) {
            add("databases", "databases-", (name, stack.name.get()), &entry.value.kubernetes);
        }
    }
    for (name, entry) in file.caches.iter() {
        add("caches", "caches-", (name, name), &entry.value.kubernetes);
    }
    for (name, entry) in file.queues.iter() {
        add("queues", "queues-", (name, name), &entry.value.kubernetes);
    }
    for (name, entry) in file.externals.iter() {
        add("externals", "externals-", (name, name), &entry.value.kubernetes);
    }
    for (name, entry) in file.secrets.iter() {
        add("secrets", "secrets-", (name, name), &entry.value.kubernetes);
    }
    patches
}

fn written(table: &spec::Patch, attached: &Attached) -> Vec<(String, Text)> {
    let quoted = |key: &Text| if key.contains(['.', '/']) { format!("\"{key}\"") } else { key.to_string() };
    let leaf = |(path, node): (Vec<Text>, &crate::node::Node)| {
        let path: Vec<String> = path.iter().map(quoted).collect();
        let file = attached.written_in.get(&node.id).cloned().unwrap_or(Text::Literal(""));
        (path.join("."), file)
    };
    table.leaves().into_iter().map(leaf).collect()
}
