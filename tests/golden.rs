//! Whole projects and the exact bytes that they compile to.
//!
//! `environments/` is the example, with its output in `golden/example/`; `golden/cases/<name>/in` are small projects with
//! theirs in `golden/cases/<name>/out`. `SPECC_BLESS=1 cargo test golden` rewrites what is expected; a file that nothing
//! makes any more fails, and goes with the next blessing.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use specc::diagnostic::Sink;
use specc::diagnostic::render::{Format, render};
use specc::project::Wanted;
use specc::{Compilation, compile, emit};

use crate::bless;

/// Compiles all environments of a project that must be free of errors.
pub(crate) fn compiled(root: &Path) -> Compilation {
    let compiled = compile(root, Wanted::All, None);
    let found = render(&compiled.found, &compiled.sources, Format::Full, false, 110);
    assert!(!compiled.environments.is_empty(), "{} does not compile:\n{found}", root.display());
    compiled
}

/// Every file that a project's environments compile to, by path below the output folder.
fn output(compiled: &Compilation) -> BTreeMap<String, Vec<u8>> {
    let (mut files, mut sink) = (BTreeMap::new(), Sink::default());
    if let Some((folder, charts)) = emit::charts(&compiled.environments, &mut sink) {
        let put = |(path, bytes): (&specc::tree::RelPath, &Vec<u8>)| {
            (format!("{folder}/{}", path.as_str()), bytes.clone())
        };
        files.extend(charts.iter().map(put));
    }
    for environment in &compiled.environments {
        for (path, bytes) in &emit::environment(environment, &mut sink) {
            files.insert(format!("{}/{}", environment.name, path.as_str()), bytes.clone());
        }
    }
    let found = render(&sink.into_sorted(&compiled.sources), &compiled.sources, Format::Full, false, 110);
    assert!(found.is_empty(), "{found}");
    files
}

fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

#[test]
fn the_example_compiles_to_its_golden_files() {
    bless::folder(&root().join("golden/example"), &output(&compiled(&root().join("environments"))));
}

#[test]
fn every_case_compiles_to_its_golden_files() {
    let cases = bless::folders(&root().join("golden/cases"));
    assert!(!cases.is_empty(), "golden/cases holds no case");
    for case in cases {
        bless::folder(&case.join("out"), &output(&compiled(&case.join("in"))));
    }
}

#[test]
fn every_golden_object_is_one_of_the_official_types() {
    let compiled = compiled(&root().join("environments"));
    for (path, bytes) in output(&compiled) {
        let text = String::from_utf8(bytes).unwrap();
        if ["services", "namespaces"].contains(&path.split('/').nth(1).unwrap_or_default()) {
            crate::referee::check(&text).unwrap_or_else(|why| panic!("{path}: {why}"));
        }
    }
}
