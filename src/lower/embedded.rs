//! An object as text inside of another: JSON, which every tool takes that takes YAML.

use serde_json::{Map, Value as Json};

use super::Cx;
use super::digest::Digested;
use super::labels::why_mesh;
use crate::origin::{Rule, Traced};
use crate::text::Text;
use crate::walk::{Atom, Tree, Walk};

/// The object as a file; the origin names every leaf of it.
pub(super) fn text(cx: &Cx<'_>, rule: Rule, object: &dyn Walk) -> Traced<Text> {
    let mut digest = Digested::default();
    object.walk(&mut digest);
    let (_, mut origins) = digest.finish();
    origins.extend(why_mesh(cx));
    // the alternate form is indented
    let text = format!("{:#}\n", json(&Tree::of(object)));
    Traced::because(text.into(), cx.tracer.because(rule, &origins))
}

fn json(tree: &Tree) -> Json {
    match tree {
        Tree::Map(fields) => {
            let fields = fields.iter().map(|(key, value)| (key.as_str().to_owned(), json(value)));
            Json::Object(fields.collect::<Map<_, _>>())
        }
        Tree::Seq(items) => Json::Array(items.iter().map(|(_, item)| json(item)).collect()),
        Tree::Leaf(Atom::Str(text), _) => Json::String(text.as_str().to_owned()),
        Tree::Leaf(Atom::Int(number), _) => Json::from(*number),
        // no object of ours holds one; as text it would still be read
        Tree::Leaf(Atom::Number(digits), _) => {
            serde_json::from_str(digits).unwrap_or_else(|_| Json::String(digits.as_str().to_owned()))
        }
        Tree::Leaf(Atom::Bool(truth), _) => Json::Bool(*truth),
        Tree::Leaf(Atom::EmptyMap, _) => Json::Object(Map::new()),
    }
}
