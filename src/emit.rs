//! STAGE 6: objects to bytes, in a tree of files. Printers take no sink and cannot fail, because the checks before them
//! have refused whatever they could not print.
//!
//! One printer a format: [`yaml`], and prose in [`report`] and [`runbook`]. [`environment`] goes service by service, so that only the
//! facts that the link check needs are held for the whole environment, never all objects.

mod calendar;
pub mod helm;
pub mod kustomization;
mod prose;
mod recovery;
pub mod report;
pub mod runbook;
pub mod yaml;

use std::collections::BTreeSet;

use crate::Environment;
use crate::bundle::{Bundle, Emitted};
use crate::check::{Contents, Made, MadeObject};
use crate::diagnostic::{Diagnostic, Sink};
use crate::k8s::Object;
use crate::link::{Links, Names};
use crate::lower;
use crate::system::{Database, Service};
use crate::text::Text;
use crate::tree::{RelPath, Tree};
use crate::walk::{Both, Part};

fn bad_path(path: &str, why: &str) -> Diagnostic {
    Diagnostic::failure("unusable-path", format!("`{path}` cannot be the path of an output file: {why}"))
        .note("paths are made of names that the checks accept, so this is a fault of specc")
        .help("please report it with the spec that shows it; the environment was not written")
}

/// The output tree of an environment; faults of linking go into `sink`.
pub fn environment(environment: &Environment, sink: &mut Sink) -> Tree {
    let (mut tree, mut links) = (Tree::new(), Links::new(&environment.system.environment.platform));
    let (mut paths, mut text) = (Vec::new(), String::new());
    each_part(environment, |bundle| {
        let mut names = Vec::with_capacity(bundle.objects.len());
        for emitted in &bundle.objects {
            text.clear();
            names.push(document(emitted, &mut text));
            let path = emitted.id.path();
            insert(&mut tree, &path, text.as_str(), sink);
            paths.push(path);
        }
        links.add(bundle, names);
    });
    links.finish(sink);
    insert(&mut tree, "kustomization.yaml", kustomization::print(paths.iter().map(String::as_str)), sink);
    insert(&mut tree, "REPORT.md", report::print(environment, &paths), sink);
    insert(&mut tree, "RUNBOOK.md", runbook::print(environment), sink);
    if let Some(text) = calendar::print(environment) {
        insert(&mut tree, calendar::FILE, text, sink);
    }
    tree
}

