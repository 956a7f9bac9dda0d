//! The secrets that must exist before an environment can start: what to put where, and who reads it.

use serde_json::{Value as Json, json};

use super::{FORMAT_VERSION, Table};
use crate::Environment;
use crate::system::variables::SECRETS_ROOT;
use crate::system::{SecretSource, Service, VariableValue, Workload};
use crate::value::Value as _;

/// A key of the store, and the Secret that it becomes.
#[derive(Clone, Debug)]
pub struct Needed {
    /// the environment
    pub environment: String,
    /// what declares it: `orders.externals.provider`
    pub declared: String,
    /// the ClusterSecretStore, if the platform has one
    pub store: Option<String>,
    /// key in the store; none for what is made in the cluster
    pub remote: Option<String>,
    /// properties below the key
    pub properties: Vec<String>,
    /// `<namespace>/<name>` of the Secret
    pub secret: String,
    /// the workloads that get it
    pub used_by: Vec<Use>,
}

/// How a workload gets a Secret.
#[derive(Clone, Debug)]
pub struct Use {
    /// name of its objects
    pub workload: String,
    /// the folder in which the properties are files, if they are
    pub folder: Option<String>,
    /// the variables that hold properties
    pub variables: Vec<String>,
}

/// The secrets of one environment, by service and name.
pub fn list(environment: &Environment) -> Vec<Needed> {
    let mut all = Vec::new();
    for service in &environment.system.services {
        all.extend(service.sources().map(|(noun, source)| needed(environment, service, noun, source)));
    }
    all
}

fn needed(environment: &Environment, service: &Service, noun: &str, source: &SecretSource) -> Needed {
    Needed {
        environment: environment.name.to_string(),
        declared: format!("{}.{noun}.{}", service.stem, source.name.get()),
        store: environment
            .system
            .environment
            .platform
            .secret_store
            .as_ref()
            .filter(|_| source.is_stored())
            .map(|store| store.get().to_string()),
        remote: source.is_stored().then(|| source.remote.get().to_string()),
        properties: source.keys.iter().map(|key| key.get().text().into_owned()).collect(),
        secret: format!("{}/{}", service.namespace.get(), source.object.get()),
        used_by: service.workloads.iter().filter_map(|workload| of_workload(workload, source)).collect(),
    }
}

/// As files, as variables, or both; none if it does not.
fn of_workload(workload: &Workload, source: &SecretSource) -> Option<Use> {
    let secret = source.object.get();
    let folder = workload.secret_folders.iter().find(|folder| folder.secret.get() == secret);
    let further = workload.containers().flat_map(|container| &container.variables);
    let variables = workload.variables.iter().chain(further).filter_map(|variable| match &variable.value {
        VariableValue::Secret { secret: of, .. } if of.get() == secret => {
            Some(variable.name.get().to_string())
        }
        _ => None,
    });
    let used = Use {
        workload: workload.object.get().to_string(),
        folder: folder.map(|folder| format!("{SECRETS_ROOT}/{}", folder.name)),
        variables: variables.collect(),
    };
    (used.folder.is_some() || !used.variables.is_empty()).then_some(used)
}

/// The secrets as rows.
pub fn table(secrets: &[Needed]) -> Table {
    let header =
        ["ENVIRONMENT", "STORE", "KEY", "PROPERTIES", "SECRET", "USED BY"].map(str::to_owned).to_vec();
    let row = |needed: &Needed| {
        let by = |used: &Use| match used.variables.len() {
            0 => used.workload.clone(),
            _ => format!("{} (variables)", used.workload),
        };
        let used_by: Vec<String> = needed.used_by.iter().map(by).collect();
        vec![
            needed.environment.clone(),
            needed.store.clone().unwrap_or_else(|| "-".to_owned()),
            needed.remote.clone().unwrap_or_else(|| "made in the cluster".to_owned()),
            needed.properties.join(", "),
            needed.secret.clone(),
            if used_by.is_empty() { "nobody".to_owned() } else { used_by.join(", ") },
        ]
    };
    Table { header, rows: secrets.iter().map(row).collect() }
}

/// The secrets as a JSON document.
pub fn json(secrets: &[Needed]) -> String {
    let used =
        |used: &Use| json!({ "workload": used.workload, "folder": used.folder, "variables": used.variables });
    let row = |needed: &Needed| {
        json!({
            "environment": needed.environment,
            "declared": needed.declared,
            "store": needed.store,
            "key": needed.remote,
            "properties": needed.properties,
            "secret": needed.secret,
            "used_by": needed.used_by.iter().map(used).collect::<Vec<Json>>(),
        })
    };
    let document = json!({ "format_version": FORMAT_VERSION, "secrets": secrets.iter().map(row).collect::<Vec<Json>>() });
    format!("{document:#}\n")
}
