//! What a build produces: a map from validated paths to bytes.
//!
//! Vocabulary between `emit`, which fills a [`Tree`], and `write` and `diff`, which read it. It knows no format and
//! never touches a disk. Everything that makes a path dangerous or different between machines is refused here, so
//! whoever holds a [`RelPath`] may join it below a directory on any system.

use std::borrow::{Borrow, Cow};
use std::collections::btree_map;
use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

/// The name of the ledger inside an output tree. `write` alone makes that file, so a [`Tree`] may not hold it.
pub const LEDGER: &str = "specc.lock";

/// The longest segment that every common file system takes, in bytes.
const SEGMENT_LIMIT: usize = 255;

/// Long enough for any output, short enough to leave room for the path of the project (Windows and tar have small
/// limits for the whole).
const PATH_LIMIT: usize = 1024;

/// A path inside an output tree: segments of `a-z A-Z 0-9 . _ -`, separated by `/`.
///
/// No segment starts with `.` or `-` or ends with `.`, and none is a device name of Windows (`con`, `nul`, `com1`,
/// also with an extension), because such a tree could not be checked out there. Ordered by its bytes.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct RelPath(String);

impl RelPath {
    /// Takes a path such as `services/orders/api/deployment.yaml`.
    ///
    /// # Errors
    /// [`PathError`] names the segment and the rule that it breaks.
    pub fn new(path: &str) -> Result<Self, PathError> {
        let wrong = |problem| PathError { path: path.to_owned(), problem };
        if path.len() > PATH_LIMIT {
            return Err(wrong(PathProblem::TooLong { limit: PATH_LIMIT }));
        }
        for segment in path.split('/') {
            check_segment(segment).map_err(wrong)?;
        }
        Ok(Self(path.to_owned()))
    }

    /// The path as it was given.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The last segment.
    pub fn name(&self) -> &str {
        self.0.rsplit_once('/').map_or(self.0.as_str(), |(_, name)| name)
    }

    /// The path of the folder that holds this path; `None` at the top of the tree.
    pub fn parent(&self) -> Option<&str> {
        self.0.rsplit_once('/').map(|(parent, _)| parent)
    }

    /// The paths of all folders above, outermost first: `a` and `a/b` for `a/b/c`.
    pub fn folders(&self) -> impl DoubleEndedIterator<Item = &str> {
        self.0.match_indices('/').filter_map(|(at, _)| self.0.get(..at))
    }
}

impl fmt::Display for RelPath {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl Borrow<str> for RelPath {
    fn borrow(&self) -> &str {
        &self.0
    }
}

fn check_segment(segment: &str) -> Result<(), PathProblem> {
    let owned = || segment.to_owned();
    if segment.is_empty() {
        return Err(PathProblem::EmptySegment);
    }
    if segment.len() > SEGMENT_LIMIT {
        return Err(PathProblem::TooLong { limit: SEGMENT_LIMIT });
    }
    let is_plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '_' | '-');
    if let Some(character) = segment.chars().find(|c| !is_plain(*c)) {
        return Err(PathProblem::Character { segment: owned(), character });
    }
    if segment.starts_with(['.', '-']) || segment.ends_with('.') {
        return Err(PathProblem::Edge { segment: owned() });
    }
    if is_reserved(segment) {
        return Err(PathProblem::Reserved { segment: owned() });
    }
    Ok(())
}

/// Device names of Windows, with or without an extension (Microsoft, "Naming Files, Paths, and Namespaces").
fn is_reserved(segment: &str) -> bool {
    const DEVICES: [&str; 4] = ["con", "prn", "aux", "nul"];
    const NUMBERED: [&str; 2] = ["com", "lpt"];
    let stem = segment.split('.').next().unwrap_or(segment);
    let is_one_of = |names: &[&str], stem: &str| names.iter().any(|name| stem.eq_ignore_ascii_case(name));
    match stem.split_at_checked(3) {
        Some((device, "")) => is_one_of(&DEVICES, device),
        Some((device, number)) => {
            number.len() == 1
                && number.starts_with(|c: char| c.is_ascii_digit())
                && is_one_of(&NUMBERED, device)
        }
        None => false,
    }
}

/// A text that is no [`RelPath`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PathError {
    /// The text as it was given.
    pub path: String,
    /// The rule that it breaks.
    pub problem: PathProblem,
}

/// Why a text is no [`RelPath`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum PathProblem {
    /// Nothing between two slashes, before the first or after the last.
    EmptySegment,
    /// The path or one of its segments has more bytes than `limit`.
    TooLong {
        /// The most bytes allowed.
        limit: usize,
    },
    /// A character outside of `a-z A-Z 0-9 . _ -`.
    Character {
        /// The segment that has it.
        segment: String,
        /// The character.
        character: char,
    },
    /// A segment that starts with `.` or `-` or ends with `.`.
    Edge {
        /// The segment.
        segment: String,
    },
    /// A device name of Windows.
    Reserved {
        /// The segment.
        segment: String,
    },
}

