//! Every variable of every container, in all environments side by side.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Map, Value as Json, json};

use super::{FORMAT_VERSION, Table};
use crate::Environment;
use crate::origin::{ENV_RUNTIME, NodeId, Origin, Why};
use crate::secret;
use crate::source::SourceMap;
use crate::system::variables::Level;
use crate::system::{Variable, VariableValue};
use crate::value::Value as _;

/// Stands for a value that looks like a secret.
const HIDDEN: &str = "(not shown, since it looks like a secret)";
/// Stands for a variable that is not set.
const UNSET: &str = "-";

/// A variable in one environment.
#[derive(Clone, Debug)]
pub struct Cell {
    /// what kind of value it is: `text`, `format`, `field`, `resource`, `secret` or `config_map`
    pub kind: &'static str,
    /// its value, or the reference that stands for it
    pub value: String,
    /// who sets it: `environment`, `service`, `workload`, `edge` or `runtime`
    pub set_by: &'static str,
    /// where the value stands, if it stands anywhere
    pub at: Option<String>,
}

/// A variable in all environments.
#[derive(Clone, Debug)]
pub struct Row {
    /// whose it is: `orders.workloads.api`, with the name of a further container behind it
    pub container: String,
    /// its name
    pub name: String,
    /// its value, one for each environment
    pub cells: Vec<Option<Cell>>,
}

/// All variables.
#[derive(Clone, Debug)]
pub struct Matrix {
    /// the environments, in order of promotion
    pub environments: Vec<String>,
    /// the variables, sorted by container and name
    pub rows: Vec<Row>,
}

/// The variables of every container in `environments`.
pub fn matrix(environments: &[Environment], sources: &SourceMap) -> Matrix {
    let mut rows: BTreeMap<(String, String), Vec<Option<Cell>>> = BTreeMap::new();
    for (index, environment) in environments.iter().enumerate() {
        let reader = Reader { environment, sources };
        let mut add = |container: &str, variable: &Variable| {
            let key = (container.to_owned(), variable.name.get().to_string());
            let cells = rows.entry(key).or_insert_with(|| vec![None; environments.len()]);
            if let Some(cell) = cells.get_mut(index) {
                *cell = Some(reader.cell(variable));
            }
        };
        for (service, workload) in environment.system.workloads() {
            let path = format!("{}.workloads.{}", service.stem, workload.name.get());
            workload.variables.iter().for_each(|variable| add(&path, variable));
            for container in workload.containers() {
                let path = format!("{path}.{}", container.name.get());
                container.variables.iter().for_each(|variable| add(&path, variable));
            }
        }
    }
    Matrix {
        environments: environments.iter().map(|environment| environment.name.to_string()).collect(),
        rows: rows.into_iter().map(|((container, name), cells)| Row { container, name, cells }).collect(),
    }
}

struct Reader<'a> {
    environment: &'a Environment,
    sources: &'a SourceMap,
}

impl Reader<'_> {
    fn cell(&self, variable: &Variable) -> Cell {
        let (kind, value, origin) = shown(variable);
        let is_runtime = |origin: Origin| {
            self.environment
                .tracer
                .with(|trace| matches!(origin.why(trace), Why::Rule(rule, _) if rule == ENV_RUNTIME))
        };
        let set_by = match variable.level {
            Level::Environment => "environment",
            Level::Service => "service",
            Level::Workload => "workload",
            Level::Derived if is_runtime(variable.because) => "runtime",
            Level::Derived => "edge",
        };
        let node = self.node(origin).or_else(|| self.node(variable.because));
        let at = node.and_then(|node| self.environment.nodes.key_place(node));
        Cell { kind, value, set_by, at: at.map(|place| self.sources.locate(place)) }
    }

    /// The first spec node behind an origin.
    fn node(&self, origin: Origin) -> Option<NodeId> {
        self.environment.tracer.with(|trace| origin.nodes(trace).first().copied())
    }
}

/// Kind and text of a value, and where it comes from.
fn shown(variable: &Variable) -> (&'static str, String, Origin) {
    let key = |word: &str, name: &str, key: &str| format!("{{ {word} = \"{name}\", key = \"{key}\" }}");
    match &variable.value {
        VariableValue::Plain(text) => {
            let is_secret = secret::of_setting(variable.name.get(), text.get()).is_some();
            let value = if is_secret { HIDDEN.to_owned() } else { text.get().to_string() };
            ("text", value, text.origin())
        }
        VariableValue::Composed(text) | VariableValue::Expanded(text) => {
            let is_secret = secret::of_text(text.get()).is_some();
            let value = if is_secret { HIDDEN.to_owned() } else { text.get().to_string() };
            ("format", value, text.origin())
        }
        VariableValue::Field(path) => ("field", format!("{{ field = \"{}\" }}", path.get()), path.origin()),
        VariableValue::Resource(path) => {
            ("resource", format!("{{ resource = \"{}\" }}", path.get()), path.origin())
        }
        VariableValue::Secret { secret, key: of } => {
            ("secret", key("secret", secret.get(), of.get()), of.origin())
        }
        VariableValue::Foreign(of) => {
            ("secret", key("secret", &of.secret.get().text(), &of.key.get().text()), of.secret.origin())
        }
        VariableValue::ConfigMap(of) => {
            let value = key("config_map", &of.config_map.get().text(), &of.key.get().text());
            ("config_map", value, of.config_map.origin())
        }
        // a check has refused the environment
        VariableValue::Unresolved(reference) => ("text", String::new(), reference.origin()),
    }
}

impl Matrix {
    /// The variables as rows: container, name, a value for each environment, and where the values stand.
    pub fn table(&self) -> Table {
        let mut header = vec!["WORKLOAD".to_owned(), "VARIABLE".to_owned()];
        header.extend(self.environments.iter().cloned());
        header.push("FROM".to_owned());
        let row = |row: &Row| {
            let mut texts = vec![row.container.clone(), row.name.clone()];
            texts.extend(row.cells.iter().map(|cell| {
                cell.as_ref().map_or_else(
                    || UNSET.to_owned(),
                    |cell| if cell.value.is_empty() { "\"\"".to_owned() } else { cell.value.clone() },
                )
            }));
            texts.push(from(row));
            texts
        };
        Table { header, rows: self.rows.iter().map(row).collect() }
    }

    /// The variables as a JSON document.
    pub fn json(&self) -> String {
        let cell = |cell: &Option<Cell>| {
            cell.as_ref().map_or(Json::Null, |cell| {
                json!({ "kind": cell.kind, "value": cell.value, "set_by": cell.set_by, "at": cell.at })
            })
        };
        let row = |row: &Row| {
            let cells: Map<String, Json> =
                self.environments.iter().cloned().zip(row.cells.iter().map(cell)).collect();
            json!({ "workload": row.container, "name": row.name, "environments": cells })
        };
        let document = json!({
            "format_version": FORMAT_VERSION,
            "environments": self.environments,
            "variables": self.rows.iter().map(row).collect::<Vec<Json>>(),
        });
        format!("{document:#}\n")
    }
}

/// Where the values stand, each place once.
fn from(row: &Row) -> String {
    let mut told = BTreeSet::new();
    let place = |cell: &Cell| cell.at.clone().unwrap_or_else(|| cell.set_by.to_owned());
    let places: Vec<String> =
        row.cells.iter().flatten().map(place).filter(|place| told.insert(place.clone())).collect();
    places.join(", ")
}
