//! What keeps the code in order and no compiler demands: layers, sizes, registries, words, links.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use crate::bless;

/// Which module may use which, in the order in which data flows: only what stands above. The root (`crate::Environment`
/// and its like) is `crate`.
const USES: &[(&str, &[&str])] = &[
    ("source", &[]),
    ("text", &[]),
    ("table", &["text"]),
    ("value", &[]),
    ("promql", &[]),
    ("secret", &["value"]),
    ("origin", &[]),
    ("diagnostic", &["source", "secret"]),
    ("node", &["source", "text", "table", "origin"]),
    ("walk", &["text", "value", "origin"]),
    ("api", &[]),
    ("k8s", &["text", "origin", "walk"]),
    ("load", &["source", "text", "table", "origin", "diagnostic", "node"]),
    ("project", &["source", "text", "diagnostic", "node", "load"]),
    ("merge", &["source", "text", "table", "diagnostic", "node"]),
    ("spec", &["text", "table", "value", "secret", "origin", "diagnostic", "node", "merge"]),
    ("attach", &["source", "text", "table", "value", "origin", "diagnostic", "node", "load", "spec"]),
    ("system", &["text", "value", "promql", "origin", "node", "spec", "attach"]),
    (
        "check",
        &[
            "source",
            "text",
            "value",
            "secret",
            "origin",
            "diagnostic",
            "node",
            "walk",
            "api",
            "k8s",
            "spec",
            "attach",
            "system",
        ],
    ),
    ("bundle", &["text", "origin", "k8s"]),
    ("link", &["text", "origin", "diagnostic", "walk", "system", "k8s", "bundle"]),
    (
        "lower",
        &[
            "text", "value", "promql", "origin", "node", "walk", "api", "k8s", "spec", "attach", "system",
            "bundle",
        ],
    ),
    ("tree", &[]),
    (
        "emit",
        &[
            "text",
            "value",
            "origin",
            "diagnostic",
            "walk",
            "api",
            "k8s",
            "spec",
            "system",
            "check",
            "bundle",
            "link",
            "lower",
            "tree",
            "crate",
        ],
    ),
    ("write", &["tree"]),
    (
        "explain",
        &["source", "text", "secret", "origin", "diagnostic", "node", "walk", "spec", "bundle", "crate"],
    ),
    ("inventory", &["source", "value", "secret", "origin", "diagnostic", "system", "crate"]),
    (
        "cli",
        &[
            "source",
            "text",
            "value",
            "diagnostic",
            "project",
            "spec",
            "system",
            "check",
            "tree",
            "emit",
            "write",
            "explain",
            "inventory",
            "crate",
        ],
    ),
];

/// Files that may be longer than 500 lines, with the reason.
const LONG: &[(&str, &str)] = &[];

fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

/// The text files of the repository below `folder`, by path; what is built or fetched is none of it.
fn texts(folder: &str) -> BTreeMap<String, String> {
    const SKIPPED: &[&str] = &[
        "target",
        ".git",
        "node_modules",
        "corpus",
        "artifacts",
        "environments/deploy",
        "environments/chart",
        "environments/values",
    ];
    fn visit(at: &Path, path: &str, into: &mut BTreeMap<String, String>) {
        for (name, is_folder) in bless::names(at) {
            let path = if path.is_empty() { name.clone() } else { format!("{path}/{name}") };
            let skipped = SKIPPED.iter().any(|skipped| path == *skipped || name == *skipped);
            if skipped {
                continue;
            } else if is_folder {
                visit(&at.join(&name), &path, into);
            } else if let Some(text) = bless::text(&at.join(&name)) {
                into.insert(path, text);
            }
        }
    }
    let mut texts = BTreeMap::new();
    visit(&root().join(folder), folder, &mut texts);
    assert!(!texts.is_empty(), "{folder} has no files");
    texts
}

fn is_rust(path: &str) -> bool {
    Path::new(path).extension().is_some_and(|extension| extension == "rs")
}

fn sources() -> BTreeMap<String, String> {
    texts("src").into_iter().filter(|(path, _)| is_rust(path)).collect()
}

/// The code of a file without comments and without its unit tests.
fn code(text: &str) -> String {
    let text = text.split("#[cfg(test)]\nmod tests {").next().unwrap();
    text.lines().filter(|line| !line.trim_start().starts_with("//")).map(|line| format!("{line}\n")).collect()
}

