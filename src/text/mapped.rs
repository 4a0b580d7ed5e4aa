//! Text that remembers where it came from.
//!
//! Every step that changes text (markup, normalisation, cutting lines into passages) builds a [`Mapped`], so that
//! a find in the final text can be shown in the ticket as it was written. This file knows nothing about what
//! the changes mean.

use std::ops::Range;

/// Text with offsets back to the original it was made from.
///
/// The offsets are kept as runs: a stretch copied byte for byte maps byte for byte, a stretch that was changed
/// maps as a whole. Runs never go backwards in the original.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Mapped {
    text: String,
    runs: Vec<Run>,
}

/// A stretch of the text, up to the start of the next run.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Run {
    start: usize,
    origin: Range<usize>,
    /// Whether the stretch has the length and the character borders of its origin.
    exact: bool,
}

impl Mapped {
    /// Returns the text.
    #[must_use]
    pub fn text(&self) -> &str {
        &self.text
    }

    /// Gives the text away and forgets the offsets.
    #[must_use]
    pub fn into_text(self) -> String {
        self.text
    }

    /// Translates a byte range of the text into the byte range of the original it came from.
    ///
    /// The range is clamped to the text and widened to character borders first. The answer lies on character
    /// borders of the original, is never empty for a range that is not, and grows with the range.
    #[must_use]
    pub fn original(&self, range: Range<usize>) -> Range<usize> {
        let start = floor_char_boundary(&self.text, range.start);
        let end = ceil_char_boundary(&self.text, range.end.max(start));
        let from = self.origin_of(start).start;
        let to = if end > start {
            self.last_origin_before(end)
        } else {
            from
        };
        from..to.max(from)
    }

    /// Takes a text as its own original.
    pub(super) fn of(text: &str) -> Self {
        let mut out = Self::default();
        out.copy(text, 0);
        out
    }

    /// Returns what stands in the text for a byte range of the original: what was changed as a whole comes whole. The
    /// range must lie on character borders; a logarithm and what is returned is all it costs.
    pub(super) fn image(&self, origin: &Range<usize>) -> String {
        let first = self.runs.partition_point(|run| run.origin.end <= origin.start);
        let mut image = String::new();
        for (index, run) in self.runs.iter().enumerate().skip(first) {
            if run.origin.start >= origin.end {
                break;
            }
            let text = &self.text[run.start..self.end_of(index)];
            let inside = if run.exact {
                let inside = |at: usize| at.clamp(run.origin.start, run.origin.end) - run.origin.start;
                text.get(inside(origin.start)..inside(origin.end))
            } else {
                Some(text)
            };
            image.push_str(inside.unwrap_or_default());
        }
        image
    }

    /// Appends `text`, an unchanged copy of the original at byte `at`.
    pub(super) fn copy(&mut self, text: &str, at: usize) {
        if text.is_empty() {
            return;
        }
        let origin = at..at + text.len();
        match self.runs.last_mut() {
            Some(run) if run.exact && run.origin.end == at => run.origin.end = origin.end,
            _ => self.runs.push(Run {
                start: self.text.len(),
                origin,
                exact: true,
            }),
        }
        self.text.push_str(text);
    }

    /// Appends `text`, which stands for the whole of `origin`.
    pub(super) fn replace(&mut self, text: &str, origin: Range<usize>) {
        if !text.is_empty() {
            self.runs.push(Run {
                start: self.text.len(),
                origin,
                exact: false,
            });
            self.text.push_str(text);
        }
    }

    /// Removes the last character and returns it with its place in the original.
    pub(super) fn pop(&mut self) -> Option<(char, Range<usize>)> {
        let last = self.text.chars().next_back()?;
        let start = self.text.len() - last.len_utf8();
        let origin = self.original(start..self.text.len());
        self.truncate(start);
        Some((last, origin))
    }

    /// Lower-cases the ASCII letters from byte `from` on; lengths and borders stay.
    pub(super) fn lowercase_from(&mut self, from: usize) {
        self.text[from..].make_ascii_lowercase();
    }

    /// Moves the origin by `offset` bytes, for text cut out of a longer original.
    pub(super) fn shifted(mut self, offset: usize) -> Self {
        for run in &mut self.runs {
            run.origin = run.origin.start + offset..run.origin.end + offset;
        }
        self
    }

    /// Re-anchors this text, made from the text of `base`, on what `base` was made from.
    pub(super) fn over(self, base: &Self) -> Self {
        let mut out = Self {
            text: String::with_capacity(self.text.len()),
            runs: Vec::new(),
        };
        for (index, run) in self.runs.iter().enumerate() {
            let text = &self.text[run.start..self.end_of(index)];
            if run.exact {
                out.append(base, run.origin.clone(), Some(text));
            } else {
                out.replace(text, base.original(run.origin.clone()));
            }
        }
        out
    }

    /// Cuts a byte range out of the text; the range must lie on character borders.
    pub(super) fn slice(&self, range: Range<usize>) -> Self {
        let mut out = Self::default();
        out.append(self, range, None);
        out
    }

