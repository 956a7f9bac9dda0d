//! `specc pitr`: the manifests that restore a database into another cluster.

use super::output::Terminal;
use super::place;
use crate::diagnostic::suggest::nearest;
use crate::diagnostic::{Diagnostic, exit_code};
use crate::system::{Database, Service, System};
use crate::value::{Invalid, Name, Timestamp, Value as _, day_of};
use crate::{Compilation, Environment, Options, emit};

type Found = Box<Diagnostic>;

fn refused(title: impl Into<String>) -> Diagnostic {
    Diagnostic::failure("unusable-restore", title)
}

fn bad_time(why: &Invalid) -> Found {
    Box::new(refused(why.what.clone()).maybe_help(why.help.clone()))
}

fn in_the_future(at: &Timestamp, today: &str) -> Found {
    let title = format!("`{}` is after {today}", at.as_str());
    Box::new(
        refused(title)
            .note("the log can only be replayed as far as it was written; a recovery to a later moment ends with an error")
            .help("give a moment that has passed, or `--latest` for all that was archived"),
    )
}

fn too_long_ago(at: &Timestamp, today: &str, kept: &str) -> Found {
    let title = format!("`{}` is further back than backups are kept", at.as_str());
    Box::new(refused(title).note(format!("they are kept for {kept}, as seen on {today}")).help(
        "give a later moment; `status.serverRecoveryWindow` of the ObjectStore says how far back it goes",
    ))
}

fn unknown(given: &str, known: &[(String, &Service, &Database)], environment: &str) -> Found {
    let names = || known.iter().map(|(name, _, _)| name.as_str());
    let last = given.rsplit('.').next().unwrap_or(given);
    let near = nearest(given, names()).map(str::to_owned).or_else(|| {
        let bare = nearest(last, known.iter().map(|(_, _, database)| database.stack.get().as_str()))?;
        known.iter().find(|(_, _, d)| d.stack.get() == bare).map(|(name, _, _)| name.clone())
    });
    let found = refused(format!("there is no database `{given}` in {environment}"))
        .maybe_help(near.map(|near| format!("did you mean `{near}`?")));
    let listed: Vec<&str> = names().collect();
    Box::new(match listed.as_slice() {
        [] => found.note("the services of this environment have none"),
        listed => found.note(format!("known are {}", listed.join(", "))),
    })
}

fn in_shards(given: &str, shards: &[&str]) -> Found {
    Box::new(
        refused(format!("`{given}` is a database in shards, each with backups of its own"))
            .help(format!("say which: {}", shards.join(", "))),
    )
}

fn ambiguous(given: &str, which: &[&str]) -> Found {
    Box::new(
        refused(format!("`{given}` is a database of several services"))
            .help(format!("say which: {}", which.join(", "))),
    )
}

fn without_backups(name: &str) -> Found {
    Box::new(
        refused(format!("`{name}` has no backups, so nothing can be restored"))
            .note("standbys repeat a mistaken change at once, so they are no way back")
            .help("declare `object_store` below `[platform]` and a table `backup` below the database, for the next time"),
    )
}

fn bad_name(given: &str, why: &str) -> Found {
    Box::new(
        refused(format!("`{given}` cannot be the new cluster: {why}")).help(
            "give a name with `--name` that no cluster had before, such as the old one's with a number",
        ),
    )
}

/// The longest name that the operator's webhook takes.
const LONGEST: usize = 50;

pub(super) fn run(arguments: &super::Pitr, terminal: &Terminal) -> u8 {
    let options = Options { as_of: arguments.as_of.as_deref(), explain: false, since: None };
    let (compiled, _) = place::compile(&[&arguments.environment], false, options);
    if exit_code(&compiled.found) > 0 {
        return terminal.findings(&compiled.found, &compiled.sources);
    }
    match manifests(arguments, &compiled) {
        Ok(text) => terminal.data(&text),
        Err(found) => terminal.failure(*found),
    }
}

