//! What the learner sees of a ticket: sparse features of its words, of what its clauses do, and of the rules' votes.
//!
//! The words alone do not decide a request, so most of them come twice: as they are, and with the role of the clause
//! they stand in ("エラー" as a reason is not "エラー" as the request). The votes of the rules are features too: the
//! learner finds out from examples how far each pattern's rules can be trusted. A feature is known by a hash of what
//! it is, so nothing but weights has to be stored. Answer fields of a ticket are never looked at.

use std::ops::Range;

use crate::classify::concepts::Lexicon;
use crate::classify::decide::Verdict;
use crate::classify::learner::deeds::{Acts, Deed};
use crate::classify::learner::feature::{List, hash, points};
use crate::classify::learner::phrase;
use crate::classify::learner::tokens::{self, Token};
use crate::classify::prose::{Field, Part, Prose, Stretch};
use crate::classify::rules::{Voice, Votes};
use crate::taxonomy::Taxonomy;
use crate::text::{Entity, EntityKind};

pub use crate::classify::learner::feature::{Feature, Kind, Place, row, score_key};

/// The words that the taxonomy knows, in both languages.
pub struct Lexicons<'l, 't> {
    /// Those of the work that its patterns are about.
    pub concepts: &'l Lexicon<'t>,
    /// Those of other work.
    pub notions: &'l Lexicon<'t>,
}

/// What has been read of a ticket before the learner looks at it.
pub struct Seen<'a> {
    /// Title and body, clause by clause.
    pub prose: &'a Prose,
    /// What the cues said.
    pub votes: &'a Votes<'a>,
    /// What the rules made of it.
    pub verdict: &'a Verdict,
    /// Entities in title and body.
    pub entities: &'a [Entity],
    /// For each passage of title and body, in order, where it begins in the text of the entities.
    pub starts: &'a [(usize, usize)],
}

/// Lists the features of a ticket, by key, each once.
#[must_use]
pub fn features(seen: &Seen<'_>, taxonomy: &Taxonomy, lexicons: &Lexicons<'_, '_>) -> Vec<Feature> {
    let mut list = List::default();
    let mut last: Option<Last<'_>> = None;
    let mut acts = Acts::default();
    for part in &seen.prose.parts {
        match part.field {
            Field::Title | Field::Body => {
                let here = read_part(part, (seen, lexicons), &mut acts, &mut list);
                last = match (last, here) {
                    (Some(before), Some(here)) if before.asks && !here.asks => Some(before),
                    (before, here) => here.or(before),
                };
            }
            Field::Category => category(part, &mut list),
            Field::Code => part
                .text
                .lines()
                .filter(|line| line.starts_with("code:"))
                .for_each(|line| list.add(Kind::Thing, 0, line, None)),
            Field::Comments => {}
        }
    }
    if let Some(last) = last {
        predicate(seen.prose.text(last.field), &last, &mut list);
    }
    acts.tell(seen, taxonomy, &mut list);
    for entity in seen.entities {
        list.add(Kind::Thing, 1, entity.kind.name(), None);
    }
    shape(seen, &mut list);
    rules(seen, taxonomy, &mut list);
    list.finish()
}

/// The words of the clause that asks last.
struct Last<'a> {
    field: Field,
    tokens: Vec<Token<'a>>,
    asks: bool,
}

