//! Parts of a project that can be turned by themselves: services that name each other, without the others.
//!
//! A turn compiles all that it can reach, and nearly all leaves reach only their own service: turned in the whole project
//! each of them would cost what all services cost. What makes this sound is asked of every part: each object of its
//! services is, leaf by leaf, the object of the whole project. What services share, such as a namespace, is made of those
//! that are there.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

use super::example::{Example, Files};
use super::snapshot::Snapshot;

/// A project, and what of it is turned.
pub(super) struct Part {
    pub(super) example: Example,
    pub(super) before: Snapshot,
    /// the services whose files are turned; of the whole project, those whose files are not
    pub(super) services: BTreeSet<String>,
    /// whether it is the whole project, of which only the files that are of no other part are turned
    pub(super) whole: bool,
}

impl Part {
    /// Whether what stands in a file is turned in this part.
    pub(super) fn turns(&self, file: &str) -> bool {
        self.services.contains(service_of(file)) != self.whole
    }
}

/// The parts of a project; the last is the project itself.
pub(super) fn of(example: Example) -> Vec<Part> {
    let whole = Snapshot::of(example.files()).unwrap();
    let running: BTreeSet<String> = whole.services().into_iter().map(str::to_owned).collect();
    let groups = groups(example.files(), &running);
    let parts = groups.iter().map(|services| {
        // an environment may ask for something that none of a group has: then another group comes along, unturned
        let companions = std::iter::once(services).chain(&groups);
        let compiled = companions.map(|company| services | company).find_map(|there| {
            let others: BTreeSet<&String> = running.difference(&there).collect();
            let example = example.changed(|files| leave_out(files, &others));
            Snapshot::of(example.files()).ok().map(|before| (example, before))
        });
        let (example, before) = compiled.unwrap_or_else(|| panic!("no group goes with {services:?}"));
        is_part_of(&before, &whole, services);
        Part { example, before, services: services.clone(), whole: false }
    });
    let mut parts: Vec<Part> = parts.collect();
    parts.push(Part { example, before: whole, services: running, whole: true });
    parts
}

/// The stem of a file's name.
fn service_of(file: &str) -> &str {
    let name = file.rsplit('/').next().unwrap_or(file);
    name.strip_suffix(".toml").unwrap_or(name)
}

/// The services in groups: those of a group name each other.
fn groups(files: &Files, services: &BTreeSet<String>) -> Vec<BTreeSet<String>> {
    let mut group: BTreeMap<&str, usize> =
        services.iter().enumerate().map(|(index, name)| (name.as_str(), index)).collect();
    for (file, text) in files {
        let Some(&own) = group.get(service_of(file)) else { continue };
        for other in services.iter().filter(|other| text.contains(&format!("services.{other}."))) {
            let theirs = group[other.as_str()];
            group.values_mut().filter(|index| **index == theirs).for_each(|index| *index = own);
        }
    }
    let mut groups: BTreeMap<usize, BTreeSet<String>> = BTreeMap::new();
    for (name, index) in group {
        groups.entry(index).or_default().insert(name.to_owned());
    }
    groups.into_values().collect()
}

/// Takes services away: their files, and their names from the lists of the environments.
fn leave_out(files: &mut Files, services: &BTreeSet<&String>) {
    files.retain(|file, _| !services.iter().any(|service| *service == service_of(file)));
    for text in files.values_mut() {
        let Some(list) = list(text) else { continue };
        let left = text[list.clone()].split(',').filter(|item| {
            let name = item.trim().trim_matches('"');
            !services.iter().any(|service| *service == name)
        });
        let left = left.collect::<Vec<_>>().join(",");
        text.replace_range(list, left.trim());
    }
}

/// Where the names of an environment's services stand.
fn list(text: &str) -> Option<Range<usize>> {
    let line = text.lines().find(|line| line.starts_with("services ") && line.ends_with(']'))?;
    let from = text.find(line)? + line.find('[')? + 1;
    Some(from..from + text[from..].find(']')?)
}

/// Asks whether a part says of its services' objects what the whole project says.
fn is_part_of(part: &Snapshot, whole: &Snapshot, services: &BTreeSet<String>) {
    for (part, whole) in part.environments.iter().zip(&whole.environments) {
        for (id, object) in part.objects.iter().filter(|(id, _)| id.service().is_some()) {
            let values = |object: &super::snapshot::Object| -> Vec<(String, String)> {
                object.rows.iter().map(|(path, row)| (path.clone(), row.value.clone())).collect()
            };
            let same = whole.objects.get(id).is_some_and(|there| values(there) == values(object));
            assert!(same, "{}: {id:?} is another without the services beside {services:?}", part.name);
        }
    }
}
