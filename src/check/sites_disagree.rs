//! Two sites of a database that do not say the same of each other.

use super::context::{Finding, noun};
use super::{Check, Context, Found};
use crate::origin::{Origin, Traced};
use crate::system::database::Site;
use crate::system::{Backup, Database, Service};
use crate::text::Text;
use crate::value::{Url, Value};

pub(super) const CHECK: Check = check!("sites-disagree", Error, All(run));

/// Settings of which a server that follows must have as much as the other, or it stops replaying; with what counts where
/// nobody says: PostgreSQL docs, 26.4.3 "Administrator's Overview" of hot standby; CloudNativePG's own defaults.
const AT_LEAST: &[(&str, u64)] = &[
    ("max_connections", 100),
    ("max_locks_per_transaction", 64),
    ("max_prepared_transactions", 0),
    ("max_wal_senders", 10),
    ("max_worker_processes", 32),
];

/// One site of a database.
#[derive(Clone, Copy)]
struct End<'c> {
    cx: &'c Context<'c>,
    service: &'c Service,
    database: &'c Database,
    site: &'c Site,
}

impl<'c> End<'c> {
    fn path(&self) -> String {
        noun(self.service, "databases", self.database.name.get())
    }

    fn key(&self) -> &'static str {
        if self.site.follows { "replica_of" } else { "standby" }
    }

    fn find(&self, title: String) -> Finding<'c> {
        self.cx.find(&CHECK, title)
    }

    /// The line that the other environment should have about this one.
    fn answer(&self) -> Option<String> {
        let key = if self.site.follows { "standby" } else { "replica_of" };
        let store = self.cx.system.environment.platform.object_store.as_ref()?;
        let endpoint = store.endpoint.as_ref().map(|url| format!(", endpoint = \"{}\"", url.get()));
        Some(format!(
            "{key} = {{ env = \"{}\", store = \"{}\"{} }}",
            self.cx.environment(),
            store.url.get(),
            endpoint.unwrap_or_default()
        ))
    }

    /// The database there, or that there is none.
    fn there(&self, other: &'c Context<'c>) -> Result<(&'c Service, &'c Database), Box<Finding<'c>>> {
        let service = other.system.services.iter().find(|service| service.stem == self.service.stem);
        let same = |database: &&Database| database.name.get() == self.database.name.get();
        let database = service.and_then(|service| Some((service, service.databases.iter().find(same)?)));
        database.ok_or_else(|| {
            let managed =
                service.and_then(|s| s.managed.iter().find(|m| m.name.get() == self.database.name.get()));
            let why = match (service, managed) {
                (None, _) => format!("the service `{}` does not run there", self.service.stem),
                (_, Some(_)) => "others run that one there".to_owned(),
                _ => "there is none of that name".to_owned(),
            };
            let finding = self
                .find(format!(
                    "the other site of `{}` would be in `{}`, which has no such cluster",
                    self.path(),
                    other.environment()
                ))
                .at(self.site.env.origin(), why);
            let finding = match managed {
                Some(managed) => finding.also_key_in(other, Origin::spec(managed.at), "has a `host` there"),
                None => finding,
            };
            Box::new(finding.help(format!(
                "name the environment that has the other cluster, or {}",
                self.cx
                    .remove(self.service, &format!("databases.{}.{}", self.database.name.get(), self.key()))
            )))
        })
    }

    /// What the environment there says of this one, if it says anything.
    fn opposite(&self, other: &'c Context<'c>) -> Result<End<'c>, Box<Finding<'c>>> {
        let (service, database) = self.there(other)?;
        let known = database.site.as_ref().filter(|site| site.env.get().as_str() == self.cx.environment());
        let Some(site) = known else {
            let title = format!(
                "`{}` of `{}` names `{}` as its other site, which does not name it",
                self.path(),
                self.cx.environment(),
                other.environment()
            );
            let finding = self.find(title).at(self.site.env.origin(), "one side of two");
            let finding = match &database.site {
                Some(site) => finding.also_value_in(other, site.env.origin(), "names another one"),
                None => finding.also_key_in(other, Origin::spec(database.at), "names none"),
            };
            let name = database.name.get();
            let finding = finding
                .note(
                    "each cluster must know the other, or neither a switch-over nor the way back is possible",
                )
                .maybe_help(self.answer().map(|line| {
                    format!("write `{line}` below `[databases.{name}]` in `{}`", other.overlay_file(service))
                }));
            return Err(Box::new(finding));
        };
        Ok(End { cx: other, service, database, site })
    }

    /// Whether this one leads to where the other archives.
    fn folder(&self, other: &End<'c>) -> Option<Finding<'c>> {
        let backup: &Backup = other.database.backup.as_ref()?;
        let store = other.cx.system.environment.platform.object_store.as_ref()?;
        let address = |endpoint: Option<&Traced<Url>>| endpoint.map(|url| url.get().text().into_owned());
        let (mine, theirs) = (address(self.site.endpoint.as_ref()), address(store.endpoint.as_ref()));
        let name = |text: &Option<String>| text.clone().unwrap_or_else(|| "Amazon's".to_owned());
        if mine != theirs {
            let because = self.site.endpoint.as_ref().map_or(self.site.because, Traced::origin);
            return Some(
                self.find(format!(
                    "`{}` looks for the log of `{}` at another address",
                    self.path(),
                    other.cx.environment()
                ))
                .at(because, format!("at {}", name(&mine)))
                .also_key_in(other.cx, Origin::spec(store.at), format!("archives at {}", name(&theirs)))
                .help(match theirs {
                    Some(url) => format!("write `endpoint = \"{url}\"` into `{}`", self.key()),
                    None => format!("delete `endpoint` from `{}`", self.key()),
                }),
            );
        }
        if self.site.path.get() == backup.path.get() {
            return None;
        }
        let parts: [(&str, &Text, Option<&Text>); 2] = [
            ("namespace", other.service.namespace.get(), Some(self.site.namespace.get())),
            ("cluster", other.database.object.get(), Some(self.site.cluster.get())),
        ];
        let differs = parts.iter().filter(|(_, theirs, mine)| Some(*theirs) != *mine);
        let mut lines: Vec<String> =
            differs.map(|(key, theirs, _)| format!("{key} = \"{theirs}\"")).collect();
        if lines.is_empty() {
            lines.push(format!("store = \"{}\"", store.url.get()));
        }
        Some(
            self.find(format!(
                "`{}` looks for the log of `{}` in another folder",
                self.path(),
                other.cx.environment()
            ))
            .at_key(self.site.because, format!("in `{}`", self.site.path.get()))
            .also_key_in(
                other.cx,
                Origin::spec(other.database.at),
                format!("archives in `{}`", backup.path.get()),
            )
            .help(format!("write `{}` into `{}`", lines.join(", "), self.key())),
        )
    }

    /// What one that follows must have at least as much of as the other.
    fn smaller(&self, leader: &End<'c>) -> Vec<Finding<'c>> {
        let mut found = Vec::new();
        let of = |end: &End<'_>, name: &str, usual: u64| {
            let written = end.database.parameters.get(name);
            let number = written.and_then(|text| text.get().parse::<u64>().ok()).unwrap_or(usual);
            (number, written.map_or(Origin::spec(end.database.at), Traced::origin))
        };
        for (name, usual) in AT_LEAST {
            let (mine, theirs) = (of(self, name, *usual), of(leader, name, *usual));
            if mine.0 < theirs.0 {
                let title = format!(
                    "`{}` of `{}` has `{name} = {}`, and follows a server with {}",
                    self.path(),
                    self.cx.environment(),
                    mine.0,
                    theirs.0
                );
                let help = format!(
                    "write `parameters = {{ {name} = \"{}\" }}` below `[databases.{}]` in `{}`",
                    theirs.0,
                    self.database.name.get(),
                    self.cx.overlay_file(self.service)
                );
                let finding = self.find(title).at(mine.1, "less here");
                let finding = finding.at_key(Origin::spec(self.database.at), "less here");
                let finding = finding.also_value_in(leader.cx, theirs.1, "more there");
                let finding =
                    finding.note("PostgreSQL stops replaying when the server that it follows may open more");
                found.push(if *name == "max_connections" {
                    finding.help(format!("{help}, or the same `memory` in both"))
                } else {
                    finding.help(help)
                });
            }
        }
        let (mine, theirs) = (&self.database.storage, &leader.database.storage);
        if mine.get().bytes() < theirs.get().bytes() {
            let title = format!(
                "`{}` of `{}` has {} of storage, and follows a cluster with {}",
                self.path(),
                self.cx.environment(),
                mine.get().text(),
                theirs.get().text()
            );
            found.push(
                self.find(title)
                    .at(mine.origin(), "less here")
                    .at_key(Origin::spec(self.database.at), "less here")
                    .also_value_in(leader.cx, theirs.origin(), "more there")
                    .note("both hold the same: when the smaller volume is full, it follows no more")
                    .help(format!("write `storage = \"{}\"`, or more", theirs.get().text())),
            );
        }
        found
    }

    fn versions(&self, other: &End<'c>) -> Option<Finding<'c>> {
        let version = |end: &End<'c>| {
            let table = end.service.file.databases.get(end.database.name.get());
            table.map(|entry| entry.value.version)
        };
        let (mine, theirs) = (version(self)?, version(other)?);
        (mine.get() != theirs.get()).then(|| {
            let (mine, theirs) = (mine, theirs);
            self.find(format!(
                "`{}` is PostgreSQL {} in `{}` and {} in `{}`",
                self.path(),
                mine.get().get(),
                self.cx.environment(),
                theirs.get().get(),
                other.cx.environment()
            ))
            .at(mine.origin(), "here")
            .also_value_in(other.cx, theirs.origin(), "there")
            .note("the log of one major version means nothing to another")
            .help("write the same `version` in both: a cluster that follows is made anew after an upgrade of the other")
        })
    }
}

