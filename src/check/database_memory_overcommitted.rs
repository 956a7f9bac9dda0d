//! A PostgreSQL server that may take more memory than its pods have.

use super::context::noun;
use super::{Check, Context, Found};
use crate::origin::Origin;
use crate::system::Database;
use crate::system::database::bytes_of;

pub(super) const CHECK: Check = check!("database-memory-overcommitted", Deny, One(run));

const BLOCK: u64 = 8 << 10;
const KIB: u64 = 1 << 10;
/// Workers of autovacuum, each of which may take `maintenance_work_mem`.
const VACUUM: u64 = 3;

fn setting(database: &Database, name: &str, unit: u64) -> Option<(u64, Origin)> {
    let value = database.parameters.get(name)?;
    Some((bytes_of(value.get(), unit)?, value.origin()))
}

fn run(cx: &Context<'_>, found: &mut Found) {
    for service in &cx.system.services {
        for database in &service.databases {
            let sizes = (
                setting(database, "shared_buffers", BLOCK),
                setting(database, "work_mem", KIB),
                setting(database, "maintenance_work_mem", KIB),
            );
            let (Some(shared), Some(work), Some(maintenance)) = sizes else { continue };
            let connections = u64::from(*database.max_connections.get());
            let mut parts = [
                (shared.0, shared.1, "shared_buffers".to_owned()),
                (work.0.saturating_mul(connections), work.1, format!("{connections} x work_mem")),
                (
                    maintenance.0.saturating_mul(VACUUM),
                    maintenance.1,
                    format!("{VACUUM} x maintenance_work_mem"),
                ),
            ];
            parts.sort_by_key(|part| std::cmp::Reverse(part.0));
            let sum = parts.iter().fold(0u64, |sum, part| sum.saturating_add(part.0));
            let memory = database.memory.get().bytes();
            if sum <= memory {
                continue;
            }
            let mib = |bytes: u64| bytes >> 20;
            let path = noun(service, "databases", database.name.get());
            let mut finding = cx.find(
                &CHECK,
                format!("`{path}` may take {} MiB of memory, and has {} MiB", mib(sum), mib(memory)),
            );
            for (size, origin, what) in &parts {
                finding = finding.at(*origin, format!("{what} = {} MiB", mib(*size)));
            }
            let terms: Vec<String> =
                parts.iter().map(|(size, _, what)| format!("{what} ({} MiB)", mib(*size))).collect();
            found.push(
                finding
                    .at_key(Origin::spec(database.at), "more than its memory")
                    .also(database.memory.origin(), "request and limit of each instance")
                    .note(format!("it is {}", terms.join(" + ")))
                    .note("above its limit the kernel ends the server, and all connections with it")
                    .help("leave the settings out: they follow from `memory` and fit into it")
                    .help(format!("or write `memory = \"{}Mi\"`", mib(sum).next_multiple_of(256))),
            );
        }
    }
}
