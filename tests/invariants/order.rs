//! The bytes of the output depend on what the spec says alone: not on the order of files and keys, the notation of
//! tables, or the number of threads. (Locale, umask, working directory and line ends: `cli/reproducible.rs`.)

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::LazyLock;

use proptest::prelude::*;
use specc::diagnostic::Sink;
use specc::emit;
use toml::{Table, Value};

use super::PROJECTS;
use crate::bless;

type Output = BTreeMap<String, Vec<u8>>;

/// A project: the texts of its files as values, and what it compiles to.
struct Known {
    files: Vec<(String, Table)>,
    /// what the spec names, as it is
    attached: Vec<(String, String)>,
    output: Output,
}

/// Every project, read once.
static KNOWN: LazyLock<Vec<Known>> =
    LazyLock::new(|| PROJECTS.iter().map(|project| Known::read(project)).collect());

/// Everything that a project compiles to.
fn output(root: &Path) -> Output {
    let compiled = crate::golden::compiled(root);
    let (mut output, mut sink) = (BTreeMap::new(), Sink::default());
    for environment in &compiled.environments {
        for (path, bytes) in &emit::environment(environment, &mut sink) {
            output.insert(format!("{}/{}", environment.name, path.as_str()), bytes.clone());
        }
    }
    if let Some((_, charts)) = emit::charts(&compiled.environments, &mut sink) {
        output
            .extend(charts.iter().map(|(path, bytes)| (format!("charts/{}", path.as_str()), bytes.clone())));
    }
    assert!(sink.is_empty());
    output
}

fn root(project: &str) -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join(project)
}

impl Known {
    fn read(project: &str) -> Known {
        let built =
            |path: &str| ["deploy/", "chart/", "values/"].iter().any(|folder| path.starts_with(folder));
        let all = bless::read(&root(project)).into_iter().filter(|(path, _)| !built(path));
        let all = all.map(|(path, bytes)| (path, String::from_utf8(bytes).unwrap()));
        let (spec, attached): (Vec<_>, Vec<_>) =
            all.partition(|(path, _)| path.ends_with(".toml") || path.ends_with(".lock"));
        let files = spec.into_iter().map(|(path, text)| (path, text.parse().unwrap())).collect();
        Known { files, attached, output: output(&root(project)) }
    }
}

/// A sequence of numbers that a seed decides.
struct Dice(u64);

impl Dice {
    fn below(&mut self, bound: usize) -> usize {
        // Knuth's linear congruential generator, whose high bits are good enough to shuffle
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(self.0 >> 33).unwrap() % bound
    }

    fn shuffled<T>(&mut self, items: impl IntoIterator<Item = T>) -> Vec<T> {
        let mut items: Vec<T> = items.into_iter().collect();
        for at in (1..items.len()).rev() {
            let other = self.below(at + 1);
            items.swap(at, other);
        }
        items
    }
}

/// A quoted key or string; JSON's strings are TOML's, but for the delete character.
fn quoted(text: &str) -> String {
    serde_json::to_string(text).unwrap().replace('\u{7f}', "\\u007f")
}

/// A value with the keys of its tables in another order, all tables in braces.
fn value(of: &Value, dice: &mut Dice) -> String {
    match of {
        Value::String(text) => quoted(text),
        Value::Array(items) => {
            let items: Vec<String> = items.iter().map(|item| value(item, dice)).collect();
            format!("[{}]", items.join(", "))
        }
        Value::Table(table) => {
            let entry = |(key, of): (&String, &Value), dice: &mut Dice| {
                format!("{} = {}", quoted(key), value(of, dice))
            };
            let entries: Vec<String> = dice.shuffled(table).into_iter().map(|e| entry(e, dice)).collect();
            format!("{{ {} }}", entries.join(", "))
        }
        other => other.to_string(),
    }
}

/// A file with its keys in another order: a table by its header, in braces, or by dotted keys, as the dice say.
fn shuffled(table: &Table, dice: &mut Dice) -> String {
    let (mut plain, mut headed) = (String::new(), String::new());
    for (key, of) in dice.shuffled(table) {
        match (of, dice.below(3)) {
            (Value::Table(inner), 0) if !inner.is_empty() => {
                headed += &format!("[{}]\n", quoted(key));
                for (key, of) in dice.shuffled(inner) {
                    headed += &format!("{} = {}\n", quoted(key), value(of, dice));
                }
            }
            (Value::Table(inner), 1) if !inner.is_empty() => {
                for (inner_key, of) in dice.shuffled(inner) {
                    plain += &format!("{}.{} = {}\n", quoted(key), quoted(inner_key), value(of, dice));
                }
            }
            _ => plain += &format!("{} = {}\n", quoted(key), value(of, dice)),
        }
    }
    plain + &headed
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 8, failure_persistence: None, ..ProptestConfig::default() })]
    #[test]
    fn the_order_of_files_and_keys_decides_nothing(seed in any::<u64>()) {
        for known in &*KNOWN {
            let mut dice = Dice(seed);
            let written: Vec<(String, String)> = dice
                .shuffled(&known.files)
                .into_iter()
                .map(|(path, table)| (path.clone(), shuffled(table, &mut dice)))
                .chain(known.attached.iter().cloned())
                .collect();
            let written: Vec<(&str, &str)> = written.iter().map(|(p, t)| (p.as_str(), t.as_str())).collect();
            let folder = crate::disk::folder(&written);
            let (expected, got) = (&known.output, output(folder.path()));
            prop_assert_eq!(expected.keys().collect::<Vec<_>>(), got.keys().collect::<Vec<_>>());
            for (path, bytes) in expected {
                prop_assert_eq!(String::from_utf8_lossy(bytes), String::from_utf8_lossy(&got[path]), "{}", path);
            }
        }
    }
}
