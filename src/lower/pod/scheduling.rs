//! Where pods run and what they look up: spread by default, and what `[workloads.<name>.pod]` says.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::setting;
use crate::k8s::{
    Affinity, AffinityTerm, DnsConfig, DnsOption, DnsPolicy, HostAlias, LocalName, NameOf, NodeAffinity,
    NodeOperator, NodeRequirement, NodeSelector, NodeTerm, PodAntiAffinity, PodTemplate, Spread, TaintEffect,
    Toleration, TolerationOperator, Unsatisfiable, WeightedNodeTerm, WeightedTerm,
};
use crate::lower::labels::Identity;
use crate::lower::{Cx, amount};
use crate::origin::{HOST, Origin, POD_SETTING, SPREAD, Traced, rule};
use crate::spec::decode::Map;
use crate::spec::workload as spec;
use crate::text::Text;
use crate::value::{Name, Value};
use crate::walk::{Items, Maybe};

pub(super) fn affinity(identity: &Identity) -> Affinity {
    let term = WeightedTerm {
        weight: rule(SPREAD, 100u32),
        pod_affinity_term: AffinityTerm {
            topology_key: rule(SPREAD, "kubernetes.io/hostname"),
            label_selector: identity.selector(),
        },
    };
    let preferred = Items::one("hostname", Origin::rule(SPREAD), term);
    Affinity { node_affinity: None, pod_anti_affinity: Some(PodAntiAffinity { preferred }) }
}

pub(super) fn spread(identity: &Identity) -> Items<Spread> {
    let over = |topology_key: &'static str| Spread {
        max_skew: rule(SPREAD, 1u32),
        topology_key: rule(SPREAD, topology_key),
        when_unsatisfiable: rule(SPREAD, Unsatisfiable::ScheduleAnyway),
        label_selector: identity.selector(),
    };
    let mut spread = Items::default();
    spread.push("zone", Origin::rule(SPREAD), over("topology.kubernetes.io/zone"));
    spread.push("hostname", Origin::rule(SPREAD), over("kubernetes.io/hostname"));
    spread
}

/// Two dots are enough for the names that specc writes.
pub(super) fn usual_dns() -> DnsConfig {
    let option = DnsOption { name: rule(HOST, "ndots"), value: Some(rule(HOST, "2")) };
    DnsConfig {
        nameservers: Vec::new(),
        searches: Vec::new(),
        options: Items::one("ndots", Origin::rule(HOST), option),
    }
}

/// Puts the settings of the table into the template.
pub(super) fn apply(cx: &Cx<'_>, pod: &spec::Pod, template: &mut PodTemplate) {
    let labels: Vec<_> = pod.labels.iter().map(|(key, e)| (key.clone(), amount(&e.value))).collect();
    if !labels.is_empty() {
        let mut all = BTreeMap::clone(&template.metadata.labels);
        all.extend(labels);
        template.metadata.labels = Arc::new(all);
    }
    let annotations = pod.annotations.iter().map(|(key, e)| (key.clone(), e.value.clone()));
    template.metadata.annotations.extend(annotations);

    let into = &mut template.spec;
    into.node_selector = pod.node_selector.iter().map(|(key, e)| (key.clone(), amount(&e.value))).collect();
    into.tolerations = tolerations(&pod.tolerations);
    if !pod.node_affinity.is_empty() {
        let pods = into.affinity.take().and_then(|a| a.pod_anti_affinity);
        into.affinity =
            Some(Affinity { node_affinity: Some(nodes(cx, &pod.node_affinity)), pod_anti_affinity: pods });
    }
    if let Some(class) = &pod.priority_class {
        into.priority_class_name = Maybe::some(class.origin(), NameOf::foreign(&amount(class)));
    }
    into.runtime_class_name = pod.runtime_class.as_ref().map(amount);
    for secret in &pod.image_pull_secrets {
        let name = LocalName { name: NameOf::foreign(&amount(secret)) };
        into.image_pull_secrets.push(secret.get().text().into_owned(), secret.origin(), name);
    }
    into.share_process_namespace = pod.share_processes;
    into.host_aliases = host_aliases(cx, pod);
    if let Some(dns) = &pod.dns {
        into.dns_policy = dns.policy.map(|policy| policy.map(|p| policy_of(*p)));
        into.dns_config = Some(dns_config(dns));
    }
}

fn policy_of(policy: spec::DnsPolicy) -> DnsPolicy {
    match policy {
        spec::DnsPolicy::ClusterFirst => DnsPolicy::ClusterFirst,
        spec::DnsPolicy::ClusterFirstWithHostNet => DnsPolicy::ClusterFirstWithHostNet,
        spec::DnsPolicy::Default => DnsPolicy::Default,
        spec::DnsPolicy::None => DnsPolicy::None,
    }
}

