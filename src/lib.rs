//! `toilscope` reads the request tickets of an SRE or platform team, says which recurring patterns they follow, what
//! they cost and which of them are worth automating, and how that moves from quarter to quarter.
//!
//! # The flow
//!
//! ```text
//!  Notion API ── pull ─────┐
//!                          store (SQLite)
//!                          │
//!  CSV, JSONL,
//!  Notion zip ── source ── Ticket ── text ── Document ──┬─ classify::rules    (cues vote, with evidence)
//!                (reads)            (normalise)         ├─ classify::learner  (examples and reviewed labels)
//!                                                       └─ classify::cluster  (linfa: groups nobody named)
//!                                                                  │
//!                                                             Assignment (pattern, sub-pattern, group, confidence, evidence)
//!                                                                  │
//!                                toil (volume, lead time, effort) ─┼─ trend (quarter by quarter)
//!                                                                  │
//!                                             automation (slots, simulated savings, ranking)
//!                                                                  │
//!                                     compose (sentences, ja and en) ── Report ── table │ csv │ json │ markdown
//! ```
//!
//! # Where to find what
//!
//! | stage | room | what it holds |
//! | --- | --- | --- |
//! | the record | [`ticket`] | [`Ticket`](ticket::Ticket), what may be missing is `Option` |
//! | reading | [`source`] | JSONL, CSV and Notion's export to tickets; what cannot be read is skipped with its reason |
//! | Notion | [`source::notion`] | links, a careful client, properties and content to tickets |
//! | keeping | [`store`] | one SQLite file: tickets, pages as Notion gave them, history; JSONL out and in |
//! | pulling | [`pull`] | a database into the store, resumable at every request |
//! | what cannot be | [`plausible`] | minutes beyond a month, dates far from all others: treated as missing and counted |
//! | text | [`text`] | normalised text with offsets, form fields, code, courtesy; entities; redaction |
//! | what to look for | [`taxonomy`] | `data/taxonomy.toml`: patterns, cues, slots, plays, estimates |
//! | deciding | [`classify`] | clauses, rules, learner, labels, clustering; from tickets to assignments |
//! | measuring | [`toil`], [`period`] | volume, lead time, effort; quarters, business hours |
//! | quarters | [`trend`] | counts per quarter |
//! | what would pay | [`automation`] | slots filled, simulated savings, ranking, drafts of Terraform |
//! | the one call | [`analysis`] | [`analyze`]: tickets, taxonomy and settings to an [`Analysis`] |
//! | run after run | [`history`], [`conditions`] | what a report leaves for the next, why two differ; `--fail-if` |
//! | proposing | [`suggest`] | entries of the taxonomy for groups nobody named, and what they would change |
//! | checking | [`evaluate`] | accuracy against tickets whose answers are known |
//! | telling | [`compose`], [`report`] | sentences and tables; one file a format |
//! | the command line | [`cli`] | the only code that prints, opens files, or reads the environment |
//!
//! A module uses what stands before it in the flow, never what comes after.
//!
//! # Laws
//!
//! * [`analyze`] touches no network, clock, environment or terminal. The same tickets in any order, the same taxonomy
//!   and the same settings give the same bytes, on any number of threads.
//! * Every record that was read ends up in exactly one term of the [`Coverage`].
//! * What is missing stays missing: it is never shown as 0.
//! * Every number that is an estimate says so.
//!
//! # Example
//!
//! ```
//! use toilscope::config::{Overrides, Settings};
//! use toilscope::taxonomy::{Lang, Taxonomy};
//! use toilscope::ticket::{Ticket, TicketId};
//!
//! let mut ticket = Ticket::new(TicketId::new("T-1").expect("an id"));
//! ticket.title = Some("GitHubのorganizationに招待してください".to_owned());
//!
//! let taxonomy = Taxonomy::builtin()?;
//! let settings = Settings::resolve(Overrides::default(), Lang::Ja)?;
//! let tickets = [ticket];
//! let analysis = toilscope::analyze(&tickets, &taxonomy, &settings)?;
//! assert_eq!(analysis.assignments[0].pattern, "account");
//! # Ok::<(), toilscope::Error>(())
//! ```

pub mod analysis;
pub mod automation;
mod chance;
pub mod classify;
pub mod cli;
pub mod compose;
pub mod conditions;
pub mod config;
pub mod coverage;
pub mod error;
pub mod evaluate;
pub mod history;
mod matching;
pub mod period;
pub mod plausible;
pub mod pull;
pub mod report;
pub mod source;
pub mod store;
pub mod suggest;
pub mod taxonomy;
pub mod text;
pub mod ticket;
pub mod toil;
pub mod trend;

pub use analysis::{Analysis, analyze, analyze_given, analyze_labelled};
pub use coverage::Coverage;
pub use error::Error;
