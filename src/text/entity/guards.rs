//! Looking around a match: what stands before and after it, which patterns alone cannot say.

use std::ops::Range;

/// Bytes of an ASCII identifier, connectors included.
fn is_identifier(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-' | b'.' | b'/' | b'@' | b':')
}

/// The byte before a range; a blank at the start of the text.
pub(super) fn before(text: &str, range: &Range<usize>) -> u8 {
    range.start.checked_sub(1).map_or(b' ', |at| text.as_bytes()[at])
}

/// The byte after a range; a blank at the end of the text.
pub(super) fn after(text: &str, range: &Range<usize>) -> u8 {
    text.as_bytes().get(range.end).copied().unwrap_or(b' ')
}

/// Accepts a match as it is.
#[expect(clippy::unnecessary_wraps, reason = "has the shape of a guard")]
pub(super) fn any(_text: &str, range: Range<usize>) -> Option<Range<usize>> {
    Some(range)
}

/// Accepts a match that is no part of a longer word: no letter, digit or underscore touches it.
pub(super) fn word(text: &str, range: Range<usize>) -> Option<Range<usize>> {
    let touches = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'_';
    (!touches(before(text, &range)) && !touches(after(text, &range))).then_some(range)
}

/// Accepts a number that is no part of a longer number or of an identifier; its unit may be followed by anything.
pub(super) fn unit(text: &str, range: Range<usize>) -> Option<Range<usize>> {
    let (previous, next) = (before(text, &range), after(text, &range));
    let ends_in_digit = text[range.clone()].ends_with(|c: char| c.is_ascii_digit());
    let free =
        !previous.is_ascii_alphanumeric() && previous != b'.' && !(next.is_ascii_digit() && ends_in_digit);
    free.then_some(range)
}

/// Accepts a match that is no part of a longer identifier or path; a full stop, a colon or a slash that
/// ends a phrase may follow.
pub(super) fn identifier(text: &str, range: Range<usize>) -> Option<Range<usize>> {
    let next = after(text, &range);
    let ends_phrase = matches!(next, b'.' | b':' | b'/')
        && text
            .as_bytes()
            .get(range.end + 1)
            .is_none_or(|&byte| !byte.is_ascii_alphanumeric());
    let previous = before(text, &range);
    let starts_value = previous == b':' || previous == b'/' && !has_word_before(text, range.start - 1);
    ((!is_identifier(previous) || starts_value) && (!is_identifier(next) || ends_phrase)).then_some(range)
}

fn has_word_before(text: &str, at: usize) -> bool {
    at.checked_sub(1)
        .is_some_and(|at| is_identifier(text.as_bytes()[at]))
}

/// Up to `bytes` of the line before a range, for a context word.
pub(super) fn line_before<'t>(text: &'t str, range: &Range<usize>, bytes: usize) -> &'t str {
    let mut from = range.start.saturating_sub(bytes);
    while !text.is_char_boundary(from) {
        from += 1;
    }
    let head = &text[from..range.start];
    head.rsplit('\n').next().unwrap_or(head)
}

/// Up to `bytes` of the line after a range.
pub(super) fn line_after<'t>(text: &'t str, range: &Range<usize>, bytes: usize) -> &'t str {
    let mut to = (range.end + bytes).min(text.len());
    while !text.is_char_boundary(to) {
        to -= 1;
    }
    let tail = &text[range.end..to];
    tail.split('\n').next().unwrap_or(tail)
}

/// Whether one of the words occurs in a piece of text.
pub(super) fn mentions(text: &str, words: &[&str]) -> bool {
    words.iter().any(|word| text.contains(word))
}
