//! The law of charts: template and values of an environment give the environment's objects, with what Helm does to values
//! on the way. `apply` is the meaning of a template; that its printed form means the same to Helm is proved with Helm.

use std::collections::{BTreeMap, BTreeSet};

use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::select;
use serde_json::{Map, Value};

use super::super::slot::{Slot, json};
use super::*;

const NAMES: &[&str] = &["a", "b", "c", "enabled", "value", "a-b", "x/y", "{{"];
const TEXTS: &[&str] =
    &["", "x", "1", "true", "{{ .Values.a }}", "a\nb \n", "a\n\n", "\u{1}0\u{2}", "é\u{2028}\"\\"];

fn atom() -> impl Strategy<Value = Atom> {
    prop_oneof![
        4 => select(TEXTS).prop_map(|text| Atom::Str(text.into())),
        2 => (0i64..3).prop_map(Atom::Int),
        1 => select(&[1_000_000, i64::MAX, i64::MIN, 1 << 53][..]).prop_map(Atom::Int),
        1 => any::<bool>().prop_map(Atom::Bool),
        1 => Just(Atom::EmptyMap),
    ]
}

fn fields(inner: impl Strategy<Value = Tree>) -> impl Strategy<Value = Vec<(Text, Tree)>> {
    vec((select(NAMES), inner), 1..5).prop_map(|fields| {
        let fields: BTreeMap<&'static str, Tree> = fields.into_iter().collect();
        fields.into_iter().map(|(key, value)| (key.into(), value)).collect()
    })
}

fn object() -> impl Strategy<Value = Tree> {
    let inner = atom().prop_map(leaf).prop_recursive(4, 40, 5, |inner| {
        prop_oneof![
            3 => fields(inner.clone()).prop_map(Tree::Map),
            3 => fields(inner.clone())
                .prop_map(|items| Tree::Seq(items.into_iter().map(|(name, item)| (Some(name), item)).collect())),
            1 => vec((proptest::option::of(select(NAMES)), inner), 1..4)
                .prop_map(|items| Tree::Seq(items.into_iter().map(|(n, item)| (n.map(Text::from), item)).collect())),
        ]
    });
    fields(inner).prop_map(Tree::Map)
}

/// `tree` with some leaves changed, some parts gone, and some lists turned round, as `dice` say.
fn changed(tree: &Tree, dice: &mut impl Iterator<Item = u8>) -> Tree {
    let mut roll = |chance: u8| dice.next().unwrap_or(255) < chance;
    match tree {
        Tree::Leaf(_, _) if roll(20) => text("changed"),
        Tree::Leaf(..) => tree.clone(),
        Tree::Map(fields) => {
            let kept: Vec<_> = fields.iter().filter(|_| !roll(25)).collect();
            if kept.is_empty() {
                return leaf(Atom::EmptyMap);
            }
            Tree::Map(kept.into_iter().map(|(key, value)| (key.clone(), changed(value, dice))).collect())
        }
        Tree::Seq(items) => {
            let turned = roll(10);
            let mut kept: Vec<_> = items.iter().filter(|_| !roll(25)).collect();
            if turned {
                kept.reverse();
            }
            Tree::Seq(kept.into_iter().map(|(name, item)| (name.clone(), changed(item, dice))).collect())
        }
    }
}

/// The same object in some environments, missing in others.
fn environments() -> impl Strategy<Value = Vec<Option<Tree>>> {
    let variant = proptest::option::weighted(0.85, vec(any::<u8>(), 0..200));
    (object(), object(), vec((variant, 0u8..10), 1..5)).prop_map(|(base, other, variants)| {
        let variant = |(dice, which): (Option<Vec<u8>>, u8)| {
            dice.map(|dice| match which {
                0 => other.clone(),
                1 => base.clone(),
                _ => changed(&base, &mut dice.into_iter()),
            })
        };
        variants.into_iter().map(variant).collect()
    })
}

/// What Helm makes of a chart's values with a file of values over them: numbers are doubles, maps are merged.
fn merged(defaults: &Value, own: &Value) -> Value {
    match (defaults, own) {
        (Value::Object(defaults), Value::Object(own)) => {
            let mut all: Map<String, Value> = defaults.clone();
            for (key, value) in own {
                let merged = defaults.get(key).map_or_else(|| value.clone(), |below| merged(below, value));
                all.insert(key.clone(), merged);
            }
            Value::Object(all)
        }
        _ => own.clone(),
    }
}

#[expect(clippy::cast_possible_truncation, clippy::cast_precision_loss, reason = "as Helm reads numbers")]
fn doubled(value: &Value) -> Value {
    match value {
        Value::Number(number) => (number.as_i64().unwrap() as f64 as i64).into(),
        Value::Array(items) => items.iter().map(doubled).collect(),
        Value::Object(fields) => fields.iter().map(|(key, value)| (key.clone(), doubled(value))).collect(),
        other => other.clone(),
    }
}

