//! STAGE 6: objects to bytes, in a tree of files. Printers take no sink and cannot fail, because the checks before them
//! have refused whatever they could not print.
//!
//! One printer a format: [`yaml`], and prose in [`report`]. [`environment`] goes service by service, so that only the
//! facts that the link check needs are held for the whole environment, never all objects.

pub mod helm;
pub mod kustomization;
pub mod report;
pub mod yaml;

use crate::Environment;
use crate::bundle::{Bundle, Emitted};
use crate::diagnostic::{Diagnostic, Sink};
use crate::link::Links;
use crate::lower;
use crate::tree::{RelPath, Tree};

fn bad_path(path: &str, why: &str) -> Diagnostic {
    Diagnostic::failure("unusable-path", format!("`{path}` cannot be the path of an output file: {why}"))
        .note("paths are made of names that the checks accept, so this is a fault of specc")
        .help("please report it with the spec that shows it; nothing was written")
}

/// The output tree of an environment; faults of linking go into `sink`.
pub fn environment(environment: &Environment, sink: &mut Sink) -> Tree {
    let (mut tree, mut links) = (Tree::new(), Links::new(&environment.system.environment.platform));
    each_part(environment, |bundle| {
        for emitted in &bundle.objects {
            links.add(emitted);
            let path = emitted.id.path();
            insert(&mut tree, &path, document(emitted), sink);
        }
    });
    links.finish(sink);
    insert(&mut tree, "REPORT.md", report::print(environment), sink);
    tree
}

/// All objects of an environment as one stream of documents, in the order of their paths: namespaces first.
pub fn stream(environment: &Environment, sink: &mut Sink, write: &mut dyn FnMut(&str)) {
    let mut links = Links::new(&environment.system.environment.platform);
    let mut text = String::new();
    each_part(environment, |bundle| {
        for emitted in &bundle.objects {
            links.add(emitted);
            text.clear();
            text.push_str("---\n");
            yaml::object(emitted.object.as_walk(), &mut text);
            write(&text);
        }
    });
    links.finish(sink);
}

/// Lowers namespaces, then service after service.
fn each_part(environment: &Environment, mut take: impl FnMut(&Bundle)) {
    let (system, tracer) = (&environment.system, &environment.tracer);
    take(&lower::namespaces(system, tracer));
    for index in 0..system.services.len() {
        take(&lower::service(system, index, tracer));
    }
}

/// One object as the text of its file.
fn document(emitted: &Emitted) -> String {
    let mut text = String::with_capacity(2048);
    yaml::object(emitted.object.as_walk(), &mut text);
    text
}

fn insert(tree: &mut Tree, path: &str, text: String, sink: &mut Sink) {
    let inserted = RelPath::new(path)
        .map_err(|why| why.to_string())
        .and_then(|path| tree.insert(path, text.into_bytes()).map_err(|why| why.to_string()));
    if let Err(why) = inserted {
        sink.push(bad_path(path, &why));
    }
}
