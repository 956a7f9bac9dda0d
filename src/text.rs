//! Strings that are cheap to share between the spec and every object made from it.

use std::sync::Arc;

/// A string: a literal of the compiler's own, or shared with the spec.
#[derive(Clone)]
pub enum Text {
    /// a literal in the compiler
    Literal(&'static str),
    /// text of the spec, or derived from it
    Shared(Arc<str>),
}

impl Text {
    /// The characters.
    pub fn as_str(&self) -> &str {
        match self {
            Text::Literal(text) => text,
            Text::Shared(text) => text,
        }
    }
}

/// Whether a character may stand in text that is written: all but C0 without newline and tab, DEL, C1, and noncharacters
/// (YAML 1.2, section 5.1; Unicode, section 23.7).
pub fn is_printable(character: char) -> bool {
    match character {
        '\n' | '\t' => true,
        '\u{fdd0}'..='\u{fdef}' => false,
        other => !other.is_control() && u32::from(other) & 0xfffe != 0xfffe,
    }
}

impl std::ops::Deref for Text {
    type Target = str;
    fn deref(&self) -> &str {
        self.as_str()
    }
}
impl AsRef<str> for Text {
    fn as_ref(&self) -> &str {
        self.as_str()
    }
}
impl std::borrow::Borrow<str> for Text {
    fn borrow(&self) -> &str {
        self.as_str()
    }
}
impl std::fmt::Debug for Text {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        std::fmt::Debug::fmt(self.as_str(), f)
    }
}
impl std::fmt::Display for Text {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.pad(self.as_str())
    }
}
// Compared and ordered by content: `Literal("a")` and `Shared("a")` are the same key of a map.
impl PartialEq for Text {
    fn eq(&self, other: &Self) -> bool {
        // most equal texts are the very same
        std::ptr::eq(self.as_str(), other.as_str()) || self.as_str() == other.as_str()
    }
}
impl Eq for Text {}
impl PartialOrd for Text {
    fn partial_cmp(&self, other: &Self) -> Option<std::cmp::Ordering> {
        Some(self.cmp(other))
    }
}
impl Ord for Text {
    fn cmp(&self, other: &Self) -> std::cmp::Ordering {
        self.as_str().cmp(other.as_str())
    }
}
impl PartialEq<str> for Text {
    fn eq(&self, other: &str) -> bool {
        self.as_str() == other
    }
}
impl PartialEq<&str> for Text {
    fn eq(&self, other: &&str) -> bool {
        self.as_str() == *other
    }
}
impl From<&'static str> for Text {
    fn from(text: &'static str) -> Self {
        Text::Literal(text)
    }
}
impl From<String> for Text {
    fn from(text: String) -> Self {
        Text::Shared(text.into())
    }
}
impl From<Arc<str>> for Text {
    fn from(text: Arc<str>) -> Self {
        Text::Shared(text)
    }
}
