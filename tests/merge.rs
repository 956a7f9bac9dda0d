//! The laws of merging, as properties, and what is said of each breach.

use proptest::prelude::*;
use specc::diagnostic::{Severity, Sink};
use specc::load;
use specc::merge::{Merged, merge};
use specc::node::{Kind, Layer, Layers, Node};
use specc::source::SourceMap;

use crate::disk::{line, lines};

/// Merges texts, the first as the base, and gives the findings as lines. Sources are called 0, 1, …
fn merged(texts: &[&str]) -> (Merged, Vec<String>, SourceMap) {
    let mut sources = SourceMap::default();
    let mut sink = Sink::default();
    let mut trees = Vec::new();
    for (number, text) in texts.iter().enumerate() {
        let id = sources.add(number.to_string(), *text);
        trees.push(load::parse(id, text, &mut sink).root);
    }
    assert!(sink.is_empty(), "{texts:?}: {:?}", lines(sink, &sources));
    let mut nodes = (0..).map(Layer).zip(&trees);
    let layers = Layers { base: nodes.next().unwrap(), overlays: nodes.collect() };
    let merged = merge(&layers, &mut sink);
    let lines = lines(sink, &sources);
    (merged, lines, sources)
}

/// The values alone, as JSON would write them.
fn values(node: &Node) -> String {
    match &node.kind {
        Kind::String(text) | Kind::Datetime(text) => format!("{text:?}"),
        Kind::Integer(number) => number.to_string(),
        Kind::Float(number) => format!("{number:?}"),
        Kind::Boolean(boolean) => boolean.to_string(),
        Kind::Array(items) => format!("[{}]", items.iter().map(values).collect::<Vec<_>>().join(",")),
        Kind::Table(table) => {
            let entries: Vec<_> = table.iter().map(|(k, v)| format!("{k}:{}", values(v))).collect();
            format!("{{{}}}", entries.join(","))
        }
    }
}

#[test]
fn tables_merge_and_the_rest_is_replaced_with_its_history() {
    let base = "a = 1\nl = [1, 2]\n[t]\nx = 1\ny = 1\n";
    let (tree, found, sources) = merged(&[base, "t = { x = 2 }\nl = [3]\n", "t.x = 3\nn = 1.5\n"]);
    assert_eq!(found, [""; 0]);
    assert_eq!(values(&tree.root), "{a:1,l:[3],n:1.5,t:{x:3,y:1}}");
    let x = tree.root.get("t").unwrap().get("x").unwrap();
    let places: Vec<_> =
        x.earlier().iter().chain([&x.mention]).map(|m| (m.layer.0, sources.locate(m.value))).collect();
    assert_eq!(places, [(0, "0:4:5".to_owned()), (1, "1:1:11".to_owned()), (2, "2:1:7".to_owned())]);
    let table = tree.root.get("t").unwrap();
    assert_eq!((table.earlier().len(), table.mention.layer), (2, Layer(2)));
    assert!(tree.root.get("a").unwrap().earlier().is_empty());
}

#[test]
fn remove_takes_effect_before_values_and_leaves_a_tombstone() {
    let base = "[w.scale]\nmin = 1\nmax = 2\n[w.'a.b']\nc = 1\n";
    let overlay = "remove = ['w.scale', 'w.\"a.b\".c']\n[w.scale]\nmin = 7\n";
    let (tree, found, sources) = merged(&[base, overlay, "[w.scale]\nmax = 9\n"]);
    assert_eq!(found, [""; 0]);
    assert_eq!(values(&tree.root), "{w:{a.b:{},scale:{max:9,min:7}}}");
    let removed: Vec<_> =
        tree.removed.iter().map(|s| (s.path.join("/"), sources.locate(s.at), s.layer)).collect();
    assert_eq!(removed[0], ("w/scale".to_owned(), "1:1:11".to_owned(), Layer(1)));
    assert_eq!(removed[1], ("w/a.b/c".to_owned(), "1:1:22".to_owned(), Layer(1)));
    let stone = tree.why_absent(&["w", "scale", "cpu"]).unwrap();
    assert_eq!(sources.locate(stone.was.value), "0:1:1");
    assert!(tree.why_absent(&["w"]).is_none());
    // What is defined anew remembers what stood there before.
    let scale = tree.root.get("w").unwrap().get("scale").unwrap();
    for (key, place) in [("min", "0:2:7"), ("max", "0:3:7")] {
        let earlier: Vec<_> =
            scale.get(key).unwrap().earlier().iter().map(|m| sources.locate(m.value)).collect();
        assert_eq!(earlier, [place], "{key}");
    }
}

