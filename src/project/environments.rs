//! Folders of environments: which are listed, what they extend, and which overlays stand in them.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::{
    ENVIRONMENT_FILE, EnvironmentFiles, Folder, IMAGES_FILE, Link, Listed, PROJECT_FILE, names, strings,
};
use crate::diagnostic::{Diagnostic, Sink, suggest};
use crate::load::{Load, Tree, outside_project};
use crate::node::{Kind, Layer, Node};
use crate::source::Place;
use crate::text::Text;

/// Folders that one environment may lie over.
const ANCESTORS: usize = 8;

fn no_environments(file: &Tree) -> Diagnostic {
    let project = file.root.get("project");
    let place = project.map_or(file.root.mention.value, |p| p.get("environments").unwrap_or(p).mention.value);
    Diagnostic::error("missing-key", "`project.environments` lists no environment")
        .at(place, "no environment is listed")
        .note("an environment says where the services run; without one there is nothing to build")
        .help("list folders in order of promotion, such as `environments = [\"envs/dev\", \"envs/prod\"]`, each with an `environment.toml`")
}

fn duplicate_environment(name: &str, at: Place, first: Place) -> Diagnostic {
    Diagnostic::error("duplicate-environment", format!("two environments are called `{name}`"))
        .at(at, "listed again here")
        .also(first, "first listed here")
        .note("an environment is called by the last component of its folder")
        .help("list each folder once, and rename one of two with the same last component")
}

fn environment_missing(listed: &Listed, near: Option<String>) -> Diagnostic {
    let folder = &listed.folder;
    Diagnostic::error("environment-missing", format!("environment `{folder}` has no `{ENVIRONMENT_FILE}`"))
        .at(listed.at, "listed here")
        .note(format!("each environment is a folder beside `{PROJECT_FILE}` or below, with an `{ENVIRONMENT_FILE}`"))
        .help(match near {
            Some(near) => format!("did you mean `{near}`?"),
            None => format!("write `{folder}/{ENVIRONMENT_FILE}`, with at least `tier = \"dev\"`; or delete it from the list"),
        })
}

fn unknown_parent(extends: &Node, is: &str, near: Option<&str>) -> Diagnostic {
    Diagnostic::error("unknown-parent", format!("`extends` {is}"))
        .at(extends.mention.value, "no environment to extend")
        .help(match near {
            Some(near) => format!("did you mean `{near}`?"),
            None => {
                "write the name of a listed environment, or of a folder beside this one that begins with `_`"
                    .to_owned()
            }
        })
}

fn extends_cycle(links: &[(&str, Place)]) -> Diagnostic {
    let names: Vec<_> =
        links.iter().map(|(name, _)| *name).chain(links.first().map(|(name, _)| *name)).collect();
    let mut found = Diagnostic::error(
        "extends-cycle",
        format!("environments extend each other in a circle: {}", names.join(" -> ")),
    )
    .note("each environment is its parent with changes, so one of them must stand alone")
    .help("delete one of these `extends`");
    for (index, (name, place)) in links.iter().enumerate() {
        let remark = format!("`{name}` extends `{}` here", names.get(index + 1).unwrap_or(name));
        found = if index == 0 { found.at(*place, remark) } else { found.also(*place, remark) };
    }
    found
}

fn extends_too_deep(links: &[(&str, Place)]) -> Diagnostic {
    let names: Vec<_> = links.iter().map(|(name, _)| *name).collect();
    let mut found = Diagnostic::error(
        "extends-too-deep",
        format!("an environment has more than {ANCESTORS} ancestors: {}", names.join(" -> ")),
    )
    .note("what holds in the last one could be followed by nobody")
    .help("join some of these folders into one");
    for (index, (_, place)) in links.iter().rev().enumerate() {
        found =
            if index == 0 { found.at(*place, "one too many") } else { found.also(*place, "extends here") };
    }
    found
}

fn overlay_for_nothing(overlay: &Overlay, at: Place, services: &[Text]) -> Diagnostic {
    let (path, stem) = (&overlay.path, overlay.stem.as_str());
    let found = Diagnostic::error(
        "overlay-for-nothing",
        format!("`{path}` changes a service that does not exist: `{stem}`"),
    )
    .at(at, format!("an overlay for `{stem}`"))
    .note("a file in the folder of an environment changes the service with the same file name");
    if stem == "images" {
        return found.help(format!("digests of images stand in `{IMAGES_FILE}`"));
    }
    match suggest::nearest(stem, services.iter().map(Text::as_str).chain(["environment"])) {
        Some(near) => found.help(format!("did you mean `{near}.toml`?")),
        None => found.help(format!("rename it, delete it, or write the service `{stem}` first")),
    }
}

