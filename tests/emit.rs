//! The YAML printer: what is written is what every reader reads.

pub(crate) mod hostile;
pub(crate) mod samples;

mod golden;
mod properties;
pub(crate) mod tree;