#[test]
fn removing_nothing_is_an_error_that_names_the_nearest() {
    let base = "[workloads.api]\ncommand = ['x']\n[workloads.api.scale]\nmax = 1\n";
    for (remove, title, help) in [
        ("workload.api", "workload.api", "did you mean `workloads.api`?"),
        ("workloads.api.scal.max", "workloads.api.scal.max", "did you mean `workloads.api.scale.max`?"),
        ("queues", "queues", "delete it"),
        ("workloads.api.command.x", "workloads.api.command.x", "write the whole array anew in this layer"),
    ] {
        let overlay = format!("remove = ['{remove}']\n");
        let (_, found, sources) = merged(&[base, &overlay]);
        assert_eq!(found.len(), 1);
        assert!(
            found[0].starts_with(&format!(
                "remove-of-nothing 1:1:11 `{title}` cannot be removed: no earlier layer has it"
            )),
            "{found:?}"
        );
        let mut sink = Sink::default();
        let mut copy = SourceMap::default();
        let trees: Vec<_> = [base, &overlay]
            .map(|text| {
                let id = copy.add(if text == base { "0" } else { "1" }, text);
                load::parse(id, text, &mut sink).root
            })
            .into();
        merge(&Layers { base: (Layer(0), &trees[0]), overlays: vec![(Layer(1), &trees[1])] }, &mut sink);
        assert_eq!(sink.into_sorted(&sources)[0].help, [help]);
    }
    let (_, found, _) = merged(&[base, "remove = ['workloads.api']\n", "remove = ['workloads.api.scale']\n"]);
    let title = "`workloads.api.scale` cannot be removed: no earlier layer has it";
    assert_eq!(found, [format!("remove-of-nothing 2:1:11 {title} < 1:1:11")]);
    let (_, found, _) = merged(&["remove = ['a']\na = 1\n"]);
    assert_eq!(found, ["remove-of-nothing 0:1:11 `a` cannot be removed: no earlier layer has it"]);
}

#[test]
fn final_forbids_every_later_mention() {
    let base = "final = ['d.main.recovery']\n[d.main]\nstorage = '1Gi'\n[d.main.recovery]\nrpo = '5m'\n";
    assert_eq!(merged(&[base, "[d.main]\nstorage = '2Gi'\n"]).1, [""; 0]);
    for (overlay, place, how) in [
        ("[d.main.recovery]\nrpo = '1h'\n", "1:1:9", "mentioned"),
        ("d.main.recovery.rto = '1h'\n", "1:1:8", "mentioned"),
        ("d.main.recovery = 3\n", "1:1:8", "mentioned"),
        ("d.main = 3\n", "1:1:3", "replaced"),
        ("remove = ['d.main']\n", "1:1:11", "removed"),
        ("remove = ['d.main.recovery']\n", "1:1:11", "removed"),
        ("remove = ['d.main.recovery.rpo']\n", "1:1:11", "removed"),
    ] {
        let (tree, found, _) = merged(&[base, "", overlay]);
        let title = format!("`d.main.recovery` is final and may not be {how} in a later layer");
        let place = place.replacen("1:", "2:", 1);
        assert_eq!(found, [format!("final-touched {place} {title} < 0:1:10")], "{overlay}");
        assert!(values(&tree.root).contains("recovery:{rpo:\"5m\"}"), "{overlay}");
    }
    assert_eq!(merged(&["final = ['x.y']\n", "x.z = 1\n"]).1, [""; 0]);
}

#[test]
fn a_change_of_kind_is_an_error_in_the_layer_that_has_it() {
    let (tree, found, _) = merged(&["a = 'x'\n[t]\nx = 1\n", "a = 1\nt = [1]\n"]);
    assert_eq!(
        found,
        [
            "kind-changed 1:1:5 `a` is a string and is overridden by an integer < 0:1:5",
            "kind-changed 1:2:5 `t` is a table and is overridden by an array < 0:2:1",
        ]
    );
    assert_eq!(values(&tree.root), "{a:\"x\",t:{x:1}}");
    assert_eq!(merged(&["a = 1\n", "a = 1.5\n"]).1, [""; 0], "both are numbers");
    assert_eq!(merged(&["a = 1\n", "remove = ['a']\na = 'x'\n"]).1, [""; 0]);
}

