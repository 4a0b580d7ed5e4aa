//! Redaction: what is shown or written holds no people, no addresses and no secrets.
//!
//! The default of every output. Works on the original text and changes nothing but what it hides, so that a
//! title stays a title: products, tools, services, projects and environments are kept. Which texts may
//! be shown raw is for the command line to say.

mod personal;
mod redactor;
#[cfg(test)]
mod tests;
mod urls;

pub use redactor::{Redacted, Redactor};
