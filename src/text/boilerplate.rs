//! Learns from the tickets themselves which lines belong to a form.
//!
//! A line is form when many tickets of one time window share it; a form that changes in June is a different form.
//! What people wrote must not be taken for form: a short request that many make, and the options of a drop-down,
//! are told apart by the company they keep.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use rayon::prelude::*;

use super::courtesy::{Courtesies, Role};
use super::form::{bare_name, is_no_label, looks_like_label};
use super::markup::{self, Chunk, Line, Shape};

/// Bodies that are read at a time, so that the lines of a large desk never lie in memory together.
const BATCH: usize = 4096;

/// Labels and fixed lines that the tickets themselves show to be a form.
///
/// A line counts when at least 2 % of the tickets of a window, and at least five, have it (facts:
/// japanese-tickets 3). Labels of all windows are kept together: a label of last year does no harm this year.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Boilerplate {
    labels: BTreeSet<String>,
    lines: BTreeSet<String>,
}

impl Boilerplate {
    /// Knows no form but the labels that are listed in this crate.
    #[must_use]
    pub fn none() -> Self {
        Self::default()
    }

    /// Learns from bodies, each with the key of its time window (a quarter, say). Their order does not matter.
    pub fn learn<'a>(bodies: impl Iterator<Item = (&'a str, &'a str)>) -> Self {
        let bodies: Vec<(&str, &str)> = bodies.collect();
        let mut names = Names::default();
        let mut windows: BTreeMap<&str, Vec<Vec<usize>>> = BTreeMap::new();
        for batch in bodies.chunks(BATCH) {
            let read: Vec<Vec<Name>> = batch.par_iter().map(|(body, _)| candidates(body)).collect();
            for ((_, window), candidates) in batch.iter().zip(read) {
                let ids = candidates.into_iter().map(|name| names.id(name));
                windows.entry(window).or_default().push(ids.collect());
            }
        }
        let mut learnt = Self::none();
        for tickets in windows.values() {
            learnt.learn_window(tickets, &names.names);
        }
        learnt
    }

    /// Returns the learnt labels in alphabetical order, normalised.
    pub fn labels(&self) -> impl Iterator<Item = &str> {
        self.labels.iter().map(String::as_str)
    }

    /// Returns the learnt lines that stand in the form and are no labels, normalised and without digits.
    pub fn lines(&self) -> impl Iterator<Item = &str> {
        self.lines.iter().map(String::as_str)
    }

    pub(super) fn has_label(&self, name: &str) -> bool {
        self.labels.contains(name)
    }

    pub(super) fn has_line(&self, text: &str) -> bool {
        !self.lines.is_empty() && self.lines.contains(&without_digits(text))
    }

    fn learn_window(&mut self, tickets: &[Vec<usize>], names: &[Name]) {
        let window = Window::count(tickets, names.len());
        for (id, name) in names.iter().enumerate().filter(|&(id, _)| window.is_frequent(id)) {
            match name {
                Name::Key(key) => {
                    self.labels.insert(key.clone());
                }
                Name::Line(line) if line.is_empty() || window.is_option(id) => {}
                Name::Line(line) if is_label(line) && window.company(id, 1) >= 0.5 => {
                    self.labels.insert(bare_name(line));
                }
                Name::Line(line) if window.company(id, 2) >= 0.8 => {
                    self.lines.insert(line.clone());
                }
                Name::Line(_) => {}
            }
        }
    }
}

/// A noun, or a question as forms in chat tools ask it.
fn is_label(line: &str) -> bool {
    let name = bare_name(line);
    !name.is_empty() && (looks_like_label(&name) || line.ends_with(['?', 'か']))
}

/// What may turn out to be form.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
enum Name {
    /// What stands before a colon.
    Key(String),
    /// A whole line without its digits.
    Line(String),
}

/// A line that is never form, but stands between what comes before and after it.
const NEITHER: Name = Name::Line(String::new());

/// Gives every candidate a number, so that tickets can be kept as lists of numbers.
#[derive(Default)]
struct Names {
    ids: HashMap<Name, usize>,
    names: Vec<Name>,
}

impl Names {
    fn id(&mut self, name: Name) -> usize {
        let next = self.names.len();
        *self.ids.entry(name).or_insert_with_key(|name| {
            self.names.push(name.clone());
            next
        })
    }
}

/// The candidates of one body, in reading order.
fn candidates(body: &str) -> Vec<Name> {
    let mut courtesies = Courtesies::default();
    let text = markup::chunks(body).into_iter().filter_map(|chunk| match chunk {
        Chunk::Text(range) => Some(range),
        Chunk::Fence(_) | Chunk::Comment(_) => None,
    });
    let lines = text.flat_map(|range| markup::lines(body, range));
    lines
        .filter_map(|line| candidate(&line, &mut courtesies))
        .collect()
}

fn candidate(line: &Line, courtesies: &mut Courtesies) -> Option<Name> {
    const LONGEST_LINE: usize = 60;
    let text = line.text.text();
    if matches!(line.shape, Shape::Blank | Shape::Rule | Shape::Quote) {
        return None;
    }
    if let Some(key) = key(text) {
        return Some(if is_no_label(&key) {
            NEITHER
        } else {
            Name::Key(key)
        });
    }
    if text.chars().nth(LONGEST_LINE).is_some() {
        return Some(NEITHER);
    }
    let said = courtesies
        .split(text)
        .iter()
        .any(|part| part.role == Role::Content);
    said.then(|| Name::Line(without_digits(text)))
}

