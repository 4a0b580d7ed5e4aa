//! From arguments to exit code.

use std::path::PathBuf;
use std::process::ExitCode;

use clap::{CommandFactory, FromArgMatches};

use crate::analysis::analyze_given;
use crate::classify::{Given, Grouping, Labels};
use crate::cli::args::{
    CandidatesArgs, Cli, Command, FullReportArgs, InputArgs, OrderName, OutputArgs, ReportArgs, ReportFormat,
    TableArgs, TableFormat, Terminal, TicketsArgs, TrendArgs,
};
use crate::cli::failure::Failure;
use crate::cli::messages::{fail, say};
use crate::cli::progress::Progress;
use crate::cli::runs::{self, History, SinceRun};
use crate::cli::watch::{ConditionArgs, Held};
use crate::cli::{draft, evaluate, explain, idle, launch, load, output, pull, store, taxonomy};
use crate::compose::{Order, Scene, View};
use crate::config::Settings;
use crate::report::{Report, csv, json, markdown, table};
use crate::source::Reading;

/// Runs the command line of the process and returns its exit code.
#[must_use]
pub fn main() -> ExitCode {
    let parsed = Cli::command()
        .try_get_matches()
        .and_then(|matches| Ok((Cli::from_arg_matches(&matches)?, matches)));
    let (cli, matches) = match parsed {
        Ok(parsed) => parsed,
        Err(error) => {
            // Help and version are answers; clap prints them on standard output and knows the code. A reader that
            // went away is no failure.
            let _ = error.print();
            return ExitCode::from(u8::try_from(error.exit_code()).unwrap_or(2));
        }
    };
    match idle::check(&cli, &matches).and_then(|()| run(&cli)) {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) if failure.is_closed_pipe() => ExitCode::SUCCESS,
        Err(failure) => {
            fail(&failure);
            ExitCode::from(failure.exit_code())
        }
    }
}

fn run(cli: &Cli) -> Result<(), Failure> {
    let one = |of, args| view(of, args, cli.terminal);
    match &cli.command {
        Command::Report(args) => report(args, cli.terminal),
        Command::Patterns(args) => one(View::Patterns, args),
        Command::Candidates(args) => candidates(args, cli.terminal),
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
        Command::Trend(args) => trend(args, cli.terminal),
        Command::Draft(args) => draft::run(args, cli.terminal),
        Command::Pull(args) => pull::run(args, cli.terminal.quiet),
        Command::Import(args) => store::import(args, cli.terminal.quiet),
        Command::Store { command } => store::run(command, cli.terminal.quiet),
        Command::Evaluate(args) => evaluate::run(args, cli.terminal),
        Command::Taxonomy { command } => taxonomy::run(command, cli.terminal),
        Command::Launch { command } => launch::run(command),
        Command::Completions { shell } => {
            let mut script = Vec::new();
            clap_complete::generate(*shell, &mut Cli::command(), "toilscope", &mut script);
            output::print(&String::from_utf8_lossy(&script))
        }
    }
}

fn report(args: &FullReportArgs, terminal: Terminal) -> Result<(), Failure> {
    let mut held = Held::default();
    let mut unkept = None;
    let of = &args.report;
    let written = told(of, terminal, |settings| {
        if let Some(number) = args.runs.run {
            return runs::again(settings, number);
        }
        let asked = Asked {
            of_store: is_store(&of.input),
            grouping: args.runs.grouping(),
            since: Some(SinceRun::Last),
            conditions: Some(&args.conditions),
        };
        let reading = load::tickets(&of.input, settings, terminal.quiet)?;
        asked_of(&reading, settings, terminal.quiet, &asked, |scene, _, history| {
            let report = scene.report(View::Report);
            held = args.conditions.held(scene);
            unkept = history
                .filter(|_| settings.runs.record && !args.runs.no_record)
                .and_then(|history| history.unkept(scene.analysis, &report))
                .map(|run| (run, settings.runs.keep));
            Ok(report)
        })
    });
    // A report that nobody got is no run to compare the next one with. A reader that closed the pipe got what it wanted.
    if written.as_ref().err().is_none_or(Failure::is_closed_pipe)
        && let Some((run, most)) = unkept
    {
        run.keep(most);
    }
    written?;
    held.settle()
}

