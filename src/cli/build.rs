//! `specc build`: compile, then tree by tree: render in memory, and make the disk equal to it or say how it differs.

use std::borrow::Cow;
use std::path::PathBuf;

use super::output::Terminal;
use super::place::{self, Prefix};
use crate::diagnostic::{Diagnostic, Sink, exit_code};
use crate::tree::Tree;
use crate::write::{self, Changes, Input, LedgerProblem, Options, Reason, Target, WriteError};
use crate::{Compilation, Environment, emit};

fn refused(error: &WriteError, shown: &str) -> Diagnostic {
    let code = match error {
        WriteError::Ledger { problem: LedgerProblem::Conflict { .. }, .. } => "conflict-in-ledger",
        WriteError::Ledger { .. } => "unreadable-ledger",
        WriteError::Refused { refusals, .. } => {
            if refusals.iter().any(|r| r.reason != Reason::Edited) {
                "foreign-file"
            } else {
                "edited-file"
            }
        }
        WriteError::Target { .. } | WriteError::Failed { .. } => "cannot-write",
    };
    let mut found = Diagnostic::failure(code, error.to_string()).file(shown).help(error.help());
    if let WriteError::Refused { refusals, .. } = error {
        found.notes.extend(refusals.iter().map(|refusal| format!("`{}` {}", refusal.path, refusal.reason)));
    }
    found
}

/// Files that differ are listed up to this many.
const SHOWN: usize = 20;

fn drifted(shown: &str, drift: &[write::Drift]) -> Diagnostic {
    let in_the_way = drift.iter().any(|one| matches!(one.kind, write::DriftKind::Foreign(_)));
    let mut found = Diagnostic::error("drift", format!("`{shown}` is not what the spec builds"))
        .file(shown)
        .help("run `specc build` and commit what it writes");
    if in_the_way {
        found = found
            .help("first put edits of the output into the TOML files, and move away what is not specc's");
    }
    found.notes.extend(drift.iter().take(SHOWN).map(ToString::to_string));
    if drift.len() > SHOWN {
        found.notes.push(format!("and {} more", drift.len() - SHOWN));
    }
    found
}

/// A tree to write, and where it goes.
struct Output<'a> {
    /// the folder as a person would write it: relative to the working directory, or as given
    shown: String,
    /// inside the project relative to its root, else as given
    folder: PathBuf,
    tree: Tree,
    inputs: Cow<'a, [Input]>,
}

pub(super) fn run(arguments: &super::Build, terminal: &Terminal) -> u8 {
    let given: Vec<&str> = arguments.environments.iter().map(String::as_str).collect();
    let options = crate::Options {
        as_of: arguments.as_of.as_deref(),
        explain: false,
        since: arguments.since.as_deref(),
    };
    let (mut compiled, prefix) = place::compile(&given, arguments.all, options);
    if exit_code(&compiled.found) > 0 {
        return terminal.findings(&compiled.found, &compiled.sources);
    }
    let code = if arguments.stream.is_some() {
        stream(&compiled, terminal)
    } else {
        let (summary, found) = build(arguments, &compiled, &prefix);
        compiled.found.extend(found);
        let code = terminal.findings(&compiled.found, &compiled.sources);
        terminal.summary(&summary);
        code
    };
    compiled.leave();
    code
}

/// Makes every tree that the arguments ask for, one after the other, so that memory holds only one: lines for the summary,
/// and what went wrong. A tree with a fault is not written.
fn build(arguments: &super::Build, compiled: &Compilation, prefix: &Prefix) -> (String, Vec<Diagnostic>) {
    let (mut summary, mut found) = (String::new(), Vec::new());
    let mut finish = |output: Option<Output<'_>>, faults: Sink| {
        let faults = faults.into_sorted(&compiled.sources);
        if exit_code(&faults) == 0
            && let Some(output) = output
        {
            match deliver(arguments, prefix, &output) {
                Ok(line) => summary.push_str(&line),
                Err(fault) => found.push(*fault),
            }
        }
        found.extend(faults);
    };
    for environment in &compiled.environments {
        let mut faults = Sink::default();
        let output = manifests(arguments, environment, prefix, &mut faults);
        finish(Some(output), faults);
    }
    if arguments.all {
        let mut faults = Sink::default();
        let output = helm(arguments, compiled, prefix, &mut faults);
        finish(output, faults);
    }
    (summary, found)
}

