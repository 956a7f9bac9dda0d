//! Helm: a chart per service, whose values are exactly the leaves that differ between the environments.
//!
//! They are found by comparing the compiled trees; objects are matched by their logical ids, so a name is a leaf like
//! any other. With the values of an environment the chart gives the objects of that environment and no others.
//!
//! A value stands under the noun, the kind (as in the name of the object's file) and the path of its field, each key as
//! the object has it and list items under their names: `api.deployment.spec.template.spec.containers.api.image`. A
//! template reads a key that is no identifier with `index`. What only some environments have (an object, a field, an
//! item) has `enabled` beside its values; a single value that only some have stands under `value`.
//!
//! Knows how charts are written; knows neither the spec nor any kind.

mod order;
mod print;
mod schema;
mod slot;
mod template;
#[cfg(test)]
mod tests;
mod values;

use std::collections::BTreeMap;

use super::yaml;
use crate::bundle::{Emitted, ObjectId, Scope};
use crate::origin::{HELM_VALUES, Origin};
use crate::text::Text;
use crate::walk::{Atom, Tree};
use template::Template;

const ENABLED: &str = "enabled";
const VALUE: &str = "value";

/// Why a chart says what no object says.
fn because() -> Origin {
    Origin::rule(HELM_VALUES)
}

/// What a service is in one environment.
#[derive(Clone, Copy, Debug)]
pub struct Environment<'a> {
    /// name of the environment
    pub name: &'a str,
    /// the service's objects there; those of other services and of namespaces are passed over
    pub objects: &'a [Emitted],
}

/// The files of the chart of `service`, by path: `chart/<service>/…`. Environments come in order of promotion; the chart's own
/// values are those of the first.
pub fn chart(service: &str, environments: &[Environment<'_>]) -> BTreeMap<String, Vec<u8>> {
    let trees = Trees::of(service, environments);
    let parts = trees.parts();
    let folder = format!("chart/{service}");
    let mut files = BTreeMap::new();
    let mut add =
        |path: String, text: String| drop(files.insert(format!("{folder}/{path}"), text.into_bytes()));
    add("Chart.yaml".to_owned(), about(service, environments));
    add("values.schema.json".to_owned(), schema_text(&parts));
    for (index, environment) in environments.iter().enumerate() {
        let text = values_text(&parts, index);
        if index == 0 {
            add("values.yaml".to_owned(), text.clone());
        }
        add(format!("values-{}.yaml", environment.name), text);
    }
    for part in &parts {
        let text = print::print(&[part.noun, &part.key], part.optional, &part.body);
        add(format!("templates/{}-{}.yaml", part.noun, part.key), text);
    }
    files
}

/// The values of `service` alone, for a chart that somebody else wrote: `values/<service>/values-<env>.yaml`.
pub fn values(service: &str, environments: &[Environment<'_>]) -> BTreeMap<String, Vec<u8>> {
    let trees = Trees::of(service, environments);
    let parts = trees.parts();
    let file = |(index, environment): (usize, &Environment<'_>)| {
        let path = format!("values/{service}/values-{}.yaml", environment.name);
        (path, values_text(&parts, index).into_bytes())
    };
    environments.iter().enumerate().map(file).collect()
}

/// A value that holds `{{`, which a chart that passes its values through `tpl` would evaluate.
#[derive(Clone, Debug)]
pub struct Braces<'a> {
    /// name of the environment
    pub environment: &'a str,
    /// keys of the value in the environment's file
    pub path: Vec<Text>,
    /// where the value came from
    pub origin: Origin,
}

/// Every value of `service` that holds `{{`. The chart of [`chart`] puts values in as they are; a chart that somebody else
/// wrote for the files of [`values()`] may not.
pub fn braces<'a>(service: &str, environments: &[Environment<'a>]) -> Vec<Braces<'a>> {
    fn collect(tree: &Tree, path: &mut Vec<Text>, found: &mut dyn FnMut(Vec<Text>, Origin)) {
        match tree {
            Tree::Map(fields) => fields.iter().for_each(|(key, value)| {
                path.push(key.clone());
                collect(value, path, found);
                path.pop();
            }),
            Tree::Seq(items) => items.iter().for_each(|(_, item)| collect(item, path, found)),
            Tree::Leaf(Atom::Str(text), origin) if text.contains("{{") => found(path.clone(), *origin),
            Tree::Leaf(..) => {}
        }
    }
    let trees = Trees::of(service, environments);
    let parts = trees.parts();
    let mut braces = Vec::new();
    for (index, environment) in environments.iter().enumerate() {
        collect(&values_of(&parts, index), &mut Vec::new(), &mut |path, origin| {
            braces.push(Braces { environment: environment.name, path, origin });
        });
    }
    braces
}

