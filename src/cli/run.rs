//! From arguments to exit code.

use std::path::PathBuf;
use std::process::ExitCode;

use clap::{CommandFactory, Parser};

use crate::analysis::analyze_labelled;
use crate::classify::Labels;
use crate::cli::args::{
    Cli, Command, InputArgs, OrderName, OutputArgs, ReportArgs, ReportFormat, TableArgs, TableFormat,
    Terminal, TicketsArgs,
};
use crate::cli::failure::Failure;
use crate::cli::messages::{fail, say};
use crate::cli::progress::Progress;
use crate::cli::{evaluate, explain, load, output, pull, store, taxonomy};
use crate::compose::{Order, Scene, View};
use crate::config::Settings;
use crate::report::{Report, csv, json, markdown, table};
use crate::source::Reading;

/// Runs the command line of the process and returns its exit code.
#[must_use]
pub fn main() -> ExitCode {
    let cli = match Cli::try_parse() {
        Ok(cli) => cli,
        Err(error) => {
            // Help and version are answers; clap prints them on standard output and knows the code. A reader that
            // went away is no failure.
            let _ = error.print();
            return ExitCode::from(u8::try_from(error.exit_code()).unwrap_or(2));
        }
    };
    match run(&cli) {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) if failure.is_closed_pipe() => ExitCode::SUCCESS,
        Err(failure) => {
            fail(&failure);
            ExitCode::from(failure.exit_code())
        }
    }
}

fn run(cli: &Cli) -> Result<(), Failure> {
    let one = |view, args| one_table(view, args, cli.terminal);
    match &cli.command {
        Command::Report(args) => report(args, cli.terminal),
        Command::Patterns(args) => one(View::Patterns, args),
        Command::Candidates(args) => one(View::Candidates, args),
        Command::Tickets(TicketsArgs {
            table,
            explain: Some(id),
            ..
        }) => explain::run(id, table, cli.terminal),
        Command::Tickets(args) => {
            let order = match args.order {
                Some(OrderName::Review) => Order::Review,
                Some(OrderName::Id) | None => Order::Id,
            };
            one(View::Tickets(order), &args.table)
        }
        Command::Trend(args) => one(View::Trend, args),
        Command::Pull(args) => pull::run(args, cli.terminal.quiet),
        Command::Import(args) => store::import(args, cli.terminal.quiet),
        Command::Store { command } => store::run(command, cli.terminal.quiet),
        Command::Evaluate(args) => evaluate::run(args, cli.terminal),
        Command::Taxonomy { command } => taxonomy::run(command, cli.terminal),
        Command::Completions { shell } => {
            let mut script = Vec::new();
            clap_complete::generate(*shell, &mut Cli::command(), "toilscope", &mut script);
            output::print(&String::from_utf8_lossy(&script))
        }
    }
}

fn report(args: &ReportArgs, terminal: Terminal) -> Result<(), Failure> {
    told(args, terminal, |settings| {
        compose(View::Report, &args.input, settings, terminal.quiet)
    })
}

/// Writes a report of several tables in the format of the arguments, once the arguments are known to be good.
///
/// # Errors
///
/// What making or writing the report says.
pub(super) fn told(
    args: &ReportArgs,
    terminal: Terminal,
    make: impl FnOnce(&Settings) -> Result<Report, Failure>,
) -> Result<(), Failure> {
    let format = args.format.unwrap_or(ReportFormat::Table);
    let settings = load::settings(&args.settings, &args.input.store)?;
    output::check(
        &args.output,
        format == ReportFormat::Csv,
        &files(&args.input, &settings),
    )?;
    let folder = match (&args.output.output, format) {
        (None, ReportFormat::Csv) => {
            return Err(Failure::Usage {
                message: "--format csv writes a folder of tables and needs --output".to_owned(),
                hint: "name the folder, for instance --output toil-report".to_owned(),
            });
        }
        (Some(folder), ReportFormat::Csv) => Some(folder),
        _ => None,
    };
    let report = make(&settings)?;
    if let Some(folder) = folder {
        say_coverage(&report, terminal.quiet);
        let files: Vec<(String, String)> = report
            .tables()
            .map(|table| {
                (
                    format!("{}.csv", table.id),
                    with_bom(csv::render(table), &args.output),
                )
            })
            .collect();
        return output::write_folder(folder, &files);
    }
    let text = match format {
        ReportFormat::Md => markdown::render(&report),
        ReportFormat::Json => json::render_report(&report),
        ReportFormat::Table | ReportFormat::Csv => on_terminal(&report, &args.output, terminal),
    };
    output::write(&text, &args.output)
}

