//! `[checks]` changes what findings do.

use specc::diagnostic::Severity::{self, Deny, Error, Warning};

use crate::pages::findings;

/// The codes of a project that sends mail to a service without addresses, under `[checks]` with this content.
fn codes(checks: &str, as_of: Option<&str>) -> Vec<(&'static str, Severity)> {
    let project = format!(
        "spec = 1\n[project]\nname = \"shop\"\nenvironments = [\"dev\", \"prod\"]\n[checks]\n{checks}\n"
    );
    let overlay = "[workloads.api]\nuses = [\"externals.mail\"]\n[externals.mail]\nurl = \"http://mail.example.org\"\n\
         timeout = \"1s\"\nretry = { attempts = 5, idempotent = true }\n";
    let (found, _) = findings(&[("specc.toml", &project), ("prod/shop.toml", overlay)], as_of);
    found.iter().map(|found| (found.code, found.severity)).collect()
}

const EGRESS: (&str, Severity) = ("egress-to-any", Deny);
const PLAINTEXT: (&str, Severity) = ("plaintext-external", Deny);
const RETRIES: (&str, Severity) = ("many-retries", Warning);

#[test]
fn levels_are_changed_with_a_reason() {
    assert_eq!(codes("", None), [EGRESS, PLAINTEXT, RETRIES]);
    let raised = "many-retries = { level = \"deny\" }";
    assert_eq!(codes(raised, None), [EGRESS, PLAINTEXT, ("many-retries", Deny)]);
    assert_eq!(codes("egress-to-any = { level = \"allow\", reason = \"x\" }", None), [PLAINTEXT, RETRIES]);
    let lowered = "plaintext-external = { level = \"warn\", reason = \"x\" }";
    assert_eq!(codes(lowered, None), [EGRESS, ("plaintext-external", Warning), RETRIES]);
}

#[test]
fn a_setting_that_does_not_hold_changes_nothing() {
    for (setting, code) in [
        ("egress-to-any = { level = \"allow\" }", "check-needs-reason"),
        ("plaintext-external = { level = \"warn\", reason = \" \" }", "check-needs-reason"),
        ("unknown-edge = { level = \"deny\", reason = \"x\" }", "check-cannot-be-lowered"),
        ("egres-to-any = { level = \"allow\", reason = \"x\" }", "unknown-check"),
    ] {
        assert_eq!(codes(setting, None), [EGRESS, PLAINTEXT, RETRIES, (code, Error)], "{setting}");
    }
}

#[test]
fn a_waiver_holds_to_the_end_of_its_last_day() {
    let waiver = "egress-to-any = { level = \"allow\", reason = \"x\", until = 2027-01-31 }";
    assert_eq!(codes(waiver, None), [PLAINTEXT, RETRIES], "no day, no end");
    assert_eq!(codes(waiver, Some("2027-01-31")), [PLAINTEXT, RETRIES]);
    assert_eq!(codes(waiver, Some("2027-02-01")), [EGRESS, PLAINTEXT, RETRIES, ("waiver-expired", Error)]);
}
