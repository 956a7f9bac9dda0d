//! What a probe or a hook asks for.

use std::borrow::Cow;

use super::{Invalid, Value, scan};

/// The target of a GET in origin form (RFC 9112, section 3.2.1): a path as the program knows it, with a closing `/` or a query if it
/// wants one. Nothing matches against it, so more is allowed than in a route's [`HttpPath`](super::HttpPath).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RequestPath(String);

impl Value for RequestPath {
    const WHAT: &'static str = "the path of a request";
    const EXAMPLES: &'static [&'static str] = &["/livez", "/health/?full=1"];
    const MAX_LEN: usize = 1024;

    fn pattern() -> Cow<'static, str> {
        // printable ASCII without a space and without `#`, whose rest no request carries
        r#"^/[!"$-~]*$"#.into()
    }

    fn parse(text: &str) -> Result<Self, Invalid> {
        scan::bounded::<Self>(text)?;
        let refuse = |why: &str| Invalid::of::<Self>(text, why);
        if !text.starts_with('/') {
            let refusal = refuse("it does not begin with `/`");
            let fixed = format!("/{text}");
            return Err(if text.contains("://") { refusal } else { scan::propose::<Self>(refusal, &fixed) });
        }
        if let Some((path, _)) = text.split_once('#') {
            return Err(scan::propose::<Self>(refuse("it has a fragment, which no request carries"), path));
        }
        match text.chars().find(|c| !c.is_ascii_graphic()) {
            None => Ok(Self(text.to_owned())),
            Some(' ') => Err(scan::propose::<Self>(refuse("it has a space"), &text.replace(' ', "%20"))),
            Some(_) => Err(refuse("it has a character that a request must escape with `%`")),
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
    fn paths_of_requests() {
        accepts::<RequestPath>(&[
            ("/", "/"),
            ("/healthz/", "/healthz/"),
            ("/health?ready=1&deep=false", "/health?ready=1&deep=false"),
            ("/a%20b/.well-known", "/a%20b/.well-known"),
        ]);
        refuses::<RequestPath>(&[
            ("healthz", "does not begin with `/`", "write `/healthz`"),
            ("http://localhost/healthz", "does not begin with `/`", "`/livez`"),
            ("/a#b", "a fragment", "write `/a`"),
            ("/a b", "a space", "write `/a%20b`"),
            ("/ä", "must escape", "`/livez`"),
        ]);
    }
}
