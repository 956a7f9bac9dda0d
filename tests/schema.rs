//! The JSON Schemas: what `schema/` holds, that it is JSON Schema, and that it judges files as the decoder does.
//!
//! TOML knows two things that JSON does not: dates, which become strings, and floats without a fraction, which become
//! integers. Only there may the two differ, and [`corpus::UNSEEN`] lists how.

mod corpus;
mod mutation;

use std::path::{Path, PathBuf};

use jsonschema::Validator;
use serde_json::Value as Json;
use specc::diagnostic::{Severity, Sink};
use specc::merge::{Merged, merge};
use specc::node::{Layer, Layers};
use specc::source::SourceMap;
use specc::spec::decode::{Decode, Decoder};
use specc::spec::environment::EnvironmentFile;
use specc::spec::images::ImagesFile;
use specc::spec::project::ProjectFile;
use specc::spec::service::ServiceFile;

use corpus::Case;

use crate::bless;
use crate::specc::stdout;

/// A kind of file with a schema.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum File {
    Project,
    Service,
    Overlay,
    Environment,
    Images,
}

impl File {
    const ALL: [File; 5] = [File::Project, File::Service, File::Overlay, File::Environment, File::Images];

    /// The word that `specc schema` takes.
    fn word(self) -> &'static str {
        match self {
            File::Project => "project",
            File::Service => "service",
            File::Overlay => "overlay",
            File::Environment => "environment",
            File::Images => "images",
        }
    }

    pub(crate) fn schema(self) -> Json {
        serde_json::from_str(&stdout(Path::new("."), ["schema", self.word()], 0)).unwrap()
    }

    /// What the decoder says of a file: nothing, or the codes of its mistakes.
    fn decode(self, text: &str) -> Vec<String> {
        match self {
            File::Project => decode::<ProjectFile>(text, false),
            File::Images => decode::<ImagesFile>(text, false),
            File::Service => decode::<ServiceFile>(text, true),
            // what a later layer lacks may stand in an earlier one, and what it removes as well
            File::Overlay => without(decode::<ServiceFile>(text, true), |_| true),
            File::Environment => {
                let extends = text.lines().any(|line| line.starts_with("extends"));
                without(decode::<EnvironmentFile>(text, true), |found| {
                    extends || found != "missing-key the file lacks `tier`"
                })
            }
        }
    }
}

/// `found` without what only other files can tell, as far as `of_others` agrees.
fn without(found: Vec<String>, of_others: impl Fn(&str) -> bool) -> Vec<String> {
    let elsewhere = |found: &String| {
        (found.starts_with("missing-key ") && of_others(found)) || found.starts_with("remove-of-nothing ")
    };
    found.into_iter().filter(|found| !elsewhere(found)).collect()
}

/// The errors of one file, read, merged with nothing and decoded: code and title.
fn decode<T: Decode>(text: &str, layered: bool) -> Vec<String> {
    let (mut sources, mut sink) = (SourceMap::default(), Sink::default());
    let source = sources.add("file.toml", text);
    let tree = specc::load::parse(source, text, &mut sink);
    let layers = Layers { base: (Layer::BASE, &tree.root), overlays: Vec::new() };
    let merged = if layered { merge(&layers, &mut sink) } else { Merged::alone(&tree.root) };
    let decoded: Option<T> = Decoder::new(&mut sink).file(&merged.root);
    let found = sink.into_sorted(&sources);
    let errors = found.iter().filter(|d| d.severity != Severity::Warning);
    let errors: Vec<String> = errors.map(|d| format!("{} {}", d.code, d.title)).collect();
    let complained =
        errors.iter().any(|e| !e.starts_with("remove-of-nothing ") && !e.starts_with("bad-path "));
    assert_eq!(
        decoded.is_none(),
        complained,
        "a table is missing exactly after an error: {errors:?}\n{text}"
    );
    errors
}

/// TOML as the JSON that an editor hands to a schema.
fn json(value: &toml::Value) -> Json {
    match value {
        toml::Value::String(text) => Json::from(text.as_str()),
        toml::Value::Integer(number) => Json::from(*number),
        toml::Value::Float(number) => Json::from(*number),
        toml::Value::Boolean(truth) => Json::from(*truth),
        toml::Value::Datetime(date) => Json::from(date.to_string()),
        toml::Value::Array(items) => items.iter().map(json).collect(),
        toml::Value::Table(table) => table.iter().map(|(key, value)| (key.clone(), json(value))).collect(),
    }
}

/// The validators, one a kind of file.
struct Judges(Vec<(File, Validator)>);

impl Judges {
    fn new() -> Self {
        Judges(
            File::ALL.into_iter().map(|f| (f, jsonschema::draft202012::new(&f.schema()).unwrap())).collect(),
        )
    }

    /// The first complaint of the schema.
    fn schema(&self, file: File, text: &str) -> Option<String> {
        let table: toml::Table = text.parse().unwrap_or_else(|error| panic!("{error}\n{text}"));
        let value = json(&toml::Value::Table(table));
        let (_, validator) = self.0.iter().find(|(of, _)| *of == file).unwrap();
        validator.iter_errors(&value).next().map(|error| format!("{}: {error}", error.instance_path()))
    }

