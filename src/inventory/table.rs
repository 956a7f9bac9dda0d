//! Rows of text: in columns for people, one line each, or as Markdown.

use crate::diagnostic::clean::one_line;

/// A list with a header.
#[derive(Clone, Debug)]
pub struct Table {
    /// the names of the columns
    pub header: Vec<String>,
    /// the rows, each with a text for every column
    pub rows: Vec<Vec<String>>,
}

impl Table {
    /// In columns that are as wide as their widest text; control characters are shown as escapes.
    pub fn columns(&self) -> String {
        let rows = || std::iter::once(&self.header).chain(&self.rows);
        let clean: Vec<Vec<String>> =
            rows().map(|row| row.iter().map(|text| one_line(text)).collect()).collect();
        let wide = |column: usize| {
            clean.iter().filter_map(|row| row.get(column)).map(|text| text.chars().count()).max().unwrap_or(0)
        };
        let widths: Vec<usize> = (0..self.header.len()).map(wide).collect();
        let mut out = String::new();
        for row in &clean {
            let mut line = String::new();
            for (text, width) in row.iter().zip(&widths) {
                line.push_str(&format!("{text:width$}  "));
            }
            out.push_str(line.trim_end());
            out.push('\n');
        }
        out
    }

    /// One line a row, without a header: the texts with tabs between them.
    pub fn lines(&self) -> String {
        let line =
            |row: &Vec<String>| row.iter().map(|text| one_line(text)).collect::<Vec<_>>().join("\t") + "\n";
        self.rows.iter().map(line).collect()
    }

    /// A table of Markdown, as GitHub reads it.
    pub fn markdown(&self) -> String {
        let cell =
            |text: &String| one_line(text).replace('\\', "\\\\").replace('|', "\\|").replace('`', "\\`");
        let line =
            |row: &Vec<String>| format!("| {} |\n", row.iter().map(cell).collect::<Vec<_>>().join(" | "));
        let rule = format!("|{}\n", "---|".repeat(self.header.len()));
        line(&self.header) + &rule + &self.rows.iter().map(line).collect::<String>()
    }
}

#[cfg(test)]
mod tests {
    use super::Table;

    #[test]
    fn columns_lines_and_markdown() {
        let row = |texts: [&str; 2]| texts.map(str::to_owned).to_vec();
        let table =
            Table { header: row(["NAME", "dev"]), rows: vec![row(["A", "x|y"]), row(["LONGER", "a\nb"])] };
        assert_eq!(table.columns(), "NAME    dev\nA       x|y\nLONGER  a\\nb\n");
        assert_eq!(table.lines(), "A\tx|y\nLONGER\ta\\nb\n");
        assert_eq!(table.markdown(), "| NAME | dev |\n|---|---|\n| A | x\\|y |\n| LONGER | a\\\\nb |\n");
    }
}