/// The tree of one environment.
fn manifests<'a>(
    arguments: &super::Build,
    environment: &'a Environment,
    prefix: &Prefix,
    faults: &mut Sink,
) -> Output<'a> {
    let out = environment.system.project.project.out.as_ref().map_or("deploy", |out| out.get().as_str());
    let below = format!("{out}/{}", environment.name);
    let (shown, folder) = place_of(arguments, prefix, &below, environment.name.as_str());
    let tree = emit::environment(environment, faults);
    Output { shown, folder, tree, inputs: Cow::Borrowed(&environment.inputs) }
}

/// Charts, or values files for charts of others: they compare all environments.
fn helm(
    arguments: &super::Build,
    compiled: &Compilation,
    prefix: &Prefix,
    faults: &mut Sink,
) -> Option<Output<'static>> {
    let (name, tree) = emit::charts(&compiled.environments, faults)?;
    let mut inputs: Vec<Input> =
        compiled.environments.iter().flat_map(|e| e.inputs.iter().cloned()).collect();
    inputs.sort_by(|a, b| a.path.cmp(&b.path));
    inputs.dedup();
    let (shown, folder) = place_of(arguments, prefix, name, name);
    Some(Output { shown, folder, tree, inputs: Cow::Owned(inputs) })
}

/// Where a tree goes: `below` the project's root, or `name` in the folder that the arguments give; shown and as a path.
fn place_of(arguments: &super::Build, prefix: &Prefix, below: &str, name: &str) -> (String, PathBuf) {
    match &arguments.out {
        Some(out) => (out.join(name).display().to_string(), out.join(name)),
        None => (prefix.shown(below), PathBuf::from(below)),
    }
}

/// Writes, compares or plans one tree; the result is a line for the summary.
fn deliver(
    arguments: &super::Build,
    prefix: &Prefix,
    output: &Output<'_>,
) -> Result<String, Box<Diagnostic>> {
    let fail = |error: WriteError| Box::new(refused(&error, &output.shown));
    let target = match &arguments.out {
        Some(_) => Target::at(&output.folder),
        None => Target::inside(prefix.root(), &output.folder),
    }
    .map_err(fail)?;
    let options = Options { force: arguments.force, durable: arguments.durable };
    if arguments.check {
        let drift = write::drift(&target, &output.tree, &output.inputs).map_err(fail)?;
        if drift.is_empty() {
            return Ok(format!("{} is up to date\n", output.shown));
        }
        return Err(Box::new(drifted(&output.shown, &drift)));
    }
    let (changes, would) = if arguments.dry_run {
        (write::plan(&target, &output.tree, &output.inputs, options).map_err(fail)?, "would be ")
    } else {
        (write::commit(&target, &output.tree, &output.inputs, options).map_err(fail)?, "")
    };
    let mut line = summary(&output.shown, &changes, would);
    if arguments.dry_run {
        list(&changes, &mut line);
    }
    Ok(line)
}

fn summary(shown: &str, changes: &Changes, would: &str) -> String {
    if changes.is_empty() {
        return format!("{shown} is up to date\n");
    }
    let count = |n: usize, word: &str| (n > 0).then(|| format!("{n} {would}{word}"));
    let parts = [
        count(changes.created.len(), "created"),
        count(changes.changed.len(), "changed"),
        count(changes.deleted.len(), "deleted"),
        (!changes.unchanged.is_empty()).then(|| format!("{} unchanged", changes.unchanged.len())),
    ];
    format!("{shown}: {}\n", parts.into_iter().flatten().collect::<Vec<_>>().join(", "))
}

fn list(changes: &Changes, into: &mut String) {
    for (sign, paths) in [("+", &changes.created), ("~", &changes.changed), ("-", &changes.deleted)] {
        for path in paths {
            into.extend(["  ", sign, " ", path.as_str(), "\n"]);
        }
    }
}

/// All objects to stdout, an environment at a time; one in which a reference dangles, and what follows, is not printed.
fn stream(compiled: &Compilation, terminal: &Terminal) -> u8 {
    let code = terminal.findings(&compiled.found, &compiled.sources);
    for environment in &compiled.environments {
        let mut faults = Sink::default();
        let pieces = emit::stream(environment, &mut faults);
        let faults = faults.into_sorted(&compiled.sources);
        let failed = if exit_code(&faults) > 0 {
            terminal.findings(&faults, &compiled.sources)
        } else {
            pieces.iter().map(|piece| terminal.data(piece)).find(|failed| *failed > 0).unwrap_or(0)
        };
        if failed > 0 {
            return failed;
        }
    }
    code
}
