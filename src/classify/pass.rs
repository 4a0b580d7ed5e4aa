//! The classification from tickets to assignments: rules first, then groups among what they left.
//!
//! Every ticket is read once, in parallel; what clustering needs is kept and the rest dropped, so memory grows with
//! the features and not with the texts. Tickets of which the rules are sure keep their sub-pattern. Those sure of a
//! pattern only are clustered within it, all others in a pool across patterns: clustering inside a doubtful pattern
//! was measured to be worse than none.

use std::collections::{BTreeMap, BTreeSet};

use rayon::prelude::*;

use crate::automation::Glance;
use crate::classify::assignment::{Assignment, Method};
use crate::classify::audit::Spoken;
use crate::classify::cluster::{self, Item};
use crate::classify::concepts::Lexicon;
use crate::classify::explain::Explanation;
use crate::classify::identity::{self, Grouping, Memory, Settled, Step};
use crate::classify::labels::{Labels, Placed};
use crate::classify::learner::{Learner, Model, Observation};
use crate::classify::products::Products;
use crate::classify::reader::{Found, Reader, Wording};
use crate::classify::rules::Rules;
use crate::taxonomy::{OTHER, Taxonomy};
use crate::text::{Boilerplate, Recognizer};
use crate::ticket::Ticket;

/// What the whole pass found.
pub struct Classification {
    /// One assignment a ticket, in the order of the tickets given.
    pub assignments: Vec<Assignment>,
    /// What each request of a sub-pattern shows, in the same order.
    pub glances: Vec<Option<Glance>>,
    /// The groups that nobody named, with members as places in the order of the tickets given.
    pub groups: Vec<NamedGroup>,
    /// How good the grouping is, with and without the k-means step.
    pub quality: Vec<cluster::StratumQuality>,
    /// What the next run has to know to keep the ids of the groups.
    pub memory: Memory,
    /// What became of the groups of earlier runs; empty if nothing was known.
    pub lineage: Vec<Step>,
}

/// What people and earlier runs said, beside the tickets. Nothing at all is a first run without labels.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Given {
    /// What people said of some tickets, which holds and teaches.
    pub labels: Labels,
    /// What the run before left.
    pub memory: Memory,
    /// Whether its groups are carried on.
    pub grouping: Grouping,
}

/// A group that the taxonomy does not name.
#[derive(Debug, Clone, PartialEq)]
pub struct NamedGroup {
    /// Stable id: made of the group's content when it is first found, and kept from run to run (see
    /// [`identity`]).
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
    /// How well it comes out again when the tickets are drawn anew, 0 to 1; `None` where it could not be asked.
    pub stability: Option<f64>,
}

/// Classifies tickets; `windows` names the quarter of each, for form labels that come and go. What a person said of a
/// ticket holds for it, and teaches the learner for the others; groups that are known keep their ids.
#[must_use]
pub fn classify(
    tickets: &[&Ticket],
    windows: &[String],
    people: &BTreeSet<String>,
    taxonomy: &Taxonomy,
    given: &Given,
    options: &cluster::Options,
) -> Classification {
    let desk = Desk {
        tickets,
        windows,
        people,
        taxonomy,
        labels: &given.labels,
    };
    classify_by(Model::shipped().ok(), &desk, given, options)
}

