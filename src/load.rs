//! STAGE 1: files to [`SourceMap`] and trees. The only reader of the disk, and the only parser of TOML.
//!
//! A [`Load`] reads regular files at or below one folder, the project's root, within the limits of [`limits`]. It
//! remembers each file's text for diagnostics and its digest for the ledger. It knows no key of any file.
//!
//! TOML is normalised before anything looks at it: a byte order mark is dropped and CRLF becomes LF, so a checkout with
//! other line ends has the same tree, the same places and the same digest.

mod definitions;
mod disk;
mod parse;
mod revision;
mod syntax;
mod unclosed;

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Arc;

use sha2::{Digest as _, Sha256};

use self::disk::{Refusal, Root};
pub use self::disk::{exists, find_up, inside};
use self::revision::Revision;
pub(crate) use self::revision::mistakes as mistakes_in_revision;
use crate::diagnostic::{Diagnostic, Sink};
use crate::node::Node;
use crate::source::{Place, SourceId, SourceMap};

/// What one run may read at most. Each breach is a finding that names its limit.
pub mod limits {
    /// bytes of one file
    pub const FILE: u64 = 1 << 20;
    /// bytes of all files
    pub const INPUT: u64 = 64 << 20;
    /// number of files, and of entries of one folder
    pub const FILES: usize = 10_000;
    /// levels of tables and arrays; below the 80 of the TOML parser, so that our message wins
    pub const NESTING: usize = 64;
    /// bytes of one string or key
    pub const STRING: usize = 64 << 10;
    /// items of one array
    pub const LIST: usize = 10_000;
    /// syntax errors shown of one file; the last one says how many more there are
    pub const SYNTAX_ERRORS: usize = 100;
}

/// sha256 of a file as read; of TOML after normalisation.
pub type Digest = [u8; 32];

/// A parsed TOML file.
#[derive(Clone, Debug)]
pub struct Tree {
    /// the file
    pub source: SourceId,
    /// its root table
    pub root: Node,
    /// the file had no syntax error: what the tree lacks is not in the file
    pub complete: bool,
}

fn file_too_large(path: &str, size: u64) -> Diagnostic {
    Diagnostic::failure("file-too-large", format!("`{path}` is too large: {size} bytes"))
        .file(path)
        .note("one file may have 1 MiB, so that a wrong file cannot exhaust the machine")
        .help("split it, or check that this is the file you meant")
}

fn too_many_files(path: &str) -> Diagnostic {
    Diagnostic::failure("too-many-files", "the project has too many files").file(path).note(format!(
        "one run reads at most {} files; `{path}` would be the next, and it and all later ones were not read",
        limits::FILES
    ))
}

fn input_too_large(path: &str) -> Diagnostic {
    Diagnostic::failure("input-too-large", "the files of the project are too large together").file(path).note(
        format!(
            "one run reads at most 64 MiB; `{path}` would exceed it, and it and all later files were not read"
        ),
    )
}

fn not_utf8(path: &str, bytes: &[u8], valid: usize) -> Diagnostic {
    let line = 1 + bytes.iter().take(valid).filter(|b| **b == b'\n').count();
    Diagnostic::error("not-utf8", format!("`{path}` is not UTF-8 text: line {line} has other bytes"))
        .file(path)
        .help("save the file with the encoding UTF-8")
}

fn refused(path: &str, refusal: Refusal) -> Diagnostic {
    match refusal {
        Refusal::TooLarge(size) => file_too_large(path, size),
        Refusal::TooMany => too_many_files(path),
        Refusal::Outside => outside_project(path),
        Refusal::NotRegular(what) => {
            Diagnostic::failure("not-a-regular-file", format!("`{path}` is {what}, not a regular file"))
                .file(path)
                .help("put a file with text in its place, or remove it")
        }
        Refusal::NotFolder => Diagnostic::failure("not-a-folder", format!("`{path}` is not a folder"))
            .file(path)
            .help("give the path of a folder inside the project"),
        Refusal::Name(name) => {
            Diagnostic::error("not-utf8", format!("a file name in `{path}` is not UTF-8: `{name}`"))
                .file(path)
                .help("rename the file")
        }
        Refusal::Io(error) => {
            Diagnostic::failure("cannot-read", format!("cannot read `{path}`: {}", reason(&error)))
                .file(path)
                .help("check that it exists and that you may read it")
        }
    }
}

/// `path` leads out of the project, by itself or through a link.
pub(crate) fn outside_project(path: &str) -> Diagnostic {
    Diagnostic::failure("outside-project", format!("`{path}` leads out of the project"))
        .file(path)
        .note("specc reads only files at or below the folder of `specc.toml`, so that a build depends on nothing else")
        .help("move or copy what it names into the project")
}

