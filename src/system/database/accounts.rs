//! Who logs in to a database as whom: an account of its own for each workload, or the owner's, which the operator makes.
//!
//! `DatabaseRole` of CloudNativePG 1.30 knows no grants on tables, only membership in other roles. `write` and `read` are
//! therefore PostgreSQL's own roles `pg_read_all_data` and `pg_write_all_data` (docs, 21.5 "Predefined Roles"), which hold
//! for tables of any owner, also of those that come later; neither may change the schema.

use std::collections::BTreeSet;

use crate::origin::{
    DATABASE_CERTIFICATE, DATABASE_GRANTS, DATABASE_ROLE, DATABASE_ROLE_LIMIT, DATABASE_SECRET, NAME, Origin,
    Traced, Tracer, rule,
};
use crate::spec::database::Grants;
use crate::spec::workload::WorkloadKind;
use crate::system::{Context, Service, Workload, names};
use crate::text::Text;

use super::connections::Lent;
use super::{Database, Share};

/// Connections of KEDA for each workload that scales by the database: a question, the next one, and a new login between.
const SCALER: u32 = 3;

/// Who logs in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum User {
    /// the workload of this name, of the database's service
    Workload(Text),
    /// KEDA, which asks how much work waits
    Scaler,
}

/// As whom somebody logs in.
#[derive(Clone, Debug)]
pub struct Account {
    /// who
    pub user: User,
    /// why it logs in at all
    pub because: Origin,
    /// what it may do
    pub grants: Traced<Grants>,
    /// whether the spec says what it may do
    pub is_written: bool,
    /// name of the objects of an account of its own
    pub object: Traced<Text>,
    /// connections that it may ask the server for
    pub asked: u32,
    /// the account, unless it is the owner's
    pub role: Option<Role>,
    /// the Secret with `username` and `password`
    pub secret: Traced<Text>,
}

/// An account of somebody's own.
#[derive(Clone, Debug)]
pub struct Role {
    /// its name in PostgreSQL
    pub name: Traced<Text>,
    /// connections that it may have at a time
    pub limit: Traced<u32>,
    /// the name under which who logs in knows the database
    pub known_as: Traced<Text>,
    /// where it connects to
    pub host: Traced<Text>,
    /// the Secret with its certificate and key, if it logs in with one in place of a password
    pub certificate: Option<Traced<Text>>,
    /// why it logs in with one or not
    pub certificate_because: Origin,
}

impl Account {
    /// The Secret with its certificate, if it logs in with one.
    pub fn certificate(&self) -> Option<&Traced<Text>> {
        self.role.as_ref()?.certificate.as_ref()
    }

    /// Whether it is an account of its own that logs in with a password.
    pub fn has_own_password(&self) -> bool {
        self.role.as_ref().is_some_and(|role| role.certificate.is_none())
    }

    /// What tells its objects apart from those of the database's other accounts.
    pub fn part(&self) -> Text {
        match &self.user {
            User::Workload(name) => format!("role-{name}").into(),
            User::Scaler => "scaler".into(),
        }
    }
}

impl Database {
    /// As whom a workload of the database's service logs in.
    pub fn account_of(&self, workload: &Workload) -> Option<&Account> {
        self.accounts.iter().find(|a| matches!(&a.user, User::Workload(name) if name == workload.name.get()))
    }

    /// As whom KEDA logs in.
    pub fn scaler(&self) -> Option<&Account> {
        self.accounts.iter().find(|account| account.user == User::Scaler)
    }

    /// Connections of KEDA.
    pub fn scaler_connections(&self) -> u32 {
        self.scaler().map_or(0, |account| account.asked)
    }
}

