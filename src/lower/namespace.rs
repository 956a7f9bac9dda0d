//! The namespaces of a system: each with its Pod Security level and a policy that denies all traffic.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use super::{Cx, labels};
use crate::bundle::{Bundle, Scope};
use crate::k8s::{Metadata, Namespace, NetworkPolicy, NetworkPolicySpec, PolicyType, Selects};
use crate::origin::{HARDENED_USER, KIND, NAME_PART, NET_DEFAULT_DENY, Origin, POD_LEVEL, Traced, rule};
use crate::spec::workload::{PodLevel, VolumeKind};
use crate::system::Workload;
use crate::system::database::Drill;
use crate::text::Text;
use crate::walk::{Empty, Items};

/// The policy that denies what no other policy allows.
const DEFAULT_DENY: &str = "default-deny";

pub(super) fn lower(cx: &Cx<'_>, bundle: &mut Bundle) {
    drills(cx, bundle);
    let names: BTreeSet<&Text> = cx.system.services.iter().map(|s| s.namespace.get()).collect();
    for name in names {
        let inhabitants = || cx.system.services.iter().filter(|s| s.namespace.get() == name);
        let origins: Vec<Origin> = inhabitants().map(|s| s.namespace.origin()).collect();
        let reasons: Vec<Origin> = inhabitants().map(|s| s.because).collect();
        let name = Traced::because(name.clone(), cx.tracer.because(KIND, &origins));
        let scope = Scope::Namespace(name.get().clone());
        let managed = &cx.platform().manage_namespaces;
        let because = cx.tracer.because(KIND, &[&[name.origin(), managed.origin()], &*reasons].concat());
        if *managed.get() {
            let mut object = namespace(cx, &name, because);
            labels::namespace_joins_mesh(cx, Arc::make_mut(&mut object.metadata.labels));
            bundle.push(&scope, None, object);
            bundle.push(&scope, Some(DEFAULT_DENY), default_deny(cx, &name, because));
        } else {
            bundle.leave_out(&scope, "Namespace", name.get(), because);
        }
    }
}

/// The namespaces in which backups are tried out.
fn drills(cx: &Cx<'_>, bundle: &mut Bundle) {
    let mut by_name: BTreeMap<&Text, Vec<&Drill>> = BTreeMap::new();
    for drill in cx.system.services.iter().flat_map(|s| &s.databases).filter_map(|d| d.drill.as_ref()) {
        by_name.entry(drill.namespace.get()).or_default().push(drill);
    }
    for (name, drills) in by_name {
        let managed = &cx.platform().manage_namespaces;
        let mut why = vec![managed.origin()];
        why.extend(drills.iter().flat_map(|drill| [drill.because, drill.namespace.origin()]));
        let because = cx.tracer.because(KIND, &why);
        let name = Traced::because(name.clone(), because);
        let scope = Scope::Namespace(name.get().clone());
        if *managed.get() {
            bundle.push(&scope, None, namespace(cx, &name, because));
            bundle.push(&scope, Some(DEFAULT_DENY), default_deny(cx, &name, because));
        } else {
            bundle.leave_out(&scope, "Namespace", name.get(), because);
        }
    }
}

/// The strictest level of Pod Security that all workloads of the namespace keep.
///
/// Source: Pod Security Standards. Running as root and further capabilities of its list keep `baseline`; the node's network
/// and all other capabilities do not.
fn level(cx: &Cx<'_>, name: &Text) -> Traced<Text> {
    let services = || cx.system.services.iter().filter(|s| s.namespace.get() == name);
    let workloads: Vec<&Workload> = services().flat_map(|s| &s.workloads).collect();
    let taken: Vec<_> = services().flat_map(|s| &s.manifests).filter_map(|m| m.level.as_ref()).collect();
    let mut inputs: Vec<Origin> = taken.iter().map(|level| level.origin()).collect();
    inputs.extend(workloads.iter().flat_map(|w| w.of_node()).map(|(_, at)| at));
    let volumes = workloads.iter().flat_map(|workload| &workload.volumes);
    let of_node = volumes.filter(|volume| *volume.kind.get() == VolumeKind::HostPath);
    inputs.extend(of_node.map(|volume| volume.kind.origin()));
    for security in workloads.iter().filter_map(|workload| workload.security()) {
        inputs.push(Origin::spec(security.at));
        inputs.extend(security.capabilities.at.map(Origin::spec));
        inputs.extend(security.capabilities.iter().map(Traced::origin));
        let switches = [security.root, security.host_network, security.host_pid];
        inputs.extend(switches.into_iter().flatten().map(|s| s.origin()));
    }
    if inputs.is_empty() {
        return rule(HARDENED_USER, "restricted");
    }
    let levels = workloads.iter().map(|workload| workload.level());
    let level = levels.chain(taken.iter().map(|level| level.get().level())).max();
    let level = level.unwrap_or(PodLevel::Restricted);
    Traced::because(Text::Literal(level.word()), cx.tracer.because(POD_LEVEL, &inputs))
}

fn namespace(cx: &Cx<'_>, name: &Traced<Text>, because: Origin) -> Namespace {
    let mut labels = labels::of_system(cx);
    let level = level(cx, name.get());
    for mode in [
        "pod-security.kubernetes.io/enforce",
        "pod-security.kubernetes.io/audit",
        "pod-security.kubernetes.io/warn",
    ] {
        labels.insert(mode.into(), level.clone());
    }
    Namespace {
        because,
        metadata: Metadata {
            name: name.clone(),
            namespace: None,
            labels: Arc::new(labels),
            annotations: BTreeMap::new(),
        },
    }
}

fn default_deny(cx: &Cx<'_>, namespace: &Traced<Text>, because: Origin) -> NetworkPolicy {
    NetworkPolicy {
        because,
        metadata: Metadata {
            name: rule(NAME_PART, DEFAULT_DENY),
            namespace: Some(namespace.clone()),
            labels: Arc::new(labels::of_system(cx)),
            annotations: BTreeMap::new(),
        },
        spec: NetworkPolicySpec {
            pod_selector: Selects::All(rule(NET_DEFAULT_DENY, Empty)),
            policy_types: vec![
                rule(NET_DEFAULT_DENY, PolicyType::Ingress),
                rule(NET_DEFAULT_DENY, PolicyType::Egress),
            ],
            ingress: Items::default(),
            egress: Items::default(),
        },
    }
}
