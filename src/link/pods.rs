//! The pods of an environment, as selectors see them: labels and ports of each template.

use std::collections::BTreeMap;

use super::Subject;
use crate::k8s::{
    Container, ContainerProbe, EnvSource, Handler, Labels, Object, PodTemplate, ValueSource, VolumeSource,
};
use crate::origin::Traced;
use crate::text::Text;
use crate::walk::IntOrString;

const NAME: &str = "app.kubernetes.io/name";

/// CloudNativePG's label of a pooler's pods, over which its own name does not win.
const POOLER: &str = "cnpg.io/poolerName";

/// Ports of a CloudNativePG pooler.
const POOLER_PORTS: &[(&str, i32)] = &[("pgbouncer", 5432), ("metrics", 9127)];

/// Ports of a CloudNativePG instance: PostgreSQL, the instance manager, metrics.
const INSTANCE_PORTS: &[(&str, i32)] = &[("postgresql", 5432), ("status", 8000), ("metrics", 9187)];

/// Pods made from one template.
pub(super) struct Pod {
    labels: Labels,
    ports: Vec<(Text, i32)>,
}

impl Pod {
    pub(super) fn has_port(&self, number: i32) -> bool {
        self.ports.iter().any(|(_, n)| *n == number)
    }
    /// Whether the labels of a selector select them.
    pub(super) fn is_selected(&self, by: &Labels) -> bool {
        by.iter().all(|(key, value)| self.labels.get(key).is_some_and(|own| own.get() == value.get()))
    }
    pub(super) fn has_port_named(&self, name: &str) -> bool {
        self.ports.iter().any(|(n, _)| n == name)
    }
}

/// The label that every selector of ours uses.
pub(super) fn name(labels: &Labels) -> Option<&Text> {
    labels.get(NAME).or_else(|| labels.get(POOLER)).map(crate::origin::Traced::get)
}

/// The pods that are made from `object`, with their name.
pub(super) fn of(
    subject: &Subject,
    object: &Object,
    broken: &mut Vec<(Subject, String)>,
) -> Option<(Text, Pod)> {
    let (labels, ports) = match object {
        Object::Deployment(o) => of_template(subject, &o.spec.template, &[], broken),
        Object::StatefulSet(o) => {
            let claims: Vec<&Text> =
                o.spec.volume_claim_templates.iter().map(|c| c.value.metadata.name.get()).collect();
            of_template(subject, &o.spec.template, &claims, broken)
        }
        Object::DaemonSet(o) => of_template(subject, &o.spec.template, &[], broken),
        Object::Job(o) => of_template(subject, &o.spec.template, &[], broken),
        Object::CronJob(o) => of_template(subject, &o.spec.job_template.spec.template, &[], broken),
        Object::Cluster(o) => {
            let ports = INSTANCE_PORTS.iter().map(|(name, n)| (Text::Literal(name), *n)).collect();
            (o.spec.inherited_metadata.labels.clone(), ports)
        }
        // a drill's program makes the cluster that its files hold
        Object::ConfigMap(o) => {
            let (_, file) = o.data.iter().find(|(name, _)| name.as_str() == "cluster.json")?;
            let ports = INSTANCE_PORTS.iter().map(|(name, n)| (Text::Literal(name), *n)).collect();
            (inherited(file)?, ports)
        }
        Object::Pooler(o) => {
            let ports = POOLER_PORTS.iter().map(|(name, n)| (Text::Literal(name), *n)).collect();
            let labels = BTreeMap::from([(Text::Literal(POOLER), o.metadata.name.clone())]);
            (Labels::from(labels), ports)
        }
        _ => return None,
    };
    Some((name(&labels)?.clone(), Pod { labels, ports }))
}

/// The labels that the pods of a Cluster get, which stands in a file.
fn inherited(file: &Traced<Text>) -> Option<Labels> {
    let cluster: serde_json::Value = serde_json::from_str(file.get()).ok()?;
    let labels = cluster.pointer("/spec/inheritedMetadata/labels")?.as_object()?;
    let of = |(key, value): (&String, &serde_json::Value)| {
        let value = Text::from(value.as_str()?.to_owned());
        Some((Text::from(key.clone()), Traced::because(value, file.origin())))
    };
    Some(Labels::from(labels.iter().filter_map(of).collect::<BTreeMap<_, _>>()))
}

type Seen = (Labels, Vec<(Text, i32)>);

/// Labels and ports of a template's pods; `claims` are volumes that a controller adds to it.
fn of_template(
    subject: &Subject,
    template: &PodTemplate,
    claims: &[&Text],
    broken: &mut Vec<(Subject, String)>,
) -> Seen {
    let mut ports = Vec::new();
    let own = template.spec.volumes.iter().map(|v| v.value.name.get());
    let volumes: Vec<&Text> = own.chain(claims.iter().copied()).collect();
    let mut mounted = Vec::new();
    for container in template.spec.init_containers.iter().chain(&template.spec.containers) {
        let container = &container.value;
        let own = container
            .ports
            .iter()
            .map(|p| (p.value.name.get().clone(), i32::from(*p.value.container_port.get())));
        ports.extend(own);
        for mount in &container.volume_mounts {
            let name = mount.value.name.get();
            mounted.push(name);
            if !volumes.contains(&name) {
                broken.push((subject.clone(), format!("the volume `{name}`")));
            }
        }
        for number in probed_ports(container) {
            if !ports.iter().any(|(_, n)| *n == number) {
                broken.push((subject.clone(), format!("the probed port {number}")));
            }
        }
    }
    for volume in volumes.iter().filter(|v| !mounted.contains(v)) {
        broken.push((subject.clone(), format!("a mount of the volume `{volume}`")));
    }
    (template.metadata.labels.clone(), ports)
}

fn probed_ports(container: &Container) -> Vec<i32> {
    let probes = [&container.startup_probe, &container.readiness_probe, &container.liveness_probe];
    let port = |probe: &ContainerProbe| match &probe.handler {
        Handler::HttpGet(get) => number(get.port.get()),
        Handler::TcpSocket(tcp) => number(tcp.port.get()),
        Handler::Grpc(grpc) => Some(i32::from(*grpc.port.get())),
        Handler::Exec(_) => None,
    };
    probes.into_iter().filter_map(|probe| probe.get().and_then(port)).collect()
}

fn number(port: &IntOrString) -> Option<i32> {
    if let IntOrString::Int(number) = port { Some(*number) } else { None }
}

/// Every Secret and key that a pod mounts or takes as a variable.
pub(super) fn secret_keys(template: &PodTemplate) -> Vec<(Text, Text)> {
    let mut keys = Vec::new();
    for volume in &template.spec.volumes {
        if let VolumeSource::Secret(secret) = &volume.value.source {
            let reference = secret.secret_name.get();
            if reference.is_foreign() {
                continue;
            }
            let name = &reference.name;
            keys.extend(secret.items.iter().map(|item| (name.clone(), item.value.key.get().clone())));
        }
    }
    for container in template.spec.init_containers.iter().chain(&template.spec.containers) {
        for variable in &container.value.env {
            if let EnvSource::From(from) = &variable.value.source
                && let ValueSource::SecretKey(reference) = &from.source
                && !reference.name.get().is_foreign()
            {
                keys.push((reference.name.get().name.clone(), reference.key.get().clone()));
            }
        }
    }
    keys
}
