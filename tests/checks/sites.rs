//! Second sites of databases, promises about recovery, and what people try out.

use super::shows;

const SERVICE: &str = "spec = 1\n[service]\nname = \"shop\"\n[runtime]\nimage = \"registry.example.com/shop\"\napp = \"shop.main:app\"\n\
                       [workloads.api]\nuses = [\"databases.main\"]\n[databases.main]\nversion = 18\nstorage = \"20Gi\"\n";

/// An environment with everything that a site needs.
fn environment(store: &str) -> String {
    format!(
        "tier = \"prod\"\n[platform]\ngateway = \"ingress/public\"\ngateway_listeners = {{ https = \"https\" }}\nsecret_store = \"vault\"\n\
         object_store = {{ url = \"s3://{store}\" }}\nadd_ons = [\"cnpg\", \"barman-cloud\"]\napi_server = {{ cidrs = [\"10.0.0.1/32\"] }}\n\
         drill_image = \"registry.example.com/drill:1.0@sha256:{}\"\n",
        "0123456789abcdef".repeat(4)
    )
}

/// Two sites, `dev` and `prod`, with these tables of the database.
#[track_caller]
fn sites(dev: &str, prod: &str, expected: &[(&str, &[&str])]) {
    let (of_dev, of_prod) = (environment("shop-dev"), environment("shop"));
    let table = |text: &str| match text {
        "" => "# nothing of its own\n".to_owned(),
        text => format!("[databases.main]\n{text}\n"),
    };
    shows(
        &[
            ("services/shop.toml", SERVICE),
            ("dev/environment.toml", &of_dev),
            ("prod/environment.toml", &of_prod),
            ("dev/shop.toml", &table(dev)),
            ("prod/shop.toml", &table(prod)),
        ],
        expected,
    );
}

const TO_DEV: &str = "env = \"dev\", store = \"s3://shop-dev\"";
const TO_PROD: &str = "env = \"prod\", store = \"s3://shop\"";

#[test]
fn two_sites_that_know_each_other_are_fine() {
    sites(&format!("standby = {{ {TO_PROD} }}"), &format!("replica_of = {{ {TO_DEV} }}"), &[]);
}

#[test]
fn both_sites_must_say_who_the_other_is() {
    sites(
        &format!("standby = {{ {TO_PROD} }}"),
        "",
        &[(
            "sites-disagree",
            &["names none", "write `replica_of = { env = \"dev\", store = \"s3://shop-dev\" }`"],
        )],
    );
    sites(
        &format!("standby = {{ {TO_PROD} }}"),
        &format!("standby = {{ {TO_DEV} }}"),
        &[("sites-disagree", &["takes writes in `dev` and in `prod`"])],
    );
    sites(
        &format!("replica_of = {{ {TO_PROD} }}"),
        &format!("replica_of = {{ {TO_DEV} }}"),
        &[("no-site-takes-writes", &["between the two steps of a switch-over"])],
    );
}

#[test]
fn what_one_site_says_of_the_other_is_compared() {
    let follows = format!("replica_of = {{ {TO_DEV} }}");
    sites(
        "standby = { env = \"prod\", store = \"s3://other\" }",
        &follows,
        &[("sites-disagree", &["in another folder", "write `store = \"s3://shop\"` into `standby`"])],
    );
    sites(
        &format!("standby = {{ {TO_PROD}, cluster = \"shop-db-main-2\" }}"),
        &follows,
        &[("sites-disagree", &["write `cluster = \"shop-db-main\"` into `standby`"])],
    );
    sites(
        &format!("standby = {{ {TO_PROD}, endpoint = \"https://store.example.com\" }}"),
        &follows,
        &[("sites-disagree", &["at another address", "delete `endpoint` from `standby`"])],
    );
}

#[test]
fn a_site_that_follows_is_as_large_and_as_old_as_the_other() {
    let leads = |more: &str| format!("standby = {{ {TO_PROD} }}\n{more}");
    let follows = format!("replica_of = {{ {TO_DEV} }}");
    sites(
        &leads("storage = \"40Gi\""),
        &follows,
        &[(
            "sites-disagree",
            &["has 20Gi of storage, and follows a cluster with 40Gi", "write `storage = \"40Gi\"`"],
        )],
    );
    sites(
        &leads("memory = \"2Gi\""),
        &follows,
        &[(
            "sites-disagree",
            &["`max_connections = 128`, and follows a server with 256", "the same `memory`"],
        )],
    );
    sites(
        &leads("parameters = { max_worker_processes = \"48\" }"),
        &follows,
        &[(
            "sites-disagree",
            &["`max_worker_processes = 32`", "write `parameters = { max_worker_processes = \"48\" }`"],
        )],
    );
    // the other way round nothing stops
    sites(&leads(""), &format!("{follows}\nmemory = \"2Gi\"\nstorage = \"40Gi\""), &[]);
    sites(
        &leads("version = 17"),
        &follows,
        &[
            ("database-version-mismatch", &[]),
            ("sites-disagree", &["PostgreSQL 17 in `dev` and 18 in `prod`"]),
        ],
    );
}

