//! Discovery: which files make up a project, its services and its environments.
//!
//! Reads of `specc.toml` only what it needs to find the rest, and of `environment.toml` only `extends`; what it cannot
//! use it leaves to the decoder to judge, unless nothing can be found without it. Each file is read and parsed once,
//! however many environments share it. Knows no noun of the language.

mod environments;
mod names;
mod services;

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Arc;

pub use self::names::is_label;
use crate::diagnostic::{Diagnostic, Sink, suggest};
use crate::load::{self, Load, Tree};
use crate::node::{Kind, Layer, Layers, Node};
use crate::source::{Place, SourceId};
use crate::text::Text;

/// The file that marks a project's root.
pub const PROJECT_FILE: &str = "specc.toml";
/// The file of a project with a single service, beside [`PROJECT_FILE`].
pub const SERVICE_FILE: &str = "service.toml";
/// The file with the facts about an environment, in its folder.
pub const ENVIRONMENT_FILE: &str = "environment.toml";
/// The file with an environment's image digests, in its folder.
pub const IMAGES_FILE: &str = "images.lock";

/// Which environments a command is about.
#[derive(Clone, Copy, Debug)]
pub enum Wanted<'a> {
    /// all that `specc.toml` lists
    All,
    /// those with these names, folders or paths; the project's own folder stands for all
    Some(&'a [&'a str]),
}

/// A project and the files of the environments that were asked for.
#[derive(Debug)]
pub struct Project {
    /// `[project] name`, if it is a string
    pub name: Option<Text>,
    /// `specc.toml`
    pub file: Tree,
    /// sorted by name
    pub services: Vec<ServiceFile>,
    /// every environment of `[project] environments`, in order of promotion
    pub listed: Vec<Listed>,
    /// those that were asked for, in order of promotion
    pub environments: Vec<EnvironmentFiles>,
}

/// The base file of a service.
#[derive(Debug)]
pub struct ServiceFile {
    /// the file's stem; of a `service.toml` its `[service] name`
    pub name: Text,
    /// relative to the root
    pub path: String,
    /// its content
    pub file: Tree,
}

/// An environment as `specc.toml` lists it.
#[derive(Clone, Debug)]
pub struct Listed {
    /// the last component of its folder
    pub name: Text,
    /// relative to the root
    pub folder: String,
    /// the item of the list
    pub at: Place,
}

/// The files of one environment.
#[derive(Debug)]
pub struct EnvironmentFiles {
    /// as listed
    pub listed: Listed,
    /// the folders it is made of: the one that extends nothing first, its own last; never empty
    pub chain: Vec<Link>,
    /// its own `images.lock`; never inherited
    pub images: Option<Tree>,
}

/// A folder in the chain of an environment.
#[derive(Clone, Debug)]
pub struct Link {
    /// its rank in the chain, from 1; [`Layer::BASE`] is the service's base file
    pub layer: Layer,
    /// the folder
    pub folder: Arc<Folder>,
}

/// A folder with an `environment.toml`.
#[derive(Debug)]
pub struct Folder {
    /// the last component of its path
    pub name: Text,
    /// relative to the root
    pub path: String,
    /// `environment.toml`, without `extends`
    pub file: Tree,
    /// the value of `extends`
    pub extends: Option<Node>,
    /// overlays by the name of their service
    pub overlays: BTreeMap<Text, Tree>,
}

impl EnvironmentFiles {
    /// Its name.
    pub fn name(&self) -> &Text {
        &self.listed.name
    }

    /// What makes the environment's own tree: the `environment.toml` of its chain.
    pub fn layers(&self) -> Option<Layers<'_>> {
        let mut files = self.chain.iter().map(|link| (link.layer, &link.folder.file.root));
        Some(Layers { base: files.next()?, overlays: files.collect() })
    }

    /// What makes the tree of `service` here: its base file and the overlays of the chain.
    pub fn service_layers<'n>(&'n self, service: &'n ServiceFile) -> Layers<'n> {
        let overlay = |link: &'n Link| Some((link.layer, &link.folder.overlays.get(&service.name)?.root));
        Layers {
            base: (Layer::BASE, &service.file.root),
            overlays: self.chain.iter().filter_map(overlay).collect(),
        }
    }

    /// What a person calls `layer`: `base` or the folder.
    pub fn layer_name(&self, layer: Layer) -> &str {
        self.chain.iter().find(|link| link.layer == layer).map_or("base", |link| &link.folder.path)
    }
}

