//! What a check reads, and how its findings get their places.

use super::Check;
use crate::diagnostic::{Diagnostic, Label};
use crate::node::{Mention, Nodes};
use crate::origin::{NodeId, Origin, Trace, Why};
use crate::source::Place;
use crate::spec::environment::Tier;
use crate::spec::workload as spec;
use crate::system::{Edge, External, Image, Service, System, Target, Workload};

/// One environment as checks see it.
#[derive(Clone, Copy)]
pub struct Context<'a> {
    /// the environment, resolved
    pub system: &'a System,
    /// what its node ids stand for
    pub nodes: &'a Nodes,
    /// what its derived origins stand for
    pub trace: &'a Trace,
    /// the day (`2027-01-31`) on which end dates are judged, if they are
    pub as_of: Option<&'a str>,
}

/// An image that something runs.
pub(super) struct Used<'a> {
    /// who runs it: `shop.workloads.api`
    pub(super) by: String,
    /// the key of who runs it
    pub(super) at: Origin,
    /// what it runs
    pub(super) image: &'a Image,
}

/// A workload that uses a service of others.
pub(super) struct Call<'a> {
    pub(super) service: &'a Service,
    pub(super) workload: &'a Workload,
    pub(super) edge: &'a Edge,
    pub(super) external: &'a External,
}

