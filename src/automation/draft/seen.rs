//! What tickets say for a slot, as it is written: answers of the form first, then what was recognised, then what the
//! slot's own regexes find. Whether it can serve as a value is decided by `shape`.
//!
//! Nothing is taken from where a secret stands. Secrets are looked for in the whole title and body, since a password
//! may stand a line below the word that makes it one.

use std::collections::BTreeSet;
use std::ops::Range;

use crate::automation::holder::is_holder;
use crate::automation::slots::{asks_for, is_value};
use crate::taxonomy::{Slot, Taxonomy};
use crate::text::{Block, Boilerplate, Document, Entity, EntityKind, Origin, Parts, Passage, Recognizer};
use crate::ticket::Ticket;

use super::grid::Grid;
use super::kinds::{Kind, kind};
use super::labels::{Part, bystanders, is_bare_term, is_due, part};
use super::listing::listed;
use super::pieces::{
    identifier, is_also, is_compared, is_cut, is_empty_talk, is_fragment, is_member, is_qualified,
    is_qualifier, is_stated,
};
use super::secrets::{holds, secret_words, secrets};

/// The slot that prose answers.
pub(super) const REASON: &str = "reason";

/// Kinds of entity that tell who somebody is, or where they live.
const PERSONAL: [&str; 5] = ["person", "mail", "handle", "phone", "ip"];

/// Kinds of entity of which a piece means nothing.
const WHOLE: [&str; 3] = ["mail", "url", "secret"];

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
    /// Longer words of which some of the above are pieces: a whole answer, an address with its kind.
    pub(super) wholes: Vec<Whole>,
    /// Words of the above that stand in a list with others of them.
    pub(super) listed: BTreeSet<String>,
    /// Detected words that are part of others: the table in `mart.orders`.
    pub(super) members: BTreeSet<String>,
    /// Words for which the same is asked as for others: 「web-b も同じ」.
    pub(super) also: BTreeSet<String>,
    /// Detected words behind the name of the slot: 「チームは dev」.
    pub(super) stated: BTreeSet<String>,
    /// Names of several words with capitals that end with a detected word.
    pub(super) titles: BTreeSet<String>,
    /// Whether somebody is named in an answer that may not be about who is meant.
    pub(super) elsewhere: bool,
}

/// Words of a ticket, with what was recognised in them.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Whole {
    pub(super) words: String,
    pub(super) pieces: Vec<String>,
}

impl Said {
    /// The surest words and how sure they are, for a person to read.
    pub(super) fn surest(&self) -> Option<(&str, Grade)> {
        let mut grades = self.grades().into_iter();
        grades.find_map(|(words, grade)| Some((words.first()?.as_str(), grade)))
    }

    /// The longer words that a word is the end of: a role is called "Storage Object Viewer".
    pub(super) fn full<'s>(&'s self, words: &'s str) -> &'s str {
        self.titles
            .iter()
            .find(|title| title.ends_with(words))
            .map_or(words, String::as_str)
    }

    /// The three grades, the surest first.
    pub(super) fn grades(&self) -> [(&[String], Grade); 3] {
        [
            (&self.answered, Grade::Answered),
            (&self.recognised, Grade::Recognised),
            (&self.detected, Grade::Detected),
        ]
    }
}

/// How sure words of a ticket are about a slot, the surest first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Grade {
    Answered,
    Recognised,
    Detected,
}

/// Reads the texts of tickets.
pub(super) struct Eyes<'x> {
    recognizer: Recognizer,
    taxonomy: &'x Taxonomy,
}

/// A ticket that was read.
pub(super) struct Page<'t> {
    ticket: &'t Ticket,
    document: Document,
    /// The entities of each passage that is read, in the order of the passages.
    entities: Vec<Vec<Entity>>,
    /// Where title and body hold a secret.
    secrets: Vec<(Origin, Range<usize>)>,
    /// Folded secrets of title, body and comments: none is a value, wherever else it stands.
    secret_words: BTreeSet<String>,
}

impl<'x> Eyes<'x> {
    pub(super) fn new(people: &BTreeSet<String>, taxonomy: &'x Taxonomy) -> Self {
        Self {
            recognizer: Recognizer::new(people),
            taxonomy,
        }
    }

