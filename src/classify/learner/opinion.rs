//! What the learner thinks of a ticket, and why.

use crate::classify::decide::SILENCE;
use crate::classify::learner::features::{Kind, row};
use crate::classify::learner::model::best;
use crate::classify::learner::reasons::Heard;
use crate::classify::learner::train::{self, BIAS_RIDGE, Fit, Plan, Row};
use crate::classify::learner::weights::{Known, SubHead};
use crate::classify::learner::{Model, Observation};
use crate::taxonomy::{OTHER, Pattern, Taxonomy};

/// The shipped model, or the rules where it does not fit the taxonomy, with what reviewed labels added.
pub struct Learner<'t> {
    taxonomy: &'t Taxonomy,
    /// The shipped model with the class of each pattern of the taxonomy.
    pub(super) model: Option<(Model, Vec<usize>)>,
    /// By pattern, the place of its head for sub-patterns in the model, with the class of each sub-pattern, "none"
    /// last; those that were added since have none.
    sub_heads: Vec<Option<(usize, Vec<Option<usize>>)>>,
    /// What labels add to the scores of patterns.
    pub(super) taught: Fit,
    /// What labels add to the scores of sub-patterns, by the place of their pattern.
    taught_subs: Vec<Fit>,
}

/// What the learner thinks of a ticket.
#[derive(Debug, Clone, PartialEq)]
pub struct Opinion {
    /// Place of the most probable pattern.
    pub pattern: usize,
    /// Place of its most probable sub-pattern; `None` if none fits.
    pub sub: Option<usize>,
    /// Probability of that choice, "none fits" included, given the pattern.
    pub sub_chance: f64,
    /// Probability of every pattern, in the order of the taxonomy.
    pub chances: Vec<f64>,
    /// Probability of the pattern `other`; 1 where nothing spoke.
    pub outside: f64,
    /// Whether the pattern is probable enough not to be looked at again.
    pub sure: bool,
    /// Whether anything in the ticket spoke at all.
    pub heard: bool,
}

/// What a learner has learnt from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Learnt {
    /// Nothing fits the taxonomy and nobody labelled a ticket: what it says are the points of the rules.
    Nothing,
    /// Labels of people alone; how right it is was never measured.
    Labels,
    /// The examples that are shipped, on which its probabilities were calibrated.
    Examples,
    /// The examples, and labels since.
    ExamplesAndLabels,
}

/// Points by which one pattern must lead another in the rules to be e times as probable, where the rules are all
/// there is.
const RULE_POINTS: f64 = 1.6;
/// Rounds over the features of the labelled tickets.
const LABEL_ROUNDS: usize = 15;

/// How strongly what labels teach is pulled back to what the examples taught.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Teaching {
    /// The pull of every word's weight.
    pub ridge: f64,
    /// The pull of what each pattern starts from.
    pub bias_ridge: f64,
}

impl Teaching {
    /// Over what the examples taught. Measured on tickets that nobody labelled (docs/accuracy.md): with a pull of 0.05,
    /// sixty labels made them worse. Tickets that are asked about are the doubtful ones, so they say little about the
    /// rest, and least about how frequent each pattern is.
    pub const OVER_EXAMPLES: Self = Self {
        ridge: 10.0,
        bias_ridge: 10.0,
    };

    /// Where labels are all there is to learn from.
    pub const ALONE: Self = Self {
        ridge: 0.05,
        bias_ridge: BIAS_RIDGE,
    };
}

impl<'t> Learner<'t> {
    /// Makes the shipped model ready for a taxonomy.
    #[must_use]
    pub fn new(taxonomy: &'t Taxonomy) -> Self {
        Self::with(Model::shipped().ok(), taxonomy)
    }

    /// Makes a model ready for a taxonomy; one whose patterns are others is left out.
    #[must_use]
    pub fn with(model: Option<Model>, taxonomy: &'t Taxonomy) -> Self {
        let fitting = |model: Model| {
            let class = |id: &str| model.pattern.classes().iter().position(|class| class == id);
            let classes: Vec<usize> = taxonomy
                .patterns
                .iter()
                .map(|pattern| class(&pattern.id))
                .collect::<Option<_>>()?;
            (classes.len() == model.pattern.classes().len()).then_some((model, classes))
        };
        let model = model.and_then(fitting);
        let sub_head = |pattern: &Pattern| {
            let (model, _) = model.as_ref()?;
            let at = model.subs.iter().position(|(id, _)| *id == pattern.id)?;
            let class = |id: &str| model.subs[at].1.classes().iter().position(|class| class == id);
            let ids = pattern.subs.iter().map(|sub| sub.id.as_str()).chain([""]);
            Some((at, ids.map(class).collect()))
        };
        Self {
            taxonomy,
            sub_heads: taxonomy.patterns.iter().map(sub_head).collect(),
            model,
            taught: Fit::default(),
            taught_subs: vec![Fit::default(); taxonomy.patterns.len()],
        }
    }

