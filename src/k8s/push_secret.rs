//! PushSecret (external-secrets.io/v1alpha1).

use super::cluster::SecretRef;
use super::external_secret::SecretStoreRef;
use super::model::{closed, object};
use crate::origin::Traced;
use crate::text::Text;
use crate::walk::Items;

object! {
    /// `PushSecretSpec`.
    pub struct PushSecretSpec {
        /// A Go duration: `1h`.
        refresh_interval: Traced<Text>,
        update_policy: Traced<PushUpdatePolicy>,
        deletion_policy: Traced<PushDeletionPolicy>,
        secret_store_refs: Items<SecretStoreRef>,
        selector: PushSelector,
        data: Items<PushData>,
    }

    /// `PushSecretSelector`.
    pub struct PushSelector {
        secret: SecretRef,
    }

    /// `PushSecretData`.
    pub struct PushData {
        /// Which key goes where.
        matched = "match": PushMatch,
    }

    /// `PushSecretMatch`.
    pub struct PushMatch {
        secret_key: Traced<Text>,
        remote_ref: PushRemoteRef,
    }

    /// `PushSecretRemoteRef`.
    pub struct PushRemoteRef {
        remote_key: Traced<Text>,
        property: Traced<Text>,
    }
}

closed! {
    /// `updatePolicy`: what happens when the store has a value already.
    pub enum PushUpdatePolicy {
        /// it is replaced
        Replace,
    }

    /// `deletionPolicy`: what happens to the store when the PushSecret goes.
    pub enum PushDeletionPolicy {
        /// nothing
        None,
    }
}