/// Reads title or body; returns its last request, else its last statement.
fn read_part<'a, 't>(
    part: &'a Part,
    (seen, lexicons): (&Seen<'a>, &Lexicons<'_, 't>),
    acts: &mut Acts<'t>,
    list: &mut List,
) -> Option<Last<'a>> {
    let mut last: Option<Last<'a>> = None;
    let mut is_first = part.field == Field::Title;
    for stretch in &part.stretches {
        let entities = within(stretch, seen);
        for clause in part.clauses_in(&stretch.range) {
            let text = &part.text[clause.range.clone()];
            let deed = Deed::of(clause.role, stretch.factor, seen.prose.asks(), text);
            let tokens = tokens::tokens(&part.text, &clause.range, &entities);
            words(part, deed, &tokens, list);
            if is_first {
                phrase::read(&part.text, part.field, &tokens, true, list);
                is_first = false;
            }
            notions(part, deed, &clause.range, lexicons.notions, list);
            let named = concepts(part, deed, &clause.range, lexicons.concepts, list);
            let asks = deed.asks();
            if asks || (deed.states() && last.as_ref().is_none_or(|last| !last.asks)) {
                last = Some(Last {
                    field: part.field,
                    tokens,
                    asks,
                });
            }
            acts.hear(part.field, deed, named);
            list.add(Kind::Shape, deed.tag(), part.field.as_str(), None);
        }
    }
    last
}

/// Entities of a stretch, with ranges in the text of its part.
fn within(stretch: &Stretch, seen: &Seen<'_>) -> Vec<(EntityKind, Range<usize>)> {
    let Ok(at) = seen
        .starts
        .binary_search_by_key(&stretch.passage, |(passage, _)| *passage)
    else {
        return Vec::new();
    };
    let start = seen.starts[at].1;
    let end = start + stretch.range.len();
    let first = seen.entities.partition_point(|entity| entity.range.end <= start);
    seen.entities[first..]
        .iter()
        .take_while(|entity| entity.range.start < end)
        .map(|entity| {
            let from = entity.range.start.max(start) - start + stretch.range.start;
            let to = entity.range.end.min(end) - start + stretch.range.start;
            (entity.kind, from..to)
        })
        .collect()
}

fn words(part: &Part, deed: Deed, tokens: &[Token<'_>], list: &mut List) {
    let place = |range: &Range<usize>| Some(Place::new(part.field, range));
    for token in tokens {
        let here = place(&token.range);
        list.add(Kind::Acting, deed.tag(), &token.text, here);
        if deed.is_beside() {
            continue;
        }
        list.add(Kind::Word, 0, &token.text, here);
        if part.field == Field::Title {
            list.add(Kind::Title, 0, &token.text, here);
        }
        tokens::grams(token, |tag, gram| list.add(Kind::Gram, tag, gram, here));
    }
    if deed.is_beside() {
        return;
    }
    for pair in tokens.windows(2) {
        let range = pair[0].range.start..pair[1].range.end;
        let key = hash(Kind::Pair, 0, &[&pair[0].text, &pair[1].text]);
        list.push(Kind::Pair, 1.0, key, place(&range));
    }
}

/// Adds the areas of work that a clause names.
fn notions(part: &Part, deed: Deed, clause: &Range<usize>, notions: &Lexicon<'_>, list: &mut List) {
    notions.each(&part.text[clause.clone()], |notion, range| {
        let range = clause.start + range.start..clause.start + range.end;
        let here = Some(Place::new(part.field, &range));
        list.add(Kind::Notion, deed.tag() + 1, notion, here);
        if !deed.is_beside() {
            list.add(Kind::Notion, 0, notion, here);
        }
    });
}

/// Adds the concepts of a clause and returns their ids, each once, sorted.
fn concepts<'t>(
    part: &Part,
    deed: Deed,
    clause: &Range<usize>,
    lexicon: &Lexicon<'t>,
    list: &mut List,
) -> Vec<&'t str> {
    let mut named = Vec::new();
    lexicon.each(&part.text[clause.clone()], |concept, range| {
        let range = clause.start + range.start..clause.start + range.end;
        let here = Some(Place::new(part.field, &range));
        list.add(Kind::Concept, deed.tag() + 1, concept, here);
        if !matches!(deed, Deed::Denies | Deed::AsksMore) {
            list.add(Kind::Concept, 0, concept, here);
        }
        named.push(concept);
    });
    named.sort_unstable();
    named.dedup();
    named
}

