//! `[workloads.<name>.pod.security]`: exceptions from the hardened default, each with a reason.

use crate::origin::Traced;
use crate::spec::decode::{List, choices, table};
use crate::text::Text;

choices! {
    /// A Linux capability that a container may be given.
    pub enum Capability {
        /// Ports below 1024. The only one that the restricted Pod Security Standard allows.
        NetBindService = "NET_BIND_SERVICE",
        /// Change the owner of files.
        Chown = "CHOWN",
        /// Read and write files whatever their mode.
        DacOverride = "DAC_OVERRIDE",
        /// Change the mode of others' files.
        Fowner = "FOWNER",
        /// Keep set-user-id bits.
        Fsetid = "FSETID",
        /// Signal others' processes.
        Kill = "KILL",
        /// Become another group.
        Setgid = "SETGID",
        /// Become another user.
        Setuid = "SETUID",
        /// Change the root folder.
        SysChroot = "SYS_CHROOT",
        /// Raw packets.
        NetRaw = "NET_RAW",
        /// Configure the network.
        NetAdmin = "NET_ADMIN",
        /// Lock memory.
        IpcLock = "IPC_LOCK",
        /// Change the clock's and the scheduler's limits.
        SysResource = "SYS_RESOURCE",
        /// Trace processes.
        SysPtrace = "SYS_PTRACE",
        /// Write to the kernel's log of audits.
        AuditWrite = "AUDIT_WRITE",
        /// Make device files.
        Mknod = "MKNOD",
        /// Give files capabilities.
        Setfcap = "SETFCAP",
        /// Pass capabilities on.
        Setpcap = "SETPCAP",
        /// Read files whatever their mode.
        DacReadSearch = "DAC_READ_SEARCH",
        /// Change priorities.
        SysNice = "SYS_NICE",
        /// Set the clock.
        SysTime = "SYS_TIME",
        /// Read the kernel's log.
        Syslog = "SYSLOG",
        /// Load programs into the kernel.
        Bpf = "BPF",
        /// Watch performance.
        Perfmon = "PERFMON",
        /// Almost everything.
        SysAdmin = "SYS_ADMIN",
    }
}

table! {
    /// What the pods may do beyond the hardened default.
    pub struct Security {
        /// Why the exception is needed.
        reason: Traced<Text>,
        /// Capabilities that are given in spite of the default, which drops all.
        capabilities: List<Capability>,
        /// Let the processes write to the image's own folders.
        writable_root: Option<Traced<bool>> = "`false`",
        /// Run as root.
        root: Option<Traced<bool>> = "`false`",
        /// Use the network of the node.
        host_network: Option<Traced<bool>> = "`false`",
        /// See the processes of the node.
        host_pid: Option<Traced<bool>> = "`false`",
        /// The last day of the exception, `2027-01-31`; judged with `--as-of`.
        until: Option<Traced<crate::spec::checks::Day>>,
    }
}

/// How much a pod may do, by the Pod Security Standards; strictest first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum PodLevel {
    /// the hardened default
    Restricted,
    /// known ways to more rights stay closed
    Baseline,
    /// nothing is closed
    Privileged,
}

impl PodLevel {
    /// The word in a namespace's labels.
    pub fn word(self) -> &'static str {
        match self {
            PodLevel::Restricted => "restricted",
            PodLevel::Baseline => "baseline",
            PodLevel::Privileged => "privileged",
        }
    }
}

impl Security {
    /// The strictest level that allows what the exception asks for.
    ///
    /// Source: Pod Security Standards: `restricted` lets one add `NET_BIND_SERVICE` alone; `baseline` those of the runtime's
    /// default set, and root.
    pub fn level(&self) -> PodLevel {
        let of_capability = |capability: &Capability| match capability {
            Capability::NetBindService => PodLevel::Restricted,
            Capability::Chown
            | Capability::DacOverride
            | Capability::Fowner
            | Capability::Fsetid
            | Capability::Kill
            | Capability::Setgid
            | Capability::Setuid
            | Capability::SysChroot
            | Capability::AuditWrite
            | Capability::Mknod
            | Capability::Setfcap
            | Capability::Setpcap => PodLevel::Baseline,
            Capability::NetRaw
            | Capability::NetAdmin
            | Capability::IpcLock
            | Capability::SysResource
            | Capability::SysPtrace
            | Capability::DacReadSearch
            | Capability::SysNice
            | Capability::SysTime
            | Capability::Syslog
            | Capability::Bpf
            | Capability::Perfmon
            | Capability::SysAdmin => PodLevel::Privileged,
        };
        let is_set = |switch: Option<Traced<bool>>| switch.is_some_and(|s| *s.get());
        let capabilities = self.capabilities.iter().map(|c| of_capability(c.get())).max();
        let root = is_set(self.root).then_some(PodLevel::Baseline);
        let node = is_set(self.host_network) || is_set(self.host_pid);
        let node = node.then_some(PodLevel::Privileged);
        capabilities.max(root).max(node).unwrap_or(PodLevel::Restricted)
    }
}
