//! specc: a declarative config compiler. A typed TOML spec of a system in, owned and explained manifests out.
//!
//! The modules below stand in the order in which data flows through them; a stage uses its own types and those above it.
//!
//! - vocabulary: [`source`] places in files, [`text`] shared strings, [`table`] values under keys, [`value`] typed values, `promql` what to
//!   ask of metrics, `secret` what a secret looks like, [`origin`] where a value came from, [`diagnostic`] what to say about it, [`node`] TOML values with
//!   their history, [`walk`] how objects are read, [`k8s`] what can be made of them, [`mod@api`] what clusters take
//! - stage 1, [`load`] and [`project`]: files to trees; the only readers of the disk
//! - stage 2, [`merge`]: the layers of an environment to one tree a service
//! - stage 3, [`spec`]: trees to typed tables; [`attach`]: the files that they name; [`system`]: tables to a resolved
//!   system in which names are references
//! - stage 4, [`mod@check`]: everything that can be wrong about a system
//! - stage 5, [`lower`]: the system to objects of [`k8s`], in a [`bundle`]; [`link`]: every reference leads somewhere
//! - stage 6, [`emit`]: objects to bytes, in a [`tree`]
//! - stage 7, [`mod@write`]: bytes to the disk; the only writer
//! - beside the stages: [`explain`] reads what they recorded, [`inventory`] lists what whole environments need; [`cli`] is
//!   the only one that prints
//!
//! **Invariants**, each held by a test in `tests/`: data flows down this list (`tidy`); nobody reads clock, environment,
//! locale or network (clippy's disallowed methods); every emitted leaf names the spec leaves that can change it
//! (`provenance`); lowering and emitting take no sink, so they cannot fail; no order of a hash reaches the output.

pub mod source;
pub mod text;

pub mod table;
pub mod value;

mod promql;
pub mod secret;

pub mod origin;

pub mod diagnostic;
pub mod node;
pub mod walk;

pub mod api;
pub mod k8s;

pub mod load;
pub mod project;

pub mod merge;

pub mod spec;

pub mod attach;

pub mod system;

pub mod check;

pub mod bundle;
pub mod link;
pub mod lower;

pub mod tree;

pub mod emit;

pub mod write;

pub mod explain;

pub mod inventory;

pub mod cli;

use std::cell::Ref;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use attach::Attached;
use bundle::Bundle;
use diagnostic::{Diagnostic, Sink};
use merge::Merged;
use node::Nodes;
use origin::{Trace, Tracer};
use project::{EnvironmentFiles, Project, Wanted};
use source::SourceMap;
use spec::decode::Decoder;
use spec::project::ProjectFile;
use system::{Decoded, System};
use text::Text;

/// A project compiled as far as its mistakes allow.
#[derive(Debug)]
pub struct Compilation {
    /// the folder of `specc.toml`; empty when there is no project
    pub root: PathBuf,
    /// every file that was read
    pub sources: SourceMap,
    /// the environments that were asked for, in order of promotion; none after an error
    pub environments: Vec<Environment>,
    /// what was found, sorted
    pub found: Vec<Diagnostic>,
}

/// One environment, ready to be lowered and explained.
#[derive(Debug)]
pub struct Environment {
    /// its name
    pub name: Text,
    /// the resolved system
    pub system: System,
    /// what the ids of spec nodes stand for, if [`Options::explain`] asked for it
    pub nodes: Nodes,
    /// every derivation so far; lowering adds its own
    pub tracer: Tracer,
    /// the merged trees, if [`Options::explain`] asked for them: by service, and `environment`, `images`, `specc`
    pub trees: BTreeMap<Text, Merged>,
    /// path and digest of every file that decides the output
    pub inputs: Vec<write::Input>,
}

impl Environment {
    /// The objects of the environment.
    pub fn bundle(&self) -> Bundle {
        lower::lower(&self.system, &self.tracer)
    }
}

/// How to compile.
#[derive(Clone, Copy, Debug, Default)]
pub struct Options<'a> {
    /// the day (`2027-01-31`) on which end dates are judged
    pub as_of: Option<&'a str>,
    /// whether to keep the nodes, the merged trees and the written tables, which after the checks only [`explain`] reads: they
    /// take more room than all the rest
    pub explain: bool,
    /// the revision of the project's repository to compare with: a commit, a branch or a tag
    pub since: Option<&'a str>,
}

/// Compiles as [`compile_with`] does, and keeps everything that can be explained.
pub fn compile(start: &Path, wanted: Wanted<'_>, as_of: Option<&str>) -> Compilation {
    compile_with(start, wanted, Options { as_of, explain: true, since: None })
}

