//! A field, written by hand, that must be what specc derives.

use super::context::{Finding, noun};
use super::{Check, Context, Found};
use crate::node::Node;
use crate::origin::Origin;
use crate::system::{Patch, Service};
use crate::text::Text;

pub(super) const CHECK: Check = check!("derived-field-written", Error, One(run));

/// A field that other parts of the output rely on.
struct Derived {
    /// kinds of objects, in small letters; nothing for all
    kinds: &'static [&'static str],
    /// the keys that lead to it; `*` is any one
    path: &'static [&'static str],
    why: &'static str,
    instead: &'static str,
}

const NAMES: &str = "other objects refer to this one by it";
const SELECTS: &str = "Services and network policies are made for exactly the pods that it selects";
const FLOWS: &str = "who may talk to whom follows from `uses`, on both sides, and the report says so";
const BUDGETS: &str = "budgets and checks count with the number that the spec has";
const IMAGES: &str = "images come from the lock, with a digest and from a trusted registry";
const SITES: &str =
    "which cluster takes writes, and whose log the other one replays, is compared between both environments";
const GUARDS: &str = "the lease and the isolation check keep two instances from taking writes at a time, with time-outs that fit each other";
const ACCESS: &str = "programs have the certificates and passwords for exactly the ways in that specc makes";
const RIGHTS: &str = "nobody but the operator is superuser, and the report says what each account may do";
const STORE: &str = "the log and the base backups hold the same rows, so both are encrypted or neither is";
const PODS: &[&str] = &["deployment", "statefulset", "daemonset", "cronjob", "job"];

