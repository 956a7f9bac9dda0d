//! Paths of HTTP requests.

use std::borrow::Cow;

use super::{Invalid, Value, scan};

/// An absolute HTTP path, for probes and for routes that match everything below it (Gateway API
/// `HTTPPathMatch`: no `//`, `/./`, `/../`, `%2f`, `#`). A closing `/` means nothing in a prefix match and is
/// refused; so is `%2e`, an escaped dot, which leads around checks.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct HttpPath(pub(super) String);

impl HttpPath {
    /// Whether a route for this path takes requests for `other` as well: equal, or above it segment by segment.
    pub fn covers(&self, other: &Self) -> bool {
        self.0 == "/"
            || other.0.strip_prefix(&self.0).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
    }
}

impl Value for HttpPath {
    const WHAT: &'static str = "an HTTP path";
    const EXAMPLES: &'static [&'static str] = &["/v1/orders", "/livez", "/"];
    /// `maxLength` of `HTTPPathMatch.value`.
    const MAX_LEN: usize = 1024;

    fn pattern() -> Cow<'static, str> {
        format!("^(?:/|(?:/{})+)$", scan::segment_pattern()).into()
    }

    fn parse(text: &str) -> Result<Self, Invalid> {
        scan::bounded::<Self>(text)?;
        if text == "/" {
            return Ok(Self(text.to_owned()));
        }
        let refuse = |why: &str| Invalid::of::<Self>(text, why);
        let Some(rest) = text.strip_prefix('/') else {
            let refusal = refuse("it does not begin with `/`");
            let fixed = format!("/{text}");
            return Err(if text.contains("://") { refusal } else { scan::propose::<Self>(refusal, &fixed) });
        };
        if let Some((path, _)) = text.split_once(['?', '#']) {
            return Err(scan::propose::<Self>(refuse("it has a query or a fragment"), path));
        }
        if text.ends_with('/') {
            return Err(scan::propose::<Self>(refuse("it ends with `/`"), text.trim_end_matches('/')));
        }
        match rest.split('/').find_map(scan::segment_problem) {
            None => Ok(Self(text.to_owned())),
            Some(problem) => Err(refuse(&problem)),
        }
    }

    fn text(&self) -> Cow<'_, str> {
        Cow::Borrowed(&self.0)
    }

    fn doubt(&self) -> Option<Invalid> {
        let above = self.0.strip_suffix("/*").or_else(|| self.0.strip_suffix("/**"))?;
        let above = if above.is_empty() { "/" } else { above };
        Some(Invalid::doubt(
            format!("`*` in {} stands for itself, it is no wildcard", super::quoted(&self.0)),
            format!("write `{above}`, which takes everything below it"),
        ))
    }
}

#[cfg(test)]
mod tests {
    use super::super::agreement::{accepts, refuses};
    use super::*;

    #[test]
    fn paths() {
        accepts::<HttpPath>(&[
            ("/", "/"),
            ("/v1/orders", "/v1/orders"),
            ("/a%20b/.well-known", "/a%20b/.well-known"),
        ]);
        accepts::<HttpPath>(&[("/...", "/..."), ("/..a/.b", "/..a/.b"), ("/@a:b", "/@a:b")]);
        refuses::<HttpPath>(&[
            ("v1", "does not begin with `/`", "write `/v1`"),
            ("https://a.dev/v1", "does not begin with `/`", "`/v1/orders`"),
            ("/v1/", "ends with `/`", "write `/v1`"),
            ("/v1?x=1", "a query or a fragment", "write `/v1`"),
            ("/v1#x", "a query or a fragment", "write `/v1`"),
            ("/a//b", "`//` may not stand", "`/v1/orders`"),
            ("/a/./b", "`.` may not be a part", "`/v1/orders`"),
            ("/a/..", "`..` may not be a part", "`/v1/orders`"),
            ("/a%2Fb", "`%2F` may not stand", "`/v1/orders`"),
            ("/%2e%2e/b", "`%2e` may not stand", "`/v1/orders`"),
            ("/a%2", "two hexadecimal digits", "`/v1/orders`"),
            ("/a b", "a space may not stand", "`/v1/orders`"),
            ("/{id}", "`{` may not stand", "`/v1/orders`"),
        ]);
        let doubt = HttpPath::parse("/v1/*").unwrap().doubt().unwrap();
        assert!(doubt.help.unwrap().contains("write `/v1`"));
        assert!(HttpPath::parse("/*").unwrap().doubt().unwrap().help.unwrap().contains("write `/`"));
    }

    #[test]
    fn prefixes_end_at_a_segment() {
        let path = |text| HttpPath::parse(text).unwrap();
        assert!(
            path("/").covers(&path("/a"))
                && path("/a").covers(&path("/a/b"))
                && path("/a").covers(&path("/a"))
        );
        assert!(!path("/a").covers(&path("/ab")) && !path("/a/b").covers(&path("/a")));
    }
}
