//! Databases as a runbook needs them: how to see their state, to move their primary, and to bring them back.

use serde::Serialize;

use super::workloads::{self, Run};
use crate::Environment;
use crate::emit::recovery::{self, Recovery};
use crate::spec::database::Durability;
use crate::system::database::{self, Account, DRILL_REMOVAL, User};
use crate::system::{Database, Service};
use crate::value::Value as _;

/// What stands where the moment of a restore belongs; nothing takes it for a time.
pub(super) const PLACEHOLDER: &str = "@RECOVERY-TIME@";

/// A database.
#[derive(Serialize)]
pub(super) struct Restorable {
    object: String,
    namespace: String,
    /// as `specc pitr` takes it
    target: String,
    /// `orders.databases.main`
    path: String,
    /// which shard it is, if it is one: `shard 1 of 3`
    shard: Option<String>,
    /// the table of the spec that says what it was restored from: `databases.main`
    table: String,
    /// the key there
    key: String,
    /// the file of its folder of backups
    store_file: String,
    /// the file to write it into
    overlay: String,
    database: String,
    accounts: Vec<Credentials>,
    pooler: Option<String>,
    instances: u32,
    /// standbys that a commit waits for
    synchronous: u32,
    required: bool,
    archive_timeout: String,
    users: Vec<Run>,
    recovery: Recovery,
    restore: Option<Restore>,
    site: Option<Site>,
    drill: Option<Drill>,
}

/// Its other site.
#[derive(Serialize)]
struct Site {
    follows: bool,
    /// this environment
    own: String,
    env: String,
    /// the cluster there
    cluster: String,
    /// where that one archives
    path: String,
    /// what both tables of the spec have
    line: String,
    /// who waits until it takes writes
    waiting: String,
    /// the Secret of the owner
    owner: String,
}

/// How its backups are tried out.
#[derive(Serialize)]
struct Drill {
    object: String,
    namespace: String,
    /// the cluster that is made and taken away
    restored: String,
    schedule: String,
    timeout: String,
    /// what it may take, if there is a promise
    limit: Option<String>,
    question: String,
    /// seconds until a run has ended for certain
    ends: u64,
}

/// How the passwords come back that a restored database had.
#[derive(Serialize)]
struct Kept {
    store: String,
    folder: String,
    /// the Secrets that are made
    secrets: Vec<String>,
    /// the one that nothing in the output makes as well
    owner: String,
    manifest: String,
}

/// A password, and who logs in with it.
#[derive(Serialize)]
struct Credentials {
    secret: String,
    /// whether External Secrets makes it, and not the operator of the database
    generated: bool,
    /// whether it is a certificate, which the operator renews by itself
    certificate: bool,
    users: Vec<Run>,
}

/// The owner's, then one for each account of its own.
fn accounts(service: &Service, database: &Database) -> Vec<Credentials> {
    let user = |account: &Account| match &account.user {
        User::Workload(name) => workloads::of(service).into_iter().find(|run| run.name() == name.as_str()),
        User::Scaler => None,
    };
    let of_owner = database.accounts.iter().filter(|account| account.role.is_none());
    let owner = Credentials {
        secret: database.secret.get().to_string(),
        generated: false,
        certificate: false,
        users: of_owner.filter_map(user).collect(),
    };
    let own = database.accounts.iter().filter(|account| account.role.is_some());
    let own = own.map(|account| Credentials {
        secret: account.certificate().unwrap_or(&account.secret).get().to_string(),
        generated: account.has_own_password(),
        certificate: account.certificate().is_some(),
        users: user(account).into_iter().collect(),
    });
    std::iter::once(owner).chain(own).collect()
}

/// How its backups come back.
#[derive(Serialize)]
struct Restore {
    /// the cluster that is made
    name: String,
    /// where its log goes
    path: String,
    /// minutes to wait for it: twice what the copy is thought to take, and never less than half an hour
    wait: u64,
    manifest: String,
    kept: Option<Kept>,
}

pub(super) fn all(environment: &Environment, out: &str, folder: &str) -> Vec<Restorable> {
    let services = environment.system.services.iter();
    let one = |service| move |database| of(environment, service, database, (out, folder));
    services.flat_map(|service: &Service| service.databases.iter().map(one(service))).collect()
}

