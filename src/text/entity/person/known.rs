//! Known people: by their full name, the part of it that people use, and the local part of their mail.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

use aho_corasick::{AhoCorasick, MatchKind};

use super::words::{AMBIGUOUS, NOT_PEOPLE, ORDINARY};
use super::{HONORIFICS, honorific_length, is_no_name, is_surname_end};
use crate::text::normalize::fold;
use crate::text::segment::{Script, is_han, is_stop_word, script_of};

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
    /// Nor as a part of an id.
    Bare,
    /// One kanji: only in a list of names or before an honorific.
    Listed,
    /// An ordinary word as well: only before an honorific.
    Called,
}

impl People {
    /// Learns the ways to write the identities of the requester and assignee fields.
    pub(crate) fn new(identities: &BTreeSet<String>) -> Self {
        Self::with_strangers(identities, &BTreeSet::new())
    }

    /// Learns besides the names of people who are in no field, which count as words of their own only: what was once called
    /// さん is less sure than what was recorded.
    pub(crate) fn with_strangers(identities: &BTreeSet<String>, strangers: &BTreeSet<String>) -> Self {
        let mut owners: BTreeMap<String, Option<usize>> = BTreeMap::new();
        for (person, identity) in identities.iter().enumerate() {
            for form in forms(identity) {
                let owner = owners.entry(form).or_insert(Some(person));
                if *owner != Some(person) {
                    *owner = None;
                }
            }
        }
        let recorded: BTreeSet<String> = owners.keys().cloned().collect();
        for name in strangers {
            owners.entry(name.clone()).or_insert(None);
        }
        let known = AhoCorasick::builder()
            .match_kind(MatchKind::LeftmostLongest)
            .build(owners.keys());
        let forms = owners
            .iter()
            .map(|(form, &person)| Form {
                person,
                reach: match reach(form) {
                    Reach::Free | Reach::Word if !recorded.contains(form) => Reach::Bare,
                    reach => reach,
                },
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
        Reach::Bare => {
            let joins = |c: char| matches!(c, '-' | '.' | '/' | '@' | '#');
            let is_free = !head.ends_with(joins) && !tail.starts_with(['-', '@', '/']);
            borders(head, text, range) && (is_called || is_free && borders_after(tail, text, range))
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
