//! A reader that is not ours sees the very strings that went in, as keys and as values.
#![no_main]

use std::collections::BTreeMap;

use libfuzzer_sys::fuzz_target;
use specc::emit::yaml;
use specc::origin::{KIND, Traced, rule};
use specc::text::Text;

fuzz_target!(|pairs: Vec<(String, String)>| {
    let sound = |text: &str| yaml::refused(text).is_none();
    let mut expected = BTreeMap::new();
    for (key, value) in pairs {
        if yaml::refused_key(&key).is_none() && sound(&value) {
            expected.insert(key, value);
        }
    }
    if expected.is_empty() {
        return;
    }
    let object: BTreeMap<Text, Traced<Text>> = expected
        .iter()
        .map(|(key, value)| (Text::from(key.clone()), rule(KIND, Text::from(value.clone()))))
        .collect();
    let mut out = String::new();
    yaml::object(&object, &mut out);
    let read: BTreeMap<String, String> = serde_saphyr::from_str(&out).unwrap_or_else(|e| panic!("{e}\n{out}"));
    assert_eq!(read, expected, "\n{out}");
});
