//! Good and bad files, one mistake each: for every key of every table good values, bad values, values of every other
//! type, and the key missing; for every table an unknown key and something else in its place.

mod database;
mod environment;
mod operations;
mod project;
mod route;
mod service;
mod values;
mod workload;

use std::collections::BTreeMap;

use super::File;
use super::File::{Environment, Images, Overlay, Project, Service};

/// A file, and whether it is good where the corpus says so; otherwise schema and decoder must only agree.
pub(super) struct Case {
    pub(super) file: File,
    pub(super) what: String,
    pub(super) text: String,
    pub(super) good: Option<bool>,
}

/// A key: its name, good values, bad values of its own kind.
type Key = (&'static str, &'static [&'static str], &'static [&'static str]);

/// A table: its name among the schema's definitions, its place, and its keys. The first good value of a key that stands
/// in `needs` completes the table.
struct Table {
    of: &'static [File],
    name: &'static str,
    at: &'static str,
    needs: &'static [&'static str],
    keys: &'static [Key],
}

/// Values of every type but dates (see [`UNSEEN`]), and a few that are often mistaken for others.
const ANY: &[&str] = &[
    "\"\"",
    "\"junk !\"",
    "\"yes\"",
    "\"1\"",
    "0",
    "1",
    "-1",
    "4294967296",
    "1.5",
    "true",
    "[]",
    "[1]",
    "[\"junk !\"]",
    "[[]]",
    "{}",
    "{ zz = 1 }",
    "{ \"junk !\" = {} }",
];

/// Tables that take further keys, of which only a cluster knows.
const OPEN: &[&str] = &["Patch"];

/// Files that a schema lets pass and the decoder refuses, since JSON cannot tell the values apart.
pub(super) const UNSEEN: &[(File, &str, &str)] = &[
    (Service, "spec = 1.0\n[service]\nname = \"a\"\n", "a float without a fraction is an integer in JSON"),
    (Service, "spec = 1\n[service]\nname = \"a\"\nowner = 2027-01-31\n", "a date is a string in JSON"),
    (
        Project,
        "spec = 1\n[project]\nname = \"a\"\n[checks]\na = { level = \"warn\", until = \"2027-01-31\" }\n",
        "a string that looks like a date is a date in JSON",
    ),
];

fn tables() -> impl Iterator<Item = &'static Table> {
    project::TABLES
        .iter()
        .chain(service::TABLES)
        .chain(database::TABLES)
        .chain(operations::TABLES)
        .chain(workload::TABLES)
        .chain(route::TABLES)
        .chain(environment::TABLES)
}

/// Every key that has a row, as `Definition.key`.
pub(super) fn rows(file: File) -> Vec<String> {
    let tables = tables().filter(|table| table.of.contains(&file));
    tables.flat_map(|table| table.keys.iter().map(move |(key, ..)| format!("{}.{key}", table.name))).collect()
}

/// A file in the making: lines by table, the root first.
struct Draft(BTreeMap<String, BTreeMap<String, String>>);

impl Draft {
    /// The smallest good file.
    fn new(file: File) -> Self {
        let mut draft = Draft(BTreeMap::new());
        match file {
            Project => draft.set("", "spec", "1").set("project", "name", "\"shop\""),
            Service => draft.set("", "spec", "1").set("service", "name", "\"orders\""),
            Environment => draft.set("", "tier", "\"dev\""),
            Overlay | Images => &mut draft,
        };
        draft
    }

    fn set(&mut self, table: &str, key: &str, value: &str) -> &mut Self {
        // a key of the root takes the place of the table of that name
        if table.is_empty() {
            self.0.remove(key);
        }
        self.0.entry(table.to_owned()).or_default().insert(key.to_owned(), value.to_owned());
        self
    }

    fn text(&self) -> String {
        let header = |table: &str| if table.is_empty() { String::new() } else { format!("[{table}]\n") };
        let line = |(key, value): (&String, &String)| format!("{key} = {value}\n");
        let table = |(table, lines): (&String, &BTreeMap<String, String>)| {
            header(table) + &lines.iter().map(line).collect::<String>()
        };
        self.0.iter().map(table).collect()
    }
}

impl Table {
    /// The file with this table, complete but for `missing`.
    fn draft(&self, file: File, missing: &str) -> Draft {
        let mut draft = Draft::new(file);
        if missing.is_empty() || !self.at.is_empty() {
            draft.0.entry(self.at.to_owned()).or_default();
        } else {
            draft.0.remove(missing);
        }
        if let Some(lines) = draft.0.get_mut(self.at) {
            lines.remove(missing);
        }
        // the tables that this one stands in need their own keys
        let around =
            |table: &&Table| table.of.contains(&file) && self.at.starts_with(&format!("{}.", table.at));
        for table in tables().filter(around) {
            table.complete(&mut draft, "");
        }
        self.complete(&mut draft, missing);
        draft
    }

    fn complete(&self, draft: &mut Draft, missing: &str) {
        for (key, good, _) in self.keys.iter().filter(|(key, ..)| self.needs.contains(key) && *key != missing)
        {
            draft.set(self.at, key, good[0]);
        }
    }

    fn cases(&self, file: File, into: &mut Vec<Case>) {
        let mut push = |what: String, text: String, good| into.push(Case { file, what, text, good });
        push(format!("{} complete", self.at), self.draft(file, "").text(), Some(true));
        push(
            format!("{} unknown key", self.at),
            self.draft(file, "").set(self.at, "zz", "1").text(),
            Some(OPEN.contains(&self.name)),
        );
        for needed in self.needs {
            // what a later layer lacks may stand in an earlier one
            let required = !matches!(file, Overlay | Environment) || self.at.is_empty();
            push(format!("{} without {needed}", self.at), self.draft(file, needed).text(), Some(!required));
        }
        for (key, good, bad) in self.keys {
            let judged = [(*good, Some(true)), (*bad, Some(false)), (ANY, None)];
            for (value, good) in
                judged.iter().flat_map(|(values, good)| values.iter().map(move |v| (v, *good)))
            {
                let text = self.draft(file, "").set(self.at, key, value).text();
                push(format!("{}.{key} = {value}", self.at), text, good);
            }
        }
    }
}

/// Every file of the corpus.
pub(super) fn cases() -> Vec<Case> {
    let mut cases = Vec::new();
    for table in tables() {
        for file in table.of {
            table.cases(*file, &mut cases);
        }
    }
    cases
}
