//! `mounts` of a workload or of a further container: where it sees a volume.

use serde_json::{Value as Json, json};

use crate::node::{Kind, Node};
use crate::origin::{Origin, Traced};
use crate::spec::decode::{Decode, Decoder, table};
use crate::spec::schema::Defs;
use crate::text::Text;
use crate::value::Name;

table! {
    /// A part of a volume, or a volume that is seen in another way than its table says.
    pub struct PartOfVolume {
        /// The volume.
        volume: Traced<Name>,
        /// Only this file or folder of it.
        sub_path: Option<Traced<Text>>,
        /// Forbid writing.
        read_only: Option<Traced<bool>> = "as the volume says",
    }
}

/// A volume by its name alone, or with what is special about it here.
#[derive(Clone, Debug)]
pub struct Mount {
    /// the volume
    pub volume: Traced<Name>,
    /// only this part of it
    pub sub_path: Option<Traced<Text>>,
    /// whether writing is forbidden, if it says so
    pub read_only: Option<Traced<bool>>,
}

impl Mount {
    /// Where it stands.
    pub fn origin(&self) -> Origin {
        self.volume.origin()
    }
}

impl Decode for Mount {
    fn decode(node: &Node, cx: &mut Decoder<'_>) -> Option<Self> {
        match &node.kind {
            Kind::Table(_) => {
                let PartOfVolume { volume, sub_path, read_only, .. } = PartOfVolume::decode(node, cx)?;
                Some(Mount { volume, sub_path, read_only })
            }
            Kind::String(_) => {
                let volume = Traced::decode(node, cx)?;
                Some(Mount { volume, sub_path: None, read_only: None })
            }
            _ => cx.wrong_type(node, "the name of a volume, or a table with `volume`"),
        }
    }
    fn schema(defs: &mut Defs) -> Json {
        json!({ "anyOf": [<Traced<Name> as Decode>::schema(defs), PartOfVolume::schema(defs)] })
    }
    fn what() -> String {
        "the name of a volume".to_owned()
    }
}
