//! Every documentation page is a test: its bad example makes its finding and shows it word for word, its good one none.
//!
//! `SPECC_BLESS=1 cargo test pages` writes the findings into the pages.

use std::collections::BTreeMap;
use std::path::Path;

use specc::check::CHECKS;
use specc::diagnostic::pages::{PAGES, Page};
use specc::diagnostic::render::{Format, render};
use specc::diagnostic::{Diagnostic, Severity};
use specc::project::Wanted;
use specc::{Options, compile_with};

use crate::bless;

/// The small project around every example.
const AROUND: &[(&str, &str)] = &[
    ("specc.toml", "spec = 1\n\n[project]\nname = \"shop\"\nenvironments = [\"dev\", \"prod\"]\n"),
    ("dev/environment.toml", "tier = \"dev\"\n"),
    (
        "prod/environment.toml",
        "tier = \"prod\"\n\n[platform]\ngateway = \"ingress/public\"\ngateway_listeners = { https = \"https\" }\nsecret_store = \"vault\"\nobject_store = { url = \"s3://shop\" }\nadd_ons = [\"cnpg\", \"barman-cloud\"]\n\
         api_server = { cidrs = [\"10.0.0.1/32\"] }\n",
    ),
    (
        "services/shop.toml",
        "spec = 1\n\n[service]\nname = \"shop\"\n\n[runtime]\nimage = \"registry.example.com/shop\"\napp = \"shop.main:app\"\n",
    ),
];

/// Repository and tag of what the lock of both environments knows.
const LOCKED: &[(&str, &str)] = &[
    ("registry.example.com/shop", "1.4.2"),
    ("registry.example.com/cart", "0.9.1"),
    ("registry.example.com/gift-cards", "0.9.1"),
    ("registry.example.com/settings", "0.9.1"),
    ("docker.io/library/redis", "8.2-bookworm"),
    ("ghcr.io/cloudnative-pg/postgresql", "18.1-standard-trixie"),
];

fn lock() -> String {
    let digest = "0123456789abcdef".repeat(4);
    let line = |(image, tag): &(&str, &str)| {
        format!("\"{image}\" = {{ tag = \"{tag}\", digest = \"sha256:{digest}\" }}\n")
    };
    format!("[images]\n{}", LOCKED.iter().map(line).collect::<String>())
}

/// The findings of the small project with `files` in it, and how they are shown.
pub(crate) fn findings(files: &[(&str, &str)], as_of: Option<&str>) -> (Vec<Diagnostic>, String) {
    let root = tempfile::tempdir().unwrap();
    around(root.path(), files);
    shown(root.path(), Options { as_of, explain: true, since: None })
}

/// The findings of the small project with `files` in it, compared with a revision of it with `before` in it.
pub(crate) fn findings_since(before: &[(&str, &str)], files: &[(&str, &str)]) -> (Vec<Diagnostic>, String) {
    let root = tempfile::tempdir().unwrap();
    around(root.path(), before);
    crate::disk::commit(root.path());
    for (path, _) in before {
        crate::disk::remove(root.path(), path);
    }
    around(root.path(), files);
    shown(root.path(), Options { as_of: None, explain: true, since: Some("HEAD") })
}

fn shown(root: &Path, options: Options<'_>) -> (Vec<Diagnostic>, String) {
    let compiled = compile_with(root, Wanted::All, options);
    let shown = render(&compiled.found, &compiled.sources, Format::Full, false, 100);
    (compiled.found, shown)
}

/// Writes the small project with `files` in it.
fn around(root: &Path, files: &[(&str, &str)]) {
    let lock = lock();
    let mut all: BTreeMap<&str, &str> = AROUND.iter().copied().collect();
    for path in ["dev/images.lock", "staging/images.lock", "prod/images.lock"] {
        all.insert(path, &lock);
    }
    all.extend(files.iter().copied());
    for (path, text) in all {
        crate::disk::put(root, path, text.as_bytes());
    }
}

/// Runs the example of a page; the result is what is wrong with the page.
fn judge(page: &Page, path: &Path, severity: Option<Severity>) -> Result<(), String> {
    let code = page.code;
    let Some(example) = page.example() else { return Ok(()) };
    let judged = |files: &[(&str, &str)]| match example.before.as_slice() {
        [] => findings(files, None),
        before => findings_since(before, files),
    };
    let (found, shown) = judged(&example.bad);
    if found.is_empty() || found.iter().any(|finding| finding.code != code) {
        return Err(format!("{code}: the bad example should show this code alone:\n{shown}"));
    }
    if let Some(finding) = found.iter().find(|finding| severity.is_some_and(|s| finding.severity != s)) {
        return Err(format!("{code}: {:?} instead of {severity:?}", finding.severity));
    }
    if let Some(finding) = found.iter().find(|finding| finding.primary.is_none() && finding.file.is_none()) {
        return Err(format!("{code}: without a place: {}", finding.title));
    }
    let (_, better) = judged(&example.good);
    if !better.is_empty() {
        return Err(format!("{code}: the good example has findings:\n{better}"));
    }
    bless::file(path, &page.blessed(&shown));
    Ok(())
}

fn judge_all<'p>(pages: impl Iterator<Item = (&'p Page, String, Option<Severity>)>) {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let wrong: Vec<String> =
        pages.filter_map(|(page, path, level)| judge(page, &root.join(path), level).err()).collect();
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn pages_of_checks_show_what_the_checks_find() {
    judge_all(
        CHECKS
            .iter()
            .map(|check| (&check.page, format!("src/check/{}.md", check.slug), Some(check.level.severity()))),
    );
}

#[test]
fn pages_of_other_codes_show_their_findings() {
    judge_all(PAGES.iter().map(|page| (page, format!("src/diagnostic/pages/{}.md", page.code), None)));
}
