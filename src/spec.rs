//! STAGE 3: merged trees to typed tables.
//!
//! One TOML table a file, under the name that it has in the spec. A table's declaration is its struct, its decoder and
//! its JSON Schema at once (see [`decode`]). Values stay unset where the user left them unset: tiers and `[defaults.*]`
//! fill them in the next stage, where each default is a named rule.
//!
//! **To add a key**: one line with its doc comment in the table's declaration; then read it where the system is resolved.
//! A key that nothing reads must not be declared, so that an unsupported key stays an unknown key.

pub mod decode;
pub mod schema;

pub mod cache;
pub mod checks;
pub mod data;
pub mod database;
pub mod edge;
pub mod env;
pub mod environment;
pub mod external;
pub mod generate;
pub mod images;
pub mod kubernetes;
pub mod manifest;
pub mod platform;
pub mod project;
pub mod queue;
pub mod service;
pub mod workload;

use decode::Count;

/// A TCP or UDP port.
pub type PortNumber = Count<1, 65535>;

/// The version of the spec language: always 1.
pub type SpecVersion = Count<1, 1>;

#[cfg(test)]
mod tests {
    use crate::value::agreement::agrees;

    #[test]
    fn the_values_of_single_tables_are_what_their_patterns_say() {
        agrees::<super::checks::CheckName>();
        agrees::<super::edge::EdgeRef>();
        agrees::<super::edge::OutputRef>();
        agrees::<super::env::FieldPath>();
        agrees::<super::env::Format>();
        agrees::<super::external::AuthScheme>();
        agrees::<super::service::AppRef>();
    }
}
