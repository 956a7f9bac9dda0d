//! Where a key that is defined twice was defined first.
//!
//! The `toml` crate reports only the second place. So the text is read once more with a name of its own in place of each
//! second definition; the first then stands beside it, in whatever notation it was written.

use std::fmt::Write as _;
use std::ops::Range;

use toml::de::{DeTable, DeValue};

use super::parse::Slip;
use super::syntax::is_duplicate;

const STAND_IN: &str = "specc-second-definition-";

/// For each of `slips`, which are sorted by place, the key that it repeats, if it is one that repeats.
pub(super) fn firsts(text: &str, slips: &[Slip]) -> Vec<Option<Range<usize>>> {
    let mut firsts = vec![None; slips.len()];
    if !slips.iter().any(|slip| is_duplicate(&slip.message)) {
        return firsts;
    }
    let (changed, shifts) = with_stand_ins(text, slips);
    let original = |at: usize| {
        let shift = shifts.iter().rev().find(|(from, _)| *from <= at).map_or(0, |(_, shift)| *shift);
        at.saturating_add_signed(-shift)
    };
    let (root, _) = DeTable::parse_recoverable(&changed);
    let mut tables = vec![root.get_ref()];
    while let Some(table) = tables.pop() {
        for (key, value) in table {
            let number = key.get_ref().strip_prefix(STAND_IN).and_then(|n| n.parse::<usize>().ok());
            if let Some(number) = number
                && let Some(slip) = slips.get(number)
                && let Some(name) = name(text.get(slip.span.clone()).unwrap_or(""))
                && let Some((first, _)) = table.get_key_value(name.as_str())
                && let Some(entry) = firsts.get_mut(number)
            {
                let range = original(first.span().start)..original(first.span().end);
                *entry = Some(range).filter(|r| r.start < slip.span.start);
            }
            let mut values = vec![value.get_ref()];
            while let Some(value) = values.pop() {
                match value {
                    DeValue::Table(table) => tables.push(table),
                    DeValue::Array(items) => values.extend(items.iter().map(toml::Spanned::get_ref)),
                    _ => {}
                }
            }
        }
    }
    firsts
}

/// The text with the stand-ins, and from which byte of it on it is shifted by how much.
fn with_stand_ins(text: &str, slips: &[Slip]) -> (String, Vec<(usize, isize)>) {
    let mut changed = String::with_capacity(text.len() + slips.len() * STAND_IN.len());
    let mut shifts = Vec::new();
    let mut done = 0;
    for (number, slip) in slips.iter().enumerate().filter(|(_, slip)| is_duplicate(&slip.message)) {
        let Some(between) = text.get(done..slip.span.start) else { continue };
        changed.push_str(between);
        let _ = write!(changed, "{STAND_IN}{number}");
        done = slip.span.end;
        shifts.push((changed.len(), changed.len().cast_signed() - done.cast_signed()));
    }
    changed.push_str(text.get(done..).unwrap_or(""));
    (changed, shifts)
}

/// The name that a key stands for, without its quotes and escapes.
fn name(key: &str) -> Option<String> {
    let line = format!("{key} = 0");
    let (table, _) = DeTable::parse_recoverable(&line);
    table.get_ref().keys().next().map(|key| key.get_ref().to_string())
}