const DERIVED: &[Derived] = &[
    Derived { kinds: &[], path: &["apiVersion"], why: NAMES, instead: "delete the line" },
    Derived { kinds: &[], path: &["kind"], why: NAMES, instead: "delete the line" },
    Derived {
        kinds: &[],
        path: &["metadata", "name"],
        why: NAMES,
        instead: "rename the workload, database or cache",
    },
    Derived { kinds: &[], path: &["metadata", "generateName"], why: NAMES, instead: "delete the line" },
    Derived {
        kinds: &[],
        path: &["metadata", "namespace"],
        why: NAMES,
        instead: "write `service.namespace`",
    },
    Derived { kinds: &[], path: &["spec", "selector"], why: SELECTS, instead: "delete the line" },
    Derived {
        kinds: &[
            "networkpolicy",
            "ciliumnetworkpolicy",
            "authorizationpolicy",
            "peerauthentication",
            "serviceentry",
        ],
        path: &["spec"],
        why: FLOWS,
        instead: "write the flow as an edge: `uses`, or `[externals.<name>]` with `cidrs`",
    },
    Derived {
        kinds: &["configmap"],
        path: &["data"],
        why: "its name is a hash of its data",
        instead: "write `files`",
    },
    Derived {
        kinds: &["configmap"],
        path: &["binaryData"],
        why: "its name is a hash of its data",
        instead: "write `files`",
    },
    Derived {
        kinds: &["job"],
        path: &["spec", "template"],
        why: "its name is a hash of its template, since no Job can be changed",
        instead: "write the setting as a key of the workload",
    },
    Derived { kinds: &[], path: &["spec", "replicas"], why: BUDGETS, instead: "write `replicas` or `scale`" },
    Derived { kinds: &[], path: &["spec", "minReplicas"], why: BUDGETS, instead: "write `scale.min`" },
    Derived { kinds: &[], path: &["spec", "maxReplicas"], why: BUDGETS, instead: "write `scale.max`" },
    Derived { kinds: &[], path: &["spec", "minReplicaCount"], why: BUDGETS, instead: "write `scale.min`" },
    Derived { kinds: &[], path: &["spec", "maxReplicaCount"], why: BUDGETS, instead: "write `scale.max`" },
    Derived { kinds: &[], path: &["spec", "scaleTargetRef"], why: NAMES, instead: "delete the line" },
    Derived { kinds: &[], path: &["spec", "targetRef"], why: NAMES, instead: "delete the line" },
    Derived {
        kinds: &["cluster", "pooler"],
        path: &["spec", "instances"],
        why: BUDGETS,
        instead: "write `instances`",
    },
    Derived {
        kinds: &["cluster"],
        path: &["spec", "postgresql", "parameters"],
        why: BUDGETS,
        instead: "write `parameters`",
    },
    Derived {
        kinds: &["pooler"],
        path: &["spec", "pgbouncer", "parameters"],
        why: BUDGETS,
        instead: "write the keys of `pool`",
    },
    Derived {
        kinds: &["databaserole"],
        path: &["spec", "connectionLimit"],
        why: BUDGETS,
        instead: "write the keys of `pool`, or `workers` and `scale` of the workload",
    },
    Derived {
        kinds: &["cluster"],
        path: &["spec", "replica"],
        why: SITES,
        instead: "write `standby` or `replica_of`",
    },
    Derived {
        kinds: &["cluster"],
        path: &["spec", "externalClusters"],
        why: SITES,
        instead: "write `standby`, `replica_of` or `restored`",
    },
    Derived {
        kinds: &["cluster"],
        path: &["spec", "bootstrap"],
        why: SITES,
        instead: "write `replica_of` or `restored`",
    },
    Derived { kinds: &["cluster"], path: &["spec", "primaryLease"], why: GUARDS, instead: "delete the line" },
    Derived {
        kinds: &["cluster"],
        path: &["spec", "probes", "liveness", "isolationCheck"],
        why: GUARDS,
        instead: "delete the line",
    },
    Derived {
        kinds: &["cluster"],
        path: &["metadata", "annotations", "alpha.cnpg.io/livenessPinger"],
        why: GUARDS,
        instead: "delete the line",
    },
    Derived {
        kinds: &["cluster"],
        path: &["spec", "postgresql", "pg_hba"],
        why: ACCESS,
        instead: "write `roles`: `cert`, `grants`",
    },
    Derived { kinds: &["cluster"], path: &["spec", "certificates"], why: ACCESS, instead: "delete the line" },
    Derived {
        kinds: &["cluster"],
        path: &["spec", "enableSuperuserAccess"],
        why: RIGHTS,
        instead: "let the owner do it: `grants = \"owner\"`",
    },
    Derived {
        kinds: &["cluster"],
        path: &["spec", "managed", "roles"],
        why: RIGHTS,
        instead: "write `roles` of the database",
    },
    Derived {
        kinds: &["objectstore"],
        path: &["spec", "configuration", "data", "encryption"],
        why: STORE,
        instead: "write `platform.object_store.encryption`",
    },
    Derived {
        kinds: &["objectstore"],
        path: &["spec", "configuration", "wal", "encryption"],
        why: STORE,
        instead: "write `platform.object_store.encryption`",
    },
    Derived {
        kinds: &["databaserole"],
        path: &["spec", "superuser"],
        why: RIGHTS,
        instead: "write `grants` below `roles` of the database",
    },
    Derived {
        kinds: &["databaserole"],
        path: &["spec", "bypassrls"],
        why: RIGHTS,
        instead: "write `grants` below `roles` of the database",
    },
    Derived {
        kinds: &["databaserole"],
        path: &["spec", "createrole"],
        why: RIGHTS,
        instead: "write `grants` below `roles` of the database",
    },
    Derived {
        kinds: &["databaserole"],
        path: &["spec", "createdb"],
        why: RIGHTS,
        instead: "write `grants` below `roles` of the database",
    },
    Derived {
        kinds: &["databaserole"],
        path: &["spec", "replication"],
        why: RIGHTS,
        instead: "write `grants` below `roles` of the database",
    },
    Derived {
        kinds: &["databaserole"],
        path: &["spec", "inRoles"],
        why: RIGHTS,
        instead: "write `grants` below `roles` of the database",
    },
    Derived {
        kinds: &["databaserole"],
        path: &["spec", "clientCertificate"],
        why: ACCESS,
        instead: "write `cert` below `roles` of the database",
    },
    Derived {
        kinds: &["databaserole"],
        path: &["spec", "disablePassword"],
        why: ACCESS,
        instead: "write `cert` below `roles` of the database",
    },
    Derived {
        kinds: &["databaserole"],
        path: &["spec", "passwordSecret"],
        why: ACCESS,
        instead: "write `cert` below `roles` of the database",
    },
    Derived { kinds: &["cluster"], path: &["spec", "imageName"], why: IMAGES, instead: "write `image`" },
    Derived {
        kinds: &["statefulset"],
        path: &["spec", "serviceName"],
        why: NAMES,
        instead: "delete the line",
    },
    Derived { kinds: &["service"], path: &["spec", "ports"], why: FLOWS, instead: "write `port` or `ports`" },
];

