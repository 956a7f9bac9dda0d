//! Files came out writable by others, or unreadable, by the umask of whoever ran the tool (CVE-2023-38497).

use std::collections::BTreeMap;
use std::process::Command;

use super::{Project, snapshot, tree};

/// Names the umask for the child process, in which alone it may be changed.
const VARIABLE: &str = "SPECC_TEST_UMASK";

fn modes() -> BTreeMap<String, u32> {
    let project = Project::new();
    project.build(&tree(&[("a/b", "1"), ("c", "1")])).unwrap();
    project.build(&tree(&[("a/b", "2"), ("d/e", "1")])).unwrap();
    snapshot(project.root()).into_iter().map(|(path, entry)| (path, entry.mode)).collect()
}

#[test]
fn modes_do_not_depend_on_it() {
    if let Ok(mask) = std::env::var(VARIABLE) {
        rustix::process::umask(rustix::fs::Mode::from_raw_mode(mask.parse().unwrap()));
        for (path, mode) in modes() {
            let folder = matches!(path.as_str(), "deploy" | "deploy/dev" | "deploy/dev/a" | "deploy/dev/d");
            assert_eq!(mode, if folder { 0o755 } else { 0o644 }, "{path}");
        }
        return;
    }
    for mask in [0o000, 0o022, 0o077, 0o027] {
        #[expect(clippy::disallowed_methods, reason = "this test again, under another mask")]
        let output = Command::new(std::env::current_exe().unwrap())
            .args(["--exact", "write::umask::modes_do_not_depend_on_it"])
            .env(VARIABLE, mask.to_string())
            .output()
            .unwrap();
        let text = String::from_utf8_lossy(&output.stdout);
        assert!(output.status.success() && text.contains("1 passed"), "{mask:o}: {text}");
    }
}
