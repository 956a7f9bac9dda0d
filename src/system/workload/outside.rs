//! Paths that are asked from outside, as callers ask.
//!
//! Knows the routes of the workload and what of them is encrypted; whether a route lets the path through is a check's
//! business.

use crate::origin::{NAME, OUTSIDE_CHECK, OUTSIDE_URL, Origin, Traced, Tracer, rule};
use crate::spec::workload::{self as spec, OutsideAlert};
use crate::system::{Platform, text_of};
use crate::text::Text;
use crate::value::Duration;

use super::{Route, Unset};

/// The longest that an answer may take, in milliseconds: what Prometheus itself waits by default.
const ANSWERS_WITHIN: u64 = 10_000;

/// A path that is asked from outside.
#[derive(Clone, Debug)]
pub struct Outside {
    /// its table, or the key in a route
    pub because: Origin,
    /// where it stands below the workload: `health.checks.orders`, `route.probe`
    pub key: String,
    /// tells it apart from others of the workload: `check-orders`, `route`
    pub role: Text,
    /// its objects' name
    pub object: Traced<Text>,
    /// the path
    pub path: Traced<Text>,
    /// the route that it names, if it does
    pub named: Option<Traced<Text>>,
    /// index of the route that it goes through; none if there is none
    pub route: Option<usize>,
    /// what is asked, in order of the route's hosts
    pub urls: Vec<Traced<Text>>,
    /// the status that must be answered
    pub status: Option<Traced<u32>>,
    /// how badly somebody is told
    pub alert: Traced<OutsideAlert>,
    /// time between two questions
    pub interval: Traced<Duration>,
    /// the longest that an answer may take
    pub timeout: Traced<Duration>,
    /// how long it must fail
    pub after: Traced<Duration>,
}

impl Route {
    /// Whether callers come encrypted.
    pub fn is_encrypted(&self, platform: &Platform) -> bool {
        let signs = platform.issuer.is_some() || self.written.certificate.is_some();
        let by_ingress = platform.gateway.is_none() && platform.ingress_class.is_some();
        self.is_passed_through() || if by_ingress { signs } else { platform.listens_encrypted() }
    }

    /// What makes it so.
    fn encrypted_because(&self, platform: &Platform, tracer: &Tracer) -> Origin {
        let mut why = vec![self.because, platform.origin, platform.listener_sets.origin()];
        why.extend(self.written.tls.as_ref().map(Traced::origin));
        why.extend(self.written.certificate.as_ref().map(Traced::origin));
        why.extend(platform.issuer.as_ref().map(Traced::origin));
        why.extend(platform.gateway_listeners.as_ref().map(|listeners| Origin::spec(listeners.at)));
        tracer.because(OUTSIDE_URL, &why)
    }

    /// The path on each of its hosts; one with a wildcard is the host of nobody.
    fn urls(&self, path: &Traced<Text>, platform: &Platform, tracer: &Tracer) -> Vec<Traced<Text>> {
        let scheme = if self.is_encrypted(platform) { "https" } else { "http" };
        let scheme = Traced::because(Text::Literal(scheme), self.encrypted_because(platform, tracer));
        let hosts = self.hosts.iter().filter(|host| !host.name.get().starts_with('*'));
        let url =
            |(scheme, host, path): (&Text, &Text, &Text)| Text::from(format!("{scheme}://{host}{path}"));
        hosts.map(|host| tracer.derive(OUTSIDE_URL, (&scheme, &host.name, path), url)).collect()
    }
}

impl Unset<'_> {
    /// What is asked of the workload from outside: by routes that say `probe`, then by the checks of its health.
    pub(super) fn outside(
        &self,
        table: &spec::Workload,
        object: &Traced<Text>,
        routes: &[Route],
    ) -> Vec<Outside> {
        let mut all = Vec::new();
        for (index, route) in routes.iter().enumerate() {
            let Some(path) = &route.written.probe else { continue };
            let role =
                route.name.as_ref().map_or(Text::Literal("route"), |name| format!("route-{name}").into());
            let made = Asked {
                because: path.origin(),
                key: format!("{}.probe", route.key()),
                object: self.called(&route.object, &Traced::because("probe".into(), path.origin())),
                path: text_of(path),
                named: None,
                route: Some(index),
                written: None,
                role,
            };
            all.push(self.asked(made, routes));
        }
        for (name, entry) in table.health.iter().flat_map(|health| health.checks.iter()) {
            let written = &entry.value;
            let named = written.route.as_ref().map(text_of);
            let made = Asked {
                because: Origin::spec(written.at),
                key: format!("health.checks.{name}"),
                role: format!("check-{name}").into(),
                object: self.called(object, &text_of(&entry.key).map(|name| format!("check-{name}").into())),
                path: text_of(&written.path),
                route: through(routes, named.as_ref()),
                named,
                written: Some(written),
            };
            all.push(self.asked(made, routes));
        }
        all
    }

    fn called(&self, object: &Traced<Text>, ending: &Traced<Text>) -> Traced<Text> {
        self.tracer()
            .derive(NAME, (object, ending), |(object, ending)| Text::from(format!("{object}-{ending}")))
    }

    fn asked(&self, of: Asked<'_>, routes: &[Route]) -> Outside {
        let (tracer, written) = (self.tracer(), of.written);
        let interval = written.and_then(|check| check.interval);
        let interval = interval.unwrap_or_else(|| rule(OUTSIDE_CHECK, Duration::from_seconds(60)));
        let route = of.route.and_then(|index| routes.get(index));
        let mut urls = route.map_or_else(Vec::new, |r| r.urls(&of.path, self.context.platform, tracer));
        if let Some(named) = &of.named {
            for url in &mut urls {
                let because = tracer.because(OUTSIDE_URL, &[url.origin(), named.origin()]);
                *url = Traced::because(url.get().clone(), because);
            }
        }
        Outside {
            urls,
            status: written.and_then(|check| check.status).map(|status| status.map(|status| status.get())),
            alert: written
                .and_then(|check| check.alert)
                .unwrap_or_else(|| rule(OUTSIDE_CHECK, OutsideAlert::Critical)),
            timeout: tracer.derive(OUTSIDE_CHECK, (&interval,), |(interval,)| {
                Duration::from_millis(interval.millis().min(ANSWERS_WITHIN))
            }),
            interval,
            after: written
                .and_then(|check| check.after)
                .unwrap_or_else(|| rule(OUTSIDE_CHECK, Duration::from_seconds(300))),
            because: of.because,
            key: of.key,
            role: of.role,
            object: of.object,
            path: of.path,
            named: of.named,
            route: of.route,
        }
    }
}

/// What is written of a path that is asked.
struct Asked<'a> {
    because: Origin,
    key: String,
    role: Text,
    object: Traced<Text>,
    path: Traced<Text>,
    named: Option<Traced<Text>>,
    route: Option<usize>,
    written: Option<&'a spec::OutsideCheck>,
}

/// The route of that name; without a name `route`, else the only one.
fn through(routes: &[Route], named: Option<&Traced<Text>>) -> Option<usize> {
    match named {
        Some(named) => routes.iter().position(|route| route.name.as_ref() == Some(named.get())),
        None => {
            let unnamed = routes.iter().position(|route| route.name.is_none());
            unnamed.or_else(|| (routes.len() == 1).then_some(0))
        }
    }
}