/// The two ends of a database agree on who is who, and do not fit.
fn pair(one: &End<'_>, other: &End<'_>, found: &mut Found) {
    if !one.site.follows && !other.site.follows {
        let title = format!(
            "`{}` takes writes in `{}` and in `{}`",
            one.path(),
            one.cx.environment(),
            other.cx.environment()
        );
        found.push(
            other
                .find(title)
                .at_key(other.site.because, "takes writes here")
                .also_key_in(one.cx, one.site.because, "takes writes there")
                .note("two clusters that both take writes part for ever, and one of them must be thrown away")
                .maybe_help(one.answer().map(|line| {
                    format!("where the cluster is to follow, write `replica_of` in place of `standby`, as in `{line}`")
                })),
        );
    }
    for (end, far) in [(one, other), (other, one)] {
        found.0.extend(end.folder(far).map(Finding::done));
        if end.site.follows && !far.site.follows {
            end.smaller(far).into_iter().for_each(|finding| found.push(finding));
        }
    }
    found.0.extend(one.versions(other).map(Finding::done));
}

fn run(contexts: &[Context<'_>], found: &mut Found) {
    for (index, cx) in contexts.iter().enumerate() {
        for service in &cx.system.services {
            for database in &service.databases {
                let Some(site) = &database.site else { continue };
                let env = site.env.get().as_str();
                // another check says that it does not exist; where it is not built, nobody can compare
                let there = contexts
                    .iter()
                    .enumerate()
                    .find(|(at, other)| *at != index && other.environment() == env);
                let Some((at, other)) = there else { continue };
                let end = End { cx, service, database, site };
                match end.opposite(other) {
                    Ok(opposite) if index < at => pair(&end, &opposite, found),
                    Ok(_) => {}
                    Err(finding) => found.push(*finding),
                }
            }
        }
    }
}
