//! Tickets from files into the store, and the store out as JSONL that reads back to the same store.
//!
//! An exported line is the ticket as any other command reads it, with one key more, [`KEY`], that holds what only the
//! store needs: the page as Notion gave it. Times of fetching are left out: two stores with the same tickets give the
//! same lines.

use std::collections::{BTreeMap, BTreeSet};

use jiff::tz::TimeZone;
use serde_json::{Map, Value, json};

use super::notion::{BodyState, CommentsState, Gone, PageRecord};
use super::{Batch, Origin, Store, StoreError, StoredTicket};
use crate::source::{self, Format, Input, ReadOptions, notion::link};
use crate::ticket::{Ticket, TicketId};

/// The key of an exported line under which the page stands.
const KEY: &str = "toilscope_page";

/// What importing tickets did.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Imported {
    /// Tickets that were not there.
    pub new: usize,
    /// Tickets that were there in an older version.
    pub changed: usize,
    /// Tickets that were there as they are, or in a newer version.
    pub unchanged: usize,
    /// Tickets that the store has from Notion itself, by their id or link: what was pulled says more and stays.
    pub known: usize,
    /// New tickets with title and time of filing of a pulled one, but without an id or link in common.
    pub alike: usize,
}

impl Store {
    /// Adds tickets read from files, in one transaction.
    ///
    /// Of two records of one id the newer stays, by the rule of [`source::read`]. Importing the same again changes
    /// nothing. `zone` is that of dates without a time.
    ///
    /// # Errors
    ///
    /// [`StoreError::Full`] or what SQLite says; then nothing was added.
    pub fn import(&mut self, tickets: Vec<Ticket>, zone: &TimeZone) -> Result<Imported, StoreError> {
        let pulled = self.looks(Origin::Notion, zone)?;
        let batch = self.batch()?;
        let mut done = Imported::default();
        for mut ticket in tickets {
            let restored = ticket.fields.remove(KEY);
            match restored.as_ref().and_then(|value| page_of(&ticket.id, value)) {
                Some(page) => restore(&batch, &ticket, &page, zone, &mut done)?,
                None => add(&batch, &ticket, zone, &pulled, &mut done)?,
            }
        }
        batch.commit()?;
        Ok(done)
    }

    /// Counts the imported tickets with title and time of filing of a pulled one, but without an id or link in common:
    /// they may be counted twice.
    ///
    /// # Errors
    ///
    /// What SQLite says.
    pub fn alike(&self, zone: &TimeZone) -> Result<usize, StoreError> {
        if self.count(Origin::File)? == 0 {
            return Ok(0);
        }
        let imported = self.looks(Origin::File, zone)?;
        Ok(imported.intersection(&self.looks(Origin::Notion, zone)?).count())
    }

    /// The tickets of an origin by what a person would recognise them by.
    fn looks(&self, origin: Origin, zone: &TimeZone) -> Result<BTreeSet<(String, i64)>, StoreError> {
        let mut lines = Vec::new();
        self.each_ticket(|ticket| {
            if ticket.origin == origin {
                lines.extend_from_slice(ticket.line.as_bytes());
                lines.push(b'\n');
            }
        })?;
        Ok(reread(lines, zone).iter().filter_map(look).collect())
    }
}

/// Title and minute of filing.
fn look(ticket: &Ticket) -> Option<(String, i64)> {
    let minute = ticket.created_at?.at.as_second().div_euclid(60);
    Some((ticket.title.as_deref()?.trim().to_owned(), minute))
}

fn reread(lines: Vec<u8>, zone: &TimeZone) -> Vec<Ticket> {
    let input = Input {
        name: "store".to_owned(),
        bytes: lines,
    };
    let options = ReadOptions {
        zone: zone.clone(),
        columns: BTreeMap::new(),
        format: Some(Format::Jsonl),
    };
    // An empty store is no readable file; it holds no tickets.
    source::read(&[input], &options).map_or_else(|_| Vec::new(), |reading| reading.tickets)
}

