//! What the learner sees of a ticket: sparse features of its words, of what its clauses do, and of the rules' votes.
//!
//! The words alone do not decide a request, so most of them come twice: as they are, and with the role of the clause
//! they stand in ("エラー" as a reason is not "エラー" as the request). The votes of the rules are features too: the
//! learner finds out from examples how far each pattern's rules can be trusted. A feature is known by a hash of what
//! it is, so nothing but weights has to be stored. Answer fields of a ticket are never looked at.

use std::collections::BTreeSet;
use std::ops::Range;

use crate::classify::act::{self, Act};
use crate::classify::clause::Role;
use crate::classify::concepts::Lexicon;
use crate::classify::decide::Verdict;
use crate::classify::learner::tokens::{self, Token};
use crate::classify::prose::{Field, Part, Prose, Stretch};
use crate::classify::rules::{Voice, Votes};
use crate::taxonomy::Taxonomy;
use crate::text::{Entity, EntityKind};

/// What a feature is made of. Features of one kind share their strength (see [`row`]).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Kind {
    /// A word of title or body, whatever its clause does.
    Word,
    /// Two neighbouring words.
    Pair,
    /// A piece of a word.
    Gram,
    /// A word with the role of its clause.
    Acting,
    /// A word of the title.
    Title,
    /// The last thing that is asked for, and its object.
    Predicate,
    /// A concept of the taxonomy, alone and with the role of its clause.
    Concept,
    /// A system, a kind of entity, a kind of code block, the form's drop-down.
    Thing,
    /// How the ticket is built: its length, its questions, what its clauses do.
    Shape,
    /// A cue that spoke.
    Cue,
    /// The points of a pattern or sub-pattern by the rules.
    Score,
    /// What the ticket's leading clauses want.
    Act,
    /// What is wanted, together with what it is wanted of.
    Frame,
}

impl Kind {
    /// Every kind, in order.
    pub const ALL: [Self; 13] = [
        Self::Word,
        Self::Pair,
        Self::Gram,
        Self::Acting,
        Self::Title,
        Self::Predicate,
        Self::Concept,
        Self::Thing,
        Self::Shape,
        Self::Cue,
        Self::Score,
        Self::Act,
        Self::Frame,
    ];
}

