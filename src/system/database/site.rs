//! A database with a cluster in each of two environments, of which one takes writes and the other follows it through the
//! object store.
//!
//! What an environment must know of the other is written in its own files: the other's own are not read, so that it
//! compiles to the same with or without it. Where both are there, a check compares them.

use crate::origin::{Origin, SITE, SITE_STORE, SITE_WAITS, Traced, Tracer};
use crate::spec::database as spec;
use crate::system::{Context, Place, Service, Target, names, text_of};
use crate::text::Text;
use crate::value::{BucketUrl, Name, Url};

use super::{Database, restored};

/// The other site of a database.
#[derive(Clone, Debug)]
pub struct Site {
    /// why it is known
    pub because: Origin,
    /// whether the cluster here follows the one there
    pub follows: bool,
    /// this environment, which is the name of the cluster here in the topology
    pub own: Traced<Text>,
    /// the environment of the cluster there, which is its name in the topology
    pub env: Traced<Text>,
    /// namespace of the cluster there
    pub namespace: Traced<Text>,
    /// name of the cluster there
    pub cluster: Traced<Text>,
    /// the object store there
    pub store: Traced<Text>,
    /// where that cluster archives its log
    pub path: Traced<Text>,
    /// address of its store, where it is not Amazon's
    pub endpoint: Option<Traced<Url>>,
    /// name of the object for that folder
    pub object: Traced<Text>,
    /// what the cluster there gave when it was demoted
    pub token: Option<Traced<Text>>,
}

/// What both tables have.
struct Written<'a> {
    because: Origin,
    follows: bool,
    env: &'a Traced<Name>,
    store: &'a Traced<BucketUrl>,
    endpoint: Option<&'a Traced<Url>>,
    namespace: Option<&'a Traced<Name>>,
    cluster: Option<&'a Traced<Name>>,
    token: Option<Traced<Text>>,
}

impl<'a> Written<'a> {
    /// The table that counts; both together are a check's finding.
    fn of(table: &'a spec::Database) -> Option<Written<'a>> {
        let follows = table.replica_of.as_ref().map(|there| Written {
            because: Origin::spec(there.at),
            follows: true,
            env: &there.env,
            store: &there.store,
            endpoint: there.endpoint.as_ref(),
            namespace: there.namespace.as_ref(),
            cluster: there.cluster.as_ref(),
            token: None,
        });
        let leads = || {
            table.standby.as_ref().map(|there| Written {
                because: Origin::spec(there.at),
                follows: false,
                env: &there.env,
                store: &there.store,
                endpoint: there.endpoint.as_ref(),
                namespace: there.namespace.as_ref(),
                cluster: there.cluster.as_ref(),
                token: there
                    .token
                    .as_ref()
                    .map(|token| token.map(|token| Text::from(token.as_str().to_owned()))),
            })
        };
        follows.or_else(leads)
    }
}

/// Why the database has another site or not.
pub(super) fn because(table: &spec::Database) -> Origin {
    Written::of(table).map_or(Origin::spec(table.at), |written| written.because)
}

/// What the table says.
pub(super) fn resolve(
    table: &spec::Database,
    place: &Place<'_>,
    name: &Traced<Text>,
    context: &Context<'_>,
) -> Option<Site> {
    let tracer = context.tracer;
    let written = Written::of(table)?;
    let env = text_of(written.env);
    let namespace = written.namespace.map_or_else(|| place.namespace.clone(), text_of);
    let cluster = written.cluster.map_or_else(|| names::database(place.service, name, tracer), text_of);
    let store = text_of(written.store);
    Some(Site {
        path: restored::path_in(&store, (&env, &namespace), &cluster, tracer),
        store,
        object: object(&cluster, &env, tracer),
        because: written.because,
        follows: written.follows,
        own: place.environment.clone(),
        endpoint: written.endpoint.cloned(),
        token: written.token,
        env,
        namespace,
        cluster,
    })
}

/// `<cluster>-in-<environment>`.
fn object(cluster: &Traced<Text>, env: &Traced<Text>, tracer: &Tracer) -> Traced<Text> {
    tracer.derive(SITE_STORE, (cluster, env), |(cluster, env)| format!("{cluster}-in-{env}").into())
}

impl Site {
    /// The environment whose cluster takes writes, as far as this one knows.
    pub fn primary(&self, tracer: &Tracer) -> Traced<Text> {
        let name = if self.follows { &self.env } else { &self.own };
        Traced::because(name.get().clone(), tracer.because(SITE, &[self.because, name.origin()]))
    }
}

impl Database {
    /// Why the database takes no writes here, if it does not.
    pub fn follows(&self) -> Option<Origin> {
        self.site.as_ref().filter(|site| site.follows).map(|site| site.because)
    }
}

/// Makes whoever uses a database that only follows wait until it takes writes: there is nothing to log in to, since the
/// passwords in it are those of the other site.
///
/// What is counted and checked stays as if all ran, so that nothing is found out on the day of the promotion.
pub(in crate::system) fn hold(services: &mut [Service], tracer: &Tracer) {
    for service in services {
        for workload in &mut service.workloads {
            let mut why = Vec::new();
            for edge in &workload.edges {
                let Some(Target::Database(index)) = edge.target else { continue };
                let follows = service.databases.get(index).and_then(Database::follows);
                why.extend(follows.into_iter().flat_map(|follows| [follows, edge.written.origin()]));
            }
            let asked = service.databases.iter().filter(|database| workload.is_scaled_by(database));
            why.extend(asked.filter_map(Database::follows));
            workload.waits = (!why.is_empty()).then(|| tracer.because(SITE_WAITS, &why));
        }
    }
}
