//! What templates, values and schemas look like.

use super::*;

/// The template of the objects of `api`, and its values in each environment.
fn files(trees: &[Option<Tree>]) -> (String, Vec<String>) {
    let id = id("api");
    let parts = [Part::of(&id, trees).unwrap()];
    let values = (0..trees.len()).map(|index| values_text(&parts, index)).collect();
    (printed(&parts[0]), values)
}

fn both(a: Tree, b: Tree) -> (String, Vec<String>) {
    files(&[Some(a), Some(b)])
}

#[test]
fn a_leaf_that_differs_is_a_value_of_its_type_and_the_rest_stays() {
    let object = |name: &str, replicas, paused| {
        let spec =
            map([("replicas", int(replicas)), ("paused", leaf(Atom::Bool(paused))), ("x", int(1_000_000))]);
        map([("kind", text("Deployment")), ("name", text(name)), ("spec", spec)])
    };
    let (template, values) = both(object("1", 1_000_000, true), object("", 3, false));
    assert_eq!(
        template,
        "kind: Deployment\nname: {{ .Values.api.deployment.name | toJson }}\nspec:\n  \
         replicas: {{ .Values.api.deployment.spec.replicas | int64 }}\n  \
         paused: {{ .Values.api.deployment.spec.paused | toJson }}\n  x: 1000000\n"
    );
    assert_eq!(
        values[0],
        "api:\n  deployment:\n    name: \"1\"\n    spec:\n      replicas: 1000000\n      paused: true\n"
    );
    assert_eq!(
        values[1],
        "api:\n  deployment:\n    name: \"\"\n    spec:\n      replicas: 3\n      paused: false\n"
    );
}

#[test]
fn environments_that_agree_leave_no_values() {
    let (template, values) = both(map([("a", int(1)), ("b", int(2))]), map([("b", int(2)), ("a", int(1))]));
    assert_eq!(template, "a: 1\nb: 2\n");
    assert_eq!(values, ["{}\n", "{}\n"]);
}

#[test]
fn items_are_matched_by_name_and_missing_ones_are_optional() {
    let variable = |name: &str, value: &str| map([("name", text(name)), ("value", text(value))]);
    let a = named([("LEVEL", variable("LEVEL", "debug")), ("TRACE", variable("TRACE", "1"))]);
    let b = named([("EXTRA", variable("EXTRA", "x")), ("LEVEL", variable("LEVEL", "info"))]);
    let (template, values) = both(map([("env", a)]), map([("env", b)]));
    assert_eq!(
        template,
        "env:\n\
         {{- if .Values.api.deployment.env.EXTRA.enabled }}\n\
         - name: {{ .Values.api.deployment.env.EXTRA.name | toJson }}\n  \
           value: {{ .Values.api.deployment.env.EXTRA.value | toJson }}\n\
         {{- end }}\n\
         - name: LEVEL\n  value: {{ .Values.api.deployment.env.LEVEL.value | toJson }}\n\
         {{- if .Values.api.deployment.env.TRACE.enabled }}\n\
         - name: {{ .Values.api.deployment.env.TRACE.name | toJson }}\n  \
           value: {{ .Values.api.deployment.env.TRACE.value | toJson }}\n\
         {{- end }}\n"
    );
    assert_eq!(
        values[0],
        "api:\n  deployment:\n    env:\n      EXTRA:\n        enabled: false\n      LEVEL:\n        value: debug\n      \
         TRACE:\n        enabled: true\n        name: TRACE\n        value: \"1\"\n"
    );
}

#[test]
fn a_missing_field_is_optional_and_its_value_stands_apart() {
    let (template, values) = both(map([("a", int(1)), ("replicas", int(2))]), map([("a", int(1))]));
    assert_eq!(
        template,
        "a: 1\n{{- if .Values.api.deployment.replicas.enabled }}\n\
         replicas: {{ .Values.api.deployment.replicas.value | int64 }}\n{{- end }}\n"
    );
    assert_eq!(values[0], "api:\n  deployment:\n    replicas:\n      enabled: true\n      value: 2\n");
    assert_eq!(values[1], "api:\n  deployment:\n    replicas:\n      enabled: false\n");
}

#[test]
fn a_field_named_enabled_does_not_meet_the_switch() {
    let inner = map([("enabled", leaf(Atom::Bool(false))), ("a", int(1))]);
    let (template, values) = both(map([("x", int(1)), ("m", inner)]), map([("x", int(1))]));
    assert!(
        template.contains("enabled: {{ .Values.api.deployment.m.value.enabled | toJson }}"),
        "{template}"
    );
    assert!(
        values[0].ends_with("m:\n      enabled: true\n      value:\n        enabled: false\n        a: 1\n")
    );
}

#[test]
fn an_object_that_an_environment_lacks_has_a_switch_and_keeps_what_does_not_differ() {
    let object = |min| map([("kind", text("X")), ("min", int(min))]);
    let (template, values) = files(&[None, Some(object(1)), Some(object(2))]);
    assert_eq!(
        template,
        "{{- if .Values.api.deployment.enabled }}\nkind: X\nmin: {{ .Values.api.deployment.min | int64 }}\n{{- end }}\n"
    );
    assert_eq!(values[0], "api:\n  deployment:\n    enabled: false\n");
    assert_eq!(values[2], "api:\n  deployment:\n    enabled: true\n    min: 2\n");
}

