//! A question to a database whose answer is yes or no.

use std::borrow::Cow;

use super::{Invalid, Value, scan};

/// One `SELECT` (or `WITH … SELECT`), without a semicolon: it becomes `SELECT coalesce((…), false)`, which PostgreSQL takes
/// for a query with one column of type boolean alone.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SqlQuestion(String);

impl Value for SqlQuestion {
    const WHAT: &'static str = "a question in SQL";
    const EXAMPLES: &'static [&'static str] =
        &["SELECT count(*) > 1000 FROM orders", "SELECT max(created) > now() - interval '1 day' FROM orders"];
    const MAX_LEN: usize = 4000;

    fn pattern() -> Cow<'static, str> {
        r"^(?:[Ss][Ee][Ll][Ee][Cc][Tt]|[Ww][Ii][Tt][Hh])[ \t\n(][\s\S]*$".into()
    }

    fn parse(text: &str) -> Result<Self, Invalid> {
        scan::bounded::<Self>(text)?;
        let word = text.split([' ', '\t', '\n', '(']).next().unwrap_or_default();
        let is_query = ["select", "with"].iter().any(|known| word.eq_ignore_ascii_case(known));
        if is_query && word.len() < text.len() {
            return Ok(Self(text.to_owned()));
        }
        Err(Invalid::of::<Self>(text, "it does not begin with `SELECT` or `WITH`").with_help(
            "write one query with one column of type boolean, such as `SELECT count(*) > 1000 FROM orders`",
        ))
    }

    fn text(&self) -> Cow<'_, str> {
        Cow::Borrowed(&self.0)
    }

    /// A second statement, and what is not closed: parentheses, quotes, comments.
    fn doubt(&self) -> Option<Invalid> {
        let help = "write one query with one column of type boolean";
        let told = |what: &str| Some(Invalid::doubt(format!("the question {what}"), help));
        match outline(&self.0) {
            Err(open) => told(&format!("has {open} that does not end")),
            Ok(bare) if bare.contains(';') => told("holds a `;`: it may be one statement, and needs no end"),
            Ok(bare) => {
                let mut depth = 0_i32;
                for character in bare.chars() {
                    depth += i32::from(character == '(') - i32::from(character == ')');
                    if depth < 0 {
                        return told("closes a parenthesis that it does not open");
                    }
                }
                if depth > 0 { told("opens a parenthesis that it does not close") } else { None }
            }
        }
    }
}

/// The text without what stands in quotes and comments (PostgreSQL docs, 4.1, "Lexical Structure"); or what does not end.
fn outline(sql: &str) -> Result<String, &'static str> {
    let mut bare = String::new();
    let mut rest = sql;
    while let Some(character) = rest.chars().next() {
        let after = rest.get(character.len_utf8()..).unwrap_or_default();
        let is_escaping = bare.ends_with(['e', 'E'])
            && !bare.chars().rev().nth(1).is_some_and(|c| c.is_alphanumeric() || c == '_');
        rest = if character == '\'' {
            quoted(after, '\'', is_escaping).ok_or("a string")?
        } else if character == '"' {
            quoted(after, '"', false).ok_or("a name in quotes")?
        } else if rest.starts_with("--") {
            rest.split_once('\n').map_or("", |(_, after)| after)
        } else if rest.starts_with("/*") {
            comment(rest).ok_or("a comment")?
        } else if let Some(tag) = dollar_tag(rest) {
            let body = rest.get(tag.len()..).unwrap_or_default();
            body.split_once(tag).ok_or("a string in dollars")?.1
        } else {
            bare.push(character);
            after
        };
    }
    Ok(bare)
}

/// What comes after the closing quote, which is not doubled and, in a string of `E''`, not escaped.
fn quoted(text: &str, quote: char, escaping: bool) -> Option<&str> {
    let mut rest = text;
    loop {
        let at = rest.find(|c| c == quote || (escaping && c == '\\'))?;
        let (found, after) = (rest.get(at..)?, rest.get(at + 1..)?);
        if found.starts_with('\\') {
            rest = after.get(after.chars().next()?.len_utf8()..)?;
        } else if after.starts_with(quote) {
            rest = after.get(1..)?;
        } else {
            return Some(after);
        }
    }
}

/// What comes after a comment, which may hold others.
fn comment(text: &str) -> Option<&str> {
    let (mut depth, mut rest) = (0, text);
    loop {
        let at = rest.find(['/', '*'])?;
        let found = rest.get(at..)?;
        if found.starts_with("/*") {
            depth += 1;
            rest = found.get(2..)?;
        } else if found.starts_with("*/") {
            depth -= 1;
            rest = found.get(2..)?;
            if depth == 0 {
                return Some(rest);
            }
        } else {
            rest = found.get(1..)?;
        }
    }
}

/// `$$` or `$word$` at the beginning.
fn dollar_tag(text: &str) -> Option<&str> {
    let inner = text.strip_prefix('$')?;
    let end = inner.find('$')?;
    let tag = inner.get(..end)?;
    let is_tag = tag.chars().all(|c| c.is_alphanumeric() || c == '_')
        && !tag.starts_with(|c: char| c.is_ascii_digit());
    if is_tag { text.get(..end + 2) } else { None }
}

#[cfg(test)]
mod tests {
    use super::super::agreement::{accepts, refuses};
    use super::*;

    fn doubt(text: &str) -> Option<String> {
        SqlQuestion::parse(text).unwrap().doubt().map(|doubt| doubt.what)
    }

    #[test]
    fn queries() {
        accepts::<SqlQuestion>(&[
            ("SELECT true", "SELECT true"),
            ("select(true)", "select(true)"),
            ("WITH a AS (SELECT 1) SELECT true FROM a", "WITH a AS (SELECT 1) SELECT true FROM a"),
        ]);
        refuses::<SqlQuestion>(&[
            ("DELETE FROM orders", "SELECT", "one query"),
            (" SELECT true", "SELECT", "one query"),
            ("SELECTED", "SELECT", "one query"),
        ]);
    }

    #[test]
    fn one_statement() {
        for good in [
            "SELECT count(*) > 0 FROM orders WHERE note <> 'a;b'",
            "SELECT E'it\\'s;' <> ''",
            "SELECT 'it''s;' <> \"a;b\" FROM c",
            "SELECT $q$;$q$ = $$;$$ -- a; comment\n",
            "SELECT true /* a; /* b; */ c; */",
        ] {
            assert_eq!(doubt(good), None, "{good}");
        }
        for (bad, part) in [
            ("SELECT true; DROP TABLE orders", "`;`"),
            ("SELECT true;", "`;`"),
            ("SELECT 'a", "a string"),
            ("SELECT \"a", "a name"),
            ("SELECT $x$ a", "dollars"),
            ("SELECT true /* a /* b */", "a comment"),
            ("SELECT true), (SELECT true", "closes"),
            ("SELECT (true", "opens"),
        ] {
            assert!(doubt(bad).is_some_and(|what| what.contains(part)), "{bad}");
        }
    }
}
