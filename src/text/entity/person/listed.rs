//! People by their names alone, where nothing else says that it is one: 「BQ権限（瀬戸口）」, "offboarding: Lucas".
//!
//! For redaction only, which may hide a word too many: rules and learner go by what is sure (see `named`). A Japanese surname
//! counts where it stands by itself, in brackets, a list, behind a label or on a line of its own; a given name in Latin letters
//! as a whole word that is no part of an id. Names that are places, firms, products or ordinary words are not on the lists.

use std::collections::{BTreeSet, HashSet};
use std::ops::Range;
use std::sync::LazyLock;

use super::named::called_names;
use super::words::{AMBIGUOUS, GIVEN_NAMES, SURNAMES};
use super::{is_no_name, is_surname_end};
use crate::text::normalize::normalize;
use crate::text::segment::{is_han, is_stop_word};

static SURNAME: LazyLock<HashSet<&str>> = LazyLock::new(|| SURNAMES.iter().copied().collect());
static GIVEN: LazyLock<HashSet<&str>> = LazyLock::new(|| GIVEN_NAMES.iter().copied().collect());

/// Finds surnames and given names of the lists in a normalised text, in order, not overlapping.
pub(crate) fn by_name(text: &str) -> Vec<Range<usize>> {
    let mut found = Vec::new();
    let mut at = 0;
    while let Some(c) = text[at..].chars().next() {
        let end = match c {
            _ if is_han(c) => at + run(&text[at..], |c| is_han(c) || matches!(c, 'ヶ' | 'ノ')),
            'a'..='z' => at + run(&text[at..], is_of_id),
            _ => {
                at += if is_of_id(c) {
                    run(&text[at..], is_of_id)
                } else {
                    c.len_utf8()
                };
                continue;
            }
        };
        let word = &text[at..end];
        if is_han(c) && SURNAME.contains(word) && stands_alone(&text[..at], &text[end..]) {
            found.push(at..end + given_behind(&text[end..]));
        }
        if c.is_ascii() {
            let name = word
                .strip_suffix("'s")
                .unwrap_or(word)
                .trim_end_matches(['.', '\'']);
            let is_in_path =
                text[..at].ends_with(['/', '@', '#', '\\', '=']) || text[end..].starts_with(['/', '@', '(']);
            if GIVEN.contains(name) && !is_in_path {
                found.push(at..at + name.len());
            }
        }
        at = end;
    }
    found
}

/// Bytes of a given name behind a surname, the blank between them included: 亮 of 「坂口 亮(CS)」.
fn given_behind(tail: &str) -> usize {
    let Some(name) = tail.strip_prefix(' ') else {
        return 0;
    };
    let end = run(name, is_han);
    let (word, behind) = name.split_at(end);
    let is_short = (1..=3).contains(&word.chars().count());
    let is_name = is_short && !is_no_name(word) && !is_stop_word(word) && ends_name(behind);
    if is_name { ' '.len_utf8() + end } else { 0 }
}

fn run(text: &str, belongs: impl Fn(char) -> bool) -> usize {
    text.find(|c| !belongs(c)).unwrap_or(text.len())
}

/// What makes one word with letters: `kenji` in `kenji-ctr`, `kenji.sato` and `kenji_2` is a part of an id.
fn is_of_id(c: char) -> bool {
    c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.' | '\'')
}

/// Whether nothing but separators stand around a word.
fn stands_alone(head: &str, tail: &str) -> bool {
    const BEFORE: &str = "([<>【】「、,/・&+:-*";
    let separates = |c: char| BEFORE.contains(c) || c.is_whitespace();
    let begins = head.chars().next_back().is_none_or(separates);
    begins && (ends_name(tail) || tail.starts_with(' '))
}

/// Whether a text goes on with what may end a name.
fn ends_name(tail: &str) -> bool {
    const BEHIND: &str = ")]>」、,/・&+:。(*|\n\t";
    tail.chars().next().is_none_or(|c| BEHIND.contains(c))
}

/// Fewest letters of a name in Latin letters that is looked for everywhere because somebody was once called by it.
const LETTERS: usize = 4;

/// How words end that take さん and 様 and name a trade, a place or a task: 運転手, 病院, 会計.
const TRADES: &str = "部課店社局係者班側室長員家人師手業院関所主計作正行番署会";

/// Collects the names in a text that were called by さん, 様 or 氏 and are sure enough to be looked for in all texts, without
/// the honorific. They are folded as normalised text is.
pub(crate) fn sure_names(raw: &str, names: &mut BTreeSet<String>) {
    const MARKS: [&str; 6] = ["さん", "様", "さま", "氏", "-san", "-San"];
    for line in raw
        .lines()
        .filter(|line| MARKS.iter().any(|mark| line.contains(mark)))
    {
        let line = normalize(line);
        let text = line.text();
        for range in called_names(text) {
            let name = &text[range];
            let is_word = is_no_name(name) || is_stop_word(name) || AMBIGUOUS.contains(&name);
            if !is_word && (is_sure_latin(name) || is_sure_kanji(name)) {
                names.insert(name.to_owned());
            }
        }
    }
}

fn is_sure_latin(name: &str) -> bool {
    name.len() >= LETTERS && name.bytes().all(|b| b.is_ascii_lowercase())
}

fn is_sure_kanji(name: &str) -> bool {
    let is_short = (2..=3).contains(&name.chars().count()) && name.chars().all(is_han);
    is_short && (SURNAME.contains(name) || is_surname_end(name) || !name.ends_with(|c| TRADES.contains(c)))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(text: &str) -> Vec<String> {
        let text = normalize(text);
        by_name(text.text())
            .into_iter()
            .map(|range| text.text()[range].to_owned())
            .collect()
    }

    #[test]
    fn a_surname_counts_where_it_stands_by_itself() {
        for (text, names) in [
            ("BQ権限（瀬戸口）", &["瀬戸口"][..]),
            (
                "【対象】古市、南雲、溝端（メールは苗字）",
                &["古市", "南雲", "溝端"],
            ),
            ("> 佐々木: よろしく", &["佐々木"]),
            ("確認お願いします。\n\n長谷部", &["長谷部"]),
            ("1. 坂口 亮（CS）", &["坂口 亮"]),
            ("渡辺橋の工事", &[]),
            ("高橋製作所に連絡", &[]),
        ] {
            assert_eq!(found(text), names, "{text}");
        }
    }

    #[test]
    fn a_given_name_is_a_whole_word_and_no_part_of_an_id() {
        for (text, names) in [
            ("Org invite for contractor (Kenji)", &["kenji"][..]),
            ("offboarding: Lucas", &["lucas"]),
            ("Kenji's laptop", &["kenji"]),
            ("Invite request - Aiko (hotaru QA)", &["aiko"]),
            ("handle: `kenji-ctr-yamame`", &[]),
            ("kenji@example.com, github.com/kenji, kenji.sato", &[]),
            ("Jenkins and Grafana in Oregon", &[]),
        ] {
            assert_eq!(found(text), names, "{text}");
        }
    }

    #[test]
    fn who_was_called_once_is_known_in_all_texts() {
        let mut names = BTreeSet::new();
        sure_names(
            "溝呂木さんとKenjiさん、お客様、新人さん、情シスさん、開発部さん\nTerraformさん、荷主様、運転手さん、医療機関様",
            &mut names,
        );
        assert_eq!(names.into_iter().collect::<Vec<_>>(), ["kenji", "溝呂木"]);
    }
}
