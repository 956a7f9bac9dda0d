//! STAGE 5b: every reference in the output leads somewhere.
//!
//! A name that the types mark as another object's ([`crate::k8s::NameOf`]) must be an emitted object of that kind, something
//! that an operator makes from an emitted object, or a declared fact about the platform. Selectors must select pods of an
//! emitted template; ports, keys and volumes must exist on what they point at. A dangling reference is a fault of the
//! compiler, not of the spec: a check should have refused it. It is reported as such, and the environment is not
//! written.
//!
//! [`Links`] takes the objects part by part and keeps only the facts that references need, so that a build never holds
//! all objects of an environment at once.

mod facts;
mod pods;

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::bundle::Bundle;
use crate::diagnostic::{Diagnostic, Sink};
use crate::k8s::{
    BackendRef, HBONE, IngressSpec, LabelSelector, Labels, NetworkPolicy, Object, PodTemplate, Selects,
    Service,
};
use crate::origin::Origin;
use crate::system::Platform;
use crate::text::Text;
use crate::walk::{IntOrString, Items, Scalar, Visit};

use pods::Pod;

fn dangling(from: &Subject, what: &str) -> Diagnostic {
    let title = format!("{from} refers to {what}, which nothing makes");
    Diagnostic::failure("dangling-reference", title)
        .note("this is a fault of specc: a check should have refused the spec that leads here")
        .help("please report it with the spec that shows it; the environment was not written")
}

/// Kind and name of what operators make from an object.
pub(crate) fn provided(object: &Object) -> Vec<(Text, Text)> {
    facts::made_from(object.own()).into_iter().map(|made| (Text::Literal(made.kind), made.name)).collect()
}

/// The object that refers.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Subject {
    kind: Text,
    namespace: Text,
    name: Text,
}

impl std::fmt::Display for Subject {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "`{}/{}` in namespace `{}`", self.kind, self.name, self.namespace)
    }
}

impl Subject {
    fn of(object: &Object) -> Self {
        let metadata = object.metadata();
        let namespace = metadata.namespace.as_ref().map_or(Text::Literal(CLUSTER), |n| n.get().clone());
        Subject { kind: kind_of(object), namespace, name: metadata.name.get().clone() }
    }
}

/// The kind of an object; one of another group than its own namesake has its group behind it.
fn kind_of(object: &Object) -> Text {
    let (kind, version) = (object.kind(), object.api_version());
    let own = crate::k8s::KINDS.iter().find(|(name, _)| *name == kind.as_str());
    let group = |version: &str| version.split_once('/').map(|(group, _)| group.to_owned());
    match (own, group(&version)) {
        (Some((_, known)), theirs) if group(known) == theirs => kind,
        (_, Some(theirs)) => Text::from(format!("{kind}.{theirs}")),
        (_, None) => kind,
    }
}

/// What an object demands of the rest.
enum Demand {
    /// an object of this kind and name
    Object(&'static str, Text),
    /// a key of a Secret
    SecretKey(Text, Text),
    /// pods with these labels
    Pods(Labels),
    /// a port of that name on the pods with these labels
    PodPort(Labels, Text),
    /// a port of that number on the pods with these labels
    PodPortNumber(Labels, i32),
    /// a port of a Service
    ServicePort(Text, u16),
}

/// What has one name in one namespace.
#[derive(Default)]
struct Named {
    /// kinds of the objects
    kinds: Vec<Text>,
    /// keys of the Secret
    secret_keys: Vec<Text>,
    /// ports of the Service
    service_ports: Vec<u16>,
    /// pods with this name as the label that every selector of ours uses
    pod: Option<Pod>,
}

/// What there is in one namespace, by name.
#[derive(Default)]
struct Facts(BTreeMap<Text, Named>);

impl Facts {
    fn named(&mut self, name: &Text) -> &mut Named {
        self.0.entry(name.clone()).or_default()
    }

