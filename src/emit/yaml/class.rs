//! What the bytes of a string mean for YAML: one look into a table for each byte, joined to one set for the string.

/// A set of classes; zero for bytes that are safe anywhere and could stand in a number or date.
pub(super) type Classes = u8;

/// C0 except newline and tab, and DEL: no reader may see them.
pub(super) const CONTROL: Classes = 1;
/// newline
pub(super) const NEWLINE: Classes = 2;
/// tab
pub(super) const TAB: Classes = 4;
/// part of a character outside ASCII
pub(super) const WIDE: Classes = 8;
/// means something to YAML somewhere inside a string, or looks as if it did: quotes, brackets, `#`, backslash, backtick
pub(super) const MARK: Classes = 16;
/// a colon
pub(super) const COLON: Classes = 32;
/// a space
pub(super) const SPACE: Classes = 64;
/// cannot stand in any reader's number or date
pub(super) const WORD: Classes = 128;

static CLASSES: [Classes; 256] = table();

#[expect(clippy::indexing_slicing, reason = "runs at compile time, where a bad index is a compile error")]
#[expect(clippy::cast_possible_truncation, reason = "the index stays below 256")]
const fn table() -> [Classes; 256] {
    let mut table = [0; 256];
    let mut index = 0;
    while index < 256 {
        let byte = index as u8;
        table[index] = match byte {
            b'\n' => NEWLINE | WORD,
            b'\t' => TAB | WORD,
            0x00..=0x1f | 0x7f => CONTROL | WORD,
            0x80.. => WIDE | WORD,
            b'"' | b'\'' | b'#' | b'[' | b']' | b'{' | b'}' | b'\\' | b'`' => MARK | WORD,
            b':' => COLON,
            b' ' => SPACE,
            // Hexadecimal, octal and binary numbers with underscores, floats, sexagesimals, timestamps, thousands.
            b'0'..=b'9'
            | b'a'..=b'f'
            | b'A'..=b'F'
            | b'+'
            | b'-'
            | b'.'
            | b','
            | b'_'
            | b'x'
            | b'X'
            | b'o'
            | b'O'
            | b'p'
            | b'P'
            | b't'
            | b'T'
            | b'z'
            | b'Z' => 0,
            _ => WORD,
        };
        index += 1;
    }
    table
}

/// The classes of all bytes of `text` together.
pub(super) fn classes(text: &str) -> Classes {
    text.bytes().fold(0, |seen, byte| seen | CLASSES.get(usize::from(byte)).copied().unwrap_or(CONTROL))
}

/// Whether each reader takes a character outside ASCII as it is, and a person sees it: not what breaks lines, turns the
/// direction of text, has no width, is for private use or is no character at all.
pub(super) fn is_visible(character: char) -> bool {
    match character {
        ' '..='~' => true,
        '\u{2000}'..='\u{200f}' | '\u{2028}'..='\u{202f}' | '\u{205f}'..='\u{206f}' | '\u{3000}' => false,
        '\u{a1}'..='\u{d7ff}' => !matches!(character, '\u{ad}' | '\u{61c}' | '\u{1680}' | '\u{180e}'),
        '\u{f900}'..='\u{fdcf}' | '\u{fdf0}'..='\u{fffd}' => {
            !matches!(character, '\u{feff}' | '\u{fff9}'..='\u{fffb}')
        }
        '\u{10000}'..='\u{dffff}' => u32::from(character) & 0xfffe != 0xfffe,
        _ => false,
    }
}
