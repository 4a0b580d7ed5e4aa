//! Reads one ticket: its text, what the rules say of it, which slots it fills, and what clustering would see of it.

use std::borrow::Cow;
use std::collections::BTreeSet;
use std::ops::Range;

use crate::automation::{self, Filled, Glance};
use crate::classify::assignment::{Assignment, Evidence, Method};
use crate::classify::cluster::Item;
use crate::classify::combine::Decision;
use crate::classify::concepts::Lexicon;
use crate::classify::decide;
use crate::classify::labels::Placed;
use crate::classify::learner::features::{self, Lexicons, Seen};
use crate::classify::learner::{Learner, Observation, Reason};
use crate::classify::products::name_parts;
use crate::classify::prose::{self, Field, Part, Prose, Stretch};
use crate::classify::rules::{Rules, Voice, Vote, Votes};
use crate::taxonomy::{Exclusion, Lang, OTHER, SlotNeeds, Taxonomy};
use crate::text::{self, Block, Boilerplate, Document, Entity, Origin, Parts, Passage, Recognizer};
use crate::ticket::Ticket;

/// Fewest points that an exclusion needs.
const EXCLUSION_LEAST: f64 = 3.0;
/// Most cues kept a ticket as evidence.
const EVIDENCE_KEPT: usize = 4;

/// Least chance of work outside the taxonomy from which a ticket is looked at with all others that may be new themes.
/// Chosen on the themes at hand in `tests/themes` (of 17 there 12 came out in one piece at 0.05, 14 at 0.03, 15 at 0.02),
/// and to be chosen anew with a model that is sure in another way.
const BEYOND: f64 = 0.02;

/// Everything that reading needs, made once a run.
pub(super) struct Reader<'t> {
    pub(super) rules: Rules<'t>,
    pub(super) lexicon: Lexicon<'t>,
    /// The areas of work beyond the patterns, which only clustering hears.
    pub(super) notions: Lexicon<'t>,
    pub(super) boilerplate: Boilerplate,
    pub(super) recognizer: Recognizer,
    pub(super) learner: Learner<'t>,
}

/// What reading one ticket gave.
pub(super) struct Found {
    pub(super) assignment: Assignment,
    /// What clustering sees, where it should look.
    pub(super) item: Option<Item>,
    /// What automation sees, if it is a request of a sub-pattern.
    pub(super) glance: Option<Glance>,
    /// Whether its pattern leads clearly.
    pub(super) clear: bool,
    /// Pattern id that the votes lean to, if they lean at all.
    pub(super) leaning: Option<String>,
    /// Words that names of services, projects and repositories in it are made of.
    pub(super) name_parts: BTreeSet<String>,
}

/// What a ticket says, as proposals for the taxonomy are made of it: people and values masked.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Wording {
    /// Its words as a reader knows them, each once, normalised.
    pub words: BTreeSet<String>,
    /// Ids of the systems that it names.
    pub systems: BTreeSet<String>,
    /// Names of the kinds of entity that it holds.
    pub entities: BTreeSet<&'static str>,
}

/// The language of what is said: Japanese as soon as some of it is.
fn lang(prose: &Prose) -> Lang {
    if prose.parts.iter().any(|part| text::is_japanese(&part.text)) {
        Lang::Ja
    } else {
        Lang::En
    }
}

/// What the requester says in title and body, with the entities in it.
#[derive(Clone)]
pub(super) struct Said {
    text: String,
    pub(super) entities: Vec<Entity>,
    /// Each passage, by its place in the document, with where it begins in the text.
    pub(super) starts: Vec<(usize, usize)>,
}

impl Said {
    /// Where a range of a part that lies in one passage begins in the text, and the entities that reach into it.
    pub(super) fn within(&self, part: &Part, range: &Range<usize>) -> (usize, &[Entity]) {
        let stretch = part
            .stretches
            .iter()
            .find(|stretch| range.start < stretch.range.end);
        let start = stretch.and_then(|stretch| {
            let at = self
                .starts
                .binary_search_by_key(&stretch.passage, |(passage, _)| *passage);
            Some(self.starts[at.ok()?].1 + range.start - stretch.range.start)
        });
        let Some(start) = start else { return (0, &[]) };
        let first = self.entities.partition_point(|entity| entity.range.end <= start);
        let reach = self.entities[first..].partition_point(|entity| entity.range.start < start + range.len());
        (start, &self.entities[first..first + reach])
    }
}

