//! Notion's API, from a link to [`Ticket`](crate::ticket::Ticket)s.
//!
//! ```text
//! link (which object) ─ client (paced, repeated, trusted) ─ api (one function a call) ─ JSON
//!            pace, retry (pure decisions)                        │
//!                     schema ─ mapping (which property is which field) ─ values, body ─ page ─ Ticket
//! ```
//!
//! Knows neither the store nor how far a pull has come. Follows what Notion documents,
//! and where documents and answers differ, the answers.

mod api;
pub mod body;
mod client;
mod error;
pub mod link;
pub mod mapping;
mod pace;
pub mod page;
mod retry;
pub mod schema;
mod token;
pub mod value;

pub use api::{List, Next, Object, PAGE_SIZE};
pub use client::{ANSWER_TIMEOUT, Access, BASE_URL, Client, REQUESTS_PER_SECOND, VERSION, Waiting};
pub use error::NotionError;
pub use token::Token;
