//! Text to a tree: TOML 1.1 through the `toml` crate, with all syntax errors of the file and our limits.

use std::ops::Range;
use std::sync::Arc;

use toml::Spanned;
use toml::de::{DeTable, DeValue};

use super::{Tree, definitions, limits, syntax, unclosed};
use crate::diagnostic::{Diagnostic, Sink};
use crate::node::{Kind, Layer, Mention, Node};
use crate::origin::NodeId;
use crate::source::{Place, SourceId};
use crate::table::Table;
use crate::text::Text;

fn nested_too_deep(place: Place) -> Diagnostic {
    Diagnostic::failure(
        "nested-too-deep",
        format!("tables and arrays are nested more than {} deep", limits::NESTING),
    )
    .at(place, "too deep from here on")
    .help("no key of a spec needs that depth; check that this is the file you meant")
}

fn string_too_long(place: Place, length: usize) -> Diagnostic {
    Diagnostic::failure("string-too-long", format!("a string is too long: {length} bytes"))
        .at(place, "begins here")
        .note(format!("one string or key may have {} bytes", limits::STRING))
        .help("put long text into a file of its own and name the file")
}

fn list_too_long(place: Place, length: usize) -> Diagnostic {
    Diagnostic::failure("list-too-long", format!("an array is too long: {length} items"))
        .at(place, "begins here")
        .note(format!("one array may have {} items", limits::LIST))
}

fn bad_integer(place: Place) -> Diagnostic {
    Diagnostic::error("toml-syntax", "an integer is too large for 64 bits")
        .at(place, "larger than any number of a spec may be")
        .help("write a smaller number, or put the digits in quotes if they are a name")
}

fn bad_float(place: Place) -> Diagnostic {
    Diagnostic::error("toml-syntax", "a number is too large for a 64-bit float")
        .at(place, "would become infinite")
        .help("write a smaller number")
}

/// An error of the `toml` crate: where, and its words.
#[derive(Clone, Debug)]
pub(super) struct Slip {
    pub(super) span: Range<usize>,
    pub(super) message: String,
}

/// Parses `text`, which is the text of `source`.
pub(super) fn parse(source: SourceId, text: &str, sink: &mut Sink) -> Tree {
    if !may_overflow(text) {
        return parse_here(source, text, sink);
    }
    std::thread::scope(|scope| {
        let worker = std::thread::Builder::new().stack_size(64 << 20);
        match worker.spawn_scoped(scope, || {
            let mut found = Sink::default();
            let tree = parse_here(source, text, &mut found);
            (tree, found)
        }) {
            Ok(worker) => worker.join().ok(),
            Err(_) => None,
        }
    })
    .map_or_else(
        || {
            // No thread to be had: refuse what might not fit.
            let mut found = Sink::default();
            found.push(nested_too_deep(Place::new(source, 0..0)));
            let root =
                Builder { source, text, clean: false, deep: true, found: &mut found }.root(DeTable::new());
            (Tree { source, root, complete: false }, found)
        },
        std::convert::identity,
    )
    .join(sink)
}

trait Join {
    fn join(self, sink: &mut Sink) -> Tree;
}
impl Join for (Tree, Sink) {
    fn join(self, sink: &mut Sink) -> Tree {
        sink.append(self.1);
        self.0
    }
}

/// Whether the parser's own recursion could be deep. It limits braces to 80 and each dotted key to 80 parts, but not
/// their product, so 12 KiB can nest 6,400 tables, more than a small stack can drop.
fn may_overflow(text: &str) -> bool {
    const FEW: usize = 16;
    let openers = text.bytes().filter(|b| matches!(b, b'{' | b'[')).count();
    openers > FEW && text.lines().any(|line| line.bytes().filter(|b| *b == b'.').count() > FEW)
}

fn parse_here(source: SourceId, text: &str, sink: &mut Sink) -> Tree {
    let before = sink.len();
    let (table, errors) = DeTable::parse_recoverable(text);
    let clean = errors.is_empty();
    let too_deep = if clean { None } else { report(source, text, errors, sink) };
    let mut builder = Builder { source, text, clean, deep: false, found: sink };
    let root = builder.root(table.into_inner());
    // The parser's own limit lies above ours, so mostly the tree has shown the place already.
    if let (false, Some(span)) = (builder.deep, too_deep) {
        sink.push(nested_too_deep(Place::new(source, span)));
    }
    Tree { source, root, complete: sink.len() == before }
}

fn slips(errors: Vec<toml::de::Error>) -> Vec<Slip> {
    let slip = |e: toml::de::Error| Slip { span: e.span().unwrap_or(0..0), message: e.message().to_owned() };
    errors.into_iter().map(slip).collect()
}