impl Reader<'_> {
    /// Reads a ticket and decides; `label` is what a person said of it.
    pub(super) fn read(&self, ticket: &Ticket, label: Option<&Placed>) -> Found {
        let taxonomy = self.rules.taxonomy();
        let document = Document::read(&parts(ticket), &self.boilerplate);
        let prose = Prose::read(&document, &taxonomy.engine);
        let votes = self.rules.read(&prose);
        let said = self.said(&document);
        let seen = self.observation(&prose, &votes, &said.entities, &said.starts);
        let heard = self.learner.listen(&seen);
        let decision = Decision::of(&self.learner, &heard, label);
        let second = self.second(&prose, &said, decision.pattern);
        let sub = decision
            .sub
            .map(|sub| &taxonomy.patterns[decision.pattern].subs[sub]);
        let slots_present = sub.map_or_else(Vec::new, |sub| self.slots(ticket, &document, &said, &sub.slots));
        let reasons = self.learner.reasons_heard(decision.pattern, &heard);
        let assignment = Assignment {
            id: ticket.id.clone(),
            pattern: taxonomy.patterns[decision.pattern].id.clone(),
            subpattern: sub.map(|sub| sub.id.clone()),
            group: sub.map(|sub| sub.id.clone()),
            method: decision.method,
            confidence: decision.confidence,
            margin: decision.margin,
            secondary: second.map(|second| taxonomy.patterns[second.pattern].id.clone()),
            runner_up: decision.runner_up.map(|at| taxonomy.patterns[at].id.clone()),
            needs_review: decision.needs_review,
            excluded: exclusion(ticket, &prose, &votes, taxonomy),
            complete: sub.map(|sub| automation::is_complete(&sub.slots, &slots_present)),
            slots_present,
            signs: automation::signs(
                &document,
                &said.text,
                &said.entities,
                sub.and_then(|sub| sub.control),
            ),
            evidence: evidence(&document, &prose, &votes, &reasons, &decision, taxonomy),
        };
        let home = assignment.subpattern.clone().filter(|_| decision.weak);
        // What may be work that the taxonomy does not know is looked at together, whatever its pattern: a theme pulls
        // its tickets in all directions. The rest is looked at inside its pattern, if no sub-pattern has it.
        let beyond = decision.outside >= BEYOND || assignment.pattern == OTHER;
        let left =
            assignment.excluded.is_none() && (assignment.subpattern.is_none() || (home.is_some() && beyond));
        let stratum = (!beyond).then(|| assignment.pattern.clone());
        let item = |home| Item {
            stratum,
            home,
            outside: decision.outside,
            ..self.item(ticket, &self.grouped(&document, &said))
        };
        let request = sub.filter(|_| assignment.excluded.is_none());
        Found {
            item: left.then(|| item(home)),
            glance: request
                .map(|sub| Glance::of(&document, &said.text, &said.entities, &sub.slots, taxonomy)),
            clear: decision.clear,
            leaning: (decision.method != Method::None).then(|| assignment.pattern.clone()),
            name_parts: name_parts(&said.text, &said.entities),
            assignment,
        }
    }

    /// Reads a ticket as far as the learner needs it.
    pub(super) fn observe(&self, ticket: &Ticket) -> Observation {
        self.observe_without(ticket, &[])
    }

    /// The same with some cues silent, by their ids.
    pub(super) fn observe_without(&self, ticket: &Ticket, silent: &[&str]) -> Observation {
        let document = Document::read(&parts(ticket), &self.boilerplate);
        let prose = Prose::read(&document, &self.rules.taxonomy().engine);
        let mut votes = self.rules.read(&prose);
        votes.votes.retain(|vote| !silent.contains(&vote.cue));
        let said = self.said(&document);
        self.observation(&prose, &votes, &said.entities, &said.starts)
    }

    /// What the learner meets of a text that was read; `starts` tell where its passages begin in that of the entities.
    pub(super) fn observation(
        &self,
        prose: &Prose,
        votes: &Votes<'_>,
        entities: &[Entity],
        starts: &[(usize, usize)],
    ) -> Observation {
        let taxonomy = self.rules.taxonomy();
        let verdict = decide::decide(votes, taxonomy);
        let seen = Seen {
            prose,
            votes,
            verdict: &verdict,
            entities,
            starts,
        };
        let lexicons = Lexicons {
            concepts: &self.lexicon,
            notions: &self.notions,
        };
        Observation {
            features: features::features(&seen, taxonomy, &lexicons),
            lang: lang(prose),
            verdict,
        }
    }

    /// Reads a ticket as far as proposals for the taxonomy need it.
    pub(super) fn wording(&self, ticket: &Ticket) -> Wording {
        let taxonomy = self.rules.taxonomy();
        let document = Document::read(&parts(ticket), &self.boilerplate);
        let votes = self.rules.read(&Prose::read(&document, &taxonomy.engine));
        let said = self.said(&document);
        let said = self.grouped(&document, &said);
        let mut words = Vec::new();
        text::words(&Recognizer::mask_found(&said.text, &said.entities), &mut words);
        let systems = votes.systems.iter().map(|at| taxonomy.systems[*at].id.clone());
        Wording {
            words: words.into_iter().collect(),
            systems: systems.collect(),
            entities: said.entities.iter().map(|entity| entity.kind.name()).collect(),
        }
    }

    /// Joins what is said in title and body, one passage a line: no labels, quotes, courtesies or code.
    pub(super) fn said(&self, document: &Document) -> Said {
        self.said_in(document, |_| true)
    }

    /// What groups are made of: not what a form asks besides the request ("所属", "対象環境"), which would make groups of
    /// departments and products.
    fn grouped<'s>(&self, document: &Document, said: &'s Said) -> Cow<'s, Said> {
        if document.passages.iter().any(is_aside) {
            Cow::Owned(self.said_in(document, |passage| !is_aside(passage)))
        } else {
            Cow::Borrowed(said)
        }
    }

    fn said_in(&self, document: &Document, is_wanted: impl Fn(&Passage) -> bool) -> Said {
        let mut text = String::new();
        let mut starts = Vec::new();
        for (at, passage) in document.passages.iter().enumerate() {
            let said = matches!(passage.block, Block::Prose | Block::Answer) && is_wanted(passage);
            if said && matches!(passage.origin, Origin::Title | Origin::Body) {
                starts.push((at, text.len()));
                text.push_str(passage.text.text());
                text.push('\n');
            }
        }
        let entities = self.recognizer.find(&text);
        Said {
            text,
            entities,
            starts,
        }
    }

    fn slots(&self, ticket: &Ticket, document: &Document, said: &Said, needs: &SlotNeeds) -> Vec<String> {
        let values = said
            .entities
            .iter()
            .filter(|entity| automation::is_value(&said.text, entity));
        let entities: BTreeSet<&str> = values.map(|entity| entity.kind.name()).collect();
        let answers = document
            .passages
            .iter()
            .filter(|passage| passage.block == Block::Answer);
        let labels: BTreeSet<&str> = answers.filter_map(|passage| passage.label.as_deref()).collect();
        let filled = Filled {
            text: &automation::readable(&said.text, &said.entities),
            entities: &entities.into_iter().collect::<Vec<_>>(),
            labels: &labels.into_iter().collect::<Vec<_>>(),
            has_requester: !ticket.requesters.is_empty(),
        };
        automation::slots_present(needs, self.rules.taxonomy(), &filled)
    }

    /// Makes what clustering sees: the words of title and body, people and values masked.
    fn item(&self, ticket: &Ticket, said: &Said) -> Item {
        let masked = Recognizer::mask_found(&said.text, &said.entities);
        let mut concepts = self.lexicon.find(&masked);
        // As often as they are spoken of: what a ticket is about is named again and again, other areas in passing.
        self.notions
            .each(&masked, |area, _| concepts.push(area.to_owned()));
        let mut item = Item {
            id: ticket.id.as_str().to_owned(),
            concepts,
            requester: ticket.requesters.first().cloned(),
            ..Item::default()
        };
        text::tokens_and_words(&masked, &mut item.tokens, &mut item.words);
        item
    }
}

