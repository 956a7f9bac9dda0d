//! The security contexts: hardened, and the exceptions that a workload asks for.

use crate::k8s::{
    Capabilities, FsGroupChangePolicy, PodSecurity, PodTemplate, SeccompProfile, SeccompType, Security,
    Sysctl,
};
use crate::lower::Cx;
use crate::origin::{
    HARDENED_CAPABILITIES, HARDENED_ESCALATION, HARDENED_ROOT_FS, HARDENED_SECCOMP, HARDENED_USER, LOW_PORTS,
    Traced, rule,
};
use crate::spec::decode::Choice;
use crate::spec::workload as spec;
use crate::system::{Container, Workload};
use crate::text::Text;
use crate::walk::Items;

/// The first port that every user of the pod may open; a safe setting since Kubernetes 1.22 (Kubernetes, "Using sysctls").
const UNPRIVILEGED: &str = "net.ipv4.ip_unprivileged_port_start";

/// The user and group that own nothing on a node.
const NOBODY: i64 = 65532;

/// The seccomp profile of every pod.
pub(in crate::lower) fn seccomp_profile() -> SeccompProfile {
    SeccompProfile { kind: rule(HARDENED_SECCOMP, SeccompType::RuntimeDefault) }
}

pub(super) fn pod_security() -> PodSecurity {
    PodSecurity {
        run_as_non_root: rule(HARDENED_USER, true),
        run_as_user: rule(HARDENED_USER, NOBODY),
        run_as_group: rule(HARDENED_USER, NOBODY),
        fs_group: rule(HARDENED_USER, NOBODY),
        fs_group_change_policy: rule(HARDENED_USER, FsGroupChangePolicy::OnRootMismatch),
        supplemental_groups: vec![rule(HARDENED_USER, NOBODY)],
        seccomp_profile: seccomp_profile(),
        sysctls: Items::default(),
    }
}

/// The security context of every container.
pub(in crate::lower) fn container_security() -> Security {
    Security {
        allow_privilege_escalation: rule(HARDENED_ESCALATION, false),
        privileged: rule(HARDENED_ESCALATION, false),
        read_only_root_filesystem: rule(HARDENED_ROOT_FS, true),
        run_as_non_root: rule(HARDENED_USER, true),
        run_as_user: rule(HARDENED_USER, NOBODY),
        run_as_group: rule(HARDENED_USER, NOBODY),
        capabilities: Capabilities { add: Vec::new(), drop: vec![rule(HARDENED_CAPABILITIES, "ALL")] },
        seccomp_profile: seccomp_profile(),
    }
}

/// What a workload changes of its security contexts.
pub(super) struct Exceptions {
    uid: Traced<i64>,
    gid: Traced<i64>,
    fs_group: Traced<i64>,
    non_root: Traced<bool>,
    capabilities: Vec<Traced<Text>>,
    read_only: Traced<bool>,
    host_network: Option<Traced<bool>>,
    host_pid: Option<Traced<bool>>,
    low_port: Option<Traced<u16>>,
}

impl Exceptions {
    pub(super) fn of(workload: &Workload) -> Self {
        let (pod, security) = (workload.pod.as_ref(), workload.security());
        let id = |id: Option<Traced<spec::Id>>| id.map(|id| id.map(|id| i64::from(id.get())));
        let root = security.and_then(|s| s.root);
        let usual = || match root {
            Some(root) => root.map(|is_root| if *is_root { 0 } else { NOBODY }),
            None => rule(HARDENED_USER, NOBODY),
        };
        let uid = id(pod.and_then(|p| p.uid)).unwrap_or_else(usual);
        let gid = id(pod.and_then(|p| p.gid)).unwrap_or(uid);
        let fs_group = id(pod.and_then(|p| p.fs_group)).unwrap_or(gid);
        let writable = security.and_then(|s| s.writable_root);
        Exceptions {
            uid,
            gid,
            fs_group,
            non_root: root.map_or_else(|| rule(HARDENED_USER, true), |root| root.map(|root| !root)),
            capabilities: security
                .map(|s| s.capabilities.iter().map(|c| c.map(|c| Text::Literal(c.word()))).collect())
                .unwrap_or_default(),
            read_only: writable.map_or_else(|| rule(HARDENED_ROOT_FS, true), |w| w.map(|w| !w)),
            host_network: security.and_then(|s| s.host_network),
            host_pid: security.and_then(|s| s.host_pid),
            low_port: workload.low_port().copied(),
        }
    }

    /// The context of a container of the pod.
    pub(super) fn of_container(&self) -> Security {
        let mut security = container_security();
        (security.run_as_user, security.run_as_group) = (self.uid, self.gid);
        security.run_as_non_root = self.non_root;
        security.read_only_root_filesystem = self.read_only;
        security.capabilities.add.clone_from(&self.capabilities);
        security
    }

    /// The context of a container beside the program, which may run as somebody else.
    pub(super) fn of_further(&self, container: &Container) -> Security {
        let mut security = self.of_container();
        let id = |id: Traced<spec::Id>| id.map(|id| i64::from(id.get()));
        if let Some(uid) = container.uid {
            (security.run_as_user, security.run_as_group) = (id(uid), id(uid));
        }
        if let Some(gid) = container.gid {
            security.run_as_group = id(gid);
        }
        security
    }

    /// The context of the pod as a whole.
    pub(super) fn apply(&self, cx: &Cx<'_>, template: &mut PodTemplate) {
        let security = &mut template.spec.security_context;
        (security.run_as_user, security.run_as_group, security.fs_group) =
            (self.uid, self.gid, self.fs_group);
        security.run_as_non_root = self.non_root;
        security.supplemental_groups = vec![self.fs_group];
        // the node's own network has the node's settings
        let on_node = self.host_network.is_some_and(|on| *on.get());
        if let Some(port) = self.low_port.filter(|_| !on_node) {
            let origin = cx.tracer.because(LOW_PORTS, &[port.origin()]);
            let sysctl = Sysctl {
                name: rule(LOW_PORTS, UNPRIVILEGED),
                value: Traced::because(port.get().to_string().into(), origin),
            };
            security.sysctls.push(UNPRIVILEGED, origin, sysctl);
        }
        template.spec.host_network = self.host_network;
        template.spec.host_pid = self.host_pid;
    }
}
