//! Words of a text: `tokens` to group tickets by, `words` to show.
//!
//! Two views, because kanji bigrams group well and read badly (facts/clustering.md 4 and 9). Both promise
//! order of appearance and repeats kept; counting and weighing are left to the vectors.

use super::script::{Script, pieces};
use super::stem::stem;
use super::stop::{is_idle_placeholder, is_stop_word, without_stop_words};

/// Kanji that alone are an object or the stem of a request verb: 鍵, 席, 付けて, 消して, 入れて.
const TELLING_KANJI: &str = "鍵席付消外足入遅落止剥増減開閉繋直戻抜切立移";
/// Longest kanji run that reads as a word; longer ones are compounds of several.
const LONGEST_KANJI_WORD: usize = 6;
/// Longer Latin runs are keys, hashes and pasted data, in characters.
const LONGEST_LATIN_WORD: usize = 40;

/// Appends the clustering tokens of a normalised text.
///
/// Latin words are stemmed, katakana runs of two and more kept whole, kanji runs cut into bigrams, hiragana
/// dropped, and words of the stop lists left out. The placeholders of `Recognizer::mask` are tokens of their own
/// when they tell what is asked for (`⟨role⟩`, `⟨repository⟩`, `⟨project⟩`, `⟨ip⟩`, `⟨host⟩`, `⟨account⟩`, `⟨secret⟩`);
/// the ones that tell who, when, where and how many are stop words.
pub fn tokens(text: &str, out: &mut Vec<String>) {
    each_word(text, |script, word| push_tokens(script, word, out));
}

fn push_tokens(script: Script, word: &str, out: &mut Vec<String>) {
    match script {
        Script::Han => bigrams(word, out),
        Script::Latin => out.push(stem(word).into_owned()),
        Script::Other => out.push(format!("⟨{word}⟩")),
        _ => out.push(word.to_owned()),
    }
}

/// Appends the tokens and the display words of a normalised text, as [`tokens`] and [`words`] do, in one go.
pub fn tokens_and_words(text: &str, tokens: &mut Vec<String>, words: &mut Vec<String>) {
    each_word(text, |script, word| {
        push_tokens(script, word, tokens);
        if is_display_word(script, word) {
            words.push(word.to_owned());
        }
    });
}

/// Appends the display words of a normalised text: whole script runs, stop words left out.
///
/// Kanji runs of two to six characters, katakana and Latin runs of two and more. Placeholders are never
/// display words.
pub fn words(text: &str, out: &mut Vec<String>) {
    each_display_word(text, |word| out.push(word.to_owned()));
}

/// Calls back with the words that [`words`] appends.
pub(crate) fn each_display_word<'a>(text: &'a str, mut each: impl FnMut(&'a str)) {
    each_word(text, |script, word| {
        if is_display_word(script, word) {
            each(word);
        }
    });
}

fn is_display_word(script: Script, word: &str) -> bool {
    match script {
        Script::Han => (2..=LONGEST_KANJI_WORD).contains(&word.chars().count()),
        Script::Other => false,
        _ => true,
    }
}

/// Calls back with each word that is no stop word; the name of a placeholder comes as `Script::Other`.
fn each_word<'a>(text: &'a str, mut each: impl FnMut(Script, &'a str)) {
    for (index, part) in text.split('⟨').enumerate() {
        let (name, plain) = part
            .split_once('⟩')
            .filter(|(name, _)| index > 0 && is_name(name))
            .unwrap_or(("", part));
        if !name.is_empty() && !is_idle_placeholder(name) {
            each(Script::Other, name);
        }
        plain_words(plain, &mut each);
    }
}

fn is_name(name: &str) -> bool {
    !name.is_empty() && name.bytes().all(|b| b.is_ascii_lowercase())
}

