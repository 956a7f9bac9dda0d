//! Caches: servers of our own, with what their memory is for, and servers that somebody else runs.
//!
//! Sources: Redis docs, "Key eviction" and "Redis configuration" (`maxmemory`, `maxmemory-clients`, `maxclients`); Redis 7,
//! `redis.conf`, for the memory that a rewrite of the append-only file copies.

use crate::origin::{
    CACHE_CLIENTS, CACHE_EVICTION, CACHE_MAXMEMORY, CACHE_PORT, DEFAULT_CACHE, IMAGE_CACHE, NodeId, Origin,
    Traced, Tracer, rule,
};
use crate::spec::cache::{self as spec, CacheEngine, CacheRole, Eviction};
use crate::spec::data::DataClass;
use crate::spec::decode::{Choice, Entry, List};
use crate::spec::service::ServiceFile;
use crate::text::Text;
use crate::value::{Bytes, CacheUrl, Cidr, Cpu};

use super::edges::Caller;
use super::image::Image;
use super::stores::{self, SecretSource};
use super::{Context, Place, names, text_of};

/// The key of the password in the secret store.
pub const PASSWORD: &str = "password";

/// The folder of a server's password, in its container.
pub const SECRETS: &str = "/run/secrets/cache";

/// Bytes that a client is taken to need for its buffers: Redis 7 counts 37,632 for one that has just been answered.
pub const CLIENT_BUFFERS: u64 = 40 << 10;

/// Entries in memory.
#[derive(Debug)]
pub struct Cache {
    /// its table
    pub at: NodeId,
    /// why it exists
    pub because: Origin,
    /// its name
    pub name: Traced<Text>,
    /// how sensitive what it holds is, if somebody said so
    pub class: Option<Traced<DataClass>>,
    /// its objects' name
    pub object: Traced<Text>,
    /// its host
    pub host: Traced<Text>,
    /// its port
    pub port: Traced<u16>,
    /// where it is, if somebody else runs it
    pub url: Option<Traced<CacheUrl>>,
    /// addresses of a server that somebody else runs, if known
    pub cidrs: List<Cidr>,
    /// engine
    pub engine: Traced<CacheEngine>,
    /// what its entries are
    pub role: Traced<CacheRole>,
    /// which entries go when memory is full
    pub eviction: Traced<Eviction>,
    /// its credentials; without keys there are none
    pub credentials: SecretSource,
    /// the server of our own; none where somebody else runs one
    pub server: Option<CacheServer>,
    /// who uses it
    pub callers: Vec<Caller>,
}

/// A server of our own.
#[derive(Debug)]
pub struct CacheServer {
    /// image
    pub image: Image,
    /// memory request and limit
    pub memory: Traced<Bytes>,
    /// what entries and the buffers of clients may take
    pub max_memory: Traced<Bytes>,
    /// the most that the rule gives to entries and buffers
    pub share: Traced<Bytes>,
    /// what the buffers of all clients may take, of [`CacheServer::max_memory`]
    pub client_memory: Traced<Bytes>,
    /// most clients at a time
    pub max_clients: Traced<u32>,
    /// volume for the append-only file, if entries outlive the pod
    pub storage: Option<Traced<Bytes>>,
    /// class of that volume
    pub storage_class: Option<Traced<Text>>,
    /// CPU request
    pub cpu: Traced<Cpu>,
}

impl Cache {
    /// The engine's word.
    pub fn engine_word(&self) -> &'static str {
        self.engine.get().word()
    }

    /// Whether entries may go at any time.
    pub fn is_disposable(&self) -> bool {
        *self.role.get() == CacheRole::Cache
    }

    /// Whether clients give a password.
    pub fn has_password(&self) -> bool {
        self.credentials.keys.iter().any(|key| key.get().as_str() == PASSWORD)
    }

    /// Whether it is in the cluster itself.
    pub fn is_in_cluster(&self) -> bool {
        self.url.as_ref().is_none_or(|url| names::cluster_namespace(url.get().host()).is_some())
    }
}

pub(super) fn resolve(file: &ServiceFile, place: &Place<'_>, context: &Context<'_>) -> Vec<Cache> {
    let class = |table: &spec::Cache| file.class_or(table.class);
    let caches = file.caches.iter();
    caches.map(|(_, entry)| Cache { class: class(&entry.value), ..one(entry, place, context) }).collect()
}

