//! Accounts of a database: a `DatabaseRole` for each, with a password that External Secrets makes and nobody has to know;
//! and what else is in the database.
//!
//! Sources: CloudNativePG 1.30, "PostgreSQL Role management" and "PostgreSQL Database management"; External Secrets,
//! "Generators". The label `cnpg.io/reload` makes the operator see a new password.

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::bundle::{Bundle, Scope};
use crate::k8s::{
    ClientCertificate, ClusterRef, CreationPolicy, DataFrom, Database as DatabaseObject, DatabaseRole,
    DatabaseRoleSpec, DatabaseSpec, DeletionPolicy, EngineVersion, ExtensionSpec, ExternalSecret,
    ExternalSecretSpec, GeneratorKind, GeneratorRef, NameOf, Password, PasswordSpec, ReclaimPolicy,
    RefreshPolicy, SchemaSpec, SecretRef, SecretTarget, SecretTemplate, SourceRef, TemplateMetadata,
};
use crate::lower::labels::Identity;
use crate::lower::{Cx, amount};
use crate::origin::{
    DATABASE_CONTENT, DATABASE_GRANTS, DATABASE_NO_SUPERUSER, DATABASE_PASSWORD, DATABASE_ROLE, KIND, Origin,
    Traced, rule,
};
use crate::system::database::{Account, Role, User, membership, memberships};
use crate::system::outputs::certificates_folder;
use crate::system::variables::SECRETS_ROOT;
use crate::system::{Database, Service};
use crate::text::Text;
use crate::walk::{Items, Maybe};

/// The accounts that are not the owner's.
pub(super) fn lower(cx: &Cx<'_>, service: &Service, database: &Database, scope: &Scope, bundle: &mut Bundle) {
    let mut why = vec![database.because];
    let certificates = database.accounts.iter().filter_map(|account| account.role.as_ref());
    why.extend(database.accounts.iter().map(|account| account.because));
    why.extend(certificates.map(|role| role.certificate_because));
    let because = cx.tracer.because(DATABASE_PASSWORD, &why);
    if database.accounts.iter().any(Account::has_own_password) {
        let identity = Identity::new(cx, service, &database.object, &database.name);
        let generator = Password { because, metadata: identity.metadata(), spec: password() };
        bundle.push(scope, None, generator);
    } else {
        bundle.leave_out(scope, "Password", database.object.get(), because);
    }
    for account in &database.accounts {
        let because = cx.tracer.because(DATABASE_ROLE, &[database.because, account.because]);
        match &account.role {
            Some(role) => {
                let identity = Identity::new(cx, service, &account.object, &database.name);
                let password = cx.tracer.because(DATABASE_PASSWORD, &[because, role.certificate_because]);
                if role.certificate.is_none() {
                    let made = secret(cx, database, account, role, &identity, password);
                    bundle.push_as(scope, Some(account.part()), made);
                } else {
                    let (part, name) = (account.part(), account.object.get());
                    bundle.leave_out_as(scope, "ExternalSecret", Some(part), name, password);
                }
                bundle.push_as(
                    scope,
                    Some(account.part()),
                    object(database, account, role, &identity, because),
                );
            }
            None => {
                for kind in ["DatabaseRole", "ExternalSecret"] {
                    bundle.leave_out_as(scope, kind, Some(account.part()), account.object.get(), because);
                }
            }
        }
    }
}

/// Letters and digits alone, so that the password stands in a URL as it is.
fn password() -> PasswordSpec {
    PasswordSpec {
        length: rule(DATABASE_PASSWORD, 40u32),
        digits: rule(DATABASE_PASSWORD, 10u32),
        symbols: rule(DATABASE_PASSWORD, 0u32),
        no_upper: rule(DATABASE_PASSWORD, false),
        allow_repeat: rule(DATABASE_PASSWORD, true),
        encoding: None,
        secret_keys: Items::default(),
    }
}

