//! `toilscope tickets --explain ID`: one ticket, told in depth.

use crate::classify::Labels;
use crate::cli::args::{TableArgs, TableFormat, Terminal};
use crate::cli::failure::Failure;
use crate::cli::run::{analysed, files, on_terminal};
use crate::cli::{load, output};
use crate::compose::{Scene, counted};
use crate::report::{Report, json, markdown};
use crate::text::near;

/// Explains the decision about one ticket.
///
/// # Errors
///
/// A usage error for a format that is nothing but rows and for an id that no analysed ticket has, else what analysing
/// reports.
pub(super) fn run(id: &str, args: &TableArgs, terminal: Terminal) -> Result<(), Failure> {
    let format = args.format.unwrap_or(TableFormat::Table);
    if matches!(format, TableFormat::Csv | TableFormat::Jsonl) {
        return Err(Failure::Usage {
            message: "an explanation is more than rows of one table".to_owned(),
            hint: "use --format table, json or md with --explain".to_owned(),
        });
    }
    let settings = load::settings(&args.settings, &args.input.store)?;
    output::check(&args.output, false, &files(&args.input, &settings))?;
    let report = analysed(&args.input, &settings, terminal.quiet, |scene, labels| {
        told(id, scene, labels)
    })?;
    let text = match format {
        TableFormat::Md => markdown::render(&report),
        TableFormat::Json => json::render_report(&report),
        TableFormat::Table | TableFormat::Csv | TableFormat::Jsonl => {
            on_terminal(&report, &args.output, terminal)
        }
    };
    output::write(&text, &args.output)
}

fn told(id: &str, scene: &Scene<'_>, labels: &Labels) -> Result<Report, Failure> {
    let tickets = &scene.analysis.tickets;
    let at = tickets.iter().position(|ticket| ticket.id.as_str() == id);
    at.map(|at| scene.explanation(at, labels))
        .ok_or_else(|| unknown(id, scene))
}

fn unknown(id: &str, scene: &Scene<'_>) -> Failure {
    let tickets = &scene.analysis.tickets;
    let near = near(id, tickets.iter().map(|ticket| ticket.id.as_str()));
    let outside = scene.coverage.outside;
    let hint = match (near.as_slice(), outside) {
        ([], 0) => "`toilscope tickets` lists the ids".to_owned(),
        ([], outside) => format!(
            "{} outside of the period: look at --since, --until and --as-of; `toilscope tickets` lists the ids",
            counted(outside, "ticket")
        ),
        (near, _) => format!("did you mean {}?", near.join(", ")),
    };
    Failure::Usage {
        message: format!(
            "{} analysed, none with the id {id:?}",
            counted(tickets.len(), "ticket")
        ),
        hint,
    }
}
