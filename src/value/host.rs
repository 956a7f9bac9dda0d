//! Host names of routes.

use std::borrow::Cow;

use super::{Invalid, Value, scan};

/// The host name of a route: a lower-case DNS name of at least two labels, or `*.` before one (Gateway API
/// `Hostname`; it allows no IP addresses, so the last label begins with a letter).
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Host(pub(super) String);

impl Host {
    /// Whether it begins with `*.`, which stands for one label or more.
    pub fn is_wildcard(&self) -> bool {
        self.0.starts_with("*.")
    }

    /// The name without `*.`.
    pub fn domain(&self) -> &str {
        self.0.strip_prefix("*.").unwrap_or(&self.0)
    }

    /// Whether every request that `other` takes is one for this host too: the same host, or a wildcard above it.
    pub fn covers(&self, other: &Self) -> bool {
        self == other
            || self.is_wildcard()
                && other.0.strip_suffix(self.domain()).is_some_and(|rest| rest.ends_with('.') && rest != "*.")
    }
}

impl Value for Host {
    const WHAT: &'static str = "a host name";
    const EXAMPLES: &'static [&'static str] = &["orders.acme.dev", "*.acme.dev"];
    const MAX_LEN: usize = 253;

    fn pattern() -> Cow<'static, str> {
        format!(r"^(?:\*\.)?(?:{}\.)+{}$", scan::LABEL_63, scan::LAST_LABEL).into()
    }

    fn parse(text: &str) -> Result<Self, Invalid> {
        scan::bounded::<Self>(text)?;
        let domain = text.strip_prefix("*.").unwrap_or(text);
        let problem = scan::dns_problem(domain, 63, true).or_else(|| {
            (!domain.contains('.')).then(|| "it has a single part, at least two are needed".to_owned())
        });
        match problem {
            None => Ok(Self(text.to_owned())),
            Some(problem) => Err(explain(text, problem)),
        }
    }

    fn text(&self) -> Cow<'_, str> {
        Cow::Borrowed(&self.0)
    }
}

fn explain(text: &str, problem: String) -> Invalid {
    let why = if text.parse::<std::net::IpAddr>().is_ok() {
        "routes take names, not addresses".to_owned()
    } else if text.contains("://") {
        "it has a scheme".to_owned()
    } else if text.contains('/') {
        "it has a path".to_owned()
    } else if text.contains(':') {
        "it has a port".to_owned()
    } else if text.contains('*') {
        "`*` may stand only before the first dot".to_owned()
    } else {
        problem
    };
    let bare = text.split_once("://").map_or(text, |(_, rest)| rest);
    let bare = bare.split(['/', ':']).next().unwrap_or(bare).trim_end_matches('.').to_ascii_lowercase();
    let refusal = Invalid::of::<Host>(text, why);
    if bare == text { refusal } else { scan::propose::<Host>(refusal, &bare) }
}

#[cfg(test)]
mod tests {
    use super::super::agreement::{accepts, refuses};
    use super::*;

    #[test]
    fn hosts() {
        accepts::<Host>(&[("a.b", "a.b"), ("*.acme.dev", "*.acme.dev"), ("1.2.3.4x.d4", "1.2.3.4x.d4")]);
        refuses::<Host>(&[
            ("https://orders.acme.dev/", "it has a scheme", "write `orders.acme.dev`"),
            ("orders.acme.dev/v1", "it has a path", "write `orders.acme.dev`"),
            ("orders.acme.dev:443", "it has a port", "write `orders.acme.dev`"),
            ("Orders.acme.dev", "`O` may not stand", "write `orders.acme.dev`"),
            ("orders.acme.dev.", "ends with a dot", "write `orders.acme.dev`"),
            ("10.0.0.1", "names, not addresses", "`orders.acme.dev`"),
            ("a.*.dev", "before the first dot", "`orders.acme.dev`"),
            ("*", "before the first dot", "`orders.acme.dev`"),
            ("*.dev", "before the first dot", "`orders.acme.dev`"),
            ("localhost", "a single part", "`orders.acme.dev`"),
            ("a_b.dev", "`_` may not stand", "`orders.acme.dev`"),
            ("a.b2.3", "does not begin with a letter", "`orders.acme.dev`"),
        ]);
        refuses::<Host>(&[(
            &format!("{}.dev", "a".repeat(64)),
            "64 characters, at most 63",
            "`orders.acme.dev`",
        )]);
    }

    #[test]
    fn wildcards_cover_what_is_below() {
        let host = |text| Host::parse(text).unwrap();
        let wild = host("*.acme.dev");
        for below in ["a.acme.dev", "a.b.acme.dev", "*.acme.dev", "*.b.acme.dev"] {
            assert!(wild.covers(&host(below)), "{below}");
        }
        for other in ["acme.dev", "aacme.dev", "a.acme.com"] {
            assert!(!wild.covers(&host(other)), "{other}");
        }
        assert!(!host("a.acme.dev").covers(&wild));
        assert_eq!((wild.domain(), host("a.b").domain()), ("acme.dev", "a.b"));
    }
}