fn one_table(view: View, args: &TableArgs, terminal: Terminal) -> Result<(), Failure> {
    let format = args.format.unwrap_or(TableFormat::Table);
    let settings = load::settings(&args.settings, &args.input.store)?;
    output::check(&args.output, false, &files(&args.input, &settings))?;
    let report = compose(view, &args.input, &settings, terminal.quiet)?;
    let text = match (format, report.tables().next()) {
        (TableFormat::Md, _) => markdown::render(&report),
        (TableFormat::Table, _) | (_, None) => on_terminal(&report, &args.output, terminal),
        (TableFormat::Json, Some(table)) => json::render_table(table, &report.meta),
        (TableFormat::Csv, Some(table)) => {
            say_coverage(&report, terminal.quiet);
            with_bom(csv::render(table), &args.output)
        }
        (TableFormat::Jsonl, Some(table)) => {
            say_coverage(&report, terminal.quiet);
            json::render_lines(table)
        }
    };
    output::write(&text, &args.output)
}

/// The files that hold the tickets, which no answer may overwrite.
pub(super) fn files(input: &InputArgs, settings: &Settings) -> Vec<PathBuf> {
    let mut files = input.input.clone();
    files.push(PathBuf::from(&settings.store));
    files
}

fn compose(view: View, input: &InputArgs, settings: &Settings, quiet: bool) -> Result<Report, Failure> {
    analysed(input, settings, quiet, |scene, _| Ok(scene.report(view)))
}

/// Analyses the input and tells what was found, with the labels that were in force.
///
/// # Errors
///
/// What reading, analysing or telling reports.
pub(super) fn analysed(
    input: &InputArgs,
    settings: &Settings,
    quiet: bool,
    tell: impl FnOnce(&Scene<'_>, &Labels) -> Result<Report, Failure>,
) -> Result<Report, Failure> {
    let reading = load::tickets(input, settings, quiet)?;
    analysed_reading(&reading, settings, quiet, tell)
}

/// The same for tickets that have been read.
///
/// # Errors
///
/// What analysing or telling reports.
pub(super) fn analysed_reading(
    reading: &Reading,
    settings: &Settings,
    quiet: bool,
    tell: impl FnOnce(&Scene<'_>, &Labels) -> Result<Report, Failure>,
) -> Result<Report, Failure> {
    let taxonomy = load::taxonomy(settings)?;
    let labels = load::labels(settings, &taxonomy, &reading.tickets, quiet)?;
    let _progress = Progress::start(format!("analysing {} tickets", reading.tickets.len()), quiet);
    let analysis = analyze_labelled(&reading.tickets, &taxonomy, &labels, settings)?;
    let coverage = analysis.coverage.with_reading(reading)?;
    tell(&Scene::new(&analysis, coverage, &taxonomy, settings), &labels)
}

/// Renders a report for the terminal of the arguments.
pub(super) fn on_terminal(report: &Report, args: &OutputArgs, terminal: Terminal) -> String {
    let text = table::render(report, output::width(args));
    if output::bold(terminal, args) {
        output::embolden(&text)
    } else {
        text
    }
}

/// Formats that are nothing but rows have no place for the coverage, so it goes to standard error.
fn say_coverage(report: &Report, quiet: bool) {
    if !quiet {
        let terms: Vec<String> = report
            .meta
            .coverage
            .iter()
            .map(|(term, count)| format!("{term} {count}"))
            .collect();
        say(&format!("coverage: {}", terms.join(", ")));
    }
}

fn with_bom(csv: String, args: &OutputArgs) -> String {
    if args.bom {
        format!("{}{csv}", csv::BOM)
    } else {
        csv
    }
}
