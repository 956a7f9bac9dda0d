//! specc: a declarative config compiler. A typed TOML spec of a system in, owned and explained manifests out.

pub mod bundle;
pub mod diagnostic;
pub mod emit;
pub mod k8s;
pub mod link;
pub mod load;
pub mod lower;
pub mod merge;
pub mod node;
pub mod origin;
pub mod project;
pub mod source;
pub mod spec;
pub mod system;
pub mod text;
pub mod tree;
pub mod value;
pub mod walk;
pub mod write;
