//! `specc explain`: a code, a value of the spec, a field of the output, or a line of the spec.

use super::output::Terminal;
use super::place;
use crate::diagnostic::suggest::nearest;
use crate::diagnostic::{Diagnostic, pages};
use crate::explain::{self, Explainer, Unknown};
use crate::{Environment, Options, check};

fn unknown(why: &Unknown) -> Diagnostic {
    Diagnostic::failure("nothing-to-explain", why.what.clone()).maybe_help(why.help.clone())
}

fn bad_reverse(given: &str) -> Diagnostic {
    Diagnostic::failure("nothing-to-explain", format!("`{given}` is not a line of a file"))
        .help("write the file and the line, such as `--reverse services/orders.toml:12`")
}

fn not_one(given: &str, environments: &[Environment]) -> Diagnostic {
    let names: Vec<&str> = environments.iter().map(|environment| environment.name.as_str()).collect();
    Diagnostic::failure("nothing-to-explain", format!("`{given}` is a project, not an environment"))
        .help(format!("say which of its environments: {}", names.join(", ")))
}

fn unknown_code(code: &str) -> Diagnostic {
    let codes = pages::PAGES.iter().map(|page| page.code).chain(check::CHECKS.iter().map(|check| check.slug));
    let near = nearest(code, codes);
    Diagnostic::failure("nothing-to-explain", format!("there is no code `{code}`"))
        .maybe_help(near.map(|near| format!("did you mean `{near}`?")))
        .note(
            "to explain a value, give the environment first: `specc explain prod orders.workloads.api.port`",
        )
}

pub(super) fn run(arguments: &super::Explain, terminal: &Terminal) -> u8 {
    if arguments.target.is_none() && arguments.reverse.is_none() {
        return page(&arguments.subject, terminal);
    }
    let (compiled, _) =
        place::compile(&[&arguments.subject], false, Options { as_of: None, explain: true, since: None });
    let environment = match compiled.environments.as_slice() {
        [] => return terminal.findings(&compiled.found, &compiled.sources).max(1),
        [one] => one,
        several => return terminal.failure(not_one(&arguments.subject, several)),
    };
    let explainer = Explainer { environment, sources: &compiled.sources };
    match answer(arguments, &explainer) {
        Ok(text) => terminal.data(&text),
        Err(found) => terminal.failure(*found),
    }
}

fn answer(arguments: &super::Explain, explainer: &Explainer<'_>) -> Result<String, Box<Diagnostic>> {
    if let Some(given) = &arguments.reverse {
        let line = given.rsplit_once(':').and_then(|(file, line)| Some((file, line.parse::<usize>().ok()?)));
        let (file, line) = line.ok_or_else(|| Box::new(bad_reverse(given)))?;
        return explain::line(explainer, file, line).map_err(|why| Box::new(unknown(&why)));
    }
    let target = arguments.target.as_deref().unwrap_or_default();
    let answer = match target.split_once('/').filter(|(kind, _)| !kind.contains('.')) {
        Some((kind, name)) => {
            let (namespace, field) = (arguments.namespace.as_deref(), arguments.field.as_deref());
            explain::object(explainer, kind, name, namespace, field)
        }
        None => explain::spec_path(explainer, target),
    };
    answer.map_err(|why| Box::new(unknown(&why)))
}

/// The page of a code, for people: its text as it is.
fn page(code: &str, terminal: &Terminal) -> u8 {
    match pages::page(code).or_else(|| check::check(code).map(|check| &check.page)) {
        Some(page) => terminal.data(page.text),
        None => terminal.failure(unknown_code(code)),
    }
}
