//! A character that no YAML may hold.

use super::context::{Finding, path_of};
use super::{Check, Context, Found};
use crate::origin::Origin;
use crate::spec::decode::Map;
use crate::spec::env::{EnvValue, Piece};
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

/// C0 but newline and tab, DEL, C1, and noncharacters (YAML 1.2, section 5.1; Unicode, section 23.7).
fn is_refused(character: char) -> bool {
    match character {
        '\n' | '\t' => false,
        '\u{fdd0}'..='\u{fdef}' => true,
        other => other.is_control() || u32::from(other) & 0xfffe == 0xfffe,
    }
}

fn text(cx: &Context<'_>, what: impl Fn() -> String, at: Origin, text: &str, found: &mut Found) {
    // nearly every text is of this kind, and told apart much faster
    if text.bytes().all(|byte| matches!(byte, b' '..=b'~' | b'\n' | b'\t')) {
        return;
    }
    let hit = text.chars().enumerate().find(|(_, character)| is_refused(*character));
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
            EnvValue::From(_) | EnvValue::Field(_) => {}
        }
    }
}

fn run(cx: &Context<'_>, found: &mut Found) {
    variables(cx, cx.environment(), &cx.system.environment.file.env, found);
    for service in &cx.system.services {
        variables(cx, &service.stem, &service.file.env, found);
    }
    for (service, workload) in cx.system.workloads() {
        let of = path_of(service, workload);
        variables(cx, &of, &workload.env, found);
        for word in workload.command.iter().chain(&workload.args) {
            text(cx, || format!("a word of the command of `{of}`"), word.origin(), word.get(), found);
        }
        for file in &workload.files {
            let what = || format!("the file `{}` of `{of}`", file.path.get());
            text(cx, what, file.text.origin(), file.text.get(), found);
        }
        for protocol in workload.ports.iter().filter_map(|port| port.app_protocol.as_ref()) {
            text(cx, || format!("an `app_protocol` of `{of}`"), protocol.origin(), protocol.get(), found);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::is_refused;

    #[test]
    fn the_rule_is_that_of_the_emitter() {
        for character in '\0'..=char::MAX {
            let mut text = [0; 4];
            let refused = crate::emit::yaml::refused(character.encode_utf8(&mut text)).is_some();
            assert_eq!(is_refused(character), refused, "{character:?}");
        }
    }
}