    pub(super) fn open<'t>(&self, ticket: &'t Ticket) -> Page<'t> {
        let parts = Parts {
            title: ticket.title.as_deref(),
            body: ticket.body.as_deref(),
            ..Parts::default()
        };
        let document = Document::read(&parts, &Boilerplate::none());
        let find = |passage: &Passage| match is_read(passage) {
            true => self.recognizer.find(passage.text.text()),
            false => Vec::new(),
        };
        Page {
            ticket,
            entities: document.passages.iter().map(find).collect(),
            secrets: secrets(&parts, &document),
            secret_words: secret_words(ticket),
            document,
        }
    }

    /// Gathers what a ticket says for a slot. Of people only those are heard who are meant: who approves or can be asked
    /// is given nothing.
    pub(super) fn said(&self, page: &Page<'_>, slot: &Slot) -> Said {
        self.gather(page, slot, !is_personal(slot))
    }

    /// Gathers everything that looks like a value of a slot, whatever part it has in the request: to hide it.
    pub(super) fn mentioned(&self, page: &Page<'_>, slot: &Slot) -> Said {
        self.gather(page, slot, true)
    }

    fn gather(&self, page: &Page<'_>, slot: &Slot, everything: bool) -> Said {
        let mut said = Said::default();
        for (passage, entities) in page.document.passages.iter().zip(&page.entities) {
            if !is_read(passage) || is_due(passage, slot) {
                continue;
            }
            let part = match everything {
                true => Part::Meant,
                false => part(self.taxonomy, passage),
            };
            if part == Part::Bystander {
                // What stands a line below may be about anybody.
                said.elsewhere |= passage.text.text().trim().contains('\n');
                continue;
            }
            let answers = passage.block == Block::Answer
                && passage
                    .label
                    .as_deref()
                    .is_some_and(|label| slot.form.iter().any(|name| asks_for(label, name)));
            let bystanders = match everything {
                true => Vec::new(),
                false => bystanders(passage.text.text()),
            };
            let is_meant = |range: &Range<usize>| !bystanders.iter().any(|part| part.contains(&range.start));
            let meant = entities.iter().filter(|entity| is_meant(&entity.range));
            // Behind the line that answers a field the requester often goes on in prose.
            let line = match part {
                Part::Unknown => passage.text.text().find('\n').unwrap_or(usize::MAX),
                _ => 0,
            };
            let (others, named): (Vec<Entity>, Vec<Entity>) =
                meant.cloned().partition(|entity| entity.range.start < line);
            said.elsewhere |= !page.recognised(passage, &others, slot).is_empty();
            let found = page.recognised(passage, &named, slot);
            said.wholes.extend(page.with_kind(passage, &named, slot));
            said.listed
                .extend(page.listed(passage, places(passage, &named, slot)));
            if answers && !found.is_empty() {
                said.wholes.extend(page.answer(passage).map(|words| Whole {
                    words,
                    pieces: found.clone(),
                }));
            }
            match (answers, found.is_empty()) {
                (true, true) => said.answered.extend(page.answer(passage)),
                (true, false) => said.answered.extend(found),
                (false, _) => said.recognised.extend(found),
            }
            if !self.is_answer_to_another(passage, slot) {
                let found = page.detected(passage, entities, slot, is_meant);
                let text = passage.text.text();
                let (members, found): (Vec<_>, Vec<_>) = found
                    .iter()
                    .cloned()
                    .partition(|range| is_member(text, range, &found));
                said.members.extend(page.those(passage, &members, |_| true));
                let before = |range: &Range<usize>| {
                    is_stated(&text[..range.start], slot)
                        || is_qualified(&text[..range.start])
                        || is_qualifier(&text[range.clone()], slot)
                };
                said.stated.extend(page.those(passage, &found, before));
                let behind = |range: &Range<usize>| is_also(&text[range.end..]);
                said.also.extend(page.those(passage, &found, behind));
                let written = found
                    .iter()
                    .filter_map(|range| page.written(passage, range.clone()));
                said.detected.extend(written);
                let titles = found
                    .iter()
                    .filter_map(|range| page.title(passage, range.clone()));
                said.titles.extend(titles);
                said.listed.extend(page.listed(passage, found));
            }
        }
        for grade in [&mut said.answered, &mut said.recognised, &mut said.detected] {
            let mut seen = BTreeSet::new();
            grade.retain(|value| seen.insert(value.clone()));
        }
        said.wholes.sort();
        said.wholes.dedup();
        said
    }

    /// What the words around it introduce for a slot ("GitHub id: umi-dev"), also where the slot would not take it for a
    /// value since it looks like something else.
    pub(super) fn introduced(page: &Page<'_>, slot: &Slot) -> Vec<String> {
        let mut introduced = Vec::new();
        for passage in page.document.passages.iter().filter(|passage| is_read(passage)) {
            let text = passage.text.text();
            for detect in slot.detect.iter().filter(|detect| detect.has_needles(text)) {
                let named = detect.find_iter(text).filter_map(|range| {
                    let start = range.start;
                    let named = identifier(text, range, slot);
                    (named.start > start).then_some(named)
                });
                introduced.extend(named.filter_map(|range| page.written(passage, range)));
            }
        }
        introduced
    }

    /// Whether a passage answers a field for something else, where the slot asks for a person: what was answered for a
    /// team or a project is no login, whatever it looks like. Reasons are prose and may name anybody.
    fn is_answer_to_another(&self, passage: &Passage, slot: &Slot) -> bool {
        let Some(label) = passage.label.as_deref().filter(|_| is_personal(slot)) else {
            return false;
        };
        let asked = |slot: &Slot| slot.form.iter().any(|name| asks_for(label, name));
        let others = self.taxonomy.slots.iter();
        let mut others = others.filter(|other| !is_personal(other) && other.id != REASON);
        !asked(slot) && others.any(asked)
    }
}

