//! Pods of the mesh whose requests come from a gateway of which nobody said whether it is part of the mesh.

use super::context::path_of;
use super::{Check, Context, Found};
use crate::origin::Traced;

pub(super) const CHECK: Check = check!("gateway-outside-mesh", Warn, One(run));

fn run(cx: &Context<'_>, found: &mut Found) {
    let (system, platform) = (cx.system, &cx.system.environment.platform);
    let written = system.environment.file.platform.as_ref().and_then(|p| p.peers.as_ref());
    if written.is_some_and(|peers| peers.gateway.is_some()) {
        return;
    }
    let routed = system.workloads().find(|(_, w)| !w.routes.is_empty() && system.is_meshed(w));
    let (Some((service, workload)), Some(peer)) = (routed, &platform.gateway_peer) else { return };
    let gateway = platform.gateway.as_ref();
    let labels: Vec<String> =
        peer.labels.iter().map(|(key, value)| format!("\"{key}\" = \"{}\"", value.get())).collect();
    let (namespace, labels) = (peer.namespace.get(), labels.join(", "));
    let account = gateway.map_or("<account>".to_owned(), |gateway| format!("{}-istio", gateway.get().name()));
    let at = gateway.map(Traced::origin).or(platform.ingress_class.as_ref().map(Traced::origin));
    found.push(
        cx.find(
            &CHECK,
            format!("requests from outside reach `{}` in plain text", path_of(service, workload)),
        )
        .at(at.unwrap_or(platform.origin), "taken to be no part of the mesh")
        .also(platform.mesh.origin(), "encrypts between its own pods")
        .maybe_also(workload.routes.first().map(|route| route.because), "a route to a pod of the mesh")
        .note("if the pods of the gateway are part of the mesh, as those of Istio's own Gateways are, the policies refuse what they send")
        .help(format!(
            "write `[platform.peers.gateway]` with `namespace = \"{namespace}\"`, `labels = {{ {labels} }}` and `service_account = \"{account}\"`, the account of its pods"
        ))
        .help("if they are no part of it, write the same without `service_account`: that says so"),
    );
}
