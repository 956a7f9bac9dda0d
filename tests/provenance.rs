//! Provenance to the last leaf: each spec leaf of two projects is turned, one at a time, and every leaf of the output that
//! changes must name it.
//!
//! "Names" means that `explain` would say so: the leaf's own origin, or the reason why a part that holds it is there. A
//! leaf that was not there before may be explained by the reason for its absence instead. Both sides are asked: the
//! output before the turn must name the value that was turned away, the output after it the value that came.

mod candidates;
mod example;
mod judge;
mod leaves;
mod parts;
mod snapshot;
mod turns;

use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;

use rayon::prelude::*;
use specc::origin::{Origin, Trace, Why};
use specc::spec;
use specc::walk::Leaves;

use example::Example;
use judge::Gap;
use parts::Part;
use snapshot::Snapshot;
use turns::Turn;

/// The projects that are turned: the example, and one that sets every key of the language.
const PROJECTS: [&str; 3] = ["environments", "golden/cases/every_key/in", "golden/cases/kinds/in"];

/// Leaves that no other value can take, each with the reason.
const FIXED: &[(&str, &str)] = &[
    ("*.spec", "the only version of the language is 1"),
    (
        "environment.tier",
        "no other tier keeps what the example's prod promises; those of other projects are free",
    ),
    ("environment.platform.mesh", "other keys are for a mesh alone; that of the example is free"),
    ("specc.project.services", "is where the files are, which do not move here"),
    ("specc.project.environments[*]", "is a folder; a turn of its own moves it with what extends it"),
    ("environment.platform.add_ons[*]", "there is one add-on, and databases need it"),
    ("orders.databases.main.version", "the lock's image is of that version; `spare` has none there"),
    ("payments.databases.ledger.version", "the lock's image is of that version; `spare` has none there"),
    ("kit.databases.main.version", "the lock's image is of that version"),
    ("kit.workloads.*.kind", "other kinds refuse its other keys; `worker` is free"),
    ("kit.workloads.api.services.*.type", "other types refuse its other keys; `nodes` is free"),
    ("gear.workloads.shards.kind", "other kinds refuse its other keys"),
    ("gear.workloads.sweep.kind", "other kinds refuse its other keys"),
    ("gear.workloads.watch.volumes.proc.kind", "other kinds refuse its path"),
    ("gear.workloads.web.uses[0]", "a word of its command needs it"),
    ("py.workloads.wsgi.server.kind", "the other server refuses its threads"),
    ("kit.workloads.api.uses[0]", "a variable refers to it"),
    ("shards.workloads.api.uses[0]", "a variable refers to it; `sweep` and `count` are free"),
    ("shards.workloads.count.kind", "other kinds refuse its schedule"),
    ("kit.workloads.api.volumes.*.kind", "other kinds refuse its other keys; `partner` is free"),
    ("kit.workloads.files.volumes.data.kind", "other kinds refuse its other keys"),
    ("kit.workloads.files.replicas", "its disk is with one pod at a time"),
    ("kit.workloads.worker.scale.queue.database", "there is one database"),
    ("back.databases.main.version", "the image is of that version; `spare` has none of its own"),
    ("back.externals.mail.secrets[0]", "variables refer to it; `secrets[1]` is free"),
    ("*.externals.*.retry.idempotent", "more than one try needs it"),
    ("orders.externals.provider.secrets[0]", "`auth` refers to it; `secrets[1]` is free"),
    ("outside.externals.pay.secrets[1]", "`auth` refers to it; `secrets[0]` is free"),
    ("environment.services[0]", "the other services need it; `services[3]` is free"),
    ("environment.services[2]", "the other services need it; `services[3]` is free"),
    ("environment.services[10]", "another service uses it; `services[3]` is free"),
    ("environment.services[14]", "its databases in other environments name it; `services[3]` is free"),
    ("*.databases.*.replica_of.*", "both sides must say the same"),
    ("*.databases.*.standby.*", "both sides must say the same"),
    (
        "environment.platform.object_store.url",
        "the other side's databases name it; those of the example are free",
    ),
    ("environment.platform.object_store.endpoint", "the other side's databases name it"),
    ("specc.project.name", "databases name a namespace of the other side; those of other projects are free"),
    ("*.workloads.*.calls.*.retry.idempotent", "more than one try needs it"),
    ("aka.workloads.web.uses[2]", "its calls need it"),
    ("orders.workloads.settle.uses[0]", "a role is for who uses the database; that of `worker` is free"),
    ("data.workloads.*.uses[0]", "a role is for who uses the database"),
    ("data.databases.store.roles.listener.direct", "what it needs of a session is only there"),
    ("doors.workloads.web.route.methods[1]", "browsers ask with it for leave"),
    ("*.queues.*.engine", "other engines refuse its other keys"),
    ("stores.workloads.*.scale.queue.queue", "there is one of its engine with this topic"),
    ("stores.workloads.*.scale.queue.cache", "there is no other that it uses"),
    ("stores.workloads.*.scale.queue.topic", "there is one topic"),
    ("vault.databases.records.version", "the image is of that version"),
    ("vault.workloads.*.uses[0]", "a role is for who uses the database"),
    ("vault.databases.records.roles.intake.direct", "no pooler passes its certificate on"),
    ("vault.databases.records.roles.audit.cert", "a pooler stands before it; that of `intake` is free"),
    ("vault.caches.marks.class", "what is higher is refused: the way there is in plain text"),
    ("vault.externals.rates.class", "what is higher is refused: the way there is in plain text"),
    ("environment.platform.storage_class", "classified data is kept on one that is declared to encrypt"),
    ("environment.platform.storage_classes.*.encrypted", "classified data is kept there; `scratch` is free"),
    ("*.service.name", "must be the name of the file; a turn of its own moves both"),
];

