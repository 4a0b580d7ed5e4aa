//! What every part of a report is built from, and which parts a command shows.

use std::collections::BTreeMap;

use crate::analysis::Analysis;
use crate::classify::{Labels, NamedGroup};
use crate::compose::facts;
use crate::compose::history::{self, Since};
use crate::compose::{
    audit, bundles, candidate_story, candidates, controls, effort_check, evaluation, explanation, overview,
    patterns, proposal, slots, story, tickets, trend,
};
use crate::conditions::Facts;
use crate::config::Settings;
use crate::coverage::Coverage;
use crate::evaluate::Evaluation;
use crate::plausible::Doubt;
use crate::report::safe;
use crate::report::{Meta, Report, Section};
use crate::taxonomy::{Concept, ConceptKind, Lang, Pattern, Taxonomy};
use crate::text::{Redacted, Redactor};

/// Most parameters that people see with the candidates.
const SLOTS_SHOWN: usize = 20;

/// What a command shows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum View {
    /// The whole story.
    Report,
    /// The table of patterns.
    Patterns,
    /// The table of candidates.
    Candidates,
    /// The table of tickets.
    Tickets(Order),
    /// The table of quarters.
    Trend,
    /// What an earlier run said of the same quarters.
    SinceRun,
}

/// In which order tickets are listed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Order {
    /// By id.
    Id,
    /// First what a person's answer would teach most.
    Review,
}

/// An analysis on its way to a reader: in one language, redacted or not.
pub struct Scene<'a> {
    /// What was found.
    pub analysis: &'a Analysis<'a>,
    /// Where every record ended up.
    pub coverage: Coverage,
    /// The taxonomy in force.
    pub taxonomy: &'a Taxonomy,
    /// The settings in force.
    pub settings: &'a Settings,
    /// The earlier run that this one is told against.
    pub since: Option<Since>,
    /// What in the tickets cannot be true and was set aside.
    pub doubts: &'a [Doubt],
    redactor: Option<Redactor>,
    /// Names of the discovered groups by their ids.
    group_names: BTreeMap<&'a str, String>,
}

impl<'a> Scene<'a> {
    /// Sets the scene; text is redacted unless the settings say `raw`.
    #[must_use]
    pub fn new(
        analysis: &'a Analysis<'a>,
        coverage: Coverage,
        taxonomy: &'a Taxonomy,
        settings: &'a Settings,
    ) -> Self {
        let redactor = (!settings.raw).then(|| {
            let texts = analysis.tickets.iter().flat_map(|ticket| ticket.texts());
            Redactor::new(&analysis.people, settings.seed).with_names_in(texts)
        });
        let mut scene = Self {
            analysis,
            coverage,
            taxonomy,
            settings,
            since: None,
            doubts: &[],
            redactor,
            group_names: BTreeMap::new(),
        };
        scene.group_names = analysis
            .groups
            .iter()
            .map(|group| (group.id.as_str(), scene.discovered_name(group)))
            .collect();
        scene
    }

    /// Tells what is found against an earlier run.
    #[must_use]
    pub fn since(self, since: Option<Since>) -> Self {
        Self { since, ..self }
    }

    /// Says at the foot what was set aside.
    #[must_use]
    pub fn doubting(self, doubts: &'a [Doubt]) -> Self {
        Self { doubts, ..self }
    }

    /// Gathers the numbers and verdicts that conditions are checked against.
    #[must_use]
    pub fn facts(&self) -> Facts {
        facts::facts(self)
    }

    /// Builds what a command shows.
    #[must_use]
    pub fn report(&self, view: View) -> Report {
        let one = |section: Section| (String::new(), Vec::new(), vec![section]);
        let (title, headline, mut sections) = match view {
            View::Report => overview::report(self),
            View::Patterns => one(patterns::all(self)),
            View::Candidates => self.candidates(),
            View::Tickets(order) => one(tickets::all(self, order)),
            View::SinceRun => one(history::since_run(self)),
            View::Trend => (String::new(), Vec::new(), trend::all(self)),
        };
        if view == View::Trend {
            sections.extend(history::lineage(self));
        }
        self.with_foot(title, headline, sections)
    }

