//! Text in one harmless line: nothing in it moves a cursor, reverses a line or hides words.

/// Drops what can move a cursor, reverse a line or hide text, and folds white space to single blanks.
///
/// Dropped: control characters (C0, DEL, C1), bidirectional marks and overrides, zero-width characters, line and
/// paragraph separators, tags and other invisible format characters. Joiners inside emoji are dropped too; the
/// emoji fall apart into their parts, which is harmless. The result is one line.
#[must_use]
pub fn plain(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        if c.is_whitespace() {
            if !out.is_empty() && !out.ends_with(' ') {
                out.push(' ');
            }
        } else if !is_hidden(c) {
            out.push(c);
        }
    }
    out.truncate(out.trim_end().len());
    out
}

/// Drops what [`plain`] drops, but leaves every blank where it is: for text that was made harmless before, to which
/// nothing is done, unless it was changed since.
#[must_use]
pub fn visible(text: &str) -> String {
    let blank = |c: char| {
        if c.is_whitespace() && !matches!(c, ' ' | '\u{3000}') {
            ' '
        } else {
            c
        }
    };
    text.chars().map(blank).filter(|c| !is_hidden(*c)).collect()
}

fn is_hidden(c: char) -> bool {
    c.is_control()
        || matches!(
            c,
            '\u{00ad}' | '\u{061c}' | '\u{180e}' | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}'
                | '\u{feff}' | '\u{fff9}'..='\u{fffb}' | '\u{e0000}'..='\u{e007f}'
        )
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn visible_text_is_harmless_and_harmless_text_stays(text in "\\PC{0,40}[\\x00-\\x1f\u{80}-\u{9f}\u{200b}-\u{202e} a権]{0,40}") {
            let seen = visible(&text);
            prop_assert!(!seen.chars().any(is_hidden));
            prop_assert_eq!(plain(&seen), plain(&text));
            prop_assert_eq!(visible(&plain(&text)), plain(&text));
        }
    }
}
