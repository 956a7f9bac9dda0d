//! `docs/reference.md` and `docs/checks.md`, written from the declarations that decode the spec and from the registry of
//! checks.

use std::fmt::Write as _;

use serde_json::{Map, Value as Json};
use specc::check::{CHECKS, Level};

use super::root;
use crate::bless;
use crate::schema::File;

const TOP: &str = "\
# Reference of the language

Every table and every key of the TOML files, written from the declarations that the compiler reads them with; a test
keeps it equal. [The language](language.md) explains how they play together. `<name>` stands for a name that you choose.
Editors show the same texts when a file names its schema, as in `#:schema ../schema/service.schema.json`.

Paths in `remove` and `final` are dotted: `workloads.api.scale`.
";

const FILES: &[(File, &str, &str)] = &[
    (
        File::Project,
        "specc.toml",
        "The project. It stands in the root folder, and everything else is found from it.",
    ),
    (
        File::Service,
        "services/<service>.toml",
        "A service. Its overlay in an environment has the same shape, with nothing required.",
    ),
    (
        File::Environment,
        "<environment>/environment.toml",
        "Facts about one environment, and what its services leave unset.",
    ),
    (
        File::Images,
        "<environment>/images.lock",
        "Which build of each image runs in an environment. Your pipeline writes it.",
    ),
];

/// The tables of a file in the order of their declaration.
struct Tables<'s> {
    schema: &'s Json,
    out: String,
}

impl<'s> Tables<'s> {
    fn resolve(&self, at: &'s Json) -> &'s Json {
        let name = at["$ref"].as_str().and_then(|reference| reference.strip_prefix("#"));
        name.map_or(at, |pointer| self.schema.pointer(pointer).expect("a definition"))
    }

    /// Writes the table at `path`, then those below it.
    fn table(&mut self, path: &str, at: &'s Json) {
        let table = self.resolve(at);
        let properties = table["properties"].as_object().expect("a table has keys");
        if path.is_empty() {
            self.out += "\n### The top of the file\n";
        } else {
            let _ = write!(self.out, "\n### `[{path}]`\n");
        }
        if let Some(doc) = table["description"].as_str().filter(|_| !path.is_empty()) {
            let _ = write!(self.out, "\n{doc}\n");
        }
        self.out += "\n| key | takes | meaning |\n|---|---|---|\n";
        let required = table["required"].as_array();
        for (key, value) in properties {
            let must = required.is_some_and(|all| all.iter().any(|name| name == key));
            let doc = value["description"].as_str().unwrap_or_default();
            let must = if must { " **Required.**" } else { "" };
            let _ = writeln!(self.out, "| `{key}` | {} | {}{must} |", Self::takes(value), cell(doc));
        }
        for (key, value) in properties {
            let below = if path.is_empty() { key.clone() } else { format!("{path}.{key}") };
            if value["$ref"].is_string() {
                self.table(&below, value);
            } else if value["additionalProperties"]["$ref"].is_string() {
                let quoted = if key == "files" {
                    "\"<path>\""
                } else if key == "images" {
                    "\"<repository>\""
                } else {
                    "<name>"
                };
                self.table(&format!("{below}.{quoted}"), &value["additionalProperties"]);
            }
        }
    }

    /// What may stand behind a key.
    fn takes(value: &Json) -> String {
        let quoted = |words: Vec<&str>| {
            words.iter().map(|word| format!("`\"{word}\"`")).collect::<Vec<_>>().join(", ")
        };
        if value["$ref"].is_string() {
            return "a table".to_owned();
        }
        if value["anyOf"].is_array() {
            return "a text, a number, `true`, `false`, or `{ from }`, `{ format }`, `{ field }`".to_owned();
        }
        if let Some(words) = value["oneOf"].as_array() {
            let words = words.iter().filter_map(|word| word["const"].as_str());
            return quoted(words.collect());
        }
        let example =
            value["examples"][0].as_str().map(|example| format!(", such as `\"{}\"`", cell(example)));
        let example = example.unwrap_or_default();
        match value["type"].as_str() {
            Some("string") => format!("{}{example}", value["title"].as_str().unwrap_or("a text")),
            Some("integer") if value["minimum"] == value["maximum"] => format!("`{}`", value["minimum"]),
            Some("integer") => format!("a whole number from {} to {}", value["minimum"], value["maximum"]),
            Some("boolean") => "`true` or `false`".to_owned(),
            Some("array") => format!("an array, each {}", Self::takes(&value["items"])),
            Some("object") => {
                let inner = &value["additionalProperties"];
                let key = value["propertyNames"]["title"].as_str().unwrap_or("a name");
                let each = if inner["$ref"].is_string() { "a table".to_owned() } else { Self::takes(inner) };
                format!("a table of {key} to {each}")
            }
            other => panic!("no words for {other:?}: {value}"),
        }
    }
}

/// Text for a cell of a table.
fn cell(text: &str) -> String {
    text.replace('|', "\\|")
}

#[test]
fn the_reference_of_the_language() {
    let mut text = TOP.to_owned();
    for (file, path, doc) in FILES {
        let schema = file.schema();
        let _ = write!(text, "\n## `{path}`\n\n{doc}\n");
        let mut tables = Tables { schema: &schema, out: String::new() };
        tables.table("", &schema);
        text += &tables.out;
        assert!(schema["$defs"].as_object().is_none_or(|defs: &Map<String, Json>| !defs.is_empty()));
    }
    bless::file(&root().join("docs/reference.md"), &text);
}

#[test]
fn the_list_of_checks() {
    let mut text = "\
# Checks

What specc refuses or warns of beside mistakes in a single file, by the name of the bad pattern. `specc explain <name>`
prints the page of a check, with an example that has it and one that has not.

- `error`: the cluster or an operator would refuse it, or it cannot work. It cannot be lowered.
- `deny`: it works and is dangerous. `[checks]` in `specc.toml` can lower it, with a reason.
- `warn`: advice. The exit code stays 0.
"
    .to_owned();
    for (level, title) in [(Level::Error, "Errors"), (Level::Deny, "Denied"), (Level::Warn, "Warnings")] {
        let _ = write!(text, "\n## {title}\n\n| check | what it finds |\n|---|---|\n");
        for check in CHECKS.iter().filter(|check| check.level == level) {
            let _ = writeln!(text, "| `{}` | {} |", check.slug, cell(check.summary()));
        }
    }
    bless::file(&root().join("docs/checks.md"), &text);
}