    /// Appends another text of the same original behind a line break.
    pub(super) fn join_line(&mut self, next: &Self) {
        if !self.text.is_empty() && !next.text.is_empty() {
            let gap = self.last_origin_before(self.text.len())..next.origin_of(0).start;
            self.replace("\n", gap);
        }
        self.append(next, 0..next.text.len(), None);
    }

    /// Appends `range` of `other`; `text` replaces its bytes where the same stretch was only re-cased.
    fn append(&mut self, other: &Self, range: Range<usize>, text: Option<&str>) {
        let text = text.unwrap_or(&other.text[range.clone()]);
        let mut at = range.start;
        for index in other.run_at(at)..other.runs.len() {
            let run = &other.runs[index];
            let end = other.end_of(index).min(range.end);
            if at >= end {
                break;
            }
            let piece = &text[at - range.start..end - range.start];
            if run.exact {
                self.copy(piece, run.origin.start + at - run.start);
            } else {
                self.replace(piece, run.origin.clone());
            }
            at = end;
        }
    }

    fn truncate(&mut self, len: usize) {
        self.text.truncate(len);
        while self.runs.last().is_some_and(|run| run.start >= len) {
            self.runs.pop();
        }
        if let Some(run) = self.runs.last_mut().filter(|run| run.exact) {
            run.origin.end = run.origin.start + len - run.start;
        }
    }

    fn end_of(&self, index: usize) -> usize {
        self.runs
            .get(index + 1)
            .map_or(self.text.len(), |next| next.start)
    }

    /// The run that holds byte `at`, or the last one.
    fn run_at(&self, at: usize) -> usize {
        self.runs.partition_point(|run| run.start <= at).saturating_sub(1)
    }

    /// The place in the original from byte `at` of the text on.
    fn origin_of(&self, at: usize) -> Range<usize> {
        let Some(run) = self.runs.get(self.run_at(at)) else {
            return 0..0;
        };
        let start = if at >= self.text.len() {
            run.origin.end
        } else if run.exact {
            run.origin.start + at - run.start
        } else {
            run.origin.start
        };
        start..run.origin.end
    }

    /// Where the original ends for text that ends before byte `end`, which is greater than 0.
    fn last_origin_before(&self, end: usize) -> usize {
        let Some(run) = self.runs.get(self.run_at(end - 1)) else {
            return 0;
        };
        if run.exact {
            run.origin.start + end - run.start
        } else {
            run.origin.end
        }
    }
}

/// The last character border at or before `at`, at most the length of the text.
fn floor_char_boundary(text: &str, at: usize) -> usize {
    let mut at = at.min(text.len());
    while !text.is_char_boundary(at) {
        at -= 1;
    }
    at
}

/// The first character border at or after `at`, at most the length of the text.
fn ceil_char_boundary(text: &str, at: usize) -> usize {
    let mut at = at.min(text.len());
    while !text.is_char_boundary(at) {
        at += 1;
    }
    at
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sample() -> Mapped {
        // Original: "[権限]を x" with the brackets dropped and x replaced by "yy".
        let mut mapped = Mapped::default();
        mapped.copy("権限", 1);
        mapped.copy("を ", 8);
        mapped.replace("yy", 12..13);
        mapped
    }

    #[test]
    fn copies_map_byte_for_byte_and_changes_as_a_whole() {
        let mapped = sample();
        assert_eq!(mapped.text(), "権限を yy");
        assert_eq!(mapped.original(3..6), 4..7);
        assert_eq!(mapped.original(3..9), 4..11);
        assert_eq!(mapped.original(10..11), 12..13);
        assert_eq!(mapped.original(0..12), 1..13);
    }

    #[test]
    fn an_empty_range_is_a_point() {
        assert_eq!(sample().original(6..6), 8..8);
        assert_eq!(sample().original(12..12), 13..13);
    }

    #[test]
    fn a_slice_keeps_its_origin() {
        let slice = sample().slice(3..11);
        assert_eq!(slice.text(), "限を y");
        assert_eq!(slice.original(0..3), 4..7);
        assert_eq!(slice.original(7..8), 12..13);
    }

    #[test]
    fn texts_made_in_two_steps_point_at_the_first() {
        let mut upper = Mapped::default();
        upper.copy("限を ", 3);
        upper.replace("z", 10..12);
        let both = upper.over(&sample());
        assert_eq!(both.text(), "限を z");
        assert_eq!(both.original(0..3), 4..7);
        assert_eq!(both.original(7..8), 12..13);
    }

    #[test]
    fn a_line_break_stands_for_the_gap_between_lines() {
        let mut first = Mapped::default();
        first.copy("a", 0);
        let mut second = Mapped::default();
        second.copy("b", 5);
        first.join_line(&second);
        assert_eq!(first.text(), "a\nb");
        assert_eq!(first.original(1..2), 1..5);
        assert_eq!(first.shifted(10).original(2..3), 15..16);
    }

    #[test]
    fn popping_gives_back_the_place() {
        let mut mapped = sample();
        assert_eq!(mapped.pop(), Some(('y', 12..13)));
        assert_eq!(mapped.pop(), Some(('y', 12..13)));
        assert_eq!(mapped.pop(), Some((' ', 11..12)));
        assert_eq!(mapped.original(6..9), 8..11);
    }
}
