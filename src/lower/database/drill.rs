//! The drill of a database: a CronJob in a namespace of its own that restores, asks and takes away.
//!
//! The restored cluster has no plugin that archives, so it writes to no store, and its account's role may only read. What
//! runs the drill may make any cluster in that namespace, and look at and delete this one alone.
//!
//! Sources: CloudNativePG 1.30, "Recovery" (`bootstrap.recovery` from an external cluster); Kubernetes, "Using RBAC
//! Authorization" on `resourceNames`, which `list` and `watch` of one object by its name keep as well.

use std::collections::BTreeMap;

use super::backup::{self, PLUGIN};
use crate::bundle::{Bundle, Scope};
use crate::k8s::{
    AccountTemplate, Bootstrap, Cluster, ConcurrencyPolicy, ConfigMap, ConfigMapVolume, Container, CronJob,
    CronJobSpec, EmptyDir, EnvSource, EnvVar, ExternalCluster, Files, ImagePullPolicy, JobSpec, JobTemplate,
    Labels, NameOf, PodTemplate, Recovery, RestartPolicy, Role, RoleBinding, RoleKind, RoleRef, RoleRule,
    SourceParameters, SourcePlugin, Subject, SubjectKind, TemplateMetadata, Volume, VolumeMount,
    VolumeSource,
};
use crate::lower::labels::{self, Identity};
use crate::lower::network_policy::{Rules, tcp};
use crate::lower::{Cx, amount, embedded, pod, service_account};
use crate::origin::{
    DATABASE_PORT, DRILL, DRILL_JOB, DRILL_QUESTION, DRILL_READ, DRILL_RIGHTS, DRILL_SCRIPT, IMAGE_PULL,
    Origin, Traced, WRITABLE, rule,
};
use crate::system::database::{DRILL_REMOVAL, Drill};
use crate::system::{Database, Service};
use crate::text::Text;
use crate::value::{Bytes, Cpu, Duration};
use crate::walk::{Items, Maybe};

/// Where the files of a drill are.
const FOLDER: &str = "/etc/drill";
/// What the restored cluster calls the one whose backups it reads.
const SOURCE: &str = "production";
/// Tells the drill's objects from the database's own.
const ROLE: &str = "drill";
/// Tells the restored cluster's objects from those of what restores it.
const RESTORED: &str = "restore";

pub(super) fn lower(cx: &Cx<'_>, service: &Service, database: &Database, scope: &Scope, bundle: &mut Bundle) {
    let Some(drill) = &database.drill else {
        return bundle.leave_out_as(
            scope,
            "CronJob",
            Some(ROLE.into()),
            database.object.get(),
            database.drill_because,
        );
    };
    let because = drill.because;
    let of = |name| Identity::new(cx, service, name, &database.name).in_namespace(&drill.namespace);
    let (runner, restored) = (of(&drill.object), of(&drill.restored));

    bundle.push(scope, Some(ROLE), service_account(&runner, because));
    bundle.push(scope, Some(ROLE), role(cx, drill, &runner));
    bundle.push(scope, Some(ROLE), binding(drill, &runner));
    bundle.push(scope, Some(ROLE), files(cx, database, drill, &runner, &restored));
    bundle.push(scope, Some(ROLE), cron_job(cx, database, drill, &runner));
    if let (Some(backup), Some(store)) = (&database.backup, &cx.platform().object_store) {
        let mut source =
            backup::object_store(cx, (store, backup), &backup.path, restored.metadata(), because);
        // what only reads has nothing to clean up
        source.spec.retention_policy = None;
        bundle.push(scope, Some(RESTORED), source);
    }

    let postgres = tcp(rule(DATABASE_PORT, 5432u16), DATABASE_PORT);
    let mut rules = Rules::new(cx, &drill.namespace);
    rules.at_least_themselves(&runner, &Items::default(), &[]);
    rules.dns();
    rules.api_server();
    rules.let_out_to_pods(RESTORED, &drill.restored, &postgres);
    bundle.push(scope, Some(ROLE), rules.policy(&runner, because));

    let mut rules = Rules::new(cx, &drill.namespace);
    rules.let_in_pods(ROLE, &drill.object, &postgres);
    rules.operator();
    rules.dns();
    rules.api_server();
    rules.object_store(database);
    bundle.push(scope, Some(RESTORED), rules.policy(&restored, because));
}

