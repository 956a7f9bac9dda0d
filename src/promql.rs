//! `PromQL` as typed pieces: what alerts and reports ask. The only place that knows how it is written.
//!
//! Source: Prometheus docs, "Querying basics" and "Operators". Texts come in as values of label matchers alone, where they
//! are quoted.

use std::fmt;

/// How a label must be.
pub(crate) enum Match {
    /// equal to a text
    Is(&'static str, String),
    /// like `<text>` and then `<pattern>`: the text is taken as it is
    Begins(&'static str, String, &'static str),
}

/// An expression.
pub(crate) enum Expr {
    /// a number
    Number(u64),
    /// the time of the evaluation, in seconds
    Time,
    /// the newest sample of each series
    Metric(&'static str, Vec<Match>),
    /// an aggregation over the series that have the same values of some labels
    By(&'static str, &'static [&'static str], Box<Expr>),
    /// a function of one argument
    Call(&'static str, Box<Expr>),
    /// an operator; with labels, both sides are matched by those alone
    Binary(Box<Expr>, &'static str, Option<&'static [&'static str]>, Box<Expr>),
}

impl Expr {
    /// `self <operator> other`.
    pub(crate) fn op(self, operator: &'static str, other: Expr) -> Expr {
        Expr::Binary(Box::new(self), operator, None, Box::new(other))
    }

    /// `self <operator> on (<labels>) other`.
    pub(crate) fn op_on(self, operator: &'static str, labels: &'static [&'static str], other: Expr) -> Expr {
        Expr::Binary(Box::new(self), operator, Some(labels), Box::new(other))
    }

    /// `<function>(self)`.
    pub(crate) fn call(self, function: &'static str) -> Expr {
        Expr::Call(function, Box::new(self))
    }

    /// `<aggregation> by (<labels>) (self)`.
    pub(crate) fn by(self, aggregation: &'static str, labels: &'static [&'static str]) -> Expr {
        Expr::By(aggregation, labels, Box::new(self))
    }
}

/// A text in double quotes, in which `\`, `"` and line ends are escaped.
fn quoted(text: &str) -> String {
    let escaped = text.replace('\\', "\\\\").replace('"', "\\\"").replace('\n', "\\n");
    format!("\"{escaped}\"")
}

/// A text in which no character means anything to a regular expression (RE2).
fn literal(text: &str) -> String {
    text.chars()
        .flat_map(|c| (!c.is_alphanumeric() && c != '-' && c != '_').then_some('\\').into_iter().chain([c]))
        .collect()
}

impl fmt::Display for Match {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Match::Is(label, text) => write!(f, "{label}={}", quoted(text)),
            Match::Begins(label, text, pattern) => {
                write!(f, "{label}=~{}", quoted(&format!("{}{pattern}", literal(text))))
            }
        }
    }
}

impl fmt::Display for Expr {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Expr::Number(number) => write!(f, "{number}"),
            Expr::Time => write!(f, "time()"),
            Expr::Metric(name, matches) => {
                let all: Vec<String> = matches.iter().map(Match::to_string).collect();
                write!(f, "{name}{{{}}}", all.join(","))
            }
            Expr::By(aggregation, labels, of) => write!(f, "{aggregation} by ({}) ({of})", labels.join(", ")),
            Expr::Call(function, of) => write!(f, "{function}({of})"),
            Expr::Binary(left, operator, on, right) => {
                let on = on.map(|labels| format!(" on ({})", labels.join(", "))).unwrap_or_default();
                write!(f, "{} {operator}{on} {}", Inner(left), Inner(right))
            }
        }
    }
}

/// One side of an operator: in parentheses if it has an operator itself, so that precedence never matters.
struct Inner<'a>(&'a Expr);

impl fmt::Display for Inner<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0 {
            Expr::Binary(..) => write!(f, "({})", self.0),
            other => write!(f, "{other}"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_are_quoted_and_operators_are_in_parentheses() {
        let metric = || Expr::Metric("up", vec![Match::Is("job", "a\"b\\c\nd".to_owned())]);
        assert_eq!(metric().to_string(), r#"up{job="a\"b\\c\nd"}"#);
        let begins = Match::Begins("pod", "a.b-c(".to_owned(), "-[0-9]+");
        assert_eq!(begins.to_string(), r#"pod=~"a\\.b-c\\(-[0-9]+""#);
        let sum =
            Expr::Time.op("-", Expr::Number(1)).op(">", Expr::Number(2)).op_on("and", &["pod"], metric());
        assert_eq!(sum.to_string(), r#"((time() - 1) > 2) and on (pod) up{job="a\"b\\c\nd"}"#);
        let by = Expr::Number(1).by("max", &["pod", "job"]).call("absent");
        assert_eq!(by.to_string(), "absent(max by (pod, job) (1))");
    }
}
