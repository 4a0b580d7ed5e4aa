//! Turns what people wrote into text that rules, learner and clusters can read.
//!
//! ```text
//! title, body, comments ─ markup ─ normalize ─ form, courtesy, code ─ Document
//!                                                  Document ─ segment, entity, redact
//! ```
//!
//! This stage knows strings only: no ticket, no pattern, no file. Every normalised text can say where in the
//! original it came from, so that evidence is quoted as it was written.

mod boilerplate;
mod code;
mod courtesy;
pub mod document;
pub mod entity;
pub mod form;
mod html;
mod inline;
mod mapped;
mod markup;
mod near;
pub mod normalize;
mod plain;
pub mod redact;
pub mod segment;

pub use boilerplate::Boilerplate;
pub use document::{Block, CodeKind, Document, Origin, Parts, Passage};
pub use entity::{Entity, EntityKind, Recognizer};
pub use inline::is_japanese;
pub use mapped::Mapped;
pub use near::near;
pub use normalize::{fold, normalize};
pub use plain::{plain, visible};
pub use redact::{Redacted, Redactor};
pub(crate) use segment::each_display_word;
pub use segment::{Language, language, pieces, tokens, tokens_and_words, words};
