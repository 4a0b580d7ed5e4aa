//! People: those known from the requester and assignee fields, and whoever is called さん or 様.
//!
//! Known people are found by their full name, by the part of it that people use, and by the local part of
//! their mail as a handle. Others are found by what stands around a name; words that take an honorific
//! without being a person (お客様, 仕様, たくさん) are in `person/words.rs`.

mod words;

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;
use std::sync::LazyLock;

use aho_corasick::{AhoCorasick, MatchKind};
use regex::Regex;

use self::words::{AMBIGUOUS, NOT_NAME_ENDS, NOT_NAMES, NOT_PEOPLE, ORDINARY};
use super::rule::{compile, group};
use crate::text::normalize::fold;
use crate::text::segment::{Script, is_han, is_stop_word, script_of};

const HONORIFICS: [&str; 9] = ["さん", "様", "さま", "氏", "くん", "君", "ちゃん", "-san", "殿"];

#[expect(
    clippy::expect_used,
    reason = "the words are constants of this file; a test builds the automaton"
)]
static HONORIFIC: LazyLock<AhoCorasick> =
    LazyLock::new(|| AhoCorasick::new(HONORIFICS).expect("constant words build"));
/// A name as the value of a form label.
static LABELLED: LazyLock<Regex> = LazyLock::new(|| {
    compile(concat!(
        r"(?:氏名|名前|対象者名?|対象ユーザ|依頼者|申請者|承認者|担当者?|上長|利用者|ユーザ名|本人|メンバ)\s?\*{0,2}[:=】]\*{0,2}\s*",
        r"(\p{Han}{1,4}(?: \p{Han}{1,4})?|[ァ-ヺー]{2,}(?:[・ ][ァ-ヺー]{2,})?)"
    ))
});
/// A Latin full name behind a label that says name; one word alone may be a login.
static LABELLED_LATIN: LazyLock<Regex> = LazyLock::new(|| {
    compile(concat!(
        r"(?:(?:氏名|名前|(?-u:\b)(?:full )?name|(?-u:\b)requester|(?-u:\b)approver)\s?\*{0,2}[:=]\*{0,2}\s*|approved by )",
        r"([a-z]{2,20} [a-z]{2,20})(?-u:\b)(?: *$| *[\n,(、。])"
    ))
});
/// Who writes, after a greeting or a team: "sreの結城です".
static INTRODUCED: LazyLock<Regex> = LazyLock::new(|| {
    compile(concat!(
        r"(?:(?:お疲れ様です|お疲れさまです|おつかれさまです|お世話になっております|お世話になります)[、。!\s]*",
        r"|(?m:^)[^\n、。]{0,20}(?:チーム|部|課|グループ|班|室|sre|開発)の)",
        r"(\p{Han}{1,4}|[ァ-ヺー]{2,8})(?:です|と申します|といいます|と言います)"
    ))
});
static TITLED: LazyLock<Regex> =
    LazyLock::new(|| compile(r"(?-u:\b)(?:mr|ms|mrs|dr)\. ?([a-z]{2,20}(?: [a-z]{2,20})?)(?-u:\b)"));

/// A known person's name in a text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Known {
    pub(crate) range: Range<usize>,
    /// Index of the person in the sorted identities; `None` when several share the name.
    pub(crate) person: Option<usize>,
    /// Whether the name stands by itself; 三浦 in 三浦市 does not.
    pub(crate) alone: bool,
}

/// Finds people in normalised text.
pub(crate) struct People {
    forms: Vec<Form>,
    known: Option<AhoCorasick>,
}

/// A way to write a known person.
struct Form {
    person: Option<usize>,
    reach: Reach,
}

/// How much the surroundings of a form must say before it is taken for the person.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Reach {
    /// Two kanji and more: hardly ever anything else.
    Free,
    /// Not as a part of a longer word of its script.
    Word,
    /// One kanji: only in a list of names or before an honorific.
    Listed,
    /// An ordinary word as well: only before an honorific.
    Called,
}

