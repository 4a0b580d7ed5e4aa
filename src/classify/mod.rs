//! Decides the pattern of each ticket.
pub mod cluster;
