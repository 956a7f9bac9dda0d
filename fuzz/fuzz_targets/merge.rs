//! Three layers merge without a panic, and a layer without values changes nothing.
#![no_main]

use libfuzzer_sys::fuzz_target;
use specc::diagnostic::Sink;
use specc::merge::merge;
use specc::node::{Kind, Layer, Layers, Node};
use specc::source::SourceMap;

/// The values of a tree without their places.
fn values(node: &Node) -> String {
    match &node.kind {
        Kind::Table(table) => {
            let all: Vec<String> = table.iter().map(|(key, child)| format!("{key:?}={}", values(child))).collect();
            format!("{{{}}}", all.join(","))
        }
        Kind::Array(items) => format!("[{}]", items.iter().map(values).collect::<Vec<_>>().join(",")),
        other => format!("{other:?}"),
    }
}

fuzz_target!(|layers: (&str, &str, &str)| {
    let (mut sources, mut sink) = (SourceMap::default(), Sink::default());
    let texts = [layers.0, layers.1, layers.2, ""];
    let ids: Vec<_> = texts.iter().map(|text| sources.add("layer.toml", *text)).collect();
    let trees: Vec<Node> =
        ids.iter().map(|id| specc::load::parse(*id, sources.text(*id), &mut sink).root).collect();
    let overlays = |upto: usize| (1..upto).map(|rank| (Layer(rank as u16), &trees[rank])).collect();
    let of = |upto| Layers { base: (Layer::BASE, &trees[0]), overlays: overlays(upto) };
    let merged = merge(&of(3), &mut Sink::default());
    let with_empty = merge(&of(4), &mut Sink::default());
    assert_eq!(values(&merged.root), values(&with_empty.root));
});
