//! Names at a broker of messages.

use std::borrow::Cow;

use super::{Invalid, Value, quoted, scan};

/// The name of a topic, stream, queue, group or account at a broker: letters, digits, `.`, `_` and `-`, at most 249
/// characters, which all brokers take. It begins and ends with a letter or digit.
///
/// Source: Kafka, `Topic.legalChars` and `maxNameLength`, the strictest of them.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct TopicName(String);

impl TopicName {
    /// The text, as it is written out.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl Value for TopicName {
    const WHAT: &'static str = "a name at a broker";
    const EXAMPLES: &'static [&'static str] = &["orders.created", "jobs-v2", "111122223333"];
    const MAX_LEN: usize = 249;

    fn pattern() -> Cow<'static, str> {
        "^[A-Za-z0-9](?:[-A-Za-z0-9._]*[A-Za-z0-9])?$".into()
    }

    fn parse(text: &str) -> Result<Self, Invalid> {
        scan::bounded::<Self>(text)?;
        let inner = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'_' | b'-');
        if let Some(other) = text.chars().find(|c| !u8::try_from(*c).is_ok_and(inner)) {
            let why = format!("{} may not stand in it", quoted(&other.to_string()));
            return Err(Invalid::of::<Self>(text, why));
        }
        let is_word = |c: char| c.is_ascii_alphanumeric();
        if text.starts_with(is_word) && text.ends_with(is_word) {
            Ok(Self(text.to_owned()))
        } else {
            Err(Invalid::of::<Self>(text, "it must begin and end with a letter or a digit"))
        }
    }

    fn text(&self) -> Cow<'_, str> {
        self.0.as_str().into()
    }
}

#[cfg(test)]
mod tests {
    use super::super::agreement::{accepts, agrees, refuses};
    use super::*;

    #[test]
    fn names() {
        accepts::<TopicName>(&[("orders.created", "orders.created"), ("A1_b-c", "A1_b-c"), ("7", "7")]);
        refuses::<TopicName>(&[
            ("", "an empty text", "`orders.created`"),
            ("orders/new", "`/` may not stand", "`orders.created`"),
            ("$G", "`$` may not stand", "`orders.created`"),
            (".x", "must begin and end", "`orders.created`"),
            ("x-", "must begin and end", "`orders.created`"),
        ]);
        agrees::<TopicName>();
    }
}
