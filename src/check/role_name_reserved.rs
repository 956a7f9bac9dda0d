//! A service whose name PostgreSQL or its operator keeps for themselves.

use super::{Check, Context, Found};

pub(super) const CHECK: Check = check!("role-name-reserved", Error, One(run));

/// Names that are taken in every cluster (CloudNativePG 1.30, rules of `DatabaseRole` and `Database`).
const TAKEN: &[&str] = &["postgres", "streaming_replica", "template0", "template1"];
/// Beginnings that PostgreSQL (docs, `CREATE ROLE`) and the operator keep.
const KEPT: &[&str] = &["pg_", "cnpg_"];

fn run(cx: &Context<'_>, found: &mut Found) {
    for service in cx.system.services.iter().filter(|service| !service.databases.is_empty()) {
        let owner = service.name.get().replace('-', "_");
        // the accounts of its workloads begin with it as well
        let first = format!("{owner}_");
        let kept = KEPT.iter().find(|kept| first.starts_with(**kept)).copied();
        let what = match kept {
            Some(kept) => format!("names that begin with `{kept}` are kept"),
            None if TAKEN.contains(&owner.as_str()) => "the name is taken in every cluster".to_owned(),
            None => continue,
        };
        found.push(
            cx.find(
                &CHECK,
                format!(
                    "the databases of `{}` would belong to a role `{owner}`, which cannot be made",
                    service.stem
                ),
            )
            .at(service.name.origin(), what)
            .note("the owner and the accounts of workloads are called after the service")
            .help("rename the service: its file and `service.name`"),
        );
    }
}