/// Fields below the pod template of a kind that has one.
const OF_PODS: &[Derived] = &[
    Derived {
        kinds: PODS,
        path: &["spec", "containers", "*", "image"],
        why: IMAGES,
        instead: "write `image`",
    },
    Derived {
        kinds: PODS,
        path: &["spec", "initContainers", "*", "image"],
        why: IMAGES,
        instead: "write `image`",
    },
    Derived {
        kinds: PODS,
        path: &["spec", "containers", "*", "ports"],
        why: FLOWS,
        instead: "write `port` or `ports`",
    },
    Derived {
        kinds: PODS,
        path: &["spec", "serviceAccountName"],
        why: NAMES,
        instead: "write `pod.service_account.existing`",
    },
    Derived {
        kinds: PODS,
        path: &["spec", "terminationGracePeriodSeconds"],
        why: "it is the sum of `drain` and the wait before it, which checks compare with the time-outs",
        instead: "write `drain`",
    },
];

/// Labels that selectors or people find specc's objects by.
const LABELS: &[&str] = &[
    "app.kubernetes.io/component",
    "app.kubernetes.io/instance",
    "app.kubernetes.io/managed-by",
    "app.kubernetes.io/name",
    "app.kubernetes.io/part-of",
];

fn derived<'c>(
    cx: &'c Context<'c>,
    (service, patch): (&Service, &Patch),
    path: &[Text],
    node: &Node,
    (why, instead): (&str, &str),
) -> Finding<'c> {
    let (nouns, name) = patch.path.split_once('.').unwrap_or((&patch.path, ""));
    let of = noun(service, nouns, name);
    let path: Vec<String> = path
        .iter()
        .map(|key| if key.contains(['.', '/']) { format!("\"{key}\"") } else { key.to_string() })
        .collect();
    let title =
        format!("`{}` of `{}` of `{of}` is not to be written by hand", path.join("."), patch.object.get());
    cx.find(&CHECK, title).at_key(Origin::spec(node.id), "specc derives it").note(why).help(instead)
}

/// Whether what was written at `path` is, or is part of, or holds what `pattern` leads to.
fn touches(path: &[&str], pattern: &[&str]) -> bool {
    path.iter().zip(pattern).all(|(key, wanted)| *wanted == "*" || key == wanted)
}

/// The keys that lead to the pod template.
fn template(kind: &str) -> &'static [&'static str] {
    if kind == "cronjob" { &["spec", "jobTemplate", "spec", "template"] } else { &["spec", "template"] }
}

fn run(cx: &Context<'_>, found: &mut Found) {
    for service in &cx.system.services {
        for patch in &service.patches {
            let Some(kind) = super::fields::kind_of_file(patch.object.get()) else { continue };
            let kind = kind.name.to_ascii_lowercase();
            let is_of =
                |derived: &&Derived| derived.kinds.is_empty() || derived.kinds.contains(&kind.as_str());
            for (path, node) in patch.table.leaves() {
                let keys: Vec<&str> = path.iter().map(Text::as_str).collect();
                let below = keys.strip_prefix(template(&kind)).filter(|_| PODS.contains(&kind.as_str()));
                let whole = DERIVED.iter().filter(is_of).find(|derived| touches(&keys, derived.path));
                let of_pods = below.and_then(|below| OF_PODS.iter().find(|d| touches(below, d.path)));
                let is_label =
                    |keys: &[&str]| matches!(keys, ["metadata", "labels", label] if LABELS.contains(label));
                let instead = match whole.or(of_pods) {
                    Some(derived) => (derived.why, derived.instead),
                    None if is_label(&keys) || below.is_some_and(is_label) => {
                        (SELECTS, "choose another label")
                    }
                    None => continue,
                };
                found.push(derived(cx, (service, patch), &path, node, instead));
            }
        }
    }
}