#[test]
fn a_line_that_changes_nothing_is_a_warning() {
    let (_, found, _) =
        merged(&["a = 1\nl = ['x']\n[t]\nx = 1\n", "a = 1\nl = ['x']\n[t]\n", "a = 2\n", "a = 2\n"]);
    assert_eq!(
        found,
        [
            "overlay-noop 1:1:5 `a` is set to what it is already < 0:1:5",
            "overlay-noop 1:2:5 `l` is set to what it is already < 0:2:5",
            "overlay-noop 1:3:1 `t` is set to what it is already < 0:3:1",
            "overlay-noop 3:1:5 `a` is set to what it is already < 2:1:5",
        ]
    );
    assert_eq!(merged(&["a = 1\n", "remove = ['a']\na = 1\n"]).1, [""; 0]);
    let mut sources = SourceMap::default();
    let id = sources.add("0", "a = 1\n");
    let mut sink = Sink::default();
    let tree = load::parse(id, "a = 1\n", &mut sink);
    merge(&Layers { base: (Layer(0), &tree.root), overlays: vec![(Layer(1), &tree.root)] }, &mut sink);
    let found = sink.into_sorted(&sources);
    assert_eq!(
        (found[0].severity, line(&found[0], &sources).starts_with("overlay-noop")),
        (Severity::Warning, true)
    );
}

#[test]
fn orders_are_arrays_of_paths() {
    let (tree, found, _) = merged(&["a = 1\n", "remove = 'a'\nfinal = ['a..b', 1, 'a[0]']\n"]);
    assert_eq!(
        found,
        [
            "bad-path 1:1:10 `remove` takes an array of paths, not a string",
            "bad-path 1:2:10 `a..b` is not a path",
            "bad-path 1:2:18 `final` takes paths as strings, not an integer",
            "bad-path 1:2:21 `a[0]` is not a path",
        ]
    );
    assert_eq!(values(&tree.root), "{a:1}");
}

/// A tree in which a key's name decides its kind, so that layers never change one: `t` tables, `i` integers, `s`
/// strings, `l` arrays.
#[derive(Clone, Debug)]
enum Value {
    Table(std::collections::BTreeMap<String, Value>),
    Leaf(String),
}

fn tree() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        (0..3u8, 0..4i64).prop_map(|(k, n)| (format!("i{k}"), Value::Leaf(n.to_string()))),
        (0..3u8, "[a-c]{0,2}").prop_map(|(k, s)| (format!("s{k}"), Value::Leaf(format!("{s:?}")))),
        (0..3u8, prop::collection::vec(0..3i64, 0..3))
            .prop_map(|(k, l)| (format!("l{k}"), Value::Leaf(format!("{l:?}")))),
    ];
    let entry = leaf.prop_recursive(4, 24, 4, |inner| {
        (0..3u8, prop::collection::vec(inner, 0..4))
            .prop_map(|(k, entries)| (format!("t{k}"), Value::Table(entries.into_iter().collect())))
    });
    prop::collection::vec(entry, 0..5).prop_map(|entries| Value::Table(entries.into_iter().collect()))
}

/// As TOML; `outer` without braces.
fn toml(value: &Value, outer: bool) -> String {
    match value {
        Value::Leaf(text) => text.clone(),
        Value::Table(table) => {
            let entries: Vec<_> = table.iter().map(|(k, v)| format!("{k} = {}", toml(v, false))).collect();
            if outer { entries.join("\n") + "\n" } else { format!("{{ {} }}", entries.join(", ")) }
        }
    }
}

/// Every path with its leaf, an empty table counting as one.
fn leaves(value: &Value, path: &str, into: &mut Vec<(String, String)>) {
    match value {
        Value::Table(table) if !table.is_empty() => {
            for (key, value) in table {
                leaves(value, &if path.is_empty() { key.clone() } else { format!("{path}.{key}") }, into);
            }
        }
        Value::Table(_) => {}
        Value::Leaf(text) => into.push((path.to_owned(), text.clone())),
    }
}

