//! The classification from tickets to assignments: rules first, then groups among what they left.
//!
//! Every ticket is read once, in parallel; what clustering needs is kept and the rest dropped, so memory grows with
//! the features and not with the texts. Tickets of which the rules are sure keep their sub-pattern. Those sure of a
//! pattern only are clustered within it, all others in a pool across patterns: clustering inside a doubtful pattern
//! was measured to be worse than none.

use std::collections::{BTreeMap, BTreeSet};

use rayon::prelude::*;

use crate::automation::{self, Filled};
use crate::classify::assignment::{Assignment, Evidence, Method};
use crate::classify::cluster::{self, Discovery, Item};
use crate::classify::concepts::Lexicon;
use crate::classify::decide::{self, Verdict};
use crate::classify::prose::{Field, Prose};
use crate::classify::rules::{Rules, Voice, Vote, Votes, named};
use crate::taxonomy::{Exclusion, OTHER, Taxonomy};
use crate::text::{self, Block, Boilerplate, Document, Origin, Parts, Recognizer};
use crate::ticket::Ticket;

/// What the whole pass found.
pub struct Classification {
    /// One assignment a ticket, in the order of the tickets given.
    pub assignments: Vec<Assignment>,
    /// The groups that nobody named, with members as places in the order of the tickets given.
    pub groups: Vec<NamedGroup>,
    /// How good the grouping is, with and without the k-means step.
    pub quality: Vec<cluster::StratumQuality>,
}

/// A group that the taxonomy does not name.
#[derive(Debug, Clone, PartialEq)]
pub struct NamedGroup {
    /// Stable id, made of the group's content.
    pub id: String,
    /// Pattern that its tickets were assigned to most often.
    pub pattern: String,
    /// Places of its tickets, in order.
    pub members: Vec<usize>,
    /// The most typical ticket.
    pub medoid: usize,
    /// Up to three typical tickets, of different requesters where there are some.
    pub examples: Vec<usize>,
    /// Words that tell it from the rest, best first.
    pub terms: Vec<String>,
    /// Ids of concepts that tell it from the rest, best first.
    pub concepts: Vec<String>,
    /// Mean cosine of its tickets to their centre, 0 to 1.
    pub cohesion: f64,
}

/// Fewest points that an exclusion needs.
const EXCLUSION_LEAST: f64 = 3.0;
/// Most pieces of evidence kept a ticket.
const EVIDENCE_KEPT: usize = 6;

/// Classifies tickets; `windows` names the quarter of each, for form labels that come and go.
#[must_use]
pub fn classify(
    tickets: &[&Ticket],
    windows: &[String],
    people: &BTreeSet<String>,
    taxonomy: &Taxonomy,
    options: &cluster::Options,
) -> Classification {
    let bodies = tickets
        .iter()
        .zip(windows)
        .filter_map(|(ticket, window)| Some((ticket.body.as_deref()?, window.as_str())));
    let reader = Reader {
        rules: Rules::new(taxonomy),
        lexicon: Lexicon::new(taxonomy),
        boilerplate: Boilerplate::learn(bodies),
        recognizer: Recognizer::new(people),
    };
    let (items, mut found): (Vec<Item>, Vec<Found>) =
        tickets.par_iter().map(|ticket| reader.read(ticket)).unzip();
    let left: Vec<usize> = (0..found.len())
        .filter(|at| found[*at].left && found[*at].assignment.excluded.is_none())
        .collect();
    let mut items: Vec<Option<Item>> = items.into_iter().map(Some).collect();
    let left_items: Vec<Item> = left.iter().filter_map(|at| items[*at].take()).collect();
    drop(items);
    let discovery = cluster::discover(&left_items, options);
    let groups = join(&discovery, &left, &mut found);
    Classification {
        assignments: found.into_iter().map(|f| f.assignment).collect(),
        groups,
        quality: discovery.quality,
    }
}

struct Reader<'t> {
    rules: Rules<'t>,
    lexicon: Lexicon<'t>,
    boilerplate: Boilerplate,
    recognizer: Recognizer,
}

/// What reading one ticket gave.
struct Found {
    assignment: Assignment,
    /// Whether clustering should look at it.
    left: bool,
    /// Pattern id that the votes lean to, if they lean at all.
    leaning: Option<String>,
}

