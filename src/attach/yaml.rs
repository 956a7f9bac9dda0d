//! Reads YAML to values with their places.
//!
//! Plain scalars are read as Kubernetes' own reader does where versions of YAML differ in numbers: `0644` is octal. Words
//! such as `yes` are text. Aliases are put in place of what they stand for, within a limit, and `<<` is a merge.

use std::collections::BTreeMap;
use std::ops::Range;

use granit_parser::{Event, Options, Parser, ScalarStyle};

use super::Flaw;
use crate::text::Text;

/// Values of one file, aliases opened.
const MOST: usize = 100_000;
/// Levels of nesting.
const DEEPEST: usize = 64;

/// A value and where it stands.
#[derive(Clone, Debug, PartialEq)]
pub struct Data {
    /// bytes of the text
    pub at: Range<usize>,
    /// the value
    pub value: Value,
}

/// A value.
#[derive(Clone, Debug, PartialEq)]
pub enum Value {
    /// nothing
    Null,
    /// `true` or `false`
    Bool(bool),
    /// a whole number
    Int(i64),
    /// any other number, as written
    Float(Text),
    /// a string
    Str(Text),
    /// a list
    Seq(Vec<Data>),
    /// a table in the order of writing; each key once
    Map(Vec<Field>),
}

/// A key of a table with its value.
#[derive(Clone, Debug, PartialEq)]
pub struct Field {
    /// the key
    pub key: Text,
    /// bytes of the key
    pub key_at: Range<usize>,
    /// the value
    pub data: Data,
}

impl Data {
    /// The value under a key, if this is a table that has it.
    pub fn get(&self, key: &str) -> Option<&Data> {
        let Value::Map(fields) = &self.value else { return None };
        fields.iter().find(|field| field.key.as_str() == key).map(|field| &field.data)
    }

    /// The string, if it is one.
    pub fn text(&self) -> Option<&Text> {
        if let Value::Str(text) = &self.value { Some(text) } else { None }
    }
}

impl Value {
    /// What a person calls it, with its article.
    pub fn describe(&self) -> &'static str {
        match self {
            Value::Null => "nothing",
            Value::Bool(_) => "a boolean",
            Value::Int(_) => "a whole number",
            Value::Float(_) => "a number with a fraction",
            Value::Str(_) => "a string",
            Value::Seq(_) => "a list",
            Value::Map(_) => "a table",
        }
    }
}

/// The documents of a text; one without any content is left out.
///
/// # Errors
/// The text is not YAML, repeats a key, or is nested too deeply.
pub fn documents(text: &str) -> Result<Vec<Data>, Flaw> {
    let mut options = Options::default();
    options.emit_comments = false;
    let mut reader = Reader {
        text,
        parser: Parser::new_from_str_with_options(text, options),
        anchors: BTreeMap::new(),
        left: MOST,
    };
    let mut documents = Vec::new();
    loop {
        let (event, at) = reader.next()?;
        match event {
            Event::StreamEnd => return Ok(documents),
            Event::StreamStart | Event::DocumentStart(..) | Event::DocumentEnd => {}
            event => {
                let document = reader.value(event, at, 0)?;
                if document.value != Value::Null {
                    documents.push(document);
                }
            }
        }
    }
}

struct Reader<'t> {
    text: &'t str,
    parser: Parser<'t, granit_parser::StrInput<'t>>,
    anchors: BTreeMap<usize, Data>,
    left: usize,
}

impl<'t> Reader<'t> {
    fn next(&mut self) -> Result<(Event<'t>, Range<usize>), Flaw> {
        let byte = |marker: granit_parser::Marker, text: &str| marker.byte_offset().unwrap_or(text.len());
        match self.parser.next_event() {
            Some(Ok((event, span))) => Ok((event, byte(span.start, self.text)..byte(span.end, self.text))),
            Some(Err(error)) => {
                let at = byte(*error.marker(), self.text).min(self.text.len());
                Err(Flaw { at: at..at, what: error.kind().to_string() })
            }
            None => Ok((Event::StreamEnd, self.text.len()..self.text.len())),
        }
    }

