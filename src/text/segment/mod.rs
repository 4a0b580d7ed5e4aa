//! Segmentation: where words begin and end in text that mixes Japanese and English and has no spaces.
//!
//! No dictionary is involved: the script borders carry the words well enough for grouping tickets, at a
//! fraction of the cost of a morphological analyser. Text is expected normalised (see `normalize`); what
//! is a person, an address or a date is left to `entity`.

mod script;
mod stem;
mod stop;
mod words;

pub use script::{Language, Piece, Script, language, pieces};
pub(crate) use script::{is_han, script_of};
pub(crate) use stem::stem;
pub(crate) use stop::is_stop_word;
pub(crate) use words::each_display_word;
pub use words::{tokens, tokens_and_words, words};