impl<'a> Context<'a> {
    /// A finding of `check`, to be given its places.
    pub(super) fn find(&self, check: &Check, title: impl Into<String>) -> Finding<'_> {
        Finding { cx: self, diagnostic: check.says(title) }
    }

    /// The first spec node behind an origin; none for what rules alone decided.
    pub(super) fn node(&self, origin: Origin) -> Option<NodeId> {
        match origin.why(self.trace) {
            Why::Spec(node) => Some(node),
            Why::Rule(_, inputs) => inputs.iter().find_map(|input| self.node(*input)),
        }
    }

    /// Where the value behind an origin stands.
    pub(super) fn value_place(&self, origin: Origin) -> Option<Place> {
        self.nodes.value_place(self.node(origin)?)
    }

    /// Where the key behind an origin stands; a file as a whole has none.
    pub(super) fn key_place(&self, origin: Origin) -> Option<Place> {
        let info = self.nodes.get(self.node(origin)?)?;
        info.parent.map(|_| info.mention.key)
    }

    /// What the value at `node` overrides, if it does; an item of an array stands for its array.
    fn overridden(&self, node: NodeId) -> Option<Mention> {
        let info = self.nodes.get(node)?;
        let latest = |earlier: &Option<std::sync::Arc<Vec<Mention>>>| earlier.as_ref()?.last().copied();
        latest(&info.earlier).or_else(|| {
            let is_item = info.key.bytes().all(|byte| byte.is_ascii_digit());
            latest(&self.nodes.get(info.parent.filter(|_| is_item)?)?.earlier)
        })
    }

    /// Whether two origins stand in different files, and so in different layers.
    pub(super) fn apart(&self, one: Origin, other: Origin) -> bool {
        let file = |origin| self.key_place(origin).map(|place| place.source);
        file(one).zip(file(other)).is_some_and(|(one, other)| one != other)
    }

    /// The environment's name.
    pub(super) fn environment(&self) -> &'a str {
        &self.system.environment.name
    }

    /// Whether the environment is of this tier.
    pub(super) fn is_tier(&self, tier: Tier) -> bool {
        *self.system.environment.tier.get() == tier
    }

    /// The path of a file in the environment's folder.
    pub(super) fn in_folder(&self, file: &str) -> String {
        let images = self.system.environment.images_path.as_str();
        images.rsplit_once('/').map_or_else(|| file.to_owned(), |(folder, _)| format!("{folder}/{file}"))
    }

    /// The workload of the same name in this environment.
    pub(super) fn same(&self, service: &Service, workload: &Workload) -> Option<&'a Workload> {
        let index = self.system.services.binary_search_by(|other| other.stem.cmp(&service.stem)).ok()?;
        let theirs = &self.system.services.get(index)?.workloads;
        theirs.iter().find(|other| other.name.get() == workload.name.get())
    }

    /// The environment's own file.
    pub(super) fn environment_file(&self) -> String {
        self.in_folder("environment.toml")
    }

    /// The environment's overlay of a service, whether it is there or not.
    pub(super) fn overlay_file(&self, service: &Service) -> String {
        self.in_folder(&format!("{}.toml", service.stem))
    }

    /// How to take a part of a service away in this environment.
    pub(super) fn remove(&self, service: &Service, path: &str) -> String {
        format!("put `remove = [\"{path}\"]` at the top of `{}`", self.overlay_file(service))
    }

    /// What to add to the image lock for a repository, whose tag may be known.
    pub(super) fn lock_line(&self, repository: &str, tag: Option<&str>) -> String {
        let environment = &self.system.environment;
        let tag = tag.unwrap_or("<tag>");
        let line = format!("\"{repository}\" = {{ tag = \"{tag}\", digest = \"sha256:<64 digits>\" }}");
        match environment.images {
            Some(_) => format!("add below `[images]` in `{}`: `{line}`", environment.images_path),
            None => format!("write `{}` with `[images]` and below it: `{line}`", environment.images_path),
        }
    }

    /// Every use of a service of others.
    pub(super) fn calls(&self) -> Vec<Call<'a>> {
        let mut calls = Vec::new();
        for service in &self.system.services {
            for workload in &service.workloads {
                for edge in &workload.edges {
                    if let Some(Target::External(index)) = edge.target
                        && let Some(external) = service.externals.get(index)
                    {
                        calls.push(Call { service, workload, edge, external });
                    }
                }
            }
        }
        calls
    }

    /// Every image that runs here.
    pub(super) fn images(&self) -> Vec<Used<'a>> {
        let mut used = Vec::new();
        for service in &self.system.services {
            used.extend(service.workloads.iter().map(|workload| Used {
                by: path_of(service, workload),
                at: Origin::spec(workload.at),
                image: &workload.image,
            }));
            for workload in &service.workloads {
                used.extend(workload.containers().map(|container| Used {
                    by: format!("{}.{}", path_of(service, workload), container.name.get()),
                    at: container.because,
                    image: &container.image,
                }));
            }
            used.extend(service.databases.iter().map(|database| Used {
                by: noun(service, "databases", database.name.get()),
                at: Origin::spec(database.at),
                image: &database.image,
            }));
            used.extend(service.databases.iter().filter_map(|database| {
                let drill = database.drill.as_ref()?;
                let by = format!("{}.backup.drill", noun(service, "databases", database.name.get()));
                Some(Used { by, at: drill.schedule.origin(), image: drill.image.as_ref()? })
            }));
            let servers = service.caches.iter().filter_map(|cache| Some((cache, cache.server.as_ref()?)));
            used.extend(servers.map(|(cache, server)| Used {
                by: noun(service, "caches", cache.name.get()),
                at: Origin::spec(cache.at),
                image: &server.image,
            }));
        }
        used
    }
}

/// `shop.workloads.api`; of a migration the table that asks for it, `shop.databases.main.migrate`.
pub(super) fn path_of(service: &Service, workload: &Workload) -> String {
    if let Some(migration) = &workload.migrates {
        return format!("{}.migrate", noun(service, "databases", migration.database.get()));
    }
    noun(service, "workloads", workload.name.get())
}

/// `shop.databases.main`.
pub(super) fn noun(service: &Service, nouns: &str, name: &str) -> String {
    format!("{}.{nouns}.{name}", service.stem)
}

/// The table of a workload as written; none for a workload that is implied, or that is a migration.
pub(super) fn written<'a>(service: &'a Service, workload: &Workload) -> Option<&'a spec::Workload> {
    if workload.migrates.is_some() {
        return None;
    }
    service.file.workloads.get(workload.name.get()).map(|entry| &entry.value)
}