impl Reader<'_> {
    fn read(&self, ticket: &Ticket) -> (Item, Found) {
        let taxonomy = self.rules.taxonomy();
        let document = Document::read(&parts(ticket), &self.boilerplate);
        let prose = Prose::read(&document, &taxonomy.engine);
        let votes = self.rules.read(&prose);
        let verdict = decide::decide(&votes, taxonomy);
        let assignment = self.assign(ticket, &document, &prose, &votes, &verdict);
        let stratum = verdict.sure.then(|| assignment.pattern.clone());
        let left = !verdict.sure || assignment.subpattern.is_none();
        let leaning = verdict
            .best
            .map(|best| taxonomy.patterns[best.pattern].id.clone());
        let item = if left && assignment.excluded.is_none() {
            self.item(ticket, &document, stratum)
        } else {
            Item::default()
        };
        (
            item,
            Found {
                assignment,
                left,
                leaning,
            },
        )
    }

    fn assign(
        &self,
        ticket: &Ticket,
        document: &Document,
        prose: &Prose,
        votes: &Votes<'_>,
        verdict: &Verdict,
    ) -> Assignment {
        let taxonomy = self.rules.taxonomy();
        let engine = &taxonomy.engine;
        let chosen = verdict.best.map(|best| named(taxonomy, best.pattern, best.sub));
        let sub = chosen.and_then(|(_, sub)| sub).filter(|_| verdict.sure);
        let secondary = verdict
            .second
            .filter(|second| {
                verdict
                    .best
                    .is_some_and(|best| second.score >= engine.multi_label_ratio * best.score)
            })
            .map(|second| taxonomy.patterns[second.pattern].id.clone());
        let slots_present = sub.map_or_else(Vec::new, |sub| self.slots(ticket, document, prose, &sub.slots));
        let complete = sub.map(|sub| sub.slots.required.iter().all(|slot| slots_present.contains(slot)));
        Assignment {
            id: ticket.id.clone(),
            pattern: chosen
                .map_or(OTHER, |(pattern, _)| pattern.id.as_str())
                .to_owned(),
            subpattern: sub.map(|sub| sub.id.clone()),
            group: sub.map(|sub| sub.id.clone()),
            method: if verdict.best.is_some() {
                Method::Rules
            } else {
                Method::None
            },
            confidence: verdict.confidence,
            margin: verdict.margin,
            secondary,
            needs_review: !verdict.sure,
            excluded: exclusion(ticket, prose, votes, taxonomy),
            slots_present,
            complete,
            evidence: evidence(ticket, document, prose, votes, taxonomy),
        }
    }

    fn slots(
        &self,
        ticket: &Ticket,
        document: &Document,
        prose: &Prose,
        needs: &crate::taxonomy::SlotNeeds,
    ) -> Vec<String> {
        let text = [Field::Title, Field::Body]
            .map(|field| prose.text(field))
            .join("\n");
        let taxonomy = self.rules.taxonomy();
        let mut needed = needs.required.iter().chain(&needs.optional);
        let asks_for_entities =
            needed.any(|id| taxonomy.slot(id).is_some_and(|slot| !slot.entities.is_empty()));
        let found = if asks_for_entities {
            self.recognizer.find(&text)
        } else {
            Vec::new()
        };
        let entities: BTreeSet<&str> = found.iter().map(|entity| entity.kind.name()).collect();
        let labels: BTreeSet<&str> = document
            .passages
            .iter()
            .filter(|passage| passage.block == Block::Answer)
            .filter_map(|passage| passage.label.as_deref())
            .collect();
        let filled = Filled {
            text: &text,
            entities: &entities.into_iter().collect::<Vec<_>>(),
            labels: &labels.into_iter().collect::<Vec<_>>(),
            has_requester: !ticket.requesters.is_empty(),
        };
        automation::slots_present(needs, taxonomy, &filled)
    }

    /// Makes what clustering sees: the words of title and body, people and values masked.
    fn item(&self, ticket: &Ticket, document: &Document, stratum: Option<String>) -> Item {
        let (mut tokens, mut words, mut concepts) = (Vec::new(), Vec::new(), BTreeSet::new());
        for passage in &document.passages {
            let read = matches!(passage.block, Block::Prose | Block::Answer);
            if read && matches!(passage.origin, Origin::Title | Origin::Body) {
                let masked = self.recognizer.mask(passage.text.text());
                text::tokens_and_words(&masked, &mut tokens, &mut words);
                concepts.extend(self.lexicon.find(&masked));
            }
        }
        Item {
            id: ticket.id.as_str().to_owned(),
            stratum,
            tokens,
            concepts: concepts.into_iter().collect(),
            words,
            requester: ticket.requesters.first().cloned(),
        }
    }
}

fn parts(ticket: &Ticket) -> Parts<'_> {
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

