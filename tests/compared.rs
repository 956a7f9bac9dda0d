//! Systems that others wrote, field by field: `golden/cases/<case>/compared.toml` says of each leaf of their manifests
//! whether the case emits the same, something better by default, or the same meaning expressed differently.
//!
//! A row names the field of theirs; its verdict holds our value, `at` our field where that is another one, in the syntax of
//! `specc explain`. `[every.<Kind>]` are rows of each object of the kind that is not `alone`. `{theirs}` and `{ours}` stand for the
//! two objects' names, `{pod}` for the pod's `spec.`, `{container}` for its first container. `tests/acceptance/theirs` holds the
//! other half true: that the rows are all the leaves of their manifests.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use specc::walk::Leaves;
use toml::{Table, Value};

use crate::{bless, golden};

const VERDICTS: [&str; 4] = ["same", "better", "differently", "missing"];

/// Our objects, by file: path to value of each leaf.
type Ours = BTreeMap<String, BTreeMap<String, String>>;

fn cases() -> Vec<(PathBuf, Table)> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("golden/cases");
    let read = |case: PathBuf| {
        let text = bless::text(&case.join("compared.toml"))?;
        let table = text.parse().unwrap_or_else(|error| panic!("{}: {error}", case.display()));
        Some((case, table))
    };
    bless::folders(&root).into_iter().filter_map(read).collect()
}

fn emitted(case: &Path) -> Ours {
    let compiled = golden::compiled(&case.join("in"));
    let mut ours = Ours::new();
    for object in compiled.environments.iter().flat_map(|environment| environment.bundle().objects) {
        let rows = Leaves::of(object.object.as_walk()).rows;
        let leaves = rows.into_iter().map(|row| (row.path, row.value)).collect();
        ours.insert(object.id.path().as_str().to_owned(), leaves);
    }
    ours
}

/// What a table says that is not so.
fn judge(table: &Table, ours: &Ours) -> Vec<String> {
    let mut found = Vec::new();
    let none = Table::new();
    let why = table.get("why").and_then(Value::as_table).unwrap_or(&none);
    let every = table.get("every").and_then(Value::as_table).unwrap_or(&none);
    let mut given = BTreeSet::new();
    for object in table["object"].as_array().unwrap().iter().map(|o| o.as_table().unwrap()) {
        let theirs = object["theirs"].as_str().unwrap();
        let file = object["ours"].as_str().unwrap();
        let Some(leaves) = ours.get(file) else {
            found.push(format!("{theirs}: there is no `{file}`"));
            continue;
        };
        let (kind, name) = theirs.split_once('/').unwrap();
        let shared = (!object.contains_key("alone")).then(|| every.get(kind)).flatten();
        let rows =
            [shared, object.get("rows")].into_iter().flatten().flat_map(|rows| rows.as_table().unwrap());
        for (field, row) in rows {
            let row = row.as_table().unwrap();
            let say = |what: String| format!("{theirs} {field}: {what}");
            let verdicts: Vec<&str> = VERDICTS.into_iter().filter(|v| row.contains_key(*v)).collect();
            let [verdict] = verdicts[..] else {
                found.push(say(format!("one verdict, not {verdicts:?}")));
                continue;
            };
            match row.get("why").and_then(Value::as_str) {
                Some(key) if why.contains_key(key) => drop(given.insert(key.to_owned())),
                Some(key) => found.push(say(format!("`why.{key}` is not there"))),
                None if verdict == "same" => {}
                None => found.push(say("a reason is missing".into())),
            }
            if verdict == "missing" {
                // the other lists may rest on the ways out; what almost every system needs may not
                if !["should", "way-out"].contains(&row["missing"].as_str().unwrap_or_default()) {
                    found.push(say("what real systems must have is missing".into()));
                }
                continue;
            }
            let fill = |text: &str| {
                let container = object
                    .get("container")
                    .map_or("", |c| c.as_str().or_else(|| c.get("ours")?.as_str()).unwrap_or_default());
                let pod = if kind == "CronJob" {
                    "spec.jobTemplate.spec.template.spec."
                } else {
                    "spec.template.spec."
                };
                text.replace("{container}", &format!("{pod}containers[{container}]"))
                    .replace("{pod}", pod)
                    .replace("{theirs}", name)
                    .replace("{ours}", leaves.get("metadata.name").map_or("", String::as_str))
            };
            let at = fill(row.get("at").map_or(field.as_str(), |at| at.as_str().unwrap()));
            let expected = match &row[verdict] {
                Value::String(text) => fill(text),
                other => other.to_string(),
            };
            match leaves.get(&at) {
                Some(value) if *value == expected => {}
                Some(value) => found.push(say(format!("`{at}` is `{value}`, not `{expected}`"))),
                None if expected == "not written" => {}
                None => found.push(say(format!("`{file}` has no `{at}`"))),
            }
        }
    }
    found.extend(
        why.keys().filter(|key| !given.contains(*key)).map(|key| format!("`why.{key}` is never given")),
    );
    found
}

