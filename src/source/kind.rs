//! What an input is: JSONL, CSV, an export of Notion, or something that holds no tickets.
//!
//! A file of the wrong kind is recognised by its first bytes before anything is decoded, so that a spreadsheet ends
//! in one sentence with a next step and not in ten thousand broken lines.

use std::fmt;
use std::path::Path;

use serde::Deserialize;

use super::{Input, SourceError};

/// A way of writing tickets in a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Format {
    /// One JSON object a line.
    Jsonl,
    /// A header row and one row a ticket, with commas, semicolons or tabs.
    Csv,
    /// The zip archive that Notion makes of a database, or one of its parts.
    NotionExport,
}

/// What an input looks like that is no file of tickets. Displays with its article.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Kind {
    /// A zip archive that is no workbook, where text was asked for.
    Zip,
    /// A spreadsheet, of any age.
    Workbook,
    /// A PDF document.
    Pdf,
    /// A gzip stream.
    Gzip,
    /// A SQLite database.
    Sqlite,
    /// A web page or another XML document.
    Html,
    /// UTF-16 text whose byte order mark is missing.
    BareUtf16,
    /// One JSON array around all records.
    JsonArray,
    /// JSON objects spread over several lines.
    SpreadJson,
    /// JSON lines under the name of a CSV file.
    JsonInCsv,
}

impl Kind {
    /// Returns what to do with such a file, as an imperative without a full stop.
    pub(super) const fn next_step(self) -> &'static str {
        match self {
            Self::Zip => {
                "leave out `--input-format` if it is an export of Notion; else unpack it and pass the files in it"
            }
            Self::Workbook => "save the sheet as \"CSV UTF-8\" and pass that file",
            Self::Pdf => "export the tickets as CSV or JSONL",
            Self::Gzip => "unpack it first: `gzip -dc FILE | toilscope report -`",
            Self::Sqlite => "if it is a toilscope store, pass it with `--store`; else export a table as CSV",
            Self::Html => {
                "this is often a sign-in page saved by mistake; export the tickets again as CSV or JSONL"
            }
            Self::BareUtf16 => "save it as UTF-8",
            Self::JsonArray => "write one object a line: `jq -c '.[]' FILE > tickets.jsonl`",
            Self::SpreadJson => "write one object a line: `jq -c . FILE > tickets.jsonl`",
            Self::JsonInCsv => "rename it to end in `.jsonl`, or say `--input-format jsonl`",
        }
    }

    /// Recognises by its first bytes what cannot be read as text.
    fn of(bytes: &[u8]) -> Option<Self> {
        let starts = |magic: &[u8]| bytes.starts_with(magic);
        // A workbook is a zip whose first entries name Office parts; 4 KB hold several entry names.
        let mut windows = bytes[..bytes.len().min(4096)].windows(19);
        if starts(b"PK\x03\x04") && windows.any(|window| window == b"[Content_Types].xml") {
            Some(Self::Workbook)
        } else if starts(b"PK") && !bytes.get(2).is_some_and(u8::is_ascii_graphic) {
            Some(Self::Zip)
        } else if starts(b"\xD0\xCF\x11\xE0") {
            Some(Self::Workbook)
        } else if starts(b"%PDF-") {
            Some(Self::Pdf)
        } else if starts(b"\x1F\x8B") {
            Some(Self::Gzip)
        } else if starts(b"SQLite format 3\0") {
            Some(Self::Sqlite)
        } else if is_markup(bytes) {
            Some(Self::Html)
        } else if bytes.len() >= 4 && (is_half_nul(&bytes[..4], 0) || is_half_nul(&bytes[..4], 1)) {
            Some(Self::BareUtf16)
        } else {
            None
        }
    }
}

impl fmt::Display for Kind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Zip => "a zip archive",
            Self::Workbook => "an Excel workbook",
            Self::Pdf => "a PDF document",
            Self::Gzip => "a gzip file",
            Self::Sqlite => "a SQLite database",
            Self::Html => "a web page",
            Self::BareUtf16 => "UTF-16 text without a byte order mark",
            Self::JsonArray => "one JSON array",
            Self::SpreadJson => "JSON spread over several lines",
            Self::JsonInCsv => "JSON lines",
        })
    }
}

/// Whether to read an input as an export of Notion: if that was asked for, else by its first bytes or, if they say
/// nothing, by its name.
pub(super) fn is_export(input: &Input, asked: Option<Format>) -> bool {
    match (asked, Kind::of(&input.bytes)) {
        (Some(format), _) => format == Format::NotionExport,
        (None, Some(kind)) => kind == Kind::Zip,
        (None, None) => {
            by_extension(&input.name) == Some(Format::NotionExport) && !input.bytes.trim_ascii().is_empty()
        }
    }
}

/// Refuses what is no text.
///
/// # Errors
///
/// [`SourceError::WrongKind`] for binary files and web pages.
pub(super) fn check_text(input: &Input) -> Result<(), SourceError> {
    match Kind::of(&input.bytes) {
        Some(kind) => Err(SourceError::WrongKind {
            name: input.name.clone(),
            kind,
        }),
        None => Ok(()),
    }
}

