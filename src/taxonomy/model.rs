//! The types of a taxonomy: patterns and their cues, the systems, slots and concepts they speak of.
//!
//! Order is the order of the file throughout. Every regex in here reads normalised text (see [`CuePattern`]), and
//! every id that one entry uses of another exists.

use super::estimate::{Foundation, ThreePoint};
use super::fault::TaxonomyError;
use super::lineage::{self, LineageStep, Standing};
use super::load;
use super::pattern::CuePattern;
use super::play::{Play, Provider};
use super::settings::{Engine, Estimation};
use super::words::Words;

/// The pattern of a ticket that no other pattern speaks for; every taxonomy has it.
pub const OTHER: &str = "other";

/// The kinds of entity, by name, that may fill a slot.
pub const ENTITY_KINDS: [&str; 19] = [
    "account",
    "date",
    "duration",
    "environment",
    "handle",
    "host",
    "ip",
    "mail",
    "number",
    "person",
    "phone",
    "project",
    "repository",
    "role",
    "secret",
    "service",
    "ticket_number",
    "time",
    "url",
];

/// A valid taxonomy: what to look for in tickets and what could be done about it.
#[derive(Debug)]
pub struct Taxonomy {
    /// Version that its authors gave it.
    pub version: String,
    /// First 16 hex digits of the SHA-256 of the file's bytes, for reports to name what they were made with.
    pub hash: String,
    /// How votes become a decision.
    pub engine: Engine,
    /// Patterns in the order of the file; [`OTHER`] is one of them.
    pub patterns: Vec<Pattern>,
    /// Synonyms in both languages, shared by rules and clustering.
    pub concepts: Vec<Concept>,
    /// Notions of work that no pattern is about; the search for groups and the learner listen to them.
    pub notions: Vec<Concept>,
    /// Tools and platforms by their names.
    pub systems: Vec<System>,
    /// What a request must say to be carried out.
    pub slots: Vec<Slot>,
    /// Tickets that are no request for work.
    pub exclusions: Vec<ExclusionRule>,
    /// Ways to automate.
    pub plays: Vec<Play>,
    /// Terraform providers that plays use.
    pub providers: Vec<Provider>,
    /// What plays share.
    pub foundations: Vec<Foundation>,
    /// How savings are estimated.
    pub estimation: Estimation,
    /// What became of ids that are no longer in use, in the order of the file.
    pub lineage: Vec<LineageStep>,
}

impl Taxonomy {
    /// Loads the taxonomy that the binary carries, in a fraction of the time of [`Taxonomy::parse`]: what a test
    /// has proved of its regexes is not proved again on every run.
    ///
    /// # Errors
    ///
    /// Returns its faults; a test keeps it without.
    pub fn builtin() -> Result<Self, TaxonomyError> {
        load::builtin("data/taxonomy.toml", Self::BUILTIN)
    }

    /// The text of the built-in taxonomy, for a user to start an own one from.
    pub const BUILTIN: &str = include_str!("../../data/taxonomy.toml");

    /// A commented taxonomy of three example patterns to start an own one from, its comments in English.
    pub const START_EN: &str = include_str!("../../data/start/en.toml");

    /// The same with its comments in Japanese.
    pub const START_JA: &str = include_str!("../../data/start/ja.toml");

    /// Reads a taxonomy from TOML; `name` is the file name that messages show.
    ///
    /// # Errors
    ///
    /// Returns every fault of the file, ordered by line. A syntax error of TOML itself hides what stands behind
    /// it and comes alone.
    pub fn parse(name: &str, text: &str) -> Result<Self, TaxonomyError> {
        load::taxonomy(name, text)
    }

    /// Finds a pattern by its id.
    #[must_use]
    pub fn pattern(&self, id: &str) -> Option<&Pattern> {
        self.patterns.iter().find(|pattern| pattern.id == id)
    }

