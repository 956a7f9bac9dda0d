//! `[externals.<name>]`: a service of others that the service calls.

use super::decode::{List, table};
use crate::origin::Traced;
use crate::value::{Cidr, Duration, SecretKey, Url};

table! {
    /// A service of others that the service calls.
    pub struct External {
        /// Where it is.
        url: Traced<Url>,
        /// The longest that a call may take.
        timeout: Option<Traced<Duration>> = "`\"3s\"`",
        /// Keys of its credentials in the platform's secret store.
        secrets: List<SecretKey>,
        /// Its addresses; without them every public address is open on its port, since a NetworkPolicy cannot name hosts.
        cidrs: List<Cidr>,
    }
}
