//! Where a key belongs that its table does not have: below it under the same name, or here under another than in
//! Kubernetes, Compose or Helm.
//!
//! It sees the schema of one table, never the value of a key.

use serde_json::Value as Json;

use crate::spec::schema::{self, Defs};

/// A name of others, and what says the same here: a path below the tables that have its first key.
struct Foreign {
    /// in small letters, without `_` and `-`
    words: &'static [&'static str],
    path: &'static str,
    example: &'static str,
}

const fn foreign(words: &'static [&'static str], path: &'static str, example: &'static str) -> Foreign {
    Foreign { words, path, example }
}

/// Names that people bring along. Of several that fit a table the first is taken.
const FOREIGN: &[Foreign] = &[
    foreign(&["resources", "requests"], "cpu", "cpu = \"250m\"` and `memory = \"512Mi\""),
    foreign(&["limits"], "memory_limit", "cpu_limit = \"1\"` and `memory_limit = \"1Gi\""),
    foreign(
        &["livenessprobe", "startupprobe", "healthcheck", "probes"],
        "health.live",
        "health = { live = \"/livez\" }",
    ),
    foreign(&["readinessprobe"], "health.ready", "health = { ready = \"/readyz\" }"),
    foreign(&["initialdelayseconds", "startperiod"], "startup", "startup = \"60s\""),
    foreign(&["terminationgraceperiodseconds", "stopgraceperiod", "graceperiod"], "drain", "drain = \"30s\""),
    foreign(&["lifecycle", "prestop"], "pre_stop", "pre_stop = { command = [\"/bin/stop\"] }"),
    foreign(
        &["imagepullpolicy", "pullpolicy"],
        "pod.image_pull",
        "pod = { image_pull = \"if-not-present\" }",
    ),
    foreign(&["imagepullpolicy", "pullpolicy"], "image_pull", "image_pull = \"if-not-present\""),
    foreign(&["runasuser", "user"], "pod.uid", "pod = { uid = 1000 }"),
    foreign(&["runasuser", "user"], "uid", "uid = 1000"),
    foreign(&["runasgroup", "fsgroup"], "pod.gid", "pod = { gid = 1000 }"),
    foreign(&["runasgroup", "fsgroup"], "gid", "gid = 1000"),
    foreign(
        &["securitycontext", "privileged", "capadd"],
        "pod.security",
        "pod = { security = { capabilities = [\"NET_BIND_SERVICE\"], reason = \"…\" } }",
    ),
    foreign(&["readonlyrootfilesystem", "tmpfs"], "writable", "writable = [\"/tmp\"]"),
    foreign(
        &["affinity", "nodeaffinity"],
        "pod.node_affinity",
        "pod = { node_affinity = { disk = { key = \"example.com/disk\", values = [\"ssd\"] } } }",
    ),
    foreign(
        &["serviceaccountname", "serviceaccount"],
        "pod.service_account",
        "pod = { service_account = { annotations = { … } } }",
    ),
    foreign(&["volumemounts"], "volumes", "volumes = { data = { mount = \"/data\" } }"),
    foreign(&["initcontainers"], "init", "init = { wait = { command = [\"/bin/wait\"] } }"),
    foreign(&["containers", "extracontainers"], "sidecars", "sidecars = { proxy = { image = \"…\" } }"),
    foreign(
        &["configmap", "configmaps", "configs", "configfiles"],
        "files",
        "files = { \"/etc/app/app.toml\" = { source = \"app.toml\" } }",
    ),
    foreign(
        &["autoscaling", "autoscaler", "hpa", "minreplicas", "maxreplicas", "keda"],
        "scale",
        "scale = { min = 2, max = 6, cpu = 70 }",
    ),
    foreign(&["minreplicas"], "min", "min = 2"),
    foreign(&["maxreplicas"], "max", "max = 6"),
    foreign(
        &["ingress", "httproute", "hosts", "host", "domain"],
        "route",
        "route = { host = \"shop.example.com\" }",
    ),
    foreign(&["environment", "envvars", "variables"], "env", "env = { LOG_LEVEL = \"info\" }"),
    foreign(
        &["dependson", "dependencies", "needs", "links", "networkpolicy", "egress"],
        "uses",
        "uses = [\"databases.main\"]",
    ),
    foreign(&["strategy", "updatestrategy", "recreate"], "rollout", "rollout = \"recreate\""),
    foreign(
        &["maxsurge", "maxunavailable", "minreadyseconds", "rollingupdate"],
        "rolling",
        "rolling = { surge = 1 }",
    ),
    foreign(&["cron", "cronjob"], "schedule", "schedule = \"15 2 * * *\""),
    foreign(&["activedeadlineseconds"], "deadline", "deadline = \"1h\""),
    foreign(&["backofflimit", "restartpolicy", "completions", "parallelism"], "run", "run = { retries = 3 }"),
    foreign(&["entrypoint", "cmd"], "command", "command = [\"/app/serve\"]"),
    foreign(&["containerport", "targetport", "expose"], "port", "port = 8080"),
    foreign(
        &["deployments", "deployment", "apps", "jobs", "cronjobs", "statefulsets", "containers"],
        "workloads",
        "[workloads.api]",
    ),
    foreign(&["postgres", "postgresql", "db", "dbs", "mysql"], "databases", "[databases.main]"),
    foreign(&["redis", "valkey", "memcached"], "caches", "[caches.main]"),
    foreign(&["rabbitmq", "kafka", "nats", "sqs", "brokers", "topics"], "queues", "[queues.events]"),
    foreign(&["storagesize", "disk", "size"], "storage", "storage = \"20Gi\""),
    foreign(&["replicas"], "instances", "instances = 3"),
];