/// Does the same with a model of one's own: for measurements that leave something out of what was learnt.
#[must_use]
pub fn classify_by(
    model: Option<Model>,
    desk: &Desk<'_>,
    given: &Given,
    options: &cluster::Options,
) -> Classification {
    let (tickets, taxonomy) = (desk.tickets, desk.taxonomy);
    let (reader, placed) = desk.reader_by(model);
    let mut found: Vec<Found> = tickets
        .par_iter()
        .enumerate()
        .map(|(at, ticket)| reader.read(ticket, placed.get(&at)))
        .collect();
    let products = Products::learn(found.iter().map(|found| &found.name_parts), taxonomy);
    let (left, items): (Vec<usize>, Vec<Item>) = found
        .iter_mut()
        .enumerate()
        .filter_map(|(at, found)| Some((at, found.item.take()?)))
        .unzip();
    let items: Vec<Item> = items
        .into_par_iter()
        .map(|item| products.stripped(item))
        .collect();
    let discovery = cluster::discover(&items, options);
    let texts: Vec<String> = left.iter().map(|at| identity::text_hash(tickets[*at])).collect();
    let scene = identity::Scene {
        items: &items,
        texts: &texts,
        discovery: &discovery,
        memory: &given.memory,
        grouping: given.grouping,
        min_size: options.min_size,
    };
    let settled = identity::settle(&scene);
    let groups = join(&settled, &left, &mut found, taxonomy);
    let patterns: Vec<String> = groups.iter().map(|group| group.pattern.clone()).collect();
    let by_id: BTreeMap<&str, usize> = tickets.iter().map(|ticket| ticket.id.as_str()).zip(0..).collect();
    let sub_of = |id: &str| Some(found[*by_id.get(id)?].assignment.subpattern.as_deref());
    let (memory, lineage) = (
        settled.memory(&scene, &patterns),
        identity::lineage(&scene, &settled, &sub_of),
    );
    let (assignments, glances) = found
        .into_iter()
        .map(|found| (found.assignment, found.glance))
        .unzip();
    Classification {
        memory,
        lineage,
        assignments,
        glances,
        groups,
        quality: discovery.quality,
    }
}

/// The tickets of one desk, with all that reading one of them depends on.
#[derive(Debug, Clone, Copy)]
pub struct Desk<'a> {
    /// The tickets.
    pub tickets: &'a [&'a Ticket],
    /// The quarter of each, for form labels that come and go.
    pub windows: &'a [String],
    /// Everybody who asks or works here.
    pub people: &'a BTreeSet<String>,
    /// What to look for.
    pub taxonomy: &'a Taxonomy,
    /// What people said of tickets.
    pub labels: &'a Labels,
}

impl<'a> Desk<'a> {
    fn reader(&self) -> (Reader<'a>, BTreeMap<usize, Placed>) {
        self.reader_by(Model::shipped().ok())
    }

    /// Makes ready to read: learns the forms of the desk, and lets the learner read the labelled tickets first.
    fn reader_by(&self, model: Option<Model>) -> (Reader<'a>, BTreeMap<usize, Placed>) {
        let bodies = self
            .tickets
            .iter()
            .zip(self.windows)
            .filter_map(|(ticket, window)| Some((ticket.body.as_deref()?, window.as_str())));
        let mut reader = Reader {
            rules: Rules::new(self.taxonomy),
            lexicon: Lexicon::new(self.taxonomy),
            notions: Lexicon::of_notions(self.taxonomy),
            boilerplate: Boilerplate::learn(bodies),
            recognizer: Recognizer::new(self.people),
            learner: Learner::with(model, self.taxonomy),
        };
        let placed = self.labels.placed(self.tickets, self.taxonomy);
        if !placed.is_empty() {
            let labelled = labelled(&reader, self.tickets, &placed);
            reader.learner = reader.learner.taught(&labelled);
        }
        (reader, placed)
    }

    /// Explains the decision about the ticket at a place.
    #[must_use]
    pub fn explain(&self, at: usize) -> Explanation {
        let (reader, placed) = self.reader();
        reader.explain(self.tickets[at], placed.get(&at), !placed.is_empty())
    }

    /// Lets every cue read every ticket, and tells which spoke where; in the order of the tickets.
    #[must_use]
    pub fn hear(&self) -> Vec<Vec<Spoken>> {
        let (reader, _) = self.reader();
        self.tickets
            .par_iter()
            .map(|ticket| reader.hear(ticket))
            .collect()
    }

    /// Reads what every ticket says as proposals for the taxonomy need it; in the order of the tickets.
    #[must_use]
    pub fn wordings(&self) -> Vec<Wording> {
        let (reader, _) = self.reader();
        self.tickets
            .par_iter()
            .map(|ticket| reader.wording(ticket))
            .collect()
    }
}