impl People {
    /// Learns the ways to write the identities of the requester and assignee fields.
    pub(crate) fn new(identities: &BTreeSet<String>) -> Self {
        let mut owners: BTreeMap<String, Option<usize>> = BTreeMap::new();
        for (person, identity) in identities.iter().enumerate() {
            for form in forms(identity) {
                let owner = owners.entry(form).or_insert(Some(person));
                if *owner != Some(person) {
                    *owner = None;
                }
            }
        }
        let known = AhoCorasick::builder()
            .match_kind(MatchKind::LeftmostLongest)
            .build(owners.keys());
        let forms = owners
            .iter()
            .map(|(form, &person)| Form {
                person,
                reach: reach(form),
            })
            .collect();
        Self {
            forms,
            known: known.ok().filter(|_| !owners.is_empty()),
        }
    }

    /// Finds the known people, in order, not overlapping.
    pub(crate) fn known(&self, text: &str) -> Vec<Known> {
        let Some(automaton) = &self.known else {
            return Vec::new();
        };
        let hits = automaton.find_iter(text).filter_map(|hit| {
            let form = &self.forms[hit.pattern().as_usize()];
            let alone = is_alone(text, &hit.range(), form.reach);
            let taken = alone || form.reach == Reach::Free;
            taken.then_some(Known {
                range: hit.range(),
                person: form.person,
                alone,
            })
        });
        hits.collect()
    }
}

/// Finds names of people who need not be known, by honorific, label, title or introduction; unsorted.
pub(crate) fn named(text: &str) -> Vec<Range<usize>> {
    let mut found: Vec<Range<usize>> = HONORIFIC
        .find_iter(text)
        .filter_map(|hit| called(text, hit.start(), hit.end()))
        .collect();
    if text.contains([':', '=', '】']) {
        found.extend(group(&LABELLED, text, 1).filter(|range| is_value(text, range)));
    }
    if ["name", "名前", "氏名", "appr", "requester"]
        .iter()
        .any(|label| text.contains(label))
    {
        found.extend(group(&LABELLED_LATIN, text, 1).filter(|range| {
            !text[range.clone()]
                .split(' ')
                .any(|word| is_no_name(word) || is_stop_word(word))
        }));
    }
    if text.contains("です") || text.contains("と申します") || text.contains("いいます") {
        found.extend(group(&INTRODUCED, text, 1).filter(|range| !is_no_name(&text[range.clone()])));
    }
    if text.contains('.') {
        found.extend(group(&TITLED, text, 1));
    }
    found
}

/// Gives the byte length of an honorific at the start of a text, a blank before it included; 0 for none.
pub(crate) fn honorific_length(text: &str) -> usize {
    let word = text.strip_prefix(' ').unwrap_or(text);
    let length = HONORIFICS
        .iter()
        .find(|honorific| word.starts_with(**honorific))
        .map_or(0, |found| found.len());
    if length == 0 {
        0
    } else {
        text.len() - word.len() + length
    }
}

fn forms(identity: &str) -> BTreeSet<String> {
    let folded = fold(identity.trim());
    let mut forms = BTreeSet::new();
    if folded.contains('@') {
        let local = folded.split('@').next().unwrap_or_default();
        forms.insert(format!("@{local}"));
        forms.insert(folded.clone());
    } else {
        let (outer, inner) = parenthesised(&folded);
        add_name(outer, &mut forms);
        // "陳(Chen)" gives a second name, "水野(SRE)" and "水野(tsubame)" a team: case tells, so look at the original.
        if let Some(inner) = inner.filter(|inner| is_capitalised(identity, inner)) {
            add_name(inner, &mut forms);
        }
        forms.insert(folded.clone());
    }
    forms.retain(|form| !is_no_person(form));
    forms
}

fn parenthesised(name: &str) -> (&str, Option<&str>) {
    match name.split_once('(') {
        Some((outer, rest)) => (outer.trim(), rest.split(')').next().map(str::trim)),
        None => (name, None),
    }
}

fn is_capitalised(identity: &str, word: &str) -> bool {
    let Some(first) = word.chars().next().filter(char::is_ascii_lowercase) else {
        return false;
    };
    let capitalised = format!("{}{}", first.to_ascii_uppercase(), &word[1..]);
    word.bytes().all(|b| b.is_ascii_lowercase()) && identity.contains(&capitalised)
}

