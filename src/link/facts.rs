//! What exists without being emitted: facts about the platform, and what operators make from emitted objects.
//!
//! Sources: CloudNativePG docs, "Applications" (Secrets and Services of a Cluster), "Certificates"
//! (`<cluster>-ca`) and "Client Certificate Generation" (`<role>-client-cert`); External Secrets API, `spec.target`;
//! cert-manager docs, "Annotated Gateway and ListenerSet resources".

use crate::k8s::Object;
use crate::system::Platform;
use crate::text::Text;

/// Something that an operator makes.
pub(super) struct Made {
    pub(super) kind: &'static str,
    pub(super) name: Text,
    /// for a Secret its keys
    pub(super) keys: Vec<Text>,
}

/// Kind and name of what the platform declares to have.
pub(super) fn of_platform(platform: &Platform) -> Vec<(&'static str, Text)> {
    let mut facts = Vec::new();
    facts.extend(platform.priority_class.iter().map(|name| ("PriorityClass", name.get().clone())));
    let stores = platform.secret_store.iter().chain(&platform.secret_backup_store);
    facts.extend(stores.map(|name| ("ClusterSecretStore", name.get().clone())));
    facts.extend(platform.gateway.iter().map(|g| ("Gateway", Text::from(g.get().name().to_owned()))));
    facts
}

/// Keys of the Secret that CloudNativePG makes for the application.
const APP_SECRET_KEYS: &[&str] = &[
    "dbname",
    "fqdn-jdbc-uri",
    "fqdn-uri",
    "host",
    "jdbc-uri",
    "password",
    "pgpass",
    "port",
    "uri",
    "user",
    "username",
];

/// A Secret with a certificate: of cert-manager, and of an account of a database.
fn certificate(name: Text) -> Made {
    Made { kind: "Secret", name, keys: vec!["tls.crt".into(), "tls.key".into()] }
}

/// What an operator makes from the object.
pub(super) fn made_from(object: &Object) -> Vec<Made> {
    let name = object.metadata().name.get();
    match object {
        Object::ExternalSecret(secret) => {
            let fetched = secret.spec.data.iter().map(|d| d.value.secret_key.get().clone());
            let template = secret.spec.target.template.get();
            let written = template.into_iter().flat_map(|template| template.data.keys().cloned());
            let keys = fetched.chain(written).collect();
            vec![Made { kind: "Secret", name: secret.spec.target.name.get().clone(), keys }]
        }
        // asked by the ExternalSecret of the same name
        Object::Password(password) if !password.spec.secret_keys.is_empty() => {
            let keys = password.spec.secret_keys.iter().map(|key| key.value.get().clone()).collect();
            vec![Made { kind: "Secret", name: name.clone(), keys }]
        }
        Object::Cluster(_) => {
            let keys = APP_SECRET_KEYS.iter().map(|key| Text::Literal(key)).collect();
            let authority = vec!["ca.crt".into(), "ca.key".into()];
            let mut made = vec![
                Made { kind: "Secret", name: format!("{name}-app").into(), keys },
                Made { kind: "Secret", name: format!("{name}-ca").into(), keys: authority },
            ];
            for suffix in ["rw", "ro", "r"] {
                made.push(Made {
                    kind: "Service",
                    name: format!("{name}-{suffix}").into(),
                    keys: Vec::new(),
                });
            }
            made
        }
        Object::DatabaseRole(role) if role.spec.client_certificate.get().is_some() => {
            vec![certificate(format!("{name}-client-cert").into())]
        }
        Object::Pooler(_) => vec![Made { kind: "Service", name: name.clone(), keys: Vec::new() }],
        Object::ListenerSet(set)
            if set.metadata.annotations.contains_key("cert-manager.io/cluster-issuer") =>
        {
            let listeners = set.spec.listeners.iter();
            let certificates =
                listeners.filter_map(|l| l.value.tls.as_ref()).flat_map(|tls| tls.certificate_refs.iter());
            certificates.map(|c| certificate(c.value.name.get().name.clone())).collect()
        }
        Object::Ingress(ingress)
            if ingress.metadata.annotations.contains_key("cert-manager.io/cluster-issuer") =>
        {
            let names = ingress.spec.tls.iter().map(|tls| tls.value.secret_name.get());
            names.filter(|name| !name.is_foreign()).map(|name| certificate(name.name.clone())).collect()
        }
        _ => Vec::new(),
    }
}
