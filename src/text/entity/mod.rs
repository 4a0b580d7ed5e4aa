//! Entities: the people, addresses, names, dates and secrets inside normalised text.
//!
//! `Recognizer` finds them for three users: slots of automations (which repository, which role, until
//! when), masking before clustering (else groups are people and weeks), and `redact`. Tool names such as
//! GitHub are no entities: they are words. Nothing here knows tickets or taxonomies.

mod calendar;
mod claims;
mod guards;
mod kind;
mod name;
mod network;
mod person;
mod quantity;
mod recognizer;
mod rule;
mod rules;
mod secret;
#[cfg(test)]
mod tests;

pub(crate) use claims::Claims;
pub use kind::{Entity, EntityKind};
pub(crate) use network::{UrlParts, find_mails, url_parts};
pub(crate) use person::{by_name, sure_names};
pub(crate) use quantity::is_my_number;
pub use recognizer::Recognizer;
pub(crate) use rule::values;
pub use secret::SecretKind;
pub(crate) use secret::{find_secrets, find_split};
