//! Addresses of services that are no HTTP addresses.

use std::borrow::Cow;

use super::{Invalid, Value, quoted, scan};

/// A host (DNS name or IPv4 address) and a port: `otel-gateway.observability:4318`.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct HostPort {
    host: String,
    port: u16,
}

impl HostPort {
    /// The DNS name or IPv4 address, lower-case.
    pub fn host(&self) -> &str {
        &self.host
    }

    /// The port, 1 to 65535.
    pub fn port(&self) -> u16 {
        self.port
    }
}

impl Value for HostPort {
    const WHAT: &'static str = "a host with a port";
    const EXAMPLES: &'static [&'static str] = &["otel-gateway.observability:4318"];
    const MAX_LEN: usize = 253;

    fn pattern() -> Cow<'static, str> {
        format!("^{}:{}$", scan::net_host_pattern(), scan::PORT).into()
    }

    fn parse(text: &str) -> Result<Self, Invalid> {
        scan::bounded::<Self>(text)?;
        let refuse = |why: String| Invalid::of::<Self>(text, why);
        if let Some((_, rest)) = text.split_once("://") {
            let bare = rest.split('/').next().unwrap_or(rest);
            return Err(scan::propose::<Self>(refuse("it has a scheme".to_owned()), bare));
        }
        let Some((host, port)) = text.rsplit_once(':') else {
            return Err(refuse("the port is missing".to_owned()));
        };
        let Some(number) = scan::port(port) else {
            return Err(refuse(format!("{} is not a port, a number from 1 to 65535", quoted(port))));
        };
        match scan::net_host_problem(host) {
            None => Ok(Self { host: host.to_owned(), port: number }),
            Some(problem) => {
                let fixed = format!("{}:{port}", host.to_ascii_lowercase().trim_end_matches('.'));
                let refusal = refuse(problem);
                Err(if fixed == text { refusal } else { scan::propose::<Self>(refusal, &fixed) })
            }
        }
    }

    fn text(&self) -> Cow<'_, str> {
        format!("{}:{}", self.host, self.port).into()
    }
}

#[cfg(test)]
mod tests {
    use super::super::agreement::{accepts, refuses};
    use super::*;

    #[test]
    fn addresses() {
        accepts::<HostPort>(&[("otel:4318", "otel:4318"), ("10.0.0.1:1", "10.0.0.1:1")]);
        refuses::<HostPort>(&[
            ("otel", "the port is missing", "`otel-gateway.observability:4318`"),
            ("http://otel:4318/v1", "it has a scheme", "write `otel:4318`"),
            ("otel:04318", "`04318` is not a port", "`otel-gateway"),
            ("otel:65536", "`65536` is not a port", "`otel-gateway"),
            (":80", "the host is missing", "`otel-gateway"),
            ("Otel:80", "`O` may not stand", "write `otel:80`"),
            ("a:b:80", "`:` may not stand", "`otel-gateway"),
            ("[::1]:80", "IPv6", "`otel-gateway"),
        ]);
        let address = HostPort::parse("a.b:80").unwrap();
        assert_eq!((address.host(), address.port()), ("a.b", 80));
    }
}