    fn spend(&mut self, values: usize, at: &Range<usize>) -> Result<(), Flaw> {
        self.left = self.left.checked_sub(values).ok_or_else(|| Flaw {
            at: at.clone(),
            what: format!("with its aliases opened it has more than {MOST} values"),
        })?;
        Ok(())
    }

    fn value(&mut self, event: Event<'t>, at: Range<usize>, depth: usize) -> Result<Data, Flaw> {
        self.spend(1, &at)?;
        if depth > DEEPEST {
            return Err(Flaw { at, what: format!("it is nested more than {DEEPEST} deep") });
        }
        let (anchor, data) = match event {
            Event::Alias(id) => {
                let known = self.anchors.get(&id).cloned();
                let known =
                    known.ok_or_else(|| Flaw { at: at.clone(), what: "an alias of nothing".to_owned() })?;
                self.spend(size(&known), &at)?;
                return Ok(Data { at, value: known.value });
            }
            Event::Scalar(text, style, anchor, tag) => {
                let is_text =
                    style != ScalarStyle::Plain || tag.is_some_and(|tag| tag.is_yaml_core_schema_tag("str"));
                let value = if is_text { Value::Str(text.into_owned().into()) } else { plain(&text) };
                (anchor, Data { at, value })
            }
            Event::SequenceStart(_, anchor, _) => {
                let mut items = Vec::new();
                let end = loop {
                    let (event, at) = self.next()?;
                    if event == Event::SequenceEnd {
                        break at.end;
                    }
                    items.push(self.value(event, at, depth + 1)?);
                };
                (anchor, Data { at: at.start..end, value: Value::Seq(items) })
            }
            Event::MappingStart(_, anchor, _) => {
                let (fields, end) = self.fields(depth)?;
                (anchor, Data { at: at.start..end, value: Value::Map(fields) })
            }
            _ => return Err(Flaw { at, what: "a value is missing".to_owned() }),
        };
        if anchor != 0 {
            self.anchors.insert(anchor, data.clone());
        }
        Ok(data)
    }

    /// The keys of a table up to its end.
    fn fields(&mut self, depth: usize) -> Result<(Vec<Field>, usize), Flaw> {
        let (mut fields, mut merged) = (Vec::<Field>::new(), Vec::new());
        let end = loop {
            let (event, key_at) = self.next()?;
            if event == Event::MappingEnd {
                break key_at.end;
            }
            let is_merge = matches!(&event, Event::Scalar(text, ScalarStyle::Plain, ..) if text == "<<");
            let key = match event {
                Event::Scalar(text, ..) => Text::from(text.into_owned()),
                _ => return Err(Flaw { at: key_at, what: "a key must be a single word or text".to_owned() }),
            };
            let (event, at) = self.next()?;
            let data = self.value(event, at, depth + 1)?;
            if is_merge {
                merged.push(data);
            } else if fields.iter().any(|field| field.key == key) {
                return Err(Flaw { at: key_at, what: format!("the key `{key}` stands twice in one table") });
            } else {
                fields.push(Field { key, key_at, data });
            }
        };
        for data in merged {
            merge(&mut fields, data)?;
        }
        Ok((fields, end))
    }
}

/// Puts the fields of a table, or of a list of tables, below those that are there.
fn merge(fields: &mut Vec<Field>, data: Data) -> Result<(), Flaw> {
    match data.value {
        Value::Map(more) => {
            for field in more {
                if !fields.iter().any(|known| known.key == field.key) {
                    fields.push(field);
                }
            }
            Ok(())
        }
        Value::Seq(items) => items.into_iter().try_for_each(|item| merge(fields, item)),
        _ => Err(Flaw { at: data.at, what: "`<<` takes a table or a list of tables".to_owned() }),
    }
}

