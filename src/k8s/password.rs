//! `Password`, a generator of External Secrets (generators.external-secrets.io/v1alpha1).

use super::model::{closed, object};
use crate::origin::Traced;
use crate::text::Text;
use crate::walk::Items;

object! {
    /// `PasswordSpec`.
    pub struct PasswordSpec {
        length: Traced<u32>,
        /// How many characters are digits.
        digits: Traced<u32>,
        /// How many are neither letters nor digits.
        symbols: Traced<u32>,
        no_upper: Traced<bool>,
        allow_repeat: Traced<bool>,
        encoding: Option<Traced<PasswordEncoding>>,
        /// The keys that each get a value of their own.
        secret_keys: Items<Traced<Text>>,
    }
}

closed! {
    /// `encoding`.
    pub enum PasswordEncoding {
        /// as it is
        Raw = "raw",
        /// RFC 4648, section 4
        Base64 = "base64",
        /// RFC 4648, section 5
        Base64Url = "base64url",
        /// hexadecimal digits
        Hex = "hex",
    }
}