/// The environments that `specc.toml` lists; those that cannot be are reported and left out.
pub(super) fn listed(file: &Tree, sink: &mut Sink) -> Vec<Listed> {
    let Some(node) = file.root.get("project").and_then(|p| p.get("environments")) else {
        if file.complete {
            sink.push(no_environments(file));
        }
        return Vec::new();
    };
    let mut listed: Vec<Listed> = Vec::new();
    if matches!(&node.kind, Kind::Array(items) if items.is_empty()) {
        sink.push(no_environments(file));
    }
    for (folder, at) in strings(node, "environments", sink) {
        let Some(folder) = Load::normalise(folder).filter(|folder| folder != ".") else {
            sink.push(outside_project(folder).at(at, "not a folder below that of `specc.toml`"));
            continue;
        };
        let name = Text::from(last(&folder).to_owned());
        if let Some(diagnostic) = names::judge(&name, "an environment", at) {
            sink.push(diagnostic);
        } else if let Some(first) = listed.iter().find(|l| l.name == name) {
            sink.push(duplicate_environment(&name, at, first.at));
        } else {
            listed.push(Listed { name, folder, at });
        }
    }
    listed
}

fn last(folder: &str) -> &str {
    folder.rsplit('/').next().unwrap_or(folder)
}

/// An overlay before it is read.
#[derive(Debug)]
pub(super) struct Overlay {
    folder: String,
    stem: Text,
    pub(super) path: String,
}

/// Folders by path, and the environments made of them.
#[derive(Debug, Default)]
pub(super) struct Folders {
    known: BTreeMap<String, Folder>,
    /// folders of an environment, its own first
    chains: Vec<(Listed, Vec<String>)>,
}

impl Folders {
    /// Reads the `environment.toml` of `listed` and of what it extends.
    pub(super) fn add(&mut self, load: &mut Load, listed: &Listed, file: &Tree, sink: &mut Sink) {
        if !load.has(&format!("{}/{ENVIRONMENT_FILE}", listed.folder)) {
            sink.push(environment_missing(listed, nearest_folder(load, &listed.folder)));
            return;
        }
        let mut chain: Vec<String> = Vec::new();
        let mut folder = listed.folder.clone();
        while self.read(load, &folder, sink) {
            chain.push(folder);
            let Some(next) = self.parent(load, &chain, file, sink) else { break };
            if let Some(start) = chain.iter().position(|folder| *folder == next) {
                self.report_cycle(chain.get(start..).unwrap_or(&[]), sink);
                break;
            }
            if chain.len() > ANCESTORS {
                sink.push(extends_too_deep(&self.links(&chain)));
                break;
            }
            folder = next;
        }
        if !chain.is_empty() {
            self.chains.push((listed.clone(), chain));
        }
    }

    /// Whether the folder's `environment.toml` is read, now or before.
    fn read(&mut self, load: &mut Load, path: &str, sink: &mut Sink) -> bool {
        if self.known.contains_key(path) {
            return true;
        }
        let Some(mut file) = load.read_toml(&format!("{path}/{ENVIRONMENT_FILE}"), sink) else {
            return false;
        };
        let extends = match &mut file.root.kind {
            Kind::Table(table) => table.remove("extends"),
            _ => None,
        };
        let name = Text::from(last(path).to_owned());
        let folder = Folder { name, path: path.to_owned(), file, extends, overlays: BTreeMap::new() };
        self.known.insert(path.to_owned(), folder);
        true
    }

    /// The folder that the last one of `chain` extends.
    fn parent(&self, load: &Load, chain: &[String], file: &Tree, sink: &mut Sink) -> Option<String> {
        let child = self.known.get(chain.last()?)?;
        let extends = child.extends.as_ref()?;
        let Some(given) = extends.string() else {
            let is = format!("takes the name of an environment, not {}", extends.kind.describe());
            sink.push(unknown_parent(extends, &is, None));
            return None;
        };
        let mut quiet = Sink::default();
        let listed = listed(file, &mut quiet);
        let beside = child.path.rsplit_once('/').map(|(parent, _)| format!("{parent}/{given}"));
        let named = listed.iter().find(|l| l.name == *given).map(|l| l.folder.clone());
        let abstract_folder = |folder: &String| last(folder).starts_with('_');
        let found = named.or_else(|| {
            let exact = Load::normalise(given);
            let known =
                |folder: &String| abstract_folder(folder) || listed.iter().any(|l| l.folder == *folder);
            [exact, beside.and_then(|b| Load::normalise(&b))]
                .into_iter()
                .flatten()
                .find(|folder| known(folder) && load.has(&format!("{folder}/{ENVIRONMENT_FILE}")))
        });
        if found.is_none() {
            let beside = child.path.rsplit_once('/').map_or(".", |(parent, _)| parent);
            let others = load.list(beside).unwrap_or_default();
            let others = others.iter().map(String::as_str).filter(|name| name.starts_with('_'));
            let near = suggest::nearest(given, listed.iter().map(|l| l.name.as_str()).chain(others));
            let is = format!(
                "names `{given}`, which is neither a listed environment nor a folder that begins with `_` and has an `{ENVIRONMENT_FILE}`"
            );
            sink.push(unknown_parent(extends, &is, near));
        }
        found
    }

