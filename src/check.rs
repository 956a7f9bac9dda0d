//! STAGE 4: what no type can forbid. One check a file, under the name of the bad pattern that it finds.
//!
//! A check reads resolved environments and reports; it changes nothing and cannot fail. What resolving left open is
//! reported here, so that lowering never meets it. `<slug>.md` beside the code is the check's documentation, what
//! `specc explain <slug>` prints, and its test.
//!
//! **To add a check**: write `src/check/<slug>.rs` (with `_` for `-`) and `src/check/<slug>.md` and run the tests, which
//! print the lines to paste into this file and into the registry.
//!
//! Levels: [`Level::Error`] is for what the cluster refuses or what cannot work, and cannot be lowered; [`Level::Deny`] for
//! what is dangerous, and can be waived in `[checks]` with a reason; [`Level::Warn`] for advice.

/// Declares the check of a file: `check!("slug", Error, One(run))`. The page is `<slug>.md` beside it.
macro_rules! check {
    ($slug:literal, $Level:ident, $Run:ident($run:path)) => {
        $crate::check::Check {
            slug: $slug,
            level: $crate::check::Level::$Level,
            page: $crate::diagnostic::pages::Page { code: $slug, text: include_str!(concat!($slug, ".md")) },
            run: $crate::check::Run::$Run($run),
        }
    };
}

mod context;
mod derived;
mod fields;
mod history;
mod levels;
mod made;
mod meeting;
mod migrations;
mod pod_security;
mod registry;
mod retries;
mod routed;
#[cfg(test)]
mod tests;

