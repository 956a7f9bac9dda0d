//! What lowering makes: objects under logical ids, and the objects that are absent for a reason.
//!
//! A logical id says what an object is for; its name is a leaf like any other. Ids decide the path of a file, and charts
//! and diffs match objects by them, so that a renamed object is still the same one.

use crate::k8s::Object;
use crate::origin::Origin;
use crate::text::Text;

/// What an object belongs to.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Scope {
    /// a namespace as a whole
    Namespace(Text),
    /// a noun of a service
    Service {
        /// the service
        service: Text,
        /// folder of the noun: a workload's name, `databases-<n>`, `caches-<n>`, `externals-<n>`, `secrets-<n>`, `manifests-<n>`
        noun: Text,
    },
}

/// What an object is for: unique in an environment, the same in all environments.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct ObjectId {
    /// what it belongs to
    pub scope: Scope,
    /// its kind
    pub kind: Text,
    /// tells objects of one kind in one scope apart
    pub role: Option<Text>,
}

impl ObjectId {
    /// The path of its file in the output tree.
    pub fn path(&self) -> String {
        let folder = match &self.scope {
            Scope::Namespace(namespace) => format!("namespaces/{namespace}"),
            Scope::Service { service, noun } => format!("services/{service}/{noun}"),
        };
        format!("{folder}/{}.yaml", self.stem())
    }

    /// The name of its file without the ending: its kind in small letters, and its role.
    pub fn stem(&self) -> String {
        let kind = self.kind.to_ascii_lowercase();
        match &self.role {
            Some(role) => format!("{kind}-{role}"),
            None => kind,
        }
    }

    /// The folder of its noun, if it is not a namespace's.
    pub fn noun(&self) -> Option<&Text> {
        match &self.scope {
            Scope::Namespace(_) => None,
            Scope::Service { noun, .. } => Some(noun),
        }
    }

    /// The service that it belongs to, if it is not a namespace's.
    pub fn service(&self) -> Option<&Text> {
        match &self.scope {
            Scope::Namespace(_) => None,
            Scope::Service { service, .. } => Some(service),
        }
    }
}

/// An object with its id.
#[derive(Clone, Debug)]
pub struct Emitted {
    /// what it is for
    pub id: ObjectId,
    /// the object
    pub object: Object,
}

/// An object that could be there and is not.
#[derive(Clone, Debug)]
pub struct Absent {
    /// what it would be for
    pub id: ObjectId,
    /// the name that it would have
    pub name: Text,
    /// why it is not there
    pub because: Origin,
}

/// Objects of one part of an environment: of a service, or of the namespaces.
#[derive(Clone, Debug, Default)]
pub struct Bundle {
    /// the objects, sorted by id
    pub objects: Vec<Emitted>,
    /// conditional objects that were left out, sorted by id
    pub absent: Vec<Absent>,
}

impl Bundle {
    pub(crate) fn push(&mut self, scope: &Scope, role: Option<&'static str>, object: impl Into<Object>) {
        self.push_as(scope, role.map(Text::Literal), object);
    }

    /// As [`Bundle::push`], for a role that somebody chose, such as the name of a volume.
    pub(crate) fn push_as(&mut self, scope: &Scope, role: Option<Text>, object: impl Into<Object>) {
        let object = object.into();
        let id = ObjectId { scope: scope.clone(), kind: object.kind(), role };
        self.objects.push(Emitted { id, object });
    }

    pub(crate) fn leave_out(&mut self, scope: &Scope, kind: &'static str, name: &Text, because: Origin) {
        let id = ObjectId { scope: scope.clone(), kind: kind.into(), role: None };
        self.absent.push(Absent { id, name: name.clone(), because });
    }

    /// As [`Bundle::leave_out`], for one of several objects of its kind.
    pub(crate) fn leave_out_as(
        &mut self,
        scope: &Scope,
        kind: &'static str,
        role: Option<Text>,
        name: &Text,
        because: Origin,
    ) {
        let id = ObjectId { scope: scope.clone(), kind: kind.into(), role };
        self.absent.push(Absent { id, name: name.clone(), because });
    }

    pub(crate) fn sort(&mut self) {
        self.objects.sort_by(|a, b| a.id.cmp(&b.id));
        self.absent.sort_by(|a, b| a.id.cmp(&b.id));
    }

    /// Adds the objects of another part.
    pub fn append(&mut self, other: Bundle) {
        self.objects.extend(other.objects);
        self.absent.extend(other.absent);
    }
}
