//! Something that stands where something else was retired for good.

use super::context::noun;
use super::{Check, Context, Found};
use crate::origin::Origin;

pub(super) const CHECK: Check = check!("retired-name-used", Error, All(run));

fn run(contexts: &[Context<'_>], found: &mut Found) {
    let mut seen = std::collections::BTreeSet::new();
    for cx in contexts {
        let mut there: Vec<(String, Origin)> = Vec::new();
        for service in &cx.system.services {
            there.push((service.stem.to_string(), Origin::spec(service.at)));
            let databases = service.databases.iter().map(|d| ("databases", d.name.get(), d.at));
            let workloads = service.workloads.iter().map(|w| ("workloads", w.name.get(), w.at));
            let nouns =
                databases.chain(workloads).map(|(n, name, at)| (noun(service, n, name), Origin::spec(at)));
            there.extend(nouns);
            for workload in &service.workloads {
                let of = noun(service, "workloads", workload.name.get());
                let volumes = workload.volumes.iter();
                there.extend(
                    volumes.map(|v| (format!("{of}.volumes.{}", v.name.get()), Origin::spec(v.table.at))),
                );
            }
        }
        for (path, at) in there {
            let Some(retired) = cx.system.project.retired.get(&path) else { continue };
            if seen.insert(path.clone()) {
                found.push(
                    cx.find(&CHECK, format!("`{path}` was retired for good, and is there"))
                        .at_key(at, "there again")
                        .at(retired.value.origin(), "retired")
                        .also_key(retired.key.origin(), format!("retired: {}", retired.value.get()))
                        .note("what is left of the old one in a cluster or a bucket would become part of the new one")
                        .help("choose another name, or delete the line below `[retired]`"),
                );
            }
        }
    }
}