#[test]
fn what_can_be_empty_says_so() {
    let (template, values) = both(map([("s", leaf(Atom::EmptyMap))]), map([("s", map([("a", text("b"))]))]));
    assert_eq!(
        template,
        "s:\n  {{- if or .Values.api.deployment.s.a.enabled }}\n  {{- if .Values.api.deployment.s.a.enabled }}\n  \
         a: {{ .Values.api.deployment.s.a.value | toJson }}\n  {{- end }}\n  {{- else }}\n  {}\n  {{- end }}\n"
    );
    assert_eq!(values[0], "api:\n  deployment:\n    s:\n      a:\n        enabled: false\n");
}

#[test]
fn items_without_names_are_matched_by_position() {
    let args = |size: &str| map([("args", list([text("--size"), text(size)]))]);
    let (template, values) = both(args("1"), args("2"));
    let size = "(index .Values.api.deployment.args \"1\")";
    assert_eq!(template, format!("args:\n- --size\n- {{{{ {size} | toJson }}}}\n"));
    assert_eq!(values[1], "api:\n  deployment:\n    args:\n      \"1\": \"2\"\n");
}

#[test]
fn lists_that_cannot_be_matched_or_share_nothing_are_values_as_a_whole() {
    let (x, y) = (("x", map([("n", int(1))])), ("y", map([("n", int(2))])));
    let whole = "l: {{ .Values.api.deployment.l | toJson }}\n";
    for (a, b) in [
        (list([text("a"), text("b")]), list([text("a")])),
        (list([text("a"), text("b")]), list([text("c"), text("d")])),
        (named([x.clone(), y.clone()]), named([y.clone(), x.clone()])),
        (named([x]), named([y])),
    ] {
        assert_eq!(both(map([("l", a)]), map([("l", b)])).0, whole);
    }
    let (_, values) = both(map([("l", list([text("a")]))]), map([("l", list([text("1")]))]));
    assert_eq!(values[1], "api:\n  deployment:\n    l:\n    - \"1\"\n");
}

#[test]
fn braces_are_text_in_templates_and_in_values() {
    let object = |value: &str| map([("{{k", text("{{ .Values.x }}")), ("v", text(value))]);
    let (template, values) = both(object("{{ b }}"), object("{{- c -}}"));
    assert_eq!(
        template,
        "'{{ \"{{\" }}k': '{{ \"{{\" }} .Values.x }}'\nv: {{ .Values.api.deployment.v | toJson }}\n"
    );
    assert_eq!(values[0], "api:\n  deployment:\n    v: '{{ b }}'\n");
}

#[test]
fn a_condition_behind_a_block_takes_nothing_of_it() {
    let object = |value: &str| map([("a", text(value)), ("b", text("b"))]);
    let (template, _) = both(object("x\n\n"), map([("a", text("x\n\n"))]));
    assert!(template.starts_with("a: \"x\\n\\n\"\n{{- if"), "{template}");
    let (template, _) = both(object("x\ny\n"), map([("a", text("x\ny\n"))]));
    assert!(template.starts_with("a: |\n  x\n  y\n{{- if"), "{template}");
}

#[test]
fn the_schema_is_closed_and_says_what_each_value_is_for() {
    let object = |level: &str| {
        let env = named([("LEVEL", map([("value", text(level))]))]);
        map([("env", env), ("app.kubernetes.io/x", int(1))])
    };
    let (id, trees) = (id("api"), [Some(object("a")), Some(object("b")), None]);
    let parts = [Part::of(&id, &trees).unwrap()];
    let schema: serde_json::Value = serde_json::from_str(&schema_text(&parts)).unwrap();
    let deployment = &schema["properties"]["api"]["properties"]["deployment"];
    assert_eq!(deployment["required"], serde_json::json!(["enabled"]));
    assert_eq!(deployment["then"], serde_json::json!({ "required": ["env"] }));
    assert_eq!(deployment["additionalProperties"], false);
    let level = &deployment["properties"]["env"]["properties"]["LEVEL"]["properties"]["value"];
    let says = "`env[LEVEL].value` in services/orders/api/deployment.yaml";
    assert_eq!(*level, serde_json::json!({ "type": "string", "description": says }));
}

#[test]
fn the_chart_names_itself_and_nothing_that_changes_by_itself() {
    let environments = ["dev", "prod"].map(|name| Environment { name, objects: &[] });
    let files = chart("orders", &environments);
    let names: Vec<&str> = files.keys().map(String::as_str).collect();
    assert_eq!(
        names,
        ["Chart.yaml", "values-dev.yaml", "values-prod.yaml", "values.schema.json", "values.yaml"]
            .map(|name| format!("chart/orders/{name}"))
    );
    assert_eq!(
        String::from_utf8_lossy(&files["chart/orders/Chart.yaml"]),
        "apiVersion: v2\nname: orders\ndescription: orders as specc builds it; values differ between dev, prod\n\
         type: application\nversion: \"0.1.0\"\n"
    );
    assert_eq!(files["chart/orders/values.yaml"], b"{}\n");
    let files = values("orders", &environments);
    assert_eq!(
        files.keys().collect::<Vec<_>>(),
        ["values/orders/values-dev.yaml", "values/orders/values-prod.yaml"]
    );
}