    /// Takes in what `object` is and what operators make from it; false when there is an object of that kind and name.
    fn add(&mut self, subject: &Subject, object: &Object, broken: &mut Vec<(Subject, String)>) -> bool {
        for made in facts::made_from(object.own()) {
            let named = self.named(&made.name);
            named.kinds.push(made.kind.into());
            named.secret_keys.extend(made.keys);
        }
        if let Some((name, pod)) = pods::of(subject, object.own(), broken) {
            self.named(&name).pod = Some(pod);
        }
        let named = self.named(&subject.name);
        if let Object::Service(service) = object.own() {
            named.service_ports.extend(service.spec.ports.iter().map(|p| *p.value.port.get()));
        }
        let is_new = !named.kinds.contains(&subject.kind);
        named.kinds.push(subject.kind.clone());
        is_new
    }

    fn meets(&self, demand: &Demand) -> bool {
        let named = |name: &Text| self.0.get(name);
        let pod = |labels| named(pods::name(labels)?)?.pod.as_ref().filter(|pod| pod.is_selected(labels));
        match demand {
            Demand::Object(kind, name) => named(name).is_some_and(|n| n.kinds.iter().any(|k| k == kind)),
            Demand::SecretKey(secret, key) => named(secret).is_some_and(|s| s.secret_keys.contains(key)),
            Demand::Pods(labels) => pod(labels).is_some(),
            Demand::PodPort(labels, name) => pod(labels).is_some_and(|pod| pod.has_port_named(name)),
            Demand::PodPortNumber(labels, number) => pod(labels).is_some_and(|pod| pod.has_port(*number)),
            Demand::ServicePort(name, port) => named(name).is_some_and(|s| s.service_ports.contains(port)),
        }
    }

    /// Takes in the facts of a part; kinds and names that both have.
    fn absorb(&mut self, part: Facts) -> Vec<(Text, Text)> {
        let mut both = Vec::new();
        for (name, new) in part.0 {
            let known = self.named(&name);
            both.extend(
                new.kinds.iter().filter(|k| known.kinds.contains(k)).map(|k| (k.clone(), name.clone())),
            );
            known.kinds.extend(new.kinds);
            known.secret_keys.extend(new.secret_keys);
            known.service_ports.extend(new.service_ports);
            known.pod = known.pod.take().or(new.pod);
        }
        both
    }
}

/// The facts of an environment's objects, and the demands that are not met yet.
#[derive(Default)]
pub struct Links {
    /// facts by namespace; that of [`CLUSTER`] for kinds of the whole cluster
    facts: BTreeMap<Text, Facts>,
    open: Vec<(Subject, Demand)>,
    broken: Vec<(Subject, String)>,
}

/// What stands for the namespace of kinds that have none.
const CLUSTER: &str = "";

/// Kinds that are not in a namespace, or that are referred to across namespaces with their own.
const CLUSTER_WIDE: &[&str] = &["PriorityClass", "ClusterSecretStore", "StorageClass", "Gateway"];

const TWICE: &str = "there are two objects of this name";

impl Links {
    /// Starts with what the platform declares to have.
    pub fn new(platform: &Platform) -> Self {
        let mut links = Links::default();
        let facts = links.facts.entry(Text::Literal(CLUSTER)).or_default();
        for (kind, name) in facts::of_platform(platform) {
            facts.named(&name).kinds.push(kind.into());
        }
        links
    }

