//! How each cue of a taxonomy does on real tickets: whether it ever speaks, with whom, against whom, and how often it
//! is right.
//!
//! The table by which labelling functions are usually judged (coverage, overlap, conflict, precision: Ratner et al.,
//! Snorkel, 2017), with one difference: two cues for different patterns are in conflict only if they speak in the same
//! clause. In different clauses they hear different things, and telling these apart is the engine's work.

use std::collections::{BTreeMap, BTreeSet};

use crate::classify::decide;
use crate::classify::prose::{Field, Prose};
use crate::classify::reader::{self, Reader};
use crate::classify::rules::{Voice, Vote, Votes};
use crate::taxonomy::{Cue, Taxonomy};
use crate::text::Document;
use crate::ticket::Ticket;

/// A cue that spoke in a ticket.
#[derive(Debug, Clone, PartialEq)]
pub struct Spoken {
    /// For or against whom.
    pub voice: Voice,
    /// Its id.
    pub cue: String,
    /// What it added; negative if it spoke against.
    pub points: f64,
    /// The clause it spoke in: the part, and where in it the clause begins.
    pub clause: (Field, usize),
    /// Whether the rules alone would choose another pattern without it.
    pub decides: bool,
}

impl Reader<'_> {
    /// Tells which cues spoke in a ticket, in the order of the taxonomy.
    pub(super) fn hear(&self, ticket: &Ticket) -> Vec<Spoken> {
        let taxonomy = self.rules.taxonomy();
        let document = Document::read(&reader::parts(ticket), &self.boilerplate);
        let prose = Prose::read(&document, &taxonomy.engine);
        let votes = self.rules.read(&prose);
        let best = |votes: &Votes<'_>| decide::decide(votes, taxonomy).best.map(|best| best.pattern);
        let whole = best(&votes);
        let decides = |vote: &Vote<'_>| {
            let mut others = votes.clone();
            others.votes.retain(|other| other.cue != vote.cue);
            best(&others) != whole
        };
        votes
            .votes
            .iter()
            .filter(|vote| !matches!(vote.voice, Voice::System(_)))
            .map(|vote| Spoken {
                voice: vote.voice,
                cue: vote.cue.to_owned(),
                points: vote.points,
                clause: (vote.field, clause_start(&prose, vote)),
                decides: !matches!(vote.voice, Voice::Exclude(_)) && decides(vote),
            })
            .collect()
    }
}

/// Where the clause begins in which a cue spoke: the one that holds the last byte of its words.
fn clause_start(prose: &Prose, vote: &Vote<'_>) -> usize {
    let last = vote.range.end.saturating_sub(1);
    let Some(part) = prose.parts.iter().find(|part| part.field == vote.field) else {
        return vote.range.start;
    };
    let whole = 0..part.text.len();
    let mut clauses = part.clauses_in(&whole);
    let holding = clauses.find(|clause| clause.range.contains(&last));
    holding.map_or(vote.range.start, |clause| clause.range.start)
}

/// What is known of the right answer of a ticket.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Answer {
    /// Ids of the patterns that are right; empty where nobody said.
    pub patterns: Vec<String>,
    /// Id of the sub-pattern that is right, where that is known.
    pub subpattern: Option<String>,
    /// Whether it is no request; `None` where nobody said.
    pub excluded: Option<bool>,
}

/// How one cue does.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OfCue<'t> {
    /// The cue.
    pub cue: &'t str,
    /// Id of what it speaks for or against.
    pub target: &'t str,
    /// Whether it speaks against.
    pub against: bool,
    /// Its regex.
    pub source: &'t str,
    /// Tickets in which it spoke.
    pub tickets: usize,
    /// Of those, tickets in which another cue of the same pattern spoke in the same sense.
    pub overlap: usize,
    /// Of those, tickets in which a cue for another pattern spoke in the same clause; 0 for what speaks against.
    pub conflict: usize,
    /// Of those, tickets that the rules alone would give to another pattern without it.
    pub decides: usize,
    /// Of those, tickets whose answer is known.
    pub judged: usize,
    /// Of those, tickets of which it spoke rightly: for their pattern, or against another one.
    pub right: usize,
    /// Of those, tickets whose sub-pattern is known, if the cue is one of a sub-pattern.
    pub sub_judged: usize,
    /// Of those, tickets of which it spoke rightly.
    pub sub_right: usize,
}