/// Most characters of an answer that only says where, who or when; a longer one may be the request under a label that
/// nobody has heard of.
const ASIDE: usize = 30;

fn is_aside(passage: &Passage) -> bool {
    let label = passage.label.as_deref().unwrap_or_default();
    passage.block == Block::Answer
        && prose::is_target(label)
        && passage.text.text().chars().nth(ASIDE).is_none()
}

pub(super) fn parts(ticket: &Ticket) -> Parts<'_> {
    Parts {
        title: ticket.title.as_deref(),
        body: ticket.body.as_deref(),
        category: ticket.category.as_deref(),
        comments: ticket
            .comments
            .iter()
            .map(|comment| comment.text.as_str())
            .collect(),
    }
}

/// Decides whether a ticket is no request for work: by its source, by the state of the board, else by its words.
///
/// An announcement that also asks for something is a request, unless its very title announces: then what it asks is
/// what everybody should do.
pub(super) fn exclusion(
    ticket: &Ticket,
    prose: &Prose,
    votes: &Votes<'_>,
    taxonomy: &Taxonomy,
) -> Option<Exclusion> {
    if ticket.deleted {
        return Some(Exclusion::Deleted);
    }
    let status = ticket.status.as_deref().map(text::fold);
    let by_status = status.and_then(|status| {
        let rule = taxonomy
            .exclusions
            .iter()
            .find(|rule| rule.statuses.iter().any(|s| *s == status.trim()))?;
        Some(rule.reason)
    });
    by_status.or_else(|| {
        let reason = votes.exclusion(taxonomy, EXCLUSION_LEAST, taxonomy.engine.family_cap)?;
        let announced = reason != Exclusion::Announcement
            || !prose.asks()
            || votes.announced_in_title(taxonomy, EXCLUSION_LEAST);
        announced.then_some(reason)
    })
}

