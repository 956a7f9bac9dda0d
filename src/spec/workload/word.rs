//! A word of `command` or `args`.

use serde_json::{Value as Json, json};

use crate::node::{Kind, Node};
use crate::origin::Traced;
use crate::spec::decode::{Decode, Decoder, Scalar};
use crate::spec::env::Format;
use crate::spec::schema::Defs;
use crate::text::Text;

/// A word of a command: text as it is, or text with outputs and variables in it.
#[derive(Clone, Debug)]
pub enum Word {
    /// as it is
    Plain(Text),
    /// composed
    Format(Traced<Format>),
}

const WHAT: &str = "a string, or a table with `format`";

impl Scalar for Word {
    fn scalar(node: &Node, cx: &mut Decoder<'_>) -> Option<Self> {
        match &node.kind {
            Kind::String(text) => Some(Word::Plain(text.clone())),
            Kind::Table(_) => {
                let Some(format) = cx.table(node, &["format"], Self::schema)?.get("format") else {
                    return cx.wrong_type(node, WHAT);
                };
                cx.within("format", |cx| Traced::decode(format, cx)).map(Word::Format)
            }
            _ => cx.wrong_type(node, WHAT),
        }
    }
    fn schema(defs: &mut Defs) -> Json {
        json!({ "anyOf": [
            { "type": "string" },
            {
                "type": "object",
                "properties": { "format": <Format as Scalar>::schema(defs) },
                "required": ["format"],
                "additionalProperties": false,
            },
        ] })
    }
    fn what() -> String {
        "a string".to_owned()
    }
}
