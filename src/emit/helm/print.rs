//! A template as text for Helm.

use std::fmt::Write as _;

use super::template::{Entry, Template};
use super::{ENABLED, VALUE};
use crate::emit::yaml::Yaml;
use crate::walk::{Atom, Tree, Visit as _};

/// Stand around the number of an action until the text is finished. The YAML printer writes them only when it is told to
/// (in strings they are escaped), so nothing that an object says can look like an action.
const BEGIN: char = '\u{1}';
const END: char = '\u{2}';

/// The template of an object whose values stand under `path`.
pub(super) fn print(path: &[&str], optional: bool, body: &Template<'_>) -> String {
    let (mut text, mut actions) = (String::new(), Vec::new());
    let mut printer = Printer { yaml: Yaml::new(&mut text), actions: &mut actions, path: path.to_vec() };
    printer.guarded(optional, body, |printer| printer.body(body));
    finish(&text, &actions)
}

/// The text with its actions, and with braces escaped wherever the text itself has them.
fn finish(text: &str, actions: &[String]) -> String {
    let mut out = String::with_capacity(text.len());
    for (index, part) in text.split(BEGIN).enumerate() {
        let mut literal = part;
        if index > 0
            && let Some((number, rest)) = part.split_once(END)
        {
            literal = rest;
            let action = number.parse::<usize>().ok().and_then(|number| actions.get(number));
            out.push_str(action.map_or("", String::as_str));
        }
        out.push_str(&literal.replace("{{", "{{ \"{{\" }}"));
    }
    out
}

struct Printer<'o, 't> {
    yaml: Yaml<'o>,
    actions: &'o mut Vec<String>,
    /// keys of the value that belongs to what is being printed
    path: Vec<&'t str>,
}

impl<'t> Printer<'_, 't> {
    /// What stands for `action` until the text is finished.
    fn mark(&mut self, action: String) -> String {
        self.actions.push(action);
        format!("{BEGIN}{}{END}", self.actions.len() - 1)
    }

    /// A condition, its alternative or its end: a line that leaves no trace.
    fn line(&mut self, action: &str) {
        let mark = self.mark(format!("{{{{- {action} }}}}"));
        self.yaml.raw_line(&mark);
    }

    /// What `print` prints, in a condition if it is optional, with the path of its values.
    fn guarded(&mut self, optional: bool, body: &'t Template<'t>, print: impl FnOnce(&mut Self)) {
        if !optional {
            return print(self);
        }
        let condition = format!("if {}", self.enabled(None));
        self.line(&condition);
        let depth = self.path.len();
        if !body.has_room_for_enabled() {
            self.path.push(VALUE);
        }
        print(self);
        self.path.truncate(depth);
        self.line("end");
    }

    /// The switch of the part at the path, or of the part `name` there.
    fn enabled(&self, name: Option<&'t str>) -> String {
        expression(self.path.iter().copied().chain(name).chain([ENABLED]))
    }

    fn body(&mut self, template: &'t Template<'t>) {
        match template {
            Template::Fixed(tree) => self.fixed(tree),
            Template::Slot(slot) => {
                let action = slot.action(&expression(self.path.iter().copied()));
                let mark = self.mark(action);
                self.yaml.raw_leaf(&mark);
            }
            Template::Map(entries) => {
                self.yaml.map();
                self.or_empty(entries, |printer| printer.entries(entries, |yaml, name| yaml.key(name)));
                self.yaml.end();
            }
            Template::Seq(entries, _) => {
                self.yaml.seq();
                self.entries(entries, |yaml, name| yaml.item(Some(name)));
                self.yaml.end();
            }
        }
    }

    fn entries(&mut self, entries: &'t [Entry<'t>], begin: fn(&mut Yaml<'_>, &str)) {
        for entry in entries {
            self.path.push(&entry.name);
            self.guarded(entry.optional, &entry.body, |printer| {
                begin(&mut printer.yaml, &entry.name);
                printer.body(&entry.body);
            });
            self.path.pop();
        }
    }

    /// What `print` prints of a map's entries, or `{}` if they are all optional and none is enabled: nothing would be null.
    fn or_empty(&mut self, entries: &'t [Entry<'t>], print: impl FnOnce(&mut Self)) {
        if entries.is_empty() || entries.iter().any(|entry| !entry.optional) {
            return print(self);
        }
        let switches: Vec<String> = entries.iter().map(|entry| self.enabled(Some(&entry.name))).collect();
        self.line(&format!("if or {}", switches.join(" ")));
        print(self);
        self.line("else");
        self.yaml.raw_line("{}");
        self.line("end");
    }

    fn fixed(&mut self, tree: &Tree) {
        match tree {
            Tree::Map(fields) => {
                self.yaml.map();
                for (key, value) in fields {
                    self.yaml.key(key);
                    self.fixed(value);
                }
                self.yaml.end();
            }
            Tree::Seq(items) => {
                self.yaml.seq();
                for (name, item) in items {
                    self.yaml.item(name.as_deref());
                    self.fixed(item);
                }
                self.yaml.end();
            }
            Tree::Leaf(Atom::Str(text), _) if ends_in_space(text) => self.yaml.quoted(text),
            Tree::Leaf(atom, origin) => self.yaml.leaf(atom.as_scalar(), *origin),
        }
    }
}