/// An I/O error in words that do not depend on the system's language or numbering.
fn reason(error: &std::io::Error) -> String {
    use std::io::ErrorKind;
    match error.kind() {
        ErrorKind::NotFound => "it does not exist".into(),
        ErrorKind::PermissionDenied => "permission denied".into(),
        ErrorKind::NotADirectory => "a part of the path is not a folder".into(),
        kind => kind.to_string(),
    }
}

/// Reads the files of one project and remembers them.
#[derive(Debug)]
pub struct Load {
    files: Files,
    sources: SourceMap,
    digests: BTreeMap<SourceId, Digest>,
    ids: BTreeMap<String, SourceId>,
    /// content of the files that are no text
    binaries: BTreeMap<SourceId, Arc<[u8]>>,
    bytes: u64,
    /// a limit on all files was hit and reported
    full: bool,
}

/// Where files are read from.
#[derive(Debug)]
enum Files {
    /// the disk as it is
    Disk(Root),
    /// the project as it was
    Revision(Revision),
}

impl Files {
    fn root(&self) -> &Path {
        match self {
            Files::Disk(root) => root.path(),
            Files::Revision(revision) => revision.root(),
        }
    }

    /// What the revision is called, if it is one.
    fn revision(&self) -> Option<&str> {
        match self {
            Files::Disk(_) => None,
            Files::Revision(revision) => Some(revision.name()),
        }
    }

    fn read(&self, path: &str) -> Result<Vec<u8>, Refusal> {
        match self {
            Files::Disk(root) => root.read(path),
            Files::Revision(revision) => revision.read(path),
        }
    }

    fn list(&self, folder: &str) -> Result<Vec<String>, Refusal> {
        match self {
            Files::Disk(root) => root.list(folder),
            Files::Revision(revision) => revision.list(folder),
        }
    }

    fn has(&self, path: &str) -> bool {
        match self {
            Files::Disk(root) => root.path().join(path).symlink_metadata().is_ok(),
            Files::Revision(revision) => revision.has(path),
        }
    }
}

impl Load {
    /// Opens the project whose root is the folder `root`.
    ///
    /// # Errors
    /// The folder cannot be opened.
    pub fn open(root: &Path) -> Result<Self, Box<Diagnostic>> {
        let opened = Root::open(root).map_err(|e| refused(&root.display().to_string(), Refusal::Io(e)))?;
        Ok(Load::of(Files::Disk(opened), SourceMap::default()))
    }

    /// Opens the project at `root` as it was at a revision of its repository. Its files join `sources`, which come back with
    /// the refusal where there is one.
    ///
    /// # Errors
    /// There is no `git`, no repository or no such commit.
    pub fn open_revision(
        root: &Path,
        revision: &str,
        sources: SourceMap,
    ) -> Result<Self, (SourceMap, Box<Diagnostic>)> {
        match Revision::open(root, revision) {
            Ok(opened) => Ok(Load::of(Files::Revision(opened), sources)),
            Err(refused) => Err((sources, refused)),
        }
    }

    fn of(files: Files, sources: SourceMap) -> Self {
        Load {
            files,
            sources,
            digests: BTreeMap::new(),
            ids: BTreeMap::new(),
            binaries: BTreeMap::new(),
            bytes: 0,
            full: false,
        }
    }

    /// The project's root: absolute and without links.
    pub fn root(&self) -> &Path {
        self.files.root()
    }

    /// Every file read so far.
    pub fn sources(&self) -> &SourceMap {
        &self.sources
    }

    /// Ends reading and gives the sources.
    pub fn into_sources(self) -> SourceMap {
        self.sources
    }

    /// Path and digest of every file read so far, sorted by path.
    pub fn inputs(&self) -> Vec<(String, Digest)> {
        let digest = |(path, id): (&String, &SourceId)| Some((path.clone(), *self.digests.get(id)?));
        self.ids.iter().filter_map(digest).collect()
    }

    /// The digest of one file.
    pub fn digest(&self, id: SourceId) -> Option<Digest> {
        self.digests.get(&id).copied()
    }

    /// Names of the files and folders in `folder` (relative to the root), sorted, without hidden ones.
    ///
    /// # Errors
    /// The folder is outside the project, has too many entries, a name that is not UTF-8, or cannot be read.
    pub fn list(&self, folder: &str) -> Result<Vec<String>, Box<Diagnostic>> {
        self.files.list(folder).map_err(|r| Box::new(refused(folder, r)))
    }

    /// `path` relative to the root, without `.`, `..` and doubled or trailing `/`; `.` for the root itself, none when it
    /// leads out.
    pub fn normalise(path: &str) -> Option<String> {
        disk::normalise(path)
    }

