//! Istio's part of a service of others: the host that the mesh knows, who may call it, and how.
//!
//! The labels bind the host to the egress waypoint: what pods send there is wrapped and goes to the waypoint, the only
//! address that their NetworkPolicies open, and the waypoint lets through who is named (Istio docs, "Configure waypoint
//! proxies" and "Egress"). TLS is passed on as it is, so the waypoint counts connections, not answers.

use super::Cx;
use super::labels::Identity;
use crate::bundle::{Bundle, Scope};
use crate::k8s::{
    AuthorizationPolicy, AuthorizationPolicySpec, ConnectionPool, DestinationRule, DestinationRuleSpec,
    EntryPort, EntryProtocol, Location, Metadata, NameOf, OutlierDetection, PolicyAction, PolicyFrom,
    PolicyRule, PolicySource, PolicyTarget, Resolution, ServiceEntry, ServiceEntrySpec, TcpSettings,
    TrafficPolicy,
};
use crate::origin::{KIND, NET_EDGE, NET_WAYPOINT, Origin, Traced, rule};
use crate::system::platform::Waypoint;
use crate::system::{External, Service, Way};
use crate::text::Text;
use crate::value::{Duration, Url};
use crate::walk::{Items, Maybe};

const KINDS: [&str; 3] = ["AuthorizationPolicy", "DestinationRule", "ServiceEntry"];

/// Its own namespace alone.
fn here() -> Vec<Traced<Text>> {
    vec![rule(NET_WAYPOINT, ".")]
}

pub(super) fn lower(cx: &Cx<'_>, service: &Service, external: &External, bundle: &mut Bundle) {
    let noun = Text::from(format!("externals-{}", external.name.get()));
    let scope = Scope::Service { service: service.name.get().clone(), noun };
    let object = &external.credentials.object;
    let because = cx.tracer.because(KIND, &[external.because, external.way.origin()]);
    let waypoint = cx.platform().waypoint.as_ref().filter(|_| *external.way.get() == Way::Waypoint);
    let Some(waypoint) = waypoint else {
        return KINDS.iter().for_each(|kind| bundle.leave_out(&scope, kind, object.get(), because));
    };
    let metadata = Identity::new(cx, service, object, &external.name).metadata();
    bundle.push(&scope, None, entry(external, waypoint, metadata.clone(), because));
    bundle.push(&scope, None, destination(cx, external, metadata.clone(), because));
    bundle.push(&scope, None, authorization(cx, external, metadata, because));
}

fn host(external: &External) -> Traced<Text> {
    external.url.map(|url| Text::from(url.host().to_owned()))
}

fn entry(external: &External, waypoint: &Waypoint, mut metadata: Metadata, because: Origin) -> ServiceEntry {
    let labels = [
        ("istio.io/use-waypoint", waypoint.at.map(|at| Text::from(at.name().to_owned()))),
        ("istio.io/use-waypoint-namespace", waypoint.at.map(|at| Text::from(at.namespace().to_owned()))),
    ];
    std::sync::Arc::make_mut(&mut metadata.labels)
        .extend(labels.map(|(key, value)| (Text::Literal(key), value)));
    let url = &external.url;
    let number = url.map(Url::port_or_default);
    let port = EntryPort {
        number,
        name: url.map(|url| Text::Literal(url.scheme())),
        protocol: url
            .map(|url| if url.scheme() == "http" { EntryProtocol::Http } else { EntryProtocol::Tls }),
    };
    let spec = ServiceEntrySpec {
        hosts: vec![host(external)],
        export_to: here(),
        location: rule(NET_WAYPOINT, Location::MeshExternal),
        resolution: rule(NET_WAYPOINT, Resolution::Dns),
        ports: Items::one(number.get().to_string(), number.origin(), port),
    };
    ServiceEntry { because, metadata, spec }
}

fn destination(cx: &Cx<'_>, external: &External, metadata: Metadata, because: Origin) -> DestinationRule {
    let span = |duration: &Traced<Duration>| duration.map(|d| Text::from(d.go_text()));
    let circuit = external.circuit.as_ref().map(|circuit| {
        let answers = *external.url.map(|url| url.scheme() == "http").get();
        let why = [circuit.failures.origin(), external.url.origin()];
        let failures = Traced::because(*circuit.failures.get(), cx.tracer.because(NET_WAYPOINT, &why));
        OutlierDetection {
            split_external_local_origin_errors: (!answers).then(|| Traced::because(true, failures.origin())),
            consecutive_local_origin_failures: (!answers).then_some(failures),
            consecutive_5xx_errors: answers.then_some(failures),
            interval: span(&circuit.window),
            base_ejection_time: span(&circuit.open),
            // there is one address by name, and it is the one to spare
            max_ejection_percent: rule(NET_WAYPOINT, 100u32),
        }
    });
    let tcp = TcpSettings {
        max_connections: external.circuit.as_ref().and_then(|circuit| circuit.max_connections),
        connect_timeout: span(&external.connect_timeout),
    };
    let why = Origin::spec(external.circuit.as_ref().map_or(external.at, |circuit| circuit.at));
    let spec = DestinationRuleSpec {
        host: host(external),
        export_to: here(),
        traffic_policy: TrafficPolicy {
            connection_pool: ConnectionPool { tcp },
            outlier_detection: Maybe::from_option(why, circuit),
        },
    };
    DestinationRule { because, metadata, spec }
}

fn authorization(
    cx: &Cx<'_>,
    external: &External,
    metadata: Metadata,
    because: Origin,
) -> AuthorizationPolicy {
    let mut accounts = Items::default();
    for caller in &external.callers {
        let Some((_, workload)) = cx.system.workload(caller.from) else { continue };
        let account = workload.account();
        let inputs = [caller.because, caller.namespace.origin(), account.origin()];
        let because = cx.tracer.because(NET_EDGE, &inputs);
        let named = Text::from(format!("{}/{}", caller.namespace.get(), account.get()));
        accounts.push(named.clone(), because, Traced::because(named, because));
    }
    let callers: Vec<Origin> = external.callers.iter().map(|caller| caller.because).collect();
    let callers = cx.tracer.because(NET_EDGE, &callers);
    let target = PolicyTarget {
        group: rule(NET_WAYPOINT, "networking.istio.io"),
        kind: rule(NET_WAYPOINT, "ServiceEntry"),
        name: NameOf::of("ServiceEntry", &metadata.name),
    };
    let from =
        PolicyFrom { source: PolicySource { service_accounts: accounts, not_principals: Items::default() } };
    let rules = if external.callers.is_empty() {
        let mut rules = Items::default();
        rules.leave_out("callers", callers);
        rules
    } else {
        Items::one(
            "callers",
            callers,
            PolicyRule { from: Items::one("callers", callers, from), to: Items::default() },
        )
    };
    let spec = AuthorizationPolicySpec {
        selector: None,
        target_refs: Items::one(metadata.name.get().clone(), because, target),
        action: rule(NET_WAYPOINT, PolicyAction::Allow),
        rules,
    };
    AuthorizationPolicy { because, metadata, spec }
}
