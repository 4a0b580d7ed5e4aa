//! Reads an English clause as an order or a title: what is to be done, to what, and for, in or to what.
//!
//! Japanese says at the end what it wants, English at the beginning: of "please add the new contractor to the channel
//! by Friday" the last words are the least telling. No grammar is needed for that: the verb is the first word that
//! orders, what it orders ends before the first preposition, and the last word of a noun phrase is what it is about.

use std::collections::HashMap;
use std::ops::Range;
use std::sync::LazyLock;

use crate::classify::act;
use crate::classify::learner::classes;
use crate::classify::learner::feature::{Kind, List, Place, hash};
use crate::classify::learner::tokens::Token;
use crate::classify::prose::Field;
use crate::text::segment::Script;

/// The parts of a clause that tell what it is about, as places in its tokens.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
struct Phrase {
    /// What stands before a colon or comma: "dashboard" in "dashboard: show the owner".
    topic: Option<usize>,
    /// The first word that says something.
    opening: Option<usize>,
    /// The verb that orders.
    verb: Option<usize>,
    /// The last word of what is ordered, or of the title.
    head: Option<usize>,
    /// The word before it.
    modifier: Option<usize>,
    /// The word that says which one it is.
    article: Option<usize>,
    /// Prepositions, each with the last word of what follows it.
    links: Vec<(usize, usize)>,
}

/// What a word does that says nothing by itself.
#[derive(Debug, Clone, Copy, Default)]
struct Function {
    /// May stand before the verb of an order: "could you please".
    fills: bool,
    /// Ends a noun phrase: prepositions, conjunctions and the verbs of a statement.
    links: bool,
    /// Says which one is meant.
    is_article: bool,
    /// Wants something without a verb of doing: "we need a queue".
    needs: bool,
}

const FILLERS: &str = "all also and anybody anyone asap be can could dear d hello help hey hi i id just kindly let let's \
     like love may might must need now ok or please pls plz request requesting should so somebody someone team then \
     there to todo urgent us want we will would you";
const LINKS: &str = "about after against and are around as at be because before between but by can could did do does \
     during for from has have if in into is like not of on onto or out over per should since so than that through to \
     under until via was were when where which while who will with within without";
const ARTICLES: &str =
    "a an another any her his its my new no one our some that the their these this those two your";
const NEEDS: &str = "need needed needs require requires want wants";

static FUNCTIONS: LazyLock<HashMap<&'static str, Function>> = LazyLock::new(|| {
    let mut functions: HashMap<&'static str, Function> = HashMap::new();
    let mut mark = |words: &'static str, mark: fn(&mut Function)| {
        for word in words.split_ascii_whitespace() {
            mark(functions.entry(word).or_default());
        }
    };
    mark(FILLERS, |function| function.fills = true);
    mark(LINKS, |function| function.links = true);
    mark(ARTICLES, |function| function.is_article = true);
    mark(NEEDS, |function| function.needs = true);
    functions
});

/// Most prepositions of a clause that are followed.
const LINKS_MOST: usize = 3;

