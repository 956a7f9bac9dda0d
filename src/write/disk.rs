//! Folders as open descriptors, and the only calls that change the disk.
//!
//! Everything goes by a name in an open folder, never by a longer path, and no call follows a link: what is swapped
//! for a link after we looked cannot lead us elsewhere (CVE-2022-21658, CVE-2025-53547). Nothing here knows ledgers.

use std::fs::File;
use std::io::{self, Read as _, Write as _};
use std::os::fd::OwnedFd;
use std::path::{Path, PathBuf};

use rustix::fs::{self, AtFlags, CWD, Dir, FileType, FlockOperation, Mode, OFlags, RenameFlags, Stat};
use rustix::io::Errno;

use super::error::{Action, Cause, Fault};

const FILE_MODE: u32 = 0o644;
const FOLDER_MODE: u32 = 0o755;
const PERMISSIONS: u32 = 0o777;

/// Asked before each call that changes the disk.
///
/// A build lets all of them pass ([`Proceed`]); tests use it to fail, or to die, at each single one.
pub trait Steps {
    /// A change of `name` in `folder` is next.
    ///
    /// # Errors
    /// The call is then not made and counts as failed with this error.
    fn step(&mut self, folder: &Path, name: &str) -> io::Result<()>;

    /// How many of the `len` bytes that are left of a file to write in one call.
    fn portion(&mut self, len: usize) -> usize {
        len
    }
}

/// Lets every step pass.
#[derive(Debug, Clone, Copy, Default)]
pub struct Proceed;

impl Steps for Proceed {
    fn step(&mut self, _folder: &Path, _name: &str) -> io::Result<()> {
        Ok(())
    }
}

/// An open folder, and its path for messages.
#[derive(Debug)]
pub(super) struct Folder {
    fd: OwnedFd,
    path: PathBuf,
}

/// What a name stands for.
#[derive(Debug)]
pub(super) enum Found {
    Missing,
    File(Box<File>, Box<Stat>),
    Folder,
    Symlink,
    Special,
}

impl Folder {
    /// Opens a path as the system resolves it, links included.
    pub(super) fn trusted(path: &Path) -> Result<Self, Fault> {
        let shown = path.to_path_buf();
        let path = if path.as_os_str().is_empty() { Path::new(".") } else { path };
        match fs::openat(CWD, path, folder_flags() - OFlags::NOFOLLOW, Mode::empty()) {
            Ok(fd) => Ok(Self { fd, path: shown }),
            Err(error) => Err(Fault::new(shown, Action::Read, error)),
        }
    }

    pub(super) fn path(&self) -> &Path {
        &self.path
    }

    pub(super) fn path_of(&self, name: &str) -> PathBuf {
        self.path.join(name)
    }

    fn fault(&self, name: &str, action: Action, error: impl Into<io::Error>) -> Fault {
        Fault::new(self.path_of(name), action, error)
    }

    /// Opens the folder `name`; `None` when nothing or something else is there.
    pub(super) fn open(&self, name: &str) -> Result<Option<Self>, Fault> {
        match fs::openat(&self.fd, name, folder_flags(), Mode::empty()) {
            Ok(fd) => Ok(Some(Self { fd, path: self.path_of(name) })),
            Err(Errno::NOENT | Errno::NOTDIR | Errno::LOOP) => Ok(None),
            Err(error) => Err(self.fault(name, Action::Read, error)),
        }
    }

    /// Opens the regular file `name`, or says what else is there. A FIFO is never waited for.
    pub(super) fn look(&self, name: &str) -> Result<Found, Fault> {
        let flags = OFlags::RDONLY | OFlags::NOFOLLOW | OFlags::NONBLOCK | OFlags::NOCTTY | OFlags::CLOEXEC;
        match fs::openat(&self.fd, name, flags, Mode::empty()) {
            Ok(fd) => {
                let stat = fs::fstat(&fd).map_err(|error| self.fault(name, Action::Read, error))?;
                Ok(match FileType::from_raw_mode(stat.st_mode) {
                    FileType::RegularFile => Found::File(Box::new(File::from(fd)), Box::new(stat)),
                    FileType::Directory => Found::Folder,
                    _ => Found::Special,
                })
            }
            Err(Errno::NOENT) => Ok(Found::Missing),
            // A link, a socket, or something that we may not read.
            Err(error) => match self.stat(name)?.map(|stat| FileType::from_raw_mode(stat.st_mode)) {
                None => Ok(Found::Missing),
                Some(FileType::Symlink) => Ok(Found::Symlink),
                Some(FileType::RegularFile | FileType::Directory) => {
                    Err(self.fault(name, Action::Read, error))
                }
                Some(_) => Ok(Found::Special),
            },
        }
    }

    /// Facts of `name` itself, also of a link.
    pub(super) fn stat(&self, name: &str) -> Result<Option<Stat>, Fault> {
        match fs::statat(&self.fd, name, AtFlags::SYMLINK_NOFOLLOW) {
            Ok(stat) => Ok(Some(stat)),
            Err(Errno::NOENT | Errno::NOTDIR) => Ok(None),
            Err(error) => Err(self.fault(name, Action::Read, error)),
        }
    }

