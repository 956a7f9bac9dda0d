//! A literal that looks like a secret. No message shows the value.

use super::context::{Finding, path_of};
use super::{Check, Context, Found};
use crate::attach::Document;
use crate::node::{Kind, Node};
use crate::origin::{Origin, Traced};
use crate::secret as signs;
use crate::spec::decode::Map;
use crate::spec::env::{EnvValue, Format, Piece};
use crate::system::{Patch, Service, Word, Workload};
use crate::text::Text;
use crate::value::EnvName;

pub(super) const CHECK: Check = check!("secret-in-plain", Deny, One(run));

fn plain_secret<'c>(
    cx: &'c Context<'c>,
    what: &str,
    at: Origin,
    sign: &str,
    key: Option<&str>,
) -> Finding<'c> {
    let key = key.map_or_else(|| "password".to_owned(), str::to_ascii_lowercase);
    cx.find(&CHECK, format!("{what} looks like a secret: {sign}"))
        .at(at, "in plain text")
        .secret()
        .note("what was committed once stays in the history of the repository and in every copy of it")
        .note("if it is a real secret, replace it where it is valid; deleting the line is not enough")
        .help(format!(
            "put the value into the platform's secret store, declare `[secrets.app]` with `keys = [\"{key}\"]`, and add \
             `\"secrets.app\"` to `uses`: the program finds it in `/run/secrets/secrets-app/{key}`"
        ))
}

/// The plain parts of a composed text, with `{}` for what is put into it.
fn skeleton(format: &Format) -> String {
    let part = |piece: &Piece| match piece {
        Piece::Text(text) => text.to_string(),
        Piece::Output(_) | Piece::Variable(_) => "{}".to_owned(),
    };
    format.pieces().iter().map(part).collect()
}

fn variables(cx: &Context<'_>, of: &str, env: &Map<EnvName, EnvValue>, found: &mut Found) {
    for (name, entry) in env.iter() {
        let sign = match &entry.value {
            EnvValue::Plain(text) => signs::of_setting(name, text.get()),
            EnvValue::Format(format) => signs::of_text(&skeleton(format.get())),
            _ => None,
        };
        if let Some(sign) = sign {
            let what = format!("the variable `{name}` of `{of}`");
            found.push(plain_secret(cx, &what, entry.value.origin(), sign, Some(name)));
        }
    }
}

/// The words that are text; of those that are composed the text around the references.
fn plain(words: &[Word]) -> Vec<Traced<Text>> {
    let word = |word: &Word| match &word.format {
        Some(format) => Some(Traced::because(skeleton(format.get()).into(), format.origin())),
        None => word.text().cloned(),
    };
    words.iter().filter_map(word).collect()
}

fn words(cx: &Context<'_>, of: &str, what: &str, words: &[Traced<Text>], found: &mut Found) {
    let mut option = None;
    for word in words {
        let text = word.get().as_str();
        let sign = match (option.take(), text.strip_prefix('-').and_then(|text| text.split_once('='))) {
            (Some(option), _) if !text.starts_with('-') => signs::of_setting(option, text),
            (_, Some((option, value))) => signs::of_setting(option.trim_start_matches('-'), value),
            _ => signs::of_setting("", text),
        };
        option = text.strip_prefix('-').map(|text| text.trim_start_matches('-'));
        if let Some(sign) = sign {
            let what = format!("a word of `{what}` of `{of}`");
            found.push(plain_secret(cx, &what, word.origin(), sign, None));
        }
    }
}

fn of_workload(cx: &Context<'_>, service: &Service, workload: &Workload, found: &mut Found) {
    let of = path_of(service, workload);
    variables(cx, &of, &workload.env, found);
    words(cx, &of, "command", &plain(&workload.command), found);
    words(cx, &of, "args", &plain(&workload.args), found);
    for container in workload.containers() {
        let of = format!("{of}.{}", container.name.get());
        variables(cx, &of, &container.env, found);
        words(cx, &of, "command", &plain(&container.command), found);
        words(cx, &of, "args", &plain(&container.args), found);
    }
    for hook in workload.pre_stop.iter().chain(&workload.post_start) {
        words(cx, &of, "command", &hook.command.items, found);
    }
    for file in workload.all_files() {
        if let Some(sign) = file.content.get().text().and_then(|text| signs::of_file(text)) {
            let what = format!("the file `{}` of `{of}`", file.path.get());
            found.push(plain_secret(cx, &what, file.content.origin(), sign, None));
        }
    }
}

/// Fields of objects that are written by hand: the item `env.NAME` says what its value is.
fn of_patch(cx: &Context<'_>, service: &Service, patch: &Patch, found: &mut Found) {
    for (path, node) in patch.table.leaves() {
        let Some(text) = node.string() else { continue };
        let name = match path.as_slice() {
            [.., list, name, last] if *list == "env" && *last == "value" => name.as_str(),
            [.., last] => last.as_str(),
            [] => "",
        };
        if let Some(sign) = signs::of_setting(name, text) {
            let what = format!("`{name}` below `{}.{}.kubernetes`", service.stem, patch.path);
            found.push(plain_secret(cx, &what, Origin::spec(node.id), sign, None));
        }
    }
}

/// Values of a manifest that is taken along: settings of a ConfigMap, variables, and whatever looks like a token.
fn of_document(cx: &Context<'_>, document: &Document, node: &Node, name: &str, found: &mut Found) {
    match &node.kind {
        Kind::String(text) => {
            let sign = if document.kind == "ConfigMap" || name == "value" {
                signs::of_setting(name, text).or_else(|| signs::of_file(text))
            } else {
                signs::of_text(text)
            };
            if let Some(sign) = sign {
                let what = format!("a value of `{}/{}`", document.kind, document.name);
                found.push(plain_secret(cx, &what, Origin::spec(node.id), sign, None));
            }
        }
        Kind::Table(table) => {
            let variable = table.get("name").and_then(Node::string).filter(|_| table.get("value").is_some());
            if let (Some(variable), Some(text)) = (variable, table.get("value").and_then(Node::string)) {
                if let Some(sign) = signs::of_setting(variable, text) {
                    let what = format!("the variable `{variable}` of `{}/{}`", document.kind, document.name);
                    let at = table.get("value").map_or(node.id, |value| value.id);
                    found.push(plain_secret(cx, &what, Origin::spec(at), sign, Some(variable)));
                }
                return;
            }
            table.iter().for_each(|(key, child)| of_document(cx, document, child, key, found));
        }
        Kind::Array(items) => items.iter().for_each(|item| of_document(cx, document, item, "", found)),
        _ => {}
    }
}

fn run(cx: &Context<'_>, found: &mut Found) {
    for document in cx.system.services.iter().flat_map(|s| &s.manifests).flat_map(|m| &m.documents) {
        // a Secret is refused by a check of its own
        if document.kind != "Secret" {
            of_document(cx, document, &document.root, "", found);
        }
    }
    variables(cx, cx.environment(), &cx.system.environment.file.env, found);
    for service in &cx.system.services {
        variables(cx, &service.stem, &service.file.env, found);
        for workload in &service.workloads {
            of_workload(cx, service, workload, found);
        }
        for patch in &service.patches {
            of_patch(cx, service, patch, found);
        }
    }
}
