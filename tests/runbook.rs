//! Runbooks are as true as manifests: each command is read, and each name and path in one is something that is there.
//!
//! Judged are all golden trees. A name must be an emitted object, what an operator makes from one, or what the runbook's own
//! manifest makes; a path must be in the tree; a resource that can be lost must have its section.

mod shell;

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use serde_json::Value;

use crate::bless;
use shell::Command;

/// What there is under one name: kind in lower case, namespace (empty for kinds without), name.
type Known = BTreeSet<(String, String, String)>;

/// A golden tree: its name, its files, its runbook.
struct Tree {
    name: String,
    environment: String,
    files: BTreeMap<String, String>,
    runbook: String,
}

fn trees() -> Vec<Tree> {
    let root = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("golden");
    let mut folders = bless::folders(&root.join("example"));
    for case in bless::folders(&root.join("cases")) {
        folders.extend(bless::folders(&case.join("out")));
    }
    let read = |folder: PathBuf| {
        let text = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap();
        let files: BTreeMap<String, String> =
            bless::read(&folder).into_iter().map(|(path, bytes)| (path, text(bytes))).collect();
        let runbook = files.get("RUNBOOK.md")?.clone();
        let name = folder.strip_prefix(&root).unwrap().display().to_string();
        Some(Tree { environment: name.rsplit('/').next().unwrap().to_owned(), name, files, runbook })
    };
    let trees: Vec<Tree> = folders.into_iter().filter_map(read).collect();
    assert!(trees.len() > 8, "{} golden trees have a runbook", trees.len());
    trees
}

/// The fenced blocks of a document: info string and body.
fn blocks(text: &str) -> Vec<(&str, &str)> {
    let mut blocks = Vec::new();
    let mut rest = text;
    while let Some((_, opened)) = rest.split_once("\n```") {
        let (info, after) = opened.split_once('\n').unwrap();
        let end = after.find("```\n").unwrap_or_else(|| panic!("a block `{info}` does not end"));
        blocks.push((info, &after[..end]));
        rest = &after[end + 3..];
    }
    blocks
}

fn documents(yaml: &str) -> impl Iterator<Item = Value> {
    let documents = yaml.split("---\n").filter(|document| !document.trim().is_empty());
    documents.map(|document| serde_saphyr::from_str(document).unwrap())
}

fn text<'v>(value: &'v Value, pointer: &str) -> &'v str {
    value.pointer(pointer).and_then(Value::as_str).unwrap_or_default()
}

/// Takes in an object and what operators make from it.
fn learn(object: &Value, known: &mut Known) {
    let kind = text(object, "/kind").to_lowercase();
    let (name, namespace) = (text(object, "/metadata/name"), text(object, "/metadata/namespace"));
    let mut add = |kind: &str, name: &str| {
        known.insert((kind.to_owned(), namespace.to_owned(), name.to_owned()));
    };
    add(&kind, name);
    for pointer in ["/spec/template", "/spec/jobTemplate/spec/template"] {
        let pods = text(object, &format!("{pointer}/metadata/labels/app.kubernetes.io~1name"));
        if !pods.is_empty() && kind != "pooler" {
            add("pods-of", pods);
        }
    }
    match kind.as_str() {
        "cluster" => {
            add("secret", &format!("{name}-app"));
            for instance in 1..=object.pointer("/spec/instances").and_then(Value::as_u64).unwrap() {
                add("pod", &format!("{name}-{instance}"));
            }
        }
        "databaserole" if object.pointer("/spec/clientCertificate/enabled") == Some(&Value::Bool(true)) => {
            add("secret", &format!("{name}-client-cert"));
        }
        "externalsecret" => add("secret", text(object, "/spec/target/name")),
        // what the runbook runs by hand is named after it
        "cronjob" => add("job", &format!("{name}-now")),
        // the cluster of a drill stands in its files
        "configmap" => {
            if let Some(file) = object.pointer("/data/cluster.json").and_then(Value::as_str) {
                learn(&serde_json::from_str(file).unwrap(), known);
            }
        }
        _ => {}
    }
}

impl Tree {
    fn objects(&self) -> impl Iterator<Item = Value> {
        let yaml = self.files.iter().filter(|(path, _)| {
            Path::new(path).extension().is_some_and(|e| e == "yaml") && *path != "kustomization.yaml"
        });
        yaml.flat_map(|(_, text)| documents(text))
    }

