//! Who may open how many connections to a database, and what the pooler makes of them.
//!
//! Source of the pooler's terms: `PgBouncer` docs, "Configuration", `max_client_conn` and `default_pool_size`.

use crate::origin::{
    HOST, Origin, POOL, POOL_CLIENTS, POOL_PEAK, POOL_READ, POOL_SERVER, Traced, Tracer, rule,
};
use crate::spec::database::{Connections, PoolMode};
use crate::spec::decode::Count;
use crate::spec::workload::{Overlap, Rollout, WorkloadKind};
use crate::system::edges::WorkloadId;
use crate::system::workload::{Replicas, Workload};
use crate::system::{Caller, Context, Service, names};
use crate::text::Text;
use crate::value::PodShare;

use super::{Account, Database, Pool, accounts};

/// Connections that are not for workloads: 3 of superusers, 5 of the operator, 5 of people.
pub const OVERHEAD: u32 = 13;

/// Connections beside the pooler that are kept free at least: for jobs and scalers to come.
const OTHERS: u32 = 10;

/// What one workload may open at its most.
#[derive(Clone, Debug)]
pub struct Share {
    /// who
    pub from: WorkloadId,
    /// the edge
    pub because: Origin,
    /// pods at most
    pub pods: u32,
    /// processes in each
    pub workers: u32,
    /// connections of all of them
    pub connections: Traced<u32>,
    /// whether it goes past the pooler
    pub is_direct: bool,
    /// whether it may read from the standbys, and so open as many connections there
    pub reads: bool,
}

/// Gives every database what its users may open, and its pooler.
pub(in crate::system) fn connect(services: &mut [Service], context: &Context<'_>) {
    for index in 0..services.len() {
        let databases = services.get(index).map_or(0, |service| service.databases.len());
        for database in 0..databases {
            let Some(connected) = of(services, index, database, context) else { continue };
            if let Some(database) = services.get_mut(index).and_then(|s| s.databases.get_mut(database)) {
                let Connected { pool, read_pool, shares, accounts } = connected;
                let roles = accounts.iter().filter_map(|account| account.role.as_ref());
                database.certified = roles.filter(|role| role.certificate.is_some()).cloned().collect();
                (database.pool, database.shares, database.accounts) = (pool, shares, accounts);
                if let Some(replicas) = &mut database.replicas {
                    replicas.pool = read_pool;
                }
            }
        }
    }
}

/// What follows from who uses a database.
struct Connected {
    pool: Option<Pool>,
    /// before the standbys
    read_pool: Option<Pool>,
    shares: Vec<Share>,
    accounts: Vec<Account>,
}

fn of(services: &[Service], service: usize, database: usize, context: &Context<'_>) -> Option<Connected> {
    let service = services.get(service)?;
    let database = service.databases.get(database)?;
    let is_pooled = *database.pool_mode.get() != PoolMode::None;
    let share = |caller: &Caller| {
        let workload = services.get(caller.from.service)?.workloads.get(caller.from.workload)?;
        let (is_direct, reads) = (database.is_direct(workload), database.reads_replicas(workload));
        let share = share(services, caller, &database.per_process, context.tracer)?;
        Some(Share { is_direct, reads, ..share })
    };
    let shares: Vec<Share> = database.callers.iter().filter_map(share).collect();
    let pools = is_pooled.then(|| {
        let table = service.file.databases.get(database.name.get()).map(|d| &d.value);
        let written = table.and_then(|d| d.pool.as_ref()).map(|p| Written {
            instances: p.instances,
            server: p.server,
            clients: p.clients,
        });
        let pool = Asked {
            name: names::pooler(&database.object, false, context.tracer),
            because: database.pool_mode.origin(),
            written: written.unwrap_or_default(),
            shares: shares.iter().collect(),
            scaled: accounts::scaled_by(service, database, context.tracer),
            ways: service.workloads.iter().flat_map(|w| database.why_direct(w)).collect(),
        };
        let written = table.and_then(|d| d.read_pool.as_ref()).map(|p| Written {
            instances: p.instances,
            server: p.server,
            clients: p.clients,
        });
        let read = database.replicas.is_some().then(|| Asked {
            name: names::pooler(&database.object, true, context.tracer),
            because: context
                .tracer
                .because(POOL_READ, &[database.pool_mode.origin(), database.replicas_because]),
            written: written.unwrap_or_default(),
            shares: shares.iter().filter(|share| share.reads).collect(),
            // KEDA asks the primary
            scaled: Vec::new(),
            ways: service
                .workloads
                .iter()
                .flat_map(|w| [database.why_direct(w), database.why_replicas(w)].concat())
                .collect(),
        });
        let make = |asked: &Asked<'_>| pool_of(asked, service, database, context);
        (make(&pool), read.as_ref().map(make))
    });
    let (pool, read_pool) = pools.map_or((None, None), |(pool, read)| (Some(pool), read));
    let lent = Lent { pool: pool.as_ref(), read_pool: read_pool.as_ref() };
    let accounts = accounts::of(service, database, lent, &shares, context);
    Some(Connected { pool, read_pool, shares, accounts })
}

/// What a caller may open at its most, with the server itself.
pub(in crate::system) fn share(
    services: &[Service],
    caller: &Caller,
    per_process: &Traced<u32>,
    tracer: &Tracer,
) -> Option<Share> {
    let workload = services.get(caller.from.service)?.workloads.get(caller.from.workload)?;
    let (pods, mut why) = most_pods(workload);
    let (workers, each) = (*workload.workers.get(), *per_process.get());
    why.extend([caller.because, workload.workers.origin(), per_process.origin()]);
    let connections = pods.saturating_mul(workers).saturating_mul(each);
    Some(Share {
        from: caller.from,
        because: caller.because,
        pods,
        workers,
        connections: tracer.constant(POOL_PEAK, &why, connections),
        is_direct: true,
        reads: false,
    })
}

