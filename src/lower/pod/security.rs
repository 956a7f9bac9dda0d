//! The security contexts: hardened, and the exceptions that a workload asks for.

use crate::k8s::{
    Capabilities, FsGroupChangePolicy, PodSecurity, PodTemplate, SeccompProfile, SeccompType, Security,
};
use crate::origin::{
    HARDENED_CAPABILITIES, HARDENED_ESCALATION, HARDENED_ROOT_FS, HARDENED_SECCOMP, HARDENED_USER, Traced,
    rule,
};
use crate::spec::decode::Choice;
use crate::spec::workload as spec;
use crate::system::Workload;
use crate::text::Text;

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

    /// The context of the pod as a whole.
    pub(super) fn apply(&self, template: &mut PodTemplate) {
        let security = &mut template.spec.security_context;
        (security.run_as_user, security.run_as_group, security.fs_group) =
            (self.uid, self.gid, self.fs_group);
        security.run_as_non_root = self.non_root;
        security.supplemental_groups = vec![self.fs_group];
        template.spec.host_network = self.host_network;
    }
}
