//! The rules pass: every cue of the taxonomy that speaks in a ticket votes, and the votes are added up.
//!
//! A cue counts once per part of a ticket, with the weight of the best clause it is found in. Cues of one family
//! are synonyms and their sum is capped, so five words for "grant" are not five witnesses. Votes are added and
//! subtracted, never vetoed: one bad regex must not be fatal. What the sums mean is decided in
//! [`decide`](crate::classify::decide).

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

use aho_corasick::{AhoCorasick, MatchKind};

use crate::classify::prose::{Field, Part, Prose};
use crate::taxonomy::{Cue, CuePattern, Exclusion, Pattern, Scope, SubPattern, Taxonomy};

/// The rules of a taxonomy, made ready to read many tickets.
pub struct Rules<'t> {
    taxonomy: &'t Taxonomy,
    rules: Vec<Rule<'t>>,
    gate: Gate,
    /// The most that any place of a ticket can count.
    loudest: f64,
}

/// For whom a rule speaks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Voice {
    /// For or against a pattern, by its place in the taxonomy.
    Pattern(usize),
    /// For or against a sub-pattern, by the places of its pattern and its own.
    Sub(usize, usize),
    /// For leaving the ticket out, by the place of the rule.
    Exclude(usize),
    /// For a system being named, by its place.
    System(usize),
}

struct Rule<'t> {
    voice: Voice,
    /// Id of the cue; empty for the alias of a system.
    id: &'t str,
    pattern: &'t CuePattern,
    /// Positive for, negative against.
    weight: f64,
    family: Option<&'t str>,
    scope: Scope,
}

/// A cue that spoke: for whom, how loud, and where in the ticket.
#[derive(Debug, Clone, PartialEq)]
pub struct Vote<'t> {
    /// For whom it spoke.
    pub voice: Voice,
    /// Id of the cue.
    pub cue: &'t str,
    /// What it added; negative if it spoke against.
    pub points: f64,
    family: Option<&'t str>,
    /// The part of the ticket in which it spoke loudest.
    pub field: Field,
    /// Where in the part's text.
    pub range: Range<usize>,
}

/// Everything the rules found in one ticket.
#[derive(Debug, Clone)]
pub struct Votes<'t> {
    /// Votes for and against patterns, sub-patterns and exclusions, in the order of the taxonomy and the parts.
    pub votes: Vec<Vote<'t>>,
    /// Systems that the ticket names, by their places in the taxonomy.
    pub systems: BTreeSet<usize>,
}

impl<'t> Rules<'t> {
    /// Makes the rules of a taxonomy ready. Regexes are built when a ticket first needs them.
    #[must_use]
    pub fn new(taxonomy: &'t Taxonomy) -> Self {
        let rules = flatten(taxonomy);
        let gate = Gate::new(&rules);
        Self {
            taxonomy,
            rules,
            gate,
            loudest: taxonomy.engine.clause_weight.loudest(),
        }
    }

    /// Returns the taxonomy that the rules come from.
    #[must_use]
    pub fn taxonomy(&self) -> &'t Taxonomy {
        self.taxonomy
    }

    /// Lets every cue read a ticket.
    #[must_use]
    pub fn read(&self, prose: &Prose) -> Votes<'t> {
        let mut found = Votes {
            votes: Vec::new(),
            systems: BTreeSet::new(),
        };
        for part in &prose.parts {
            let open = self.gate.open(&part.text);
            for lines in open.chunk_by(|one, other| one.rule == other.rule) {
                self.hear(&self.rules[lines[0].rule], part, lines, prose, &mut found);
            }
        }
        found
            .votes
            .sort_by(|a, b| (a.voice, a.cue, a.field).cmp(&(b.voice, b.cue, b.field)));
        found
    }

    fn hear(&self, rule: &Rule<'t>, part: &Part, lines: &[Opening], prose: &Prose, found: &mut Votes<'t>) {
        let listens = match rule.scope {
            Scope::Any => part.field != Field::Code,
            Scope::Title => part.field == Field::Title,
            Scope::Code => part.field == Field::Code,
            Scope::Category => part.field == Field::Category,
        };
        if !listens {
            return;
        }
        let mut matches = lines.iter().flat_map(|Opening { line, .. }| {
            let shift = |found: Range<usize>| line.start + found.start..line.start + found.end;
            rule.pattern.find_iter(&part.text[line.clone()]).map(shift)
        });
        if let Voice::System(at) = rule.voice {
            let is_news = part.field != Field::Comments && !found.systems.contains(&at);
            if is_news && matches.next().is_some() {
                found.systems.insert(at);
            }
            return;
        }
        let weights = &self.taxonomy.engine.clause_weight;
        let mut best: Option<(f64, Range<usize>)> = None;
        for range in matches {
            let factor = prose.factor(part, range.end, weights);
            if best.as_ref().is_none_or(|(most, _)| factor > *most) {
                best = Some((factor, range));
            }
            // Nothing further on can be louder.
            if factor >= self.loudest {
                break;
            }
        }
        if let Some((factor, range)) = best.filter(|(factor, _)| *factor > 0.0) {
            let points = rule.weight * factor * self.field_weight(part.field);
            found.votes.push(Vote {
                voice: rule.voice,
                cue: rule.id,
                points,
                family: rule.family,
                field: part.field,
                range,
            });
        }
    }

    /// What a vote counts in a part, before clauses.
    pub(super) fn field_weight(&self, field: Field) -> f64 {
        let weights = &self.taxonomy.engine.field_weight;
        match field {
            Field::Title => weights.title,
            Field::Category => weights.category,
            Field::Body | Field::Code => weights.body,
            Field::Comments => weights.comments,
        }
    }
}

