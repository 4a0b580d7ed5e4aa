//! The terminal: tables that hold at any width with full-width text, drawn by comfy-table.
//!
//! Widths are measured in columns as a terminal draws them, so Japanese text lines up. Views that do not fit a
//! narrow terminal are left out from the right of importance (see [`View::from_width`](crate::report::View::from_width)), never cut in half.

use std::collections::BTreeMap;

use comfy_table::{
    Cell as Drawn, CellAlignment, ColumnConstraint, ContentArrangement, Row, Table as Drawing, Width,
};
use comfy_table::{ContentLineStyle, LineStyle, TableStyle};
use unicode_width::{UnicodeWidthChar, UnicodeWidthStr};

use crate::report::model::{Align, Grid, Report, Section, Table};

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
    drawing.set_header(
        shown
            .iter()
            .map(|at| aligned(&grid.heads[*at].text, grid.heads[*at].align)),
    );
    for row in grid.rows.iter().chain(&grid.total) {
        let mut drawn = Row::from(
            shown
                .iter()
                .map(|at| aligned(&row[*at], grid.heads[*at].align))
                .collect::<Vec<_>>(),
        );
        drawn.max_height(ROW_LINES);
        drawing.add_row(drawn);
    }
    for (column, least) in least_widths(&grid, &shown, width).into_iter().enumerate() {
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
/// shared by the columns of words, of which the short ones take only what they need.
fn least_widths(grid: &Grid, shown: &[usize], width: usize) -> Vec<u16> {
    let padding = 2;
    let widest = |at: usize| {
        grid.rows
            .iter()
            .chain(&grid.total)
            .map(|row| row[at].width())
            .max()
            .unwrap_or(0)
            + padding
    };
    let head = |at: usize| {
        grid.heads[at]
            .text
            .split(' ')
            .map(|word| word.width().min(HEAD_WORD))
            .max()
            .unwrap_or(0)
            + padding
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
    shown
        .iter()
        .map(|at| u16::try_from(least[at]).unwrap_or(u16::MAX))
        .collect()
}

/// Longest word of a head that keeps a column of numbers wide, in columns of the terminal.
const HEAD_WORD: usize = 12;

fn aligned(text: &str, align: Align) -> Drawn {
    let alignment = match align {
        Align::Right => CellAlignment::Right,
        Align::Left => CellAlignment::Left,
    };
    Drawn::new(text).set_alignment(alignment)
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
