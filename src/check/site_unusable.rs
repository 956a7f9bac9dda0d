//! A second site of a database that cannot be one.

use super::context::{Finding, listed, noun};
use super::{Check, Context, Found};
use crate::diagnostic::suggest::nearest;
use crate::origin::{Origin, Traced};
use crate::spec::database as spec;
use crate::spec::workload::WorkloadKind;
use crate::system::database::Site;
use crate::system::{Database, Service, Target};

pub(super) const CHECK: Check = check!("site-unusable", Error, One(run));

/// A database with a second site, and what was written about it.
struct Of<'a, 'c> {
    cx: &'c Context<'c>,
    service: &'a Service,
    database: &'a Database,
    table: &'a spec::Database,
    site: &'a Site,
    path: String,
}

/// The environments of the project, in order of promotion.
fn environments<'c>(cx: &Context<'c>) -> Vec<&'c str> {
    let list = cx.system.project.project.environments.iter();
    list.filter_map(|folder| folder.get().trim_end_matches('/').rsplit('/').next()).collect()
}

impl<'c> Of<'_, 'c> {
    fn both(&self) -> Option<Finding<'c>> {
        let (Some(follows), Some(leads)) = (&self.table.replica_of, &self.table.standby) else { return None };
        let name = self.database.name.get();
        Some(
            self.cx
                .find(&CHECK, format!("`{}` follows another site and is followed by one", self.path))
                .at_key(Origin::spec(follows.at), "takes no writes here")
                .also_key(Origin::spec(leads.at), "takes writes here")
                .note("one cluster takes the writes, and the other one follows it")
                .help(format!(
                    "where this site follows, put `remove = [\"databases.{name}.standby\"]` at the top of `{}`; else delete `replica_of`",
                    self.cx.overlay_file(self.service)
                )),
        )
    }

    fn nobody(&self) -> Option<Finding<'c>> {
        let (env, known) = (self.site.env.get().as_str(), environments(self.cx));
        let own = self.cx.environment();
        let others: Vec<&str> =
            known.into_iter().filter(|name| *name != own && !name.starts_with('_')).collect();
        if env == own {
            let title = format!("the other site of `{}` is `{own}` itself", self.path);
            let finding = self.cx.find(&CHECK, title).at(self.site.env.origin(), "this environment");
            return Some(
                finding
                    .note("a cluster that follows itself would wait for its own log for ever")
                    .help(if others.is_empty() {
                        "add the environment of the other site to `environments` in `specc.toml`, and name that".to_owned()
                    } else {
                        format!("name the environment of the other cluster: {}", listed(&others))
                    }),
            );
        }
        if others.contains(&env) {
            return None;
        }
        let title = format!("the other site of `{}` would be `{env}`, which is no environment", self.path);
        let finding = self.cx.find(&CHECK, title).at(self.site.env.origin(), "not known");
        Some(match nearest(env, others.iter().copied()) {
            Some(near) => finding.help(format!("did you mean `{near}`?")),
            None => finding
                .note("both sites are compared with each other, so that a switch-over finds what it needs")
                .help(format!(
                    "add it to `environments` in `specc.toml`, or name one of {}",
                    listed(&others)
                )),
        })
    }

    /// Each shard is a cluster of its own, and the table has room for one.
    fn sharded(&self) -> Option<Finding<'c>> {
        self.database.shard.as_ref()?;
        Some(
            self.cx
                .find(&CHECK, format!("`{}` is in shards, and has another site", self.path))
                .at_key(self.site.because, "of one cluster")
                .note("each shard is a cluster, which is demoted, promoted and made once more by itself, under a name of its own")
                .help("declare a database for each part that has another site"),
        )
    }

    fn without_backups(&self) -> Option<Finding<'c>> {
        if self.database.backup.is_some() {
            return None;
        }
        let why = if self.site.follows {
            "a cluster that follows archives into a folder of its own, or it could not be followed once it takes the writes"
        } else {
            "the other site reads the archived log, and nothing archives it"
        };
        Some(
            self.cx
                .find(&CHECK, format!("`{}` has another site, and no backups in `{}`", self.path, self.cx.environment()))
                .at_key(self.site.because, "reached through object stores alone")
                .also_key(self.database.backup_because, "nothing here makes backups")
                .note(why)
                .help(format!(
                    "write `object_store = {{ url = \"s3://<bucket>\" }}` below `[platform]` in `{}`, and a table `backup` where the tier is dev",
                    self.cx.environment_file()
                )),
        )
    }

    fn restored(&self) -> Option<Finding<'c>> {
        let restored = self.table.restored.as_ref()?;
        let again = self.table.standby.as_ref().and_then(|standby| standby.name.as_ref());
        let finding = self.cx.find(
            &CHECK,
            match again {
                Some(_) => format!("`{}` is given two names", self.path),
                None => format!("`{}` was restored, and follows another site", self.path),
            },
        );
        match again {
            Some(name) => Some(
                finding
                    .at(name.origin(), "the name of its cluster")
                    .also(restored.name.origin(), "the name of its cluster as well")
                    .help("delete `name` here: the table `restored` has it"),
            ),
            None if self.site.follows => Some(
                finding
                    .at_key(Origin::spec(restored.at), "content from backups of this site")
                    .also_key(self.site.because, "content from the other site")
                    .note("a cluster that follows begins with a base backup of the one that it follows, and holds nothing else")
                    .help("delete the table `restored`; where the cluster must be made once more, give it a new `name` below `replica_of`"),
            ),
            None => self.clash(&restored.from),
        }
    }

    /// The sources of a cluster are told by their names.
    fn clash(&self, from: &Traced<crate::value::Name>) -> Option<Finding<'c>> {
        let name = from.get().as_str();
        let taken = [&self.site.own, &self.site.env].into_iter().any(|env| env.get().as_str() == name);
        taken.then(|| {
            self.cx
                .find(&CHECK, format!("`{}` was restored from `{name}`, which is also the name of a site", self.path))
                .at(from.origin(), "a cluster")
                .also(self.site.env.origin(), "an environment")
                .note("the sources of a cluster are told apart by their names alone")
                .help("delete the table `restored` and give the cluster's name as `name` below `standby`: the restore is done")
        })
    }

    fn daemons(&self) -> Vec<Finding<'c>> {
        let uses = |workload: &&crate::system::Workload| {
            *workload.kind.get() == WorkloadKind::Daemon
                && workload.edges.iter().any(|edge| match edge.target {
                    Some(Target::Database(index)) => self
                        .service
                        .databases
                        .get(index)
                        .is_some_and(|database| std::ptr::eq(database, self.database)),
                    _ => false,
                })
        };
        let daemons = self.service.workloads.iter().filter(uses).filter(|_| self.site.follows);
        let one = |workload: &crate::system::Workload| {
            let path = super::context::path_of(self.service, workload);
            self.cx
                .find(&CHECK, format!("`{path}` cannot wait until `{}` takes writes", self.path))
                .at_key(Origin::spec(workload.at), "a daemon runs on every node at once")
                .also_key(self.site.because, "takes no writes here")
                .note("whoever uses a database that follows has no pods until it takes writes: it would find nobody to log in to")
                .help(self.cx.remove(self.service, &format!("workloads.{}", workload.name.get())))
        };
        daemons.map(one).collect()
    }
}

fn run(cx: &Context<'_>, found: &mut Found) {
    for service in &cx.system.services {
        for database in &service.databases {
            let table = service.file.databases.get(database.name.get()).map(|entry| &entry.value);
            let (Some(table), Some(site)) = (table, &database.site) else { continue };
            let path = noun(service, "databases", database.name.get());
            let of = Of { cx, service, database, table, site, path };
            if let Some(first) = of.both().or_else(|| of.nobody()).or_else(|| of.sharded()) {
                found.push(first);
                continue;
            }
            [of.without_backups(), of.restored()]
                .into_iter()
                .flatten()
                .for_each(|finding| found.push(finding));
            of.daemons().into_iter().for_each(|finding| found.push(finding));
        }
    }
}
