//! Gets everything that an analysis needs: settings, taxonomy, tickets.

use std::borrow::Cow;
use std::collections::BTreeSet;
use std::env;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use crate::Error;
use crate::classify::Labels;
use crate::cli::args::{InputArgs, InputFormat, SettingsArgs, StorePath};
use crate::cli::failure::Failure;
use crate::cli::messages::{say, warn};
use crate::config::{DEFAULT_STORE, Launch, Overrides, Settings, SettingsError, merged_launches};
use crate::plausible;
use crate::source::{self, Format, Input, ReadOptions, Reading};
use crate::store::{SourceRecord, Store, StoreError};
use crate::taxonomy::{Lang, Taxonomy};
use crate::text::Redactor;
use crate::ticket::Ticket;

/// The settings file that is read if it is there and no other is named.
pub(super) const SETTINGS_FILE: &str = "toilscope.toml";

/// The invented tickets that the binary carries.
const SAMPLE: &str = include_str!("../../data/sample/tickets.jsonl");

/// Merges flags, environment and settings file.
///
/// # Errors
///
/// Settings errors; a usage error if the flags alone contradict each other.
pub(super) fn settings(args: &SettingsArgs, store: &StorePath) -> Result<Settings, Failure> {
    let flags = Overrides {
        store: store.store.clone(),
        ..args.overrides()
    };
    if let (Some(since), Some(until)) = (flags.since, flags.until)
        && since >= until
    {
        return Err(Failure::Usage {
            message: format!("--since {} is not before --until {}", since.0, until.0),
            hint: "--since is the first day, --until the first day after the period".to_owned(),
        });
    }
    resolve(flags, args.config.as_deref())
}

/// Merges flags and environment with the settings file.
///
/// # Errors
///
/// Settings errors.
pub(super) fn resolve(flags: Overrides, config: Option<&Path>) -> Result<Settings, Failure> {
    let file = settings_file(config)?;
    Ok(Settings::resolve(flags.over(file), locale()).map_err(Error::from)?)
}

fn settings_file(named: Option<&Path>) -> Result<Overrides, Failure> {
    let path = named.unwrap_or(Path::new(SETTINGS_FILE));
    let name = path.display().to_string();
    match fs::read_to_string(path) {
        Ok(text) => Ok(Overrides::parse(&name, &text).map_err(Error::from)?),
        Err(error) if named.is_none() && error.kind() == io::ErrorKind::NotFound => Ok(Overrides::default()),
        Err(error) => Err(unreadable("settings file", &name, &error).into()),
    }
}

/// The language of the user's locale, by the rules of POSIX: the first of these variables that is set decides.
fn locale() -> Lang {
    let set = ["LC_ALL", "LC_MESSAGES", "LANG"]
        .iter()
        .find_map(|name| env::var(name).ok().filter(|value| !value.is_empty()));
    if set.is_some_and(|locale| locale.starts_with("ja")) {
        Lang::Ja
    } else {
        Lang::En
    }
}

/// Loads the taxonomy of the settings, or the built-in one.
///
/// # Errors
///
/// All faults of the file at once, or that it cannot be read.
pub(super) fn taxonomy(settings: &Settings) -> Result<Taxonomy, Failure> {
    parse(&taxonomy_source(settings)?)
}

/// The text of a taxonomy.
pub(super) struct TaxonomySource {
    /// The file as the user named it; `None` for the built-in one.
    pub(super) name: Option<String>,
    pub(super) text: Cow<'static, str>,
}

/// Reads the text of the taxonomy of the settings, or of the built-in one.
///
/// # Errors
///
/// That the file cannot be read.
pub(super) fn taxonomy_source(settings: &Settings) -> Result<TaxonomySource, Failure> {
    let text = match &settings.taxonomy {
        None => Cow::Borrowed(Taxonomy::BUILTIN),
        Some(name) => {
            Cow::Owned(fs::read_to_string(name).map_err(|error| unreadable("taxonomy file", name, &error))?)
        }
    };
    Ok(TaxonomySource {
        name: settings.taxonomy.clone(),
        text,
    })
}

/// Makes a taxonomy of its text.
///
/// # Errors
///
/// All its faults at once.
pub(super) fn parse(source: &TaxonomySource) -> Result<Taxonomy, Failure> {
    let loaded = match &source.name {
        None => Taxonomy::builtin(),
        Some(name) => Taxonomy::parse(name, &source.text),
    };
    Ok(loaded.map_err(Error::from)?)
}

