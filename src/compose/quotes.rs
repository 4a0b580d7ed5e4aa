//! Quotes from a ticket as they may be shown.
//!
//! Words are redacted with what stands around them, for half a name or address is not recognised as one. What was
//! redacted is kept, so that a line with a thousand clauses is redacted once and not a thousand times.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::ops::Range;

use crate::classify::assignment::written;
use crate::report::safe;
use crate::text::{Origin, Redacted};
use crate::ticket::Ticket;

/// How much is redacted together with the words of a quote.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Around {
    /// The lines they stand in: right for a few quotes.
    Lines,
    /// The whole title, body or comment: right where nearly all of it is quoted.
    Whole,
}

/// Bytes of a text of the ticket.
type Place = (Origin, usize, usize);

/// Quotes words of one ticket.
pub(super) struct Quotes<'a> {
    ticket: &'a Ticket,
    around: Around,
    redact: Box<dyn Fn(&str) -> Redacted + 'a>,
    redacted: RefCell<BTreeMap<Place, Redacted>>,
}

impl<'a> Quotes<'a> {
    /// Makes ready to quote a ticket.
    pub(super) fn new(ticket: &'a Ticket, around: Around, redact: impl Fn(&str) -> Redacted + 'a) -> Self {
        Self {
            ticket,
            around,
            redact: Box::new(redact),
            redacted: RefCell::new(BTreeMap::new()),
        }
    }

    /// Returns what may be shown of words of the ticket, at most so many characters; empty if the ticket has none there.
    pub(super) fn quote(&self, origin: Origin, words: &Range<usize>, longest: usize) -> String {
        let text = written(self.ticket, origin).filter(|text| text.get(words.clone()).is_some());
        let Some(text) = text else { return String::new() };
        let around = match self.around {
            Around::Lines => lines(text, words),
            Around::Whole => 0..text.len(),
        };
        let inside = words.start - around.start..words.end - around.start;
        let mut redacted = self.redacted.borrow_mut();
        let redacted = redacted
            .entry((origin, around.start, around.end))
            .or_insert_with(|| (self.redact)(&text[around]));
        cut(&safe::plain(&redacted.part(&inside)), longest)
    }
}

/// The whole lines that words stand in.
fn lines(text: &str, words: &Range<usize>) -> Range<usize> {
    let start = text[..words.start].rfind('\n').map_or(0, |at| at + 1);
    let end = text[words.end..].find('\n');
    start..end.map_or(text.len(), |at| words.end + at)
}

fn cut(text: &str, longest: usize) -> String {
    match text.char_indices().nth(longest) {
        Some((end, _)) => format!("{}…", &text[..end]),
        None => text.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use std::cell::Cell;
    use std::collections::BTreeSet;

    use super::{Around, Quotes};
    use crate::text::{Origin, Redacted, Redactor};
    use crate::ticket::{Ticket, TicketId};

    fn ticket(body: &str) -> Ticket {
        let mut ticket = Ticket::new(TicketId::new("T-1").expect("an id"));
        ticket.body = Some(body.to_owned());
        ticket
    }

    #[test]
    fn a_line_of_a_thousand_clauses_is_redacted_once() {
        let ticket = ticket(&"権限をください、".repeat(1_000));
        for around in [Around::Lines, Around::Whole] {
            let (times, characters) = (Cell::new(0), Cell::new(0));
            let quotes = Quotes::new(&ticket, around, |text| {
                times.set(times.get() + 1);
                characters.set(characters.get() + text.chars().count());
                Redacted::raw(text)
            });
            let clause = "権限をください、".len();
            for at in 0..1_000 {
                let quote = quotes.quote(Origin::Body, &(at * clause..(at + 1) * clause), 160);
                assert_eq!(quote, "権限をください、");
            }
            assert_eq!((times.get(), characters.get()), (1, 8_000), "{around:?}");
        }
    }

    #[test]
    fn words_are_hidden_as_they_are_in_their_line() {
        let body = "1 行目\nk.mukai@example.com を入れて\n3 行目";
        let ticket = ticket(body);
        let redactor = Redactor::new(&BTreeSet::new(), 0);
        let half = body.find("example").expect("it is there");
        for around in [Around::Lines, Around::Whole] {
            let quotes = Quotes::new(&ticket, around, |text| redactor.trace(text));
            let quote = |from: usize, to: usize, longest| quotes.quote(Origin::Body, &(from..to), longest);
            let end = body.find("\n3").expect("it is there");
            assert_eq!(quote(half, end, 160), "〔mail〕 を入れて");
            assert_eq!(quote(half, end, 3), "〔ma…");
            assert_eq!(quote(0, end, 160), "1 行目 〔mail〕 を入れて");
            assert_eq!(quote(half, body.len() + 1, 160), "");
            assert_eq!(quotes.quote(Origin::Title, &(0..1), 160), "");
        }
    }
}
