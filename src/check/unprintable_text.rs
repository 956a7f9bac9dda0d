//! A character that no YAML may hold.

use super::context::{Finding, path_of};
use super::{Check, Context, Found};
use crate::node::{Kind, Node};
use crate::origin::{NodeId, Origin, Traced};
use crate::spec::decode::Map;
use crate::spec::env::{EnvValue, Piece};
use crate::system::{Question, Replicas, Word, Workload};
use crate::text::{Text, is_printable};
use crate::value::EnvName;

pub(super) const CHECK: Check = check!("unprintable-text", Error, One(run));

fn unprintable<'c>(
    cx: &'c Context<'c>,
    what: &str,
    at: Origin,
    character: char,
    index: usize,
) -> Finding<'c> {
    let code = u32::from(character);
    cx.find(&CHECK, format!("{what} holds the character U+{code:04X}, which YAML cannot carry"))
        .at(at, format!("at character {}", index + 1))
        .note("readers of YAML refuse it or drop it, so the program would not see what is written here")
        .help("delete it, or encode the text, for example in base64, and decode it in the program")
}

fn text(cx: &Context<'_>, what: impl Fn() -> String, at: Origin, text: &str, found: &mut Found) {
    // nearly every text is of this kind, and told apart much faster
    if text.bytes().all(|byte| matches!(byte, b' '..=b'~' | b'\n' | b'\t')) {
        return;
    }
    let hit = text.chars().enumerate().find(|(_, character)| !is_printable(*character));
    if let Some((index, character)) = hit {
        found.push(unprintable(cx, &what(), at, character, index));
    }
}

fn variables(cx: &Context<'_>, of: &str, env: &Map<EnvName, EnvValue>, found: &mut Found) {
    for (name, entry) in env.iter() {
        let what = || format!("the variable `{name}` of `{of}`");
        match &entry.value {
            EnvValue::Plain(value) => text(cx, what, value.origin(), value.get(), found),
            EnvValue::Format(format) => {
                for piece in format.get().pieces() {
                    if let Piece::Text(part) = piece {
                        text(cx, what, format.origin(), part, found);
                    }
                }
            }
            _ => {}
        }
    }
}

/// Every free text of a workload besides variables and files, with what it is.
fn texts(workload: &Workload) -> Vec<(&'static str, &Traced<Text>)> {
    let mut all = Vec::new();
    let mut words = |what, words: &mut dyn Iterator<Item = _>| all.extend(words.map(|word| (what, word)));
    let hooks = workload.pre_stop.iter().chain(&workload.post_start);
    let further = workload.containers().flat_map(|c| c.command.iter().chain(&c.args));
    let command = workload.command.iter().chain(&workload.args).chain(further).filter_map(Word::text);
    words("a word of the command", &mut command.chain(hooks.flat_map(|hook| &hook.command.items)));
    let further = workload.containers().flat_map(|c| &c.ports);
    let ports = workload.ports.iter().chain(further);
    words("an `app_protocol`", &mut ports.filter_map(|port| port.app_protocol.as_ref()));
    for health in std::iter::once(&workload.health).chain(workload.containers().map(|c| &c.health)).flatten()
    {
        for question in [&health.live, &health.ready].into_iter().flatten() {
            match question {
                Question::Exec { command } => words("a word of a probe's command", &mut command.iter()),
                Question::Http { headers, .. } => {
                    words("a header of a probe", &mut headers.iter().map(|(_, value)| value));
                }
                Question::Grpc { service, .. } => words("the service of a probe", &mut service.iter()),
                Question::Tcp { .. } => {}
            }
        }
    }
    let tables = || workload.volumes.iter().map(|volume| &volume.table);
    words("a `sub_path`", &mut tables().filter_map(|table| table.sub_path.as_ref()));
    let mounts = workload.mounts.iter().chain(workload.containers().flat_map(|c| &c.mounts));
    words("a `sub_path`", &mut mounts.filter_map(|mount| mount.sub_path.as_ref()));
    words("an `audience`", &mut tables().filter_map(|table| table.audience.as_ref()));
    let services = workload.service.iter().chain(workload.services.iter().map(|(_, entry)| &entry.value));
    let annotations = services.flat_map(|settings| settings.annotations.iter());
    words("an annotation of a Service", &mut annotations.map(|(_, entry)| &entry.value));
    if let Some(pod) = &workload.pod {
        words("an annotation", &mut pod.annotations.iter().map(|(_, entry)| &entry.value));
        let account = pod.service_account.iter().flat_map(|account| account.annotations.iter());
        words("an annotation of the account", &mut account.map(|(_, entry)| &entry.value));
        let options = pod.dns.iter().flat_map(|dns| dns.options.iter());
        words("an option of the resolver", &mut options.map(|(_, entry)| &entry.value));
    }
    if let Replicas::Auto { targets, .. } = &workload.replicas {
        words(
            "the question to the database",
            &mut targets.queue.iter().filter_map(|queue| queue.sql.as_ref()),
        );
        words("the list of the cache", &mut targets.queue.iter().filter_map(|queue| queue.list.as_ref()));
    }
    all
}

/// Every string below a node, with the node.
fn each_text(node: &Node, take: &mut dyn FnMut(NodeId, &str)) {
    match &node.kind {
        Kind::String(value) => take(node.id, value),
        Kind::Table(table) => table.values().for_each(|child| each_text(child, take)),
        Kind::Array(items) => items.iter().for_each(|child| each_text(child, take)),
        _ => {}
    }
}

fn run(cx: &Context<'_>, found: &mut Found) {
    variables(cx, cx.environment(), &cx.system.environment.file.env, found);
    for service in &cx.system.services {
        variables(cx, &service.stem, &service.file.env, found);
    }
    for patch in cx.system.services.iter().flat_map(|service| &service.patches) {
        let what = || format!("a value below `{}.kubernetes`", patch.path);
        for (_, node) in patch.table.leaves() {
            if let Some(value) = node.string() {
                text(cx, what, Origin::spec(node.id), value, found);
            }
        }
    }
    for document in cx.system.services.iter().flat_map(|s| &s.manifests).flat_map(|m| &m.documents) {
        let what = || format!("a value of `{}/{}`", document.kind, document.name);
        each_text(&document.root, &mut |at, value| text(cx, what, Origin::spec(at), value, found));
    }
    for (service, workload) in cx.system.workloads() {
        let of = path_of(service, workload);
        variables(cx, &of, &workload.env, found);
        for container in workload.containers() {
            let of = format!("{of}.{}", container.name.get());
            variables(cx, &of, &container.env, found);
        }
        for (what, one) in texts(workload) {
            text(cx, || format!("{what} of `{of}`"), one.origin(), one.get(), found);
        }
        for file in workload.all_files() {
            let what = || format!("the file `{}` of `{of}`", file.path.get());
            if let Some(content) = file.content.get().text() {
                text(cx, what, file.content.origin(), content, found);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::text::is_printable;

    #[test]
    fn the_rule_is_that_of_the_emitter() {
        for character in '\0'..=char::MAX {
            let mut text = [0; 4];
            let refused = crate::emit::yaml::refused(character.encode_utf8(&mut text)).is_some();
            assert_eq!(!is_printable(character), refused, "{character:?}");
        }
    }
}