    /// Finds a sub-pattern by its id ("account.github"), with the pattern it belongs to.
    #[must_use]
    pub fn sub(&self, id: &str) -> Option<(&Pattern, &SubPattern)> {
        let subs = |pattern| {
            let pattern: &Pattern = pattern;
            pattern.subs.iter().map(move |sub| (pattern, sub))
        };
        self.patterns.iter().flat_map(subs).find(|(_, sub)| sub.id == id)
    }

    /// Finds a concept, or a notion beyond the patterns, by its id.
    #[must_use]
    pub fn concept(&self, id: &str) -> Option<&Concept> {
        self.concepts
            .iter()
            .chain(&self.notions)
            .find(|concept| concept.id == id)
    }

    /// Finds a play by its id.
    #[must_use]
    pub fn play(&self, id: &str) -> Option<&Play> {
        self.plays.iter().find(|play| play.id == id)
    }

    /// Finds a Terraform provider by its id.
    #[must_use]
    pub fn provider(&self, id: &str) -> Option<&Provider> {
        self.providers.iter().find(|provider| provider.id == id)
    }

    /// Finds a foundation by its id.
    #[must_use]
    pub fn foundation(&self, id: &str) -> Option<&Foundation> {
        self.foundations.iter().find(|foundation| foundation.id == id)
    }

    /// Finds a slot by its id.
    #[must_use]
    pub fn slot(&self, id: &str) -> Option<&Slot> {
        self.slots.iter().find(|slot| slot.id == id)
    }

    /// Finds a system by its id.
    #[must_use]
    pub fn system(&self, id: &str) -> Option<&System> {
        self.systems.iter().find(|system| system.id == id)
    }

    /// Says what became of the id of a pattern or sub-pattern.
    ///
    /// Labels and earlier runs outlive taxonomies: a person's answer of last year names last year's ids.
    #[must_use]
    pub fn standing(&self, id: &str) -> Standing<'_> {
        let in_use = |id: &str| {
            let pattern = self.pattern(id).map(|pattern| pattern.id.as_str());
            pattern.or_else(|| self.sub(id).map(|(_, sub)| sub.id.as_str()))
        };
        lineage::standing(&self.lineage, &in_use, id)
    }

    /// Returns the one present id that an id stands for; `None` if there is none, or more than one.
    #[must_use]
    pub fn current_id(&self, id: &str) -> Option<&str> {
        match self.standing(id) {
            Standing::Now(now) => Some(now),
            _ => None,
        }
    }
}

/// A kind of request.
#[derive(Debug)]
pub struct Pattern {
    /// Its id: lower-case letters, digits and underscores.
    pub id: String,
    /// What a reader calls it.
    pub name: Words,
    /// Breaks exact ties between patterns; the lower number wins.
    pub priority: u32,
    /// Whether such work is toil unless shown otherwise; judgement is not.
    pub toil_default: bool,
    /// What speaks for it, with positive weights.
    pub cues: Vec<Cue>,
    /// What speaks against it, with positive weights that are subtracted.
    pub negative: Vec<Cue>,
    /// Its finer kinds, in the order of the file.
    pub subs: Vec<SubPattern>,
}

/// A finer kind of request, close enough to one way of automating it.
#[derive(Debug)]
pub struct SubPattern {
    /// Its id: that of its pattern, a dot, and its own name.
    pub id: String,
    /// What a reader calls it.
    pub name: Words,
    /// Systems that it is about; empty if it is about none in particular.
    pub systems: Vec<String>,
    /// Whether one of the systems must be named.
    pub require_system: bool,
    /// Whether one of its own cues must speak; without a system list it would else soak up its whole pattern.
    pub require_own_cue: bool,
    /// Whether a cue of its pattern must speak too.
    pub require_pattern_vote: bool,
    /// What speaks for it, beside the pattern's cues.
    pub cues: Vec<Cue>,
    /// What speaks against it.
    pub negative: Vec<Cue>,
    /// What such a request must say.
    pub slots: SlotNeeds,
    /// Hands-on minutes a ticket, as a prior; `None` if nobody dares to guess.
    pub minutes: Option<ThreePoint>,
    /// Plays that fit, best first.
    pub plays: Vec<String>,
    /// 1 = a mistake is visible and undone in minutes, 4 = data loss or escalation of privileges.
    pub risk: u8,
    /// Who has to approve such a request; `None` if nobody has to.
    pub approval: Option<Words>,
    /// Whether it can be undone without loss.
    pub reversible: bool,
    /// What must be kept in check with such requests.
    pub control: Option<Control>,
}

