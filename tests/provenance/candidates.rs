//! Other values for a leaf: by its path where only some make sense, else by changing its text.

use specc::node::Node;

use super::leaves::{Shape, Written};
use super::snapshot::Snapshot;

/// Words of closed sets, by the last key of the path.
const WORDS: &[(&str, &[&str])] = &[
    (
        "kind",
        &[
            "http",
            "worker",
            "cron",
            "grpc",
            "daemon",
            "empty",
            "memory",
            "claim",
            "config-map",
            "existing-claim",
            "secret",
        ],
    ),
    ("type", &["cluster", "headless", "load-balancer", "node-port"]),
    ("probe", &["http", "grpc", "tcp", "none"]),
    ("resource", &["limits.cpu", "requests.memory"]),
    ("rollout", &["rolling", "recreate"]),
    ("drill", &["weekly", "monthly", "15 6 * * 2"]),
    ("check", &["SELECT false", "SELECT count(*) > 5 FROM other"]),
    ("encryption", &["AES256", "aws:kms"]),
    ("grants", &["read", "write", "owner"]),
    ("style", &["expand-contract", "stop"]),
    ("durability", &["required", "preferred"]),
    ("pod_security", &["restricted", "privileged"]),
    ("resize", &["off", "recommend", "in-place"]),
    ("port", &["http", "admin", "tls", "mtls"]),
    ("tls", &["terminate", "passthrough"]),
    ("methods", &["GET", "PUT", "DELETE", "OPTIONS"]),
    ("order", &["ordered", "parallel"]),
    ("on_delete", &["retain", "delete"]),
    ("on_scale", &["retain", "delete"]),
    ("restart", &["new-pod", "same-pod"]),
    ("volume", &["data", "scratch"]),
    ("overlap", &["forbid", "allow", "replace"]),
    ("when", &["before", "after", "anytime"]),
    ("zone", &["prefer", "none"]),
    ("external_traffic", &["cluster", "local"]),
    ("access", &["read-write-once", "read-write-once-pod"]),
    ("effect", &["no-schedule", "prefer-no-schedule", "no-execute"]),
    ("operator", &["exists", "does-not-exist"]),
    ("policy", &["cluster-first", "default"]),
    ("image_pull", &["always", "if-not-present", "never"]),
    ("tier", &["dev", "staging", "prod"]),
    ("engine", &["redis", "valkey"]),
    ("field", &["metadata.name", "status.podIP"]),
    ("timezone", &["Europe/Paris"]),
    (
        "url",
        &[
            "http://other.example/v2",
            "https://api.provider.example:8443/v2",
            "https://p.other.svc.cluster.local/v2",
        ],
    ),
    ("secrets", &["files", "env"]),
    ("protocol", &["tcp", "udp"]),
    ("level", &["allow", "warn", "deny"]),
    ("key", &["webhook_key", "api_key"]),
    ("timeout", &["2s"]),
    ("storage_class", &["fast"]),
    ("class", &["public", "internal", "confidential", "pii"]),
    ("sslmode", &["disable", "require", "verify-full"]),
    ("mesh", &["none", "istio-ambient"]),
    ("egress", &["none", "istio", "cilium"]),
    ("egress_waypoint", &["mesh/other"]),
    ("kubernetes", &["1.37", "1.35"]),
    ("text", &["turned = true\n", "{ \"turned\": true }\n"]),
    ("mode", &["0444", "0550", "transaction", "session", "none"]),
    ("source", &["../files/other.yaml", "../files/other.bin", "../../files/app.yaml"]),
];

/// Values to put in the place of `leaf`, as TOML, the most likely ones first.
pub(super) fn of(leaf: &Written, snapshot: &Snapshot) -> Vec<String> {
    match &leaf.shape {
        Shape::Number(number) => {
            [number + 1, number - 1, number + 7].iter().map(ToString::to_string).collect()
        }
        Shape::Truth(truth) => vec![(!truth).to_string()],
        Shape::Day => vec!["2098-01-01".to_owned()],
        Shape::Text(text) => {
            let mut texts = special(leaf, text, snapshot);
            texts.extend(general(text));
            texts.retain(|other| other != text);
            texts.dedup();
            texts.iter().map(|text| quoted(text)).collect()
        }
        Shape::Array | Shape::Braces | Shape::Section => Vec::new(),
    }
}

