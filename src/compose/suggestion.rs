//! Writes proposals for the taxonomy as TOML that can be pasted, with comments that say where they come from and what
//! they would change.

use std::fmt::Write;

use crate::compose::scene::Scene;
use crate::compose::words::counted;
use crate::report::safe;
use crate::suggest::{Effect, Origin, Suggestion, Word};
use crate::taxonomy::Lang;

/// Most conflicts shown by name.
const CONFLICTS_SHOWN: usize = 3;
/// Longest title in a comment, in characters.
const LONGEST_TITLE: usize = 80;

/// Writes one proposal as an entry `[[pattern.sub]]`, without comments.
#[must_use]
pub fn entry(scene: &Scene<'_>, suggestion: &Suggestion) -> String {
    let group = &scene.analysis.groups[suggestion.group];
    let mut out = String::from("[[pattern.sub]]\n");
    let mut line = |key: &str, value: String| out.push_str(&format!("{key} = {value}\n"));
    line("id", quoted(&suggestion.id));
    line("ja", quoted(&scene.plain_name(group, Lang::Ja)));
    line("en", quoted(&scene.plain_name(group, Lang::En)));
    if !suggestion.systems.is_empty() {
        line("systems", list(&suggestion.systems));
    }
    line("require_own_cue", "true".to_owned());
    line("cues", cues(&suggestion.words));
    if !(suggestion.required.is_empty() && suggestion.optional.is_empty()) {
        let (required, optional) = (list(&suggestion.required), list(&suggestion.optional));
        line(
            "slots",
            format!("{{ required = {required}, optional = {optional} }}"),
        );
    }
    line("risk", "1".to_owned());
    out
}

/// Weights by how surely the next ticket with the word is of the group: from a request in so many words to usual evidence.
const WEIGHTS: [(&str, f64); 3] = [("3.0", 0.9), ("2.5", 0.75), ("2.0", 0.0)];

/// The chance that the next ticket with the word is of the group, by the rule of succession: three of three say less
/// than thirty of thirty.
fn precision(word: &Word) -> f64 {
    (word.inside + 1) as f64 / (word.inside + word.outside + 2) as f64
}

/// Writes the words as cues, each weighed by its precision; one line each weight.
fn cues(words: &[Word]) -> String {
    let mut out = String::from("[\n");
    for (weight, _) in WEIGHTS {
        let of_weight = words.iter().filter(|word| {
            let reached = WEIGHTS.iter().find(|(_, least)| precision(word) >= *least);
            reached.is_some_and(|(reached, _)| *reached == weight)
        });
        let alternatives: Vec<String> = of_weight.map(|word| alternative(&word.text)).collect();
        if !alternatives.is_empty() {
            let regex = quoted(&alternatives.join("|"));
            let _ = writeln!(out, "  {{ re = {regex}, w = {weight} }},");
        }
    }
    out.push(']');
    out
}

/// A word as a regex: Latin words stand alone, and the ー at the end of a katakana word is optional, as the taxonomy
/// demands of every cue.
fn alternative(word: &str) -> String {
    let katakana = |c: char| matches!(c, '\u{30a1}'..='\u{30fa}' | 'ー');
    let letters: Vec<char> = word.chars().collect();
    let mut escaped = String::new();
    let mut run = 0;
    for (at, letter) in letters.iter().enumerate() {
        run = if katakana(*letter) { run + 1 } else { 0 };
        escaped.push_str(&regex::escape(letter.encode_utf8(&mut [0; 4])));
        let mut rest = letters[at..].iter().take_while(|next| katakana(**next));
        if run >= 2 && rest.all(|next| *next == 'ー') {
            escaped.push('?');
        }
    }
    if word.is_ascii() {
        format!(r"\b{escaped}\b")
    } else {
        escaped
    }
}

fn quoted(text: &str) -> String {
    toml::Value::String(text.to_owned()).to_string()
}

fn list(texts: &[String]) -> String {
    let quoted: Vec<String> = texts.iter().map(|text| quoted(text)).collect();
    format!("[{}]", quoted.join(", "))
}

