//! Reading as a whole: several inputs, formats and encodings, duplicates, and what is skipped or noted.

use proptest::prelude::*;

use super::*;
use crate::source::{ArchiveFault, Fault, Kind, NoteKind};

fn options() -> ReadOptions {
    ReadOptions {
        zone: TimeZone::get("Asia/Tokyo").unwrap(),
        columns: BTreeMap::new(),
        format: None,
    }
}

fn input(name: &str, text: impl AsRef<[u8]>) -> Input {
    Input {
        name: name.into(),
        bytes: text.as_ref().to_vec(),
    }
}

fn one(name: &str, text: impl AsRef<[u8]>) -> Result<Reading, SourceError> {
    read(&[input(name, text)], &options())
}

fn titles(reading: &Reading) -> Vec<&str> {
    reading
        .tickets
        .iter()
        .filter_map(|ticket| ticket.title.as_deref())
        .collect()
}

#[test]
fn formats_and_inputs_are_read_together() {
    let jsonl = input("b.jsonl", "{\"id\":\"2\",\"title\":\"json\"}\n");
    let csv = input("a.csv", "id,title\n1,csv\n");
    let reading = read(&[jsonl, csv], &options()).unwrap();
    assert_eq!(titles(&reading), ["csv", "json"]);
    assert_eq!(reading.guesses.len(), 1);
    assert_eq!(reading.records, 2);
}

#[test]
fn no_inputs_give_no_records() {
    assert_eq!(read(&[], &options()).unwrap(), Reading::default());
}

#[test]
fn the_latest_update_stays_whole() {
    let text = r#"{"id":1,"title":"new","updated_at":"2026-02-01"}
{"id":1,"title":"old","body":"x","created_at":"2026-03-01","updated_at":"2026-01-01"}
{"id":1,"title":"no update","created_at":"2026-04-01"}"#;
    let reading = one("a.jsonl", text).unwrap();
    assert_eq!(titles(&reading), ["new"]);
    assert_eq!(reading.tickets[0].body, None);
    assert_eq!((reading.records, reading.merged), (3, 2));
}

#[test]
fn equal_updates_are_decided_by_creation_and_then_by_text() {
    let text = r#"{"id":1,"title":"a","created_at":"2026-01-01"}
{"id":1,"title":"c","created_at":"2026-01-02"}
{"id":1,"title":"b","created_at":"2026-01-02"}"#;
    assert_eq!(titles(&one("a.jsonl", text).unwrap()), ["c"]);
}

#[test]
fn equal_rows_without_ids_stay_apart_in_a_file_and_meet_across_files() {
    let text = "名前,作成日時\n招待,2026年4月1日 10:00\n招待,2026年4月1日 10:00\n";
    let reading = one("notion.csv", text).unwrap();
    assert_eq!(
        (reading.tickets.len(), reading.merged, reading.records),
        (2, 0, 2)
    );
    assert_eq!(reading.notes[0].kind, NoteKind::IdsMade { count: 2 });
    let input = |name: &str| Input {
        name: name.to_owned(),
        bytes: text.as_bytes().to_vec(),
    };
    let twice = read(&[input("a.csv"), input("b.csv")], &options()).unwrap();
    assert_eq!((twice.tickets.len(), twice.merged, twice.records), (2, 2, 4));
}

#[test]
fn bad_lines_are_skipped_and_bad_values_noted() {
    let text = "{\"id\":1,\"created_at\":\"soon\"}\nnot json\n{\"id\":2,\"created_at\":\"later\"}\n";
    let reading = one("a.jsonl", text).unwrap();
    assert_eq!(reading.tickets.len(), 2);
    let skipped = &reading.skipped[0];
    assert_eq!(
        (skipped.source.as_str(), skipped.line, skipped.id.as_ref()),
        ("a.jsonl", Some(2), None)
    );
    let expected = NoteKind::LeftOut {
        field: Field::CreatedAt,
        fault: Fault::NotADate,
        count: 2,
        lines: vec![1, 3],
        example: "\"later\"".into(),
    };
    assert_eq!(
        reading.notes,
        [Note {
            source: "a.jsonl".into(),
            kind: expected
        }]
    );
}

#[test]
fn a_file_without_a_readable_record_is_an_error_with_reasons() {
    let error = one("a.jsonl", "x\n{\"title\":\"t\"}\n[]\n{}\n").unwrap_err();
    let message = error.to_string();
    assert!(
        message.starts_with("no record of a.jsonl can be read: line 1: no valid JSON: "),
        "{message}"
    );
    assert!(
        message.ends_with("; line 2: no id; line 3: not a JSON object"),
        "{message}"
    );
    assert!(error.hint().is_some());
}

#[test]
fn a_csv_in_utf16_or_cp932_is_read_and_told() {
    let text = "番号,件名\n1,招待のお願い\n";
    let utf16: Vec<u8> = [0xFEFF]
        .into_iter()
        .chain(text.encode_utf16())
        .flat_map(u16::to_le_bytes)
        .collect();
    let cp932 = encoding_rs::SHIFT_JIS.encode(text).0.into_owned();
    for (bytes, name) in [(utf16, "UTF-16LE"), (cp932, "CP932")] {
        let reading = one("a.csv", bytes).unwrap();
        assert_eq!(titles(&reading), ["招待のお願い"]);
        assert_eq!(reading.notes[0].kind, NoteKind::Encoding { name, damaged: false });
    }
}

