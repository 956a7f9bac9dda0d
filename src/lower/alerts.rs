//! What wakes somebody: metrics of databases and the rules over them, where prometheus-operator is there.
//!
//! Sources: CloudNativePG 1.30, docs "Monitoring" and its default queries (`cnpg_*`); Barman Cloud plugin 0.14, docs
//! "Observability" (`barman_cloud_cloudnative_pg_io_*`, served by the instances); kubelet metrics (`kubelet_volume_stats_*`),
//! cAdvisor's (`container_memory_working_set_bytes`), KEDA's (`keda_scaler_metrics_value`), kube-state-metrics'. A PodMonitor gives its series the
//! label `job` with namespace and name of the PodMonitor.

mod drill;

use std::collections::BTreeMap;

use super::Cx;
use super::labels::{self, Identity};
use crate::bundle::{Bundle, Scope};
use crate::k8s::{
    AlertRule, LabelSelector, PodMetricsEndpoint, PodMonitor, PodMonitorSpec, PrometheusRule,
    PrometheusRuleSpec, RuleGroup,
};
use crate::origin::{ALERT, ALERT_ARCHIVE, ALERT_BACKUP, MONITOR, Origin, Traced, rule};
use crate::promql::{Expr, Match};
use crate::spec::platform::AddOn;
use crate::system::{Cache, CacheServer, Database, Service, Workload};
use crate::text::Text;
use crate::value::{Cron, Value};
use crate::walk::Items;

/// Why there are alerts or not: the list of add-ons.
pub(super) fn asked(cx: &Cx<'_>, of: Origin) -> Origin {
    let platform = cx.platform();
    let declared = platform.add_ons.at.map_or(platform.origin, Origin::spec);
    let named = platform.add_ons.iter().filter(|add_on| *add_on.get() == AddOn::PrometheusOperator);
    let mut why = vec![of, declared];
    why.extend(named.map(Traced::origin));
    cx.tracer.because(MONITOR, &why)
}

/// Who is told, and where it says what to do.
pub(super) struct To<'a> {
    pub(super) service: &'a Service,
    /// the object that it is about, which is also the name of its section in the runbook
    pub(super) object: &'a Traced<Text>,
}

/// An alert in the making.
pub(super) struct Alert {
    pub(super) name: &'static str,
    /// how long it must hold: a duration of Prometheus
    pub(super) hold: &'static str,
    pub(super) severity: &'static str,
    pub(super) expr: Expr,
    /// what is the case
    pub(super) summary: String,
    /// what to do
    pub(super) action: String,
    /// what decides the numbers
    pub(super) why: Vec<Origin>,
}

impl Alert {
    pub(super) fn rule(self, cx: &Cx<'_>, to: &To<'_>) -> AlertRule {
        let mut why = vec![to.object.origin(), to.service.namespace.origin()];
        why.extend(self.why);
        let because = cx.tracer.because(ALERT, &why);
        let text = |text: String| Traced::because(Text::from(text), because);
        let mut labels = BTreeMap::from([
            ("namespace".into(), to.service.namespace.clone()),
            ("service".into(), to.service.name.clone()),
            ("severity".into(), rule(ALERT, self.severity)),
        ]);
        labels.extend(
            to.service
                .owner
                .iter()
                .map(|owner| (Text::Literal("owner"), owner.map(|owner| Text::from(escaped(owner))))),
        );
        let runbook = format!("RUNBOOK.md, section {}", to.object.get());
        AlertRule {
            alert: rule(ALERT, self.name),
            expr: text(self.expr.to_string()),
            hold: rule(ALERT, self.hold),
            labels,
            annotations: BTreeMap::from([
                ("description".into(), text(self.action)),
                ("runbook".into(), text(runbook)),
                ("summary".into(), text(self.summary)),
            ]),
        }
    }
}

/// A text of the spec in a place that Prometheus takes for a template of Go.
pub(super) fn escaped(text: &str) -> String {
    text.replace("{{", "{{ \"{{\" }}")
}

fn push(
    cx: &Cx<'_>,
    to: &To<'_>,
    (identity, scope, because): (&Identity, &Scope, Origin),
    alerts: Vec<Alert>,
    bundle: &mut Bundle,
) {
    let mut rules = Items::default();
    for alert in alerts {
        let (name, alert) = (alert.name, alert.rule(cx, to));
        rules.push(name, alert.expr.origin(), alert);
    }
    let group = RuleGroup { name: to.object.clone(), rules };
    let groups = Items::one("alerts", because, group);
    let object =
        PrometheusRule { because, metadata: identity.metadata(), spec: PrometheusRuleSpec { groups } };
    bundle.push(scope, None, object);
}

