//! The value of a variable: text, or a reference to what a workload uses.

use std::borrow::Cow;

use serde_json::{Value as Json, json};

use super::decode::{Decode, Decoder, Scalar};
use super::edge::OutputRef;
use super::schema::Defs;
use crate::node::{Kind, Node};
use crate::origin::Traced;
use crate::text::Text;
use crate::value::{Invalid, Value, quoted};

/// The value of a variable.
#[derive(Clone, Debug)]
pub enum EnvValue {
    /// written out; numbers and booleans as text
    Plain(Traced<Text>),
    /// one output of something that the workload uses
    From(Traced<OutputRef>),
    /// text with outputs in it
    Format(Traced<Format>),
    /// a fact about the pod, by the downward API
    Field(Traced<FieldPath>),
}

impl EnvValue {
    /// Where the value stands.
    pub fn origin(&self) -> crate::origin::Origin {
        match self {
            EnvValue::Plain(value) => value.origin(),
            EnvValue::From(value) => value.origin(),
            EnvValue::Format(value) => value.origin(),
            EnvValue::Field(value) => value.origin(),
        }
    }
}

impl Decode for EnvValue {
    fn decode(node: &Node, cx: &mut Decoder<'_>) -> Option<Self> {
        let plain = |text: Text| Some(EnvValue::Plain(Traced::spec(text, node.id)));
        match &node.kind {
            Kind::String(text) => plain(text.clone()),
            Kind::Integer(number) => plain(Text::from(number.to_string())),
            Kind::Boolean(truth) => plain(Text::from(if *truth { "true" } else { "false" })),
            Kind::Table(table) => {
                cx.table(node, &["from", "format", "field"])?;
                let mut entries = table.iter();
                match (entries.next(), entries.next()) {
                    (Some((key, child)), None) => cx.within(key, |cx| match key.as_str() {
                        "from" => Traced::decode(child, cx).map(EnvValue::From),
                        "format" => Traced::decode(child, cx).map(EnvValue::Format),
                        _ => Traced::decode(child, cx).map(EnvValue::Field),
                    }),
                    _ => cx.wrong_type(node, "one of `from`, `format` and `field`"),
                }
            }
            _ => cx.wrong_type(node, "a string, or a table with `from`, `format` or `field`"),
        }
    }
    fn schema(defs: &mut Defs) -> Json {
        let only = |key: &str, schema: Json| json!({ "type": "object", "properties": { key: schema }, "required": [key], "additionalProperties": false });
        json!({ "anyOf": [
            { "type": ["string", "integer", "boolean"] },
            only("from", <OutputRef as Scalar>::schema(defs)),
            only("format", <Format as Scalar>::schema(defs)),
            only("field", <FieldPath as Scalar>::schema(defs)),
        ] })
    }
    fn what() -> String {
        "a string".to_owned()
    }
}

/// A piece of a [`Format`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Piece {
    /// text as it is
    Text(Text),
    /// an output
    Output(OutputRef),
}

/// Text with outputs in braces: `"postgresql://{databases.main.host}/{databases.main.name}"`. `{{` and `}}` are braces.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Format {
    source: Text,
    pieces: Vec<Piece>,
}

impl Format {
    /// The pieces in order.
    pub fn pieces(&self) -> &[Piece] {
        &self.pieces
    }
}

impl Value for Format {
    const WHAT: &'static str = "a text with outputs in braces";
    const EXAMPLES: &'static [&'static str] = &["redis://{caches.hot.address}/0"];
    const MAX_LEN: usize = 65536;
    fn pattern() -> Cow<'static, str> {
        let output = OutputRef::pattern();
        let output = output.trim_start_matches('^').trim_end_matches('$');
        format!(r"^([^{{}}]|\{{\{{|\}}\}}|\{{{output}\}})*$").into()
    }
    fn parse(text: &str) -> Result<Self, Invalid> {
        if text.chars().count() > Self::MAX_LEN {
            return Err(Invalid {
                what: format!(
                    "a text of more than {} characters does not fit into a variable",
                    Self::MAX_LEN
                ),
                help: Some("put it into a file: `[workloads.<name>.files.\"/path\"]`".to_owned()),
            });
        }
        let (mut pieces, mut plain, mut rest) = (Vec::new(), String::new(), text);
        while let Some(at) = rest.find(['{', '}']) {
            let (before, brace) = rest.split_at(at);
            plain.push_str(before);
            if let Some(after) = brace.strip_prefix("{{").or_else(|| brace.strip_prefix("}}")) {
                plain.push_str(&brace[..1]);
                rest = after;
                continue;
            }
            let Some((output, after)) = brace.strip_prefix('{').and_then(|b| b.split_once('}')) else {
                return Err(Invalid {
                    what: format!("{} has a brace without its partner", quoted(text)),
                    help: Some("write `{{` or `}}` for a brace that is meant as text".to_owned()),
                });
            };
            if !plain.is_empty() {
                pieces.push(Piece::Text(Text::from(std::mem::take(&mut plain))));
            }
            pieces.push(Piece::Output(OutputRef::parse(output)?));
            rest = after;
        }
        plain.push_str(rest);
        if !plain.is_empty() {
            pieces.push(Piece::Text(Text::from(plain)));
        }
        Ok(Format { source: Text::from(text.to_owned()), pieces })
    }
    fn text(&self) -> Cow<'_, str> {
        Cow::Borrowed(&self.source)
    }
}

/// A field of the pod that the downward API hands out.
///
/// Source: Kubernetes API, `ObjectFieldSelector` for environment variables.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FieldPath(&'static str);

impl FieldPath {
    const ALL: &'static [&'static str] = &[
        "metadata.name",
        "metadata.namespace",
        "metadata.uid",
        "spec.nodeName",
        "spec.serviceAccountName",
        "status.hostIP",
        "status.hostIPs",
        "status.podIP",
        "status.podIPs",
    ];
    /// The path.
    pub fn as_str(&self) -> &'static str {
        self.0
    }
}

impl Value for FieldPath {
    const WHAT: &'static str = "a field of the pod";
    const EXAMPLES: &'static [&'static str] = &["status.podIP"];
    fn pattern() -> Cow<'static, str> {
        format!("^({})$", Self::ALL.join("|").replace('.', r"\.")).into()
    }
    fn choices() -> Option<&'static [&'static str]> {
        Some(Self::ALL)
    }
    fn parse(text: &str) -> Result<Self, Invalid> {
        Self::ALL.iter().find(|path| **path == text).map(|path| FieldPath(path)).ok_or_else(|| Invalid {
            what: format!("{} is not a field that a variable can take", quoted(text)),
            help: Some(format!("write one of {}", super::decode::listed(Self::ALL))),
        })
    }
    fn text(&self) -> Cow<'_, str> {
        Cow::Borrowed(self.0)
    }
}