/// Decides whether a ticket is no request for work: by the state of the board, else by its words.
///
/// An announcement that also asks for something is a request.
fn exclusion(ticket: &Ticket, prose: &Prose, votes: &Votes<'_>, taxonomy: &Taxonomy) -> Option<Exclusion> {
    let status = ticket.status.as_deref().map(text::fold);
    let by_status = status.and_then(|status| {
        let rule = taxonomy
            .exclusions
            .iter()
            .find(|rule| rule.statuses.iter().any(|s| *s == status.trim()))?;
        Some(rule.reason)
    });
    by_status.or_else(|| {
        votes
            .exclusion(taxonomy, EXCLUSION_LEAST, taxonomy.engine.family_cap)
            .filter(|reason| *reason != Exclusion::Announcement || !prose.asks())
    })
}

/// Keeps the loudest votes for and against patterns, with the words as they were written.
fn evidence(
    ticket: &Ticket,
    document: &Document,
    prose: &Prose,
    votes: &Votes<'_>,
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
    spoken
        .into_iter()
        .map(|vote| Evidence {
            cue: vote.cue.to_owned(),
            target: target(vote.voice, taxonomy),
            points: vote.points,
            field: vote.field,
            quote: quote(ticket, document, prose, vote),
        })
        .collect()
}

fn target(voice: Voice, taxonomy: &Taxonomy) -> String {
    match voice {
        Voice::Pattern(at) => taxonomy.patterns[at].id.clone(),
        Voice::Sub(at, sub) => taxonomy.patterns[at].subs[sub].id.clone(),
        Voice::Exclude(at) => taxonomy.exclusions[at].reason.as_str().to_owned(),
        Voice::System(at) => taxonomy.systems[at].id.clone(),
    }
}

/// Returns the words of a vote as the ticket has them.
fn quote(ticket: &Ticket, document: &Document, prose: &Prose, vote: &Vote<'_>) -> String {
    let original = || {
        let part = prose.parts.iter().find(|part| part.field == vote.field)?;
        let stretch = part
            .stretches
            .iter()
            .find(|s| s.range.start < vote.range.end && vote.range.start < s.range.end)?;
        let passage = &document.passages[stretch.passage];
        let start = vote.range.start.max(stretch.range.start) - stretch.range.start;
        let end = vote.range.end.min(stretch.range.end) - stretch.range.start;
        let source = match passage.origin {
            Origin::Title => ticket.title.as_deref(),
            Origin::Body => ticket.body.as_deref(),
            Origin::Category => ticket.category.as_deref(),
            Origin::Comment(at) => ticket.comments.get(at).map(|comment| comment.text.as_str()),
        }?;
        source.get(passage.text.original(start..end))
    };
    original()
        .unwrap_or_default()
        .chars()
        .take(Evidence::LONGEST)
        .collect()
}

/// Gives every clustered ticket its group, and the group's pattern to those that had none.
fn join(discovery: &Discovery, left: &[usize], found: &mut [Found]) -> Vec<NamedGroup> {
    let mut groups = Vec::new();
    for group in &discovery.groups {
        let members: Vec<usize> = group.members.iter().map(|member| left[*member]).collect();
        let majority = majority(&members, found);
        for member in &members {
            let Found {
                assignment, leaning, ..
            } = &mut found[*member];
            assignment.group = Some(group.id.clone());
            if group.stratum.is_none() {
                assignment.method = Method::Cluster;
                if leaning.is_none() {
                    assignment.pattern.clone_from(&majority);
                }
            }
        }
        groups.push(NamedGroup {
            id: group.id.clone(),
            pattern: majority,
            medoid: left[group.medoid],
            examples: group.examples.iter().map(|example| left[*example]).collect(),
            members,
            terms: group.terms.clone(),
            concepts: group.concepts.clone(),
            cohesion: group.cohesion,
        });
    }
    groups
}

/// The pattern that most members lean to, weighted by how sure each is; `other` where no member leans to any.
fn majority(members: &[usize], found: &[Found]) -> String {
    let mut weights: BTreeMap<&str, f64> = BTreeMap::new();
    for member in members {
        if let Some(leaning) = &found[*member].leaning {
            *weights.entry(leaning).or_default() += found[*member].assignment.confidence;
        }
    }
    let best = weights
        .into_iter()
        .fold(None, |best: Option<(&str, f64)>, next| match best {
            Some((_, most)) if most >= next.1 => best,
            _ => Some(next),
        });
    best.map_or(OTHER, |(id, _)| id).to_owned()
}
