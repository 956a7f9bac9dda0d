//! What each format looks like, and that no input can break it.

use proptest::prelude::*;
use serde_json::Value;

use super::*;
use crate::source::SourceId;

const BASE: &str = "spec = 1\n\n[workloads.api]\nkind = \"http\"\nreplicsa = 3\nport = 8000\n";
const OVERLAY: &str = "[workloads.api]\nreplicas = \"four\"\n";

struct Shop {
    sources: SourceMap,
    base: SourceId,
    overlay: SourceId,
}

fn shop() -> Shop {
    let mut sources = SourceMap::default();
    let base = sources.add("services/shop.toml", BASE);
    let overlay = sources.add("prod/shop.toml", OVERLAY);
    Shop { sources, base, overlay }
}

impl Shop {
    fn at(&self, id: SourceId, part: &str) -> Place {
        let at = self.sources.text(id).find(part).unwrap();
        Place::new(id, at..at + part.len())
    }
    fn unknown_key(&self) -> Diagnostic {
        Diagnostic::error("unknown-key", "unknown key `replicsa` in `workloads.api`")
            .at(self.at(self.base, "replicsa"), "not a key of a workload")
            .help("write `replicas`")
    }
    fn two_files(&self) -> Diagnostic {
        Diagnostic::error("wrong-type", "`workloads.api.replicas` is text, not a whole number")
            .at(self.at(self.overlay, "\"four\""), "text")
            .also(self.at(self.base, "3"), "overrides the value set here")
            .also(self.at(self.base, "[workloads.api]"), "")
            .note("the API server refuses text there, and with it the whole Deployment, so nothing is rolled out")
            .help("write a number:\n    replicas = 4")
            .help("or leave `replicas = \"four\"` out: then the tier decides, which suits most services")
    }
    fn full(&self, found: Diagnostic) -> String {
        render(&[found], &self.sources, Format::Full, false, 80)
    }
}

#[track_caller]
fn same(actual: &str, expected: &str) {
    assert_eq!(actual, expected.strip_prefix('\n').unwrap_or(expected), "got:\n{actual}");
}

#[test]
fn one_file_one_label() {
    let shop = shop();
    same(
        &shop.full(shop.unknown_key()),
        "
error[unknown-key]: unknown key `replicsa` in `workloads.api`
 --> services/shop.toml:5:1
  |
5 | replicsa = 3
  | ^^^^^^^^ not a key of a workload
  |
  = help: write `replicas`

1 error
for more: specc explain unknown-key
",
    );
}

#[test]
fn base_and_overlay() {
    let shop = shop();
    same(
        &shop.full(shop.two_files()),
        "
error[wrong-type]: `workloads.api.replicas` is text, not a whole number
 --> prod/shop.toml:2:12
  |
2 | replicas = \"four\"
  |            ^^^^^^ text
  |
 ::: services/shop.toml:5:12
  |
3 | [workloads.api]
  | ---------------
4 | kind = \"http\"
5 | replicsa = 3
  |            - overrides the value set here
  |
  = note: the API server refuses text there, and with it the whole Deployment,
          so nothing is rolled out
  = help: write a number:
              replicas = 4
  = help: or leave `replicas = \"four\"` out: then the tier decides, which suits
          most services

1 error
for more: specc explain wrong-type
",
    );
}

#[test]
fn secrets_show_their_place_only_in_every_finding() {
    let shop = shop();
    let secret = Diagnostic::error("literal-secret", "`workloads.api.replicas` holds a secret")
        .at(shop.at(shop.overlay, "\"four\""), "a value, not a reference")
        .also(shop.at(shop.base, "[workloads.api]"), "in this table")
        .secret();
    let neighbour = Diagnostic::warning("overlay-noop", "`replicas` changes nothing")
        .at(shop.at(shop.overlay, "replicas"), "")
        .also(shop.at(shop.overlay, "[workloads.api]"), "here");
    let found = [secret, neighbour];
    same(
        &render(&found, &shop.sources, Format::Full, false, 80),
        "
error[literal-secret]: `workloads.api.replicas` holds a secret
 --> prod/shop.toml:2:12
  = a value, not a reference
 ::: services/shop.toml:3:1
  = in this table
  = note: source lines are not shown, since they may hold a secret

warning[overlay-noop]: `replicas` changes nothing
 --> prod/shop.toml:2:1
  |
 ::: prod/shop.toml:1:1
  |
1 | [workloads.api]
  | --------------- here
  |
  = note: source lines are not shown, since they may hold a secret

1 error, 1 warning
for more: specc explain <code>
",
    );
    for format in [Format::Full, Format::Concise, Format::Json, Format::Github] {
        assert!(!render(&found, &shop.sources, format, true, 80).contains("four"), "{format:?}");
    }
}