/// Leaves that change no object, each with the reason.
const WITHOUT_EFFECT: &[(&str, &str)] = &[
    ("*.spec", "says which language it is"),
    ("specc.retired.*", "is compared with another revision"),
    ("environment.recovery.tests.*", "is told in the calendar"),
    ("vault.databases.records.roles.audit.cert", "is the default, and a pooler stands before it"),
    ("*.databases.*.*.namespace", "is the default, and both sides must say the same"),
    ("aka.queues.news.hosts[0]", "nothing uses it; those of `stores` are free"),
    ("extra.service.*", "runs in no environment"),
    ("orders.workloads.api.kind", "is the default, and other kinds refuse its other keys"),
    ("back.workloads.api.kind", "is the default, and other kinds refuse its other keys"),
    ("kit.workloads.*.pod.security.reason", "is told in the report"),
    ("gear.workloads.*.pod.security.reason", "is told in the report"),
    ("*.externals.*.any_address.*", "is told in the report"),
    ("ways.*.*.kubernetes.*.reason", "is told in the report"),
    ("orders.*.*.kubernetes.*.reason", "is told in the report"),
    ("taken.manifests.*.reason", "is told in the report"),
    ("kit.workloads.*.pod.security.until", "is for checks"),
    ("kit.workloads.api.init.assets.after[0]", "there is no other container to wait for"),
    ("kit.workloads.api.services.public.ports[0]", "there is no other port that a Service may have"),
    ("*.databases.*.engine", "there is one engine, the default"),
    ("specc.project.services", "is where the files are"),
    ("specc.project.environments[*]", "is a folder; a turn of its own moves it with what extends it"),
    ("*.workloads.*.run.heavy", "is for checks"),
    (
        "environment.platform.velero.volumes",
        "is the default, and databases with backups refuse the other value",
    ),
    ("*.service.owner", "is told in the report"),
    ("specc.project.owner", "is told in the report"),
    ("specc.project.out", "is where the output goes"),
    ("specc.helm.chart", "decides which files there are beside the objects"),
    ("stores.queues.*.ack_timeout", "is for checks, and told in the report"),
    ("stores.caches.shared.role", "is told in the report to those who run it"),
    ("*.data.class", "is for checks, and told in the report"),
    ("*.*.*.class", "is for checks, and told in the report"),
    ("*.databases.*.recovery.window", "is for checks, and told in the report"),
    ("environment.platform.storage_classes.*.encrypted", "is for checks, and told in the report"),
    ("specc.classes.*.*", "is for checks"),
    ("*.databases.*.recovery.rto", "is for checks"),
    ("*.databases.*.roles.*.session[*]", "is for checks"),
    ("*.databases.*.max_connections", "is for checks"),
    ("data.databases.foreign.pool.per_process", "is for checks"),
    ("data.databases.foreign.version", "is told to people"),
    ("*.databases.*.recovery.restore_rate", "is for checks"),
    ("*.databases.*.recovery.detect", "is for checks"),
    ("*.databases.*.migrate.style", "is for checks"),
    ("*.databases.*.resharding", "is for checks"),
    ("specc.checks.*.*", "is for checks"),
    ("environment.platform.kubernetes", "is for checks"),
    ("environment.platform.trusted_registries[*]", "is for checks"),
    ("environment.platform.add_ons[*]", "is for checks"),
];

/// What came of one turn.
struct Outcome {
    compiles: bool,
    /// objects' leaves that changed, appeared or vanished
    changed: usize,
    gaps: Vec<Gap>,
}

