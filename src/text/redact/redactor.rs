//! The redactor: collects what to hide, most telling first, and writes the text without it.

use std::borrow::Cow;
use std::collections::BTreeSet;
use std::ops::Range;

use sha2::{Digest, Sha256};

use super::{personal, urls};
use crate::text::entity::{
    Claims, EntityKind, Recognizer, SecretKind, by_name, find_mails, find_secrets, sure_names,
};
use crate::text::mapped::Mapped;
use crate::text::normalize::{fold, normalize};
use crate::text::segment::{Language, language};

/// Passes after which a text counts as redacted. Hiding one thing can show another (a token next to the word
/// that made it one); the second pass finds nothing in nearly every text.
const MOST_PASSES: usize = 4;

type Hidden<'a> = Claims<Cow<'a, str>>;

/// A text as it may be shown, with its way back to what was written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Redacted(Mapped);

impl Redacted {
    /// Takes a text that may be shown as it is.
    #[must_use]
    pub fn raw(text: &str) -> Self {
        Self(Mapped::of(text))
    }

    /// Returns the whole text.
    #[must_use]
    pub fn text(&self) -> &str {
        self.0.text()
    }

    /// Returns what is shown of a byte range of the text as it was written: a placeholder of which the range holds a
    /// part comes whole, for half a name must not be shown because the other half stands outside.
    #[must_use]
    pub fn part(&self, written: &Range<usize>) -> String {
        self.0.image(written)
    }
}

/// Hides people, addresses and secrets in text that is shown or written.
///
/// - known people become a pseudonym (`req-07`), recognised names `〔氏名〕` or `〔name〕`, mentions and handles
///   `〔user〕`, mails `〔mail〕` or `〔mail:internal〕`;
/// - telephone numbers, postal codes, addresses, My Numbers and long ids become placeholders;
/// - secrets become `〔secret:kind〕`;
/// - URLs lose user, query and fragment, and the title in the path of a Notion page.
///
/// Everything else stays as written. Redacting twice changes nothing.
pub struct Redactor {
    recognizer: Recognizer,
    /// Sorted, as the recogniser numbers them.
    identities: Vec<String>,
    pseudonyms: Vec<String>,
    internal_domains: Vec<String>,
    customer_prefixes: Vec<String>,
}

impl Redactor {
    /// Builds a redactor for the people of the requester and assignee fields.
    ///
    /// Pseudonyms are numbered in an order that the seed shuffles, so that a number does not betray a place in
    /// the alphabet; the same people and seed give the same pseudonyms.
    #[must_use]
    pub fn new(people: &BTreeSet<String>, seed: u64) -> Self {
        Self {
            recognizer: Recognizer::new(people),
            identities: people.iter().cloned().collect(),
            pseudonyms: pseudonyms(people, seed),
            internal_domains: Vec::new(),
            customer_prefixes: Vec::new(),
        }
    }

