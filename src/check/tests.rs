//! The registry of checks equals the files, and every page has the format.

use std::collections::BTreeSet;
use std::path::Path;

use super::*;
use crate::diagnostic::pages::tests::assert_format;

/// The slugs of the pages in `src/check`, sorted.
#[expect(clippy::disallowed_methods, reason = "the test compares the table with the folder")]
fn files(ending: &str) -> BTreeSet<String> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/check");
    let names =
        std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap());
    names.filter_map(|name| Some(name.strip_suffix(ending)?.replace('_', "-"))).collect()
}

#[test]
fn the_registry_holds_every_file_in_order() {
    let pages = files(".md");
    let line = |slug: &String| format!("mod {0};    super::{0}::CHECK,", slug.replace('-', "_"));
    let table: Vec<String> = CHECKS.iter().map(|check| check.slug.to_owned()).collect();
    let known: BTreeSet<String> = table.iter().cloned().collect();
    let missing: Vec<String> = pages.difference(&known).map(line).collect();
    assert!(missing.is_empty(), "add to src/check.rs and src/check/registry.rs:\n{}", missing.join("\n"));
    let pageless: Vec<&String> = known.difference(&pages).collect();
    assert!(pageless.is_empty(), "write `src/check/<slug>.md` for {pageless:?}");
    let codeless: Vec<String> = known.difference(&files(".rs")).cloned().collect();
    assert!(codeless.is_empty(), "the code of a check stands in a file of its name: {codeless:?}");
    assert!(table.is_sorted(), "sort src/check/registry.rs by slug");
}

#[test]
fn pages_have_the_format() {
    for check in CHECKS {
        assert_format(&check.page);
    }
}

#[test]
fn no_code_has_two_pages() {
    for check in CHECKS {
        assert_eq!(check.page.code, check.slug);
        assert_eq!(crate::diagnostic::pages::page(check.slug), None, "{}", check.slug);
        assert_eq!(super::check(check.slug).map(Check::summary), Some(check.summary()));
    }
}
