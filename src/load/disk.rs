//! Reading the disk: regular files and folders at or below one root, never through a link that leaves it.
//!
//! On Linux the kernel resolves a path beneath the root (`openat2` with `RESOLVE_BENEATH`), so no race with a link can
//! win. Where it cannot, because the system call is missing or a link is absolute, the canonical path decides.

use std::fs::File;
use std::io::{self, Read};
use std::path::{Component, Path, PathBuf};

use super::limits;
use crate::diagnostic::Diagnostic;

/// Why something was not read.
#[derive(Debug)]
pub(super) enum Refusal {
    /// larger than one file may be; its size in bytes as far as known
    TooLarge(u64),
    /// a folder with too many entries
    TooMany,
    /// not at or below the root
    Outside,
    /// what it is instead of a file
    NotRegular(&'static str),
    /// a file where a folder was asked for
    NotFolder,
    /// a name that is not UTF-8, with the bad parts replaced
    Name(String),
    /// the system says no
    Io(io::Error),
}

/// The folder that everything is read from.
#[derive(Debug)]
pub(super) struct Root {
    path: PathBuf,
    #[cfg(target_os = "linux")]
    folder: rustix::fd::OwnedFd,
}

impl Root {
    pub(super) fn open(path: &Path) -> io::Result<Self> {
        let path = path.canonicalize()?;
        #[cfg(target_os = "linux")]
        let folder = {
            use rustix::fs::{Mode, OFlags};
            let flags = OFlags::PATH | OFlags::DIRECTORY | OFlags::CLOEXEC;
            rustix::fs::open(&path, flags, Mode::empty())?
        };
        Ok(Root {
            path,
            #[cfg(target_os = "linux")]
            folder,
        })
    }

    pub(super) fn path(&self) -> &Path {
        &self.path
    }

    /// The bytes of the regular file at `path`, which is normalised.
    pub(super) fn read(&self, path: &str) -> Result<Vec<u8>, Refusal> {
        let file = self.open_file(path)?;
        let metadata = file.metadata().map_err(Refusal::Io)?;
        if let Some(what) = irregular(&metadata) {
            return Err(Refusal::NotRegular(what));
        }
        let size = metadata.len();
        if size > limits::FILE {
            return Err(Refusal::TooLarge(size));
        }
        let mut bytes = Vec::with_capacity(usize::try_from(size).unwrap_or(0) + 1);
        file.take(limits::FILE + 1).read_to_end(&mut bytes).map_err(Refusal::Io)?;
        // The file may have grown since its size was asked for.
        if bytes.len() as u64 > limits::FILE {
            return Err(Refusal::TooLarge(bytes.len() as u64));
        }
        Ok(bytes)
    }

    #[cfg(target_os = "linux")]
    fn open_file(&self, path: &str) -> Result<File, Refusal> {
        use rustix::fs::{Mode, OFlags, ResolveFlags};
        use rustix::io::Errno;
        // NONBLOCK: opening a named pipe must not wait for a writer.
        let flags = OFlags::RDONLY | OFlags::NONBLOCK | OFlags::NOCTTY | OFlags::CLOEXEC;
        let resolve = ResolveFlags::BENEATH | ResolveFlags::NO_MAGICLINKS;
        match rustix::fs::openat2(&self.folder, path, flags, Mode::empty(), resolve) {
            Ok(fd) => Ok(File::from(fd)),
            Err(error @ (Errno::NOENT | Errno::ACCESS | Errno::NOTDIR | Errno::NAMETOOLONG)) => {
                Err(Refusal::Io(error.into()))
            }
            Err(_) => self.open_canonical(path),
        }
    }

    #[cfg(not(target_os = "linux"))]
    fn open_file(&self, path: &str) -> Result<File, Refusal> {
        self.open_canonical(path)
    }

    /// Opens by canonical path: for absolute links inside the project and for systems without `openat2`.
    fn open_canonical(&self, path: &str) -> Result<File, Refusal> {
        let canonical = self.canonical(path)?;
        // Asked before opening, since opening a socket or a device is an error or has effects.
        if let Some(what) = irregular(&canonical.symlink_metadata().map_err(Refusal::Io)?) {
            return Err(Refusal::NotRegular(what));
        }
        let mut options = std::fs::OpenOptions::new();
        options.read(true);
        #[cfg(unix)]
        {
            use std::os::unix::fs::OpenOptionsExt;
            let flags = rustix::fs::OFlags::NONBLOCK | rustix::fs::OFlags::NOFOLLOW;
            options.custom_flags(i32::try_from(flags.bits()).unwrap_or(0));
        }
        options.open(canonical).map_err(Refusal::Io)
    }

    fn canonical(&self, path: &str) -> Result<PathBuf, Refusal> {
        let canonical = self.path.join(path).canonicalize().map_err(Refusal::Io)?;
        if canonical.starts_with(&self.path) { Ok(canonical) } else { Err(Refusal::Outside) }
    }