fn dns_config(dns: &spec::Dns) -> DnsConfig {
    let mut config = usual_dns();
    config.nameservers = dns.nameservers.iter().map(amount).collect();
    config.searches = dns.searches.iter().map(amount).collect();
    if !dns.options.is_empty() {
        config.options = Items::default();
        for (key, entry) in dns.options.iter() {
            let value = Some(entry.value.clone()).filter(|v| !v.get().is_empty());
            config.options.push(
                key.clone(),
                entry.key.origin(),
                DnsOption { name: amount(&entry.key), value },
            );
        }
    }
    config
}

fn tolerations(written: &Map<Name, spec::Toleration>) -> Items<Toleration> {
    let mut all = Items::default();
    for (name, entry) in written.iter() {
        let (table, at) = (&entry.value, Origin::spec(entry.value.at));
        let operator = match &table.value {
            Some(value) => Traced::because(TolerationOperator::Equal, value.origin()),
            None => Traced::because(TolerationOperator::Exists, at),
        };
        let toleration = Toleration {
            key: table.key.as_ref().map(amount),
            operator,
            value: table.value.as_ref().map(amount),
            effect: table.effect.map(|effect| {
                effect.map(|effect| match effect {
                    spec::TaintEffect::NoSchedule => TaintEffect::NoSchedule,
                    spec::TaintEffect::PreferNoSchedule => TaintEffect::PreferNoSchedule,
                    spec::TaintEffect::NoExecute => TaintEffect::NoExecute,
                })
            }),
            toleration_seconds: table
                .at_most
                .map(|time| time.map(|t| u32::try_from(t.seconds_ceil()).unwrap_or(u32::MAX))),
        };
        all.push(name.clone(), at, toleration);
    }
    all
}

/// Demands are one term, whose expressions must all hold; each wish is a term with its weight.
fn nodes(cx: &Cx<'_>, written: &Map<Name, spec::NodeRule>) -> NodeAffinity {
    let (mut demands, mut wishes) = (Items::default(), Items::default());
    for (name, entry) in written.iter() {
        let table = &entry.value;
        let weight = table.weight.map(|weight| weight.origin());
        let at = Origin::spec(table.at);
        let at = weight.map_or(at, |weight| cx.tracer.because(POD_SETTING, &[at, weight]));
        let requirement = NodeRequirement {
            key: amount(&table.key),
            operator: table.operator.map_or_else(
                || Traced::because(NodeOperator::In, setting(cx, at)),
                |operator| operator.map(|operator| operator_of(*operator)),
            ),
            values: table.values.iter().map(amount).collect(),
        };
        match table.weight {
            None => demands.push(name.clone(), at, requirement),
            Some(weight) => {
                let preference = NodeTerm { match_expressions: Items::one(name.clone(), at, requirement) };
                let wish = WeightedNodeTerm { weight: weight.map(|w| w.get()), preference };
                wishes.push(name.clone(), at, wish);
            }
        }
    }
    let required = demands.iter().next().map(|first| first.because).map(|because| NodeSelector {
        node_selector_terms: Items::one("all", because, NodeTerm { match_expressions: demands }),
    });
    NodeAffinity { required, preferred: wishes }
}

fn operator_of(operator: spec::NodeOperator) -> NodeOperator {
    match operator {
        spec::NodeOperator::In => NodeOperator::In,
        spec::NodeOperator::NotIn => NodeOperator::NotIn,
        spec::NodeOperator::Exists => NodeOperator::Exists,
        spec::NodeOperator::DoesNotExist => NodeOperator::DoesNotExist,
        spec::NodeOperator::Gt => NodeOperator::Gt,
        spec::NodeOperator::Lt => NodeOperator::Lt,
    }
}

/// The API wants one entry an address, with all its names.
fn host_aliases(cx: &Cx<'_>, pod: &spec::Pod) -> Items<HostAlias> {
    let mut by_address: BTreeMap<Text, Vec<(Traced<Text>, Origin)>> = BTreeMap::new();
    for (_, entry) in pod.host_aliases.iter() {
        let address = Text::from(entry.value.get().text().into_owned());
        let at = cx.tracer.because(POD_SETTING, &[entry.key.origin(), entry.value.origin()]);
        by_address
            .entry(address)
            .or_default()
            .push((Traced::because(amount(&entry.key).get().clone(), at), at));
    }
    let mut aliases = Items::default();
    for (address, names) in by_address {
        let origins: Vec<Origin> = names.iter().map(|(_, at)| *at).collect();
        let because = cx.tracer.because(POD_SETTING, &origins);
        let ip = Traced::because(address.clone(), because);
        let mut hostnames = Items::default();
        for (name, at) in names {
            hostnames.push(name.get().clone(), at, name);
        }
        aliases.push(address, because, HostAlias { ip, hostnames });
    }
    aliases
}
