//! Provenance to the last leaf: each spec leaf of the example is turned, one at a time, and every leaf of the output that
//! changes must name it.
//!
//! "Names" means that `explain` would say so: the leaf's own origin, or the reason why a part that holds it is there. A
//! leaf that was not there before may be explained by the reason for its absence instead. Both sides are asked: the
//! output before the turn must name the value that was turned away, the output after it the value that came.

mod candidates;
mod example;
mod judge;
mod leaves;
mod snapshot;
mod turns;

use std::collections::{BTreeMap, BTreeSet};

use rayon::prelude::*;
use specc::origin::{Origin, Trace, Why};
use specc::walk::Leaves;

use example::Example;
use judge::Gap;
use snapshot::Snapshot;
use turns::Turn;

/// Leaves that no other value can take, each with the reason.
const FIXED: &[(&str, &str)] = &[
    ("spec", "the only version of the language is 1"),
    ("*.databases.*.engine", "there is one engine"),
    ("environment.platform.add_ons[*]", "there is one add-on"),
];

/// Leaves that change no object, each with the reason.
const WITHOUT_EFFECT: &[(&str, &str)] = &[
    ("*.service.owner", "is told in the report"),
    ("specc.project.owner", "is told in the report"),
    ("specc.helm.chart", "decides which files there are beside the objects"),
    ("environment.platform.kubernetes", "is for checks"),
    ("environment.platform.trusted_registries", "is for checks"),
    ("environment.platform.trusted_registries[*]", "is for checks"),
    ("environment.platform.add_ons", "is for checks"),
    ("environment.platform.add_ons[*]", "is for checks"),
];

/// What came of one turn.
struct Outcome {
    compiles: bool,
    /// objects' leaves that changed, appeared or vanished
    changed: usize,
    gaps: Vec<Gap>,
}

fn outcome(before: &Snapshot, example: &Example, turn: &Turn) -> Outcome {
    let Ok(after) = Snapshot::of(&example.with(&turn.edit)) else {
        return Outcome { compiles: false, changed: 0, gaps: Vec::new() };
    };
    let mut outcome = Outcome { compiles: true, changed: 0, gaps: Vec::new() };
    let sides = before.environments.iter().zip(&after.environments).zip(&turn.turned);
    for ((before, after), turned) in sides {
        let verdict = judge::compare(before, after, turned, turn.renamed.as_ref());
        outcome.changed += verdict.changed;
        outcome.gaps.extend(verdict.gaps);
    }
    outcome
}

fn listed(list: &[(&str, &str)], path: &str) -> bool {
    list.iter().any(|(pattern, _)| matches(pattern, path))
}

/// Whether `path` is as `pattern` says, in which `*` stands for any characters but dots and brackets.
fn matches(pattern: &str, path: &str) -> bool {
    match pattern.split_once('*') {
        None => pattern == path,
        Some((before, after)) => path.strip_prefix(before).is_some_and(|rest| {
            let end = rest.find(['.', '[', ']']).unwrap_or(rest.len());
            matches(after, &rest[end..])
        }),
    }
}

/// A group of turns of one leaf: other values, or its removal.
#[derive(Default)]
struct Tally {
    tried: usize,
    compiled: usize,
    changed: usize,
}

#[test]
fn every_output_leaf_that_changes_names_the_spec_leaf_that_was_turned() {
    let example = Example::read();
    let before = Snapshot::of(&example.files()).unwrap();
    let turns = turns::all(&example, &before);
    let outcomes: Vec<Outcome> = turns.par_iter().map(|turn| outcome(&before, &example, turn)).collect();

    let mut leaves: BTreeMap<&str, Tally> = BTreeMap::new();
    let (mut compiled, mut rows, mut gaps) = (0, 0, Vec::new());
    for (turn, outcome) in turns.iter().zip(outcomes) {
        if let Some(leaf) = &turn.leaf {
            let tally = leaves.entry(leaf).or_default();
            tally.tried += 1;
            tally.compiled += usize::from(outcome.compiles);
            tally.changed += outcome.changed;
        }
        compiled += usize::from(outcome.compiles);
        rows += outcome.changed;
        gaps.extend(outcome.gaps.into_iter().map(|gap| (turn.what.as_str(), gap)));
    }
    println!(
        "{} leaves, {} turns, {compiled} of them compile, {rows} rows changed",
        leaves.len(),
        turns.len()
    );

    let of = |wanted: fn(&Tally) -> bool, reasons: &[(&str, &str)]| -> Vec<&str> {
        let found = leaves.iter().filter(|(_, tally)| wanted(tally)).map(|(leaf, _)| *leaf);
        found.filter(|leaf| !listed(reasons, leaf.split_once(' ').map_or(leaf, |(path, _)| path))).collect()
    };
    let fixed = of(|tally| tally.compiled == 0, FIXED);
    let without_effect = of(|tally| tally.compiled > 0 && tally.changed == 0, WITHOUT_EFFECT);
    assert!(gaps.is_empty(), "{}", judge::report(&gaps));
    assert_eq!(fixed, Vec::<&str>::new(), "no candidate compiles for these leaves; add one, or a reason");
    assert_eq!(without_effect, Vec::<&str>::new(), "turning these leaves changes nothing; add a reason");
    assert!(leaves.len() > 150 && compiled > 300 && rows > 3000, "the test has lost most of its turns");
}

/// Collects what is wrong with an origin: a node that is not there, a rule without a name.
fn unknown(origin: Origin, trace: &Trace, nodes: usize, path: &str, found: &mut BTreeSet<String>) {
    match origin.why(trace) {
        Why::Spec(node) if node.index() < nodes => {}
        Why::Spec(node) => drop(found.insert(format!("{path}: no node {}", node.index()))),
        Why::Rule(rule, _) if rule.info().says.is_empty() => drop(found.insert(format!("{path}: no rule"))),
        Why::Rule(_, inputs) => inputs.iter().for_each(|o| unknown(*o, trace, nodes, path, found)),
    }
}

#[test]
fn every_origin_is_a_spec_node_or_a_rule_that_says_something() {
    let compiled = crate::golden::compiled(&example::root());
    let (mut found, mut origins) = (BTreeSet::new(), 0);
    for environment in &compiled.environments {
        let (bundle, nodes) = (environment.bundle(), environment.nodes.ids().count());
        environment.tracer.with(|trace| {
            let mut judge = |origin: Origin, path: &str| {
                origins += 1;
                unknown(origin, trace, nodes, path, &mut found);
            };
            for emitted in &bundle.objects {
                judge(emitted.object.because(), &emitted.id.path());
                let leaves = Leaves::of(emitted.object.as_walk());
                for row in &leaves.rows {
                    row.origins().for_each(|origin| judge(origin, &row.path));
                }
                leaves.omissions.iter().for_each(|o| judge(o.origin, &o.path));
            }
            bundle.absent.iter().for_each(|absent| judge(absent.because, &absent.id.path()));
        });
    }
    assert!(found.is_empty(), "{found:#?}");
    assert!(origins > 10_000, "{origins}");
}
