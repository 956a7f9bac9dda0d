//! Pods are hardened in every tier: what the default rules of five linters and the restricted Pod Security Standard want.

use serde_json::{Value, json};

use super::{PROJECTS, environments, items, objects, text};

/// A pod template with what the checks compare it to.
struct Template<'v> {
    what: String,
    kind: &'v str,
    labels: &'v Value,
    spec: &'v Value,
}

impl<'v> Template<'v> {
    fn of(object: &'v Value) -> Option<Template<'v>> {
        let kind = text(object, "/kind");
        let template = match kind {
            "Deployment" => object.pointer("/spec/template"),
            "CronJob" => object.pointer("/spec/jobTemplate/spec/template"),
            _ => None,
        }?;
        let what = format!("{kind}/{}", text(object, "/metadata/name"));
        Some(Template { what, kind, labels: template.pointer("/metadata/labels")?, spec: &template["spec"] })
    }

    fn containers(&self) -> impl Iterator<Item = &'v Value> {
        items(self.spec, "/initContainers").iter().chain(items(self.spec, "/containers"))
    }

    fn volumes(&self) -> &'v [Value] {
        items(self.spec, "/volumes")
    }
}

/// Runs `check` on the template of each Deployment and CronJob of all projects, with the other objects around it.
fn each(check: impl Fn(&Template<'_>, &[Value])) {
    let mut seen = 0;
    for project in PROJECTS {
        for environment in environments(project) {
            let objects = objects(&environment);
            for template in objects.iter().filter_map(Template::of) {
                check(&template, &objects);
                seen += 1;
            }
        }
    }
    assert!(seen > 20, "only {seen} pod templates were looked at");
}

/// Demands a value at each pointer.
fn demand(what: &str, value: &Value, wanted: &[(&str, Value)]) {
    for (pointer, wanted) in wanted {
        let got = value.pointer(pointer).unwrap_or(&Value::Null);
        assert_eq!(got, wanted, "{what}: {pointer}");
    }
}

#[test]
fn pods_run_as_nobody_with_a_seccomp_profile_and_without_the_node() {
    each(|template, _| {
        demand(
            &template.what,
            template.spec,
            &[
                ("/securityContext/runAsNonRoot", json!(true)),
                ("/securityContext/runAsUser", json!(65532)),
                ("/securityContext/runAsGroup", json!(65532)),
                ("/securityContext/fsGroup", json!(65532)),
                ("/securityContext/fsGroupChangePolicy", json!("OnRootMismatch")),
                ("/securityContext/supplementalGroups", json!([65532])),
                ("/securityContext/seccompProfile", json!({ "type": "RuntimeDefault" })),
                ("/automountServiceAccountToken", json!(false)),
                ("/enableServiceLinks", json!(false)),
                ("/dnsConfig/options", json!([{ "name": "ndots", "value": "2" }])),
            ],
        );
        for node in ["/hostNetwork", "/hostPID", "/hostIPC"] {
            let shared = template.spec.pointer(node).and_then(Value::as_bool).unwrap_or(false);
            assert!(!shared, "{}: {node}", template.what);
        }
    });
}

#[test]
fn every_container_repeats_its_security_context() {
    each(|template, _| {
        assert!(template.containers().next().is_some(), "{} has no container", template.what);
        for container in template.containers() {
            let wanted = json!({
                "allowPrivilegeEscalation": false,
                "privileged": false,
                "readOnlyRootFilesystem": true,
                "runAsNonRoot": true,
                "runAsUser": 65532,
                "runAsGroup": 65532,
                "capabilities": { "drop": ["ALL"] },
                "seccompProfile": { "type": "RuntimeDefault" },
            });
            assert_eq!(container["securityContext"], wanted, "{}", template.what);
        }
    });
}

#[test]
fn every_pod_has_an_account_of_its_own_without_a_token() {
    each(|template, objects| {
        let name = text(template.spec, "/serviceAccountName");
        let instance = template.labels["app.kubernetes.io/instance"].as_str();
        assert_eq!(Some(name), instance, "{}: the account is its own", template.what);
        let account = objects.iter().find(|object| {
            text(object, "/kind") == "ServiceAccount" && text(object, "/metadata/name") == name
        });
        let account = account.unwrap_or_else(|| panic!("{}: no account {name}", template.what));
        assert_eq!(account["automountServiceAccountToken"], json!(false), "{name}");
    });
}

/// Kubernetes' quantity of CPU in thousandths.
fn millis(quantity: &str) -> u64 {
    match quantity.strip_suffix('m') {
        Some(millis) => millis.parse().unwrap(),
        None => quantity.parse::<u64>().unwrap() * 1000,
    }
}

#[test]
fn every_container_asks_for_what_it_needs_and_is_held_to_it() {
    each(|template, _| {
        for container in template.containers() {
            let (requests, limits) = (&container["resources"]["requests"], &container["resources"]["limits"]);
            for resource in ["cpu", "memory", "ephemeral-storage"] {
                for (side, amounts) in [("requests", requests), ("limits", limits)] {
                    assert!(amounts[resource].is_string(), "{}: {side} no {resource}", template.what);
                }
            }
            assert_eq!(requests["memory"], limits["memory"], "{}", template.what);
            let (asked, most) = (millis(text(requests, "/cpu")), millis(text(limits, "/cpu")));
            assert_eq!(most, (asked * 4).max(1000), "{}", template.what);
        }
    });
}

#[test]
fn every_image_has_a_tag_and_is_pulled_at_each_start() {
    each(|template, _| {
        for container in template.containers() {
            let image = text(container, "/image");
            let tag = image.split('@').next().and_then(|named| named.rsplit('/').next()?.split_once(':'));
            assert!(
                tag.is_some_and(|(_, tag)| !tag.is_empty() && tag != "latest"),
                "{}: {image}",
                template.what
            );
            assert_eq!(container["imagePullPolicy"], json!("Always"), "{}", template.what);
        }
    });
}

#[test]
fn above_dev_every_image_of_the_example_has_a_digest() {
    for environment in environments("environments").iter().filter(|e| e.name != "dev") {
        for template in objects(environment).iter().filter_map(Template::of) {
            for container in template.containers() {
                let image = text(container, "/image");
                assert!(image.contains("@sha256:"), "{}: {image}", template.what);
            }
        }
    }
}

#[test]
fn ports_have_names_and_need_no_privilege_and_probes_ask_declared_ones() {
    each(|template, _| {
        for container in template.containers() {
            let ports = items(container, "/ports");
            for port in ports {
                let (name, number) = (text(port, "/name"), port["containerPort"].as_u64().unwrap());
                assert!((1..=15).contains(&name.len()), "{}: port {name}", template.what);
                assert!(number >= 1024, "{}: port {number}", template.what);
            }
            for probe in ["startupProbe", "readinessProbe", "livenessProbe"] {
                for handler in ["httpGet", "tcpSocket"] {
                    let Some(asked) = container[probe].get(handler).map(|h| &h["port"]) else { continue };
                    let declared = ports.iter().any(|port| port["containerPort"] == *asked);
                    assert!(declared, "{}: {probe} asks {asked}", template.what);
                }
            }
        }
    });
}

#[test]
fn what_serves_is_probed_three_ways_with_all_timings_written_out() {
    each(|template, _| {
        for container in template.containers() {
            let main = |port: &Value| matches!(text(port, "/name"), "http" | "ops" | "cache");
            if template.kind != "Deployment" || !items(container, "/ports").iter().any(main) {
                continue;
            }
            for (probe, period, failures) in [
                ("startupProbe", Some(2), None),
                ("readinessProbe", Some(5), Some(3)),
                ("livenessProbe", Some(10), Some(6)),
            ] {
                let probe_of = &container[probe];
                let number = |key: &str| probe_of[key].as_u64();
                assert_eq!(number("periodSeconds"), period, "{}: {probe}", template.what);
                assert_eq!(number("timeoutSeconds"), Some(2), "{}: {probe}", template.what);
                assert_eq!(number("successThreshold"), Some(1), "{}: {probe}", template.what);
                let failed = number("failureThreshold");
                assert!(failed >= Some(1) && (failures.is_none() || failed == failures), "{}", template.what);
            }
            let path = |probe: &str| container[probe].pointer("/httpGet/path").cloned();
            let (live, ready) = (path("livenessProbe"), path("readinessProbe"));
            assert!(live.is_none() || live != ready, "{}: {live:?}", template.what);
        }
    });
}

#[test]
fn what_serves_http_waits_before_it_stops_and_has_time_to_finish() {
    each(|template, _| {
        for container in template.containers() {
            let pause = container.pointer("/lifecycle/preStop/sleep/seconds").and_then(Value::as_u64);
            let grace = template.spec["terminationGracePeriodSeconds"].as_u64().unwrap();
            let serves = items(container, "/ports").iter().any(|port| text(port, "/name") == "http");
            if serves && template.kind == "Deployment" {
                assert!(pause >= Some(5), "{}: preStop {pause:?}", template.what);
            }
            assert!(grace >= pause.unwrap_or(0) + 5, "{}: grace {grace}", template.what);
        }
    });
}

#[test]
fn volumes_are_those_of_the_restricted_standard_and_bounded() {
    each(|template, _| {
        let mut has_tmp = false;
        for volume in template.volumes() {
            let name = text(volume, "/name");
            let kinds: Vec<&String> =
                volume.as_object().unwrap().keys().filter(|key| *key != "name").collect();
            let [kind] = kinds.as_slice() else { panic!("{}: {volume}", template.what) };
            match kind.as_str() {
                "emptyDir" => {
                    assert!(volume["emptyDir"]["sizeLimit"].is_string(), "{}: {name}", template.what);
                    has_tmp |= ["tmp", "data"].contains(&name);
                }
                "secret" => {
                    assert_eq!(volume["secret"]["defaultMode"], json!(0o440), "{}: {name}", template.what);
                }
                // the volume of a cache that keeps its entries
                "persistentVolumeClaim" => has_tmp |= name == "data",
                "configMap" | "projected" => {}
                other => panic!("{}: a volume of {other}", template.what),
            }
        }
        assert!(has_tmp, "{} can write nowhere", template.what);
    });
}

#[test]
fn no_variable_shows_a_secret_and_none_comes_in_bulk() {
    each(|template, _| {
        for container in template.containers() {
            assert!(container.get("envFrom").is_none(), "{}", template.what);
            for variable in items(container, "/env").iter().filter(|v| v.get("value").is_some()) {
                let name = text(variable, "/name").to_lowercase();
                for word in ["password", "token", "bearer", "secret"] {
                    assert!(!name.contains(word), "{}: {name}", template.what);
                }
            }
        }
    });
}

#[test]
fn pods_that_serve_spread_over_nodes_and_zones() {
    each(|template, _| {
        if template.kind == "CronJob" {
            // one pod at a time has nobody to keep away from
            return;
        }
        let own = json!({ "app.kubernetes.io/name": template.labels["app.kubernetes.io/name"] });
        let preferred = "/affinity/podAntiAffinity/preferredDuringSchedulingIgnoredDuringExecution";
        let [term] = items(template.spec, preferred) else { panic!("{}: no anti-affinity", template.what) };
        demand(
            &template.what,
            term,
            &[
                ("/podAffinityTerm/topologyKey", json!("kubernetes.io/hostname")),
                ("/podAffinityTerm/labelSelector/matchLabels", own.clone()),
            ],
        );
        let spread = items(template.spec, "/topologySpreadConstraints");
        let keys: Vec<&str> = spread.iter().map(|over| text(over, "/topologyKey")).collect();
        assert_eq!(keys, ["topology.kubernetes.io/zone", "kubernetes.io/hostname"], "{}", template.what);
        for over in spread {
            demand(
                &template.what,
                over,
                &[
                    ("/maxSkew", json!(1)),
                    ("/whenUnsatisfiable", json!("ScheduleAnyway")),
                    ("/labelSelector/matchLabels", own.clone()),
                ],
            );
        }
    });
}

#[test]
fn where_the_platform_names_a_priority_class_every_pod_has_it() {
    for project in PROJECTS {
        for environment in environments(project) {
            let class = &environment.system.environment.platform.priority_class;
            let class = class.as_ref().map_or(Value::Null, |class| json!(class.get().as_str()));
            let objects = objects(&environment);
            for template in objects.iter().filter_map(Template::of) {
                let own = template.spec.get("priorityClassName").unwrap_or(&Value::Null);
                assert_eq!(*own, class, "{}", template.what);
            }
        }
    }
}

#[test]
fn every_namespace_enforces_the_restricted_standard() {
    for project in PROJECTS {
        for environment in environments(project) {
            let objects = objects(&environment);
            for namespace in objects.iter().filter(|object| text(object, "/kind") == "Namespace") {
                for mode in ["enforce", "audit", "warn"] {
                    let label =
                        &namespace["metadata"]["labels"][format!("pod-security.kubernetes.io/{mode}")];
                    assert_eq!(*label, json!("restricted"), "{}", text(namespace, "/metadata/name"));
                }
            }
        }
    }
}
