//! The terminal: tables that hold at any width with full-width text, drawn by comfy-table.
//!
//! Widths are measured in columns as a terminal draws them, so Japanese text lines up. Views that do not fit a
//! narrow terminal are left out from the right of importance (see [`View::from_width`](crate::report::View::from_width)), never cut in half.

use comfy_table::{Cell as Drawn, CellAlignment, ContentArrangement, Table as Drawing};
use unicode_width::{UnicodeWidthChar, UnicodeWidthStr};

use crate::report::model::{Align, Report, Section, Table};

/// Narrowest width that is drawn; below it lines are as wide as this.
pub const NARROWEST: usize = 60;

/// Renders a report for a terminal that is `width` columns wide.
///
/// No line of a table is wider than the terminal from [`NARROWEST`] columns on. Sentences are wrapped.
#[must_use]
pub fn render(report: &Report, width: usize) -> String {
    let width = width.max(NARROWEST);
    let mut out = String::new();
    if !report.title.is_empty() {
        push_wrapped(&report.title, width, "", &mut out);
        out.push_str(&format!("{}\n", "─".repeat(report.title.width().min(width))));
    }
    for line in &report.headline {
        push_wrapped(line, width, "", &mut out);
    }
    for section in &report.sections {
        if !out.is_empty() {
            out.push('\n');
        }
        render_section(section, width, &mut out);
    }
    if !report.foot.is_empty() {
        out.push('\n');
        report
            .foot
            .iter()
            .for_each(|line| push_wrapped(line, width, "", &mut out));
    }
    out
}

fn render_section(section: &Section, width: usize, out: &mut String) {
    if !section.title.is_empty() {
        push_wrapped(&format!("■ {}", section.title), width, "", out);
    }
    section
        .lead
        .iter()
        .for_each(|line| push_wrapped(line, width, "", out));
    if let Some(table) = &section.table {
        out.push_str(&draw(table, width));
        out.push('\n');
    }
    section
        .notes
        .iter()
        .for_each(|line| push_wrapped(line, width, "  ", out));
}

fn draw(table: &Table, width: usize) -> String {
    let grid = table.grid();
    let fits: Vec<bool> = grid.heads.iter().map(|head| head.from_width <= width).collect();
    let pick = |cells: &[String]| -> Vec<Drawn> {
        let shown = cells
            .iter()
            .zip(&grid.heads)
            .zip(&fits)
            .filter(|(_, fits)| **fits);
        shown.map(|((text, head), _)| aligned(text, head.align)).collect()
    };
    let heads: Vec<String> = grid.heads.iter().map(|head| head.text.clone()).collect();
    let mut drawing = Drawing::new();
    drawing.load_style(comfy_table::presets::UTF8_HORIZONTAL_ONLY);
    drawing.set_content_arrangement(ContentArrangement::Dynamic);
    drawing.set_width(u16::try_from(width).unwrap_or(u16::MAX));
    drawing.set_header(pick(&heads));
    for row in grid.rows.iter().chain(&grid.total) {
        drawing.add_row(pick(row));
    }
    drawing
        .lines()
        .map(|line| line.trim_end().to_owned())
        .collect::<Vec<_>>()
        .join("\n")
}

fn aligned(text: &str, align: Align) -> Drawn {
    Drawn::new(text).set_alignment(if align == Align::Right {
        CellAlignment::Right
    } else {
        CellAlignment::Left
    })
}

/// Wraps a sentence to the width: at blanks where there are some, between full-width characters otherwise.
fn push_wrapped(line: &str, width: usize, indent: &str, out: &mut String) {
    let mut column = indent.width();
    out.push_str(indent);
    for word in words(line) {
        let wide = word.width();
        if column + word.trim_end().width() > width && column > indent.width() {
            out.truncate(out.trim_end_matches(' ').len());
            out.push('\n');
            out.push_str(indent);
            column = indent.width();
        }
        out.push_str(word);
        column += wide;
    }
    out.truncate(out.trim_end_matches(' ').len());
    out.push('\n');
}

/// Cuts a line into pieces that stay together: Latin words with their trailing blank, single full-width characters
/// with the closing marks after them.
fn words(line: &str) -> Vec<&str> {
    let mut pieces = Vec::new();
    let mut start = 0;
    let mut previous: Option<char> = None;
    for (at, c) in line.char_indices() {
        if let Some(before) = previous {
            let wide = before.width().unwrap_or(0) > 1 || c.width().unwrap_or(0) > 1;
            let closes = matches!(
                c,
                '。' | '、' | '」' | '）' | ')' | ' ' | ',' | '.' | ':' | '%' | '〕' | '』'
            );
            if (before == ' ' || wide) && !closes && !matches!(before, '「' | '（' | '(' | '『') {
                pieces.push(&line[start..at]);
                start = at;
            }
        }
        previous = Some(c);
    }
    pieces.push(&line[start..]);
    pieces
}