impl fmt::Display for PathError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let path = self.path.escape_debug();
        match &self.problem {
            PathProblem::EmptySegment => {
                write!(f, "output path `{path}` has an empty part between its slashes")
            }
            PathProblem::TooLong { limit } => {
                write!(f, "output path `{path}` has a part longer than {limit} bytes; give it a shorter name")
            }
            PathProblem::Character { segment, character } => write!(
                f,
                "output path `{path}` has the character `{}` in `{}`; use letters, digits, `.`, `_` and `-`",
                character.escape_debug(),
                segment.escape_debug()
            ),
            PathProblem::Edge { segment } => {
                write!(f, "output path `{path}`: `{segment}` may not start with `.` or `-`, nor end with `.`")
            }
            PathProblem::Reserved { segment } => write!(
                f,
                "output path `{path}`: `{segment}` is a device name on Windows, where the tree could not be checked \
                 out; use another name"
            ),
        }
    }
}

impl std::error::Error for PathError {}

/// `path` as a file system that does not tell upper from lower case sees it.
fn fold(path: &str) -> Cow<'_, str> {
    if path.bytes().any(|byte| byte.is_ascii_uppercase()) {
        Cow::Owned(path.to_ascii_lowercase())
    } else {
        Cow::Borrowed(path)
    }
}

/// The files of one output tree.
///
/// No two paths of a tree are equal after case folding, folders included, and no path is both a file and a folder:
/// such a tree would differ between file systems.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Tree {
    files: BTreeMap<RelPath, Vec<u8>>,
    /// every folder above a file
    folders: BTreeSet<String>,
    /// files and folders with capitals, by their folded path; all others are spelled as they fold
    spelled: BTreeMap<String, String>,
}

impl Tree {
    /// A tree without files.
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds a file.
    ///
    /// # Errors
    /// [`TreeError`] when the path is taken, collides with another after case folding, is a folder of the tree or
    /// runs through one of its files, or is the ledger's; the tree stays as it was.
    pub fn insert(&mut self, path: RelPath, bytes: Vec<u8>) -> Result<(), TreeError> {
        if path.as_str().eq_ignore_ascii_case(LEDGER) {
            return Err(TreeError::Ledger { path });
        }
        // for nearly every path, only the search for its place among the files can find another
        let part = path.as_str();
        if fold(part) != part || self.spelled.contains_key(part) || self.folders.contains(part) {
            self.check(&path, part, false)?;
        }
        let mut fresh = Vec::new();
        for folder in path.folders().rev() {
            if self.check(&path, folder, true)? {
                break;
            }
            fresh.push(folder.to_owned());
        }
        for folder in fresh {
            self.spell(&folder);
            self.folders.insert(folder);
        }
        self.spell(path.as_str());
        match self.files.entry(path) {
            btree_map::Entry::Occupied(taken) => Err(TreeError::Twice { path: taken.key().clone() }),
            btree_map::Entry::Vacant(place) => {
                place.insert(bytes);
                Ok(())
            }
        }
    }

    /// Whether `part` (`path` itself or a folder above it) is there already in the same spelling and role.
    fn check(&self, path: &RelPath, part: &str, folder: bool) -> Result<bool, TreeError> {
        let Some(other) = self.spelling(part) else {
            return Ok(false);
        };
        if other == part && folder && self.folders.contains(part) {
            return Ok(true);
        }
        let (path, other) = (path.clone(), other.to_owned());
        Err(match (other == part, self.files.contains_key(part)) {
            (false, _) => TreeError::Folds { path, other },
            (true, true) if !folder => TreeError::Twice { path },
            (true, _) => TreeError::FileAndFolder { path, other },
        })
    }

    /// The path in the tree that folds as `part` does.
    fn spelling(&self, part: &str) -> Option<&str> {
        let folded = fold(part);
        let spelled = self.spelled.get(folded.as_ref()).map(String::as_str);
        let file = || self.files.get_key_value(folded.as_ref()).map(|(path, _)| path.as_str());
        spelled.or_else(|| self.folders.get(folded.as_ref()).map(String::as_str)).or_else(file)
    }

    fn spell(&mut self, part: &str) {
        if let Cow::Owned(folded) = fold(part) {
            self.spelled.insert(folded, part.to_owned());
        }
    }

    /// The bytes of a file.
    pub fn get(&self, path: &str) -> Option<&[u8]> {
        self.files.get(path).map(Vec::as_slice)
    }

    /// Whether the tree has this file.
    pub fn contains(&self, path: &str) -> bool {
        self.files.contains_key(path)
    }

    /// Whether `path` is a folder above some file of the tree.
    pub fn has_folder(&self, path: &str) -> bool {
        self.folders.contains(path)
    }