    /// Names of the folders, with the place of each one's `extends`.
    fn links<'f>(&'f self, folders: &'f [String]) -> Vec<(&'f str, Place)> {
        let link = |path: &'f String| {
            let folder = self.known.get(path)?;
            Some((folder.name.as_str(), folder.extends.as_ref()?.mention.value))
        };
        folders.iter().filter_map(link).collect()
    }

    /// Reports a circle from its first folder by path on, so that it is the same from wherever it is met.
    fn report_cycle(&self, circle: &[String], sink: &mut Sink) {
        let mut circle = circle.to_vec();
        let first = circle.iter().enumerate().min_by_key(|(_, path)| *path).map_or(0, |(index, _)| index);
        circle.rotate_left(first);
        sink.push(extends_cycle(&self.links(&circle)));
    }

    /// The overlays that stand in the folders.
    pub(super) fn overlay_paths(&self, load: &Load, sink: &mut Sink) -> Vec<Overlay> {
        let mut overlays = Vec::new();
        for folder in self.known.keys() {
            match load.list(folder) {
                Ok(names) => {
                    let stems = names.iter().filter(|name| *name != ENVIRONMENT_FILE);
                    overlays.extend(stems.filter_map(|name| {
                        let stem = Text::from(name.strip_suffix(".toml")?.to_owned());
                        Some(Overlay { folder: folder.clone(), stem, path: format!("{folder}/{name}") })
                    }));
                }
                Err(diagnostic) => sink.push(*diagnostic),
            }
        }
        overlays
    }

    /// The `images.lock` of the environments: folder and path.
    pub(super) fn image_paths(&self, load: &Load) -> Vec<(String, String)> {
        let path = |(listed, _): &(Listed, Vec<String>)| {
            let path = format!("{}/{IMAGES_FILE}", listed.folder);
            load.has(&path).then(|| (listed.folder.clone(), path))
        };
        self.chains.iter().filter_map(path).collect()
    }

    /// Puts the overlays into their folders. `known` are the names of all services, if all are known.
    pub(super) fn put_overlays(
        &mut self,
        overlays: Vec<Overlay>,
        trees: Vec<Option<Tree>>,
        known: Option<&[Text]>,
        sink: &mut Sink,
    ) {
        for (overlay, tree) in overlays.into_iter().zip(trees) {
            let Some(tree) = tree else { continue };
            if let Some(known) = known
                && known.binary_search(&overlay.stem).is_err()
            {
                sink.push(overlay_for_nothing(&overlay, Place::new(tree.source, 0..0), known));
            } else if let Some(folder) = self.known.get_mut(&overlay.folder) {
                folder.overlays.insert(overlay.stem, tree);
            }
        }
    }

    /// The environments, in the order in which they were added.
    pub(super) fn finish(self, mut images: BTreeMap<String, Tree>) -> Vec<EnvironmentFiles> {
        let folders: BTreeMap<_, _> = self.known.into_iter().map(|(path, f)| (path, Arc::new(f))).collect();
        let mut environments = Vec::with_capacity(self.chains.len());
        for (listed, chain) in self.chains {
            let link = |(rank, path): (u16, &String)| {
                Some(Link { layer: Layer(rank), folder: folders.get(path)?.clone() })
            };
            let chain = (1..).zip(chain.iter().rev()).filter_map(link).collect();
            let images = images.remove(&listed.folder);
            environments.push(EnvironmentFiles { listed, chain, images });
        }
        environments
    }
}

/// A folder near `folder` in spelling that has an `environment.toml`.
fn nearest_folder(load: &Load, folder: &str) -> Option<String> {
    let (parent, name) = folder.rsplit_once('/').unwrap_or((".", folder));
    let path = |name: &str| if parent == "." { name.to_owned() } else { format!("{parent}/{name}") };
    let names = load.list(parent).ok()?;
    let with_file =
        names.iter().map(String::as_str).filter(|n| load.has(&format!("{}/{ENVIRONMENT_FILE}", path(n))));
    suggest::nearest(name, with_file).map(path)
}
