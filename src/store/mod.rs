//! Where tickets stay between runs: one SQLite file that belongs to the user.
//!
//! ```text
//! open (is it ours, of a layout we know, not being written) ─ batch (one transaction) ─┬─ tickets (what analyses read)
//!                                                                                      ├─ notion  (pages as Notion gave them, how far a pull came)
//!                                                                                      ├─ runs    (what was done, when)
//!                                                                                      └─ reports (what each report said)
//! transfer (JSONL out and in: tickets, runs, launches)
//! ```
//!
//! The only room with SQL in it. Promises that what was committed survives a full disk, `kill -9` and loss of power;
//! that one process writes at a time while others read; and that a file which is no store is never written to.

mod error;
mod launches;
mod layout;
mod notion;
mod open;
mod reports;
mod runs;
mod tickets;
mod transfer;
mod transfer_launches;
mod transfer_reports;

pub use error::StoreError;
pub use notion::{BodyState, CommentsState, Gone, PageRecord, SourceRecord};
pub use open::{Batch, Store};
pub use reports::{ReportParts, ReportRun};
pub use runs::Run;
pub use tickets::{Origin, StoredTicket};
pub use transfer::{Imported, export_line};
pub use transfer_launches::{ImportedLaunches, export_launch};
pub use transfer_reports::{BrokenLine, CheckRun, ImportedRuns, export_run};
