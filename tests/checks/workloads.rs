//! What checks say about the keys of workloads beyond the example of their page.

use super::{shop, shows};
use crate::pages::findings;

/// Demands that a service with `body` shows exactly the findings whose text holds these parts.
#[track_caller]
fn says(body: &str, expected: &[(&str, &[&str])]) {
    shows(&[("services/shop.toml", &shop(body))], expected);
}

#[test]
fn an_exception_holds_to_the_end_of_its_last_day() {
    let body = "[workloads.api.pod.security]\nreason = \"x\"\nwritable_root = true\nuntil = 2027-01-31\n";
    let service = shop(body);
    let codes = |as_of| -> Vec<&str> {
        findings(&[("services/shop.toml", &service)], as_of).0.iter().map(|finding| finding.code).collect()
    };
    assert!(codes(None).is_empty(), "no day, no end");
    assert!(codes(Some("2027-01-31")).is_empty());
    assert_eq!(codes(Some("2027-02-01")), ["security-exception-over"]);
}

#[test]
fn ports_of_sidecars_are_ports_of_the_pod() {
    let of =
        |port: &str| format!("[workloads.api.sidecars.proxy]\ncommand = [\"p\"]\nports = {{ {port} }}\n");
    says(&of("proxy = { port = 8000 }"), &[("port-conflict", &["listens twice on tcp port 8000"])]);
    says(&of("http = { port = 9000 }"), &[("port-conflict", &["are called `http`", "the main port"])]);
    let init = "[workloads.api.init.wait]\ncommand = [\"p\"]\nports = { wait = { port = 8000 } }\n";
    says(init, &[]);
}

#[test]
fn mounts_of_each_container_are_judged_by_themselves() {
    let body = "[workloads.api.volumes]\na = { mount = \"/a\" }\nb = { mount = \"/a/b\" }\n";
    says(body, &[("mount-conflict", &["mounts `/a/b` inside of `/a`", "the volume `a`", "the volume `b`"])]);
    let apart = "[workloads.api.volumes]\na = { mount = \"/a\" }\nb = { mount = \"/b\" }\n\
                 [workloads.api.init.fetch]\ncommand = [\"f\"]\nmounts = { \"/b\" = \"a\", \"/b/c\" = \"b\" }\n";
    says(apart, &[("mount-conflict", &["mounts `/b/c` inside of `/b`"])]);
    let temporary = "[workloads.api.volumes.a]\nmount = \"/tmp/a\"\n";
    says(temporary, &[("mount-conflict", &["mounts `/tmp/a` inside of `/tmp`"])]);
}

#[test]
fn keys_of_runs_are_for_one_kind_of_run() {
    let job = "[workloads.seed]\nkind = \"job\"\ncommand = [\"s\"]\nrun = { overlap = \"allow\" }\n";
    says(job, &[("key-not-for-kind", &["`run.overlap`", "runs again and again"])]);
    let cron = "[workloads.seed]\nkind = \"cron\"\ncommand = [\"s\"]\nschedule = \"0 5 * * *\"\nrun = { when = \"before\" }\n";
    says(cron, &[("key-not-for-kind", &["`run.when`", "runs once for each version"])]);
}

#[test]
fn a_low_port_needs_nothing_in_a_network_of_its_own() {
    says("[workloads.api]\nport = 80\n", &[]);
    let on_node = "[workloads.api]\nport = 80\n\
                   pod = { security = { reason = \"x\", host_network = true, until = 2099-01-01 } }\n";
    let (found, _) = findings(&[("services/shop.toml", &shop(on_node))], None);
    assert!(found.iter().any(|finding| finding.code == "privileged-port"));
}

#[test]
fn words_of_a_command_refer_to_what_there_is() {
    let unused =
        "[workloads.api]\ncommand = [\"run\", { format = \"--to={caches.hot.address}\" }]\n[caches.hot]\n";
    says(
        unused,
        &[
            ("unknown-output", &["a word of the command", "refers to `caches.hot`"]),
            ("orphan-item", &["`caches.hot`"]),
        ],
    );
    let unset = "[workloads.api]\nargs = [{ format = \"--pod={env.POD}\" }]\nenv = { POT = \"x\" }\n";
    says(
        unset,
        &[(
            "unknown-variable",
            &["a word of the command", "the variable `POD`", "did you mean `{env.POT}`?"],
        )],
    );
    let secret = "[workloads.api]\nargs = [\"--password\", { format = \"hunter2-of-the-shop\" }]\n";
    let (found, _) = findings(&[("services/shop.toml", &shop(secret))], None);
    assert!(found.iter().any(|finding| finding.code == "secret-in-plain"), "{found:?}");
}

