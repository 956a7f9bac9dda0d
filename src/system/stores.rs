//! What workloads use beside each other and databases: caches and secrets.

use crate::origin::{
    CACHE_MAXMEMORY, DEFAULT_CACHE, IMAGE_CACHE, KIND, NodeId, Origin, SECRET_REMOTE, Traced, Tracer,
};
use crate::spec::cache::CacheEngine;
use crate::spec::decode::{Choice, List};
use crate::spec::service::ServiceFile;
use crate::text::Text;
use crate::value::{Bytes, Cpu, Duration, SecretKey, StoreKey, Value};

use super::edges::Caller;
use super::image::Image;
use super::{Context, Place, names, text_of};

/// A cache.
#[derive(Debug)]
pub struct Cache {
    /// its table
    pub at: NodeId,
    /// why it exists
    pub because: Origin,
    /// its name
    pub name: Traced<Text>,
    /// its objects' name
    pub object: Traced<Text>,
    /// its host
    pub host: Traced<Text>,
    /// engine
    pub engine: Traced<CacheEngine>,
    /// image of the server
    pub image: Image,
    /// memory request and limit
    pub memory: Traced<Bytes>,
    /// what entries may take
    pub maxmemory: Traced<Bytes>,
    /// CPU request
    pub cpu: Traced<Cpu>,
    /// who uses it
    pub callers: Vec<Caller>,
}

/// Keys of the platform's secret store that become a Secret.
#[derive(Debug)]
pub struct SecretSource {
    /// the table that asks for it
    pub at: NodeId,
    /// why it exists: its table, and its keys as a whole
    pub because: Origin,
    /// its name
    pub name: Traced<Text>,
    /// name of the ExternalSecret and of the Secret that it makes
    pub object: Traced<Text>,
    /// key in the store
    pub remote: Traced<Text>,
    /// its keys
    pub keys: List<SecretKey>,
    /// how often the store is asked, where somebody said so
    pub refresh: Option<Traced<Duration>>,
}

pub(super) fn remote_key(
    place: &Place<'_>,
    name: &Traced<Text>,
    written: Option<&Traced<StoreKey>>,
    context: &Context<'_>,
) -> Traced<Text> {
    if let Some(written) = written {
        return text_of(written);
    }
    let inputs = (place.environment, place.namespace, place.service, name);
    context.tracer.derive(SECRET_REMOTE, inputs, |(environment, namespace, service, name)| {
        format!("{environment}/{namespace}/{service}/{name}").into()
    })
}

/// A secret is there because of its table and because that lists keys.
pub(super) fn why_secret(
    place: &Place<'_>,
    table: NodeId,
    keys: &List<SecretKey>,
    tracer: &Tracer,
) -> Origin {
    let asked = Origin::spec(keys.at.unwrap_or(table));
    tracer.because(KIND, &[place.because(table, tracer), asked])
}

/// A constant of the compiler's own as bytes.
pub(super) fn bytes(text: &'static str) -> Bytes {
    Bytes::parse(text).unwrap_or_else(|_| Bytes::from_bytes(1 << 30))
}

pub(super) fn caches(file: &ServiceFile, place: &Place<'_>, context: &Context<'_>) -> Vec<Cache> {
    let tracer = context.tracer;
    let resolve = |(_, entry): (&Text, &crate::spec::decode::Entry<_, crate::spec::cache::Cache>)| {
        let (name, table) = (text_of(&entry.key), &entry.value);
        let object = names::cache(place.service, &name, tracer);
        let engine = table.engine.unwrap_or_else(|| crate::origin::rule(DEFAULT_CACHE, CacheEngine::Redis));
        let image = match &table.image {
            Some(image) => Image::of_reference(image, context.images, tracer),
            None => {
                let (repository, tagged) = match engine.get() {
                    CacheEngine::Redis => ("docker.io/library/redis", "docker.io/library/redis:8.2-bookworm"),
                    CacheEngine::Valkey => {
                        ("docker.io/valkey/valkey", "docker.io/valkey/valkey:8.1-bookworm")
                    }
                };
                let because = tracer.because(IMAGE_CACHE, &[engine.origin()]);
                Image::resolve(
                    Traced::because(Text::Literal(repository), because),
                    Some(Traced::because(Text::Literal(tagged), because)),
                    context.images,
                    tracer,
                )
            }
        };
        let memory = table
            .memory
            .or_else(|| context.configured(|d| d.cache.as_ref().and_then(|d| d.memory.as_ref())))
            .unwrap_or_else(|| crate::origin::rule(DEFAULT_CACHE, bytes("256Mi")));
        Cache {
            at: table.at,
            because: place.because(table.at, tracer),
            host: names::host(&object, place.namespace, &context.platform.cluster_domain, tracer),
            image,
            maxmemory: tracer
                .derive(CACHE_MAXMEMORY, (&memory,), |(m,)| Bytes::from_bytes(m.bytes() / 4 * 3)),
            cpu: table
                .cpu
                .or_else(|| context.configured(|d| d.cache.as_ref().and_then(|d| d.cpu.as_ref())))
                .unwrap_or_else(|| crate::origin::rule(DEFAULT_CACHE, Cpu::from_millis(100))),
            engine,
            memory,
            callers: Vec::new(),
            name,
            object,
        }
    };
    file.caches.iter().map(resolve).collect()
}

pub(super) fn secrets(file: &ServiceFile, place: &Place<'_>, context: &Context<'_>) -> Vec<SecretSource> {
    let resolve = |(_, entry): (&Text, &crate::spec::decode::Entry<_, crate::spec::service::Secret>)| {
        let (name, table) = (text_of(&entry.key), &entry.value);
        SecretSource {
            at: table.at,
            because: why_secret(place, table.at, &table.keys, context.tracer),
            object: names::secret(place.service, &name, context.tracer),
            remote: remote_key(place, &name, table.store_key.as_ref(), context),
            refresh: table.refresh,
            keys: table.keys.clone(),
            name,
        }
    };
    file.secrets.iter().map(resolve).collect()
}

impl Cache {
    /// The engine's word, which is also the container's name.
    pub fn engine_word(&self) -> &'static str {
        self.engine.get().word()
    }
}
