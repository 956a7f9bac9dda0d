//! Secrets of the platform's store: an ExternalSecret that makes a Secret of the same name.

use std::collections::{BTreeMap, BTreeSet};

use super::Cx;
use super::labels::Identity;
use crate::bundle::{Bundle, Scope};
use crate::k8s::{
    CreationPolicy, DeletionPolicy, EngineVersion, ExternalSecret, ExternalSecretSpec, Metadata, NameOf,
    RefreshPolicy, RemoteRef, SecretData, SecretStoreKind, SecretStoreRef, SecretTarget, SecretTemplate,
};
use crate::origin::{KIND, SECRET_MADE, SECRET_REFRESH, SECRET_RELOAD, SECRET_TEMPLATE, Traced, rule};
use crate::spec::platform::AddOn;
use crate::system::{SecretSource, Service, VariableValue, Workload};
use crate::text::Text;
use crate::walk::{Items, Maybe};

/// Rolls pods that read Secrets when these change, where Reloader watches (its docs, "Secret changes").
pub(super) fn reload(cx: &Cx<'_>, workload: &Workload, metadata: &mut Metadata) {
    let add_ons = &cx.platform().add_ons;
    let Some(reloader) = add_ons.iter().find(|add_on| *add_on.get() == AddOn::Reloader) else { return };
    let folders = workload.secret_folders.iter().map(|folder| (&folder.secret, folder.because));
    let variables = workload.variables.iter().filter_map(|variable| match &variable.value {
        VariableValue::Secret { secret, .. } => Some((secret, variable.because)),
        _ => None,
    });
    let (mut names, mut why) = (BTreeSet::new(), vec![reloader.origin()]);
    for (secret, because) in folders.chain(variables) {
        names.insert(secret.get().as_str());
        why.extend([secret.origin(), because]);
    }
    if !names.is_empty() {
        let names = names.into_iter().collect::<Vec<_>>().join(",");
        let because = cx.tracer.because(SECRET_RELOAD, &why);
        let key = Text::Literal("secret.reloader.stakater.com/reload");
        metadata.annotations.insert(key, Traced::because(names.into(), because));
    }
}

/// The Secret of some keys; `setting` is a further key, made of them by a template.
pub(super) fn lower(
    cx: &Cx<'_>,
    service: &Service,
    source: &SecretSource,
    noun: &'static str,
    setting: Option<(Text, Traced<Text>)>,
    bundle: &mut Bundle,
) {
    let scope = Scope::Service {
        service: service.name.get().clone(),
        noun: Text::from(format!("{noun}-{}", source.name.get())),
    };
    if let Some(made) = &source.made {
        return super::made_secret::lower(cx, service, source, made, &scope, bundle);
    }
    if noun == "secrets" {
        let because = cx.tracer.because(SECRET_MADE, &[source.because]);
        bundle.leave_out(&scope, "Password", source.object.get(), because);
    }
    let Some(store) = cx.platform().secret_store.as_ref().filter(|_| !source.keys.is_empty()) else {
        let because = cx.tracer.because(KIND, &[source.because, cx.platform().origin]);
        return bundle.leave_out(&scope, "ExternalSecret", source.object.get(), because);
    };
    let identity = Identity::new(cx, service, &source.object, &source.name);
    let mut data = Items::default();
    for key in &source.keys {
        let key = crate::system::text_of(key);
        let entry = SecretData {
            remote_ref: RemoteRef { key: source.remote.clone(), property: Some(key.clone()) },
            secret_key: key.clone(),
        };
        data.push(key.get().clone(), key.origin(), entry);
    }
    bundle.push(
        &scope,
        None,
        ExternalSecret {
            because: cx.tracer.because(KIND, &[source.because, store.origin()]),
            metadata: identity.metadata(),
            spec: ExternalSecretSpec {
                refresh_policy: Some(rule(SECRET_REFRESH, RefreshPolicy::Periodic)),
                refresh_interval: Some(source.refresh.map_or_else(
                    || rule(SECRET_REFRESH, "1h"),
                    |refresh| refresh.map(|refresh| Text::from(refresh.go_text())),
                )),
                secret_store_ref: Some(SecretStoreRef {
                    name: NameOf::of("ClusterSecretStore", store),
                    kind: rule(KIND, SecretStoreKind::ClusterSecretStore),
                }),
                target: SecretTarget {
                    name: Traced::because(source.object.get().clone(), source.object.origin()),
                    creation_policy: rule(SECRET_REFRESH, CreationPolicy::Owner),
                    deletion_policy: rule(SECRET_REFRESH, DeletionPolicy::Retain),
                    template: template(cx, source, setting),
                },
                data,
                data_from: Items::default(),
            },
        },
    );
}

/// A template replaces the keys as they come from the store, so it repeats them.
fn template(
    cx: &Cx<'_>,
    source: &SecretSource,
    setting: Option<(Text, Traced<Text>)>,
) -> Maybe<SecretTemplate> {
    let because = cx.tracer.because(SECRET_TEMPLATE, &[source.because]);
    let Some((name, text)) = setting else { return Maybe::none(because) };
    let mut data = BTreeMap::from([(name, text)]);
    for key in &source.keys {
        let key = crate::system::text_of(key);
        let value = Traced::because(format!("{{{{ .{} }}}}", key.get()).into(), key.origin());
        data.insert(key.get().clone(), value);
    }
    let engine_version = Some(rule(SECRET_TEMPLATE, EngineVersion::V2));
    Maybe::some(because, SecretTemplate { kind: None, engine_version, metadata: None, data })
}
