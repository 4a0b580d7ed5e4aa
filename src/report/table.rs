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

use crate::report::model::{Align, Grid, Report, Section};
use crate::report::wrap;
use crate::taxonomy::Lang;

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
        render_section(section, width, report.meta.lang(), &mut out);
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

/// What a table has no room for at a width, as a line below it; `None` if all is there.
fn left_out(grid: &Grid, width: usize, lang: Lang) -> Option<String> {
    // A bar has no heading of its own: the column beside it says what it shows.
    let hidden = || {
        let heads = grid.heads.iter().filter(|head| !head.text.is_empty());
        heads.filter(|head| head.from_width > width)
    };
    let needed = hidden().map(|head| head.from_width).max()?;
    let mut names: Vec<&str> = Vec::new();
    for head in hidden() {
        if !names.contains(&head.text.as_str()) {
            names.push(&head.text);
        }
    }
    Some(match lang {
        Lang::Ja => format!(
            "幅 {width} 桁に入らない列: {} (`--width {needed}` ですべて出る)",
            names.join("、")
        ),
        Lang::En => format!(
            "Left out at {width} columns: {} (`--width {needed}` shows all)",
            names.join(", ")
        ),
    })
}

fn render_section(section: &Section, width: usize, lang: Lang, out: &mut String) {
    if !section.title.is_empty() {
        push_wrapped(&format!("■ {}", section.title), width, "", out);
    }
    section
        .lead
        .iter()
        .for_each(|line| push_wrapped(line, width, "", out));
    if let Some(table) = section.table.as_ref().filter(|table| table.is_seen()) {
        let grid = table.grid();
        out.push_str(&draw(&grid, width));
        out.push('\n');
        if let Some(line) = left_out(&grid, width, lang) {
            push_wrapped(&line, width, "  ", out);
        }
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

fn draw(grid: &Grid, width: usize) -> String {
    let shown: Vec<usize> = (0..grid.heads.len())
        .filter(|at| grid.heads[*at].from_width <= width)
        .collect();
    let mut drawing = Drawing::new();
    drawing.load_style(STYLE);
    drawing.set_truncation_indicator("…");
    drawing.set_content_arrangement(ContentArrangement::Dynamic);
    drawing.set_width(u16::try_from(width).unwrap_or(u16::MAX));
    let least = least_widths(grid, &shown, width);
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
/// shared by the columns of words (see [`shared`]). What is over spares heads a line.
fn least_widths(grid: &Grid, shown: &[usize], width: usize) -> Vec<u16> {
    let cells = |at: usize| {
        grid.rows
            .iter()
            .chain(&grid.total)
            .map(move |row| row[at].as_str())
    };
    let widest = |at: usize| cells(at).map(UnicodeWidthStr::width).max().unwrap_or(0) + PADDING;
    let head = |at: usize| {
        grid.heads[at]
            .text
            .split(' ')
            .map(|word| word.width().min(HEAD_WORD))
            .max()
            .unwrap_or(0)
            + PADDING
    };
    let (numbers, words): (Vec<usize>, Vec<usize>) = shown
        .iter()
        .partition(|at| grid.heads[**at].align == Align::Right);
    let mut least: BTreeMap<usize, usize> = numbers
        .iter()
        .map(|at| (*at, widest(*at).max(head(*at))))
        .collect();
    let mut left = width.saturating_sub(least.values().sum::<usize>() + shown.len());
    let wishes: Vec<(usize, usize)> = words
        .iter()
        .map(|at| {
            let whole = cells(*at).map(wrap::longest_piece).max().unwrap_or(0);
            let whole = whole.min(WHOLE_WORD) + PADDING;
            (whole.max(head(*at)), widest(*at).max(head(*at)))
        })
        .collect();
    for (at, wide) in words.iter().zip(shared(&wishes, left)) {
        least.insert(*at, wide);
        left = left.saturating_sub(wide);
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

/// Shares `room` among columns that each wish for a least width, at which no word of theirs breaks, and for a most, at which
/// no line does: all get the same, but none less than its least or more than its most. Where not even the least fit, the
/// narrow ones get theirs and only the widest break words.
fn shared(wishes: &[(usize, usize)], room: usize) -> Vec<usize> {
    let at = |level: usize| wishes.iter().map(move |(least, most)| level.clamp(*least, *most));
    let poor = |level: usize| wishes.iter().map(move |(least, _)| level.min(*least));
    let highest = |of: &dyn Fn(usize) -> usize| (0..=room).rev().find(|level| of(*level) <= room);
    match highest(&|level| at(level).sum()) {
        Some(level) => at(level).collect(),
        None => poor(highest(&|level| poor(level).sum()).unwrap_or(0)).collect(),
    }
}

/// Blank columns beside the text of a cell, one on each side.
const PADDING: usize = 2;

/// Longest word of a cell that keeps its column wide, in columns of the terminal: words and parts of ids are no longer, and a
/// URL must not take the room of all others.
const WHOLE_WORD: usize = 16;

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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::{Head, Meta, Table};
    use proptest::prelude::*;

    fn report(lang: &str) -> Report {
        let mut table = Table::new("t", &[]);
        let row =
            |title: &str, id: &str| vec!["1".to_owned(), title.to_owned(), id.to_owned(), "9".to_owned()];
        table.pivot = Some(Grid {
            heads: vec![
                Head::new("#", Align::Right, 0),
                Head::new("automation", Align::Left, 0),
                Head::new("candidate", Align::Left, 0),
                Head::new("net hours, a year", Align::Right, 140),
            ],
            rows: vec![
                row(
                    "GitHub organisation and team membership in Terraform, changed by pull request",
                    "tf_github_membership",
                ),
                row(
                    "Leaver-triggered deactivation with a review",
                    "offboarding_workflow",
                ),
            ],
            total: None,
        });
        Report {
            title: String::new(),
            headline: Vec::new(),
            sections: vec![Section {
                table: Some(table),
                ..Section::default()
            }],
            foot: Vec::new(),
            meta: Meta {
                tool_version: String::new(),
                taxonomy_hash: String::new(),
                seed: 0,
                settings: [("lang".to_owned(), lang.into())].into_iter().collect(),
                coverage: Vec::new(),
            },
        }
    }

    #[test]
    fn what_has_no_room_is_named_below_its_table() {
        let narrow = render(&report("en"), 80);
        assert!(
            narrow.ends_with("  Left out at 80 columns: net hours, a year (`--width 140` shows all)\n"),
            "{narrow}"
        );
        let wide = render(&report("en"), 140);
        assert!(
            wide.contains("net hours, a year") && !wide.contains("Left out"),
            "{wide}"
        );
        assert!(render(&report("ja"), 80).contains("幅 80 桁に入らない列: net hours, a year"));
    }

    #[test]
    fn no_word_breaks_while_there_is_room_for_all_words() {
        let drawn = render(&report("en"), 60);
        for word in ["organisation", "membership", "offboarding_", "deactivation"] {
            assert!(drawn.contains(word), "{word}: {drawn}");
        }
    }

    proptest! {
        #[test]
        fn columns_share_no_more_than_there_is(wishes in prop::collection::vec((1_usize..30, 0_usize..40), 1..6), room in 0_usize..120) {
            let wishes: Vec<(usize, usize)> = wishes.into_iter().map(|(least, more)| (least, least + more)).collect();
            let widths = shared(&wishes, room);
            prop_assert!(widths.iter().sum::<usize>() <= room);
            if wishes.iter().map(|(least, _)| least).sum::<usize>() <= room {
                prop_assert!(widths.iter().zip(&wishes).all(|(width, (least, most))| least <= width && width <= most));
            }
        }
    }
}