/// The first words of the paths that begin with `crate::`, braces opened.
fn crate_paths(code: &str) -> BTreeSet<String> {
    let word = |text: &str| text.chars().take_while(|c| c.is_alphanumeric() || *c == '_').collect::<String>();
    let mut words = BTreeSet::new();
    for rest in code.split("crate::").skip(1) {
        if let Some(list) = rest.strip_prefix('{') {
            let mut depth = 0;
            let list: String = list
                .chars()
                .take_while(|c| {
                    depth += i32::from(*c == '{') - i32::from(*c == '}');
                    depth >= 0
                })
                .collect();
            let mut at = 0;
            for (index, c) in list.char_indices().chain([(list.len(), ',')]) {
                depth = list[..index].matches('{').count() as i32 - list[..index].matches('}').count() as i32;
                if c == ',' && depth == 0 {
                    words.insert(word(list[at..index].trim()));
                    at = index + 1;
                }
            }
        } else {
            words.insert(word(rest));
        }
    }
    words
}

#[test]
fn data_flows_down_the_list_of_modules() {
    let library = bless::text(&root().join("src/lib.rs")).unwrap();
    let declared = |line: &str| {
        let line = line.strip_prefix("pub ").unwrap_or(line);
        line.strip_prefix("mod ").and_then(|rest| rest.strip_suffix(';')).map(str::to_owned)
    };
    let modules: Vec<String> = library.lines().filter_map(declared).collect();
    let table: Vec<&str> = USES.iter().map(|(module, _)| *module).collect();
    assert_eq!(modules, table, "the order of src/lib.rs and of this table");

    let mut used: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for (path, text) in sources() {
        let module = path.split('/').nth(1).unwrap().trim_end_matches(".rs").to_owned();
        if ["lib", "main"].contains(&module.as_str())
            || path.ends_with("/tests.rs")
            || path.contains("/tests/")
        {
            continue;
        }
        for word in crate_paths(&code(&text)) {
            let is_module = modules.contains(&word);
            let macro_of_itself = !is_module && word.starts_with(char::is_lowercase);
            if word != module && !macro_of_itself {
                used.entry(module.clone()).or_default().insert(if is_module {
                    word
                } else {
                    "crate".to_owned()
                });
            }
        }
    }
    for (index, (module, allowed)) in USES.iter().enumerate() {
        let used = used.remove(*module).unwrap_or_default();
        let allowed: BTreeSet<String> = allowed.iter().map(|allowed| (*allowed).to_owned()).collect();
        assert_eq!(used, allowed, "what `{module}` uses, and what it may use");
        let above = &table[..index];
        let up: Vec<_> = allowed.iter().filter(|a| *a != "crate" && !above.contains(&a.as_str())).collect();
        assert!(up.is_empty(), "`{module}` uses {up:?}, which stand below it");
    }
}

#[test]
fn every_file_can_be_read_in_one_sitting() {
    let files = texts("").into_iter().filter(|(path, _)| is_rust(path));
    let long: BTreeSet<String> =
        files.filter(|(_, text)| text.lines().count() > 500).map(|(path, _)| path).collect();
    let known: BTreeSet<String> = LONG.iter().map(|(path, _)| (*path).to_owned()).collect();
    assert_eq!(long, known, "files of more than 500 lines, and those that may have more");
}

#[test]
fn nothing_is_left_for_later() {
    let words = [concat!("to", "do"), concat!("fix", "me"), concat!("x", "xx")];
    let calls = [concat!("db", "g!("), concat!("unimp", "lemented!("), concat!("#[ig", "nore")];
    for (path, text) in texts("") {
        let is_code =
            ["rs", "py", "sh", "toml", "mjs", "md", "go"].iter().any(|e| path.ends_with(&format!(".{e}")));
        for (number, line) in text.lines().enumerate().filter(|_| is_code) {
            let lower = line.to_lowercase();
            let left = words.iter().any(|word| {
                lower.split(|c: char| !c.is_alphanumeric()).any(|w| w == *word) && !line.contains("kube-")
            }) || calls.iter().any(|call| line.contains(call));
            let of_lint = path == "Cargo.toml" && line.starts_with(words[0]);
            assert!(!left || of_lint, "{path}:{}: {line}", number + 1);
        }
    }
}

#[test]
fn every_rule_is_used() {
    let sources = sources();
    let rules = &sources["src/origin/rules.rs"];
    let names: Vec<&str> = rules
        .lines()
        .filter_map(|line| line.trim_start().split_once(" = \""))
        .map(|(name, _)| name)
        .filter(|name| name.chars().all(|c| c.is_ascii_uppercase() || c.is_ascii_digit() || c == '_'))
        .collect();
    assert!(names.len() > 50, "{} rules", names.len());
    let others: String =
        sources.iter().filter(|(path, _)| *path != "src/origin/rules.rs").map(|(_, t)| t.as_str()).collect();
    let words: BTreeSet<&str> = others.split(|c: char| !c.is_alphanumeric() && c != '_').collect();
    let unused: Vec<_> = names.iter().filter(|name| !words.contains(**name)).collect();
    assert!(unused.is_empty(), "no code uses {unused:?}: remove them from src/origin/rules.rs");
}

