//! The typed values of the spec language: the texts and numbers that have a grammar of their own.
//!
//! A value is made by [`Value::parse`] or by a named constructor and is right from then on: its fields are
//! private. The grammar stands twice, as a parser with messages for people and as a regular expression for
//! the JSON Schema; a test holds both together. This module depends on nothing else of the crate.

#[cfg(test)]
pub(crate) mod agreement;
mod bucket_url;
mod bytes;
mod cache_url;
mod cidr;
mod cpu;
mod cron;
mod drill_schedule;
mod duration;
mod env_name;
mod file_mode;
mod file_path;
mod header_name;
mod host;
mod host_port;
mod http_path;
mod image;
mod ip_address;
mod kubernetes_version;
mod label;
mod mount_path;
mod name;
mod namespaced_name;
mod node_path;
mod parameter_name;
mod percent;
mod pod_share;
mod port;
mod port_name;
mod promotion_token;
mod request_path;
mod retention;
mod scan;
mod secret_key;
mod spec_path;
mod sql_name;
mod sql_question;
mod store_key;
mod subdomain;
mod time_zone;
mod time_zone_names;
mod timestamp;
mod topic_name;
mod url;
mod volume_path;
mod web_origin;

pub use bucket_url::BucketUrl;
pub use bytes::Bytes;
pub use cache_url::CacheUrl;
pub use cidr::Cidr;
pub use cpu::Cpu;
pub use cron::Cron;
pub use drill_schedule::DrillSchedule;
pub use duration::Duration;
pub use env_name::EnvName;
pub use file_mode::FileMode;
pub use file_path::FilePath;
pub use header_name::HeaderName;
pub use host::Host;
pub use host_port::HostPort;
pub use http_path::HttpPath;
pub use image::{Digest, ImageRef, ImageRepository, Tag};
pub use ip_address::IpAddress;
pub use kubernetes_version::KubernetesVersion;
pub use label::{LabelKey, LabelValue};
pub use mount_path::MountPath;
pub use name::Name;
pub use namespaced_name::NamespacedName;
pub use node_path::NodePath;
pub use parameter_name::ParameterName;
pub use percent::Percent;
pub use pod_share::PodShare;
pub use port::Port;
pub use port_name::PortName;
pub use promotion_token::PromotionToken;
pub use request_path::RequestPath;
pub use retention::Retention;
pub use secret_key::SecretKey;
pub use spec_path::SpecPath;
pub use sql_name::SqlName;
pub use sql_question::SqlQuestion;
pub use store_key::StoreKey;
pub use subdomain::Subdomain;
pub use time_zone::TimeZone;
pub use timestamp::{Timestamp, date_of, day_of};
pub use topic_name::TopicName;
pub use url::Url;
pub use volume_path::VolumePath;
pub use web_origin::WebOrigin;

use std::borrow::Cow;
use std::fmt;

/// Why a text is not a value of its type: what is wrong and what to write instead.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Invalid {
    /// what is wrong, with the text in backticks
    pub what: String,
    /// what to write instead
    pub help: Option<String>,
}

impl Invalid {
    /// The refusal of `text` as a `V`, with an example as help until [`Invalid::with_help`] gives a better one.
    fn of<V: Value>(text: &str, why: impl fmt::Display) -> Self {
        let shown = if text.is_empty() { "an empty text".to_owned() } else { quoted(text) };
        let help = V::EXAMPLES.first().map(|example| format!("write for example `{example}`"));
        Self { what: format!("{shown} is not {}: {why}", V::WHAT), help }
    }

    /// A text that parses and yet cannot be meant, with what to write instead.
    fn doubt(what: impl Into<String>, help: impl Into<String>) -> Self {
        Self { what: what.into(), help: Some(help.into()) }
    }

    fn with_help(mut self, help: impl Into<String>) -> Self {
        self.help = Some(help.into());
        self
    }
}

impl fmt::Display for Invalid {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.what)
    }
}

/// A text of the spec with a grammar of its own.
pub trait Value: Sized + Clone + fmt::Debug {
    /// what a person calls it: "a CPU quantity"
    const WHAT: &'static str;
    /// texts to write
    const EXAMPLES: &'static [&'static str];
    /// the longest text in characters that `parse` accepts: `maxLength` of the schema
    const MAX_LEN: usize = 253;
    /// An anchored regular expression (ECMA-262) that, together with [`Value::MAX_LEN`], accepts exactly what
    /// `parse` accepts. It has no look-around and no classes such as `\d`, so that every engine agrees on it.
    fn pattern() -> Cow<'static, str>;
    /// all texts, if there are finitely many
    fn choices() -> Option<&'static [&'static str]> {
        None
    }
    /// Reads a text.
    ///
    /// # Errors
    /// What is wrong with the text, and what to write instead.
    fn parse(text: &str) -> Result<Self, Invalid>;
    /// the canonical form; `parse` reads it back as the same value
    fn text(&self) -> Cow<'_, str>;
    /// what the grammar cannot say: a text that parses and still cannot be meant
    fn doubt(&self) -> Option<Invalid> {
        None
    }
}

/// A text in backticks for a message: at most 60 characters of it, and what could disturb a terminal
/// (control characters, bidirectional marks) escaped.
pub fn quoted(text: &str) -> String {
    const SHOWN: usize = 60;
    let mut out = String::from("`");
    for character in text.chars().take(SHOWN) {
        match character {
            '`' => out.push('\''),
            '"' | '\'' | '\\' => out.push(character),
            other => out.extend(other.escape_debug()),
        }
    }
    if text.chars().nth(SHOWN).is_some() {
        out.push('…');
    }
    out.push('`');
    out
}

/// `Display` writes the canonical form.
macro_rules! display {
    ($($value:ty),+ $(,)?) => {$(
        impl fmt::Display for $value {
            fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
                formatter.pad(&self.text())
            }
        }
    )+};
}
display!(
    Bytes,
    Cidr,
    Cpu,
    Cron,
    Digest,
    Duration,
    EnvName,
    Host,
    HostPort,
    HttpPath,
    ImageRef,
    ImageRepository,
    KubernetesVersion,
    LabelKey,
    LabelValue,
    MountPath,
    Name,
    NamespacedName,
    PortName,
    SecretKey,
    Subdomain,
    Tag,
    TimeZone,
    Timestamp,
    Url,
);

/// The values that are nothing but their text.
macro_rules! as_str {
    ($($value:ty),+ $(,)?) => {$(
        impl $value {
            /// The text, as it is written out.
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }
    )+};
}
as_str!(
    Digest,
    EnvName,
    Host,
    HttpPath,
    ImageRepository,
    LabelKey,
    LabelValue,
    MountPath,
    Name,
    PortName,
    SecretKey,
    Subdomain,
    Tag,
);

#[cfg(test)]
mod tests {
    use super::quoted;

    #[test]
    fn a_quoted_text_is_short_and_harmless() {
        assert_eq!(quoted("a b"), "`a b`");
        assert_eq!(quoted("it's `x` \\ \"y\""), "`it's 'x' \\ \"y\"`");
        assert_eq!(quoted("\u{1b}[31m\n\u{202e}"), "`\\u{1b}[31m\\n\\u{202e}`");
        assert_eq!(quoted(&"x".repeat(60)), format!("`{}`", "x".repeat(60)));
        assert_eq!(quoted(&"é".repeat(61)), format!("`{}…`", "é".repeat(60)));
    }
}
