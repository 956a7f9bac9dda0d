//! Passwords of a database in a store of their own: a PushSecret for each Secret that an operator makes, and what brings them
//! back before the backups are restored.
//!
//! Sources: External Secrets 2.9, "PushSecret", and its controller, which makes a Secret with `refreshPolicy: CreatedOnce`
//! once and again only when somebody changes it; CloudNativePG 1.30, which leaves `<cluster>-app` as it is when the Secret
//! is there before the cluster, and gives its password to the owner.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::roles;
use crate::bundle::{Bundle, Scope};
use crate::k8s::{
    CreationPolicy, DeletionPolicy, EngineVersion, ExternalSecret, ExternalSecretSpec, NameOf, PushData,
    PushDeletionPolicy, PushMatch, PushRemoteRef, PushSecret, PushSecretSpec, PushSelector, PushUpdatePolicy,
    RefreshPolicy, RemoteRef, SecretData, SecretRef, SecretStoreKind, SecretStoreRef, SecretTarget,
    SecretTemplate, TemplateMetadata,
};
use crate::lower::Cx;
use crate::lower::labels::Identity;
use crate::origin::{Origin, SECRET_KEPT, SECRET_PUSH, SECRET_PUT_BACK, Traced, rule};
use crate::system::database::{Kept, Made, Role};
use crate::system::{Database, Service};
use crate::text::Text;
use crate::walk::{Items, Maybe};

/// What of each Secret is kept; all else in it follows from these.
const KEYS: [&str; 2] = ["password", "username"];

pub(super) fn lower(cx: &Cx<'_>, service: &Service, database: &Database, scope: &Scope, bundle: &mut Bundle) {
    for made in database.made_secrets() {
        let mut why = vec![database.because, database.kept_because];
        let role = made.account.and_then(|account| account.role.as_ref());
        why.extend(made.account.map(|account| account.because));
        why.extend(role.map(|role| role.certificate_because));
        let because = cx.tracer.because(SECRET_KEPT, &why);
        match &database.kept {
            Some(kept) => {
                let object = push(cx, service, database, kept, &made, because);
                bundle.push_as(scope, Some(made.part), object);
            }
            None => {
                bundle.leave_out_as(scope, "PushSecret", Some(made.part), made.secret.get(), because);
            }
        }
    }
    for account in database.accounts.iter().filter(|account| !account.has_own_password()) {
        let mut why = vec![database.because, account.because];
        why.extend(account.role.as_ref().map(|role| role.certificate_because));
        let because = cx.tracer.because(SECRET_KEPT, &why);
        bundle.leave_out_as(scope, "PushSecret", Some(account.part()), account.object.get(), because);
    }
}

fn store(kept: &Kept) -> SecretStoreRef {
    SecretStoreRef {
        name: NameOf::of("ClusterSecretStore", &kept.store),
        kind: rule(SECRET_PUSH, SecretStoreKind::ClusterSecretStore),
    }
}

fn push(
    cx: &Cx<'_>,
    service: &Service,
    database: &Database,
    kept: &Kept,
    made: &Made<'_>,
    because: Origin,
) -> PushSecret {
    let mut data = Items::default();
    let remote = kept.remote(made.secret, cx.tracer);
    for key in KEYS {
        let remote_ref = PushRemoteRef { remote_key: remote.clone(), property: rule(SECRET_PUSH, key) };
        let matched = PushMatch { secret_key: rule(SECRET_PUSH, key), remote_ref };
        data.push(key, Origin::rule(SECRET_PUSH), PushData { matched });
    }
    PushSecret {
        because,
        metadata: Identity::new(cx, service, made.secret, &database.name).metadata(),
        spec: PushSecretSpec {
            refresh_interval: rule(SECRET_PUSH, "1h"),
            update_policy: rule(SECRET_PUSH, PushUpdatePolicy::Replace),
            deletion_policy: rule(SECRET_PUSH, PushDeletionPolicy::None),
            secret_store_refs: Items::one("store", kept.store.origin(), store(kept)),
            selector: PushSelector { secret: SecretRef { name: NameOf::of("Secret", made.secret) } },
            data,
        },
    }
}

/// What makes the Secrets of `restored` with the passwords that `database` has in the store.
pub(in crate::lower) fn put_back(
    cx: &Cx<'_>,
    service: &Service,
    database: &Database,
    restored: &Database,
    bundle: &mut Bundle,
) {
    let Some(kept) = &database.kept else { return };
    let noun = Text::from(format!("databases-{}", database.stack.get()));
    let scope = Scope::Service { service: service.name.get().clone(), noun };
    let because = restored.restored_because;
    for made in database.made_secrets() {
        let name = restored.made_secret(&made.part, cx.tracer);
        let identity = Identity::new(cx, service, &name, &database.name);
        let own = made.account.and_then(|account| Some((account, account.role.as_ref()?)));
        let mut object = match own {
            Some((account, role)) => {
                let role = Role { host: moved(&role.host, database, restored), ..role.clone() };
                roles::secret(cx, database, account, &role, &identity, because)
            }
            None => of_owner(database, &identity, because),
        };
        let remote_ref = RemoteRef {
            key: kept.remote(made.secret, cx.tracer),
            property: Some(rule(SECRET_PUT_BACK, "password")),
        };
        let entry = SecretData { secret_key: rule(SECRET_PUT_BACK, "password"), remote_ref };
        object.spec.target.name = name;
        object.spec.secret_store_ref = Some(store(kept));
        object.spec.data = Items::one("password", Origin::rule(SECRET_PUT_BACK), entry);
        object.spec.data_from = Items::default();
        bundle.push_as(&scope, Some(made.part), object);
    }
}

/// The same host of the cluster that takes the database's place: hosts begin with the cluster's name.
fn moved(host: &Traced<Text>, database: &Database, restored: &Database) -> Traced<Text> {
    let rest = host.get().strip_prefix(database.object.get().as_str());
    let host_of = |rest: &str| Text::from(format!("{}{rest}", restored.object.get()));
    Traced::because(rest.map_or_else(|| host.get().clone(), host_of), restored.restored_because)
}

/// The owner's Secret: it stays when what made it is taken away, since the operator of the database knows of it.
fn of_owner(database: &Database, identity: &Identity, because: Origin) -> ExternalSecret {
    let reload = BTreeMap::from([(Text::Literal("cnpg.io/reload"), rule(SECRET_PUT_BACK, "true"))]);
    let template = SecretTemplate {
        kind: Some(rule(SECRET_PUT_BACK, "kubernetes.io/basic-auth")),
        engine_version: Some(rule(SECRET_PUT_BACK, EngineVersion::V2)),
        metadata: Some(TemplateMetadata { labels: Arc::new(reload), annotations: BTreeMap::new() }),
        data: BTreeMap::from([
            (Text::Literal("password"), rule(SECRET_PUT_BACK, "{{ .password }}")),
            (Text::Literal("username"), database.database.clone()),
        ]),
    };
    ExternalSecret {
        because,
        metadata: identity.metadata(),
        spec: ExternalSecretSpec {
            refresh_policy: Some(rule(SECRET_PUT_BACK, RefreshPolicy::CreatedOnce)),
            refresh_interval: None,
            secret_store_ref: None,
            target: SecretTarget {
                name: identity.name.clone(),
                creation_policy: rule(SECRET_PUT_BACK, CreationPolicy::Orphan),
                deletion_policy: rule(SECRET_PUT_BACK, DeletionPolicy::Retain),
                template: Maybe::some(Origin::rule(SECRET_PUT_BACK), template),
            },
            data: Items::default(),
            data_from: Items::default(),
        },
    }
}