impl Project {
    /// Finds the project that `start` (a path that need not exist) is in, and reads the files of the environments that
    /// are `wanted`. None when there is no project or its `specc.toml` cannot be read; otherwise what could be found.
    pub fn open(start: &Path, wanted: Wanted<'_>, sink: &mut Sink) -> Option<(Project, Load)> {
        let root = match load::find_up(start, PROJECT_FILE) {
            Ok(Some(root)) => root,
            Ok(None) => {
                sink.push(no_project(start));
                return None;
            }
            Err(diagnostic) => {
                sink.push(*diagnostic);
                return None;
            }
        };
        let mut load = match Load::open(&root) {
            Ok(load) => load,
            Err(diagnostic) => {
                sink.push(*diagnostic);
                return None;
            }
        };
        let file = load.read_toml(PROJECT_FILE, sink)?;
        let project = read(&mut load, file, wanted, sink);
        Some((project, load))
    }

    /// The same of the project at `root` as it was at the revision that `load` reads, with all of its environments.
    pub fn of_revision(load: &mut Load, sink: &mut Sink) -> Option<Project> {
        let file = load.read_toml(PROJECT_FILE, sink)?;
        Some(read(load, file, Wanted::All, sink))
    }

    /// The environment that `given` names among those that were read: its bare name, its folder, or a path to it.
    pub fn select(&self, load: &Load, given: &str, sink: &mut Sink) -> Option<&EnvironmentFiles> {
        let index = select(&self.listed, load, given).or_else(|| {
            sink.push(unknown_environment(given, &self.listed));
            None
        })?;
        let folder = &self.listed.get(index)?.folder;
        self.environments.iter().find(|environment| environment.listed.folder == *folder)
    }

    /// The files that decide the output of `environment`, for its ledger: the same whichever environments were read beside
    /// it. Texts that the spec names are not among them.
    pub fn inputs(&self, environment: &EnvironmentFiles) -> Vec<SourceId> {
        let folders = environment.chain.iter().map(|link| &link.folder);
        let chain = folders.flat_map(|f| std::iter::once(&f.file).chain(f.overlays.values()));
        let services = self.services.iter().map(|service| &service.file);
        let mut inputs: Vec<_> = std::iter::once(&self.file)
            .chain(services)
            .chain(chain)
            .chain(&environment.images)
            .map(|t| t.source)
            .collect();
        inputs.sort_unstable();
        inputs
    }
}

fn no_project(start: &Path) -> Diagnostic {
    let start = start.display().to_string();
    let start = if start.is_empty() { ".".to_owned() } else { start };
    Diagnostic::failure(
        "no-project",
        format!("`{start}` is not in a project: no `{PROJECT_FILE}` there or above"),
    )
    .file(start)
    .note("the search goes up to the root of the repository")
    .help("run `specc init` to begin a project, or give a path inside one")
}

fn unknown_environment(given: &str, listed: &[Listed]) -> Diagnostic {
    let names = || listed.iter().map(|l| l.name.as_str());
    let last = given.trim_end_matches('/').rsplit('/').next().unwrap_or(given);
    let found = Diagnostic::failure("unknown-environment", format!("there is no environment `{given}`"));
    let found = match suggest::nearest(last, names()) {
        Some(near) => found.help(format!("did you mean `{near}`?")),
        None => found.help(format!("add its folder to `[project] environments` in `{PROJECT_FILE}`")),
    };
    if last.starts_with('_') {
        return found.note("a folder whose name begins with `_` can be extended, not built");
    }
    if listed.is_empty() {
        found
    } else {
        found.note(format!("known are {}", names().collect::<Vec<_>>().join(", ")))
    }
}

