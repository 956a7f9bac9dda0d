//! `specc explain`: where a value of the spec or of the output comes from, and what a line of the spec produces.
//!
//! Reads what compiling recorded (nodes, trace, origins of leaves); nothing is recorded for this alone. The text is for
//! people: two spaces of indent a level, one origin a line, places as `path:line:column`.

mod input;
mod output;
mod reverse;

use crate::Environment;
use crate::origin::{NodeId, Origin, Why};
use crate::source::SourceMap;
use crate::walk::Row;

pub use input::spec_path;
pub use output::object;
pub use reverse::line;

/// Stands for a value that looks like a secret.
const HIDDEN: &str = "(not shown, since it looks like a secret)";

/// What explaining may read.
pub struct Explainer<'a> {
    /// the compiled environment
    pub environment: &'a Environment,
    /// every file that was read
    pub sources: &'a SourceMap,
}

/// Why there is nothing to explain: a sentence, and what to write instead.
#[derive(Debug, PartialEq, Eq)]
pub struct Unknown {
    /// what was not found
    pub what: String,
    /// what to write instead
    pub help: Option<String>,
}

impl Explainer<'_> {
    /// The chain of layers that set a node: the winning one first, then what it overrode.
    fn layers(&self, node: NodeId, depth: usize, into: &mut String) {
        let Some(info) = self.environment.nodes.get(node) else { return };
        let path = self.environment.nodes.path(node);
        let value = self.one_line(info.mention.value);
        let place = self.sources.locate(info.mention.key);
        push(into, depth, &format!("{path} = {value}"));
        push(into, depth + 1, &format!("set in {place}"));
        for mention in info.earlier.iter().flat_map(|m| m.iter().rev()) {
            let (place, value) = (self.sources.locate(mention.key), self.one_line(mention.value));
            push(into, depth + 1, &format!("overrides {value} of {place}"));
        }
    }

    /// The tree of an origin: rules with their sentences, and the spec nodes that they read.
    fn origin(&self, origin: Origin, depth: usize, into: &mut String) {
        // deeper trees exist only where names are made of names; nobody reads so far
        const DEEPEST: usize = 12;
        match self.environment.tracer.with(|trace| match origin.why(trace) {
            Why::Spec(node) => Err(node),
            Why::Rule(rule, inputs) => Ok((rule, inputs.to_vec())),
        }) {
            Err(node) => self.layers(node, depth, into),
            Ok((rule, inputs)) => {
                let info = rule.info();
                push(into, depth, &format!("rule {}: {}", info.name, info.says));
                if depth < DEEPEST {
                    let mut told = Vec::new();
                    for input in inputs {
                        if !told.contains(&input) {
                            self.origin(input, depth + 1, into);
                            told.push(input);
                        }
                    }
                }
            }
        }
    }

    /// The text of a value on one line, shortened; tables and long values as `{…}`.
    fn one_line(&self, place: crate::source::Place) -> String {
        const LONGEST: usize = 80;
        let text = self.sources.excerpt(place);
        if text.starts_with('[') && text.contains(']') && !text.contains(',') && self.is_header(place) {
            return "{…}".to_owned();
        }
        let line = text.lines().next().unwrap_or("");
        if crate::secret::in_line(self.sources.line(place)) {
            return HIDDEN.to_owned();
        }
        let short: String = line.chars().take(LONGEST).collect();
        if short.len() < text.len() { format!("{short}…") } else { short }
    }

    /// Whether the place is a table's header rather than a value.
    fn is_header(&self, place: crate::source::Place) -> bool {
        self.sources.position(place).column == 1
    }
}

/// A field of the output with the first line of its value.
fn field(row: &Row) -> String {
    let mut lines = row.value.lines();
    let (first, more) = (lines.next().unwrap_or(""), if lines.next().is_some() { "…" } else { "" });
    // the name of a variable says what its value is
    let variable = row.path.strip_suffix("].value").and_then(|path| path.rsplit_once('['));
    let setting = format!("{} = {}", variable.map_or("", |(_, name)| name), row.value);
    let hidden = crate::secret::in_line(&setting);
    if hidden { format!("{} = {HIDDEN}", row.path) } else { format!("{} = {first}{more}", row.path) }
}

/// Adds a line at a level of indent.
fn push(into: &mut String, depth: usize, line: &str) {
    for _ in 0..depth {
        into.push_str("  ");
    }
    into.push_str(line);
    into.push('\n');
}