/// The label before a colon, if it could be one.
fn key(text: &str) -> Option<String> {
    const LONGEST_KEY: usize = 90;
    let (key, rest) = text.split_once(':')?;
    let name = (key.len() <= LONGEST_KEY && !rest.starts_with("//")).then(|| bare_name(key))?;
    looks_like_label(&name).then_some(name)
}

fn without_digits(text: &str) -> String {
    text.chars()
        .filter(|c| !c.is_ascii_digit())
        .collect::<String>()
        .trim()
        .to_owned()
}

/// Counts over the tickets of one window.
struct Window {
    tickets: usize,
    /// Tickets that have a candidate.
    having: Vec<usize>,
    /// Tickets in which so many other frequent candidates stand: at least one, at least two.
    beside: [Vec<usize>; 2],
    /// How often a frequent candidate stands right before another.
    before: BTreeMap<(usize, usize), usize>,
}

impl Window {
    fn count(tickets: &[Vec<usize>], names: usize) -> Self {
        let mut window = Self {
            tickets: tickets.len(),
            having: vec![0; names],
            beside: [vec![0; names], vec![0; names]],
            before: BTreeMap::new(),
        };
        for ticket in tickets {
            for id in ticket.iter().copied().collect::<BTreeSet<_>>() {
                window.having[id] += 1;
            }
        }
        for ticket in tickets {
            window.count_neighbours(ticket);
        }
        window
    }

    fn count_neighbours(&mut self, ticket: &[usize]) {
        let frequent: BTreeSet<usize> = ticket
            .iter()
            .copied()
            .filter(|&id| self.is_frequent(id))
            .collect();
        for (fewest, beside) in self.beside.iter_mut().enumerate() {
            if frequent.len() > fewest + 1 {
                frequent.iter().for_each(|&id| beside[id] += 1);
            }
        }
        let pairs: BTreeSet<(usize, usize)> = ticket.windows(2).map(|pair| (pair[1], pair[0])).collect();
        for (id, before) in pairs {
            if frequent.contains(&id) && frequent.contains(&before) {
                *self.before.entry((id, before)).or_default() += 1;
            }
        }
    }

    fn is_frequent(&self, id: usize) -> bool {
        const FEWEST: usize = 5;
        self.having[id] >= FEWEST && self.having[id] * 50 >= self.tickets
    }

    /// Share of the tickets of a candidate in which at least `others` further frequent ones stand.
    #[expect(clippy::cast_precision_loss, reason = "counts of tickets are far below 2^52")]
    fn company(&self, id: usize, others: usize) -> f64 {
        self.beside[others - 1][id] as f64 / self.having[id] as f64
    }

    /// Whether a line is one of the answers that people pick below a label: it nearly always stands right after
    /// one other line, and that line often has something else after it.
    fn is_option(&self, id: usize) -> bool {
        let mut lines_before = self.before.range((id, 0)..=(id, usize::MAX));
        lines_before.any(|(&(_, before), &times)| {
            times * 10 >= self.having[id] * 8 && self.having[before] * 4 >= self.having[id] * 5
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn learn(bodies: &[String], window: impl Fn(usize) -> &'static str) -> Boilerplate {
        Boilerplate::learn(
            bodies
                .iter()
                .enumerate()
                .map(|(at, body)| (body.as_str(), window(at))),
        )
    }

    fn labels(learnt: &Boilerplate) -> Vec<&str> {
        learnt.labels().collect()
    }

    /// A form with a free field, a drop-down and a keyed field; every answer but the option is its own.
    fn form(at: usize) -> String {
        let option = ["入館証", "駐車場", "会議室"][at % 3];
        format!(
            "申込の中身\nこれは {} の話\n申込の種\n{option}\n席番: {at}\n",
            "あいうえお".repeat(at % 7 + 1)
        )
    }

    #[test]
    fn labels_are_learnt_and_options_are_not() {
        let bodies: Vec<String> = (0..30).map(form).collect();
        assert_eq!(
            labels(&learn(&bodies, |_| "2026-Q1")),
            ["席番", "申込の中身", "申込の種"]
        );
    }

    #[test]
    fn a_short_request_that_many_make_is_no_form() {
        let bodies: Vec<String> = (0..30)
            .map(|_| "お疲れ様です。\n招待\nよろしくお願いします".to_owned())
            .collect();
        assert_eq!(learn(&bodies, |_| "2026-Q1"), Boilerplate::none());
    }

    #[test]
    fn a_form_is_found_in_the_window_that_used_it() {
        let mut bodies: Vec<String> = (0..6).map(form).collect();
        bodies.extend((0..600).map(|at| format!("{}件目の話", "あ".repeat(at % 50))));
        assert_eq!(labels(&learn(&bodies, |_| "2026")), Vec::<&str>::new());
        let quarter = |at| if at < 6 { "2026-Q1" } else { "2026-Q2" };
        assert_eq!(
            labels(&learn(&bodies, quarter)),
            ["席番", "申込の中身", "申込の種"]
        );
    }

    #[test]
    fn the_order_of_tickets_does_not_matter() {
        let bodies: Vec<String> = (0..30).map(form).collect();
        let reversed: Vec<String> = bodies.iter().rev().cloned().collect();
        assert_eq!(learn(&bodies, |_| "a"), learn(&reversed, |_| "a"));
    }

    #[test]
    fn messages_before_a_colon_are_no_labels() {
        let bodies: Vec<String> = (0..30)
            .map(|at| format!("エラー: {at}\nhttps://example.com\n備え: {at}"))
            .collect();
        assert_eq!(labels(&learn(&bodies, |_| "a")), ["備え"]);
    }
}
