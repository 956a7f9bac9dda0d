//! A workload that others call: a Service.

use super::Cx;
use super::labels::Identity;
use super::pod::protocol;
use crate::k8s::{Service, ServicePort, ServiceSpec, ServiceType};
use crate::origin::{KIND, Traced, rule};
use crate::system::Workload;
use crate::walk::{IntOrString, Items};

/// None for a workload without a port that others may call.
pub(super) fn lower(cx: &Cx<'_>, workload: &Workload, identity: &Identity) -> Option<Service> {
    let mut ports = Items::default();
    for port in workload.service_ports() {
        let target: Traced<IntOrString> = port.name.clone().cast();
        let declared = ServicePort {
            name: port.name.clone(),
            port: port.service_port,
            target_port: target,
            protocol: protocol(&port.transport),
            app_protocol: port.app_protocol.clone(),
        };
        ports.push(port.name.get().clone(), port.because, declared);
    }
    let port = workload.service_ports().next()?;
    Some(Service {
        because: cx.tracer.because(KIND, &[workload.because, port.because]),
        metadata: identity.metadata(),
        spec: ServiceSpec {
            kind: rule(KIND, ServiceType::ClusterIp),
            cluster_ip: None,
            selector: identity.selector_labels(),
            ports,
        },
    })
}
