//! The recogniser: runs every rule over a text in order of precedence and settles who gets what.
//!
//! Promises sorted entities that do not overlap, in time linear in the text but for a logarithm, for any
//! text. Built once per run, then shared by all threads.

use std::collections::BTreeSet;
use std::sync::LazyLock;

use super::claims::Claims;
use super::kind::{Entity, EntityKind};
use super::person::{Known, People, honorific_length, named};
use super::rules::Rules;
use super::secret::find_secrets;
use super::{calendar, name, network, quantity};
use crate::text::segment::{Script, pieces};

/// The same for every recogniser; URLs come first.
static RULES: LazyLock<Rules> = LazyLock::new(|| {
    let rules = [
        network::urls().into(),
        network::rules(),
        name::rules(),
        calendar::rules(),
        quantity::rules(),
    ];
    Rules::new(rules.into_iter().flatten().collect())
});

/// Recognises entities in normalised text.
pub struct Recognizer {
    people: People,
}

impl Recognizer {
    /// Builds a recogniser that knows the people of the requester and assignee fields.
    ///
    /// The names may be as recorded: full names in any script, surnames, mail addresses, `陳(Chen)`. Names of
    /// teams and machines among them are not looked for in text.
    #[must_use]
    pub fn new(people: &BTreeSet<String>) -> Self {
        Self {
            people: People::new(people),
        }
    }

    /// Knows besides the names of people who are in no field (see [`sure_names`](super::sure_names)).
    pub(crate) fn with_strangers(people: &BTreeSet<String>, strangers: &BTreeSet<String>) -> Self {
        Self {
            people: People::with_strangers(people, strangers),
        }
    }

    /// Finds the entities of a normalised text, sorted by start, not overlapping.
    ///
    /// The larger whole wins: a mail over the handle in it, a URL over the host, the repository and the
    /// credential in it (see [`Entity::host`] and [`Entity::repository`]), a project over its environment.
    /// The range of a person is the name without さん or 様; the range of a credential is the value alone.
    #[must_use]
    pub fn find(&self, text: &str) -> Vec<Entity> {
        let mut claims = Claims::new();
        let scan = RULES.scan(text);
        RULES.each(0..network::URLS, text, &scan, |kind, range| {
            claims.claim(range, kind);
        });
        for (_, range) in find_secrets(text) {
            claims.claim(range, EntityKind::Secret);
        }
        RULES.each(network::URLS..RULES.len(), text, &scan, |kind, range| {
            claims.claim(range, kind);
        });
        self.find_people(text, &mut claims);
        claims
            .into_sorted()
            .map(|(range, kind)| Entity { kind, range })
            .collect()
    }

    /// Finds the people known by name, also where a name is a part of a longer kanji run.
    pub(crate) fn known_people(&self, text: &str) -> Vec<Known> {
        self.people.known(text)
    }

    fn find_people(&self, text: &str, claims: &mut Claims<EntityKind>) {
        for known in self.people.known(text).into_iter().filter(|known| known.alone) {
            claims.claim(known.range, EntityKind::Person);
        }
        for range in named(text) {
            claims.claim(range, EntityKind::Person);
        }
    }

    /// Replaces each entity by the placeholder of its kind, `⟨person⟩`, and drops the さん behind a person.
    ///
    /// What is left are the verbs, objects and tools of a request, which is what clustering should see.
    /// `tokens` keeps the placeholders that tell what is asked for and drops the others.
    #[must_use]
    pub fn mask(&self, text: &str) -> String {
        Self::mask_found(text, &self.find(text))
    }

    /// Masks a text whose entities have been found.
    #[must_use]
    pub fn mask_found(text: &str, entities: &[Entity]) -> String {
        rewrite(
            text,
            entities,
            |gap, out| out.push_str(gap),
            |kind, out| out.push_str(kind.placeholder()),
        )
    }

    /// Gives what near-identical tickets share: the masked text without punctuation, numbers and spacing.
    ///
    /// Two texts that differ only in people, addresses, dates, counts, ids and punctuation have the same
    /// skeleton. Entities of one kind in a row count as one: two people to invite are as good as three.
    #[must_use]
    pub fn skeleton(&self, text: &str) -> String {
        rewrite(text, &self.find(text), bare, |kind, out| {
            if !out.ends_with(kind.placeholder()) {
                out.push_str(kind.placeholder());
            }
        })
    }
}

/// Writes a text anew, what stands between the entities and the entities each in their own way.
fn rewrite(
    text: &str,
    entities: &[Entity],
    gap: impl Fn(&str, &mut String),
    entity: impl Fn(EntityKind, &mut String),
) -> String {
    let mut out = String::with_capacity(text.len());
    let mut done = 0;
    for found in entities {
        // The さん dropped below may itself begin the next entity in text that makes no sense.
        gap(text.get(done..found.range.start).unwrap_or_default(), &mut out);
        entity(found.kind, &mut out);
        done = found.range.end;
        if found.kind == EntityKind::Person {
            done += honorific_length(&text[done..]);
        }
    }
    gap(&text[done..], &mut out);
    out
}

/// Appends the words of a text alone: no blanks but between Latin words, no punctuation, no digits.
fn bare(text: &str, out: &mut String) {
    for piece in pieces(text) {
        match piece.script {
            Script::Space | Script::Digit | Script::Other => {}
            Script::Latin => {
                if out.ends_with(|c: char| c.is_ascii_alphanumeric()) {
                    out.push(' ');
                }
                out.extend(piece.text.chars().filter(|c| !c.is_ascii_digit()));
            }
            Script::Hiragana | Script::Katakana | Script::Han => out.push_str(piece.text),
        }
    }
}
