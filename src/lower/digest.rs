//! A hash of a part of an object, and the origins of all that went into it: for names that change with what they name.

use std::fmt::Write as _;

use sha2::{Digest, Sha256};

use crate::origin::Origin;
use crate::walk::{Scalar, Visit};

/// Hashes what it visits: structure, keys and leaves, each with its length, so that no two parts look alike.
#[derive(Default)]
pub(super) struct Digested {
    hash: Sha256,
    origins: Vec<Origin>,
}

impl Digested {
    /// Ten hexadecimal digits, and where the leaves came from.
    pub(super) fn finish(self) -> (String, Vec<Origin>) {
        let mut text = String::new();
        for byte in self.hash.finalize().iter().take(5) {
            // writing to a string cannot fail
            let _ = write!(text, "{byte:02x}");
        }
        (text, self.origins)
    }

    fn part(&mut self, kind: u8, text: &[u8]) {
        self.hash.update([kind]);
        self.hash.update((text.len() as u64).to_le_bytes());
        self.hash.update(text);
    }
}

impl Visit for Digested {
    fn map(&mut self) {
        self.part(b'{', b"");
    }
    fn key(&mut self, key: &str) {
        self.part(b'k', key.as_bytes());
    }
    fn seq(&mut self) {
        self.part(b'[', b"");
    }
    fn item(&mut self, _: Option<&str>) {
        self.part(b'-', b"");
    }
    fn end(&mut self) {
        self.part(b'}', b"");
    }
    fn because(&mut self, origin: Origin) {
        self.origins.push(origin);
    }
    fn absent(&mut self, _: &str, origin: Origin) {
        self.origins.push(origin);
    }
    fn absent_item(&mut self, _: &str, origin: Origin) {
        self.origins.push(origin);
    }
    fn leaf(&mut self, value: Scalar<'_>, origin: Origin) {
        self.origins.push(origin);
        match value {
            Scalar::Str(text) => self.part(b's', text.as_bytes()),
            Scalar::Int(number) => self.part(b'i', &number.to_le_bytes()),
            Scalar::Number(digits) => self.part(b'n', digits.as_bytes()),
            Scalar::Bool(truth) => self.part(b'b', &[u8::from(truth)]),
            Scalar::EmptyMap => self.part(b'e', b""),
        }
    }
}