fn trend(args: &TrendArgs, terminal: Terminal) -> Result<(), Failure> {
    let mut held = Held::default();
    let of_store = is_store(&args.table.input);
    if args.since_run.is_some() && !of_store {
        return Err(Failure::Usage {
            message: "--since-run compares runs of the store, and a file is named".to_owned(),
            hint: "import the file (`toilscope import FILE`) and leave it out here".to_owned(),
        });
    }
    one_table(&args.table, terminal, |settings| {
        let asked = Asked {
            of_store,
            since: args.since_run.or(Some(SinceRun::Last)),
            conditions: Some(&args.conditions),
            ..Asked::default()
        };
        let reading = load::tickets(&args.table.input, settings, terminal.quiet)?;
        asked_of(&reading, settings, terminal.quiet, &asked, |scene, _, _| {
            held = args.conditions.held(scene);
            match (args.since_run, &scene.since) {
                (None, _) => Ok(scene.report(View::Trend)),
                (Some(_), Some(_)) => Ok(scene.report(View::SinceRun)),
                (Some(_), None) => Err(Failure::Usage {
                    message: "there is no earlier run to compare with: none is kept, or nothing changed since the last one".to_owned(),
                    hint: "`toilscope store info` lists the runs, and `--since-run N` names one; `toilscope report` keeps a run each time the \
                           tickets, the taxonomy, labels or settings changed"
                        .to_owned(),
                }),
            }
        })
    })?;
    held.settle()
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
    let settings = load::with_launches(&settings, &args.input)?;
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

fn candidates(args: &CandidatesArgs, terminal: Terminal) -> Result<(), Failure> {
    let Some(id) = &args.explain else {
        return view(View::Candidates, &args.table, terminal);
    };
    let unknown = |scene: &Scene<'_>| Failure::NoCandidate {
        id: id.clone(),
        known: scene.candidate_ids(),
    };
    one_table(&args.table, terminal, |settings| {
        analysed(&args.table.input, settings, terminal.quiet, |scene, _| {
            scene.candidate_story(id).ok_or_else(|| unknown(scene))
        })
    })
}

fn one_table(
    args: &TableArgs,
    terminal: Terminal,
    make: impl FnOnce(&Settings) -> Result<Report, Failure>,
) -> Result<(), Failure> {
    let format = args.format.unwrap_or(TableFormat::Table);
    let settings = load::settings(&args.settings, &args.input.store)?;
    let settings = load::with_launches(&settings, &args.input)?;
    output::check(&args.output, false, &files(&args.input, &settings))?;
    let report = make(&settings)?;
    let text = match (format, report.tables().next()) {
        (TableFormat::Md, _) => markdown::render(&report),
        (TableFormat::Table, _) | (_, None) => on_terminal(&report, &args.output, terminal),
        (TableFormat::Json, Some(table)) => {
            // What is recommended are bundles: a list of candidates alone would leave the answer out.
            let beside = report.tables().filter(|beside| beside.id == "bundles");
            json::render_table(table, beside, &report.meta)
        }
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

fn view(view: View, args: &TableArgs, terminal: Terminal) -> Result<(), Failure> {
    one_table(args, terminal, |settings| {
        analysed(&args.input, settings, terminal.quiet, |scene, _| {
            Ok(scene.report(view))
        })
    })
}

/// What a command asks of the runs in the store.
#[derive(Default)]
struct Asked<'a> {
    /// Whether the tickets are those of the store, whose runs then are gone on from.
    of_store: bool,
    grouping: Grouping,
    /// The earlier run to compare with.
    since: Option<SinceRun>,
    conditions: Option<&'a ConditionArgs>,
}

/// Analyses the input and tells what was found, with the labels that were in force.
///
/// # Errors
///
/// What reading, analysing or telling reports.
pub(super) fn analysed<T>(
    input: &InputArgs,
    settings: &Settings,
    quiet: bool,
    tell: impl FnOnce(&Scene<'_>, &Labels) -> Result<T, Failure>,
) -> Result<T, Failure> {
    let reading = load::tickets(input, settings, quiet)?;
    let asked = Asked {
        of_store: is_store(input),
        ..Asked::default()
    };
    asked_of(&reading, settings, quiet, &asked, |scene, labels, _| {
        tell(scene, labels)
    })
}

/// The same for tickets that have been read.
///
/// # Errors
///
/// What analysing or telling reports.
pub(super) fn analysed_reading<T>(
    reading: &Reading,
    settings: &Settings,
    quiet: bool,
    tell: impl FnOnce(&Scene<'_>, &Labels) -> Result<T, Failure>,
) -> Result<T, Failure> {
    asked_of(reading, settings, quiet, &Asked::default(), |scene, labels, _| {
        tell(scene, labels)
    })
}

/// Whether the arguments name no tickets, so that those of the store are meant.
fn is_store(input: &InputArgs) -> bool {
    input.input.is_empty() && !input.sample
}

/// Analyses tickets with what earlier runs knew, and tells what was found.
fn asked_of<T>(
    reading: &Reading,
    settings: &Settings,
    quiet: bool,
    asked: &Asked<'_>,
    tell: impl FnOnce(&Scene<'_>, &Labels, Option<&History>) -> Result<T, Failure>,
) -> Result<T, Failure> {
    let taxonomy = load::taxonomy(settings)?;
    asked
        .conditions
        .map_or(Ok(()), |conditions| conditions.check(&taxonomy))?;
    let mut given = Given {
        labels: load::labels(settings, &taxonomy, &reading.tickets, quiet)?,
        grouping: asked.grouping,
        ..Given::default()
    };
    let _progress = Progress::start(format!("analysing {} tickets", reading.tickets.len()), quiet);
    let history = asked
        .of_store
        .then(|| History::open(settings, &taxonomy, &mut given))
        .transpose()?;
    let analysis = analyze_given(&reading.tickets, &taxonomy, &given, settings)?;
    let coverage = analysis.coverage.with_reading(reading)?;
    let since = match (&history, asked.since) {
        (Some(history), Some(which)) => history.since(&analysis, which, settings, &taxonomy)?,
        _ => None,
    };
    let scene = Scene::new(&analysis, coverage, &taxonomy, settings)
        .since(since)
        .doubting(&reading.doubts);
    tell(&scene, &given.labels, history.as_ref())
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