fn add(
    batch: &Batch<'_>,
    ticket: &Ticket,
    zone: &TimeZone,
    pulled: &BTreeSet<(String, i64)>,
    done: &mut Imported,
) -> Result<(), StoreError> {
    let page = link::page_of(ticket);
    if let Some(page) = &page
        && batch.page(page)?.is_some()
    {
        done.known += 1;
        return Ok(());
    }
    let stored = StoredTicket {
        id: ticket.id.as_str().to_owned(),
        origin: Origin::File,
        page,
        line: source::to_line(ticket, zone),
    };
    let Some(old) = batch.ticket(&stored.id)? else {
        done.new += 1;
        done.alike += usize::from(look(ticket).is_some_and(|look| pulled.contains(&look)));
        return batch.put_ticket(&stored);
    };
    let is_newer = reread(old.line.clone().into_bytes(), zone)
        .first()
        .is_none_or(|old| source::is_newer(ticket, old, zone));
    if old.line == stored.line || !is_newer {
        done.unchanged += 1;
        return Ok(());
    }
    done.changed += 1;
    batch.put_ticket(&stored)
}

/// Puts back a page that an export carries, unless the store knows a version edited later.
fn restore(
    batch: &Batch<'_>,
    ticket: &Ticket,
    page: &PageRecord,
    zone: &TimeZone,
    done: &mut Imported,
) -> Result<(), StoreError> {
    match batch.page(&page.id)? {
        None => done.new += 1,
        Some(old) if old.edited < page.edited => done.changed += 1,
        Some(_) => {
            done.unchanged += 1;
            return Ok(());
        }
    }
    for other in batch.tickets_of_page(&page.id)? {
        batch.remove_ticket(&other.id)?;
    }
    batch.put_page(page)?;
    batch.put_ticket(&StoredTicket {
        id: page.id.clone(),
        origin: Origin::Notion,
        page: Some(page.id.clone()),
        line: source::to_line(ticket, zone),
    })
}

/// Returns the line that an export holds for a ticket and its page, without the line break.
#[must_use]
pub fn export_line(ticket: &StoredTicket, page: Option<&PageRecord>) -> String {
    let Some(page) = page else {
        return ticket.line.clone();
    };
    let json = |text: &Option<String>| {
        text.as_deref()
            .and_then(|text| serde_json::from_str::<Value>(text).ok())
    };
    let parts = [
        ("source", Some(json!(page.source))),
        ("page", json(&Some(page.page.clone()))),
        ("completed", json(&page.completed)),
        ("body", page.body.clone().map(Value::from)),
        ("body_state", Some(json!(page.body_state.as_str()))),
        ("comments", json(&page.comments)),
        ("comments_state", Some(json!(page.comments_state.as_str()))),
        ("edited", Some(json!(page.edited))),
        ("gone", page.gone.map(|gone| json!(gone.as_str()))),
    ];
    let parts: Map<String, Value> = parts
        .into_iter()
        .filter_map(|(key, value)| Some((key.to_owned(), value?)))
        .collect();
    // The line is an object with at least an id, so it ends in a brace behind a value.
    let open = ticket.line.strip_suffix('}').unwrap_or(&ticket.line);
    format!("{open},{}:{}}}", json!(KEY), Value::Object(parts))
}

