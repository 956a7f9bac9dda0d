//! `[checks]`: levels of checks, each lowered one with a reason.

use std::borrow::Cow;

use super::decode::{choices, table};
use crate::origin::Traced;
use crate::text::Text;
use crate::value::{Invalid, Value, quoted};

/// The name of a check, which is also the code of its findings: a kebab-case slug.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CheckName(Text);

impl Value for CheckName {
    const WHAT: &'static str = "the name of a check";
    const EXAMPLES: &'static [&'static str] = &["egress-to-any"];
    fn pattern() -> Cow<'static, str> {
        "^[a-z][a-z0-9]*(-[a-z0-9]+)*$".into()
    }
    fn parse(text: &str) -> Result<Self, Invalid> {
        let word = |w: &str| !w.is_empty() && w.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit());
        let short = text.chars().count() <= Self::MAX_LEN;
        if short && text.split('-').all(word) && text.starts_with(|c: char| c.is_ascii_lowercase()) {
            return Ok(CheckName(Text::from(text.to_owned())));
        }
        Err(Invalid {
            what: format!("{} is not the name of a check", quoted(text)),
            help: Some("names are lower-case words joined by `-`, such as `egress-to-any`".to_owned()),
        })
    }
    fn text(&self) -> Cow<'_, str> {
        Cow::Borrowed(&self.0)
    }
}

choices! {
    /// What a finding of a check does.
    pub enum CheckLevel {
        /// Nothing is reported.
        Allow = "allow",
        /// Reported, and the build goes on.
        Warn = "warn",
        /// Reported, and nothing is written.
        Deny = "deny",
    }
}

table! {
    /// The level of one check.
    pub struct CheckSetting {
        /// What a finding does.
        level: Traced<CheckLevel>,
        /// Why the level was changed; required where it is lowered.
        reason: Option<Traced<Text>>,
        /// Who answers for it.
        owner: Option<Traced<Text>>,
        /// The day on which the change ends, as a TOML date.
        until: Option<Traced<Day>>,
    }
}

/// A TOML local date: the last day on which a waiver holds.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Day(pub Text);

impl super::decode::Scalar for Day {
    fn scalar(node: &crate::node::Node, cx: &mut super::decode::Decoder<'_>) -> Option<Self> {
        match &node.kind {
            crate::node::Kind::Datetime(text) if text.len() == 10 && text.contains('-') => {
                Some(Day(text.clone()))
            }
            _ => cx.wrong_type(node, "a date without quotes, such as `2027-01-01`"),
        }
    }
    fn schema(_: &mut super::schema::Defs) -> serde_json::Value {
        // JSON has no dates; editors hand a TOML date over as a string
        serde_json::json!({ "type": "string", "pattern": "^[0-9]{4}-[0-9]{2}-[0-9]{2}$" })
    }
    fn what() -> String {
        "a date".to_owned()
    }
}
