//! A port that says it is encrypted and says it is not.

use super::context::Finding;
use super::routed::{Routed, routes};
use super::{Check, Context, Found};
use crate::origin::{Origin, Traced};
use crate::system::{Port, Service, Workload};

pub(super) const CHECK: Check = check!("port-protocol-mismatch", Error, One(run));

/// Application protocols in the clear: those of Kubernetes (KEP-3726) and of IANA.
const PLAIN: &[&str] = &["http", "kubernetes.io/h2c", "kubernetes.io/ws", "h2c"];

fn plain_with_tls<'c>(
    cx: &'c Context<'c>,
    (service, workload): (&Service, &Workload),
    port: &Port,
) -> Option<Finding<'c>> {
    let (tls, protocol) = (port.tls.as_ref()?, port.app_protocol.as_ref()?);
    PLAIN.contains(&protocol.get().as_str()).then(|| {
        let path = super::context::path_of(service, workload);
        let title = format!(
            "the port `{}` of `{path}` is encrypted, and speaks `{}`, which is not",
            port.name.get(),
            protocol.get()
        );
        cx.find(&CHECK, title)
            .at(protocol.origin(), "in the clear")
            .also_key(Origin::spec(tls.at), "encrypted")
            .note("the Gateway and the mesh believe the one or the other, and fail")
            .help("delete `app_protocol`, which is `https` then, or `tls`")
    })
}

fn plain_passed_through<'c>(cx: &'c Context<'c>, of: Routed<'_>) -> Option<Finding<'c>> {
    let tls = of.route.written.tls.as_ref().filter(|_| of.route.is_passed_through())?;
    let port = of.route.port(of.workload)?;
    let protocol = port.app_protocol.as_ref().map(Traced::get).filter(|p| PLAIN.contains(&p.as_str()))?;
    let title = format!(
        "`{}` passes TLS through to a port that speaks `{protocol}`, which is not encrypted",
        of.path()
    );
    Some(
        cx.find(&CHECK, title)
            .at(tls.origin(), "the program has to decrypt")
            .also_key(port.because, format!("the port `{}` speaks `{protocol}`", port.name.get()))
            .note("the program would take the first bytes of the handshake for a bad request")
            .help(format!(
                "give the program a port with TLS, `[workloads.{}.ports.tls]` with `port = 8443`, and write `port = \"tls\"` into the route; or delete `tls`",
                of.workload.name.get()
            )),
    )
}

fn run(cx: &Context<'_>, found: &mut Found) {
    for of in cx.system.workloads() {
        let all = of.1.ports.iter().filter_map(|port| plain_with_tls(cx, of, port));
        all.for_each(|finding| found.push(finding));
    }
    routes(cx).filter_map(|of| plain_passed_through(cx, of)).for_each(|finding| found.push(finding));
}
