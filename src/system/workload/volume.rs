//! The volumes of a workload.

use crate::origin::{DEFAULT_VOLUME, Origin, Traced, Tracer, VOLUME};
use crate::spec::decode::Map;
use crate::spec::workload::{self as spec, VolumeKind};
use crate::system::text_of;
use crate::text::Text;
use crate::value::{Bytes, MountPath};

/// A volume of a workload's pods.
#[derive(Clone, Debug)]
pub struct Volume {
    /// its name
    pub name: Traced<Text>,
    /// why it is there
    pub because: Origin,
    /// what it is made of
    pub kind: Traced<VolumeKind>,
    /// its size: a bound for folders, a request for disks; none where it is not asked for
    pub size: Option<Traced<Bytes>>,
    /// what was written
    pub table: spec::Volume,
}

/// Where a container sees a volume.
#[derive(Clone, Debug)]
pub struct Mount {
    /// where
    pub path: Traced<Text>,
    /// the volume
    pub volume: Traced<Text>,
    /// only this part of it
    pub sub_path: Option<Traced<Text>>,
    /// whether writing is forbidden, if it says so
    pub read_only: Option<Traced<bool>>,
}

impl Volume {
    /// Whether it is a disk that specc asks for and that outlives the pod.
    pub fn is_claim(&self) -> bool {
        *self.kind.get() == VolumeKind::Claim
    }
}

pub(super) fn mounts(table: &Map<MountPath, spec::Mount>) -> Vec<Mount> {
    let mount = |entry: &crate::spec::decode::Entry<_, spec::Mount>| Mount {
        path: text_of(&entry.key),
        volume: text_of(&entry.value.volume),
        sub_path: entry.value.sub_path.clone(),
        read_only: entry.value.read_only,
    };
    table.iter().map(|(_, entry)| mount(entry)).collect()
}

pub(super) fn volumes(table: &spec::Workload, tracer: &Tracer) -> Vec<Volume> {
    let usual = |size: u64, kind: &Traced<VolumeKind>| {
        Some(tracer.constant(DEFAULT_VOLUME, &[kind.origin()], Bytes::from_bytes(size)))
    };
    let volume = |entry: &crate::spec::decode::Entry<_, spec::Volume>| {
        let table = entry.value.clone();
        let kind = table
            .kind
            .unwrap_or_else(|| tracer.constant(DEFAULT_VOLUME, &[Origin::spec(table.at)], VolumeKind::Empty));
        let size = table.size.or_else(|| match kind.get() {
            VolumeKind::Empty => usual(256 << 20, &kind),
            VolumeKind::Memory => usual(64 << 20, &kind),
            _ => None,
        });
        let because = tracer.because(VOLUME, &[Origin::spec(table.at), kind.origin()]);
        Volume { name: text_of(&entry.key), because, kind, size, table }
    };
    table.volumes.iter().map(|(_, entry)| volume(entry)).collect()
}
