//! Reading TOML with every fault kept: tables whose keys are asked for one by one, each value with its line.
//!
//! Serde stops at the first thing it cannot read. Here a value that cannot be read becomes a fault and reading
//! goes on; what was built from it is dropped, and the loader refuses the file at the end. Knows TOML and lines,
//! nothing of patterns or cues.

use std::collections::BTreeSet;

use toml::Spanned;
use toml::de::{DeTable, DeValue};

use super::fault::Fault;
use super::pattern::Refusal;

pub(super) type Value<'a> = Spanned<DeValue<'a>>;

/// Collects what is wrong in one file.
pub(super) struct Faults<'a> {
    file: &'a str,
    text: &'a str,
    found: Vec<Fault>,
    trusting: bool,
}

impl<'a> Faults<'a> {
    pub(super) fn new(file: &'a str, text: &'a str) -> Self {
        Self {
            file,
            text,
            found: Vec::new(),
            trusting: false,
        }
    }

    /// For a file whose regexes have been checked before.
    pub(super) fn trusting(file: &'a str, text: &'a str) -> Self {
        Self {
            trusting: true,
            ..Self::new(file, text)
        }
    }

    pub(super) fn trusts_regexes(&self) -> bool {
        self.trusting
    }

    /// Notes a fault at a byte of the file.
    pub(super) fn at(&mut self, byte: usize, message: impl Into<String>, hint: impl Into<String>) {
        let (line, _) = self.place(byte);
        self.found.push(Fault {
            file: self.file.to_owned(),
            line,
            message: message.into(),
            hint: hint.into(),
        });
    }

    /// Line and column, both from 1, columns in characters.
    pub(super) fn place(&self, byte: usize) -> (usize, usize) {
        let before = self.text.get(..byte).unwrap_or(self.text);
        let line = before.matches('\n').count() + 1;
        let column = before.rsplit('\n').next().map_or(0, |last| last.chars().count()) + 1;
        (line, column)
    }

    /// The faults in the order a reader meets them; the same fault is said once.
    pub(super) fn sorted(mut self) -> Vec<Fault> {
        self.found
            .sort_by(|a, b| (a.line, &a.message, &a.hint).cmp(&(b.line, &b.message, &b.hint)));
        self.found.dedup();
        self.found
    }
}

/// A table being read: a key that nobody asked for is a fault when the table is closed.
pub(super) struct Fields<'v, 'a> {
    table: &'v DeTable<'a>,
    /// How messages call the table: "cue", "play `env_ttl`".
    what: String,
    start: usize,
    asked: BTreeSet<&'static str>,
}

impl<'v, 'a> Fields<'v, 'a> {
    /// Opens a value as a table; anything else is a fault.
    pub(super) fn open(
        faults: &mut Faults<'_>,
        value: &'v Value<'a>,
        what: impl Into<String>,
    ) -> Option<Self> {
        let what = what.into();
        match value.get_ref() {
            DeValue::Table(table) => Some(Self::of(table, value.span().start, what)),
            other => wrong_type(faults, value, other, "a table", &what),
        }
    }

    pub(super) fn of(table: &'v DeTable<'a>, start: usize, what: impl Into<String>) -> Self {
        Self {
            table,
            what: what.into(),
            start,
            asked: BTreeSet::new(),
        }
    }

    pub(super) fn what(&self) -> &str {
        &self.what
    }

    /// Names the table in messages once its id is known.
    pub(super) fn rename(&mut self, what: String) {
        self.what = what;
    }

    pub(super) fn start(&self) -> usize {
        self.start
    }

    /// The value of a key, if the table has it.
    pub(super) fn value(&mut self, key: &'static str) -> Option<&'v Value<'a>> {
        self.asked.insert(key);
        self.table.get(key)
    }

    /// Whether a key holds a list with entries, readable or not.
    pub(super) fn lists_any(&mut self, key: &'static str) -> bool {
        let list = self.value(key).and_then(|value| value.get_ref().as_array());
        list.is_some_and(|entries| entries.iter().next().is_some())
    }

    /// A key that must be there.
    pub(super) fn need<T>(
        &mut self,
        faults: &mut Faults<'_>,
        key: &'static str,
        read: impl FnOnce(&mut Faults<'_>, &Value<'a>, &str) -> Option<T>,
    ) -> Option<T> {
        if self.value(key).is_none() {
            faults.at(
                self.start,
                format!("{} has no `{key}`", self.what),
                format!("add `{key} = …`"),
            );
        }
        self.maybe(faults, key, read)
    }

    /// A key that may be missing; `None` too if its value cannot be read.
    pub(super) fn maybe<T>(
        &mut self,
        faults: &mut Faults<'_>,
        key: &'static str,
        read: impl FnOnce(&mut Faults<'_>, &Value<'a>, &str) -> Option<T>,
    ) -> Option<T> {
        let value = self.value(key)?;
        read(faults, value, &format!("`{key}` of {}", self.what))
    }