/// Compiles the project that `start` is in: reads, merges, decodes, resolves and checks.
///
/// Each step goes on as long as it can, so that a run reports all mistakes of a step; after a step with errors the next
/// would only repeat them, so it does not run. What a step no longer needs is dropped before the next begins.
pub fn compile_with(start: &Path, wanted: Wanted<'_>, options: Options<'_>) -> Compilation {
    let mut sink = Sink::default();
    let Some((mut project, mut load)) = Project::open(start, wanted, &mut sink) else {
        return Compilation::stopped(PathBuf::new(), SourceMap::default(), sink);
    };
    let root = load.root().to_owned();
    if sink.has_errors() {
        return Compilation::stopped(root, load.into_sources(), sink);
    }
    let mut drafts = Vec::with_capacity(project.environments.len());
    // each environment's overlays go as soon as they are decoded
    for files in std::mem::take(&mut project.environments) {
        let draft = Draft::decode(&project, &files, &mut load, options.explain, &mut sink);
        drafts.extend(draft.map(|draft| {
            let inputs = inputs(&project, &files, &draft.decoded.attached, &load);
            (draft, inputs)
        }));
    }
    if sink.has_errors() {
        return Compilation::stopped(root, load.into_sources(), sink);
    }
    drop(project);
    let mut environments: Vec<_> = drafts.into_iter().map(|(draft, inputs)| draft.resolve(inputs)).collect();
    let mut sources = load.into_sources();
    let past = options.since.map(|revision| past(&root, revision, &mut sources, &mut sink));
    check(&environments, past.as_deref().unwrap_or_default(), options.as_of, &mut sink);
    if !sink.has_errors() {
        check_written(&environments, options.as_of, &mut sink);
    }
    if !options.explain {
        for environment in &mut environments {
            environment.nodes = Nodes::default();
            environment.system.drop_written();
        }
    }
    if sink.has_errors() {
        return Compilation::stopped(root, sources, sink);
    }
    let found = sink.into_sorted(&sources);
    Compilation { root, sources, environments, found }
}

/// Runs the checks on all environments at once, since some compare them, with each other or with an earlier revision.
fn check(environments: &[Environment], past: &[Environment], as_of: Option<&str>, sink: &mut Sink) {
    let Some(first) = environments.first() else { return };
    let (now, then) = (traces(environments), traces(past));
    let (contexts, past) = (contexts(environments, &now, as_of), contexts(past, &then, as_of));
    check::run(&contexts, &past, &first.system.project, &first.nodes, as_of, sink);
}

fn traces(environments: &[Environment]) -> Vec<Ref<'_, Trace>> {
    environments.iter().map(|environment| environment.tracer.trace()).collect()
}

/// The environments as checks see them.
fn contexts<'a>(
    environments: &'a [Environment],
    traces: &'a [Ref<'a, Trace>],
    as_of: Option<&'a str>,
) -> Vec<check::Context<'a>> {
    let both = environments.iter().zip(traces);
    both.map(|(e, trace)| check::Context { system: &e.system, nodes: &e.nodes, trace, as_of }).collect()
}

/// All environments of an earlier revision, resolved and not checked. What is wrong with it is one finding: nobody can
/// correct the past.
fn past(root: &Path, revision: &str, sources: &mut SourceMap, sink: &mut Sink) -> Vec<Environment> {
    let mut load = match load::Load::open_revision(root, revision, std::mem::take(sources)) {
        Ok(load) => load,
        Err((back, refused)) => {
            *sources = back;
            sink.push(*refused);
            return Vec::new();
        }
    };
    let (mut found, mut drafts) = (Sink::default(), Vec::new());
    if let Some(mut project) = Project::of_revision(&mut load, &mut found) {
        for files in std::mem::take(&mut project.environments) {
            drafts.extend(Draft::decode(&project, &files, &mut load, false, &mut found));
        }
    }
    *sources = load.into_sources();
    if found.has_errors() {
        sink.push(load::mistakes_in_revision(revision, found.into_sorted(sources)));
        return Vec::new();
    }
    drafts.into_iter().map(|draft| draft.resolve(Vec::new())).collect()
}

