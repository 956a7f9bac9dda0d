//! Classes of data, encryption, and certificates: what a beginner gets wrong, and what is not to be reported twice.

use super::shows;

const CACHE: &str = "[caches.hot]\nengine = \"redis\"\n";

/// The production environment with these lines below `[platform]`.
fn prod(lines: &str) -> String {
    format!(
        "tier = \"prod\"\n[platform]\ngateway = \"ingress/public\"\ngateway_listeners = {{ https = \"https\" }}\nsecret_store = \"vault\"\n\
         object_store = {{ url = \"s3://shop\" }}\nadd_ons = [\"cnpg\", \"barman-cloud\"]\napi_server = {{ cidrs = [\"10.0.0.1/32\"] }}\n{lines}"
    )
}

#[test]
fn each_plain_edge_is_told_by_itself() {
    let body = format!(
        "[data]\nclass = \"internal\"\n[workloads.api]\nuses = [\"caches.hot\", \"workloads.list\"]\n\
         route = {{ host = \"shop.example.com\" }}\n[workloads.list]\nport = 9000\n{CACHE}"
    );
    shows(
        &[("prod/shop.toml", &body)],
        &[
            ("plaintext-edge", &["from `shop.workloads.api` to `shop.caches.hot`", "6379/TCP with neither"]),
            (
                "plaintext-edge",
                &["from `shop.workloads.api` to `shop.workloads.list`", "9000/TCP with neither"],
            ),
            ("plaintext-edge", &["from `the Gateway` to `shop.workloads.api`"]),
        ],
    );
}

#[test]
fn a_mesh_wraps_tcp_between_its_pods() {
    let edges = format!(
        "[data]\nclass = \"pii\"\n[workloads.api]\nuses = [\"caches.hot\", \"workloads.list\"]\n{CACHE}"
    );
    let mesh = prod("mesh = \"istio-ambient\"\n");
    let list = "[workloads.list]\nport = 9000\n[workloads.list.ports.log]\nport = 9514\nprotocol = \"udp\"\n";
    shows(
        &[("prod/environment.toml", &mesh), ("prod/shop.toml", &format!("{edges}{list}"))],
        &[("plaintext-edge", &["9514/UDP with neither TLS nor a mesh"])],
    );
}

#[test]
fn an_edge_carries_no_more_than_either_end_has() {
    let body = format!(
        "[data]\nclass = \"pii\"\n[workloads.api]\nuses = [\"caches.hot\", \"workloads.list\"]\n\
         [workloads.list]\nport = 9000\nclass = \"public\"\n{CACHE}class = \"public\"\n"
    );
    shows(&[("prod/shop.toml", &body)], &[]);
}

#[test]
fn what_leaves_the_cluster_is_told_once_with_edge_and_class() {
    let body = "[data]\nclass = \"pii\"\n[workloads.api]\nuses = [\"caches.hot\", \"databases.old\"]\n[caches.hot]\nurl = \"redis://hot.example.net\"\ncidrs = [\"198.51.100.0/24\"]\n\
                [databases.old]\nversion = 17\nhost = \"old.example.net\"\nsslmode = \"disable\"\ncidrs = [\"198.51.100.0/24\"]\n";
    shows(
        &[("prod/shop.toml", body)],
        &[
            (
                "plaintext-store",
                &["`shop.caches.hot`", "the edge", "`pii` must be encrypted wherever it leaves a pod"],
            ),
            ("plaintext-store", &["`shop.databases.old`", "sslmode = \"verify-full\""]),
        ],
    );
}

#[test]
fn made_up_data_is_said_to_be_so() {
    let service = super::shop(&format!(
        "[data]\nclass = \"pii\"\n[workloads.api]\nuses = [\"workloads.list\"]\n[workloads.list]\nport = 9000\n{CACHE}"
    ));
    let said = "[data]\nclass = \"public\"\n";
    let (found, shown) =
        crate::pages::findings(&[("services/shop.toml", &service), ("prod/shop.toml", said)], None);
    let edges = found.iter().filter(|finding| finding.code == "plaintext-edge").count();
    assert_eq!(edges, 1, "{shown}");
    let shown = shown.split_whitespace().collect::<Vec<_>>().join(" ");
    assert!(
        shown.contains("in plain text in `dev`") && shown.contains("below `[data]` in `dev/shop.toml`"),
        "{shown}"
    );
}

