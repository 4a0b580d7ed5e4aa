//! `launch`: tells the store which automation went live when, so that reports can say what followed.

use std::path::Path;

use clap::{Args, Subcommand};
use serde_json::{Value, json};

use crate::Error;
use crate::cli::args::{InfoFormat, StoreSettings};
use crate::cli::failure::Failure;
use crate::cli::{load, output};
use crate::config::{Day, Launch, MOST_WASHOUT_WEEKS, Settings, WASHOUT_WEEKS};
use crate::report::safe;
use crate::store::{Store, StoreError};

#[derive(Debug, Subcommand)]
pub(super) enum LaunchCommand {
    /// Note that an automation went live; one of the same play and day is replaced
    Add(AddArgs),
    /// List the launches of the store and of the settings file
    List {
        #[command(flatten)]
        settings: StoreSettings,
        /// Format of the answer [default: text]
        #[arg(long, short, value_enum)]
        format: Option<InfoFormat>,
    },
    /// Forget a launch of the store
    Remove {
        /// Id of the play
        play: String,
        /// The day it went live, where the store has several launches of the play
        #[arg(long, value_name = "DATE")]
        date: Option<Day>,
        #[command(flatten)]
        settings: StoreSettings,
    },
}

#[derive(Debug, Args)]
pub(super) struct AddArgs {
    /// Id of the play, as `toilscope candidates` lists it
    play: String,
    /// A sub-pattern that it takes over; may be given several times [default: those that the taxonomy gives the play]
    #[arg(long, value_name = "ID", num_args = 1..)]
    sub_pattern: Vec<String>,
    /// The day it went live
    #[arg(long, value_name = "DATE")]
    date: Day,
    /// Weeks after it that are left out of the comparison [default: 2]
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(0..=i64::from(MOST_WASHOUT_WEEKS)))]
    washout_weeks: Option<u32>,
    /// Hours a quarter that it was expected to save
    #[arg(long, value_name = "HOURS", allow_hyphen_values = true)]
    projected_hours: Option<f64>,
    /// The taxonomy in force, if not the built-in one or that of the settings file
    #[arg(long, env = "TOILSCOPE_TAXONOMY", value_name = "FILE")]
    taxonomy: Option<String>,
    #[command(flatten)]
    settings: StoreSettings,
}

/// Runs a sub-command of `launch`.
///
/// # Errors
///
/// What settings, taxonomy, store or output report.
pub(super) fn run(command: &LaunchCommand) -> Result<(), Failure> {
    match command {
        LaunchCommand::Add(args) => add(args),
        LaunchCommand::List { settings, format } => list(settings, *format),
        LaunchCommand::Remove { play, date, settings } => remove(play, *date, settings),
    }
}

fn resolve(args: &StoreSettings) -> Result<Settings, Failure> {
    load::resolve(args.overrides(), args.config.as_deref())
}

fn add(args: &AddArgs) -> Result<(), Failure> {
    let mut settings = resolve(&args.settings)?;
    settings.taxonomy = args.taxonomy.clone().or(settings.taxonomy);
    let taxonomy = load::taxonomy(&settings)?;
    let launch = Launch {
        play: args.play.clone(),
        subpatterns: args.sub_pattern.clone(),
        date: args.date,
        washout_weeks: args.washout_weeks.unwrap_or(WASHOUT_WEEKS),
        projected_hours: args.projected_hours,
    };
    let launch = launch.checked(&taxonomy).map_err(|error| Failure::Usage {
        message: error.to_string(),
        hint: error.hint().unwrap_or_default(),
    })?;
    let kept = || -> Result<bool, StoreError> {
        let mut store = Store::open_to_write(Path::new(&settings.store))?;
        let batch = store.batch()?;
        let replaced = batch.put_launch(&launch)?;
        batch.commit()?;
        Ok(replaced)
    };
    let verb = if kept().map_err(Error::from)? {
        "replaced"
    } else {
        "added"
    };
    output::print(&format!("{verb}: {}\n", in_words(&launch)))
}

fn list(args: &StoreSettings, format: Option<InfoFormat>) -> Result<(), Failure> {
    let settings = resolve(args)?;
    let stored = stored(&settings)?;
    let of_file = &settings.launches;
    let rows = crate::config::merged_launches(of_file, stored);
    let from = |launch: &Launch| {
        if of_file.contains(launch) {
            "settings"
        } else {
            "store"
        }
    };
    let text = match format {
        Some(InfoFormat::Json) => {
            let row = |launch: &Launch| {
                json!({
                    "play": launch.play,
                    "subpatterns": launch.subpatterns,
                    "date": launch.date.0.to_string(),
                    "washout_weeks": launch.washout_weeks,
                    "projected_hours": launch.projected_hours,
                    "from": from(launch),
                })
            };
            let rows: Vec<Value> = rows.iter().map(row).collect();
            format!("{:#}\n", json!({"schema_version": 1, "launches": rows}))
        }
        _ if rows.is_empty() => {
            "no launches yet; note one with `toilscope launch add PLAY --date DATE`\n".to_owned()
        }
        _ => rows
            .iter()
            .map(|launch| format!("{} ({})\n", in_words(launch), from(launch)))
            .collect(),
    };
    output::print(&text)
}

/// The launches of the store; none where there is no store yet.
fn stored(settings: &Settings) -> Result<Vec<Launch>, Failure> {
    match Store::open(Path::new(&settings.store)) {
        Ok(store) => Ok(store.launches().map_err(Error::from)?),
        Err(StoreError::Missing(_)) => Ok(Vec::new()),
        Err(error) => Err(Error::from(error).into()),
    }
}

fn remove(play: &str, date: Option<Day>, args: &StoreSettings) -> Result<(), Failure> {
    let settings = resolve(args)?;
    let path = Path::new(&settings.store);
    let known = Store::open(path)
        .and_then(|store| store.launches())
        .map_err(Error::from)?;
    let known: Vec<Launch> = known.into_iter().filter(|launch| launch.play == play).collect();
    let meant: Vec<&Launch> = known
        .iter()
        .filter(|launch| date.is_none_or(|date| launch.date == date))
        .collect();
    let launch = match meant.as_slice() {
        [launch] => *launch,
        [] => {
            return Err(Failure::Usage {
                message: format!("the store {} has no such launch of {play}", settings.store),
                hint: "`toilscope launch list` lists them; those of the settings file are removed there"
                    .to_owned(),
            });
        }
        several => {
            let days: Vec<String> = several.iter().map(|launch| launch.date.0.to_string()).collect();
            return Err(Failure::Usage {
                message: format!("the store {} has several launches of {play}", settings.store),
                hint: format!("say which with --date: {}", days.join(", ")),
            });
        }
    };
    let removed = || -> Result<(), StoreError> {
        let mut store = Store::open_to_write(path)?;
        let batch = store.batch()?;
        batch.remove_launch(launch)?;
        batch.commit()
    };
    removed().map_err(Error::from)?;
    output::print(&format!("removed: {}\n", in_words(launch)))
}

fn in_words(launch: &Launch) -> String {
    let projected = launch
        .projected_hours
        .map_or_else(String::new, |hours| format!(", {hours} h a quarter projected"));
    safe::plain(&format!(
        "{} on {}: {}, {} weeks of washout{projected}",
        launch.play,
        launch.date.0,
        launch.subpatterns.join(" "),
        launch.washout_weeks
    ))
}