pub(super) fn secret(
    cx: &Cx<'_>,
    database: &Database,
    account: &Account,
    role: &Role,
    identity: &Identity,
    because: Origin,
) -> ExternalSecret {
    // KEDA reads its address as well, and has no folder of certificates
    let checks = match &account.user {
        User::Scaler => rule(DATABASE_PASSWORD, "sslmode=require"),
        User::Workload(_) => role.known_as.map(|name| {
            let authority = format!("{SECRETS_ROOT}/{}/ca.crt", certificates_folder(name));
            Text::from(format!("sslmode=verify-full&sslrootcert={authority}"))
        }),
    };
    let inputs = (&role.name, &role.host, &database.database, &checks);
    let url = cx.tracer.derive(DATABASE_PASSWORD, inputs, |(user, host, database, checks)| {
        Text::from(format!("postgresql://{user}:{{{{ .password }}}}@{host}:5432/{database}?{checks}"))
    });
    let data = BTreeMap::from([
        (Text::Literal("password"), rule(DATABASE_PASSWORD, "{{ .password }}")),
        (Text::Literal("uri"), url),
        (Text::Literal("username"), role.name.clone()),
    ]);
    let reload = BTreeMap::from([(Text::Literal("cnpg.io/reload"), rule(DATABASE_PASSWORD, "true"))]);
    let template = SecretTemplate {
        kind: Some(rule(DATABASE_PASSWORD, "kubernetes.io/basic-auth")),
        engine_version: Some(rule(DATABASE_PASSWORD, EngineVersion::V2)),
        metadata: Some(TemplateMetadata { labels: Arc::new(reload), annotations: BTreeMap::new() }),
        data,
    };
    let generator = GeneratorRef {
        api_version: rule(DATABASE_PASSWORD, "generators.external-secrets.io/v1alpha1"),
        kind: rule(DATABASE_PASSWORD, GeneratorKind::Password),
        name: NameOf::of("Password", &database.object),
    };
    let from = DataFrom { source_ref: SourceRef { generator_ref: generator } };
    ExternalSecret {
        because,
        metadata: identity.metadata(),
        spec: ExternalSecretSpec {
            // each refresh would be another password
            refresh_policy: Some(rule(DATABASE_PASSWORD, RefreshPolicy::CreatedOnce)),
            refresh_interval: None,
            secret_store_ref: None,
            target: SecretTarget {
                name: account.object.clone(),
                creation_policy: rule(DATABASE_PASSWORD, CreationPolicy::Owner),
                deletion_policy: rule(DATABASE_PASSWORD, DeletionPolicy::Retain),
                template: Maybe::some(Origin::rule(DATABASE_PASSWORD), template),
            },
            data: Items::default(),
            data_from: Items::one("password", Origin::rule(DATABASE_PASSWORD), from),
        },
    }
}

fn object(
    database: &Database,
    account: &Account,
    role: &Role,
    identity: &Identity,
    because: Origin,
) -> DatabaseRole {
    let mut in_roles = Items::default();
    for name in memberships(*account.grants.get()) {
        in_roles.push(*name, account.grants.origin(), membership(name));
    }
    // what a narrower grant does not give is left out because of it
    for name in ["pg_read_all_data", "pg_write_all_data"] {
        if !memberships(*account.grants.get()).contains(&name) {
            in_roles.leave_out(name, account.grants.origin());
        }
    }
    let never = || rule(DATABASE_NO_SUPERUSER, false);
    let (by_password, why) = (role.certificate.is_none(), role.certificate_because);
    DatabaseRole {
        because,
        metadata: identity.metadata(),
        spec: DatabaseRoleSpec {
            cluster: ClusterRef { name: NameOf::of("Cluster", &database.object) },
            name: role.name.clone(),
            login: rule(DATABASE_ROLE, true),
            inherit: rule(DATABASE_GRANTS, true),
            superuser: never(),
            createdb: never(),
            createrole: never(),
            replication: never(),
            bypassrls: never(),
            connection_limit: role.limit,
            in_roles,
            password_secret: Maybe::from_option(
                why,
                by_password.then(|| SecretRef { name: NameOf::of("Secret", &account.secret) }),
            ),
            disable_password: Maybe::from_option(why, (!by_password).then(|| Traced::because(true, why))),
            client_certificate: Maybe::from_option(
                why,
                (!by_password).then(|| ClientCertificate { enabled: Traced::because(true, why) }),
            ),
            database_role_reclaim_policy: rule(DATABASE_ROLE, ReclaimPolicy::Retain),
        },
    }
}

/// Schemas and extensions, if any are listed.
pub(super) fn content(
    cx: &Cx<'_>,
    database: &Database,
    identity: &Identity,
    scope: &Scope,
    bundle: &mut Bundle,
) {
    let listed = [database.schemas.at, database.extensions.at].into_iter().flatten().map(Origin::spec);
    let why: Vec<Origin> = std::iter::once(database.because).chain(listed).collect();
    let because = cx.tracer.because(KIND, &why);
    if database.schemas.is_empty() && database.extensions.is_empty() {
        return bundle.leave_out(scope, "Database", database.object.get(), because);
    }
    let (mut schemas, mut extensions) = (Items::default(), Items::default());
    for name in &database.schemas {
        let schema = SchemaSpec { name: amount(name), owner: database.database.clone() };
        schemas.push(amount(name).get().clone(), name.origin(), schema);
    }
    for name in &database.extensions {
        extensions.push(amount(name).get().clone(), name.origin(), ExtensionSpec { name: amount(name) });
    }
    let object = DatabaseObject {
        because,
        metadata: identity.metadata(),
        spec: DatabaseSpec {
            cluster: ClusterRef { name: NameOf::of("Cluster", &database.object) },
            name: database.database.clone(),
            owner: database.database.clone(),
            database_reclaim_policy: rule(DATABASE_CONTENT, ReclaimPolicy::Retain),
            schemas,
            extensions,
        },
    };
    bundle.push(scope, None, object);
}

/// Where KEDA finds how to log in: the Secret and the key that holds the whole address.
pub(in crate::lower) fn scaler_secret(database: &Database) -> (Traced<NameOf>, Traced<Text>) {
    let account = database.scaler();
    let secret = account.map_or(&database.secret, |account| &account.secret);
    let is_own = account.is_some_and(|account| account.role.is_some());
    // the operator's key with the full host name, since KEDA lives elsewhere
    let key = if is_own { "uri" } else { "fqdn-uri" };
    (NameOf::of("Secret", secret), Traced::because(Text::Literal(key), secret.origin()))
}