fn one(entry: &Entry<crate::value::Name, spec::Cache>, place: &Place<'_>, context: &Context<'_>) -> Cache {
    let tracer = context.tracer;
    let (name, table) = (text_of(&entry.key), &entry.value);
    let object = names::cache(place.service, &name, tracer);
    let engine = table.engine.unwrap_or_else(|| rule(DEFAULT_CACHE, CacheEngine::Redis));
    let role = table.role.unwrap_or_else(|| rule(DEFAULT_CACHE, CacheRole::Cache));
    let own = || names::host(&object, place.namespace, &context.platform.cluster_domain, tracer);
    Cache {
        at: table.at,
        class: None,
        because: place.because(table.at, tracer),
        host: table.url.as_ref().map_or_else(own, |url| url.map(|u| Text::from(u.host().to_owned()))),
        port: table.url.as_ref().map_or_else(|| rule(CACHE_PORT, 6379u16), |url| url.map(CacheUrl::port)),
        server: table.url.is_none().then(|| server(table, engine, context)),
        url: table.url.clone(),
        cidrs: table.cidrs.clone(),
        eviction: table.eviction.unwrap_or_else(|| {
            tracer.derive(CACHE_EVICTION, (&role,), |(role,)| match role {
                CacheRole::Cache => Eviction::Lru,
                CacheRole::Session | CacheRole::Queue | CacheRole::Lock => Eviction::Refuse,
            })
        }),
        credentials: SecretSource {
            at: table.at,
            because: stores::why_secret(place, table.at, &table.secrets, tracer),
            object: object.clone(),
            remote: stores::remote_key(place, &name, None, context),
            refresh: None,
            made: None,
            keys: table.secrets.clone(),
            name: name.clone(),
        },
        engine,
        role,
        callers: Vec::new(),
        name,
        object,
    }
}

fn server(table: &spec::Cache, engine: Traced<CacheEngine>, context: &Context<'_>) -> CacheServer {
    let tracer = context.tracer;
    let memory = table
        .memory
        .or_else(|| context.configured(|d| d.cache.as_ref().and_then(|d| d.memory.as_ref())))
        .unwrap_or_else(|| rule(DEFAULT_CACHE, stores::bytes("256Mi")));
    let share = share(&memory, table.storage.as_ref(), tracer);
    let max_memory = table.max_memory.unwrap_or(share);
    let client_memory =
        tracer.derive(CACHE_CLIENTS, (&max_memory,), |(most,)| Bytes::from_bytes(most.bytes() / 10));
    CacheServer {
        image: image(table, engine, context),
        max_clients: table.max_clients.map_or_else(
            || {
                tracer.derive(CACHE_CLIENTS, (&client_memory,), |(all,)| {
                    u32::try_from(all.bytes() / CLIENT_BUFFERS).unwrap_or(u32::MAX).clamp(10, 10_000)
                })
            },
            |clients| clients.map(|c| c.get()),
        ),
        storage: table.storage,
        storage_class: table.storage_class.as_ref().map(text_of),
        cpu: table
            .cpu
            .or_else(|| context.configured(|d| d.cache.as_ref().and_then(|d| d.cpu.as_ref())))
            .unwrap_or_else(|| rule(DEFAULT_CACHE, Cpu::from_millis(100))),
        memory,
        share,
        max_memory,
        client_memory,
    }
}

/// What of the memory is for entries and buffers.
fn share(memory: &Traced<Bytes>, storage: Option<&Traced<Bytes>>, tracer: &Tracer) -> Traced<Bytes> {
    match storage {
        Some(storage) => tracer
            .derive(CACHE_MAXMEMORY, (memory, storage), |(memory, _)| Bytes::from_bytes(memory.bytes() / 2)),
        None => {
            tracer.derive(CACHE_MAXMEMORY, (memory,), |(memory,)| Bytes::from_bytes(memory.bytes() / 4 * 3))
        }
    }
}

fn image(table: &spec::Cache, engine: Traced<CacheEngine>, context: &Context<'_>) -> Image {
    if let Some(image) = &table.image {
        return Image::of_reference(image, context.images, context.tracer);
    }
    let (repository, tagged) = match engine.get() {
        CacheEngine::Redis => ("docker.io/library/redis", "docker.io/library/redis:8.2-bookworm"),
        CacheEngine::Valkey => ("docker.io/valkey/valkey", "docker.io/valkey/valkey:8.1-bookworm"),
    };
    let because = context.tracer.because(IMAGE_CACHE, &[engine.origin()]);
    Image::resolve(
        Traced::because(Text::Literal(repository), because),
        Some(Traced::because(Text::Literal(tagged), because)),
        context.images,
        context.tracer,
    )
}