#[test]
fn every_row_is_true_of_what_is_emitted() {
    let cases = cases();
    assert_eq!(cases.len(), 2, "microservices-demo and podinfo are compared");
    for (case, table) in cases {
        let found = judge(&table, &emitted(&case));
        assert!(found.is_empty(), "{}:\n{}", case.display(), found.join("\n"));
    }
}

#[test]
fn a_wrong_row_is_found() {
    let ours = [("name", "metadata.name", "a-b"), ("count", "spec.replicas", "2")];
    let leaves = ours.map(|(_, path, value)| (path.to_owned(), value.to_owned())).into();
    let ours = BTreeMap::from([("x.yaml".to_owned(), leaves)]);
    let judged = |row: &str| {
        let text = format!(
            "[why]\nx = 'for x'\n[every.Deployment]\n'metadata.name' = {{ theirs = '{{theirs}}', better = '{{ours}}', why = 'x' }}\n\
             [[object]]\ntheirs = 'Deployment/b'\nours = 'x.yaml'\n[object.rows]\n'spec.replicas' = {row}\n"
        );
        judge(&text.parse().unwrap(), &ours).join("\n")
    };
    assert_eq!(judged("{ same = 2 }"), "");
    assert_eq!(judged("{ theirs = 1, differently = 2, why = 'x' }"), "");
    assert_eq!(judged("{ theirs = 1, missing = 'should', why = 'x' }"), "");
    for (row, what) in [
        ("{ same = 3 }", "is `2`, not `3`"),
        ("{ same = 2, at = 'spec.pods' }", "has no `spec.pods`"),
        ("{ theirs = 1, differently = 2 }", "a reason is missing"),
        ("{ theirs = 1, differently = 2, why = 'y' }", "`why.y` is not there"),
        ("{ same = 2, better = 2 }", "one verdict"),
        ("{ theirs = 1, missing = 'must', why = 'x' }", "must have is missing"),
    ] {
        assert!(judged(row).contains(what), "{row}: {}", judged(row));
    }
}

#[test]
fn variants_of_others_have_a_verdict_and_a_sentence() {
    for (case, table) in cases() {
        for variant in table.get("variant").and_then(Value::as_array).into_iter().flatten() {
            let says =
                |key: &str| variant.get(key).and_then(Value::as_str).is_some_and(|text| !text.is_empty());
            let verdict = VERDICTS.iter().any(|verdict| says(verdict));
            assert!(says("theirs") && says("file") && verdict, "{}: {variant}", case.display());
        }
    }
}

/// Issue 4: every service of microservices-demo takes at most 25 lines of at most 100 columns.
#[test]
fn services_of_the_demo_are_short() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("golden/cases/microservices-demo/in/services");
    let services = bless::read(&folder);
    assert!(services.len() >= 11, "{} services", services.len());
    for (name, bytes) in services {
        let text = String::from_utf8(bytes).unwrap();
        let widest = text.lines().map(|line| line.chars().count()).max().unwrap_or(0);
        assert!(
            text.lines().count() <= 25 && widest <= 100,
            "{name}: {} lines, {widest} columns",
            text.lines().count()
        );
    }
}

/// What others wrote needs neither fields of the API nor manifests as they are.
#[test]
fn no_case_of_others_takes_a_way_out() {
    fn keys(value: &Value, path: &str, found: &mut Vec<String>) {
        for (key, value) in value.as_table().into_iter().flatten() {
            if ["kubernetes", "manifests"].contains(&key.as_str()) && value.is_table() {
                found.push(format!("{path}.{key}"));
            }
            keys(value, &format!("{path}.{key}"), found);
        }
    }
    for (case, _) in cases() {
        for (name, bytes) in bless::read(&case.join("in")) {
            if name.ends_with(".toml") && !name.ends_with("images.lock") {
                let table: Table = String::from_utf8(bytes).unwrap().parse().unwrap();
                let mut found = Vec::new();
                keys(&Value::Table(table), &name, &mut found);
                assert!(found.is_empty(), "{}: {found:?}", case.display());
            }
        }
    }
}
