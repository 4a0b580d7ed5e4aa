//! Pulls the data sources of a database one after the other, each pass from where the last one stopped.

use jiff::tz::TimeZone;
use serde_json::{Value, json};
use std::collections::BTreeMap;

use super::discover::{Found, discover};
use super::pass::Pass;
use super::{Event, PullError, Summary, fill, gone, rows};
use crate::source::notion::body::Reader;
use crate::source::notion::link::{self, Link};
use crate::source::notion::mapping::{self, CREATED_TIME, Mapping, Sources};
use crate::source::notion::page::{self, Parts};
use crate::source::notion::schema::Schema;
use crate::source::notion::{Client, NotionError, Object};
use crate::source::{Field, to_line};
use crate::store::{
    Batch, BodyState, CommentsState, Gone, Origin, PageRecord, SourceRecord, Store, StoreError, StoredTicket,
};
use crate::ticket::Ticket;

/// Changes whenever the same page would become another ticket, so that stored ones are made anew.
const TICKET_VERSION: u32 = 1;

/// Tickets that are made anew in one transaction.
const BATCH: usize = 500;

/// What to pull, and how.
#[derive(Debug, Clone)]
pub struct Request {
    /// The database.
    pub link: Link,
    /// Data sources of it by id or name; empty for all.
    pub data_sources: Vec<String>,
    /// What the settings say of each data source's mapping, by its id.
    pub mappings: BTreeMap<String, Sources>,
    /// Whether comments are read, one request a ticket.
    pub comments: bool,
    /// Whether everything is read again, content included.
    pub full: bool,
    /// The zone of days.
    pub zone: TimeZone,
}

