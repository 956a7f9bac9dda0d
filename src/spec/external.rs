//! `[externals.<name>]`: a service of others that the service calls.

use std::borrow::Cow;

use super::checks::Day;
use super::data::DataClass;
use super::decode::{Count, List, Map, table};
use super::kubernetes::Patch;
use crate::origin::Traced;
use crate::text::Text;
use crate::value::{Cidr, Duration, HeaderName, Invalid, Name, SecretKey, StoreKey, Url, Value, quoted};

table! {
    /// A service of others that the service calls.
    pub struct External {
        /// Where it is.
        url: Traced<Url>,
        /// How sensitive what is sent there is.
        class: Option<Traced<DataClass>> = "that of `[data]`",
        /// The longest that one try of a call may take.
        timeout: Option<Traced<Duration>> = "`\"3s\"`",
        /// The longest that connecting may take, which is a part of `timeout`.
        connect_timeout: Option<Traced<Duration>> = "a third of `timeout`, at most `\"1s\"`",
        /// What the client does after a try that failed; without it there is one try.
        retry: Option<Retry>,
        /// When the client stops calling for a while; with `platform.egress = "istio"` the mesh does so as well.
        circuit: Option<Circuit>,
        /// Keys of its credentials in the platform's secret store.
        secrets: List<SecretKey>,
        /// Key in the store, below which `secrets` are properties.
        store_key: Option<Traced<StoreKey>> = "`<environment>/<namespace>/<service>/<name>`",
        /// How the client shows a credential.
        auth: Option<Auth>,
        /// Its addresses, for platforms that cannot hold programs to host names.
        cidrs: List<Cidr>,
        /// A name in the service's namespace that leads to the host: a Service of type `ExternalName`, for programs that call `<alias>.<namespace>.svc`.
        alias: Option<Traced<Name>>,
        /// Accepts that every public address is open on its port, where neither the platform nor `cidrs` narrows it.
        any_address: Option<AnyAddress>,
        /// Fields of its objects as the API has them, by the name of the object's file: `externalsecret`, `service`, `serviceentry`.
        kubernetes: Map<Name, Patch>,
    }

    /// What a client does after a try that failed. specc hands it to the program; a library in it has to obey.
    pub struct Retry {
        /// Tries in all, the first one included.
        attempts: Traced<Count<1, 20>>,
        /// The wait before the second try; it doubles from try to try.
        backoff: Option<Traced<Duration>> = "`\"100ms\"`",
        /// The longest wait.
        max_backoff: Option<Traced<Duration>> = "ten times `backoff`",
        /// Whether a call that is made twice has the effect of one.
        idempotent: Option<Traced<bool>> = "`false`",
    }

    /// When a client stops calling, so that what is overloaded can recover.
    pub struct Circuit {
        /// Failures in a row after which it stops.
        failures: Option<Traced<Count<1, 1000>>> = "`5`",
        /// How long it looks back.
        window: Option<Traced<Duration>> = "`\"30s\"`",
        /// How long it stops.
        open: Option<Traced<Duration>> = "`\"30s\"`",
        /// The most connections at a time, of one program; with Istio also of the waypoint.
        max_connections: Option<Traced<Count<1, 100_000>>> = "no limit",
    }

    /// How a client shows a credential.
    pub struct Auth {
        /// The header that carries it.
        header: Option<Traced<HeaderName>> = "`\"Authorization\"`",
        /// The word before it.
        scheme: Option<Traced<AuthScheme>> = "none: the credential alone",
        /// Which of `secrets` it is.
        key: Option<Traced<SecretKey>> = "the first",
    }

    /// Why every public address may be reached.
    pub struct AnyAddress {
        /// The reason, for whoever reviews it.
        reason: Traced<Text>,
        /// The last day on which it holds, `2027-01-31`; judged with `--as-of`.
        until: Option<Traced<Day>>,
    }
}

/// The name of an authentication scheme: a token (RFC 9110, 11.1 and 5.6.2).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AuthScheme(Text);

impl Value for AuthScheme {
    const WHAT: &'static str = "an authentication scheme";
    const EXAMPLES: &'static [&'static str] = &["Bearer", "Basic", "ApiKey"];
    const MAX_LEN: usize = 64;

    fn pattern() -> Cow<'static, str> {
        "^[A-Za-z][A-Za-z0-9_-]*$".into()
    }

    fn parse(text: &str) -> Result<Self, Invalid> {
        let known = |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '-');
        let fits = text.starts_with(|c: char| c.is_ascii_alphabetic()) && text.chars().all(known);
        if fits && text.len() <= Self::MAX_LEN {
            return Ok(AuthScheme(Text::from(text.to_owned())));
        }
        Err(Invalid {
            what: format!("{} is not an authentication scheme", quoted(text)),
            help: Some("it is one word, such as `Bearer` or `Basic`; the credential follows it".to_owned()),
        })
    }

    fn text(&self) -> Cow<'_, str> {
        Cow::Borrowed(&self.0)
    }
}
