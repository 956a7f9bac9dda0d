//! References between nouns: what `uses`, `from` and `format` name.

use std::borrow::Cow;

use crate::diagnostic::suggest::nearest;
use crate::text::Text;
use crate::value::{Invalid, Name, Value, quoted};

/// What an edge leads to, as written; whether it exists is decided when the system is linked.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum EdgeRef {
    /// `databases.<name>` of the same service
    Database(Text),
    /// `caches.<name>` of the same service
    Cache(Text),
    /// `queues.<name>` of the same service
    Queue(Text),
    /// `externals.<name>` of the same service
    External(Text),
    /// `secrets.<name>` of the same service
    Secret(Text),
    /// `workloads.<name>` of the same service
    Workload(Text),
    /// `services.<service>.<workload>`
    Service(Text, Text),
}

impl EdgeRef {
    fn read(text: &str) -> Option<Self> {
        let name = |text: &str| Name::parse(text).ok().map(|_| Text::from(text.to_owned()));
        let (noun, rest) = text.split_once('.')?;
        Some(match noun {
            "databases" => EdgeRef::Database(name(rest)?),
            "caches" => EdgeRef::Cache(name(rest)?),
            "queues" => EdgeRef::Queue(name(rest)?),
            "externals" => EdgeRef::External(name(rest)?),
            "secrets" => EdgeRef::Secret(name(rest)?),
            "workloads" => EdgeRef::Workload(name(rest)?),
            "services" => {
                let (service, workload) = rest.split_once('.')?;
                EdgeRef::Service(name(service)?, name(workload)?)
            }
            _ => return None,
        })
    }
}

/// What was probably meant: `text` with the nearest noun in place of its first word, or a workload of the service that it
/// names.
fn did_you_mean(text: &str) -> Option<String> {
    let (noun, rest) = text.split_once('.')?;
    if noun == "services" && Name::parse(rest).is_ok() {
        return Some(format!("name one of its workloads: `\"{text}.<workload>\"`"));
    }
    let noun =
        nearest(noun, ["caches", "databases", "externals", "queues", "secrets", "services", "workloads"])?;
    let corrected = format!("{noun}.{rest}");
    EdgeRef::read(&corrected).map(|_| format!("did you mean `\"{corrected}\"`?"))
}

const NAME: &str = "[a-z]([-a-z0-9]{0,61}[a-z0-9])?";

impl Value for EdgeRef {
    const WHAT: &'static str = "a reference to what it uses";
    const EXAMPLES: &'static [&'static str] = &["databases.main", "services.payments.api"];
    fn pattern() -> Cow<'static, str> {
        format!(r"^((databases|caches|queues|externals|secrets|workloads)\.{NAME}|services\.{NAME}\.{NAME})$")
            .into()
    }
    fn parse(text: &str) -> Result<Self, Invalid> {
        EdgeRef::read(text).ok_or_else(|| Invalid {
            what: format!("{} names nothing that a workload can use", quoted(text)),
            help: Some(did_you_mean(text).unwrap_or_else(|| {
                "write `databases.<name>`, `caches.<name>`, `queues.<name>`, `externals.<name>`, `secrets.<name>`, `workloads.<name>` or `services.<service>.<workload>`"
                    .to_owned()
            })),
        })
    }
    fn text(&self) -> Cow<'_, str> {
        match self {
            EdgeRef::Database(name) => format!("databases.{name}"),
            EdgeRef::Cache(name) => format!("caches.{name}"),
            EdgeRef::Queue(name) => format!("queues.{name}"),
            EdgeRef::External(name) => format!("externals.{name}"),
            EdgeRef::Secret(name) => format!("secrets.{name}"),
            EdgeRef::Workload(name) => format!("workloads.{name}"),
            EdgeRef::Service(service, workload) => format!("services.{service}.{workload}"),
        }
        .into()
    }
}

/// One output of something that a workload uses: `databases.main.host`, `services.payments.api.url`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OutputRef {
    /// what is used
    pub edge: EdgeRef,
    /// which of its outputs
    pub output: Text,
}

impl OutputRef {
    /// The output may have dots of its own, as keys of secrets do: `secrets.signing.private.pem`.
    fn read(text: &str) -> Option<Self> {
        const LONGEST: usize = 100;
        let dots = if text.starts_with("services.") { 3 } else { 2 };
        let (at, _) = text.match_indices('.').nth(dots - 1)?;
        let (edge, output) = (text.get(..at)?, text.get(at + 1..)?);
        let known = |b: u8| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_' | b'.');
        let fits = output.len() <= LONGEST
            && output.starts_with(|c: char| c.is_ascii_alphanumeric() || c == '_')
            && output.bytes().all(known);
        Some(OutputRef { edge: EdgeRef::read(edge)?, output: fits.then(|| Text::from(output.to_owned()))? })
    }
}

impl Value for OutputRef {
    const WHAT: &'static str = "a reference to an output";
    const EXAMPLES: &'static [&'static str] = &["databases.main.host", "services.payments.api.url"];
    fn pattern() -> Cow<'static, str> {
        format!(
            r"^((databases|caches|queues|externals|secrets|workloads)\.{NAME}|services\.{NAME}\.{NAME})\.[A-Za-z0-9_][-._A-Za-z0-9]{{0,99}}$"
        )
        .into()
    }
    fn parse(text: &str) -> Result<Self, Invalid> {
        OutputRef::read(text).ok_or_else(|| Invalid {
            what: format!("{} is not an output of anything", quoted(text)),
            help: Some(
                "write what is used and the output, such as `databases.main.host` or `services.payments.api.url`"
                    .to_owned(),
            ),
        })
    }
    fn text(&self) -> Cow<'_, str> {
        format!("{}.{}", self.edge.text(), self.output).into()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn help(text: &str) -> String {
        EdgeRef::parse(text).unwrap_err().help.unwrap()
    }

    #[test]
    fn what_was_meant_is_told() {
        assert_eq!(help("database.main"), "did you mean `\"databases.main\"`?");
        assert_eq!(
            help("services.payments"),
            "name one of its workloads: `\"services.payments.<workload>\"`"
        );
        assert!(help("payments.api").starts_with("write `databases.<name>`"));
    }
}
