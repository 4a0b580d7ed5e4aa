//! Makes text from tickets harmless for the place it is shown in.
//!
//! Whoever can file a ticket can write terminal escapes, right-to-left overrides, HTML, Markdown or spreadsheet
//! formulas into it. [`plain`] is applied to every text cell when it is made; the rest is applied by the format.

pub use crate::text::plain;

/// The same as [`plain`], but keeps the blanks at the start of the line.
#[must_use]
pub fn indented(line: &str) -> String {
    let indent = line.len() - line.trim_start_matches(' ').len();
    format!("{}{}", &line[..indent], plain(line))
}

/// Guards a CSV text cell against being read as a formula.
///
/// A spreadsheet runs a cell that starts with `=`, `+`, `-`, `@`, a tab or a carriage return, also in full width;
/// a leading apostrophe stops it (OWASP, CSV injection). Leading blanks do not hide the sign.
#[must_use]
pub fn csv(text: &str) -> String {
    let runs = text.trim_start().starts_with([
        '=', '+', '-', '@', '\t', '\r', '＝', '＋', '－', '＠', '−', '﹢', '﹣', '﹦', '﹫', '|', '%',
    ]);
    if runs { format!("'{text}") } else { text.to_owned() }
}

/// Escapes text for a Markdown table cell or sentence: nothing in it is markup, HTML, a link or a cell border.
#[must_use]
pub fn markdown(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in plain(text).chars() {
        match c {
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '&' => out.push_str("&amp;"),
            '\\' | '`' | '*' | '_' | '[' | ']' | '|' | '#' | '~' | '!' | '(' | ')' | '$' => {
                out.push('\\');
                out.push(c);
            }
            c => out.push(c),
        }
    }
    // A bare address would become a link by itself; the backslash is not shown.
    out.replace("://", ":\\//")
        .replace("www.", "www\\.")
        .replace('@', "\\@")
}

#[cfg(test)]
mod tests {
    use super::{csv, markdown, plain};
    use proptest::prelude::*;

    #[test]
    fn escapes_and_overrides_are_dropped() {
        assert_eq!(plain("a\u{1b}[31mb\u{202e}c\u{0}\nd\u{9b}e"), "a[31mbc de");
    }

    #[test]
    fn formulas_are_defused_in_any_width() {
        assert_eq!(csv("=cmd()"), "'=cmd()");
        assert_eq!(csv("＝cmd()"), "'＝cmd()");
        assert_eq!(csv("  +1"), "'  +1");
        assert_eq!(csv("権限"), "権限");
    }

    #[test]
    fn markdown_has_no_markup_left() {
        assert_eq!(markdown("<script>|*x*"), "&lt;script&gt;\\|\\*x\\*");
    }

    proptest! {
        #[test]
        fn plain_is_idempotent_and_has_no_controls(text in "\\PC{0,40}[\\x00-\\x1f\\u{80}-\\u{9f}\\u{200b}-\\u{202e} a権]{0,40}") {
            let once = plain(&text);
            prop_assert_eq!(plain(&once), once.clone());
            prop_assert!(!once.chars().any(char::is_control));
        }

        #[test]
        fn no_formula_survives(text in "[ =+@\\-\\t＝a]{0,8}") {
            let first = csv(&plain(&text)).trim_start().chars().next();
            prop_assert!(!matches!(first, Some('=' | '+' | '-' | '@' | '＝')));
        }
    }
}
