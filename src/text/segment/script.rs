//! Script runs: the borders that `tokens` and `words` cut at, and the language they add up to.
//!
//! Promises that the pieces joined give the text back, byte for byte, whatever the text is.

/// The script of a run of text.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Script {
    /// Latin letters, with the digits and connectors of an identifier: `kawasemi-api`, `k8s`, `don't`.
    Latin,
    /// Digits without a letter, with inner connectors: `3`, `1.29`, `2026-03-01`.
    Digit,
    /// Hiragana.
    Hiragana,
    /// Katakana, the long vowel mark included.
    Katakana,
    /// Kanji, the iteration mark 々 included.
    Han,
    /// White space.
    Space,
    /// Everything else: punctuation, symbols, emoji, other alphabets.
    Other,
}

/// A run of one script in a text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Piece<'a> {
    /// The script of the run.
    pub script: Script,
    /// The run as it stands in the text.
    pub text: &'a str,
    /// Byte offset of the run in the text.
    pub start: usize,
}

/// Cuts a text at its script borders, in order and without a gap.
///
/// `write権限` is cut into `write` and `権限`. The connectors `-`, `_`, `.`, `/` and `'` belong to a
/// run when letters or digits of the Latin range stand on both sides, so that identifiers such as
/// `kawasemi-api` and `roles/viewer` stay whole while the full stop of a sentence does not stick to its
/// last word. A run of letters and digits is [`Script::Digit`] only when it has no letter.
pub fn pieces(text: &str) -> impl Iterator<Item = Piece<'_>> {
    let mut start = 0;
    std::iter::from_fn(move || {
        let rest = &text[start..];
        let (script, length) = run(rest)?;
        let piece = Piece {
            script,
            text: &rest[..length],
            start,
        };
        start += length;
        Some(piece)
    })
}

fn run(rest: &str) -> Option<(Script, usize)> {
    let first = script_of(rest.chars().next()?);
    Some(match first {
        Script::Latin | Script::Digit => alphanumeric_run(rest),
        script => (
            script,
            rest.find(|c| script_of(c) != script).unwrap_or(rest.len()),
        ),
    })
}

fn alphanumeric_run(rest: &str) -> (Script, usize) {
    let mut script = Script::Digit;
    let mut end = 0;
    for (at, c) in rest.char_indices() {
        match script_of(c) {
            Script::Latin => script = Script::Latin,
            Script::Digit => {}
            // A connector counts only between two characters of the run: `end` tells what stood before.
            _ if at == end && is_connector(c) => continue,
            _ => break,
        }
        end = at + c.len_utf8();
    }
    (script, end)
}

fn is_connector(c: char) -> bool {
    matches!(c, '-' | '_' | '.' | '/' | '\'')
}

/// Tells the script of one character; connectors are `Other` here.
pub(crate) fn script_of(c: char) -> Script {
    match c {
        'a'..='z' | 'A'..='Z' | 'À'..='Ö' | 'Ø'..='ö' | 'ø'..='ɏ' => Script::Latin,
        '0'..='9' => Script::Digit,
        'ぁ'..='ゖ' | 'ゝ' | 'ゞ' => Script::Hiragana,
        'ァ'..='ヺ' | 'ー' | 'ヽ' | 'ヾ' | 'ㇰ'..='ㇿ' => Script::Katakana,
        c if is_han(c) => Script::Han,
        c if c.is_whitespace() => Script::Space,
        _ => Script::Other,
    }
}

/// Tells whether a character is a kanji or stands for one (々, 〆, 〇).
pub(crate) fn is_han(c: char) -> bool {
    matches!(c,
        '々' | '〆' | '〇'
        | '\u{3400}'..='\u{4dbf}'
        | '\u{4e00}'..='\u{9fff}'
        | '\u{f900}'..='\u{faff}'
        | '\u{20000}'..='\u{3ffff}')
}

/// The language of a text, as far as reports and word lists care.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Language {
    /// Japanese, English tool names inside included.
    Ja,
    /// English, and everything without Japanese script.
    En,
}

/// Tells the language of a text by its share of Japanese script.
///
/// A Japanese character weighs as much as a Latin word: `GitHub organization への招待` is Japanese though
/// most of its letters are Latin, and an English sentence with one Japanese surname stays English. A text
/// without Japanese script, the empty one included, is [`Language::En`].
#[must_use]
pub fn language(text: &str) -> Language {
    let mut japanese = 0;
    let mut latin_words = 0;
    for piece in pieces(text) {
        match piece.script {
            Script::Hiragana | Script::Katakana | Script::Han => japanese += piece.text.chars().count(),
            Script::Latin => latin_words += 1,
            Script::Digit | Script::Space | Script::Other => {}
        }
    }
    if japanese > 0 && japanese >= latin_words {
        Language::Ja
    } else {
        Language::En
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn cut(text: &str) -> Vec<&str> {
        pieces(text).map(|piece| piece.text).collect()
    }

    #[test]
    fn scripts_part_and_identifiers_stay_whole() {
        assert_eq!(cut("write権限"), ["write", "権限"]);
        assert_eq!(
            cut("kawasemi-apiのroles/viewerを"),
            ["kawasemi-api", "の", "roles/viewer", "を"]
        );
        assert_eq!(cut("サーバー増設"), ["サーバー", "増設"]);
        assert_eq!(
            cut("1password、k8s 1.29"),
            ["1password", "、", "k8s", " ", "1.29"]
        );
    }

    #[test]
    fn connectors_at_an_edge_belong_to_nobody() {
        assert_eq!(
            cut("done. -x a--b c/"),
            ["done", ".", " ", "-", "x", " ", "a", "--", "b", " ", "c", "/"]
        );
        assert_eq!(cut("'quoted'"), ["'", "quoted", "'"]);
    }

    #[test]
    fn letters_decide_the_script_of_an_alphanumeric_run() {
        let scripts: Vec<Script> = pieces("2026-03-01 2fa 3").map(|piece| piece.script).collect();
        assert_eq!(
            scripts,
            [
                Script::Digit,
                Script::Space,
                Script::Latin,
                Script::Space,
                Script::Digit
            ]
        );
    }

    #[test]
    fn language_counts_words_not_letters() {
        assert_eq!(language("GitHub organization への招待"), Language::Ja);
        assert_eq!(
            language("Please ask 早川 about the kawasemi deploy"),
            Language::En
        );
        assert_eq!(language("datadog viewer権限"), Language::Ja);
        assert_eq!(language(""), Language::En);
        assert_eq!(language("@k.hayakawa 123"), Language::En);
    }

    proptest! {
        #[test]
        fn pieces_joined_give_the_text(text in "[a-z0-9._/'ー\\-あア漢々 \n\u{0}\u{202e}é🙏⟨⟩]{0,40}|\\PC{0,40}") {
            prop_assert_eq!(cut(&text).concat(), text.clone());
            for piece in pieces(&text) {
                prop_assert!(!piece.text.is_empty());
                prop_assert_eq!(&text[piece.start..piece.start + piece.text.len()], piece.text);
            }
        }
    }
}
