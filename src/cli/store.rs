//! `import` and `store`: tickets into the store, and what is inside.

use std::collections::BTreeSet;
use std::io;
use std::path::Path;

use jiff::Timestamp;
use jiff::tz::TimeZone;
use serde_json::{Value, json};

use crate::Error;
use crate::cli::args::{ImportArgs, InfoFormat, StoreCommand, StoreSettings};
use crate::cli::failure::Failure;
use crate::cli::messages::warn;
use crate::cli::{earlier, load, output, runs};
use crate::config::Settings;
use crate::report::safe;
use crate::source::Input;
use crate::store::{
    BrokenLine, Gone, Imported, Origin, Run, Store, StoreError, export_launch, export_line, export_run,
};
use crate::text::Redactor;

/// Runs a sub-command of `store`.
///
/// # Errors
///
/// What settings, store or output report.
pub(super) fn run(command: &StoreCommand, quiet: bool) -> Result<(), Failure> {
    match command {
        StoreCommand::Info { settings, format } => info(settings, format.unwrap_or(InfoFormat::Text)),
        StoreCommand::Export { settings, output } => export(settings, output.as_deref()),
        StoreCommand::Import(args) => import(args, quiet),
    }
}

fn resolve(args: &StoreSettings) -> Result<Settings, Failure> {
    load::resolve(args.overrides(), args.config.as_deref())
}

/// Reads files into the store and says what became of them.
///
/// # Errors
///
/// What settings, source or store report.
pub(super) fn import(args: &ImportArgs, quiet: bool) -> Result<(), Failure> {
    let settings = resolve(&args.settings)?;
    let inputs = load::open_all(&args.input)?;
    let reading = load::read(&inputs, args.input_format, &settings, quiet)?;
    let (skipped, merged) = (reading.skipped.len(), reading.merged);
    let path = Path::new(&settings.store);
    let mut store = Store::open_to_write(path).map_err(Error::from)?;
    let number = begin(&mut store, "import")?;
    let done = store
        .import(reading.tickets, settings.timezone.zone())
        .map_err(Error::from)?;
    let mut summary = imported(&done);
    summary.push(("merged", merged));
    summary.push(("skipped", skipped));
    let kept = import_kept(&mut store, &inputs).map_err(Error::from)?;
    summary.push(("runs", kept.runs));
    summary.push(("launches", kept.launches));
    summary.push(("left_out", kept.broken.len()));
    let record: Value = summary
        .iter()
        .map(|(name, count)| ((*name).to_owned(), json!(count)))
        .collect();
    end(&mut store, number, &record)?;
    let mut lines = vec![format!("{}: {}", settings.store, listed(&summary))];
    if done.known > 0 {
        lines.push("known: pulled from Notion itself, by id or link; what was pulled stays".to_owned());
    }
    if done.alike > 0 {
        lines.push(
            "alike: title and time of filing of a pulled ticket, but no id or link in common; these may be counted twice"
                .to_owned(),
        );
    }
    name_broken(&kept.broken);
    if !kept.broken.is_empty() {
        lines.push(format!(
            "left_out: {} lines that should hold a run or a launch and cannot be read; tickets and all other lines came in",
            kept.broken.len()
        ));
    }
    output::print(&(lines.join("\n") + "\n"))
}

/// What an export brought beside its tickets.
#[derive(Default)]
struct Kept {
    runs: usize,
    launches: usize,
    /// Lines that were left out, each with the name of its file.
    broken: Vec<(String, BrokenLine)>,
}

fn import_kept(store: &mut Store, inputs: &[Input]) -> Result<Kept, StoreError> {
    let mut kept = Kept::default();
    for input in inputs {
        let runs = store.import_runs(&input.bytes, &earlier::check)?;
        let launches = store.import_launches(&input.bytes)?;
        kept.runs += runs.new;
        kept.launches += launches.new;
        let broken = runs.broken.into_iter().chain(launches.broken);
        kept.broken
            .extend(broken.map(|broken| (input.name.clone(), broken)));
    }
    Ok(kept)
}

/// Names the lines that were left out. Their reasons quote what stands in them.
fn name_broken(broken: &[(String, BrokenLine)]) {
    let redactor = Redactor::new(&BTreeSet::new(), 0);
    let named = broken.iter().map(|(file, broken)| {
        redactor
            .redact(&format!("{file}:{}: {}", broken.line, broken.reason))
            .to_string()
    });
    load::list("left out", named);
}