fn wrong_key(place: Place, key: &str, wants: &str, has: &Node) -> Diagnostic {
    Diagnostic::error("wrong-type", format!("`project.{key}` must be {wants}, not {}", has.kind.describe()))
        .at(place, format!("not {wants}"))
        .note("without it the files of the project cannot be found")
        .help(match key {
            "services" => "write `services = \"services\"`, or delete the line for this default",
            _ => {
                "write folders in order of promotion, such as `environments = [\"envs/dev\", \"envs/prod\"]`"
            }
        })
}

/// The index of the environment that `given` names.
fn select(listed: &[Listed], load: &Load, given: &str) -> Option<usize> {
    // A path that exists says exactly what is meant; `prod` in a folder that has another `prod` is still the name.
    let by_folder = |folder: &str| listed.iter().position(|l| l.folder == folder);
    load::inside(load.root(), given)
        .and_then(|folder| by_folder(&folder))
        .or_else(|| listed.iter().position(|l| l.name == given))
        .or_else(|| by_folder(given.trim_start_matches("./").trim_end_matches('/')))
}

/// The tables and keys of `[project]`.
fn read(load: &mut Load, file: Tree, wanted: Wanted<'_>, sink: &mut Sink) -> Project {
    let project = file.root.get("project");
    let name = project.and_then(|p| p.get("name")).and_then(Node::string).cloned();
    let listed = environments::listed(&file, sink);
    let chosen: Vec<usize> = match wanted {
        Wanted::All => (0..listed.len()).collect(),
        Wanted::Some(given) => {
            let mut chosen = Vec::new();
            let whole = |given: &&&str| load::inside(load.root(), given).as_deref() == Some(".");
            if given.iter().any(|given| whole(&given)) {
                chosen.extend(0..listed.len());
            }
            for given in given.iter().filter(|given| !whole(given)) {
                match select(&listed, load, given) {
                    Some(index) => chosen.push(index),
                    // After a mistake in specc.toml the list may lack it.
                    None if !file.complete => {}
                    None => sink.push(unknown_environment(given, &listed)),
                }
            }
            chosen.sort_unstable();
            chosen.dedup();
            chosen
        }
    };
    let services = services::find(load, &file, sink);
    let mut folders = environments::Folders::default();
    for index in &chosen {
        if let Some(listed) = listed.get(*index) {
            folders.add(load, listed, &file, sink);
        }
    }
    let (services, environments) = read_rest(load, &services, folders, sink);
    Project { name, file, services, listed, environments }
}

/// Reads services, overlays and images in one go, so that parsing uses all processors.
fn read_rest(
    load: &mut Load,
    found: &services::Found,
    mut folders: environments::Folders,
    sink: &mut Sink,
) -> (Vec<ServiceFile>, Vec<EnvironmentFiles>) {
    let overlays = folders.overlay_paths(load, sink);
    let images = folders.image_paths(load);
    let mut paths: Vec<String> = found.files.iter().map(|(_, path)| path.clone()).collect();
    let (first_overlay, first_image) = (paths.len(), paths.len() + overlays.len());
    paths.extend(overlays.iter().map(|overlay| overlay.path.clone()));
    paths.extend(images.iter().map(|(_, path)| path.clone()));
    let mut trees = load.read_all(&paths, sink);
    let image_trees = trees.split_off(first_image);
    let overlay_trees = trees.split_off(first_overlay);
    let services = services::name(found, trees, sink);
    folders.put_overlays(overlays, overlay_trees, found.known(&services).as_deref(), sink);
    let images = images.into_iter().zip(image_trees).filter_map(|((folder, _), tree)| Some((folder, tree?)));
    (services, folders.finish(images.collect()))
}

/// The string items of an array, with their places; what is none is reported.
fn strings<'n>(node: &'n Node, key: &str, sink: &mut Sink) -> Vec<(&'n Text, Place)> {
    let Kind::Array(items) = &node.kind else {
        sink.push(wrong_key(node.mention.value, key, "an array of folders", node));
        return Vec::new();
    };
    let mut strings = Vec::with_capacity(items.len());
    for item in items {
        match item.string() {
            Some(text) => strings.push((text, item.mention.value)),
            None => sink.push(wrong_key(item.mention.value, key, "an array of folders", item)),
        }
    }
    strings
}
