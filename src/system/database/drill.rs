//! The drill of a database: its newest backup is restored, asked one question, and thrown away, again and again.
//!
//! It runs in a namespace of its own beside the service's, so that nothing there can be taken for production, and nothing
//! in production reaches it. How old the last good drill is, and how long drills take, is what kube-state-metrics tells of
//! the CronJob and its Jobs: nothing else has to be there.

use crate::origin::{
    DRILL, DRILL_IMAGE, DRILL_LIMIT, DRILL_NAME, DRILL_NAMESPACE, DRILL_TIMEOUT, Origin, Traced, Tracer,
};
use crate::promql::{Expr, Match};
use crate::spec::database as spec;
use crate::system::image::Image;
use crate::system::{Context, Place, names, text_of};
use crate::text::Text;
use crate::value::{Bytes, Cron, Duration, Value as _};

use super::Backup;
use super::shards::Stack;

/// Seconds after its time-out that a drill has to take everything away.
pub const REMOVAL: u64 = 900;

/// The drill of a database.
#[derive(Clone, Debug)]
pub struct Drill {
    /// why there is one: its schedule, and the backups
    pub because: Origin,
    /// where it runs
    pub namespace: Traced<Text>,
    /// name of what runs it
    pub object: Traced<Text>,
    /// name of the cluster that is restored
    pub restored: Traced<Text>,
    /// host of that cluster
    pub host: Traced<Text>,
    /// when it runs
    pub schedule: Traced<Cron>,
    /// the longest time until the cluster is there
    pub timeout: Traced<Duration>,
    /// what is left of the promise when the time to notice is over
    pub limit: Option<Traced<Duration>>,
    /// the question, as one query
    pub question: Option<Traced<Text>>,
    /// what runs: `kubectl` and `psql`
    pub image: Option<Image>,
}

/// What decides a drill besides its own keys.
pub(super) struct Around<'a> {
    pub(super) object: &'a Traced<Text>,
    pub(super) stack: &'a Stack,
    pub(super) storage: &'a Traced<Bytes>,
    pub(super) rate: &'a Traced<Bytes>,
    pub(super) detect: &'a Traced<Duration>,
    pub(super) backup: Option<&'a Backup>,
    pub(super) backup_because: Origin,
}

/// `<namespace>-drill`.
pub(super) fn namespace(of: &Traced<Text>, tracer: &Tracer) -> Traced<Text> {
    tracer.derive(DRILL_NAMESPACE, (of,), |(namespace,)| format!("{namespace}-drill").into())
}

/// The drill, and why there is one or not.
pub(super) fn resolve(
    table: &spec::Database,
    around: &Around<'_>,
    place: &Place<'_>,
    context: &Context<'_>,
) -> (Option<Drill>, Origin) {
    let tracer = context.tracer;
    let written = table.backup.as_ref();
    let silent = written.map_or(table.at, |backup| backup.at);
    let Some(schedule) = written.and_then(|backup| backup.drill.as_ref()) else {
        return (None, tracer.because(DRILL, &[Origin::spec(silent)]));
    };
    let there = around.stack.because(place.because(table.at, tracer), tracer);
    let inputs = [schedule.origin(), around.backup_because, there];
    let because = tracer.because(DRILL, &inputs);
    if around.backup.is_none() {
        return (None, because);
    }
    let recovery = table.recovery.as_ref();
    let namespace = namespace(place.namespace, tracer);
    let restored = names::with_suffix(DRILL_NAME, around.object, tracer, |n| format!("{n}-restore").into());
    let primary = names::with_suffix(DRILL_NAME, &restored, tracer, |n| format!("{n}-rw").into());
    let drill = Drill {
        because,
        object: names::with_suffix(DRILL_NAME, around.object, tracer, |n| format!("{n}-drill").into()),
        host: names::host(&primary, &namespace, &context.platform.cluster_domain, tracer),
        schedule: around.stack.staggered(&schedule.map(|schedule| schedule.cron().clone()), tracer),
        timeout: recovery.and_then(|r| r.drill_timeout).unwrap_or_else(|| {
            tracer.derive(DRILL_TIMEOUT, (around.storage, around.rate), |(storage, rate)| {
                let copy = storage.bytes().div_ceil(rate.bytes().max(1));
                Duration::from_seconds((copy * 2 + 900).next_multiple_of(60))
            })
        }),
        limit: recovery.and_then(|r| r.rto).map(|rto| {
            tracer.derive(DRILL_LIMIT, (&rto, around.detect), |(rto, detect)| {
                Duration::from_seconds(rto.seconds_ceil().saturating_sub(detect.seconds_ceil()))
            })
        }),
        question: recovery.and_then(|r| r.check.as_ref()).map(text_of),
        image: context.platform.drill_image.as_ref().map(|image| {
            let mut image = Image::of_reference(image, context.images, tracer);
            if let Ok(reference) = &mut image.reference {
                let origin = tracer.because(DRILL_IMAGE, &[reference.origin()]);
                *reference = Traced::because(reference.get().clone(), origin);
            }
            image
        }),
        restored,
        namespace,
    };
    (Some(drill), because)
}

impl Drill {
    /// One series of the `CronJob`, as kube-state-metrics tells it (its docs, "CronJob Metrics").
    fn of_cron_job(&self, name: &'static str) -> Expr {
        let here = Match::Is("namespace", self.namespace.get().to_string());
        Expr::Metric(name, vec![here, Match::Is("cronjob", self.object.get().to_string())])
    }

    /// One series of each pod that ran a drill and is not cleaned up yet (its docs, "Pod Metrics").
    fn of_pods(&self, name: &'static str) -> Expr {
        let here = Match::Is("namespace", self.namespace.get().to_string());
        Expr::Metric(
            name,
            vec![here, Match::Begins("pod", self.object.get().to_string(), "-[0-9]+-[a-z0-9]+")],
        )
    }

    /// When it was first asked for; nothing tells that where kube-state-metrics is not there.
    pub(crate) fn made(&self) -> Expr {
        self.of_cron_job("kube_cronjob_created")
    }

    /// When the last good drill ended; none while none was good.
    pub(crate) fn last_good(&self) -> Expr {
        self.of_cron_job("kube_cronjob_status_last_successful_time")
    }

    /// When each drill began, good or not.
    pub(crate) fn began(&self) -> Expr {
        self.of_pods("kube_pod_start_time")
    }

    /// When each drill ended, good or not.
    pub(crate) fn ended(&self) -> Expr {
        self.of_pods("kube_pod_completion_time")
    }

    /// The age of the last good drill in seconds, in `PromQL`; none while none was good.
    pub fn age(&self) -> String {
        Expr::Time.op("-", self.last_good()).to_string()
    }

    /// How long each drill took in seconds, with the removal, in `PromQL`.
    pub fn duration(&self) -> String {
        self.ended().op("-", self.began()).to_string()
    }

    /// The longest time between two drills, in seconds; none for a schedule that never comes.
    pub fn longest_period(&self) -> Option<u64> {
        self.schedule.get().max_interval().map(|minutes| minutes * 60)
    }

    /// The shortest time between two drills, in seconds; none for a schedule that never comes.
    pub fn period(&self) -> Option<u64> {
        self.schedule.get().min_interval().map(|minutes| minutes * 60)
    }

    /// When it runs, as text.
    pub fn schedule_text(&self) -> Traced<Text> {
        self.schedule.map(|cron| Text::from(cron.text().into_owned()))
    }
}
