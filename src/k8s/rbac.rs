//! Role and RoleBinding (rbac.authorization.k8s.io/v1).

use super::meta::NameOf;
use super::model::{closed, object};
use crate::origin::Traced;
use crate::text::Text;

object! {
    /// `PolicyRule` of a Role.
    pub struct RoleRule {
        /// `""` is the core group.
        api_groups: Vec<Traced<Text>>,
        resources: Vec<Traced<Text>>,
        /// Cannot limit `create`, whose object has no name yet.
        resource_names: Vec<Traced<Text>>,
        verbs: Vec<Traced<Text>>,
    }

    /// `RoleRef`; cannot change once it exists.
    pub struct RoleRef {
        api_group: Traced<Text>,
        kind: Traced<RoleKind>,
        name: Traced<NameOf>,
    }

    /// `Subject`.
    pub struct Subject {
        kind: Traced<SubjectKind>,
        name: Traced<NameOf>,
        namespace: Traced<Text>,
    }
}

closed! {
    /// Kinds of roles.
    pub enum RoleKind {
        /// of the namespace
        Role,
    }

    /// Kinds of subjects.
    pub enum SubjectKind {
        /// the identity of pods
        ServiceAccount,
    }
}
