//! The integration tests, in one binary.

mod emit;
mod referee;
