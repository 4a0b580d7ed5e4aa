//! The command line: the only code that prints, opens files, and reads the clock or the environment.
//!
//! ```text
//! args (what was typed) ─ load (settings, taxonomy, tickets) ─ analyze ─ compose ─ output (stdout or file, whole or not at all)
//! ```
//!
//! Standard output carries the answer and nothing else; warnings, hints and progress go to standard error.

mod args;
mod draft;
mod earlier;
mod evaluate;
mod explain;
mod failure;
mod idle;
mod keep;
mod launch;
mod load;
mod messages;
mod output;
mod progress;
mod pull;
mod run;
mod runs;
mod store;
mod suggest;
mod taxonomy;
mod watch;

pub use run::main;
