//! Names that come from files and folders: they become names of objects and of output folders.

use crate::diagnostic::Diagnostic;
use crate::source::Place;

/// Whether `name` is a label as RFC 1123 section 2.1 and Kubernetes define it: 1 to 63 of `a` to `z`, digits and `-`,
/// with a letter or digit at both ends.
pub fn is_label(name: &str) -> bool {
    let inner = |b: u8| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-';
    (1..=63).contains(&name.len())
        && name.bytes().all(inner)
        && !name.starts_with('-')
        && !name.ends_with('-')
}

/// Names that no service may have, since files of other meaning are called so.
const RESERVED: [&str; 3] = ["environment", "environments", "images"];

/// What is wrong with `name` as the name of `what` ("a service", "an environment").
pub(super) fn judge(name: &str, what: &str, at: Place) -> Option<Diagnostic> {
    if name.starts_with('_') {
        return Some(underscore(name, what, at));
    }
    if what == "a service" && RESERVED.contains(&name) {
        return Some(reserved(name, at));
    }
    (!is_label(name)).then(|| no_label(name, what, at))
}

fn reserved(name: &str, at: Place) -> Diagnostic {
    Diagnostic::error("reserved-name", format!("a service cannot be called `{name}`"))
        .at(at, "this name is taken")
        .note("files of that name have another meaning in the folder of an environment")
        .help("rename the file, and `[service] name` with it")
}

fn underscore(name: &str, what: &str, at: Place) -> Diagnostic {
    Diagnostic::error("reserved-name", format!("{what} cannot be called `{name}`: a leading `_` is reserved"))
        .at(at, "begins with `_`")
        .note("folders whose name begins with `_` can be extended by environments, but are not built")
        .help(match what {
            "a service" => "rename the file without the `_`",
            _ => "delete it from the list, or rename the folder without the `_`",
        })
}

fn no_label(name: &str, what: &str, at: Place) -> Diagnostic {
    let help = match label_like(name) {
        Some(label) => format!("rename it, for example to `{label}`"),
        None => "rename it".to_owned(),
    };
    Diagnostic::error("bad-file-name", format!("`{name}` cannot be the name of {what}"))
        .at(at, "named by this")
        .note("the name becomes a part of Kubernetes names: 1 to 63 of the letters `a` to `z`, digits and `-`, beginning and ending with a letter or digit")
        .help(help)
}

fn label_like(name: &str) -> Option<String> {
    let fold = |c: char| if c.is_ascii_alphanumeric() { c.to_ascii_lowercase() } else { '-' };
    let folded: String = name.chars().map(fold).take(63).collect();
    let label = folded.trim_matches('-');
    is_label(label).then(|| label.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn labels() {
        for name in ["a", "0", "a-b", &"a".repeat(63)] {
            assert!(is_label(name), "{name}");
        }
        for name in ["", "-a", "a-", "A", "a_b", "a.b", "ü", "a/b", &"a".repeat(64)] {
            assert!(!is_label(name), "{name}");
        }
        assert_eq!(label_like("My_Service").as_deref(), Some("my-service"));
        assert_eq!(label_like("__"), None);
    }
}
