//! What the tickets of a sub-pattern look like: how alike they are, whether an error repeats, which values they give.
//!
//! What a ticket shows is taken while it is read for its pattern, so that no ticket is read twice; what is kept of it
//! are hashes and short values. At most [`SAMPLE`] tickets a sub-pattern are compared: enough for a share to two
//! digits. Counts of slots are those of every ticket and are made elsewhere.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use rayon::prelude::*;

use crate::matching::Pattern;
use crate::taxonomy::{SlotNeeds, Taxonomy};
use crate::text::{Block, Document, Entity, Origin, Recognizer, each_display_word};

use super::model::Looks;
use super::slots::value;

/// Most tickets of a sub-pattern that are looked at.
const SAMPLE: usize = 200;

/// Share of words that two tickets have in common, of all that either has, from which they look alike.
const ALIKE: f64 = 0.5;

/// Tickets that must show the same error before it counts as one that repeats.
const REPEATS: usize = 3;

/// Values kept of a slot.
const VALUES: usize = 5;

/// Characters from which an answer is a story and no value.
const LONGEST_VALUE: usize = 60;

/// What was seen: looks, and by slot its most frequent values with the tickets that give them.
#[derive(Debug, Default)]
pub struct Seen {
    /// Regularity, repeated errors and the size of the sample; the rest is for the caller to fill.
    pub looks: Looks,
    /// Values by slot id, most frequent first, as they were written.
    pub values: BTreeMap<String, Vec<(String, usize)>>,
}

/// What one ticket shows.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Glance {
    /// Hashes of its words, people and values masked; sorted, each once. They are compared within a run and never kept.
    words: Vec<u64>,
    error: Option<String>,
    /// Slots of its sub-pattern, each with what it gives for it.
    values: Vec<(String, String)>,
}

impl Glance {
    /// Takes from a ticket what its title and body show; `text` is what they say, with the entities in it, and `needs`
    /// are the slots of its sub-pattern.
    #[must_use]
    pub fn of(
        document: &Document,
        text: &str,
        entities: &[Entity],
        needs: &SlotNeeds,
        taxonomy: &Taxonomy,
    ) -> Self {
        let own = || {
            let passages = document.passages.iter();
            passages.filter(|passage| matches!(passage.origin, Origin::Title | Origin::Body))
        };
        let all: Vec<&str> = own().map(|passage| passage.text.text()).collect();
        let answers: Vec<(&str, &str)> = own()
            .filter(|passage| passage.block == Block::Answer)
            .filter_map(|passage| Some((passage.label.as_deref()?, passage.text.text())))
            .collect();
        let given = |id: &String| {
            let found = value(taxonomy.slot(id)?, text, entities, &answers)?;
            let found = found.trim();
            let is_value = !found.is_empty() && found.chars().count() <= LONGEST_VALUE;
            is_value.then(|| (id.clone(), found.to_owned()))
        };
        Self {
            words: hashes(&Recognizer::mask_found(text, entities)),
            error: error(&all.join("\n")),
            values: needs
                .required
                .iter()
                .chain(&needs.optional)
                .filter_map(given)
                .collect(),
        }
    }
}

fn hashes(masked: &str) -> Vec<u64> {
    let mut hashes = Vec::new();
    each_display_word(masked, |word| hashes.push(hash(word)));
    hashes.sort_unstable();
    hashes.dedup();
    hashes
}

/// FNV-1a with a last stir.
fn hash(word: &str) -> u64 {
    let eat = |state: u64, byte: u8| (state ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3);
    let state = word.bytes().fold(0xcbf2_9ce4_8422_2325, eat);
    (state ^ state >> 32).wrapping_mul(0x9e37_79b9_7f4a_7c15)
}

/// Looks at tickets of one sub-pattern, which come in a stable order.
#[must_use]
pub fn look(glances: &[&Glance]) -> Seen {
    let step = glances.len().div_ceil(SAMPLE).max(1);
    let picked: Vec<&Glance> = glances.iter().step_by(step).copied().collect();
    let mut values: BTreeMap<&str, BTreeMap<&str, usize>> = BTreeMap::new();
    for (slot, value) in picked.iter().flat_map(|glance| &glance.values) {
        *values.entry(slot).or_default().entry(value).or_default() += 1;
    }
    Seen {
        looks: Looks {
            sample: picked.len(),
            regularity: regularity(&picked),
            repeated_errors: repeated_errors(&picked),
            ..Looks::default()
        },
        values: values
            .into_iter()
            .map(|(slot, counts)| (slot.to_owned(), most(counts)))
            .collect(),
    }
}

