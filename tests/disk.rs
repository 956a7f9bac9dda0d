//! Projects on disk for tests, and findings as lines of text.

use std::path::Path;

use specc::diagnostic::{Diagnostic, Sink};
use specc::source::SourceMap;

/// A folder with `files`: path and content.
#[expect(clippy::disallowed_methods, reason = "a test writes the project that it reads")]
pub(crate) fn folder<C: AsRef<[u8]>>(files: &[(&str, C)]) -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    for (path, content) in files {
        put(folder.path(), path, content.as_ref());
    }
    // So that no search goes above it.
    std::fs::create_dir_all(folder.path().join(".git")).unwrap();
    folder
}

/// Writes one file and the folders that it needs.
#[expect(clippy::disallowed_methods, reason = "a test writes the project that it reads")]
pub(crate) fn put(folder: &Path, path: &str, content: &[u8]) {
    let path = folder.join(path);
    std::fs::create_dir_all(path.parent().unwrap()).unwrap();
    std::fs::write(path, content).unwrap();
}

/// Removes one file.
#[expect(clippy::disallowed_methods, reason = "a test changes the project that it reads")]
pub(crate) fn remove(folder: &Path, path: &str) {
    std::fs::remove_file(folder.join(path)).unwrap();
}

/// Makes the folder a repository, or goes on with it, and commits all that is in it.
#[expect(clippy::disallowed_methods, reason = "a test of history needs one")]
pub(crate) fn commit(folder: &Path) {
    for arguments in [
        &["init", "-q"][..],
        &["add", "-A"],
        &["commit", "-q", "--no-gpg-sign", "--allow-empty", "-m", "as it was"],
    ] {
        let done = std::process::Command::new("git")
            .arg("-C")
            .arg(folder)
            .args([
                "-c",
                "user.name=specc",
                "-c",
                "user.email=specc@example.com",
                "-c",
                "core.hooksPath=/dev/null",
            ])
            .args(arguments)
            .output()
            .unwrap();
        assert!(done.status.success(), "{arguments:?}: {}", String::from_utf8_lossy(&done.stderr));
    }
}

/// One finding as `code place title`, further places after `<`, help after `?`.
pub(crate) fn line(diagnostic: &Diagnostic, sources: &SourceMap) -> String {
    let place = diagnostic.primary.as_ref().map(|label| sources.locate(label.place));
    let place = place.or_else(|| diagnostic.file.clone()).unwrap_or_default();
    let mut line = format!("{} {place} {}", diagnostic.code, diagnostic.title);
    for label in &diagnostic.context {
        line += " < ";
        line += &sources.locate(label.place);
    }
    line
}

/// All findings, sorted.
pub(crate) fn lines(sink: Sink, sources: &SourceMap) -> Vec<String> {
    sink.into_sorted(sources).iter().map(|d| line(d, sources)).collect()
}