/// `a`, `b` and `c`, in backticks.
pub(super) fn listed<T: AsRef<str>>(words: &[T]) -> String {
    let words: Vec<String> = words.iter().map(|word| format!("`{}`", word.as_ref())).collect();
    match words.split_last() {
        Some((last, rest)) if !rest.is_empty() => format!("{} and {last}", rest.join(", ")),
        Some((last, _)) => last.clone(),
        None => String::new(),
    }
}

/// A finding under construction. What has no place in a source is left out; the first place that exists is the main one.
pub(super) struct Finding<'c> {
    cx: &'c Context<'c>,
    diagnostic: Diagnostic,
}

impl Finding<'_> {
    /// The value to change, unless a place to change is known already; with the value that it overrides.
    pub(super) fn at(mut self, origin: Origin, text: impl Into<String>) -> Self {
        let node = self.cx.node(origin).filter(|_| self.diagnostic.primary.is_none());
        if let Some(place) = node.and_then(|node| self.cx.nodes.value_place(node)) {
            self.diagnostic.primary = Some(Label { place, text: text.into() });
            self = self.overriding(origin);
        }
        self
    }

    /// The key to change, unless a place to change is known already.
    pub(super) fn at_key(mut self, origin: Origin, text: impl Into<String>) -> Self {
        if let (None, Some(place)) = (&self.diagnostic.primary, self.cx.key_place(origin)) {
            self.diagnostic.primary = Some(Label { place, text: text.into() });
        }
        self
    }

    /// A further value.
    pub(super) fn also(self, origin: Origin, text: impl Into<String>) -> Self {
        let place = self.cx.value_place(origin);
        self.labelled(place, text)
    }

    /// Whether the place to change is known.
    pub(super) fn has_place(&self) -> bool {
        self.diagnostic.primary.is_some()
    }

    /// A further value, if there is one.
    pub(super) fn maybe_also(self, origin: Option<Origin>, text: impl Into<String>) -> Self {
        match origin {
            Some(origin) => self.also(origin, text),
            None => self,
        }
    }

    /// A further key.
    pub(super) fn also_key(self, origin: Origin, text: impl Into<String>) -> Self {
        let place = self.cx.key_place(origin);
        self.labelled(place, text)
    }

    /// A further key, of another environment.
    pub(super) fn also_key_in(self, cx: &Context<'_>, origin: Origin, text: impl Into<String>) -> Self {
        self.labelled(cx.key_place(origin), text)
    }

    /// A further value, of another environment or revision.
    pub(super) fn also_value_in(self, cx: &Context<'_>, origin: Origin, text: impl Into<String>) -> Self {
        self.labelled(cx.value_place(origin), text)
    }

    /// The value that the one behind `origin` overrides, if it does.
    pub(super) fn overriding(self, origin: Origin) -> Self {
        let mention = self.cx.node(origin).and_then(|node| self.cx.overridden(node));
        self.labelled(mention.map(|mention| mention.value), "overrides the value set here")
    }

    fn labelled(mut self, place: Option<Place>, text: impl Into<String>) -> Self {
        let known = |label: &Label| Some(label.place) == place;
        if let Some(place) = place.filter(|_| !self.diagnostic.primary.as_ref().is_some_and(known)) {
            self.diagnostic = self.diagnostic.also(place, text);
        }
        self
    }

    /// A reason.
    pub(super) fn note(mut self, text: impl Into<String>) -> Self {
        self.diagnostic = self.diagnostic.note(text);
        self
    }

    /// A remedy.
    pub(super) fn help(mut self, text: impl Into<String>) -> Self {
        self.diagnostic = self.diagnostic.help(text);
        self
    }

    /// A remedy, if there is one.
    pub(super) fn maybe_help(mut self, text: Option<String>) -> Self {
        self.diagnostic = self.diagnostic.maybe_help(text);
        self
    }

    /// The places may hold a secret.
    pub(super) fn secret(mut self) -> Self {
        self.diagnostic = self.diagnostic.secret();
        self
    }

    /// The finding; one without any place is about the environment's file.
    pub(super) fn done(self) -> Diagnostic {
        match &self.diagnostic.primary {
            Some(_) => self.diagnostic,
            None => self.diagnostic.file(self.cx.environment_file()),
        }
    }
}
