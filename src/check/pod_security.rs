//! The Pod Security Standards, for pods that somebody wrote by hand.
//!
//! Source: Kubernetes, "Pod Security Standards", as of 1.36; `policies` of k8s.io/pod-security-admission for the order.

use crate::origin::Origin;
use crate::spec::workload::PodLevel;
use crate::text::Text;
use crate::walk::Part;

/// Something that a level does not allow.
#[derive(Clone, Debug)]
pub(super) struct Violation {
    /// dotted path below the pod
    pub(super) path: String,
    /// what is wrong there
    pub(super) what: &'static str,
    /// the strictest level that allows it
    pub(super) needs: PodLevel,
    /// the value, or a value beside it
    pub(super) origin: Option<Origin>,
}

impl Violation {
    /// Whether both say the same of the same field.
    pub(super) fn is_same(&self, other: &Violation) -> bool {
        self.path == other.path && self.what == other.what
    }
}

const RUNTIME_CAPABILITIES: &[&str] = &[
    "AUDIT_WRITE",
    "CHOWN",
    "DAC_OVERRIDE",
    "FOWNER",
    "FSETID",
    "KILL",
    "MKNOD",
    "NET_BIND_SERVICE",
    "SETFCAP",
    "SETGID",
    "SETPCAP",
    "SETUID",
    "SYS_CHROOT",
];

const SAFE_SYSCTLS: &[&str] = &[
    "kernel.shm_rmid_forced",
    "net.ipv4.ip_local_port_range",
    "net.ipv4.ip_local_reserved_ports",
    "net.ipv4.ip_unprivileged_port_start",
    "net.ipv4.ping_group_range",
    "net.ipv4.tcp_fin_timeout",
    "net.ipv4.tcp_keepalive_intvl",
    "net.ipv4.tcp_keepalive_probes",
    "net.ipv4.tcp_keepalive_time",
    "net.ipv4.tcp_rmem",
    "net.ipv4.tcp_syncookies",
    "net.ipv4.tcp_wmem",
];

const VOLUMES: &[&str] = &[
    "configMap",
    "csi",
    "downwardAPI",
    "emptyDir",
    "ephemeral",
    "image",
    "name",
    "persistentVolumeClaim",
    "projected",
    "secret",
];

const SELINUX_TYPES: &[&str] =
    &["", "container_t", "container_init_t", "container_kvm_t", "container_engine_t"];

/// All that the restricted level forbids in a pod, by the path of the field.
pub(super) fn violations(pod: &Part) -> Vec<Violation> {
    let mut judge = Judge { found: Vec::new() };
    judge.pod(pod);
    judge.found
}

struct Judge {
    found: Vec<Violation>,
}

impl Judge {
    fn add(&mut self, path: String, what: &'static str, needs: PodLevel, part: Option<&Part>) {
        self.found.push(Violation { path, what, needs, origin: part.and_then(Part::origin) });
    }

    fn pod(&mut self, pod: &Part) {
        for key in ["hostNetwork", "hostPID", "hostIPC"] {
            if pod.get(key).and_then(Part::truth) == Some(true) {
                self.add(
                    key.to_owned(),
                    "shares what belongs to the node",
                    PodLevel::Privileged,
                    pod.get(key),
                );
            }
        }
        for (name, volume) in pod.get("volumes").into_iter().flat_map(Part::items) {
            self.volume(name, volume);
        }
        let security = pod.get("securityContext");
        if let Some(security) = security {
            self.context("securityContext", security);
            for (_, sysctl) in security.get("sysctls").into_iter().flat_map(Part::items) {
                let name = sysctl.get("name");
                if name.and_then(Part::text).is_some_and(|name| !SAFE_SYSCTLS.contains(&name.as_str())) {
                    let path = "securityContext.sysctls".to_owned();
                    self.add(path, "sets a parameter of the node's kernel", PodLevel::Privileged, name);
                }
            }
        }
        for list in ["initContainers", "containers", "ephemeralContainers"] {
            let items = pod.get(list).into_iter().flat_map(Part::items);
            for (index, (name, container)) in items.enumerate() {
                let written = container.get("name").and_then(Part::text).or(name);
                let name = written.map_or_else(|| index.to_string(), Text::to_string);
                self.container(&format!("{list}[{name}]"), container, security);
            }
        }
    }