fn monitor(because: Origin, identity: &Identity, selector: LabelSelector) -> PodMonitor {
    let endpoint = PodMetricsEndpoint { port: rule(MONITOR, "metrics"), interval: rule(MONITOR, "30s") };
    PodMonitor {
        because,
        metadata: identity.metadata(),
        spec: PodMonitorSpec {
            selector,
            pod_metrics_endpoints: Items::one("metrics", Origin::rule(MONITOR), endpoint),
        },
    }
}

/// The monitors and alerts of a database.
pub(super) fn of_database(
    cx: &Cx<'_>,
    service: &Service,
    database: &Database,
    scope: &Scope,
    bundle: &mut Bundle,
) {
    let because = asked(cx, database.because);
    if !cx.platform().has(AddOn::PrometheusOperator) {
        for kind in ["PodMonitor", "PrometheusRule"] {
            bundle.leave_out(scope, kind, database.object.get(), because);
        }
        return bundle.leave_out_as(
            scope,
            "PodMonitor",
            Some("pooler".into()),
            database.object.get(),
            because,
        );
    }
    let identity = Identity::new(cx, service, &database.object, &database.name);
    let cluster = labels::matching([("cnpg.io/cluster".into(), database.object.clone())]);
    bundle.push(scope, None, monitor(because, &identity, cluster));
    let pooled = cx.tracer.because(MONITOR, &[because, database.pool_mode.origin()]);
    match &database.pool {
        Some(pool) => {
            let identity = Identity::of_pooler(cx, service, &pool.object, &database.name);
            let selector = labels::pooler_named(pool.object.clone());
            bundle.push(scope, Some("pooler"), monitor(pooled, &identity, selector));
        }
        None => {
            bundle.leave_out_as(scope, "PodMonitor", Some("pooler".into()), database.object.get(), pooled);
        }
    }
    let to = To { service, object: &database.object };
    let of = OfDatabase { namespace: service.namespace.get(), database };
    let mut alerts = vec![of.gone()];
    alerts.extend(of.backup());
    alerts.extend(of.archive());
    // behind a site that is idle every clock says that a standby lags
    let follows = database.follows();
    alerts.extend((follows.is_none() && *database.instances.get() > 1).then(|| of.lag()));
    alerts.extend(follows.and_then(|because| of.follows_no_more(because)));
    alerts.extend(of.volumes());
    alerts.push(of.connections());
    alerts.extend(drill::alerts(database));
    push(cx, &to, (&identity, scope, because), alerts, bundle);
}

struct OfDatabase<'a> {
    namespace: &'a Text,
    database: &'a Database,
}