#[test]
fn a_secret_hides_all_its_lines() {
    let mut sources = SourceMap::default();
    let id = sources.add("a.toml", "first = 1\nkey = \"\"\"\ncanary\ncanary\"\"\"\nlast = 1\n");
    let secret = Diagnostic::error("literal-secret", "secret").at(Place::new(id, 16..36), "").secret();
    let around = Diagnostic::error("other", "other")
        .at(Place::new(id, 0..5), "")
        .also(Place::new(id, 24..25), "between")
        .also(Place::new(id, 37..41), "");
    let out = render(&[secret, around], &sources, Format::Full, false, 80);
    assert!(!out.contains("canary") && out.contains("last = 1"), "{out}");

    let id = sources.add("b.toml", "first = 1\nkey = \"canary\"\nlast = 1\n");
    let secret = Diagnostic::error("literal-secret", "secret").at(Place::new(id, 16..18), "").secret();
    let around =
        Diagnostic::error("other", "other").at(Place::new(id, 0..5), "").also(Place::new(id, 26..27), "");
    let out = render(&[secret, around], &sources, Format::Full, false, 80);
    assert!(out.contains("1 | first = 1\n  | ^^^^^\n2 |\n3 | last = 1\n"), "{out}");
}

#[test]
fn findings_without_a_place() {
    let shop = shop();
    let file = Diagnostic::failure("cannot-read", "cannot read `services/x.toml`")
        .file("services/x.toml")
        .note("permission denied");
    same(
        &shop.full(file.clone()),
        "
error[cannot-read]: cannot read `services/x.toml`
 --> services/x.toml
  = note: permission denied

1 error
for more: specc explain cannot-read
",
    );
    same(
        &shop.full(Diagnostic::deny("no-owner", "nobody owns `shop`")),
        "denied[no-owner]: nobody owns `shop`\n\n1 denied\nfor more: specc explain no-owner\n",
    );
    let found = [file, Diagnostic::deny("no-owner", "nobody owns `shop`")];
    same(
        &render(&found, &shop.sources, Format::Concise, false, 80),
        "services/x.toml: error[cannot-read] cannot read `services/x.toml`\ndenied[no-owner] nobody owns `shop`\n",
    );
}

#[test]
fn hostile_text_is_shown_and_does_nothing() {
    let mut sources = SourceMap::default();
    let text = "\tx\u{1b}[31m = \"\u{202e}\"\r\n\r\nlast = 1";
    let id = sources.add("a\u{1b}]0;pwned\u{7}.toml", text);
    let at = |part: &str| Place::new(id, text.find(part).unwrap()..text.find(part).unwrap() + part.len());
    let found = Diagnostic::error("bad", "bad\n::error::`\u{1b}]8;;http://x\u{7}`")
        .at(at("\"\u{202e}\""), "forged\nline")
        .also(at("last"), "")
        .also(at("\r\n"), "the end")
        .note("one\r\ntwo\u{9b}\n")
        .help("\u{2066}");
    same(
        &render(std::slice::from_ref(&found), &sources, Format::Full, false, 80),
        "
error[bad]: bad\\n::error::`\\u{1b}]8;;http://x\\u{7}`
 --> a\\u{1b}]0;pwned\\u{7}.toml:1:11
  |
1 |     x\\u{1b}[31m = \"\\u{202e}\"
  |                   ^^^^^^^^^^- the end
  |                   |
  |                   forged\\nline
2 |
3 | last = 1
  | ----
  |
  = note: one
          two\\u{9b}
  = help: \\u{2066}

1 error
for more: specc explain bad
",
    );
    same(
        &render(std::slice::from_ref(&found), &sources, Format::Concise, false, 80),
        "a\\u{1b}]0;pwned\\u{7}.toml:1:11: error[bad] bad\\n::error::`\\u{1b}]8;;http://x\\u{7}` (help: \\u{2066})\n",
    );
    same(
        &render(&[found], &sources, Format::Github, false, 80),
        "::error file=a\\u{1b}]0;pwned\\u{7}.toml,line=1,col=11,endLine=1,endColumn=14,title=error[bad]::\
         bad\\n::error::`\\u{1b}]8;;http://x\\u{7}`%0Anote: one%0Atwo\\u{9b}%0Ahelp: \\u{2066}\n",
    );
}

