//! The official types as referee: what specc writes must be what they read, nothing more and nothing less.

use k8s_openapi::Resource;
use k8s_openapi::api::{apps, autoscaling, batch, core, networking, policy, rbac};
use serde_json::Value;
use specc::emit::yaml;

use crate::emit::samples;

/// Groups without official types here; the definitions of their resources judge them.
const CUSTOM: [&str; 12] = [
    "autoscaling.k8s.io",
    "barmancloud.cnpg.io",
    "cilium.io",
    "external-secrets.io",
    "gateway.networking.k8s.io",
    "generators.external-secrets.io",
    "keda.sh",
    "monitoring.coreos.com",
    "networking.istio.io",
    "postgresql.cnpg.io",
    "security.istio.io",
    "velero.io",
];

/// Whether the official type of the one object in `yaml` reads it and writes the same value again.
pub(crate) fn check(yaml: &str) -> Result<(), String> {
    let value: Value = serde_saphyr::from_str(yaml).map_err(|error| error.to_string())?;
    let word = |key: &str| value.get(key).and_then(Value::as_str).ok_or(format!("no `{key}`"));
    let (version, kind) = (word("apiVersion")?.to_owned(), word("kind")?.to_owned());
    macro_rules! judge {
        ($($Type:ty),* $(,)?) => {
            $(if (version.as_str(), kind.as_str()) == (<$Type>::API_VERSION, <$Type>::KIND) {
                return judge::<$Type>(&value);
            })*
        };
    }
    judge![
        apps::v1::DaemonSet,
        apps::v1::Deployment,
        apps::v1::StatefulSet,
        autoscaling::v2::HorizontalPodAutoscaler,
        batch::v1::CronJob,
        batch::v1::Job,
        core::v1::ConfigMap,
        core::v1::Namespace,
        core::v1::PersistentVolumeClaim,
        core::v1::Service,
        core::v1::ServiceAccount,
        networking::v1::Ingress,
        networking::v1::NetworkPolicy,
        policy::v1::PodDisruptionBudget,
        rbac::v1::Role,
        rbac::v1::RoleBinding,
    ];
    let group = version.split_once('/').map_or("", |(group, _)| group);
    if CUSTOM.contains(&group) { Ok(()) } else { Err(format!("no official type for `{version}` `{kind}`")) }
}

fn judge<T: serde::Serialize + serde::de::DeserializeOwned>(value: &Value) -> Result<(), String> {
    let typed: T = serde_json::from_value(value.clone()).map_err(|error| error.to_string())?;
    let again = serde_json::to_value(&typed).map_err(|error| error.to_string())?;
    let mut differences = Vec::new();
    compare("", value, &again, &mut differences);
    if differences.is_empty() { Ok(()) } else { Err(differences.join("\n")) }
}

fn compare(path: &str, ours: &Value, theirs: &Value, differences: &mut Vec<String>) {
    match (ours, theirs) {
        (Value::Object(ours), Value::Object(theirs)) => {
            for key in ours.keys().chain(theirs.keys().filter(|key| !ours.contains_key(*key))) {
                let side =
                    |map: &serde_json::Map<String, Value>| map.get(key).cloned().unwrap_or(Value::Null);
                compare(&format!("{path}.{key}"), &side(ours), &side(theirs), differences);
            }
        }
        (Value::Array(ours), Value::Array(theirs)) if ours.len() == theirs.len() => {
            for (index, (ours, theirs)) in ours.iter().zip(theirs).enumerate() {
                compare(&format!("{path}[{index}]"), ours, theirs, differences);
            }
        }
        _ if ours == theirs => {}
        _ => differences.push(format!("`{path}`: specc writes {ours}, the official type {theirs}")),
    }
}

#[test]
fn every_native_sample_is_what_the_official_type_reads() {
    for object in samples::all() {
        let mut out = String::new();
        yaml::object(object.as_walk(), &mut out);
        if let Err(error) = check(&out) {
            panic!("{}:\n{error}\n{out}", object.kind());
        }
    }
}

#[test]
fn a_wrong_key_a_wrong_type_and_an_unknown_kind_are_refused() {
    let service = "apiVersion: v1\nkind: Service\nmetadata:\n  name: a\nspec:\n  ports:\n  - port: 80\n";
    assert_eq!(check(service), Ok(()));
    let wrong_key = service.replace("port:", "prot:");
    assert!(check(&wrong_key).is_err());
    let wrong_type = service.replace("80", "eighty");
    assert!(check(&wrong_type).is_err());
    let wrong_place = service.replace("  ports:\n  - port: 80\n", "  port: 80\n");
    assert_eq!(check(&wrong_place), Err("`.spec.port`: specc writes 80, the official type null".into()));
    let unknown = service.replace("Service", "Sevrice");
    assert_eq!(check(&unknown), Err("no official type for `v1` `Sevrice`".into()));
}
