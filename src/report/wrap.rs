//! Where a line may break: by the rules of Unicode (UAX #14), so that no line of Japanese begins with ・, ー or a
//! closing mark, and Latin words, ids and numbers stay whole.

use unicode_width::{UnicodeWidthChar, UnicodeWidthStr};

/// Wraps a line to `width` columns of the terminal. A piece that is wider than a line stays whole: a URL or an id must
/// be copied in one.
#[must_use]
pub(super) fn sentence(line: &str, width: usize) -> Vec<String> {
    fill(pieces(line).into_iter(), width)
}

/// Wraps the text of a cell; no line is wider than `width`, so a piece that does not fit is cut: an id after a `_` or
/// `-`, anything else anywhere.
#[must_use]
pub(super) fn cell(text: &str, width: usize) -> String {
    let width = width.max(2);
    let lines: Vec<String> = text
        .lines()
        .flat_map(|line| {
            fill(
                pieces(line).into_iter().flat_map(|piece| cut(piece, width)),
                width,
            )
        })
        .collect();
    lines.join("\n")
}

/// Characters of ids and paths behind which a piece that does not fit is cut.
const MARKS: [char; 4] = ['_', '-', '.', '/'];

/// How wide a column must be so that no word of this text, and no part of an id between its marks, is cut.
#[must_use]
pub(super) fn longest_piece(text: &str) -> usize {
    let parts = |piece: &str| {
        let parts = piece.trim_end().split_inclusive(MARKS);
        parts.map(UnicodeWidthStr::width).max().unwrap_or(0)
    };
    text.lines().flat_map(pieces).map(parts).max().unwrap_or(0)
}

fn fill<'a>(pieces: impl Iterator<Item = &'a str>, width: usize) -> Vec<String> {
    let mut lines = vec![String::new()];
    let mut column = 0;
    for piece in pieces {
        if column > 0 && column + piece.trim_end().width() > width {
            lines.push(String::new());
            column = 0;
        }
        if let Some(line) = lines.last_mut() {
            line.push_str(piece);
        }
        column += piece.width();
    }
    for line in &mut lines {
        line.truncate(line.trim_end_matches(' ').len());
    }
    lines
}

/// Cuts a line into pieces that stay together, trailing blanks included. Between two narrow characters only a blank
/// parts: the standard would also part after the hyphens of `--explain` and the strokes of a path.
fn pieces(line: &str) -> Vec<&str> {
    let wide = |c: Option<char>| c.is_some_and(|c| c.width().unwrap_or(0) > 1);
    let mut pieces = Vec::new();
    let mut start = 0;
    for (at, _) in unicode_linebreak::linebreaks(line) {
        let (before, after) = (line[..at].chars().next_back(), line[at..].chars().next());
        if at == line.len() || before == Some(' ') || wide(before) || wide(after) {
            pieces.push(&line[start..at]);
            start = at;
        }
    }
    if start < line.len() {
        pieces.push(&line[start..]);
    }
    pieces
}

/// Cuts a piece into parts of at most `width` columns.
fn cut(piece: &str, width: usize) -> Vec<&str> {
    let mut parts = Vec::new();
    let mut rest = piece;
    while rest.trim_end().width() > width {
        let mut columns = 0;
        let mut end = rest.len();
        for (at, c) in rest.char_indices() {
            columns += c.width().unwrap_or(0);
            if columns > width {
                end = at;
                break;
            }
        }
        let end = rest[..end]
            .rfind(MARKS)
            .map(|at| at + 1)
            .unwrap_or(end)
            .max(rest.chars().next().map_or(1, char::len_utf8));
        parts.push(&rest[..end]);
        rest = &rest[end..];
    }
    parts.push(rest);
    parts
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn no_line_of_japanese_begins_with_a_mark_that_closes() {
        let text = "退職・異動に伴う削除・棚卸し、サーバーのエラー（再発）。「次」へ";
        for width in 12..40 {
            for line in cell(text, width).lines() {
                assert!(
                    !line.starts_with(['・', 'ー', '、', '。', '）', '」']),
                    "{width}: {line}"
                );
            }
        }
    }

    #[test]
    fn options_paths_and_quarters_stay_whole() {
        let text = "詳しくは `candidates --explain tf_github_membership` と 2026-Q3 と a/b/c.rs を見る";
        let lines = sentence(text, 20);
        for whole in ["--explain", "tf_github_membership`", "2026-Q3", "a/b/c.rs"] {
            assert!(
                lines.iter().any(|line| line.contains(whole)),
                "{whole}: {lines:?}"
            );
        }
    }

    #[test]
    fn an_id_that_does_not_fit_is_cut_after_an_underscore() {
        assert_eq!(
            cell("service_dashboard_runbook", 14),
            "service_\ndashboard_\nrunbook"
        );
        assert_eq!(cell("tf_bigquery_iam", 14), "tf_bigquery_\niam");
    }

    proptest! {
        #[test]
        fn nothing_is_lost_and_no_cell_is_too_wide(text in "[ a-z_/・ーあ亜。(「)」-]{0,60}", width in 2_usize..30) {
            let wrapped = cell(&text, width);
            prop_assert!(wrapped.lines().all(|line| line.width() <= width));
            let glyphs = |text: &str| text.chars().filter(|c| !c.is_whitespace()).collect::<String>();
            prop_assert_eq!(glyphs(&wrapped), glyphs(&text));
            prop_assert_eq!(glyphs(&sentence(&text, width).concat()), glyphs(&text));
        }
    }
}