fn leaves_of(value: &Value) -> std::collections::BTreeMap<String, String> {
    let mut found = Vec::new();
    leaves(value, "", &mut found);
    found.into_iter().collect()
}

fn at<'n>(node: &'n Node, path: &str) -> Option<&'n Node> {
    path.split('.').try_fold(node, |node, key| node.get(key))
}

/// A merged tree as TOML again.
fn again(node: &Node) -> String {
    fn write(node: &Node, outer: bool) -> String {
        match &node.kind {
            Kind::Table(table) => {
                let entries: Vec<_> =
                    table.iter().map(|(k, v)| format!("{k} = {}", write(v, false))).collect();
                if outer { entries.join("\n") + "\n" } else { format!("{{ {} }}", entries.join(", ")) }
            }
            _ => values(node),
        }
    }
    write(node, true)
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn empty_layers_are_the_identity(value in tree()) {
        let text = toml(&value, true);
        let (alone, _, _) = merged(&[&text]);
        let (around, found, _) = merged(&["", &text, "", ""]);
        let (below, _, _) = merged(&[&text, "", ""]);
        prop_assert_eq!(values(&alone.root), values(&around.root));
        prop_assert_eq!(values(&alone.root), values(&below.root));
        prop_assert!(found.is_empty());
    }

    #[test]
    fn merging_is_associative(a in tree(), b in tree(), c in tree()) {
        let [a, b, c] = [a, b, c].map(|v| toml(&v, true));
        let all = merged(&[&a, &b, &c]).0;
        let left = merged(&[&again(&merged(&[&a, &b]).0.root), &c]).0;
        let right = merged(&[&a, &again(&merged(&[&b, &c]).0.root)]).0;
        prop_assert_eq!(values(&all.root), values(&left.root));
        prop_assert_eq!(values(&all.root), values(&right.root));
    }

    #[test]
    fn the_last_mention_wins_and_what_is_not_mentioned_stays(a in tree(), b in tree(), c in tree()) {
        let texts = [&a, &b, &c].map(|v| toml(v, true));
        let tree = merged(&[&texts[0], &texts[1], &texts[2]]).0;
        let written = [leaves_of(&a), leaves_of(&b), leaves_of(&c)];
        let paths: std::collections::BTreeSet<_> = written.iter().flat_map(|w| w.keys()).collect();
        for path in paths {
            let mentions: Vec<_> = (0..3u16).filter(|n| written[usize::from(*n)].contains_key(path)).collect();
            let last = *mentions.last().unwrap();
            let node = at(&tree.root, path).unwrap();
            prop_assert_eq!(values(node), written[usize::from(last)][path].replace(", ", ","));
            let history: Vec<_> = node.earlier().iter().chain([&node.mention]).map(|m| m.layer.0).collect();
            prop_assert_eq!(history, mentions);
        }
    }

    #[test]
    fn arrays_are_replaced_whole(first in prop::collection::vec(0..9i64, 0..6), second in prop::collection::vec(0..9i64, 0..6)) {
        let tree = merged(&[&format!("l = {first:?}\n"), &format!("l = {second:?}\n")]).0;
        prop_assert_eq!(values(tree.root.get("l").unwrap()), format!("{second:?}").replace(' ', ""));
    }

    #[test]
    fn remove_takes_away_that_path_and_no_other(value in tree(), pick in any::<prop::sample::Index>()) {
        let before = leaves_of(&value);
        prop_assume!(!before.is_empty());
        let paths: Vec<_> = before.keys().collect();
        let leaf = paths[pick.index(paths.len())];
        let cut = leaf.match_indices('.').map(|(at, _)| at).chain([leaf.len()]).collect::<Vec<_>>();
        let path = &leaf[..cut[pick.index(cut.len())]];
        let (tree, found, _) = merged(&[&toml(&value, true), &format!("remove = ['{path}']\n")]);
        prop_assert!(found.is_empty());
        prop_assert!(at(&tree.root, path).is_none());
        let parts: Vec<_> = leaf.split('.').collect();
        prop_assert!(tree.why_absent(&parts).is_some());
        for (other, text) in &before {
            let gone = other == path || other.starts_with(&format!("{path}."));
            let now = at(&tree.root, other).map(values);
            prop_assert_eq!(now, (!gone).then(|| text.replace(", ", ",")));
        }
    }
}
