//! From where the person stands: compiling, with every path that is shown relative to the working directory.
//!
//! The working directory decides how paths are written in messages and nothing else.

use std::path::{Path, PathBuf};

use crate::project::Wanted;
use crate::{Compilation, Options};

/// Compiles the project that the first of `given` is in, or else the working directory.
pub(super) fn compile(given: &[&str], all: bool, options: Options<'_>) -> (Compilation, Prefix) {
    let start = given.first().map_or(Path::new("."), |first| Path::new(first));
    let wanted = if all { Wanted::All } else { Wanted::Some(given) };
    let mut compiled = crate::compile_with(start, wanted, options);
    if compiled.root.as_os_str().is_empty() {
        return (compiled, Prefix(String::new()));
    }
    let prefix = Prefix::to(&compiled.root);
    compiled.sources.show_below(prefix.0.clone());
    for found in &mut compiled.found {
        found.file = found.file.take().map(|file| prefix.shown(&file));
    }
    (compiled, prefix)
}

/// The way from the working directory to the project's root, with a final `/` unless it is empty.
pub(super) struct Prefix(String);

impl Prefix {
    fn to(root: &Path) -> Self {
        let here = std::env::current_dir().and_then(|here| here.canonicalize()).unwrap_or_default();
        let way = way(&here, root).display().to_string();
        Prefix(if way.is_empty() || way.ends_with('/') { way } else { format!("{way}/") })
    }

    /// `path`, which is relative to the project's root, from where the person stands.
    pub(super) fn shown(&self, path: &str) -> String {
        if Path::new(path).is_absolute() { path.to_owned() } else { format!("{}{path}", self.0) }
    }

    /// The project's root from where the person stands.
    pub(super) fn root(&self) -> &Path {
        Path::new(&self.0)
    }
}

/// The way from one folder to another, both absolute and without links; the other itself when they share nothing but
/// the root of the file system.
fn way(from: &Path, to: &Path) -> PathBuf {
    let shared = from.components().zip(to.components()).take_while(|(a, b)| a == b).count();
    if shared < 2 && from != to {
        return to.to_owned();
    }
    let up = from.components().skip(shared).map(|_| "..");
    let down = to.components().skip(shared);
    up.map(PathBuf::from).chain(down.map(|part| PathBuf::from(part.as_os_str()))).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ways() {
        for (from, to, expected) in [
            ("/a/b", "/a/b", ""),
            ("/a", "/a/b/c", "b/c"),
            ("/a/b/c", "/a", "../.."),
            ("/a/b", "/a/c/d", "../c/d"),
            ("/a/b", "/x/y", "/x/y"),
            ("/", "/x/y", "/x/y"),
            ("/", "/", ""),
        ] {
            assert_eq!(way(Path::new(from), Path::new(to)), Path::new(expected), "{from} to {to}");
        }
        let prefix = |text: &str| Prefix(text.to_owned());
        assert_eq!(prefix("../").shown("a.toml"), "../a.toml");
        assert_eq!(prefix("../").shown("/a.toml"), "/a.toml");
    }
}
