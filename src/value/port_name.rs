//! Names of container and Service ports.

use std::borrow::Cow;

use super::{Invalid, Value, scan};

/// The name of a port: at most 15 characters, at least one letter, no `--` (RFC 6335, 5.1; Kubernetes
/// `IsValidPortName`).
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct PortName(pub(super) String);

impl Value for PortName {
    const WHAT: &'static str = "a port name";
    const EXAMPLES: &'static [&'static str] = &["http", "metrics"];
    const MAX_LEN: usize = 15;

    fn pattern() -> Cow<'static, str> {
        "^(?:[0-9]+-)*[0-9]*[a-z][a-z0-9]*(?:-[a-z0-9]+)*$".into()
    }

    fn parse(text: &str) -> Result<Self, Invalid> {
        scan::bounded::<Self>(text)?;
        let refusal = |why: String| Invalid::of::<Self>(text, why);
        if let Some(problem) = scan::label_problem(text, Self::MAX_LEN) {
            let fixed = scan::as_label(text);
            let refusal = refusal(problem);
            return Err(if fixed == text { refusal } else { scan::propose::<Self>(refusal, &fixed) });
        }
        if text.contains("--") {
            return Err(refusal("`--` may not stand in it".to_owned()).with_help("write a single `-`"));
        }
        if !text.contains(|c: char| c.is_ascii_lowercase()) {
            return Err(refusal("it has no letter".to_owned()).with_help(format!("write `port-{text}`")));
        }
        Ok(Self(text.to_owned()))
    }

    fn text(&self) -> Cow<'_, str> {
        Cow::Borrowed(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::super::agreement::{accepts, refuses};
    use super::*;

    #[test]
    fn port_names() {
        accepts::<PortName>(&[("http", "http"), ("8-a-0", "8-a-0"), ("9p", "9p")]);
        refuses::<PortName>(&[
            ("8080", "no letter", "write `port-8080`"),
            ("a--b", "`--`", "single"),
            ("GRPC", "`G` may not", "write `grpc`"),
            ("a-very-long-port", "16 characters, at most 15", "shorten"),
        ]);
    }
}