    /// All names in the folder, sorted; a name that is not UTF-8 gets replacement characters, which no name of ours
    /// has.
    pub(super) fn names(&self) -> Result<Vec<String>, Fault> {
        let wrong = |error: Errno| Fault::new(self.path.clone(), Action::Read, error);
        let mut names = Vec::new();
        for entry in Dir::read_from(&self.fd).map_err(wrong)? {
            let name = entry.map_err(wrong)?.file_name().to_string_lossy().into_owned();
            if name != "." && name != ".." {
                names.push(name);
            }
        }
        names.sort();
        Ok(names)
    }

    /// The bytes of an opened file.
    pub(super) fn read(&self, name: &str, file: &mut File) -> Result<Vec<u8>, Fault> {
        let mut bytes = Vec::new();
        file.read_to_end(&mut bytes).map_err(|error| self.fault(name, Action::Read, error))?;
        Ok(bytes)
    }

    /// Takes the exclusive lock of this folder, which ends with the last descriptor of it, also by `kill -9`.
    pub(super) fn lock(&self) -> Result<(), Fault> {
        rustix::io::retry_on_intr(|| fs::flock(&self.fd, FlockOperation::LockExclusive))
            .map_err(|error| Fault::new(self.path.clone(), Action::Lock, error))
    }

    /// Takes the lock if nobody holds it.
    pub(super) fn try_lock(&self) -> bool {
        fs::flock(&self.fd, FlockOperation::NonBlockingLockExclusive).is_ok()
    }

    pub(super) fn facts(&self) -> Result<Stat, Fault> {
        fs::fstat(&self.fd).map_err(|error| Fault::new(self.path.clone(), Action::Read, error))
    }

    /// The same folder once more.
    pub(super) fn again(&self) -> Result<Self, Fault> {
        let fd = self.fd.try_clone().map_err(|error| Fault::new(self.path.clone(), Action::Read, error))?;
        Ok(Self { fd, path: self.path.clone() })
    }
}

fn folder_flags() -> OFlags {
    OFlags::RDONLY | OFlags::DIRECTORY | OFlags::NOFOLLOW | OFlags::CLOEXEC
}

/// Whether both are facts of one and the same unchanged file.
pub(super) fn same_file(a: &Stat, b: &Stat) -> bool {
    same_inode(a, b)
        && a.st_size == b.st_size
        && a.st_mtime == b.st_mtime
        && a.st_mtime_nsec == b.st_mtime_nsec
}

/// Whether both are facts of one and the same thing.
pub(super) fn same_inode(a: &Stat, b: &Stat) -> bool {
    a.st_dev == b.st_dev && a.st_ino == b.st_ino
}

/// Whether anybody may execute the file: the one part of a mode that git keeps, so the one that counts as a change.
pub(super) fn is_executable(stat: &Stat) -> bool {
    Mode::from_raw_mode(stat.st_mode).intersects(Mode::XUSR | Mode::XGRP | Mode::XOTH)
}

/// All changes of the disk, each after a step.
pub(super) struct Disk<'s> {
    steps: &'s mut dyn Steps,
    /// The first file got the mode that was asked for, so the next ones will: they all stand in one staging directory,
    /// and neither the umask nor the defaults that its folders inherit change meanwhile.
    modes_hold: bool,
}

impl<'s> Disk<'s> {
    pub(super) fn new(steps: &'s mut dyn Steps) -> Self {
        Self { steps, modes_hold: false }
    }

    fn step(&mut self, folder: &Folder, name: &str, action: Action) -> Result<(), Fault> {
        self.steps.step(&folder.path, name).map_err(|error| folder.fault(name, action, error))
    }

    /// Makes and opens the folder `name`; `None` when the name is taken.
    pub(super) fn make_folder(&mut self, parent: &Folder, name: &str) -> Result<Option<Folder>, Fault> {
        self.step(parent, name, Action::Create)?;
        let wrong = |error| parent.fault(name, Action::Create, error);
        match fs::mkdirat(&parent.fd, name, Mode::from_raw_mode(FOLDER_MODE)) {
            Ok(()) => {}
            Err(Errno::EXIST) => return Ok(None),
            Err(error) => return Err(wrong(error)),
        }
        let fd = fs::openat(&parent.fd, name, folder_flags(), Mode::empty()).map_err(wrong)?;
        set_mode(&fd, FOLDER_MODE).map_err(wrong)?;
        Ok(Some(Folder { fd, path: parent.path_of(name) }))
    }

    /// Makes the file `name`, which must not exist, with mode 0644 whatever the umask.
    pub(super) fn make_file(&mut self, folder: &Folder, name: &str, bytes: &[u8]) -> Result<(), Fault> {
        self.step(folder, name, Action::Create)?;
        let wrong = |error| folder.fault(name, Action::Create, error);
        let flags = OFlags::WRONLY | OFlags::CREATE | OFlags::EXCL | OFlags::NOFOLLOW | OFlags::CLOEXEC;
        let fd = fs::openat(&folder.fd, name, flags, Mode::from_raw_mode(FILE_MODE)).map_err(wrong)?;
        if !self.modes_hold {
            self.modes_hold = set_mode(&fd, FILE_MODE).map_err(wrong)?;
        }
        let mut file = File::from(fd);
        let mut rest = bytes;
        while !rest.is_empty() {
            self.step(folder, name, Action::Write)?;
            let (now, later) = rest.split_at(self.steps.portion(rest.len()).clamp(1, rest.len()));
            file.write_all(now).map_err(|error| folder.fault(name, Action::Write, error))?;
            rest = later;
        }
        Ok(())
    }

