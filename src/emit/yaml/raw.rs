//! What a printer of templates needs: text that is no YAML yet, in the places where YAML goes.

use super::{Before, Yaml, pad, scalar};

impl Yaml<'_> {
    /// Writes `text` as it is where a leaf stands. No control character that it holds can come from anywhere else:
    /// strings and keys are written with escapes.
    pub(crate) fn raw_leaf(&mut self, text: &str) {
        self.space();
        self.out.push_str(text);
        self.finish_line();
    }

    /// Writes `text` as it is on a line of its own, where the innermost map's keys or list's dashes stand.
    pub(crate) fn raw_line(&mut self, text: &str) {
        if matches!(self.before, Before::Key | Before::Dash) {
            self.out.push('\n');
        }
        pad(self.indent(), self.out);
        self.out.push_str(text);
        self.finish_line();
    }

    /// Writes a string in double quotes, whatever it is.
    pub(crate) fn quoted(&mut self, text: &str) {
        self.space();
        scalar::double(text, self.out);
        self.finish_line();
    }
}

#[cfg(test)]
mod tests {
    use crate::emit::yaml::Yaml;
    use crate::origin::{GRACE, Origin};
    use crate::walk::{Scalar, Visit};

    #[test]
    fn raw_lines_stand_at_the_keys_and_dashes_around_them() {
        let mut out = String::new();
        let mut y = Yaml::new(&mut out);
        y.raw_line("<a>");
        y.map();
        y.key("list");
        y.seq();
        y.raw_line("<b>");
        y.item(None);
        y.map();
        y.raw_line("<c>");
        y.key("k");
        y.raw_leaf("<d>");
        y.end();
        y.end();
        y.key("text");
        y.quoted("a\nb");
        y.key("number");
        y.leaf(Scalar::Int(1), Origin::rule(GRACE));
        y.end();
        assert_eq!(out, "<a>\nlist:\n<b>\n-\n  <c>\n  k: <d>\ntext: \"a\\nb\"\nnumber: 1\n");
    }
}