#[test]
fn long_lines_and_spans_beyond_the_text() {
    let mut sources = SourceMap::default();
    let id = sources.add("long.toml", format!("x = \"{}é\"\n", "a".repeat(1 << 20)));
    let backwards = |start, end| Place::new(id, std::ops::Range { start, end });
    let found = Diagnostic::warning("long", "long")
        .at(Place::new(id, 500_000..500_004), "here")
        .also(Place::new(id, 0..usize::MAX), "all of it")
        .also(backwards((1 << 20) + 6, 7), "inside a character, and backwards")
        .also(backwards(usize::MAX, 3), "beyond the end");
    same(
        &render(&[found], &sources, Format::Full, false, 50),
        "
warning[long]: long
 --> long.toml:1:500001
  |
1 | ...aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa...
  |                   ^^^^ here
2 |
  | - beyond the end
  |
 ::: long.toml:1:1
  |
1 | x = \"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa...
  | ---------------------------------------- all of it
  |
 ::: long.toml:1:1048582
  |
1 | ...aaaaaaaaaaaaaaaé\"
  |                   - inside a character, and backwards

1 warning
for more: specc explain long
",
    );
}

#[test]
fn colours_only_when_asked_and_never_at_the_end_of_padding() {
    let shop = shop();
    let plain = shop.full(shop.two_files());
    let colored = render(&[shop.two_files()], &shop.sources, Format::Full, true, 80);
    assert!(!plain.contains('\u{1b}'));
    assert!(colored.starts_with("\u{1b}["));
    let stripped = anstream::adapter::strip_str(&colored).to_string();
    assert_eq!(stripped, plain, "colours change nothing else");
}

#[test]
fn of_many_findings_the_worst_are_shown() {
    let shop = shop();
    let mut found = vec![Diagnostic::warning("slow", "slow").file("a"); 120];
    found.push(Diagnostic::error("broken", "broken").file("b"));
    let full = render(&found, &shop.sources, Format::Full, false, 80);
    assert_eq!(full.matches("warning[slow]").count(), 99);
    assert!(
        full.ends_with(
            "error[broken]: broken\n --> b\n\nand 21 more\n1 error, 120 warnings\nfor more: specc explain <code>\n"
        ),
        "{full}"
    );
    let concise = render(&found, &shop.sources, Format::Concise, false, 80);
    assert_eq!(concise.lines().count(), 101);
    assert!(
        concise.ends_with("b: error[broken] broken\nand 21 more: 1 error, 120 warnings in all\n"),
        "{concise}"
    );

    let github = render(&found, &shop.sources, Format::Github, false, 80);
    assert_eq!(github.lines().count(), 10);
    assert!(github.starts_with("::error file=b,title=error[broken]::broken\n::warning "), "{github}");
    assert!(github.ends_with("\n::notice title=specc::and 112 more: 112 warnings\n"), "{github}");
    let ten = render(&found[..10], &shop.sources, Format::Github, false, 80);
    assert_eq!(ten.matches("::warning ").count(), 10, "ten are shown by GitHub, so none is left out");
}

#[test]
fn nothing_found() {
    let sources = SourceMap::default();
    for format in [Format::Full, Format::Concise, Format::Github] {
        assert_eq!(render(&[], &sources, format, true, 80), "");
    }
    let json: Value = serde_json::from_str(&render(&[], &sources, Format::Json, false, 80)).unwrap();
    assert_eq!(json["diagnostics"], Value::Array(Vec::new()));
    judge(&json);
}

