//! Leave for browsers that no browser takes.

use super::context::Finding;
use super::routed::{Routed, routes};
use super::{Check, Context, Found};
use crate::origin::Origin;
use crate::spec::workload::{Cors, HttpMethod};

pub(super) const CHECK: Check = check!("cors-impossible", Error, One(run));

fn judge<'c>(cx: &'c Context<'c>, of: Routed<'_>, cors: &Cors) -> Option<Finding<'c>> {
    let path = format!("{}.cors", of.path());
    let any = cors.origins.iter().find(|origin| origin.get().is_any());
    let credentials = cors.credentials.filter(|leave| *leave.get());
    match (any, credentials) {
        (Some(any), Some(credentials)) => Some(
            cx.find(&CHECK, format!("`{path}` lets pages of every origin send cookies"))
                .at(any.origin(), "every origin")
                .also(credentials.origin(), "with cookies")
                .note("browsers refuse the answer to a request with cookies when it allows `*` (Fetch, 3.2.5); and any page could act for whoever is logged in")
                .help("name the origins: `origins = [\"https://shop.acme.dev\"]`, or delete `credentials`"),
        ),
        (Some(any), None) if cors.origins.iter().count() > 1 => Some(
            cx.find(&CHECK, format!("`{path}` lists `*` beside other origins"))
                .at(any.origin(), "every origin, the others included")
                .note("the API server refuses `*` beside others")
                .help("delete `*`, or the others"),
        ),
        (None, _) if cors.origins.is_empty() => Some(
            cx.find(&CHECK, format!("`{path}` names no origins"))
                .at_key(cors.origins.at.map_or(Origin::spec(cors.at), Origin::spec), "leave for nobody")
                .note("without an origin no page gets an answer")
                .help("name the pages that may call it: `origins = [\"https://shop.acme.dev\"]`"),
        ),
        _ => None,
    }
}

/// A browser asks with `OPTIONS` first, and with no header of the request that it asks for.
fn unasked<'c>(cx: &'c Context<'c>, of: Routed<'_>, cors: &Cors) -> Option<Finding<'c>> {
    let route = &of.route.written;
    let lets_ask = route.methods.iter().any(|method| *method.get() == HttpMethod::Options);
    let methods = route.methods.at.filter(|_| !route.methods.is_empty() && !lets_ask);
    let header = route.headers.iter().next().map(|(name, entry)| (name, entry.key.origin()));
    let (at, label, help) = match (methods, header) {
        (Some(methods), _) => {
            (Origin::spec(methods), "without `OPTIONS`".to_owned(), "add `\"OPTIONS\"` to `methods`")
        }
        (None, Some((name, at))) => (
            at,
            format!("the question does not have `{name}`"),
            "delete the header here and let the program look at it, or write a second route without it for `OPTIONS`",
        ),
        (None, None) => return None,
    };
    let title = format!("`{}` does not let browsers ask for leave, so that `cors` is never read", of.path());
    Some(
        cx.find(&CHECK, title)
            .at_key(at, label)
            .also_key(Origin::spec(cors.at), "answers the question")
            .note("a browser asks with `OPTIONS` and without the headers of the request before it sends most of them (Fetch, \"CORS-preflight request\")")
            .help(help),
    )
}

fn run(cx: &Context<'_>, found: &mut Found) {
    for of in routes(cx) {
        let Some(cors) = of.route.written.cors.as_ref() else { continue };
        let all = judge(cx, of, cors).into_iter().chain(unasked(cx, of, cors));
        all.for_each(|finding| found.push(finding));
    }
}
