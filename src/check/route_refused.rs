//! A route that is more than the API takes.

use super::context::Finding;
use super::routed::{Routed, routes};
use super::{Check, Context, Found};
use crate::origin::{Origin, Traced};
use crate::spec::decode::{Choice, Map};
use crate::spec::workload::HttpMethod;
use crate::system::text_of;
use crate::system::workload::Carrier;
use crate::text::Text;
use crate::value::{HeaderName, Value};

pub(super) const CHECK: Check = check!("route-refused", Error, One(run));

/// Gateway API 1.6, `HTTPRouteSpec.hostnames`.
const HOSTS: usize = 16;
/// `HTTPRouteSpec.rules`: each path that is rewritten is a rule.
const RULES: usize = 16;
/// `HTTPRouteRule.matches`.
const MATCHES: usize = 64;
/// Headers that a rule matches, sets, adds or removes.
const HEADERS: usize = 16;
/// `HTTPHeader.value`.
const VALUE: usize = 4096;

fn too_many<'c>(
    cx: &'c Context<'c>,
    of: Routed<'_>,
    at: Origin,
    what: &str,
    count: usize,
    most: usize,
) -> Finding<'c> {
    cx.find(&CHECK, format!("`{}` has {count} {what}, and the API takes {most}", of.path()))
        .at_key(at, format!("{count} of them"))
        .note("the API server refuses the whole route")
        .help("move some of them into a route of its own: `[workloads.<name>.routes.<name>]`")
}

fn counts(cx: &Context<'_>, of: Routed<'_>, found: &mut Found) {
    let route = &of.route.written;
    let matches = of.route.paths.len() * route.methods.iter().count().max(1);
    let because = of.route.because;
    let changes = [&route.request_headers, &route.response_headers].into_iter().flatten();
    let mut all = vec![
        (route.hosts.at.map_or(because, Origin::spec), "hosts", of.route.hosts.len(), HOSTS),
        (
            route.redirect_from.at.map_or(because, Origin::spec),
            "hosts that are sent on",
            of.route.moved.len(),
            HOSTS,
        ),
    ];
    let at = route.paths.at.or(route.exact.at).map_or(because, Origin::spec);
    all.push(match &route.rewrite {
        Some(_) => (at, "paths with methods that are rewritten", matches, RULES),
        None => (at, "paths with methods", matches, MATCHES),
    });
    all.push((because, "headers to match", route.headers.len(), HEADERS));
    for changes in changes {
        let at = Origin::spec(changes.at);
        all.push((at, "headers to set", changes.set.len(), HEADERS));
        all.push((at, "headers to add", changes.add.len(), HEADERS));
        all.push((at, "headers to remove", changes.remove.iter().count(), HEADERS));
    }
    for (at, what, count, most) in all.into_iter().filter(|(_, _, count, most)| count > most) {
        found.push(too_many(cx, of, at, what, count, most));
    }
}

/// Values of headers that the API refuses.
fn values<'c>(
    cx: &'c Context<'c>,
    of: Routed<'_>,
    headers: &Map<HeaderName, Traced<Text>>,
) -> Vec<Finding<'c>> {
    let bad =
        headers.iter().filter(|(_, entry)| entry.value.get().is_empty() || entry.value.get().len() > VALUE);
    let finding = |(name, entry): (&Text, &crate::spec::decode::Entry<HeaderName, Traced<Text>>)| {
        let length = entry.value.get().len();
        cx.find(&CHECK, format!("the header `{name}` of `{}` has a value of {length} characters", of.path()))
            .at(entry.value.origin(), format!("1 to {VALUE} are allowed"))
            .note("the API server refuses the whole route")
            .help("write a value; to take a header away, list it in `remove`")
    };
    bad.map(finding).collect()
}

