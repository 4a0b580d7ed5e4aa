//! How people see the columns of a table: headings, alignment, and what is joined into one.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

/// How a view makes its text from the columns of a row.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub enum Show {
    /// The cell itself; numbers with this many decimals.
    Cell(&'static str, usize),
    /// The cell by its name in the reader's language; a code without a name as it is.
    Named(&'static str, BTreeMap<String, String>),
    /// A share as percent.
    Percent(&'static str),
    /// "mid [low, high]" from three columns, numbers with this many decimals.
    Interval([&'static str; 3], usize),
    /// "[low, high]" from two columns, numbers with this many decimals.
    Ends([&'static str; 2], usize),
    /// A bar in proportion to the largest value of the column, this many characters at most.
    Bar(&'static str, usize),
}

/// Alignment of a view.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Align {
    /// Words.
    Left,
    /// Numbers.
    Right,
}

/// A column for people.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(bound(deserialize = "'de: 'static"))]
pub struct View {
    /// Heading in the report's language.
    pub heading: String,
    /// What it shows.
    pub show: Show,
    /// Alignment.
    pub align: Align,
    /// Terminal width from which the view is shown; 0 is always. Markdown shows all views.
    pub from_width: usize,
}

impl View {
    /// Makes a view of words that is always shown.
    #[must_use]
    pub fn words(heading: &str, key: &'static str) -> Self {
        Self {
            heading: heading.to_owned(),
            show: Show::Cell(key, 0),
            align: Align::Left,
            from_width: 0,
        }
    }

    /// Makes a view that shows codes by their names.
    #[must_use]
    pub fn named(heading: &str, key: &'static str, names: BTreeMap<String, String>) -> Self {
        Self {
            show: Show::Named(key, names),
            ..Self::words(heading, key)
        }
    }

    /// Makes a view of a number that is always shown.
    #[must_use]
    pub fn number(heading: &str, show: Show) -> Self {
        Self {
            heading: heading.to_owned(),
            show,
            align: Align::Right,
            from_width: 0,
        }
    }

    /// Turns the view into a bar of at most `width` characters, in proportion to the largest value of a column.
    #[must_use]
    pub fn bar(mut self, key: &'static str, width: usize) -> Self {
        self.show = Show::Bar(key, width);
        self
    }

    /// Shows the view only on terminals at least this wide.
    #[must_use]
    pub fn from_width(mut self, width: usize) -> Self {
        self.from_width = width;
        self
    }
}