fn imported(done: &Imported) -> Vec<(&'static str, usize)> {
    vec![
        ("new", done.new),
        ("changed", done.changed),
        ("unchanged", done.unchanged),
        ("known", done.known),
        ("alike", done.alike),
    ]
}

/// Counts that are not zero, "new" always among them.
fn listed(counts: &[(&str, usize)]) -> String {
    let shown: Vec<String> = counts
        .iter()
        .filter(|(name, count)| *count > 0 || *name == "new")
        .map(|(name, count)| format!("{count} {name}"))
        .collect();
    shown.join(", ")
}

/// Notes that a command begins; returns the number of the run.
///
/// # Errors
///
/// What the store reports.
pub(super) fn begin(store: &mut Store, command: &str) -> Result<i64, Failure> {
    let mut noted = || {
        let batch = store.batch()?;
        let number = batch.begin_run(command, &Timestamp::now().to_string())?;
        batch.commit()?;
        Ok(number)
    };
    let noted: Result<i64, StoreError> = noted();
    Ok(noted.map_err(Error::from)?)
}

/// Notes that a run ended.
///
/// # Errors
///
/// What the store reports.
pub(super) fn end(store: &mut Store, number: i64, summary: &Value) -> Result<(), Failure> {
    let mut noted = || {
        let batch = store.batch()?;
        batch.end_run(number, &Timestamp::now().to_string(), summary)?;
        batch.commit()
    };
    Ok(noted().map_err(Error::from)?)
}

fn export(args: &StoreSettings, path: Option<&Path>) -> Result<(), Failure> {
    let settings = resolve(args)?;
    let store = Store::open(Path::new(&settings.store)).map_err(Error::from)?;
    if let Some(path) = path {
        output::check_overwrite(path, &[settings.store.clone().into()])?;
    }
    let mut failed = None;
    let written = output::stream(path, |out| {
        let mut broken = Ok(());
        let read = store.each_ticket(|ticket| {
            if broken.is_err() || failed.is_some() {
                return;
            }
            let page = match ticket.origin {
                Origin::Notion => store.page(&ticket.id),
                Origin::File => Ok(None),
            };
            match page {
                Ok(page) => broken = writeln!(out, "{}", export_line(&ticket, page.as_ref())),
                Err(error) => failed = Some(error),
            }
        });
        if let Err(error) = read {
            failed = Some(error);
        }
        if broken.is_ok() && failed.is_none() {
            match export_kept(&store, out) {
                Ok(written) => broken = written,
                Err(error) => failed = Some(error),
            }
        }
        // A file with half of the store in it must not appear.
        match &failed {
            Some(_) => Err(io::Error::other("the store cannot be read")),
            None => broken,
        }
    });
    match failed {
        Some(error) => Err(Error::from(error).into()),
        None => written,
    }
}

/// Writes what an export holds beside tickets. A run that cannot be unpacked is named and passed over: the rest of the
/// store is still worth saving.
fn export_kept(store: &Store, out: &mut dyn io::Write) -> Result<io::Result<()>, StoreError> {
    for run in store.report_runs()? {
        let line = match store.report_parts(run.number) {
            Ok(Some(parts)) => export_run(&run, &parts),
            Ok(None) => continue,
            Err(error @ StoreError::UnreadableRun { .. }) => {
                warn(&format!("{error}; it is not in the export"), error.hint());
                continue;
            }
            Err(error) => return Err(error),
        };
        if let Err(error) = writeln!(out, "{line}") {
            return Ok(Err(error));
        }
    }
    let launches = store.launches()?;
    let mut launches = launches.iter().map(export_launch);
    Ok(launches.try_for_each(|line| writeln!(out, "{line}")))
}

const RUNS_SHOWN: u32 = 5;

/// Most reports that people are shown; machines get all.
const REPORTS_SHOWN: usize = 10;

fn info(args: &StoreSettings, format: InfoFormat) -> Result<(), Failure> {
    let settings = resolve(args)?;
    let store = Store::open(Path::new(&settings.store)).map_err(Error::from)?;
    store.verify().map_err(Error::from)?;
    let value = described(&store).map_err(Error::from)?;
    let text = match format {
        InfoFormat::Json => format!("{value:#}\n"),
        InfoFormat::Text => in_words(&value, settings.timezone.zone()),
    };
    output::print(&text)
}

