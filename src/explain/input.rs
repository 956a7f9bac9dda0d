//! `specc explain ENV service.path`: the layers that set a value of the spec, or why it is not set.

use super::{Explainer, Unknown, push};
use crate::diagnostic::suggest::nearest;
use crate::node::Node;
use crate::origin::NodeId;

/// Explains the value at a dotted path: the first word is a service, `environment`, `images` or `specc`.
///
/// # Errors
/// The path leads nowhere and nothing is known about it.
pub fn spec_path(explainer: &Explainer<'_>, path: &str) -> Result<String, Unknown> {
    let keys = split(path);
    let environment = explainer.environment;
    let Some((root, rest)) = keys.split_first() else { return Err(nothing(path, None)) };
    let Some(tree) = environment.trees.get(root.as_str()) else {
        let near = nearest(root, environment.trees.keys().map(crate::text::Text::as_str));
        return Err(nothing(path, near.map(|near| format!("did you mean `{near}`?"))));
    };
    let mut out = String::new();
    match find(&tree.root, rest) {
        Ok(node) => {
            explainer.layers(node.id, 0, &mut out);
            children(explainer, node, &mut out);
            Ok(out)
        }
        Err((deepest, missing)) => {
            if let Some(stone) = tree.why_absent(rest) {
                push(&mut out, 0, &format!("{path} is not set"));
                push(&mut out, 1, &format!("removed by {}", explainer.sources.locate(stone.at)));
                push(&mut out, 1, &format!("was set in {}", explainer.sources.locate(stone.was.key)));
                return Ok(out);
            }
            if let Some(doc) = crate::spec::schema::documented(root, rest) {
                push(&mut out, 0, &format!("{path} is not set in any layer"));
                push(&mut out, 1, &doc);
                return Ok(out);
            }
            let known: Vec<&str> =
                deepest.table().into_iter().flatten().map(|(key, _)| key.as_str()).collect();
            let help = match nearest(missing, known.iter().copied()) {
                Some(near) => Some(format!("did you mean `{near}`?")),
                None if known.is_empty() => None,
                None => Some(format!("there are {}", known.join(", "))),
            };
            Err(nothing(path, help))
        }
    }
}

fn nothing(path: &str, help: Option<String>) -> Unknown {
    Unknown { what: format!("`{path}` is nothing that the spec has or could have"), help }
}

/// The leaves of a table, each with its layers.
fn children(explainer: &Explainer<'_>, node: &Node, out: &mut String) {
    fn leaves(node: &Node, into: &mut Vec<NodeId>) {
        for child in node.table().into_iter().flatten().map(|(_, child)| child) {
            if child.table().is_some() {
                leaves(child, into);
            } else {
                into.push(child.id);
            }
        }
    }
    let mut below = Vec::new();
    leaves(node, &mut below);
    for leaf in below {
        explainer.layers(leaf, 1, out);
    }
}

/// The node at `keys`, or the deepest one that there is with the key that it lacks.
fn find<'n, 'k>(root: &'n Node, keys: &'k [String]) -> Result<&'n Node, (&'n Node, &'k str)> {
    keys.iter().try_fold(root, |at, key| child(at, key).ok_or((at, key.as_str())))
}

fn child<'n>(node: &'n Node, key: &str) -> Option<&'n Node> {
    match &node.kind {
        crate::node::Kind::Array(items) => items.get(key.parse::<usize>().ok()?),
        _ => node.get(key),
    }
}

/// The keys of a dotted path; quoted keys may hold dots, and `a[0]` is `a` then `0`.
fn split(path: &str) -> Vec<String> {
    let (mut keys, mut key, mut quoted) = (Vec::new(), String::new(), false);
    for character in path.chars() {
        match character {
            '"' => quoted = !quoted,
            '.' | '[' if !quoted => keys.push(std::mem::take(&mut key)),
            ']' if !quoted => {}
            character => key.push(character),
        }
    }
    keys.push(key);
    keys.retain(|key| !key.is_empty());
    keys
}

#[cfg(test)]
mod tests {
    #[test]
    fn paths_split_at_dots_and_brackets_outside_of_quotes() {
        assert_eq!(super::split(r#"a.files."/etc/x.toml".text"#), ["a", "files", "/etc/x.toml", "text"]);
        assert_eq!(super::split("a.uses[1]"), ["a", "uses", "1"]);
    }
}