fn outcome(part: &Part, turn: &Turn) -> Outcome {
    let Part { example, before, .. } = part;
    let Ok(after) = Snapshot::of(&example.with(&turn.edit)) else {
        return Outcome { compiles: false, changed: 0, gaps: Vec::new() };
    };
    let mut outcome = Outcome { compiles: true, changed: 0, gaps: Vec::new() };
    for (index, (before, turned)) in before.environments.iter().zip(&turn.turned).enumerate() {
        let same = |after: &&snapshot::Environment| after.name == before.name;
        let renamed = || after.environments.get(index).filter(|_| turn.renamed.is_some());
        let Some(after) = after.environments.iter().find(same).or_else(renamed) else { continue };
        let verdict = judge::compare(before, after, turned, turn.renamed.as_ref());
        outcome.changed += verdict.changed;
        outcome.gaps.extend(verdict.gaps);
    }
    outcome
}

/// Whether `path` is as `pattern` says, in which `*` stands for one key, in quotes or not, or one index.
fn matches(pattern: &str, path: &str) -> bool {
    match pattern.split_once('*') {
        None => pattern == path,
        Some((before, after)) => path.strip_prefix(before).is_some_and(|rest| {
            let end = match rest.strip_prefix('"') {
                Some(quoted) => quoted.find('"').map_or(rest.len(), |at| at + 2),
                None => rest.find(['.', '[', ']']).unwrap_or(rest.len()),
            };
            matches(after, &rest[end..])
        }),
    }
}

/// What the turns of one leaf came to.
#[derive(Default)]
struct Tally {
    compiled: usize,
    changed: usize,
}

/// What all turns of a project came to.
struct Turned {
    /// by path and file
    leaves: BTreeMap<String, Tally>,
    compiled: usize,
    changed: usize,
    gaps: Vec<(String, Gap)>,
}

fn turned(folder: &str) -> Turned {
    let parts = parts::of(Example::read(folder));
    let turns: Vec<(&Part, Turn)> =
        parts.iter().flat_map(|part| turns::all(part).into_iter().map(move |turn| (part, turn))).collect();
    let outcomes: Vec<Outcome> = turns.par_iter().map(|(part, turn)| outcome(part, turn)).collect();
    let mut all = Turned { leaves: BTreeMap::new(), compiled: 0, changed: 0, gaps: Vec::new() };
    for ((_, turn), outcome) in turns.into_iter().zip(outcomes) {
        if let Some(leaf) = turn.leaf {
            let tally = all.leaves.entry(leaf).or_default();
            tally.compiled += usize::from(outcome.compiles);
            tally.changed += outcome.changed;
        }
        all.compiled += usize::from(outcome.compiles);
        all.changed += outcome.changed;
        let gaps = outcome.gaps.into_iter().filter(|gap| !(turn.runs_more && gap.is_new_object()));
        all.gaps.extend(gaps.map(|gap| (turn.what.clone(), gap)));
    }
    all
}

impl Turned {
    /// The leaves whose turns came to what is `wanted`, without those that have a reason.
    fn leaves(&self, wanted: fn(&Tally) -> bool, reasons: &[(&str, &str)]) -> Vec<&str> {
        let excused = |leaf: &str| {
            let path = leaf.split_once(' ').map_or(leaf, |(path, _)| path);
            reasons.iter().any(|(pattern, _)| matches(pattern, path))
        };
        let found = self.leaves.iter().filter(|(_, tally)| wanted(tally)).map(|(leaf, _)| leaf.as_str());
        found.filter(|leaf| !excused(leaf)).collect()
    }
}

