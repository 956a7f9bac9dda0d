//! `[workloads.<name>.volumes.<name>]`: folders that outlive a container, or come from elsewhere.

use crate::origin::Traced;
use crate::spec::decode::{List, Map, choices, table};
use crate::text::Text;
use crate::value::{Bytes, Duration, FileMode, MountPath, NodePath, SecretKey, Subdomain, VolumePath};

choices! {
    /// What a volume is made of.
    pub enum VolumeKind {
        /// An empty folder that lives as long as the pod.
        Empty = "empty",
        /// An empty folder in memory, which counts as memory of the pod.
        Memory = "memory",
        /// A disk of the pod's own that goes with it.
        Ephemeral = "ephemeral",
        /// A disk that outlives the pod; of a `stateful` workload one for each pod.
        Claim = "claim",
        /// A `PersistentVolumeClaim` that somebody else makes.
        ExistingClaim = "existing-claim",
        /// The keys of a ConfigMap that somebody else makes, as files.
        ConfigMap = "config-map",
        /// The keys of a Secret that somebody else makes, as files.
        Secret = "secret",
        /// A token of the pod's account for one audience.
        Token = "token",
        /// A folder or file of the node: for programs that watch nodes, which need `pod.security.reason`.
        HostPath = "host-path",
    }

    /// Who may mount a disk.
    pub enum AccessMode {
        /// The pods of one node, to read and write.
        ReadWriteOnce = "read-write-once",
        /// One pod, to read and write.
        ReadWriteOncePod = "read-write-once-pod",
        /// Everybody, to read and write.
        ReadWriteMany = "read-write-many",
        /// Everybody, to read.
        ReadOnlyMany = "read-only-many",
    }
}

table! {
    /// A volume of a workload's pods.
    pub struct Volume {
        /// What it is made of.
        kind: Option<Traced<VolumeKind>> = "`\"empty\"`",
        /// Where the program sees it; without it only containers that `mounts` it do.
        mount: Option<Traced<MountPath>>,
        /// Only this file or folder of the volume.
        sub_path: Option<Traced<Text>>,
        /// Forbid writing.
        read_only: Option<Traced<bool>> = "`false` for folders and disks, else `true`",
        /// Its size: a bound for `empty` and `memory`, a request for disks.
        size: Option<Traced<Bytes>> = "`\"256Mi\"` for `empty`, `\"64Mi\"` for `memory`; disks must say it",
        /// `StorageClass` of a disk.
        storage_class: Option<Traced<Subdomain>> = "the cluster's default",
        /// Who may mount a disk.
        access: Option<Traced<AccessMode>> = "`\"read-write-once\"`",
        /// Name of what somebody else makes.
        name: Option<Traced<Subdomain>>,
        /// The keys that become files under their own names; without it, and without `items`, all.
        keys: List<SecretKey>,
        /// Files of other names or in folders: the path in the volume, and the key.
        items: Map<VolumePath, Traced<SecretKey>>,
        /// The pod may start without what somebody else makes.
        optional: Option<Traced<bool>> = "`false`",
        /// Folder or file of the node that a `host-path` shows.
        path: Option<Traced<NodePath>>,
        /// Who may read and execute what a ConfigMap or a Secret holds.
        mode: Option<Traced<FileMode>> = "`\"0644\"` for `config-map`, `\"0440\"` for `secret`",
        /// Whom a `token` is for.
        audience: Option<Traced<Text>>,
        /// How long a `token` holds; it is renewed in time.
        expires: Option<Traced<Duration>> = "`\"1h\"`",
    }
}