/// The name of an error as a machine writes it: the same name is the same kind of failure.
///
/// A number is an HTTP error only beside a word that says so: 500 alone may be users or gigabytes.
static ERROR: LazyLock<Pattern> = LazyLock::new(|| {
    const STATUS: &str = "401|403|404|429|500|502|503|504";
    const BEFORE: &str = "(?-u:\\b)(?:http(?:/[0-9.]+)?\"?|status(?: ?code)?|error(?: code)?|code|return(?:s|ed)?|respond(?:s|ed)?(?: with)?|got an?)|エラー?(?:コード)?|ステータス(?:コード)?";
    const BEHIND: &str = "番?(?:の|系の?)?エラ|番?」? ?(?:が|を|と) ?(?:出|返|表示|頻発|多発)|errors?(?-u:\\b)|unauthorized|forbidden|not found|too many requests|internal server error|bad gateway|service (?:temporarily )?unavailable|gateway time-?out";
    Pattern::new(&format!(
        "(?-u:\\b)(?:[a-z][a-z0-9_.]{{2,60}}(?:error|exception)|oomkilled|crashloopbackoff|imagepullbackoff|errimagepull|connection (?:refused|reset|timed out)|permission denied|access denied|deadline exceeded|no space left|too many connections)(?-u:\\b)|(?:{BEFORE})[ :=\"が]{{0,4}}(?P<told>{STATUS})(?-u:\\b)|(?-u:\\b)(?P<named>{STATUS}) ?(?:{BEHIND})"
    ))
});

/// The first error in a text; one of HTTP by its number, in whatever words it stands.
fn error(text: &str) -> Option<String> {
    if !ERROR.may_occur(text) {
        return None;
    }
    let found = ERROR.each(text).next()?;
    let status = found.groups.into_iter().flatten().next();
    Some(match status {
        Some(status) => format!("http {}", &text[status]),
        None => text[found.whole].to_owned(),
    })
}

/// The share of pairs that look alike: the chance that two tickets picked at random do, without bias whatever their
/// number. Tickets that say nothing look like nothing.
fn regularity(glances: &[&Glance]) -> Option<f64> {
    let said: Vec<&[u64]> = glances
        .iter()
        .map(|glance| glance.words.as_slice())
        .filter(|words| !words.is_empty())
        .collect();
    let pairs = said.len() * said.len().saturating_sub(1) / 2;
    let alike: usize = said
        .par_iter()
        .enumerate()
        .map(|(at, one)| {
            said[at + 1..]
                .iter()
                .filter(|other| are_alike(one, other))
                .count()
        })
        .sum();
    (pairs > 0).then(|| alike as f64 / pairs as f64)
}

fn are_alike(one: &[u64], other: &[u64]) -> bool {
    let common = common(one, other);
    common as f64 >= ALIKE * (one.len() + other.len() - common) as f64
}

/// Counts what two sorted lists have in common.
fn common(one: &[u64], other: &[u64]) -> usize {
    let (mut at, mut beside, mut common) = (0, 0, 0);
    while let (Some(left), Some(right)) = (one.get(at), other.get(beside)) {
        at += usize::from(left <= right);
        beside += usize::from(right <= left);
        common += usize::from(left == right);
    }
    common
}

fn repeated_errors(glances: &[&Glance]) -> Option<f64> {
    let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
    for error in glances.iter().filter_map(|glance| glance.error.as_deref()) {
        *counts.entry(error).or_default() += 1;
    }
    let repeated: usize = counts.values().filter(|count| **count >= REPEATS).sum();
    (!counts.is_empty()).then(|| repeated as f64 / glances.len() as f64)
}

