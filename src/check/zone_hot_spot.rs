//! Traffic that stays in its zone, with too few pods for the zones.

use super::context::{Finding, path_of};
use super::{Check, Context, Found};
use crate::origin::Traced;
use crate::spec::environment::Tier;
use crate::spec::workload::Zone;

pub(super) const CHECK: Check = check!("zone-hot-spot", Warn, One(run));

/// A pod in each of three zones, which is what regions have.
const ENOUGH: u32 = 3;

fn few<'c>(cx: &'c Context<'c>, of: &str, zone: &Traced<Zone>, fewest: &Traced<u32>) -> Finding<'c> {
    let count = fewest.get();
    let pods = if *count == 1 { "a single pod".to_owned() } else { format!("{count} pods") };
    let finding = cx
        .find(&CHECK, format!("`{of}` keeps traffic in its zone, and there may be {pods}"))
        .at(zone.origin(), "callers go to pods of their own zone")
        .also(fewest.origin(), format!("{pods} at least"));
    let finding = match cx.node(fewest.origin()) {
        Some(_) => finding,
        None => finding.note(format!("`{}` has {pods} where nothing is written", cx.environment())),
    };
    finding
        .note("a zone with one pod sends all its callers there, however idle the pods of other zones are")
        .help(format!("run {ENOUGH} pods at least, one in each zone, or delete `zone`"))
}

fn run(cx: &Context<'_>, found: &mut Found) {
    // one pod is what dev is about
    if cx.is_tier(Tier::Dev) {
        return;
    }
    for (service, workload) in cx.system.workloads() {
        let Some(fewest) = workload.replicas.fewest().filter(|fewest| *fewest.get() < ENOUGH) else {
            continue;
        };
        let path = path_of(service, workload);
        let own = workload.service.iter().map(|settings| ("service".to_owned(), settings));
        let further = workload.services.iter().map(|(name, e)| (format!("services.{name}"), &e.value));
        for (key, settings) in own.chain(further) {
            if let Some(zone) = settings.zone.filter(|zone| *zone.get() == Zone::Prefer) {
                found.push(few(cx, &format!("{path}.{key}"), &zone, fewest));
            }
        }
    }
}
