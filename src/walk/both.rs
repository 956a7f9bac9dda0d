//! Two visitors at once, so that an object is told only once.

use super::{Scalar, Visit};
use crate::origin::Origin;
use crate::text::Text;

/// Two visitors that hear the same.
pub struct Both<'v, A, B>(pub &'v mut A, pub &'v mut B);

impl<A: Visit, B: Visit> Visit for Both<'_, A, B> {
    fn map(&mut self) {
        self.0.map();
        self.1.map();
    }
    fn key(&mut self, key: &str) {
        self.0.key(key);
        self.1.key(key);
    }
    fn field(&mut self, key: &'static str) {
        self.0.field(key);
        self.1.field(key);
    }
    fn seq(&mut self) {
        self.0.seq();
        self.1.seq();
    }
    fn item(&mut self, key: Option<&str>) {
        self.0.item(key);
        self.1.item(key);
    }
    fn end(&mut self) {
        self.0.end();
        self.1.end();
    }
    fn leaf(&mut self, value: Scalar<'_>, origin: Origin) {
        self.0.leaf(value, origin);
        self.1.leaf(value, origin);
    }
    fn chosen(&mut self, key: &Text) {
        self.0.chosen(key);
        self.1.chosen(key);
    }
    fn named(&mut self, name: &Text) {
        self.0.named(name);
        self.1.named(name);
    }
    fn text(&mut self, text: &Text, origin: Origin) {
        self.0.text(text, origin);
        self.1.text(text, origin);
    }
    fn because(&mut self, origin: Origin) {
        self.0.because(origin);
        self.1.because(origin);
    }
    fn absent(&mut self, key: &str, origin: Origin) {
        self.0.absent(key, origin);
        self.1.absent(key, origin);
    }
    fn absent_item(&mut self, key: &str, origin: Origin) {
        self.0.absent_item(key, origin);
        self.1.absent_item(key, origin);
    }
    fn refers(&mut self, kind: &'static str) {
        self.0.refers(kind);
        self.1.refers(kind);
    }
}
