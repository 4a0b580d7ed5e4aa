//! How many tickets lay open at a point in time.
//!
//! A ticket that is done but has no date of closing is in nobody's backlog: it is unknown how long it was.

use jiff::Timestamp;

/// The dated comings and goings of a set of tickets, for asking about many points in time.
#[derive(Debug, Default)]
pub(super) struct Backlog {
    opened: Vec<Timestamp>,
    closed: Vec<Timestamp>,
}

impl Backlog {
    /// Takes the opening of each ticket and its closing, if it was closed. One that was closed before it was filed
    /// counts as closed at once.
    pub(super) fn new(spans: impl Iterator<Item = (Timestamp, Option<Timestamp>)>) -> Self {
        let mut backlog = Self::default();
        for (opened, closed) in spans {
            backlog.opened.push(opened);
            backlog.closed.extend(closed.map(|closed| closed.max(opened)));
        }
        backlog.opened.sort_unstable();
        backlog.closed.sort_unstable();
        backlog
    }

    /// Counts what was filed up to an instant and not closed up to it.
    pub(super) fn at(&self, instant: Timestamp) -> usize {
        let until = |times: &[Timestamp]| times.partition_point(|time| *time <= instant);
        until(&self.opened) - until(&self.closed)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn second(second: i64) -> Timestamp {
        Timestamp::from_second(second).unwrap()
    }

    #[test]
    fn what_is_filed_and_not_closed_is_open() {
        let spans = [(10, Some(20)), (15, None), (30, Some(25)), (40, Some(50))];
        let spans = spans.map(|(opened, closed)| (second(opened), closed.map(second)));
        let backlog = Backlog::new(spans.into_iter());
        let open = [9, 10, 15, 20, 29, 30, 45, 50].map(|at| backlog.at(second(at)));
        assert_eq!(open, [0, 1, 2, 1, 1, 1, 2, 1]);
    }

    #[test]
    fn nothing_filed_is_nothing_open() {
        assert_eq!(Backlog::default().at(Timestamp::MAX), 0);
    }
}
