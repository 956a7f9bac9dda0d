//! Lists over whole environments: every variable of every container, the secrets that must exist, and those that are kept.
//!
//! Beside the stages, as [`crate::explain`] is: reads what compiling recorded and prints nothing itself. A reference is
//! shown as a reference, and what looks like a secret is not shown.

pub mod kept;
pub mod secrets;
mod table;
pub mod variables;

pub use table::Table;

/// The version of the shape of the JSON documents; a new field raises the minor version, a changed or removed one the
/// major version.
pub const FORMAT_VERSION: &str = "1.0";
