//! Regexes without automata: read once, walked on short texts, asked for by their needles.
//!
//! `text` and `taxonomy` hold five hundred regexes, each used on a few lines of a ticket. Their syntax is all that is
//! read of them; the crate regex is built only for what cannot be walked, or takes too many steps. Knows nothing of
//! tickets.

mod heads;
mod lines;
mod matcher;
mod needles;
mod node;
mod pattern;
mod set;
mod syntax;
mod tree;
mod walk;

pub(crate) use matcher::{Lost, Matcher};
pub(crate) use pattern::Pattern;