/// Decides how to read `text`, the decoded content of the input `name`: as `asked`, else by the name's extension,
/// else by the first character.
///
/// # Errors
///
/// [`SourceError::Empty`], or [`SourceError::WrongKind`] for a JSON array and for JSON under the name of a CSV file.
pub(super) fn recognise(name: &str, text: &[u8], asked: Option<Format>) -> Result<Format, SourceError> {
    let wrong = |kind| {
        Err(SourceError::WrongKind {
            name: name.to_owned(),
            kind,
        })
    };
    let text = text.trim_ascii_start();
    let Some(&first) = text.first() else {
        return Err(SourceError::Empty {
            name: name.to_owned(),
        });
    };
    let by_content = if matches!(first, b'{' | b'[') {
        Format::Jsonl
    } else {
        Format::Csv
    };
    match asked.or_else(|| by_extension(name)).unwrap_or(by_content) {
        Format::Jsonl if first == b'[' => wrong(Kind::JsonArray),
        Format::Csv if asked.is_none() && text.starts_with(b"{\"") => wrong(Kind::JsonInCsv),
        format => Ok(format),
    }
}

fn by_extension(name: &str) -> Option<Format> {
    match Path::new(name)
        .extension()?
        .to_str()?
        .to_ascii_lowercase()
        .as_str()
    {
        "jsonl" | "ndjson" | "json" => Some(Format::Jsonl),
        "csv" | "tsv" | "txt" => Some(Format::Csv),
        "zip" => Some(Format::NotionExport),
        _ => None,
    }
}

/// Whether this is HTML or XML, behind white space and a byte order mark.
fn is_markup(bytes: &[u8]) -> bool {
    let text = bytes
        .strip_prefix(b"\xEF\xBB\xBF")
        .unwrap_or(bytes)
        .trim_ascii_start();
    let starts = |tag: &[u8]| {
        text.get(..tag.len())
            .is_some_and(|head| head.eq_ignore_ascii_case(tag))
    };
    starts(b"<!doctype") || starts(b"<html") || starts(b"<?xml")
}

/// Whether two ASCII characters stand here as UTF-16, with the NUL bytes at `offset` 0 or 1.
fn is_half_nul(four: &[u8], offset: usize) -> bool {
    four.iter()
        .enumerate()
        .all(|(at, byte)| (*byte == 0) == (at % 2 == offset))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn kind(bytes: &[u8]) -> Option<Kind> {
        Kind::of(bytes)
    }

    #[test]
    fn wrong_kinds_are_named() {
        assert_eq!(
            kind(b"PK\x03\x04\x14\0\0\0\x08\0Export/Part.csv"),
            Some(Kind::Zip)
        );
        assert_eq!(
            kind(b"PK\x03\x04\x14\0\x06\0\x08\0!\0[Content_Types].xml xl/"),
            Some(Kind::Workbook)
        );
        assert_eq!(kind(b"\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1"), Some(Kind::Workbook));
        assert_eq!(kind(b"%PDF-1.7"), Some(Kind::Pdf));
        assert_eq!(kind(b"\x1F\x8B\x08"), Some(Kind::Gzip));
        assert_eq!(kind(b"SQLite format 3\0\x10"), Some(Kind::Sqlite));
        assert_eq!(kind(b"\xEF\xBB\xBF \n<!DOCTYPE html>"), Some(Kind::Html));
        assert_eq!(kind(b"{\0\"\0i\0"), Some(Kind::BareUtf16));
        assert_eq!(kind(b"\0{\0\""), Some(Kind::BareUtf16));
    }

    #[test]
    fn archives_are_exports_unless_something_else_was_asked_for() {
        let input = |name: &str, bytes: &[u8]| Input {
            name: name.into(),
            bytes: bytes.to_vec(),
        };
        let packed = b"PK\x03\x04\x14\0\0\0";
        assert!(
            is_export(&input("-", packed), None) && !is_export(&input("a.zip", packed), Some(Format::Csv))
        );
        assert!(
            is_export(&input("a.ZIP", b"text"), None)
                && is_export(&input("a", b"x"), Some(Format::NotionExport))
        );
        for (name, bytes) in [
            ("a.zip", &b"<!DOCTYPE html>"[..]),
            ("a.zip", b" "),
            ("a.csv", b"PK,title"),
        ] {
            assert!(!is_export(&input(name, bytes), None), "{name}");
        }
    }

    #[test]
    fn a_header_that_begins_with_pk_is_text() {
        assert_eq!(kind(b"PK,title\n1,x\n"), None);
        assert_eq!(kind(b""), None);
    }

    #[test]
    fn the_extension_decides_before_the_content() {
        assert_eq!(recognise("a.NDJSON", b"x", None).unwrap(), Format::Jsonl);
        assert_eq!(recognise("a.tsv", b"x", None).unwrap(), Format::Csv);
        assert_eq!(recognise("-", b"\n {\"id\":1}", None).unwrap(), Format::Jsonl);
        assert_eq!(recognise("-", b"id,title", None).unwrap(), Format::Csv);
        assert_eq!(
            recognise("a.jsonl", b"id,title", Some(Format::Csv)).unwrap(),
            Format::Csv
        );
    }

    #[test]
    fn json_that_is_not_lines_is_refused_with_a_command() {
        let error = recognise("a.json", b"[{\"id\":1}]", None).unwrap_err();
        assert_eq!(
            error.to_string(),
            "a.json looks like one JSON array, not like CSV or JSONL"
        );
        assert!(error.hint().unwrap().contains("jq -c '.[]'"));
        let error = recognise("a.csv", b"{\"id\":1}", None).unwrap_err();
        assert!(matches!(
            error,
            SourceError::WrongKind {
                kind: Kind::JsonInCsv,
                ..
            }
        ));
    }

    #[test]
    fn white_space_alone_is_empty() {
        assert!(matches!(
            recognise("a.csv", b" \r\n\t", None),
            Err(SourceError::Empty { .. })
        ));
    }
}
