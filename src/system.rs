//! STAGE 3b: all services of one environment, with defaults filled in and names turned into typed references.
//!
//! Resolving takes no sink and cannot fail: what does not resolve stays `None` beside the place that asked for it, and a
//! check reports it. Lowering runs only when no check found an error, so it never meets a `None` that matters.
//!
//! Defaults come last and are named rules with their own origin: a service's value, else the environment's
//! `[defaults]`, else the project's, else the tier's. Knows nothing of Kubernetes objects, only of what they will be called
//! ([`names`]) and of what others reach them by ([`outputs`]).

pub mod cache;
pub mod database;
pub mod edges;
pub mod external;
pub mod image;
pub mod managed;
pub mod manifest;
pub mod mesh;
pub mod names;
pub mod outputs;
pub mod patch;
pub mod patience;
pub mod platform;
pub mod protection;
pub mod queue;
pub mod rehearsal;
mod shard_map;
pub mod stores;
pub mod variables;
pub mod workload;

use crate::attach::Attached;
use crate::node::Node;
use crate::origin::{DEFAULT_NAMESPACE, NodeId, Origin, SELECTED, Traced, Tracer};
use crate::spec::decode::Map;
use crate::spec::environment::{Defaults, EnvironmentFile, Tier};
use crate::spec::images::ImagesFile;
use crate::spec::project::ProjectFile;
use crate::spec::service::ServiceFile;
use crate::text::Text;
use crate::value::Value;

pub use cache::{Cache, CacheServer};
pub use database::{Backup, Database, Pool, Sharded, Synchronous};
pub use edges::{Caller, Edge, Target, WorkloadId};
pub use external::{External, Way};
pub use image::{Image, Unresolved};
pub use managed::Managed;
pub use manifest::Manifests;
pub use patch::Patch;
pub use platform::{Peer, Platform};
pub use queue::Queue;
pub use stores::SecretSource;
pub use variables::{Variable, VariableValue};
pub use workload::{
    Container, Health, Migration, Mount, Port, Question, Replicas, Targets, Timing, Volume, Word, Workload,
};

/// One environment of a project, resolved.
#[derive(Debug)]
pub struct System {
    /// the project file
    pub project: ProjectFile,
    /// the system's name
    pub name: Traced<Text>,
    /// the environment
    pub environment: Environment,
    /// the services that run here, sorted by name
    pub services: Vec<Service>,
    /// names of services that the project has and this environment does not run
    pub left_out: Vec<Text>,
}

/// The environment itself.
#[derive(Debug)]
pub struct Environment {
    /// its folder's name
    pub name: Text,
    /// its file
    pub file: EnvironmentFile,
    /// what it is for
    pub tier: Traced<Tier>,
    /// facts about its cluster
    pub platform: Platform,
    /// name of what copies its manifests, in a namespace that other systems share
    pub copies: Traced<Text>,
    /// tags and digests
    pub images: Option<ImagesFile>,
    /// where its `images.lock` is or would be, relative to the project's root
    pub images_path: String,
}

/// One service of the environment.
#[derive(Debug)]
pub struct Service {
    /// the root of its merged file
    pub at: NodeId,
    /// its name, as the file says
    pub stem: Text,
    /// its name
    pub name: Traced<Text>,
    /// where its objects live
    pub namespace: Traced<Text>,
    /// why it runs here
    pub because: Origin,
    /// the team that answers for it
    pub owner: Option<Traced<Text>>,
    /// what was written
    pub file: ServiceFile,
    /// what runs, sorted by name
    pub workloads: Vec<Workload>,
    /// its databases, sorted by name; of one in shards each of them
    pub databases: Vec<Database>,
    /// which of its databases have shards, sorted by name
    pub sharded: Vec<Sharded>,
    /// databases that others run, sorted by name
    pub managed: Vec<Managed>,
    /// its caches, sorted by name
    pub caches: Vec<Cache>,
    /// brokers of messages that it uses, sorted by name
    pub queues: Vec<Queue>,
    /// services of others that it calls, sorted by name
    pub externals: Vec<External>,
    /// its secrets, sorted by name
    pub secrets: Vec<SecretSource>,
    /// objects that exist already and are taken along, sorted by name
    pub manifests: Vec<Manifests>,
    /// fields of its objects that are written by hand
    pub patches: Vec<Patch>,
}