/// How deep a key is looked for below its table.
const DEPTH: usize = 2;

/// What to write in place of `key`, in a table that has this schema.
pub(super) fn help(key: &str, table: fn(&mut Defs) -> Json) -> Option<String> {
    let schema = schema::of_table(table);
    let word = plain(key);
    let below = below(&schema, &word);
    match below.as_slice() {
        [] => {}
        [one] => return Some(format!("it is a key of a table below this one: `{one}`")),
        several => {
            let several: Vec<String> = several.iter().take(4).map(|path| format!("`{path}`")).collect();
            return Some(format!("tables below this one have it: {}", several.join(", ")));
        }
    }
    let root = Place { schema: &schema, table: &schema };
    let meant = |foreign: &&Foreign| foreign.words.contains(&word.as_str()) && root.has(foreign.path);
    FOREIGN
        .iter()
        .find(meant)
        .map(|foreign| format!("here that is `{}`: `{}`", foreign.path, foreign.example))
}

/// A name in small letters, without what joins words.
fn plain(name: &str) -> String {
    name.chars().filter(|c| !matches!(c, '_' | '-')).flat_map(char::to_lowercase).collect()
}

/// The shortest paths below a table that end in a key which is written like `word`.
fn below(schema: &Json, word: &str) -> Vec<String> {
    let mut level = vec![(String::new(), Place { schema, table: schema })];
    for depth in 0..=DEPTH {
        let mut found: Vec<String> = Vec::new();
        let mut next = Vec::new();
        for (path, place) in &level {
            for (key, inner) in place.keys() {
                let path = if path.is_empty() { key.clone() } else { format!("{path}.{key}") };
                if plain(key) == word {
                    found.push(path.clone());
                }
                next.extend(inner.map(|inner| (path, inner)));
            }
        }
        if !found.is_empty() || depth == DEPTH {
            return found;
        }
        level = next;
    }
    Vec::new()
}

/// A table in a schema.
#[derive(Clone, Copy)]
struct Place<'s> {
    schema: &'s Json,
    table: &'s Json,
}

impl<'s> Place<'s> {
    /// Its keys, each with the table that it holds. Tables whose keys are names of the reader's own have none.
    fn keys(self) -> impl Iterator<Item = (&'s String, Option<Place<'s>>)> {
        let properties = self.table.get("properties").and_then(Json::as_object);
        properties.into_iter().flatten().map(move |(key, value)| (key, self.within(value)))
    }

    fn within(self, value: &'s Json) -> Option<Place<'s>> {
        let value = match value.get("$ref").and_then(Json::as_str).and_then(|r| r.strip_prefix('#')) {
            Some(pointer) => self.schema.pointer(pointer)?,
            None => value,
        };
        value.get("properties").map(|_| Place { schema: self.schema, table: value })
    }

    fn has(self, path: &str) -> bool {
        let (key, rest) = path.split_once('.').unwrap_or((path, ""));
        let inner = self.keys().find(|(name, _)| *name == key).map(|(_, inner)| inner);
        match inner {
            None => false,
            Some(_) if rest.is_empty() => true,
            Some(inner) => inner.is_some_and(|inner| inner.has(rest)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::spec::decode::Decode;
    use crate::spec::{
        database::Database, service::ServiceFile, workload::Pod, workload::Scale, workload::Workload,
    };

    fn of<T: Decode>(key: &str) -> Option<String> {
        help(key, T::schema)
    }

    #[test]
    fn a_key_of_a_table_below_is_found_however_it_is_written() {
        let said = "it is a key of a table below this one: `pod.node_selector`";
        assert_eq!(of::<Workload>("nodeSelector").as_deref(), Some(said));
        assert_eq!(of::<Workload>("node_selector").as_deref(), Some(said));
        let several = "tables below this one have it: `scale.up.window`, `scale.down.window`";
        assert_eq!(of::<Workload>("window").as_deref(), Some(several));
        assert_eq!(of::<Workload>("flavour"), None);
    }

    #[test]
    fn a_name_of_others_leads_to_ours() {
        let said = |help: Option<String>| help.unwrap_or_default();
        assert_eq!(said(of::<Workload>("depends_on")), "here that is `uses`: `uses = [\"databases.main\"]`");
        assert_eq!(said(of::<ServiceFile>("postgres")), "here that is `databases`: `[databases.main]`");
        assert_eq!(said(of::<Scale>("maxReplicas")), "here that is `max`: `max = 6`");
        assert_eq!(said(of::<Pod>("runAsUser")), "here that is `uid`: `uid = 1000`");
        assert_eq!(said(of::<Database>("replicas")), "here that is `instances`: `instances = 3`");
    }

    #[test]
    fn every_path_that_is_named_is_one_of_the_language() {
        let roots: [fn(&mut Defs) -> Json; 6] = [
            ServiceFile::schema,
            Workload::schema,
            Pod::schema,
            Scale::schema,
            Database::schema,
            crate::spec::workload::Health::schema,
        ];
        let schemas = roots.map(schema::of_table);
        for foreign in FOREIGN {
            let known = schemas.iter().any(|schema| Place { schema, table: schema }.has(foreign.path));
            assert!(known, "{} leads to no key `{}`", foreign.words[0], foreign.path);
            assert!(foreign.words.iter().all(|word| plain(word) == **word), "{}", foreign.path);
        }
    }
}
