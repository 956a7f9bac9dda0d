//! A workload's files: a ConfigMap under a hashed name, each file mounted at its path.
//!
//! Files are mounted with `subPath`, since a volume over the whole folder would hide what the image has there. The known
//! drawback of `subPath`, that a changed ConfigMap does not reach a running pod, does not matter here: the ConfigMap is
//! immutable and a change gives it another name, which rolls the pods.

use std::fmt::Write as _;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use sha2::{Digest, Sha256};

use super::Cx;
use super::labels::Identity;
use crate::attach::Content;
use crate::k8s::{ConfigMap, ConfigMapVolume, Files, KeyToPath, NameOf, Volume, VolumeMount, VolumeSource};
use crate::origin::{FILES_HASH, FILES_KEY, FILES_PRUNE, Traced, rule};
use crate::system::Workload;
use crate::system::workload::File;
use crate::text::Text;
use crate::walk::Items;

/// None for a workload without files.
pub(super) fn config_map(cx: &Cx<'_>, workload: &Workload, identity: &Identity) -> Option<ConfigMap> {
    let first = workload.all_files().next()?;
    let (mut data, mut binary_data, mut hash) = (Files::new(), Files::new(), Sha256::new());
    let mut inputs = vec![workload.object.origin()];
    for file in workload.all_files() {
        let key = &file.key;
        for part in [key.get().as_bytes(), file.content.get().bytes()] {
            hash.update((part.len() as u64).to_le_bytes());
            hash.update(part);
        }
        inputs.extend([file.because, file.path.origin(), file.content.origin()]);
        let origin = cx.tracer.because(FILES_KEY, &[file.because, file.content.origin()]);
        match file.content.get() {
            Content::Text(text) => data.insert(key.get().clone(), Traced::because(text.clone(), origin)),
            Content::Binary(bytes) => {
                binary_data.insert(key.get().clone(), Traced::because(STANDARD.encode(bytes).into(), origin))
            }
        };
    }
    let digest = hash.finalize();
    let mut name = format!("{}-files-", workload.object.get());
    for byte in digest.iter().take(5) {
        // writing to a string cannot fail
        let _ = write!(name, "{byte:02x}");
    }
    let name = Traced::because(Text::from(name), cx.tracer.because(FILES_HASH, &inputs));
    let mut metadata = identity.metadata_named(name);
    // old ConfigMaps must outlive the rollout, or a rollback would find none
    metadata
        .annotations
        .insert("argocd.argoproj.io/sync-options".into(), rule(FILES_PRUNE, "PruneLast=true"));
    Some(ConfigMap {
        because: cx.tracer.because(FILES_HASH, &[workload.because, first.because]),
        metadata,
        immutable: Some(rule(FILES_HASH, true)),
        data,
        binary_data,
    })
}

/// Every file with its mode, where one of them has one: a volume lists all of its keys or none.
fn items(workload: &Workload) -> Items<KeyToPath> {
    let mut items = Items::default();
    if workload.all_files().any(|file| file.mode.is_some()) {
        for file in workload.all_files() {
            let key = file.key.clone();
            let mode = file.mode.map(|mode| mode.map(|mode| mode.bits()));
            let item = KeyToPath { key: key.clone(), path: key.clone(), mode };
            items.push(key.get().clone(), file.because, item);
        }
    }
    items
}

/// The volume of the files.
pub(super) fn volume(workload: &Workload, config: &ConfigMap) -> Volume {
    let name: Traced<Text> = Traced::because("files".into(), config.because);
    let source = VolumeSource::ConfigMap(ConfigMapVolume {
        name: NameOf::of("ConfigMap", &config.metadata.name),
        default_mode: Some(rule(FILES_HASH, 0o444)),
        items: items(workload),
        optional: None,
    });
    Volume { name, source }
}

/// A file at its path.
pub(super) fn mount(file: &File) -> VolumeMount {
    VolumeMount {
        name: Traced::because("files".into(), file.because),
        mount_path: file.path.clone(),
        sub_path: Some(file.key.clone()),
        read_only: Some(rule(FILES_HASH, true)),
    }
}
