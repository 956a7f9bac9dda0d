//! What one site of a database gives to the other when it stops taking writes.

use std::borrow::Cow;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

use super::{Invalid, Value, scan};

/// A demotion token of CloudNativePG: JSON in base64 (RFC 4648, section 4), of which PostgreSQL's control data are the content.
/// It says where the log ended, and is no secret.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct PromotionToken(String);

/// What the operator's webhook wants in it (CloudNativePG 1.30, `pkg/utils/parser.go`, `PgControldataTokenContent`).
const PARTS: &[&str] = &[
    "latestCheckpointTimelineID",
    "redoWalFile",
    "databaseSystemIdentifier",
    "latestCheckpointREDOLocation",
    "timeOfLatestCheckpoint",
    "operatorVersion",
];

impl PromotionToken {
    /// The text, as it is written out.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The parts that are missing in it; all of them when it is no JSON.
    fn missing(&self) -> Vec<&'static str> {
        let content = STANDARD.decode(&self.0).ok();
        let content = content.and_then(|bytes| serde_json::from_slice::<serde_json::Value>(&bytes).ok());
        let has = |part: &&str| {
            let value = content.as_ref().and_then(|content| content.get(part)?.as_str());
            value.is_some_and(|text| !text.is_empty())
        };
        PARTS.iter().filter(|part| !has(part)).copied().collect()
    }
}

impl Value for PromotionToken {
    const WHAT: &'static str = "a demotion token";
    const EXAMPLES: &'static [&'static str] = &[
        "eyJsYXRlc3RDaGVja3BvaW50VGltZWxpbmVJRCI6IjEiLCJyZWRvV2FsRmlsZSI6IjAwMDAwMDAxMDAwMDAwMDAwMDAwMDAwNiIsImRhdGFiYXNlU3lzdGVtSWRlbnRpZmllciI6Ijc0MjcwMDAwMDAwMDAwMDAwMDAiLCJsYXRlc3RDaGVja3BvaW50UkVET0xvY2F0aW9uIjoiMC82MDAwMDI4IiwidGltZU9mTGF0ZXN0Q2hlY2twb2ludCI6IlR1ZSAzMSBNYXIgMjAyNiAxMDowMDowMCBBTSBVVEMiLCJvcGVyYXRvclZlcnNpb24iOiIxLjMwLjAifQ==",
    ];
    const MAX_LEN: usize = 2048;

    fn pattern() -> Cow<'static, str> {
        "^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{4}|[A-Za-z0-9+/]{3}=|[A-Za-z0-9+/]{2}==)$".into()
    }

    fn parse(text: &str) -> Result<Self, Invalid> {
        scan::bounded::<Self>(text)?;
        let refusal = |why: &str| {
            let help =
                "copy `status.demotionToken` of the Cluster that was demoted, as the runbook prints it";
            Err(Invalid::of::<Self>(text, why).with_help(help))
        };
        let body = text.trim_end_matches('=');
        let is_letter = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'/');
        if !body.bytes().all(is_letter) {
            return refusal("it is not base64");
        }
        if !text.len().is_multiple_of(4) || text.len() - body.len() > 2 {
            return refusal("it is cut off");
        }
        Ok(Self(text.to_owned()))
    }

    fn text(&self) -> Cow<'_, str> {
        self.0.as_str().into()
    }

    fn doubt(&self) -> Option<Invalid> {
        let missing = self.missing();
        let [first, ..] = missing.as_slice() else { return None };
        let what = if missing.len() == PARTS.len() {
            "it is base64, and not of a demotion token".to_owned()
        } else {
            format!("a demotion token has `{first}`, and this one does not")
        };
        Some(Invalid::doubt(
            what,
            "copy `status.demotionToken` of the Cluster that was demoted, as the runbook prints it",
        ))
    }
}

#[cfg(test)]
mod tests {
    use super::super::agreement::{accepts, refuses};
    use super::*;

    #[test]
    fn parser_and_pattern_agree() {
        accepts::<PromotionToken>(&[
            ("eyJh", "eyJh"),
            ("eyJhYg==", "eyJhYg=="),
            ("eyJhYmM=", "eyJhYmM="),
            ("a+/0", "a+/0"),
        ]);
        refuses::<PromotionToken>(&[
            ("", "something must stand here", "for example"),
            ("eyJ-", "not base64", "demotionToken"),
            ("ey=J", "not base64", "demotionToken"),
            ("====", "cut off", "demotionToken"),
            ("eyJ", "cut off", "demotionToken"),
            ("e===", "cut off", "demotionToken"),
            ("eyJh=", "cut off", "demotionToken"),
        ]);
    }

    #[test]
    fn a_token_of_the_operator_raises_no_doubt() {
        let token = PromotionToken::parse(PromotionToken::EXAMPLES[0]).unwrap();
        assert_eq!(token.doubt(), None);
        let other = PromotionToken::parse("eyJhIjoiYiJ9").unwrap();
        assert!(other.doubt().unwrap().what.contains("not of a demotion token"));
        let half = STANDARD.encode(r#"{"latestCheckpointTimelineID":"1"}"#);
        assert!(PromotionToken::parse(&half).unwrap().doubt().unwrap().what.contains("`redoWalFile`"));
    }
}
