//! Ingress, for platforms that have no Gateway.

use super::{ISSUER, Routed, certificate};
use crate::k8s::{
    HostRule, Ingress, IngressBackend, IngressHttp, IngressPath, IngressPathType, IngressPort,
    IngressService, IngressSpec, IngressTls, NameOf,
};
use crate::origin::{ROUTE, ROUTE_CERTIFICATE, Traced};
use crate::text::Text;
use crate::walk::Items;

pub(super) fn lower(of: Routed<'_>, class: &Traced<Text>) -> Ingress {
    let (cx, route) = (of.cx, of.route);
    let mut metadata = of.metadata();
    let mut rules = Items::default();
    let mut secrets = Items::<IngressTls>::default();
    let issuer = cx.platform().issuer.as_ref();
    let lacking = cx.tracer.because(ROUTE_CERTIFICATE, &[cx.platform().origin, route.because]);
    for host in &route.hosts {
        let because = cx.tracer.because(ROUTE, &[host.name.origin(), route.because]);
        let http = IngressHttp { paths: paths(of) };
        rules.push(host.name.get().clone(), because, HostRule { host: host.name.clone(), http });
        let (secret, is_signed) = certificate(cx, &host.kept, true);
        if is_signed && issuer.is_none() {
            secrets.leave_out(host.name.get().clone(), lacking);
            continue;
        }
        if let Some(issuer) = issuer.filter(|_| is_signed) {
            let inputs = [issuer.origin(), host.kept.because];
            let because = cx.tracer.because(ROUTE_CERTIFICATE, &inputs);
            // also where another route came first: whose Ingress cert-manager reads first makes the certificate
            metadata.annotations.insert(ISSUER.into(), Traced::because(issuer.get().clone(), because));
            if !host.is_own {
                secrets.leave_out(format!("{}{}-tls", route.object.get(), host.suffix), host.kept.because);
            }
        }
        let why = issuer.filter(|_| is_signed).map_or(secret.origin(), |issuer| {
            cx.tracer.because(ROUTE_CERTIFICATE, &[secret.origin(), issuer.origin()])
        });
        let known = secrets.iter_mut().find(|known| known.value.secret_name.get().name == secret.get().name);
        match known {
            Some(known) => known.value.hosts.push(host.name.clone()),
            None => {
                let key = secret.get().name.clone();
                let hosts = vec![host.name.clone()];
                secrets.push(key, why, IngressTls { hosts, secret_name: secret });
            }
        }
    }
    Ingress {
        because: of.because(),
        metadata,
        spec: IngressSpec { ingress_class_name: class.clone(), tls: secrets, rules },
    }
}

fn paths(of: Routed<'_>) -> Items<IngressPath> {
    let mut paths = Items::default();
    for path in &of.route.paths {
        let kind = if path.is_exact { IngressPathType::Exact } else { IngressPathType::Prefix };
        let because = of.cx.tracer.because(ROUTE, &[path.text.origin()]);
        let service = IngressService {
            name: NameOf::of("Service", &of.identity.name),
            port: IngressPort { number: of.service_port() },
        };
        let entry = IngressPath {
            path: path.text.clone(),
            path_type: Traced::because(kind, because),
            backend: IngressBackend { service },
        };
        paths.push(path.text.get().clone(), because, entry);
    }
    paths
}