/// The most frequent values, of equally frequent ones the first in the alphabet.
fn most(counts: BTreeMap<&str, usize>) -> Vec<(String, usize)> {
    let mut counts: Vec<(&str, usize)> = counts.into_iter().collect();
    counts.sort_by(|a, b| b.1.cmp(&a.1).then_with(|| a.0.cmp(b.0)));
    counts.truncate(VALUES);
    counts
        .into_iter()
        .map(|(value, count)| (value.to_owned(), count))
        .collect()
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;
    use crate::text::{Boilerplate, Parts};
    use crate::ticket::{Ticket, TicketId};

    fn ticket(id: usize, title: &str, body: &str) -> Ticket {
        let mut ticket = Ticket::new(TicketId::new(&format!("T-{id}")).unwrap());
        ticket.title = Some(title.to_owned());
        ticket.body = Some(body.to_owned());
        ticket
    }

    fn look(tickets: &[Ticket], needs: &SlotNeeds) -> Seen {
        let taxonomy = Taxonomy::builtin().unwrap();
        let recognizer = Recognizer::new(&BTreeSet::new());
        let glance = |ticket: &Ticket| {
            let parts = Parts {
                title: ticket.title.as_deref(),
                body: ticket.body.as_deref(),
                ..Parts::default()
            };
            let document = Document::read(&parts, &Boilerplate::none());
            let said = document
                .passages
                .iter()
                .filter(|passage| matches!(passage.block, Block::Prose | Block::Answer));
            let text: String = said.map(|passage| format!("{}\n", passage.text.text())).collect();
            Glance::of(&document, &text, &recognizer.find(&text), needs, &taxonomy)
        };
        let glances: Vec<Glance> = tickets.iter().map(glance).collect();
        super::look(&glances.iter().collect::<Vec<_>>())
    }

    #[test]
    fn tickets_that_differ_in_values_alone_are_alike() {
        let mut tickets: Vec<Ticket> = (1..=4)
            .map(|n| {
                ticket(
                    n,
                    "GitHub 招待",
                    &format!("user{n}@example.com を組織に招待してください"),
                )
            })
            .collect();
        tickets.push(ticket(5, "請求書", "先月のクラウド費用の内訳について相談したい"));
        tickets.push(ticket(
            6,
            "dashboard",
            "latency graph of the checkout page looks odd",
        ));
        // 4 of 6 are alike: 4 * 3 / (6 * 5).
        let seen = look(&tickets, &SlotNeeds::default());
        assert!(
            (seen.looks.regularity.unwrap() - 0.4).abs() < 1e-12,
            "{:?}",
            seen.looks
        );
        assert_eq!(look(&tickets[..1], &SlotNeeds::default()).looks.regularity, None);
    }

    #[test]
    fn an_error_counts_from_its_third_ticket_on() {
        let texts = [
            "OutOfMemoryError が出ます",
            "java.lang.OutOfMemoryError",
            "また OutOfMemoryError",
            "connection refused",
        ];
        let tickets: Vec<Ticket> = texts
            .iter()
            .enumerate()
            .map(|(n, text)| ticket(n, "調査", text))
            .collect();
        let share = |tickets: &[Ticket]| look(tickets, &SlotNeeds::default()).looks.repeated_errors;
        assert_eq!(share(&tickets[..1]), Some(0.0));
        assert_eq!(share(&[ticket(1, "質問", "教えてください")]), None);
    }

    #[test]
    fn a_number_is_an_error_only_where_it_is_said_to_be_one() {
        for text in [
            "HTTP 500 が出ます",
            "500エラーになります",
            "500 internal server error",
            "status code: 500",
            "returned 500",
            "GET /v1 HTTP/1.1\" 500 1234",
            "エラーコード 500",
            "APIが500を返します",
            "500 が出続けています",
            "真っ白な画面で「500」と出ます",
            "{\"status\":500}",
        ] {
            let text = crate::text::fold(text);
            assert_eq!(error(&text).as_deref(), Some("http 500"), "{text}");
        }
        for text in [
            "500 users を招待してください",
            "ディスクを 500 GB に増やして",
            "500名分のライセンス",
            "上限を 500 から 503 に",
            "port 404",
            "予算は 500 です",
        ] {
            assert_eq!(error(&crate::text::fold(text)), None, "{text}");
        }
    }

    #[test]
    fn values_are_counted_most_frequent_first() {
        let needs = SlotNeeds {
            required: vec!["environment".into(), "person".into()],
            optional: vec![],
        };
        let tickets = [
            ticket(1, "依頼", "本番をお願いします"),
            ticket(2, "依頼", "本番です"),
            ticket(3, "依頼", "ステージングを田中さんに"),
        ];
        let seen = look(&tickets, &needs);
        assert_eq!(
            seen.values["environment"],
            [("本番".to_owned(), 2), ("ステージング".to_owned(), 1)]
        );
        assert!(!seen.values.contains_key("person"), "people are no values");
    }
}