/// Reports the syntax errors, and gives the place where nesting was too deep for the parser.
#[cold]
fn report(
    source: SourceId,
    text: &str,
    errors: Vec<toml::de::Error>,
    sink: &mut Sink,
) -> Option<Range<usize>> {
    /// Bytes that may be read again to find what an unclosed bracket hides.
    const AGAIN: usize = 2 << 20;
    let mut slips = slips(errors);
    let mut found = Vec::new();
    let mut text_used = text.to_owned();
    // What follows an unclosed bracket is misread up to the end of the file. Blank the statement that has it, report it
    // once, and read again, so that the rest gets its own messages.
    for _ in 0..(AGAIN / text.len().max(1)).min(limits::SYNTAX_ERRORS) {
        if !slips.iter().any(|slip| syntax::is_unclosed(&slip.message)) {
            break;
        }
        let Some(open) = unclosed::find(&text_used) else { break };
        found.push(syntax::unclosed(source, text, &open));
        text_used = unclosed::blank(&text_used, &open);
        slips = self::slips(DeTable::parse_recoverable(&text_used).1);
    }
    let mut slips = syntax::without_cascades(&text_used, slips);
    let too_deep = slips.iter().find(|slip| syntax::is_too_deep(&slip.message)).map(|slip| slip.span.clone());
    slips.retain(|slip| !syntax::is_too_deep(&slip.message));
    let shown = slips.len().min(limits::SYNTAX_ERRORS);
    let firsts = definitions::firsts(&text_used, slips.get(..shown).unwrap_or(&[]));
    for (slip, first) in slips.iter().take(shown).zip(firsts) {
        found.push(syntax::rewrite(source, text, slip, first));
    }
    if let Some(last) = found.last_mut()
        && slips.len() > shown
    {
        last.notes.push(format!("and {} more syntax errors in this file", slips.len() - shown));
    }
    for diagnostic in found {
        sink.push(diagnostic);
    }
    too_deep
}

struct Builder<'s> {
    source: SourceId,
    text: &'s str,
    /// the text has no syntax error, so that no value is a stand-in for one
    clean: bool,
    /// nesting was too deep somewhere
    deep: bool,
    found: &'s mut Sink,
}

impl Builder<'_> {
    fn place(&self, range: Range<usize>) -> Place {
        Place::new(self.source, range)
    }

    fn node(key: Place, value: Place, kind: Kind) -> Node {
        Node { id: NodeId::new(0), mention: Mention { layer: Layer::BASE, key, value }, earlier: None, kind }
    }

    fn root(&mut self, table: DeTable<'_>) -> Node {
        let start = self.place(0..0);
        let kind = Kind::Table(self.table(table, 0));
        Self::node(start, start, kind)
    }

    fn table(&mut self, table: DeTable<'_>, depth: usize) -> Table<Node> {
        let entry = |(key, value): (Spanned<std::borrow::Cow<'_, str>>, Spanned<DeValue<'_>>)| {
            let place = self.place(key.span());
            let text = self.string(key.get_ref(), place);
            (text, self.value(place, value, depth + 1))
        };
        table.into_iter().map(entry).collect()
    }

    fn value(&mut self, key: Place, value: Spanned<DeValue<'_>>, depth: usize) -> Node {
        let span = value.span();
        let place = self.place(span.clone());
        let kind = match value.into_inner() {
            DeValue::String(text) => Kind::String(self.string(&text, place)),
            DeValue::Integer(integer) => {
                use std::num::IntErrorKind::{NegOverflow, PosOverflow};
                Kind::Integer(i64::from_str_radix(integer.as_str(), integer.radix()).unwrap_or_else(
                    |error| {
                        if self.clean || matches!(error.kind(), NegOverflow | PosOverflow) {
                            self.found.push(bad_integer(place));
                        }
                        0
                    },
                ))
            }
            DeValue::Float(float) => {
                let number = float.as_str().parse().unwrap_or(f64::NAN);
                if number.is_infinite() && !float.as_str().contains("inf") {
                    self.found.push(bad_float(place));
                }
                Kind::Float(number)
            }
            DeValue::Boolean(boolean) => Kind::Boolean(boolean),
            DeValue::Datetime(_) => Kind::Datetime(shared(self.text.get(span).unwrap_or(""))),
            deep @ (DeValue::Array(_) | DeValue::Table(_)) if depth > limits::NESTING => {
                self.deep = true;
                self.found.push(nested_too_deep(place));
                dismantle(deep);
                Kind::Boolean(false)
            }
            DeValue::Array(items) => Kind::Array(self.array(place, items.into_iter(), depth)),
            DeValue::Table(table) => Kind::Table(self.table(table, depth)),
        };
        Self::node(key, place, kind)
    }

    fn array<'t>(
        &mut self,
        place: Place,
        items: impl ExactSizeIterator<Item = Spanned<DeValue<'t>>>,
        depth: usize,
    ) -> Vec<Node> {
        if items.len() > limits::LIST {
            self.found.push(list_too_long(place, items.len()));
        }
        let item = |item: Spanned<DeValue<'t>>| self.value(self.place(item.span()), item, depth + 1);
        items.take(limits::LIST).map(item).collect()
    }

    fn string(&mut self, text: &str, place: Place) -> Text {
        if text.len() > limits::STRING {
            self.found.push(string_too_long(place, text.len()));
        }
        shared(text)
    }
}

fn shared(text: &str) -> Text {
    Text::Shared(Arc::from(text))
}

/// Drops a deep value without recursion.
fn dismantle(value: DeValue<'_>) {
    let mut rest = vec![value];
    while let Some(value) = rest.pop() {
        match value {
            DeValue::Array(items) => rest.extend(items.into_iter().map(Spanned::into_inner)),
            DeValue::Table(table) => rest.extend(table.into_iter().map(|(_, value)| value.into_inner())),
            _ => {}
        }
    }
}
