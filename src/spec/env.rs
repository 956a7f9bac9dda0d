//! The value of a variable: text, or a reference to what a workload uses, or to what the cluster knows.

use std::borrow::Cow;

use serde_json::{Value as Json, json};

use super::decode::{Decode, Decoder, Scalar, table};
use super::edge::OutputRef;
use super::schema::Defs;
use crate::diagnostic::suggest::nearest;
use crate::node::{Kind, Node};
use crate::origin::Traced;
use crate::text::Text;
use crate::value::{EnvName, Invalid, LabelKey, SecretKey, Subdomain, Value, quoted};

table! {
    /// A key of a Secret that somebody else makes.
    pub struct SecretRef {
        /// Name of the Secret.
        secret: Traced<Subdomain>,
        /// Key in it.
        key: Traced<SecretKey>,
        /// The pod may start without it.
        optional: Option<Traced<bool>> = "`false`",
    }

    /// A key of a ConfigMap that somebody else makes.
    pub struct ConfigMapRef {
        /// Name of the ConfigMap.
        config_map: Traced<Subdomain>,
        /// Key in it.
        key: Traced<SecretKey>,
        /// The pod may start without it.
        optional: Option<Traced<bool>> = "`false`",
    }

    /// All keys of an object that somebody else makes, as variables: name `secret` or `config_map`.
    pub struct EnvFrom {
        /// Name of a Secret.
        secret: Option<Traced<Subdomain>>,
        /// Name of a ConfigMap.
        config_map: Option<Traced<Subdomain>>,
        /// What stands before each key.
        prefix: Option<Traced<crate::value::EnvName>>,
        /// The pod may start without it.
        optional: Option<Traced<bool>> = "`false`",
    }
}

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
    /// a request or limit of the container itself
    Resource(Traced<ResourcePath>),
    /// a key of a Secret that somebody else makes
    Secret(SecretRef),
    /// a key of a ConfigMap that somebody else makes
    ConfigMap(ConfigMapRef),
}

impl EnvValue {
    /// Where the value stands.
    pub fn origin(&self) -> crate::origin::Origin {
        match self {
            EnvValue::Plain(value) => value.origin(),
            EnvValue::From(value) => value.origin(),
            EnvValue::Format(value) => value.origin(),
            EnvValue::Field(value) => value.origin(),
            EnvValue::Resource(value) => value.origin(),
            EnvValue::Secret(value) => value.key.origin(),
            EnvValue::ConfigMap(value) => value.key.origin(),
        }
    }
}

const WHAT: &str = "one of `from`, `format`, `field`, `resource`, `secret` and `config_map`";
const WHAT_ALL: &str =
    "a string, or a table with `from`, `format`, `field`, `resource`, `secret` or `config_map`";

impl Decode for EnvValue {
    fn decode(node: &Node, cx: &mut Decoder<'_>) -> Option<Self> {
        let plain = |text: Text| Some(EnvValue::Plain(Traced::spec(text, node.id)));
        match &node.kind {
            Kind::String(text) => plain(text.clone()),
            Kind::Integer(number) => plain(Text::from(number.to_string())),
            Kind::Boolean(truth) => plain(Text::from(if *truth { "true" } else { "false" })),
            Kind::Table(table) if table.get("secret").is_some() => {
                SecretRef::decode(node, cx).map(EnvValue::Secret)
            }
            Kind::Table(table) if table.get("config_map").is_some() => {
                ConfigMapRef::decode(node, cx).map(EnvValue::ConfigMap)
            }
            Kind::Table(table) => {
                cx.table(
                    node,
                    &["from", "format", "field", "resource", "secret", "config_map"],
                    Self::schema,
                )?;
                let mut entries = table.iter();
                match (entries.next(), entries.next()) {
                    (Some((key, child)), None) => cx.within(key, |cx| match key.as_str() {
                        "from" => Traced::decode(child, cx).map(EnvValue::From),
                        "format" => Traced::decode(child, cx).map(EnvValue::Format),
                        "resource" => Traced::decode(child, cx).map(EnvValue::Resource),
                        _ => Traced::decode(child, cx).map(EnvValue::Field),
                    }),
                    _ => cx.wrong_type(node, WHAT),
                }
            }
            _ => cx.wrong_type(node, WHAT_ALL),
        }
    }
    fn schema(defs: &mut Defs) -> Json {
        let only = |key: &str, schema: Json| json!({ "type": "object", "properties": { key: schema }, "required": [key], "additionalProperties": false });
        json!({ "anyOf": [
            { "type": ["string", "integer", "boolean"] },
            only("from", <OutputRef as Scalar>::schema(defs)),
            only("format", <Format as Scalar>::schema(defs)),
            only("field", <FieldPath as Scalar>::schema(defs)),
            only("resource", <ResourcePath as Scalar>::schema(defs)),
            of_key("secret", "Name of a Secret that somebody else makes.", defs),
            of_key("config_map", "Name of a ConfigMap that somebody else makes.", defs),
        ] })
    }
    fn what() -> String {
        "a string".to_owned()
    }
}