    /// A list that may be missing: entries that cannot be read are dropped, with a fault each.
    pub(super) fn list<T>(
        &mut self,
        faults: &mut Faults<'_>,
        key: &'static str,
        mut read: impl FnMut(&mut Faults<'_>, &Value<'a>, &str) -> Option<T>,
    ) -> Vec<T> {
        let Some(value) = self.value(key) else {
            return Vec::new();
        };
        let what = format!("`{key}` of {}", self.what);
        match value.get_ref() {
            DeValue::Array(entries) => entries
                .iter()
                .filter_map(|entry| read(faults, entry, &what))
                .collect(),
            other => wrong_type(faults, value, other, "a list", &what).unwrap_or_default(),
        }
    }

    /// A table of tables that may be missing, as keys with their values in the order of the file.
    pub(super) fn entries(
        &mut self,
        faults: &mut Faults<'_>,
        key: &'static str,
    ) -> Vec<(String, &'v Value<'a>)> {
        let Some(value) = self.value(key) else {
            return Vec::new();
        };
        let DeValue::Table(table) = value.get_ref() else {
            return wrong_type(faults, value, value.get_ref(), "a table", &format!("`{key}`"))
                .unwrap_or_default();
        };
        let mut entries: Vec<_> = table.iter().collect();
        entries.sort_by_key(|(key, _)| key.span().start);
        entries
            .into_iter()
            .map(|(key, value)| (key.get_ref().to_string(), value))
            .collect()
    }

    /// Reports every key that nobody asked for, with the nearest one that exists.
    pub(super) fn close(self, faults: &mut Faults<'_>) {
        for (key, _) in self
            .table
            .iter()
            .filter(|(key, _)| !self.asked.contains(key.get_ref().as_ref()))
        {
            let name = key.get_ref().escape_debug();
            let known: Vec<&str> = self.asked.iter().copied().collect();
            let message = format!("{} has an unknown key `{name}`", self.what);
            faults.at(
                key.span().start,
                message,
                format!("it may have {}", known.join(", ")),
            );
        }
    }
}

/// A text that says something.
pub(super) fn text(faults: &mut Faults<'_>, value: &Value<'_>, what: &str) -> Option<String> {
    match value.get_ref() {
        DeValue::String(text) if text.trim().is_empty() => {
            faults.at(
                value.span().start,
                format!("{what} is empty"),
                "write it, or leave the key out",
            );
            None
        }
        DeValue::String(text) => Some(text.clone().into_owned()),
        other => wrong_type(faults, value, other, "a text", what),
    }
}

/// `true` or `false`.
pub(super) fn flag(faults: &mut Faults<'_>, value: &Value<'_>, what: &str) -> Option<bool> {
    match value.get_ref() {
        DeValue::Boolean(flag) => Some(*flag),
        other => wrong_type(faults, value, other, "true or false", what),
    }
}

/// A finite number from `from` to `to`.
pub(super) fn number(
    from: f64,
    to: f64,
) -> impl FnOnce(&mut Faults<'_>, &Value<'_>, &str) -> Option<f64> + Copy {
    move |faults, value, what| {
        let number: f64 = match value.get_ref() {
            DeValue::Float(float) => float.as_str().parse().ok()?,
            DeValue::Integer(integer) if integer.radix() == 10 => integer.as_str().parse().ok()?,
            other => return wrong_type(faults, value, other, "a number", what),
        };
        if number.is_finite() && (from..=to).contains(&number) {
            return Some(number);
        }
        let range = if to < f64::MAX {
            format!("from {from} to {to}")
        } else {
            format!("of at least {from}")
        };
        faults.at(
            value.span().start,
            format!("{what} is {number}"),
            format!("write a number {range}"),
        );
        None
    }
}

/// A whole number from `from` to `to`.
pub(super) fn whole(
    from: u32,
    to: u32,
) -> impl FnOnce(&mut Faults<'_>, &Value<'_>, &str) -> Option<u32> + Copy {
    move |faults, value, what| {
        let DeValue::Integer(integer) = value.get_ref() else {
            return wrong_type(faults, value, value.get_ref(), "a whole number", what);
        };
        let number = u32::from_str_radix(integer.as_str(), integer.radix()).ok();
        let fits = number.filter(|number| (from..=to).contains(number));
        if fits.is_none() {
            let range = if to < u32::MAX {
                format!("from {from} to {to}")
            } else {
                format!("of at least {from}")
            };
            faults.at(
                value.span().start,
                format!("{what} is {integer}"),
                format!("write a whole number {range}"),
            );
        }
        fits
    }
}

/// Says why a value was refused, at its place.
pub(super) fn refuse(faults: &mut Faults<'_>, value: &Value<'_>, what: &str, refusal: Refusal) {
    faults.at(
        value.span().start,
        format!("{what}: {}", refusal.message),
        refusal.hint,
    );
}

fn wrong_type<T>(
    faults: &mut Faults<'_>,
    value: &Value<'_>,
    found: &DeValue<'_>,
    wanted: &str,
    what: &str,
) -> Option<T> {
    let message = format!("{what} is a TOML {}", found.type_str());
    faults.at(value.span().start, message, format!("write {wanted}"));
    None
}