/// Runs the checks on objects that are written by hand, in whole or in part. Without any it costs nothing.
fn check_written(environments: &[Environment], as_of: Option<&str>, sink: &mut Sink) {
    let Some(first) = environments.first() else { return };
    let with_some: Vec<&Environment> = environments.iter().filter(|e| e.system.has_ways_out()).collect();
    let marks: Vec<_> = with_some.iter().map(|e| e.tracer.mark()).collect();
    let made: Vec<check::Made> = with_some.iter().map(|e| emit::made(e)).collect();
    let traces: Vec<_> = with_some.iter().map(|environment| environment.tracer.trace()).collect();
    let contexts: Vec<_> = with_some
        .iter()
        .zip(&traces)
        .zip(made)
        .map(|((e, trace), made)| (check::Context { system: &e.system, nodes: &e.nodes, trace, as_of }, made))
        .collect();
    check::run_made(&contexts, &first.system.project, &first.nodes, as_of, sink);
    drop(contexts);
    drop(traces);
    with_some.iter().zip(marks).for_each(|(e, mark)| e.tracer.rewind(mark));
}

impl Compilation {
    /// Leaves everything where it is: for a process that ends, which need not free a million values one by one.
    pub fn leave(self) {
        std::mem::forget(self);
    }

    fn stopped(root: PathBuf, sources: SourceMap, sink: Sink) -> Self {
        let found = sink.into_sorted(&sources);
        Compilation { root, sources, environments: Vec::new(), found }
    }
}

fn inputs(
    project: &Project,
    files: &EnvironmentFiles,
    attached: &Attached,
    load: &load::Load,
) -> Vec<write::Input> {
    let input = |id| {
        let path = load.sources().path(id).to_owned();
        Some(write::Input { path, sha256: load.digest(id)? })
    };
    let mut ids = project.inputs(files);
    ids.extend(&attached.sources);
    ids.sort_unstable();
    ids.dedup();
    ids.into_iter().filter_map(input).collect()
}

/// An environment whose files are merged and decoded.
struct Draft {
    decoded: Decoded,
    nodes: Nodes,
    trees: BTreeMap<Text, Merged>,
}

impl Draft {
    /// Merges and decodes every file of an environment; none after an error was reported.
    fn decode(
        project: &Project,
        files: &EnvironmentFiles,
        load: &mut load::Load,
        keep: bool,
        sink: &mut Sink,
    ) -> Option<Draft> {
        let mut trees = Trees { nodes: Nodes::default(), keep, kept: BTreeMap::new() };
        let alone = |file: &load::Tree| Merged::alone(&file.root);
        let project_file = trees.add::<ProjectFile>("specc".into(), alone(&project.file), sink);
        let merged = merge::merge(&files.layers()?, sink);
        let environment = trees.add("environment".into(), merged, sink);
        let images = files.images.as_ref().map(|file| trees.add("images".into(), alone(file), sink));
        let mut services = Vec::with_capacity(project.services.len());
        for service in &project.services {
            let merged = merge::merge(&files.service_layers(service), sink);
            let file = trees.add(service.name.clone(), merged, sink);
            services.extend(file.map(|(root, file)| (service.name.clone(), root, file)));
        }
        let images_path = format!("{}/{}", files.listed.folder, project::IMAGES_FILE);
        let complete = services.len() == project.services.len();
        let mut attached = Attached::default();
        for (_, _, service) in &services {
            attached.add(service, &mut trees.nodes, load, sink);
        }
        let decoded = Decoded {
            project: project_file?.1,
            environment: files.name().clone(),
            file: environment?.1,
            images: images.map(|file| file.map(|(_, file)| file)).unwrap_or_default(),
            images_path,
            attached,
            services,
        };
        complete.then_some(Draft { decoded, nodes: trees.nodes, trees: trees.kept })
    }

    fn resolve(self, inputs: Vec<write::Input>) -> Environment {
        let tracer = Tracer::default();
        Environment {
            name: self.decoded.environment.clone(),
            system: System::resolve(self.decoded, &tracer),
            nodes: self.nodes,
            tracer,
            trees: self.trees,
            inputs,
        }
    }
}

/// The merged trees of an environment, numbered into one table.
struct Trees {
    nodes: Nodes,
    /// whether a tree stays after it was decoded
    keep: bool,
    kept: BTreeMap<Text, Merged>,
}

impl Trees {
    fn add<T: spec::decode::Decode>(
        &mut self,
        name: Text,
        mut merged: Merged,
        sink: &mut Sink,
    ) -> Option<(origin::NodeId, T)> {
        node::number(&mut merged.root, name.clone(), &mut self.nodes);
        let decoded = Decoder::new(sink).file(&merged.root);
        let root = merged.root.id;
        if self.keep {
            self.kept.insert(name, merged);
        }
        decoded.map(|file| (root, file))
    }
}
