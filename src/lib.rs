//! specc: a declarative config compiler. A typed TOML spec of a system in, owned and explained manifests out.

pub mod diagnostic;
pub mod k8s;
pub mod node;
pub mod origin;
pub mod source;
pub mod text;
pub mod tree;
pub mod value;
pub mod walk;
pub mod write;
