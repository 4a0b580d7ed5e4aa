//! People nobody recorded: by the honorific behind a name, the label before it, a title, an introduction.

use std::ops::Range;
use std::sync::LazyLock;

use aho_corasick::AhoCorasick;

use super::words::{NOT_NAME_ENDS, NOT_NAMES, ORDINARY};
use super::{HONORIFICS, honorific_length, is_no_name, is_surname_end};
use crate::matching::Pattern;
use crate::text::entity::rule::values;
use crate::text::segment::{Script, is_han, is_stop_word, script_of};

#[expect(
    clippy::expect_used,
    reason = "the words are constants of this file; a test builds the automaton"
)]
static HONORIFIC: LazyLock<AhoCorasick> =
    LazyLock::new(|| AhoCorasick::new(HONORIFICS).expect("constant words build"));
/// A name as the value of a form label.
static LABELLED: LazyLock<Pattern> = LazyLock::new(|| {
    Pattern::new(concat!(
        r"(?:氏名|名前|対象者名?|対象ユーザ|依頼者|申請者|承認者|担当者?|上長|利用者|ユーザ名|本人|メンバ)\s?\*{0,2}[:=】]\*{0,2}\s*",
        r"(?P<value>\p{Han}{1,4}(?: \p{Han}{1,4})?|[ァ-ヺー]{2,}(?:[・ ][ァ-ヺー]{2,})?)"
    ))
});
/// A Latin full name behind a label that says name; one word alone may be a login.
static LABELLED_LATIN: LazyLock<Pattern> = LazyLock::new(|| {
    Pattern::new(concat!(
        r"(?:(?:氏名|名前|(?-u:\b)(?:full )?name|(?-u:\b)requester|(?-u:\b)approver)\s?\*{0,2}[:=]\*{0,2}\s*|approved by )",
        r"(?P<value>[a-z]{2,20} [a-z]{2,20})(?-u:\b)(?: *$| *[\n,(、。])"
    ))
});
/// Who writes, after a greeting.
static GREETER: LazyLock<Pattern> = LazyLock::new(|| {
    Pattern::new(concat!(
        r"(?:お疲れ様です|お疲れさまです|おつかれさまです|お世話になっております|お世話になります)[、。!\s]*",
        r"(?P<value>\p{Han}{1,4}|[ァ-ヺー]{2,8})(?:です|と申します|といいます|と言います)"
    ))
});
/// Who writes for a team, at the start of a line: "sreの結城です".
static MEMBER: LazyLock<Pattern> = LazyLock::new(|| {
    Pattern::new(concat!(
        r"^[^\n、。]{0,20}(?:チーム|部|課|グループ|班|室|sre|開発)の",
        r"(?P<value>\p{Han}{1,4}|[ァ-ヺー]{2,8})(?:です|と申します|といいます|と言います)"
    ))
});
static TITLED: LazyLock<Pattern> = LazyLock::new(|| {
    Pattern::new(r"(?-u:\b)(?:mr|ms|mrs|dr)\. ?(?P<value>[a-z]{2,20}(?: [a-z]{2,20})?)(?-u:\b)")
});

/// Finds the names before an honorific.
pub(super) fn called_names(text: &str) -> Vec<Range<usize>> {
    HONORIFIC
        .find_iter(text)
        .filter_map(|hit| called(text, hit.start(), hit.end()))
        .collect()
}

/// Finds names of people who need not be known, by honorific, label, title or introduction; unsorted.
pub(crate) fn named(text: &str) -> Vec<Range<usize>> {
    let mut found = called_names(text);
    if text.contains([':', '=', '】']) {
        found.extend(values(&LABELLED, text).filter(|range| is_value(text, range)));
    }
    if ["name", "名前", "氏名", "appr", "requester"]
        .iter()
        .any(|label| text.contains(label))
    {
        found.extend(values(&LABELLED_LATIN, text).filter(|range| {
            !text[range.clone()]
                .split(' ')
                .any(|word| is_no_name(word) || is_stop_word(word))
        }));
    }
    found.extend(
        introduced(text)
            .into_iter()
            .filter(|range| !is_no_name(&text[range.clone()])),
    );
    if ["mr.", "ms.", "mrs.", "dr."]
        .iter()
        .any(|title| text.contains(title))
    {
        found.extend(values(&TITLED, text));
    }
    found
}

/// Names behind a greeting, and behind a team at the start of a line.
fn introduced(text: &str) -> Vec<Range<usize>> {
    let mut found = Vec::new();
    const VERBS: [&str; 4] = ["です", "と申します", "いいます", "言います"];
    let speaks = |text: &str| VERBS.iter().any(|verb| text.contains(verb));
    if !speaks(text) {
        return found;
    }
    let mut start = 0;
    for line in text.split_inclusive('\n') {
        if line.contains('の') && speaks(line) {
            found.extend(values(&MEMBER, line).map(|range| start + range.start..start + range.end));
        }
        start += line.len();
    }
    if ["お疲れ", "おつかれ", "お世話に"]
        .iter()
        .any(|greeting| text.contains(greeting))
    {
        found.extend(values(&GREETER, text));
    }
    found
}