impl Votes<'_> {
    /// Adds up the votes for and against one voice, families capped at `cap`.
    #[must_use]
    pub fn sum(&self, voice: Voice, cap: f64) -> Sum {
        let mut sum = Sum {
            support: 0.0,
            against: 0.0,
        };
        let mut families: Vec<(&str, f64)> = Vec::new();
        for vote in self.of(voice) {
            if vote.points < 0.0 {
                sum.against -= vote.points;
            } else if let Some(family) = vote.family {
                match families.iter_mut().find(|(name, _)| *name == family) {
                    Some((_, points)) => *points += vote.points,
                    None => families.push((family, vote.points)),
                }
            } else {
                sum.support += vote.points;
            }
        }
        sum.support += families.iter().map(|(_, points)| points.min(cap)).sum::<f64>();
        sum
    }

    /// The votes of one voice. They stand together, for the votes are sorted.
    fn of(&self, voice: Voice) -> &[Vote<'_>] {
        let start = self.votes.partition_point(|vote| vote.voice < voice);
        let len = self.votes[start..].partition_point(|vote| vote.voice == voice);
        &self.votes[start..start + len]
    }

    /// Says whether the title alone announces with at least `least` points.
    #[must_use]
    pub fn announced_in_title(&self, taxonomy: &Taxonomy, least: f64) -> bool {
        let announces = |vote: &&Vote<'_>| {
            let Voice::Exclude(at) = vote.voice else {
                return false;
            };
            vote.field == Field::Title && taxonomy.exclusions[at].reason == Exclusion::Announcement
        };
        self.votes
            .iter()
            .filter(announces)
            .map(|vote| vote.points)
            .sum::<f64>()
            >= least
    }

    /// Returns the strongest reason to leave the ticket out, if the votes for it reach `least`.
    #[must_use]
    pub fn exclusion(&self, taxonomy: &Taxonomy, least: f64, cap: f64) -> Option<Exclusion> {
        (0..taxonomy.exclusions.len())
            .map(|at| (at, self.sum(Voice::Exclude(at), cap).support))
            .filter(|(_, points)| *points >= least)
            .fold(None, |best: Option<(usize, f64)>, next| match best {
                Some((_, most)) if most >= next.1 => best,
                _ => Some(next),
            })
            .map(|(at, _)| taxonomy.exclusions[at].reason)
    }
}

/// Votes for and against, both at least 0.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Sum {
    /// Points for.
    pub support: f64,
    /// Points against.
    pub against: f64,
}

/// Lists every cue and alias of a taxonomy in its order.
fn flatten(taxonomy: &Taxonomy) -> Vec<Rule<'_>> {
    let mut rules = Vec::new();
    for (at, pattern) in taxonomy.patterns.iter().enumerate() {
        push_cues(Voice::Pattern(at), &pattern.cues, &pattern.negative, &mut rules);
        for (sub_at, sub) in pattern.subs.iter().enumerate() {
            push_cues(Voice::Sub(at, sub_at), &sub.cues, &sub.negative, &mut rules);
        }
    }
    for (at, exclusion) in taxonomy.exclusions.iter().enumerate() {
        push_cues(Voice::Exclude(at), &exclusion.cues, &[], &mut rules);
    }
    for (at, system) in taxonomy.systems.iter().enumerate() {
        rules.extend(system.alias.iter().map(|pattern| Rule {
            voice: Voice::System(at),
            id: "",
            pattern,
            weight: 1.0,
            family: None,
            scope: Scope::Any,
        }));
    }
    rules
}

fn push_cues<'t>(voice: Voice, cues: &'t [Cue], negative: &'t [Cue], rules: &mut Vec<Rule<'t>>) {
    let rule = |cue: &'t Cue, sign: f64| Rule {
        voice,
        id: &cue.id,
        pattern: &cue.pattern,
        weight: sign * cue.weight,
        family: cue.family.as_deref(),
        scope: cue.scope,
    };
    rules.extend(cues.iter().map(|cue| rule(cue, 1.0)));
    rules.extend(negative.iter().map(|cue| rule(cue, -1.0)));
}

