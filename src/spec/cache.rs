//! `[caches.<name>]`: entries in memory, in a server of the service's own or one that somebody else runs.

use super::data::DataClass;
use super::decode::{Count, List, Map, choices, table};
use super::kubernetes::Patch;
use crate::origin::Traced;
use crate::value::{Bytes, CacheUrl, Cidr, Cpu, ImageRef, Name, SecretKey, Subdomain};

/// Clients of a cache at a time: 10 to 65,000.
pub type Clients = Count<10, 65_000>;

choices! {
    /// Cache engines.
    pub enum CacheEngine {
        /// Redis.
        Redis = "redis",
        /// Valkey.
        Valkey = "valkey",
    }

    /// What the entries of a cache are, and so what their loss means.
    pub enum CacheRole {
        /// Copies of what is kept elsewhere: any of them may go at any time.
        Cache = "cache",
        /// Sessions of users: a lost one is a user who must log in again.
        Session = "session",
        /// Work that waits: a lost entry is work that is never done.
        Queue = "queue",
        /// Locks: a lost one has two holders.
        Lock = "lock",
    }

    /// Which entries go when memory is full, in the engines' own words.
    pub enum Eviction {
        /// None: what needs room is refused.
        Refuse = "noeviction",
        /// Those that were not used for longest.
        Lru = "allkeys-lru",
        /// Those that are used least.
        Lfu = "allkeys-lfu",
        /// Any.
        Random = "allkeys-random",
        /// Those with an end that were not used for longest.
        VolatileLru = "volatile-lru",
        /// Those with an end that are used least.
        VolatileLfu = "volatile-lfu",
        /// Any with an end.
        VolatileRandom = "volatile-random",
        /// Those whose end is nearest.
        VolatileTtl = "volatile-ttl",
    }
}

impl CacheEngine {
    /// Its client on a command line.
    pub fn client(self) -> &'static str {
        match self {
            CacheEngine::Redis => "redis-cli",
            CacheEngine::Valkey => "valkey-cli",
        }
    }
}

table! {
    /// Entries in memory.
    pub struct Cache {
        /// Engine.
        engine: Option<Traced<CacheEngine>> = "`\"redis\"`",
        /// How sensitive what it holds is.
        class: Option<Traced<DataClass>> = "that of `[data]`",
        /// What its entries are.
        role: Option<Traced<CacheRole>> = "`\"cache\"`",
        /// Which entries go when memory is full.
        eviction: Option<Traced<Eviction>> = "`\"allkeys-lru\"` for the role `cache`, else `\"noeviction\"`",
        /// Image of the server: Redis 7 or newer, or Valkey.
        image: Option<Traced<ImageRef>> = "the engine's official image",
        /// Memory request, which is also the limit.
        memory: Option<Traced<Bytes>> = "`\"256Mi\"`",
        /// What entries and the buffers of clients may take.
        max_memory: Option<Traced<Bytes>> = "three quarters of `memory`; half of it with `storage`, since a snapshot copies pages",
        /// Most clients at a time; more are refused.
        max_clients: Option<Traced<Clients>> = "a tenth of `max_memory` for buffers of 40Ki, from 10 to 10,000",
        /// Volume for an append-only file, so that entries outlive the pod.
        storage: Option<Traced<Bytes>> = "nothing is kept",
        /// `StorageClass` of that volume.
        storage_class: Option<Traced<Subdomain>> = "the cluster's default",
        /// CPU request; the limit is four times as much, and at least 1.
        cpu: Option<Traced<Cpu>> = "`\"100m\"`",
        /// Where a server is that somebody else runs; specc then writes no objects for it.
        url: Option<Traced<CacheUrl>>,
        /// Addresses of that server; without them every public address is open on its port.
        cidrs: List<Cidr>,
        /// Keys of its credentials in the platform's secret store; with `password` a server of our own asks for it.
        secrets: List<SecretKey>,
        /// Fields of its objects as the API has them, by the name of the object's file: `deployment`, `service`.
        kubernetes: Map<Name, Patch>,
    }
}
