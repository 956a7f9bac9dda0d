//! Any tree decodes to a table or to findings: never to neither, and never to a panic.
#![no_main]

use libfuzzer_sys::fuzz_target;
use specc::diagnostic::Sink;
use specc::node::{Nodes, number};
use specc::source::SourceMap;
use specc::spec::decode::Decoder;
use specc::spec::environment::EnvironmentFile;
use specc::spec::service::ServiceFile;

fuzz_target!(|text: &str| {
    let (mut sources, mut syntax) = (SourceMap::default(), Sink::default());
    let id = sources.add("fuzz.toml", text);
    let mut tree = specc::load::parse(id, sources.text(id), &mut syntax).root;
    number(&mut tree, "fuzz", &mut Nodes::default());
    let mut sink = Sink::default();
    let service = Decoder::new(&mut sink).file::<ServiceFile>(&tree).is_some();
    assert_eq!(service, !sink.has_errors());
    let mut sink = Sink::default();
    let environment = Decoder::new(&mut sink).file::<EnvironmentFile>(&tree).is_some();
    assert_eq!(environment, !sink.has_errors());
});
