//! YAML that every reader reads the same, in kubectl's style.
//!
//! Strings are written plain only if they match a strict pattern and are no word that YAML 1.1 or 1.2 gives a meaning to;
//! clean multi-line text becomes a block scalar; the rest is quoted, with escapes for whatever is not visible. Two spaces
//! of indentation; list items stand at the indentation of their key.
//!
//! [`refused`] and [`refused_key`] name what has no business in YAML at all: a check reports it with its place. Should it
//! arrive here nevertheless, it is escaped, so that the structure holds.

mod class;
mod raw;
mod refusal;
mod scalar;

pub use refusal::{Refusal, refused, refused_key};

use crate::origin::Origin;
use crate::walk::{Scalar, Visit, Walk};

/// Appends `object` to `out` as one document, without a marker before it and with a newline at the end.
pub fn object(object: &dyn Walk, out: &mut String) {
    object.walk(&mut Yaml::new(out));
}

/// What was written last.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Before {
    /// nothing
    Nothing,
    /// a whole line
    Line,
    /// a key with its colon
    Key,
    /// the dash of an item
    Dash,
}

/// A map or list that has begun.
struct Level {
    indent: usize,
    is_list: bool,
}

/// Writes what it visits as YAML.
pub struct Yaml<'o> {
    out: &'o mut String,
    before: Before,
    levels: Vec<Level>,
}

/// A key longer than this is written as an explicit one: readers look for the colon within 1024 characters only.
const LONGEST_KEY: usize = 512;

impl<'o> Yaml<'o> {
    /// Writes to the end of `out`.
    pub fn new(out: &'o mut String) -> Self {
        Yaml { out, before: Before::Nothing, levels: Vec::with_capacity(16) }
    }

    fn indent(&self) -> usize {
        self.levels.last().map_or(0, |level| level.indent)
    }

    /// Begins a map or list. Nothing is written: the first key or item, or the end, decides how it looks.
    fn open(&mut self, is_list: bool) {
        let indent = match self.before {
            Before::Nothing | Before::Line => 0,
            Before::Key if is_list => self.indent(),
            Before::Key | Before::Dash => self.indent() + 2,
        };
        self.levels.push(Level { indent, is_list });
    }

    /// To where the next key or item of the innermost map or list begins.
    fn advance(&mut self) {
        match self.before {
            Before::Nothing => {}
            Before::Dash => self.out.push(' '),
            Before::Line => pad(self.indent(), self.out),
            Before::Key => {
                self.out.push('\n');
                pad(self.indent(), self.out);
            }
        }
    }

    /// To where a leaf begins.
    fn space(&mut self) {
        if matches!(self.before, Before::Key | Before::Dash) {
            self.out.push(' ');
        }
    }

    fn finish_line(&mut self) {
        self.out.push('\n');
        self.before = Before::Line;
    }
}

impl Visit for Yaml<'_> {
    fn map(&mut self) {
        self.open(false);
    }

    fn seq(&mut self) {
        self.open(true);
    }

    fn key(&mut self, key: &str) {
        self.advance();
        let start = self.out.len();
        scalar::key(key, self.out);
        if self.out.len() - start > LONGEST_KEY {
            self.out.insert_str(start, "? ");
            self.out.push('\n');
            pad(self.indent(), self.out);
        }
        self.out.push(':');
        self.before = Before::Key;
    }

    fn field(&mut self, key: &'static str) {
        self.advance();
        debug_assert!(scalar::is_plain_key(key), "`{key}` is no field");
        self.out.push_str(key);
        self.out.push(':');
        self.before = Before::Key;
    }

    fn item(&mut self, _key: Option<&str>) {
        self.advance();
        self.out.push('-');
        self.before = Before::Dash;
    }

    fn end(&mut self) {
        let is_list = self.levels.pop().is_some_and(|level| level.is_list);
        if self.before != Before::Line {
            self.space();
            self.out.push_str(if is_list { "[]" } else { "{}" });
            self.finish_line();
        }
    }

    fn leaf(&mut self, value: Scalar<'_>, _origin: Origin) {
        self.space();
        match value {
            Scalar::Str(text) => scalar::string(text, self.indent() + 2, self.out),
            Scalar::Int(number) => scalar::int(number, self.out),
            Scalar::Number(digits) => self.out.push_str(digits),
            Scalar::Bool(true) => self.out.push_str("true"),
            Scalar::Bool(false) => self.out.push_str("false"),
            Scalar::EmptyMap => self.out.push_str("{}"),
        }
        self.finish_line();
    }
}

/// Writes `width` spaces.
fn pad(width: usize, out: &mut String) {
    const SPACES: &str = "                                                                ";
    if let Some(spaces) = SPACES.get(..width) {
        out.push_str(spaces);
    } else {
        out.extend(std::iter::repeat_n(' ', width));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::origin::GRACE;

    fn written(tell: fn(&mut Yaml<'_>)) -> String {
        let mut out = String::new();
        tell(&mut Yaml::new(&mut out));
        out
    }

    fn text(yaml: &mut Yaml<'_>, text: &str) {
        yaml.leaf(Scalar::Str(text), Origin::rule(GRACE));
    }

    #[test]
    fn lists_stand_at_their_key_and_maps_in_items_begin_behind_the_dash() {
        let out = written(|y| {
            y.map();
            y.key("containers");
            y.seq();
            y.item(Some("api"));
            y.map();
            y.key("name");
            text(y, "api");
            y.key("args");
            y.seq();
            y.item(None);
            text(y, "--port");
            y.item(None);
            text(y, "80");
            y.end();
            y.key("limits");
            y.map();
            y.key("cpu");
            text(y, "1");
            y.end();
            y.end();
            y.end();
            y.key("replicas");
            y.leaf(Scalar::Int(-2), Origin::rule(GRACE));
            y.end();
        });
        assert_eq!(
            out,
            "containers:\n- name: api\n  args:\n  - --port\n  - \"80\"\n  limits:\n    cpu: \"1\"\nreplicas: -2\n"
        );
    }

    #[test]
    fn a_list_of_lists_and_empty_containers_keep_their_place() {
        let out = written(|y| {
            y.seq();
            y.item(None);
            y.seq();
            y.item(None);
            text(y, "a");
            y.item(None);
            y.map();
            y.end();
            y.end();
            y.item(None);
            y.map();
            y.key("none");
            y.seq();
            y.end();
            y.key("all");
            y.leaf(Scalar::EmptyMap, Origin::rule(GRACE));
            y.end();
            y.end();
        });
        assert_eq!(out, "- - a\n  - {}\n- none: []\n  all: {}\n");
    }

    #[test]
    fn a_block_is_indented_below_its_key_or_dash() {
        let out = written(|y| {
            y.map();
            y.key("a");
            text(y, "x\n\n  y\n");
            y.key("b");
            y.seq();
            y.item(None);
            text(y, "x\ny");
            y.item(None);
            text(y, "x\n\n");
            y.end();
            y.end();
        });
        assert_eq!(out, "a: |\n  x\n\n    y\nb:\n- |-\n  x\n  y\n- |+\n  x\n\n");
    }

    #[test]
    fn a_long_key_is_an_explicit_one() {
        let out = written(|y| {
            y.seq();
            y.item(None);
            y.map();
            y.key("k".repeat(600).as_str());
            text(y, "v");
            y.end();
            y.end();
        });
        assert_eq!(out, format!("- ? {}\n  : v\n", "k".repeat(600)));
    }
}