/// The schema of a reference to a key of an object that somebody else makes.
fn of_key(object: &str, description: &str, defs: &mut Defs) -> Json {
    // an overlay may change one of the two
    let required = if defs.is_partial() { vec![object] } else { vec![object, "key"] };
    let described =
        |description: &str, schema: Json| json!({ "description": description, "allOf": [schema] });
    json!({
        "type": "object",
        "properties": {
            object: described(description, super::schema::of_value::<Subdomain>(defs)),
            "key": described("Key in it.", super::schema::of_value::<SecretKey>(defs)),
            "optional": { "description": "The pod may start without it.", "type": "boolean" },
        },
        "required": required,
        "additionalProperties": false,
    })
}

/// A piece of a [`Format`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Piece {
    /// text as it is
    Text(Text),
    /// an output
    Output(OutputRef),
    /// another variable of the same container: `{env.NAME}`
    Variable(EnvName),
}

/// What stands before the name of a variable in braces.
const ENV: &str = "env.";

/// Text with outputs and variables in braces: `"http://{services.logs.api.host}/{env.POD_NAME}"`. `{{` and `}}` are braces.
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
        // the name of a variable is bounded, which its pattern leaves to its length
        let variable = format!("[A-Za-z_][A-Za-z0-9_]{{0,{}}}", EnvName::MAX_LEN - 1);
        format!(r"^([^{{}}]|\{{\{{|\}}\}}|\{{({output}|env\.{variable})\}})*$").into()
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
            pieces.push(match output.strip_prefix(ENV) {
                Some(variable) => Piece::Variable(EnvName::parse(variable)?),
                None => Piece::Output(OutputRef::parse(output)?),
            });
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

/// A field of the pod that the downward API hands out; also `metadata.labels['<key>']` and `metadata.annotations['<key>']`.
///
/// Source: Kubernetes API, `ObjectFieldSelector` for environment variables.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FieldPath(Text);

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
    const KEYED: [&'static str; 2] = ["metadata.labels['", "metadata.annotations['"];
    /// The path.
    pub fn as_text(&self) -> &Text {
        &self.0
    }
}

impl Value for FieldPath {
    const WHAT: &'static str = "a field of the pod";
    const EXAMPLES: &'static [&'static str] = &["status.podIP", "metadata.labels['team']"];
    const MAX_LEN: usize = 300;
    fn pattern() -> Cow<'static, str> {
        let key = LabelKey::pattern();
        let key = key.trim_start_matches('^').trim_end_matches('$');
        let fixed = Self::ALL.join("|").replace('.', r"\.");
        format!(r"^({fixed}|metadata\.(labels|annotations)\['{key}'\])$").into()
    }
    fn parse(text: &str) -> Result<Self, Invalid> {
        if let Some(path) = Self::ALL.iter().find(|path| **path == text) {
            return Ok(FieldPath(Text::Literal(path)));
        }
        let keyed = Self::KEYED.iter().find_map(|prefix| text.strip_prefix(prefix)?.strip_suffix("']"));
        if let Some(key) = keyed {
            return LabelKey::parse(key).map(|_| FieldPath(Text::from(text.to_owned())));
        }
        let near = nearest(text, Self::ALL.iter().copied());
        Err(Invalid {
            what: format!("{} is not a field that a variable can take", quoted(text)),
            help: Some(near.map_or_else(
                || {
                    format!(
                        "write one of {}, or `metadata.labels['<key>']`",
                        super::decode::listed(Self::ALL)
                    )
                },
                |near| format!("did you mean `\"{near}\"`?"),
            )),
        })
    }
    fn text(&self) -> Cow<'_, str> {
        Cow::Borrowed(&self.0)
    }
}

/// A request or limit of a container, as a variable of it.
///
/// Source: Kubernetes API, `ResourceFieldSelector`. CPU is told in whole CPUs, rounded up; memory and storage in bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ResourcePath(&'static str);

impl ResourcePath {
    const ALL: &'static [&'static str] = &[
        "limits.cpu",
        "limits.ephemeral-storage",
        "limits.memory",
        "requests.cpu",
        "requests.ephemeral-storage",
        "requests.memory",
    ];
    /// The path.
    pub fn as_str(self) -> &'static str {
        self.0
    }
}

impl Value for ResourcePath {
    const WHAT: &'static str = "a request or limit of the container";
    const EXAMPLES: &'static [&'static str] = &["limits.cpu"];
    fn pattern() -> Cow<'static, str> {
        format!("^({})$", Self::ALL.join("|").replace('.', r"\.")).into()
    }
    fn choices() -> Option<&'static [&'static str]> {
        Some(Self::ALL)
    }
    fn parse(text: &str) -> Result<Self, Invalid> {
        Self::ALL.iter().find(|path| **path == text).map(|path| ResourcePath(path)).ok_or_else(|| Invalid {
            what: format!("{} is not a request or limit", quoted(text)),
            help: Some(format!("write one of {}", super::decode::listed(Self::ALL))),
        })
    }
    fn text(&self) -> Cow<'_, str> {
        Cow::Borrowed(self.0)
    }
}
