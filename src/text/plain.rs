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

fn is_hidden(c: char) -> bool {
    c.is_control()
        || matches!(
            c,
            '\u{00ad}' | '\u{061c}' | '\u{180e}' | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}'
                | '\u{feff}' | '\u{fff9}'..='\u{fffb}' | '\u{e0000}'..='\u{e007f}'
        )
}