    /// The candidates first, since that is the table for machines; for people also what they are made of.
    fn candidates(&self) -> (String, Vec<String>, Vec<Section>) {
        let mut sections = vec![
            candidates::ranked(self),
            bundles::all(self),
            slots::all(self, SLOTS_SHOWN),
            controls::all(self),
        ];
        sections.extend(effort_check::all(self));
        let headline = std::iter::once(story::story(self)).chain(proposal::proposal(self));
        (String::new(), headline.collect(), sections)
    }

    /// Tells where each number of a candidate or bundle comes from; `None` if there is none with this id.
    #[must_use]
    pub fn candidate_story(&self, id: &str) -> Option<Report> {
        let (title, sections) = candidate_story::story(self, id)?;
        Some(self.with_foot(title, Vec::new(), sections))
    }

    /// Lists the ids that have a story.
    #[must_use]
    pub fn candidate_ids(&self) -> Vec<String> {
        candidate_story::ids(self)
    }

    /// Builds the report of an evaluation.
    #[must_use]
    pub fn evaluation(&self, evaluation: &Evaluation<'_>) -> Report {
        let (title, headline, sections) = evaluation::report(self, evaluation);
        self.with_foot(title, headline, sections)
    }

    /// Builds the report on how the cues of the taxonomy do on the tickets.
    #[must_use]
    pub fn audit(&self, labels: &Labels) -> Report {
        let (title, headline, sections) = audit::report(self, labels);
        self.with_foot(title, headline, sections)
    }

    /// Builds the explanation of the decision about the ticket at a place of the analysis.
    #[must_use]
    pub fn explanation(&self, at: usize, labels: &Labels) -> Report {
        let (title, headline, sections) = explanation::report(self, at, labels);
        self.with_foot(title, headline, sections)
    }

    fn with_foot(&self, title: String, headline: Vec<String>, sections: Vec<Section>) -> Report {
        Report {
            title,
            headline,
            sections,
            foot: overview::foot(self),
            meta: self.meta(),
        }
    }

    /// Returns the language of the report.
    #[must_use]
    pub fn lang(&self) -> Lang {
        self.settings.lang
    }

    /// Picks the wording of the report's language.
    #[must_use]
    pub fn pick<T>(&self, ja: T, en: T) -> T {
        match self.lang() {
            Lang::Ja => ja,
            Lang::En => en,
        }
    }

    /// Makes text from a ticket fit to be shown: redacted unless raw, and harmless.
    #[must_use]
    pub fn show(&self, text: &str) -> String {
        match &self.redactor {
            Some(redactor) => safe::plain(&redactor.redact(text)),
            None => safe::plain(text),
        }
    }

    /// Redacts a text unless raw, and remembers what stands where.
    pub(super) fn redacted(&self, text: &str) -> Redacted {
        match &self.redactor {
            Some(redactor) => redactor.trace(text),
            None => Redacted::raw(text),
        }
    }

    /// Returns the name of a pattern.
    #[must_use]
    pub fn pattern_name(&self, id: &str) -> String {
        self.taxonomy
            .pattern(id)
            .map_or(id, |pattern| pattern.name.get(self.lang()))
            .to_owned()
    }

    /// Returns the names of all patterns by their ids.
    #[must_use]
    pub fn pattern_names(&self) -> BTreeMap<String, String> {
        let name = |pattern: &Pattern| (pattern.id.clone(), pattern.name.get(self.lang()).to_owned());
        self.taxonomy.patterns.iter().map(name).collect()
    }

    /// Returns the name of a sub-pattern.
    #[must_use]
    pub fn subpattern_name(&self, id: &str) -> String {
        self.taxonomy
            .sub(id)
            .map_or(id, |(_, sub)| sub.name.get(self.lang()))
            .to_owned()
    }

    /// Returns the names of all sub-patterns by their ids.
    #[must_use]
    pub fn subpattern_names(&self) -> BTreeMap<String, String> {
        let subs = self.taxonomy.patterns.iter().flat_map(|pattern| &pattern.subs);
        subs.map(|sub| (sub.id.clone(), sub.name.get(self.lang()).to_owned()))
            .collect()
    }

