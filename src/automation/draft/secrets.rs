//! The secrets of a ticket: where they stand in what is read, and what they are, so that none is a value anywhere.

use std::collections::BTreeSet;
use std::ops::Range;

use crate::automation::signs::is_no_answer;
use crate::text::entity::{find_secrets, find_split};
use crate::text::{Boilerplate, Document, Origin, Parts, fold, normalize};
use crate::ticket::Ticket;

use super::labels::answers_secret;

/// Fewest characters of a secret for it to be looked for inside of a longer value.
const SHORTEST_SECRET: usize = 4;

/// Where title and body hold a secret: what the finder of secrets takes for one, and what a field for one was answered.
pub(super) fn secrets(parts: &Parts<'_>, document: &Document) -> Vec<(Origin, Range<usize>)> {
    let mut found = Vec::new();
    for (origin, text) in [(Origin::Title, parts.title), (Origin::Body, parts.body)] {
        let mapped = normalize(text.unwrap_or_default());
        let secrets = find_secrets(mapped.text()).into_iter();
        found.extend(secrets.map(|(_, range)| (origin, mapped.original(range))));
    }
    let answers = document.passages.iter().filter(|passage| answers_secret(passage));
    found.extend(answers.map(|passage| {
        let all = 0..passage.text.text().len();
        (passage.origin, passage.text.original(all))
    }));
    found
}

/// The folded secrets of title, body and comments, also those that only two of these make together.
pub(crate) fn secret_words(ticket: &Ticket) -> BTreeSet<String> {
    let parts = Parts {
        title: ticket.title.as_deref(),
        body: ticket.body.as_deref(),
        comments: ticket
            .comments
            .iter()
            .map(|comment| comment.text.as_str())
            .collect(),
        ..Parts::default()
    };
    let mut words = BTreeSet::new();
    let texts = parts.title.iter().chain(&parts.body).chain(&parts.comments);
    let texts: Vec<String> = texts.map(|text| normalize(text).into_text()).collect();
    for text in &texts {
        words.extend(
            find_secrets(text)
                .into_iter()
                .map(|(_, range)| fold(&text[range])),
        );
    }
    let texts: Vec<&str> = texts.iter().map(String::as_str).collect();
    words.extend(find_split(&texts).iter().map(|word| fold(word)));
    let document = Document::read(&parts, &Boilerplate::none());
    let answers = document.passages.iter().filter(|passage| answers_secret(passage));
    words.extend(answers.map(|passage| fold(passage.text.text())));
    let trimmed = words.iter().map(|word| word.trim().to_owned());
    trimmed
        .filter(|word| !word.is_empty() && !is_no_answer(word))
        .collect()
}

/// Whether words are one of the secrets or hold one.
pub(crate) fn holds(secrets: &BTreeSet<String>, words: &str) -> bool {
    let folded = fold(words);
    secrets.iter().any(|secret| {
        folded == *secret || (secret.chars().count() >= SHORTEST_SECRET && folded.contains(secret.as_str()))
    })
}