fn of(
    environment: &Environment,
    service: &Service,
    database: &Database,
    (out, folder): (&str, &str),
) -> Restorable {
    let (table, name) = (database.name.get(), database.stack.get());
    let synchronous = database.synchronous.as_ref();
    let closed = database.parameters.get("archive_timeout");
    Restorable {
        object: database.object.get().to_string(),
        namespace: service.namespace.get().to_string(),
        target: format!("{}.{name}", service.stem),
        path: format!("{}.databases.{table}", service.stem),
        shard: database.shard.map(|shard| format!("{} of {}", shard.index.get(), shard.count.get())),
        table: match database.shard {
            Some(_) => format!("databases.{table}.restored_shards"),
            None => format!("databases.{table}"),
        },
        key: database.shard.map_or_else(|| "restored".to_owned(), |_| name.to_string()),
        store_file: format!("{out}/services/{}/databases-{name}/objectstore.yaml", service.name.get()),
        overlay: format!("{folder}/{}.toml", service.stem),
        database: database.database.get().to_string(),
        accounts: accounts(service, database),
        pooler: database.pool.as_ref().map(|pool| pool.object.get().to_string()),
        instances: *database.instances.get(),
        synchronous: synchronous.map_or(0, |synchronous| *synchronous.number.get()),
        required: synchronous.is_some_and(|s| *s.durability.get() == Durability::Required),
        archive_timeout: closed.map_or_else(|| "5min".to_owned(), |closed| closed.get().to_string()),
        users: workloads::users(service, "databases", name),
        recovery: recovery::of(environment, database),
        restore: restore(environment, service, database),
        site: site(service, database),
        drill: database.drill.as_ref().map(drill),
    }
}

fn site(service: &Service, database: &Database) -> Option<Site> {
    let site = database.site.as_ref()?;
    let waiting: Vec<&str> = service
        .workloads
        .iter()
        .filter(|workload| workload.waits.is_some())
        .map(|workload| workload.object.get().as_str())
        .collect();
    Some(Site {
        follows: site.follows,
        own: site.own.get().to_string(),
        env: site.env.get().to_string(),
        cluster: site.cluster.get().to_string(),
        path: site.path.get().to_string(),
        line: format!("env = \"{}\", store = \"{}\"", site.env.get(), site.store.get()),
        waiting: if waiting.is_empty() { "nobody".to_owned() } else { waiting.join(", ") },
        owner: database.secret.get().to_string(),
    })
}

fn restore(environment: &Environment, service: &Service, database: &Database) -> Option<Restore> {
    let (name, at) = (database.next_name(), Some(PLACEHOLDER.into()));
    let restored = database.restored_as(name.clone(), at, &environment.tracer)?;
    Some(Restore {
        name: name.to_string(),
        path: restored.backup.as_ref()?.path.get().to_string(),
        wait: recovery::copy_seconds(database).saturating_mul(2).div_ceil(60).max(30),
        manifest: crate::emit::restore(environment, service, &restored),
        kept: database.kept.as_ref().map(|kept| {
            let named = |part| restored.made_secret(part, &environment.tracer).get().to_string();
            let secrets: Vec<String> = database.made_secrets().iter().map(|made| named(&made.part)).collect();
            Kept {
                store: kept.store.get().to_string(),
                folder: kept.folder.get().to_string(),
                owner: secrets.first().cloned().unwrap_or_default(),
                secrets,
                manifest: crate::emit::put_back(environment, service, database, &restored),
            }
        }),
    })
}

fn drill(drill: &database::Drill) -> Drill {
    Drill {
        object: drill.object.get().to_string(),
        namespace: drill.namespace.get().to_string(),
        restored: drill.restored.get().to_string(),
        schedule: drill.schedule_text().get().to_string(),
        timeout: drill.timeout.get().text().into_owned(),
        limit: drill.limit.as_ref().map(|limit| limit.get().text().into_owned()),
        question: drill.question.as_ref().map_or_else(String::new, |question| question.get().to_string()),
        ends: drill.timeout.get().seconds_ceil().saturating_add(DRILL_REMOVAL),
    }
}
