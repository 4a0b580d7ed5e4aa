//! The terminal: tables that hold at any width with full-width text, drawn by comfy-table.
//!
//! Widths are measured in columns as a terminal draws them, so Japanese text lines up. Views that do not fit a
//! narrow terminal are left out from the right of importance (see [`View::from_width`](crate::report::View::from_width)), never cut in half.

use std::collections::BTreeMap;

use comfy_table::{
    Cell as Drawn, CellAlignment, ColumnConstraint, ContentArrangement, Row, Table as Drawing, Width,
};
use comfy_table::{ContentLineStyle, LineStyle, TableStyle};
use unicode_width::UnicodeWidthStr;

use crate::report::model::{Align, Grid, Report, Section, Table};
use crate::report::wrap;

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
    for section in report.sections.iter().filter(|section| section.is_seen()) {
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

/// Returns the headings that a terminal of this width has no room for, each once, in reading order, and the width that
/// would show them all.
#[must_use]
pub fn left_out(report: &Report, width: usize) -> (Vec<String>, usize) {
    let width = width.max(NARROWEST);
    let mut names: Vec<String> = Vec::new();
    let mut needed = width;
    let tables = report
        .sections
        .iter()
        .filter(|section| section.is_seen())
        .filter_map(|section| section.table.as_ref());
    for head in tables.flat_map(|table| table.grid().heads) {
        if head.from_width > width {
            needed = needed.max(head.from_width);
            if !names.contains(&head.text) {
                names.push(head.text);
            }
        }
    }
    (names, needed)
}

fn render_section(section: &Section, width: usize, out: &mut String) {
    if !section.title.is_empty() {
        push_wrapped(&format!("■ {}", section.title), width, "", out);
    }
    section
        .lead
        .iter()
        .for_each(|line| push_wrapped(line, width, "", out));
    if let Some(table) = section.table.as_ref().filter(|table| table.is_seen()) {
        out.push_str(&draw(table, width));
        out.push('\n');
    }
    section
        .notes
        .iter()
        .for_each(|line| push_wrapped(line, width, "  ", out));
}

/// A line above the heads, below them, and at the foot; rows stand close together.
const STYLE: TableStyle = TableStyle::new()
    .top_border(LineStyle::none().fill('─').junction('─'))
    .header_lines(ContentLineStyle::none().junction(' '))
    .header_separator(LineStyle::none().fill('─').junction('─'))
    .content_lines(ContentLineStyle::none().junction(' '))
    .bottom_border(LineStyle::none().fill('─').junction('─'));

/// Most lines that a row takes; the rest of a longer text is cut with an ellipsis.
const ROW_LINES: usize = 3;

fn draw(table: &Table, width: usize) -> String {
    let grid = table.grid();
    let shown: Vec<usize> = (0..grid.heads.len())
        .filter(|at| grid.heads[*at].from_width <= width)
        .collect();
    let mut drawing = Drawing::new();
    drawing.load_style(STYLE);
    drawing.set_truncation_indicator("…");
    drawing.set_content_arrangement(ContentArrangement::Dynamic);
    drawing.set_width(u16::try_from(width).unwrap_or(u16::MAX));
    let least = least_widths(&grid, &shown, width);
    let drawn = |text: &str, (at, least): (&usize, &u16)| {
        aligned(
            &wrap::cell(text, usize::from(*least).saturating_sub(PADDING)),
            grid.heads[*at].align,
        )
    };
    drawing.set_header(
        shown
            .iter()
            .zip(&least)
            .map(|(at, least)| drawn(&grid.heads[*at].text, (at, least))),
    );
    for row in grid.rows.iter().chain(&grid.total) {
        let mut row = Row::from(
            shown
                .iter()
                .zip(&least)
                .map(|(at, least)| drawn(&row[*at], (at, least)))
                .collect::<Vec<_>>(),
        );
        row.max_height(ROW_LINES);
        drawing.add_row(row);
    }
    for (column, least) in least.into_iter().enumerate() {
        if let Some(column) = drawing.column_mut(column) {
            column.set_constraint(ColumnConstraint::LowerBoundary(Width::Fixed(least)));
        }
    }
    drawing
        .lines()
        .map(|line| line.trim_end().to_owned())
        .collect::<Vec<_>>()
        .join("\n")
}

/// Says how narrow each column may become: numbers and the words of their heads are never broken, and what is left is
/// shared by the columns of words, of which the short ones take only what they need. What is over spares heads a line.
fn least_widths(grid: &Grid, shown: &[usize], width: usize) -> Vec<u16> {
    let widest = |at: usize| {
        grid.rows
            .iter()
            .chain(&grid.total)
            .map(|row| row[at].width())
            .max()
            .unwrap_or(0)
            + PADDING
    };
    let head = |at: usize| {
        grid.heads[at]
            .text
            .split(' ')
            .map(|word| word.width().min(HEAD_WORD))
            .max()
            .unwrap_or(0)
            + PADDING
    };
    let (numbers, mut words): (Vec<usize>, Vec<usize>) = shown
        .iter()
        .partition(|at| grid.heads[**at].align == Align::Right);
    words.sort_by_key(|at| widest(*at).max(head(*at)));
    let mut least: BTreeMap<usize, usize> = numbers
        .iter()
        .map(|at| (*at, widest(*at).max(head(*at))))
        .collect();
    let mut left = width.saturating_sub(least.values().sum::<usize>() + shown.len());
    for (done, at) in words.iter().enumerate() {
        let fair = widest(*at).max(head(*at)).min(left / (words.len() - done));
        least.insert(*at, fair);
        left -= fair;
    }
    for (at, wide) in &mut least {
        let more = (grid.heads[*at].text.width() + PADDING)
            .saturating_sub(*wide)
            .min(left);
        *wide += more;
        left -= more;
    }
    shown
        .iter()
        .map(|at| u16::try_from(least[at]).unwrap_or(u16::MAX))
        .collect()
}

/// Blank columns beside the text of a cell, one on each side.
const PADDING: usize = 2;

/// Longest word of a head that keeps a column of numbers wide, in columns of the terminal.
const HEAD_WORD: usize = 12;

fn aligned(text: &str, align: Align) -> Drawn {
    let alignment = match align {
        Align::Right => CellAlignment::Right,
        Align::Left => CellAlignment::Left,
    };
    Drawn::new(text).set_alignment(alignment)
}

/// Appends a sentence, wrapped to the width, each line after the indent.
fn push_wrapped(line: &str, width: usize, indent: &str, out: &mut String) {
    for line in wrap::sentence(line, width.saturating_sub(indent.width())) {
        out.push_str(format!("{indent}{line}").trim_end_matches(' '));
        out.push('\n');
    }
}
