//! One value of a table: typed for machines, as text for people.

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use crate::report::safe;

/// One value of a table.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub enum Cell {
    /// Not recorded or not measurable; blank, `null` or "–", never 0.
    Missing,
    /// Words; may come from a ticket.
    Text(String),
    /// A count.
    Count(usize),
    /// A difference of counts, below 0 where there are fewer; also the number by which something goes.
    Change(i64),
    /// A measured or computed number.
    Number(f64),
    /// Yes or no.
    Flag(bool),
    /// Several words.
    List(Vec<String>),
}

impl Cell {
    /// Makes a text cell, freed of control characters (see [`safe::plain`]).
    #[must_use]
    pub fn text(text: &str) -> Self {
        Self::Text(safe::plain(text))
    }

    /// Makes a cell of several words, each freed of control characters.
    #[must_use]
    pub fn list(words: impl IntoIterator<Item = impl AsRef<str>>) -> Self {
        Self::List(words.into_iter().map(|word| safe::plain(word.as_ref())).collect())
    }

    /// Makes a text cell, or a missing one.
    #[must_use]
    pub fn maybe_text(text: Option<&str>) -> Self {
        text.map_or(Self::Missing, Self::text)
    }

    /// Makes a number cell, or a missing one; numbers that are not finite are missing.
    #[must_use]
    pub fn maybe_number(number: Option<f64>) -> Self {
        number
            .filter(|n| n.is_finite())
            .map_or(Self::Missing, Self::Number)
    }

    /// Makes a count, or a missing cell where it is not known: unknown is not none.
    #[must_use]
    pub fn maybe_count(count: Option<usize>) -> Self {
        count.map_or(Self::Missing, Self::Count)
    }

    /// Returns the value as JSON. Numbers are rounded to four decimals, so that the last bits of a float are never
    /// part of an output.
    #[must_use]
    pub fn json(&self) -> Value {
        match self {
            Self::Missing => Value::Null,
            Self::Text(text) => json!(text),
            Self::Count(count) => json!(count),
            Self::Change(change) => json!(change),
            Self::Number(number) => json!(round4(*number)),
            Self::Flag(flag) => json!(flag),
            Self::List(list) => json!(list),
        }
    }

    /// Returns the number in the cell, if it holds one.
    #[must_use]
    pub fn number(&self) -> Option<f64> {
        match self {
            #[expect(clippy::cast_precision_loss, reason = "counts of tickets are far below 2^52")]
            Self::Count(count) => Some(*count as f64),
            #[expect(clippy::cast_precision_loss, reason = "counts of tickets are far below 2^52")]
            Self::Change(change) => Some(*change as f64),
            Self::Number(number) => Some(*number),
            _ => None,
        }
    }
}

/// Rounds to four decimals; negative zero becomes zero.
#[must_use]
pub fn round4(number: f64) -> f64 {
    let rounded = (number * 10_000.0).round() / 10_000.0;
    if rounded == 0.0 { 0.0 } else { rounded }
}

/// What people see for a missing value.
pub(super) fn dash() -> String {
    "–".to_owned()
}

/// What people see of a cell; numbers with so many decimals.
pub(super) fn shown(cell: &Cell, decimals: usize) -> String {
    match cell {
        Cell::Missing => dash(),
        Cell::Text(text) => text.clone(),
        Cell::Count(count) => grouped(*count),
        Cell::Change(change) => change.to_string(),
        Cell::Number(number) => {
            let text = format!("{number:.decimals$}");
            if text
                .trim_start_matches('-')
                .chars()
                .all(|c| matches!(c, '0' | '.'))
            {
                text.trim_start_matches('-').to_owned()
            } else {
                text
            }
        }
        Cell::Flag(flag) => if *flag { "✓" } else { "" }.to_owned(),
        Cell::List(list) => list.join(", "),
    }
}

/// Writes a count with thousands separated: `12,345`.
#[must_use]
pub fn grouped(count: usize) -> String {
    let digits = count.to_string();
    let mut text = String::new();
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

#[cfg(test)]
mod tests {
    use super::{Cell, grouped};

    #[test]
    fn missing_is_null_and_never_zero() {
        assert_eq!(Cell::maybe_number(None).json(), serde_json::Value::Null);
        assert_eq!(Cell::maybe_number(Some(f64::NAN)).json(), serde_json::Value::Null);
        assert_eq!(Cell::Number(-0.000_001).json().to_string(), "0.0");
    }

    #[test]
    fn counts_are_grouped_by_thousands() {
        assert_eq!(
            [0, 999, 1_000, 1_234_567].map(grouped),
            ["0", "999", "1,000", "1,234,567"]
        );
    }
}