/// Reads the labelled tickets for the learner to learn from.
fn labelled(
    reader: &Reader<'_>,
    tickets: &[&Ticket],
    placed: &BTreeMap<usize, Placed>,
) -> Vec<(Observation, usize, Option<usize>)> {
    let placed: Vec<(&usize, &Placed)> = placed.iter().collect();
    placed
        .par_iter()
        .map(|(at, label)| (reader.observe(tickets[**at]), label.pattern, label.sub))
        .collect()
}

/// Reads the tickets of one desk as far as the learner needs it, in their order.
#[must_use]
pub fn observe(tickets: &[&Ticket], taxonomy: &Taxonomy) -> Vec<Observation> {
    let bodies = tickets
        .iter()
        .filter_map(|ticket| Some((ticket.body.as_deref()?, "")));
    let reader = Reader {
        rules: Rules::new(taxonomy),
        lexicon: Lexicon::new(taxonomy),
        notions: Lexicon::of_notions(taxonomy),
        boilerplate: Boilerplate::learn(bodies),
        recognizer: Recognizer::new(&BTreeSet::new()),
        learner: Learner::new(taxonomy),
    };
    tickets.par_iter().map(|ticket| reader.observe(ticket)).collect()
}

/// Gives every clustered ticket its group.
///
/// Its pattern stays what its own words lean to: groups shift with every ticket that is added, and counts by pattern
/// must not shift with them. What the group leans to is said of the group.
fn join(settled: &Settled, left: &[usize], found: &mut [Found], taxonomy: &Taxonomy) -> Vec<NamedGroup> {
    let mut groups = Vec::new();
    for settled in &settled.groups {
        let group = &settled.group;
        let members: Vec<usize> = group.members.iter().map(|member| left[*member]).collect();
        let known = settled
            .pattern
            .as_ref()
            .filter(|id| taxonomy.pattern(id).is_some());
        let pattern = known
            .or(group.stratum.as_ref())
            .cloned()
            .unwrap_or_else(|| majority(&members, found));
        for member in &members {
            let Found {
                assignment, clear, ..
            } = &mut found[*member];
            assignment.group = Some(group.id.clone());
            // A weak sub-pattern gives way; what it asked for is asked no more.
            assignment.subpattern = None;
            assignment.slots_present.clear();
            assignment.complete = None;
            if !*clear && assignment.method != Method::Label {
                assignment.method = Method::Cluster;
            }
        }
        groups.push(NamedGroup {
            id: group.id.clone(),
            pattern,
            medoid: left[group.medoid],
            examples: group.examples.iter().map(|example| left[*example]).collect(),
            members,
            terms: group.terms.clone(),
            concepts: group.concepts.clone(),
            cohesion: group.cohesion,
            stability: group.stability,
        });
    }
    groups
}

/// Share of a group that must lean to one pattern before the group is of that pattern.
const MAJORITY: f64 = 0.5;

/// The pattern that most members lean to, weighted by how sure each is; `other` where no pattern has a majority: a
/// theme that pulls its tickets in all directions is one that the taxonomy does not know.
fn majority(members: &[usize], found: &[Found]) -> String {
    let mut weights: BTreeMap<&str, f64> = BTreeMap::new();
    let mut total = 0.0;
    for member in members {
        let sure = found[*member].assignment.confidence.max(LEAST_WEIGHT);
        total += sure;
        if let Some(leaning) = &found[*member].leaning {
            *weights.entry(leaning).or_default() += sure;
        }
    }
    let best = weights
        .into_iter()
        .fold(None, |best: Option<(&str, f64)>, next| match best {
            Some((_, most)) if most >= next.1 => best,
            _ => Some(next),
        });
    best.filter(|(_, weight)| *weight > MAJORITY * total)
        .map_or(OTHER, |(id, _)| id)
        .to_owned()
}

/// What a ticket counts in its group that leans nowhere.
const LEAST_WEIGHT: f64 = 0.3;