/// The last request: in Japanese its last words (権限を付けて gives 付けて, 権限を, and both together), in English its first.
fn predicate(text: &str, last: &Last<'_>, list: &mut List) {
    if phrase::read(text, last.field, &last.tokens, false, list) {
        return;
    }
    let place = |range: &Range<usize>| Some(Place::new(last.field, range));
    let mut content = last
        .tokens
        .iter()
        .enumerate()
        .rev()
        .filter(|(_, t)| t.is_content());
    let Some((at, verb)) = content.next() else { return };
    list.add(Kind::Predicate, 0, &verb.text, place(&verb.range));
    if let Some(ending) = last.tokens.get(at + 1) {
        let key = hash(Kind::Predicate, 1, &[&verb.text, &ending.text]);
        list.push(Kind::Predicate, 1.0, key, place(&verb.range));
        list.add(Kind::Predicate, 2, &ending.text, place(&ending.range));
    }
    for (nth, (_, object)) in content.take(2).enumerate() {
        let tag = if nth == 0 { 3 } else { 4 };
        list.add(Kind::Predicate, tag, &object.text, place(&object.range));
        let key = hash(Kind::Predicate, tag + 2, &[&object.text, &verb.text]);
        list.push(
            Kind::Predicate,
            1.0,
            key,
            place(&(object.range.start..verb.range.end)),
        );
    }
}

fn category(part: &Part, list: &mut List) {
    for token in tokens::tokens(&part.text, &(0..part.text.len()), &[]) {
        list.add(
            Kind::Thing,
            2,
            &token.text,
            Some(Place::new(part.field, &token.range)),
        );
    }
}

fn shape(seen: &Seen<'_>, list: &mut List) {
    let (title, body) = (seen.prose.text(Field::Title), seen.prose.text(Field::Body));
    let length = |text: &str| match text.chars().count() {
        0 => "none",
        1..=12 => "a few",
        13..=40 => "a line",
        41..=160 => "some lines",
        _ => "many lines",
    };
    list.add(Kind::Shape, 20, length(title), None);
    list.add(Kind::Shape, 21, length(body), None);
    for (tag, text) in [(22, title), (23, body)] {
        if text.contains('?') {
            list.add(Kind::Shape, tag, "?", None);
        }
        if text.trim_end().ends_with('?') {
            list.add(Kind::Shape, tag, "ends with ?", None);
        }
    }
    if !seen.prose.asks() {
        list.add(Kind::Shape, 24, "asks nothing", None);
    }
}

fn rules(seen: &Seen<'_>, taxonomy: &Taxonomy, list: &mut List) {
    for vote in &seen.votes.votes {
        list.add(
            Kind::Cue,
            u8::from(vote.points < 0.0),
            vote.cue,
            Some(Place::new(vote.field, &vote.range)),
        );
        if let Voice::Sub(at, sub) = vote.voice {
            list.add(Kind::Thing, 4, &taxonomy.patterns[at].subs[sub].id, None);
        }
    }
    for system in &seen.votes.systems {
        list.add(Kind::Thing, 3, &taxonomy.systems[*system].id, None);
    }
    for (pattern, score) in taxonomy.patterns.iter().zip(&seen.verdict.scores) {
        if *score > 0.0 {
            list.push(Kind::Score, points(*score), score_key(&pattern.id), None);
        }
    }
    if let Some(best) = seen.verdict.best {
        list.add(Kind::Score, 1, &taxonomy.patterns[best.pattern].id, None);
        if seen.verdict.sure {
            list.add(Kind::Score, 2, &taxonomy.patterns[best.pattern].id, None);
        }
        if let Some(sub) = best.sub {
            list.add(
                Kind::Score,
                3,
                &taxonomy.patterns[best.pattern].subs[sub].id,
                None,
            );
        }
    } else {
        list.add(Kind::Score, 4, "", None);
    }
}
