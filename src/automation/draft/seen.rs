//! What tickets say for a slot, as it is written: answers of the form first, then what was recognised, then what the
//! slot's own regexes find. Whether it can serve as a value is decided by `shape`.

use std::collections::BTreeSet;
use std::ops::Range;

use crate::automation::slots::asks_for;
use crate::taxonomy::Slot;
use crate::text::{Block, Boilerplate, Document, Origin, Parts, Passage, Recognizer};
use crate::ticket::Ticket;

/// Longest answer of a form that is a value and not prose, in characters.
const LONGEST_ANSWER: usize = 120;

/// What a ticket says for one slot, in three grades of certainty; each without repetition, in reading order.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Said {
    /// Answers to a form field of the slot.
    pub(super) answered: Vec<String>,
    /// Entities of a kind that fills the slot.
    pub(super) recognised: Vec<String>,
    /// Texts that the slot's regexes find.
    pub(super) detected: Vec<String>,
}

impl Said {
    /// The surest words, for a person to read.
    pub(super) fn surest(&self) -> Option<&str> {
        let mut grades = [&self.answered, &self.recognised, &self.detected].into_iter();
        grades.find_map(|grade| grade.first().map(String::as_str))
    }
}

/// Reads the texts of tickets.
pub(super) struct Eyes {
    recognizer: Recognizer,
}

/// A ticket that was read.
pub(super) struct Page<'t> {
    ticket: &'t Ticket,
    document: Document,
}

impl Eyes {
    pub(super) fn new(people: &BTreeSet<String>) -> Self {
        Self {
            recognizer: Recognizer::new(people),
        }
    }

    pub(super) fn open<'t>(&self, ticket: &'t Ticket) -> Page<'t> {
        let parts = Parts {
            title: ticket.title.as_deref(),
            body: ticket.body.as_deref(),
            ..Parts::default()
        };
        Page {
            ticket,
            document: Document::read(&parts, &Boilerplate::none()),
        }
    }

    /// Gathers what a ticket says for a slot.
    pub(super) fn said(&self, page: &Page<'_>, slot: &Slot) -> Said {
        let mut said = Said::default();
        for passage in &page.document.passages {
            if !matches!(passage.block, Block::Prose | Block::Answer) {
                continue;
            }
            let answers = passage.block == Block::Answer
                && passage
                    .label
                    .as_deref()
                    .is_some_and(|label| slot.form.iter().any(|name| asks_for(label, name)));
            let found = self.recognised(page, passage, slot);
            match (answers, found.is_empty()) {
                (true, true) => said.answered.extend(page.answer(passage)),
                (true, false) => said.answered.extend(found),
                (false, _) => said.recognised.extend(found),
            }
            said.detected.extend(detected(page, passage, slot));
        }
        for grade in [&mut said.answered, &mut said.recognised, &mut said.detected] {
            let mut seen = BTreeSet::new();
            grade.retain(|value| seen.insert(value.clone()));
        }
        said
    }

    fn recognised(&self, page: &Page<'_>, passage: &Passage, slot: &Slot) -> Vec<String> {
        if slot.entities.is_empty() {
            return Vec::new();
        }
        let text = passage.text.text();
        let fills = |kind: &str| slot.entities.iter().any(|known| known == kind);
        let rejected = |value: &str| slot.reject.iter().any(|reject| reject.is_match(value));
        let entities = self.recognizer.find(text).into_iter();
        entities
            .filter(|entity| fills(entity.kind.name()) && !rejected(entity.value(text)))
            .filter_map(|entity| page.written(passage, entity.range))
            .collect()
    }
}

impl Page<'_> {
    /// The words of a passage as they were written.
    fn written(&self, passage: &Passage, range: Range<usize>) -> Option<String> {
        let field = match passage.origin {
            Origin::Title => self.ticket.title.as_deref()?,
            Origin::Body => self.ticket.body.as_deref()?,
            Origin::Comment(_) | Origin::Category => return None,
        };
        Some(field.get(passage.text.original(range))?.trim().to_owned())
    }

    /// An answer as a value: its only line, if it is a short one.
    fn answer(&self, passage: &Passage) -> Option<String> {
        let answer = self.written(passage, 0..passage.text.text().len())?;
        let short = answer.chars().count() <= LONGEST_ANSWER && !answer.contains('\n');
        (short && !answer.is_empty()).then_some(answer)
    }

    /// Everything that the requester wrote in title and body, normalised.
    pub(super) fn prose(&self) -> String {
        let said = |passage: &&Passage| matches!(passage.block, Block::Prose | Block::Answer);
        let passages = self.document.passages.iter().filter(said);
        let lines: Vec<&str> = passages.map(|passage| passage.text.text()).collect();
        lines.join("\n")
    }
}

/// What the slot's regexes find. They take in the words around a value ("id: octo"), so the last thing that looks like
/// an identifier is kept; where none does, the whole.
fn detected(page: &Page<'_>, passage: &Passage, slot: &Slot) -> Vec<String> {
    let text = passage.text.text();
    let rejected = |found: &str| slot.reject.iter().any(|reject| reject.is_match(found));
    let mut values = Vec::new();
    for detect in slot.detect.iter().filter(|detect| detect.has_needles(text)) {
        for range in detect.find_iter(text) {
            if !rejected(&text[range.clone()]) {
                values.extend(page.written(passage, identifier(text, range, slot)));
            }
        }
    }
    values
}

/// Words that stand beside a value and are none.
const NO_VALUES: [&str; 12] = [
    "a", "an", "and", "for", "from", "in", "my", "on", "our", "the", "this", "to",
];

/// The last thing in a range that looks like an identifier and is no name of the slot itself: of "yamame team" the first.
fn identifier(text: &str, range: Range<usize>, slot: &Slot) -> Range<usize> {
    let found = &text[range.clone()];
    let part = |c: char| c.is_ascii_alphanumeric() || "._/@-".contains(c);
    let names = |word: &str| {
        NO_VALUES.contains(&word)
            || slot.form.iter().any(|name| name == word)
            || slot.name.en.split(' ').any(|name| name == word)
    };
    let mut words = found
        .split(|c| !part(c))
        .filter(|word| !word.is_empty() && !names(word));
    let Some(word) = words.next_back() else {
        return range;
    };
    // Both are slices of one text, so their distance is where the word begins.
    let start = range.start + (word.as_ptr() as usize - found.as_ptr() as usize);
    start..start + word.len()
}