/// Two cues for different patterns that spoke in the same clause.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Quarrel {
    /// Places of the two in [`Audit::cues`].
    pub between: (usize, usize),
    /// In how many tickets.
    pub tickets: usize,
    /// For how many tickets with a known answer the first was right, the second, and neither.
    pub right: (usize, usize, usize),
    /// Place of the first such ticket.
    pub example: usize,
}

/// How all cues of a taxonomy do on tickets.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Audit<'t> {
    /// Every cue, in the order of the taxonomy.
    pub cues: Vec<OfCue<'t>>,
    /// Pairs in conflict, the most frequent first, then in the order of the taxonomy.
    pub quarrels: Vec<Quarrel>,
}

/// Judges every cue by what was heard in tickets and, where it is known, by their answers; all in the same order.
#[must_use]
pub fn audit<'t>(taxonomy: &'t Taxonomy, heard: &[Vec<Spoken>], answers: &[Answer]) -> Audit<'t> {
    let listed = listed(taxonomy);
    let places: BTreeMap<(Voice, &str), usize> = listed
        .iter()
        .enumerate()
        .map(|(at, (voice, of))| ((*voice, of.cue), at))
        .collect();
    let (voices, mut cues): (Vec<Voice>, Vec<OfCue<'t>>) = listed.into_iter().unzip();
    let mut quarrels: BTreeMap<(usize, usize), Quarrel> = BTreeMap::new();
    for (ticket, (spoken, answer)) in heard.iter().zip(answers).enumerate() {
        let mut here: BTreeMap<usize, Vec<&Spoken>> = BTreeMap::new();
        for one in spoken {
            if let Some(at) = places.get(&(one.voice, one.cue.as_str())) {
                here.entry(*at).or_default().push(one);
            }
        }
        let right: BTreeMap<usize, Option<bool>> = here
            .keys()
            .map(|at| (*at, is_right(taxonomy, voices[*at], cues[*at].against, answer)))
            .collect();
        let pairs = conflicts(&here, &voices, &cues);
        for (at, voiced) in &here {
            let alike = here.keys().any(|other| {
                other != at
                    && pattern_of(voices[*other]) == pattern_of(voices[*at])
                    && cues[*other].against == cues[*at].against
            });
            let sub = is_sub_right(taxonomy, voices[*at], cues[*at].against, answer);
            let of = &mut cues[*at];
            of.tickets += 1;
            of.overlap += usize::from(alike);
            of.conflict += usize::from(pairs.iter().any(|(one, other)| one == at || other == at));
            of.decides += usize::from(voiced.iter().any(|one| one.decides));
            of.judged += usize::from(right[at].is_some());
            of.right += usize::from(right[at] == Some(true));
            of.sub_judged += usize::from(sub.is_some());
            of.sub_right += usize::from(sub == Some(true));
        }
        for pair in pairs {
            let quarrel = quarrels.entry(pair).or_insert(Quarrel {
                between: pair,
                tickets: 0,
                right: (0, 0, 0),
                example: ticket,
            });
            quarrel.tickets += 1;
            if let (Some(one), Some(other)) = (right[&pair.0], right[&pair.1]) {
                quarrel.right.0 += usize::from(one);
                quarrel.right.1 += usize::from(other);
                quarrel.right.2 += usize::from(!one && !other);
            }
        }
    }
    let mut quarrels: Vec<Quarrel> = quarrels.into_values().collect();
    quarrels.sort_by(|a, b| b.tickets.cmp(&a.tickets).then(a.between.cmp(&b.between)));
    Audit { cues, quarrels }
}

