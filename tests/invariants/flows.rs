//! Who can talk to whom: exactly what the spec declares and what operators need, in both directions of every flow.

use std::collections::{BTreeMap, BTreeSet};
use std::net::IpAddr;

use serde_json::Value;
use specc::Environment;
use specc::system::{Peer as PlatformPeer, Target, Way, Workload};

use super::network::{Network, Peer, Pod};
use super::{PROJECTS, environments, items, objects, text};

/// Ports that are tried between any two pods besides those that somebody declares.
const COMMON: [u16; 9] = [22, 80, 443, 5432, 6379, 8000, 9127, 9187, 15008];

/// The label by which pods and namespaces are part of a mesh or not.
const MODE: &str = "istio.io/dataplane-mode";

/// From, to, port of the pod, protocol; pods by namespace and name.
type Flow = (String, String, u16, &'static str);

fn id(namespace: &str, name: &str) -> String {
    format!("{namespace}/{name}")
}

fn labels(value: &Value) -> BTreeMap<String, String> {
    let labels = value.as_object().into_iter().flatten();
    labels.map(|(key, value)| (key.clone(), value.as_str().unwrap().to_owned())).collect()
}

/// The label by which CloudNativePG tells a pooler's pods.
fn pooler(name: &str) -> BTreeMap<String, String> {
    BTreeMap::from([("cnpg.io/poolerName".to_owned(), name.to_owned())])
}

/// The pods that the objects make, one of each noun.
fn pods(objects: &[Value]) -> Vec<Pod> {
    let (all, hidden) = (objects, restored(objects));
    let objects = objects.iter().chain(&hidden);
    let pod = |object: &Value| {
        let of = |pointer: &str| object.pointer(pointer).map(labels);
        let labels = match text(object, "/kind") {
            "Deployment" | "Job" => of("/spec/template/metadata/labels"),
            "CronJob" => of("/spec/jobTemplate/spec/template/metadata/labels"),
            "Cluster" => of("/spec/inheritedMetadata/labels"),
            // the operator's own labels win over the template's
            "Pooler" => Some(pooler(text(object, "/metadata/name"))),
            _ => None,
        }?;
        let (name, namespace) = (text(object, "/metadata/name"), text(object, "/metadata/namespace"));
        // the name of a Job ends in a hash; its label does not
        let name = if text(object, "/kind") == "Job" { &labels["app.kubernetes.io/name"] } else { name };
        let of_namespace = |other: &&Value| {
            text(other, "/kind") == "Namespace" && text(other, "/metadata/name") == namespace
        };
        let there = all.iter().find(of_namespace).and_then(|other| other.pointer("/metadata/labels"));
        let mode = labels.get(MODE).map(String::as_str).or_else(|| there?.get(MODE)?.as_str());
        let account = ["/spec/template/spec", "/spec/jobTemplate/spec/template/spec"]
            .iter()
            .find_map(|spec| object.pointer(&format!("{spec}/serviceAccountName"))?.as_str())
            .filter(|_| mode == Some("ambient"))
            .map(|account| id(namespace, account));
        Some(Pod { name: name.to_owned(), namespace: namespace.to_owned(), labels, account })
    };
    objects.filter_map(pod).collect()
}

/// The clusters that drills make, which are files of ConfigMaps.
fn restored(objects: &[Value]) -> Vec<Value> {
    let file = |object: &Value| object.pointer("/data/cluster.json")?.as_str().map(str::to_owned);
    objects.iter().filter_map(file).map(|text| serde_json::from_str(&text).unwrap()).collect()
}

/// A pod of the platform, as the environment's file describes it.
fn platform_pod(name: &str, peer: &PlatformPeer) -> Pod {
    Pod {
        name: name.to_owned(),
        namespace: peer.namespace.get().to_string(),
        labels: peer.labels.iter().map(|(key, value)| (key.to_string(), value.get().to_string())).collect(),
        account: peer.account.as_ref().map(|account| id(peer.namespace.get(), account.get())),
    }
}

/// The platform's pods; what is none of them too.
fn platform_pods(environment: &Environment) -> Vec<Pod> {
    let platform = &environment.system.environment.platform;
    let mut pods = vec![
        platform_pod("dns", &platform.dns),
        platform_pod("monitoring", &platform.monitoring),
        platform_pod("cnpg", &platform.cnpg),
        Pod {
            name: "stranger".into(),
            namespace: "elsewhere".into(),
            labels: BTreeMap::new(),
            account: None,
        },
    ];
    pods.extend(platform.gateway_peer.as_ref().map(|peer| platform_pod("gateway", peer)));
    pods
}

fn platform_id(pods: &[Pod], name: &str) -> String {
    let pod = pods.iter().find(|pod| pod.name == name);
    pod.map_or(String::new(), |pod| id(&pod.namespace, &pod.name))
}

fn declared_ports(workload: &Workload) -> impl Iterator<Item = (u16, &'static str)> {
    use specc::spec::workload::Transport;
    let protocol = |transport: &Transport| if *transport == Transport::Udp { "UDP" } else { "TCP" };
    workload.service_ports().map(move |port| (*port.number.get(), protocol(port.transport.get())))
}

/// Every flow between pods that there must be, by the spec.
fn declared(environment: &Environment, platform: &[Pod]) -> BTreeSet<Flow> {
    let system = &environment.system;
    let of = |name: &str| platform_id(platform, name);
    let mut flows = BTreeSet::new();
    for service in &system.services {
        let namespace = service.namespace.get();
        for workload in &service.workloads {
            let own = id(namespace, workload.object.get());
            flows.extend([(own.clone(), of("dns"), 53, "UDP"), (own.clone(), of("dns"), 53, "TCP")]);
            if let Some(port) = workload.main_port() {
                flows.insert((of("monitoring"), own.clone(), *port.number.get(), "TCP"));
            }
            for route in &workload.routes {
                let port = route.port(workload).unwrap();
                flows.insert((of("gateway"), own.clone(), *port.number.get(), "TCP"));
            }
            for edge in &workload.edges {
                let mut to = |target: String, port: u16, protocol| {
                    flows.insert((own.clone(), target, port, protocol));
                };
                match edge.target.unwrap() {
                    Target::Database(index) => {
                        let database = &service.databases[index];
                        let pool = database.pool.as_ref().filter(|_| !database.is_direct(workload));
                        let object = pool.map_or(&database.object, |pool| &pool.object);
                        to(id(namespace, object.get()), 5432, "TCP");
                        let read = database.replicas.as_ref().filter(|_| database.reads_replicas(workload));
                        let read = read.and_then(|replicas| replicas.pool.as_ref());
                        if let (Some(_), Some(read)) = (pool, read) {
                            to(id(namespace, read.object.get()), 5432, "TCP");
                        }
                    }
                    // a server of others has no pods here
                    Target::Cache(index) if service.caches[index].server.is_none() => {}
                    Target::Cache(index) => {
                        to(id(namespace, service.caches[index].object.get()), 6379, "TCP");
                    }
                    Target::Workload(target) => {
                        let (theirs, target) = system.workload(target).unwrap();
                        for (port, protocol) in declared_ports(target) {
                            to(id(theirs.namespace.get(), target.object.get()), port, protocol);
                        }
                    }
                    Target::Sharded(_)
                    | Target::Managed(_)
                    | Target::Queue(_)
                    | Target::External(_)
                    | Target::Secret(_) => {}
                }
            }
        }
        for database in &service.databases {
            if let Some(drill) = &database.drill {
                let (runner, restored) = (
                    id(drill.namespace.get(), drill.object.get()),
                    id(drill.namespace.get(), drill.restored.get()),
                );
                flows.extend([
                    (runner.clone(), restored.clone(), 5432, "TCP"),
                    (of("cnpg"), restored.clone(), 8000, "TCP"),
                    (of("cnpg"), restored.clone(), 5432, "TCP"),
                    (runner.clone(), of("dns"), 53, "UDP"),
                    (runner, of("dns"), 53, "TCP"),
                    (restored.clone(), of("dns"), 53, "UDP"),
                    (restored, of("dns"), 53, "TCP"),
                ]);
            }
            let own = id(namespace, database.object.get());
            let read = database.replicas.as_ref().and_then(|replicas| replicas.pool.as_ref());
            for pool in database.pool.iter().chain(read) {
                let pooler = id(namespace, pool.object.get());
                flows.extend([
                    (pooler.clone(), own.clone(), 5432, "TCP"),
                    (of("monitoring"), pooler.clone(), 9127, "TCP"),
                    (pooler.clone(), of("dns"), 53, "UDP"),
                    (pooler, of("dns"), 53, "TCP"),
                ]);
            }
            flows.extend([
                (of("cnpg"), own.clone(), 8000, "TCP"),
                (of("cnpg"), own.clone(), 5432, "TCP"),
                (own.clone(), own.clone(), 5432, "TCP"),
                // a primary asks the other instance managers whether it is cut off
                (own.clone(), own.clone(), 8000, "TCP"),
                (of("monitoring"), own.clone(), 9187, "TCP"),
                (own.clone(), of("dns"), 53, "UDP"),
                (own, of("dns"), 53, "TCP"),
            ]);
        }
    }
    flows
}

/// Ports that some pod of ours listens on, or that strangers would try.
fn tried_ports(environment: &Environment) -> BTreeSet<u16> {
    let workloads = environment.system.workloads();
    let own =
        workloads.flat_map(|(_, w)| w.ports.iter().flat_map(|p| [*p.number.get(), *p.service_port.get()]));
    own.chain(COMMON).collect()
}

#[test]
fn pods_talk_exactly_as_the_spec_says() {
    let mut tried = 0;
    for project in PROJECTS {
        for environment in environments(project) {
            let objects = objects(&environment);
            let network = Network::of(&objects);
            let (ours, platform) = (pods(&objects), platform_pods(&environment));
            let declared = declared(&environment, &platform);
            let possible = |from: &Pod, to: &Pod, port: u16, protocol: &'static str| {
                let flow = (id(&from.namespace, &from.name), id(&to.namespace, &to.name), port, protocol);
                let (possible, wanted) =
                    (network.connects(from, to, port, protocol), declared.contains(&flow));
                // a cache that nobody uses has a rule for itself, since a policy without rules fails linters
                let itself = from == to && from.name.contains("-cache-");
                assert!(possible == wanted || itself, "{project} {}: {flow:?}", environment.name);
            };
            let ports = tried_ports(&environment);
            for from in ours.iter().chain(&platform) {
                for to in &ours {
                    for port in &ports {
                        possible(from, to, *port, "TCP");
                        possible(from, to, *port, "UDP");
                        tried += 2;
                    }
                }
            }
            for from in &ours {
                for to in &platform {
                    for port in ports.iter().chain(&[53]) {
                        possible(from, to, *port, "TCP");
                        possible(from, to, *port, "UDP");
                        tried += 2;
                    }
                }
            }
            let found = declared.iter().filter(|(from, to, ..)| {
                let known =
                    |name: &String| ours.iter().chain(&platform).any(|p| id(&p.namespace, &p.name) == *name);
                !known(from) || !known(to)
            });
            assert_eq!(found.collect::<Vec<_>>(), Vec::<&Flow>::new(), "flows of pods that there are not");
        }
    }
    assert!(tried > 10_000, "only {tried} flows were tried");
}