/// A chart per service, or without `[helm] chart` the values files alone: the folder's name and its files. They come from
/// comparing the environments, so all of them must be there.
pub fn charts(environments: &[Environment], sink: &mut Sink) -> Option<(&'static str, Tree)> {
    let project = &environments.first()?.system.project;
    let wanted = project.helm.as_ref().and_then(|helm| helm.chart.as_ref()).is_some_and(|chart| *chart.get());
    let (folder, files_of): (_, fn(&str, &[helm::Environment<'_>]) -> _) =
        if wanted { ("chart", helm::chart) } else { ("values", helm::values) };
    let services: BTreeSet<&Text> =
        environments.iter().flat_map(|e| e.system.services.iter().map(|s| &s.stem)).collect();
    let mut tree = Tree::new();
    for service in services {
        let marks: Vec<_> = environments.iter().map(|e| e.tracer.mark()).collect();
        let bundles: Vec<(&str, Bundle)> =
            environments.iter().map(|e| (e.name.as_str(), lowered(e, service))).collect();
        let compared: Vec<helm::Environment<'_>> = bundles
            .iter()
            .map(|(name, bundle)| helm::Environment { name, objects: &bundle.objects })
            .collect();
        for (path, bytes) in files_of(service, &compared) {
            let path = path.strip_prefix(folder).unwrap_or(&path).trim_start_matches('/').to_owned();
            insert(&mut tree, &path, bytes, sink);
        }
        environments.iter().zip(marks).for_each(|(e, mark)| e.tracer.rewind(mark));
    }
    Some((folder, tree))
}

/// The objects of a service by name; none where it does not run.
fn lowered(environment: &Environment, service: &Text) -> Bundle {
    let index = environment.system.services.binary_search_by(|s| s.stem.cmp(service));
    index.map(|index| lower::service(&environment.system, index, &environment.tracer)).unwrap_or_default()
}

/// All objects of an environment as one stream of documents, in pieces, in the order of their paths: namespaces first.
pub fn stream(environment: &Environment, sink: &mut Sink) -> Vec<String> {
    let mut links = Links::new(&environment.system.environment.platform);
    let (mut pieces, mut text) = (Vec::new(), String::new());
    each_part(environment, |bundle| {
        text.clear();
        let mut names = Vec::with_capacity(bundle.objects.len());
        for emitted in &bundle.objects {
            text.push_str("---\n");
            names.push(document(emitted, &mut text));
        }
        links.add(bundle, names);
        pieces.push(text.clone());
    });
    links.finish(sink);
    pieces
}

/// The manifests that restore the backups of a database into another cluster.
pub fn restore(environment: &Environment, service: &Service, restored: &Database) -> String {
    aside(environment, || lower::restore(&environment.system, service, restored, &environment.tracer))
}

/// The manifests that give a restored database the passwords that it had.
pub fn put_back(
    environment: &Environment,
    service: &Service,
    database: &Database,
    restored: &Database,
) -> String {
    let of = (database, restored);
    aside(environment, || lower::put_back(&environment.system, service, of, &environment.tracer))
}

/// Objects that are no part of the output tree, as one text.
fn aside(environment: &Environment, make: impl FnOnce() -> Bundle) -> String {
    let mark = environment.tracer.mark();
    let mut text = String::new();
    for emitted in &make().objects {
        text.push_str("---\n");
        document(emitted, &mut text);
    }
    environment.tracer.rewind(mark);
    text
}

/// Lowers namespaces, then service after service. What that derives is forgotten with each part.
fn each_part(environment: &Environment, mut take: impl FnMut(&Bundle)) {
    let (system, tracer) = (&environment.system, &environment.tracer);
    let mark = tracer.mark();
    take(&lower::namespaces(system, tracer));
    for index in 0..system.services.len() {
        tracer.rewind(mark);
        take(&lower::service(system, index, tracer));
    }
    tracer.rewind(mark);
}

/// What checks read of the objects of an environment that has some written by hand.
pub fn made(environment: &Environment) -> Made {
    let mut made = Made::default();
    // the origins that the parts hold must last, so nothing is forgotten here
    let (system, tracer) = (&environment.system, &environment.tracer);
    let parts = (0..system.services.len()).map(|index| lower::service(system, index, tracer));
    for bundle in std::iter::once(lower::namespaces(system, tracer)).chain(parts) {
        for emitted in &bundle.objects {
            made.objects.push(made_object(emitted));
        }
        made.left_out.extend(bundle.absent.iter().filter_map(|absent| {
            Some((absent.id.service()?.clone(), absent.id.noun()?.clone(), absent.id.stem()))
        }));
    }
    made
}

fn made_object(emitted: &Emitted) -> MadeObject {
    let (object, id) = (&emitted.object, &emitted.id);
    let metadata = object.metadata();
    let written = match object {
        Object::Written(written) => Some(Contents {
            whole: written.content.clone(),
            own: written.of.as_ref().map(|own| Part::of(own.as_walk())),
        }),
        _ => None,
    };
    MadeObject {
        of: id.service().cloned().zip(id.noun().cloned()),
        stem: id.stem(),
        kind: object.kind(),
        api_version: object.api_version(),
        namespace: metadata.namespace.as_ref().map(|namespace| namespace.get().clone()),
        name: metadata.name.get().clone(),
        because: object.because(),
        provides: crate::link::provided(object),
        written,
    }
}

/// Appends one object as the text of its file, and gives the names in it for the link check.
fn document(emitted: &Emitted, text: &mut String) -> Names {
    let mut names = Names::default();
    emitted.object.as_walk().walk(&mut Both(&mut yaml::Yaml::new(text), &mut names));
    names
}

fn insert(tree: &mut Tree, path: &str, text: impl Into<Vec<u8>>, sink: &mut Sink) {
    let inserted = RelPath::new(path)
        .map_err(|why| why.to_string())
        .and_then(|path| tree.insert(path, text.into()).map_err(|why| why.to_string()));
    if let Err(why) = inserted {
        sink.push(bad_path(path, &why));
    }
}
