//! Ids of users and groups.

use serde_json::Value as Json;

use crate::node::{Kind, Node};
use crate::spec::decode::{Count, Decoder, Scalar};
use crate::spec::schema::Defs;
use crate::value::Invalid;

/// The number of a user or a group. Root is an exception, see [`super::Security`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Id(Count<1, 2_147_483_647>);

impl Id {
    /// The number.
    pub fn get(self) -> u32 {
        self.0.get()
    }
}

impl Scalar for Id {
    fn scalar(node: &Node, cx: &mut Decoder<'_>) -> Option<Self> {
        if matches!(node.kind, Kind::Integer(0)) {
            let help = "write `security = { root = true, reason = \"<why>\" }` in `pod`, or choose a user of the image, from 1 on";
            return cx.invalid(node, Invalid { what: "0 is root".to_owned(), help: Some(help.to_owned()) });
        }
        Count::scalar(node, cx).map(Id)
    }
    fn schema(defs: &mut Defs) -> Json {
        <Count<1, 2_147_483_647> as Scalar>::schema(defs)
    }
    fn what() -> String {
        <Count<1, 2_147_483_647> as Scalar>::what()
    }
}
