//! A database that its users may ask for more connections than there are.

use super::context::{Finding, noun, path_of};
use super::{Check, Context, Found};
use crate::origin::Origin;
use crate::spec::database::PoolMode;
use crate::system::database::{OVERHEAD, Share};
use crate::system::{Database, Pool, Service};

pub(super) const CHECK: Check = check!("connections-exceeded", Error, One(run));

/// Users that one finding shows.
const SHOWN: usize = 4;

fn total<'s>(shares: impl Iterator<Item = &'s Share>) -> u32 {
    shares.fold(0, |sum, share| sum.saturating_add(*share.connections.get()))
}

/// Shows who asks, the greediest first.
fn by_share<'c>(
    cx: &'c Context<'c>,
    finding: Finding<'c>,
    database: &Database,
    shares: &[&Share],
) -> Finding<'c> {
    let mut shares = shares.to_vec();
    shares.sort_by_key(|share| std::cmp::Reverse(*share.connections.get()));
    let mut finding = finding;
    for share in shares.iter().take(SHOWN) {
        let Share { pods, workers, connections, .. } = share;
        let each = database.per_process.get();
        let text =
            format!("pods x processes x connections: {pods} x {workers} x {each} = {}", connections.get());
        finding = finding.also(share.because, text);
    }
    let asked: Vec<String> = shares
        .iter()
        .filter_map(|share| cx.system.workload(share.from))
        .map(|(s, w)| path_of(s, w))
        .collect();
    match asked.len() {
        0..=SHOWN => finding,
        many => finding.note(format!("and {} more", many - SHOWN)),
    }
}

/// Workloads ask the server itself.
fn of_server<'c>(cx: &'c Context<'c>, service: &Service, database: &Database) -> Option<Finding<'c>> {
    let shares: Vec<&Share> = database.shares.iter().collect();
    let (theirs, max) = (total(shares.iter().copied()), *database.max_connections.get());
    let scaler = database.scaler_connections();
    let peak = theirs.saturating_add(scaler);
    if peak.saturating_add(OVERHEAD) <= max {
        return None;
    }
    let path = noun(service, "databases", database.name.get());
    let needed = u64::from(peak) + u64::from(OVERHEAD);
    let finding = cx
        .find(
            &CHECK,
            format!(
                "`{path}` may be asked for {peak} connections, and can give {}",
                max.saturating_sub(OVERHEAD)
            ),
        )
        .at(
            database.max_connections.origin(),
            format!("{max} connections, of which {OVERHEAD} are for the operator and for people"),
        )
        .at_key(
            Origin::spec(database.at),
            format!("takes {max} connections, of which {OVERHEAD} are for the operator and for people"),
        );
    let each = *database.per_process.get();
    let fewer = max.saturating_sub(OVERHEAD + scaler) / (theirs / each.max(1)).max(1);
    let name = database.name.get();
    Some(
        by_share(cx, finding, database, &shares)
            .note("at the autoscaler's maximum, in the middle of a rollout: what is refused then is requests of users")
            .help(format!("put a pooler before it: `mode = \"transaction\"` below `[databases.{name}.pool]`"))
            .maybe_help((fewer > 0).then(|| format!("or write `per_process = {fewer}` there")))
            .maybe_help((needed <= 500).then(|| format!("or give it `memory = \"{}Mi\"`, for {needed} connections", needed * 8))),
    )
}

/// A pooler, and who may come through it or past it.
struct Way<'a> {
    pool: &'a Pool,
    /// what it is called
    what: &'static str,
    /// its table below the database
    table: &'static str,
    users: Vec<&'a Share>,
    /// connections of KEDA
    scaler: u32,
}

impl<'a> Way<'a> {
    fn shares(&self, is_direct: bool) -> Vec<&'a Share> {
        self.users.iter().copied().filter(|share| share.is_direct == is_direct).collect()
    }
}

/// To the primary, and to a standby, which may have to do alone what all do.
fn ways(database: &Database) -> Vec<Way<'_>> {
    let pool = database.pool.as_ref().map(|pool| Way {
        pool,
        what: "the pooler",
        table: "pool",
        users: database.shares.iter().collect(),
        scaler: database.scaler_connections(),
    });
    let read = database.replicas.as_ref().and_then(|replicas| replicas.pool.as_ref()).map(|pool| Way {
        pool,
        what: "the pooler before the standbys",
        table: "read_pool",
        users: database.shares.iter().filter(|share| share.reads).collect(),
        scaler: 0,
    });
    pool.into_iter().chain(read).collect()
}

