//! A row before it is on the desk, and what of a page a test may edit.

use std::collections::BTreeMap;

use jiff::Timestamp;
use serde_json::Value;

use super::body::{Block, Markdown};
use super::values;

/// What a page says: its times, its values by column name, its body.
#[derive(Clone, Debug)]
pub(crate) struct Row {
    pub(crate) created: Timestamp,
    pub(crate) edited: Timestamp,
    pub(crate) author: Value,
    pub(crate) editor: Value,
    /// By column name; what is missing is empty.
    pub(crate) values: BTreeMap<String, Value>,
    pub(crate) blocks: Vec<Block>,
    /// Sent instead of what the blocks would give.
    pub(crate) markdown: Option<Markdown>,
}

impl Row {
    /// A row created, and edited last, at `created` (RFC 3339, seconds may be given and will not be seen).
    pub(crate) fn new(created: &str) -> Self {
        Self::at(time(created))
    }

    pub(crate) fn at(created: Timestamp) -> Self {
        let somebody = super::desk::Desk::somebody();
        Self {
            created,
            edited: created,
            author: somebody.clone(),
            editor: somebody,
            values: BTreeMap::new(),
            blocks: Vec::new(),
            markdown: None,
        }
    }

    pub(crate) fn edited(mut self, at: &str) -> Self {
        self.edited = time(at);
        self
    }

    pub(crate) fn by(mut self, author: &Value) -> Self {
        self.author = author.clone();
        self
    }

    /// Sets the column called `column`.
    pub(crate) fn with(mut self, column: &str, value: Value) -> Self {
        self.values.insert(column.to_owned(), value);
        self
    }

    /// Sets the column 件名 of [`super::schema::request_desk`].
    pub(crate) fn title(self, title: &str) -> Self {
        self.with("件名", values::title(title))
    }

    pub(crate) fn blocks(mut self, blocks: Vec<Block>) -> Self {
        self.blocks = blocks;
        self
    }

    /// Gives the body as Markdown; block by block it is one paragraph a line.
    pub(crate) fn markdown(mut self, text: &str) -> Self {
        let lines = text.lines().filter(|line| !line.trim().is_empty());
        self.blocks = lines.map(|line| Block::text("paragraph", line)).collect();
        self.markdown = Some(Markdown {
            text: text.to_owned(),
            ..Markdown::default()
        });
        self
    }
}

/// A time a test wrote.
pub(crate) fn time(text: &str) -> Timestamp {
    text.parse().expect("an RFC 3339 time")
}

/// As the API sends it: rounded down to the minute.
pub(crate) fn minute(time: Timestamp) -> Timestamp {
    let seconds = time.as_second().div_euclid(60) * 60;
    Timestamp::from_second(seconds).unwrap_or(time)
}

/// The text of a time in answers.
pub(crate) fn shown(time: Timestamp) -> String {
    minute(time).strftime("%Y-%m-%dT%H:%M:%S.000Z").to_string()
}