/// Reads the page of an exported line; `None` if it is something else under the same key.
fn page_of(id: &TicketId, value: &Value) -> Option<PageRecord> {
    let text = |key: &str| value.get(key).and_then(Value::as_str).map(str::to_owned);
    let json = |key: &str| value.get(key).map(Value::to_string);
    Some(PageRecord {
        id: id.as_str().to_owned(),
        source: text("source")?,
        page: json("page")?,
        completed: json("completed"),
        body: text("body"),
        body_state: BodyState::of(&text("body_state")?)?,
        comments: json("comments"),
        comments_state: CommentsState::of(&text("comments_state")?)?,
        edited: text("edited")?,
        seen: 0,
        gone: text("gone").and_then(|name| Gone::of(&name)),
        fetched_at: None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tickets(lines: &str) -> Vec<Ticket> {
        reread(lines.as_bytes().to_vec(), &TimeZone::UTC)
    }

    fn store(folder: &tempfile::TempDir, name: &str) -> Store {
        Store::open_to_write(&folder.path().join(name)).unwrap()
    }

    fn export(store: &Store) -> String {
        let mut out = String::new();
        store
            .each_ticket(|ticket| {
                let page = store.page(&ticket.id).unwrap();
                out += &export_line(&ticket, page.as_ref());
                out.push('\n');
            })
            .unwrap();
        out
    }

    const PAGE_ID: &str = "0226784a-bd11-4c34-8cdf-4a4cdccea111";

    fn pulled(store: &mut Store) {
        let batch = store.batch().unwrap();
        let page = PageRecord {
            id: PAGE_ID.into(),
            source: "s".into(),
            page: r#"{"id":"x","properties":{}}"#.into(),
            completed: Some(r#"{"a":[1]}"#.into()),
            body: Some("本文".into()),
            body_state: BodyState::Fetched,
            comments: None,
            comments_state: CommentsState::Unasked,
            edited: "2026-01-01T00:00:00.000Z".into(),
            seen: 3,
            gone: None,
            fetched_at: Some("2026-02-01T00:00:00Z".into()),
        };
        let ticket = StoredTicket {
            id: PAGE_ID.into(),
            origin: Origin::Notion,
            page: Some(PAGE_ID.into()),
            line: format!(r#"{{"created_at":"2026-01-01T00:00:00Z","id":"{PAGE_ID}","title":"招待"}}"#),
        };
        batch.put_page(&page).unwrap();
        batch.put_ticket(&ticket).unwrap();
        batch.commit().unwrap();
    }

    #[test]
    fn importing_twice_changes_nothing_and_newer_wins() {
        let folder = tempfile::tempdir().unwrap();
        let mut store = store(&folder, "a.db");
        let old = "{\"id\":\"1\",\"title\":\"a\",\"updated_at\":\"2026-01-01\"}\n{\"id\":\"2\"}";
        let new = "{\"id\":\"1\",\"title\":\"b\",\"updated_at\":\"2026-01-02\"}";
        let mut import = |lines| store.import(tickets(lines), &TimeZone::UTC).unwrap();
        assert_eq!(import(old).new, 2);
        assert_eq!(import(old).unchanged, 2);
        assert_eq!(import(new).changed, 1);
        assert_eq!(import(old).unchanged, 2);
        assert!(export(&store).contains(r#""title":"b""#));
    }

    #[test]
    fn what_was_pulled_is_known_by_id_and_link_and_recognised_by_look() {
        let folder = tempfile::tempdir().unwrap();
        let mut store = store(&folder, "a.db");
        pulled(&mut store);
        let lines = [
            "{\"id\":\"0226784ABD114C348CDF4A4CDCCEA111\"}",
            "{\"id\":\"7\",\"url\":\"https://www.notion.so/ws/x-0226784abd114c348cdf4a4cdccea111\"}",
            "{\"id\":\"8\",\"title\":\" 招待\",\"created_at\":\"2026-01-01T00:00:30Z\"}",
        ];
        let done = store.import(tickets(&lines.join("\n")), &TimeZone::UTC).unwrap();
        let expected = Imported {
            known: 2,
            new: 1,
            alike: 1,
            ..Imported::default()
        };
        assert_eq!(done, expected);
        assert_eq!(store.alike(&TimeZone::UTC).unwrap(), 1);
    }

    #[test]
    fn an_export_reads_back_to_the_same_store() {
        let folder = tempfile::tempdir().unwrap();
        let mut first = store(&folder, "a.db");
        pulled(&mut first);
        first
            .import(tickets("{\"id\":\"1\",\"title\":\"x\"}"), &TimeZone::UTC)
            .unwrap();
        let lines = export(&first);
        let mut second = store(&folder, "b.db");
        second.import(tickets(&lines), &TimeZone::UTC).unwrap();
        assert_eq!(export(&second), lines);
        assert_eq!(
            second.import(tickets(&lines), &TimeZone::UTC).unwrap().unchanged,
            2
        );
    }
}