    fn volume(&mut self, name: Option<&Text>, volume: &Part) {
        let name = volume.get("name").and_then(Part::text).or(name).map_or("", |name| name.as_str());
        for (key, part) in volume.fields().filter(|(key, _)| !VOLUMES.contains(&key.as_str())) {
            let path = format!("volumes[{name}].{key}");
            let origin = part.origin().or_else(|| volume.origin());
            let (what, needs) = if key == "hostPath" {
                ("opens a folder of the node", PodLevel::Privileged)
            } else {
                ("is a kind of volume that needs more than the restricted level", PodLevel::Baseline)
            };
            self.found.push(Violation { path, what, needs, origin });
        }
    }

    /// What pods and containers have alike.
    fn context(&mut self, path: &str, security: &Part) {
        let at = |key: &str| format!("{path}.{key}");
        if security.get("runAsNonRoot").and_then(Part::truth) == Some(false) {
            self.add(at("runAsNonRoot"), "may run as root", PodLevel::Baseline, security.get("runAsNonRoot"));
        }
        if security.get("runAsUser").and_then(Part::int) == Some(0) {
            self.add(at("runAsUser"), "runs as root", PodLevel::Baseline, security.get("runAsUser"));
        }
        for profile in ["seccompProfile", "appArmorProfile"] {
            let kind = security.at(&[profile, "type"]);
            if kind.and_then(Part::text).is_some_and(|kind| kind == "Unconfined") {
                self.add(at(profile), "takes the filter of the kernel away", PodLevel::Privileged, kind);
            }
        }
        for (key, part) in security.get("seLinuxOptions").into_iter().flat_map(Part::fields) {
            let text = part.text().map_or("", |text| text.as_str());
            let is_fine = match key.as_str() {
                "type" => SELINUX_TYPES.contains(&text),
                "user" | "role" => text.is_empty(),
                _ => true,
            };
            if !is_fine {
                self.add(
                    at("seLinuxOptions"),
                    "takes another SELinux context",
                    PodLevel::Privileged,
                    Some(part),
                );
            }
        }
        let process = security.at(&["windowsOptions", "hostProcess"]);
        if process.and_then(Part::truth) == Some(true) {
            self.add(at("windowsOptions"), "is a process of the node", PodLevel::Privileged, process);
        }
    }

    fn container(&mut self, path: &str, container: &Part, of_pod: Option<&Part>) {
        let security = container.get("securityContext");
        let at = |key: &str| format!("{path}.securityContext.{key}");
        let get = |key: &str| security.and_then(|security| security.get(key));
        if let Some(security) = security {
            self.context(&format!("{path}.securityContext"), security);
        }
        if get("privileged").and_then(Part::truth) == Some(true) {
            self.add(at("privileged"), "has the node", PodLevel::Privileged, get("privileged"));
        }
        if get("procMount").and_then(Part::text).is_some_and(|mount| mount != "Default") {
            self.add(at("procMount"), "sees what the kernel hides", PodLevel::Privileged, get("procMount"));
        }
        let beside = security.unwrap_or(container);
        if get("allowPrivilegeEscalation").and_then(Part::truth) != Some(false) {
            let part = get("allowPrivilegeEscalation").unwrap_or(beside);
            self.add(at("allowPrivilegeEscalation"), "is not `false`", PodLevel::Baseline, Some(part));
        }
        self.capabilities(path, get("capabilities"), beside);
        let or_pod = |key: &str| get(key).or_else(|| of_pod.and_then(|pod| pod.get(key)));
        if or_pod("runAsNonRoot").is_none() {
            self.add(at("runAsNonRoot"), "may run as root", PodLevel::Baseline, Some(beside));
        }
        if or_pod("seccompProfile").is_none() {
            self.add(at("seccompProfile"), "has no seccomp filter", PodLevel::Baseline, Some(beside));
        }
        for (_, port) in container.get("ports").into_iter().flat_map(Part::items) {
            if port.get("hostPort").and_then(Part::int).is_some_and(|port| port != 0) {
                let path = format!("{path}.ports");
                self.add(path, "takes a port of the node", PodLevel::Privileged, port.get("hostPort"));
            }
        }
        let probes = ["livenessProbe", "readinessProbe", "startupProbe"].map(|probe| vec![probe]);
        let hooks = ["postStart", "preStop"].map(|hook| vec!["lifecycle", hook]);
        for of in probes.into_iter().chain(hooks) {
            for asks in ["httpGet", "tcpSocket"] {
                let host = container.at(&[of.as_slice(), &[asks, "host"]].concat());
                if host.and_then(Part::text).is_some_and(|host| !host.is_empty()) {
                    let path = format!("{path}.{}.{asks}.host", of.join("."));
                    self.add(path, "lets the node ask another host", PodLevel::Privileged, host);
                }
            }
        }
    }