/// Keeps the loudest votes of the cues and the words that moved the learner most, as they were written.
fn evidence(
    document: &Document,
    prose: &Prose,
    votes: &Votes<'_>,
    reasons: &[Reason],
    decision: &Decision,
    taxonomy: &Taxonomy,
) -> Vec<Evidence> {
    let mut spoken: Vec<&Vote<'_>> = votes
        .votes
        .iter()
        .filter(|vote| !matches!(vote.voice, Voice::System(_)))
        .collect();
    spoken.sort_by(|a, b| {
        b.points
            .abs()
            .total_cmp(&a.points.abs())
            .then_with(|| a.cue.cmp(b.cue))
            .then(a.field.cmp(&b.field))
    });
    spoken.truncate(EVIDENCE_KEPT);
    let by_cues = spoken.into_iter().filter_map(|vote| {
        let (origin, range) = place(document, prose, vote.field, &vote.range)?;
        Some(Evidence {
            cue: vote.cue.to_owned(),
            target: target(vote.voice, taxonomy),
            points: vote.points,
            field: vote.field,
            origin,
            range,
        })
    });
    let by_words = apart(reasons, WORDS_KEPT).into_iter().filter_map(|reason| {
        let (origin, range) = place(document, prose, reason.field, &reason.range)?;
        Some(Evidence {
            cue: LEARNT.to_owned(),
            target: taxonomy.patterns[decision.pattern].id.clone(),
            points: reason.points,
            field: reason.field,
            origin,
            range,
        })
    });
    by_cues.chain(by_words).collect()
}

/// What stands for a cue where the learner spoke.
pub(super) const LEARNT: &str = "learner";
/// Most words kept a ticket that moved the learner, and the least that each must have added.
const WORDS_KEPT: usize = 3;
const WORD_LEAST: f64 = 0.1;

/// The loudest reasons that do not overlap, at most so many.
pub(super) fn apart(reasons: &[Reason], most: usize) -> Vec<&Reason> {
    let mut kept: Vec<&Reason> = Vec::new();
    for reason in reasons.iter().filter(|reason| reason.points >= WORD_LEAST) {
        let meets = |other: &&Reason| {
            other.field == reason.field
                && other.range.start < reason.range.end
                && reason.range.start < other.range.end
        };
        if kept.len() < most && !kept.iter().any(meets) {
            kept.push(reason);
        }
    }
    kept
}

pub(super) fn target(voice: Voice, taxonomy: &Taxonomy) -> String {
    match voice {
        Voice::Pattern(at) => taxonomy.patterns[at].id.clone(),
        Voice::Sub(at, sub) => taxonomy.patterns[at].subs[sub].id.clone(),
        Voice::Exclude(at) => taxonomy.exclusions[at].reason.as_str().to_owned(),
        Voice::System(at) => taxonomy.systems[at].id.clone(),
    }
}

/// Finds words of a part in the ticket as it is written.
pub(super) fn place(
    document: &Document,
    prose: &Prose,
    field: Field,
    range: &Range<usize>,
) -> Option<(Origin, Range<usize>)> {
    let part = prose.parts.iter().find(|part| part.field == field)?;
    let meets = |stretch: &&Stretch| stretch.range.start < range.end && range.start < stretch.range.end;
    let stretch = part.stretches.iter().find(meets)?;
    let passage = &document.passages[stretch.passage];
    let start = range.start.max(stretch.range.start) - stretch.range.start;
    let end = range.end.min(stretch.range.end) - stretch.range.start;
    Some((passage.origin, passage.text.original(start..end)))
}
