//! Pulls the data sources of a database one after the other, each pass from where the last one stopped.

use std::collections::BTreeMap;

use jiff::tz::TimeZone;
use serde_json::{Value, json};

use super::discover::{Found, discover};
use super::keep::{Change, keep_row, maker, put_ticket};
use super::known::{Known, new_properties, resolve};
use super::pass::Pass;
use super::{Event, PullError, Summary, fill, gone, rows};
use crate::source::Field;
use crate::source::notion::link::Link;
use crate::source::notion::mapping::{self, CREATED_TIME, Mapping, Sources};
use crate::source::notion::{Client, Object};
use crate::store::{PageRecord, SourceRecord, Store, StoreError};

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
    let alike = store.alike(&request.zone)?;
    if alike > 0 {
        tell(&Event::Note(format!(
            "{alike} imported tickets have title and time of filing of a pulled one, but no id or link in common; these \
             may be counted twice"
        )));
    }
    match failed.first_key_value() {
        None => Ok(()),
        Some((id, reason)) => Err(PullError::Incomplete {
            count: failed.len(),
            id: id.clone(),
            reason: reason.clone(),
        }),
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