/// Reads the reviewed labels of the settings, and says on standard error what in them cannot be used.
///
/// # Errors
///
/// That the file cannot be read.
pub(super) fn labels(
    settings: &Settings,
    taxonomy: &Taxonomy,
    tickets: &[Ticket],
    quiet: bool,
) -> Result<Labels, Failure> {
    let Some(name) = &settings.labels else {
        return Ok(Labels::default());
    };
    let text = fs::read_to_string(name).map_err(|error| unreadable("labels file", name, &error))?;
    let (labels, faults) = Labels::parse(name, &text, taxonomy);
    if !quiet {
        list("label left out", faults.iter().map(ToString::to_string));
        list(
            "labels with an id of an earlier taxonomy",
            labels
                .carried()
                .map(|(from, to, lines)| format!("{from} was read as {to} ({lines})")),
        );
        let strangers = labels.strangers(tickets);
        list(
            "label of a ticket that is not in the input",
            strangers.into_iter().map(str::to_owned),
        );
    }
    Ok(labels)
}

/// Says lines one by one up to a limit; the rest is counted.
pub(super) fn list(what: &str, lines: impl ExactSizeIterator<Item = String>) {
    let more = lines.len().saturating_sub(SKIPPED_SHOWN);
    lines
        .take(SKIPPED_SHOWN)
        .for_each(|line| say(&format!("{what}: {line}")));
    if more > 0 {
        say(&format!("{what}: and {more} more"));
    }
}

pub(super) fn unreadable(what: &'static str, file: &str, error: &io::Error) -> Error {
    SettingsError::Unreadable {
        what,
        file: file.to_owned(),
        reason: error.to_string(),
    }
    .into()
}

/// Adds the launches of the store to those of the settings file, where the store is what is looked at: its tickets, or a
/// store that was named beside a file of tickets. One that the taxonomy in force cannot place is named and passed over: it
/// was noted once and must not be in the way ever after, while one in the settings file is a mistake in that file.
///
/// # Errors
///
/// What the store reports, unless there is none; what the taxonomy reports, if there is a launch to check.
pub(super) fn with_launches(settings: &Settings, args: &InputArgs) -> Result<Settings, Failure> {
    let mut settings = settings.clone();
    let is_meant = args.input.is_empty() || args.store.store.is_some();
    if is_meant && !args.sample {
        match Store::open(Path::new(&settings.store)).and_then(|store| store.launches()) {
            Ok(stored) if stored.is_empty() => {}
            Ok(stored) => {
                let usable = usable(stored, &taxonomy(&settings)?);
                settings.launches = merged_launches(&settings.launches, usable);
            }
            Err(StoreError::Missing(_)) => {}
            Err(error) => return Err(Error::from(error).into()),
        }
    }
    Ok(settings)
}

/// Keeps the launches that the taxonomy can place and says which it cannot.
fn usable(mut launches: Vec<Launch>, taxonomy: &Taxonomy) -> Vec<Launch> {
    launches.retain(|launch| match launch.checked(taxonomy) {
        Ok(_) => true,
        Err(error) => {
            let near = error.hint().filter(|hint| hint.starts_with("did you mean"));
            let hint = format!(
                "`toilscope launch remove PLAY --date {}` forgets it, another taxonomy may have it{}",
                launch.date.0,
                near.map_or_else(String::new, |near| format!("; {near}"))
            );
            warn(&format!("{error}; it is passed over"), Some(hint));
            false
        }
    });
    launches
}

/// Reads the tickets that the arguments name, sets aside what in them cannot be true, and says on standard error what was
/// guessed, merged, skipped and set aside.
///
/// # Errors
///
/// [`Failure::NoInput`] if nothing is named and there is no store, else what source or store report.
pub(super) fn tickets(args: &InputArgs, settings: &Settings, quiet: bool) -> Result<Reading, Failure> {
    let mut reading = all(args, settings, quiet)?;
    let zone = settings.timezone.zone();
    reading.doubts = plausible::set_aside(&mut reading.tickets, settings.as_of.is_some(), zone);
    // It changes what the answer says, so it is no chatter.
    for doubt in &reading.doubts {
        warn(&doubt.to_string(), None);
    }
    Ok(reading)
}

fn all(args: &InputArgs, settings: &Settings, quiet: bool) -> Result<Reading, Failure> {
    if args.input.is_empty() && !args.sample {
        return stored(settings, args.store.store.is_some(), quiet);
    }
    let inputs = if args.sample {
        vec![sample()]
    } else {
        open_all(&args.input)?
    };
    read(&inputs, args.input_format, settings, quiet)
}