/// Pulls everything that changed, or everything. `tell` hears what happens.
///
/// # Errors
///
/// [`PullError`]; what was read until then is in the store, and the next pull goes on from there. `summary` says what
/// was done also then.
pub fn pull(
    client: &mut Client,
    store: &mut Store,
    request: &Request,
    summary: &mut Summary,
    tell: &mut dyn FnMut(&Event<'_>),
) -> Result<(), PullError> {
    let mut failed = BTreeMap::new();
    let done = discover(client, &request.link, &request.data_sources).and_then(|found| {
        found.iter().try_for_each(|found| {
            let mut sync = Sync::begin(client, store, request, found, summary, tell)?;
            let done = sync.run();
            failed.append(&mut sync.failed);
            done
        })
    });
    summary.requests = client.requests();
    done?;
    match failed.first_key_value() {
        None => Ok(()),
        Some((id, reason)) => Err(PullError::Incomplete {
            count: failed.len(),
            id: id.clone(),
            reason: reason.clone(),
        }),
    }
}

/// What a data source would give: its mapping and one ticket made by it.
#[derive(Debug)]
pub struct Preview {
    /// The data source.
    pub found: Found,
    /// Its mapping.
    pub mapping: Mapping,
    /// One ticket with its content, if there is a row.
    pub ticket: Option<Ticket>,
    /// Whether content may be read; `None` without a row to try it on.
    pub content: Option<bool>,
    /// Whether comments may be read; `None` if nobody asks for them, or without a row to try it on.
    pub comments: Option<bool>,
}

/// Looks at a database without changing anything: connection, permissions, schema, mapping, one ticket.
///
/// # Errors
///
/// [`PullError`].
pub fn preview(client: &mut Client, request: &Request) -> Result<Vec<Preview>, PullError> {
    let found = discover(client, &request.link, &request.data_sources)?;
    found
        .into_iter()
        .map(|found| preview_source(client, request, found))
        .collect()
}

fn preview_source(client: &mut Client, request: &Request, found: Found) -> Result<Preview, PullError> {
    let mapping = resolve(&found, request.mappings.get(&found.id), None)?;
    let mut one = 1;
    let list = client.rows(found.kind, &found.id, &Object::new(), None, &mut one)?;
    let row = list.items.into_iter().find_map(|item| match item {
        Value::Object(row) if row.contains_key("properties") => Some(row),
        _ => None,
    });
    let id = row.as_ref().and_then(|row| link::id(row.get("id")?.as_str()?));
    let (mut body, mut content, mut comments) = (None, None, None);
    if let Some(id) = &id {
        body = allowed(Reader::default().read(client, id))?;
        content = Some(body.is_some());
        if request.comments {
            comments = Some(allowed(client.comments(id, None))?.is_some());
        }
    }
    let ticket = row.and_then(|page| {
        let parts = Parts {
            page: &page,
            completed: None,
            body: body.as_deref(),
            comments: &[],
            is_gone: false,
        };
        page::ticket(parts, &found.schema, &mapping, &request.zone)
    });
    Ok(Preview {
        found,
        mapping,
        ticket,
        content,
        comments,
    })
}

/// `None` where the connection lacks the right.
fn allowed<T>(answer: Result<T, NotionError>) -> Result<Option<T>, NotionError> {
    match answer {
        Ok(answer) => Ok(Some(answer)),
        Err(NotionError::Restricted { .. }) => Ok(None),
        Err(error) => Err(error),
    }
}

/// What the store knows of a data source's mapping.
#[derive(Debug, Clone, Default)]
struct Known {
    /// The mapping of the last pull; `None` before the first.
    sources: Option<Sources>,
    /// Properties that were there once, by id, with their last names.
    lost: BTreeMap<String, String>,
}

impl Known {
    /// Reads what the store has, and looks which of the properties it knew are not there any more.
    fn read(record: &SourceRecord, schema: &Schema) -> Self {
        let object = |text: &str| serde_json::from_str::<Object>(text).unwrap_or_default();
        let mapping = object(&record.mapping);
        let part = |key: &str| mapping.get(key).cloned().unwrap_or_default();
        let before: BTreeMap<String, String> = serde_json::from_value(part("lost")).unwrap_or_default();
        let properties = Schema::read(&object(&record.schema));
        let named = properties
            .properties()
            .iter()
            .map(|p| (p.id.clone(), p.name.clone()));
        let mut lost: BTreeMap<String, String> = before.into_iter().chain(named).collect();
        lost.retain(|id, _| schema.by_id(id).is_none());
        Self {
            sources: serde_json::from_value(part("sources")).ok(),
            lost,
        }
    }

    /// Takes out of a mapping what was lost; returns the names of what it held of that.
    fn without_lost(&self, sources: &mut Sources) -> Vec<String> {
        let mut names = Vec::new();
        for from in sources.values_mut() {
            from.retain(|id| match self.lost.get(id) {
                Some(name) => {
                    names.push(format!("{name:?}"));
                    false
                }
                None => true,
            });
        }
        names.sort();
        names.dedup();
        names
    }
}

/// The mapping of a data source: by the settings, else as the store has it, else guessed.
fn resolve(
    found: &Found,
    settings: Option<&Sources>,
    stored: Option<&Sources>,
) -> Result<Mapping, PullError> {
    let invalid = |source| PullError::Mapping {
        name: found.name.clone(),
        id: found.id.clone(),
        source,
    };
    if let Some(settings) = settings {
        return Mapping::resolve(&found.schema, settings).map_err(invalid);
    }
    // Properties that are gone since are guessed anew.
    let kept = stored.and_then(|stored| Mapping::resolve(&found.schema, stored).ok());
    match kept {
        Some(mapping) => Ok(mapping),
        None => Mapping::resolve(&found.schema, &Sources::new()).map_err(invalid),
    }
}

/// Pulling one data source.
pub(super) struct Sync<'a> {
    pub(super) client: &'a mut Client,
    pub(super) store: &'a mut Store,
    pub(super) request: &'a Request,
    pub(super) found: &'a Found,
    pub(super) summary: &'a mut Summary,
    pub(super) tell: &'a mut dyn FnMut(&Event<'_>),
    /// How far it has come, as the store has it.
    record: SourceRecord,
    mapping: Mapping,
    /// Properties that were there once, by id, with their last names.
    lost: BTreeMap<String, String>,
    /// Tickets that could not be read whole, and why.
    pub(super) failed: BTreeMap<String, String>,
}

/// What a ticket is made with.
pub(super) struct Maker<'a> {
    schema: &'a Schema,
    mapping: &'a Mapping,
    zone: &'a TimeZone,
}

