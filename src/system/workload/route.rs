//! Where a workload is reached from outside, and which routes share a host.

use std::collections::BTreeMap;

use crate::origin::{DEFAULT_PATHS, NAME, Origin, ROUTE_HOST, ROUTE_TIMEOUT, Traced, Tracer};
use crate::spec::decode::List;
use crate::spec::workload::{self as spec, Limit, RouteTls, TimeLimit, WorkloadKind};
use crate::system::{Platform, Service, text_of};
use crate::text::Text;
use crate::value::{Duration, Host, HttpPath};

use super::{Port, Unset, Workload};

/// Where a workload is reached from outside.
#[derive(Clone, Debug)]
pub struct Route {
    /// the table
    pub because: Origin,
    /// its name in `routes`; none for `route`
    pub name: Option<Text>,
    /// its objects' name
    pub object: Traced<Text>,
    /// hosts that are served, `host` first
    pub hosts: Vec<RouteHost>,
    /// hosts whose callers are sent to the first
    pub moved: Vec<RouteHost>,
    /// what is served
    pub paths: Vec<RoutePath>,
    /// the longest that a request may take; none for kinds that promise nothing
    pub timeout: Option<Traced<TimeLimit>>,
    /// the rest as it was written
    pub written: spec::Route,
}

/// A path of a route.
#[derive(Clone, Debug)]
pub struct RoutePath {
    /// the path
    pub text: Traced<Text>,
    /// whether it must be equal, or is a prefix by path elements
    pub is_exact: bool,
}

/// A host of a route.
#[derive(Clone, Debug)]
pub struct RouteHost {
    /// the host
    pub name: Traced<Text>,
    /// where its listener and its certificate are; another route's if that came first
    pub kept: Kept,
    /// whether that is this route's own
    pub is_own: bool,
    /// what the name of a listener of its own would end in
    pub suffix: Text,
    /// of a host of its own: the namespaces of the routes that share it
    pub shared_with: Vec<Traced<Text>>,
}

/// Where the listener and the certificate of a host are.
#[derive(Clone, Debug)]
pub struct Kept {
    /// why they are there
    pub because: Origin,
    /// who brings them: `shop.workloads.api`
    pub by: Text,
    /// name of the route's objects
    pub object: Traced<Text>,
    /// their namespace
    pub namespace: Traced<Text>,
    /// what the listener's name ends in: nothing for the route's `host`
    pub suffix: Text,
    /// the Secret with the certificate, if somebody else makes it
    pub certificate: Option<Traced<Text>>,
}

/// What carries a route.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Carrier {
    /// requests of HTTP
    Http,
    /// calls of gRPC
    Grpc,
    /// connections that only the program decrypts
    Tls,
}

impl Route {
    /// What carries it.
    pub fn carrier(&self, workload: &Workload) -> Carrier {
        let is_main = self.port(workload).is_none_or(|port| port.is_main);
        match (self.is_passed_through(), workload.kind.get()) {
            (true, _) => Carrier::Tls,
            (false, WorkloadKind::Grpc) if is_main => Carrier::Grpc,
            (false, _) => Carrier::Http,
        }
    }

    /// Whether decrypting is left to the program.
    pub fn is_passed_through(&self) -> bool {
        self.written.tls.is_some_and(|tls| *tls.get() == RouteTls::Passthrough)
    }

    /// The port that it leads to, if the workload's Service has it.
    pub fn port<'w>(&self, workload: &'w Workload) -> Option<&'w Port> {
        match &self.written.port {
            None => workload.service_ports().next(),
            Some(name) => {
                let name = text_of(name);
                workload.service_ports().find(|port| port.name.get() == name.get())
            }
        }
    }

    /// Why it leads to that port.
    pub fn port_because(&self) -> Origin {
        self.written.port.as_ref().map_or(self.because, Traced::origin)
    }

    /// Every host, then those whose callers are sent on.
    pub fn all_hosts(&self) -> impl Iterator<Item = &RouteHost> {
        self.hosts.iter().chain(&self.moved)
    }

    /// Its table: `route`, or `routes.<name>`.
    pub fn key(&self) -> String {
        self.name.as_ref().map_or_else(|| "route".to_owned(), |name| format!("routes.{name}"))
    }
}

