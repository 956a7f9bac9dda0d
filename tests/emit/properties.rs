//! Round trip and structural non-interference, with random and with hostile strings.

use proptest::prelude::*;
use serde_json::{Map, Value, json};

use super::hostile::HOSTILE;
use super::samples;
use super::tree::{Tree, json, printed, read};

/// Strings of the pieces that YAML gives a meaning to, and of whatever else there is.
fn text() -> impl Strategy<Value = String> {
    let piece = prop_oneof![
        4 => "[-:#?&*!|>%@`\"'\\[\\]{},.=~<+_0-9eEnoxyTZ/\\\\ \t\n]{1,4}",
        2 => "[a-z]{1,6}",
        1 => "[\u{0}-\u{1f}\u{7f}-\u{a0}\u{2028}\u{2029}\u{feff}\u{202e}\u{fffe}\u{1f600}\u{10ffff}]",
        1 => proptest::sample::select(HOSTILE).prop_map(str::to_owned),
        1 => any::<char>().prop_map(String::from),
    ];
    proptest::collection::vec(piece, 0..6).prop_map(|pieces| pieces.concat())
}

fn tree() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        6 => text().prop_map(Value::from),
        1 => any::<i64>().prop_map(Value::from),
        1 => any::<bool>().prop_map(Value::from),
    ];
    leaf.prop_recursive(5, 40, 6, |inner| {
        prop_oneof![
            proptest::collection::vec(inner.clone(), 0..6).prop_map(Value::from),
            proptest::collection::vec((text(), inner), 0..6).prop_map(|fields| Value::Object(
                fields.into_iter().filter(|(key, _)| key != "<<").collect()
            )),
        ]
    })
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 1000, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn a_tree_is_read_as_it_was(value in tree()) {
        let yaml = printed(&Tree(value.clone()));
        prop_assert_eq!(read(&yaml), value, "{}", yaml);
    }

    #[test]
    fn strings_are_read_as_they_were(texts in proptest::collection::vec(text(), 1..20)) {
        let value = Value::from(texts);
        let yaml = printed(&Tree(value.clone()));
        prop_assert_eq!(read(&yaml), value, "{}", yaml);
    }
}

#[test]
fn each_hostile_string_is_read_as_it_was_wherever_it_stands() {
    for text in HOSTILE {
        for value in [
            json!(text),
            json!([text]),
            json!([[text], { "a": text }]),
            json!({ "a": text, "b": { "c": text }, "d": [text, text] }),
        ] {
            let yaml = printed(&Tree(value.clone()));
            assert_eq!(read(&yaml), value, "{yaml}");
        }
        if *text != "<<" {
            let mut inner = Map::new();
            inner.insert((*text).to_owned(), json!(["x", { "y": 1 }]));
            let value = json!({ "before": { "a": 1 }, "map": [inner], "after": 2 });
            let yaml = printed(&Tree(value.clone()));
            assert_eq!(read(&yaml), value, "{yaml}");
        }
    }
}

/// Calls `f` with each string leaf, in order.
fn strings(value: &mut Value, f: &mut dyn FnMut(&mut String)) {
    match value {
        Value::String(text) => f(text),
        Value::Array(items) => items.iter_mut().for_each(|item| strings(item, f)),
        Value::Object(fields) => fields.values_mut().for_each(|field| strings(field, f)),
        _ => {}
    }
}

/// `value` with its string leaf number `index` replaced.
fn with(value: &Value, index: usize, payload: &str) -> Value {
    let (mut changed, mut seen) = (value.clone(), 0);
    strings(&mut changed, &mut |text| {
        if seen == index {
            payload.clone_into(text);
        }
        seen += 1;
    });
    changed
}

#[test]
fn a_hostile_leaf_changes_that_leaf_and_nothing_else() {
    let mut turn = 0;
    for object in samples::all() {
        let original = json(object.as_walk());
        assert_eq!(read(&printed(object.as_walk())), original);
        let mut leaves = 0;
        strings(&mut original.clone(), &mut |_| leaves += 1);
        for leaf in 0..leaves {
            for _ in 0..8 {
                let payload = HOSTILE[turn % HOSTILE.len()];
                turn += 1;
                let expected = with(&original, leaf, payload);
                let yaml = printed(&Tree(expected.clone()));
                assert_eq!(read(&yaml), expected, "leaf {leaf} of {}: {payload:?}\n{yaml}", object.kind());
            }
        }
    }
    assert!(turn >= 2 * HOSTILE.len(), "each payload has stood in some leaf, {turn} cases");
}

#[test]
fn the_corpus_is_large_and_has_no_string_twice() {
    let unique: std::collections::BTreeSet<_> = HOSTILE.iter().collect();
    assert_eq!(unique.len(), HOSTILE.len());
    assert!(HOSTILE.len() >= 200, "{}", HOSTILE.len());
}
