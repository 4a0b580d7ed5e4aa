//! Small pieces of Markdown and numbers that every file of a draft is written with.

use crate::automation::Range3;
use crate::automation::draft::File;
use crate::compose::scene::Scene;
use crate::report::safe;

/// Picks the headings of a table in the reader's language.
pub(super) fn heads<const N: usize>(
    scene: &Scene<'_>,
    names: [(&'static str, &'static str); N],
) -> [&'static str; N] {
    names.map(|(ja, en)| scene.pick(ja, en))
}

/// Grows a Markdown file line by line.
#[derive(Debug, Default)]
pub(super) struct Page {
    text: String,
}

impl Page {
    pub(super) fn line(&mut self, text: impl AsRef<str>) -> &mut Self {
        self.text.push_str(text.as_ref());
        self.text.push('\n');
        self
    }

    /// A paragraph, set apart by a blank line.
    pub(super) fn paragraph(&mut self, text: impl AsRef<str>) -> &mut Self {
        self.gap().line(text)
    }

    pub(super) fn heading(&mut self, text: &str) -> &mut Self {
        self.gap().line(format!("## {text}"))
    }

    /// A list, set apart by a blank line; nothing if it is empty.
    pub(super) fn list(&mut self, mark: &str, items: &[String]) -> &mut Self {
        if !items.is_empty() {
            self.gap();
            items.iter().for_each(|item| {
                self.line(format!("{mark} {item}"));
            });
        }
        self
    }

    /// A table whose cells are Markdown already.
    pub(super) fn table(&mut self, head: &[&str], rows: &[Vec<String>]) -> &mut Self {
        self.gap().line(format!("| {} |", head.join(" | ")));
        self.line(format!("|{}", " --- |".repeat(head.len())));
        rows.iter().for_each(|row| {
            self.line(format!("| {} |", row.join(" | ")));
        });
        self
    }

    fn gap(&mut self) -> &mut Self {
        if !self.text.is_empty() {
            self.text.push('\n');
        }
        self
    }

    pub(super) fn into_file(self, path: &str) -> File {
        File {
            path: path.to_owned(),
            text: self.text,
        }
    }
}

/// Text of a table cell, where a bar would end it.
pub(super) fn cell(text: &str) -> String {
    safe::plain(text).replace('\\', "\\\\").replace('|', "\\|")
}

/// Code in a line, as it is: a fence longer than any run of back-ticks in the text, so that none ends it.
pub(super) fn code(text: &str) -> String {
    let text = safe::plain(text);
    let runs = text.split(|c| c != '`').map(str::len);
    let fence = "`".repeat(runs.max().unwrap_or(0) + 1);
    // A blank on either side keeps a back-tick at the end apart from the fence; readers of Markdown drop it.
    let blank = if text.starts_with('`') || text.ends_with('`') {
        " "
    } else {
        ""
    };
    format!("{fence}{blank}{text}{blank}{fence}")
}

/// Code in a cell of a table, where a bar would end the cell inside of code too unless a backslash stands before it.
pub(super) fn code_cell(text: &str) -> String {
    code(text).replace('|', "\\|")
}

/// A figure with one decimal below ten, none above.
pub(super) fn number(value: f64) -> String {
    let rounded = if value.abs() < 9.95 {
        format!("{value:.1}")
    } else {
        format!("{value:.0}")
    };
    match rounded.as_str() {
        "-0.0" => "0.0".to_owned(),
        "-0" => "0".to_owned(),
        _ => rounded.replace('-', "−"),
    }
}

/// A median with its interval.
pub(super) fn range(range: Range3) -> String {
    format!(
        "{} [{}, {}]",
        number(range.p50),
        number(range.p10),
        number(range.p90)
    )
}

pub(super) fn percent(share: f64) -> String {
    format!("{:.0} %", share * 100.0)
}

/// A share with its interval, in percent.
pub(super) fn percents(share: Range3) -> String {
    format!(
        "{:.0} % [{:.0}, {:.0}]",
        share.p50 * 100.0,
        share.p10 * 100.0,
        share.p90 * 100.0
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn figures_are_rounded_for_people() {
        assert_eq!(number(-0.04), "0.0");
        assert_eq!(number(9.96), "10");
        assert_eq!(number(-3.25), "−3.2");
    }

    #[test]
    fn code_cannot_be_left() {
        assert_eq!(code("a | b"), "`a | b`");
        assert_eq!(code("echo `id`"), "`` echo `id` ``");
        assert_eq!(code("a``b`c"), "```a``b`c```");
        assert_eq!(code_cell("^(a|b)$"), "`^(a\\|b)$`");
    }
}