fn apply(template: &Template<'_>, values: &Value) -> Value {
    match template {
        Template::Fixed(tree) => json(tree),
        Template::Slot(Slot::Json) => serde_json::from_str(values.as_str().unwrap()).unwrap(),
        Template::Slot(_) => doubled(values),
        Template::Map(entries) => {
            let field = |e: &template::Entry<'_>| {
                Some((e.name.to_string(), apply_optional(e.optional, &e.body, &values[e.name.as_ref()])?))
            };
            entries.iter().filter_map(field).collect()
        }
        Template::Seq(entries, _) => entries
            .iter()
            .filter_map(|e| apply_optional(e.optional, &e.body, &values[e.name.as_ref()]))
            .collect(),
    }
}

fn apply_optional(optional: bool, body: &Template<'_>, values: &Value) -> Option<Value> {
    if !optional {
        return Some(apply(body, values));
    }
    let inner = if body.has_room_for_enabled() { values } else { &values[VALUE] };
    values[ENABLED].as_bool().unwrap().then(|| apply(body, inner))
}

/// Every value with its path; a list is one value.
fn flat(value: &Value, path: &str, into: &mut BTreeMap<String, String>) {
    match value {
        Value::Object(fields) => {
            fields.iter().for_each(|(key, value)| flat(value, &format!("{path}\u{0}{key}"), into));
        }
        other => drop(into.insert(path.to_owned(), other.to_string())),
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 2000, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn the_values_of_an_environment_give_its_objects(trees in environments()) {
        prop_assume!(trees.iter().any(Option::is_some));
        let id = id("api");
        let parts = [Part::of(&id, &trees).unwrap()];
        let own: Vec<Value> = (0..trees.len()).map(|index| json(&values_of(&parts, index))).collect();
        let schema = jsonschema::validator_for(&serde_json::from_str(&schema_text(&parts)).unwrap()).unwrap();
        for (tree, own_values) in trees.iter().zip(&own) {
            let values = merged(&own[0], own_values);
            prop_assert!(schema.is_valid(own_values) && schema.is_valid(&values), "{values}");
            let made = apply_optional(parts[0].optional, &parts[0].body, &values["api"]["deployment"]);
            prop_assert_eq!(made, tree.as_ref().map(json), "{}\n{}", printed(&parts[0]), values);
        }
    }

    #[test]
    fn no_value_is_the_same_in_all_environments(trees in environments()) {
        prop_assume!(trees.iter().any(Option::is_some));
        let id = id("api");
        let parts = [Part::of(&id, &trees).unwrap()];
        let mut flats = Vec::new();
        for index in 0..trees.len() {
            let mut all = BTreeMap::new();
            flat(&json(&values_of(&parts, index)), "", &mut all);
            all.remove("");
            flats.push(all);
        }
        for path in flats.iter().flat_map(BTreeMap::keys) {
            let seen: BTreeSet<_> = flats.iter().map(|all| all.get(path)).collect();
            prop_assert!(seen.len() > 1, "{path:?}: {}", printed(&parts[0]));
        }
    }

    #[test]
    fn the_schema_wants_each_value_and_no_other(trees in environments(), pick in any::<proptest::sample::Index>()) {
        prop_assume!(trees.iter().any(Option::is_some));
        let id = id("api");
        let parts = [Part::of(&id, &trees).unwrap()];
        let schema = jsonschema::validator_for(&serde_json::from_str(&schema_text(&parts)).unwrap()).unwrap();
        let values = json(&values_of(&parts, 0));
        let mut groups = Vec::new();
        pointers(&values, "", &mut groups);
        let group = &groups[pick.index(groups.len())];
        let mut more = values.clone();
        more.pointer_mut(group).unwrap().as_object_mut().unwrap().insert("surplus".to_owned(), true.into());
        prop_assert!(!schema.is_valid(&more), "{more}");
        let mut less = values;
        let fields = less.pointer_mut(group).unwrap().as_object_mut().unwrap();
        if let Some(key) = fields.keys().next().cloned() {
            fields.shift_remove(&key);
            prop_assert!(!schema.is_valid(&less), "{less}");
        }
    }
}

/// The JSON pointer of every group of values.
fn pointers(value: &Value, at: &str, into: &mut Vec<String>) {
    if let Value::Object(fields) = value {
        into.push(at.to_owned());
        for (key, value) in fields {
            let key = key.replace('~', "~0").replace('/', "~1");
            pointers(value, &format!("{at}/{key}"), into);
        }
    }
}

#[test]
fn the_law_holds_for_the_example() {
    let root = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("environments");
    let compiled = crate::compile(&root, crate::project::Wanted::All, None);
    let bundles: Vec<_> = compiled.environments.iter().map(|e| (e.name.clone(), e.bundle())).collect();
    assert_eq!(bundles.len(), 3);
    let variants: Vec<_> =
        bundles.iter().map(|(name, b)| Environment { name, objects: &b.objects }).collect();
    let services: BTreeSet<&Text> = bundles[0].1.objects.iter().filter_map(|o| o.id.service()).collect();
    assert_eq!(services.len(), 3);
    for service in services {
        let trees = Trees::of(service, &variants);
        let parts = trees.parts();
        let own: Vec<Value> = (0..3).map(|index| json(&values_of(&parts, index))).collect();
        for (index, own_values) in own.iter().enumerate() {
            let values = merged(&own[0], own_values);
            for part in &parts {
                let made = apply_optional(part.optional, &part.body, &values[part.noun][part.key.as_str()]);
                assert_eq!(made, part.trees[index].as_ref().map(json), "{}", part.path);
            }
        }
    }
}
