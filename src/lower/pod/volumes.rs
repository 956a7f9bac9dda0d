//! The volumes of a pod, and where the program sees them.

use super::resources::{TMP, WRITABLE_FOLDER};
use crate::k8s::{
    AccessMode, ClaimRequests, ClaimResources, ClaimSpec, ClaimTemplate, ClaimVolume, ConfigMap,
    ConfigMapVolume, EmptyDir, EphemeralVolume, HostPath, KeyToPath, Medium, NameOf, Projected, Projection,
    ProjectionSource, SecretVolume, TokenProjection, Volume, VolumeMount, VolumeProjection, VolumeSource,
};
use crate::lower::labels::Identity;
use crate::lower::{Cx, amount, files};
use crate::origin::{
    DATABASE_VERIFY, DEFAULT_VOLUME, ENV_UTILITIES, INHERIT, NAME, Origin, Traced, VOLUME_MOUNT, WRITABLE,
    rule,
};
use crate::spec::workload::{self as spec, VolumeKind, WorkloadKind};
use crate::system::variables::{CertificateFolder, SECRETS_ROOT, SecretFolder};
use crate::system::{self, Container, Workload};
use crate::text::Text;
use crate::value::{Bytes, Duration};
use crate::walk::Items;

/// Volumes with their mounts.
#[derive(Default)]
pub(super) struct Volumes {
    pub(super) volumes: Items<Volume>,
    pub(super) mounts: Items<VolumeMount>,
}

/// The volumes of a workload; `config` holds its files, if it has any.
pub(super) fn of(
    cx: &Cx<'_>,
    workload: &Workload,
    identity: &Identity,
    config: Option<&ConfigMap>,
) -> Volumes {
    let mut all = Volumes::default();
    match workload.own_tmp() {
        None => {
            let because = workload.tmp_because(cx.tracer);
            let name = Traced::because(Text::Literal("tmp"), because);
            let path = Traced::because(Text::Literal(system::workload::TMP), because);
            all.writable(because, name, path, rule(WRITABLE, Bytes::from_bytes(TMP)));
        }
        Some(own) => {
            all.volumes.leave_out("tmp", own);
            all.mounts.leave_out(system::workload::TMP, own);
        }
    }
    for (index, path) in workload.writable.iter().enumerate() {
        let name = Traced::because(Text::from(format!("writable-{index}")), path.origin());
        let size = rule(WRITABLE, Bytes::from_bytes(WRITABLE_FOLDER));
        all.writable(path.origin(), name, amount(path), size);
    }
    for folder in &workload.secret_folders {
        all.secrets(folder);
    }
    for folder in &workload.certificate_folders {
        all.certificates(folder);
    }
    if let Some(config) = config {
        all.volumes.push("files", config.because, files::volume(workload, config));
        for file in &workload.files {
            all.mounts.push(file.path.get().clone(), file.because, files::mount(file));
        }
    }
    for volume in &workload.volumes {
        all.written(cx, workload, identity, volume);
    }
    for mount in &workload.mounts {
        all.mounts.push(mount.path.get().clone(), mount.path.origin(), seen(workload, mount));
    }
    all
}

/// A volume as a container sees it.
fn seen(workload: &Workload, mount: &system::Mount) -> VolumeMount {
    VolumeMount {
        name: mount.volume.clone(),
        mount_path: mount.path.clone(),
        sub_path: mount.sub_path.clone(),
        read_only: mount.read_only.or_else(|| read_only_of(workload, mount.volume.get())),
    }
}

/// What a further container sees; its writable folders become volumes of the pod.
pub(super) fn of_further(
    cx: &Cx<'_>,
    workload: &Workload,
    container: &Container,
    volumes: &mut Items<Volume>,
) -> Items<VolumeMount> {
    let mut all = Volumes::default();
    for (index, path) in container.writable.iter().enumerate() {
        let name = Traced::because(Text::from(format!("{}-{index}", container.name.get())), path.origin());
        let size: Traced<Bytes> = rule(WRITABLE, Bytes::from_bytes(WRITABLE_FOLDER));
        let source = VolumeSource::EmptyDir(EmptyDir { medium: None, size_limit: amount(&size) });
        volumes.push(name.get().clone(), path.origin(), Volume { name: name.clone(), source });
        let mount = VolumeMount { name, mount_path: amount(path), sub_path: None, read_only: None };
        all.mounts.push(mount.mount_path.get().clone(), path.origin(), mount);
    }
    if let Some(inherits) = container.inherits() {
        let inherited = |at: Origin| cx.tracer.because(INHERIT, &[at, inherits]);
        let secrets = workload.secret_folders.iter().map(|folder| (&folder.name, folder.because));
        let certificates = workload.certificate_folders.iter();
        let certificates = certificates.map(|folder| (folder.certificates.folder.get(), folder.because));
        for (name, because) in secrets.chain(certificates) {
            let (name, path) = secrets_at(name, because);
            let read_only = Some(Traced::because(true, because));
            let mount = VolumeMount { name, mount_path: path, sub_path: None, read_only };
            all.mounts.push(mount.mount_path.get().clone(), inherited(because), mount);
        }
        let is_own = |file: &system::workload::File| {
            container.files.iter().any(|own| own.path.get() == file.path.get())
        };
        for file in workload.files.iter().filter(|file| !is_own(file)) {
            all.mounts.push(file.path.get().clone(), inherited(file.because), files::mount(file));
        }
    }
    for file in &container.files {
        all.mounts.push(file.path.get().clone(), file.because, files::mount(file));
    }
    for mount in &container.mounts {
        all.mounts.push(mount.path.get().clone(), mount.path.origin(), seen(workload, mount));
    }
    all.mounts
}