/// Reads tickets from opened inputs and says on standard error what was guessed, merged and skipped.
///
/// # Errors
///
/// What the source reports.
pub(super) fn read(
    inputs: &[Input],
    format: Option<InputFormat>,
    settings: &Settings,
    quiet: bool,
) -> Result<Reading, Failure> {
    let options = ReadOptions {
        zone: settings.timezone.zone().clone(),
        columns: settings.columns.clone(),
        format: format.map(|format| match format {
            InputFormat::Jsonl => Format::Jsonl,
            InputFormat::Csv => Format::Csv,
            InputFormat::NotionExport => Format::NotionExport,
        }),
    };
    let reading = source::read(inputs, &options).map_err(Error::from)?;
    if !quiet {
        describe(&reading, settings);
    }
    Ok(reading)
}

fn sample() -> Input {
    Input {
        name: "sample.jsonl".to_owned(),
        bytes: SAMPLE.as_bytes().to_vec(),
    }
}

/// Reads the tickets of the store. `is_named` says whether the user named it here; a store in its usual place that is
/// not there is no input rather than a missing one.
fn stored(settings: &Settings, is_named: bool, quiet: bool) -> Result<Reading, Failure> {
    let store = match Store::open(Path::new(&settings.store)) {
        Ok(store) => store,
        Err(StoreError::Missing(_)) if !is_named && settings.store == DEFAULT_STORE => {
            return Err(Failure::NoInput);
        }
        Err(error) => return Err(Error::from(error).into()),
    };
    let unread = |source: SourceRecord| store.unread_pages(&source.id).map(|pages| pages.len());
    let sources = store.sources().map_err(Error::from)?;
    let unread: Result<Vec<usize>, StoreError> = sources.into_iter().map(unread).collect();
    let unread: usize = unread.map_err(Error::from)?.into_iter().sum();
    if unread > 0 && !quiet {
        say(&format!(
            "note: {unread} tickets in the store have no text yet, since the last pull did not end; `toilscope pull` goes on"
        ));
    }
    let bytes = store.lines().map_err(Error::from)?;
    if bytes.is_empty() {
        return Err(Error::NothingToAnalyse {
            read: 0,
            filters: Vec::new(),
        }
        .into());
    }
    let input = Input {
        name: settings.store.clone(),
        bytes,
    };
    read(&[input], Some(InputFormat::Jsonl), settings, quiet)
}

/// Opens the files that the arguments name.
///
/// # Errors
///
/// A usage error if standard input is named twice, else what the system reports.
pub(super) fn open_all(paths: &[PathBuf]) -> Result<Vec<Input>, Failure> {
    if paths.iter().filter(|path| is_stdin(path)).count() > 1 {
        return Err(Failure::Usage {
            message: "standard input is named twice".to_owned(),
            hint: "name - only once".to_owned(),
        });
    }
    paths
        .iter()
        .map(|path| open(path).map_err(|error| Failure::from(Error::from(error))))
        .collect()
}

fn is_stdin(path: &Path) -> bool {
    path.as_os_str() == "-"
}

fn open(path: &Path) -> Result<Input, source::SourceError> {
    if is_stdin(path) {
        Input::from_reader("-", io::stdin().lock())
    } else {
        Input::open(path)
    }
}

/// Most skipped records that are listed one by one; the rest is counted.
const SKIPPED_SHOWN: usize = 20;

/// Says what was guessed, merged and skipped. Notes quote values that could not be read, so they are redacted like
/// any other text from tickets.
fn describe(reading: &Reading, settings: &Settings) {
    let redactor = (!settings.raw).then(|| Redactor::new(&BTreeSet::new(), settings.seed));
    let tell = |text: &str| match &redactor {
        Some(redactor) => say(&redactor.redact(text)),
        None => say(text),
    };
    reading.guesses.iter().for_each(|guess| tell(&guess.to_string()));
    reading
        .notes
        .iter()
        .for_each(|note| tell(&format!("note: {note}")));
    for skipped in reading.skipped.iter().take(SKIPPED_SHOWN) {
        let line = skipped.line.map_or_else(String::new, |line| format!(":{line}"));
        let id = skipped
            .id
            .as_ref()
            .map_or_else(String::new, |id| format!(" ({id})"));
        // A name may be that of a file inside of an archive, which is text from outside too.
        tell(&format!("skipped: {}{line}{id}", skipped.source));
        tell(&format!("  {}", skipped.reason));
    }
    if reading.skipped.len() > SKIPPED_SHOWN {
        say(&format!(
            "skipped: and {} more",
            reading.skipped.len() - SKIPPED_SHOWN
        ));
    }
    if reading.merged > 0 {
        say(&format!(
            "note: {} of {} records were older versions of a ticket that came again; the newest was kept",
            reading.merged, reading.records
        ));
    }
}
