//! `specc explain` in all its forms, on the example.

use snapbox::str;

use crate::specc::Project;

/// What `specc explain environments/ENV …` prints.
fn explain<'a>(arguments: impl IntoIterator<Item = &'a str>) -> crate::specc::Run {
    Project::example().specc(["explain"].into_iter().chain(arguments))
}

#[test]
fn a_value_of_the_spec_has_its_chain_of_layers() {
    explain(["environments/prod", "orders.workloads.api.scale.max"]).prints(str![[r#"
orders.workloads.api.scale.max = 12
  set in environments/prod/orders.toml:6:20

"#]]);
    explain(["environments/prod", "orders.databases.main.storage"]).prints(str![[r#"
orders.databases.main.storage = "200Gi"
  set in environments/prod/orders.toml:15:1
  overrides "20Gi" of environments/services/orders.toml:61:1

"#]]);
}

#[test]
fn a_derived_value_has_its_formula() {
    explain([
        "environments/prod",
        "Deployment/orders-worker",
        "spec.template.spec.terminationGracePeriodSeconds",
    ])
    .prints(str![[r#"
spec.template.spec.terminationGracePeriodSeconds = 65
  rule shutdown.grace: terminationGracePeriodSeconds = preStop + drain + 5 s, so that no request is cut off
    orders.workloads.worker.kind = "worker"
      set in environments/services/orders.toml:39:1
    orders.workloads.worker.drain = "60s"
      set in environments/services/orders.toml:44:1

"#]]);
}

#[test]
fn an_object_says_why_it_is_there_or_is_not() {
    explain(["environments/prod", "ServiceAccount/orders-settle"]).prints(str![[r#"
ServiceAccount/orders-settle exists
  in services/orders/settle/serviceaccount.yaml
...
"#]]);
    explain(["environments/dev", "PodDisruptionBudget/orders-api"]).prints(str![[r#"
PodDisruptionBudget/orders-api is absent
  rule availability.disruption-budget: with two pods or more, a drain takes one at a time; with one pod a budget would only block drains
...
"#]]);
}

#[test]
fn what_was_removed_or_left_unset_says_so() {
    explain(["environments/dev", "orders.workloads.settle.schedule"]).prints(str![[r#"
orders.workloads.settle.schedule is not set
  removed by environments/dev/orders.toml:2:11
  was set in environments/services/orders.toml:48:12

"#]]);
    explain(["environments/prod", "orders.workloads.settle.args"]).prints(str![[r#"
orders.workloads.settle.args is not set in any layer
  Words behind the command.

"#]]);
}

#[test]
fn a_line_lists_what_it_produces_by_either_path() {
    let from_here = explain(["environments/prod", "--reverse", "environments/services/orders.toml:20"]);
    from_here.prints(str![[r#"
orders.workloads.api.timeout
...
  HTTPRoute/orders-api  (services/orders/api/httproute.yaml)
    spec.rules[paths].timeouts.request = 12s
...
"#]]);
    assert_eq!(explain(["environments/prod", "--reverse", "services/orders.toml:20"]), from_here);
    assert_eq!(
        explain(["environments/prod", "--reverse", "./environments/services/orders.toml:20"]),
        from_here
    );
}

#[test]
fn a_code_has_its_page() {
    let page = include_str!("../../src/diagnostic/pages/unknown-key.md");
    explain(["unknown-key"]).prints(snapbox::Data::text(page));
    let page = include_str!("../../src/check/egress-to-any.md");
    explain(["egress-to-any"]).prints(snapbox::Data::text(page));
}

#[test]
fn what_cannot_be_explained_says_what_can() {
    for (arguments, says) in [
        (&["unknown-kye"][..], "did you mean `unknown-key`?"),
        (&["egress-to-some"], "did you mean `egress-to-any`?"),
        (&["environments/prod", "orders.workloads.api.prot"], "did you mean `port`?"),
        (&["environments/prod", "order.workloads.api"], "did you mean `orders`?"),
        (&["environments/prod", "Deployment/orders-apy"], "did you mean `Deployment/orders-api`?"),
        (&["environments/prod", "Deployment/orders-api", "spec.replica"], "has no field `spec.replica`"),
        (
            &["environments/prod", "--reverse", "nowhere.toml:1"],
            "`nowhere.toml` is not a file of this environment",
        ),
        (&["environments/prod", "--reverse", "services/orders.toml"], "is not a line of a file"),
        (&["environments/prod", "--reverse", "services/orders.toml:3"], "nothing on line 3"),
        (&["environments", "orders.workloads.api"], "say which of its environments: dev, staging, prod"),
        (&["environments/qa", "orders.workloads.api"], "there is no environment `environments/qa`"),
    ] {
        let run = explain(arguments.iter().copied());
        assert_eq!((run.code, run.out.as_str()), (Some(2), ""), "{arguments:?}");
        assert!(run.err.contains(says), "{arguments:?}: {}", run.err);
    }
}
