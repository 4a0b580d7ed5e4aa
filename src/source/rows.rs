//! Cuts the bytes of a CSV file into rows, each with the line on which it starts.
//!
//! Promises that no row is lost in silence: a quote that is never closed, which would swallow the rest of the file
//! as one cell, is found and marked. What the cells mean is left to `csv`.

use csv::{ByteRecord, ReaderBuilder};

/// The delimiters that are looked for; the first of those that stand equally often in the header wins.
const DELIMITERS: [u8; 3] = [b',', b'\t', b';'];

/// One row that has any text.
pub(super) struct Row {
    /// Line on which it starts, from 1.
    pub(super) line: u64,
    /// Its cells, in the bytes of the file.
    pub(super) cells: ByteRecord,
    /// Whether a quote is opened in it and never closed.
    pub(super) is_unclosed: bool,
}

/// Cuts a file into rows, the header first; rows without any text are left out.
///
/// # Errors
///
/// What the reader says, which over bytes in memory and rows of any length has nothing to fail on.
pub(super) fn cut(bytes: &[u8]) -> Result<Vec<Row>, csv::Error> {
    let delimiter = delimiter(bytes);
    let mut reader = ReaderBuilder::new()
        .has_headers(false)
        .flexible(true)
        .delimiter(delimiter)
        .from_reader(bytes);
    let (mut rows, mut cells) = (Vec::new(), ByteRecord::new());
    let (mut line, mut start) = (1, 0);
    while reader.read_byte_record(&mut cells)? {
        let next = start_of(&cells, bytes);
        line += bytes[start..next]
            .iter()
            .map(|byte| u64::from(*byte == b'\n'))
            .sum::<u64>();
        start = next;
        if cells.iter().any(|cell| !cell.trim_ascii().is_empty()) {
            rows.push(Row {
                line,
                cells: cells.clone(),
                is_unclosed: false,
            });
        }
    }
    // Only the last row can be cut off by the end of the file.
    if let Some(last) = rows.last_mut() {
        last.is_unclosed = ends_inside_quotes(&bytes[start..], delimiter);
    }
    Ok(rows)
}

/// Where the text of a row starts. The reader counts the blank lines before a row as part of it.
fn start_of(cells: &ByteRecord, bytes: &[u8]) -> usize {
    let start = cells
        .position()
        .and_then(|position| usize::try_from(position.byte()).ok())
        .unwrap_or(0);
    let blank = bytes
        .iter()
        .skip(start)
        .take_while(|byte| matches!(byte, b'\r' | b'\n'))
        .count();
    start + blank
}

/// The delimiter that stands most often in the header, outside of quotes.
fn delimiter(bytes: &[u8]) -> u8 {
    let mut counts = [0_usize; DELIMITERS.len()];
    let mut quoting = Quoting::Start;
    for &byte in bytes.trim_ascii_start() {
        if quoting != Quoting::Inside {
            if matches!(byte, b'\r' | b'\n') {
                break;
            }
            if let Some(at) = DELIMITERS.iter().position(|delimiter| *delimiter == byte) {
                counts[at] += 1;
            }
        }
        quoting = quoting.after(byte, &DELIMITERS);
    }
    let best = counts.iter().max().copied().unwrap_or(0);
    DELIMITERS
        .into_iter()
        .zip(counts)
        .find(|(_, count)| *count == best)
        .map_or(b',', |(delimiter, _)| delimiter)
}

fn ends_inside_quotes(row: &[u8], delimiter: u8) -> bool {
    row.iter()
        .fold(Quoting::Start, |quoting, &byte| quoting.after(byte, &[delimiter]))
        == Quoting::Inside
}

/// Where a byte stands with regard to quotes. They count at the start of a cell only, as in the `csv` crate.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Quoting {
    /// At the start of a cell.
    Start,
    /// In a cell without quotes, or behind its closing quote.
    Plain,
    /// Between quotes.
    Inside,
    /// At a quote between quotes: the closing one, or the first of a doubled one.
    Closing,
}

impl Quoting {
    fn after(self, byte: u8, delimiters: &[u8]) -> Self {
        match (self, byte) {
            (Self::Start | Self::Closing, b'"') => Self::Inside,
            (Self::Inside, b'"') => Self::Closing,
            (Self::Inside, _) => Self::Inside,
            (_, b'\r' | b'\n') => Self::Start,
            (_, byte) if delimiters.contains(&byte) => Self::Start,
            _ => Self::Plain,
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn lines(text: &str) -> Vec<(u64, usize, bool)> {
        let rows = cut(text.as_bytes()).unwrap();
        rows.iter()
            .map(|row| (row.line, row.cells.len(), row.is_unclosed))
            .collect()
    }

    #[test]
    fn rows_carry_the_line_they_start_on() {
        let text = "a,b\r\n\r\n1,\"x\ny\"\r\n\n\n2,z\n,\n3,w";
        assert_eq!(
            lines(text),
            [(1, 2, false), (3, 2, false), (7, 2, false), (9, 2, false)]
        );
    }

    #[test]
    fn the_delimiter_is_that_of_the_header() {
        assert_eq!(delimiter(b"a;b;c,d\n1,2,3,4,5"), b';');
        assert_eq!(delimiter(b"\"a,b,c\"\tb\n"), b'\t');
        assert_eq!(delimiter(b"a"), b',');
        assert_eq!(delimiter(b""), b',');
    }

    #[test]
    fn a_quote_that_never_closes_is_found() {
        assert_eq!(
            lines("a,b\n1,x\n2,\"y\n3,z\n4,w\n"),
            [(1, 2, false), (2, 2, false), (3, 2, true)]
        );
        assert_eq!(lines("a\n\"\"\"x\"\"\"\n"), [(1, 1, false), (2, 1, false)]);
        assert_eq!(lines("a\n5\" disk\n"), [(1, 1, false), (2, 1, false)]);
    }

    proptest! {
        #[test]
        fn lines_rise_and_stay_in_the_file(text in "[ab,;\t\"\r\n ]{0,60}|\\PC{0,40}") {
            let rows = cut(text.as_bytes()).unwrap();
            prop_assert!(rows.is_sorted_by(|a, b| a.line <= b.line));
            let last = 1 + text.bytes().filter(|byte| *byte == b'\n').count();
            prop_assert!(rows.iter().all(|row| row.line >= 1 && row.line <= last as u64));
        }
    }
}