impl<'a> Sync<'a> {
    fn begin(
        client: &'a mut Client,
        store: &'a mut Store,
        request: &'a Request,
        found: &'a Found,
        summary: &'a mut Summary,
        tell: &'a mut dyn FnMut(&Event<'_>),
    ) -> Result<Self, PullError> {
        let stored = store.source(&found.id)?;
        let known = stored
            .as_ref()
            .map_or_else(Known::default, |record| Known::read(record, &found.schema));
        let mut settings = request.mappings.get(&found.id).cloned();
        if let Some(settings) = &mut settings {
            let lost = known.without_lost(settings);
            if !lost.is_empty() {
                tell(&Event::Note(format!(
                    "{:?} has no property {} any more; the settings still name it",
                    found.name,
                    lost.join(", ")
                )));
            }
        }
        let mapping = resolve(found, settings.as_ref(), known.sources.as_ref())?;
        let is_new = settings.is_none() && known.sources.is_none();
        if let Some(names) = stored
            .as_ref()
            .and_then(|record| new_properties(&record.schema, &found.schema))
        {
            tell(&Event::Note(format!(
                "new in {:?} since the last pull: {names}; map them in the settings if they say something of a ticket",
                found.name
            )));
        }
        tell(&Event::Source {
            name: &found.name,
            mapping: mapping.lines(&found.schema),
            is_new,
        });
        let old = stored.unwrap_or_else(|| SourceRecord {
            id: found.id.clone(),
            name: String::new(),
            schema: String::new(),
            mapping: String::new(),
            watermark: None,
            pass: 0,
            unfinished: None,
        });
        let mut sync = Self {
            client,
            store,
            request,
            found,
            summary,
            tell,
            record: old,
            mapping,
            lost: known.lost,
            failed: BTreeMap::new(),
        };
        sync.settle_mapping()?;
        Ok(sync)
    }

    /// Notes schema and mapping, and makes the stored tickets anew if these are not what they were made with.
    fn settle_mapping(&mut self) -> Result<(), PullError> {
        let record = SourceRecord {
            name: self.found.name.clone(),
            schema: Value::Object(self.found.properties.clone()).to_string(),
            mapping: json!({"version": TICKET_VERSION, "sources": self.mapping.all(), "lost": self.lost})
                .to_string(),
            ..self.record.clone()
        };
        let is_same = record.schema == self.record.schema && record.mapping == self.record.mapping;
        if !is_same {
            let ids = self.store.pages(&record.id)?;
            for ids in ids.chunks(BATCH) {
                let batch = self.store.batch()?;
                for id in ids {
                    if let Some(page) = batch.page(id)? {
                        put_ticket(&batch, &page, &maker(self.found, &self.mapping, self.request))?;
                    }
                }
                batch.commit()?;
            }
        }
        let batch = self.store.batch()?;
        batch.put_source(&record)?;
        batch.commit()?;
        self.record = record;
        Ok(())
    }

    /// Ends the pass that did not end, if there is one, and then reads what changed since.
    fn run(&mut self) -> Result<(), PullError> {
        let batch = self.store.batch()?;
        batch.reopen(&self.found.id, self.request.comments)?;
        batch.commit()?;
        let unfinished = self.record.unfinished.as_deref().and_then(Pass::read);
        // A fresh read does not go on with one that was not.
        let unfinished = unfinished.filter(|pass| pass.is_fresh || !self.request.full);
        if let Some(pass) = unfinished {
            let was_fresh = pass.is_fresh;
            self.pass(pass)?;
            if self.request.full && was_fresh {
                return self.changes();
            }
        } else if self.request.full {
            self.record.pass += 1;
            return self.pass(Pass::whole(true));
        }
        self.changes()
    }

    fn changes(&mut self) -> Result<(), PullError> {
        self.record.pass += 1;
        let pass = match &self.record.watermark {
            Some(watermark) => Pass::changes(watermark),
            None => Pass::whole(false),
        };
        self.pass(pass)
    }

    fn pass(&mut self, mut pass: Pass) -> Result<(), PullError> {
        if !pass.rows_done {
            rows::read(self, &mut pass)?;
            self.check_filing_dates(&pass)?;
            gone::look(self, &pass)?;
            pass.rows_done = true;
            self.note(&pass)?;
        }
        (self.tell)(&Event::Settled {
            id: &self.found.id,
            name: &self.found.name,
            mapping: &self.mapping,
            lines: self.mapping.lines(&self.found.schema),
        });
        fill::read(self)?;
        self.record.watermark = pass.watermark(self.store.last_edit(&self.found.id)?.as_deref());
        self.record.unfinished = None;
        let batch = self.store.batch()?;
        batch.put_source(&self.record)?;
        batch.commit()?;
        Ok(())
    }

    /// Notes how far a pass has come.
    fn note(&mut self, pass: &Pass) -> Result<(), PullError> {
        self.record.unfinished = Some(pass.write());
        let batch = self.store.batch()?;
        batch.put_source(&self.record)?;
        batch.commit()?;
        Ok(())
    }

    /// Returns the number of the running pass.
    pub(super) fn number(&self) -> i64 {
        self.record.pass
    }

    /// Returns the id of the property that numbers the rows, if there is one.
    pub(super) fn numbering(&self) -> Option<String> {
        let mut properties = self.found.schema.properties().iter();
        properties
            .find(|property| property.kind == "unique_id")
            .map(|property| property.id.clone())
    }

    /// Stores rows and how far the pass has come, together.
    pub(super) fn keep(&mut self, rows: Vec<Object>, pass: &Pass) -> Result<(), PullError> {
        self.record.unfinished = Some(pass.write());
        let maker = maker(self.found, &self.mapping, self.request);
        let batch = self.store.batch()?;
        for row in rows {
            let kept = keep_row(&batch, row, &self.record, pass, self.request.comments, &maker)?;
            match kept {
                Some((Change::New, replaced)) => {
                    self.summary.new += 1;
                    self.summary.replaced += replaced;
                }
                Some((Change::Changed, _)) => self.summary.changed += 1,
                Some((Change::Restored, _)) => self.summary.restored += 1,
                Some((Change::Same, _)) => self.summary.unchanged += 1,
                None => self.summary.skip("a row without an id"),
            }
        }
        batch.put_source(&self.record)?;
        batch.commit()?;
        Ok(())
    }

    /// Changes one stored page and makes its ticket anew.
    pub(super) fn change(
        &mut self,
        id: &str,
        change: impl FnOnce(&mut PageRecord),
    ) -> Result<(), StoreError> {
        let batch = self.store.batch()?;
        if let Some(mut page) = batch.page(id)? {
            change(&mut page);
            batch.put_page(&page)?;
            put_ticket(&batch, &page, &maker(self.found, &self.mapping, self.request))?;
        }
        batch.commit()
    }

    /// Looks whether the rows were made by an import: then the time at which a page was made is that of the import, and
    /// a date property that says when the ticket was filed is better.
    fn check_filing_dates(&mut self, pass: &Pass) -> Result<(), PullError> {
        let (rows, most) = self.store.made_at_once(&self.found.id)?;
        let is_imported = pass.since.is_none() && most >= IMPORTED_LEAST && most * 2 >= rows;
        let is_guessed = self.mapping.sources(Field::CreatedAt) == [CREATED_TIME]
            && self
                .request
                .mappings
                .get(&self.found.id)
                .is_none_or(|m| !m.contains_key(&Field::CreatedAt));
        if !is_imported || !is_guessed {
            return Ok(());
        }
        match mapping::filing_date(&self.found.schema).filter(|property| !self.mapping.uses(&property.id)) {
            Some(property) => {
                (self.tell)(&Event::Note(format!(
                    "{most} of {rows} rows were made in one minute, as by an import: {:?} says when tickets were filed",
                    property.name
                )));
                self.mapping.file_by(&property.id);
                self.settle_mapping()
            }
            None => {
                (self.tell)(&Event::Note(format!(
                    "{most} of {rows} rows were made in one minute, as by an import, and no date property says when \
                     tickets were filed: counts by quarter will show the import"
                )));
                Ok(())
            }
        }
    }
}

