//! The names of an archive's entries: decoded, normalised, and refused where they lead outside.
//!
//! Nothing is ever written to disk here; a name that tries to climb out is refused all the same, since the archive
//! that has it is not what it pretends to be.

use encoding_rs::SHIFT_JIS;
use icu_normalizer::ComposingNormalizerBorrowed;

/// Decodes a name. Writers often leave out the mark that says UTF-8, so the bytes decide: UTF-8 if they are, else the
/// CP932 of a Japanese Windows. NFC, since macOS takes letters apart.
pub(super) fn decode(raw: &[u8]) -> String {
    let name = match std::str::from_utf8(raw) {
        Ok(name) => name.into(),
        Err(_) => SHIFT_JIS
            .decode_without_bom_handling_and_without_replacement(raw)
            .unwrap_or_else(|| String::from_utf8_lossy(raw)),
    };
    ComposingNormalizerBorrowed::new_nfc()
        .normalize(&name)
        .into_owned()
}

/// Whether a name stays inside of the archive: relative, without `..`, drive, backslash or NUL.
pub(super) fn is_safe(name: &str) -> bool {
    let has_drive = match name.as_bytes() {
        // A title may well begin with "Q: ", a drive is followed by no space.
        [letter, b':', rest @ ..] => letter.is_ascii_alphabetic() && rest.first() != Some(&b' '),
        _ => false,
    };
    let climbs = name.split('/').any(|part| part == "..");
    !(has_drive || climbs || name.starts_with('/') || name.contains(['\\', '\0']))
}

/// Whether an entry is none of the export but left by a file manager.
pub(super) fn is_debris(name: &str) -> bool {
    name.split('/')
        .any(|part| part == "__MACOSX" || part.starts_with("._"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_utf8_or_else_cp932() {
        assert_eq!(decode("依頼 一覧.csv".as_bytes()), "依頼 一覧.csv");
        let cp932 = SHIFT_JIS.encode("招待表ソ.md").0;
        assert!(cp932.contains(&b'\\'));
        assert_eq!(decode(&cp932), "招待表ソ.md");
        assert!(is_safe(&decode(&cp932)));
        assert!(decode(b"\xFD\xFE\xFF.md").ends_with(".md"));
    }

    #[test]
    fn letters_taken_apart_are_put_together() {
        assert_eq!(decode("ハ\u{309a}スワート\u{3099}".as_bytes()), "パスワード");
    }

    #[test]
    fn names_that_lead_outside_are_unsafe() {
        for name in [
            "/etc/x.md",
            "../x.md",
            "a/../../x.md",
            "a\\b.md",
            "C:/x.md",
            "c:x.md",
            "C:",
            "a\0.md",
        ] {
            assert!(!is_safe(name), "{name}");
        }
        for name in ["a/b c.md", "a..b/c....md", "Q: how.md", "./a.md", "…/a.md"] {
            assert!(is_safe(name), "{name}");
        }
    }
}
