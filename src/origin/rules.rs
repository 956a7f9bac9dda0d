//! The registry of rules: everything that the compiler decides on its own, by name.
//!
//! Sorted by name (a test holds it). `specc explain` prints a rule's name and sentence; for a derived value the sentence
//! is its formula, with the inputs in the order in which the code hands them over.

use super::{Rule, RuleInfo};

macro_rules! rules {
    ($($N:ident = $name:literal, $says:literal;)*) => {
        #[expect(clippy::upper_case_acronyms, reason = "the names of constants, used as indices")]
        #[repr(u16)]
        enum Index { $($N),* }
        $(#[doc = concat!("`", $name, "`: ", $says)] pub const $N: Rule = Rule(Index::$N as u16);)*
        /// Every rule, sorted by name.
        pub const RULES: &[RuleInfo] = &[$(RuleInfo { name: $name, says: $says }),*];
    };
}

rules! {
    GRACE = "shutdown.grace", "terminationGracePeriodSeconds = preStop + drain + 5 s, so that no request is cut off";
}
