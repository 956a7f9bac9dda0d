//! Expected files: compared with what is there, or rewritten under `SPECC_BLESS=1` (refused where `CI` is set).

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

/// Whether expected files are to be rewritten.
#[expect(clippy::disallowed_methods, reason = "blessing is asked for by a variable; no output depends on it")]
pub(crate) fn blessing() -> bool {
    let bless = std::env::var_os("SPECC_BLESS").is_some();
    assert!(!bless || std::env::var_os("CI").is_none(), "expected files are not rewritten in CI");
    bless
}

/// Demands that `folder` holds exactly `files`, or makes it so.
pub(crate) fn folder(folder: &Path, files: &BTreeMap<String, Vec<u8>>) {
    let there = read(folder);
    if blessing() {
        for path in there.keys().filter(|path| !files.contains_key(*path)) {
            remove(&folder.join(path));
        }
        for (path, bytes) in files.iter().filter(|(path, bytes)| there.get(*path) != Some(bytes)) {
            write(&folder.join(path), bytes);
        }
        return;
    }
    let hint = "run `SPECC_BLESS=1 cargo test` and read the diff";
    for path in there.keys() {
        assert!(files.contains_key(path), "{}/{path} is no longer made; {hint}", folder.display());
    }
    for (path, bytes) in files {
        let (expected, got) = (there.get(path), String::from_utf8_lossy(bytes));
        let Some(expected) = expected else { panic!("{}/{path} is missing; {hint}", folder.display()) };
        let expected = String::from_utf8_lossy(expected);
        snapbox::assert_data_eq!(got.as_ref(), snapbox::Data::text(expected.into_owned()).raw());
    }
}

/// Demands that `file` holds exactly `text`, or makes it so.
pub(crate) fn file(file: &Path, text: &str) {
    let (folder_of, name) = (file.parent().unwrap(), file.file_name().unwrap().to_str().unwrap());
    let there = read_one(file);
    if blessing() {
        if there.as_deref() != Some(text.as_bytes()) {
            write(file, text.as_bytes());
        }
        return;
    }
    let there = there.unwrap_or_else(|| panic!("{}/{name} is missing; bless it", folder_of.display()));
    snapbox::assert_data_eq!(text, snapbox::Data::text(String::from_utf8(there).unwrap()).raw());
}

/// The folders in `folder`, sorted.
pub(crate) fn folders(folder: &Path) -> Vec<PathBuf> {
    let mut folders: Vec<PathBuf> = entries(folder).into_iter().filter(|path| path.is_dir()).collect();
    folders.sort();
    folders
}

/// All files below `folder`, by path.
pub(crate) fn read(folder: &Path) -> BTreeMap<String, Vec<u8>> {
    fn visit(root: &Path, at: &Path, into: &mut BTreeMap<String, Vec<u8>>) {
        for path in entries(at) {
            if path.is_dir() {
                visit(root, &path, into);
            } else if let Some(bytes) = read_one(&path) {
                let name = path.strip_prefix(root).unwrap().to_str().unwrap().to_owned();
                into.insert(name, bytes);
            }
        }
    }
    let mut files = BTreeMap::new();
    visit(folder, folder, &mut files);
    files
}

/// What stands in a folder: names, and whether each is a folder itself; sorted.
pub(crate) fn names(folder: &Path) -> Vec<(String, bool)> {
    let name = |path: PathBuf| (path.file_name().unwrap().to_str().unwrap().to_owned(), path.is_dir());
    let mut names: Vec<_> = entries(folder).into_iter().map(name).collect();
    names.sort();
    names
}

/// The text of a file, if it is one.
pub(crate) fn text(file: &Path) -> Option<String> {
    String::from_utf8(read_one(file)?).ok()
}

#[expect(clippy::disallowed_methods, reason = "tests read expected files")]
fn entries(folder: &Path) -> Vec<PathBuf> {
    fs::read_dir(folder).map(|all| all.map(|entry| entry.unwrap().path()).collect()).unwrap_or_default()
}

#[expect(clippy::disallowed_methods, reason = "tests read expected files")]
fn read_one(path: &Path) -> Option<Vec<u8>> {
    fs::read(path).ok()
}

#[expect(clippy::disallowed_methods, reason = "blessing rewrites expected files")]
fn write(path: &Path, bytes: &[u8]) {
    fs::create_dir_all(path.parent().unwrap()).unwrap();
    fs::write(path, bytes).unwrap();
}

#[expect(clippy::disallowed_methods, reason = "blessing removes expected files that nothing makes any more")]
fn remove(path: &Path) {
    fs::remove_file(path).unwrap();
}
