//! `toilscope` reads the request tickets of an SRE team, says which recurring patterns they follow, what they
//! cost, and which automations would pay.

pub mod automation;
pub mod classify;
pub mod period;
pub mod report;
pub mod source;
pub mod taxonomy;
pub mod text;
pub mod ticket;
pub mod toil;
pub mod trend;
