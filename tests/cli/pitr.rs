//! `specc pitr` on the example: what it prints, and what it refuses.

use snapbox::str;

use crate::specc::Project;

const AT: &str = "2026-11-29T14:30:00Z";

/// What `specc pitr environments/ENV …` gives.
fn pitr<'a>(arguments: impl IntoIterator<Item = &'a str>) -> crate::specc::Run {
    Project::example().specc(["pitr"].into_iter().chain(arguments))
}

/// The documents of a stream.
fn documents(stream: &str) -> Vec<&str> {
    stream.split("---\n").filter(|document| !document.is_empty()).collect()
}

#[test]
fn a_restore_is_what_the_spec_says_once_it_is_written_down() {
    let project = Project::example();
    let printed = project.specc(["pitr", "environments/prod", "orders.main", "--at", AT]);
    assert_eq!((printed.code, printed.err.as_str()), (Some(0), ""));
    let restore = documents(&printed.out);
    assert_eq!(restore.len(), 3, "{}", printed.out);
    for (line, count) in [
        ("  name: orders-db-main-r2\n", 3),
        ("        targetTime: \"2026-11-29T14:30:00+00:00\"\n", 1),
        ("      source: orders-db-main\n", 1),
        ("        serverName: orders-db-main\n", 1),
        ("    destinationPath: s3://acme-backups/postgresql/prod/checkout/orders-db-main-r2\n", 1),
    ] {
        assert_eq!(printed.out.matches(line).count(), count, "{line}{}", printed.out);
    }
    assert!(!printed.out.contains("initdb"), "{}", printed.out);

    let said =
        format!("restored = {{ name = \"orders-db-main-r2\", from = \"orders-db-main\", at = \"{AT}\" }}");
    project.edit(
        "environments/prod/orders.toml",
        "storage = \"200Gi\"\n",
        &format!("storage = \"200Gi\"\n{said}\n"),
    );
    let built = project.specc(["build", "environments/prod", "-o", "-"]);
    assert_eq!(built.code, Some(0), "{}", built.err);
    let all = documents(&built.out);
    for (kind, document) in ["ObjectStore", "NetworkPolicy", "Cluster"].iter().zip(&restore) {
        assert!(document.contains(&format!("kind: {kind}\n")), "{document}");
        // the policy opens to workloads with the switch
        assert_eq!(all.contains(document), *kind != "NetworkPolicy", "{document}");
    }
    // the folder of the old backups stays declared, and the next restore has another name
    assert!(
        built.out.contains("destinationPath: s3://acme-backups/postgresql/prod/checkout/orders-db-main\n")
    );
    let next = project.specc(["pitr", "environments/prod", "orders.main", "--latest"]);
    assert!(
        next.out.contains("  name: orders-db-main-r3\n") && !next.out.contains("targetTime"),
        "{}",
        next.out
    );
}

#[test]
fn a_database_has_several_names() {
    let full = pitr(["environments/prod", "orders.main", "--at", AT]);
    for name in ["orders.databases.main", "main", "orders-db-main"] {
        assert_eq!(pitr(["environments/prod", name, "--at", AT]), full, "{name}");
    }
    let named = pitr(["environments/prod", "main", "--at", AT, "--name", "orders-db-try"]);
    assert_eq!(named.out, full.out.replace("orders-db-main-r2", "orders-db-try"));
}