/// `text` as a basic string of TOML.
pub(super) fn quoted(text: &str) -> String {
    // JSON's strings are TOML's, for the characters of the example
    serde_json::to_string(text).unwrap()
}

fn special(leaf: &Written, text: &str, snapshot: &Snapshot) -> Vec<String> {
    let array = leaf.parent.rsplit('.').next().filter(|_| leaf.item);
    let key = array.unwrap_or_else(|| leaf.path.rsplit('.').next().unwrap_or(""));
    let owned = |words: &[&str]| words.iter().map(ToString::to_string).collect();
    match key {
        "uses" => edges(leaf, snapshot),
        "image" | "drill_image" => images(snapshot),
        "services" => snapshot.environments[0].trees.keys().cloned().collect(),
        "from" => {
            let edge = text.rsplit_once('.').map_or("", |(edge, _)| edge);
            ["host", "port", "address", "url", "shard_map"]
                .iter()
                .map(|output| format!("{edge}.{output}"))
                .collect()
        }
        "format" => vec![
            text.replace(".name}", ".port}"),
            text.replace(".address}", ".host}"),
            text.replacen("postgresql", "postgres", 1),
            format!("{text}$(X)"),
            "plain".to_owned(),
        ],
        key => WORDS.iter().find(|(name, _)| *name == key).map_or_else(Vec::new, |(_, words)| owned(words)),
    }
}

/// The images that the lock of the last environment has, bare, with a tag, and with both.
fn images(snapshot: &Snapshot) -> Vec<String> {
    let lock = snapshot.environments.last().and_then(|e| e.trees.get("images"));
    let table = lock.and_then(|tree| tree.root.get("images")).and_then(Node::table);
    let mut images: Vec<String> = table.into_iter().flatten().map(|(name, _)| name.to_string()).collect();
    let first = images.first().cloned().unwrap_or_default();
    images.truncate(3);
    images.push(format!("{first}:1.2.3"));
    images.push(format!("{first}:1.2.3@sha256:{}", "5f".repeat(32)));
    images
}

/// Everything that a workload could use and does not.
fn edges(leaf: &Written, snapshot: &Snapshot) -> Vec<String> {
    let trees = &snapshot.environments.last().unwrap().trees;
    let names = |tree: &str, noun: &str| -> Vec<String> {
        let table = trees.get(tree).and_then(|tree| tree.root.get(noun)).and_then(Node::table);
        table.into_iter().flatten().map(|(name, _)| name.to_string()).collect()
    };
    let mut edges = Vec::new();
    for noun in ["databases", "caches", "queues", "externals", "secrets", "workloads"] {
        edges.extend(names(leaf.tree(), noun).iter().map(|name| format!("{noun}.{name}")));
    }
    for service in trees.keys().filter(|tree| *tree != leaf.tree()) {
        edges.extend(names(service, "workloads").iter().map(|name| format!("services.{service}.{name}")));
    }
    edges
}

/// Texts of nearly the same form.
fn general(text: &str) -> Vec<String> {
    let mut texts = Vec::new();
    let digits = |c: char| c.is_ascii_digit();
    if let Some(start) = text.find(digits) {
        let end = text[start..].find(|c| !digits(c)).map_or(text.len(), |at| start + at);
        texts.push(format!("{}{}{}", &text[..start], counted(&text[start..end]), &text[end..]));
    }
    if let Some(last) = text.rfind(digits) {
        let start = text[..last].rfind(|c| !digits(c)).map_or(0, |at| at + 1);
        texts.push(format!("{}{}{}", &text[..start], counted(&text[start..=last]), &text[last + 1..]));
    }
    if let Some(start) = text.strip_suffix(|c: char| c.is_ascii_hexdigit()) {
        texts.push(format!("{start}{}", i32::from(text.ends_with('0'))));
    }
    texts.push(format!("{text}x"));
    texts.push(format!("x{text}"));
    texts
}

/// The next number, with as many digits where it can.
fn counted(number: &str) -> String {
    let next = number.parse::<u64>().unwrap() + 1;
    format!("{next:0width$}", width = number.len())
}
