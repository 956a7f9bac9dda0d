//! `specc env` and `specc secrets` on the example, in every format.

use serde_json::Value;
use snapbox::str;

use crate::specc::{Project, Run};

fn run<'a>(arguments: impl IntoIterator<Item = &'a str>) -> Run {
    Project::example().specc(arguments)
}

fn json<'a>(arguments: impl IntoIterator<Item = &'a str>) -> Value {
    let run = run(arguments.into_iter().chain(["--output-format", "json"]));
    assert_eq!(run.code, Some(0), "{}", run.err);
    serde_json::from_str(&run.out).unwrap()
}

/// The row of a variable in the matrix.
fn variable<'v>(matrix: &'v Value, workload: &str, name: &str) -> &'v Value {
    let rows = matrix["variables"].as_array().unwrap();
    rows.iter().find(|row| row["workload"] == workload && row["name"] == name).unwrap()
}

#[test]
fn the_matrix_has_every_environment_with_value_and_place() {
    let matrix = json(["env", "--matrix", "environments"]);
    assert_eq!(matrix["environments"], serde_json::json!(["dev", "staging", "prod"]));
    let level = variable(&matrix, "orders.workloads.api", "LOG_LEVEL");
    assert_eq!(level["environments"]["dev"]["value"], "debug");
    assert_eq!(level["environments"]["prod"]["value"], "info");
    assert_eq!(level["environments"]["prod"]["set_by"], "service");
    let place = level["environments"]["dev"]["at"].as_str().unwrap();
    assert!(place.contains("dev/orders.toml:"), "{place}");
    let attempts = variable(&matrix, "orders.workloads.api", "PROVIDER_RETRY_ATTEMPTS");
    assert_eq!(attempts["environments"]["dev"]["value"], "3");
    assert_eq!(attempts["environments"]["dev"]["set_by"], "edge");
    // the nightly job is removed in dev
    assert_eq!(variable(&matrix, "orders.workloads.settle", "LOG_LEVEL")["environments"]["dev"], Value::Null);
}

#[test]
fn references_stay_references() {
    let matrix = json(["env", "environments/prod"]);
    let address = variable(&matrix, "orders.workloads.api", "POD_IP");
    assert_eq!(address["environments"]["prod"]["kind"], "field");
    assert_eq!(address["environments"]["prod"]["value"], "{ field = \"status.podIP\" }");
}

#[test]
fn secrets_say_what_to_put_where_and_who_reads_it() {
    run(["secrets", "environments/prod"]).prints(str![[r#"
ENVIRONMENT  STORE  KEY                            PROPERTIES            SECRET                             USED BY
prod         vault  prod/checkout/orders/events    username, password    checkout/orders-queue-events       orders-worker
prod         vault  prod/checkout/orders/provider  api_key, webhook_key  checkout/orders-external-provider  orders-api, orders-settle, orders-worker
prod         vault  prod/checkout/orders/signing   private.pem           checkout/orders-secret-signing     orders-api

"#]]);
    let all = json(["secrets", "--all", "environments"]);
    let keys: Vec<&str> =
        all["secrets"].as_array().unwrap().iter().map(|s| s["key"].as_str().unwrap()).collect();
    assert_eq!(keys.iter().filter(|key| key.starts_with("staging/")).count(), 3, "{keys:?}");
}

#[test]
fn kept_passwords_are_listed_by_their_keys() {
    run(["secrets", "--kept", "environments/prod"]).prints(str![[r#"
ENVIRONMENT  STORE         KEY                                              SECRET
prod         vault-backup  prod/checkout/orders/orders-db-main-app          checkout/orders-db-main-app
prod         vault-backup  prod/checkout/orders/orders-db-main-role-api     checkout/orders-db-main-role-api
prod         vault-backup  prod/checkout/orders/orders-db-main-role-settle  checkout/orders-db-main-role-settle
prod         vault-backup  prod/checkout/orders/orders-db-main-role-worker  checkout/orders-db-main-role-worker
prod         vault-backup  prod/payments/payments/payments-db-ledger-app    payments/payments-db-ledger-app

"#]]);
    let all = json(["secrets", "--kept", "--all", "environments"]);
    let kept = all["kept"].as_array().unwrap();
    assert!(!kept.is_empty() && kept.iter().all(|kept| kept["store"] == "vault-backup"), "{all}");
}

#[test]
fn every_format_has_every_row() {
    let rows = |format: &str| {
        let run = run(["env", "--matrix", "environments", "--output-format", format]);
        assert_eq!(run.code, Some(0), "{}", run.err);
        run.out.lines().count()
    };
    let lines = rows("concise");
    assert!(lines > 40, "{lines}");
    assert_eq!((rows("full"), rows("github")), (lines + 1, lines + 2));
}

#[test]
fn an_environment_or_all_must_be_asked_for() {
    for command in ["env", "secrets"] {
        let run = run([command]);
        assert_eq!((run.code, run.out.as_str()), (Some(2), ""), "{command}");
    }
}