/// Fewest rows made in one minute that look like an import.
const IMPORTED_LEAST: u64 = 20;

fn maker<'a>(found: &'a Found, mapping: &'a Mapping, request: &'a Request) -> Maker<'a> {
    Maker {
        schema: &found.schema,
        mapping,
        zone: &request.zone,
    }
}

/// The names of the properties that a stored schema does not have, if there are any.
fn new_properties(stored: &str, schema: &Schema) -> Option<String> {
    let stored: Object = serde_json::from_str(stored).ok()?;
    let stored = Schema::read(&stored);
    let new = schema
        .properties()
        .iter()
        .filter(|property| stored.by_id(&property.id).is_none());
    let names: Vec<String> = new.map(|property| format!("{:?}", property.name)).collect();
    (!names.is_empty()).then(|| names.join(", "))
}

enum Change {
    New,
    Changed,
    Restored,
    Same,
}

/// Stores a row, with the content that is known of it; says what is to be read. `None` if it has no id.
fn keep_row(
    batch: &Batch<'_>,
    row: Object,
    source: &SourceRecord,
    pass: &Pass,
    comments: bool,
    maker: &Maker<'_>,
) -> Result<Option<(Change, usize)>, StoreError> {
    let text = |key: &str| {
        row.get(key)
            .and_then(Value::as_str)
            .unwrap_or_default()
            .to_owned()
    };
    let (id, edited) = (link::id(&text("id")), text("last_edited_time"));
    let Some(id) = id else { return Ok(None) };
    let mut page = Value::Object(row);
    page::settle(&mut page);
    let page = page.to_string();
    let old = batch.page(&id)?;
    let wanted = if comments {
        CommentsState::Pending
    } else {
        CommentsState::Unasked
    };
    let (change, mut record) = match old {
        None => {
            let record = PageRecord {
                id: id.clone(),
                source: source.id.clone(),
                page,
                completed: None,
                body: None,
                body_state: BodyState::Pending,
                comments: None,
                comments_state: wanted,
                edited,
                seen: source.pass,
                gone: None,
                fetched_at: None,
            };
            (Change::New, record)
        }
        Some(old) => {
            let is_edited = old.edited != edited || old.page != page || old.source != source.id;
            let is_again = pass.is_fresh && old.seen != source.pass;
            let was_gone = old.gone.is_some();
            let is_stale = is_edited || is_again || was_gone || !is_settled(&old);
            let mut record = PageRecord {
                source: source.id.clone(),
                page,
                edited,
                seen: source.pass,
                gone: None,
                ..old
            };
            if is_stale {
                record.completed = None;
                record.body_state = BodyState::Pending;
                if comments {
                    record.comments_state = CommentsState::Pending;
                }
            }
            let change = match (was_gone, is_edited) {
                (true, _) => Change::Restored,
                (false, true) => Change::Changed,
                (false, false) => Change::Same,
            };
            (change, record)
        }
    };
    if comments && record.comments_state == CommentsState::Unasked {
        record.comments_state = CommentsState::Pending;
    }
    batch.put_page(&record)?;
    let replaced = put_ticket(batch, &record, maker)?;
    Ok(Some((change, replaced)))
}