/// What must be kept in check with a kind of request, beside doing it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Control {
    /// It takes away the access of people who leave: one that waits leaves a door open.
    Leaver,
    /// It gives a permission: one without an end stays for ever.
    Grant,
}

/// Slots that a request of a kind needs, by id.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct SlotNeeds {
    /// Without these nobody can carry it out.
    pub required: Vec<String>,
    /// These help.
    pub optional: Vec<String>,
}

/// One witness: a regex and what its voice counts.
#[derive(Debug)]
pub struct Cue {
    /// Stable within a file: the author's own id, or owner, list and position from 1 ("account.cue.3").
    pub id: String,
    /// What it looks for.
    pub pattern: CuePattern,
    /// What its voice counts; above 0, at most 10. Counted once per ticket and field.
    pub weight: f64,
    /// Synonyms share a family, whose sum is capped.
    pub family: Option<String>,
    /// Where it listens.
    pub scope: Scope,
}

/// Where a cue listens.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub enum Scope {
    /// In any prose.
    #[default]
    Any,
    /// Only in the title.
    Title,
    /// Only in code blocks.
    Code,
    /// Only in the form's drop-down.
    Category,
}

/// A notion with its words in both languages: "招待して" and "invite" are one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Concept {
    /// Its key under `[concepts]` or `[notions]`.
    pub id: String,
    /// What a reader calls it.
    pub name: Words,
    /// What sort of notion it is.
    pub kind: ConceptKind,
    /// Its words, normalised. Latin words stand for whole words, all others for substrings.
    pub words: Vec<String>,
}

/// The sorts of notion in a request.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum ConceptKind {
    /// What is to be done: invite, delete.
    Action,
    /// To what: account, namespace.
    Object,
    /// How something is: broken, slow.
    State,
    /// How it is asked: how to, which.
    Ask,
}

/// A tool or platform that tickets name.
#[derive(Debug)]
pub struct System {
    /// Its key under `[systems]`.
    pub id: String,
    /// Its name, the same in both languages.
    pub label: String,
    /// How tickets name it.
    pub alias: Vec<CuePattern>,
}

/// A value that a request must carry.
#[derive(Debug)]
pub struct Slot {
    /// Its key under `[slots]`.
    pub id: String,
    /// What a reader calls it.
    pub name: Words,
    /// Kinds of entity that fill it, from [`ENTITY_KINDS`].
    pub entities: Vec<String>,
    /// Form labels, normalised, whose answer fills it.
    pub form: Vec<String>,
    /// Other texts that fill it.
    pub detect: Vec<CuePattern>,
    /// A text found by `detect` that matches one of these does not count.
    pub reject: Vec<CuePattern>,
}

/// How to tell a ticket that is no request for work.
#[derive(Debug)]
pub struct ExclusionRule {
    /// Why it is left out.
    pub reason: Exclusion,
    /// What shows it.
    pub cues: Vec<Cue>,
    /// States of the board, normalised, that show it.
    pub statuses: Vec<String>,
}

/// Why a ticket is counted apart.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Exclusion {
    /// Taken back by its author, or refused unread.
    Withdrawn,
    /// Filed twice.
    Duplicate,
    /// Somebody trying out the form.
    Test,
    /// An announcement.
    Announcement,
    /// Deleted at its source. No cue and no state of the board says this, only the source.
    Deleted,
}

impl Exclusion {
    /// Returns the reason as data shows it.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Withdrawn => "withdrawn",
            Self::Duplicate => "duplicate",
            Self::Test => "test",
            Self::Announcement => "announcement",
            Self::Deleted => "deleted",
        }
    }
}
