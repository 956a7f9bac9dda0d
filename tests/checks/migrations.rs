//! Migrations: those of a database, and those that somebody runs by hand.

use super::{shop, shows};

const DATABASE: &str = "[databases.main]\nversion = 18\n";

fn with(workloads: &str, migrate: &str) -> Vec<(&'static str, String)> {
    let body = format!("{workloads}\n{DATABASE}{migrate}");
    vec![
        ("specc.toml", "spec = 1\n[project]\nname = \"shop\"\nenvironments = [\"dev\"]\n".to_owned()),
        ("services/shop.toml", shop(&body)),
        ("dev/environment.toml", "tier = \"dev\"\n[platform]\ngateway = \"ingress/dev\"\nadd_ons = [\"cnpg\"]\napi_server = { cidrs = [\"10.0.0.1/32\"] }\n".to_owned()),
    ]
}

#[track_caller]
fn found(workloads: &str, migrate: &str, expected: &[(&str, &[&str])]) {
    let files = with(workloads, migrate);
    let files: Vec<(&str, &str)> = files.iter().map(|(path, text)| (*path, text.as_str())).collect();
    shows(&files, expected);
}

const API: &str = "[workloads.api]\nuses = [\"databases.main\"]\n";

#[test]
fn a_migration_is_a_job_like_any_other() {
    found(API, "migrate = { command = [\"alembic\", \"upgrade\", \"head\"] }\n", &[]);
    // what its variables need, it must use
    let hot = "[caches.hot]\nengine = \"redis\"\n[env]\nCACHE = { from = \"caches.hot.url\" }\n";
    let workloads = "[workloads.api]\nuses = [\"databases.main\", \"caches.hot\"]\n";
    found(
        &format!("{hot}{workloads}"),
        "migrate = { command = [\"a\"] }\n",
        &[("unknown-output", &["`shop.databases.main.migrate`"])],
    );
    found(&format!("{hot}{workloads}"), "migrate = { command = [\"a\"], uses = [\"caches.hot\"] }\n", &[]);
}

#[test]
fn the_limits_of_sessions_are_written_in_one_place() {
    found(
        API,
        "migrate = { command = [\"a\"], env = { PGOPTIONS = \"-c lock_timeout=0\" } }\n",
        &[("variable-collision", &["`PGOPTIONS` of `shop.databases.main.migrate`"])],
    );
}

#[test]
fn a_migration_has_the_name_of_its_job() {
    found(
        &format!(
            "{API}[workloads.migrate-main]\nkind = \"cron\"\nschedule = \"5 5 * * *\"\ncommand = [\"a\"]\n"
        ),
        "migrate = { command = [\"a\"] }\n",
        &[(
            "derived-name-collision",
            &["`shop.workloads.migrate-main`", "`shop.databases.main`", "`shop-migrate-main`"],
        )],
    );
}

#[test]
fn a_tool_is_found_behind_paths_and_shells() {
    for command in [
        "[\"/app/.venv/bin/alembic\", \"-c\", \"/etc/a.ini\", \"upgrade\", \"head\"]",
        "[\"sh\", \"-c\", \"cd /app && python manage.py migrate && echo done\"]",
        "[\"npx\", \"prisma\", \"migrate\", \"deploy\"]",
    ] {
        let job = format!(
            "{API}[workloads.schema]\nkind = \"job\"\ncommand = {command}\nuses = [\"databases.main\"]\n"
        );
        found(&job, "", &[("migration-unguarded", &["without a `lock_timeout`"])]);
        let guarded = format!("{job}env = {{ PGOPTIONS = \"-c lock_timeout=3s\" }}\n");
        found(&guarded, "", &[]);
    }
    let other = format!(
        "{API}[workloads.schema]\nkind = \"job\"\ncommand = [\"alembic\", \"history\"]\nuses = [\"databases.main\"]\n"
    );
    found(&other, "", &[]);
}

#[test]
fn a_single_pod_may_change_the_schema_itself_with_a_limit() {
    let one = "[workloads.api]\nuses = [\"databases.main\"]\nreplicas = 1\n[workloads.api.init.schema]\ncommand = [\"goose\", \"up\"]\n";
    found(one, "", &[("migration-unguarded", &["`shop.workloads.api.init.schema` runs `goose`"])]);
    let many = one.replace("replicas = 1", "scale = { min = 1, max = 4 }");
    found(&many, "", &[("migration-race", &["pods: up to 4"])]);
    found(
        &many,
        "pool = { mode = \"transaction\" }\n",
        &[("migration-through-pooler", &["pooled by transaction"])],
    );
}

#[test]
fn a_variable_may_not_lead_a_migration_to_the_pooler() {
    let host = "shop-db-main-pooler-rw.shop.svc.cluster.local";
    found(
        &format!("{API}[workloads.api.env]\nOTHER = \"x\"\n"),
        &format!(
            "pool = {{ mode = \"transaction\" }}\nmigrate = {{ command = [\"a\"], env = {{ DB = \"{host}\" }} }}\n"
        ),
        &[("migration-through-pooler", &["is led to the pooler by `DB`"])],
    );
}

#[test]
fn a_cron_or_another_job_may_stay_beside_a_change_that_stops() {
    let cron = "[workloads.api]\nuses = [\"databases.main\"]\nrollout = \"recreate\"\n[workloads.tidy]\nkind = \"cron\"\nschedule = \"5 5 * * *\"\ncommand = [\"a\"]\nuses = [\"databases.main\"]\n";
    found(cron, "migrate = { command = [\"a\"], style = \"stop\" }\n", &[]);
    let daemon = format!(
        "{cron}[workloads.agent]\nkind = \"daemon\"\ncommand = [\"a\"]\nuses = [\"databases.main\"]\n"
    );
    found(
        &daemon,
        "migrate = { command = [\"a\"], style = \"stop\" }\n",
        &[("migration-meets-rollout", &["`shop.workloads.agent` is replaced pod by pod"])],
    );
}