    /// Learns from reviewed tickets: each with the places of its pattern and, where it was said, its sub-pattern.
    ///
    /// The examples' weights stay; what is added is as small as the labels allow.
    #[must_use]
    pub fn taught(self, labelled: &[(Observation, usize, Option<usize>)]) -> Self {
        let teaching = match &self.model {
            Some(_) => Teaching::OVER_EXAMPLES,
            None => Teaching::ALONE,
        };
        self.taught_as(labelled, teaching)
    }

    /// Learns from reviewed tickets as strongly as is said; `taught` uses what was measured to be best.
    #[must_use]
    pub fn taught_as(mut self, labelled: &[(Observation, usize, Option<usize>)], teaching: Teaching) -> Self {
        let heard: Vec<Heard<'_>> = labelled.iter().map(|(seen, ..)| self.listen(seen)).collect();
        let rows: Vec<Row> = heard.iter().map(|heard| heard.row.clone()).collect();
        let offsets: Vec<Vec<f64>> = heard.iter().map(|heard| heard.scores.clone()).collect();
        let targets: Vec<usize> = labelled.iter().map(|(_, pattern, _)| *pattern).collect();
        let plan = |classes| Plan {
            classes,
            ridge: teaching.ridge,
            bias_ridge: teaching.bias_ridge,
            least: 1,
            rounds: LABEL_ROUNDS,
        };
        let patterns = train::fit(&rows, &targets, &offsets, &plan(self.taxonomy.patterns.len()));
        for pattern in 0..self.taxonomy.patterns.len() {
            let subs = self.taxonomy.patterns[pattern].subs.len();
            let (mut of_rows, mut of_offsets, mut of_targets) = (Vec::new(), Vec::new(), Vec::new());
            for ((_, target, sub), heard) in labelled.iter().zip(&heard) {
                if let (true, Some(sub)) = (*target == pattern, sub) {
                    of_offsets.push(self.sub_scores(pattern, heard));
                    of_rows.push(heard.row.clone());
                    of_targets.push(*sub);
                }
            }
            if !of_rows.is_empty() {
                self.taught_subs[pattern] = train::fit(&of_rows, &of_targets, &of_offsets, &plan(subs + 1));
            }
        }
        self.taught = patterns;
        self
    }