impl OfDatabase<'_> {
    fn name(&self) -> &Text {
        self.database.object.get()
    }

    /// Series of the cluster's own PodMonitor.
    fn metric(&self, name: &'static str, further: Option<Match>) -> Expr {
        let job = Match::Is("job", format!("{}/{}", self.namespace, self.name()));
        Expr::Metric(name, [job].into_iter().chain(further).collect())
    }

    fn status(&self) -> String {
        format!("kubectl -n {} get clusters.postgresql.cnpg.io {}", self.namespace, self.name())
    }

    /// Without metrics none of the others can be raised.
    fn gone(&self) -> Alert {
        Alert {
            name: "DatabaseNotWatched",
            hold: "15m",
            severity: "critical",
            expr: self.metric("cnpg_collector_up", None).call("absent"),
            summary: format!("no instance of {} gives metrics", self.name()),
            action: format!(
                "Until it does, no other alert of this database can be raised. See whether it runs: {}. If it does, see \
                 whether Prometheus selects PodMonitor {}.",
                self.status(),
                self.name()
            ),
            why: vec![self.database.because],
        }
    }

    /// The longest time between two base backups and two hours for one to be made, in seconds; and what decides it.
    fn between_backups(&self) -> Option<(u64, Origin)> {
        const MADE_WITHIN: u64 = 2 * 3600;
        let schedule = &self.database.backup.as_ref()?.schedule;
        let cron = schedule.get().strip_prefix("0 ").and_then(|five| Cron::parse(five).ok());
        let gap = cron.and_then(|cron| cron.max_interval()).unwrap_or(24 * 60) * 60;
        Some((gap + MADE_WITHIN, schedule.origin()))
    }

    fn backup(&self) -> Option<Alert> {
        let backup = self.database.backup.as_ref()?;
        let (limit, _) = self.between_backups()?;
        let newest = || self.metric("barman_cloud_cloudnative_pg_io_last_available_backup_timestamp", None);
        let age = Expr::Time.op("-", newest().by("max", &["job"])).op(">", Expr::Number(limit));
        Some(Alert {
            name: "DatabaseBackupTooOld",
            hold: "1h",
            severity: "critical",
            expr: age.op("or", newest().call("absent")),
            summary: format!("{} has no base backup of the last {} hours", self.name(), limit / 3600),
            action: format!(
                "A restore would begin from an old backup and replay all since. See why the last one failed: kubectl -n {} get \
                 backups.postgresql.cnpg.io --sort-by=.metadata.creationTimestamp. Then make one by hand, as the runbook says.",
                self.namespace
            ),
            why: vec![self.database.backup_because, backup.schedule.origin(), Origin::rule(ALERT_BACKUP)],
        })
    }

    /// Segments wait and none was archived lately. An idle database has none that waits, so it is silent.
    fn archive(&self) -> Option<Alert> {
        self.database.backup.as_ref()?;
        let ready = Match::Is("value", "ready".to_owned());
        let waits = self.metric("cnpg_collector_pg_wal_archive_status", Some(ready)).op(">", Expr::Number(0));
        let lately = self
            .metric("cnpg_pg_stat_archiver_seconds_since_last_archival", None)
            .op("<=", Expr::Number(300));
        let primary = self.metric("cnpg_pg_replication_in_recovery", None).op("==", Expr::Number(0));
        Some(Alert {
            name: "DatabaseLogNotArchived",
            hold: "5m",
            severity: "critical",
            expr: waits.op_on("unless", &["pod"], lately).op_on("and", &["pod"], primary),
            summary: format!(
                "the log of {} waits to be archived, and for 5 minutes none of it was",
                self.name()
            ),
            action: format!(
                "What is written now would be lost with the cluster, and the log fills its volume. See what the archiver says: \
                 kubectl -n {} logs {{{{ $labels.pod }}}} -c plugin-barman-cloud. Most often the object store refuses: its \
                 address, its role, its space.",
                self.namespace
            ),
            why: vec![self.database.backup_because, Origin::rule(ALERT_ARCHIVE)],
        })
    }

    /// What a cluster replays of another site's log it archives again, and each base backup there closes a segment.
    fn follows_no_more(&self, because: Origin) -> Option<Alert> {
        let (limit, why) = self.between_backups()?;
        let archived =
            self.metric("cnpg_pg_stat_archiver_seconds_since_last_archival", None).by("min", &["job"]);
        Some(Alert {
            name: "DatabaseFollowsNoMore",
            hold: "1h",
            severity: "critical",
            expr: archived.op(">", Expr::Number(limit)),
            summary: format!(
                "{} has replayed nothing of the other site for {} hours",
                self.name(),
                limit / 3600
            ),
            action: format!(
                "If the other site is lost now, so is what it wrote since. See what the plugin says: kubectl -n {} logs -l \
                 cnpg.io/cluster={},cnpg.io/instanceRole=primary -c plugin-barman-cloud. Most often it may not read the other store.",
                self.namespace,
                self.name()
            ),
            why: vec![because, why, Origin::rule(ALERT_BACKUP)],
        })
    }

    fn lag(&self) -> Alert {
        Alert {
            name: "DatabaseStandbyLags",
            hold: "10m",
            severity: "warning",
            expr: self.metric("cnpg_pg_replication_lag", None).op(">", Expr::Number(300)),
            summary: format!("a standby of {} is more than 5 minutes behind", self.name()),
            action: format!(
                "A failover to it would take that long to replay. See whether it is short of CPU or disk, or whether one long \
                 query holds it up: {}.",
                self.status()
            ),
            why: vec![self.database.instances.origin()],
        }
    }

    /// Volumes of data and of the log, by the names that the operator gives their claims.
    fn volumes(&self) -> Vec<Alert> {
        let fill = |pattern: &'static str| {
            let stat = |name| {
                let own = Match::Is("namespace", self.namespace.to_string());
                let claim = Match::Begins("persistentvolumeclaim", self.name().to_string(), pattern);
                Expr::Metric(name, vec![own, claim])
            };
            let used = stat("kubelet_volume_stats_used_bytes").op("*", Expr::Number(100));
            let part = used.op_on(
                "/",
                &["namespace", "persistentvolumeclaim"],
                stat("kubelet_volume_stats_capacity_bytes"),
            );
            part.op(">", Expr::Number(80))
        };
        let mut all = vec![Alert {
            name: "DatabaseVolumeFull",
            hold: "15m",
            severity: "critical",
            expr: fill("-[0-9]+"),
            summary: format!("a data volume of {} is filled to more than 80 %", self.name()),
            action: format!(
                "When it is full, PostgreSQL stops. Write a larger storage for {} in the spec: a volume grows while it is in \
                 use, and never shrinks.",
                self.name()
            ),
            why: vec![self.database.storage.origin()],
        }];
        if let Some(storage) = &self.database.wal_storage {
            all.push(Alert {
                name: "DatabaseLogVolumeFull",
                hold: "15m",
                severity: "critical",
                expr: fill("-[0-9]+-wal"),
                summary: format!("a log volume of {} is filled to more than 80 %", self.name()),
                action: "When it is full, PostgreSQL stops. Most often the log is not archived, or a replication slot holds it: \
                         see to that first, and write a larger wal_storage if neither is so."
                    .to_owned(),
                why: vec![storage.origin(), self.database.wal_because],
            });
        }
        all
    }

    /// What is taken of the connections that are for workloads.
    fn connections(&self) -> Alert {
        let most = *self.database.max_connections.get();
        let limit = u64::from(most.saturating_sub(crate::system::database::OVERHEAD)) * 9 / 10;
        Alert {
            name: "DatabaseConnectionsUsedUp",
            hold: "5m",
            severity: "warning",
            expr: self.metric("cnpg_backends_total", None).by("sum", &["pod"]).op(">", Expr::Number(limit)),
            summary: format!("{} has more than {limit} of its {most} connections in use", self.name()),
            action: format!(
                "The budget of the report holds for what it lists. See who has more: psql into {{{{ $labels.pod }}}} of namespace \
                 {} and ask pg_stat_activity for usename and application_name.",
                self.namespace
            ),
            why: vec![self.database.max_connections.origin()],
        }
    }
}