/// Pairs of cues for different patterns that speak in the same clause of one ticket.
fn conflicts(
    here: &BTreeMap<usize, Vec<&Spoken>>,
    voices: &[Voice],
    cues: &[OfCue<'_>],
) -> BTreeSet<(usize, usize)> {
    let mut by_clause: BTreeMap<(Field, usize), BTreeSet<usize>> = BTreeMap::new();
    for (at, spoken) in here {
        if !cues[*at].against && pattern_of(voices[*at]).is_some() {
            for one in spoken {
                by_clause.entry(one.clause).or_default().insert(*at);
            }
        }
    }
    let mut pairs = BTreeSet::new();
    for together in by_clause.values() {
        for one in together {
            let others = together.range(one + 1..);
            let differs = |other: &&usize| pattern_of(voices[**other]) != pattern_of(voices[*one]);
            pairs.extend(others.filter(differs).map(|other| (*one, *other)));
        }
    }
    pairs
}

fn pattern_of(voice: Voice) -> Option<usize> {
    match voice {
        Voice::Pattern(at) | Voice::Sub(at, _) => Some(at),
        Voice::Exclude(_) | Voice::System(_) => None,
    }
}

/// Whether a cue spoke rightly of a ticket; `None` if the answer is not known.
fn is_right(taxonomy: &Taxonomy, voice: Voice, against: bool, answer: &Answer) -> Option<bool> {
    match pattern_of(voice) {
        Some(_) if answer.patterns.is_empty() => None,
        Some(at) => Some(answer.patterns.contains(&taxonomy.patterns[at].id) != against),
        None => answer.excluded,
    }
}

/// Whether a cue of a sub-pattern spoke rightly of it; `None` if it is none, or the answer is not known.
fn is_sub_right(taxonomy: &Taxonomy, voice: Voice, against: bool, answer: &Answer) -> Option<bool> {
    let Voice::Sub(at, sub) = voice else { return None };
    let right = answer.subpattern.as_ref()?;
    Some((*right == taxonomy.patterns[at].subs[sub].id) != against)
}

/// Every cue of a taxonomy in its order, nothing counted yet.
fn listed(taxonomy: &Taxonomy) -> Vec<(Voice, OfCue<'_>)> {
    fn push<'t>(
        voice: Voice,
        target: &'t str,
        cues: (&'t [Cue], &'t [Cue]),
        out: &mut Vec<(Voice, OfCue<'t>)>,
    ) {
        let sides = [(cues.0, false), (cues.1, true)];
        for (cue, against) in sides
            .iter()
            .flat_map(|(cues, against)| cues.iter().map(|cue| (cue, *against)))
        {
            out.push((
                voice,
                OfCue {
                    cue: &cue.id,
                    target,
                    against,
                    source: cue.pattern.source(),
                    tickets: 0,
                    overlap: 0,
                    conflict: 0,
                    decides: 0,
                    judged: 0,
                    right: 0,
                    sub_judged: 0,
                    sub_right: 0,
                },
            ));
        }
    }
    let mut out = Vec::new();
    for (at, pattern) in taxonomy.patterns.iter().enumerate() {
        push(
            Voice::Pattern(at),
            &pattern.id,
            (&pattern.cues, &pattern.negative),
            &mut out,
        );
        for (sub_at, sub) in pattern.subs.iter().enumerate() {
            push(
                Voice::Sub(at, sub_at),
                &sub.id,
                (&sub.cues, &sub.negative),
                &mut out,
            );
        }
    }
    for (at, rule) in taxonomy.exclusions.iter().enumerate() {
        push(
            Voice::Exclude(at),
            rule.reason.as_str(),
            (&rule.cues, &[]),
            &mut out,
        );
    }
    out
}
