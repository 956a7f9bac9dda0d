//! `[checks]` of `specc.toml`: which level each check has in this project.

use std::collections::BTreeMap;

use super::{CHECKS, Check, Level, check};
use crate::diagnostic::suggest::nearest;
use crate::diagnostic::{Diagnostic, Severity, Sink};
use crate::node::Nodes;
use crate::origin::{Origin, Traced, Why};
use crate::source::Place;
use crate::spec::checks::{CheckLevel, CheckName, CheckSetting};
use crate::spec::decode::Choice;
use crate::spec::project::ProjectFile;
use crate::value::Value;

fn unknown_check(name: &str, at: Option<Place>) -> Diagnostic {
    let found = Diagnostic::error("unknown-check", format!("there is no check `{name}`"));
    let found = place(found, at, "not the name of a check");
    let near = nearest(name, CHECKS.iter().map(|check| check.slug));
    match near {
        Some(near) => found.help(format!("did you mean `\"{near}\"`?")),
        None => found.help("write the code that a finding shows in brackets, such as `egress-to-any`"),
    }
}

fn cannot_be_lowered(check: &Check, level: CheckLevel, at: Option<Place>) -> Diagnostic {
    let title = format!("the check `{}` cannot be set to `\"{}\"`", check.slug, level.word());
    let found = Diagnostic::error("check-cannot-be-lowered", title);
    place(found, at, "always an error")
        .note("what it finds would be refused by the cluster, or could not work there")
        .help(format!(
            "delete this line and correct what the check finds; `specc explain {}` says how",
            check.slug
        ))
}

fn needs_reason(check: &Check, level: CheckLevel, at: Option<Place>) -> Diagnostic {
    let (slug, word) = (check.slug, level.word());
    let title = format!("the check `{slug}` is lowered to `\"{word}\"` without a reason");
    place(Diagnostic::error("check-needs-reason", title), at, "why is this not needed here?")
        .note("whoever meets this line in a year must be able to judge whether it still holds")
        .help(format!("add a reason: `\"{slug}\" = {{ level = \"{word}\", reason = \"…\" }}`"))
}

fn waiver_expired(check: &Check, until: &str, as_of: &str, at: Option<Place>) -> Diagnostic {
    let title = format!("the changed level of the check `{}` held until {until}", check.slug);
    place(Diagnostic::error("waiver-expired", title), at, format!("over on {as_of}"))
        .note(format!("the check is at its own level again: {}", check.level.word()))
        .help("correct what the check finds and delete this line, or agree on a later `until`")
}

fn place(found: Diagnostic, at: Option<Place>, text: impl Into<String>) -> Diagnostic {
    match at {
        Some(place) => found.at(place, text),
        None => found,
    }
}

/// The levels that a project changes.
pub(super) struct Levels(BTreeMap<&'static str, CheckLevel>);

impl Levels {
    /// Reads `[checks]`, whose nodes are in `nodes`; `as_of` is the day on which waivers are judged, if they are.
    pub(super) fn read(project: &ProjectFile, nodes: &Nodes, as_of: Option<&str>, sink: &mut Sink) -> Levels {
        let mut changed = BTreeMap::new();
        for (_, entry) in project.checks.iter() {
            match judge(&entry.key, &entry.value, nodes, as_of) {
                Ok((check, level)) => {
                    changed.insert(check.slug, level);
                }
                Err(found) => sink.push(*found),
            }
        }
        Levels(changed)
    }

    /// What a finding of `check` is; none where the project allows it.
    pub(super) fn severity(&self, check: &Check) -> Option<Severity> {
        match self.0.get(check.slug) {
            None => Some(check.level.severity()),
            Some(CheckLevel::Allow) => None,
            Some(CheckLevel::Warn) => Some(Severity::Warning),
            Some(CheckLevel::Deny) => Some(Severity::Deny),
        }
    }
}

fn judge(
    name: &Traced<CheckName>,
    setting: &CheckSetting,
    nodes: &Nodes,
    as_of: Option<&str>,
) -> Result<(&'static Check, CheckLevel), Box<Diagnostic>> {
    let key = spec_key(name.origin(), nodes);
    let name = name.get().text();
    let check = check(&name).ok_or_else(|| unknown_check(&name, key))?;
    let level = *setting.level.get();
    if check.level == Level::Error {
        return Err(cannot_be_lowered(check, level, spec_value(setting.level.origin(), nodes)).into());
    }
    let is_lowered = match check.level {
        Level::Error | Level::Deny => level != CheckLevel::Deny,
        Level::Warn => level == CheckLevel::Allow,
    };
    let reason = setting.reason.as_ref().filter(|reason| !reason.get().trim().is_empty());
    if is_lowered && reason.is_none() {
        return Err(needs_reason(check, level, key).into());
    }
    if let (Some(until), Some(as_of)) = (&setting.until, as_of)
        && until.get().0.as_str() < as_of
    {
        let at = spec_value(until.origin(), nodes);
        return Err(waiver_expired(check, &until.get().0, as_of, at).into());
    }
    Ok((check, level))
}

fn spec_value(origin: Origin, nodes: &Nodes) -> Option<Place> {
    match origin.why(&crate::origin::Trace::default()) {
        Why::Spec(node) => nodes.value_place(node),
        Why::Rule(..) => None,
    }
}

fn spec_key(origin: Origin, nodes: &Nodes) -> Option<Place> {
    match origin.why(&crate::origin::Trace::default()) {
        Why::Spec(node) => nodes.key_place(node),
        Why::Rule(..) => None,
    }
}