/// Name and path of the volume of a folder of secrets.
fn secrets_at(folder: &Text, because: Origin) -> (Traced<Text>, Traced<Text>) {
    let path = Text::from(format!("{SECRETS_ROOT}/{folder}"));
    (Traced::because(folder.clone(), because), Traced::because(path, because))
}

/// Whether a volume of the workload may only be read.
pub(super) fn read_only_of(workload: &Workload, name: &Text) -> Option<Traced<bool>> {
    let volume = workload.volumes.iter().find(|v| v.name.get() == name)?;
    let is_given = matches!(
        volume.kind.get(),
        VolumeKind::ConfigMap | VolumeKind::Secret | VolumeKind::Token | VolumeKind::HostPath
    );
    volume.table.read_only.or_else(|| is_given.then(|| volume.kind.map(|_| true)))
}

/// The name of the claim of a workload that is not stateful.
pub(in crate::lower) fn claim_name(
    cx: &Cx<'_>,
    identity: &Identity,
    volume: &system::Volume,
) -> Traced<Text> {
    cx.tracer
        .derive(NAME, (&identity.name, &volume.name), |(object, volume)| format!("{object}-{volume}").into())
}

/// What a disk asks for.
pub(in crate::lower) fn claim_spec(volume: &system::Volume) -> ClaimSpec {
    let access = volume.table.access.map_or_else(
        || rule(DEFAULT_VOLUME, AccessMode::ReadWriteOnce),
        |access| {
            access.map(|access| match access {
                spec::AccessMode::ReadWriteOnce => AccessMode::ReadWriteOnce,
                spec::AccessMode::ReadWriteOncePod => AccessMode::ReadWriteOncePod,
                spec::AccessMode::ReadWriteMany => AccessMode::ReadWriteMany,
                spec::AccessMode::ReadOnlyMany => AccessMode::ReadOnlyMany,
            })
        },
    );
    let size = volume.size.unwrap_or_else(|| rule(DEFAULT_VOLUME, Bytes::from_bytes(1 << 30)));
    ClaimSpec {
        access_modes: vec![access],
        storage_class_name: volume.table.storage_class.as_ref().map(amount),
        resources: ClaimResources { requests: ClaimRequests { storage: amount(&size) } },
    }
}

impl Volumes {
    fn writable(&mut self, because: Origin, name: Traced<Text>, path: Traced<Text>, size: Traced<Bytes>) {
        let source = VolumeSource::EmptyDir(EmptyDir { medium: None, size_limit: amount(&size) });
        self.add(because, name, path, source, None);
    }

    fn secrets(&mut self, folder: &SecretFolder) {
        let origin = folder.because;
        let (name, path) = secrets_at(&folder.name, origin);
        let mut items = Items::default();
        for key in &folder.keys {
            items.push(
                key.get().clone(),
                key.origin(),
                KeyToPath { key: key.clone(), path: key.clone(), mode: None },
            );
        }
        for (key, because) in &folder.withheld {
            items.leave_out(key.clone(), *because);
        }
        let source = VolumeSource::Secret(SecretVolume {
            secret_name: NameOf::of("Secret", &folder.secret),
            default_mode: Some(rule(ENV_UTILITIES, 0o440)),
            items,
            optional: None,
        });
        self.add(folder.because, name, path, source, Some(Traced::because(true, origin)));
    }

    /// Who signs the server's certificate, without the key beside it in the Secret; and the program's own, if it has one.
    ///
    /// libpq takes a key of root's that the group may read (PostgreSQL 15 and later).
    fn certificates(&mut self, folder: &CertificateFolder) {
        let (origin, certificates) = (folder.because, &folder.certificates);
        let (name, path) = secrets_at(certificates.folder.get(), origin);
        let projected = |secret: &Traced<Text>, keys: &[&'static str]| {
            let mut items = Items::default();
            for key in keys {
                let key = rule::<_, Text>(DATABASE_VERIFY, *key);
                let item = KeyToPath { key: key.clone(), path: key.clone(), mode: None };
                items.push(key.get().clone(), Origin::rule(DATABASE_VERIFY), item);
            }
            let source = ProjectionSource::Secret(Projection { name: NameOf::of("Secret", secret), items });
            VolumeProjection { source }
        };
        let mut sources = Items::one("authority", origin, projected(&certificates.authority, &["ca.crt"]));
        match &certificates.client {
            Some(client) => {
                let own = projected(client, &["tls.crt", "tls.key"]);
                sources.push("client", certificates.client_because, own);
            }
            None => sources.leave_out("client", certificates.client_because),
        }
        let mode = Some(rule(ENV_UTILITIES, 0o440));
        let source = VolumeSource::Projected(Projected { default_mode: mode, sources });
        self.add(origin, name, path, source, Some(Traced::because(true, origin)));
    }