fn described(store: &Store) -> Result<Value, StoreError> {
    let mut sources = Vec::new();
    for source in store.sources()? {
        sources.push(json!({
            "id": source.id,
            "name": source.name,
            "tickets": store.pages(&source.id)?.len(),
            "unread": store.unread_pages(&source.id)?.len(),
            "trashed": store.gone_pages(&source.id, Gone::Trashed)?.len(),
            "vanished": store.gone_pages(&source.id, Gone::Vanished)?.len(),
            "complete_until": source.watermark,
            "is_finished": source.unfinished.is_none(),
        }));
    }
    let run = |run: Run| {
        json!({
            "number": run.number,
            "command": run.command,
            "tool_version": run.tool_version,
            "started_at": run.started_at,
            "ended_at": run.ended_at,
            "summary": run.summary,
        })
    };
    let bytes = store.path().metadata().map_or(0, |meta| meta.len());
    Ok(json!({
        "schema_version": 1,
        "store": store.path().display().to_string(),
        "bytes": bytes,
        "tickets": {"notion": store.count(Origin::Notion)?, "file": store.count(Origin::File)?},
        "sources": sources,
        "reports": store.report_runs()?.iter().map(runs::described).collect::<Vec<_>>(),
        "runs": store.runs(RUNS_SHOWN)?.into_iter().map(run).collect::<Vec<_>>(),
    }))
}

/// The description as lines for a person, times on the clocks of a zone.
fn in_words(value: &Value, zone: &TimeZone) -> String {
    let mut lines = vec![
        format!("{} ({} bytes, sound)", text(&value["store"]), value["bytes"]),
        format!(
            "tickets: {} pulled from Notion, {} imported from files",
            value["tickets"]["notion"], value["tickets"]["file"]
        ),
    ];
    lines.extend(
        list(&value["sources"])
            .iter()
            .map(|source| source_line(source, zone)),
    );
    let reports = list(&value["reports"]);
    if reports.len() > REPORTS_SHOWN {
        lines.push(format!("{} earlier reports", reports.len() - REPORTS_SHOWN));
    }
    let shown = &reports[reports.len().saturating_sub(REPORTS_SHOWN)..];
    lines.extend(shown.iter().map(|run| report_line(run, zone)));
    lines.extend(list(&value["runs"]).iter().map(|run| run_line(run, zone)));
    lines.join("\n") + "\n"
}

fn list(value: &Value) -> &[Value] {
    value.as_array().map_or(&[], Vec::as_slice)
}

fn text(value: &Value) -> String {
    match value {
        Value::String(text) => safe::plain(text).to_string(),
        Value::Null => "-".to_owned(),
        other => other.to_string(),
    }
}

fn time(value: &Value, zone: &TimeZone) -> String {
    match value.as_str().map(str::parse::<Timestamp>) {
        Some(Ok(at)) => at
            .to_zoned(zone.clone())
            .strftime("%Y-%m-%d %H:%M:%S %:z")
            .to_string(),
        _ => text(value),
    }
}

fn source_line(source: &Value, zone: &TimeZone) -> String {
    format!(
        "data source {} ({}): {} tickets, {} unread, {} in the trash, {} vanished; complete until {}{}",
        text(&source["name"]),
        text(&source["id"]),
        source["tickets"],
        source["unread"],
        source["trashed"],
        source["vanished"],
        time(&source["complete_until"], zone),
        if source["is_finished"] == json!(true) {
            ""
        } else {
            "; the last pull did not end"
        },
    )
}

fn report_line(run: &Value, zone: &TimeZone) -> String {
    let quarters: Vec<String> = list(&run["quarters"]).iter().map(text).collect();
    format!(
        "report run {} at {}: {} tickets, {} groups, {}; toilscope {}, taxonomy {}",
        run["number"],
        time(&run["made_at"], zone),
        text(&run["tickets"]),
        text(&run["groups"]),
        if quarters.is_empty() {
            "no dates".to_owned()
        } else {
            quarters.join(" to ")
        },
        text(&run["tool_version"]),
        text(&run["taxonomy_version"]),
    )
}

fn run_line(run: &Value, zone: &TimeZone) -> String {
    let did = match run["summary"].as_object() {
        Some(summary) => {
            let counts = summary
                .iter()
                .filter(|(_, count)| count.as_u64() != Some(0) && !count.is_object());
            counts
                .map(|(name, count)| format!("{name} {}", text(count)))
                .collect::<Vec<_>>()
                .join(", ")
        }
        None => "did not end".to_owned(),
    };
    format!(
        "run {}: {} at {}: {did}",
        run["number"],
        text(&run["command"]),
        time(&run["started_at"], zone)
    )
}