impl Page<'_> {
    fn recognised(&self, passage: &Passage, entities: &[Entity], slot: &Slot) -> Vec<String> {
        let places = places(passage, entities, slot).into_iter();
        places.filter_map(|range| self.written(passage, range)).collect()
    }

    /// The words of those places that stand in a list.
    fn listed(&self, passage: &Passage, places: Vec<Range<usize>>) -> Vec<String> {
        let listed = listed(passage.text.text(), places).into_iter();
        listed.filter_map(|range| self.written(passage, range)).collect()
    }

    /// The words of those places of which something holds.
    fn those(
        &self,
        passage: &Passage,
        places: &[Range<usize>],
        holds: impl Fn(&Range<usize>) -> bool,
    ) -> Vec<String> {
        let those = places.iter().filter(|range| holds(range));
        those
            .filter_map(|range| self.written(passage, range.clone()))
            .collect()
    }

    /// What the slot's regexes find. They take in the words around a value ("id: octo"), so the last thing that looks
    /// like an identifier is kept; where none does, the whole.
    fn detected(
        &self,
        passage: &Passage,
        entities: &[Entity],
        slot: &Slot,
        is_meant: impl Fn(&Range<usize>) -> bool,
    ) -> Vec<Range<usize>> {
        let text = passage.text.text();
        let rejected = |found: &str| slot.reject.iter().any(|reject| reject.is_match(found));
        let mut named: Vec<Range<usize>> = Vec::new();
        for detect in slot.detect.iter().filter(|detect| detect.has_needles(text)) {
            let found = detect
                .find_iter(text)
                .filter(|range| !rejected(&text[range.clone()]));
            named.extend(found.map(|range| identifier(text, range, slot)));
        }
        named.retain(|range| is_meant(range) && !text[..range.start].ends_with("roles/"));
        named.retain(|range| !is_fragment(text, range) && !is_empty_talk(&text[range.clone()], slot));
        // The domain of an address is no data set, and a page of a link no repository.
        let is_whole = |entity: &&Entity| {
            WHOLE.contains(&entity.kind.name())
                && !slot.entities.iter().any(|kind| kind == entity.kind.name())
        };
        let whole: Vec<&Entity> = entities.iter().filter(is_whole).collect();
        let is_piece = |range: &Range<usize>| {
            let overlaps = |other: &Range<usize>| other.start < range.end && range.start < other.end;
            let is_all = |other: &Range<usize>| range.start <= other.start && other.end <= range.end;
            let mut whole = whole.iter().map(|entity| &entity.range);
            whole.any(|other| overlaps(other) && !is_all(other))
        };
        named.retain(|range| !is_piece(range));
        named.retain(|range| !is_holder(text, range) && !is_compared(text, range));
        named
    }

    /// The words of a passage as they were written; `None` where a secret reaches into them.
    fn written(&self, passage: &Passage, range: Range<usize>) -> Option<String> {
        let field = match passage.origin {
            Origin::Title => self.ticket.title.as_deref()?,
            Origin::Body => self.ticket.body.as_deref()?,
            Origin::Comment(_) | Origin::Category => return None,
        };
        let place = passage.text.original(range);
        let overlaps = |(origin, secret): &(Origin, Range<usize>)| {
            *origin == passage.origin && secret.start < place.end && place.start < secret.end
        };
        if self.secrets.iter().any(overlaps) {
            return None;
        }
        Some(field.get(place)?.trim().to_owned())
    }

    /// A word with the words before it that have a capital as it has.
    fn title(&self, passage: &Passage, range: Range<usize>) -> Option<String> {
        let is_capital = |word: &str| word.starts_with(|c: char| c.is_ascii_uppercase());
        let text = passage.text.text();
        let mut start = range.start;
        while let Some(before) = text[..start].strip_suffix(' ') {
            let at = before.rfind([' ', '\n']).map_or(0, |at| at + 1);
            if !self
                .written(passage, at..before.len())
                .is_some_and(|word| is_capital(&word))
            {
                break;
            }
            start = at;
        }
        let title = self.written(passage, start..range.end)?;
        (start < range.start && title.split(' ').all(is_capital)).then_some(title)
    }

    /// An answer as a value: its only line, if it is a short one.
    fn answer(&self, passage: &Passage) -> Option<String> {
        let answer = self.written(passage, 0..passage.text.text().len())?;
        let short = answer.chars().count() <= LONGEST_ANSWER && !answer.contains('\n');
        (short && !answer.is_empty()).then_some(answer)
    }

    /// Addresses with the kind that is told beside them: "group:dev@…" is no person.
    fn with_kind(&self, passage: &Passage, entities: &[Entity], slot: &Slot) -> Vec<Whole> {
        let text = passage.text.text();
        let mails = entities.iter().filter(|entity| entity.kind == EntityKind::Mail);
        let mails = mails.filter(|entity| slot.entities.iter().any(|kind| kind == entity.kind.name()));
        let wholes = mails.filter_map(|entity| {
            let (start, end) = (entity.range.start, entity.range.end);
            let address = self.written(passage, start..end)?;
            let words = match kind(&text[..start], &text[end..])? {
                Kind::Written(length) => self.written(passage, start - length..end)?,
                Kind::Told(kind) => format!("{kind}{address}"),
            };
            Some(Whole {
                words,
                pieces: vec![address],
            })
        });
        wholes.collect()
    }

    /// Whether words are a secret of the ticket or hold one: a password that was also written where a name belongs.
    pub(super) fn holds_secret(&self, words: &str) -> bool {
        holds(&self.secret_words, words)
    }

    /// The answer to a field for a last day that does not say of what it is the last; `None` where the slot asks for no
    /// time, or the answer is that there is none.
    pub(super) fn bare_term(&self, slot: &Slot) -> Option<String> {
        let mut passages = self
            .document
            .passages
            .iter()
            .filter(|passage| is_bare_term(passage, slot));
        passages.find_map(|passage| self.answer(passage))
    }

    /// The table that stands in the body.
    pub(super) fn grid(&self) -> Option<Grid> {
        Grid::read(self.ticket.body.as_deref()?)
    }

    /// Everything that the requester wrote in title and body, normalised.
    pub(super) fn prose(&self) -> String {
        let passages = self.document.passages.iter().filter(|passage| is_read(passage));
        let lines: Vec<&str> = passages.map(|passage| passage.text.text()).collect();
        lines.join("\n")
    }
}

/// Where the entities that fill a slot stand in a passage.
fn places(passage: &Passage, entities: &[Entity], slot: &Slot) -> Vec<Range<usize>> {
    let text = passage.text.text();
    let fills = |kind: &str| slot.entities.iter().any(|known| known == kind);
    let rejected = |value: &str| slot.reject.iter().any(|reject| reject.is_match(value));
    entities
        .iter()
        .filter(|entity| fills(entity.kind.name()) && !rejected(entity.value(text)))
        .filter(|entity| is_value(text, entity) && !is_cut(text, entity))
        .map(|entity| entity.range.clone())
        .filter(|range| !is_holder(text, range))
        .collect()
}

/// Whether values are looked for in a passage.
fn is_read(passage: &Passage) -> bool {
    matches!(passage.block, Block::Prose | Block::Answer)
}

/// Whether what fills a slot tells who or where somebody is.
pub(super) fn is_personal(slot: &Slot) -> bool {
    slot.entities.iter().any(|kind| PERSONAL.contains(&kind.as_str()))
}

#[cfg(test)]
mod tests;