#[test]
fn default_deny_does_not_starve_what_operators_need() {
    for environment in environments("environments") {
        let objects = objects(&environment);
        let (network, platform) = (Network::of(&objects), platform_pods(&environment));
        let of = |name: &str| platform.iter().find(|pod| pod.name == name).unwrap();
        let ours = pods(&objects);
        let (databases, others): (Vec<&Pod>, Vec<&Pod>) = ours
            .iter()
            .filter(|pod| !pod.name.contains("-pooler-") && !pod.namespace.ends_with("-drill"))
            .partition(|pod| pod.name.contains("-db-"));
        assert!(databases.len() >= 2 && others.len() >= 5);
        for database in databases {
            for port in [8000, 5432] {
                assert!(network.connects(of("cnpg"), database, port, "TCP"), "operator to {}", database.name);
            }
            assert!(network.connects(database, database, 5432, "TCP"), "replication of {}", database.name);
            assert!(network.connects(database, database, 8000, "TCP"), "instances of {}", database.name);
            assert!(
                network.connects(of("monitoring"), database, 9187, "TCP"),
                "metrics of {}",
                database.name
            );
            assert!(network.connects(database, of("dns"), 53, "UDP"), "names for {}", database.name);
            let api = environment.system.environment.platform.api_server.as_ref().unwrap();
            for range in &api.cidrs {
                let address: IpAddr = range.get().to_string().split('/').next().unwrap().parse().unwrap();
                let leaves = network.leaves(database, Peer::Address(address), *api.port.get(), "TCP");
                assert!(leaves, "{} to the API server", database.name);
            }
        }
        for (_, workload) in environment.system.workloads() {
            let pod = others.iter().find(|pod| pod.name == workload.object.get().as_str()).unwrap();
            if let Some(port) = workload.main_port() {
                assert!(network.connects(of("monitoring"), pod, *port.number.get(), "TCP"), "{}", pod.name);
            }
            assert!(network.connects(pod, of("dns"), 53, "UDP"), "{}", pod.name);
        }
    }
}

