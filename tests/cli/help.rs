//! `docs/cli/` is what `--help` prints: the reference of the command line.

use std::collections::BTreeMap;
use std::path::Path;

use crate::bless;
use crate::specc::{run, specc, stdout};

#[test]
fn the_reference_is_what_help_prints() {
    let here = Path::new(".");
    let mut pages = BTreeMap::new();
    pages.insert("specc.txt".to_owned(), stdout(here, ["--help"], 0));
    for command in specc::cli::command().get_subcommands() {
        let name = command.get_name();
        let help = stdout(here, [name, "--help"], 0);
        assert_eq!(help, stdout(here, [name, "-h"], 0), "{name}: one help, short enough to read");
        assert!(
            help.lines().all(|line| line.chars().count() <= 100),
            "{name}: lines of 100 characters\n{help}"
        );
        pages.insert(format!("specc-{name}.txt"), help);
    }
    let pages = pages.into_iter().map(|(name, text)| (name, text.into_bytes())).collect();
    bless::folder(&Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/cli"), &pages);
}

#[test]
fn version_and_completions() {
    let here = Path::new(".");
    assert_eq!(stdout(here, ["--version"], 0), format!("specc {}\n", env!("CARGO_PKG_VERSION")));
    for shell in ["bash", "elvish", "fish", "powershell", "zsh"] {
        let script = stdout(here, ["completions", shell], 0);
        assert!(script.contains("specc") && script.contains("output-format"), "{shell}");
    }
    let nothing = run(specc(here, []));
    assert_eq!((nothing.code, nothing.out.as_str()), (Some(2), ""));
    assert!(nothing.err.contains("Usage: specc"));
}