/// What the spec says of a pooler.
#[derive(Default)]
struct Written {
    instances: Option<Traced<Count<1, 20>>>,
    server: Option<Traced<Connections>>,
    clients: Option<Traced<Connections>>,
}

/// What one pooler follows from.
struct Asked<'a> {
    name: Traced<Text>,
    /// what decides that there is one
    because: Origin,
    /// what the spec says of it
    written: Written,
    /// who may come through it or past it
    shares: Vec<&'a Share>,
    /// why KEDA comes past it
    scaled: Vec<Origin>,
    /// what decides who comes which way
    ways: Vec<Origin>,
}

/// The poolers of a database, which lend connections to accounts.
#[derive(Clone, Copy)]
pub(super) struct Lent<'a> {
    pub(super) pool: Option<&'a Pool>,
    pub(super) read_pool: Option<&'a Pool>,
}

fn pool_of(asked: &Asked<'_>, service: &Service, database: &Database, context: &Context<'_>) -> Pool {
    let tracer = context.tracer;
    let Asked { name: named, because, written: Written { instances, server, clients }, shares, scaled, ways } =
        asked;
    let because = tracer.because(POOL, &[named.origin(), *because]);
    let object = Traced::because(named.get().clone(), because);
    let instances = instances.map_or_else(|| rule(POOL, 2u32), |n| n.map(|n| n.get()));
    let through = || shares.iter().copied().filter(|share| !share.is_direct);
    let clients = clients.map_or_else(
        || {
            let peak = peak(through(), tracer);
            let clients = peak.get().div_ceil(100).max(1).saturating_mul(100);
            // who uses other things counts as well: it does not use this
            let others = service
                .workloads
                .iter()
                .filter(|w| !database.callers.iter().any(|c| c.object.get() == w.object.get()));
            let mut why = vec![peak.origin()];
            why.extend(ways);
            why.extend(others.flat_map(|workload| workload.uses.iter().map(Traced::origin)));
            tracer.constant(POOL_CLIENTS, &why, clients)
        },
        |n| n.map(|n| n.get()),
    );
    let server = server.map_or_else(
        || {
            let direct = peak(shares.iter().copied().filter(|share| share.is_direct), tracer);
            let beside = direct.get().saturating_add(accounts::connections_of_scaler(scaled));
            let why = [&scaled[..], &[direct.origin()], &ways[..]].concat();
            let beside = tracer.constant(POOL_SERVER, &why, beside.max(OTHERS));
            tracer.derive(
                POOL_SERVER,
                (&database.max_connections, &instances, &clients, &beside),
                |(max, pods, clients, beside)| {
                    let left = max.saturating_sub(OVERHEAD).saturating_sub(*beside);
                    (left / (*pods).max(1)).clamp(1, (*clients).max(1))
                },
            )
        },
        |n| n.map(|n| n.get()),
    );
    let domain = &context.platform.cluster_domain;
    let host = tracer.derive(HOST, (&object, &service.namespace, domain), |(s, n, d)| {
        Text::from(format!("{s}.{n}.svc.{d}"))
    });
    Pool { object, host, instances, server, clients }
}

/// The connections of several workloads at their most.
pub(crate) fn peak<'s>(shares: impl Iterator<Item = &'s Share> + Clone, tracer: &Tracer) -> Traced<u32> {
    let sum = shares.clone().fold(0u32, |sum, share| sum.saturating_add(*share.connections.get()));
    let because: Vec<Origin> = shares.map(|share| share.connections.origin()).collect();
    tracer.constant(POOL_PEAK, &because, sum)
}

/// The most pods of a workload that run at a time, and what decides it. How many nodes a daemon has is not known: it
/// counts as one.
fn most_pods(workload: &Workload) -> (u32, Vec<Origin>) {
    let mut why = vec![workload.kind.origin(), workload.replicas.origin()];
    let wanted = match &workload.replicas {
        Replicas::Fixed(count) => *count.get(),
        Replicas::Auto { max, .. } => {
            why.push(max.origin());
            *max.get()
        }
        Replicas::None(_) => {
            let run = workload.run.as_ref();
            why.extend(run.map(|run| Origin::spec(run.at)));
            let pods = run.and_then(|r| r.parallelism.as_ref()).map_or(1, |p| p.get().get());
            let is_twice = run.and_then(|r| r.overlap).is_some_and(|o| *o.get() == Overlap::Allow);
            why.extend(run.and_then(|r| Some(r.parallelism.as_ref()?.origin())));
            why.extend(run.and_then(|r| Some(r.overlap?.origin())));
            return (if is_twice { pods * 2 } else { pods }, why);
        }
    };
    let is_rolling = *workload.rollout.get() == Rollout::Rolling;
    let has_surge =
        matches!(workload.kind.get(), WorkloadKind::Http | WorkloadKind::Grpc | WorkloadKind::Worker);
    let surge = workload.rolling.as_ref().and_then(|rolling| rolling.surge);
    why.push(workload.rollout.origin());
    why.extend(surge.map(|s| s.origin()));
    let surge = surge.map_or(PodShare::Percent(25), |s| *s.get());
    (if is_rolling && has_surge { wanted + surge.at_most(wanted) } else { wanted }, why)
}