    /// Whether the file is accepted; both must say the same.
    #[track_caller]
    fn accepts(&self, file: File, text: &str) -> bool {
        let (schema, decoder) = (self.schema(file, text), file.decode(text));
        assert_eq!(
            schema.is_none(),
            decoder.is_empty(),
            "{file:?}\n{text}\nschema: {schema:?}\ndecoder: {decoder:#?}"
        );
        schema.is_none()
    }
}

fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

#[test]
fn the_folder_holds_what_the_program_prints() {
    for file in File::ALL {
        let text = stdout(Path::new("."), ["schema", file.word()], 0);
        bless::file(&root().join(format!("schema/{}.schema.json", file.word())), &text);
    }
}

#[test]
fn every_schema_is_a_schema_with_descriptions_and_true_examples() {
    for file in File::ALL {
        let schema = file.schema();
        if let Err(error) = jsonschema::draft202012::meta::validate(&schema) {
            panic!("{}: {error} at {}", file.word(), error.instance_path());
        }
        let mut seen = Seen::default();
        seen.visit(&schema, &schema, file.word());
        assert!(seen.examples > 1 && seen.keys > 1, "{}", file.word());
        assert!(seen.defaults > 0 || matches!(file, File::Images), "{}", file.word());
    }
}

#[derive(Default)]
struct Seen {
    keys: usize,
    examples: usize,
    defaults: usize,
}

impl Seen {
    fn visit(&mut self, schema: &Json, at: &Json, path: &str) {
        if let Some(fields) = at.as_object() {
            let mut alone = at.clone();
            alone["$defs"] = schema["$defs"].clone();
            let valid = |value: &Json| jsonschema::draft202012::new(&alone).unwrap().is_valid(value);
            for example in fields.get("examples").and_then(Json::as_array).into_iter().flatten() {
                assert!(valid(example), "{path}: example {example}");
                self.examples += 1;
            }
            if let Some(default) = fields.get("default").filter(|_| fields.contains_key("description")) {
                assert!(valid(default), "{path}: default {default}");
                self.defaults += 1;
            }
            for (key, property) in fields.get("properties").and_then(Json::as_object).into_iter().flatten() {
                let described = property["description"].as_str().is_some_and(|d| d.ends_with('.'));
                let of_variable = ["from", "format", "field", "resource"].contains(&key.as_str());
                assert!(described || of_variable, "{path}.{key}: a description that ends in a dot");
                self.keys += 1;
            }
            for (key, child) in fields {
                self.visit(schema, child, &format!("{path}/{key}"));
            }
        } else if let Some(items) = at.as_array() {
            for item in items {
                self.visit(schema, item, path);
            }
        }
    }
}

#[test]
fn schema_and_decoder_judge_the_corpus_alike() {
    let (judges, cases) = (Judges::new(), corpus::cases());
    let mut wrong = Vec::new();
    for Case { file, what, text, good } in &cases {
        let (schema, decoder) = (judges.schema(*file, text), file.decode(text));
        let accepted = (schema.is_none(), decoder.is_empty());
        if accepted.0 != accepted.1 || good.is_some_and(|good| accepted.0 != good) {
            wrong.push(format!("{file:?} {what}\n{text}schema: {schema:?}\ndecoder: {decoder:?}\n"));
        }
    }
    assert!(wrong.is_empty(), "{}\n{} of {}", wrong.join("\n"), wrong.len(), cases.len());
    assert!(cases.len() >= 1000, "{} cases", cases.len());
}

#[test]
fn the_corpus_has_a_row_for_every_key() {
    for file in File::ALL {
        let mut keys = Vec::new();
        let schema = file.schema();
        let tables =
            schema["$defs"].as_object().into_iter().flatten().map(|(name, table)| (name.as_str(), table));
        for (name, table) in tables.chain([("", &schema)]) {
            for key in table["properties"].as_object().into_iter().flatten().map(|(key, _)| key) {
                keys.push(format!("{name}.{key}"));
            }
        }
        let rows = corpus::rows(file);
        for key in &keys {
            assert!(rows.contains(key), "{file:?}: write a row for `{key}` into tests/schema/corpus.rs");
        }
        for row in &rows {
            assert!(keys.contains(row), "{file:?}: there is no key `{row}`");
        }
    }
}

#[test]
fn where_json_sees_less_than_toml_the_difference_is_known() {
    let judges = Judges::new();
    for (file, text, why) in corpus::UNSEEN {
        assert_eq!(judges.schema(*file, text), None, "{why}");
        assert!(!file.decode(text).is_empty(), "{why}");
    }
}

#[test]
fn the_files_of_this_repository_are_good() {
    let judges = Judges::new();
    for (file, text) in mutation::files() {
        assert!(judges.accepts(file, &text), "{file:?}\n{text}");
    }
}
