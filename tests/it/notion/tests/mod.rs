//! What the server promises to those who test against it.

mod client;
mod endpoints;
mod errors;
mod queries;
