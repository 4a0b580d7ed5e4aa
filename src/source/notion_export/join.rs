//! Finds the page of each row. A CSV file of Notion names no pages, so title and values have to tell.
//!
//! Rows and pages of one title meet first where all values agree; what is left is paired by the fewest differences.
//! Values that are two different dates keep a row and a page apart, since a date is written in one way throughout an
//! export, while a relation names its page by another path in each file. Pages that lie elsewhere than in the
//! database's folder must agree in more than they differ.

use std::cmp::Reverse;
use std::collections::btree_map::Entry;
use std::collections::{BTreeMap, BTreeSet};

use jiff::Timestamp;
use jiff::tz::TimeZone;

use crate::source::date;
use crate::source::header_names::fold;

/// Most pairs that are compared for one title: 1,000 rows with 1,000 pages, of which all that agree are joined already.
/// Where there are more, those with the same dates are joined first; if that is not enough, the rest is left alone.
const PAIRS_MOST: usize = 1_000_000;

/// A row or a page as it is compared.
#[derive(Debug, Clone)]
pub(super) struct Card {
    title: String,
    values: Vec<Option<Value>>,
}

/// A value as it is compared, ordered by its text.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
struct Value {
    text: String,
    date: Option<Timestamp>,
}

/// Whether a page lies where the rows of a database lie.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Place {
    /// In the folder of the database.
    Home,
    /// Anywhere else.
    Elsewhere,
}

impl Card {
    /// A card of a title and of values, both without what differs between the files of an export. Only cards with the
    /// same columns may be compared.
    pub(super) fn new<'a>(
        title: &str,
        values: impl IntoIterator<Item = Option<&'a str>>,
        zone: &TimeZone,
    ) -> Self {
        let value = |text: &str| {
            let text = without_links(text);
            let date = date::moment(&text, zone).ok().map(|moment| moment.at);
            let text = fold(&text);
            (!text.is_empty()).then_some(Value { text, date })
        };
        Self {
            title: title_key(title),
            values: values.into_iter().map(|text| text.and_then(value)).collect(),
        }
    }

    /// The key of its title.
    pub(super) fn title(&self) -> &str {
        &self.title
    }

    /// Its dates, by column.
    fn dates(&self) -> Vec<Option<Timestamp>> {
        let date = |value: &Option<Value>| value.as_ref().and_then(|value| value.date);
        self.values.iter().map(date).collect()
    }

    /// In how many values two cards differ and agree; `None` if they cannot be of one ticket.
    fn compare(&self, other: &Self) -> Option<(usize, usize)> {
        let (mut differ, mut agree) = (0, 0);
        for pair in self.values.iter().zip(&other.values) {
            match pair {
                (None, None) => {}
                (Some(one), Some(other)) if one.text == other.text => agree += 1,
                (
                    Some(Value { date: Some(one), .. }),
                    Some(Value {
                        date: Some(other), ..
                    }),
                ) if one != other => {
                    return None;
                }
                _ => differ += 1,
            }
        }
        Some((differ, agree))
    }
}

/// The key of a title: markup and white space differ between a table and a page. A title without letters counts as
/// it is, and one that was never filled in as empty.
pub(super) fn title_key(title: &str) -> String {
    let folded = fold(title);
    match folded.as_str() {
        "untitled" | "無題" => String::new(),
        "" => title.trim().to_owned(),
        _ => folded,
    }
}

/// What a comparison of rows and pages gave.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Joined {
    /// The page of each row, as its position; every page at most once.
    pub(super) pages: Vec<Option<usize>>,
    /// How many rows could as well have another page of their title.
    pub(super) guessed: usize,
}

/// Finds the page of each row. `pages` must be in an order that does not depend on the archive; of two that fit a row
/// equally well the first is taken.
pub(super) fn join(rows: &[Card], pages: &[Card], place: Place) -> Joined {
    let mut join = Join {
        rows,
        pages,
        place,
        found: vec![None; rows.len()],
        guessed: 0,
    };
    let mut groups: BTreeMap<&str, Group> = BTreeMap::new();
    for (row, card) in rows.iter().enumerate() {
        groups.entry(&card.title).or_default().rows.push(row);
    }
    for (page, card) in pages.iter().enumerate() {
        if let Some(group) = groups.get_mut(card.title.as_str()) {
            group.pages.push(page);
        }
    }
    for mut group in groups.into_values() {
        // Elsewhere a title alone tells nothing.
        join.equal(&mut group, |card| {
            let is_telling = place == Place::Home || card.values.iter().any(Option::is_some);
            is_telling.then_some(&card.values)
        });
        if group.rows.len().saturating_mul(group.pages.len()) > PAIRS_MOST {
            join.equal(&mut group, |card| {
                let dates = card.dates();
                dates.iter().any(Option::is_some).then_some(dates)
            });
        }
        join.alike(&group);
    }
    Joined {
        pages: join.found,
        guessed: join.guessed,
    }
}