#[test]
fn every_edge_has_both_halves_on_the_port_that_the_target_listens_on() {
    let mut halves = 0;
    for project in PROJECTS {
        for environment in environments(project) {
            let objects = objects(&environment);
            let (network, ours) = (Network::of(&objects), pods(&objects));
            let pod = |namespace: &str, name: &str| {
                ours.iter().find(|pod| pod.namespace == namespace && pod.name == name).unwrap()
            };
            for (service, workload) in environment.system.workloads() {
                let from = pod(service.namespace.get(), workload.object.get());
                for edge in &workload.edges {
                    let Some(Target::Workload(target)) = edge.target else { continue };
                    let (theirs, target) = environment.system.workload(target).unwrap();
                    let to = pod(theirs.namespace.get(), target.object.get());
                    for (number, protocol) in ports_behind_the_service(&objects, to) {
                        assert!(
                            network.leaves(from, Peer::Pod(to), number, &protocol),
                            "{} {number}",
                            from.name
                        );
                        assert!(network.arrives(from, to, number, &protocol), "{} {number}", to.name);
                        halves += 2;
                    }
                }
            }
        }
    }
    assert!(halves > 20, "only {halves} halves of edges");
}

/// What the Service of a pod leads to: number and protocol of the container's ports that its `targetPort`s name.
fn ports_behind_the_service(objects: &[Value], pod: &Pod) -> Vec<(u16, String)> {
    let own = |kind: &str| {
        let is = |o: &&Value| {
            text(o, "/kind") == kind
                && text(o, "/metadata/name") == pod.name
                && text(o, "/metadata/namespace") == pod.namespace
        };
        objects.iter().find(is).unwrap_or_else(|| panic!("no {kind} {}", pod.name))
    };
    let (service, deployment) = (own("Service"), own("Deployment"));
    let containers = items(deployment, "/spec/template/spec/containers");
    let listening: Vec<&Value> = containers.iter().flat_map(|container| items(container, "/ports")).collect();
    let behind = |port: &Value| {
        let listens = listening.iter().find(|own| own["name"] == port["targetPort"]);
        let listens = listens.unwrap_or_else(|| panic!("{} has no port {}", pod.name, port["targetPort"]));
        assert_eq!(listens["protocol"], port["protocol"], "{}", pod.name);
        let number = u16::try_from(listens["containerPort"].as_u64().unwrap()).unwrap();
        (number, text(port, "/protocol").to_owned())
    };
    let ports: Vec<(u16, String)> = items(service, "/spec/ports").iter().map(behind).collect();
    assert!(!ports.is_empty(), "{} has a Service without ports", pod.name);
    ports
}

