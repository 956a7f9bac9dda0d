//! A workload that others call: its Services.

use super::labels::Identity;
use super::pod::protocol;
use super::{Cx, amount};
use crate::bundle::{Bundle, Scope};
use crate::k8s::{ExternalTraffic, Service, ServicePort, ServiceSpec, ServiceType, SessionAffinity};
use crate::origin::{KIND, NAME, Origin, STATEFUL_SERVICE, Traced, rule};
use crate::spec::workload::{self as spec, WorkloadKind};
use crate::system::platform::port_number;
use crate::system::{Port, Workload};
use crate::text::Text;
use crate::walk::{IntOrString, Items};

/// The name of the headless Service of a stateful workload's pods.
pub(super) fn pods_name(identity: &Identity) -> Traced<Text> {
    identity.name.map(|name| Text::from(format!("{name}-pods")))
}

/// All Services of a workload.
pub(super) fn lower(
    cx: &Cx<'_>,
    workload: &Workload,
    identity: &Identity,
    scope: &Scope,
    bundle: &mut Bundle,
) {
    let because = cx.tracer.because(KIND, &[workload.because, workload.kind.origin()]);
    let main = workload.service_ports().next().map(|port| port.because);
    match main {
        Some(port) => {
            let because = cx.tracer.because(KIND, &[workload.because, port]);
            let settings = workload.service.as_ref();
            bundle.push(scope, None, service(workload, identity.name.clone(), identity, settings, because));
        }
        None => bundle.leave_out(scope, "Service", workload.object.get(), because),
    }
    if *workload.kind.get() == WorkloadKind::Stateful {
        let because = super::deployment::stateful_service(cx, workload);
        bundle.push(scope, Some("pods"), of_pods(workload, identity, because));
    }
    for (name, entry) in workload.services.iter() {
        let object = cx.tracer.derive(NAME, (&identity.name, &amount(&entry.key)), |(object, name)| {
            Text::from(format!("{object}-{name}"))
        });
        let because = Origin::spec(entry.value.at);
        let further = service(workload, object, identity, Some(&entry.value), because);
        bundle.push_as(scope, Some(name.clone()), further);
    }
}

/// Gives each pod of a stateful workload a name of its own, before it is ready: members find each other by it.
fn of_pods(workload: &Workload, identity: &Identity, because: Origin) -> Service {
    let mut service = service(workload, pods_name(identity), identity, None, because);
    service.spec.cluster_ip = Some(rule(STATEFUL_SERVICE, "None"));
    service.spec.publish_not_ready_addresses = Some(rule(STATEFUL_SERVICE, true));
    service
}

fn service(
    workload: &Workload,
    name: Traced<Text>,
    identity: &Identity,
    settings: Option<&spec::ServiceSettings>,
    because: Origin,
) -> Service {
    let mut service = Service {
        because,
        metadata: identity.metadata_named(name),
        spec: ServiceSpec {
            kind: rule(KIND, ServiceType::ClusterIp),
            cluster_ip: None,
            external_name: None,
            publish_not_ready_addresses: None,
            external_traffic_policy: None,
            load_balancer_class: None,
            load_balancer_source_ranges: Vec::new(),
            session_affinity: None,
            traffic_distribution: None,
            selector: identity.selector_labels(),
            ports: ports(workload, settings),
        },
    };
    if let Some(settings) = settings {
        apply(settings, &mut service);
    }
    service
}

fn ports(workload: &Workload, settings: Option<&spec::ServiceSettings>) -> Items<ServicePort> {
    let mut ports = Items::default();
    let wanted = |port: &Port| {
        let only = settings.map(|s| &s.ports).filter(|ports| !ports.is_empty());
        only.is_none_or(|only| only.iter().any(|name| amount(name).get() == port.name.get()))
    };
    for port in workload.service_ports().filter(|port| wanted(port)) {
        let target: Traced<IntOrString> = port.name.clone().cast();
        let node_port = settings.and_then(|s| s.node_ports.get(port.name.get()));
        let declared = ServicePort {
            name: port.name.clone(),
            port: port.service_port,
            target_port: target,
            node_port: node_port.map(|entry| port_number(&entry.value)),
            protocol: protocol(&port.transport),
            app_protocol: port.app_protocol.clone(),
        };
        ports.push(port.name.get().clone(), port.because, declared);
    }
    ports
}

fn apply(settings: &spec::ServiceSettings, service: &mut Service) {
    let spec = &mut service.spec;
    if let Some(kind) = settings.kind {
        spec.kind = kind.map(|kind| match kind {
            spec::ServiceType::Cluster | spec::ServiceType::Headless => ServiceType::ClusterIp,
            spec::ServiceType::LoadBalancer => ServiceType::LoadBalancer,
            spec::ServiceType::NodePort => ServiceType::NodePort,
        });
        spec.cluster_ip =
            (*kind.get() == spec::ServiceType::Headless).then(|| kind.map(|_| Text::Literal("None")));
    }
    spec.traffic_distribution = settings
        .zone
        .filter(|zone| *zone.get() == spec::Zone::Prefer)
        .map(|zone| zone.map(|_| Text::Literal("PreferSameZone")));
    spec.session_affinity = settings
        .sticky
        .filter(|sticky| *sticky.get())
        .map(|sticky| sticky.map(|_| SessionAffinity::ClientIp));
    spec.external_traffic_policy = settings.external_traffic.map(|traffic| {
        traffic.map(|traffic| match traffic {
            spec::ExternalTraffic::Cluster => ExternalTraffic::Cluster,
            spec::ExternalTraffic::Local => ExternalTraffic::Local,
        })
    });
    spec.load_balancer_class = settings.load_balancer_class.as_ref().map(amount);
    spec.load_balancer_source_ranges = settings.source_ranges.iter().map(amount).collect();
    spec.publish_not_ready_addresses = settings.not_ready;
    let annotations = settings.annotations.iter().map(|(key, entry)| (key.clone(), entry.value.clone()));
    service.metadata.annotations.extend(annotations);
}