/// The rows and the pages of one title that are not joined yet.
#[derive(Debug, Default)]
struct Group {
    rows: Vec<usize>,
    pages: Vec<usize>,
}

struct Join<'a> {
    rows: &'a [Card],
    pages: &'a [Card],
    place: Place,
    found: Vec<Option<usize>>,
    guessed: usize,
}

impl<'a> Join<'a> {
    /// Joins what has one key and leaves the rest in the group. Rows of one key are taken for interchangeable.
    fn equal<K: Ord>(&mut self, group: &mut Group, key: impl Fn(&'a Card) -> Option<K>) {
        let mut free: BTreeMap<Option<K>, Vec<usize>> = BTreeMap::new();
        // From behind, so that the first page is the first to be popped.
        for &page in group.pages.iter().rev() {
            free.entry(key(&self.pages[page])).or_default().push(page);
        }
        group.rows.retain(|&row| {
            let key = key(&self.rows[row]).map(Some);
            self.found[row] = key.and_then(|key| free.get_mut(&key)).and_then(Vec::pop);
            self.found[row].is_none()
        });
        group.pages = free.into_values().flatten().collect();
        group.pages.sort_unstable();
    }

    /// Joins what differs least.
    fn alike(&mut self, group: &Group) {
        if group.rows.len().saturating_mul(group.pages.len()) > PAIRS_MOST {
            return;
        }
        let mut pairs = Vec::new();
        for (row, page) in group
            .rows
            .iter()
            .flat_map(|&row| group.pages.iter().map(move |&page| (row, page)))
        {
            if let Some((differ, agree)) = self.rows[row].compare(&self.pages[page])
                && (self.place == Place::Home || agree > differ)
            {
                // Equal rows are tried in the order of what they say, not of where they stand.
                pairs.push(((differ, Reverse(agree)), &self.rows[row].values, page, row));
            }
        }
        pairs.sort_unstable();
        let mut taken = BTreeSet::new();
        for equally_good in pairs.chunk_by(|one, other| one.0 == other.0) {
            let free = equally_good.iter().map(|&(_, _, page, row)| (row, page));
            let free: Vec<(usize, usize)> = free
                .filter(|(row, page)| self.found[*row].is_none() && !taken.contains(page))
                .collect();
            let of_rows = several(free.iter().map(|&(row, page)| (row, &self.pages[page].values)));
            let of_pages = several(free.iter().map(|&(row, page)| (page, &self.rows[row].values)));
            for (row, page) in free {
                if self.found[row].is_none() && taken.insert(page) {
                    self.found[row] = Some(page);
                    self.guessed += usize::from(of_rows.contains(&row) || of_pages.contains(&page));
                }
            }
        }
    }
}

/// The keys that stand with more than one value.
fn several<V: PartialEq>(pairs: impl Iterator<Item = (usize, V)>) -> BTreeSet<usize> {
    let (mut first, mut several) = (BTreeMap::new(), BTreeSet::new());
    for (key, value) in pairs {
        match first.entry(key) {
            Entry::Vacant(entry) => {
                entry.insert(value);
            }
            Entry::Occupied(entry) if *entry.get() != value => {
                several.insert(key);
            }
            Entry::Occupied(_) => {}
        }
    }
    several
}

/// A cell without the links behind the titles of related pages: `Title (Folder/Page%20<id>.md), …`.
pub(super) fn without_links(cell: &str) -> String {
    let (mut text, mut rest) = (String::with_capacity(cell.len()), cell);
    while let Some((before, behind)) = rest.split_once(" (") {
        text.push_str(before);
        match behind.split_once(')') {
            Some((link, behind))
                if is_link(link) && (behind.is_empty() || behind.starts_with([',', '\n'])) =>
            {
                rest = behind;
            }
            _ => {
                text.push_str(" (");
                rest = behind;
            }
        }
    }
    text.push_str(rest);
    text
}

/// Whether this is how an export points to a page: by the path of its file or by its address.
fn is_link(text: &str) -> bool {
    !text.contains(char::is_whitespace) && super::names::holds_id(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    const ID: &str = "0123456789abcdef0123456789abcdef";

    fn card(cells: &[&str]) -> Card {
        let values = cells[1..].iter().map(|cell| (!cell.is_empty()).then_some(*cell));
        Card::new(cells[0], values, &TimeZone::UTC)
    }

    fn joined(rows: &[&[&str]], pages: &[&[&str]], place: Place) -> Vec<Option<usize>> {
        let cards = |cards: &[&[&str]]| cards.iter().map(|cells| card(cells)).collect::<Vec<_>>();
        join(&cards(rows), &cards(pages), place).pages
    }

    #[test]
    fn equal_titles_are_told_apart_by_values() {
        let rows: [&[&str]; 3] = [
            &["招待", "完了", "佐藤"],
            &["招待", "未着手", "佐藤"],
            &["削除", "", ""],
        ];
        let pages: [&[&str]; 2] = [&["招待", "未着手", "佐藤"], &["招待", "完了", "佐藤"]];
        assert_eq!(joined(&rows, &pages, Place::Home), [Some(1), Some(0), None]);
    }

    #[test]
    fn equal_rows_take_equal_pages_in_their_order() {
        let rows: [&[&str]; 3] = [&["招待", "完了"]; 3];
        let pages: [&[&str]; 2] = [&["招待", "完了"]; 2];
        assert_eq!(joined(&rows, &pages, Place::Home), [Some(0), Some(1), None]);
    }

    #[test]
    fn the_fewest_differences_decide_the_rest() {
        let rows: [&[&str]; 2] = [&["招待", "a", "b", "x/1"], &["招待", "a", "c", "x/1"]];
        let pages: [&[&str]; 2] = [&["招待", "a", "c", "y/1"], &["招待", "a", "b", "y/1"]];
        assert_eq!(joined(&rows, &pages, Place::Home), [Some(1), Some(0)]);
    }

    #[test]
    fn a_page_that_fits_two_rows_is_a_guess() {
        let cards = |cards: &[[&str; 3]]| cards.iter().map(|cells| card(cells)).collect::<Vec<_>>();
        let pages = cards(&[["招待", "x", "b"]]);
        let guess = join(
            &cards(&[["招待", "y", "b"], ["招待", "x", "c"]]),
            &pages,
            Place::Home,
        );
        assert_eq!((guess.pages, guess.guessed), (vec![None, Some(0)], 1));
        let sure = join(
            &cards(&[["招待", "y", "b"], ["招待", "y", "b"]]),
            &pages,
            Place::Home,
        );
        assert_eq!((sure.pages, sure.guessed), (vec![Some(0), None], 0));
    }

    #[test]
    fn a_crowd_of_one_title_is_joined_by_its_dates() {
        let number = 1_100;
        let cards = |link: &str| -> Vec<Card> {
            let date = |n: usize| format!("2026-03-{:02} {:02}:{:02}", n / 1_440 + 1, n / 60 % 24, n % 60);
            (0..number)
                .map(|n| card(&["招待", &format!("{link}{n}"), &date(n)]))
                .collect()
        };
        let found = join(&cards("a"), &cards("b"), Place::Home).pages;
        assert!(found.into_iter().enumerate().all(|(row, page)| page == Some(row)));
        let without_dates = |link: &str| -> Vec<Card> {
            (0..number)
                .map(|n| card(&["招待", &format!("{link}{n}")]))
                .collect()
        };
        let found = join(&without_dates("a"), &without_dates("b"), Place::Home);
        assert!(found.pages.into_iter().all(|page| page.is_none()));
    }

    #[test]
    fn two_dates_are_two_tickets() {
        let rows: [&[&str]; 1] = [&["招待", "2026年3月4日 13:40", "完了"]];
        assert_eq!(
            joined(&rows, &[&["招待", "2026年3月5日 13:40", "完了"]], Place::Home),
            [None]
        );
        let same: [&[&str]; 1] = [&["招待", "March 4, 2026 1:40 PM", "保留"]];
        assert_eq!(joined(&rows, &same, Place::Home), [Some(0)]);
    }

    #[test]
    fn a_page_elsewhere_must_agree_in_more_than_its_title() {
        let rows: [&[&str]; 2] = [&["招待", "完了", ""], &["手順", "", ""]];
        let pages: [&[&str]; 2] = [&["招待", "", ""], &["手順", "", ""]];
        assert_eq!(joined(&rows, &pages, Place::Elsewhere), [None, None]);
        assert_eq!(joined(&rows, &pages, Place::Home), [Some(0), Some(1)]);
        assert_eq!(
            joined(&rows[..1], &[&["招待", "完了", ""]], Place::Elsewhere),
            [Some(0)]
        );
    }

    #[test]
    fn titles_are_compared_without_their_markup() {
        assert_eq!(title_key("**VPN** の `設定`"), title_key("VPNの設定"));
        assert_eq!(
            (title_key("Untitled"), title_key("🔥")),
            (String::new(), "🔥".to_owned())
        );
    }

    #[test]
    fn links_of_relations_are_dropped_and_other_brackets_stay() {
        let cell = format!("基盤 (../DB%20{ID}/x%20{ID}.md), SRE (https://www.notion.so/{ID}?pvs=21)");
        assert_eq!(without_links(&cell), "基盤, SRE");
        for cell in ["10:00 (JST)", "a (b", format!("see ({ID}) here").as_str()] {
            assert_eq!(without_links(cell), cell);
        }
    }
}