/// Tells in one pass over a text which few of the rules can match in it, and in which lines.
struct Gate {
    needles: AhoCorasick,
    /// Who waits for the needles, needle by needle.
    waiting: Vec<Waiting>,
    /// For each needle where those who wait for it begin, and where the last of them end.
    starts: Vec<usize>,
    /// Rules without a set, which can always match.
    without_needles: Vec<usize>,
    rules: usize,
}

/// A rule that waits for a needle.
#[derive(Clone, Copy)]
struct Waiting {
    rule: u32,
    /// The bit of the set that the needle belongs to.
    bit: u8,
    /// The bits of all sets of the rule.
    all: u8,
    /// Whether it reads line by line.
    linewise: bool,
}

/// A rule that may match, and where.
struct Opening {
    rule: usize,
    line: Range<usize>,
}

/// What has been seen of the needles of a rule.
#[derive(Clone, Copy, Default)]
struct Seen {
    bits: u8,
    /// Line of these bits, from 1; 0 for a rule that reads the whole text.
    line: u32,
}

impl Gate {
    fn new(rules: &[Rule<'_>]) -> Self {
        let mut by_needle: BTreeMap<&str, Vec<Waiting>> = BTreeMap::new();
        let mut without_needles = Vec::new();
        for (at, rule) in rules.iter().enumerate() {
            let sets = rule.pattern.needles().iter().zip([1, 2, 4, 8]);
            let all = sets.clone().fold(0, |all, (_, bit)| all | bit);
            if all == 0 {
                without_needles.push(at);
            }
            for (set, bit) in sets {
                let waiting = Waiting {
                    rule: u32::try_from(at).unwrap_or(u32::MAX),
                    bit,
                    all,
                    linewise: rule.pattern.is_linewise(),
                };
                for needle in set {
                    by_needle.entry(needle).or_default().push(waiting);
                }
            }
        }
        let (mut words, mut waiting, mut starts) = (Vec::new(), Vec::new(), vec![0]);
        for (needle, rules) in by_needle {
            words.push(needle);
            waiting.extend(rules);
            starts.push(waiting.len());
        }
        #[expect(
            clippy::expect_used,
            reason = "needles come from regexes whose size was checked; a few thousand short words build"
        )]
        let needles = AhoCorasick::builder()
            .match_kind(MatchKind::Standard)
            .build(words)
            .expect("short words build");
        Self {
            needles,
            waiting,
            starts,
            without_needles,
            rules: rules.len(),
        }
    }

    /// Returns the rules that may match, in order, each with every line to read, or with the whole text.
    fn open(&self, text: &str) -> Vec<Opening> {
        let lines = lines(text);
        let mut seen = vec![Seen::default(); self.rules];
        let whole = |rule| Opening {
            rule,
            line: 0..text.len(),
        };
        let mut open: Vec<Opening> = self.without_needles.iter().copied().map(whole).collect();
        let mut line = 0;
        for hit in self.needles.find_overlapping_iter(text) {
            while hit.end() > lines[line].end {
                line += 1;
            }
            let needle = hit.pattern().as_usize();
            for waiting in &self.waiting[self.starts[needle]..self.starts[needle + 1]] {
                let rule = waiting.rule as usize;
                let of = &mut seen[rule];
                let here = if waiting.linewise {
                    u32::try_from(line + 1).unwrap_or(u32::MAX)
                } else {
                    0
                };
                if of.line != here {
                    *of = Seen { bits: 0, line: here };
                }
                let before = of.bits;
                of.bits |= waiting.bit;
                if before != waiting.all && of.bits == waiting.all {
                    open.push(match here {
                        0 => whole(rule),
                        _ => Opening {
                            rule,
                            line: lines[line].clone(),
                        },
                    });
                }
            }
        }
        open.sort_unstable_by_key(|opening| (opening.rule, opening.line.start));
        open
    }
}

/// The lines of a text without their ends; at least one.
fn lines(text: &str) -> Vec<Range<usize>> {
    let mut start = 0;
    text.split('\n')
        .map(|line| {
            let range = start..start + line.len();
            start = range.end + 1;
            range
        })
        .collect()
}

/// Returns the pattern and the sub-pattern at these places of a taxonomy.
#[must_use]
pub fn named(taxonomy: &Taxonomy, pattern: usize, sub: Option<usize>) -> (&Pattern, Option<&SubPattern>) {
    let pattern = &taxonomy.patterns[pattern];
    (pattern, sub.map(|at| &pattern.subs[at]))
}