/// What resolving starts from: the decoded files of one environment.
pub struct Decoded {
    /// the project file
    pub project: ProjectFile,
    /// the environment's name
    pub environment: Text,
    /// the environment's merged file
    pub file: EnvironmentFile,
    /// its image lock
    pub images: Option<ImagesFile>,
    /// where the image lock is or would be
    pub images_path: String,
    /// the files that the services name
    pub attached: Attached,
    /// file stem, root of the merged tree, and decoded file of each service of the project, sorted by stem
    pub services: Vec<(Text, NodeId, ServiceFile)>,
}

impl Decoded {
    /// The root's id of a merged service tree, for [`Decoded::services`].
    pub fn root(node: &Node) -> NodeId {
        node.id
    }
}

/// What every part needs to resolve itself.
pub(crate) struct Context<'a> {
    pub(crate) tracer: &'a Tracer,
    pub(crate) tier: &'a Traced<Tier>,
    pub(crate) environment: &'a EnvironmentFile,
    pub(crate) project: &'a ProjectFile,
    pub(crate) platform: &'a Platform,
    pub(crate) images: Option<&'a ImagesFile>,
    pub(crate) attached: &'a Attached,
}

impl Context<'_> {
    /// The first value that a `[defaults]` table has: the environment's before the project's.
    pub(crate) fn configured<T: Clone>(
        &self,
        read: impl Fn(&Defaults) -> Option<&Traced<T>>,
    ) -> Option<Traced<T>> {
        let own = self.environment.defaults.as_ref().and_then(&read);
        own.or_else(|| self.project.defaults.as_ref().and_then(&read)).cloned()
    }
}

impl System {
    /// Resolves an environment.
    pub fn resolve(decoded: Decoded, tracer: &Tracer) -> System {
        let Decoded { project, environment, file, images, images_path, attached, services } = decoded;
        let name = text_of(&project.project.name);
        let tier = file.tier;
        let platform = Platform::resolve(file.platform.as_ref(), &file.tier, tracer);
        let listed = |item: &&Traced<Text>| {
            item.get().trim_end_matches('/').rsplit('/').next() == Some(environment.as_str())
        };
        let list = &project.project.environments;
        let named = list.iter().find(listed).map_or(Origin::spec(project.project.at), Traced::origin);
        let named = Traced::because(environment.clone(), named);
        let selects = |stem: &Text| file.services.iter().find(|s| s.get().text() == stem.as_str());
        let context = Context {
            tracer,
            tier: &tier,
            environment: &file,
            project: &project,
            platform: &platform,
            images: images.as_ref(),
            attached: &attached,
        };
        let (mut running, mut left_out) = (Vec::new(), Vec::new());
        for (stem, at, service) in services {
            let selected = selects(&stem).map(Traced::origin);
            if selected.is_none() && file.services.at.is_some() {
                left_out.push(stem);
            } else {
                let about = About { stem, at, system: &name, environment: &named, selected };
                running.push(resolve_service(about, service, &context));
            }
        }
        edges::link(&mut running, tracer);
        database::hold(&mut running, tracer);
        workload::share(&mut running, &platform, tracer);
        database::connect(&mut running, &context);
        managed::connect(&mut running, &context);
        variables::resolve(&mut running, &context);
        let copies = names::copies(&name, &named, tracer);
        let environment =
            Environment { name: environment, tier, platform, copies, images, images_path, file };
        System { project, name, environment, services: running, left_out }
    }

