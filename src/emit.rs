//! Stage 6: objects to bytes. One printer a format; a printer takes no sink and cannot fail, because the checks before it
//! have refused whatever it could not print.
//!
//! Knows how formats are written; knows neither the spec nor any kind.

pub mod yaml;