impl Unset<'_> {
    pub(super) fn routes(
        &self,
        table: &spec::Workload,
        object: &Traced<Text>,
        kind: &Traced<WorkloadKind>,
        timeout: &Traced<Duration>,
    ) -> Vec<Route> {
        let limit = matches!(kind.get(), WorkloadKind::Http | WorkloadKind::Grpc)
            .then(|| self.tracer().derive(ROUTE_TIMEOUT, (timeout,), |(timeout,)| Limit::At(*timeout)));
        let mut all: Vec<Route> =
            table.route.iter().map(|route| self.route(None, object.clone(), route, limit)).collect();
        for (name, entry) in table.routes.iter() {
            let object = self.tracer().derive(NAME, (object, &text_of(&entry.key)), |(object, name)| {
                Text::from(format!("{object}-{name}"))
            });
            all.push(self.route(Some(name.clone()), object, &entry.value, limit));
        }
        all
    }

    fn route(
        &self,
        name: Option<Text>,
        object: Traced<Text>,
        written: &spec::Route,
        limit: Option<Traced<TimeLimit>>,
    ) -> Route {
        let because = Origin::spec(written.at);
        let paths = |list: &List<HttpPath>, is_exact| -> Vec<RoutePath> {
            list.iter().map(|path| RoutePath { text: text_of(path), is_exact }).collect()
        };
        let mut all = paths(&written.paths, false);
        all.extend(paths(&written.exact, true));
        if all.is_empty() {
            let lists = [written.paths.at, written.exact.at].into_iter().flatten();
            let inputs: Vec<Origin> = std::iter::once(because).chain(lists.map(Origin::spec)).collect();
            let text = self.tracer().constant(DEFAULT_PATHS, &inputs, "/");
            all.push(RoutePath { text, is_exact: false });
        }
        let certificate = written.certificate.as_ref().map(text_of);
        let host = |host: &Traced<Host>, is_main: bool| {
            let name = text_of(host);
            let suffix = if is_main {
                Text::Literal("")
            } else {
                format!("-{}", name.get().replace('*', "any")).into()
            };
            let kept = Kept {
                because: self.tracer().because(ROUTE_HOST, &[self.because, because, name.origin()]),
                by: format!("{}.workloads.{}", self.place.service.get(), self.name.get()).into(),
                object: object.clone(),
                namespace: self.place.namespace.clone(),
                suffix: suffix.clone(),
                certificate: certificate.clone(),
            };
            RouteHost { name, kept, is_own: true, suffix, shared_with: Vec::new() }
        };
        let mut hosts = vec![host(&written.host, true)];
        hosts.extend(written.hosts.iter().map(|further| host(further, false)));
        Route {
            because,
            name,
            hosts,
            moved: written.redirect_from.iter().map(|other| host(other, false)).collect(),
            object,
            paths: all,
            timeout: written.timeout.or(limit),
            written: written.clone(),
        }
    }
}

/// What the first route of a host keeps, and the names of those that share it.
type Shared = (Kept, Vec<Traced<Text>>);

/// Lets the routes of one host share its listener and its certificate: the first brings them.
///
/// A Gateway takes one listener for a host. Ingresses share a certificate within a namespace, where its Secret is.
pub(in crate::system) fn share(services: &mut [Service], platform: &Platform, tracer: &Tracer) {
    let of_namespace = |namespace: &Text| platform.ingress_class.as_ref().map(|_| namespace.clone());
    let mut first = BTreeMap::<(Text, Option<Text>), Shared>::new();
    for_each_host(services, |namespace, host| {
        let key = (host.name.get().clone(), of_namespace(namespace.get()));
        let Some((kept, shared_with)) = first.get_mut(&key) else {
            first.insert(key, (host.kept.clone(), Vec::new()));
            return;
        };
        let because = tracer.because(ROUTE_HOST, &[host.kept.because, kept.because]);
        shared_with.push(Traced::because(namespace.get().clone(), because));
        host.kept = Kept { because, ..kept.clone() };
        host.is_own = false;
    });
    for_each_host(services, |namespace, host| {
        let key = (host.name.get().clone(), of_namespace(namespace.get()));
        if let Some((_, shared_with)) = first.get(&key).filter(|_| host.is_own) {
            host.shared_with.clone_from(shared_with);
        }
    });
}

fn for_each_host(services: &mut [Service], mut each: impl FnMut(&Traced<Text>, &mut RouteHost)) {
    for service in services {
        let namespace = &service.namespace;
        for route in service.workloads.iter_mut().flat_map(|workload| &mut workload.routes) {
            route.hosts.iter_mut().chain(&mut route.moved).for_each(|host| each(namespace, host));
        }
    }
}
