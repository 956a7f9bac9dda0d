//! Strings that YAML, or what reads it, could take for something else.

/// The corpus, each string once. Whoever prints text tries its printer on all of them.
///
/// Very long ones are made where they are needed: see [`long`].
#[rustfmt::skip]
pub(crate) const HOSTILE: &[&str] = &[
    // words of YAML 1.1 and 1.2
    "y", "Y", "n", "N", "yes", "Yes", "YES", "no", "No", "NO", "on", "On", "ON", "off", "Off", "OFF",
    "true", "True", "TRUE", "false", "False", "FALSE", "null", "Null", "NULL", "~", "nan", "NaN", "inf",
    "-inf", "infinity", "Infinity", "none", "None", "nil", "undefined", "tRuE", "nO",
    // numbers
    "0", "1", "-1", "+1", "007", "08", "0o7", "0O17", "0x1f", "0X1F", "-0xff", "0b101", "1_000", "1__0",
    "_1", "1_", "+_1", "1,000", "1.0", "1.", ".5", "+.5", "-.5", "1e3", "1E3", "1e+3", "1.5e-3", "1.0e+21",
    "e1", "E5", "-e1", ".inf", "-.inf", "+.inf", ".Inf", ".INF", ".nan", ".NaN", ".NAN", "0x1p4",
    "9223372036854775808", "123456789012345678901234567890", "00:00", "1:30", "12:30:45", "190:20:30",
    "190:20:30.15", "1:2:3:4",
    // dates
    "2001-01-01", "2001-1-1", "2001-01-01T00:00:00Z", "2001-12-14t21:59:43.10-05:00",
    "2001-12-14 21:59:43.10 -5", "12-24",
    // indicators
    "-", "- a", "-a", "--", "---", "--- a", "----", "...", "... a", ".", "..", "%YAML 1.2", "%TAG ! x",
    "? a", "?a", "?", ": a", ":", ":a", "a:", "a: b", "a:b", "a :b", "key: v", "key: 'v", "a #b", "a#b",
    "# c", "#", "#c", "<<", "<<: *a", "=", "= a", "&a", "&a b", "*a", "*", "**", "!", "!!", "!!str a",
    "!!python/object/apply:os.system [id]", "!t", "|", "|-", "> a", ">", "|2", "@a", "`a`", "[", "]", "[a",
    "[a, b]", "{", "}", "{a: b}", "{a}", ",", ", a", "a, b", "a,b", "a]", "a}",
    // templates and substitutions
    "{{ }}", "{{ .Values.x }}", "{{- end }}", "${{ secrets.X }}", "$(X)", "$$(X)", "${X}", "$X", "`id`",
    "$(id)", "%s", "%(x)s", "<%= x %>", "{% raw %}", "\\n", "\\", "\\\\", "\\x41", "\\u0041",
    // quotes
    "'", "''", "'''", "'a'", "'a", "a'", "it's", "\"", "\"\"", "\"a\"", "\"a", "a\"", "'\"", "\"'",
    "a\" #b", "a' #b", "'a': b",
    // spaces
    "", " ", "  ", " a", "a ", "  a  ", "a  b", "\t", "\ta", "a\t", "a\tb", " \t ", "\t- a", "a:\tb",
    "a\t#b",
    // lines
    "\n", "\n\n", "a\n", "a\n\n", "a\n\n\n", "\na", "\n\na", "a\nb", "a\nb\n", "a\n\nb", "a\n\n\nb\n\n",
    " a\nb", "  a\n b\n", "a\n b\n  c", "a\n  \nb", "a\n\t\nb", "a \nb \n", "a\n ", "a\n\t", "\ta\nb",
    "a\n\tb", "a\nb ", "\n a", "\n\ta", " \na", "a\n# c\nb", "# c\na", "a\n---\nb", "---\na", "a\n...\nb\n",
    "a: b\nc: d\n", "- a\n- b\n", "a\n'b\n\"c\n", "a\\\nb", "%YAML 1.2\n---\na", "a\n- b: |\n    c\n",
    "#!/bin/sh\nset -eu\nexec \"$@\"\n", "{\n  \"a\": [1, 2]\n}\n",
    "x\n---\napiVersion: v1\nkind: Secret\n",
    // line ends that are not newlines
    "\r", "\r\n", "a\rb", "a\r\nb", "a\r\nb\r\n", "a\n\rb", "\u{85}", "a\u{85}b", "\u{2028}", "a\u{2028}b",
    "\u{2029}", "a\u{2029}b", "a\n\u{2028}b", "\u{b}", "\u{c}", "a\u{c}b",
    // not visible
    "\u{feff}", "\u{feff}a", "a\u{feff}", "a\u{feff}\nb", "\u{a0}", "\u{a0}a", "a\u{a0}#b", "a:\u{a0}b",
    "\u{ad}", "\u{200b}", "\u{200b}a", "\u{200d}", "\u{200e}", "\u{202e}a\u{202c}", "\u{2066}a\u{2069}",
    "\u{61c}", "\u{2060}", "\u{3000}", "\u{2003}a", "\u{180e}", "\u{1680}", "\u{fff9}", "\u{e000}",
    "\u{e0041}", "\u{f0000}", "a\n\u{202e}b",
    // controls
    "\u{0}", "a\u{0}b", "\u{1}", "\u{7}", "\u{8}", "\u{1b}[31m", "\u{1b}]0;t\u{7}", "\u{1f}", "\u{7f}",
    "\u{80}", "\u{9b}31m", "\u{9f}",
    // no characters
    "\u{fffe}", "\u{ffff}", "\u{fdd0}", "\u{1fffe}", "\u{10ffff}",
    // letters of the world
    "\u{e9}", "Gr\u{f6}\u{df}e", "\u{65e5}\u{672c}\u{8a9e}",
    "\u{627}\u{644}\u{639}\u{631}\u{628}\u{64a}\u{629}", "e\u{301}", "\u{301}", "\u{1f600}",
    "\u{1f469}\u{200d}\u{1f4bb}", "\u{2744}\u{fe0f}", "\u{131}", "\u{130}", "\u{df}", "\u{fffd}",
    "\u{10000}", "\u{1d7cf}", "\u{4e00}: \u{4e8c}", "\u{e9} #\u{e9}", "\u{e9}\n\u{e8}\n",
    // what ends or opens something in another format
    "</script>", "]]>", "*/", "'; DROP TABLE a; --", "::error::a", "%0A", "../../etc/passwd", "a/../b",
    "C:\\a", "//", "file:///etc/passwd", "@everyone", "=1+1", "+1+1", "-1+1", "|a|", "[a](b)", "<a>",
    "&amp;",
    // ordinary
    "a", "api", "orders-api", "500m", "64Mi", "25%", "12s", "15 2 * * *", "* * * * *", "10.0.0.0/8",
    "1.2.3.4", "::1", "http://a:80/b?c=d&e=f#g", "registry.acme.dev/a/b:1.2@sha256:00",
    "max-age=31536000; includeSubDomains", "--flag=value", "-c", "a=b,c=d", "^/v[0-9]+$", "User-Agent: x",
    "1.2.3", "v1.2", "1Gi", "0.5", "100k", "sha256:e3b0", "12345678", "1e10", "1234e5678", "0e12345",
];

/// Strings whose danger is their length: a word, a line of words, many lines, and one that needs escapes.
pub(crate) fn long() -> [String; 4] {
    ["a".repeat(70_000), "a: b ".repeat(10_000), "a b\n".repeat(5_000), "\u{1}".repeat(2_000)]
}