/// Adds what an English clause of a part's text orders, by its words and by their kinds; says whether it is English.
pub(super) fn read(text: &str, field: Field, tokens: &[Token<'_>], as_title: bool, list: &mut List) -> bool {
    let Some(phrase) = Phrase::of(text, tokens) else {
        return false;
    };
    let base = if as_title { 100 } else { 0 };
    phrase.words(field, tokens, base, list);
    phrase.kinds(field, tokens, base, list);
    true
}

impl Phrase {
    /// Reads the tokens of a clause, in order, and the text they are cut from. `None` if it is not English.
    fn of(text: &str, tokens: &[Token<'_>]) -> Option<Self> {
        let is_japanese =
            |token: &Token<'_>| matches!(token.script, Script::Han | Script::Hiragana | Script::Katakana);
        let is_english = tokens.iter().any(|token| token.script == Script::Latin);
        if !is_english || tokens.iter().any(is_japanese) {
            return None;
        }
        let functions: Vec<Function> = tokens
            .iter()
            .map(|token| {
                FUNCTIONS
                    .get(&text[token.range.clone()])
                    .copied()
                    .unwrap_or_default()
            })
            .collect();
        let speaks = |at: &usize| {
            let function = functions[*at];
            !(function.fills || function.links || function.is_article || tokens[*at].text == "?")
        };
        let pieces = pieces(text, tokens);
        let ordered = |piece: &Range<usize>| {
            let verb = piece.clone().find(|at| !functions[*at].fills)?;
            act::is_verb(&tokens[verb].text).then_some(verb)
        };
        let needed = |piece: &Range<usize>| piece.clone().find(|at| functions[*at].needs);
        let first = |verb: &dyn Fn(&Range<usize>) -> Option<usize>| {
            let found = |(nth, piece)| Some((nth, verb(piece)?));
            pieces.iter().enumerate().find_map(found)
        };
        let found = first(&ordered).or_else(|| first(&needed));
        let nth = found.map_or(0, |(nth, _)| nth);
        let verb = found.map(|(_, verb)| verb);
        let piece = pieces[nth].clone();
        let begin = verb.map_or(piece.start, |verb| verb + 1);
        let end = (begin + 1..piece.end)
            .find(|at| functions[*at].links)
            .unwrap_or(piece.end);
        let head = (begin..end).rev().find(speaks);
        let mut links = Vec::new();
        let mut at = end;
        while at < piece.end && links.len() < LINKS_MOST {
            let next = (at + 1..piece.end)
                .find(|at| functions[*at].links)
                .unwrap_or(piece.end);
            links.extend((at + 1..next).rev().find(speaks).map(|head| (at, head)));
            at = next;
        }
        Some(Self {
            topic: nth
                .checked_sub(1)
                .and_then(|before| pieces[before].clone().rev().find(speaks)),
            opening: piece.clone().find(speaks),
            verb,
            head,
            modifier: head.and_then(|head| (begin..head).rev().find(speaks)),
            article: (begin..end).find(|at| functions[*at].is_article),
            links,
        })
    }

    /// Adds the words.
    fn words(&self, field: Field, tokens: &[Token<'_>], base: u8, list: &mut List) {
        let word = |at: Option<usize>| at.map_or("", |at| &*tokens[at].text);
        let mut add = |tag: u8, places: &[Option<usize>]| {
            let words: Vec<&str> = places.iter().map(|at| word(*at)).collect();
            let place = place(field, tokens, places);
            list.push(Kind::Phrase, 1.0, hash(Kind::Phrase, base + tag, &words), place);
        };
        let (verb, head, modifier) = (self.verb, self.head, self.modifier);
        if self.opening.is_some() {
            add(0, &[self.opening]);
        }
        if self.topic.is_some() {
            add(1, &[self.topic]);
        }
        add(2, &[verb]);
        if head.is_some() {
            add(3, &[head]);
            add(4, &[verb, head]);
            if modifier.is_some() {
                add(5, &[modifier, head]);
                add(6, &[verb, modifier]);
            }
            add(7, &[self.article, head]);
            add(8, &[self.article, verb]);
        }
        for (link, linked) in &self.links {
            let (link, linked) = (Some(*link), Some(*linked));
            add(9, &[link, linked]);
            add(10, &[verb, link, linked]);
            if head.is_some() {
                add(11, &[head, link]);
                add(12, &[head, linked]);
            }
        }
    }

    /// Adds the kinds of the words.
    fn kinds(&self, field: Field, tokens: &[Token<'_>], base: u8, list: &mut List) {
        let of = |at: Option<usize>| at.map_or(&[][..], |at| kinds_of(&tokens[at]));
        let mut add = |tag: u8, places: &[Option<usize>], kinds: &[&str]| {
            let place = place(field, tokens, places);
            list.push(Kind::Class, 1.0, hash(Kind::Class, base + tag, kinds), place);
        };
        let verbs = self.verb.map_or(&["none"][..], |verb| of(Some(verb)));
        for verb in verbs {
            add(0, &[self.verb], &[verb]);
        }
        for head in of(self.head) {
            add(1, &[self.head], &[head]);
            for verb in verbs {
                add(2, &[self.verb, self.head], &[verb, head]);
            }
            for modifier in of(self.modifier) {
                add(3, &[self.modifier, self.head], &[modifier, head]);
            }
        }
        for topic in of(self.topic) {
            add(4, &[self.topic], &[topic]);
            for head in of(self.head) {
                add(5, &[self.topic], &[topic, head]);
            }
        }
        for opening in of(self.opening) {
            add(6, &[self.opening], &[opening]);
        }
        for (at, linked) in &self.links {
            let link = &*tokens[*at].text;
            let places = [Some(*at), Some(*linked)];
            for linked in of(Some(*linked)) {
                add(7, &places, &[link, linked]);
                for head in of(self.head) {
                    add(8, &places, &[head, link, linked]);
                }
                for verb in verbs {
                    add(9, &places, &[verb, link, linked]);
                }
            }
        }
    }
}

/// The kinds of a word; what is unknown and what is an entity are kinds too.
fn kinds_of(token: &Token<'_>) -> &'static [&'static str] {
    match (classes::kinds(&token.text), token.script) {
        ([], Script::Other) => &["entity"],
        ([], _) => &["unknown"],
        (kinds, _) => kinds,
    }
}

/// Where words stand, from the first to the last.
fn place(field: Field, tokens: &[Token<'_>], places: &[Option<usize>]) -> Option<Place> {
    let ranges = || places.iter().flatten().map(|at| &tokens[*at].range);
    let start = ranges().map(|range| range.start).min()?;
    let end = ranges().map(|range| range.end).max()?;
    Some(Place::new(field, &(start..end)))
}

/// Cuts a clause where it is punctuated inside, as places of its tokens.
fn pieces(text: &str, tokens: &[Token<'_>]) -> Vec<Range<usize>> {
    let mut pieces = Vec::new();
    let mut start = 0;
    for at in 1..tokens.len() {
        let between = text
            .get(tokens[at - 1].range.end..tokens[at].range.start)
            .unwrap_or_default();
        let is_mark = |c: char| ":,;()[]|\n>.?!–—".contains(c);
        if between.contains(is_mark) || between.contains(" - ") {
            pieces.push(start..at);
            start = at;
        }
    }
    pieces.push(start..tokens.len());
    pieces
}

#[cfg(test)]
mod tests {
    use super::Phrase;
    use crate::classify::learner::tokens::tokens;

    /// Verb, object and what is linked to it, of a clause.
    fn read(text: &str) -> Option<String> {
        let tokens = tokens(text, &(0..text.len()), &[]);
        let phrase = Phrase::of(text, &tokens)?;
        let word = |at: Option<usize>| at.map_or("-", |at| &*tokens[at].text);
        let mut said = format!("{} {}", word(phrase.verb), word(phrase.head));
        for (link, linked) in &phrase.links {
            said += &format!(" | {} {}", tokens[*link].text, tokens[*linked].text);
        }
        Some(said)
    }

    #[test]
    fn an_order_is_a_verb_and_its_object() {
        for (clause, wanted) in [
            (
                "could you please add the new contractor to the channel",
                "add contractor | to channel",
            ),
            ("dashboard: show the owner", "show owner"),
            ("access to the settings page", "- access | to page"),
            ("we need a queue for the importer", "need queue | for importer"),
            ("adding permissions", "add permission"),
        ] {
            assert_eq!(read(clause).as_deref(), Some(wanted), "{clause}");
        }
    }

    #[test]
    fn japanese_is_left_alone() {
        assert_eq!(read("slackに追加してください"), None);
        assert_eq!(read("403"), None);
    }
}
