//! Flags that cannot act beside others are refused rather than ignored: their user would take the answer for what they
//! asked for.

use clap::parser::ValueSource;
use clap::{ArgMatches, CommandFactory};

use crate::cli::args::{Cli, Command};
use crate::cli::failure::Failure;

/// Arguments of `report` that act on a report that was made before: how it is shown, where, and out of which store.
const OF_A_RUN: [&str; 10] = [
    "run", "store", "config", "raw", "format", "output", "bom", "width", "quiet", "color",
];

/// Checks that every flag that was typed can act.
///
/// What stands in the environment or the settings file is meant for many commands and is no mistake in one of them.
///
/// # Errors
///
/// A usage error that names the flags.
pub(super) fn check(cli: &Cli, matches: &ArgMatches) -> Result<(), Failure> {
    let (Command::Report(args), Some(typed)) = (&cli.command, matches.subcommand_matches("report")) else {
        return Ok(());
    };
    let Some(number) = args.runs.run else {
        return Ok(());
    };
    let command = Cli::command();
    let flags = command
        .find_subcommand("report")
        .into_iter()
        .flat_map(clap::Command::get_arguments);
    let idle: Vec<String> = flags
        .filter(|flag| !OF_A_RUN.contains(&flag.get_id().as_str()))
        .filter(|flag| {
            // Flags of the help are no values.
            let id = flag.get_id().as_str();
            matches!(typed.try_contains_id(id), Ok(true))
                && typed.value_source(id) == Some(ValueSource::CommandLine)
        })
        .filter_map(|flag| Some(format!("--{}", flag.get_long()?)))
        .collect();
    if idle.is_empty() {
        return Ok(());
    }
    Err(Failure::Usage {
        message: format!(
            "{} cannot act on run {number}, which is shown as it was made",
            idle.join(", ")
        ),
        hint: "leave --run out for a new report, or the other flags for the old one".to_owned(),
    })
}
