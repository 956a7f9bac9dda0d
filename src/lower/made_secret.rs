//! A secret that is made in the cluster: a generator, and an ExternalSecret that asks it once.
//!
//! Source: External Secrets, "Generators" and API `PasswordSpec`: each of `secretKeys` gets a value of its own;
//! `refreshPolicy: CreatedOnce`, since each refresh would be another value.

use super::Cx;
use super::labels::Identity;
use crate::bundle::{Bundle, Scope};
use crate::k8s::{
    CreationPolicy, DataFrom, DeletionPolicy, ExternalSecret, ExternalSecretSpec, GeneratorKind,
    GeneratorRef, NameOf, Password, PasswordEncoding, PasswordSpec, RefreshPolicy, SecretTarget, SourceRef,
};
use crate::origin::{Origin, SECRET_MADE, Traced, rule};
use crate::spec::generate::Encoding;
use crate::system::stores::Made;
use crate::system::{SecretSource, Service, text_of};
use crate::walk::{Items, Maybe};

pub(super) fn lower(
    cx: &Cx<'_>,
    service: &Service,
    source: &SecretSource,
    made: &Made,
    scope: &Scope,
    bundle: &mut Bundle,
) {
    let because = cx.tracer.because(SECRET_MADE, &[source.because, Origin::spec(made.at)]);
    let identity = Identity::new(cx, service, &source.object, &source.name);
    let generator = Password { because, metadata: identity.metadata(), spec: password(source, made) };
    bundle.push(scope, None, generator);
    let generator = GeneratorRef {
        api_version: rule(SECRET_MADE, "generators.external-secrets.io/v1alpha1"),
        kind: rule(SECRET_MADE, GeneratorKind::Password),
        name: NameOf::of("Password", &source.object),
    };
    let from = DataFrom { source_ref: SourceRef { generator_ref: generator } };
    let secret = ExternalSecret {
        because,
        metadata: identity.metadata(),
        spec: ExternalSecretSpec {
            refresh_policy: Some(Traced::because(RefreshPolicy::CreatedOnce, because)),
            refresh_interval: None,
            secret_store_ref: None,
            target: SecretTarget {
                name: Traced::because(source.object.get().clone(), source.object.origin()),
                creation_policy: rule(SECRET_MADE, CreationPolicy::Owner),
                deletion_policy: rule(SECRET_MADE, DeletionPolicy::Retain),
                template: Maybe::none(because),
            },
            data: Items::default(),
            data_from: Items::one("password", because, from),
        },
    };
    bundle.push(scope, None, secret);
}

fn password(source: &SecretSource, made: &Made) -> PasswordSpec {
    let mut secret_keys = Items::default();
    for key in source.keys.iter().map(text_of) {
        secret_keys.push(key.get().clone(), key.origin(), key);
    }
    PasswordSpec {
        length: made.length,
        digits: made.digits,
        symbols: made.symbols,
        no_upper: rule(SECRET_MADE, false),
        allow_repeat: rule(SECRET_MADE, true),
        encoding: made.encoding.map(|encoding| {
            encoding.map(|encoding| match encoding {
                Encoding::Raw => PasswordEncoding::Raw,
                Encoding::Base64 => PasswordEncoding::Base64,
                Encoding::Base64Url => PasswordEncoding::Base64Url,
                Encoding::Hex => PasswordEncoding::Hex,
            })
        }),
        secret_keys,
    }
}