    /// Whether something stands at `path` (relative to the root).
    pub fn has(&self, path: &str) -> bool {
        self.files.has(path)
    }

    /// Reads and parses one TOML file.
    pub fn read_toml(&mut self, path: &str, sink: &mut Sink) -> Option<Tree> {
        self.read_all(std::slice::from_ref(&path), sink).pop().flatten()
    }

    /// Reads and parses TOML files; answers and findings stand in the order of `paths`.
    pub fn read_all<P: AsRef<str>>(&mut self, paths: &[P], sink: &mut Sink) -> Vec<Option<Tree>> {
        let read = |path: &P| {
            let id = self.add(path.as_ref(), Form::Toml, sink)?;
            Some(parse::parse(id, self.sources.text(id), sink))
        };
        paths.iter().map(read).collect()
    }

    /// Reads a text file beside the spec, such as a manifest or a configuration file, byte for byte. `named` is the
    /// value in the spec that names it.
    pub fn read_text(&mut self, path: &str, named: Option<Place>, sink: &mut Sink) -> Option<SourceId> {
        let mut found = Sink::default();
        let id = self.add(path, Form::Verbatim, &mut found);
        self.tell(found, named, sink);
        id
    }

    /// Reads any file beside the spec, byte for byte. `named` is the value in the spec that names it.
    pub fn read_bytes(&mut self, path: &str, named: Option<Place>, sink: &mut Sink) -> Option<SourceId> {
        let mut found = Sink::default();
        let id = self.add(path, Form::Bytes, &mut found);
        self.tell(found, named, sink);
        id
    }

    /// The content of a file that is no UTF-8 text; its source has none.
    pub fn binary(&self, id: SourceId) -> Option<&Arc<[u8]>> {
        self.binaries.get(&id)
    }

    /// Hands on what was found about a file, with the place that names it.
    fn tell(&self, found: Sink, named: Option<Place>, sink: &mut Sink) {
        for diagnostic in found.into_sorted(&self.sources) {
            sink.push(match named {
                Some(place) => diagnostic.at(place, "named here"),
                None => diagnostic,
            });
        }
    }

    fn add(&mut self, path: &str, form: Form, sink: &mut Sink) -> Option<SourceId> {
        let Some(path) = disk::normalise(path) else {
            sink.push(outside_project(path));
            return None;
        };
        if let Some(id) = self.ids.get(&path) {
            return Some(*id);
        }
        if self.full {
            return None;
        }
        if self.ids.len() >= limits::FILES {
            self.full = true;
            sink.push(too_many_files(&path));
            return None;
        }
        let bytes = match self.files.read(&path) {
            Ok(bytes) => bytes,
            Err(refusal) => {
                sink.push(refused(&path, refusal));
                return None;
            }
        };
        self.bytes += bytes.len() as u64;
        if self.bytes > limits::INPUT {
            self.full = true;
            sink.push(input_too_large(&path));
            return None;
        }
        let (text, binary) = match form.text(bytes) {
            Ok(text) => (text, None),
            Err(error) if matches!(form, Form::Bytes) => (String::new(), Some(error.into_bytes())),
            Err(error) => {
                sink.push(not_utf8(&path, error.as_bytes(), error.utf8_error().valid_up_to()));
                return None;
            }
        };
        let digest = Sha256::digest(binary.as_deref().unwrap_or(text.as_bytes())).into();
        let id = self.sources.add_of(self.files.revision(), path.clone(), text);
        self.binaries.extend(binary.map(|bytes| (id, Arc::from(bytes))));
        self.digests.insert(id, digest);
        self.ids.insert(path, id);
        Some(id)
    }
}

/// How the bytes of a file become text.
#[derive(Clone, Copy)]
enum Form {
    Toml,
    /// text as it is
    Verbatim,
    /// text as it is, or else bytes
    Bytes,
}

impl Form {
    fn text(self, mut bytes: Vec<u8>) -> Result<String, std::string::FromUtf8Error> {
        if !matches!(self, Form::Toml) {
            return String::from_utf8(bytes);
        }
        if bytes.starts_with("\u{feff}".as_bytes()) {
            bytes.drain(.."\u{feff}".len());
        }
        let text = String::from_utf8(bytes)?;
        Ok(if text.contains('\r') { text.replace("\r\n", "\n") } else { text })
    }
}

/// Parses TOML text that is already in a [`SourceMap`], for texts that do not come from the disk.
pub fn parse(source: SourceId, text: &str, sink: &mut Sink) -> Tree {
    parse::parse(source, text, sink)
}
