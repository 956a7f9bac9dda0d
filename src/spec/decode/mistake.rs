//! The mistakes that decoding finds: what is said of each, and where it points.

use serde_json::Value as Json;

use super::elsewhere;
use crate::diagnostic::Diagnostic;
use crate::diagnostic::suggest::nearest;
use crate::node::Node;
use crate::spec::schema::Defs;
use crate::text::Text;
use crate::value::Invalid;

pub(super) fn wrong_type(node: &Node, path: &str, want: &str) -> Diagnostic {
    let found = node.kind.describe();
    overridden(
        node,
        Diagnostic::error("wrong-type", format!("`{path}` must be {want}, not {found}"))
            .at(node.mention.value, format!("{found}, where {want} belongs")),
    )
}

pub(super) fn invalid_value(node: &Node, path: &str, why: Invalid) -> Diagnostic {
    overridden(
        node,
        Diagnostic::error("invalid-value", format!("`{path}`: {}", why.what))
            .at(node.mention.value, "does not fit")
            .maybe_help(why.help),
    )
}

/// Whether a text looks like a secret by itself, wherever it stands.
pub(super) fn looks_secret(node: &Node) -> bool {
    node.string().is_some_and(|text| crate::secret::of_setting("", text).is_some())
}

/// What is said in the place of a value that may be a secret.
pub(super) fn unsaid() -> Invalid {
    Invalid {
        what: "what is written here does not belong here".to_owned(),
        help: Some("a spec holds names of secrets, such as `api_key`, never their values".to_owned()),
    }
}

pub(super) fn invalid_key(node: &Node, path: &str, why: Invalid) -> Diagnostic {
    Diagnostic::error("invalid-value", format!("a key of `{path}`: {}", why.what))
        .at(node.mention.key, "this name")
        .maybe_help(why.help)
}

pub(super) fn unknown_key(
    key: &Text,
    node: &Node,
    path: &str,
    known: &[&'static str],
    schema: fn(&mut Defs) -> Json,
) -> Diagnostic {
    let place = if path.is_empty() { "this file".to_owned() } else { format!("`{path}`") };
    let found = Diagnostic::error("unknown-key", format!("unknown key `{key}` in {place}"))
        .at(node.mention.key, "not a key of this table");
    let near = nearest(key, known.iter().copied()).map(|known| format!("did you mean `{known}`?"));
    let meant = near.or_else(|| elsewhere::help(key, schema));
    found.help(meant.unwrap_or_else(|| format!("the keys here are {}", listed(known))))
}

pub(super) fn missing_key(table: &Node, path: &str, key: &str, want: &str) -> Diagnostic {
    let at = if path.is_empty() { "the file".to_owned() } else { format!("`{path}`") };
    Diagnostic::error("missing-key", format!("{at} lacks `{key}`"))
        .at(table.mention.key, format!("`{key}` is required here"))
        .help(format!("add `{key}`, {want}"))
}

pub(super) fn unknown_choice(node: &Node, path: &str, text: &str, known: &[&'static str]) -> Diagnostic {
    let found = Diagnostic::error(
        "unknown-choice",
        format!("`{path}` is one of {}, not {}", listed(known), crate::value::quoted(text)),
    )
    .at(node.mention.value, "not one of them");
    let found = match nearest(text, known.iter().copied()) {
        Some(known) => found.help(format!("did you mean `\"{known}\"`?")),
        None => found,
    };
    overridden(node, found)
}

/// Points at the value that the faulty one overrides, so that a mistake in an overlay shows both layers.
pub(super) fn overridden(node: &Node, found: Diagnostic) -> Diagnostic {
    match node.earlier().last() {
        Some(mention) => found.also(mention.value, "overrides the value set here"),
        None => found,
    }
}

/// `a`, `b` and `c`, in backticks.
pub(crate) fn listed<'a>(words: impl IntoIterator<Item = &'a &'static str>) -> String {
    let words: Vec<String> = words.into_iter().map(|w| format!("`{w}`")).collect();
    match words.split_last() {
        Some((last, rest)) if !rest.is_empty() => format!("{} and {last}", rest.join(", ")),
        Some((last, _)) => last.clone(),
        None => String::new(),
    }
}