#[test]
fn a_moment_needs_a_zone() {
    pitr(["environments/prod", "orders.main", "--at", "2026-11-29T14:30:00"]).says(
        2,
        str![[r#"
error[unusable-restore]: `2026-11-29T14:30:00` is not a moment in time: it has no time zone
  |
  = help: write `2026-11-29T14:30:00Z` if it is UTC, or its offset, such as `2026-11-29T14:30:00+01:00`

1 error
for more: specc explain unusable-restore

"#]],
    );
    pitr(["environments/prod", "orders.main", "--at", "2026-11-31T14:30:00Z"]).says(
        2,
        str![[r#"
error[unusable-restore]: `2026-11-31T14:30:00Z` is on a day that does not exist
  |
  = help: that month has 30 days

1 error
for more: specc explain unusable-restore

"#]],
    );
    pitr(["environments/prod", "orders.main", "--at", "yesterday"]).says(
        2,
        str![[r#"
error[unusable-restore]: `yesterday` is not a moment in time: it is not written as `2026-11-29T14:30:00Z`
  |
  = help: write for example `2026-11-29T14:30:00Z`

1 error
for more: specc explain unusable-restore

"#]],
    );
}

#[test]
fn a_moment_is_judged_against_a_day() {
    let on = |at: &str, day: &str| pitr(["environments/prod", "orders.main", "--at", at, "--as-of", day]);
    assert_eq!(on("2026-11-29T14:30:00Z", "2026-11-29").code, Some(0));
    assert_eq!(on("2026-10-30T00:00:00Z", "2026-11-29").code, Some(0));
    // the first minute of the thirtieth in UTC
    assert_eq!(on("2026-11-30T00:59:00+01:00", "2026-11-29").code, Some(0));
    on("2026-11-30T14:30:00Z", "2026-11-29").says(
        2,
        str![[r#"
error[unusable-restore]: `2026-11-30T14:30:00Z` is after 2026-11-29
  |
  = note: the log can only be replayed as far as it was written; a recovery to a later moment ends with an
          error
  = help: give a moment that has passed, or `--latest` for all that was archived

1 error
for more: specc explain unusable-restore

"#]],
    );
    on("2026-10-29T23:59:59Z", "2026-11-29").says(
        2,
        str![[r#"
error[unusable-restore]: `2026-10-29T23:59:59Z` is further back than backups are kept
  |
  = note: they are kept for 30d, as seen on 2026-11-29
  = help: give a later moment; `status.serverRecoveryWindow` of the ObjectStore says how far back it goes

1 error
for more: specc explain unusable-restore

"#]],
    );
}

#[test]
fn what_cannot_be_restored_says_why() {
    pitr(["environments/prod", "orders.mian", "--at", AT]).says(
        2,
        str![[r#"
error[unusable-restore]: there is no database `orders.mian` in prod
  |
  = note: known are orders.main, payments.ledger
  = help: did you mean `orders.main`?

1 error
for more: specc explain unusable-restore

"#]],
    );
    pitr(["environments/dev", "orders.main", "--at", AT]).says(
        2,
        str![[r#"
error[unusable-restore]: `orders.main` has no backups, so nothing can be restored
  |
  = note: standbys repeat a mistaken change at once, so they are no way back
  = help: declare `object_store` below `[platform]` and a table `backup` below the database, for the next time

1 error
for more: specc explain unusable-restore

"#]],
    );
    pitr(["environments/prod", "orders.main", "--latest", "--name", "payments_db"]).says(2, str![[r#"
error[unusable-restore]: `payments_db` cannot be the new cluster: `payments_db` is not a name: `_` may not stand in it, only lower-case letters, digits and `-`
  |
  = help: give a name with `--name` that no cluster had before, such as the old one's with a number

1 error
for more: specc explain unusable-restore

"#]]);
    pitr(["environments/prod", "orders.main", "--latest", "--name", "orders-db-main"]).says(2, str![[r#"
error[unusable-restore]: `orders-db-main` cannot be the new cluster: a database of this environment has this name
  |
  = help: give a name with `--name` that no cluster had before, such as the old one's with a number

1 error
for more: specc explain unusable-restore

"#]]);
    assert_eq!(pitr(["environments/prod", "orders.main"]).code, Some(2));
    assert_eq!(pitr(["environments/prod", "orders.main", "--latest", "--at", AT]).code, Some(2));
}

#[test]
fn of_a_database_in_shards_it_wants_the_shard() {
    let root = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("golden/cases/shards/in");
    let run = |name| crate::specc::run(crate::specc::specc(&root, ["pitr", "prod", name, "--at", AT]));
    let whole = run("billing.main");
    assert_eq!(whole.code, Some(2));
    assert!(whole.err.contains("say which: billing.main-0, billing.main-1, billing.main-2"), "{}", whole.err);
    assert!(run("main-1").out.contains("name: billing-db-main-1-r2\n"));
    // it was restored once already
    assert!(run("billing.databases.main-2").out.contains("name: billing-db-main-2-r3\n"));
}