#[test]
fn the_way_to_backups_is_an_edge() {
    let store = prod("storage_class = \"fast\"\nstorage_classes = { fast = { encrypted = true } }\n")
        .replace(
            "{ url = \"s3://shop\" }",
            "{ url = \"s3://shop\", endpoint = \"http://minio.example.net:9000\" }",
        );
    let body =
        "[workloads.api]\nuses = [\"databases.main\"]\n[databases.main]\nversion = 18\nclass = \"pii\"\n";
    shows(
        &[("prod/environment.toml", &store), ("prod/shop.toml", body)],
        &[("plaintext-edge", &["to `the object store`", "write an `https` address as `endpoint`"])],
    );
}

#[test]
fn every_volume_of_classified_data_is_looked_at() {
    let body = "[data]\nclass = \"confidential\"\n[workloads.api]\nclass = \"internal\"\nuses = [\"databases.main\"]\n\
                [workloads.store]\nkind = \"stateful\"\nport = 7000\nreplicas = 1\n[workloads.store.volumes.rows]\nkind = \"claim\"\nmount = \"/rows\"\nsize = \"5Gi\"\nstorage_class = \"slow\"\n\
                [databases.main]\nversion = 18\n";
    let known = prod("storage_classes = { slow = { encrypted = false }, fast = { encrypted = true } }\n");
    let allow = "spec = 1\n[project]\nname = \"shop\"\nenvironments = [\"dev\", \"prod\"]\n[checks.single-replica-in-prod]\nlevel = \"allow\"\nreason = \"r\"\nowner = \"o\"\n";
    shows(
        &[("specc.toml", allow), ("prod/environment.toml", &known), ("prod/shop.toml", body)],
        &[
            (
                "unencrypted-volume",
                &[
                    "`shop.databases.main`",
                    "the cluster's default `StorageClass`",
                    "declared to encrypt: `fast`",
                ],
            ),
            (
                "unencrypted-volume",
                &[
                    "`shop.workloads.store.volumes.rows`",
                    "`slow` is declared not to encrypt",
                    "declared here",
                ],
            ),
        ],
    );
}

#[test]
fn a_certificate_is_for_an_account_of_its_own() {
    let body = "[workloads.api]\nuses = [\"databases.main\"]\n[databases.main]\nversion = 18\n[databases.main.roles.api]\ncert = true\n";
    shows(
        &[("prod/shop.toml", body)],
        &[("certificate-unusable", &["it is the owner", "write `grants = \"write\"` or `\"read\"`"])],
    );
    // nobody has to make a password for it
    let dev =
        "tier = \"dev\"\n[platform]\nadd_ons = [\"cnpg\"]\napi_server = { cidrs = [\"10.0.0.1/32\"] }\n";
    shows(&[("dev/environment.toml", dev), ("dev/shop.toml", &format!("{body}grants = \"read\"\n"))], &[]);
}

#[test]
fn rights_and_ways_in_are_not_written_by_hand() {
    let body = "[workloads.api]\nuses = [\"databases.main\"]\n[databases.main]\nversion = 18\n[databases.main.roles.api]\ngrants = \"write\"\n\
                [databases.main.kubernetes.databaserole-role-api.spec]\nsuperuser = true\n\
                [databases.main.kubernetes.cluster.spec.postgresql]\npg_hba = [\"host all all all trust\"]\n\
                [databases.main.kubernetes.objectstore.spec.configuration.wal]\nencryption = \"aws:kms\"\n";
    shows(
        &[("prod/shop.toml", body)],
        &[
            ("derived-field-written", &["pg_hba", "write `roles`"]),
            ("derived-field-written", &["wal.encryption", "write `platform.object_store.encryption`"]),
            ("derived-field-written", &["spec.superuser", "nobody but the operator is superuser"]),
        ],
    );
}

#[test]
fn the_window_counts_months_as_short_as_they_may_be() {
    let body = |retention: &str| {
        format!(
            "[workloads.api]\nuses = [\"databases.main\"]\n[databases.main]\nversion = 18\nrecovery = {{ window = \"30d\" }}\nbackup = {{ retention = \"{retention}\" }}\n"
        )
    };
    shows(&[("prod/shop.toml", &body("30d"))], &[]);
    shows(
        &[("prod/shop.toml", &body("1m"))],
        &[(
            "retention-below-window",
            &["2d too little", "a month counts 28 days", "write `retention = \"30d\"`"],
        )],
    );
}
