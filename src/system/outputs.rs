//! What nouns give to those who use them: typed outputs by name.
//!
//! A workload gives `host`, `port`, `address`, `url`; a database `host`, `port`, `name`, `username`, `password`, `url`; a
//! cache `host`, `port`, `address`, `url`; a service of others `url`, `host`, `timeout_ms` and its secrets; a secret its keys.

use crate::origin::{CACHE_PORT, DATABASE_PORT, ENV_COMPOSED, Traced, Tracer, rule};
use crate::spec::cache::CacheEngine;
use crate::text::Text;

use super::edges::Target;
use super::names::upper;
use super::stores::SecretSource;
use super::{Service, Workload};

/// The value of an output.
#[derive(Clone, Debug)]
pub enum Output {
    /// known now
    Text(Traced<Text>),
    /// a key of a Secret: known to the kubelet alone
    Secret {
        /// name of the Secret
        secret: Traced<Text>,
        /// key in it
        key: Traced<Text>,
    },
}

/// What a target gives, and how its variables are called.
#[derive(Clone, Debug)]
pub struct Outputs {
    /// beginning of its variables' names, with the underscore
    pub prefix: String,
    /// folder of its secrets below `/run/secrets`, if it has secrets
    pub folder: Option<Text>,
    /// the outputs in order: name as written in `from`, then the value
    pub all: Vec<(Text, Output)>,
}

impl Outputs {
    /// The output with this name.
    pub fn get(&self, name: &str) -> Option<&Output> {
        self.all.iter().find(|(n, _)| n == name).map(|(_, output)| output)
    }
    /// The names, in order.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.all.iter().map(|(name, _)| name.as_str())
    }
    /// The secret outputs.
    pub fn secrets(&self) -> impl Iterator<Item = (&Text, &Traced<Text>, &Traced<Text>)> {
        self.all.iter().filter_map(|(name, output)| match output {
            Output::Secret { secret, key } => Some((name, secret, key)),
            Output::Text(_) => None,
        })
    }
    /// The name of the variable for an output, by the documented rule.
    pub fn variable(&self, output: &str) -> String {
        format!("{}{}", self.prefix, upper(output))
    }
}

fn text(value: Traced<Text>) -> Output {
    Output::Text(value)
}

fn secret_keys(source: &SecretSource) -> impl Iterator<Item = (Text, Output)> {
    source.keys.iter().map(|key| {
        let key = super::text_of(key);
        (key.get().clone(), Output::Secret { secret: source.object.clone(), key })
    })
}

/// What `target` gives to a workload of `services[own]`.
pub(super) fn of(target: Target, own: usize, services: &[Service], tracer: &Tracer) -> Option<Outputs> {
    let service = services.get(own)?;
    Some(match target {
        Target::Database(index) => {
            let database = service.databases.get(index)?;
            let secret = |output: &'static str, key: &'static str| {
                let key = rule(crate::origin::DATABASE_SECRET, key);
                (Text::Literal(output), Output::Secret { secret: database.secret.clone(), key })
            };
            Outputs {
                prefix: format!("DB_{}_", upper(database.name.get())),
                folder: Some(format!("databases-{}", database.name.get()).into()),
                all: vec![
                    ("host".into(), text(database.host.clone())),
                    ("port".into(), text(rule(DATABASE_PORT, "5432"))),
                    ("name".into(), text(database.database.clone())),
                    secret("username", "username"),
                    secret("password", "password"),
                    secret("url", "uri"),
                ],
            }
        }
        Target::Cache(index) => {
            let cache = service.caches.get(index)?;
            let address = tracer.derive(CACHE_PORT, (&cache.host,), |(h,)| format!("{h}:6379").into());
            let url = tracer.derive(ENV_COMPOSED, (&address, &cache.engine), |(a, engine)| match engine {
                // both engines speak the same protocol; clients know it by this scheme
                CacheEngine::Redis | CacheEngine::Valkey => format!("redis://{a}/0").into(),
            });
            Outputs {
                prefix: format!("CACHE_{}_", upper(cache.name.get())),
                folder: None,
                all: vec![
                    ("host".into(), text(cache.host.clone())),
                    ("port".into(), text(rule(CACHE_PORT, "6379"))),
                    ("address".into(), text(address)),
                    ("url".into(), text(url)),
                ],
            }
        }
        Target::External(index) => {
            let external = service.externals.get(index)?;
            let mut all = vec![
                ("url".into(), text(super::text_of(&external.url))),
                ("host".into(), text(external.url.map(|u| Text::from(u.host().to_owned())))),
                ("timeout_ms".into(), text(external.timeout.map(|t| Text::from(t.millis().to_string())))),
            ];
            all.extend(secret_keys(&external.credentials));
            let folder = (!external.credentials.keys.is_empty())
                .then(|| Text::from(format!("externals-{}", external.name.get())));
            Outputs { prefix: format!("{}_", upper(external.name.get())), folder, all }
        }
        Target::Secret(index) => {
            let secret = service.secrets.get(index)?;
            Outputs {
                prefix: format!("{}_", upper(secret.name.get())),
                folder: Some(format!("secrets-{}", secret.name.get()).into()),
                all: secret_keys(secret).collect(),
            }
        }
        Target::Workload(id) => {
            let service = services.get(id.service)?;
            let workload = service.workloads.get(id.workload)?;
            workload_outputs(service, workload, tracer)
        }
    })
}

fn workload_outputs(service: &Service, workload: &Workload, tracer: &Tracer) -> Outputs {
    let prefix = format!("{}_{}_", upper(service.name.get()), upper(workload.name.get()));
    let Some(port) = workload.service_ports().next() else {
        return Outputs { prefix, folder: None, all: Vec::new() };
    };
    let number = port.service_port.map(|p| Text::from(p.to_string()));
    let address = tracer.derive(ENV_COMPOSED, (&workload.host, &number), |(h, p)| format!("{h}:{p}").into());
    let url = tracer.derive(ENV_COMPOSED, (&workload.host, &number), |(h, p)| match p.as_str() {
        "80" => format!("http://{h}").into(),
        p => format!("http://{h}:{p}").into(),
    });
    let mut all = vec![
        ("host".into(), text(workload.host.clone())),
        ("port".into(), text(number)),
        ("address".into(), text(address)),
        ("url".into(), text(url)),
    ];
    // further ports: `<name>_port` and `<name>_address`
    for port in workload.service_ports().skip(1) {
        let number = port.service_port.map(|p| Text::from(p.to_string()));
        let address =
            tracer.derive(ENV_COMPOSED, (&workload.host, &number), |(h, p)| format!("{h}:{p}").into());
        all.push((format!("{}_port", port.name.get()).into(), text(number)));
        all.push((format!("{}_address", port.name.get()).into(), text(address)));
    }
    Outputs { prefix, folder: None, all }
}
