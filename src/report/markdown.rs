//! Markdown: the report as a page for a wiki or a pull request, with the views that people read.

use crate::report::model::{Align, Report, Section, Table};
use crate::report::safe;

/// Renders a report as GitHub-flavoured Markdown.
#[must_use]
pub fn render(report: &Report) -> String {
    let mut out = String::new();
    if !report.title.is_empty() {
        out.push_str(&format!("# {}\n\n", safe::markdown(&report.title)));
    }
    for (at, line) in report.headline.iter().enumerate() {
        let line = safe::markdown(line);
        // The first line is the story; the others tell more about it.
        out.push_str(&if at == 0 {
            format!("**{line}**\n\n")
        } else {
            format!("{line}\n\n")
        });
    }
    for section in &report.sections {
        render_section(section, &mut out);
    }
    if !report.foot.is_empty() {
        out.push_str("---\n\n");
        push_list(&report.foot, &mut out);
    }
    out.truncate(out.trim_end().len());
    out.push('\n');
    out
}

fn render_section(section: &Section, out: &mut String) {
    if !section.title.is_empty() {
        out.push_str(&format!("## {}\n\n", safe::markdown(&section.title)));
    }
    for line in &section.lead {
        out.push_str(&format!("{}\n\n", safe::markdown(line)));
    }
    if let Some(table) = section.table.as_ref().filter(|table| table.is_seen()) {
        render_table(table, out);
    }
    push_list(&section.notes, out);
}

fn push_list(lines: &[String], out: &mut String) {
    for line in lines {
        out.push_str(&format!("- {}\n", safe::markdown(line)));
    }
    if !lines.is_empty() {
        out.push('\n');
    }
}

fn render_table(table: &Table, out: &mut String) {
    let grid = table.grid();
    let escaped =
        |cells: &[String]| -> Vec<String> { cells.iter().map(|cell| safe::markdown(cell)).collect() };
    push_row(
        &grid
            .heads
            .iter()
            .map(|head| safe::markdown(&head.text))
            .collect::<Vec<_>>(),
        out,
    );
    let rule = |align| if align == Align::Right { "---:" } else { "---" }.to_owned();
    push_row(
        &grid.heads.iter().map(|head| rule(head.align)).collect::<Vec<_>>(),
        out,
    );
    grid.rows.iter().for_each(|row| push_row(&escaped(row), out));
    if let Some(total) = &grid.total {
        let strong = |text: String| {
            if text.is_empty() {
                text
            } else {
                format!("**{text}**")
            }
        };
        push_row(&escaped(total).into_iter().map(strong).collect::<Vec<_>>(), out);
    }
    out.push('\n');
}

fn push_row(cells: &[String], out: &mut String) {
    out.push_str(&format!("| {} |\n", cells.join(" | ")));
}