/// The accounts of all who use `database`, sorted by name, and that of KEDA if a workload scales by it.
pub(super) fn of(
    service: &Service,
    database: &Database,
    lent: Lent<'_>,
    shares: &[Share],
    context: &Context<'_>,
) -> Vec<Account> {
    let maker = Maker { service, database, lent, context, alone: alone(database) };
    let mut users: Vec<(&Workload, &Share)> = shares
        .iter()
        .filter_map(|share| Some((service.workloads.get(share.from.workload)?, share)))
        .collect();
    users.sort_by(|a, b| a.0.name.get().cmp(b.0.name.get()));
    users.dedup_by(|a, b| a.0.name.get() == b.0.name.get());
    let mut all: Vec<Account> =
        users.into_iter().map(|(user, share)| maker.of_workload(user, share)).collect();
    all.extend(maker.of_scaler());
    all
}

/// Why KEDA asks the database, for each workload that scales by it.
pub(super) fn scaled_by(service: &Service, database: &Database, tracer: &Tracer) -> Vec<Origin> {
    let scaled = service.workloads.iter().filter(|workload| workload.is_scaled_by(database));
    let why = |workload: &Workload| {
        let named = workload.scales_by().and_then(|written| written.database.as_ref());
        let why: Vec<Origin> =
            [Some(workload.replicas.origin()), named.map(Traced::origin)].into_iter().flatten().collect();
        tracer.because(DATABASE_ROLE, &why)
    };
    scaled.map(why).collect()
}

/// Connections of KEDA for so many workloads.
pub(super) fn connections_of_scaler(scaled: &[Origin]) -> u32 {
    u32::try_from(scaled.len()).unwrap_or(u32::MAX).saturating_mul(SCALER)
}

/// Whether only one workload uses the database.
fn alone(database: &Database) -> bool {
    database.callers.iter().map(|caller| caller.object.get()).collect::<BTreeSet<_>>().len() == 1
}

/// What is known of an account before it is decided whose it is.
struct Known {
    user: User,
    because: Origin,
    grants: Traced<Grants>,
    is_written: bool,
    object: Traced<Text>,
    asked: u32,
}

struct Maker<'a> {
    service: &'a Service,
    database: &'a Database,
    lent: Lent<'a>,
    context: &'a Context<'a>,
    alone: bool,
}