    fn known(&self) -> Known {
        let mut known = Known::new();
        self.objects().for_each(|object| learn(&object, &mut known));
        for (_, body) in blocks(&self.runbook).into_iter().filter(|(info, _)| *info == "yaml") {
            documents(body).for_each(|object| learn(&object, &mut known));
        }
        // the Gateway and namespaces that somebody else makes
        for (_, namespace, _) in known.clone() {
            known.insert(("namespace".to_owned(), String::new(), namespace));
        }
        for object in self.objects() {
            for pointer in ["/spec/parentRefs/0", "/spec/parentRef"] {
                if text(&object, &format!("{pointer}/kind")) == "Gateway" {
                    let part = |key: &str| text(&object, &format!("{pointer}/{key}")).to_owned();
                    known.insert(("gateway".to_owned(), part("namespace"), part("name")));
                }
            }
        }
        known
    }

    fn has_path(&self, path: &str) -> bool {
        let path = path.trim_start_matches("--filename=");
        let Some((_, inside)) = path.split_once(&format!("/{}", self.environment)) else { return false };
        let inside = inside.trim_start_matches('/');
        inside.is_empty()
            || self.files.keys().any(|file| {
                file == inside || file.strip_prefix(inside).is_some_and(|rest| rest.starts_with('/'))
            })
    }
}

/// Programs that commands may use beside `kubectl` and `specc`; all are part of a usual system.
const OTHERS: &[&str] = &["curl", "date", "echo", "find", "getent", "git", "mapfile"];

/// The kind of a resource as `kubectl` takes it: `clusters.postgresql.cnpg.io` and `deployment` alike.
fn kind_of(resource: &str) -> String {
    let plural = resource.split('.').next().unwrap();
    match plural {
        "networkpolicies" => "networkpolicy".to_owned(),
        "ingresses" => "ingress".to_owned(),
        plural => plural.trim_end_matches('s').to_owned(),
    }
}

/// What is wrong with one `kubectl` command.
fn judge_kubectl(tree: &Tree, known: &Known, command: &Command) -> Result<(), String> {
    const VERBS: &[&str] = &[
        "annotate", "apply", "config", "create", "delete", "describe", "exec", "get", "logs", "patch",
        "rollout", "scale", "wait",
    ];
    let verb = command.words.get(1).map(String::as_str).unwrap_or_default();
    if !VERBS.contains(&verb) {
        return Err(format!("`kubectl {verb}` is not among the verbs that this test reads"));
    }
    let options = shell::Options::of(&command.words[2..]);
    let namespace = options.value(&["-n", "--namespace"]).unwrap_or_default();
    let is_ours = known.iter().any(|(_, ours, _)| ours == namespace && !namespace.is_empty());
    for path in options.values(&["-f", "-k", "--filename"]) {
        let is_saved = ["restore.yaml", "passwords.yaml", "velero.yaml", "-"].contains(&path);
        if !is_saved && !tree.has_path(path) {
            return Err(format!("{path} is no path of the output"));
        }
    }
    for selector in options.values(&["-l"]) {
        for (label, value) in selector.split(',').filter_map(|part| part.split_once('=')) {
            let kind = match label {
                "cnpg.io/cluster" => "cluster",
                "kubernetes.io/service-name" => "service",
                "app.kubernetes.io/name" if is_ours => "pods-of",
                _ => continue,
            };
            if !known.contains(&(kind.to_owned(), namespace.to_owned(), value.to_owned())) {
                return Err(format!("no {kind} {value} in {namespace}"));
            }
        }
    }
    let mut positional = options.positional.clone();
    if verb == "config" {
        return Ok(());
    }
    if verb == "rollout" {
        positional.remove(0);
    }
    if verb == "exec" {
        let pod = positional.first().cloned().unwrap_or_default();
        positional = if pod.contains('/') { vec![pod] } else { vec!["pod".to_owned(), pod] };
    }
    let mut named = Vec::new();
    let mut words = positional.into_iter().peekable();
    while let Some(word) = words.next() {
        match word.split_once('/') {
            // keys and values of annotations, which a dash at the end takes away
            _ if verb == "annotate" && (word.contains('=') || word.ends_with('-')) => {}
            Some((resource, name)) => named.push((kind_of(resource), name.to_owned())),
            None => {
                named.extend(words.next_if(|next| !next.contains('/')).map(|name| (kind_of(&word), name)));
            }
        }
    }
    for (kind, name) in named {
        // a variable that a command before it has read from the cluster
        let is_read = name.starts_with('$');
        let namespace = if kind == "namespace" { "" } else { namespace };
        let wanted = (kind.clone(), namespace.to_owned(), name.clone());
        if !is_read && !known.contains(&wanted) {
            return Err(format!("nothing makes {kind} `{name}` in `{namespace}`"));
        }
    }
    Ok(())
}