    /// Listens to a ticket once, for all that is asked about it.
    pub(in crate::classify) fn listen<'o>(&self, seen: &'o Observation) -> Heard<'o> {
        let row = row(&seen.features);
        let (scores, known) = self.scores(seen, &row);
        Heard {
            seen,
            row,
            scores,
            known,
        }
    }

    /// Says what it thinks of a ticket.
    #[must_use]
    pub fn judge(&self, seen: &Observation) -> Opinion {
        self.judge_heard(&self.listen(seen))
    }

    /// How probable it thinks each pattern is, in the order of the taxonomy.
    #[must_use]
    pub fn chances(&self, seen: &Observation) -> Vec<f64> {
        train::softmax(&self.scores(seen, &row(&seen.features)).0)
    }

    pub(in crate::classify) fn judge_heard(&self, heard: &Heard<'_>) -> Opinion {
        let seen = heard.seen;
        let chances = train::softmax(&heard.scores);
        let speaks = seen.verdict.best.is_some() || self.has_heard(heard);
        // A ticket in which nothing speaks asks for nothing that is known, whatever is frequent elsewhere.
        let other = (0..chances.len()).find(|at| self.is_other(*at));
        let outside = other.map_or(0.0, |other| if speaks { chances[other] } else { 1.0 });
        let pattern = other.filter(|_| !speaks).unwrap_or_else(|| best(&chances));
        let subs = train::softmax(&self.handicapped(pattern, heard));
        let chosen = best(&subs);
        let sub = (speaks && chosen < self.taxonomy.patterns[pattern].subs.len()).then_some(chosen);
        let sure = self
            .bar(seen, pattern)
            .map_or(seen.verdict.sure, |bar| chances[pattern] >= bar);
        Opinion {
            pattern,
            sub,
            sub_chance: subs[chosen],
            outside,
            sure: sure && speaks,
            heard: speaks,
            chances,
        }
    }

    /// Returns the least probability of a pattern that need not be looked at again in a ticket; `None` where the rules' own
    /// bars decide.
    #[must_use]
    pub fn bar(&self, seen: &Observation, pattern: usize) -> Option<f64> {
        match (&self.model, self.learnt()) {
            (Some((model, _)), _) => {
                let calibration = model.calibrations.of(seen.lang);
                Some(calibration.bar(seen.verdict.names(pattern)))
            }
            (None, Learnt::Nothing) => None,
            (None, _) => Some(UNFITTED_SURE),
        }
    }

    /// Returns what it has learnt from.
    #[must_use]
    pub fn learnt(&self) -> Learnt {
        match (self.model.is_some(), self.taught.bias.is_empty()) {
            (false, true) => Learnt::Nothing,
            (false, false) => Learnt::Labels,
            (true, true) => Learnt::Examples,
            (true, false) => Learnt::ExamplesAndLabels,
        }
    }

    /// Says whether a pattern is the one for other kinds of work.
    #[must_use]
    pub fn is_other(&self, pattern: usize) -> bool {
        self.taxonomy.patterns[pattern].id == OTHER
    }

    /// Chooses the sub-pattern of a ticket whose pattern is known.
    pub(in crate::classify) fn sub_of(&self, pattern: usize, heard: &Heard<'_>) -> Option<usize> {
        let sub = best(&self.handicapped(pattern, heard));
        (sub < self.taxonomy.patterns[pattern].subs.len()).then_some(sub)
    }

    /// Scores of the sub-patterns as they are chosen by: "none of them" must lead clearly.
    fn handicapped(&self, pattern: usize, heard: &Heard<'_>) -> Vec<f64> {
        let mut scores = self.sub_scores(pattern, heard);
        if let Some(none) = scores.last_mut() {
            *none -= NONE_HANDICAP;
        }
        scores
    }

    /// Says whether it knows a word of the ticket.
    fn has_heard(&self, heard: &Heard<'_>) -> bool {
        let features = &heard.seen.features;
        let is_word = |kind: Kind| {
            !matches!(
                kind,
                Kind::Shape | Kind::Score | Kind::Act | Kind::Frame | Kind::Phrase | Kind::Class
            )
        };
        let mut shipped = heard.known.iter().map(|known| &features[known.place as usize]);
        let is_taught = |key: u32| self.taught.keys.binary_search(&key).is_ok();
        shipped.any(|feature| is_word(feature.kind))
            || features
                .iter()
                .any(|feature| is_word(feature.kind) && is_taught(feature.key))
    }

    /// Calibrated scores of the patterns, in the order of the taxonomy, and what the shipped model knows of the row.
    fn scores(&self, seen: &Observation, row: &Row) -> (Vec<f64>, Vec<Known>) {
        let (mut scores, known) = match &self.model {
            Some((model, classes)) => {
                let mut raw = vec![0.0; classes.len()];
                let known = model.pattern.add(row, &mut raw);
                let temperature = model.calibrations.of(seen.lang).temperature;
                let calibrated = classes.iter().map(|class| raw[*class] / temperature);
                (calibrated.collect(), known)
            }
            None => (self.by_rules(seen), Vec::new()),
        };
        if let Some((added, points)) = self.added(seen) {
            scores[added.0] += points / RULE_POINTS;
        }
        self.taught.add(row, &mut scores);
        (scores, known)
    }

    /// Scores where nothing was learnt for the taxonomy: the points of the rules, silence counting for `other`.
    fn by_rules(&self, seen: &Observation) -> Vec<f64> {
        let score = |(points, id): (&f64, &str)| {
            let silence = if id == OTHER { SILENCE } else { 0.0 };
            points.max(silence) / RULE_POINTS
        };
        let ids = self.taxonomy.patterns.iter().map(|pattern| pattern.id.as_str());
        seen.verdict.scores.iter().zip(ids).map(score).collect()
    }

    /// Scores of the sub-patterns of a pattern, "none of them" last.
    fn sub_scores(&self, pattern: usize, heard: &Heard<'_>) -> Vec<f64> {
        let Heard { seen, row, known, .. } = heard;
        let of = &self.taxonomy.patterns[pattern];
        let mut scores = vec![0.0; of.subs.len() + 1];
        match self.sub_head(pattern) {
            Some((head, classes)) => {
                let mut raw = vec![0.0; head.classes().len()];
                head.add(row, known, &mut raw);
                // What was added since starts behind all that the examples speak of, until rules or labels do.
                let least = raw.iter().copied().fold(f64::INFINITY, f64::min);
                for (score, class) in scores.iter_mut().zip(classes) {
                    *score = class.map_or(least, |class: usize| raw[class]);
                }
                if let Some(((_, sub), points)) = self.added(seen).filter(|(added, _)| added.0 == pattern) {
                    scores[sub] = raw[best(&raw)] + points / RULE_POINTS;
                }
            }
            None => {
                let ruled = seen.verdict.best.filter(|best| best.pattern == pattern);
                let sub = ruled.and_then(|best| best.sub).unwrap_or(of.subs.len());
                scores[sub] = RULE_POINTS;
            }
        }
        self.taught_subs[pattern].add(row, &mut scores);
        scores
    }

    /// The sub-pattern that the rules find, with their points, where it was added to the taxonomy after the model was
    /// trained: no example speaks for it, so the rules count there as where nothing was learnt.
    fn added(&self, seen: &Observation) -> Option<((usize, usize), f64)> {
        self.model.as_ref()?;
        let best = seen.verdict.best?;
        let sub = best.sub?;
        let head = self.sub_head(best.pattern);
        let known = head.is_some_and(|(_, classes)| classes[sub].is_some());
        (!known).then_some(((best.pattern, sub), best.score))
    }

    /// The shipped head for the sub-patterns of a pattern, with the class of each.
    fn sub_head(&self, pattern: usize) -> Option<(&SubHead, &[Option<usize>])> {
        let (model, _) = self.model.as_ref()?;
        let (at, classes) = self.sub_heads[pattern].as_ref()?;
        Some((&model.subs[*at].1, classes))
    }
}

