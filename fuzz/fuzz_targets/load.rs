//! Any bytes that are text parse to a tree and findings, each of which can be rendered, and nothing panics.
#![no_main]

use libfuzzer_sys::fuzz_target;
use specc::diagnostic::Sink;
use specc::diagnostic::render::{Format, render};
use specc::source::SourceMap;

fuzz_target!(|text: &str| {
    let (mut sources, mut sink) = (SourceMap::default(), Sink::default());
    let id = sources.add("fuzz.toml", text);
    specc::load::parse(id, sources.text(id), &mut sink);
    let found = sink.into_sorted(&sources);
    for format in [Format::Full, Format::Concise, Format::Json, Format::Github] {
        render(&found, &sources, format, true, 80);
    }
});
