//! ExternalSecret (external-secrets.io/v1).

use std::collections::BTreeMap;

use super::meta::{NameOf, TemplateMetadata};
use super::model::{closed, object};
use crate::origin::Traced;
use crate::text::Text;
use crate::walk::{Items, Maybe};

object! {
    /// `ExternalSecretSpec`.
    pub struct ExternalSecretSpec {
        refresh_policy: Option<Traced<RefreshPolicy>>,
        /// A Go duration: `1h0m0s`.
        refresh_interval: Option<Traced<Text>>,
        secret_store_ref: Option<SecretStoreRef>,
        target: SecretTarget,
        data: Items<SecretData>,
        data_from: Items<DataFrom>,
    }

    /// `ExternalSecretDataFromRemoteRef`.
    pub struct DataFrom {
        source_ref: SourceRef,
    }

    /// `StoreGeneratorSourceRef`.
    pub struct SourceRef {
        generator_ref: GeneratorRef,
    }

    /// `GeneratorRef`.
    pub struct GeneratorRef {
        api_version: Traced<Text>,
        kind: Traced<GeneratorKind>,
        name: Traced<NameOf>,
    }

    /// `SecretStoreRef`.
    pub struct SecretStoreRef {
        name: Traced<NameOf>,
        kind: Traced<SecretStoreKind>,
    }

    /// `ExternalSecretTarget`: the Secret that is made.
    pub struct SecretTarget {
        name: Traced<Text>,
        creation_policy: Traced<CreationPolicy>,
        deletion_policy: Traced<DeletionPolicy>,
        template: Maybe<SecretTemplate>,
    }

    /// `ExternalSecretTemplate`.
    pub struct SecretTemplate {
        kind = "type": Option<Traced<Text>>,
        engine_version: Option<Traced<EngineVersion>>,
        metadata: Option<TemplateMetadata>,
        /// Texts in which `{{ }}` is evaluated.
        data: BTreeMap<Text, Traced<Text>>,
    }

    /// `ExternalSecretData`.
    pub struct SecretData {
        secret_key: Traced<Text>,
        remote_ref: RemoteRef,
    }

    /// `ExternalSecretDataRemoteRef`.
    pub struct RemoteRef {
        key: Traced<Text>,
        property: Option<Traced<Text>>,
    }
}

closed! {
    /// `refreshPolicy`.
    pub enum RefreshPolicy {
        /// once
        CreatedOnce,
        /// every `refreshInterval`
        Periodic,
        /// when the ExternalSecret changes
        OnChange,
    }

    /// Kinds of generators.
    pub enum GeneratorKind {
        /// random characters
        Password,
    }

    /// Kinds of stores.
    pub enum SecretStoreKind {
        /// of the namespace
        SecretStore,
        /// of the cluster
        ClusterSecretStore,
    }

    /// `creationPolicy`.
    pub enum CreationPolicy {
        /// made, and gone with the ExternalSecret
        Owner,
        /// made, and kept
        Orphan,
        /// added to a Secret that is there
        Merge,
    }

    /// `deletionPolicy`: what happens when the store has nothing any more.
    pub enum DeletionPolicy {
        /// the Secret goes
        Delete,
        /// its keys go
        Merge,
        /// it stays
        Retain,
    }

    /// `engineVersion` of a template.
    pub enum EngineVersion {
        /// Go templates with sprig
        V2 = "v2",
    }
}