/// Whether what was read of a page cannot have changed within the minute of its last edit: Notion rounds that time
/// down, so a second edit in the same minute leaves no trace in it.
fn is_settled(page: &PageRecord) -> bool {
    let moment = |text: &str| text.parse::<jiff::Timestamp>().ok();
    let (Some(fetched), Some(edited)) = (page.fetched_at.as_deref().and_then(moment), moment(&page.edited))
    else {
        return true;
    };
    fetched.as_second() - edited.as_second() >= 120
}

/// Makes the ticket of a page and stores it; returns how many imported tickets it took the place of.
pub(super) fn put_ticket(
    batch: &Batch<'_>,
    page: &PageRecord,
    maker: &Maker<'_>,
) -> Result<usize, StoreError> {
    let object = |text: &str| serde_json::from_str::<Object>(text).ok();
    let Some(json) = object(&page.page) else {
        return Ok(0);
    };
    let completed = page.completed.as_deref().and_then(object);
    let comments: Vec<Value> = page
        .comments
        .as_deref()
        .and_then(|text| serde_json::from_str(text).ok())
        .unwrap_or_default();
    let parts = Parts {
        page: &json,
        completed: completed.as_ref(),
        body: page.body.as_deref(),
        comments: &comments,
        is_gone: page.gone.is_some(),
    };
    let Some(ticket) = page::ticket(parts, maker.schema, maker.mapping, maker.zone) else {
        return Ok(0);
    };
    let mut replaced = 0;
    for other in batch.tickets_of_page(&page.id)? {
        if other.origin == Origin::File {
            batch.remove_ticket(&other.id)?;
            replaced += 1;
        }
    }
    batch.put_ticket(&StoredTicket {
        id: page.id.clone(),
        origin: Origin::Notion,
        page: Some(page.id.clone()),
        line: to_line(&ticket, maker.zone),
    })?;
    Ok(replaced)
}

/// Notes how a page left.
pub(super) fn left(page: &mut PageRecord, gone: Gone) {
    page.gone = Some(gone);
    // What was not read until now will not be.
    if page.body_state == BodyState::Pending {
        page.body_state = BodyState::Gone;
    }
    if page.comments_state == CommentsState::Pending {
        page.comments_state = CommentsState::Unasked;
    }
}