mod account_shared;
mod ack_timeout_too_short;
mod add_on_missing;
mod alias_breaks_tls;
mod alias_unusable;
mod api_field_invalid;
mod api_field_missing;
mod api_server_missing;
mod autoscaler_bounds;
mod backup_half_encrypted;
mod backup_meets_heavy_run;
mod backup_missing;
mod blackbox_missing;
mod cache_does_not_fit;
mod cache_key_unused;
mod call_without_edge;
mod certificate_unusable;
mod connect_timeout_too_long;
mod connections_exceeded;
mod container_name_taken;
mod container_order_cycle;
mod copies_outside_prod;
mod cors_impossible;
mod credential_missing;
mod cron_overlap;
mod cron_timezone_dst;
mod database_memory_overcommitted;
mod database_version_mismatch;
mod db_single_instance_in_prod;
mod deadline_overrun;
mod derived_field_written;
mod derived_name_collision;
mod disk_of_many_pods;
mod doubtful_value;
mod drain_below_timeout;
mod drill_across_shards;
mod drill_can_write;
mod drill_in_production;
mod drill_incomplete;
mod drill_meets_backup;
mod drill_missing;
mod drill_outlasts_period;
mod duplicate_edge;
mod edge_without_port;
mod egress_outside_mesh;
mod egress_to_any;
mod egress_waypoint_missing;
mod env_key_missing;
mod env_key_undeclared;
mod env_points_elsewhere;
mod evicting_store;
mod external_host_twice;
mod file_content_unclear;
mod file_key_missing;
mod fixed_field_changed;
mod gateway_and_ingress;
mod gateway_missing;
mod gateway_outside_mesh;
mod generated_in_prod;
mod generated_wrongly;
mod grace_too_short;
mod grpc_pinned_connections;
mod hardening_loosened;
mod image_missing;
mod image_not_locked;
mod image_registry_untrusted;
mod image_unpinned;
mod ingress_cannot_express;
mod issuer_missing;
mod key_not_for_kind;
mod kubernetes_too_old;
mod limit_below_request;
mod limit_of_owner;
mod liveness_equals_readiness;
mod managed_address_missing;
mod managed_connections_exceeded;
mod managed_contradiction;
mod manifest_duplicate;
mod manifest_namespace;
mod manifest_reference_unknown;
mod manifest_secret;
mod many_retries;
mod memory_overcommitted;
mod mesh_key_unused;
mod mesh_port_taken;
mod migration_blocks_requests;
mod migration_meets_rollout;
mod migration_never_in_time;
mod migration_race;
mod migration_through_pooler;
mod migration_unguarded;
mod mount_conflict;
mod name_too_long;
mod no_site_takes_writes;
mod node_without_reason;
mod object_not_emitted;
mod object_too_large;
mod one_of_keys;
mod only_process_restarts;
mod orphan_item;
mod parameter_of_operator;
mod plaintext_edge;
mod plaintext_external;
mod plaintext_store;
mod pod_label_taken;
mod pod_not_restricted;
mod pod_security_exceeded;
mod port_conflict;
mod port_protocol_mismatch;
mod privileged_port;
mod probe_incomplete;
mod probe_missing;
mod probe_not_routed;
mod processes_exceed_cpu;
mod queue_key_not_for_engine;
mod recovery_test_meets_backup;
mod recovery_test_of_nothing;
mod recovery_unmet;
mod replicas_missing;
mod replicas_with_scale;
mod reserved_workload_name;
mod reshard_unacknowledged;
mod resharding_left_over;
mod restore_source_unusable;
mod retention_below_window;
mod retention_out_of_bounds;
mod retention_too_short;
mod retired_name_used;
mod retries_in_two_layers;
mod retry_amplification;
mod retry_not_idempotent;
mod role_limit_too_low;
mod role_name_reserved;
mod role_without_password;
mod role_without_user;
mod rollout_cannot_progress;
mod rollout_fails_too_early;
mod route_host_conflict;
mod route_key_unused;
mod route_refused;
mod route_timeout_mismatch;
mod route_without_port;
mod route_without_tls;
mod same_external_in_prod;
mod scale_source_incomplete;
mod scaled_by_unused;
mod schedule_missing;
mod secret_as_env;
mod secret_backup_in_same_store;
mod secret_backup_store_missing;
mod secret_backup_unused;
mod secret_in_plain;
mod secret_shared;
mod secret_store_missing;
mod secret_without_edge;
mod security_exception_over;
mod self_edge;
mod server_setting_unread;
mod service_name_differs;
mod service_not_here;
mod service_port_conflict;
mod service_setting_unused;
mod session_through_pooler;
mod shadowed_variable;
mod shard_contradiction;
mod single_replica_in_prod;
mod site_unusable;
mod sites_disagree;
mod stale_reads;
mod stateful_thing_removed;
mod sticky_undone;
mod storage_shrunk;
mod superuser_role;
mod synchronous_unsatisfiable;
mod timeout_inversion;
mod two_scalers;
mod unencrypted_volume;
mod unknown_edge;
mod unknown_output;
mod unknown_queue_source;
mod unknown_variable;
mod unprintable_text;
mod variable_collision;
mod version_downgraded;
mod volatile_store_in_prod;
mod volume_incomplete;
mod volume_unknown;
mod volume_unseen;
mod volumes_backed_up_twice;
mod webhook_without_route;
mod written_image_unpinned;
mod written_image_untrusted;
mod zone_hot_spot;

pub use context::Context;
pub use made::{Contents, Made, MadeObject};
pub use registry::CHECKS;

use crate::diagnostic::pages::Page;
use crate::diagnostic::{Diagnostic, Severity, Sink};
use crate::node::Nodes;
use crate::spec::project::ProjectFile;

/// How bad the findings of a check are unless the project says otherwise.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Level {
    /// the cluster refuses it, or it cannot work; cannot be lowered
    Error,
    /// works and is dangerous; can be waived with a reason
    Deny,
    /// advice
    Warn,
}

impl Level {
    /// What a finding of this level is.
    pub fn severity(self) -> Severity {
        match self {
            Level::Error => Severity::Error,
            Level::Deny => Severity::Deny,
            Level::Warn => Severity::Warning,
        }
    }

