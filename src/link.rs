//! STAGE 5b: every reference in the output leads somewhere.
//!
//! A name that the types mark as another object's ([`crate::k8s::NameOf`]) must be an emitted object of that kind, something
//! that an operator makes from an emitted object, or a declared fact about the platform. Selectors must select pods of an
//! emitted template; ports, keys and volumes must exist on what they point at. A dangling reference is a fault of the
//! compiler, not of the spec: a check should have refused it. It is reported as such, and nothing is written.
//!
//! [`Links`] takes one object after the other and keeps only the facts that references need, so that a build never holds
//! all objects of an environment at once.

mod facts;
mod pods;

use std::collections::{BTreeMap, BTreeSet};

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
        .help("please report it with the spec that shows it; nothing was written")
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

/// The facts and demands of an environment's objects.
#[derive(Default)]
pub struct Links {
    /// objects by kind, namespace (empty for kinds of the whole cluster) and name
    objects: BTreeSet<(&'static str, Text, Text)>,
    secret_keys: BTreeSet<(Text, Text, Text)>,
    service_ports: BTreeMap<(Text, Text), Vec<u16>>,
    pods: Pods,
    demands: Vec<(Subject, Demand)>,
    broken: Vec<(Subject, String)>,
}

/// Kinds that are not in a namespace, or that are referred to across namespaces with their own.
const CLUSTER_WIDE: &[&str] = &["PriorityClass", "ClusterSecretStore", "StorageClass", "Gateway"];

impl Links {
    /// Starts with what the platform declares to have.
    pub fn new(platform: &Platform) -> Self {
        let mut links = Links::default();
        for (kind, name) in facts::of_platform(platform) {
            links.objects.insert((kind, Text::Literal(""), name));
        }
        links
    }

    /// Takes in what `emitted` provides and demands.
    pub fn add(&mut self, emitted: &Emitted) {
        let metadata = emitted.object.metadata();
        let namespace = metadata.namespace.as_ref().map_or(Text::Literal(""), |n| n.get().clone());
        let subject = Subject { kind: emitted.object.kind(), namespace, name: metadata.name.get().clone() };
        let key = (subject.kind, subject.namespace.clone(), subject.name.clone());
        if !self.objects.insert(key) {
            self.broken.push((subject.clone(), "there are two objects of this name".to_owned()));
        }
        for made in facts::made_from(&emitted.object) {
            let (namespace, name) = (subject.namespace.clone(), made.name);
            for key in made.keys {
                self.secret_keys.insert((namespace.clone(), name.clone(), key));
            }
            self.objects.insert((made.kind, namespace, name));
        }
        self.pods.add(&subject, &emitted.object, &mut self.broken);
        self.names(&subject, &emitted.object);
        self.specific(&subject, &emitted.object);
    }

    /// Every leaf that is the name of another object, and the Secret keys behind such a name.
    fn names(&mut self, subject: &Subject, object: &Object) {
        let mut names = Names::default();
        object.as_walk().walk(&mut names);
        for (kind, name) in names.found {
            self.demands.push((subject.clone(), Demand::Object(kind, name)));
        }
    }

    /// What only the kind itself can tell.
    fn specific(&mut self, subject: &Subject, object: &Object) {
        match object {
            Object::Deployment(o) => self.pod_template(subject, &o.spec.template),
            Object::CronJob(o) => self.pod_template(subject, &o.spec.job_template.spec.template),
            Object::Service(o) => self.service(subject, o),
            Object::PodDisruptionBudget(o) => self.selects(subject, &o.spec.selector),
            Object::NetworkPolicy(o) => self.network_policy(subject, o),
            Object::HTTPRoute(o) => self.route(subject, o),
            _ => {}
        }
    }

    fn demand(&mut self, subject: &Subject, demand: Demand) {
        self.demands.push((subject.clone(), demand));
    }

    fn pod_template(&mut self, subject: &Subject, template: &crate::k8s::PodTemplate) {
        for (secret, key) in pods::secret_keys(template) {
            self.demand(subject, Demand::SecretKey(secret, key));
        }
    }

    fn service(&mut self, subject: &Subject, service: &Service) {
        let numbers = service.spec.ports.iter().map(|p| *p.value.port.get()).collect();
        self.service_ports.insert((subject.namespace.clone(), subject.name.clone()), numbers);
        for port in &service.spec.ports {
            let labels = service.spec.selector.clone();
            let demand = match port.value.target_port.get() {
                IntOrString::Text(name) => Demand::PodPort(labels, name.clone()),
                IntOrString::Int(number) => Demand::PodPortNumber(labels, *number),
            };
            self.demand(subject, demand);
        }
    }

    fn selects(&mut self, subject: &Subject, selector: &LabelSelector) {
        self.demand(subject, Demand::Pods(selector.match_labels.clone()));
    }

    /// The policy selects pods of ours, and opens only ports that they have.
    fn network_policy(&mut self, subject: &Subject, policy: &NetworkPolicy) {
        let Selects::Matching(selector) = &policy.spec.pod_selector else { return };
        self.selects(subject, selector);
        for rule in &policy.spec.ingress {
            for port in &rule.value.ports {
                if let IntOrString::Int(number) = port.value.port.get() {
                    self.demand(subject, Demand::PodPortNumber(selector.match_labels.clone(), *number));
                }
            }
        }
    }

    fn route(&mut self, subject: &Subject, route: &HTTPRoute) {
        for rule in &route.spec.rules {
            for backend in &rule.value.backend_refs {
                let (name, port) = (backend.value.name.get().name.clone(), *backend.value.port.get());
                self.demand(subject, Demand::ServicePort(name, port));
            }
        }
    }

    /// Reports every demand that nothing meets.
    pub fn finish(self, sink: &mut Sink) {
        for (subject, what) in &self.broken {
            sink.push(dangling(subject, what));
        }
        for (subject, demand) in &self.demands {
            if let Some(missing) = self.missing(&subject.namespace, demand) {
                sink.push(dangling(subject, &missing));
            }
        }
    }

    fn missing(&self, namespace: &Text, demand: &Demand) -> Option<String> {
        let (met, what) = match demand {
            Demand::Object(kind, name) => {
                let namespace =
                    if CLUSTER_WIDE.contains(kind) { Text::Literal("") } else { namespace.clone() };
                (self.objects.contains(&(*kind, namespace, name.clone())), format!("`{kind}/{name}`"))
            }
            Demand::SecretKey(secret, key) => {
                let key_of = (namespace.clone(), secret.clone(), key.clone());
                (self.secret_keys.contains(&key_of), format!("key `{key}` of `Secret/{secret}`"))
            }
            Demand::Pods(labels) => {
                (self.pods.select(namespace, labels).is_some(), "pods by a selector".to_owned())
            }
            Demand::PodPort(labels, name) => {
                let pod = self.pods.select(namespace, labels);
                (pod.is_some_and(|pod| pod.has_port_named(name)), format!("the pod's port `{name}`"))
            }
            Demand::PodPortNumber(labels, number) => {
                let pod = self.pods.select(namespace, labels);
                (pod.is_some_and(|pod| pod.has_port(*number)), format!("the pod's port {number}"))
            }
            Demand::ServicePort(name, port) => {
                let ports = self.service_ports.get(&(namespace.clone(), name.clone()));
                (ports.is_some_and(|ports| ports.contains(port)), format!("port {port} of `Service/{name}`"))
            }
        };
        (!met).then_some(what)
    }
}

/// Collects the leaves that are names of other objects.
#[derive(Default)]
struct Names {
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
            self.found.push((kind, Text::from(name.to_owned())));
        }
    }
}