/// What is wrong with one command.
fn judge(tree: &Tree, known: &Known, command: &Command) -> Result<(), String> {
    match command.words.first().map(String::as_str) {
        None => Ok(()),
        Some("kubectl") => judge_kubectl(tree, known, command),
        Some("specc") => {
            let parsed = specc::cli::command().try_get_matches_from(&command.words);
            parsed.map(|_| ()).map_err(|error| error.to_string())
        }
        Some("find") if !command.words.get(1).is_some_and(|path| tree.has_path(path)) => {
            Err("it looks into a folder that is not there".to_owned())
        }
        Some(other) if OTHERS.contains(&other) => Ok(()),
        Some(other) => Err(format!("`{other}` is not among the programs that a runbook may use")),
    }
}

#[test]
fn every_name_and_path_in_a_command_is_there() {
    let mut read = 0;
    for tree in trees() {
        let known = tree.known();
        for (info, body) in blocks(&tree.runbook) {
            if info != "bash" {
                assert!(["yaml", "toml"].contains(&info), "{}: a block `{info}`", tree.name);
                continue;
            }
            for command in shell::commands(body) {
                read += 1;
                judge(&tree, &known, &command)
                    .unwrap_or_else(|why| panic!("{}: {:?}: {why}", tree.name, command.words));
            }
        }
    }
    assert!(read > 200, "{read} commands were read");
}

#[test]
fn a_wrong_name_is_found() {
    let tree = trees().into_iter().find(|tree| tree.name == "example/prod").unwrap();
    let known = tree.known();
    let verdict = |line: &str| {
        shell::commands(line).iter().try_for_each(|command| judge(&tree, &known, command)).is_ok()
    };
    for (line, is_good) in [
        ("kubectl get clusters.postgresql.cnpg.io orders-db-main -n checkout", true),
        ("kubectl get clusters.postgresql.cnpg.io orders-db-main -n payments", false),
        ("kubectl get clusters.postgresql.cnpg.io orders-db-man -n checkout", false),
        ("kubectl delete secret orders-db-main-app -n checkout", true),
        ("kubectl delete secret/orders-db-main-ap -n checkout", false),
        ("kubectl rollout undo deployment/orders-api -n checkout", true),
        ("kubectl rollout undo deployment/orders-settle -n checkout", false),
        ("kubectl exec -n checkout orders-db-main-r2-1 -c postgres -- psql -c 'SELECT 1'", true),
        ("kubectl exec -n checkout orders-db-main-r3-1 -c postgres -- psql -c 'SELECT 1'", false),
        ("kubectl apply -f deploy/prod/services/orders/databases-main", true),
        ("kubectl apply -f deploy/prod/services/orders/databases-mian", false),
        ("X=\"$(kubectl get pods -n checkout -l cnpg.io/cluster=orders-db-other)\"", false),
        ("specc pitr prod orders.main --at \"$TIME\" > restore.yaml", true),
        ("specc pitr prod orders.main --when \"$TIME\"", false),
        ("rm -rf deploy", false),
    ] {
        assert_eq!(verdict(line), is_good, "{line}");
    }
}

/// Whether all that runs in a namespace are drills.
fn is_of_drills(known: &Known, namespace: &str) -> bool {
    let runs = ["cronjob", "daemonset", "deployment", "job", "statefulset", "cluster"];
    let mut here =
        known.iter().filter(|(kind, of, _)| of == namespace && runs.contains(&kind.as_str())).peekable();
    here.peek().is_some()
        && here.all(|(kind, _, name)| match kind.as_str() {
            "cronjob" => name.ends_with("-drill"),
            // what the drill makes, and what somebody runs by hand
            "cluster" => name.ends_with("-restore"),
            "job" => name.ends_with("-drill-now"),
            _ => false,
        })
}

