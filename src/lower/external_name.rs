//! A name inside of the cluster for a host outside: a Service without pods.
//!
//! Source: Kubernetes, "Service", `ExternalName`: DNS answers with another name, and nothing else is done.

use std::sync::Arc;

use super::Cx;
use super::labels::Identity;
use crate::bundle::{Bundle, Scope};
use crate::k8s::{Service as ServiceObject, ServiceSpec, ServiceType};
use crate::origin::{EXTERNAL_ALIAS, rule};
use crate::system::{External, Service};
use crate::text::Text;
use crate::walk::Items;

pub(super) fn lower(cx: &Cx<'_>, service: &Service, external: &External, bundle: &mut Bundle) {
    let noun = Text::from(format!("externals-{}", external.name.get()));
    let scope = Scope::Service { service: service.name.get().clone(), noun };
    let object = &external.credentials.object;
    let Some(alias) = &external.alias else {
        let because = cx.tracer.because(EXTERNAL_ALIAS, &[external.because]);
        return bundle.leave_out(&scope, "Service", object.get(), because);
    };
    let because = cx.tracer.because(EXTERNAL_ALIAS, &[external.because, alias.name.origin()]);
    let identity = Identity::new(cx, service, object, &external.name);
    let made = ServiceObject {
        because,
        metadata: identity.metadata_named(alias.name.clone()),
        spec: ServiceSpec {
            kind: rule(EXTERNAL_ALIAS, ServiceType::ExternalName),
            cluster_ip: None,
            external_name: Some(alias.target.clone()),
            publish_not_ready_addresses: None,
            external_traffic_policy: None,
            load_balancer_class: None,
            load_balancer_source_ranges: Vec::new(),
            session_affinity: None,
            traffic_distribution: None,
            selector: Arc::default(),
            ports: Items::default(),
        },
    };
    bundle.push(&scope, None, made);
}
