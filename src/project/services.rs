//! The base files of a project's services: a folder of them, or one `service.toml`.

use super::{PROJECT_FILE, SERVICE_FILE, ServiceFile, names, wrong_key};
use crate::diagnostic::{Diagnostic, Sink};
use crate::load::{Load, Tree};
use crate::node::Node;
use crate::source::Place;
use crate::text::Text;

/// Where the services are, before they are read.
#[derive(Debug, Default)]
pub(super) struct Found {
    /// stem and path, sorted by stem; a stem of none for `service.toml`
    pub(super) files: Vec<(Option<Text>, String)>,
}

impl Found {
    /// The names that overlays may have, sorted: files that could not be used count too. None when not all are known.
    pub(super) fn known(&self, services: &[ServiceFile]) -> Option<Vec<Text>> {
        let stems = self.files.iter().filter_map(|(stem, _)| stem.as_ref());
        let names = services.iter().map(|service| &service.name);
        let mut known: Vec<Text> = stems.chain(names).cloned().collect();
        known.sort_unstable();
        (!known.is_empty()).then_some(known)
    }
}

fn no_services(folder: &str, at: Option<Place>) -> Diagnostic {
    let found = Diagnostic::error("no-services", "the project has no service")
        .note(format!(
            "services are the files `{folder}/*.toml`, or one file `{SERVICE_FILE}` beside `{PROJECT_FILE}`"
        ))
        .help(format!(
            "write `{folder}/<name>.toml`, or run `specc init` in an empty folder to see an example"
        ));
    match at {
        Some(place) => found.at(place, "no service file in this folder"),
        None => found.file(PROJECT_FILE),
    }
}

fn mixed_layout(folder: &str) -> Diagnostic {
    Diagnostic::error(
        "mixed-layout",
        format!("there are services in `{folder}` and a `{SERVICE_FILE}` beside `{PROJECT_FILE}`"),
    )
    .file(SERVICE_FILE)
    .note("a project has either a folder of services or a single one")
    .help(format!("move it to `{folder}/<name>.toml`, where `<name>` is its `[service] name`"))
}

fn nameless(place: Place) -> Diagnostic {
    Diagnostic::error("missing-key", format!("`{SERVICE_FILE}` lacks `service.name`"))
        .at(place, "no `[service] name` in this file")
        .note("overlays and output are found by the service's name")
        .help("write `[service]` and below it `name = \"orders\"`")
}

/// Finds the files; reads none.
pub(super) fn find(load: &Load, file: &Tree, sink: &mut Sink) -> Found {
    let key = file.root.get("project").and_then(|p| p.get("services"));
    let folder = match key.map(|node| (node, node.string())) {
        None => "services",
        Some((_, Some(folder))) => folder.trim_end_matches('/'),
        Some((node, None)) => {
            sink.push(wrong_key(node.mention.value, "services", "a folder", node));
            return Found::default();
        }
    };
    let at = key.map(|node| node.mention.value);
    let single = load.has(SERVICE_FILE);
    let names = if load.has(folder) || key.is_some_and(|_| !single) {
        match load.list(folder) {
            Ok(names) => names,
            Err(diagnostic) => {
                sink.push(match at {
                    Some(place) => diagnostic.at(place, "this folder"),
                    None => *diagnostic,
                });
                return Found::default();
            }
        }
    } else {
        Vec::new()
    };
    let path = |name: &str| if folder == "." { name.to_owned() } else { format!("{folder}/{name}") };
    let stem = |name: &String| Some((Some(Text::from(name.strip_suffix(".toml")?.to_owned())), path(name)));
    let others = |(_, path): &(_, String)| path != PROJECT_FILE && path != SERVICE_FILE;
    let mut files: Vec<_> = names.iter().filter_map(stem).filter(others).collect();
    match (single, files.is_empty()) {
        (true, true) => files.push((None, SERVICE_FILE.to_owned())),
        (true, false) => sink.push(mixed_layout(folder)),
        (false, true) if file.complete => sink.push(no_services(folder, at)),
        (false, _) => {}
    }
    files.sort_unstable();
    Found { files }
}

/// Joins names and trees; what has no usable name is reported and left out.
pub(super) fn name(found: &Found, trees: Vec<Option<Tree>>, sink: &mut Sink) -> Vec<ServiceFile> {
    let mut services = Vec::with_capacity(trees.len());
    for ((stem, path), file) in found.files.iter().zip(trees) {
        let Some(file) = file else { continue };
        let start = Place::new(file.source, 0..0);
        let named = match stem {
            Some(stem) => Some((stem.clone(), start)),
            None => written_name(&file.root).map(|(name, at)| (name.clone(), at)),
        };
        let Some((name, at)) = named else {
            if file.complete {
                sink.push(nameless(start));
            }
            continue;
        };
        match names::judge(&name, "a service", at) {
            Some(diagnostic) => sink.push(diagnostic),
            None => services.push(ServiceFile { name, path: path.clone(), file }),
        }
    }
    services
}

fn written_name(root: &Node) -> Option<(&Text, Place)> {
    let node = root.get("service")?.get("name")?;
    Some((node.string()?, node.mention.value))
}
