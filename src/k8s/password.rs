//! `Password`, a generator of External Secrets (generators.external-secrets.io/v1alpha1).

use super::model::object;
use crate::origin::Traced;

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
    }
}
