//! A store of others that is reached without encryption.

use super::context::{Finding, noun};
use super::{Check, Context, Found};
use crate::origin::Traced;
use crate::spec::data::DataClass;
use crate::spec::database::SslMode;
use crate::spec::decode::Choice;
use crate::spec::environment::Tier;
use crate::system::{Cache, Managed, Queue, Service, Target};

pub(super) const CHECK: Check = check!("plaintext-store", Deny, One(run));

const WHY: &str = "whoever is on the way can read and change what is stored, and the password with it";

/// Shows what the store holds, if that is known, and who reaches it.
fn with_edges<'c>(
    mut finding: Finding<'c>,
    service: &Service,
    is_it: impl Fn(Target) -> bool,
    class: Option<&Traced<DataClass>>,
) -> Finding<'c> {
    let Some(class) = class.filter(|class| class.get().in_transit()) else { return finding };
    let word = class.get().word();
    for edge in service.workloads.iter().flat_map(|workload| &workload.edges) {
        if edge.target.is_some_and(&is_it) {
            finding = finding.also(edge.written.origin(), "the edge");
        }
    }
    finding.also(class.origin(), format!("`{word}` must be encrypted wherever it leaves a pod"))
}

fn cache<'c>(cx: &'c Context<'c>, service: &Service, index: usize, cache: &Cache) -> Option<Finding<'c>> {
    let url = cache.url.as_ref().filter(|url| !url.get().is_secure() && !cache.is_in_cluster())?;
    let path = noun(service, "caches", cache.name.get());
    let secure = url.get().complete().replacen("redis:", "rediss:", 1);
    let finding = cx
        .find(&CHECK, format!("`{path}` is reached without encryption in `{}`", cx.environment()))
        .at(url.origin(), "`redis` is plain text; `rediss` is TLS")
        .also(cx.system.environment.tier.origin(), "encryption is required in staging and prod");
    let finding = with_edges(finding, service, |target| target == Target::Cache(index), cache.class.as_ref());
    Some(finding.note(WHY).help(format!("write `url = \"{secure}\"`, with the port on which it speaks TLS")))
}

fn queue<'c>(cx: &'c Context<'c>, service: &Service, index: usize, queue: &Queue) -> Option<Finding<'c>> {
    if *queue.tls.get() || queue.is_in_cluster() {
        return None;
    }
    let path = noun(service, "queues", queue.name.get());
    let hosts = queue.servers();
    let finding = cx
        .find(&CHECK, format!("`{path}` is reached without encryption in `{}`", cx.environment()))
        .at(queue.tls.origin(), "plain text")
        .also(hosts, "outside of the cluster")
        .also(cx.system.environment.tier.origin(), "encryption is required in staging and prod");
    let finding = with_edges(finding, service, |target| target == Target::Queue(index), queue.class.as_ref());
    Some(
        finding
            .note("whoever is on the way can read and change messages, and the password with them")
            .help("delete `tls = false`, and write the port on which it speaks TLS in `hosts`"),
    )
}

fn managed<'c>(
    cx: &'c Context<'c>,
    service: &Service,
    index: usize,
    managed: &Managed,
) -> Option<Finding<'c>> {
    if *managed.sslmode.get() != SslMode::Disable || managed.is_in_cluster() {
        return None;
    }
    let path = noun(service, "databases", managed.name.get());
    let finding = cx
        .find(&CHECK, format!("`{path}` is reached without encryption in `{}`", cx.environment()))
        .at(managed.sslmode.origin(), "plain text")
        .also(managed.host.origin(), "outside of the cluster")
        .also(cx.system.environment.tier.origin(), "encryption is required in staging and prod");
    let finding =
        with_edges(finding, service, |target| target == Target::Managed(index), managed.class.as_ref());
    Some(
        finding.note(WHY).help(
            "write `sslmode = \"verify-full\"` with the provider's authority as the key `ca.crt` of `secrets`, or at least `\"require\"`",
        ),
    )
}

fn run(cx: &Context<'_>, found: &mut Found) {
    if cx.is_tier(Tier::Dev) {
        return;
    }
    for service in &cx.system.services {
        let caches = service.caches.iter().enumerate();
        let caches = caches.filter_map(|(index, one)| cache(cx, service, index, one));
        let queues = service.queues.iter().enumerate();
        let queues = queues.filter_map(|(index, one)| queue(cx, service, index, one));
        let databases = service.managed.iter().enumerate();
        let databases = databases.filter_map(|(index, one)| managed(cx, service, index, one));
        caches.chain(queues).chain(databases).for_each(|finding| found.push(finding));
    }
}
