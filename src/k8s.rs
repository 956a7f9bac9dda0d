//! Typed output objects: what specc can write, with fields in emission order and closed enums.
//!
//! Knows nothing of the spec. An object that the API would refuse for its shape does not compile here; whether its
//! references resolve is the link check's business. The official types are the referee in tests, not the model.

pub(crate) mod model;
