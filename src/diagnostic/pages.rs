//! The documentation pages of codes that are no checks: what `specc explain <code>` prints.
//!
//! A page is `src/diagnostic/pages/<code>.md`, embedded in the program. Checks have theirs beside their code, in the same
//! format, and use [`Page`] for it. It is Markdown with these parts, in this order:
//!
//! ````markdown
//! # <code>
//!
//! One sentence that says what the bad pattern is.
//!
//! ## What it finds
//! ## Why it matters
//! ## Example
//!
//! ```toml before <path>
//! for findings of history alone: a file of the earlier revision
//! ```
//!
//! ```toml bad <path>
//! a file that makes the finding; `json` for a JSON file
//! ```
//!
//! ```text expected
//! the finding in the `full` format, without colour, at width 100
//! ```
//!
//! ## Instead
//!
//! ```toml good <path>
//! the file without it
//! ```
//! ````
//!
//! `## Example` may have several `bad` blocks and `## Instead` several `good` blocks; both sets stand for themselves. Each
//! block replaces or adds a file of the small project that surrounds every example: `specc.toml` (project `shop`,
//! environments `dev` and `prod`), `dev/environment.toml`, `prod/environment.toml` and `services/shop.toml`. Text may stand
//! between the blocks. The `expected` block may be empty until the first blessing. Findings that no spec file can make
//! (about the disk, the output tree, or sizes) have one `console` block under `## Example` and no example to run.
//! The test of this module holds every page to this.

/// A documentation page.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Page {
    /// the code that it explains
    pub code: &'static str,
    /// the whole page, as Markdown
    pub text: &'static str,
}

/// What a page shows: files that make the finding, the finding, and files that do not. Pairs are path and text.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Example {
    /// of the earlier revision, for findings of history
    pub before: Vec<(&'static str, &'static str)>,
    /// with the finding
    pub bad: Vec<(&'static str, &'static str)>,
    /// without it
    pub good: Vec<(&'static str, &'static str)>,
    /// the finding in the `full` format; empty until it is blessed
    pub expected: &'static str,
}

/// The info string of the block that holds the finding.
const EXPECTED: &str = "text expected";

impl Page {
    /// The sentence below the heading: what the bad pattern is.
    pub fn summary(&self) -> &'static str {
        self.text.lines().skip(1).find(|line| !line.is_empty()).unwrap_or("")
    }

    /// The example, if the page has one to run.
    pub fn example(&self) -> Option<Example> {
        let mut example = Example::default();
        for (info, body) in self.blocks() {
            match info.split_once(' ').and_then(|(_, rest)| rest.split_once(' ')) {
                Some(("before", path)) => example.before.push((path, body)),
                Some(("bad", path)) => example.bad.push((path, body)),
                Some(("good", path)) => example.good.push((path, body)),
                _ if info == EXPECTED => example.expected = body,
                _ => {}
            }
        }
        (!example.bad.is_empty()).then_some(example)
    }

    /// The page with `finding` in its `expected` block: what blessing writes back.
    pub fn blessed(&self, finding: &str) -> String {
        let Some((_, old)) = self.blocks().into_iter().find(|(info, _)| *info == EXPECTED) else {
            return self.text.to_owned();
        };
        let fence = format!("```{EXPECTED}\n");
        self.text.replacen(&format!("{fence}{old}```"), &format!("{fence}{finding}```"), 1)
    }

    /// The fenced blocks: info string and body, which is empty or ends in a newline.
    fn blocks(&self) -> Vec<(&'static str, &'static str)> {
        let mut blocks = Vec::new();
        let mut rest = self.text;
        while let Some((_, opened)) = rest.split_once("\n```") {
            let Some((info, after)) = opened.split_once('\n') else { break };
            let end = if after.starts_with("```") { Some(0) } else { after.find("\n```").map(|end| end + 1) };
            let Some((body, closed)) = end.and_then(|end| after.split_at_checked(end)) else { break };
            blocks.push((info, body));
            rest = closed.strip_prefix("```").unwrap_or(closed);
        }
        blocks
    }
}

/// The page of a code that is no check.
pub fn page(code: &str) -> Option<&'static Page> {
    let index = PAGES.binary_search_by(|page| page.code.cmp(code)).ok()?;
    PAGES.get(index)
}

macro_rules! page {
    ($code:literal) => {
        Page { code: $code, text: include_str!(concat!("pages/", $code, ".md")) }
    };
}

