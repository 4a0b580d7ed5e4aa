//! From the bytes of an input to UTF-8, which is all that the readers behind this know.
//!
//! UTF-8 passes as it is, broken lines included, for the readers to skip. UTF-16 is taken by its byte order mark
//! only. What is left and decodes without an error is CP932, the encoding in which Japanese Excel saves CSV.

use std::borrow::Cow;

use encoding_rs::{Encoding, SHIFT_JIS};

use super::NoteKind;

/// Bytes that are UTF-8 except for single broken lines, and a remark if they were not so before.
pub(super) struct Decoded<'a> {
    pub(super) bytes: Cow<'a, [u8]>,
    pub(super) note: Option<NoteKind>,
}

/// Decodes the bytes of an input and drops its byte order mark.
pub(super) fn decode(bytes: &[u8]) -> Decoded<'_> {
    match Encoding::for_bom(bytes) {
        Some((encoding, mark)) if encoding != encoding_rs::UTF_8 => {
            let (text, damaged) = encoding.decode_without_bom_handling(&bytes[mark..]);
            decoded(text, encoding.name(), damaged)
        }
        Some((_, mark)) => Decoded {
            bytes: Cow::Borrowed(&bytes[mark..]),
            note: None,
        },
        None if is_utf8(bytes) => Decoded {
            bytes: Cow::Borrowed(bytes),
            note: None,
        },
        None => match SHIFT_JIS.decode_without_bom_handling_and_without_replacement(bytes) {
            Some(text) => decoded(text, "CP932", false),
            None => Decoded {
                bytes: Cow::Borrowed(bytes),
                note: None,
            },
        },
    }
}

fn decoded<'a>(text: Cow<'a, str>, name: &'static str, damaged: bool) -> Decoded<'a> {
    let bytes = match text {
        Cow::Borrowed(text) => Cow::Borrowed(text.as_bytes()),
        Cow::Owned(text) => Cow::Owned(text.into_bytes()),
    };
    Decoded {
        bytes,
        note: Some(NoteKind::Encoding { name, damaged }),
    }
}

/// Whether the text is UTF-8, perhaps with some broken lines.
///
/// Lines vote, ASCII ones aside: a line of Japanese in CP932 is practically never valid UTF-8, while a UTF-8 file
/// with a few cut characters has many lines that are.
fn is_utf8(bytes: &[u8]) -> bool {
    if std::str::from_utf8(bytes).is_ok() {
        return true;
    }
    let lines = bytes.split(|byte| *byte == b'\n').filter(|line| !line.is_ascii());
    let (valid, broken) = lines.fold(
        (0_usize, 0_usize),
        |(valid, broken), line| match std::str::from_utf8(line) {
            Ok(_) => (valid + 1, broken),
            Err(_) => (valid, broken + 1),
        },
    );
    valid >= broken
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cp932(text: &str) -> Vec<u8> {
        SHIFT_JIS.encode(text).0.into_owned()
    }

    #[test]
    fn excel_text_is_cp932() {
        let text = "番号,件名\n1,アカウントの招待\n2,㈱と～と①\n";
        let bytes = cp932(text);
        let decoded = decode(&bytes);
        assert_eq!(decoded.bytes, text.as_bytes());
        assert_eq!(
            decoded.note,
            Some(NoteKind::Encoding {
                name: "CP932",
                damaged: false
            })
        );
    }

    #[test]
    fn one_cut_character_does_not_change_the_encoding() {
        let mut bytes = "招待\n権限\n調査\n".as_bytes().to_vec();
        bytes.extend_from_slice(&"環境".as_bytes()[..5]);
        let decoded = decode(&bytes);
        assert_eq!((decoded.bytes.as_ref(), decoded.note), (bytes.as_slice(), None));
    }

    #[test]
    fn byte_order_marks_are_believed_and_dropped() {
        assert_eq!(decode(b"\xEF\xBB\xBFid").bytes, b"id".as_slice());
        assert_eq!(decode(b"\xFF\xFEi\0d\0").bytes, b"id".as_slice());
        assert_eq!(decode(b"\xFE\xFF\0i\0d").bytes, b"id".as_slice());
    }

    #[test]
    fn a_lone_surrogate_is_replaced_and_told() {
        let decoded = decode(b"\xFF\xFE\x00\xD8i\0");
        assert_eq!(decoded.bytes, "\u{fffd}i".as_bytes());
        assert_eq!(
            decoded.note,
            Some(NoteKind::Encoding {
                name: "UTF-16LE",
                damaged: true
            })
        );
    }

    #[test]
    fn bytes_of_no_known_encoding_stay_as_they_are() {
        let bytes = b"\xFD\xFE\xFF\n\xFD";
        assert_eq!(decode(bytes).bytes, bytes.as_slice());
    }
}