/// Writes all proposals with their comments, by pattern.
#[must_use]
pub fn toml(scene: &Scene<'_>, suggestions: &[Suggestion], effects: &[Effect]) -> String {
    let mut out = comment(scene.pick(HEAD_JA, HEAD_EN));
    if suggestions.is_empty() {
        out.push_str(&comment(scene.pick(
            "提案なし: 分類表にない、語で言い分けられるグループは見つからなかった。",
            "Nothing to propose: no group outside the taxonomy has words that tell it from the rest.",
        )));
        return out;
    }
    let mut patterns: Vec<&str> = suggestions.iter().map(|s| s.pattern.as_str()).collect();
    patterns.sort_unstable();
    patterns.dedup();
    for pattern in patterns {
        out.push('\n');
        let (ja, en) = (
            format!("[[pattern]] id = \"{pattern}\" の記述の末尾に貼る"),
            format!("paste at the end of the entry of [[pattern]] id = \"{pattern}\""),
        );
        out.push_str(&comment(&format!("---- {}", scene.pick(ja, en))));
        for (suggestion, effect) in suggestions.iter().zip(effects) {
            if suggestion.pattern == pattern {
                out.push('\n');
                out.push_str(&about(scene, suggestion, effect));
                out.push_str(&entry(scene, suggestion));
            }
        }
    }
    out
}

const HEAD_JA: &str = "\
toilscope taxonomy suggest: 分類表にないグループから作ったサブパターンの案。
分類表の該当パターンの末尾に貼るか、--merged で組み込み済みの分類表を書き出す。
名前・手がかり (cues)・risk は人が見直すこと。minutes (作業分) は測っていないので書いていない。";
const HEAD_EN: &str = "\
toilscope taxonomy suggest: sub-patterns proposed from groups that the taxonomy does not name.
Paste each at the end of its pattern, or write the whole taxonomy with all of them by --merged.
A person should read names, cues and risk. Minutes of work were not measured and are left out.";

/// The comment above an entry: the group, typical tickets, the words with their counts, what would change.
fn about(scene: &Scene<'_>, suggestion: &Suggestion, effect: &Effect) -> String {
    let group = &scene.analysis.groups[suggestion.group];
    let count = group.members.len();
    let stable = group
        .stability
        .map_or_else(|| "–".to_owned(), |stable| format!("{stable:.2}"));
    let mut lines = vec![scene.pick(
        format!("グループ {} ({count} 件, 安定度 {stable})", group.id),
        format!(
            "group {} ({}, stability {stable})",
            group.id,
            counted(count, "ticket")
        ),
    )];
    for example in &group.examples {
        let ticket = scene.analysis.tickets[*example];
        let title = ticket
            .title
            .as_deref()
            .map_or_else(String::new, |title| scene.show(title));
        lines.push(format!("  {}: {}", safe::plain(ticket.id.as_str()), cut(&title)));
    }
    let words: Vec<String> = suggestion
        .words
        .iter()
        .map(|word| format!("{} {}/{}", word.text, word.inside, word.outside))
        .collect();
    lines.push(scene.pick(
        format!("語 (グループ内/外の件数): {}", words.join(", ")),
        format!("words (tickets inside/outside): {}", words.join(", ")),
    ));
    lines.extend(changes(scene, effect));
    comment(&lines.join("\n"))
}

fn changes(scene: &Scene<'_>, effect: &Effect) -> Vec<String> {
    let from: Vec<String> = effect
        .from
        .iter()
        .map(|(from, count)| format!("{} {count}", origin(scene, from)))
        .collect();
    let (claimed, missed) = (effect.claimed, effect.missed);
    let mut lines = vec![scene.pick(
        format!(
            "変わること: {claimed} 件がここへ移る ({}); グループの {missed} 件は移らない",
            from.join(", ")
        ),
        format!(
            "would change: {} would move here ({}); {missed} of the group would not",
            counted(claimed, "ticket"),
            from.join(", ")
        ),
    )];
    if !effect.conflicts.is_empty() {
        let shown = effect.conflicts.iter().take(CONFLICTS_SHOWN).map(|at| {
            let old = &scene.analysis.assignments[*at];
            let was = old.subpattern.as_deref().unwrap_or(&old.pattern);
            format!("{} ({was})", safe::plain(old.id.as_str()))
        });
        let shown: Vec<String> = shown.collect();
        let count = effect.conflicts.len();
        lines.push(scene.pick(
            format!(
                "衝突: 今の分類表が確かだとした {count} 件を取る: {}",
                shown.join(", ")
            ),
            format!(
                "conflicts: takes {} that the present taxonomy was sure of: {}",
                counted(count, "ticket"),
                shown.join(", ")
            ),
        ));
    }
    lines
}