/// What stands twice in lists that are sets in the API (`x-kubernetes-list-type: set`), or would match twice.
fn repeated<'c>(cx: &'c Context<'c>, of: Routed<'_>) -> Vec<Finding<'c>> {
    let route = &of.route.written;
    let word = |method: &Traced<HttpMethod>| method.map(|method| Text::Literal(method.word()));
    let mut lists: Vec<(&str, Vec<Traced<Text>>)> =
        vec![("methods", route.methods.iter().map(word).collect())];
    if let Some(cors) = &route.cors {
        lists.push(("cors.origins", cors.origins.iter().map(text_of).collect()));
        lists.push(("cors.methods", cors.methods.iter().map(word).collect()));
        lists.push(("cors.headers", cors.headers.iter().map(text_of).collect()));
        lists.push(("cors.expose", cors.expose.iter().map(text_of).collect()));
    }
    for (name, changes) in
        [("request_headers", &route.request_headers), ("response_headers", &route.response_headers)]
    {
        lists.extend(changes.iter().map(|changes| (name, changes.remove.iter().map(text_of).collect())));
    }
    let mut findings = Vec::new();
    for (name, items) in &lists {
        for (index, item) in items.iter().enumerate() {
            let Some(first) = items.iter().take(index).find(|first| first.get() == item.get()) else {
                continue;
            };
            findings.push(
                cx.find(&CHECK, format!("`{name}` of `{}` has `{}` twice", of.path(), item.get()))
                    .at(item.origin(), "the same again")
                    .also(first.origin(), "listed here already")
                    .note("the API server takes each once, and refuses the whole route")
                    .help("delete one of the two"),
            );
        }
    }
    findings
}

/// A path of a route for gRPC: `/package.Service`, and `/package.Service/Method`.
fn is_call(path: &str) -> bool {
    let word = |word: &str| {
        word.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_')
            && word.chars().all(|c| c.is_ascii_alphanumeric() || c == '_')
    };
    match path.strip_prefix('/').unwrap_or(path).split('/').collect::<Vec<_>>().as_slice() {
        [""] => true,
        [service] => service.split('.').all(word),
        [service, method] => service.split('.').all(word) && word(method),
        _ => false,
    }
}

fn calls(cx: &Context<'_>, of: Routed<'_>, found: &mut Found) {
    let (paths, exact) = (&of.route.written.paths, &of.route.written.exact);
    let lists = [(paths, false), (exact, true)].into_iter();
    let all = lists.flat_map(|(list, is_exact)| list.iter().map(move |path| (path, is_exact)));
    for (path, is_exact) in all {
        let text = path.get().text();
        let depth = text.matches('/').count();
        let fits = is_call(&text) && (text == "/" || (depth == 2) == is_exact);
        if !fits {
            let title = format!(
                "`{text}` of `{}` is not {}",
                of.path(),
                if is_exact { "a call of gRPC" } else { "a service of gRPC" }
            );
            found.push(
                cx.find(&CHECK, title)
                    .at(path.origin(), "matches no call")
                    .note("a call goes to the path `/<package>.<Service>/<Method>`, and a `GRPCRoute` takes services and methods alone")
                    .help("write a service into `paths`, as `\"/shop.v1.Orders\"`, and a single call into `exact`, as `\"/shop.v1.Orders/Get\"`"),
            );
        }
    }
}

fn run(cx: &Context<'_>, found: &mut Found) {
    for of in routes(cx) {
        counts(cx, of, found);
        for finding in repeated(cx, of) {
            found.push(finding);
        }
        let route = &of.route.written;
        let changes = [&route.request_headers, &route.response_headers].into_iter().flatten();
        let maps = changes.flat_map(|changes| [&changes.set, &changes.add]);
        for headers in maps.chain([&route.headers]) {
            for finding in values(cx, of, headers) {
                found.push(finding);
            }
        }
        if of.carrier() == Carrier::Grpc {
            calls(cx, of, found);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::is_call;

    #[test]
    fn calls_have_a_service_and_a_method() {
        for path in ["/", "/shop.v1.Orders", "/shop.v1.Orders/Get", "/grpc.health.v1.Health"] {
            assert!(is_call(path), "{path}");
        }
        for path in ["/v1/orders/x", "/shop.v1.", "/1shop", "/a-b", "/a/b-c"] {
            assert!(!is_call(path), "{path}");
        }
    }
}