/// Whether a condition behind the text, written as a block, would eat more than the end of its line.
fn ends_in_space(text: &str) -> bool {
    let line = text.strip_suffix('\n').unwrap_or(text);
    line.ends_with([' ', '\t', '\n', '\r'])
}

/// The value under `path` in the language of templates: fields where a key is an identifier, else `index`.
fn expression<'k>(path: impl Iterator<Item = &'k str>) -> String {
    let mut expression = ".Values".to_owned();
    for key in path {
        if is_identifier(key) {
            expression.push('.');
            expression.push_str(key);
        } else {
            expression = format!("(index {expression} {})", quoted(key));
        }
    }
    expression
}

fn is_identifier(key: &str) -> bool {
    key.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_')
        && key.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_')
}

/// A string of Go.
fn quoted(text: &str) -> String {
    let mut out = "\"".to_owned();
    for character in text.chars() {
        match character {
            '"' | '\\' => out.extend(['\\', character]),
            ' '..='~' => out.push(character),
            // Writing to a String cannot fail.
            _ => drop(match u32::from(character) {
                code @ 0..=0xffff => write!(out, "\\u{code:04x}"),
                code => write!(out, "\\U{code:08x}"),
            }),
        }
    }
    out.push('"');
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_that_are_no_identifiers_are_looked_up() {
        let path = |keys: &[&'static str]| expression(keys.iter().copied());
        assert_eq!(path(&["api", "deployment", "_x1"]), ".Values.api.deployment._x1");
        assert_eq!(path(&["databases-main", "cluster"]), "(index .Values \"databases-main\").cluster");
        assert_eq!(path(&["a", "1", "", "é"]), r#"(index (index (index .Values.a "1") "") "\u00e9")"#);
        assert_eq!(quoted("a\"\\\n{{\u{1f600}"), r#""a\"\\\u000a{{\U0001f600""#);
    }

    #[test]
    fn braces_of_the_text_are_escaped_and_actions_are_not() {
        let text = format!("a: '{{{{ x }}}}'\nb: {BEGIN}0{END}\nc: '{{{{{{'\n");
        assert_eq!(
            finish(&text, &["{{ .Values.b | toJson }}".to_owned()]),
            "a: '{{ \"{{\" }} x }}'\nb: {{ .Values.b | toJson }}\nc: '{{ \"{{\" }}{'\n"
        );
    }

    #[test]
    fn only_text_that_trimming_would_shorten_is_taken_out_of_its_block() {
        for text in ["a\n\n", "a\nb \n", "a\nb\t", "a "] {
            assert!(ends_in_space(text), "{text:?}");
        }
        for text in ["a\nb\n", "a\nb", "", "\n"] {
            assert!(!ends_in_space(text), "{text:?}");
        }
    }
}
