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
    /// Of those, tickets in which a cue for another pattern spoke in the same clause; `None` for what is not for a
    /// pattern.
    pub conflict: Option<usize>,
    /// Of those, tickets that the rules alone would give to another pattern without it; `None` for what shows that a
    /// ticket is no request, which is decided apart.
    pub decides: Option<usize>,
    /// Of those, tickets whose answer is known.
    pub judged: usize,
    /// Of those, tickets of which it spoke rightly: for their pattern, or against a pattern or sub-pattern that they are
    /// not of.
    pub right: usize,
    /// Of those it spoke in, tickets whose sub-pattern is known; `None` if it is no cue of a sub-pattern.
    pub sub_judged: Option<usize>,
    /// Of those, tickets of which it spoke rightly.
    pub sub_right: Option<usize>,
}

/// Two cues for different patterns that spoke in the same clause.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Quarrel {
    /// Places of the two in [`Audit::cues`].
    pub between: (usize, usize),
    /// In how many tickets.
    pub tickets: usize,
    /// In how many of those the answer is known.
    pub judged: usize,
    /// For how many of these the first was right, the second, and neither.
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
            count(
                &mut of.conflict,
                pairs.iter().any(|(one, other)| one == at || other == at),
            );
            count(&mut of.decides, voiced.iter().any(|one| one.decides));
            of.judged += usize::from(right[at].is_some());
            of.right += usize::from(right[at] == Some(true));
            count(&mut of.sub_judged, sub.is_some());
            count(&mut of.sub_right, sub == Some(true));
        }
        for pair in pairs {
            let quarrel = quarrels.entry(pair).or_insert(Quarrel {
                between: pair,
                tickets: 0,
                judged: 0,
                right: (0, 0, 0),
                example: ticket,
            });
            quarrel.tickets += 1;
            if let (Some(one), Some(other)) = (right[&pair.0], right[&pair.1]) {
                quarrel.judged += 1;
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

/// Counts what can be counted for a cue.
fn count(of: &mut Option<usize>, holds: bool) {
    if let Some(count) = of {
        *count += usize::from(holds);
    }
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
///
/// What speaks for a sub-pattern speaks for its pattern too. What speaks against a sub-pattern says nothing against its
/// pattern: "not this kind of invitation" is right of every other invitation.
fn is_right(taxonomy: &Taxonomy, voice: Voice, against: bool, answer: &Answer) -> Option<bool> {
    match pattern_of(voice) {
        Some(_) if answer.patterns.is_empty() => None,
        Some(at) => {
            let of_pattern = answer.patterns.contains(&taxonomy.patterns[at].id);
            match voice {
                Voice::Sub(..) if against && of_pattern => is_sub_right(taxonomy, voice, against, answer),
                _ => Some(of_pattern != against),
            }
        }
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
        let of_sub = matches!(voice, Voice::Sub(..));
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
                    conflict: (!against && pattern_of(voice).is_some()).then_some(0),
                    decides: pattern_of(voice).map(|_| 0),
                    judged: 0,
                    right: 0,
                    sub_judged: of_sub.then_some(0),
                    sub_right: of_sub.then_some(0),
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

#[cfg(test)]
mod tests {
    use super::{Answer, Audit, Spoken, audit};
    use crate::classify::prose::Field;
    use crate::classify::rules::Voice;
    use crate::taxonomy::Taxonomy;

    const TAXONOMY: &str = r#"
schema_version = 1
version = "1"
[[exclude]]
reason = "test"
cues = [{ re = 'probe', w = 4.0, id = "probe" }]
[[pattern]]
id = "one"
ja = "一"
en = "One"
priority = 1
cues = [{ re = 'alpha', w = 3.0, id = "for" }]
negative = [{ re = 'gamma', w = 3.0, id = "not" }]
[[pattern.sub]]
id = "one.a"
ja = "一a"
en = "One a"
risk = 1
cues = [{ re = 'beta', w = 1.0, id = "for a" }]
negative = [{ re = 'delta', w = 1.0, id = "not a" }]
[[pattern]]
id = "other"
ja = "他"
en = "Other"
priority = 9
"#;

    fn spoke(voice: Voice, cue: &str) -> Vec<Spoken> {
        vec![Spoken {
            voice,
            cue: cue.to_owned(),
            points: 1.0,
            clause: (Field::Title, 0),
            decides: false,
        }]
    }

    fn answer(pattern: &str, subpattern: Option<&str>) -> Answer {
        Answer {
            patterns: vec![pattern.to_owned()],
            subpattern: subpattern.map(str::to_owned),
            excluded: None,
        }
    }

    fn judged(found: &Audit<'_>, cue: &str) -> (usize, usize) {
        let of = found.cues.iter().find(|of| of.cue == cue).expect("it is listed");
        (of.judged, of.right)
    }

    #[test]
    fn what_speaks_against_a_sub_pattern_is_judged_by_the_sub_pattern() {
        let taxonomy = Taxonomy::parse("t", TAXONOMY).expect("valid");
        let answers = [
            answer("one", Some("one.b")),
            answer("one", Some("one.a")),
            answer("one", None),
            answer("other", None),
            Answer::default(),
        ];
        let against = |voice, cue: &str| {
            let heard: Vec<Vec<Spoken>> = answers.iter().map(|_| spoke(voice, cue)).collect();
            judged(&audit(&taxonomy, &heard, &answers), cue)
        };
        // Right of one.b and of another pattern, wrong of one.a, and nobody knows of a ticket without a sub-pattern.
        assert_eq!(against(Voice::Sub(0, 0), "not a"), (3, 2));
        assert_eq!(against(Voice::Pattern(0), "not"), (4, 1));
        assert_eq!(against(Voice::Sub(0, 0), "for a"), (4, 3));
    }

    #[test]
    fn what_cannot_be_counted_is_not_zero() {
        let taxonomy = Taxonomy::parse("t", TAXONOMY).expect("valid");
        let found = audit(&taxonomy, &[], &[]);
        let of = |cue: &str| {
            let of = found.cues.iter().find(|of| of.cue == cue).expect("it is listed");
            (of.conflict, of.decides, of.sub_judged)
        };
        assert_eq!(of("for"), (Some(0), Some(0), None));
        assert_eq!(of("not a"), (None, Some(0), Some(0)));
        assert_eq!(of("probe"), (None, None, None));
    }
}