fn plain_words<'a>(text: &'a str, each: &mut impl FnMut(Script, &'a str)) {
    for piece in pieces(text) {
        match piece.script {
            Script::Han => without_stop_words(piece.text, |word| each(Script::Han, word)),
            Script::Katakana if piece.text.chars().nth(1).is_some() && !is_stop_word(piece.text) => {
                each(Script::Katakana, piece.text);
            }
            Script::Latin => latin_words(piece.text, each),
            _ => {}
        }
    }
}

/// `aws/gcp` is two words; `kawasemi-api` is one.
fn latin_words<'a>(run: &'a str, each: &mut impl FnMut(Script, &'a str)) {
    for word in run.split('/') {
        let word = word.strip_suffix("'s").unwrap_or(word);
        let digits = word.bytes().filter(u8::is_ascii_digit).count();
        let readable = (2..=LONGEST_LATIN_WORD).contains(&word.len()) && digits * 2 <= word.len();
        if readable && !is_stop_word(word) && !is_identifier(word, digits) {
            each(Script::Latin, word);
        }
    }
}

/// Hexadecimal ids and the like: long, without a connector, letters and digits mixed.
fn is_identifier(word: &str, digits: usize) -> bool {
    word.len() >= 8 && digits >= 2 && word.bytes().all(|b| b.is_ascii_hexdigit())
}

fn bigrams(word: &str, out: &mut Vec<String>) {
    let ends: Vec<usize> = word.char_indices().map(|(at, c)| at + c.len_utf8()).collect();
    if ends.len() == 1 {
        if TELLING_KANJI.contains(word) {
            out.push(word.to_owned());
        }
        return;
    }
    let starts = std::iter::once(0).chain(ends.iter().copied());
    out.extend(
        starts
            .zip(&ends[1..])
            .map(|(start, &end)| word[start..end].to_owned()),
    );
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn tokens_of(text: &str) -> Vec<String> {
        let mut out = Vec::new();
        tokens(text, &mut out);
        out
    }

    fn words_of(text: &str) -> Vec<String> {
        let mut out = Vec::new();
        words(text, &mut out);
        out
    }

    #[test]
    fn mixed_text_is_cut_at_script_borders() {
        assert_eq!(
            tokens_of("kawasemi-apiへのwrite権限付与をお願いします"),
            ["kawasemi-api", "write", "権限", "限付", "付与"]
        );
        assert_eq!(
            words_of("kawasemi-apiへのwrite権限付与をお願いします"),
            ["kawasemi-api", "write", "権限付与"]
        );
    }

    #[test]
    fn english_tokens_are_stemmed_and_words_are_not() {
        assert_eq!(
            tokens_of("please add permissions for the deployed services"),
            ["add", "permission", "deploy", "service"]
        );
        assert_eq!(words_of("please add permissions"), ["add", "permissions"]);
    }

    #[test]
    fn single_kanji_survive_only_as_verbs_and_objects() {
        assert_eq!(tokens_of("鍵を消して上に"), ["鍵", "消"]);
        assert!(words_of("鍵を消して").is_empty());
    }

    #[test]
    fn placeholders_of_things_are_tokens_and_of_people_are_not() {
        assert_eq!(
            tokens_of("⟨person⟩さんに⟨role⟩権限を⟨date⟩まで"),
            ["⟨role⟩", "権限"]
        );
        assert_eq!(words_of("⟨person⟩さんに⟨role⟩権限を"), ["権限"]);
        assert_eq!(tokens_of("⟨repository⟩⟨host⟩"), ["⟨repository⟩", "⟨host⟩"]);
    }

    #[test]
    fn long_compounds_and_ids_are_not_shown() {
        assert!(words_of("決済基盤開発環境構築手順 3f2a9b1c4d5e6f70 2026").is_empty());
        assert_eq!(tokens_of("aws/gcpのk8s"), ["aws", "gcp", "k8s"]);
    }

    proptest! {
        #[test]
        fn any_text_is_read(text in "\\PC{0,60}|[⟨⟩a-z件依頼々ー/']{0,30}") {
            let whole = tokens_of(&text);
            prop_assert!(whole.iter().chain(&words_of(&text)).all(|token| !token.is_empty()));
        }
    }
}
