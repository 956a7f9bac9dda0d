//! Who is part of the service mesh, and which edges of `uses` it wraps.
//!
//! Istio's ambient mode takes in the pods of a namespace without a change to them; it cannot redirect what a pod sends over
//! its node's network, so pods with `host_network` stay outside (Istio source, `cni/pkg/util/enablement_selector.go`).
//! Databases stay outside as well, and their poolers: the server encrypts by itself and answers nobody in plain text
//! (`hostssl` alone), its operator and what joins new instances come from outside of the mesh, and a connection that lasts
//! for days should not end when a node's proxy is renewed.
//!
//! Knows TCP alone: a mesh wraps no datagrams (Istio docs, "Ambient data plane").

use crate::origin::Origin;
use crate::spec::platform::Mesh;

use super::edges::{Target, WorkloadId};
use super::external::Way;
use super::names::cluster_namespace;
use super::platform::Platform;
use super::{System, Workload};

impl Platform {
    /// Whether there is a mesh.
    pub fn has_mesh(&self) -> bool {
        *self.mesh.get() != Mesh::None
    }

    /// Whether the pods of a namespace of others are part of the mesh.
    pub fn takes_in(&self, namespace: &str) -> bool {
        self.has_mesh() && self.mesh_namespaces.iter().any(|name| name.get().as_str() == namespace)
    }

    /// What decides [`Platform::takes_in`].
    pub fn why_takes_in(&self, namespace: &str) -> Vec<Origin> {
        let named = self.mesh_namespaces.iter().find(|name| name.get().as_str() == namespace);
        let list = self.mesh_namespaces.at.map(Origin::spec);
        [self.mesh.origin()].into_iter().chain(named.map(crate::origin::Traced::origin).or(list)).collect()
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

    /// Whether the mesh wraps, encrypts and names the caller of, every connection that a workload opens to `target` over
    /// TCP. What leaves the cluster it may wrap as far as a waypoint, and not beyond: `false`.
    pub fn wraps(&self, from: WorkloadId, target: Target) -> bool {
        let Some((service, workload)) = self.workload(from) else { return false };
        let platform = &self.environment.platform;
        let is_inside = |host: &str| cluster_namespace(host).is_some_and(|name| platform.takes_in(&name));
        self.is_meshed(workload)
            && match target {
                Target::Workload(id) => self.workload(id).is_some_and(|(_, theirs)| self.is_meshed(theirs)),
                Target::Cache(index) => service.caches.get(index).is_some_and(|cache| {
                    cache.server.is_some() || is_inside(cache.host.get())
                }),
                Target::Managed(index) => {
                    service.managed.get(index).is_some_and(|managed| is_inside(managed.host.get()))
                }
                Target::Queue(index) => service.queues.get(index).is_some_and(|queue| {
                    queue.addresses().all(|(host, _)| is_inside(host.get()))
                }),
                Target::External(index) => service.externals.get(index).is_some_and(|external| {
                    matches!(external.way.get(), Way::Cluster(namespace) if platform.takes_in(namespace))
                }),
                Target::Database(_) | Target::Sharded(_) | Target::Secret(_) => false,
            }
    }
}
