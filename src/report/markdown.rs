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
    for line in &report.headline {
        out.push_str(&format!("**{}**\n\n", safe::markdown(line)));
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
    if let Some(table) = &section.table {
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
    let headings: Vec<String> = table
        .views
        .iter()
        .map(|view| safe::markdown(&view.heading))
        .collect();
    push_row(&headings, out);
    let rules: Vec<String> = table
        .views
        .iter()
        .map(|view| if view.align == Align::Right { "---:" } else { "---" }.to_owned())
        .collect();
    push_row(&rules, out);
    for row in &table.rows {
        let cells: Vec<String> = table
            .views
            .iter()
            .map(|view| safe::markdown(&table.seen(row, &view.show)))
            .collect();
        push_row(&cells, out);
    }
    if let Some(total) = table.total_row() {
        let cells: Vec<String> = table
            .views
            .iter()
            .map(|view| safe::markdown(&table.seen_total(&total, view)))
            .map(|text| {
                if text.is_empty() {
                    text
                } else {
                    format!("**{text}**")
                }
            })
            .collect();
        push_row(&cells, out);
    }
    out.push('\n');
}

fn push_row(cells: &[String], out: &mut String) {
    out.push_str(&format!("| {} |\n", cells.join(" | ")));
}