    /// A volume of the `volumes` table. The claims of a stateful workload are templates, not volumes.
    fn written(&mut self, cx: &Cx<'_>, workload: &Workload, identity: &Identity, volume: &system::Volume) {
        let is_template = *workload.kind.get() == WorkloadKind::Stateful && volume.is_claim();
        if let Some(source) = source(cx, identity, volume).filter(|_| !is_template) {
            let one = Volume { name: volume.name.clone(), source };
            self.volumes.push(volume.name.get().clone(), volume.because, one);
        }
        if let Some(path) = &volume.table.mount {
            let mount = VolumeMount {
                name: volume.name.clone(),
                mount_path: amount(path),
                sub_path: volume.table.sub_path.clone(),
                read_only: read_only_of(workload, volume.name.get()),
            };
            let because = cx.tracer.because(VOLUME_MOUNT, &[volume.because, path.origin()]);
            self.mounts.push(mount.mount_path.get().clone(), because, mount);
        }
    }

    fn add(
        &mut self,
        because: Origin,
        name: Traced<Text>,
        mount_path: Traced<Text>,
        source: VolumeSource,
        read_only: Option<Traced<bool>>,
    ) {
        let mount = VolumeMount { name: name.clone(), mount_path, sub_path: None, read_only };
        self.mounts.push(mount.mount_path.get().clone(), because, mount);
        self.volumes.push(name.get().clone(), because, Volume { name, source });
    }
}

/// What a volume is made of; none where something is missing that a check reports.
fn source(cx: &Cx<'_>, identity: &Identity, volume: &system::Volume) -> Option<VolumeSource> {
    let table = &volume.table;
    let existing = || table.name.as_ref().map(|name| NameOf::foreign(&amount(name)));
    Some(match volume.kind.get() {
        VolumeKind::Empty => {
            VolumeSource::EmptyDir(EmptyDir { medium: None, size_limit: amount(volume.size.as_ref()?) })
        }
        VolumeKind::Memory => VolumeSource::EmptyDir(EmptyDir {
            medium: Some(volume.kind.map(|_| Medium::Memory)),
            size_limit: amount(volume.size.as_ref()?),
        }),
        VolumeKind::Claim => VolumeSource::Claim(ClaimVolume {
            claim_name: NameOf::of("PersistentVolumeClaim", &claim_name(cx, identity, volume)),
            read_only: None,
        }),
        VolumeKind::ExistingClaim => {
            VolumeSource::Claim(ClaimVolume { claim_name: existing()?, read_only: table.read_only })
        }
        VolumeKind::Ephemeral => VolumeSource::Ephemeral(EphemeralVolume {
            volume_claim_template: ClaimTemplate { spec: claim_spec(volume) },
        }),
        VolumeKind::ConfigMap => VolumeSource::ConfigMap(ConfigMapVolume {
            name: existing()?,
            default_mode: table.mode.map(|mode| mode.map(|mode| mode.bits())),
            items: keys(table),
            optional: table.optional,
        }),
        VolumeKind::Secret => VolumeSource::Secret(SecretVolume {
            secret_name: existing()?,
            default_mode: Some(
                table.mode.map_or_else(|| rule(ENV_UTILITIES, 0o440), |mode| mode.map(|mode| mode.bits())),
            ),
            items: keys(table),
            optional: table.optional,
        }),
        VolumeKind::HostPath => VolumeSource::HostPath(HostPath { path: amount(table.path.as_ref()?) }),
        VolumeKind::Token => VolumeSource::Projected(Projected {
            default_mode: None,
            sources: Items::one(
                "token",
                volume.because,
                VolumeProjection {
                    source: ProjectionSource::ServiceAccountToken(TokenProjection {
                        audience: table.audience.clone()?,
                        expiration_seconds: expires(table.expires.as_ref()),
                        path: rule(DEFAULT_VOLUME, "token"),
                    }),
                },
            ),
        }),
    })
}

fn keys(table: &spec::Volume) -> Items<KeyToPath> {
    let mut items = Items::default();
    for key in &table.keys {
        let key = amount(key);
        items.push(key.get().clone(), key.origin(), KeyToPath { key: key.clone(), path: key, mode: None });
    }
    for (path, entry) in table.items.iter() {
        let item = KeyToPath { key: amount(&entry.value), path: amount(&entry.key), mode: None };
        items.push(path.clone(), entry.key.origin(), item);
    }
    items
}

/// The API takes no less than ten minutes.
fn expires(written: Option<&Traced<Duration>>) -> Traced<u32> {
    let seconds = |d: &Duration| u32::try_from(d.seconds_ceil()).unwrap_or(u32::MAX).max(600);
    written.map_or_else(|| rule(DEFAULT_VOLUME, 3600u32), |d| d.map(seconds))
}
