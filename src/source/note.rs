//! Remarks about an input that was read: what had to be guessed, repaired or left out.
//!
//! A bad optional value costs a ticket that value and nothing else. So that this never happens in silence, every
//! such value is counted in a [`Note`] with the first lines it stands on. The caller decides where notes are shown.

use std::collections::BTreeMap;
use std::fmt;

use super::Field;

/// How many line numbers a note lists: enough to find the cause, few enough for one line of a terminal.
const LINES_LISTED: usize = 5;

/// How many databases of an export a note lists.
const FILES_LISTED: usize = 5;

/// How many characters of a file's text a message repeats.
const QUOTED_CHARS: usize = 40;

/// Why a value was left out of its ticket. Displays as a lower-case fragment.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
#[non_exhaustive]
pub enum Fault {
    /// A list, an object or a truth value where none belongs.
    WrongType,
    /// A text that no known way of writing a date matches.
    NotADate,
    /// A day or a time that does not exist, such as 30 February.
    NoSuchDate,
    /// A date such as 3/4/2026. Countries differ in what comes first, so 31/3/2026 is refused too: to read only
    /// the days after the twelfth would leave a biased month.
    AmbiguousDate,
    /// A time with a zone name that means different offsets in different countries.
    UnknownZone,
    /// A year before 1970 or after 2200: a slip or a placeholder.
    YearOutOfRange,
    /// A text that is no number of minutes or hours.
    NotANumber,
    /// An effort below zero.
    Negative,
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::WrongType => "of the wrong type",
            Self::NotADate => "no date",
            Self::NoSuchDate => "no day or time that exists",
            Self::AmbiguousDate => "a date that does not tell its day from its month",
            Self::UnknownZone => "a time in a zone of unknown offset",
            Self::YearOutOfRange => "outside the years 1970 to 2200",
            Self::NotANumber => "no number of minutes or hours",
            Self::Negative => "below zero",
        })
    }
}

/// A remark about one input.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Note {
    /// The input as the user named it.
    pub source: String,
    /// What there is to say.
    pub kind: NoteKind,
}

/// What a note says.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
#[non_exhaustive]
pub enum NoteKind {
    /// The input was not UTF-8.
    Encoding {
        /// The encoding it was read as.
        name: &'static str,
        /// Whether characters that do not decode were replaced.
        damaged: bool,
    },
    /// A header stands over several columns; the later ones are kept under `fields` with a number.
    RepeatedHeader {
        /// The header.
        header: String,
    },
    /// There is no id column, so ids were made from what the rows say. A row that changes gets a new id.
    IdsMade {
        /// The number of rows.
        count: usize,
    },
    /// An export holds several databases, and all of them were read.
    Databases {
        /// Their files, sorted.
        files: Vec<String>,
    },
    /// A table of an export could not be read; none of its rows is counted.
    TableLeftOut {
        /// Why.
        reason: String,
    },
    /// Rows of an export whose page is not in it. Their ids were made from what they say.
    RowsWithoutPage {
        /// The number of rows.
        count: usize,
    },
    /// Rows of an export that could as well have had the page of another row of the same title.
    PagesGuessed {
        /// The number of rows.
        count: usize,
    },
    /// Pages of an export that are no tickets: no row is for them and they have no properties, they lie below another
    /// page, or they were attached to one.
    PagesPassedOver {
        /// The number of pages.
        count: usize,
    },
    /// Archives among the attachments of an export, which were not opened.
    ArchivesShut {
        /// The number of archives.
        count: usize,
    },
    /// Values that could not be read; their tickets stay, without them.
    LeftOut {
        /// The field that stays empty.
        field: Field,
        /// What is wrong with the values.
        fault: Fault,
        /// The number of values.
        count: usize,
        /// The first lines they stand on, ascending, at most five; none for records without lines.
        lines: Vec<u64>,
        /// The first of the values in text order, cut and safe to print; of a value of the wrong type, its type.
        example: String,
    },
}

impl fmt::Display for Note {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", shown(&self.source), self.kind)
    }
}