fn origin(scene: &Scene<'_>, from: &Origin) -> String {
    match from {
        Origin::Group => scene.pick("このグループ", "this group").to_owned(),
        Origin::SubPattern(id) | Origin::OtherGroup(id) | Origin::Pattern(id) => id.clone(),
    }
}

fn cut(title: &str) -> String {
    if title.chars().count() <= LONGEST_TITLE {
        return title.to_owned();
    }
    let kept: String = title.chars().take(LONGEST_TITLE).collect();
    format!("{kept}…")
}

/// Puts every line behind `#`; what ticket text could end a line with is gone already.
fn comment(text: &str) -> String {
    text.lines().map(|line| format!("# {line}\n")).collect()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::cues;
    use crate::suggest::Word;
    use crate::taxonomy::Taxonomy;
    use crate::text;

    /// A small taxonomy with a sub-pattern of cues for some words.
    fn with_cues(words: &[String]) -> Result<Taxonomy, String> {
        let words: Vec<Word> = words
            .iter()
            .map(|word| Word {
                text: word.clone(),
                inside: 3,
                outside: 0,
            })
            .collect();
        let text = format!(
            "schema_version = 1\nversion = \"1\"\n[[pattern]]\nid = \"other\"\nja = \"他\"\nen = \"Other\"\npriority = 1\ncues = {}\n",
            cues(&words)
        );
        Taxonomy::parse("t", &text).map_err(|error| error.to_string())
    }

    #[test]
    fn a_word_weighs_as_much_as_it_is_precise() {
        let word = |text: &str, inside, outside| Word {
            text: text.to_owned(),
            inside,
            outside,
        };
        let cues = cues(&[
            word("often", 9, 0),
            word("seldom", 3, 0),
            word("usual", 9, 2),
            word("common", 9, 5),
        ]);
        let line = |weight: &str| {
            cues.lines()
                .find(|line| line.contains(weight))
                .unwrap_or_default()
        };
        assert!(
            line("w = 3.0").contains("often") && !line("w = 3.0").contains("seldom"),
            "{cues}"
        );
        assert!(
            line("w = 2.5").contains("seldom") && line("w = 2.5").contains("usual"),
            "{cues}"
        );
        assert!(line("w = 2.0").contains("common"), "{cues}");
    }

    #[test]
    fn a_word_with_a_long_vowel_makes_a_cue_that_is_accepted() {
        for word in ["エラー", "キー", "コピー機", "ーー", "c++"] {
            assert!(with_cues(&[word.to_owned()]).is_ok(), "{word}");
        }
    }

    proptest! {
        #[test]
        fn every_word_of_a_ticket_makes_a_cue_that_is_accepted_and_finds_it(
            said in "([ァ-ヶー]{1,6}|[a-z0-9+.#-]{1,6}|[一-三権限付与変更]{1,4}|[ぁ-ん]{1,3}| ){1,8}",
        ) {
            let said = text::normalize(&said).into_text();
            let mut words = Vec::new();
            text::words(&said, &mut words);
            for word in words {
                let taxonomy = with_cues(std::slice::from_ref(&word));
                prop_assert!(taxonomy.is_ok(), "{word}: {taxonomy:?}");
                let found = taxonomy.is_ok_and(|taxonomy| taxonomy.patterns[0].cues[0].pattern.is_match(&said));
                prop_assert!(found, "{word} in {said}");
            }
        }
    }
}