    /// Takes in what a part's objects provide and demand; `names` are the names that were heard in each of them. Most
    /// demands are met by the part itself, so few have to wait for the others.
    pub fn add(&mut self, part: &Bundle, names: Vec<Names>) {
        let mut own = BTreeMap::<Text, Facts>::new();
        let subjects: Vec<Subject> = part.objects.iter().map(|e| Subject::of(&e.object)).collect();
        for (subject, emitted) in subjects.iter().zip(&part.objects) {
            let facts = own.entry(subject.namespace.clone()).or_default();
            if !facts.add(subject, &emitted.object, &mut self.broken) {
                self.broken.push((subject.clone(), TWICE.to_owned()));
            }
        }
        for ((subject, emitted), names) in subjects.iter().zip(&part.objects).zip(names) {
            let names = names.found.into_iter().map(|(kind, name)| Demand::Object(kind, name));
            for demand in names.chain(demands_of(emitted.object.own())) {
                let facts = match demand.namespace(subject) {
                    CLUSTER => self.facts.get(CLUSTER),
                    namespace => own.get(namespace),
                };
                if !facts.is_some_and(|facts| facts.meets(&demand)) {
                    self.open.push((subject.clone(), demand));
                }
            }
        }
        for (namespace, facts) in own {
            for (kind, name) in self.facts.entry(namespace.clone()).or_default().absorb(facts) {
                let subject = Subject { kind, namespace: namespace.clone(), name };
                // what operators make may be asked for by several
                if subjects.contains(&subject) {
                    self.broken.push((subject, TWICE.to_owned()));
                }
            }
        }
    }

    /// Reports every demand that nothing meets.
    pub fn finish(self, sink: &mut Sink) {
        for (subject, what) in &self.broken {
            sink.push(dangling(subject, what));
        }
        for (subject, demand) in &self.open {
            let facts = self.facts.get(demand.namespace(subject));
            if !facts.is_some_and(|facts| facts.meets(demand)) {
                sink.push(dangling(subject, &demand.to_string()));
            }
        }
    }
}

/// What only the kind itself can tell.
fn demands_of(object: &Object) -> Vec<Demand> {
    match object {
        Object::Deployment(o) => secret_keys(&o.spec.template),
        Object::StatefulSet(o) => secret_keys(&o.spec.template),
        Object::DaemonSet(o) => secret_keys(&o.spec.template),
        Object::Job(o) => secret_keys(&o.spec.template),
        Object::CronJob(o) => secret_keys(&o.spec.job_template.spec.template),
        Object::TriggerAuthentication(o) => {
            let targets = o.spec.secret_target_ref.iter().map(|t| &t.value);
            targets.map(|t| Demand::SecretKey(t.name.get().name.clone(), t.key.get().clone())).collect()
        }
        Object::Service(o) => of_service(o),
        Object::PodDisruptionBudget(o) => vec![selected(&o.spec.selector)],
        Object::NetworkPolicy(o) => of_policy(o),
        Object::AuthorizationPolicy(o) => o.spec.selector.as_ref().map_or_else(Vec::new, |selector| {
            let targets = o.spec.rules.iter().flat_map(|rule| &rule.value.to);
            let ports = targets.flat_map(|to| &to.value.operation.ports).map(|port| port.value.get());
            of_mesh(selector, ports)
        }),
        Object::PeerAuthentication(o) => of_mesh(&o.spec.selector, o.spec.port_level_mtls.keys()),
        Object::HTTPRoute(o) => of_route(o.spec.rules.iter().map(|rule| &rule.value.backend_refs)),
        Object::GRPCRoute(o) => of_route(o.spec.rules.iter().map(|rule| &rule.value.backend_refs)),
        Object::TLSRoute(o) => of_route(o.spec.rules.iter().map(|rule| &rule.value.backend_refs)),
        Object::Ingress(o) => of_ingress(&o.spec),
        _ => Vec::new(),
    }
}

fn secret_keys(template: &PodTemplate) -> Vec<Demand> {
    let keys = pods::secret_keys(template).into_iter();
    keys.map(|(secret, key)| Demand::SecretKey(secret, key)).collect()
}

fn of_service(service: &Service) -> Vec<Demand> {
    let port = |target: &IntOrString| {
        let labels = service.spec.selector.clone();
        match target {
            IntOrString::Text(name) => Demand::PodPort(labels, name.clone()),
            IntOrString::Int(number) => Demand::PodPortNumber(labels, *number),
        }
    };
    service.spec.ports.iter().map(|p| port(p.value.target_port.get())).collect()
}

fn selected(selector: &LabelSelector) -> Demand {
    Demand::Pods(selector.match_labels.clone())
}

/// A policy of the mesh selects pods of ours, and names only ports that they have.
fn of_mesh<'a>(selector: &LabelSelector, ports: impl Iterator<Item = &'a Text>) -> Vec<Demand> {
    let numbers = ports.filter_map(|port| port.parse().ok());
    let named = numbers.map(|number| Demand::PodPortNumber(selector.match_labels.clone(), number));
    std::iter::once(selected(selector)).chain(named).collect()
}

