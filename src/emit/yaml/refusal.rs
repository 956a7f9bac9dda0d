//! What no YAML may hold. YAML 1.2 section 5.1 leaves these characters out; readers differ on them even when escaped.

use std::fmt;

use super::class::{self, classes};

/// Why a text cannot be written to YAML in good conscience.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Refusal {
    /// a character that is a control or no character at all
    Character {
        /// the character
        character: char,
        /// bytes before it
        at: usize,
    },
    /// the key `<<`, which YAML 1.1 takes for a merge
    MergeKey,
}

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Refusal::Character { character, .. } => {
                write!(f, "the character U+{:04X}, which no YAML reader may see", u32::from(*character))
            }
            Refusal::MergeKey => f.write_str("the key `<<`, which some YAML readers take for a merge"),
        }
    }
}

/// What in `text` must not be written: C0 except newline and tab, DEL, C1, noncharacters.
pub fn refused(text: &str) -> Option<Refusal> {
    if classes(text) & (class::CONTROL | class::WIDE) == 0 {
        return None;
    }
    let (at, character) = text.char_indices().find(|(_, character)| is_refused(*character))?;
    Some(Refusal::Character { character, at })
}

/// What in `key` must not be written as a key: as [`refused`], and `<<`.
pub fn refused_key(key: &str) -> Option<Refusal> {
    if key == "<<" { Some(Refusal::MergeKey) } else { refused(key) }
}

fn is_refused(character: char) -> bool {
    match character {
        '\n' | '\t' => false,
        '\u{0}'..='\u{1f}' | '\u{7f}'..='\u{9f}' | '\u{fdd0}'..='\u{fdef}' => true,
        _ => u32::from(character) & 0xfffe == 0xfffe,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn controls_and_noncharacters_are_refused_with_their_place() {
        for (text, character, at) in [
            ("a\0", '\0', 1),
            ("\u{1b}[0m", '\u{1b}', 0),
            ("line\r\n", '\r', 4),
            ("\u{7f}", '\u{7f}', 0),
            ("é\u{85}", '\u{85}', 2),
            ("\u{fdd0}", '\u{fdd0}', 0),
            ("\u{ffff}", '\u{ffff}', 0),
            ("\u{1fffe}", '\u{1fffe}', 0),
        ] {
            assert_eq!(refused(text), Some(Refusal::Character { character, at }), "{text:?}");
        }
    }

    #[test]
    fn text_that_is_merely_odd_is_not_refused() {
        for text in ["", "a\tb\nc", "<<", "\u{2028}", "\u{feff}", "\u{202e}", "\u{e000}", "\u{1f600}", "é"] {
            assert_eq!(refused(text), None, "{text:?}");
        }
        assert_eq!(refused_key("<<"), Some(Refusal::MergeKey));
        assert_eq!(refused_key("<<<"), None);
    }
}
