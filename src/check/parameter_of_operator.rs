//! A PostgreSQL setting that the operator keeps for itself.
//!
//! Source: CloudNativePG 1.30, "PostgreSQL configuration", fixed and blocked parameters.

use super::context::noun;
use super::{Check, Context, Found};

pub(super) const CHECK: Check = check!("parameter-of-operator", Error, One(run));

/// The settings, sorted, and families of them by how they begin.
const KEPT: &[&str] = &[
    "allow_system_table_mods",
    "archive_cleanup_command",
    "archive_command",
    "archive_mode",
    "cluster_name",
    "config_file",
    "data_directory",
    "data_sync_retry",
    "event_source",
    "external_pid_file",
    "hba_file",
    "hot_standby",
    "ident_file",
    "jit_provider",
    "listen_addresses",
    "logging_collector",
    "port",
    "primary_conninfo",
    "primary_slot_name",
    "promote_trigger_file",
    "recovery_end_command",
    "recovery_min_apply_delay",
    "restart_after_crash",
    "restore_command",
    "shared_preload_libraries",
    "ssl",
    "stats_temp_directory",
    "synchronized_standby_slots",
    "synchronous_standby_names",
    "temp_tablespaces",
];

const FAMILIES: &[&str] = &[
    "bonjour",
    "log_dest",
    "log_dir",
    "log_file",
    "log_rotation",
    "log_truncate",
    "pg_failover_slots.",
    "recovery_target",
    "ssl_",
    "syslog_",
    "unix_socket_",
];

fn is_kept(name: &str) -> bool {
    KEPT.binary_search(&name).is_ok() || FAMILIES.iter().any(|family| name.starts_with(family))
}

/// What to write instead, for the settings that people look for.
fn instead(name: &str) -> Option<&'static str> {
    match name {
        "synchronous_standby_names" => Some("write `replication = { sync = 1 }`, from which it follows"),
        "archive_mode" | "archive_command" => {
            Some("the log is archived where `[platform.object_store]` says so")
        }
        _ => None,
    }
}

fn run(cx: &Context<'_>, found: &mut Found) {
    for service in &cx.system.services {
        for database in &service.databases {
            let table = service.file.databases.get(database.name.get());
            let written = table.into_iter().flat_map(|table| table.value.parameters.iter());
            for (name, entry) in written.filter(|(name, _)| is_kept(name)) {
                let path = noun(service, "databases", database.name.get());
                found.push(
                    cx.find(&CHECK, format!("`{name}` of `{path}` is set by the operator alone"))
                        .at_key(entry.key.origin(), "not for a spec")
                        .note("CloudNativePG refuses a Cluster that sets it: its failover and its backups depend on it")
                        .help(instead(name).unwrap_or("delete it")),
                );
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_names_are_sorted() {
        assert!(KEPT.is_sorted());
        assert!(is_kept("ssl_ca_file") && is_kept("port") && !is_kept("work_mem"));
    }
}