/// What runs the drill may make clusters here, and touch the one alone that it makes.
fn role(cx: &Cx<'_>, drill: &Drill, runner: &Identity) -> Role {
    let words = |words: &[&'static str]| words.iter().map(|word| rule(DRILL_RIGHTS, *word)).collect();
    let clusters = |names, verbs: &[&'static str]| RoleRule {
        api_groups: words(&["postgresql.cnpg.io"]),
        resources: words(&["clusters"]),
        resource_names: names,
        verbs: words(verbs),
    };
    let secret = cx.tracer.derive(DRILL_RIGHTS, (&drill.restored,), |(name,)| format!("{name}-app").into());
    let mut rules = Items::default();
    let origin = Origin::rule(DRILL_RIGHTS);
    rules.push("make", origin, clusters(Vec::new(), &["create"]));
    let own = clusters(vec![drill.restored.clone()], &["get", "list", "watch", "delete"]);
    rules.push("own", origin, own);
    let credentials = RoleRule {
        api_groups: words(&[""]),
        resources: words(&["secrets"]),
        resource_names: vec![secret],
        verbs: words(&["get"]),
    };
    rules.push("credentials", origin, credentials);
    Role { because: drill.because, metadata: runner.metadata(), rules }
}

fn binding(drill: &Drill, runner: &Identity) -> RoleBinding {
    let subject = Subject {
        kind: rule(DRILL_RIGHTS, SubjectKind::ServiceAccount),
        name: NameOf::of("ServiceAccount", &drill.object),
        namespace: drill.namespace.clone(),
    };
    RoleBinding {
        because: drill.because,
        metadata: runner.metadata(),
        role_ref: RoleRef {
            api_group: rule(DRILL_RIGHTS, "rbac.authorization.k8s.io"),
            kind: rule(DRILL_RIGHTS, RoleKind::Role),
            name: NameOf::of("Role", &drill.object),
        },
        subjects: Items::one("drill", Origin::rule(DRILL_RIGHTS), subject),
    }
}

/// The program, the cluster that it makes, and the question as one value of type boolean.
fn files(
    cx: &Cx<'_>,
    database: &Database,
    drill: &Drill,
    runner: &Identity,
    restored: &Identity,
) -> ConfigMap {
    let cluster = cluster(cx, database, drill, restored);
    let nothing = Traced::because(Text::Literal("SELECT false"), drill.because);
    let question = drill.question.as_ref().unwrap_or(&nothing);
    let question = cx.tracer.derive(DRILL_QUESTION, (question,), |(question,)| {
        // whatever is no single boolean is an error of PostgreSQL's here; no answer at all is no
        Text::from(format!("SELECT coalesce((\n{}\n), false);\n", question.trim_end()))
    });
    let data = Files::from([
        ("check.sql".into(), question),
        ("cluster.json".into(), embedded::text(cx, DRILL_READ, &cluster)),
        ("drill.sh".into(), rule(DRILL_SCRIPT, include_str!("drill.sh"))),
    ]);
    ConfigMap {
        because: drill.because,
        metadata: runner.metadata(),
        immutable: None,
        data,
        binary_data: Files::new(),
    }
}

/// The database's cluster, with one instance, from the backups, and without anything that writes to the store.
fn cluster(cx: &Cx<'_>, database: &Database, drill: &Drill, restored: &Identity) -> Cluster {
    let mut cluster = super::cluster(cx, database, restored, drill.because, None);
    let read = Origin::rule(DRILL_READ);
    let recovery = Recovery {
        source: rule(DRILL_READ, SOURCE),
        database: database.database.clone(),
        owner: database.database.clone(),
        recovery_target: Maybe::none(read),
    };
    let source = ExternalCluster {
        name: rule(DRILL_READ, SOURCE),
        plugin: SourcePlugin {
            name: rule(DRILL_READ, PLUGIN),
            parameters: SourceParameters {
                barman_object_name: NameOf::of("ObjectStore", &drill.restored),
                server_name: database.object.clone(),
            },
        },
    };
    let spec = &mut cluster.spec;
    spec.instances = rule(DRILL_READ, 1u32);
    spec.enable_pdb = rule(DRILL_READ, false);
    spec.certificates = Maybe::none(read);
    spec.replica = Maybe::none(read);
    spec.postgresql.synchronous = Maybe::none(read);
    spec.bootstrap = Bootstrap { initdb: Maybe::none(read), recovery: Maybe::some(read, recovery) };
    spec.external_clusters = Items::one(SOURCE, read, source);
    spec.plugins = Items::default();
    spec.service_account_template = account(cx);
    cluster
}

/// Annotations of the restored instance's account, which bind it to a role that may read backups.
fn account(cx: &Cx<'_>) -> Maybe<AccountTemplate> {
    let Some(store) = &cx.platform().object_store else { return Maybe::none(cx.platform().origin) };
    if store.read_role.is_empty() {
        return Maybe::none(Origin::spec(store.at));
    }
    let annotations: BTreeMap<Text, Traced<Text>> = store.read_role.iter().cloned().collect();
    let metadata = TemplateMetadata { labels: Labels::default(), annotations };
    Maybe::some(Origin::spec(store.at), AccountTemplate { metadata })
}

fn seconds(duration: &Duration) -> u32 {
    u32::try_from(duration.seconds_ceil()).unwrap_or(u32::MAX)
}

fn cron_job(cx: &Cx<'_>, database: &Database, drill: &Drill, runner: &Identity) -> CronJob {
    let deadline = cx.tracer.derive(DRILL_JOB, (&drill.timeout,), |(timeout,)| {
        seconds(&Duration::from_seconds(timeout.seconds_ceil().saturating_add(DRILL_REMOVAL)))
    });
    CronJob {
        because: drill.because,
        metadata: runner.metadata(),
        spec: CronJobSpec {
            schedule: drill.schedule_text(),
            time_zone: rule(DRILL_JOB, "Etc/UTC"),
            concurrency_policy: rule(DRILL_JOB, ConcurrencyPolicy::Forbid),
            starting_deadline_seconds: rule(DRILL_JOB, 600u32),
            successful_jobs_history_limit: rule(DRILL_JOB, 3u32),
            failed_jobs_history_limit: rule(DRILL_JOB, 3u32),
            suspend: None,
            job_template: JobTemplate {
                spec: JobSpec {
                    suspend: None,
                    active_deadline_seconds: deadline,
                    backoff_limit: rule(DRILL_JOB, 0u32),
                    parallelism: None,
                    completions: None,
                    completion_mode: None,
                    ttl_seconds_after_finished: None,
                    pod_failure_policy: Maybe::none(Origin::rule(DRILL_JOB)),
                    template: template(cx, database, drill, runner),
                },
            },
        },
    }
}

fn template(cx: &Cx<'_>, database: &Database, drill: &Drill, runner: &Identity) -> PodTemplate {
    let origin = Origin::rule(DRILL_SCRIPT);
    let mut volumes = Items::default();
    let files = ConfigMapVolume {
        name: NameOf::of("ConfigMap", &drill.object),
        default_mode: Some(rule(DRILL_SCRIPT, 0o444)),
        items: Items::default(),
        optional: None,
    };
    let volume = |name: &'static str, source| Volume { name: rule(DRILL_SCRIPT, name), source };
    volumes.push(ROLE, origin, volume(ROLE, VolumeSource::ConfigMap(files)));
    let size_limit = amount(&rule::<_, Bytes>(WRITABLE, Bytes::from_bytes(64 << 20)));
    volumes.push("tmp", origin, volume("tmp", VolumeSource::EmptyDir(EmptyDir { medium: None, size_limit })));
    let restart = Some(rule(DRILL_JOB, RestartPolicy::Never));
    // time to take the cluster away after the deadline
    let mut template =
        pod::spec(cx, runner, container(cx, database, drill), volumes, restart, rule(DRILL_JOB, 330u32));
    // as the database that it asks
    labels::leave_mesh(cx, &mut template.metadata);
    template.spec.automount_service_account_token = rule(DRILL_RIGHTS, true);
    template.spec.affinity = None;
    template.spec.topology_spread_constraints = Items::default();
    template
}

fn container(cx: &Cx<'_>, database: &Database, drill: &Drill) -> Container {
    let word = |word: &'static str| rule::<_, Text>(DRILL_SCRIPT, word);
    let mut mounts = Items::default();
    for (name, path, read_only) in [(ROLE, FOLDER, true), ("tmp", "/tmp", false)] {
        let mount = VolumeMount {
            name: word(name),
            mount_path: word(path),
            sub_path: None,
            read_only: read_only.then(|| rule(DRILL_SCRIPT, true)),
        };
        mounts.push(path, Origin::rule(DRILL_SCRIPT), mount);
    }
    let probes = pod::no_probes(Origin::rule(DRILL_JOB));
    Container {
        name: word(ROLE),
        image: drill
            .image
            .as_ref()
            .map_or_else(|| Traced::because(Text::Literal(""), drill.because), crate::system::Image::text),
        image_pull_policy: rule(IMAGE_PULL, ImagePullPolicy::Always),
        restart_policy: None,
        command: vec![word("/bin/sh"), word("/etc/drill/drill.sh")],
        args: Vec::new(),
        ports: Items::default(),
        env_from: Items::default(),
        env: env(cx, database, drill),
        resize_policy: Items::default(),
        resources: pod::sized(
            cx,
            &rule(DRILL_SCRIPT, Cpu::from_millis(100)),
            &rule(DRILL_SCRIPT, Bytes::from_bytes(128 << 20)),
            &rule(DRILL_SCRIPT, Bytes::from_bytes(128 << 20)),
        ),
        startup_probe: probes.startup,
        readiness_probe: probes.readiness,
        liveness_probe: probes.liveness,
        lifecycle: Maybe::none(Origin::rule(DRILL_JOB)),
        security_context: pod::container_security(),
        volume_mounts: mounts,
    }
}

/// What the program and `psql` read: names, times, and a session that may only read.
fn env(cx: &Cx<'_>, database: &Database, drill: &Drill) -> Items<EnvVar> {
    let whole = |duration: &Traced<Duration>| {
        cx.tracer.derive(DRILL_JOB, (duration,), |(d,)| Text::from(d.seconds_ceil().to_string()))
    };
    let mut set = vec![
        ("DRILL_CLUSTER", drill.restored.clone()),
        ("DRILL_NAMESPACE", drill.namespace.clone()),
        ("DRILL_TIMEOUT", whole(&drill.timeout)),
        ("HOME", rule(DRILL_SCRIPT, "/tmp")),
        ("PGCONNECT_TIMEOUT", rule(DRILL_SCRIPT, "10")),
        ("PGDATABASE", database.database.clone()),
        ("PGHOST", drill.host.clone()),
        ("PGOPTIONS", rule(DRILL_QUESTION, "-c default_transaction_read_only=on -c statement_timeout=600s")),
        ("PGSSLMODE", rule(DRILL_SCRIPT, "require")),
    ];
    set.extend(drill.limit.as_ref().map(|limit| ("DRILL_LIMIT", whole(limit))));
    set.sort_by_key(|(name, _)| *name);
    let mut env = Items::default();
    for (name, value) in set {
        let origin = value.origin();
        env.push(name, origin, EnvVar { name: rule(DRILL, name), source: EnvSource::Value(value) });
    }
    env
}
