//! `[caches.<name>]`: a cache in memory, gone with its pod.

use super::decode::{Map, choices, table};
use super::kubernetes::Patch;
use crate::origin::Traced;
use crate::value::{Bytes, Cpu, ImageRef, Name};

choices! {
    /// Cache engines.
    pub enum CacheEngine {
        /// Redis.
        Redis = "redis",
        /// Valkey.
        Valkey = "valkey",
    }
}

table! {
    /// A cache in memory, gone with its pod.
    pub struct Cache {
        /// Engine.
        engine: Option<Traced<CacheEngine>> = "`\"redis\"`",
        /// Image of the server.
        image: Option<Traced<ImageRef>> = "the engine's official image",
        /// Memory request, which is also the limit; entries may take three quarters of it.
        memory: Option<Traced<Bytes>> = "`\"256Mi\"`",
        /// CPU request; the limit is four times as much, and at least 1.
        cpu: Option<Traced<Cpu>> = "`\"100m\"`",
        /// Fields of its objects as the API has them, by the name of the object's file: `deployment`, `service`.
        kubernetes: Map<Name, Patch>,
    }
}