/// The policy selects pods of ours, and opens only ports that they have. The mesh's port is none of theirs: whoever opens it
/// needs a policy that holds the ports behind it.
fn of_policy(policy: &NetworkPolicy) -> Vec<Demand> {
    let Selects::Matching(selector) = &policy.spec.pod_selector else { return Vec::new() };
    let ports = policy.spec.ingress.iter().flat_map(|rule| &rule.value.ports);
    let opened = ports.filter_map(|port| match port.value.port.get() {
        IntOrString::Int(number) if *number == i32::from(HBONE) => {
            Some(Demand::Object("AuthorizationPolicy", policy.metadata.name.get().clone()))
        }
        IntOrString::Int(number) => Some(Demand::PodPortNumber(selector.match_labels.clone(), *number)),
        IntOrString::Text(_) => None,
    });
    std::iter::once(selected(selector)).chain(opened).collect()
}

fn of_route<'a>(rules: impl Iterator<Item = &'a Items<BackendRef>>) -> Vec<Demand> {
    let backends = rules.flatten();
    let backends = backends.map(|backend| (backend.value.name.get(), backend.value.port.get()));
    backends.map(|(name, port)| Demand::ServicePort(name.name.clone(), *port)).collect()
}

fn of_ingress(ingress: &IngressSpec) -> Vec<Demand> {
    let paths = ingress.rules.iter().flat_map(|rule| &rule.value.http.paths);
    let services = paths.map(|path| &path.value.backend.service);
    services
        .map(|service| Demand::ServicePort(service.name.get().name.clone(), *service.port.number.get()))
        .collect()
}

impl Demand {
    /// Where it must be met.
    fn namespace<'a>(&self, subject: &'a Subject) -> &'a str {
        match self {
            Demand::Object(kind, _) if CLUSTER_WIDE.contains(kind) => CLUSTER,
            _ => &subject.namespace,
        }
    }
}

/// What is demanded, for the message that it is not there.
impl std::fmt::Display for Demand {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Demand::Object(kind, name) => write!(f, "`{kind}/{name}`"),
            Demand::SecretKey(secret, key) => write!(f, "key `{key}` of `Secret/{secret}`"),
            Demand::Pods(_) => write!(f, "pods by a selector"),
            Demand::PodPort(_, name) => write!(f, "the pod's port `{name}`"),
            Demand::PodPortNumber(_, number) => write!(f, "the pod's port {number}"),
            Demand::ServicePort(name, port) => write!(f, "port {port} of `Service/{name}`"),
        }
    }
}

/// Collects the leaves that are names of other objects.
#[derive(Default)]
pub struct Names {
    next: Option<&'static str>,
    found: Vec<(&'static str, Text)>,
}

impl Visit for Names {
    fn map(&mut self) {}
    fn key(&mut self, _: &str) {}
    fn seq(&mut self) {}
    fn item(&mut self, _: Option<&str>) {}
    fn end(&mut self) {}
    fn refers(&mut self, kind: &'static str) {
        self.next = Some(kind);
    }
    fn text(&mut self, text: &Text, _: Origin) {
        if let Some(kind) = self.next.take() {
            self.found.push((kind, text.clone()));
        }
    }
    fn leaf(&mut self, value: Scalar<'_>, _: Origin) {
        if let (Some(kind), Scalar::Str(name)) = (self.next.take(), value) {
            self.found.push((kind, Text::Shared(Arc::from(name))));
        }
    }
}