/// One feature of a ticket.
#[derive(Debug, Clone, PartialEq)]
pub struct Feature {
    /// Hash of what it is.
    pub key: u32,
    /// What it is made of.
    pub kind: Kind,
    /// How strong it is; 1 for what is simply there.
    pub value: f32,
    /// Where it stands, if it stands somewhere: the part, and bytes of the part's text.
    pub place: Option<(Field, Range<usize>)>,
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
pub fn features(seen: &Seen<'_>, taxonomy: &Taxonomy, lexicon: &Lexicon<'_>) -> Vec<Feature> {
    let mut list = List::default();
    let mut last: Option<Last<'_>> = None;
    let mut acts = Acts::default();
    for part in &seen.prose.parts {
        match part.field {
            Field::Title | Field::Body => {
                let here = read_part(part, (seen, lexicon), &mut acts, &mut list);
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
        predicate(&last, &mut list);
    }
    acts.tell(seen, taxonomy, &mut list);
    for entity in seen.entities {
        list.add(Kind::Thing, 1, entity.kind.name(), None);
    }
    shape(seen, &mut list);
    rules(seen, taxonomy, &mut list);
    list.finish()
}

#[derive(Default)]
struct List(Vec<Feature>);

impl List {
    fn add(&mut self, kind: Kind, tag: u8, text: &str, place: Option<(Field, Range<usize>)>) {
        self.push(kind, 1.0, hash(kind, tag, &[text]), place);
    }

    fn push(&mut self, kind: Kind, value: f32, key: u32, place: Option<(Field, Range<usize>)>) {
        self.0.push(Feature {
            key,
            kind,
            value,
            place,
        });
    }

    /// The features by key, of each key the first.
    fn finish(self) -> Vec<Feature> {
        // A ticket has a thousand features: their keys with their places are sorted, a fifth of the bytes.
        let at = |at: usize| u64::from(u32::try_from(at).unwrap_or(u32::MAX));
        let keys = self.0.iter().enumerate();
        let mut order: Vec<u64> = keys
            .map(|(place, feature)| u64::from(feature.key) << 32 | at(place))
            .collect();
        order.sort_unstable();
        order.dedup_by_key(|packed| *packed >> 32);
        let place = |packed: u64| (packed & u64::from(u32::MAX)) as usize;
        order
            .into_iter()
            .filter_map(|packed| self.0.get(place(packed)).cloned())
            .collect()
    }
}

/// Hashes what a feature is, by FNV-1a with a last stir, to 32 bits.
///
/// Of the 50,000 features of the examples a handful share a hash; the weights of such pairs are learnt for both.
fn hash(kind: Kind, tag: u8, texts: &[&str]) -> u32 {
    const PRIME: u64 = 0x0100_0000_01b3;
    let mut state: u64 = 0xcbf2_9ce4_8422_2325;
    let mut eat = |byte: u8| state = (state ^ u64::from(byte)).wrapping_mul(PRIME);
    eat(kind as u8);
    eat(tag);
    for text in texts {
        text.bytes().for_each(&mut eat);
        eat(0xff);
    }
    state ^= state >> 32;
    state = state.wrapping_mul(0x9e37_79b9_7f4a_7c15);
    u32::try_from(state >> 32).unwrap_or_default()
}

/// The words of the clause that asks last.
struct Last<'a> {
    field: Field,
    tokens: Vec<Token<'a>>,
    asks: bool,
}

/// Reads title or body; returns its last request, else its last statement.
fn read_part<'a>(
    part: &'a Part,
    (seen, lexicon): (&Seen<'a>, &Lexicon<'_>),
    acts: &mut Acts,
    list: &mut List,
) -> Option<Last<'a>> {
    let mut last: Option<Last<'a>> = None;
    for stretch in &part.stretches {
        let entities = within(stretch, seen);
        for clause in part.clauses_in(&stretch.range) {
            let text = &part.text[clause.range.clone()];
            let deed = Deed::of(clause.role, stretch.factor, seen.prose.asks(), text);
            let tokens = tokens::tokens(&part.text, &clause.range, &entities);
            words(part, deed, &tokens, list);
            let named = concepts(part, deed, &clause.range, lexicon, list);
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

/// What a clause does for the ticket, with what its form field is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Deed {
    /// Leads: it asks, or the ticket asks for nothing and this is what it says.
    Leads(Act),
    AsksEarlier,
    /// Asks for something on top of what was asked before.
    AsksMore,
    /// States something beside what is asked for.
    States(Act),
    Explains,
    Concedes,
    Reports,
    Denies,
    /// An answer that says where, who or when; a quote.
    Aside,
}

impl Deed {
    fn of(role: Role, factor: f64, asks: bool, clause: &str) -> Self {
        match role {
            _ if factor < 0.35 => Self::Aside,
            _ if factor < 0.45 => Self::Explains,
            Role::Request => Self::Leads(act::act(clause).min(Act::Order)),
            Role::EarlierRequest => Self::AsksEarlier,
            Role::FurtherRequest => Self::AsksMore,
            Role::Statement => match act::act(clause) {
                act if act <= Act::Order || !asks => Self::Leads(act),
                act => Self::States(act),
            },
            Role::Reason => Self::Explains,
            Role::Concession => Self::Concedes,
            Role::Done if asks => Self::Reports,
            Role::Done => Self::Leads(act::act(clause).max(Act::Tell)),
            Role::Negated => Self::Denies,
        }
    }

    fn asks(self) -> bool {
        matches!(self, Self::Leads(act) if act <= Act::Order)
    }

    fn states(self) -> bool {
        matches!(self, Self::Leads(_) | Self::States(_))
    }

    /// Says whether its words are not what the ticket is about: denied, tried in vain, somebody else's, asked for on top.
    fn is_beside(self) -> bool {
        matches!(self, Self::Denies | Self::Concedes | Self::Aside | Self::AsksMore)
    }

    /// A number of its own for each deed.
    fn tag(self) -> u8 {
        match self {
            Self::AsksEarlier => 1,
            Self::AsksMore => 2,
            Self::Explains => 3,
            Self::Concedes => 4,
            Self::Reports => 5,
            Self::Denies => 6,
            Self::Aside => 7,
            Self::States(act) => 10 + act as u8,
            Self::Leads(act) => 30 + act as u8,
        }
    }
}

/// What the leading clauses of a ticket want, and of what.
#[derive(Default)]
struct Acts {
    /// Act and concepts of each leading clause, in order.
    leading: Vec<(Field, Act, Vec<String>)>,
    /// Whether something is complained of, if only beside what is asked for.
    suffers: bool,
}

impl Acts {
    fn hear(&mut self, field: Field, deed: Deed, concepts: Vec<String>) {
        match deed {
            Deed::Leads(act) => {
                self.suffers |= act == Act::Suffer;
                self.leading.push((field, act, concepts));
            }
            Deed::States(act) => self.suffers |= act == Act::Suffer,
            _ => {}
        }
    }

    /// The last clause that asks; else the last that complains, tells or says.
    fn main(&self) -> Option<&(Field, Act, Vec<String>)> {
        let last = |wanted: &dyn Fn(Act) -> bool| self.leading.iter().rev().find(|(_, act, _)| wanted(*act));
        last(&|act| act <= Act::Order)
            .or_else(|| last(&|act| act == Act::Suffer))
            .or_else(|| last(&|act| act == Act::Tell))
            .or_else(|| last(&|_| true))
    }

    fn tell(&self, seen: &Seen<'_>, taxonomy: &Taxonomy, list: &mut List) {
        for (field, act, _) in &self.leading {
            list.add(Kind::Act, *act as u8, field.as_str(), None);
        }
        let Some((_, main, concepts)) = self.main() else {
            return;
        };
        let main = *main as u8;
        list.add(Kind::Act, 32 + main, "", None);
        let suffers = if self.suffers { "suffers" } else { "" };
        list.add(Kind::Act, 64 + main, suffers, None);
        let titled = self
            .leading
            .iter()
            .rev()
            .find(|(field, ..)| *field == Field::Title);
        if let Some((_, act, _)) = titled {
            list.push(
                Kind::Act,
                1.0,
                hash(Kind::Act, 96 + main, &[&(*act as u8).to_string()]),
                None,
            );
        }
        let named = concepts
            .iter()
            .chain(titled.iter().flat_map(|(_, _, named)| named));
        for concept in named {
            list.add(Kind::Frame, main, concept, None);
            list.push(
                Kind::Frame,
                1.0,
                hash(Kind::Frame, 32 + main, &[concept, suffers]),
                None,
            );
        }
        for (at, one) in concepts.iter().enumerate() {
            for other in &concepts[at + 1..] {
                list.push(Kind::Frame, 1.0, hash(Kind::Frame, 64, &[one, other]), None);
            }
        }
        if let Some(best) = seen.verdict.best {
            let best = &taxonomy.patterns[best.pattern].id;
            list.push(Kind::Frame, 1.0, hash(Kind::Frame, 96 + main, &[best]), None);
            if seen.verdict.sure {
                list.push(Kind::Frame, 1.0, hash(Kind::Frame, 128 + main, &[best]), None);
            }
        }
        for (pattern, score) in taxonomy.patterns.iter().zip(&seen.verdict.scores) {
            if *score > 0.0 {
                list.push(
                    Kind::Score,
                    points(*score),
                    hash(Kind::Score, 32 + main, &[&pattern.id]),
                    None,
                );
            }
        }
    }
}

fn words(part: &Part, deed: Deed, tokens: &[Token<'_>], list: &mut List) {
    let place = |range: &Range<usize>| Some((part.field, range.clone()));
    for token in tokens {
        list.add(Kind::Acting, deed.tag(), token.text, place(&token.range));
        if deed.is_beside() {
            continue;
        }
        list.add(Kind::Word, 0, token.text, place(&token.range));
        if part.field == Field::Title {
            list.add(Kind::Title, 0, token.text, place(&token.range));
        }
        tokens::grams(token, |tag, gram| {
            list.add(Kind::Gram, tag, gram, place(&token.range));
            list.add(Kind::Acting, 64 + deed.tag(), gram, place(&token.range));
        });
    }
    if deed.is_beside() {
        return;
    }
    for pair in tokens.windows(2) {
        let range = pair[0].range.start..pair[1].range.end;
        let key = hash(Kind::Pair, 0, &[pair[0].text, pair[1].text]);
        list.push(Kind::Pair, 1.0, key, place(&range));
    }
}

/// Adds the concepts of a clause and returns their ids, each once, sorted.
fn concepts(
    part: &Part,
    deed: Deed,
    clause: &Range<usize>,
    lexicon: &Lexicon<'_>,
    list: &mut List,
) -> Vec<String> {
    let mut named = BTreeSet::new();
    lexicon.each(&part.text[clause.clone()], |concept, range| {
        let range = clause.start + range.start..clause.start + range.end;
        list.add(
            Kind::Concept,
            deed.tag() + 1,
            concept,
            Some((part.field, range.clone())),
        );
        if !matches!(deed, Deed::Denies | Deed::AsksMore) {
            list.add(Kind::Concept, 0, concept, Some((part.field, range)));
        }
        named.insert(concept.to_owned());
    });
    named.into_iter().collect()
}

/// The last words of the last request: 権限を付けて gives 付けて, 権限を, and both together.
fn predicate(last: &Last<'_>, list: &mut List) {
    let place = |range: &Range<usize>| Some((last.field, range.clone()));
    let mut content = last
        .tokens
        .iter()
        .enumerate()
        .rev()
        .filter(|(_, t)| t.is_content());
    let Some((at, verb)) = content.next() else { return };
    list.add(Kind::Predicate, 0, verb.text, place(&verb.range));
    if let Some(ending) = last.tokens.get(at + 1) {
        let key = hash(Kind::Predicate, 1, &[verb.text, ending.text]);
        list.push(Kind::Predicate, 1.0, key, place(&verb.range));
        list.add(Kind::Predicate, 2, ending.text, place(&ending.range));
    }
    for (nth, (_, object)) in content.take(2).enumerate() {
        let tag = if nth == 0 { 3 } else { 4 };
        list.add(Kind::Predicate, tag, object.text, place(&object.range));
        let key = hash(Kind::Predicate, tag + 2, &[object.text, verb.text]);
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
        list.add(Kind::Thing, 2, token.text, Some((part.field, token.range)));
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

/// Points of the rules that count as one.
const POINTS: f64 = 8.0;

fn rules(seen: &Seen<'_>, taxonomy: &Taxonomy, list: &mut List) {
    for vote in &seen.votes.votes {
        list.add(
            Kind::Cue,
            u8::from(vote.points < 0.0),
            vote.cue,
            Some((vote.field, vote.range.clone())),
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

/// The points of the rules as the strength of a feature.
#[expect(clippy::cast_possible_truncation, reason = "points are small numbers")]
fn points(score: f64) -> f32 {
    (score / POINTS).min(2.0) as f32
}

/// The feature that carries the points of a pattern.
#[must_use]
pub fn score_key(pattern: &str) -> u32 {
    hash(Kind::Score, 0, &[pattern])
}

/// Turns features into the row that weights are multiplied with, in the order of the features.
///
/// Features of one kind share their strength, by the fourth root of their number: a long ticket is louder than a short
/// one, but not as much as it is longer. Only the points of the rules count as they are. Shares and root were chosen by
/// cross-validation by hand (docs/accuracy.md).
#[must_use]
pub fn row(features: &[Feature]) -> Vec<(u32, f64)> {
    let mut counts = [0_u32; Kind::ALL.len()];
    for feature in features {
        counts[feature.kind as usize] += 1;
    }
    let strength = |feature: &Feature| match feature.kind {
        Kind::Score => share(feature.kind) * f64::from(feature.value),
        kind => share(kind) / f64::from(counts[kind as usize]).sqrt().sqrt(),
    };
    features
        .iter()
        .map(|feature| (feature.key, strength(feature)))
        .collect()
}

/// What all features of a kind weigh together.
fn share(kind: Kind) -> f64 {
    match kind {
        Kind::Word => 1.5,
        Kind::Gram
        | Kind::Acting
        | Kind::Concept
        | Kind::Cue
        | Kind::Score
        | Kind::Shape
        | Kind::Act
        | Kind::Frame => 1.0,
        Kind::Predicate => 0.7,
        Kind::Title | Kind::Thing => 0.5,
        Kind::Pair => 0.3,
    }
}