    /// Returns the name of a sub-pattern or of a discovered group.
    #[must_use]
    pub fn group_name(&self, id: &str) -> String {
        self.group_names
            .get(id)
            .cloned()
            .unwrap_or_else(|| self.subpattern_name(id))
    }

    /// Names a discovered group for a sentence or a cell, see [`Self::plain_name`].
    #[must_use]
    pub fn discovered_name(&self, group: &NamedGroup) -> String {
        self.name_of(&group.terms, &group.concepts)
    }

    /// Names a group by its words and concepts, as [`Self::discovered_name`] does.
    pub(super) fn name_of(&self, terms: &[String], concepts: &[String]) -> String {
        let name = self.bare_name(terms, concepts, self.lang());
        match (name.is_empty(), self.lang()) {
            (true, Lang::Ja) => "名前のないグループ".to_owned(),
            (true, Lang::En) => "unnamed group".to_owned(),
            (false, Lang::Ja) => format!("「{name}」"),
            (false, Lang::En) => format!("\u{201c}{name}\u{201d}"),
        }
    }

    /// Names a discovered group in a language: what is done to what, by notions that tell it from the rest, then the
    /// words that do, masked as the tickets were and harmless. Empty where there is neither.
    #[must_use]
    pub fn plain_name(&self, group: &NamedGroup, lang: Lang) -> String {
        self.bare_name(&group.terms, &group.concepts, lang)
    }

    fn bare_name(&self, terms: &[String], concepts: &[String], lang: Lang) -> String {
        let concepts = concepts.iter().filter_map(|id| self.taxonomy.concept(id));
        let concepts: Vec<&Concept> = concepts.collect();
        let first = |kinds: &[ConceptKind]| concepts.iter().find(|concept| kinds.contains(&concept.kind));
        let action = first(&[ConceptKind::Action, ConceptKind::Ask]);
        let object = first(&[ConceptKind::Object, ConceptKind::State]);
        let named: Vec<&Concept> = action.into_iter().chain(object).copied().collect();
        let deed = match (action.map(|c| c.name.get(lang)), object.map(|c| c.name.get(lang))) {
            (Some(action), Some(object)) if lang == Lang::Ja => format!("{object}の{action}"),
            (Some(action), Some(object)) => format!("{action}: {object}"),
            (action, object) => action.or(object).unwrap_or_default().to_owned(),
        };
        // A word of a notion that is named says nothing new.
        let is_new = |term: &&String| {
            let says = |word: &String| word == *term || (!word.is_ascii() && term.contains(word.as_str()));
            !named.iter().any(|concept| concept.words.iter().any(says))
        };
        let terms = terms.iter().filter(is_new).map(|term| self.show(term));
        let most = if deed.is_empty() { 3 } else { 2 };
        let terms: Vec<String> = terms.filter(|term| !term.is_empty()).take(most).collect();
        let words = terms.join(match lang {
            Lang::Ja => "・",
            Lang::En => ", ",
        });
        match (deed.is_empty(), words.is_empty(), lang) {
            (true, _, _) => words,
            (_, true, _) => deed,
            (_, _, Lang::Ja) => format!("{deed}（{words}）"),
            (_, _, Lang::En) => format!("{deed} ({words})"),
        }
    }

    fn meta(&self) -> Meta {
        let mut coverage = self.coverage.terms().to_vec();
        coverage.push(("records", self.coverage.sum()));
        let mut settings = self.settings.record();
        settings.insert("as_of".to_owned(), self.as_of().into());
        settings.insert(
            "taxonomy_version".to_owned(),
            self.taxonomy.version.clone().into(),
        );
        Meta {
            tool_version: env!("CARGO_PKG_VERSION").to_owned(),
            taxonomy_hash: self.taxonomy.hash.clone(),
            seed: self.settings.seed,
            settings,
            coverage,
        }
    }

    /// Returns the local day that counts as today.
    #[must_use]
    pub fn as_of(&self) -> String {
        self.analysis
            .as_of
            .to_zoned(self.settings.timezone.zone().clone())
            .date()
            .to_string()
    }
}
