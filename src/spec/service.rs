//! `services/<service>.toml` and its overlays: one service.

use super::SpecVersion;
use super::cache::Cache;
use super::data::{Data, DataClass};
use super::database::Database;
use super::decode::{List, Map, table};
use super::env::EnvValue;
use super::external::External;
use super::generate::Generate;
use super::kubernetes::Patch;
use super::manifest::Manifests;
use super::queue::Queue;
use super::workload::Workload;
use crate::origin::Traced;
use crate::text::Text;
use crate::value::{Duration, EnvName, ImageRef, ImageRepository, Name, SecretKey, StoreKey};

table! {
    /// The file of a service.
    pub struct ServiceFile {
        /// Version of the spec language.
        spec: Traced<SpecVersion>,
        /// Name and place of the service.
        service: super::decode::Required<ServiceTable>,
        /// A Python service: its image and its application.
        runtime: Option<Runtime>,
        /// What its data is.
        data: Option<Data>,
        /// Variables of every workload of the service.
        env: Map<EnvName, EnvValue>,
        /// What runs, by name.
        workloads: Map<Name, Workload> = "one `http` workload `api` on port 8000",
        /// Databases that belong to the service, by name.
        databases: Map<Name, Database>,
        /// Caches that belong to the service, by name.
        caches: Map<Name, Cache>,
        /// Brokers of messages that somebody else runs, by name.
        queues: Map<Name, Queue>,
        /// Services of others that the service calls, by name.
        externals: Map<Name, External>,
        /// Secrets from the platform's store, or made in the cluster, by name.
        secrets: Map<Name, Secret>,
        /// Manifests that exist already and are taken along, by name.
        manifests: Map<Name, Manifests>,
    }

    /// Name and place of the service.
    pub struct ServiceTable {
        /// Name, the same as the file's.
        name: Traced<Name>,
        /// Namespace of its objects.
        namespace: Option<Traced<Name>> = "the project's name",
        /// Team that answers for it.
        owner: Option<Traced<Text>> = "the project's owner",
        /// Ready-made image of its workloads, for a service without `[runtime]`.
        image: Option<Traced<ImageRef>>,
    }

    /// A Python service: its image and its application.
    pub struct Runtime {
        /// Repository of the image; tag and digest stand in `images.lock`.
        image: Traced<ImageRepository>,
        /// Application as `module:attribute`, served in `http` workloads that have no command: ASGI by uvicorn, WSGI by gunicorn.
        app: Traced<AppRef>,
    }

    /// A secret from the platform's store, or one that is made in the cluster.
    pub struct Secret {
        /// Its keys, each of which becomes a file.
        keys: List<SecretKey>,
        /// Key in the store, below which `keys` are properties.
        store_key: Option<Traced<StoreKey>> = "`<environment>/<namespace>/<service>/<name>`",
        /// How often the store is asked for changes.
        refresh: Option<Traced<Duration>> = "`\"1h\"`",
        /// Make the values in the cluster, in place of asking the store.
        generate: Option<Generate>,
        /// Fields of its objects as the API has them, by the name of the object's file: `externalsecret`, `password`.
        kubernetes: Map<Name, Patch>,
    }
}

impl ServiceFile {
    /// How sensitive a part of the service is: as it says itself, else as the service says.
    pub fn class_or(&self, own: Option<Traced<DataClass>>) -> Option<Traced<DataClass>> {
        own.or_else(|| self.data.as_ref().and_then(|data| data.class))
    }
}

/// `module:attribute`, as ASGI servers take it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AppRef(Text);

impl crate::value::Value for AppRef {
    const WHAT: &'static str = "an ASGI application";
    const EXAMPLES: &'static [&'static str] = &["orders.main:app"];
    fn pattern() -> std::borrow::Cow<'static, str> {
        r"^[A-Za-z_][A-Za-z0-9_]*(\.[A-Za-z_][A-Za-z0-9_]*)*:[A-Za-z_][A-Za-z0-9_]*$".into()
    }
    fn parse(text: &str) -> Result<Self, crate::value::Invalid> {
        let word = |w: &str| {
            w.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_')
                && w.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_')
        };
        let short = text.chars().count() <= Self::MAX_LEN;
        match text.split_once(':').filter(|_| short) {
            Some((module, attribute)) if module.split('.').all(word) && word(attribute) => {
                Ok(AppRef(Text::from(text.to_owned())))
            }
            _ => Err(crate::value::Invalid {
                what: format!("{} is not an ASGI application", crate::value::quoted(text)),
                help: Some("write `module:attribute`, such as `orders.main:app`".to_owned()),
            }),
        }
    }
    fn text(&self) -> std::borrow::Cow<'_, str> {
        self.0.as_str().into()
    }
}