    /// Drops the tables as they were written, which after the checks nobody reads.
    pub fn drop_written(&mut self) {
        for service in &mut self.services {
            let file = &mut service.file;
            (file.env, file.workloads) = (Map::default(), Map::default());
            (file.databases, file.caches) = (Map::default(), Map::default());
            (file.externals, file.secrets) = (Map::default(), Map::default());
            file.queues = Map::default();
            service.workloads.iter_mut().for_each(|workload| workload.env = Map::default());
        }
    }

    /// The workload that an id stands for.
    pub fn workload(&self, id: WorkloadId) -> Option<(&Service, &Workload)> {
        let service = self.services.get(id.service)?;
        Some((service, service.workloads.get(id.workload)?))
    }

    /// The names of what `target` gives to a workload of `services[own]`, in order.
    pub fn output_names(&self, own: usize, who: &Workload, target: Target) -> Vec<String> {
        let outputs = outputs::of(target, who, own, &self.services, &Tracer::default());
        outputs.iter().flat_map(outputs::Outputs::names).map(str::to_owned).collect()
    }

    /// Whether some of its objects are written by hand, in whole or in part.
    pub fn has_ways_out(&self) -> bool {
        self.services.iter().any(|service| !service.patches.is_empty() || !service.manifests.is_empty())
    }

    /// Every workload with its service.
    pub fn workloads(&self) -> impl Iterator<Item = (&Service, &Workload)> {
        self.services.iter().flat_map(|s| s.workloads.iter().map(move |w| (s, w)))
    }
}

/// A typed value as shared text.
pub(crate) fn text_of<T: Value>(value: &Traced<T>) -> Traced<Text> {
    value.map(|v| Text::from(v.text().into_owned()))
}

/// Whether a noun has the name that another part of the spec gives.
pub(crate) fn named(noun: &Traced<Text>, name: &Traced<crate::value::Name>) -> bool {
    noun.get() == name.get().as_str()
}

/// Where the parts of a service live, and why they do.
pub(crate) struct Place<'a> {
    pub(crate) service: &'a Traced<Text>,
    pub(crate) namespace: &'a Traced<Text>,
    pub(crate) environment: &'a Traced<Text>,
    /// the item of the environment's `services` that selects the service; none where all run
    pub(crate) selected: Option<Origin>,
}

impl Place<'_> {
    /// Why a part that stands at `at` is there: the selection of its service counts where there is one.
    pub(crate) fn because(&self, at: NodeId, tracer: &Tracer) -> Origin {
        let at = Origin::spec(at);
        self.selected.map_or(at, |selected| tracer.because(SELECTED, &[at, selected]))
    }
}

/// What a service's own file does not say about it.
struct About<'a> {
    stem: Text,
    at: NodeId,
    system: &'a Traced<Text>,
    environment: &'a Traced<Text>,
    selected: Option<Origin>,
}

fn resolve_service(about: About<'_>, file: ServiceFile, context: &Context<'_>) -> Service {
    let About { stem, at, system, environment, selected } = about;
    let name = text_of(&file.service.name);
    let namespace = match &file.service.namespace {
        Some(namespace) => text_of(namespace),
        None => {
            let unsaid = Traced::because((), Origin::spec(file.service.at));
            context.tracer.derive(DEFAULT_NAMESPACE, (system, &unsaid), |(system, ())| system.clone())
        }
    };
    let owner = file.service.owner.clone().or_else(|| context.project.project.owner.clone());
    let place = Place { service: &name, namespace: &namespace, environment, selected };
    Service {
        workloads: workload::resolve_all(&file, at, &place, context),
        databases: database::resolve(&file, &place, context),
        sharded: database::sharded(&file),
        managed: managed::resolve(&file, &place, context),
        caches: cache::resolve(&file, &place, context),
        queues: queue::resolve(&file, &place, context),
        externals: external::externals(&file, &place, context),
        secrets: stores::secrets(&file, &place, context),
        manifests: manifest::resolve(&file, &place, context),
        patches: patch::resolve(&file, context.attached, context.tracer),
        because: place.because(at, context.tracer),
        at,
        stem,
        name,
        namespace,
        owner,
        file,
    }
}