    /// All files, sorted by path.
    pub fn iter(&self) -> btree_map::Iter<'_, RelPath, Vec<u8>> {
        self.files.iter()
    }

    /// How many files there are.
    pub fn len(&self) -> usize {
        self.files.len()
    }

    /// Whether there is no file.
    pub fn is_empty(&self) -> bool {
        self.files.is_empty()
    }
}

impl<'t> IntoIterator for &'t Tree {
    type Item = (&'t RelPath, &'t Vec<u8>);
    type IntoIter = btree_map::Iter<'t, RelPath, Vec<u8>>;

    fn into_iter(self) -> Self::IntoIter {
        self.iter()
    }
}

/// A file that a [`Tree`] does not take.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum TreeError {
    /// The tree has a file of that path.
    Twice {
        /// The path.
        path: RelPath,
    },
    /// A file or folder of the tree differs from the path, or from a folder above it, in upper and lower case only.
    Folds {
        /// The path that was to be added.
        path: RelPath,
        /// What the tree has.
        other: String,
    },
    /// The path is a folder of the tree, or runs through one of its files.
    FileAndFolder {
        /// The path that was to be added.
        path: RelPath,
        /// What the tree has.
        other: String,
    },
    /// The path is the ledger's.
    Ledger {
        /// The path.
        path: RelPath,
    },
}

impl fmt::Display for TreeError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Twice { path } => write!(f, "two outputs have the path `{path}`"),
            Self::Folds { path, other } => write!(
                f,
                "outputs `{path}` and `{other}` differ in upper and lower case only, so they are the same file on \
                 macOS and Windows"
            ),
            Self::FileAndFolder { path, other } => {
                write!(f, "output `{path}` needs `{other}` to be both a file and a folder")
            }
            Self::Ledger { path } => write!(f, "output `{path}` has the name of the ledger"),
        }
    }
}

impl std::error::Error for TreeError {}

#[cfg(test)]
mod tests {
    use super::*;

    fn path(text: &str) -> RelPath {
        RelPath::new(text).unwrap()
    }

    fn tree(paths: &[&str]) -> Result<Tree, TreeError> {
        let mut tree = Tree::new();
        for text in paths {
            tree.insert(path(text), Vec::new())?;
        }
        Ok(tree)
    }

    #[test]
    fn good_paths() {
        for text in
            ["REPORT.md", "a/b-c/d_1.yaml", "chart/orders/Chart.yaml", "com10/console/nulls.yaml", "a..b"]
        {
            assert_eq!(path(text).as_str(), text);
        }
    }

    #[test]
    fn bad_paths() {
        let long = "x".repeat(256);
        let deep = ["abc"; 300].join("/");
        for text in [
            "",
            "/",
            "/etc/passwd",
            "a/",
            "a//b",
            ".",
            "..",
            "../x",
            "a/../b",
            "a/./b",
            ".git/config",
            "-rf",
            "a.",
            "a b",
            "a\\b",
            "c:",
            "c:/x",
            "a\0b",
            "a\nb",
            "é",
            "a\u{202e}b",
            "~/x",
            "$HOME",
            "a*",
            "%2e%2e/x",
            "con",
            "a/NUL.txt",
            "Aux",
            "com1.yaml",
            "LPT9",
            "prn.tar.gz",
            &long,
            &deep,
        ] {
            assert!(RelPath::new(text).is_err(), "{text:?} was taken");
        }
    }

    #[test]
    fn parts_of_a_path() {
        let deep = path("a/b/c.yaml");
        assert_eq!(deep.folders().collect::<Vec<_>>(), ["a", "a/b"]);
        assert_eq!((deep.name(), deep.parent()), ("c.yaml", Some("a/b")));
        assert_eq!((path("c").name(), path("c").parent()), ("c", None));
    }

    #[test]
    fn collisions() {
        assert!(matches!(tree(&["a/b", "a/b"]), Err(TreeError::Twice { .. })));
        assert!(matches!(tree(&["a/b", "a/B"]), Err(TreeError::Folds { .. })));
        assert!(matches!(tree(&["a/b", "A/c"]), Err(TreeError::Folds { .. })));
        assert!(matches!(tree(&["x/a/b", "x/A"]), Err(TreeError::Folds { .. })));
        assert!(matches!(tree(&["a/b", "a"]), Err(TreeError::FileAndFolder { .. })));
        assert!(matches!(tree(&["a", "a/b/c"]), Err(TreeError::FileAndFolder { .. })));
        assert!(matches!(tree(&["Specc.lock"]), Err(TreeError::Ledger { .. })));
        assert!(tree(&["a/specc.lock", "a/b", "ab", "a-b/c"]).is_ok());
    }

    #[test]
    fn a_refused_insert_changes_nothing() {
        let mut tree = tree(&["a/b"]).unwrap();
        let before = tree.clone();
        assert!(tree.insert(path("A/x/y"), Vec::new()).is_err());
        assert_eq!(tree, before);
        assert!(tree.has_folder("a") && !tree.has_folder("a/b") && !tree.has_folder("A"));
    }
}