    fn capabilities(&mut self, path: &str, capabilities: Option<&Part>, beside: &Part) {
        let list = |key: &str| capabilities.and_then(|c| c.get(key)).into_iter().flat_map(Part::items);
        if !list("drop").any(|(_, word)| word.text().is_some_and(|word| word == "ALL")) {
            let path = format!("{path}.securityContext.capabilities.drop");
            self.add(path, "does not drop `ALL`", PodLevel::Baseline, Some(capabilities.unwrap_or(beside)));
        }
        for (_, word) in list("add") {
            let name = word.text().map_or("", |word| word.as_str());
            let path = format!("{path}.securityContext.capabilities.add");
            if !RUNTIME_CAPABILITIES.contains(&name) {
                self.add(path, "gives a capability over the node", PodLevel::Privileged, Some(word));
            } else if name != "NET_BIND_SERVICE" {
                self.add(path, "gives a capability", PodLevel::Baseline, Some(word));
            }
        }
    }
}

/// What specc sets beyond the restricted level, and an object does not have: the path, and what is wrong.
pub(super) fn softened(pod: &Part) -> Vec<(String, &'static str, Option<Origin>)> {
    let mut found = Vec::new();
    let mut add =
        |path: String, what, part: Option<&Part>| found.push((path, what, part.and_then(Part::origin)));
    for (key, what) in [
        ("automountServiceAccountToken", "gives the pod a key to the API"),
        ("shareProcessNamespace", "lets the containers see and stop each other's processes"),
    ] {
        if pod.get(key).and_then(Part::truth) == Some(true) {
            add(key.to_owned(), what, pod.get(key));
        }
    }
    for list in ["initContainers", "containers"] {
        for (name, container) in pod.get(list).into_iter().flat_map(Part::items) {
            let name = container.get("name").and_then(Part::text).or(name).map_or("", |name| name.as_str());
            let root = container.at(&["securityContext", "readOnlyRootFilesystem"]);
            if root.and_then(Part::truth) != Some(true) {
                let path = format!("{list}[{name}].securityContext.readOnlyRootFilesystem");
                add(path, "lets the program change what the image holds", root.or(Some(container)));
            }
            if container.at(&["resources", "limits", "memory"]).is_none() {
                let path = format!("{list}[{name}].resources.limits.memory");
                add(path, "lets one container take the memory of the node", Some(container));
            }
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::origin::GRACE;
    use crate::walk::{Atom, Body};

    fn part(json: &serde_json::Value) -> Part {
        use serde_json::Value;
        let leaf = |atom| Part::leaf(atom, Origin::rule(GRACE));
        match json {
            Value::Object(map) => {
                Body::Map(map.iter().map(|(key, v)| (Text::from(key.clone()), part(v))).collect()).into()
            }
            Value::Array(items) => Body::Seq(items.iter().map(|v| (None, part(v))).collect()).into(),
            Value::String(text) => leaf(Atom::Str(Text::from(text.clone()))),
            Value::Number(number) => leaf(Atom::Int(number.as_i64().unwrap())),
            Value::Bool(truth) => leaf(Atom::Bool(*truth)),
            Value::Null => leaf(Atom::EmptyMap),
        }
    }

    fn hardened() -> serde_json::Value {
        serde_json::json!({
            "securityContext": {"runAsNonRoot": true, "seccompProfile": {"type": "RuntimeDefault"}},
            "containers": [{"name": "a", "securityContext": {
                "allowPrivilegeEscalation": false, "capabilities": {"drop": ["ALL"]}, "readOnlyRootFilesystem": true,
            }, "resources": {"limits": {"memory": "1Gi"}}}],
            "volumes": [{"name": "t", "emptyDir": null}],
        })
    }

    #[test]
    fn a_hardened_pod_violates_nothing_and_a_bare_one_four_rules() {
        assert!(violations(&part(&hardened())).is_empty() && softened(&part(&hardened())).is_empty());
        let bare = part(&serde_json::json!({"containers": [{"name": "a"}]}));
        let paths: Vec<String> = violations(&bare).into_iter().map(|v| v.path).collect();
        assert_eq!(paths.len(), 4, "{paths:?}");
        assert_eq!(softened(&bare).len(), 2);
    }

    #[test]
    fn each_way_to_more_rights_is_found_with_the_level_that_it_needs() {
        let cases: &[(&str, serde_json::Value, PodLevel)] = &[
            ("/hostPID", true.into(), PodLevel::Privileged),
            ("/containers/0/securityContext/privileged", true.into(), PodLevel::Privileged),
            ("/containers/0/securityContext/runAsUser", 0.into(), PodLevel::Baseline),
            ("/containers/0/securityContext/runAsNonRoot", false.into(), PodLevel::Baseline),
            ("/containers/0/securityContext/allowPrivilegeEscalation", true.into(), PodLevel::Baseline),
            ("/containers/0/securityContext/procMount", "Unmasked".into(), PodLevel::Privileged),
            (
                "/containers/0/securityContext/seccompProfile",
                serde_json::json!({"type": "Unconfined"}),
                PodLevel::Privileged,
            ),
            (
                "/containers/0/securityContext/capabilities/add",
                serde_json::json!(["CHOWN"]),
                PodLevel::Baseline,
            ),
            (
                "/containers/0/securityContext/capabilities/add",
                serde_json::json!(["SYS_ADMIN"]),
                PodLevel::Privileged,
            ),
            ("/containers/0/ports", serde_json::json!([{"hostPort": 80}]), PodLevel::Privileged),
            (
                "/containers/0/livenessProbe",
                serde_json::json!({"httpGet": {"host": "10.0.0.1"}}),
                PodLevel::Privileged,
            ),
            ("/volumes/0/hostPath", serde_json::json!({"path": "/"}), PodLevel::Privileged),
            ("/volumes/0/nfs", serde_json::json!({"path": "/"}), PodLevel::Baseline),
            (
                "/securityContext/sysctls",
                serde_json::json!([{"name": "kernel.msgmax"}]),
                PodLevel::Privileged,
            ),
            ("/securityContext/seLinuxOptions", serde_json::json!({"type": "spc_t"}), PodLevel::Privileged),
        ];
        for (path, value, needs) in cases {
            let mut pod = hardened();
            let (parent, key) = path.rsplit_once('/').unwrap();
            let map = pod.pointer_mut(parent).and_then(serde_json::Value::as_object_mut).unwrap();
            map.insert(key.to_owned(), value.clone());
            let found = violations(&part(&pod));
            assert_eq!(found.iter().map(|v| v.needs).max(), Some(*needs), "{path}: {found:?}");
            assert_eq!(found.len(), 1, "{path}: {found:?}");
        }
    }
}