/// All pages, sorted by code.
pub const PAGES: &[Page] = &[
    page!("bad-file-name"),
    page!("bad-path"),
    page!("cannot-read"),
    page!("cannot-write"),
    page!("check-cannot-be-lowered"),
    page!("check-needs-reason"),
    page!("conflict-in-ledger"),
    page!("dangling-reference"),
    page!("drift"),
    page!("duplicate-environment"),
    page!("duplicate-key"),
    page!("edited-file"),
    page!("environment-missing"),
    page!("extends-cycle"),
    page!("extends-too-deep"),
    page!("file-syntax"),
    page!("file-too-large"),
    page!("final-touched"),
    page!("foreign-file"),
    page!("input-too-large"),
    page!("invalid-value"),
    page!("kind-changed"),
    page!("list-too-long"),
    page!("manifest-not-object"),
    page!("manifest-syntax"),
    page!("missing-key"),
    page!("mixed-layout"),
    page!("nested-too-deep"),
    page!("no-project"),
    page!("no-services"),
    page!("not-a-folder"),
    page!("not-a-regular-file"),
    page!("not-utf8"),
    page!("nothing-to-explain"),
    page!("outside-project"),
    page!("overlay-for-nothing"),
    page!("overlay-noop"),
    page!("remove-of-nothing"),
    page!("reserved-name"),
    page!("string-too-long"),
    page!("toml-syntax"),
    page!("too-many-files"),
    page!("unknown-check"),
    page!("unknown-choice"),
    page!("unknown-environment"),
    page!("unknown-key"),
    page!("unknown-parent"),
    page!("unreadable-ledger"),
    page!("unreadable-revision"),
    page!("unusable-path"),
    page!("unusable-restore"),
    page!("waiver-expired"),
    page!("wrong-type"),
];

#[cfg(test)]
pub(crate) mod tests {
    use super::*;
    use std::path::Path;

    /// The codes of the files on disk, sorted.
    #[expect(clippy::disallowed_methods, reason = "the test compares the table with the folder")]
    fn files() -> Vec<String> {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/diagnostic/pages");
        let names =
            std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap());
        let mut codes: Vec<String> =
            names.map(|name| name.strip_suffix(".md").expect("only pages stand here").to_owned()).collect();
        codes.sort();
        codes
    }

    #[test]
    fn the_table_holds_every_file_in_order() {
        let lines = |codes: &[String]| {
            let lines: Vec<String> = codes.iter().map(|code| format!("    page!(\"{code}\"),")).collect();
            lines.join(
                "
",
            )
        };
        let table: Vec<String> = PAGES.iter().map(|page| page.code.to_owned()).collect();
        let files = files();
        let missing: Vec<String> = files.iter().filter(|code| !table.contains(code)).cloned().collect();
        assert!(missing.is_empty(), "add to PAGES in src/diagnostic/pages.rs:\n{}", lines(&missing));
        assert!(table == files, "PAGES is not sorted, it should be:\n{}", lines(&files));
    }

    /// Fails unless the page has the format.
    pub(crate) fn assert_format(page: &Page) {
        let Page { code, text } = page;
        assert!(text.starts_with(&format!("# {code}\n\n")), "{code}: heading");
        let summary = page.summary();
        assert!(
            summary.ends_with('.') && summary.len() < 160,
            "{code}: one sentence below the heading, not {summary:?}"
        );
        let headings: Vec<&str> = text.lines().filter(|line| line.starts_with("## ")).collect();
        let wanted = ["## What it finds", "## Why it matters", "## Example", "## Instead"];
        assert_eq!(headings, wanted, "{code}");
        assert!(text.ends_with('\n') && !text.ends_with("\n\n"), "{code}: one newline at the end");
        assert!(text.lines().all(|line| line.trim_end() == line), "{code}: spaces at the end of a line");
        assert_eq!(text.matches("\n```").count(), 2 * page.blocks().len(), "{code}: a block is not closed");
        for (info, _) in page.blocks() {
            let is_file = ["toml ", "json ", "yaml "]
                .iter()
                .filter_map(|format| info.strip_prefix(format))
                .any(|rest| ["before ", "bad ", "good "].iter().any(|role| rest.starts_with(role)));
            let known = info == EXPECTED || info == "console" || is_file;
            assert!(known, "{code}: unknown block {info:?}");
        }
        match page.example() {
            Some(example) => {
                assert!(!example.good.is_empty(), "{code}: show what to write instead");
                assert!(text.contains("\n```text expected\n"), "{code}: a block for the finding");
                assert_eq!(page.blessed(example.expected), *text, "{code}");
                assert_eq!(page.blessed("x\n").matches("```text expected\nx\n```\n").count(), 1, "{code}");
            }
            None => assert!(
                text.contains("\n```console\n$ "),
                "{code}: show it with commands, or with bad blocks"
            ),
        }
    }

    #[test]
    fn pages_have_the_format() {
        PAGES.iter().for_each(assert_format);
    }

    #[test]
    fn pages_are_found_by_code() {
        assert_eq!(page("unknown-key").map(|page| page.code), Some("unknown-key"));
        assert_eq!(page("no-such-code"), None);
    }

    #[test]
    fn blocks_are_parsed() {
        let page = Page {
            code: "x",
            text: "# x\n\nSays it.\n\n```toml bad services/a b.toml\nx = 1\n```\n\n```toml bad empty.toml\n```\n\n\
                   ```text expected\n```\n\n```toml good a.toml\ny = 1\n\n```\n",
        };
        assert_eq!(page.summary(), "Says it.");
        let example = page.example().unwrap();
        assert_eq!(example.bad, [("services/a b.toml", "x = 1\n"), ("empty.toml", "")]);
        assert_eq!(example.good, [("a.toml", "y = 1\n\n")]);
        assert_eq!(example.expected, "");
        assert!(page.blessed("found\n").contains("```text expected\nfound\n```\n"));
    }
}