#[test]
fn json_document() {
    let shop = shop();
    same(
        &render(&[shop.unknown_key().note("\u{9b}\u{e0041}")], &shop.sources, Format::Json, true, 80),
        r#"
{
  "format_version": "1.0",
  "diagnostics": [
    {
      "code": "unknown-key",
      "severity": "error",
      "title": "unknown key `replicsa` in `workloads.api`",
      "file": "services/shop.toml",
      "primary": {
        "path": "services/shop.toml",
        "line": 5,
        "column": 1,
        "end_line": 5,
        "end_column": 9,
        "text": "not a key of a workload"
      },
      "context": [],
      "notes": [
        "\u009b\udb40\udc41"
      ],
      "help": [
        "write `replicas`"
      ]
    }
  ],
  "summary": {
    "total": 1,
    "errors": 1,
    "denied": 0,
    "warnings": 0
  }
}
"#,
    );
}

/// Judges a document by the published schema, which may not leave out a field.
fn judge(document: &Value) {
    fn close(schema: &mut Value) {
        if let Value::Object(object) = schema {
            if object.contains_key("properties") {
                object.insert("additionalProperties".to_owned(), Value::Bool(false));
            }
            object.values_mut().for_each(close);
        }
    }
    let mut schema: Value =
        serde_json::from_str(include_str!("../../../schema/diagnostics.schema.json")).unwrap();
    close(&mut schema);
    let validator = jsonschema::validator_for(&schema).unwrap();
    let errors: Vec<String> = validator.iter_errors(document).map(|e| e.to_string()).collect();
    assert!(errors.is_empty(), "{errors:#?}");
}

/// Pieces of text that have broken renderers.
fn text() -> impl Strategy<Value = String> {
    let piece = prop_oneof![
        Just("\n"),
        Just("\r\n"),
        Just("\r"),
        Just("\t"),
        Just(" "),
        Just("::"),
        Just("%"),
        Just("`"),
        Just("é"),
        Just("日本"),
        Just("a\u{301}"),
        Just("\u{1b}[31m"),
        Just("\u{1b}]8;;x\u{7}"),
        Just("\u{9b}"),
        Just("\u{202e}"),
        Just("\u{feff}"),
        Just("\u{f0000}:1:2"),
        Just("\u{0}"),
        Just("🦀"),
        Just("key = 1"),
        Just("a long word that goes on and on"),
    ];
    let any = prop_oneof![piece.prop_map(str::to_owned), ".{0,8}"];
    prop::collection::vec(any, 0..24).prop_map(|pieces| pieces.concat())
}

prop_compose! {
    fn label()(which in 0_usize..3, start in 0_usize..140, end in 0_usize..140, text in text()) -> (usize, usize, usize, String) {
        (which, start, end, text)
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 2000, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn nothing_breaks_a_format(
        texts in prop::collection::vec(text(), 3), title in text(), note in text(), help in text(), secret: bool,
        primary in prop::option::of(label()), context in prop::collection::vec(label(), 0..6), width in 0_usize..300,
    ) {
        let mut sources = SourceMap::default();
        let ids: Vec<SourceId> = texts.iter().map(|text| sources.add(format!("f{}", text.len()), text.clone())).collect();
        let mut found = Diagnostic::error("bad", title).note(note).help(help);
        found.secret = secret;
        if let Some((which, start, end, text)) = primary {
            found = found.at(Place::new(ids[which], start..end), text);
        }
        for (which, start, end, text) in context {
            found = found.also(Place::new(ids[which], start..end), text);
        }
        let found = [found];
        for format in [Format::Full, Format::Concise, Format::Github] {
            let out = render(&found, &sources, format, false, width);
            prop_assert!(out.ends_with('\n'));
            prop_assert!(out.chars().all(|c| c == '\n' || !crate::diagnostic::clean::is_hostile(c)), "{out:?}");
            if format == Format::Full {
                prop_assert!(out.lines().all(|line| line == line.trim_end()), "{out:?}");
                let colored = render(&found, &sources, format, true, width);
                prop_assert_eq!(anstream::adapter::strip_str(&colored).to_string(), out);
            } else {
                prop_assert_eq!(out.lines().count(), 1);
            }
        }
        let json = render(&found, &sources, Format::Json, false, width);
        prop_assert!(json.chars().all(|c| c == '\n' || !crate::diagnostic::clean::is_hostile(c)));
        judge(&serde_json::from_str(&json).unwrap());
    }
}