    /// Names in the folder `path`, sorted, without hidden ones (editors keep backups and locks under such names).
    #[expect(clippy::disallowed_methods, reason = "`load` is the stage that reads the disk")]
    pub(super) fn list(&self, path: &str) -> Result<Vec<String>, Refusal> {
        let path = normalise(path).ok_or(Refusal::Outside)?;
        let canonical = self.canonical(&path)?;
        if !canonical.is_dir() {
            return Err(Refusal::NotFolder);
        }
        let mut names = Vec::new();
        for entry in std::fs::read_dir(canonical).map_err(Refusal::Io)? {
            let name = entry.map_err(Refusal::Io)?.file_name();
            if name.as_encoded_bytes().starts_with(b".") {
                continue;
            }
            if names.len() >= limits::FILES {
                return Err(Refusal::TooMany);
            }
            names.push(name.into_string().map_err(|n| Refusal::Name(n.to_string_lossy().into_owned()))?);
        }
        names.sort_unstable();
        Ok(names)
    }
}

/// What it is when it is no regular file.
fn irregular(metadata: &std::fs::Metadata) -> Option<&'static str> {
    let kind = metadata.file_type();
    if kind.is_file() {
        return None;
    }
    if kind.is_dir() {
        return Some("a folder");
    }
    #[cfg(unix)]
    {
        use std::os::unix::fs::FileTypeExt;
        if kind.is_fifo() {
            return Some("a named pipe");
        }
        if kind.is_socket() {
            return Some("a socket");
        }
    }
    Some("a device")
}

/// `path` without `.`, `..` and doubled or trailing `/`; none when it is absolute, leaves the root, or is empty of names
/// that a system could open.
pub(super) fn normalise(path: &str) -> Option<String> {
    let mut parts = Vec::new();
    for part in Path::new(path).components() {
        match part {
            Component::Normal(part) => parts.push(part.to_str()?),
            Component::CurDir => {}
            Component::ParentDir => {
                parts.pop()?;
            }
            Component::RootDir | Component::Prefix(_) => return None,
        }
    }
    Some(if parts.is_empty() { ".".to_owned() } else { parts.join("/") })
}

/// Walks up from `start`, which need not exist, to the first folder that has an entry `name`; never above the first
/// folder with an entry `.git`.
///
/// # Errors
/// The way up from `start` cannot be followed.
pub fn find_up(start: &Path, name: &str) -> Result<Option<PathBuf>, Box<Diagnostic>> {
    let existing = nearest_existing(start)
        .map_err(|error| Box::new(super::refused(&start.display().to_string(), Refusal::Io(error))))?;
    for folder in existing.ancestors() {
        if folder.is_dir() {
            if exists(&folder.join(name)) {
                return Ok(Some(folder.to_owned()));
            }
            if exists(&folder.join(".git")) {
                break;
            }
        }
    }
    Ok(None)
}

/// Whether something, a link to nothing included, stands at `path`.
pub fn exists(path: &Path) -> bool {
    path.symlink_metadata().is_ok()
}

/// The path of `given` (absolute, or relative to the working directory) from `root`, with `/`; none when it does not
/// exist or stands elsewhere.
pub fn inside(root: &Path, given: &str) -> Option<String> {
    let canonical = Path::new(given).canonicalize().ok()?;
    let relative = canonical.strip_prefix(root).ok()?.to_str()?;
    normalise(relative)
}

fn nearest_existing(start: &Path) -> io::Result<PathBuf> {
    let mut at = start;
    loop {
        let path = if at.as_os_str().is_empty() { Path::new(".") } else { at };
        match path.canonicalize() {
            Err(error) if error.kind() == io::ErrorKind::NotFound => match at.parent() {
                Some(parent) if !at.as_os_str().is_empty() => at = parent,
                _ => return Err(error),
            },
            other => return other,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_are_normalised_and_never_leave_the_root() {
        for (path, expected) in [
            ("a/b", Some("a/b")),
            ("./a//b/", Some("a/b")),
            ("a/../b", Some("b")),
            ("", Some(".")),
            (".", Some(".")),
            ("..", None),
            ("a/../../b", None),
            ("/etc/passwd", None),
        ] {
            assert_eq!(normalise(path).as_deref(), expected, "{path}");
        }
    }

    #[test]
    fn both_ways_to_open_agree() {
        let folder = tempfile::tempdir().unwrap();
        let root = Root::open(folder.path()).unwrap();
        let inside = folder.path().join("sub");
        rustix::fs::mkdir(&inside, rustix::fs::Mode::RWXU).unwrap();
        std::os::unix::fs::symlink(&inside, folder.path().join("absolute")).unwrap();
        std::os::unix::fs::symlink("/etc/hostname", folder.path().join("out")).unwrap();
        for path in ["sub", "absolute", "out", "none"] {
            let show = |r: Result<File, Refusal>| match r {
                Ok(file) => format!("{:?}", irregular(&file.metadata().unwrap())),
                Err(Refusal::NotRegular(what)) => format!("{:?}", Some(what)),
                Err(other) => format!("{other:?}"),
            };
            assert_eq!(show(root.open_file(path)), show(root.open_canonical(path)), "{path}");
        }
    }
}
