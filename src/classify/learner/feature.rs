//! A feature: what it is by a hash, what it is made of, how strong it is and where it stands.

use std::ops::Range;

use crate::classify::prose::Field;

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
    /// What an English clause orders, and of what.
    Phrase,
    /// The same by the kinds of its words.
    Class,
    /// An area of work that no pattern is about.
    Notion,
}

impl Kind {
    /// Every kind, in order.
    pub const ALL: [Self; 16] = [
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
        Self::Phrase,
        Self::Class,
        Self::Notion,
    ];
}

/// One feature of a ticket.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Feature {
    /// Hash of what it is.
    pub key: u32,
    /// What it is made of.
    pub kind: Kind,
    /// How strong it is; 1 for what is simply there.
    pub value: f32,
    /// Where it stands, if it stands somewhere.
    pub place: Option<Place>,
}

/// Where a feature stands. Small, since a ticket has a thousand features.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Place {
    /// The part of the ticket.
    pub field: Field,
    start: u32,
    end: u32,
}

impl Place {
    /// Makes the place of bytes of the text of a part.
    #[must_use]
    pub fn new(field: Field, range: &Range<usize>) -> Self {
        let small = |at: usize| u32::try_from(at).unwrap_or(u32::MAX);
        Self {
            field,
            start: small(range.start),
            end: small(range.end),
        }
    }

    /// Returns the bytes of the part's text.
    #[must_use]
    pub fn range(&self) -> Range<usize> {
        self.start as usize..self.end as usize
    }

    /// A number that rises by part, start and end.
    pub(super) fn in_order(&self) -> u128 {
        u128::from(self.field as u8) << 64 | u128::from(self.start) << 32 | u128::from(self.end)
    }
}

/// The features of a ticket as they are found.
#[derive(Default)]
pub(super) struct List(Vec<Feature>);

impl List {
    pub(super) fn add(&mut self, kind: Kind, tag: u8, text: &str, place: Option<Place>) {
        self.push(kind, 1.0, hash(kind, tag, &[text]), place);
    }

    pub(super) fn push(&mut self, kind: Kind, value: f32, key: u32, place: Option<Place>) {
        self.0.push(Feature {
            key,
            kind,
            value,
            place,
        });
    }

    /// The features by key, of each key the first.
    pub(super) fn finish(self) -> Vec<Feature> {
        // A ticket has a thousand features: their keys with their places are sorted, a fifth of the bytes.
        let at = |at: usize| u64::from(u32::try_from(at).unwrap_or(u32::MAX));
        let keys = self.0.iter().enumerate();
        let mut order: Vec<u64> = keys
            .map(|(place, feature)| u64::from(feature.key) << 32 | at(place))
            .collect();
        order.sort_unstable();
        order.dedup_by_key(|packed| *packed >> 32);
        let place = |packed: u64| (packed & u64::from(u32::MAX)) as usize;
        order.into_iter().map(|packed| self.0[place(packed)]).collect()
    }
}

/// Hashes what a feature is, by FNV-1a with a last stir, to 32 bits.
///
/// Of the 50,000 features of the examples a handful share a hash; the weights of such pairs are learnt for both.
pub(super) fn hash(kind: Kind, tag: u8, texts: &[&str]) -> u32 {
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

/// Points of the rules that count as one.
const POINTS: f64 = 8.0;

/// The points of the rules as the strength of a feature.
#[expect(clippy::cast_possible_truncation, reason = "points are small numbers")]
pub(super) fn points(score: f64) -> f32 {
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
    let of_kind = Kind::ALL.map(|kind| share(kind) / f64::from(counts[kind as usize]).sqrt().sqrt());
    let strength = |feature: &Feature| match feature.kind {
        Kind::Score => share(feature.kind) * f64::from(feature.value),
        kind => of_kind[kind as usize],
    };
    features
        .iter()
        .map(|feature| (feature.key, strength(feature)))
        .collect()
}

/// What all features of a kind weigh together.
fn share(kind: Kind) -> f64 {
    match kind {
        Kind::Word => 3.5,
        Kind::Pair | Kind::Title => 2.2,
        Kind::Acting => 1.5,
        Kind::Phrase => 1.2,
        Kind::Gram | Kind::Shape | Kind::Class | Kind::Cue | Kind::Score => 1.0,
        Kind::Predicate => 0.8,
        Kind::Notion => 0.7,
        Kind::Concept | Kind::Act | Kind::Frame => 0.6,
        Kind::Thing => 0.5,
    }
}
