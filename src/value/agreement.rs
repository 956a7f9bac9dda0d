//! The tests that hold for every value: pattern and parser accept the same texts, the canonical form reads
//! back as the same value, and every refusal helps. Tests only.

use std::fmt::Debug;

use proptest::prelude::*;
use proptest::test_runner::{Config, TestRunner};

use super::*;

/// Each text parses, and its canonical form is the second one.
#[track_caller]
pub(super) fn accepts<V: Value + PartialEq>(table: &[(&str, &str)]) {
    for (text, canonical) in table {
        let value = V::parse(text).unwrap_or_else(|invalid| panic!("{text}: {invalid:?}"));
        assert_eq!(value.text(), *canonical, "canonical form of {text}");
        assert_eq!(V::parse(canonical).as_ref(), Ok(&value), "{canonical} read back");
    }
}

/// Each text is refused with a reason and a help that contain the second and the third text.
#[track_caller]
pub(super) fn refuses<V: Value>(table: &[(&str, &str, &str)]) {
    for (text, what, help) in table {
        let invalid = V::parse(text).err().unwrap_or_else(|| panic!("`{text}` is accepted"));
        assert!(invalid.what.contains(what), "{text}: {invalid:?}");
        assert!(invalid.help.as_deref().is_some_and(|given| given.contains(help)), "{text}: {invalid:?}");
    }
}

/// Texts to try: accepted ones, accepted ones with a few edits, soups of the characters that occur in them,
/// texts stretched to the longest length and one beyond.
fn candidates<V: Value>() -> impl Strategy<Value = String> {
    let pattern = V::pattern();
    let inner = pattern.strip_prefix('^').and_then(|rest| rest.strip_suffix('$')).expect("anchored");
    let accepted =
        proptest::string::string_regex(&format!("(?:{inner})")).expect("a pattern of plain syntax").boxed();
    let mut soup: Vec<char> = V::EXAMPLES.concat().chars().collect();
    soup.extend("09aAzZ-._/: *%mMkKiTGdhsn\n`é\u{212a}".chars());
    let letter = prop::sample::select(soup.clone());
    let edits = prop::collection::vec((0..6_u8, any::<prop::sample::Index>(), letter.clone()), 0..4);
    let edited = (accepted.clone(), edits).prop_map(|(text, edits)| {
        edits
            .into_iter()
            .fold(text, |text, (kind, at, letter)| edit(&text, kind, at.index(text.len() + 1), letter))
    });
    let written = (prop::sample::select(V::EXAMPLES), 0..6_u8, any::<prop::sample::Index>(), letter.clone())
        .prop_map(|(text, kind, at, letter)| edit(text, kind, at.index(text.len() + 1), letter));
    let stretched = (accepted.clone(), letter.clone(), 0..2_usize, any::<prop::sample::Index>()).prop_map(
        |(text, letter, beyond, at)| {
            let missing = (V::MAX_LEN + beyond).saturating_sub(text.chars().count());
            let mut letters: Vec<char> = text.chars().collect();
            let at = at.index(letters.len() + 1);
            letters.splice(at..at, std::iter::repeat_n(letter, missing));
            letters.into_iter().collect()
        },
    );
    let soups = prop::collection::vec(letter, 0..12).prop_map(|letters| letters.into_iter().collect());
    prop_oneof![2 => accepted, 5 => edited, 3 => written, 1 => stretched, 2 => soups]
}

fn edit(text: &str, kind: u8, at: usize, letter: char) -> String {
    let mut letters: Vec<char> = text.chars().collect();
    let at = at.min(letters.len());
    match kind {
        0 => letters.insert(at, letter),
        1 if at < letters.len() => letters[at] = letter,
        2 if at < letters.len() => {
            letters.remove(at);
        }
        3 if at < letters.len() => letters.insert(at, letters[at]),
        4 if at + 1 < letters.len() => letters.swap(at, at + 1),
        5 if at < letters.len() => {
            let flipped = if letters[at].is_ascii_lowercase() {
                letters[at].to_ascii_uppercase()
            } else {
                letters[at].to_ascii_lowercase()
            };
            letters[at] = flipped;
        }
        _ => letters.push(letter),
    }
    letters.into_iter().collect()
}

/// Pattern and parser of `V` accept the same texts, and every refusal helps.
#[track_caller]
pub(crate) fn agrees<V: Value + PartialEq + Debug>() {
    let schema = serde_json::json!({ "type": "string", "pattern": V::pattern(), "maxLength": V::MAX_LEN });
    let validator = jsonschema::draft202012::new(&schema).expect("the pattern compiles");
    for example in V::EXAMPLES {
        let value = V::parse(example).unwrap_or_else(|invalid| panic!("example {example}: {invalid:?}"));
        assert_eq!(value.doubt(), None, "example {example}");
    }
    let mut runner = TestRunner::new_with_rng(
        Config { cases: 1500, failure_persistence: None, ..Config::default() },
        proptest::test_runner::TestRng::deterministic_rng(prop::test_runner::RngAlgorithm::ChaCha),
    );
    let outcome = runner.run(&candidates::<V>(), |text| {
        let parsed = V::parse(&text);
        prop_assert_eq!(
            validator.is_valid(&serde_json::Value::String(text.clone())),
            parsed.is_ok(),
            "{}: {:?} for {:?}",
            V::WHAT,
            parsed,
            text
        );
        match parsed {
            Ok(value) => {
                let canonical = value.text();
                let again = V::parse(&canonical);
                prop_assert_eq!(again.as_ref(), Ok(&value), "{:?} read back", canonical);
                let again = again.expect("parsed");
                prop_assert_eq!(again.text(), canonical);
                let _doubt = value.doubt();
            }
            Err(invalid) => {
                prop_assert!(invalid.help.is_some(), "{:?}", invalid);
                let said = [Some(invalid.what.clone()), invalid.help.clone()]
                    .into_iter()
                    .flatten()
                    .collect::<String>();
                prop_assert!(!said.chars().any(char::is_control), "{:?}", invalid);
                prop_assert!(invalid.what.chars().count() < 900, "{:?}", invalid);
            }
        }
        Ok(())
    });
    if let Err(error) = outcome {
        panic!("{error}");
    }
}

macro_rules! every_value {
    ($($test:ident: $value:ty),+ $(,)?) => {$(
        #[test]
        fn $test() {
            agrees::<$value>();
        }
    )+};
}
every_value!(
    bytes: Bytes, cidr: Cidr, cpu: Cpu, cron: Cron, digest: Digest, duration: Duration, env_name: EnvName,
    host: Host, host_port: HostPort, http_path: HttpPath, image_ref: ImageRef,
    image_repository: ImageRepository, kubernetes_version: KubernetesVersion, label_key: LabelKey,
    label_value: LabelValue, mount_path: MountPath, name: Name, namespaced_name: NamespacedName,
    port_name: PortName, secret_key: SecretKey, subdomain: Subdomain, tag: Tag, time_zone: TimeZone, url: Url, web_origin: WebOrigin,
);