    /// Moves a file or folder over whatever file or empty folder has the new name.
    pub(super) fn replace(&mut self, from: (&Folder, &str), to: (&Folder, &str)) -> Result<(), Fault> {
        self.step(to.0, to.1, Action::Move)?;
        fs::renameat(&from.0.fd, from.1, &to.0.fd, to.1)
            .map_err(|error| to.0.fault(to.1, Action::Move, error))
    }

    /// Moves a file to a name that nothing has.
    pub(super) fn place(&mut self, from: (&Folder, &str), to: (&Folder, &str)) -> Result<(), Fault> {
        self.step(to.0, to.1, Action::Move)?;
        match rename_no_replace(from, to) {
            Ok(()) => Ok(()),
            Err(Errno::EXIST) => {
                Err(Fault { path: to.0.path_of(to.1), action: Action::Move, cause: Cause::Changed })
            }
            Err(error) => Err(to.0.fault(to.1, Action::Move, error)),
        }
    }

    /// Gives a file a second name; false when the file system has no such thing.
    pub(super) fn link(&mut self, from: (&Folder, &str), to: (&Folder, &str)) -> Result<bool, Fault> {
        self.step(to.0, to.1, Action::Create)?;
        match fs::linkat(&from.0.fd, from.1, &to.0.fd, to.1, AtFlags::empty()) {
            Ok(()) => Ok(true),
            Err(
                Errno::PERM | Errno::OPNOTSUPP | Errno::NOSYS | Errno::MLINK | Errno::XDEV | Errno::INVAL,
            ) => Ok(false),
            Err(error) => Err(to.0.fault(to.1, Action::Create, error)),
        }
    }

    /// Deletes a single file, link or the like; it need not exist.
    pub(super) fn delete(&mut self, folder: &Folder, name: &str) -> Result<(), Fault> {
        self.step(folder, name, Action::Delete)?;
        match fs::unlinkat(&folder.fd, name, AtFlags::empty()) {
            Ok(()) | Err(Errno::NOENT) => Ok(()),
            Err(error) => Err(folder.fault(name, Action::Delete, error)),
        }
    }

    /// Deletes a folder if it is there and empty, and says whether it did.
    pub(super) fn delete_empty(&mut self, parent: &Folder, name: &str) -> Result<bool, Fault> {
        self.step(parent, name, Action::Delete)?;
        match fs::unlinkat(&parent.fd, name, AtFlags::REMOVEDIR) {
            Ok(()) => Ok(true),
            // BUSY: something is mounted there.
            Err(Errno::NOENT | Errno::NOTEMPTY | Errno::EXIST | Errno::NOTDIR | Errno::BUSY) => Ok(false),
            Err(error) => Err(parent.fault(name, Action::Delete, error)),
        }
    }

    /// Brings everything written on the file system of `folder` to the device.
    pub(super) fn sync(&mut self, folder: &Folder) -> Result<(), Fault> {
        self.step(folder, "", Action::Sync)?;
        sync_file_system(&folder.fd).map_err(|error| Fault::new(folder.path.clone(), Action::Sync, error))
    }
}

/// The umask, and the defaults of some file systems, take bits away. Whether the mode was right already.
fn set_mode(fd: &OwnedFd, mode: u32) -> Result<bool, Errno> {
    if Mode::from_raw_mode(fs::fstat(fd)?.st_mode).bits() & PERMISSIONS == mode {
        return Ok(true);
    }
    fs::fchmod(fd, Mode::from_raw_mode(mode))?;
    Ok(false)
}

fn rename_no_replace(from: (&Folder, &str), to: (&Folder, &str)) -> Result<(), Errno> {
    match fs::renameat_with(&from.0.fd, from.1, &to.0.fd, to.1, RenameFlags::NOREPLACE) {
        // A file system or kernel without the flag: look first.
        Err(Errno::INVAL | Errno::NOSYS | Errno::OPNOTSUPP) => {
            match fs::statat(&to.0.fd, to.1, AtFlags::SYMLINK_NOFOLLOW) {
                Err(Errno::NOENT) => fs::renameat(&from.0.fd, from.1, &to.0.fd, to.1),
                Ok(_) => Err(Errno::EXIST),
                Err(error) => Err(error),
            }
        }
        result => result,
    }
}

#[cfg(target_os = "linux")]
fn sync_file_system(fd: &OwnedFd) -> Result<(), Errno> {
    fs::syncfs(fd)
}

#[cfg(not(target_os = "linux"))]
fn sync_file_system(fd: &OwnedFd) -> Result<(), Errno> {
    fs::fsync(fd).map(|()| fs::sync())
}
