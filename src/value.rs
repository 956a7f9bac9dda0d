//! The typed values of the spec language.

/// Why a text is not a value of its type: what is wrong and what to write instead.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Invalid {
    /// what is wrong, with the text in backticks
    pub what: String,
    /// what to write instead
    pub help: Option<String>,
}

/// A text of the spec with a grammar of its own.
pub trait Value: Sized + Clone + std::fmt::Debug {
    /// what a person calls it: "a CPU quantity"
    const WHAT: &'static str;
    /// texts to write
    const EXAMPLES: &'static [&'static str];
    /// an anchored regular expression (ECMA-262) that accepts exactly what `parse` accepts
    fn pattern() -> std::borrow::Cow<'static, str>;
    /// all texts, if there are finitely many
    fn choices() -> Option<&'static [&'static str]> {
        None
    }
    /// Reads a text.
    ///
    /// # Errors
    /// What is wrong with the text.
    fn parse(text: &str) -> Result<Self, Invalid>;
    /// the canonical form
    fn text(&self) -> std::borrow::Cow<'_, str>;
    /// what the grammar cannot say: a text that parses and still cannot be meant
    fn doubt(&self) -> Option<Invalid> {
        None
    }
}