fn manifests(arguments: &super::Pitr, compiled: &Compilation) -> Result<String, Found> {
    let at = arguments.at.as_deref().map(time).transpose()?;
    let environment = one(&arguments.environment, compiled)?;
    let (path, service, database) = choose(&environment.system, &arguments.database, &environment.name)?;
    let Some(backup) = &database.backup else { return Err(without_backups(&path)) };
    if let (Some(at), Some(today)) = (&at, &arguments.as_of) {
        let day = day_number(today);
        if at.day() > day {
            return Err(in_the_future(at, today));
        }
        let kept = backup.retention.get();
        if at.day() < day - i64::from(kept.days()) {
            return Err(too_long_ago(at, today, &kept.text()));
        }
    }
    let name = match &arguments.name {
        Some(name) => new_name(name, &environment.system, service)?,
        None => database.next_name(),
    };
    let at = at.map(|at| at.with_offset().into());
    let restored = database.restored_as(name, at, &environment.tracer);
    Ok(restored.map(|restored| emit::restore(environment, service, &restored)).unwrap_or_default())
}

fn time(given: &str) -> Result<Timestamp, Found> {
    let at = Timestamp::parse(given).map_err(|why| bad_time(&why))?;
    match at.doubt() {
        Some(why) => Err(bad_time(&why)),
        None => Ok(at),
    }
}

/// Days since 2000 of `2026-11-29`, which the command line has checked.
fn day_number(day: &str) -> i64 {
    let mut parts = day.split('-').map(|part| part.parse().unwrap_or(0));
    let mut next = || parts.next().unwrap_or(0);
    day_of(next(), next(), next())
}

fn one<'a>(given: &str, compiled: &'a Compilation) -> Result<&'a Environment, Found> {
    match compiled.environments.as_slice() {
        [one] => Ok(one),
        several => {
            let names: Vec<&str> = several.iter().map(|environment| environment.name.as_str()).collect();
            let title = format!("`{given}` is a project, not an environment");
            Err(Box::new(refused(title).help(format!("say which of its environments: {}", names.join(", ")))))
        }
    }
}

/// The database that `given` names, and how it is called in full.
fn choose<'a>(
    system: &'a System,
    given: &str,
    environment: &str,
) -> Result<(String, &'a Service, &'a Database), Found> {
    let mut known = Vec::new();
    for service in &system.services {
        for database in &service.databases {
            known.push((format!("{}.{}", service.stem, database.stack.get()), service, database));
        }
    }
    let short = given.replacen(".databases.", ".", 1);
    let fits = |(name, _, database): &&(String, &Service, &Database)| {
        *name == short || *database.stack.get() == *given || *database.object.get() == *given
    };
    let found: Vec<_> = known.iter().filter(fits).collect();
    match found.as_slice() {
        [] => {
            let of_table = |(_, service, database): &&(String, &Service, &Database)| {
                let name = database.name.get();
                *name == *given || short == format!("{}.{name}", service.stem)
            };
            let shards: Vec<&str> = known.iter().filter(of_table).map(|(name, _, _)| name.as_str()).collect();
            if shards.is_empty() {
                Err(unknown(given, &known, environment))
            } else {
                Err(in_shards(given, &shards))
            }
        }
        [(name, service, database)] => Ok((name.clone(), service, database)),
        several => {
            let names: Vec<&str> = several.iter().map(|(name, _, _)| name.as_str()).collect();
            Err(ambiguous(given, &names))
        }
    }
}

fn new_name(given: &str, system: &System, service: &Service) -> Result<crate::text::Text, Found> {
    Name::parse(given).map_err(|why| bad_name(given, &why.what))?;
    if given.len() > LONGEST {
        return Err(bad_name(given, &format!("it has {} characters, at most {LONGEST} fit", given.len())));
    }
    let near = system.services.iter().filter(|other| other.namespace.get() == service.namespace.get());
    let mut taken = near.flat_map(|other| &other.databases).map(|database| database.object.get());
    match taken.find(|name| name.as_str() == given) {
        Some(_) => Err(bad_name(given, "a database of this environment has this name")),
        None => Ok(given.to_owned().into()),
    }
}
