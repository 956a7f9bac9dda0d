//! STAGE 5b: every reference in the output leads somewhere.
//!
//! A name that the types mark as another object's ([`crate::k8s::NameOf`]) must be an emitted object of that kind, something
//! that an operator makes from an emitted object, or a declared fact about the platform. Selectors must select pods of an
//! emitted template; ports, keys and volumes must exist on what they point at. A dangling reference is a fault of the
//! compiler, not of the spec: a check should have refused it. It is reported as such, and the environment is not
//! written.
//!
//! [`Links`] takes one object after the other and keeps only the facts that references need, so that a build never holds
//! all objects of an environment at once.

mod facts;
mod pods;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use crate::bundle::Emitted;
use crate::diagnostic::{Diagnostic, Sink};
use crate::k8s::{HTTPRoute, LabelSelector, Labels, NetworkPolicy, Object, Selects, Service};
use crate::origin::Origin;
use crate::system::Platform;
use crate::text::Text;
use crate::walk::{IntOrString, Scalar, Visit};

use pods::Pods;

fn dangling(from: &Subject, what: &str) -> Diagnostic {
    let title = format!("{from} refers to {what}, which nothing makes");
    Diagnostic::failure("dangling-reference", title)
        .note("this is a fault of specc: a check should have refused the spec that leads here")
        .help("please report it with the spec that shows it; the environment was not written")
}

/// The object that refers.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Subject {
    kind: &'static str,
    namespace: Text,
    name: Text,
}

impl std::fmt::Display for Subject {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "`{}/{}` in namespace `{}`", self.kind, self.name, self.namespace)
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

/// What there is in one namespace.
#[derive(Default)]
struct Facts {
    /// names by kind
    objects: BTreeMap<&'static str, BTreeSet<Text>>,
    /// keys of the Secrets
    secret_keys: BTreeMap<Text, Vec<Text>>,
    /// ports of the Services
    service_ports: BTreeMap<Text, Vec<u16>>,
    pods: Pods,
}

/// The facts and demands of an environment's objects.
#[derive(Default)]
pub struct Links {
    /// facts by namespace; that of [`CLUSTER`] for kinds of the whole cluster
    facts: BTreeMap<Text, Facts>,
    subjects: Vec<Subject>,
    /// by the index of their subject
    demands: Vec<(usize, Demand)>,
    broken: Vec<(Subject, String)>,
}

/// What stands for the namespace of kinds that have none.
const CLUSTER: &str = "";

/// Kinds that are not in a namespace, or that are referred to across namespaces with their own.
const CLUSTER_WIDE: &[&str] = &["PriorityClass", "ClusterSecretStore", "StorageClass", "Gateway"];

impl Links {
    /// Starts with what the platform declares to have.
    pub fn new(platform: &Platform) -> Self {
        let mut links = Links::default();
        let facts = links.facts.entry(Text::Literal(CLUSTER)).or_default();
        for (kind, name) in facts::of_platform(platform) {
            facts.objects.entry(kind).or_default().insert(name);
        }
        links
    }

    /// Takes in what `emitted` provides and demands; `names` has heard the object.
    pub fn add(&mut self, emitted: &Emitted, names: Names) {
        let metadata = emitted.object.metadata();
        let namespace = metadata.namespace.as_ref().map_or(Text::Literal(CLUSTER), |n| n.get().clone());
        let subject = Subject { kind: emitted.object.kind(), namespace, name: metadata.name.get().clone() };
        let facts = self.facts.entry(subject.namespace.clone()).or_default();
        if !facts.objects.entry(subject.kind).or_default().insert(subject.name.clone()) {
            self.broken.push((subject.clone(), "there are two objects of this name".to_owned()));
        }
        for made in facts::made_from(&emitted.object) {
            facts.objects.entry(made.kind).or_default().insert(made.name.clone());
            if !made.keys.is_empty() {
                facts.secret_keys.entry(made.name).or_default().extend(made.keys);
            }
        }
        facts.pods.add(&subject, &emitted.object, &mut self.broken);
        if let Object::Service(service) = &emitted.object {
            let numbers = service.spec.ports.iter().map(|p| *p.value.port.get()).collect();
            facts.service_ports.insert(subject.name.clone(), numbers);
        }
        self.subjects.push(subject);
        for (kind, name) in names.found {
            self.demand(Demand::Object(kind, name));
        }
        self.specific(&emitted.object);
    }

