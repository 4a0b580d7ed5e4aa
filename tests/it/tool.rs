//! Runs the binary in an empty folder, away from the settings and the locale of whoever runs the tests.

use std::path::Path;
use std::process::Output;

use assert_cmd::Command;
use tempfile::TempDir;

/// An empty folder to run the binary in.
pub(crate) struct Room {
    folder: TempDir,
}

impl Room {
    pub(crate) fn new() -> Self {
        Self {
            folder: TempDir::new().expect("a temporary folder"),
        }
    }

    pub(crate) fn path(&self) -> &Path {
        self.folder.path()
    }

    pub(crate) fn file(&self, name: &str, content: impl AsRef<[u8]>) -> &Self {
        std::fs::write(self.path().join(name), content).expect("a file in the room");
        self
    }

    pub(crate) fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::cargo_bin("toilscope").expect("the binary");
        command.current_dir(self.path()).args(arguments);
        for name in std::env::vars()
            .map(|(name, _)| name)
            .filter(|name| name.starts_with("TOILSCOPE_") || name.starts_with("LC_"))
        {
            command.env_remove(name);
        }
        command
            .env("LANG", "C.UTF-8")
            .env_remove("COLUMNS")
            .env_remove("RAYON_NUM_THREADS");
        command
    }

    pub(crate) fn run(&self, arguments: &[&str]) -> Answer {
        Answer::of(self.command(arguments).output().expect("the binary runs"))
    }

    pub(crate) fn pipe(&self, arguments: &[&str], input: impl Into<Vec<u8>>) -> Answer {
        Answer::of(
            self.command(arguments)
                .write_stdin(input)
                .output()
                .expect("the binary runs"),
        )
    }
}

/// What a run said.
#[derive(Debug)]
pub(crate) struct Answer {
    pub(crate) code: Option<i32>,
    pub(crate) out: String,
    pub(crate) err: String,
}

impl Answer {
    pub(crate) fn of(output: Output) -> Self {
        Self {
            code: output.status.code(),
            out: String::from_utf8(output.stdout).expect("standard output is UTF-8"),
            err: String::from_utf8_lossy(&output.stderr).into_owned(),
        }
    }

    /// The standard output of a run that must have succeeded.
    #[track_caller]
    pub(crate) fn good(self) -> String {
        assert_eq!(self.code, Some(0), "standard error: {}", self.err);
        self.out
    }

    #[track_caller]
    pub(crate) fn json(self) -> serde_json::Value {
        serde_json::from_str(&self.good()).expect("standard output is JSON")
    }
}

/// The four commands with one table each.
pub(crate) const TABLES: [&str; 4] = ["patterns", "candidates", "tickets", "trend"];
/// The formats of a table.
pub(crate) const TABLE_FORMATS: [&str; 5] = ["table", "csv", "json", "jsonl", "md"];
/// The formats of a report that go to standard output.
pub(crate) const REPORT_FORMATS: [&str; 3] = ["table", "md", "json"];

/// Every command and format that answers on standard output.
pub(crate) fn every_answer() -> Vec<(&'static str, &'static str)> {
    let tables = TABLES
        .iter()
        .flat_map(|table| TABLE_FORMATS.iter().map(|format| (*table, *format)));
    tables
        .chain(REPORT_FORMATS.iter().map(|format| ("report", *format)))
        .collect()
}

/// The sample as the repository has it.
pub(crate) const SAMPLE: &str = include_str!("../../data/sample/tickets.jsonl");
