//! Who is part of the service mesh, and which edges of `uses` it wraps.
//!
//! Istio's ambient mode takes in the pods of a namespace without a change to them; it cannot redirect what a pod sends over
//! its node's network, so pods with `host_network` stay outside (Istio source, `cni/pkg/util/enablement_selector.go`).
//! Databases stay outside as well, and their poolers: the server encrypts by itself and answers nobody in plain text
//! (`hostssl` alone), its operator and what joins new instances come from outside of the mesh, and a connection that lasts
//! for days should not end when a node's proxy is renewed.
//!
//! Knows TCP alone: a mesh wraps no datagrams (Istio docs, "Ambient data plane").

use crate::origin::{Origin, Traced};
use crate::spec::platform::Mesh;

use super::edges::{Target, WorkloadId};
use super::external::Way;
use super::names::cluster_namespace;
use super::platform::Platform;
use super::{Service, System, Workload};

impl Platform {
    /// Whether there is a mesh.
    pub fn has_mesh(&self) -> bool {
        *self.mesh.get() != Mesh::None
    }
}

impl Workload {
    /// Whether its pods use the network of their node.
    pub fn is_on_node_network(&self) -> bool {
        self.security().and_then(|security| security.host_network).is_some_and(|on| *on.get())
    }
}

impl System {
    /// Whether the pods of a workload are part of the mesh.
    pub fn is_meshed(&self, workload: &Workload) -> bool {
        self.environment.platform.has_mesh() && !workload.is_on_node_network()
    }

    /// What decides [`System::is_meshed`].
    pub fn why_meshed(&self, workload: &Workload) -> Vec<Origin> {
        let on_node = workload.security().and_then(|security| security.host_network);
        [self.environment.platform.mesh.origin()].into_iter().chain(on_node.map(|on| on.origin())).collect()
    }

    /// Whether pods of others in a namespace are part of the mesh: those of a namespace that the platform names, and of one
    /// that specc labels.
    pub fn takes_in(&self, namespace: &str) -> bool {
        let platform = &self.environment.platform;
        let is_named = platform.mesh_namespaces.iter().any(|name| name.get().as_str() == namespace);
        let is_labelled = *platform.manage_namespaces.get() && self.inhabitant(namespace).is_some();
        platform.has_mesh() && (is_named || is_labelled)
    }

    /// What decides [`System::takes_in`].
    pub fn why_takes_in(&self, namespace: &str) -> Vec<Origin> {
        let platform = &self.environment.platform;
        let named = platform.mesh_namespaces.iter().find(|name| name.get().as_str() == namespace);
        let list = platform.mesh_namespaces.at.map(Origin::spec);
        let mut why = vec![platform.mesh.origin()];
        why.extend(named.map(Traced::origin).or(list));
        if let Some(service) = self.inhabitant(namespace) {
            why.extend([platform.manage_namespaces.origin(), service.namespace.origin()]);
        }
        why
    }

    /// A service that lives in a namespace.
    fn inhabitant(&self, namespace: &str) -> Option<&Service> {
        self.services.iter().find(|service| service.namespace.get() == namespace)
    }

    /// Whether the mesh wraps, encrypts and names the caller of, every connection that a workload opens to `target` over
    /// TCP. What leaves the cluster it may wrap as far as a waypoint, and not beyond: `false`.
    pub fn wraps(&self, from: WorkloadId, target: Target) -> bool {
        let Some((service, workload)) = self.workload(from) else { return false };
        let is_inside = |host: &str| cluster_namespace(host).is_some_and(|name| self.takes_in(&name));
        self.is_meshed(workload) && match target {
            Target::Workload(id) => self.workload(id).is_some_and(|(_, theirs)| self.is_meshed(theirs)),
            Target::Cache(index) => service
                .caches
                .get(index)
                .is_some_and(|cache| cache.server.is_some() || is_inside(cache.host.get())),
            Target::Managed(index) => {
                service.managed.get(index).is_some_and(|managed| is_inside(managed.host.get()))
            }
            Target::Queue(index) => service
                .queues
                .get(index)
                .is_some_and(|queue| queue.addresses().all(|(host, _)| is_inside(host.get()))),
            Target::External(index) => service.externals.get(index).is_some_and(
                |external| matches!(external.way.get(), Way::Cluster(namespace) if self.takes_in(namespace)),
            ),
            Target::Database(_) | Target::Sharded(_) | Target::Secret(_) => false,
        }
    }
}