    /// What only the kind itself can tell.
    fn specific(&mut self, object: &Object) {
        match object {
            Object::Deployment(o) => self.pod_template(&o.spec.template),
            Object::CronJob(o) => self.pod_template(&o.spec.job_template.spec.template),
            Object::Service(o) => self.service(o),
            Object::PodDisruptionBudget(o) => self.selects(&o.spec.selector),
            Object::NetworkPolicy(o) => self.network_policy(o),
            Object::HTTPRoute(o) => self.route(o),
            _ => {}
        }
    }

    /// A demand of the last subject.
    fn demand(&mut self, demand: Demand) {
        self.demands.push((self.subjects.len().saturating_sub(1), demand));
    }

    fn pod_template(&mut self, template: &crate::k8s::PodTemplate) {
        for (secret, key) in pods::secret_keys(template) {
            self.demand(Demand::SecretKey(secret, key));
        }
    }

    fn service(&mut self, service: &Service) {
        for port in &service.spec.ports {
            let labels = service.spec.selector.clone();
            self.demand(match port.value.target_port.get() {
                IntOrString::Text(name) => Demand::PodPort(labels, name.clone()),
                IntOrString::Int(number) => Demand::PodPortNumber(labels, *number),
            });
        }
    }

    fn selects(&mut self, selector: &LabelSelector) {
        self.demand(Demand::Pods(selector.match_labels.clone()));
    }

    /// The policy selects pods of ours, and opens only ports that they have.
    fn network_policy(&mut self, policy: &NetworkPolicy) {
        let Selects::Matching(selector) = &policy.spec.pod_selector else { return };
        self.selects(selector);
        for rule in &policy.spec.ingress {
            for port in &rule.value.ports {
                if let IntOrString::Int(number) = port.value.port.get() {
                    self.demand(Demand::PodPortNumber(selector.match_labels.clone(), *number));
                }
            }
        }
    }

    fn route(&mut self, route: &HTTPRoute) {
        for rule in &route.spec.rules {
            for backend in &rule.value.backend_refs {
                let (name, port) = (backend.value.name.get().name.clone(), *backend.value.port.get());
                self.demand(Demand::ServicePort(name, port));
            }
        }
    }

    /// Reports every demand that nothing meets.
    pub fn finish(self, sink: &mut Sink) {
        for (subject, what) in &self.broken {
            sink.push(dangling(subject, what));
        }
        for (index, demand) in &self.demands {
            if let Some(subject) = self.subjects.get(*index).filter(|subject| !self.meets(subject, demand)) {
                sink.push(dangling(subject, &demand.to_string()));
            }
        }
    }

    fn meets(&self, subject: &Subject, demand: &Demand) -> bool {
        let namespace = match demand {
            Demand::Object(kind, _) if CLUSTER_WIDE.contains(kind) => CLUSTER,
            _ => subject.namespace.as_str(),
        };
        let Some(facts) = self.facts.get(namespace) else { return false };
        match demand {
            Demand::Object(kind, name) => facts.objects.get(kind).is_some_and(|names| names.contains(name)),
            Demand::SecretKey(secret, key) => {
                facts.secret_keys.get(secret).is_some_and(|keys| keys.contains(key))
            }
            Demand::Pods(labels) => facts.pods.select(labels).is_some(),
            Demand::PodPort(labels, name) => {
                facts.pods.select(labels).is_some_and(|pod| pod.has_port_named(name))
            }
            Demand::PodPortNumber(labels, number) => {
                facts.pods.select(labels).is_some_and(|pod| pod.has_port(*number))
            }
            Demand::ServicePort(name, port) => {
                facts.service_ports.get(name).is_some_and(|ports| ports.contains(port))
            }
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
    fn leaf(&mut self, value: Scalar<'_>, _: Origin) {
        if let (Some(kind), Scalar::Str(name)) = (self.next.take(), value) {
            self.found.push((kind, Text::Shared(Arc::from(name))));
        }
    }
}