impl Maker<'_> {
    fn of_workload(&self, workload: &Workload, share: &Share) -> Account {
        let (tracer, database) = (self.context.tracer, self.database);
        let written = database.roles.get(workload.name.get()).map(|entry| &entry.value);
        let explicit = written.and_then(|role| role.grants);
        let grants = explicit.unwrap_or_else(|| self.usual(workload));
        let object = tracer.derive(NAME, (&database.object, &workload.name), |(database, workload)| {
            Text::from(format!("{database}-role-{workload}"))
        });
        let (host, why) = database.way(workload, self.lent.pool, tracer);
        let mut inputs = [&[share.connections.origin()], &why[..]].concat();
        inputs.extend(database.why_replicas(workload));
        // a limit holds for each instance by itself: the larger of what the primary and a standby are asked for
        let pools = [self.lent.pool, self.lent.read_pool.filter(|_| share.reads)];
        let pools = pools.into_iter().flatten().filter(|_| !share.is_direct);
        inputs.extend(pools.clone().flat_map(|pool| [pool.instances.origin(), pool.server.origin()]));
        let lent = pools.map(|pool| pool.instances.get().saturating_mul(*pool.server.get())).max();
        let lent = lent.unwrap_or(u32::MAX);
        let asked = lent.min(*share.connections.get()).max(1);
        let limit = written.and_then(|role| role.limit).map_or_else(
            || tracer.constant(DATABASE_ROLE_LIMIT, &inputs, asked),
            |limit| limit.map(|n| n.get()),
        );
        let named =
            tracer.derive(DATABASE_ROLE, (&self.service.name, &workload.name), |(service, workload)| {
                Text::from(format!("{service}_{workload}").replace('-', "_"))
            });
        let user = User::Workload(workload.name.get().clone());
        let asked_cert = written.and_then(|role| role.cert);
        let roles = database.roles.at.map_or(share.because, Origin::spec);
        let silent = written.map_or(roles, |role| Origin::spec(role.at));
        let certificate_because = tracer.because(
            DATABASE_CERTIFICATE,
            &[asked_cert.map_or(silent, |cert| cert.origin()), grants.origin()],
        );
        let certificate = asked_cert.is_some_and(|cert| *cert.get()).then(|| {
            let named = names::with_suffix(DATABASE_CERTIFICATE, &object, tracer, |n| {
                format!("{n}-client-cert").into()
            });
            let because = tracer.because(DATABASE_CERTIFICATE, &[named.origin(), certificate_because]);
            Traced::because(named.get().clone(), because)
        });
        let role = Role {
            name: named,
            known_as: database.known_to(workload).clone(),
            limit,
            host,
            certificate,
            certificate_because,
        };
        // a migration is there to be the owner
        let is_written = explicit.is_some() || workload.migrates.is_some();
        self.account(Known { user, because: share.because, grants, is_written, object, asked }, role)
    }

    fn of_scaler(&self) -> Option<Account> {
        let (tracer, database) = (self.context.tracer, self.database);
        let why = scaled_by(self.service, database, tracer);
        let asked = connections_of_scaler(&why);
        if asked == 0 {
            return None;
        }
        let because = tracer.because(DATABASE_ROLE, &why);
        let passwords = self.context.platform.makes_passwords();
        let grants = if *passwords.get() { Grants::Read } else { Grants::Owner };
        let grants = tracer.constant(DATABASE_GRANTS, &[passwords.origin()], grants);
        let object = names::with_suffix(NAME, &database.object, tracer, |n| format!("{n}-scaler").into());
        let role = Role {
            // no workload's account has two underscores there
            name: tracer.derive(DATABASE_ROLE, (&self.service.name,), |(service,)| {
                Text::from(format!("{service}__scaler").replace('-', "_"))
            }),
            known_as: database.stack.clone(),
            limit: tracer.constant(DATABASE_ROLE_LIMIT, &why, asked),
            host: database.host.clone(),
            certificate: None,
            certificate_because: because,
        };
        let user = User::Scaler;
        Some(self.account(Known { user, because, grants, is_written: false, object, asked }, role))
    }

    /// The account of a user, who is given `role` unless that is the owner.
    fn account(&self, known: Known, role: Role) -> Account {
        let Known { user, because, grants, is_written, object, asked } = known;
        let tracer = self.context.tracer;
        let why = tracer.because(DATABASE_ROLE, &[because, grants.origin()]);
        let role = (*grants.get() != Grants::Owner).then_some(role);
        let secret = if role.is_some() { &object } else { &self.database.secret };
        let secret_because = tracer.because(DATABASE_SECRET, &[grants.origin(), secret.origin()]);
        let secret = Traced::because(secret.get().clone(), secret_because);
        Account { user, because: why, grants, is_written, object, asked, role, secret }
    }

    /// What a workload may do where the spec does not say.
    fn usual(&self, workload: &Workload) -> Traced<Grants> {
        let passwords = self.context.platform.makes_passwords();
        let is_owner = self.alone || *workload.kind.get() == WorkloadKind::Job || !*passwords.get();
        // who uses something else counts as well: it does not use this
        let uses =
            self.service.workloads.iter().flat_map(|workload| workload.uses.iter().map(Traced::origin));
        let mut why = vec![workload.kind.origin(), passwords.origin()];
        why.extend(uses);
        let grants = if is_owner { Grants::Owner } else { Grants::Write };
        self.context.tracer.constant(DATABASE_GRANTS, &why, grants)
    }
}

/// The roles of PostgreSQL that make up what an account may do.
pub fn memberships(grants: Grants) -> &'static [&'static str] {
    match grants {
        Grants::Owner => &[],
        Grants::Write => &["pg_read_all_data", "pg_write_all_data"],
        Grants::Read => &["pg_read_all_data"],
    }
}

/// As text with a reason, for lists of objects.
pub(crate) fn membership(name: &'static str) -> Traced<Text> {
    rule(DATABASE_GRANTS, name)
}
