//! Lists in pages: cursors that are opaque and belong to the run they came from.

use std::cmp::Reverse;
use std::collections::BTreeMap;

use serde_json::{Value, json};

use super::ids::{Id, digest, mix};
use super::problem::Problem;

/// One thing a list is ordered by.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Cell {
    Number(i64),
    Text(String),
    Nothing,
}

/// A cell with its direction.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Rank {
    Up(Cell),
    Down(Reverse<Cell>),
}

/// Where an item stands in its list; no two items of a list have equal keys.
pub(crate) type Key = Vec<Rank>;

/// A list broken on purpose.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Quirk {
    /// No items, but more to come: the next cursor goes on from here.
    EmptyPage,
    /// The next page starts with the last `n` items of this one.
    Overlap(usize),
    /// The list ends here without a word.
    SilentEnd,
    /// `next_cursor` is set although `has_more` is false, which is what counts.
    CursorAtTheEnd,
    /// `has_more` is true and `next_cursor` null.
    MoreWithoutCursor,
    /// `next_cursor` is the cursor of this very page; on a first page, one that leads to that page again.
    SameCursor,
}

/// What a request says of the page it wants.
pub(crate) struct Ask<'a> {
    /// What makes two requests part of one run: address, filter, order.
    pub(crate) run: &'a str,
    pub(crate) cursor: Option<&'a str>,
    pub(crate) size: usize,
    /// The most items a run gives.
    pub(crate) cap: usize,
    pub(crate) quirk: Option<Quirk>,
}

/// Where a cursor leads.
#[derive(Clone, Debug)]
struct Spot {
    run: String,
    served: usize,
    after: Option<Key>,
}

/// All cursors given out so far. They stay good: a client repeats a request whose answer it lost.
#[derive(Debug, Default)]
pub(crate) struct Cursors {
    spots: BTreeMap<String, Spot>,
}

/// A page of a list, as positions in it.
pub(crate) struct Slice {
    pub(crate) items: std::ops::Range<usize>,
    /// The fields of the answer that say how it goes on.
    pub(crate) fields: Value,
    /// The run as a whole gives less than there is.
    pub(crate) capped: bool,
}

impl Cursors {
    /// The page that `ask` wants of the list with these keys, which are in order.
    ///
    /// A page starts behind the key of the last item served, not at a number: a row that is edited while its list is
    /// sorted by edit time comes a second time or not at all, as in Notion.
    pub(crate) fn slice(&mut self, ask: &Ask<'_>, keys: &[Key]) -> Result<Slice, Problem> {
        let spot = self.spot(ask)?;
        let start = match &spot.after {
            Some(last) => keys.partition_point(|key| key <= last),
            None => 0,
        };
        let left = ask.cap.saturating_sub(spot.served);
        let mut end = keys.len().min(start + ask.size.min(left));
        if ask.quirk == Some(Quirk::EmptyPage) {
            end = start;
        }
        let capped = keys.len() - start > left;
        let served = spot.served + end - start;
        let mut more = end < keys.len() && served < ask.cap;
        let last = match ask.quirk {
            Some(Quirk::Overlap(count)) => end.saturating_sub(count).max(start),
            _ => end,
        };
        let next = Spot {
            run: ask.run.to_owned(),
            served,
            after: match last > start {
                true => Some(keys[last - 1].clone()),
                false => spot.after.clone(),
            },
        };
        let mut cursor = match ask.quirk {
            Some(Quirk::SameCursor) => {
                more = true;
                Some(ask.cursor.map_or_else(|| self.give(spot, 0), str::to_owned))
            }
            Some(Quirk::EmptyPage) => {
                Some(self.give(next, ask.cursor.map_or(1, |cursor| digest(cursor.as_bytes()))))
            }
            Some(Quirk::CursorAtTheEnd) => Some(self.give(next, 0)),
            _ => more.then(|| self.give(next, 0)),
        };
        match ask.quirk {
            Some(Quirk::MoreWithoutCursor) => (more, cursor) = (true, None),
            Some(Quirk::SilentEnd) => (more, cursor) = (false, None),
            Some(Quirk::EmptyPage) => more = true,
            _ => (),
        }
        Ok(Slice {
            items: start..end,
            fields: json!({"next_cursor": cursor, "has_more": more}),
            capped: capped && ask.quirk != Some(Quirk::SilentEnd),
        })
    }

    fn spot(&self, ask: &Ask<'_>) -> Result<Spot, Problem> {
        let Some(cursor) = ask.cursor else {
            return Ok(Spot {
                run: ask.run.to_owned(),
                served: 0,
                after: None,
            });
        };
        match self.spots.get(cursor).filter(|spot| spot.run == ask.run) {
            Some(spot) => Ok(spot.clone()),
            None => Err(Problem::dead_cursor(cursor)),
        }
    }

    /// A cursor for `spot`: the same for the same spot, so that a repeated request has the same answer.
    fn give(&mut self, spot: Spot, salt: u64) -> String {
        let text = format!("{spot:?}");
        let cursor = Id::of(mix(digest(text.as_bytes()) ^ salt)).to_string();
        self.spots.insert(cursor.clone(), spot);
        cursor
    }
}