/// The pooler's pods ask the server, and so do jobs.
fn of_pooler<'c>(
    cx: &'c Context<'c>,
    service: &Service,
    database: &Database,
    way: &Way<'_>,
) -> Option<Finding<'c>> {
    let Way { pool, what, table, scaler, .. } = way;
    let direct = way.shares(true);
    let jobs = total(direct.iter().copied()).saturating_add(*scaler);
    let max = *database.max_connections.get();
    let (pods, each) = (*pool.instances.get(), *pool.server.get());
    let asked = pods.saturating_mul(each).saturating_add(jobs);
    if asked.saturating_add(OVERHEAD) <= max {
        return None;
    }
    let path = noun(service, "databases", database.name.get());
    let finding = cx
        .find(&CHECK, format!("{what} of `{path}` and those who go past it may ask for {asked} connections, and the server can give {}", max.saturating_sub(OVERHEAD)))
        .at(pool.server.origin(), format!("{pods} pods x {each} = {}", pods.saturating_mul(each)))
        .at_key(Origin::spec(database.at), format!("{pods} pods x {each} = {}", pods.saturating_mul(each)));
    let fits = max.saturating_sub(OVERHEAD + jobs) / pods.max(1);
    let name = database.name.get();
    Some(
        by_share(cx, finding, database, &direct)
            .note(format!("the server takes {max}, of which {OVERHEAD} are for the operator and for people"))
            .note("a pooler that gets no connection lets its clients wait, and then fail")
            .maybe_help(
                (fits > 0).then(|| format!("write `server = {fits}` below `[databases.{name}.{table}]`")),
            )
            .maybe_help((fits == 0).then(|| {
                format!("give `[databases.{name}]` more `memory`, or fewer `instances` to its `{table}`")
            })),
    )
}

/// Workloads ask the pooler.
fn of_clients<'c>(
    cx: &'c Context<'c>,
    service: &Service,
    database: &Database,
    way: &Way<'_>,
) -> Option<Finding<'c>> {
    let Way { pool, what, .. } = way;
    let shares = way.shares(false);
    let (peak, clients) = (total(shares.iter().copied()), *pool.clients.get());
    if peak <= clients {
        return None;
    }
    let path = noun(service, "databases", database.name.get());
    let finding = cx
        .find(
            &CHECK,
            format!(
                "{what} of `{path}` may be asked for {peak} connections, and each of its pods takes {clients}"
            ),
        )
        .at(pool.clients.origin(), format!("{clients} clients"));
    Some(
        by_share(cx, finding, database, &shares)
            .note("while one of its pods is replaced, another carries all clients")
            .help(format!(
                "write `clients = {}`, or leave it out: it follows from who uses the database",
                peak.div_ceil(100) * 100
            )),
    )
}

/// In session mode each client keeps a server connection for as long as it stays.
fn of_sessions<'c>(
    cx: &'c Context<'c>,
    service: &Service,
    database: &Database,
    way: &Way<'_>,
) -> Option<Finding<'c>> {
    let Way { pool, what, .. } = way;
    let shares = way.shares(false);
    let (peak, pods, each) = (total(shares.iter().copied()), *pool.instances.get(), *pool.server.get());
    let left = pods.saturating_sub(1).max(1);
    if *database.pool_mode.get() != PoolMode::Session || peak <= left.saturating_mul(each) {
        return None;
    }
    let path = noun(service, "databases", database.name.get());
    let title = format!(
        "{what} of `{path}` may be asked for {peak} sessions, and lends {}",
        left.saturating_mul(each)
    );
    let finding = cx
        .find(&CHECK, title)
        .at(pool.server.origin(), format!("{left} pods x {each}, while another is replaced"))
        .at(database.pool_mode.origin(), format!("{left} pods x {each}, while another is replaced"));
    Some(
        by_share(cx, finding, database, &shares)
            .note("a session keeps its connection, so who comes later waits and then fails")
            .help("write `mode = \"transaction\"`, in which few connections serve many clients")
            .help(format!("or `server = {}`, if the server has that many", peak.div_ceil(left))),
    )
}

fn run(cx: &Context<'_>, found: &mut Found) {
    for service in &cx.system.services {
        for database in &service.databases {
            // without a pooler a standby is asked by no more than the primary, which has as many connections
            let findings = database.pool.is_none().then(|| of_server(cx, service, database)).flatten();
            let pooled = ways(database).into_iter().flat_map(|way| {
                [
                    of_pooler(cx, service, database, &way),
                    of_clients(cx, service, database, &way),
                    of_sessions(cx, service, database, &way),
                ]
            });
            findings.into_iter().chain(pooled.flatten()).for_each(|finding| found.push(finding));
        }
    }
}