/// Addresses that an external may or may not have: public, private, the cloud's metadata.
const ADDRESSES: [&str; 6] =
    ["93.184.216.34", "10.1.2.3", "192.168.7.7", "169.254.169.254", "2606:2800:220:1::1", "fd00::1"];

#[test]
fn nobody_reaches_an_address_that_no_external_has() {
    for project in PROJECTS {
        for environment in environments(project) {
            let objects = objects(&environment);
            let (network, ours) = (Network::of(&objects), pods(&objects));
            for (service, workload) in environment.system.workloads() {
                let named = |pod: &&Pod| {
                    pod.name == workload.object.get().as_str()
                        && pod.namespace == service.namespace.get().as_str()
                };
                let pod = ours.iter().find(named).unwrap();
                let externals: Vec<_> = workload
                    .edges
                    .iter()
                    .filter_map(|edge| match edge.target? {
                        Target::External(index) => Some(&service.externals[index]),
                        _ => None,
                    })
                    .collect();
                let listed = externals.iter().flat_map(|external| external.cidrs.iter());
                let inside: Vec<String> = listed
                    .map(|range| range.get().to_string().split('/').next().unwrap().to_owned())
                    .collect();
                for address in ADDRESSES.iter().map(ToString::to_string).chain(inside) {
                    let address: IpAddr = address.parse().unwrap();
                    for port in [80, 443, 5432, 6443, 8443] {
                        let wanted = externals.iter().any(|external| reaches(external, address, port));
                        let leaves = network.leaves(pod, Peer::Address(address), port, "TCP");
                        assert_eq!(leaves, wanted, "{project}: {} to {address}:{port}", pod.name);
                    }
                }
            }
        }
    }
}