/// The alert of a cache of our own.
pub(super) fn of_cache(
    cx: &Cx<'_>,
    (service, cache, server): (&Service, &Cache, &CacheServer),
    identity: &Identity,
    scope: &Scope,
    bundle: &mut Bundle,
) {
    let because = asked(cx, cache.because);
    if !cx.platform().has(AddOn::PrometheusOperator) {
        return bundle.leave_out(scope, "PrometheusRule", cache.object.get(), because);
    }
    let limit = server.memory.get().bytes() / 10 * 9;
    let taken = Expr::Metric(
        "container_memory_working_set_bytes",
        vec![
            Match::Is("namespace", service.namespace.get().to_string()),
            Match::Begins("pod", cache.object.get().to_string(), "-[a-z0-9]+-[a-z0-9]+"),
            Match::Is("container", "cache".to_owned()),
        ],
    );
    let alert = Alert {
        name: "CacheMemoryUsedUp",
        hold: "15m",
        severity: "warning",
        expr: taken.op(">", Expr::Number(limit)),
        summary: format!(
            "{} takes more than nine tenths of its {}",
            cache.object.get(),
            server.memory.get().text()
        ),
        action: format!(
            "Above its limit it is killed, and what it does not keep is gone. See what takes the memory with INFO memory: entries \
             stay below {}, so it is fragmentation or clients. Write a larger memory in the spec.",
            server.max_memory.get().text()
        ),
        why: vec![server.memory.origin(), server.max_memory.origin()],
    };
    let to = To { service, object: &cache.object };
    push(cx, &to, (identity, scope, because), vec![alert], bundle);
}

/// The alert of a workload that scales by work that waits: more of it than all its pods are for.
pub(super) fn of_scaled(
    cx: &Cx<'_>,
    (service, workload): (&Service, &Workload),
    identity: &Identity,
    scope: &Scope,
    bundle: &mut Bundle,
) {
    let because = asked(cx, workload.waits.unwrap_or(workload.replicas.origin()));
    let is_watched = workload.waits.is_none() && cx.platform().has(AddOn::PrometheusOperator);
    let scaled = workload.scaling().filter(|_| is_watched);
    let Some((queue, max)) = scaled else {
        return bundle.leave_out(scope, "PrometheusRule", workload.object.get(), because);
    };
    let most = u64::from(queue.per_replica.get().get()) * u64::from(*max.get());
    let waiting = Expr::Metric(
        "keda_scaler_metrics_value",
        vec![
            Match::Is("exported_namespace", service.namespace.get().to_string()),
            Match::Is("scaledObject", workload.object.get().to_string()),
        ],
    );
    let alert = Alert {
        name: "WorkPilesUp",
        hold: "15m",
        severity: "warning",
        expr: waiting.by("max", &["scaledObject"]).op(">", Expr::Number(most)),
        summary: format!("more work waits for {} than its {} pods are for", workload.object.get(), max.get()),
        action: format!(
            "More than {most} items wait. See whether its pods work at all: kubectl -n {} logs -l app.kubernetes.io/name={}. If they \
             do, write a larger scale.max in the spec.",
            service.namespace.get(),
            workload.object.get()
        ),
        why: vec![queue.per_replica.origin(), max.origin(), because],
    };
    let to = To { service, object: &workload.object };
    push(cx, &to, (identity, scope, because), vec![alert], bundle);
}
