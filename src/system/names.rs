//! Every name and every host name that specc gives: objects, hosts, folders, variables' prefixes.
//!
//! One file, so that two makers cannot disagree. Names are never truncated; one that is too long is a check's finding.

use crate::origin::{HOST, NAME, Rule, Traced, Tracer, VELERO_NAME};
use crate::text::Text;

/// `<service>-<workload>`: a workload's objects, and the value of `app.kubernetes.io/name` on its pods.
pub(crate) fn workload(service: &Traced<Text>, workload: &Traced<Text>, tracer: &Tracer) -> Traced<Text> {
    tracer.derive(NAME, (service, workload), |(s, w)| Text::from(format!("{s}-{w}")))
}

/// `<service>-db-<name>`: a database's cluster.
pub(crate) fn database(service: &Traced<Text>, name: &Traced<Text>, tracer: &Tracer) -> Traced<Text> {
    tracer.derive(NAME, (service, name), |(s, n)| Text::from(format!("{s}-db-{n}")))
}

/// `<cluster>-pooler-rw` before the primary, `<cluster>-pooler-ro` before the standbys.
pub(crate) fn pooler(cluster: &Traced<Text>, reads: bool, tracer: &Tracer) -> Traced<Text> {
    let suffix: fn(&Text) -> Text = if reads {
        |name| format!("{name}-pooler-ro").into()
    } else {
        |name| format!("{name}-pooler-rw").into()
    };
    with_suffix(NAME, cluster, tracer, suffix)
}

/// `<service>-cache-<name>`: a cache's objects.
pub(crate) fn cache(service: &Traced<Text>, name: &Traced<Text>, tracer: &Tracer) -> Traced<Text> {
    tracer.derive(NAME, (service, name), |(s, n)| Text::from(format!("{s}-cache-{n}")))
}

/// `<service>-queue-<name>`: the credentials of a broker.
pub(crate) fn queue(service: &Traced<Text>, name: &Traced<Text>, tracer: &Tracer) -> Traced<Text> {
    tracer.derive(NAME, (service, name), |(s, n)| Text::from(format!("{s}-queue-{n}")))
}

/// `<service>-external-<name>`: the credentials of a service of others.
pub(crate) fn external(service: &Traced<Text>, name: &Traced<Text>, tracer: &Tracer) -> Traced<Text> {
    tracer.derive(NAME, (service, name), |(s, n)| Text::from(format!("{s}-external-{n}")))
}

/// `<service>-secret-<name>`: a secret of the platform's store.
pub(crate) fn secret(service: &Traced<Text>, name: &Traced<Text>, tracer: &Tracer) -> Traced<Text> {
    tracer.derive(NAME, (service, name), |(s, n)| Text::from(format!("{s}-secret-{n}")))
}

/// `<project>-<environment>`: what copies an environment's manifests.
pub(crate) fn copies(system: &Traced<Text>, environment: &Traced<Text>, tracer: &Tracer) -> Traced<Text> {
    tracer.derive(VELERO_NAME, (system, environment), |(s, e)| Text::from(format!("{s}-{e}")))
}

/// A name with a fixed ending, such as `orders-db-main-app`.
pub(crate) fn with_suffix(
    rule: Rule,
    name: &Traced<Text>,
    tracer: &Tracer,
    suffix: fn(&Text) -> Text,
) -> Traced<Text> {
    let named = name.map(suffix);
    Traced::because(named.get().clone(), tracer.because(rule, &[name.origin()]))
}

/// `<name>.<namespace>.svc.<cluster domain>`: complete, since pods search with `ndots: 2`.
pub(crate) fn host(
    service: &Traced<Text>,
    namespace: &Traced<Text>,
    domain: &Traced<Text>,
    tracer: &Tracer,
) -> Traced<Text> {
    tracer.derive(HOST, (service, namespace, domain), |(s, n, d)| Text::from(format!("{s}.{n}.svc.{d}")))
}

/// A name in the case of variables: `hot-cache` becomes `HOT_CACHE`.
pub(crate) fn upper(name: &str) -> String {
    name.chars().map(|c| if c.is_ascii_alphanumeric() { c.to_ascii_uppercase() } else { '_' }).collect()
}

/// Words that may not begin a workload's name, since the folders of other nouns do.
pub(crate) const RESERVED_PREFIXES: &[&str] =
    &["databases-", "caches-", "queues-", "externals-", "secrets-", "manifests-"];

/// The key of a file in its ConfigMap: its path with `/` as `-`, and `_` for what a key may not hold.
pub(crate) fn file_key(path: &str) -> String {
    let allowed = |c: char| match c {
        '/' => '-',
        '-' | '_' | '.' => c,
        c if c.is_ascii_alphanumeric() => c,
        _ => '_',
    };
    let key: String = path.trim_matches('/').chars().map(allowed).collect();
    // `..` at the beginning is for the kubelet's own links
    if key.starts_with("..") { key.replacen('.', "_", 1) } else { key }
}

/// The namespace in a host inside the cluster: `name.namespace.svc`, or `pod.name.namespace.svc`, and what may follow.
pub(crate) fn cluster_namespace(host: &str) -> Option<Text> {
    let parts: Vec<&str> = host.split('.').collect();
    match parts.as_slice() {
        [_, namespace, "svc", ..] | [_, _, namespace, "svc", ..] => Some(Text::from((*namespace).to_owned())),
        _ => None,
    }
}
