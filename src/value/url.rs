//! Addresses of HTTP services.

use std::borrow::Cow;

use super::{Invalid, Value, quoted, scan};

/// An HTTP address: `http` or `https`, a host (DNS name or IPv4 address), optionally a port and a path
/// (RFC 3986, narrowed). No user and password, since a spec holds no secrets; no query and no fragment, since
/// programs append paths to it. It is written out as it was written: an issuer is compared byte by byte.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Url {
    secure: bool,
    host: String,
    port: Option<u16>,
    path: String,
}

impl Url {
    /// `http` or `https`.
    pub fn scheme(&self) -> &'static str {
        if self.secure { "https" } else { "http" }
    }

    /// The DNS name or IPv4 address, lower-case.
    pub fn host(&self) -> &str {
        &self.host
    }

    /// The port, if one is written.
    pub fn port(&self) -> Option<u16> {
        self.port
    }

    /// The port written, else that of the scheme: 80 or 443.
    pub fn port_or_default(&self) -> u16 {
        self.port.unwrap_or(if self.secure { 443 } else { 80 })
    }

    /// The path: empty, or from `/` on.
    pub fn path(&self) -> &str {
        &self.path
    }

    /// The address that `text` is, if it is one: for whoever looks through texts of any kind and wants no message.
    pub fn find(text: &str) -> Option<Self> {
        if text.starts_with("http") { Self::parse(text).ok() } else { None }
    }

    /// Whether the host is an IPv4 address.
    pub fn is_address(&self) -> bool {
        self.host.parse::<std::net::Ipv4Addr>().is_ok()
    }
}

impl Value for Url {
    const WHAT: &'static str = "an HTTP address";
    const EXAMPLES: &'static [&'static str] = &["https://api.payments.example/v2", "http://stub.dev:8080"];
    const MAX_LEN: usize = 1024;

    fn pattern() -> Cow<'static, str> {
        let (host, port, segment) = (scan::net_host_pattern(), scan::PORT, scan::segment_pattern());
        format!("^https?://{host}(?::{port})?(?:/{segment})*/?$").into()
    }

    fn parse(text: &str) -> Result<Self, Invalid> {
        scan::bounded::<Self>(text)?;
        let refuse = |why: String| Invalid::of::<Self>(text, why);
        let (secure, rest) = match text.split_once("://") {
            Some(("http", rest)) => (false, rest),
            Some(("https", rest)) => (true, rest),
            Some((scheme @ ("HTTP" | "HTTPS" | "Http" | "Https"), rest)) => {
                let fixed = format!("{}://{rest}", scheme.to_ascii_lowercase());
                return Err(scan::propose::<Self>(refuse("its scheme is not lower-case".to_owned()), &fixed));
            }
            Some((scheme, _)) => {
                return Err(refuse(format!("its scheme {} is neither `http` nor `https`", quoted(scheme))));
            }
            None => {
                let refusal = refuse("the scheme is missing".to_owned());
                return Err(scan::propose::<Self>(refusal, &format!("https://{text}")));
            }
        };
        let end = rest.find(['/', '?', '#']).unwrap_or(rest.len());
        let (authority, path) = rest.split_at_checked(end).unwrap_or((rest, ""));
        let user = "leave out what stands before `@`, and declare secrets beside the address";
        let (host, port) = scan::authority::<Self>(text, authority, user)?;
        if let Some((bare, _)) = text.split_once(['?', '#']) {
            return Err(scan::propose::<Self>(refuse("it has a query or a fragment".to_owned()), bare));
        }
        let inner = path.strip_prefix('/').map(|inner| inner.strip_suffix('/').unwrap_or(inner));
        let segments = inner.filter(|inner| !inner.is_empty() || path == "//");
        if let Some(problem) = segments.and_then(|inner| inner.split('/').find_map(scan::segment_problem)) {
            return Err(refuse(format!("its path is wrong: {problem}")));
        }
        Ok(Self { secure, host: host.to_owned(), port, path: path.to_owned() })
    }

    fn text(&self) -> Cow<'_, str> {
        let port = self.port.map(|port| format!(":{port}")).unwrap_or_default();
        format!("{}://{}{port}{}", self.scheme(), self.host, self.path).into()
    }

    fn doubt(&self) -> Option<Invalid> {
        (self.host.len() > 253).then(|| {
            let what = format!("the host of {} is longer than 253 characters", quoted(&self.text()));
            Invalid::doubt(what, "no DNS server can answer for it: shorten it")
        })
    }
}

#[cfg(test)]
mod tests {
    use super::super::agreement::{accepts, refuses};
    use super::*;

    #[test]
    fn addresses() {
        accepts::<Url>(&[
            ("https://login.acme.dev/", "https://login.acme.dev/"),
            ("http://stub:8080/v2", "http://stub:8080/v2"),
            ("https://a.dev/v2/", "https://a.dev/v2/"),
            ("http://10.0.0.1", "http://10.0.0.1"),
        ]);
        refuses::<Url>(&[
            ("api.payments.example", "the scheme is missing", "write `https://api.payments.example`"),
            ("HTTPS://a.dev", "not lower-case", "write `https://a.dev`"),
            ("postgres://db/x", "`postgres` is neither", "`https://api.payments.example/v2`"),
            ("https://me:pw@a.dev", "it names a user", "before `@`"),
            ("https://A.dev/X", "`A` may not stand", "write `https://a.dev/X`"),
            ("https://a.dev./x", "ends with a dot", "write `https://a.dev/x`"),
            ("https://a.dev:0", "`0` is not a port", "`https://api"),
            ("https://a.dev:", "is not a port", "`https://api"),
            ("https://a.dev/x?y=1", "a query or a fragment", "write `https://a.dev/x`"),
            ("https://a.dev?y=1", "a query or a fragment", "write `https://a.dev`"),
            ("https://", "the host is missing", "`https://api"),
            ("https://[::1]/", "IPv6", "`https://api"),
            ("https://10.0.0.256", "does not begin with a letter", "`https://api"),
            ("https://a.dev//x", "`//` may not stand", "`https://api"),
            ("https://a.dev//", "`//` may not stand", "`https://api"),
            ("https://a.dev/../x", "`..` may not", "`https://api"),
        ]);
    }

    #[test]
    fn parts() {
        let url = Url::parse("http://stub.checkout-dev:8080/v2").unwrap();
        assert_eq!(
            (url.scheme(), url.host(), url.port(), url.path()),
            ("http", "stub.checkout-dev", Some(8080), "/v2")
        );
        let bare = Url::parse("https://a.dev").unwrap();
        assert_eq!((bare.port(), bare.port_or_default(), bare.path()), (None, 443, ""));
        assert!(!bare.is_address() && Url::parse("http://1.2.3.4").unwrap().is_address());
        let long = format!("https://{}.dev", vec!["a".repeat(63); 4].join("."));
        assert!(Url::parse(&long).unwrap().doubt().is_some());
    }
}