#[test]
fn every_output_leaf_that_changes_names_the_spec_leaf_that_was_turned() {
    let (mut leaves, mut compiled, mut changed, mut faults) = (0, 0, 0, String::new());
    for project in PROJECTS {
        let turned = turned(project);
        println!(
            "{project}: {} leaves, {} turns that compile, {} output leaves changed",
            turned.leaves.len(),
            turned.compiled,
            turned.changed
        );
        if !turned.gaps.is_empty() {
            faults += &format!("{project}: {}", judge::report(&turned.gaps));
        }
        for leaf in turned.leaves(|tally| tally.compiled == 0, FIXED) {
            faults += &format!("{project}: no turn of {leaf} compiles; add a candidate or a reason\n");
        }
        for leaf in turned.leaves(|tally| tally.compiled > 0 && tally.changed == 0, WITHOUT_EFFECT) {
            faults += &format!("{project}: turning {leaf} changes nothing; add a candidate or a reason\n");
        }
        leaves += turned.leaves.len();
        compiled += turned.compiled;
        changed += turned.changed;
    }
    assert!(faults.is_empty(), "{faults}");
    assert!(leaves > 300 && compiled > 800 && changed > 20_000, "the test has lost most of its turns");
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
    let (mut found, mut origins) = (BTreeSet::new(), 0);
    for project in PROJECTS {
        let root = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join(project);
        for environment in &crate::golden::compiled(&root).environments {
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
    }
    assert!(found.is_empty(), "{found:#?}");
    assert!(origins > 10_000, "only {origins} origins were looked at");
}

#[test]
fn the_projects_set_every_key_of_the_language() {
    let mut set: BTreeSet<String> = BTreeSet::new();
    for project in PROJECTS {
        let snapshot = Snapshot::of(Example::read(project).files()).unwrap();
        set.extend(snapshot.environments.iter().flat_map(|e| e.nodes.keys().cloned()));
    }
    let keys: [(&str, &[&str]); 50] = [
        ("specc", spec::project::ProjectFile::KEYS),
        ("specc.project", spec::project::ProjectTable::KEYS),
        ("specc.checks.*", spec::checks::CheckSetting::KEYS),
        ("*.defaults", spec::environment::Defaults::KEYS),
        ("*.defaults.workload", spec::environment::WorkloadDefaults::KEYS),
        ("*.defaults.database", spec::environment::DatabaseDefaults::KEYS),
        ("*.defaults.cache", spec::environment::CacheDefaults::KEYS),
        ("specc.helm", spec::project::Helm::KEYS),
        ("environment", spec::environment::EnvironmentFile::KEYS),
        ("environment.platform", spec::platform::Platform::KEYS),
        ("environment.platform.api_server", spec::platform::ApiServer::KEYS),
        ("environment.platform.peers", spec::platform::Peers::KEYS),
        ("environment.platform.peers.*", spec::platform::Peer::KEYS),
        ("images.images.*", spec::images::Locked::KEYS),
        ("*", spec::service::ServiceFile::KEYS),
        ("*.service", spec::service::ServiceTable::KEYS),
        ("*.runtime", spec::service::Runtime::KEYS),
        ("*.secrets.*", spec::service::Secret::KEYS),
        ("*.workloads.*", spec::workload::Workload::KEYS),
        ("*.workloads.*.ports.*", spec::workload::Port::KEYS),
        ("*.workloads.*.files.*", spec::workload::File::KEYS),
        ("*.workloads.*.health", spec::workload::Health::KEYS),
        ("*.workloads.*.scale", spec::workload::Scale::KEYS),
        ("*.workloads.*.scale.queue", spec::workload::ScaleQueue::KEYS),
        ("*.workloads.*.resize_bounds", spec::workload::ResizeBounds::KEYS),
        ("*.workloads.*.health.*", spec::workload::Timing::KEYS),
        ("*.workloads.*.*", spec::workload::Hook::KEYS),
        ("*.workloads.*.rolling", spec::workload::Rolling::KEYS),
        ("*.workloads.*.stateful", spec::workload::Stateful::KEYS),
        ("*.workloads.*.run", spec::workload::Run::KEYS),
        ("*.workloads.*.service*", &["port"]),
        ("*.workloads.*.services.*", spec::workload::ServiceSettings::KEYS),
        ("*.workloads.*.*.*", spec::workload::Container::KEYS),
        ("*.workloads.*.volumes.*", spec::workload::Volume::KEYS),
        ("*.workloads.*.env_from.*", spec::env::EnvFrom::KEYS),
        ("*.workloads.*.pod", spec::workload::Pod::KEYS),
        ("*.workloads.*.pod.service_account", spec::workload::ServiceAccount::KEYS),
        ("*.workloads.*.pod.security", spec::workload::Security::KEYS),
        ("*.workloads.*.pod.*.*", spec::workload::Toleration::KEYS),
        ("*.workloads.*.pod.dns", spec::workload::Dns::KEYS),
        ("*.workloads.*.route", spec::workload::Route::KEYS),
        ("*.workloads.*.route.request_headers", spec::workload::HeaderChanges::KEYS),
        ("*.workloads.*.route.cors", spec::workload::Cors::KEYS),
        ("*.workloads.*.ports.*.tls", spec::workload::PortTls::KEYS),
        ("environment.platform.gateway_listeners", spec::platform::GatewayListeners::KEYS),
        ("*.databases.*", spec::database::Database::KEYS),
        ("*.caches.*", spec::cache::Cache::KEYS),
        ("*.queues.*", spec::queue::Queue::KEYS),
        ("*.*.*.kubernetes.*", &["reason"]),
        ("*.manifests.*", spec::manifest::Manifests::KEYS),
    ];
    for (table, keys) in keys.iter().chain([&("*.externals.*", spec::external::External::KEYS)]) {
        for key in keys.iter().filter(|key| **key != "extends") {
            // the port of the workload is that of its own Service
            if *table == "*.workloads.*.services.*" && *key == "port" {
                continue;
            }
            let path = format!("{table}.{key}");
            assert!(set.iter().any(|own| matches(&path, own)), "no project sets `{path}`");
        }
    }
}
