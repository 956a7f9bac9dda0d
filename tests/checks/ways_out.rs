//! The two ways out of the language: what a beginner gets wrong.

use super::{shop, shows};

const POD: &str = "[workloads.api.kubernetes.deployment.spec.template.spec]\n";

/// A project with a manifest.
fn taken(yaml: &str, expected: &[(&str, &[&str])]) {
    let service = shop("[manifests.old]\nsource = \"../files/old.yaml\"\n");
    shows(&[("services/shop.toml", &service), ("files/old.yaml", yaml)], expected);
}

#[test]
fn a_field_of_a_later_version_names_both_versions() {
    let service = shop(&format!("{POD}hostnameOverride = \"x\"\n"));
    let dev = "tier = \"dev\"\n[platform]\nkubernetes = \"1.33\"\n";
    shows(
        &[("services/shop.toml", &service), ("dev/environment.toml", dev)],
        &[("kubernetes-too-old", &["needs Kubernetes 1.34, and `dev` has 1.33"])],
    );
    let staging = dev.replace("1.33", "1.30");
    shows(
        &[("services/shop.toml", &shop("")), ("dev/environment.toml", &staging)],
        &[("doubtful-value", &["write a version between `1.31` and `1.37`"])],
    );
}

#[test]
fn lists_tables_and_amounts_are_told_apart() {
    let body = format!("{POD}tolerations = {{ a = 1 }}\ncontainers.api.resources.limits.memory = \"1GB\"\n");
    shows(
        &[("services/shop.toml", &shop(&body))],
        &[
            ("api-field-invalid", &["must be a list, not a table", "which replaces the whole list"]),
            ("api-field-invalid", &["`1GB` is not an amount"]),
        ],
    );
}

#[test]
fn a_network_policy_is_not_opened_by_hand() {
    let body = "[workloads.api.kubernetes.networkpolicy.spec]\negress = []\n";
    shows(
        &[("services/shop.toml", &shop(body))],
        &[("derived-field-written", &["write the flow as an edge: `uses`"])],
    );
}

#[test]
fn a_secret_in_a_variable_is_not_shown() {
    let body = format!("{POD}containers.api.env.API_TOKEN.value = \"a9f3-secret-77\"\n");
    let (found, shown) = crate::pages::findings(&[("services/shop.toml", &shop(&body))], None);
    assert_eq!(found.iter().map(|finding| finding.code).collect::<Vec<_>>(), ["secret-in-plain"]);
    assert!(!shown.contains("a9f3"), "{shown}");
}

#[test]
fn a_manifest_is_judged_where_it_stands() {
    taken(
        "apiVersion: apps/v1\nkind: Deploymnet\nmetadata: {name: x}\n",
        &[("api-field-invalid", &["files/old.yaml:2:7", "did you mean `Deployment`?"])],
    );
    taken(
        "apiVersion: extensions/v1beta1\nkind: Ingress\nmetadata: {name: x}\n",
        &[("api-field-invalid", &["`Ingress` is of `networking.k8s.io/v1`"])],
    );
    taken(
        "apiVersion: v1\nkind: Pod\nmetadata:\n\tname: x\n",
        &[("manifest-syntax", &["tab", "YAML is indented with spaces"])],
    );
    taken("# nothing\n", &[("manifest-not-object", &["has no manifest"])]);
    taken("apiVersion: foo.example.com/v1\nkind: Thing\nmetadata: {name: x}\nspec: {ratio: 0.5}\n", &[]);
}

#[test]
fn a_privileged_pod_in_a_manifest_is_refused_before_the_cluster_does() {
    let yaml = "apiVersion: v1\nkind: Pod\nmetadata: {name: x}\nspec:\n  securityContext: {runAsNonRoot: true, \
                seccompProfile: {type: RuntimeDefault}}\n  containers:\n  - name: a\n    image: b\n    securityContext:\n      \
                allowPrivilegeEscalation: false\n      privileged: true\n      capabilities: {drop: [ALL]}\n";
    taken(
        yaml,
        &[(
            "pod-security-exceeded",
            &["files/old.yaml:11:19", "`pod_security = \"privileged\"` with a `reason`"],
        )],
    );
}

#[test]
fn a_bomb_of_aliases_is_refused() {
    let mut yaml = String::from("a: &a [x, x, x, x, x, x, x, x, x, x]\n");
    for (name, before) in ["b", "c", "d", "e", "f", "g"].iter().zip(["a", "b", "c", "d", "e", "f"]) {
        let aliases = vec![format!("*{before}"); 10].join(", ");
        yaml += &format!("{name}: &{name} [{aliases}]\n");
    }
    taken(&yaml, &[("manifest-syntax", &["with its aliases opened it has more than"])]);
}
