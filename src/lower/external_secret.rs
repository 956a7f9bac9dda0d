//! Secrets of the platform's store: an ExternalSecret that makes a Secret of the same name.

use super::Cx;
use super::labels::Identity;
use crate::bundle::{Bundle, Scope};
use crate::k8s::{
    CreationPolicy, DeletionPolicy, ExternalSecret, ExternalSecretSpec, NameOf, RefreshPolicy, RemoteRef,
    SecretData, SecretStoreKind, SecretStoreRef, SecretTarget,
};
use crate::origin::{KIND, Origin, SECRET_REFRESH, Traced, rule};
use crate::system::{SecretSource, Service};
use crate::text::Text;
use crate::walk::{Items, Maybe};

pub(super) fn lower(
    cx: &Cx<'_>,
    service: &Service,
    source: &SecretSource,
    noun: &'static str,
    bundle: &mut Bundle,
) {
    let scope = Scope::Service {
        service: service.name.get().clone(),
        noun: Text::from(format!("{noun}-{}", source.name.get())),
    };
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
                refresh_interval: Some(rule(SECRET_REFRESH, "1h")),
                secret_store_ref: Some(SecretStoreRef {
                    name: NameOf::of("ClusterSecretStore", store),
                    kind: rule(KIND, SecretStoreKind::ClusterSecretStore),
                }),
                target: SecretTarget {
                    name: Traced::because(source.object.get().clone(), source.object.origin()),
                    creation_policy: rule(SECRET_REFRESH, CreationPolicy::Owner),
                    deletion_policy: rule(SECRET_REFRESH, DeletionPolicy::Retain),
                    template: Maybe::none(Origin::rule(SECRET_REFRESH)),
                },
                data,
                data_from: Items::default(),
            },
        },
    );
}