/// The name before an honorific, `None` when the word before it is no name.
fn called(text: &str, at: usize, end: usize) -> Option<Range<usize>> {
    // 様子, 氏名, ちゃんと and the like go on after what looks like an honorific.
    let (honorific, tail) = (&text[at..end], &text[end..]);
    let goes_on = match honorific {
        "様" => tail.starts_with(['子', '式', '々', '相', '態']),
        "氏" => tail.starts_with('名'),
        "君" | "殿" => tail.starts_with(is_han),
        "ちゃん" => tail.starts_with('と'),
        "-san" => tail.starts_with(|c: char| c.is_ascii_alphanumeric() || c == '-'),
        _ => false,
    };
    let head = &text[..at];
    let head = head.strip_suffix(' ').unwrap_or(head);
    // 仕様, 同様, 多様, 模様, 有様, 異様, 一様: words of their own, also at the end of a compound.
    if goes_on || honorific == "様" && head.ends_with(['仕', '同', '多', '模', '有', '異', '一']) {
        return None;
    }
    let start = match script_of(head.chars().next_back()?) {
        Script::Han => han_name(head)?,
        Script::Katakana => katakana_name(head)?,
        Script::Hiragana if !matches!(honorific, "様" | "氏" | "君" | "殿") => hiragana_name(head)?,
        Script::Latin => latin_name(head)?,
        _ => return None,
    };
    Some(start..head.len())
}

/// Where the trailing run of characters of a kind begins; runs are looked at to 24 characters.
fn run_start(head: &str, belongs: impl Fn(char) -> bool) -> usize {
    let run = head
        .char_indices()
        .rev()
        .take(24)
        .take_while(|&(_, c)| belongs(c))
        .last();
    run.map_or(head.len(), |(at, _)| at)
}

fn han_name(head: &str) -> Option<usize> {
    let mut start = run_start(head, |c| is_han(c) || c == 'ヶ' || c == 'ノ');
    while let Some(word) = ORDINARY
        .iter()
        .find(|word| head[start..].starts_with(**word) && head.len() > start + word.len())
    {
        start += word.len();
    }
    let name = &head[start..];
    if is_no_name(name) || NOT_NAME_ENDS.iter().any(|end| name.ends_with(end)) && !is_surname_end(name) {
        return None;
    }
    if name.chars().count() > 5 {
        // A longer run is a word and a surname; two characters are the usual length of one.
        return head.char_indices().rev().nth(1).map(|(at, _)| at);
    }
    Some(surname_before(head, start).unwrap_or(start))
}

/// Where the surname begins that a blank parts from a given name: 山田 of 山田 太郎さん.
fn surname_before(head: &str, start: usize) -> Option<usize> {
    let before = head[..start].strip_suffix(' ')?;
    let surname = run_start(before, is_han);
    let word = &before[surname..];
    let plausible = (1..=3).contains(&word.chars().count()) && !is_no_name(word) && !is_stop_word(word);
    plausible.then_some(surname)
}

fn katakana_name(head: &str) -> Option<usize> {
    let start = run_start(head, |c| script_of(c) == Script::Katakana || c == '・');
    let name = head[start..].trim_start_matches('・');
    let start = head.len() - name.len();
    let length = name.chars().count();
    let plausible = (2..=16).contains(&length)
        && !is_no_name(name)
        && !NOT_NAME_ENDS.iter().any(|end| name.ends_with(end));
    plausible.then_some(start)
}

/// Hiragana names are short, and a particle before one is not a part of it.
fn hiragana_name(head: &str) -> Option<usize> {
    let start = run_start(head, |c| script_of(c) == Script::Hiragana);
    let run = &head[start..];
    let begins_free = head[..start]
        .chars()
        .next_back()
        .is_none_or(|c| matches!(script_of(c), Script::Space | Script::Other));
    let particle = if begins_free {
        0
    } else {
        run.find(['は', 'が', 'を', 'に', 'の', 'と', 'も', 'で', 'へ'])
            .map_or(0, |at| at + 3)
    };
    let name = &run[particle..];
    let plausible =
        (2..=5).contains(&name.chars().count()) && !NOT_NAMES.iter().any(|word| name.ends_with(word));
    (plausible && (begins_free || particle > 0)).then_some(start + particle)
}

fn latin_name(head: &str) -> Option<usize> {
    let start = run_start(head, |c| {
        c.is_ascii_alphanumeric() || matches!(c, '.' | '\'' | '-' | '_' | '@')
    });
    let run = &head[start..];
    let name = run.trim_start_matches(['.', '\'', '-', '_', '@']);
    let letters = name
        .bytes()
        .all(|b| b.is_ascii_lowercase() || matches!(b, b'.' | b'\'' | b'-'));
    let plausible = letters && (2..=20).contains(&name.len()) && !is_no_name(name) && !run.contains('@');
    plausible.then_some(head.len() - name.len())
}

/// Whether the value of a label is a whole word that can be a name.
fn is_value(text: &str, range: &Range<usize>) -> bool {
    let value = &text[range.clone()];
    let last = value.chars().next_back().map_or(Script::Other, script_of);
    let next = text[range.end..].chars().next().map_or(Script::Other, script_of);
    let whole = next != last && !(next == Script::Hiragana && honorific_length(&text[range.end..]) == 0);
    let long_enough = value.chars().count() > 1;
    let ordinary = value
        .split([' ', '・'])
        .any(|word| is_no_name(word) || is_stop_word(word));
    whole
        && long_enough
        && !ordinary
        && !NOT_NAME_ENDS
            .iter()
            .any(|end| value.ends_with(end) && !is_surname_end(value))
}