fn size(data: &Data) -> usize {
    1 + match &data.value {
        Value::Seq(items) => items.iter().map(size).sum(),
        Value::Map(fields) => fields.iter().map(|field| size(&field.data)).sum(),
        _ => 0,
    }
}

/// A scalar without quotes.
fn plain(text: &str) -> Value {
    match text {
        "" | "~" | "null" | "Null" | "NULL" => return Value::Null,
        "true" | "True" | "TRUE" => return Value::Bool(true),
        "false" | "False" | "FALSE" => return Value::Bool(false),
        _ => {}
    }
    let (sign, digits) = match text.as_bytes().first() {
        Some(b'-') => (-1, text.get(1..).unwrap_or_default()),
        Some(b'+') => (1, text.get(1..).unwrap_or_default()),
        _ => (1, text),
    };
    let all = |digits: &str, radix| !digits.is_empty() && digits.chars().all(|c| c.is_digit(radix));
    let radix = |digits: &str, radix| i64::from_str_radix(digits, radix).ok().map(|number| number * sign);
    let whole = if let Some(hex) = digits.strip_prefix("0x").filter(|hex| all(hex, 16)) {
        radix(hex, 16)
    } else if let Some(octal) = digits.strip_prefix("0o").filter(|octal| all(octal, 8)) {
        radix(octal, 8)
    } else if digits.len() > 1 && digits.starts_with('0') && all(digits, 8) {
        radix(digits, 8)
    } else if all(digits, 10) {
        radix(digits, 10)
    } else {
        None
    };
    if let Some(number) = whole {
        return Value::Int(number);
    }
    let is_number = digits.starts_with(|c: char| c.is_ascii_digit() || c == '.')
        && digits.bytes().any(|byte| byte.is_ascii_digit())
        && digits
            .bytes()
            .all(|byte| byte.is_ascii_digit() || matches!(byte, b'.' | b'e' | b'E' | b'+' | b'-'))
        && digits.parse::<f64>().is_ok();
    let owned = Text::from(text.to_owned());
    if is_number { Value::Float(owned) } else { Value::Str(owned) }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn one(text: &str) -> Value {
        documents(text).unwrap().remove(0).value
    }

    #[test]
    fn plain_scalars() {
        for (text, value) in [
            ("0644", Value::Int(420)),
            ("0o17", Value::Int(15)),
            ("-3", Value::Int(-3)),
            ("yes", Value::Str("yes".into())),
            ("1.5", Value::Float("1.5".into())),
            ("1.2.3", Value::Str("1.2.3".into())),
            ("'1'", Value::Str("1".into())),
            ("on", Value::Str("on".into())),
        ] {
            assert_eq!(one(&format!("{text}\n")), value, "{text}");
        }
    }

    #[test]
    fn aliases_merges_and_documents() {
        let text = "base: &b {x: 1, y: 2}\nown: {<<: *b, y: 3}\n---\n---\nlast\n";
        let all = documents(text).unwrap();
        assert_eq!(all.len(), 2);
        let own = all[0].get("own").unwrap();
        assert_eq!(own.get("x").unwrap().value, Value::Int(1));
        assert_eq!(own.get("y").unwrap().value, Value::Int(3));
    }

    #[test]
    fn a_small_text_cannot_become_a_large_tree() {
        let mut text = String::from("a: &a [x, x, x, x, x, x, x, x, x, x]\n");
        for (name, before) in ["b", "c", "d", "e", "f", "g"].iter().zip(["a", "b", "c", "d", "e", "f"]) {
            let aliases = vec![format!("*{before}"); 10].join(", ");
            text += &format!("{name}: &{name} [{aliases}]\n");
        }
        assert!(documents(&text).unwrap_err().what.contains("values"));
    }

    #[test]
    fn what_is_refused() {
        for text in ["a: 1\na: 2\n", "a: *b\n", "{[1]: 2}\n", "a: 'x\n"] {
            assert!(documents(text).is_err(), "{text}");
        }
    }
}
