//! Addresses of servers of Redis or Valkey.

use std::borrow::Cow;

use super::{Invalid, Value, quoted, scan};

/// The port of Redis and Valkey.
const PORT: u16 = 6379;
/// Servers number their databases; more than 999 of them nobody has.
const DATABASE_DIGITS: usize = 3;

/// A server of Redis or Valkey: `redis` or, with TLS, `rediss`, a host (DNS name or IPv4 address), optionally a port and
/// the number of a database. No user and password, since a spec holds no secrets.
///
/// Source: the schemes `redis` and `rediss` as registered at IANA.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct CacheUrl {
    secure: bool,
    host: String,
    port: Option<u16>,
    database: Option<u16>,
}

impl CacheUrl {
    /// Whether connections are encrypted.
    pub fn is_secure(&self) -> bool {
        self.secure
    }

    /// The DNS name or IPv4 address, lower-case.
    pub fn host(&self) -> &str {
        &self.host
    }

    /// The port written, else 6379.
    pub fn port(&self) -> u16 {
        self.port.unwrap_or(PORT)
    }

    /// The number of the database written, else 0.
    pub fn database(&self) -> u16 {
        self.database.unwrap_or(0)
    }

    /// With port and database, whether they are written or not.
    pub fn complete(&self) -> String {
        format!("{}://{}:{}/{}", self.scheme(), self.host, self.port(), self.database())
    }

    fn scheme(&self) -> &'static str {
        if self.secure { "rediss" } else { "redis" }
    }
}

impl Value for CacheUrl {
    const WHAT: &'static str = "an address of a cache";
    const EXAMPLES: &'static [&'static str] = &["rediss://cache.example.net:6380", "redis://cache:6379/1"];
    const MAX_LEN: usize = 300;

    fn pattern() -> Cow<'static, str> {
        let (host, port) = (scan::net_host_pattern(), scan::PORT);
        format!("^rediss?://{host}(?::{port})?(?:/(?:0|[1-9][0-9]{{0,2}}))?$").into()
    }

    fn parse(text: &str) -> Result<Self, Invalid> {
        scan::bounded::<Self>(text)?;
        let refuse = |why: String| Invalid::of::<Self>(text, why);
        let (secure, rest) = match text.split_once("://") {
            Some(("redis", rest)) => (false, rest),
            Some(("rediss", rest)) => (true, rest),
            Some((scheme @ ("valkey" | "valkeys"), rest)) => {
                let fixed = format!("{}://{rest}", scheme.replace("valkey", "redis"));
                let why = "clients of both engines know the schemes `redis` and `rediss`".to_owned();
                return Err(scan::propose::<Self>(refuse(why), &fixed));
            }
            Some((scheme, _)) => {
                return Err(refuse(format!("its scheme {} is neither `redis` nor `rediss`", quoted(scheme))));
            }
            None => {
                let refusal = refuse("the scheme is missing".to_owned());
                return Err(scan::propose::<Self>(refusal, &format!("rediss://{text}")));
            }
        };
        let (authority, database) = match rest.split_once('/') {
            Some((authority, database)) => (authority, Some(database)),
            None => (rest, None),
        };
        let user =
            "leave out what stands before `@`, and write `secrets = [\"password\"]` beside the address";
        let (host, port) = scan::authority::<Self>(text, authority, user)?;
        let number = |text: &str| match text {
            "0" => Some(0),
            text => scan::whole(text, DATABASE_DIGITS).and_then(|number| u16::try_from(number).ok()),
        };
        let number = database.map(number);
        if number == Some(None) {
            return Err(refuse("what follows `/` is not the number of a database, 0 to 999".to_owned()));
        }
        let database = number.flatten();
        Ok(Self { secure, host: host.to_owned(), port, database })
    }

    fn text(&self) -> Cow<'_, str> {
        let port = self.port.map(|port| format!(":{port}")).unwrap_or_default();
        let database = self.database.map(|number| format!("/{number}")).unwrap_or_default();
        format!("{}://{}{port}{database}", self.scheme(), self.host).into()
    }
}

#[cfg(test)]
mod tests {
    use super::super::agreement::{accepts, agrees, refuses};
    use super::*;

    #[test]
    fn addresses() {
        accepts::<CacheUrl>(&[
            ("rediss://cache.example.net:6380", "rediss://cache.example.net:6380"),
            ("redis://10.0.0.1/15", "redis://10.0.0.1/15"),
            ("redis://cache", "redis://cache"),
        ]);
        refuses::<CacheUrl>(&[
            ("cache:6379", "the scheme is missing", "write `rediss://cache:6379`"),
            ("valkeys://cache", "clients of both engines", "write `rediss://cache`"),
            ("http://cache", "neither `redis` nor `rediss`", "`rediss://cache.example.net:6380`"),
            ("rediss://:pw@cache", "it names a user", "`secrets = [\"password\"]`"),
            ("rediss://Cache", "may not stand", "write `rediss://cache`"),
            ("rediss://cache:0", "`0` is not a port", "`rediss://cache.example"),
            ("rediss://cache/", "not the number of a database", "`rediss://cache.example"),
            ("rediss://cache/01", "not the number of a database", "`rediss://cache.example"),
            ("rediss://cache/1000", "not the number of a database", "`rediss://cache.example"),
        ]);
        agrees::<CacheUrl>();
        let short = CacheUrl::parse("rediss://cache").unwrap();
        assert_eq!((short.port(), short.database(), short.is_secure()), (6379, 0, true));
        assert_eq!(short.complete(), "rediss://cache:6379/0");
    }
}
