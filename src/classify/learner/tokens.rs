//! Cuts a clause into the words and pieces of words that features are made of, with their places.
//!
//! Words end at script borders; entities come as the name of their kind, so that people, dates and addresses are not
//! learnt. Unlike the tokens of clustering, nothing is a stop word here: に and の tell "権限に" from "権限の".

use std::borrow::Cow;
use std::ops::Range;

use crate::text::segment::{Piece, Script, stem};
use crate::text::{EntityKind, pieces};

/// A word of a clause.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Token<'a> {
    /// The word, an English one without its ending; for an entity the placeholder of its kind.
    pub(super) text: Cow<'a, str>,
    /// The script of the word; `Other` for an entity.
    pub(super) script: Script,
    /// Bytes in the part's text.
    pub(super) range: Range<usize>,
}

impl Token<'_> {
    /// Says whether the word carries meaning by itself: no hiragana, no entity.
    pub(super) fn is_content(&self) -> bool {
        matches!(self.script, Script::Han | Script::Katakana | Script::Latin)
    }
}

/// Longest hiragana run that is kept whole, in characters; of a longer one the first and the last are kept.
const LONGEST_HIRAGANA: usize = 5;

/// Cuts one clause of a text; entities are those of the text, in order.
pub(super) fn tokens<'a>(
    text: &'a str,
    clause: &Range<usize>,
    entities: &[(EntityKind, Range<usize>)],
) -> Vec<Token<'a>> {
    let mut found = Vec::new();
    let mut start = clause.start;
    for (kind, range) in entities {
        if range.end <= start || range.start >= clause.end {
            continue;
        }
        if range.start > start {
            plain(text, start..range.start, &mut found);
        }
        found.push(Token {
            text: kind.placeholder().into(),
            script: Script::Other,
            range: range.start.max(start)..range.end.min(clause.end),
        });
        // An environment and a role are told by their names, the others only by their kind.
        if matches!(
            kind,
            EntityKind::Environment | EntityKind::Role | EntityKind::Host | EntityKind::Url
        ) {
            plain(
                text,
                range.start.max(start)..range.end.min(clause.end),
                &mut found,
            );
        }
        start = range.end.min(clause.end);
    }
    plain(text, start..clause.end, &mut found);
    found
}

fn plain<'a>(text: &'a str, range: Range<usize>, found: &mut Vec<Token<'a>>) {
    let Some(stretch) = text.get(range.clone()) else {
        return;
    };
    for piece in pieces(stretch) {
        let at = range.start + piece.start;
        match piece.script {
            Script::Latin => latin(&piece, at, found),
            Script::Hiragana => hiragana(&piece, at, found),
            Script::Han | Script::Katakana => found.push(Token {
                text: piece.text.into(),
                script: piece.script,
                range: at..at + piece.text.len(),
            }),
            Script::Other if piece.text.contains('?') => found.push(Token {
                text: "?".into(),
                script: Script::Other,
                range: at..at + piece.text.len(),
            }),
            Script::Digit | Script::Space | Script::Other => {}
        }
    }
}

/// `kawasemi-api` gives its two words.
fn latin<'a>(piece: &Piece<'a>, at: usize, found: &mut Vec<Token<'a>>) {
    let mut start = 0;
    for word in piece.text.split(['-', '_', '.', '/']) {
        let letters = word.bytes().any(|b| b.is_ascii_alphabetic()) || !word.is_ascii();
        if letters && word.len() <= 24 {
            found.push(Token {
                text: stem(word),
                script: Script::Latin,
                range: at + start..at + start + word.len(),
            });
        }
        start += word.len() + 1;
    }
}

fn hiragana<'a>(piece: &Piece<'a>, at: usize, found: &mut Vec<Token<'a>>) {
    let mut push = |range: Range<usize>| {
        found.push(Token {
            text: piece.text[range.clone()].into(),
            script: Script::Hiragana,
            range: at + range.start..at + range.end,
        });
    };
    let length = piece.text.chars().count();
    if length <= LONGEST_HIRAGANA {
        push(0..piece.text.len());
    } else {
        // Every hiragana character is three bytes.
        push(0..3 * 3);
        push(piece.text.len() - 4 * 3..piece.text.len());
    }
}

/// Calls back with the pieces of a Japanese word: bigrams and single characters of kanji, three of katakana. What English
/// words have in common is their stem: pieces of four letters beside it were measured to add nothing.
pub(super) fn grams<'a>(token: &'a Token<'_>, mut each: impl FnMut(u8, &'a str)) {
    let text = &*token.text;
    let length = text.chars().count();
    let borders = || text.char_indices().map(|(at, _)| at).chain([text.len()]);
    let mut all = |size: usize, tag: u8| {
        if length > size {
            for (start, end) in borders().zip(borders().skip(size)) {
                each(tag, &text[start..end]);
            }
        }
    };
    match token.script {
        Script::Han => {
            all(1, 1);
            all(2, 2);
        }
        Script::Katakana => all(3, 3),
        _ => {}
    }
}
