//! Objects that somebody wrote by hand: as a whole, or some of the fields of one that specc makes.

use super::kinds::Object;
use super::meta::Metadata;
use crate::origin::Origin;
use crate::text::Text;
use crate::walk::{Part, Visit, Walk};

/// An object as data, since its fields are not all known here.
#[derive(Clone, Debug)]
pub struct Written {
    /// why the object exists
    pub because: Origin,
    /// its kind
    pub kind: Text,
    /// `group/version`, or `v1` for the core group
    pub api_version: Text,
    /// name and namespace; of an object written as a whole nothing else
    pub metadata: Metadata,
    /// all of it
    pub content: Part,
    /// the object as specc makes it without what was written; none for one written as a whole
    pub of: Option<Object>,
}

impl Walk for Written {
    fn walk(&self, v: &mut dyn Visit) {
        self.content.walk(v);
    }
}

impl From<Written> for Object {
    fn from(object: Written) -> Self {
        Object::Written(Box::new(object))
    }
}
