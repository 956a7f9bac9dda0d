//! Origins of web pages.

use std::borrow::Cow;

use super::{Invalid, Value, scan};

/// The origin of a web page (RFC 6454): a scheme, a host and, if it is not the scheme's, a port; the first part of the host
/// may be `*`, and `*` alone is every origin (Gateway API, `CORSOrigin`).
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct WebOrigin(String);

impl WebOrigin {
    /// Whether it is every origin.
    pub fn is_any(&self) -> bool {
        self.0 == "*"
    }
}

impl Value for WebOrigin {
    const WHAT: &'static str = "the origin of a web page";
    const EXAMPLES: &'static [&'static str] = &["https://shop.acme.dev", "https://*.acme.dev", "*"];
    const MAX_LEN: usize = 253;

    fn pattern() -> Cow<'static, str> {
        let label = scan::LABEL_63;
        format!(r"^(?:\*|https?://(?:\*\.)?(?:{label}\.)*{label}(?::[1-9][0-9]{{0,4}})?)$").into()
    }

    fn parse(text: &str) -> Result<Self, Invalid> {
        scan::bounded::<Self>(text)?;
        let refuse = |why: &str| Invalid::of::<Self>(text, why);
        if text == "*" {
            return Ok(Self(text.to_owned()));
        }
        let rest = text.strip_prefix("https://").or_else(|| text.strip_prefix("http://"));
        let Some(rest) = rest else {
            let refusal = refuse("it does not begin with `https://` or `http://`");
            return Err(if text.contains("://") {
                refusal
            } else {
                scan::propose::<Self>(refusal, &format!("https://{text}"))
            });
        };
        if let Some((_, path)) = rest.split_once('/') {
            let bare = text.strip_suffix(path).unwrap_or(text).trim_end_matches('/');
            return Err(scan::propose::<Self>(refuse("it has a path, and an origin has none"), bare));
        }
        let (host, port) = rest.split_once(':').map_or((rest, None), |(host, port)| (host, Some(port)));
        let is_port = |port: &str| {
            !port.starts_with('0')
                && port.len() <= 5
                && !port.is_empty()
                && port.bytes().all(|byte| byte.is_ascii_digit())
        };
        if port.is_some_and(|port| !is_port(port)) {
            return Err(refuse("its port is not a number of 1 to 5 digits"));
        }
        match scan::dns_problem(host.strip_prefix("*.").unwrap_or(host), 63, false) {
            None => Ok(Self(text.to_owned())),
            Some(problem) => {
                let lower = text.to_ascii_lowercase();
                let refusal = refuse(&problem);
                Err(if lower == text { refusal } else { scan::propose::<Self>(refusal, &lower) })
            }
        }
    }

    fn text(&self) -> Cow<'_, str> {
        Cow::Borrowed(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::super::agreement::{accepts, refuses};
    use super::*;

    #[test]
    fn origins() {
        accepts::<WebOrigin>(&[
            ("*", "*"),
            ("https://shop.acme.dev", "https://shop.acme.dev"),
            ("https://*.acme.dev", "https://*.acme.dev"),
            ("http://localhost:3000", "http://localhost:3000"),
        ]);
        refuses::<WebOrigin>(&[
            ("shop.acme.dev", "does not begin with", "write `https://shop.acme.dev`"),
            ("ftp://acme.dev", "does not begin with", "`https://shop.acme.dev`"),
            ("https://shop.acme.dev/", "it has a path", "write `https://shop.acme.dev`"),
            ("https://shop.acme.dev/a/b", "it has a path", "write `https://shop.acme.dev`"),
            ("https://Shop.acme.dev", "`S` may not stand", "write `https://shop.acme.dev`"),
            ("https://a.dev:x", "its port", "`https://shop.acme.dev`"),
            ("https://a.*.dev", "`*` may not stand", "`https://shop.acme.dev`"),
            ("https://", "", "`https://shop.acme.dev`"),
        ]);
    }
}