#[test]
fn what_can_be_lost_has_a_section() {
    for tree in trees() {
        let headings: BTreeSet<&str> = tree
            .runbook
            .lines()
            .filter_map(|line| line.strip_prefix("### ").or(line.strip_prefix("## ")))
            .collect();
        let mut wanted = vec!["Before anything".to_owned(), "Rebuild a namespace".to_owned()];
        let known = tree.known();
        for object in tree.objects() {
            let name = text(&object, "/metadata/name");
            let namespace = text(&object, "/metadata/namespace");
            let has = |kind: &str| known.contains(&(kind.to_owned(), namespace.to_owned(), name.to_owned()));
            match text(&object, "/kind") {
                "Cluster" => {
                    wanted.extend(["failover", "new password"].map(|section| format!("{name}: {section}")));
                    if has("scheduledbackup") {
                        wanted.extend(["restore", "manifest"].map(|section| format!("{name}: {section}")));
                    }
                }
                "ExternalSecret" if object.pointer("/spec/data").is_some() => {
                    wanted.push(format!("{name}: read again"));
                    if name.contains("-queue-") {
                        wanted.push(format!("{name}: pause and drain"));
                    }
                }
                "CronJob" if name.ends_with("-drill") && namespace.ends_with("-drill") => {
                    wanted.push(format!("{}: drill", name.trim_end_matches("-drill")));
                }
                "PushSecret" => {
                    let database = object.pointer("/metadata/labels/app.kubernetes.io~1name").unwrap();
                    assert_eq!(database.as_str(), Some(name), "{}", tree.name);
                    let passwords = headings.iter().filter_map(|heading| heading.strip_suffix(": passwords"));
                    let mut owners = passwords.filter(|of| name.starts_with(&format!("{of}-")));
                    assert!(owners.next().is_some(), "{}: nothing puts {name} back", tree.name);
                }
                "Schedule" => wanted.push("Copies by Velero".to_owned()),
                // who is woken finds the section that the alert names, or those whose names begin with it
                "PrometheusRule" => {
                    for rule in object.pointer("/spec/groups/0/rules").and_then(Value::as_array).unwrap() {
                        let named = text(rule, "/annotations/runbook");
                        let of = named.strip_prefix("RUNBOOK.md, section ").unwrap();
                        let is_there =
                            |heading: &&str| *heading == of || heading.starts_with(&format!("{of}: "));
                        assert!(headings.iter().any(is_there), "{}: no section `{of}`", tree.name);
                    }
                }
                // a password that is generated has no other source
                "ExternalSecret" => {
                    let command = format!("kubectl delete secret {name} -n {namespace}");
                    assert!(tree.runbook.contains(&command), "{}: {command}", tree.name);
                }
                // a redirect has no address of its own
                kind @ ("HTTPRoute" | "GRPCRoute" | "TLSRoute" | "Ingress")
                    if kind != "HTTPRoute" || !name.contains("-redirect-h") =>
                {
                    wanted.push(format!("{name}: route"));
                }
                // a namespace of drills holds nothing between two of them
                "Namespace" if is_of_drills(&known, name) => {}
                "Namespace" => wanted.push(format!("{name}: rebuild")),
                "Deployment" if name.contains("-cache-") => {
                    wanted.extend(["lost", "restart", "flush"].map(|section| format!("{name}: {section}")));
                }
                kind @ ("Deployment" | "StatefulSet" | "DaemonSet") => {
                    let command =
                        format!("kubectl rollout undo {}/{name} -n {namespace}", kind.to_lowercase());
                    assert!(tree.runbook.contains(&command), "{}: {command}", tree.name);
                }
                _ => {}
            }
        }
        for section in &wanted {
            assert!(headings.contains(section.as_str()), "{}: no section `{section}`", tree.name);
        }
        let slug = |heading: &str| {
            let kept = heading.to_lowercase().replace(' ', "-");
            kept.chars().filter(|c| c.is_alphanumeric() || "-_".contains(*c)).collect::<String>()
        };
        let anchors: BTreeSet<String> = headings.iter().map(|heading| slug(heading)).collect();
        for link in tree.runbook.split("](#").skip(1) {
            let anchor = link.split(')').next().unwrap();
            assert!(anchors.contains(anchor), "{}: nothing is called #{anchor}", tree.name);
        }
    }
}

#[test]
fn the_manifests_are_whole_and_wait_for_a_moment() {
    let mut seen = 0;
    for tree in trees() {
        for (_, body) in blocks(&tree.runbook).into_iter().filter(|(info, _)| *info == "yaml") {
            seen += 1;
            let kinds: Vec<String> = documents(body).map(|d| text(&d, "/kind").to_owned()).collect();
            let moments = body.matches("'@RECOVERY-TIME@'").count();
            match kinds.iter().map(String::as_str).collect::<Vec<_>>().as_slice() {
                ["ObjectStore", "NetworkPolicy", "Cluster"] => assert_eq!(moments, 1, "{}", tree.name),
                ["Restore"] | ["ExternalSecret", ..] => {
                    let first = kinds.first();
                    assert!(kinds.iter().all(|kind| Some(kind) == first) && moments == 0, "{}", tree.name);
                }
                other => panic!("{}: a manifest of {other:?}", tree.name),
            }
            for document in body.split("---\n").filter(|document| !document.is_empty()) {
                crate::referee::check(document).unwrap_or_else(|why| panic!("{}: {why}", tree.name));
            }
        }
    }
    assert!(seen > 3, "{seen} manifests");
}
