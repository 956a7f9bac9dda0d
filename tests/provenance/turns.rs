//! Every turn of the example: another value, a key less, an item less, a table less, another name.

use std::collections::BTreeSet;
use std::ops::Range;

use super::candidates;
use super::example::{Change, Edit, Example};
use super::judge::{Renamed, Turned};
use super::leaves::{self, Shape, Written};
use super::parts::Part;
use super::snapshot::Snapshot;

/// One turn.
pub(super) struct Turn {
    /// for people
    pub(super) what: String,
    /// path and file of the value that is turned, if it is a single one
    pub(super) leaf: Option<String>,
    pub(super) edit: Edit,
    /// by environment
    pub(super) turned: Vec<Turned>,
    /// what is called otherwise afterwards
    pub(super) renamed: Option<Renamed>,
    /// whether services run that a list had left out: their objects are there because of their own files
    pub(super) runs_more: bool,
}

/// The tables whose keys are the names of nouns.
const NOUNS: [&str; 6] = ["workloads", "databases", "caches", "queues", "externals", "secrets"];

/// Every turn of a part.
pub(super) fn all(part: &Part) -> Vec<Turn> {
    let Part { example, before, .. } = part;
    let mut written = leaves::written(before);
    written.retain(|one| example.has(&one.spot.file, one.spot.key));
    let turner = Turner { example, before, written: &written };
    let mut turns = Vec::new();
    for one in written.iter().filter(|one| part.turns(&one.spot.file)) {
        turns.extend(turner.values(one));
        turns.push(turner.without(one));
        turns.extend(turner.key(one));
        turns.extend(turner.without_edge(one));
        turns.extend(turner.no_cron(one));
        if matches!(one.shape, Shape::Section) && is_noun(&one.path) && one.spot.file.starts_with("services/")
        {
            turns.push(turner.without_noun(one));
            turns.push(turner.noun_renamed(one));
        }
    }
    if part.whole {
        let environments = before.environments.iter();
        turns.extend(environments.map(|environment| turner.environment_renamed(&environment.name)));
    } else {
        turns.extend(part.services.iter().map(|service| turner.service_renamed(service)));
    }
    turns
}

/// Whether a path is that of a noun, `orders.databases.main`.
fn is_noun(path: &str) -> bool {
    matches!(path.split('.').collect::<Vec<_>>().as_slice(), [_, kind, _] if NOUNS.contains(kind))
}

/// The last part of a path.
fn last(path: &str) -> &str {
    path.rsplit('.').next().unwrap_or(path)
}

/// Where `token` stands in `text` as a whole: no letter, digit, `-`, `_` or `.` before it, none but `.` behind it.
fn tokens(text: &str, token: &str) -> Vec<Range<usize>> {
    let word = |c: char| c.is_ascii_alphanumeric() || "-_".contains(c);
    let whole = |at: usize| {
        let (before, behind) = (text[..at].chars().next_back(), text[at + token.len()..].chars().next());
        !before.is_some_and(|c| word(c) || c == '.') && !behind.is_some_and(word)
    };
    text.match_indices(token).filter(|(at, _)| whole(*at)).map(|(at, _)| at..at + token.len()).collect()
}

struct Turner<'a> {
    example: &'a Example,
    before: &'a Snapshot,
    written: &'a [Written],
}