    /// Learns from all texts that may be shown the names of people who are in no field: who is called さん or 様 in one
    /// ticket is hidden in the titles of others too.
    #[must_use]
    pub fn with_names_in<'a>(self, texts: impl IntoIterator<Item = &'a str>) -> Self {
        let mut names = BTreeSet::new();
        for text in texts {
            sure_names(text, &mut names);
        }
        let people = self.identities.iter().cloned().collect();
        Self {
            recognizer: Recognizer::with_strangers(&people, &names),
            ..self
        }
    }

    /// Names the mail domains of the team's own company, whose addresses are shown as `〔mail:internal〕`.
    #[must_use]
    pub fn with_internal_domains<'a>(mut self, domains: impl IntoIterator<Item = &'a str>) -> Self {
        self.internal_domains = domains
            .into_iter()
            .map(|domain| fold(domain.trim_start_matches('@')))
            .collect();
        self
    }

    /// Names what ids of customers begin with; empty prefixes are ignored.
    #[must_use]
    pub fn with_customer_prefixes<'a>(mut self, prefixes: impl IntoIterator<Item = &'a str>) -> Self {
        self.customer_prefixes = prefixes
            .into_iter()
            .map(fold)
            .filter(|prefix| !prefix.is_empty())
            .collect();
        self
    }

    /// Writes a text without people, addresses and secrets.
    ///
    /// A text without any comes back byte for byte. Known kanji names of two characters and more are hidden
    /// wherever they stand, in 三浦市 too: a name shown is worse than a word hidden.
    #[must_use]
    pub fn redact(&self, raw: &str) -> String {
        self.trace(raw).0.into_text()
    }

    /// Does the same and remembers what stands where, so that any number of quotes cost one redaction.
    #[must_use]
    pub fn trace(&self, raw: &str) -> Redacted {
        let mut traced = Mapped::of(raw);
        for _ in 0..MOST_PASSES {
            match self.pass(traced.text()) {
                Some(redacted) if redacted.text() != traced.text() => traced = redacted.over(&traced),
                _ => break,
            }
        }
        Redacted(traced)
    }

    /// Gives the pseudonym of a person, or the placeholder of a name for somebody unknown.
    #[must_use]
    pub fn person(&self, name: &str) -> String {
        if let Ok(person) = self.identities.binary_search_by(|known| known.as_str().cmp(name)) {
            return self.pseudonyms[person].clone();
        }
        let folded = fold(name);
        let known = self
            .recognizer
            .known_people(&folded)
            .into_iter()
            .find(|known| known.range == (0..folded.len()));
        known.map_or_else(
            || stranger(&folded).to_owned(),
            |known| self.name_of(known.person, &folded).into_owned(),
        )
    }

    /// Lists the kinds of the secrets in a text, each once, in order: what to rotate and delete.
    #[must_use]
    pub fn secrets(&self, raw: &str) -> Vec<SecretKind> {
        let kinds: BTreeSet<SecretKind> = find_secrets(normalize(raw).text())
            .into_iter()
            .map(|(kind, _)| kind)
            .collect();
        kinds.into_iter().collect()
    }

    fn pass(&self, raw: &str) -> Option<Mapped> {
        let mapped = normalize(raw);
        let mut out = Mapped::default();
        let mut done = 0;
        for (range, replacement) in self.hidden(mapped.text()).into_sorted() {
            let original = mapped.original(range);
            // Two ranges may share an original character that normalises to several, such as ㍿.
            out.copy(raw.get(done..original.start).unwrap_or_default(), done);
            out.replace(&replacement, original.start.max(done)..original.end.max(done));
            done = done.max(original.end);
        }
        out.copy(&raw[done..], done);
        (done > 0).then_some(out)
    }

    /// What to hide in a normalised text, and what takes its place.
    fn hidden<'a>(&'a self, text: &'a str) -> Hidden<'a> {
        let entities = self.recognizer.find(text);
        let mut hidden = Claims::new();
        for entity in entities.iter().filter(|entity| entity.kind == EntityKind::Url) {
            urls::hide(text, &entity.range, |range, mark| {
                hidden.claim(range, mark.into());
            });
        }
        for (kind, range) in find_secrets(text) {
            hidden.claim(range, format!("〔secret:{}〕", kind.name()).into());
        }
        personal::hide(text, |range, mark| hidden.claim(range, mark.into()));
        personal::prefixed(text, &self.customer_prefixes)
            .for_each(|range| hidden.claim(range, "〔customer〕".into()));
        self.hide_people(text, &mut hidden);
        let mut kept = Claims::new();
        for entity in entities {
            match mark(entity.kind, entity.value(text)) {
                Some(mark) => hidden.claim(entity.range, mark.into()),
                None => kept.claim(entity.range, ()),
            }
        }
        for range in by_name(text) {
            let mark = stranger(&text[range.clone()]);
            hidden.claim(range, mark.into());
        }
        for range in personal::long_numbers(text).filter(|range| kept.is_free(range)) {
            hidden.claim(range, "〔id〕".into());
        }
        hidden
    }

    /// Mails and handles of known people first, then other mails, then names: `priya@example.com` is no Priya.
    fn hide_people<'a>(&'a self, text: &'a str, hidden: &mut Hidden<'a>) {
        let (addresses, names): (Vec<_>, Vec<_>) = self
            .recognizer
            .known_people(text)
            .into_iter()
            .partition(|known| text[known.range.clone()].contains('@'));
        for known in addresses {
            let name = self.name_of(known.person, &text[known.range.clone()]);
            hidden.claim(known.range, name);
        }
        for range in find_mails(text) {
            let mark = if self.is_internal(&text[range.clone()]) {
                "〔mail:internal〕"
            } else {
                "〔mail〕"
            };
            hidden.claim(range, mark.into());
        }
        for known in names {
            let name = self.name_of(known.person, &text[known.range.clone()]);
            hidden.claim(with_at_sign(text, known.range), name);
        }
    }

    fn name_of<'a>(&'a self, person: Option<usize>, name: &str) -> Cow<'a, str> {
        let pseudonym = person.and_then(|person| self.pseudonyms.get(person));
        pseudonym.map_or_else(|| stranger(name).into(), |pseudonym| pseudonym.as_str().into())
    }

    fn is_internal(&self, mail: &str) -> bool {
        let domain = mail.rsplit('@').next().unwrap_or_default();
        self.internal_domains.iter().any(|internal| {
            domain
                .strip_suffix(internal.as_str())
                .is_some_and(|rest| rest.is_empty() || rest.ends_with('.'))
        })
    }
}

/// What stands for an entity that is always hidden; `None` for those that stay.
fn mark(kind: EntityKind, value: &str) -> Option<&'static str> {
    match kind {
        EntityKind::Person if value.contains('@') => Some("〔user〕"),
        EntityKind::Person => Some(stranger(value)),
        EntityKind::Handle => Some("〔user〕"),
        EntityKind::Phone => Some("〔phone〕"),
        _ => None,
    }
}

fn stranger(name: &str) -> &'static str {
    match language(name) {
        Language::Ja => "〔氏名〕",
        Language::En => "〔name〕",
    }
}

/// `@priya` is one name; a pseudonym behind an at sign would look like somebody's handle.
fn with_at_sign(text: &str, range: Range<usize>) -> Range<usize> {
    let start = if text[..range.start].ends_with('@') {
        range.start - 1
    } else {
        range.start
    };
    start..range.end
}

/// One pseudonym for each person, in the order of the people.
fn pseudonyms(people: &BTreeSet<String>, seed: u64) -> Vec<String> {
    let mut shuffled: Vec<_> = people
        .iter()
        .enumerate()
        .map(|(person, name)| (digest(name, seed), person))
        .collect();
    shuffled.sort_unstable();
    let width = people.len().to_string().len().max(2);
    let mut pseudonyms = vec![String::new(); people.len()];
    for (number, (_, person)) in shuffled.into_iter().enumerate() {
        pseudonyms[person] = format!("req-{:0width$}", number + 1);
    }
    pseudonyms
}

fn digest(name: &str, seed: u64) -> [u8; 32] {
    Sha256::new()
        .chain_update(seed.to_le_bytes())
        .chain_update(name)
        .finalize()
        .into()
}
