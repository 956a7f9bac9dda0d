//! A field, written by hand, that the API of the environment's Kubernetes does not have or take.

use super::context::Finding;
use super::fields::{self, Problem, Style};
use super::{Check, Context, Found};
use crate::attach::Document;
use crate::origin::Origin;

pub(super) const CHECK: Check = check!("api-field-invalid", Error, One(run));

fn invalid<'c>(cx: &'c Context<'c>, problem: Problem) -> Finding<'c> {
    let at = Origin::spec(problem.at);
    let finding = cx.find(&CHECK, problem.title);
    let finding =
        if problem.is_key { finding.at_key(at, problem.label) } else { finding.at(at, problem.label) };
    finding
        .note("judged by the published API of `platform.kubernetes`, and of the add-ons as they are today")
        .maybe_help(problem.help)
}

fn no_kind<'c>(cx: &'c Context<'c>, document: &Document, help: String) -> Finding<'c> {
    let (version, kind) = (&document.api_version, &document.kind);
    let at = document.root.get("kind").map_or(document.root.id, |node| node.id);
    cx.find(&CHECK, format!("`{version}` has no kind `{kind}`"))
        .at(Origin::spec(at), "not a kind of this version of the API")
        .note("judged by the published API of `platform.kubernetes`, and of the add-ons as they are today")
        .help(help)
}

fn run(cx: &Context<'_>, found: &mut Found) {
    let minor = cx.system.environment.platform.kubernetes.get().minor();
    for patch in cx.system.services.iter().flat_map(|service| &service.patches) {
        let Some(kind) = fields::kind_of_file(patch.object.get()) else { continue };
        for problem in fields::judge(kind, minor, Style::Patch, patch.table.fields()) {
            if problem.version.is_none() {
                found.push(invalid(cx, problem));
            }
        }
    }
    for document in cx.system.services.iter().flat_map(|s| &s.manifests).flat_map(|m| &m.documents) {
        match crate::api::kind(&document.api_version, &document.kind) {
            Some(kind) => {
                let problems = fields::judge_whole(kind, minor, &document.root);
                for problem in problems.into_iter().filter(|problem| problem.version.is_none()) {
                    found.push(invalid(cx, problem));
                }
            }
            None => {
                if let Some(help) = fields::known_otherwise(&document.api_version, &document.kind) {
                    found.push(no_kind(cx, document, help));
                }
            }
        }
    }
}
