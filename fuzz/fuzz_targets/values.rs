//! Every typed value: what parses has a canonical text that parses to the same value.
#![no_main]

use libfuzzer_sys::fuzz_target;
use specc::value::*;

fn round<T: Value + PartialEq>(text: &str) {
    if let Ok(value) = T::parse(text) {
        let canonical = value.text().into_owned();
        match T::parse(&canonical) {
            Ok(again) => assert!(again == value, "{canonical} is another value"),
            Err(why) => panic!("{canonical}: {}", why.what),
        }
        let _ = value.doubt();
    }
}

fuzz_target!(|text: &str| {
    round::<Bytes>(text);
    round::<Cidr>(text);
    round::<Cpu>(text);
    round::<Cron>(text);
    round::<Duration>(text);
    round::<Host>(text);
    round::<HttpPath>(text);
    round::<ImageRef>(text);
    round::<MountPath>(text);
    round::<Name>(text);
    round::<Url>(text);
});