#[test]
fn a_site_that_cannot_be_one_is_refused() {
    let none = "";
    sites(
        "standby = { env = \"dev\", store = \"s3://shop\" }",
        none,
        &[("site-unusable", &["is `dev` itself", "name the environment of the other cluster: `prod`"])],
    );
    sites(
        "standby = { env = \"mars\", store = \"s3://shop\" }",
        none,
        &[("site-unusable", &["`mars`, which is no environment"])],
    );
    sites(
        &format!("standby = {{ {TO_PROD} }}\nreplica_of = {{ {TO_PROD} }}"),
        &format!("standby = {{ {TO_DEV} }}"),
        &[("site-unusable", &["put `remove = [\"databases.main.standby\"]` at the top of `dev/shop.toml`"])],
    );
    sites(
        &format!(
            "replica_of = {{ {TO_PROD} }}\nrestored = {{ name = \"shop-db-main-r2\", from = \"shop-db-main\" }}"
        ),
        &format!("standby = {{ {TO_DEV}, cluster = \"shop-db-main-r2\" }}"),
        &[("site-unusable", &["was restored, and follows another site"])],
    );
    let daemon =
        format!("{SERVICE}[workloads.agent]\nkind = \"daemon\"\nport = 9090\nuses = [\"databases.main\"]\n");
    let (of_dev, of_prod) = (environment("shop-dev"), environment("shop"));
    shows(
        &[
            ("services/shop.toml", &daemon),
            ("dev/environment.toml", &of_dev),
            ("prod/environment.toml", &of_prod),
            ("dev/shop.toml", &format!("[databases.main]\nstandby = {{ {TO_PROD} }}\n")),
            ("prod/shop.toml", &format!("[databases.main]\nreplica_of = {{ {TO_DEV} }}\n")),
        ],
        &[("site-unusable", &["`shop.workloads.agent` cannot wait"])],
    );
}

#[test]
fn guards_against_two_primaries_stay() {
    sites(
        "[databases.main.kubernetes.cluster]\nreason = \"slow network\"\nspec.probes.liveness.isolationCheck.enabled = false\nspec.primaryLease.leaseDurationSeconds = 60",
        "",
        &[
            ("derived-field-written", &["`spec.probes.liveness.isolationCheck.enabled` of `cluster`"]),
            ("derived-field-written", &["the lease and the isolation check"]),
        ],
    );
}

#[test]
fn a_promise_is_compared_with_what_archiving_and_restoring_can_do() {
    let prod = |table: &str, expected: &[&str]| sites("", table, &[("recovery-unmet", expected)]);
    prod(
        "replication = { sync = 0 }\nbackup = { drill = \"weekly\" }\nrecovery = { rpo = \"1s\", check = \"SELECT count(*) > 0 FROM orders\" }",
        &["promises to lose at most 1s", "with the instances that there are"],
    );
    prod(
        "backup = { drill = \"weekly\" }\nrecovery = { rpo = \"60s\", check = \"SELECT count(*) > 0 FROM orders\" }",
        &["each commit waits for a standby", "without a second site"],
    );
    prod(
        "backup = { drill = \"weekly\" }\nrecovery = { rpo = \"5m\", check = \"SELECT count(*) > 0 FROM orders\" }\nparameters = { archive_timeout = \"10min\" }",
        &[
            "promises to lose at most 5m, and may lose 11m",
            "delete `archive_timeout`: 240s follow from the promise",
        ],
    );
    prod(
        "backup = { drill = \"weekly\" }\nrecovery = { rpo = \"5m\", check = \"SELECT count(*) > 0 FROM orders\" }\nparameters = { archive_timeout = \"0\" }",
        &["may lose all since the last full segment"],
    );
    sites(
        &format!(
            "standby = {{ {TO_PROD} }}\nbackup = {{ drill = \"weekly\" }}\nrecovery = {{ rpo = \"1m\", check = \"SELECT count(*) > 0 FROM orders\" }}"
        ),
        &format!("replica_of = {{ {TO_DEV} }}"),
        &[("recovery-unmet", &["the other site follows through the same archive"])],
    );
    prod(
        "storage = \"200Gi\"\nrecovery = { rto = \"1h\", check = \"SELECT count(*) > 0 FROM orders\" }\nbackup = { drill = \"weekly\" }",
        &["`restore_rate = \"69Mi\"`", "`storage = \"146Gi\"`"],
    );
}