#[test]
fn a_csv_with_a_few_broken_lines_loses_only_these() {
    let mut bytes = "id,件名\n1,招待\n2,権限\n3,".as_bytes().to_vec();
    bytes.extend_from_slice(b"\xE3\x81\n4,\xE8\xAA\xBF\n");
    let reading = one("a.csv", bytes).unwrap();
    assert_eq!(reading.tickets.len(), 3);
    assert_eq!(
        (reading.skipped[0].line, reading.skipped[0].reason.as_str()),
        (Some(4), "broken UTF-8 in column 2")
    );
}

#[test]
fn standard_input_tells_its_format_by_its_first_character() {
    assert_eq!(
        titles(&one("-", "\u{feff}{\"id\":1,\"title\":\"json\"}").unwrap()),
        ["json"]
    );
    assert_eq!(titles(&one("-", "id\ttitle\n1\tcsv").unwrap()), ["csv"]);
}

#[test]
fn a_header_alone_has_no_records_and_is_no_error() {
    assert_eq!(one("a.csv", "id,title\n").unwrap().records, 0);
}

#[test]
fn files_that_hold_no_tickets_are_errors() {
    assert!(matches!(
        one("a.csv", "\u{feff} \n"),
        Err(SourceError::Empty { .. })
    ));
    assert!(matches!(
        one("a.csv", "PK\u{3}\u{4}\0"),
        Err(SourceError::Archive {
            fault: ArchiveFault::Broken { .. },
            ..
        })
    ));
    assert!(matches!(
        one("a.json", "{\n\"id\":1}"),
        Err(SourceError::WrongKind {
            kind: Kind::SpreadJson,
            ..
        })
    ));
}

#[test]
fn an_answer_is_never_mapped() {
    let options = ReadOptions {
        columns: BTreeMap::from([(Field::Labels, "label".to_owned())]),
        ..options()
    };
    let error = read(&[input("a.jsonl", "{}")], &options).unwrap_err();
    assert_eq!(
        error.to_string(),
        "the column \"label\" holds answers and cannot be read as labels"
    );
}

#[test]
fn a_body_of_five_megabytes_is_a_body() {
    let body = "あ\\n".repeat(1_250_000);
    let reading = one("a.jsonl", format!("{{\"id\":1,\"body\":\"{body}\"}}")).unwrap();
    assert_eq!(reading.tickets[0].body.as_ref().map(String::len), Some(5_000_000));
}

/// A reading without the line numbers, which are all that the order of lines may change.
fn without_lines(mut reading: Reading) -> Reading {
    for skipped in &mut reading.skipped {
        skipped.line = None;
    }
    for note in &mut reading.notes {
        if let NoteKind::LeftOut { lines, .. } = &mut note.kind {
            lines.clear();
        }
    }
    reading.skipped.sort_unstable();
    reading.notes.sort_unstable();
    reading
}

/// Records with few ids and few dates, so that ids meet and ties happen; one in ten is broken.
fn record() -> impl Strategy<Value = String> {
    let date = prop::sample::select(vec![
        "2026-01-01",
        "2026-01-02",
        "2026-01-01T00:00:00Z",
        "bad",
        "",
    ]);
    let whole = (0..4_u8, date.clone(), date, "[ab]{0,2}").prop_map(|(id, created, updated, title)| {
        format!(r#"{{"id":{id},"created_at":"{created}","updated_at":"{updated}","title":"{title}"}}"#)
    });
    prop_oneof![9 => whole, 1 => Just("{\"title\":\"no id\"}".to_owned())]
}

proptest! {
    #[test]
    fn the_order_of_lines_and_files_changes_nothing(
        (lines, shuffled) in prop::collection::vec(record(), 1..30)
            .prop_flat_map(|lines| (Just(lines.clone()), Just(lines).prop_shuffle())),
    ) {
        let files = |lines: &[String]| {
            let mut other = lines.to_vec();
            other.reverse();
            [input("a.jsonl", lines.join("\n")), input("b.jsonl", other.join("\n"))]
        };
        let [a, b] = files(&lines);
        let [c, d] = files(&shuffled);
        match (read(&[a, b], &options()), read(&[d, c], &options())) {
            (Ok(one), Ok(other)) => prop_assert_eq!(without_lines(one), without_lines(other)),
            (one, other) => prop_assert!(one.is_err() && other.is_err()),
        }
    }

    #[test]
    fn every_record_is_counted_once(lines in prop::collection::vec(record(), 1..30)) {
        if let Ok(reading) = one("a.jsonl", lines.join("\n")) {
            prop_assert_eq!(reading.records, lines.len());
            prop_assert_eq!(reading.records, reading.tickets.len() + reading.merged + reading.skipped.len());
            prop_assert!(reading.tickets.is_sorted_by(|a, b| a.id < b.id));
        }
    }

    #[test]
    fn any_bytes_are_read_or_refused(
        name in prop::sample::select(vec!["a.csv", "a.jsonl", "-"]),
        head in prop::sample::select(vec!["", "id,title\n", "{\"id\":1}\n", "\u{feff}id;件名\n1;\u{202e}x\u{1b}[2J\n"]),
        bytes in prop::collection::vec(any::<u8>(), 0..200),
    ) {
        let bytes = [head.as_bytes(), &bytes].concat();
        if let Ok(reading) = one(name, bytes) {
            prop_assert_eq!(reading.records, reading.tickets.len() + reading.merged + reading.skipped.len());
        }
    }
}
