//! Good files with a few values swapped, dropped, renamed or moved: schema and decoder still say the same.

use std::cell::Cell;

use proptest::prelude::*;
use proptest::sample::Index;
use proptest::test_runner::{Config, RngAlgorithm, TestRng, TestRunner};
use toml::{Table, Value};

use super::{File, Judges, root};
use crate::bless;

/// The TOML files of the example and of the cases, with their kinds.
pub(super) fn files() -> Vec<(File, String)> {
    let mut files = Vec::new();
    for folder in ["environments", "golden/cases"] {
        for (path, bytes) in bless::read(&root().join(folder)) {
            let Ok(text) = String::from_utf8(bytes) else { continue };
            let (stem, extension) = path.rsplit_once('.').unwrap();
            let name = stem.rsplit('/').next().unwrap();
            let file = match (name, extension, path.contains("services/")) {
                // what a case is compared with, no input of ours
                ("compared", "toml", _) => continue,
                _ if path.contains("deploy/") || path.contains("/out/") => continue,
                ("specc", "toml", _) => File::Project,
                ("environment", "toml", _) => File::Environment,
                ("images", "lock", _) => File::Images,
                ("service", "toml", _) | (_, "toml", true) => File::Service,
                (_, "toml", false) => File::Overlay,
                _ => continue,
            };
            files.push((file, text));
        }
    }
    files
}

/// Anything a person may write by mistake. No dates, and no floats without a fraction: JSON cannot tell them apart.
fn value() -> impl Strategy<Value = Value> {
    let words = prop::sample::select(vec![
        "",
        "x",
        "http",
        "dev",
        "250m",
        "1Gi",
        "30s",
        "/livez",
        "a.example.com",
        "orders",
        "databases.main",
        "15 4 * * *",
        "https://a.example.com/v1",
        "10.0.0.0/8",
        "registry.example.com/a:1",
        "Europe/Berlin",
        "ingress/public",
        "1.36",
        "services.payments.api.url",
        "a b",
        "ä",
        "{",
        "\u{0}",
        "true",
        "1",
    ]);
    let leaf = prop_oneof![
        4 => words.prop_map(|word: &str| Value::from(word)),
        1 => "\\PC{0,8}".prop_map(Value::from),
        2 => prop_oneof![Just(0), Just(1), Just(-1), Just(18), Just(65_536), Just(i64::MAX), any::<i64>()].prop_map(Value::from),
        1 => Just(Value::from(0.5)),
        1 => any::<bool>().prop_map(Value::from),
    ];
    leaf.prop_recursive(2, 6, 3, |inner| {
        let keys = prop::sample::select(vec!["name", "api", "min", "port", "from", "A", "a b", ""]);
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..3).prop_map(Value::Array),
            prop::collection::btree_map(keys.prop_map(str::to_owned), inner, 0..3)
                .prop_map(|table| Value::Table(table.into_iter().collect())),
        ]
    })
}

/// What happens to one value of a file.
#[derive(Clone, Debug)]
enum Change {
    Swap(Value),
    Drop,
    Rename(String),
    /// put the value of another place of the file here
    Move(Index),
}

fn change() -> impl Strategy<Value = Change> {
    prop_oneof![
        6 => value().prop_map(Change::Swap),
        1 => Just(Change::Drop),
        1 => prop::sample::select(vec!["name", "zz", "memory", "remove", "final", "A b"]).prop_map(|key: &str| Change::Rename(key.to_owned())),
        2 => any::<Index>().prop_map(Change::Move),
    ]
}

/// The paths of all values, tables included.
fn paths(table: &Table) -> Vec<Vec<String>> {
    let mut all = Vec::new();
    for (key, value) in table {
        all.push(vec![key.clone()]);
        for mut below in value.as_table().map(paths).into_iter().flatten() {
            below.insert(0, key.clone());
            all.push(below);
        }
    }
    all
}

fn get<'t>(table: &'t Table, path: &[String]) -> Option<&'t Value> {
    let (first, rest) = path.split_first()?;
    rest.iter().try_fold(table.get(first)?, |value, key| value.as_table()?.get(key))
}

fn holder<'t>(table: &'t mut Table, path: &[String]) -> Option<&'t mut Table> {
    path.iter().try_fold(table, |table, key| table.get_mut(key)?.as_table_mut())
}

/// Whether a date is in the value, which JSON could not tell from a string in another place.
fn has_date(value: &Value) -> bool {
    value.is_datetime() || value.as_table().is_some_and(|table| table.values().any(has_date))
}

fn apply(table: &mut Table, at: Index, change: Change) {
    let all = paths(table);
    if all.is_empty() {
        return;
    }
    let path = at.get(all.as_slice());
    let moved = match &change {
        Change::Move(from) => {
            get(table, &all[from.index(all.len())]).filter(|value| !has_date(value)).cloned()
        }
        _ => None,
    };
    let Some((key, above)) = path.split_last() else { return };
    let Some(holder) = holder(table, above) else { return };
    match (change, moved) {
        (Change::Swap(value), _) | (Change::Move(_), Some(value)) => drop(holder.insert(key.clone(), value)),
        (Change::Rename(new), _) => {
            if let Some(value) = holder.remove(key) {
                holder.insert(new, value);
            }
        }
        (Change::Drop | Change::Move(_), _) => drop(holder.remove(key)),
    }
}

#[test]
fn schema_and_decoder_judge_mutated_files_alike() {
    let (judges, files) = (Judges::new(), files());
    assert!(files.len() > 10, "{} files", files.len());
    let rng = TestRng::deterministic_rng(RngAlgorithm::ChaCha);
    let config = Config { cases: 3000, failure_persistence: None, ..Config::default() };
    let changes = prop::collection::vec((any::<Index>(), change()), 1..4);
    let (good, bad) = (Cell::new(0), Cell::new(0));
    TestRunner::new_with_rng(config, rng)
        .run(&(any::<Index>(), changes), |(which, changes)| {
            let (file, text) = which.get(&files);
            let mut table: Table = text.parse().unwrap();
            for (at, change) in changes {
                apply(&mut table, at, change);
            }
            let text = toml::to_string(&table).unwrap();
            let count = if judges.accepts(*file, &text) { &good } else { &bad };
            count.set(count.get() + 1);
            Ok(())
        })
        .unwrap_or_else(|error| panic!("{error}"));
    let (good, bad) = (good.get(), bad.get());
    assert!(good > 200 && bad > 200, "{good} good, {bad} bad");
}
