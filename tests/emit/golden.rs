//! `golden/hostile/`: each hostile string in each kind of place, beside what every reader must make of it.
//!
//! Readers outside of this crate judge the folder: `expected.json` maps each file to its value, in ASCII alone, so that
//! what is compared does not depend on a reader's view of odd characters. `SPECC_BLESS=1 cargo test` writes it anew.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::path::PathBuf;
use std::sync::Arc;

use serde_json::{Map, Value};
use specc::emit::yaml;
use specc::k8s::Object;
use specc::k8s::kinds::ConfigMap;
use specc::k8s::pod::{EnvSource, EnvVar};
use specc::origin::Traced;
use specc::text::Text;
use specc::walk::Items;

use super::hostile::{HOSTILE, long};
use super::samples::{config_map, deployment, t, why};
use super::tree::{json, printed, read};

fn numbered() -> BTreeMap<Text, Traced<Text>> {
    let texts = HOSTILE.iter().enumerate();
    texts.map(|(index, text)| (format!("text-{index:03}").into(), t(*text))).collect()
}

fn with_data(data: BTreeMap<Text, Traced<Text>>) -> ConfigMap {
    let mut object = config_map();
    object.data = data;
    object
}

/// File name and object.
fn objects() -> Vec<(&'static str, Object)> {
    let mut env = deployment();
    let container = &mut env.spec.template.spec.containers.iter_mut().next().unwrap().value;
    container.env = Items::default();
    for (name, text) in numbered() {
        let variable = EnvVar { name: t(name.clone()), source: EnvSource::Value(text) };
        container.env.push(name, why(), variable);
    }
    let mut args = deployment();
    args.spec.template.spec.containers.iter_mut().next().unwrap().value.args =
        numbered().into_values().collect();
    let mut labels = config_map();
    labels.metadata.labels = Arc::new(numbered());
    let mut files = numbered();
    files.extend(
        long().into_iter().enumerate().map(|(index, text)| (format!("long-{index}").into(), t(text))),
    );
    let keys = HOSTILE.iter().filter(|text| yaml::refused_key(text) != Some(yaml::Refusal::MergeKey));
    vec![
        ("args.yaml", args.into()),
        ("env.yaml", env.into()),
        ("files.yaml", with_data(files).into()),
        ("keys.yaml", with_data(keys.map(|text| (Text::from(*text), t(*text))).collect()).into()),
        ("labels.yaml", labels.into()),
    ]
}

/// JSON without a character outside ASCII.
fn ascii(value: &Value) -> String {
    let mut out = String::new();
    for character in serde_json::to_string_pretty(value).unwrap().chars() {
        if character.is_ascii() && character != '\u{7f}' {
            out.push(character);
        } else {
            for unit in character.encode_utf16(&mut [0; 2]) {
                write!(out, "\\u{unit:04x}").unwrap();
            }
        }
    }
    out.push('\n');
    out
}

#[expect(clippy::disallowed_methods, reason = "a test that compares files with what they should be")]
fn compare(name: &str, wanted: &str) {
    let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("golden/hostile");
    if std::env::var_os("SPECC_BLESS").is_some() {
        std::fs::create_dir_all(&folder).unwrap();
        std::fs::write(folder.join(name), wanted).unwrap();
    }
    let found = std::fs::read_to_string(folder.join(name)).unwrap_or_default();
    // Not `assert_eq`: the files are long and hostile to terminals.
    let differs = found.lines().zip(wanted.lines()).position(|(found, wanted)| found != wanted);
    assert!(
        found == wanted,
        "golden/hostile/{name} differs from line {:?} on; if that is meant, run `SPECC_BLESS=1 cargo test`",
        differs.map(|line| line + 1)
    );
}

#[test]
fn hostile_files_are_as_they_were_and_are_read_as_they_should() {
    let mut expected = Map::new();
    for (name, object) in objects() {
        let (yaml, value) = (printed(object.as_walk()), json(object.as_walk()));
        assert_eq!(read(&yaml), value, "{name}");
        compare(name, &yaml);
        expected.insert(name.to_owned(), value);
    }
    compare("expected.json", &ascii(&Value::Object(expected)));
}
