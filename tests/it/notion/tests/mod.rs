//! What the server promises to those who test against it.

mod client;
mod deliveries;
mod endpoints;
mod errors;
mod lists;
mod plans;
mod properties;
mod queries;
mod refusals;
