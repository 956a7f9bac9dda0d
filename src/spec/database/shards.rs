//! How many servers share the rows of a database.

use serde_json::{Value as Json, json};

use crate::node::{Kind, Node};
use crate::spec::decode::{Decoder, Scalar};
use crate::spec::schema::Defs;
use crate::value::Invalid;

/// Shards of a database: 2 to 32, since one is a database like any other.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Shards(u32);

const LEAST: u32 = 2;
const MOST: u32 = 32;

impl Shards {
    /// The number.
    pub fn get(self) -> u32 {
        self.0
    }
}

impl Scalar for Shards {
    fn scalar(node: &Node, cx: &mut Decoder<'_>) -> Option<Self> {
        let Kind::Integer(number) = node.kind else { return cx.wrong_type(node, "a whole number") };
        match u32::try_from(number).ok().filter(|count| (LEAST..=MOST).contains(count)) {
            Some(count) => Some(Shards(count)),
            None => {
                let help = match number {
                    ..=1 => {
                        "delete the key: without it the database is one server, and its names have no number"
                    }
                    _ => "write several databases, each with shards of its own",
                };
                let what = format!("{number} is not between {LEAST} and {MOST}");
                cx.invalid(node, Invalid { what, help: Some(help.to_owned()) })
            }
        }
    }

    fn schema(_: &mut Defs) -> Json {
        json!({ "type": "integer", "minimum": LEAST, "maximum": MOST })
    }

    fn what() -> String {
        format!("a whole number from {LEAST} to {MOST}")
    }
}