/// The whole name, without its blanks when it is Japanese, and the parts that stand for it: the surname of a
/// Japanese name (given names are ordinary words too often), every part of another.
fn add_name(name: &str, forms: &mut BTreeSet<String>) {
    let name = HONORIFICS
        .iter()
        .find_map(|honorific| name.strip_suffix(honorific))
        .unwrap_or(name)
        .trim();
    forms.insert(name.to_owned());
    let parts: Vec<&str> = name.split([' ', '・']).filter(|part| !part.is_empty()).collect();
    if parts.len() < 2 {
        return;
    }
    if name.chars().any(is_han) {
        forms.insert(parts.concat());
        forms.insert(parts[0].to_owned());
    } else {
        forms.extend(
            parts
                .iter()
                .filter(|part| part.chars().count() > 2)
                .map(|&part| part.to_owned()),
        );
    }
}

fn is_no_person(form: &str) -> bool {
    let word = form.trim_start_matches('@');
    let short = word.chars().count() < 2 && !word.chars().all(is_han);
    word.is_empty()
        || short
        || is_no_name(word)
        || is_stop_word(word) && !AMBIGUOUS.contains(&word)
        || word
            .bytes()
            .all(|b| b.is_ascii_digit() || b.is_ascii_punctuation())
        || word.split([' ', '-', '_']).any(|part| NOT_PEOPLE.contains(&part))
        || ["チーム", "グループ", "部", "課", "担当", "team", "bot"]
            .iter()
            .any(|end| word.ends_with(end) && !is_surname_end(word))
}

/// 阿部 and 服部 are surnames, 開発部 is none.
fn is_surname_end(word: &str) -> bool {
    word.chars().count() == 2 && word.ends_with('部')
}

fn reach(form: &str) -> Reach {
    let length = form.chars().count();
    let han = form.chars().any(is_han);
    if han && length == 1 {
        Reach::Listed
    } else if han {
        Reach::Free
    } else if length <= 2 || AMBIGUOUS.contains(&form) {
        Reach::Called
    } else {
        Reach::Word
    }
}

fn is_alone(text: &str, range: &Range<usize>, reach: Reach) -> bool {
    let (head, tail) = (&text[..range.start], &text[range.end..]);
    let is_called = honorific_length(tail) > 0;
    match reach {
        Reach::Called => is_called && borders(head, text, range),
        Reach::Listed => is_called && !head.ends_with(is_han) || is_listed(head, tail),
        Reach::Free | Reach::Word => {
            borders(head, text, range) && (is_called || borders_after(tail, text, range))
        }
    }
}

fn is_listed(head: &str, tail: &str) -> bool {
    let separates = |c: char| {
        matches!(
            c,
            '、' | '・' | ',' | '/' | '\n' | ' ' | '(' | ')' | ':' | '&' | '+' | '。' | '「' | '」'
        )
    };
    head.chars().next_back().is_none_or(separates) && tail.chars().next().is_none_or(separates)
}

/// Nothing of the same script before the name, but for a word that introduces one: 担当三浦.
fn borders(head: &str, text: &str, range: &Range<usize>) -> bool {
    let first = text[range.clone()]
        .chars()
        .next()
        .map_or(Script::Other, script_of);
    let previous = head.chars().next_back();
    let joined =
        previous.is_some_and(|c| same_word(script_of(c), first) || c == '_' && first == Script::Latin);
    !joined || first == Script::Han && ORDINARY.iter().any(|word| head.ends_with(word))
}

fn borders_after(tail: &str, text: &str, range: &Range<usize>) -> bool {
    let last = text[range.clone()]
        .chars()
        .next_back()
        .map_or(Script::Other, script_of);
    let next = tail.chars().next();
    !next.is_some_and(|c| {
        same_word(script_of(c), last) && last != Script::Hiragana || c == '_' && last == Script::Latin
    })
}

fn same_word(one: Script, other: Script) -> bool {
    let alphanumeric = |script| matches!(script, Script::Latin | Script::Digit);
    one == other && one != Script::Other || alphanumeric(one) && alphanumeric(other)
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

fn is_no_name(word: &str) -> bool {
    NOT_NAMES.contains(&word) || ORDINARY.contains(&word) || NOT_PEOPLE.contains(&word)
}
