//! The binary as its user meets it: one test binary, one module a subject.

#![expect(
    clippy::expect_used,
    reason = "a test says by panicking that something is wrong"
)]

mod desks;
mod draft;
mod draft_base;
mod draft_care;
mod draft_figures;
mod draft_golden;
mod draft_leaks;
mod draft_rows;
mod draft_settings;
mod draft_words;
mod exit_codes;
mod explain;
mod formats;
mod hostile;
mod implausible;
mod labels;
mod lasting;
mod mixed;
mod notion;
mod notion_export;
mod pairs;
mod pull;
mod pull_odd;
mod pull_renamed;
mod readings;
mod readme;
mod runs;
mod runs_odd;
mod same_bytes;
mod sample;
mod suggest;
mod taxonomy;
mod terraform;
mod themes;
mod tool;
mod totals;
mod verdicts;
mod worked_example;