#[test]
fn files_and_folders_of_a_container_are_mounts_of_it() {
    let twice = "[workloads.api.sidecars.proxy]\nwritable = [\"/etc/proxy\"]\n\
                 files = { \"/etc/proxy/a.toml\" = { text = \"a = 1\" } }\n";
    says(twice, &[("mount-conflict", &["mounts `/etc/proxy/a.toml` inside of `/etc/proxy`"])]);
    let own = "[workloads.api]\nvolumes = { scratch = { kind = \"memory\", mount = \"/tmp\" } }\n";
    says(own, &[]);
    let empty = "[workloads.api.init.copy]\nfiles = { \"/etc/a.toml\" = {} }\n";
    says(empty, &[("file-content-unclear", &["`/etc/a.toml`"])]);
}

#[test]
fn each_probe_needs_what_it_asks_with() {
    let no_command = "[workloads.api]\nhealth = { readiness = { probe = \"exec\" } }\n";
    says(no_command, &[("probe-incomplete", &["is asked by `exec`", "no command"])]);
    let only_ready = "[workloads.api]\nhealth = { liveness = { probe = \"none\" } }\n";
    says(only_ready, &[]);
    let only_live = "[workloads.api]\nhealth = { readiness = { probe = \"none\" } }\n";
    says(only_live, &[("probe-missing", &["whether requests are welcome"])]);
}

#[test]
fn an_autoscaler_looks_back_an_hour_at_most() {
    let body = "[workloads.api]\nscale = { min = 2, max = 4, down = { window = \"2h\", every = \"31m\" } }\n";
    says(
        body,
        &[
            ("autoscaler-bounds", &["`window`", "at most 60 minutes"]),
            ("autoscaler-bounds", &["`every`", "at most 30 minutes"]),
        ],
    );
}

#[test]
fn a_queue_and_a_rate_are_two_scalers() {
    let body = "[workloads.api]\nuses = [\"databases.main\"]\n[workloads.api.scale]\nmin = 1\nmax = 4\nrps = 10\n\
                queue = { database = \"main\", sql = \"SELECT 1\", per_replica = 5 }\n\
                [databases.main]\nversion = 18\ninstances = 3\n";
    let platform = "tier = \"dev\"\n[platform]\nadd_ons = [\"barman-cloud\", \"cnpg\", \"keda\", \"prometheus-adapter\"]\n\
                    object_store = { url = \"s3://shop\" }\napi_server = { cidrs = [\"10.0.0.1/32\"] }\n";
    let prod = platform.replace("dev", "prod");
    shows(
        &[
            ("services/shop.toml", &shop(body)),
            ("dev/environment.toml", platform),
            ("prod/environment.toml", &prod),
            ("prod/shop.toml", "[workloads.api]\nscale = { min = 2 }\n"),
        ],
        &[("two-scalers", &["scales on `queue` and on `rps`", "KEDA's"])],
    );
}

#[test]
fn variables_that_refer_to_each_other_in_a_circle() {
    let circle = "[workloads.api.env]\nA = { format = \"{env.B}\" }\nB = { format = \"{env.A}\" }\n";
    says(
        circle,
        &[
            ("unknown-variable", &["`A` of `shop.workloads.api` refers to itself"]),
            ("unknown-variable", &["`B`"]),
        ],
    );
    let from_elsewhere = "[workloads.api.env]\nA = { format = \"{env.B}\" }\n\
                          [workloads.api.env_from.x]\nconfig_map = \"theirs\"\n";
    says(from_elsewhere, &[]);
}

#[test]
fn who_asks_for_root_is_told_where_that_is_said() {
    let root: &[(&str, &[&str])] = &[("invalid-value", &["0 is root", "security = { root = true"])];
    says("[workloads.api]\npod = { uid = 0 }\n", root);
    says("[workloads.api.sidecars.proxy]\ncommand = [\"p\"]\ngid = 0\n", root);
}

#[test]
fn the_name_of_a_cluster_leaves_room_for_its_restore() {
    // `shop-db-` and 40 characters: the cluster fits into 50, what a restore makes beside it does not
    let judge = |length: usize, expected: &[(&str, &[&str])]| {
        let name = "d".repeat(length);
        let service = shop(&format!("[databases.{name}]\nversion = 18\n"));
        let without = format!("remove = [\"databases.{name}\"]\n");
        shows(
            &[("services/shop.toml", &service), ("dev/shop.toml", &without), ("staging/shop.toml", &without)],
            expected,
        );
    };
    let unused: (&str, &[&str]) = ("orphan-item", &[]);
    judge(39, &[unused]);
    judge(40, &[("name-too-long", &["51 characters", "a restore makes a cluster of that name"]), unused]);
    judge(43, &[("name-too-long", &["51 characters", "CloudNativePG takes no longer names"]), unused]);
}