/// Whether an external is at an address, by the spec: at its ranges, or at any public one if it has none; nowhere if
/// something else looks at its name.
fn reaches(external: &specc::system::External, address: IpAddr, port: u16) -> bool {
    if matches!(external.way.get(), Way::Cluster(_) | Way::Waypoint | Way::Host)
        || external.url.get().port_or_default() != port
    {
        return false;
    }
    if external.cidrs.is_empty() {
        return ["93.184.216.34", "2606:2800:220:1::1"].iter().any(|public| *public == address.to_string());
    }
    let within = |range: String| range.parse::<ipnet::IpNet>().unwrap().contains(&address);
    external.cidrs.iter().any(|range| within(range.get().to_string()))
}

#[test]
fn an_external_in_the_cluster_is_reached_in_its_namespace_alone() {
    let environments = environments("environments");
    let dev = environments.iter().find(|environment| environment.name == "dev").unwrap();
    let objects = objects(dev);
    let (network, ours) = (Network::of(&objects), pods(&objects));
    let worker = ours.iter().find(|pod| pod.name == "orders-worker").unwrap();
    let stub = |namespace: &str| Pod {
        name: "provider-stub".into(),
        namespace: namespace.into(),
        labels: BTreeMap::new(),
        account: None,
    };
    assert!(network.leaves(worker, Peer::Pod(&stub("checkout-stubs")), 8080, "TCP"));
    assert!(!network.leaves(worker, Peer::Pod(&stub("checkout-stubs")), 8081, "TCP"));
    assert!(!network.leaves(worker, Peer::Pod(&stub("payments")), 8080, "TCP"));
}