impl fmt::Display for NoteKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Encoding { name, damaged: false } => write!(f, "read as {name}"),
            Self::Encoding { name, damaged: true } => {
                write!(f, "read as {name}; characters that do not decode were replaced")
            }
            Self::RepeatedHeader { header } => {
                write!(
                    f,
                    "several columns are named {}; the first one counts",
                    quote(header)
                )
            }
            Self::IdsMade { count } => write!(
                f,
                "no id column, so {count} ids were made from the rows, and a row that changes gets a new one; \
                 `[columns] id = \"HEADER\"` in the settings names a column"
            ),
            Self::Databases { files } => {
                let listed = &files[..files.len().min(FILES_LISTED)];
                let ellipsis = if listed.len() < files.len() { ", …" } else { "" };
                write!(
                    f,
                    "{} databases, all of them read: {}{ellipsis}",
                    files.len(),
                    list(listed)
                )
            }
            Self::TableLeftOut { reason } => write!(f, "left out: {reason}"),
            Self::RowsWithoutPage { count } => write!(
                f,
                "{} without a page, so the text of the request and the id are missing; an id was made from the row",
                counted(*count, "row")
            ),
            Self::PagesGuessed { count } => write!(
                f,
                "{} of a title that others have too; which page is whose is a guess",
                counted(*count, "row")
            ),
            Self::PagesPassedOver { count } => {
                write!(
                    f,
                    "{} passed over as no tickets: without properties, below another page, or attached to one",
                    counted(*count, "page")
                )
            }
            Self::ArchivesShut { count } => {
                write!(
                    f,
                    "{} among the attachments not opened",
                    counted(*count, "archive")
                )
            }
            Self::LeftOut {
                field,
                fault,
                count,
                lines,
                example,
            } => {
                let values = if *count == 1 { "value" } else { "values" };
                let place = place(lines, *count);
                write!(
                    f,
                    "{count} {values} of {field} left out: {fault} ({place}such as {example})"
                )
            }
        }
    }
}

/// A number and what it counts.
fn counted(count: usize, word: &str) -> String {
    let plural = if count == 1 { "" } else { "s" };
    format!("{count} {word}{plural}")
}

/// The first lines on which some of `count` values stand, for the inside of brackets.
fn place(lines: &[u64], count: usize) -> String {
    let ellipsis = if lines.len() == LINES_LISTED && count > LINES_LISTED {
        " …,"
    } else {
        ""
    };
    let numbers = lines.iter().map(u64::to_string).collect::<Vec<_>>().join(", ");
    match lines {
        [] => String::new(),
        [_] => format!("line {numbers}, "),
        _ => format!("lines {numbers},{ellipsis} "),
    }
}

/// A value that was left out of one ticket.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Remark {
    pub(super) field: Field,
    pub(super) fault: Fault,
    /// What stood there, safe to print.
    pub(super) value: String,
}

/// Counts the remarks of an input, given with ascending lines, into one note kind for each field and fault.
pub(super) fn tally(remarks: impl IntoIterator<Item = (Option<u64>, Remark)>) -> Vec<NoteKind> {
    let mut found: BTreeMap<(Field, Fault), (usize, Vec<u64>, String)> = BTreeMap::new();
    for (line, Remark { field, fault, value }) in remarks {
        let (count, lines, example) = found
            .entry((field, fault))
            .or_insert_with(|| (0, Vec::new(), value.clone()));
        *count += 1;
        if lines.len() < LINES_LISTED && lines.last() != line.as_ref() {
            lines.extend(line);
        }
        if value < *example {
            *example = value;
        }
    }
    found
        .into_iter()
        .map(|((field, fault), (count, lines, example))| NoteKind::LeftOut {
            field,
            fault,
            count,
            lines,
            example,
        })
        .collect()
}

/// Text of a file as it may stand in a message: in quotes, cut, and with everything escaped that could steer a
/// terminal or turn the direction of writing.
pub(super) fn quote(text: &str) -> String {
    let mut kept: String = text.chars().take(QUOTED_CHARS).collect();
    if kept.len() < text.len() {
        kept.push('…');
    }
    format!("{kept:?}")
}

/// Quoted texts, separated by commas.
pub(super) fn list(texts: &[String]) -> String {
    texts
        .iter()
        .map(|text| quote(text))
        .collect::<Vec<_>>()
        .join(", ")
}

/// The name of an input in a message; `-` alone would read like a dash.
pub(super) fn shown(name: &str) -> &str {
    if name == "-" { "standard input" } else { name }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn remark(value: &str) -> Remark {
        Remark {
            field: Field::CreatedAt,
            fault: Fault::NotADate,
            value: quote(value),
        }
    }

    #[test]
    fn a_note_counts_all_and_lists_the_first_lines() {
        let remarks = (1..=7).map(|line| (Some(line), remark(&format!("v{}", 9 - line))));
        let note = Note {
            source: "a.csv".into(),
            kind: tally(remarks).remove(0),
        };
        let text =
            r#"a.csv: 7 values of created_at left out: no date (lines 1, 2, 3, 4, 5, …, such as "v2")"#;
        assert_eq!(note.to_string(), text);
    }

    #[test]
    fn faults_of_one_field_are_counted_apart() {
        let other = Remark {
            fault: Fault::NoSuchDate,
            ..remark("2026-02-30")
        };
        assert_eq!(tally([(Some(1), remark("x")), (Some(2), other)]).len(), 2);
    }

    #[test]
    fn a_long_value_is_cut() {
        assert_eq!(quote(&"あ".repeat(5_000_000)).chars().count(), QUOTED_CHARS + 3);
    }
}
