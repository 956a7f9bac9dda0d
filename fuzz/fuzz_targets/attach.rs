//! Files that the spec names: no text stops the readers, and a flaw stands within the text.
#![no_main]

use libfuzzer_sys::fuzz_target;
use specc::attach::{Format, Shape, yaml};

fuzz_target!(|text: &str| {
    for format in [Format::Toml, Format::Json, Format::Yaml] {
        if let Err(flaw) = Shape::of(text, format) {
            assert!(flaw.at.start <= flaw.at.end && flaw.at.end <= text.len(), "{flaw:?}");
            let _ = flaw.position(text);
        }
    }
    if let Ok(documents) = yaml::documents(text) {
        for document in documents {
            assert!(document.at.end <= text.len(), "{:?}", document.at);
        }
    }
});