/// Every object of a service, with its tree in each environment that has it.
struct Trees<'a>(BTreeMap<&'a ObjectId, Vec<Option<Tree>>>);

/// One object of a service.
struct Part<'t> {
    /// folder of its noun
    noun: &'t str,
    /// its kind, with its role, as in the name of its file
    key: String,
    /// path of its file in the output tree
    path: String,
    /// whether an environment lacks it
    optional: bool,
    /// what it is
    body: Template<'t>,
    /// and in each environment
    trees: &'t [Option<Tree>],
}

impl<'a> Trees<'a> {
    fn of(service: &str, environments: &[Environment<'a>]) -> Self {
        let mut trees: BTreeMap<&'a ObjectId, Vec<Option<Tree>>> = BTreeMap::new();
        for (index, environment) in environments.iter().enumerate() {
            let own =
                |emitted: &&Emitted| emitted.id.service().is_some_and(|owner| owner.as_str() == service);
            for emitted in environment.objects.iter().filter(own) {
                let all = trees.entry(&emitted.id).or_insert_with(|| vec![None; environments.len()]);
                if let Some(place) = all.get_mut(index) {
                    *place = Some(Tree::of(emitted.object.as_walk()));
                }
            }
        }
        Trees(trees)
    }

    fn parts(&self) -> Vec<Part<'_>> {
        self.0.iter().filter_map(|(id, trees)| Part::of(id, trees)).collect()
    }
}

impl<'t> Part<'t> {
    fn of(id: &'t ObjectId, trees: &'t [Option<Tree>]) -> Option<Self> {
        let Scope::Service { noun, .. } = &id.scope else { return None };
        let path = id.path();
        let file = path.rsplit('/').next().unwrap_or(&path);
        let key = file.strip_suffix(".yaml").unwrap_or(file).to_owned();
        let present: Vec<&Tree> = trees.iter().flatten().collect();
        let optional = present.len() < trees.len();
        Some(Part { noun, key, path, optional, body: Template::of(&present), trees })
    }

    fn for_schema(&self) -> schema::Object<'_> {
        schema::Object { key: &self.key, path: &self.path, optional: self.optional, body: &self.body }
    }

    /// Its values in the environment of that index.
    fn values(&self, environment: usize) -> Option<Tree> {
        let tree = self.trees.get(environment).and_then(Option::as_ref);
        if self.optional {
            Some(values::switch(&self.body, tree))
        } else {
            tree.and_then(|tree| values::values(&self.body, tree))
        }
    }
}

fn by_noun<'p>(parts: &'p [Part<'p>]) -> impl Iterator<Item = (&'p str, &'p [Part<'p>])> {
    parts.chunk_by(|a, b| a.noun == b.noun).filter_map(|chunk| Some((chunk.first()?.noun, chunk)))
}

fn values_of(parts: &[Part<'_>], environment: usize) -> Tree {
    let mut nouns = Vec::new();
    for (noun, parts) in by_noun(parts) {
        let value = |part: &Part<'_>| Some((Text::from(part.key.clone()), part.values(environment)?));
        let objects: Vec<_> = parts.iter().filter_map(value).collect();
        if !objects.is_empty() {
            nouns.push((Text::from(noun.to_owned()), Tree::Map(objects)));
        }
    }
    Tree::Map(nouns)
}

fn values_text(parts: &[Part<'_>], environment: usize) -> String {
    yaml_text(&values_of(parts, environment))
}

fn schema_text(parts: &[Part<'_>]) -> String {
    let groups = by_noun(parts).map(|(noun, parts)| (noun, parts.iter().map(Part::for_schema).collect()));
    format!("{:#}\n", schema::schema(groups))
}

/// `Chart.yaml`. The version stays: what a chart is changes with every commit, and a commit has a name already.
fn about(service: &str, environments: &[Environment<'_>]) -> String {
    let names: Vec<&str> = environments.iter().map(|environment| environment.name).collect();
    let says = format!("{service} as specc builds it; values differ between {}", names.join(", "));
    let fields = [
        ("apiVersion", "v2".to_owned()),
        ("name", service.to_owned()),
        ("description", says),
        ("type", "application".to_owned()),
        ("version", "0.1.0".to_owned()),
    ];
    let leaf = |text: String| Tree::Leaf(Atom::Str(text.into()), because());
    yaml_text(&Tree::Map(fields.into_iter().map(|(key, text)| (key.into(), leaf(text))).collect()))
}

fn yaml_text(tree: &Tree) -> String {
    let mut text = String::new();
    yaml::object(tree, &mut text);
    text
}