#[test]
fn every_code_has_a_page_and_every_page_a_code() {
    let pages: BTreeSet<&str> = specc::diagnostic::pages::PAGES.iter().map(|page| page.code).collect();
    let checks: BTreeSet<&str> = specc::check::CHECKS.iter().map(|check| check.slug).collect();
    let (mut codes, mut words) = (BTreeSet::new(), BTreeSet::new());
    for (path, text) in sources().iter().filter(|(path, _)| !path.ends_with("/tests.rs")) {
        let code = code(text);
        for call in ["error(", "deny(", "warning(", "failure("] {
            for rest in code.split(&format!("Diagnostic::{call}")).skip(1) {
                if let Some((slug, _)) =
                    rest.trim_start().strip_prefix('"').and_then(|rest| rest.split_once('"'))
                {
                    assert!(pages.contains(slug) || checks.contains(slug), "{path}: `{slug}` has no page");
                    codes.insert(slug.to_owned());
                }
            }
        }
        words.extend(code.split('"').map(str::to_owned));
    }
    assert!(codes.len() > 30, "{} codes", codes.len());
    let idle: Vec<_> = pages.iter().filter(|page| !words.contains(**page)).collect();
    assert!(idle.is_empty(), "no code reports {idle:?}");
}

#[test]
fn every_test_file_is_part_of_the_binary() {
    for (path, text) in texts("tests") {
        let stem =
            path.strip_suffix(".rs").filter(|stem| !stem.contains("acceptance") && *stem != "tests/main");
        let Some((folder, name)) = stem.and_then(|stem| stem.rsplit_once('/')) else { continue };
        let parents = match folder {
            "tests" => vec!["tests/main.rs".to_owned()],
            folder => vec![format!("{folder}.rs"), format!("{folder}/mod.rs")],
        };
        if name == "mod" || text.is_empty() {
            continue;
        }
        let wired = parents.iter().filter_map(|parent| bless::text(&root().join(parent))).any(|parent| {
            parent.lines().any(|line| line.trim_start_matches("pub(crate) ") == format!("mod {name};"))
        });
        assert!(wired, "{path} is not run: write `mod {name};` into {}", parents.join(" or "));
    }
}

#[test]
fn links_between_documents_lead_somewhere() {
    let documents =
        texts("").into_iter().filter(|(path, _)| path.ends_with(".md") && !path.starts_with("golden/"));
    let mut links = 0;
    for (path, text) in documents {
        let folder = root().join(&path).parent().unwrap().to_owned();
        for rest in text.split("](").skip(1) {
            let target = rest.split(')').next().unwrap();
            if target.starts_with("http") || target.starts_with("mailto:") {
                continue;
            }
            links += 1;
            let (file, anchor) = target.split_once('#').unwrap_or((target, ""));
            let file = if file.is_empty() { root().join(&path) } else { folder.join(file) };
            assert!(file.exists(), "{path}: `{target}` leads nowhere");
            if !anchor.is_empty() {
                let headings = bless::text(&file).unwrap();
                let found = headings.lines().any(|line| line.starts_with('#') && slug(line) == anchor);
                assert!(found, "{path}: `{target}` has no such heading");
            }
        }
    }
    assert!(links > 5, "{links} links");
}

/// What a heading is called in links.
fn slug(heading: &str) -> String {
    let text = heading.trim_start_matches('#').trim().to_lowercase();
    text.chars()
        .filter(|c| c.is_alphanumeric() || " -_".contains(*c))
        .map(|c| if c == ' ' { '-' } else { c })
        .collect()
}

#[test]
fn no_file_knows_the_machine_that_it_was_written_on() {
    let places = [concat!("/wo", "rk/"), concat!("/ro", "ot/"), concat!("/ho", "me/")];
    for (path, text) in texts("") {
        for place in places {
            // a word that goes on before it, such as an address, is no absolute path
            let found = text
                .match_indices(place)
                .any(|(at, _)| !text[..at].ends_with(|c: char| c.is_alphanumeric() || "._-:}".contains(c)));
            assert!(!found, "{path} names {place}");
        }
    }
}
