//! Which pages belong to which table of an export, and which to none.
//!
//! A page in the folder of a database is a row of it, whatever else fits. Other pages may be rows too, as those of a
//! database whose view is shown on another page; one page may then be in two tables, and its two records meet by their
//! id. What is below a page is no row.

use std::collections::{BTreeMap, BTreeSet};

use jiff::tz::TimeZone;

use super::database::{Database, Row};
use super::join::{Card, Joined, Place, join, title_key};
use super::names::{known_as, split};
use super::page::{Keys, Page};
use super::tables::{Entry, Table};
use crate::source::NoteKind;

/// The column of the titles in a table that has no file.
const TITLE: &str = "title";

/// The pages of an export and its databases.
pub(super) struct Assembly<'a> {
    pages: &'a [Page<'a>],
    databases: &'a [Database<'a>],
    zone: &'a TimeZone,
    /// The names of all properties of each database, where its table is complete.
    known: Vec<Option<BTreeSet<String>>>,
    /// The key of each page's title.
    titles: Vec<String>,
    /// The database in whose folder each page lies.
    homes: Vec<Option<usize>>,
    /// Whether each page lies in the folder of another page and of no database.
    is_below: Vec<bool>,
}

impl<'a> Assembly<'a> {
    /// `folders` are the folders of the pages.
    pub(super) fn new(
        pages: &'a [Page<'a>],
        folders: &BTreeSet<String>,
        databases: &'a [Database<'a>],
        zone: &'a TimeZone,
    ) -> Self {
        let homes = homes(pages, databases);
        let is_below = |page: &Page<'_>| {
            known_as(page.name.folder)
                .iter()
                .any(|folder| folders.contains(*folder))
        };
        let known = |database: &Database<'_>| {
            database
                .is_complete()
                .then(|| database.header.iter().cloned().collect())
        };
        Self {
            known: databases.iter().map(known).collect(),
            titles: pages.iter().map(|page| title_key(&page.title)).collect(),
            is_below: pages
                .iter()
                .zip(&homes)
                .map(|(page, home)| home.is_none() && is_below(page))
                .collect(),
            pages,
            databases,
            zone,
            homes,
        }
    }

    /// The tables of the databases and of the folders without one, and how many pages are in none. `source` names a
    /// file in messages.
    pub(super) fn tables(&self, source: impl Fn(&str) -> String) -> (Vec<Table<'a>>, usize) {
        let joins: Vec<Joined> = (0..self.databases.len()).map(|index| self.join(index)).collect();
        let joined = joins
            .iter()
            .flat_map(|joined| joined.pages.iter().flatten().copied());
        let joined: BTreeSet<usize> = joined.collect();
        let mut rest = vec![Vec::new(); self.databases.len()];
        let mut folders: BTreeMap<&str, Vec<usize>> = BTreeMap::new();
        let mut passed_over = 0;
        for page in (0..self.pages.len()).filter(|page| !joined.contains(page)) {
            let has_properties = || !self.properties(page, self.homes[page]).is_empty();
            if self.is_below[page] || !has_properties() {
                passed_over += 1;
            } else if let Some(home) = self.homes[page] {
                rest[home].push(page);
            } else {
                folders
                    .entry(self.pages[page].name.folder)
                    .or_default()
                    .push(page);
            }
        }
        let mut tables = Vec::new();
        for (index, (joined, rest)) in joins.iter().zip(rest).enumerate() {
            let source = source(self.databases[index].file);
            tables.push(self.of_database(index, joined, &rest, source));
        }
        for (folder, pages) in folders {
            let file = split(folder).1;
            tables.push(self.of_folder(&pages, source(if file.is_empty() { "pages" } else { file })));
        }
        (tables, passed_over)
    }

    /// The page of each row of a database: one from its folder, else one from anywhere.
    fn join(&self, index: usize) -> Joined {
        let database = &self.databases[index];
        let title = self.title_column(index);
        let others: Vec<usize> = (0..database.header.len())
            .filter(|column| Some(*column) != title)
            .collect();
        let of_row = |cells: &[String]| {
            let values = others.iter().map(|&column| Some(cells[column].as_str()));
            Card::new(
                title.map_or("", |column| cells[column].as_str()),
                values,
                self.zone,
            )
        };
        let of_page = |page: usize| {
            let said: BTreeMap<String, String> = match &self.known[index] {
                Some(known) => self.pages[page]
                    .properties(Keys::Scattered(known))
                    .into_iter()
                    .collect(),
                None => self.said(page, Some(index)),
            };
            let values = others
                .iter()
                .map(|&column| said.get(&database.header[column]).map(String::as_str));
            Card::new(&self.pages[page].title, values, self.zone)
        };
        let mut found = vec![None; database.rows.len()];
        let mut guessed = 0;
        for place in [Place::Home, Place::Elsewhere] {
            let open = database
                .rows
                .iter()
                .enumerate()
                .filter(|(row, _)| found[*row].is_none());
            let (rows, cards): (Vec<usize>, Vec<Card>) = open
                .filter_map(|(row, Row { cells, .. })| Some((row, of_row(cells.as_deref().ok()?))))
                .unzip();
            let titles: BTreeSet<&str> = cards.iter().map(Card::title).collect();
            let pages = (0..self.pages.len()).filter(|&page| {
                let is_home = self.homes[page] == Some(index);
                is_home == (place == Place::Home)
                    && !self.is_below[page]
                    && titles.contains(self.titles[page].as_str())
            });
            let pages: Vec<usize> = pages.collect();
            let of_pages: Vec<Card> = pages.iter().map(|&page| of_page(page)).collect();
            let joined = join(&cards, &of_pages, place);
            guessed += joined.guessed;
            for (row, page) in rows.into_iter().zip(joined.pages) {
                found[row] = page.map(|page| pages[page]);
            }
        }
        Joined {
            pages: found,
            guessed,
        }
    }

    /// The column whose values are most often the title of a page, the first of several.
    fn title_column(&self, index: usize) -> Option<usize> {
        let database = &self.databases[index];
        let has_home = self.homes.contains(&Some(index));
        let titles: BTreeSet<&str> = self
            .titles
            .iter()
            .zip(&self.homes)
            .filter(|(title, home)| !title.is_empty() && (!has_home || **home == Some(index)))
            .map(|(title, _)| title.as_str())
            .collect();
        let rows = || database.rows.iter().filter_map(|row| row.cells.as_deref().ok());
        let count = |column: usize| {
            let is_title = |cells: &&[String]| titles.contains(title_key(&cells[column]).as_str());
            rows().filter(is_title).count()
        };
        let counts: Vec<usize> = (0..database.header.len()).map(count).collect();
        let most = counts.iter().copied().max().filter(|most| *most > 0)?;
        counts.iter().position(|count| *count == most)
    }

    /// The properties of a page, as a row of a database or of none.
    fn properties(&self, page: usize, database: Option<usize>) -> Vec<(String, String)> {
        let known = database.and_then(|index| self.known[index].as_ref());
        self.pages[page].properties(known.map_or(Keys::Any, Keys::Known))
    }

    fn said(&self, page: usize, database: Option<usize>) -> BTreeMap<String, String> {
        self.properties(page, database).into_iter().collect()
    }

    /// The table of a database; `rest` are pages of its folder that no row is for.
    fn of_database(&self, index: usize, joined: &Joined, rest: &[usize], source: String) -> Table<'a> {
        let database = &self.databases[index];
        let title = self.title_column(index);
        let pages = joined.pages.iter().flatten().chain(rest);
        let extra: BTreeSet<String> = pages
            .flat_map(|&page| self.said(page, Some(index)).into_keys())
            .filter(|key| !database.header.contains(key))
            .collect();
        let header: Vec<String> = database.header.iter().cloned().chain(extra).collect();
        let of_rows = database.rows.iter().zip(&joined.pages).map(|(row, &page)| Entry {
            line: Some(row.line),
            cells: row.cells.clone().map(|mut cells| {
                let mut said = page.map(|page| self.said(page, Some(index))).unwrap_or_default();
                let more = &header[cells.len()..];
                cells.extend(more.iter().map(|key| said.remove(key).unwrap_or_default()));
                cells
            }),
            page: page.map(|page| &self.pages[page]),
        });
        let of_pages = rest
            .iter()
            .map(|&page| self.of_page(page, Some(index), &header, title));
        let count = joined.guessed;
        let guess = (count > 0).then_some(NoteKind::PagesGuessed { count });
        Table {
            source,
            entries: of_rows.chain(of_pages).collect(),
            notes: database.note.iter().cloned().chain(guess).collect(),
            title,
            header,
        }
    }

    /// The table of pages that no file lists.
    fn of_folder(&self, pages: &[usize], source: String) -> Table<'a> {
        let keys: BTreeSet<String> = pages
            .iter()
            .flat_map(|&page| self.said(page, None).into_keys())
            .collect();
        let header: Vec<String> = std::iter::once(TITLE.to_owned()).chain(keys).collect();
        let entries = pages
            .iter()
            .map(|&page| self.of_page(page, None, &header, Some(0)));
        Table {
            source,
            entries: entries.collect(),
            notes: Vec::new(),
            title: Some(0),
            header,
        }
    }

    fn of_page(
        &self,
        page: usize,
        database: Option<usize>,
        header: &[String],
        title: Option<usize>,
    ) -> Entry<'a> {
        let mut said = self.said(page, database);
        let mut cells: Vec<String> = header
            .iter()
            .map(|key| said.remove(key).unwrap_or_default())
            .collect();
        if let Some(cell) = title.and_then(|column| cells.get_mut(column)) {
            cell.clone_from(&self.pages[page].title);
        }
        Entry {
            line: None,
            cells: Ok(cells),
            page: Some(&self.pages[page]),
        }
    }
}

/// The database in whose folder each page lies, if it is one and no other.
fn homes(pages: &[Page<'_>], databases: &[Database<'_>]) -> Vec<Option<usize>> {
    let mut owners: BTreeMap<String, BTreeSet<usize>> = BTreeMap::new();
    for (index, database) in databases.iter().enumerate() {
        for folder in database.name.folders() {
            owners.entry(folder).or_default().insert(index);
        }
    }
    let home = |page: &Page<'_>| {
        let owners = known_as(page.name.folder)
            .into_iter()
            .find_map(|folder| owners.get(folder))?;
        owners.first().copied().filter(|_| owners.len() == 1)
    };
    pages.iter().map(home).collect()
}
