//! The volumes of a pod (core/v1): those that the restricted Pod Security Standard allows and specc uses, and folders of the node.

use super::Amount;
use crate::k8s::meta::NameOf;
use crate::k8s::model::{closed, object, one_of};
use crate::origin::Traced;
use crate::text::Text;
use crate::walk::Items;

object! {
    /// `Volume`.
    pub struct Volume {
        name: Traced<Text>,
        source: VolumeSource,
    }

    /// `EmptyDirVolumeSource`.
    pub struct EmptyDir {
        medium: Option<Traced<Medium>>,
        /// The pod is evicted when it writes more.
        size_limit: Traced<Amount>,
    }

    /// `ConfigMapVolumeSource`.
    pub struct ConfigMapVolume {
        name: Traced<NameOf>,
        /// A file mode in decimal: 0440 is 288.
        default_mode: Option<Traced<i32>>,
        /// All keys if there is none.
        items: Items<KeyToPath>,
        optional: Option<Traced<bool>>,
    }

    /// `SecretVolumeSource`.
    pub struct SecretVolume {
        secret_name: Traced<NameOf>,
        /// A file mode in decimal: 0440 is 288.
        default_mode: Option<Traced<i32>>,
        /// All keys if there is none.
        items: Items<KeyToPath>,
        optional: Option<Traced<bool>>,
    }

    /// `HostPathVolumeSource`.
    pub struct HostPath {
        path: Traced<Text>,
    }

    /// `PersistentVolumeClaimVolumeSource`.
    pub struct ClaimVolume {
        claim_name: Traced<NameOf>,
        read_only: Option<Traced<bool>>,
    }

    /// `EphemeralVolumeSource`.
    pub struct EphemeralVolume {
        volume_claim_template: ClaimTemplate,
    }

    /// `PersistentVolumeClaimTemplate`.
    pub struct ClaimTemplate {
        spec: ClaimSpec,
    }

    /// `PersistentVolumeClaimSpec`. Only `resources` may grow once it exists.
    pub struct ClaimSpec {
        access_modes: Vec<Traced<AccessMode>>,
        storage_class_name: Option<Traced<Text>>,
        resources: ClaimResources,
    }

    /// `VolumeResourceRequirements`.
    pub struct ClaimResources {
        requests: ClaimRequests,
    }

    /// What a claim asks for.
    pub struct ClaimRequests {
        storage: Traced<Amount>,
    }

    /// `KeyToPath`.
    pub struct KeyToPath {
        key: Traced<Text>,
        /// Relative to the mount, without `..`.
        path: Traced<Text>,
        /// A file mode in decimal: 0440 is 288.
        mode: Option<Traced<i32>>,
    }

    /// `ProjectedVolumeSource`.
    pub struct Projected {
        /// A file mode in decimal: 0440 is 288.
        default_mode: Option<Traced<i32>>,
        sources: Items<VolumeProjection>,
    }

    /// `VolumeProjection`.
    pub struct VolumeProjection {
        source: ProjectionSource,
    }

    /// `SecretProjection`, `ConfigMapProjection`.
    pub struct Projection {
        name: Traced<NameOf>,
        /// All keys if there is none.
        items: Items<KeyToPath>,
    }

    /// `ServiceAccountTokenProjection`.
    pub struct TokenProjection {
        audience: Traced<Text>,
        expiration_seconds: Traced<u32>,
        path: Traced<Text>,
    }
}

one_of! {
    /// What a volume is made of.
    pub enum VolumeSource {
        /// scratch space that lives as long as the pod
        EmptyDir(EmptyDir) = "emptyDir",
        /// the keys of a ConfigMap as files
        ConfigMap(ConfigMapVolume) = "configMap",
        /// the keys of a Secret as files
        Secret(SecretVolume) = "secret",
        /// several sources in one folder
        Projected(Projected) = "projected",
        /// a disk that outlives the pod
        Claim(ClaimVolume) = "persistentVolumeClaim",
        /// a disk that goes with the pod
        Ephemeral(EphemeralVolume) = "ephemeral",
        /// a folder or file of the node
        HostPath(HostPath) = "hostPath",
    }

    /// One source of a projected volume.
    pub enum ProjectionSource {
        /// the keys of a Secret
        Secret(Projection) = "secret",
        /// the keys of a ConfigMap
        ConfigMap(Projection) = "configMap",
        /// a token of the pod's account
        ServiceAccountToken(TokenProjection) = "serviceAccountToken",
    }
}

closed! {
    /// Who may mount a disk.
    pub enum AccessMode {
        /// the pods of one node
        ReadWriteOnce,
        /// one pod
        ReadWriteOncePod,
        /// everybody
        ReadWriteMany,
        /// everybody, to read
        ReadOnlyMany,
    }

    /// `medium` of an [`EmptyDir`]; without one it is the node's disk.
    pub enum Medium {
        /// a tmpfs, which counts as memory of the container
        Memory,
    }
}
