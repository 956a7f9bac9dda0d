//! `generate` of a secret: a value that is made in the cluster.

use super::decode::{Count, choices, table};
use crate::origin::Traced;

choices! {
    /// How a made value is written.
    pub enum Encoding {
        /// As it is.
        Raw = "raw",
        /// In Base64 (RFC 4648, section 4).
        Base64 = "base64",
        /// In Base64 for URLs (RFC 4648, section 5).
        Base64Url = "base64url",
        /// In hexadecimal digits.
        Hex = "hex",
    }
}

table! {
    /// A value that External Secrets makes in the cluster, once, and that nobody has to know: for keys that sign or encrypt what only this service reads.
    pub struct Generate {
        /// Its characters, before they are encoded.
        length: Option<Traced<Count<16, 256>>> = "`40`",
        /// How many of them are digits.
        digits: Option<Traced<Count<0, 256>>> = "a quarter of `length`",
        /// How many of them are neither letters nor digits.
        symbols: Option<Traced<Count<0, 256>>> = "`0`: letters and digits stand in URLs as they are",
        /// How it is written.
        encoding: Option<Traced<Encoding>> = "`\"raw\"`",
    }
}