impl Turner<'_> {
    fn text(&self, file: &str) -> &str {
        &self.example.files()[file]
    }

    /// The files of a service: its base and its overlays.
    fn files_of<'s>(&'s self, service: &str) -> impl Iterator<Item = &'s String> {
        let name = format!("/{service}.toml");
        self.example.files().keys().filter(move |file| file.ends_with(&name))
    }

    /// What holds in an environment and stands within `ranges`, each a file with a range.
    fn inside(&self, environment: usize, ranges: &[Change]) -> impl Iterator<Item = &Written> {
        let within = move |one: &&Written| {
            let contains = |change: &Change| {
                change.file == one.spot.file
                    && change.range.start <= one.spot.key
                    && one.spot.key < change.range.end
            };
            one.holds[environment] && ranges.iter().any(contains)
        };
        self.written.iter().filter(within)
    }

    fn by_environment(&self, turned: impl Fn(usize) -> Turned) -> Vec<Turned> {
        (0..self.before.environments.len()).map(turned).collect()
    }

    /// `leaf` with each of its candidates.
    fn values(&self, leaf: &Written) -> Vec<Turn> {
        let turned = self.by_environment(|environment| {
            let holder = leaf.item.then(|| leaf.parent.clone()).into_iter().collect();
            let turned = Turned { holder, ..Turned::at(&leaf.path) };
            if leaf.holds[environment] { turned } else { Turned::default() }
        });
        let turn = |text: String| Turn {
            what: format!("{} ({}) = {text}", leaf.path, leaf.spot.file),
            leaf: Some(format!("{} {}", leaf.path, leaf.spot.file)),
            edit: Edit::of(vec![Change { file: leaf.spot.file.clone(), range: leaf.range(), text }]),
            turned: turned.clone(),
            renamed: None,
            runs_more: false,
        };
        candidates::of(leaf, self.before).into_iter().map(turn).collect()
    }

    /// The project without `one`.
    fn without(&self, one: &Written) -> Turn {
        let gap = self.extent(one);
        let mut turn = self.removed(vec![gap]);
        turn.what = format!("without {} ({})", one.path, one.spot.file);
        turn.runs_more = one.path == "environment.services";
        turn.leaf = one.is_leaf().then(|| format!("{} {}", one.path, one.spot.file));
        turn
    }

    /// What has to go with `one`: its key, the comma behind it, the rest of a section.
    fn extent(&self, one: &Written) -> Change {
        let text = self.text(&one.spot.file);
        let start = if matches!(one.shape, Shape::Section) { one.spot.value.0 } else { one.spot.key };
        let end = match one.shape {
            Shape::Section => self.section_end(one),
            _ => {
                let rest = text[one.spot.value.1..].trim_start_matches([' ', '\n']);
                one.spot.value.1
                    + rest.strip_prefix(',').map_or(0, |after| text.len() - one.spot.value.1 - after.len())
            }
        };
        Change { file: one.spot.file.clone(), range: start..end, text: String::new() }
    }

    /// Where the first header behind a section is that is no part of it.
    fn section_end(&self, section: &Written) -> usize {
        let other = |one: &&Written| {
            matches!(one.shape, Shape::Section)
                && one.spot.file == section.spot.file
                && one.spot.value.0 > section.spot.value.0
                && !one.path.starts_with(&format!("{}.", section.path))
        };
        let next = self.written.iter().filter(other).map(|one| one.spot.value.0).min();
        next.unwrap_or(self.text(&section.spot.file).len())
    }

    /// A turn that takes pieces of files away.
    fn removed(&self, gaps: Vec<Change>) -> Turn {
        let turned = self.by_environment(|environment| {
            let gone: Vec<&Written> = self.inside(environment, &gaps).collect();
            let mut turned = Turned::default();
            for one in &gone {
                turned.before.push(one.path.clone());
                turned.holder.push(one.parent.clone());
                let with_parent = gone.iter().any(|other| other.path == one.parent);
                if one.item && !with_parent {
                    // an array without one of its items is another array, in which later items have moved up
                    turned.before.push(one.parent.clone());
                    turned.before.extend(self.later_words(one));
                } else if one.is_leaf() {
                    turned.before.extend(self.later_words(one));
                    turned.after.push(one.path.clone());
                } else {
                    turned.holder.push(one.path.clone());
                }
            }
            turned
        });
        Turn {
            what: String::new(),
            leaf: None,
            edit: Edit::of(gaps),
            turned,
            renamed: None,
            runs_more: false,
        }
    }

    /// The items behind `one` in a list whose positions reach the output: words of a command, numbers of folders, and the
    /// settings of a server, which become words of its command.
    fn later_words(&self, one: &Written) -> Vec<String> {
        let words = [".command", ".args", ".writable"].iter().any(|list| one.parent.ends_with(list));
        let is_server = one.parent.ends_with(".server");
        let later = |other: &&Written| {
            // a word may be a table, whose text is below it
            let beside = other.parent == one.parent || other.parent.starts_with(&format!("{}[", one.parent));
            other.spot.file == one.spot.file
                && (words && beside && other.spot.key > one.spot.key
                    || is_server && other.parent == one.parent)
        };
        self.written.iter().filter(later).map(|other| other.path.clone()).collect()
    }

    /// The project without an edge and the variables that need it.
    fn without_edge(&self, edge: &Written) -> Option<Turn> {
        let Shape::Text(target) = &edge.shape else { return None };
        let workload = edge.parent.strip_suffix(".uses").filter(|_| edge.item)?;
        let env = format!("{workload}.env");
        let needs = |one: &&Written| {
            let text = &self.text(&one.spot.file)[one.range()];
            one.parent == env && matches!(one.shape, Shape::Braces) && !tokens(text, target).is_empty()
        };
        let variables = self.written.iter().filter(needs);
        let mut turn = self.removed(variables.chain([edge]).map(|one| self.extent(one)).collect());
        turn.what = format!("without {} ({target}) and the variables that need it", edge.path);
        turn.leaf = Some(format!("{} {}", edge.path, edge.spot.file));
        Some(turn)
    }

    /// A workload without a schedule, and without what only schedules have.
    fn no_cron(&self, kind: &Written) -> Option<Turn> {
        let Shape::Text(word) = &kind.shape else { return None };
        if word != "cron" || !kind.path.ends_with(".kind") {
            return None;
        }
        let of_cron = |one: &&Written| {
            one.parent == kind.parent && ["schedule", "timezone", "deadline"].contains(&last(&one.path))
        };
        let mut turn =
            self.removed(self.written.iter().filter(of_cron).map(|one| self.extent(one)).collect());
        let (file, range) = (kind.spot.file.clone(), kind.range());
        turn.edit.changes.push(Change { file, range, text: "\"worker\"".to_owned() });
        for (environment, turned) in turn.turned.iter_mut().enumerate() {
            if kind.holds[environment] {
                turned.before.push(kind.path.clone());
                turned.after.push(kind.path.clone());
            }
        }
        turn.what = format!("{} = \"worker\", without a schedule", kind.path);
        turn.leaf = Some(format!("{} {}", kind.path, kind.spot.file));
        Some(turn)
    }

    /// The project without a noun, its overlays, and all that refers to it.
    fn without_noun(&self, noun: &Written) -> Turn {
        let mut gaps: Vec<Change> = Vec::new();
        let mine = |one: &&Written| matches!(one.shape, Shape::Section) && one.path == noun.path;
        gaps.extend(self.written.iter().filter(mine).map(|one| self.extent(one)));
        let references = self.references(noun.tree(), &noun.path);
        let refers = |one: &&Written| {
            let refers = |(file, range): &(String, Range<usize>)| {
                *file == one.spot.file && one.spot.value.0 <= range.start && range.end <= one.spot.value.1
            };
            // an item, or a whole variable
            (one.item && one.is_leaf() || matches!(one.shape, Shape::Braces) && one.parent.ends_with(".env"))
                && references.iter().any(refers)
        };
        for one in self.written.iter().filter(refers) {
            let gap = self.extent(one);
            if !gaps.iter().any(|other| other.file == gap.file && other.range.contains(&gap.range.start)) {
                gaps.push(gap);
            }
        }
        let mut turn = self.removed(gaps);
        turn.edit.changes.extend(self.orders_without(noun));
        turn.what = format!("without {} and what refers to it", noun.path);
        turn
    }

    /// `remove` and `final` of the overlays of a noun's service, without what is about the noun.
    fn orders_without(&self, noun: &Written) -> Vec<Change> {
        let mut changes = Vec::new();
        let path = noun.path.split_once('.').unwrap().1;
        for file in self.files_of(noun.tree()) {
            let text = self.text(file);
            for start in ["remove = [", "final = ["] {
                let Some(at) = text.find(start) else { continue };
                let (from, to) = (at + start.len(), at + text[at..].find(']').unwrap());
                let others = text[from..to].split(',').filter(|item| tokens(item, path).is_empty());
                let others = others.collect::<Vec<_>>().join(",");
                changes.push(Change { file: file.clone(), range: from..to, text: others });
            }
        }
        changes
    }

    /// Where files name a noun: `databases.main` in its service, `services.orders.api` anywhere.
    fn references(&self, service: &str, path: &str) -> Vec<(String, Range<usize>)> {
        let own = path.split_once('.').unwrap().1;
        let mut found = Vec::new();
        for file in self.files_of(service) {
            found.extend(tokens(self.text(file), own).into_iter().map(|range| (file.clone(), range)));
        }
        if own.starts_with("workloads.") {
            let elsewhere = format!("services.{service}.{}", last(path));
            for (file, text) in self.example.files() {
                found.extend(tokens(text, &elsewhere).into_iter().map(|range| (file.clone(), range)));
            }
        }
        found
    }

    /// A key that is a name of its own: a variable, a port, a file.
    fn key(&self, one: &Written) -> Option<Turn> {
        let named = [".env", ".ports", ".files"].iter().any(|table| one.parent.ends_with(table));
        if !named || one.item {
            return None;
        }
        let text = self.text(&one.spot.file);
        let renamed = |path: &str| match path.strip_suffix('"') {
            Some(quoted) => format!("{quoted}x\""),
            None => format!("{path}x"),
        };
        let name = last_key(&one.path);
        let rename = |range: Range<usize>| {
            let text = renamed(&text[range.clone()]);
            Change { file: one.spot.file.clone(), range, text }
        };
        let places: Vec<Change> = match one.shape {
            Shape::Section => tokens_of_headers(text, &one.path).into_iter().map(rename).collect(),
            _ => vec![rename(one.spot.key..one.spot.key + name.len())],
        };
        let after = renamed(&one.path);
        let inner = |environment: usize| {
            let below = |other: &&Written| {
                other.spot.file == one.spot.file
                    && other.holds[environment]
                    && other.path.starts_with(&format!("{}.", one.path))
            };
            let below = self.written.iter().filter(below).map(|other| other.path.clone());
            below.chain([one.path.clone()]).collect()
        };
        // under the old name a lower layer may have another
        let turned = self.by_environment(|environment| {
            let turned = match (one.holds[environment], one.there[environment]) {
                (true, _) => Turned::at(&one.path),
                // a later layer has the old name too, and keeps it for what it says itself
                (false, true) => {
                    Turned { before: inner(environment), after: vec![after.clone()], ..Turned::default() }
                }
                (false, false) => Turned::default(),
            };
            Turned { holder: vec![after.clone()], ..turned }
        });
        let what = format!("{} ({}) is called {}", one.path, one.spot.file, last_key(&after));
        Some(Turn { what, leaf: None, edit: Edit::of(places), turned, renamed: None, runs_more: false })
    }

    /// A noun under another name, with all that refers to it.
    fn noun_renamed(&self, noun: &Written) -> Turn {
        let references = self.references(noun.tree(), &noun.path);
        let other = format!("{}x", noun.path);
        let (kind, name) = noun.path.split_once('.').unwrap().1.split_once('.').unwrap();
        let folder = |name: &str| match kind {
            "workloads" => name.to_owned(),
            kind => format!("{kind}-{name}"),
        };
        let renamed =
            Renamed::Noun { service: noun.tree().to_owned(), from: folder(name), to: folder(last(&other)) };
        let what = format!("{} is called {}", noun.path, last(&other));
        let roots = [(noun.path.clone(), other)];
        self.renamed(what, &references, "x", &roots, Edit::default(), renamed)
    }

    /// A service under another name.
    fn service_renamed(&self, service: &str) -> Turn {
        let (mut references, mut moves) = (Vec::new(), Vec::new());
        for (file, text) in self.example.files() {
            let token = format!("services.{service}");
            references.extend(tokens(text, &token).into_iter().map(|range| (file.clone(), range)));
        }
        let name = self.written.iter().find(|one| one.path == format!("{service}.service.name")).unwrap();
        references.push((name.spot.file.clone(), name.spot.value.0 + 1..name.spot.value.1 - 1));
        for file in self.files_of(service) {
            moves.push((file.clone(), file.replace(".toml", "x.toml")));
        }
        let renamed = Renamed::Service { from: service.to_owned(), to: format!("{service}x") };
        let roots = [(format!("{service}.service.name"), format!("{service}x.service.name"))];
        let edit = Edit { changes: Vec::new(), moves };
        self.renamed(format!("{service} is called {service}x"), &references, "x", &roots, edit, renamed)
    }

    /// An environment under another name.
    fn environment_renamed(&self, name: &str) -> Turn {
        let (mut references, mut moves) = (Vec::new(), Vec::new());
        let end = format!("{name}\"");
        for (file, text) in self.example.files() {
            let folder = file.strip_suffix("/environment.toml");
            if let Some(folder) = folder.filter(|folder| folder.rsplit('/').next() == Some(name)) {
                moves.push((format!("{folder}/"), format!("{folder}x/")));
            }
            for (at, _) in text.match_indices(&end).filter(|(at, _)| text[..*at].ends_with(['"', '/'])) {
                let line = text[..at].lines().last().unwrap_or("");
                if line.starts_with("environments") || line.starts_with("extends") {
                    references.push((file.clone(), at..at + name.len()));
                }
            }
        }
        let edit = Edit { changes: Vec::new(), moves };
        let what = format!("environment {name} is called {name}x");
        self.renamed(what, &references, "x", &[], edit, Renamed::Nothing)
    }

    /// A turn that adds `suffix` to a name wherever it stands; `roots` are the nodes that have it as their key.
    fn renamed(
        &self,
        what: String,
        references: &[(String, Range<usize>)],
        suffix: &str,
        roots: &[(String, String)],
        mut edit: Edit,
        renamed: Renamed,
    ) -> Turn {
        for (file, range) in references {
            let change = Change { file: file.clone(), range: range.end..range.end, text: suffix.to_owned() };
            edit.changes.push(change);
        }
        let turned = self.by_environment(|environment| {
            let mut before: BTreeSet<String> = roots.iter().map(|(from, _)| from.clone()).collect();
            for one in self.written.iter().filter(|one| one.is_leaf() && one.holds[environment]) {
                let (start, end) = one.spot.value;
                if references
                    .iter()
                    .any(|(file, at)| *file == one.spot.file && start <= at.start && at.end <= end)
                {
                    before.insert(one.path.clone());
                }
            }
            let after = before.iter().map(|path| renamed.path(path, roots)).collect();
            Turned { before: before.into_iter().collect(), after, holder: Vec::new() }
        });
        Turn { what, leaf: None, edit, turned, renamed: Some(renamed), runs_more: false }
    }
}

/// The last key of a path; in quotes if it has dots.
fn last_key(path: &str) -> &str {
    match path.strip_suffix('"') {
        Some(quoted) => &path[quoted.rfind('"').unwrap()..],
        None => last(path),
    }
}

/// Where the headers of a section and of its parts have its path.
fn tokens_of_headers(text: &str, path: &str) -> Vec<Range<usize>> {
    let own = path.split_once('.').unwrap().1;
    let header = format!("[{own}");
    text.match_indices(&header).map(|(at, _)| at + 1..at + header.len()).collect()
}
