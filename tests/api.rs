//! The tables of the API against everything that specc emits, and the versions of Kubernetes against what it knows of them.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use serde_json::Value;
use specc::api::{self, Form, Shape};
use specc::bundle::Emitted;
use specc::k8s::KINDS;
use specc::value::KubernetesVersion;

use crate::bless;
use crate::golden::compiled;

/// Fields that are younger than the oldest supported version, with the check that keeps them from older clusters.
const GATED: &[(&str, &str)] = &[];

/// What walking an object found.
#[derive(Default)]
struct Seen {
    /// fields that the version does not serve, or that no version has
    foreign: BTreeSet<String>,
    /// fields that the oldest version does not serve, with the version that first does
    young: BTreeMap<String, u8>,
    fields: usize,
}

impl Seen {
    fn value(&mut self, value: &Value, form: Form, minor: u8, path: &str) {
        match (value, form.shape()) {
            (Value::Object(map), Shape::Object(known)) => {
                for (key, value) in map {
                    self.fields += 1;
                    let path = format!("{path}.{key}");
                    let Some(field) = known.field(key) else {
                        if !known.is_open() {
                            self.foreign.insert(path);
                        }
                        continue;
                    };
                    if !field.served.by(minor) {
                        self.foreign.insert(format!("{path} in 1.{minor}"));
                    }
                    if let Some(since) = field.served.since {
                        self.young.insert(path.clone(), since);
                    }
                    self.value(value, field.form, minor, &path);
                }
            }
            (Value::Object(map), Shape::Map(inner)) => {
                map.values().for_each(|value| self.value(value, inner, minor, path));
            }
            (Value::Array(items), Shape::List(_) | Shape::Keyed(..)) => {
                for value in items {
                    self.value(value, form.item(), minor, path);
                }
            }
            (Value::String(_), Shape::Text | Shape::Bytes | Shape::Quantity | Shape::IntOrText)
            | (Value::Bool(_), Shape::Truth)
            | (_, Shape::Any) => {}
            (Value::Number(number), shape) => {
                let fits = match shape {
                    Shape::Integer | Shape::IntOrText => number.is_i64(),
                    Shape::Number | Shape::Quantity => true,
                    _ => false,
                };
                if !fits {
                    self.foreign.insert(format!("{path} = {number}"));
                }
            }
            (Value::String(text), Shape::Words(words)) if words.split(' ').any(|word| word == text) => {}
            _ => drop(self.foreign.insert(format!("{path} = {value}"))),
        }
    }

    fn object(&mut self, emitted: &Emitted, minor: u8) {
        // what is written by hand is judged by a check
        let object = emitted.object.own();
        let (kind, version) = (object.kind(), object.api_version());
        let Some(known) = api::kind(&version, &kind) else {
            self.foreign.insert(format!("{version} {kind}"));
            return;
        };
        if let Some(since) = known.served.since {
            self.young.insert(kind.to_string(), since);
        }
        let value = crate::emit::tree::read(&crate::emit::tree::printed(object.as_walk()));
        let Value::Object(map) = value else { panic!("{kind} is no object") };
        for (key, value) in &map {
            let form = known.object.field(key).unwrap_or_else(|| panic!("{kind}.{key}")).form;
            self.value(value, form, minor, &format!("{kind}.{key}"));
        }
    }
}

fn projects() -> Vec<PathBuf> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let cases = bless::folders(&root.join("golden/cases"));
    cases.iter().map(|case| case.join("in")).chain([root.join("environments")]).collect()
}

#[test]
fn every_field_of_every_golden_object_is_served_by_the_declared_version() {
    let mut seen = Seen::default();
    for project in projects() {
        for environment in &compiled(&project).environments {
            let minor = environment.system.environment.platform.kubernetes.get().minor();
            environment.bundle().objects.iter().for_each(|emitted| seen.object(emitted, minor));
        }
    }
    assert!(seen.foreign.is_empty(), "{:#?}", seen.foreign);
    assert!(seen.fields > 15_000, "only {} fields were looked at", seen.fields);
    let gated: BTreeSet<&str> = GATED.iter().map(|(path, _)| *path).collect();
    let young: BTreeSet<&str> = seen.young.keys().map(String::as_str).collect();
    assert_eq!(young, gated, "fields younger than 1.31, and those that a check keeps from older clusters");
}

#[test]
fn every_kind_that_specc_makes_is_in_the_tables() {
    for (kind, version) in KINDS {
        let known = api::kind(version, kind).unwrap_or_else(|| panic!("{version} {kind}"));
        assert!(known.served.by(*KubernetesVersion::SUPPORTED.start()), "{kind} needs a gate");
    }
    let all: BTreeSet<String> = KINDS.iter().map(|(kind, _)| kind.to_ascii_lowercase()).collect();
    assert_eq!(all.len(), KINDS.len(), "the name of a file tells its kind");
}