/// The bar for review where only the rules and labels are known: a rule of thumb, for nothing could be calibrated, and
/// reports say so.
const UNFITTED_SURE: f64 = 0.8;
/// Log odds by which "none of them" must lead the best sub-pattern: a ticket that is put into a near sub-pattern is
/// found there by a reader, one without any is lost among the rest.
const NONE_HANDICAP: f64 = 1.0;

#[cfg(test)]
mod tests {
    use super::Learner;
    use crate::classify::pass::observe;
    use crate::taxonomy::Taxonomy;
    use crate::ticket::{Ticket, TicketId};

    /// Tickets about things that no example speaks of, by their titles.
    fn tickets(titles: &[&str]) -> Vec<Ticket> {
        let ticket = |(at, title): (usize, &&str)| {
            let mut ticket = Ticket::new(TicketId::new(&format!("{at}")).expect("an id"));
            ticket.title = Some((*title).to_owned());
            ticket
        };
        titles.iter().enumerate().map(ticket).collect()
    }

    #[test]
    fn a_few_answers_about_one_kind_carry_over_to_the_next_of_it() {
        let taxonomy = Taxonomy::builtin().expect("valid");
        let place = |id: &str| {
            taxonomy
                .patterns
                .iter()
                .position(|pattern| pattern.id == id)
                .expect("it is there")
        };
        let tickets = tickets(&[
            "シュレッダーの紙詰まり 3階",
            "シュレッダーの紙詰まり 受付横",
            "紙詰まり シュレッダー 5階東",
            "シュレッダーが紙詰まりです",
            "シュレッダー 紙詰まり 会議室前",
            "シュレッダーの紙詰まり 8階",
            "GitHubに招待してください",
        ]);
        let seen = observe(&tickets.iter().collect::<Vec<_>>(), &taxonomy);
        let answers: Vec<_> = seen[..5]
            .iter()
            .map(|seen| (seen.clone(), place("environment"), None))
            .collect();
        let before = Learner::new(&taxonomy);
        assert_ne!(before.judge(&seen[5]).pattern, place("environment"));
        let taught = before.taught(&answers);
        assert_eq!(taught.judge(&seen[5]).pattern, place("environment"));
        assert_eq!(
            taught.judge(&seen[6]).pattern,
            place("account"),
            "others stay as they were"
        );
    }
}