    /// The word in `[checks]` and in the docs.
    pub fn word(self) -> &'static str {
        match self {
            Level::Error => "error",
            Level::Deny => "deny",
            Level::Warn => "warn",
        }
    }
}

/// What a check looks at.
#[derive(Clone, Copy)]
pub enum Run {
    /// one environment at a time
    One(fn(&Context<'_>, &mut Found)),
    /// all environments that are built together, in order of promotion
    All(fn(&[Context<'_>], &mut Found)),
    /// one environment and the objects made for it, if it has some that are written by hand
    Made(fn(&Context<'_>, &Made, &mut Found)),
    /// an environment now, and the same one at an earlier revision
    Past(fn(&Context<'_>, &Context<'_>, &mut Found)),
}

/// A check.
#[derive(Clone, Copy)]
pub struct Check {
    /// its name, which is the code of its findings: the bad pattern in kebab case
    pub slug: &'static str,
    /// how bad its findings are
    pub level: Level,
    /// its documentation
    pub page: Page,
    /// what it does
    pub run: Run,
}

impl Check {
    /// One sentence: what the bad pattern is.
    pub fn summary(&self) -> &'static str {
        self.page.summary()
    }

    fn says(&self, title: impl Into<String>) -> Diagnostic {
        Diagnostic::new(self.level.severity(), self.slug, title)
    }
}

/// What a check found.
#[derive(Default)]
pub struct Found(Vec<Diagnostic>);

impl Found {
    fn push(&mut self, finding: context::Finding<'_>) {
        self.0.push(finding.done());
    }
}

/// The check with this name.
pub fn check(slug: &str) -> Option<&'static Check> {
    let index = CHECKS.binary_search_by(|check| check.slug.cmp(slug)).ok()?;
    CHECKS.get(index)
}

/// Runs every check that the project does not allow.
///
/// `contexts` are the environments that are built together, in order of promotion, and `past` those of an earlier
/// revision. `nodes` resolves the places of `project`, whose `[checks]` sets levels. `as_of` is the day (`2027-01-31`) on which `until` is judged; without it no
/// waiver ends.
pub fn run(
    contexts: &[Context<'_>],
    past: &[Context<'_>],
    project: &ProjectFile,
    nodes: &Nodes,
    as_of: Option<&str>,
    sink: &mut Sink,
) {
    let levels = levels::Levels::read(project, nodes, as_of, sink);
    each(&levels, sink, |check, found| match check.run {
        Run::One(run) => contexts.iter().for_each(|cx| run(cx, found)),
        Run::All(run) => run(contexts, found),
        Run::Past(run) => {
            for now in contexts {
                let same = |then: &&Context<'_>| then.environment() == now.environment();
                past.iter().filter(same).for_each(|then| run(now, then, found));
            }
        }
        Run::Made(_) => {}
    });
}

/// Runs the checks on objects that are written by hand, after [`run`] found nothing that forbids making them.
pub fn run_made(
    environments: &[(Context<'_>, Made)],
    project: &ProjectFile,
    nodes: &Nodes,
    as_of: Option<&str>,
    sink: &mut Sink,
) {
    // what is wrong with levels was said before
    let levels = levels::Levels::read(project, nodes, as_of, &mut Sink::default());
    each(&levels, sink, |check, found| {
        if let Run::Made(run) = check.run {
            for (cx, made) in environments {
                run(cx, made, found);
            }
        }
    });
}

/// Runs what `run` makes of each check that the project does not allow.
fn each(levels: &levels::Levels, sink: &mut Sink, run: impl Fn(&Check, &mut Found)) {
    for check in CHECKS {
        let Some(severity) = levels.severity(check) else { continue };
        let mut found = Found::default();
        run(check, &mut found);
        for mut finding in found.0 {
            finding.severity = severity;
            sink.push(finding);
        }
    }
}
