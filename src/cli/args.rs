//! What can be typed: clap's types, without defaults. Defaults live in [`Settings`](crate::config::Settings) only.

use std::path::PathBuf;

use clap::{Args, Parser, Subcommand, ValueEnum, ValueHint};
use clap_complete::Shell;

use crate::cli::draft::DraftArgs;
use crate::cli::launch::LaunchCommand;
use crate::cli::runs::{RunArgs, SinceRun};
use crate::cli::taxonomy::TaxonomyCommand;
use crate::cli::watch::ConditionArgs;
use crate::config::{Day, LangName, Month, NotionOverrides, Overrides, Zone};

const AFTER_HELP: &str = "\
Exit codes:
  0  done, also when the reader closed the pipe
  1  unexpected failure, for instance a full disk
  2  wrong arguments
  3  settings or taxonomy invalid
  4  the input is readable but holds no ticket to analyse
  5  input or store missing, unreadable or of the wrong kind; Notion refused or unreachable
  6  a condition of --fail-if or --fail-under held

Try it without a ticket of your own:  toilscope report --sample";

/// Find the toil in an SRE team's request tickets: patterns, cost, and which automation would pay
#[derive(Debug, Parser)]
#[command(name = "toilscope", version, after_help = AFTER_HELP, max_term_width = 100)]
pub(super) struct Cli {
    #[command(subcommand)]
    pub(super) command: Command,
    #[command(flatten)]
    pub(super) terminal: Terminal,
}

#[derive(Debug, Subcommand)]
pub(super) enum Command {
    /// Print the whole analysis: patterns, cost, groups nobody named, candidates, quarters
    Report(FullReportArgs),
    /// List every pattern, sub-pattern and discovered group with its volume, lead time and hours
    Patterns(TableArgs),
    /// Rank the automations that would take over whole kinds of tickets
    Candidates(CandidatesArgs),
    /// List every ticket with its pattern, how sure that is, and why
    Tickets(TicketsArgs),
    /// Say what rose and fell from quarter to quarter, and what became of the automations
    Trend(TrendArgs),
    /// Write the first drafts of a candidate: Terraform with the values of the tickets, request form, runbook, proposal
    Draft(DraftArgs),
    /// Read a Notion database into the store: everything once, then what changed; goes on where it was stopped
    Pull(PullArgs),
    /// Add tickets from files (JSONL, CSV, Notion's export) to the store
    Import(ImportArgs),
    /// Look into the store, or take it elsewhere
    Store {
        #[command(subcommand)]
        command: StoreCommand,
    },
    /// Note which automation went live when, so that reports say what followed
    Launch {
        #[command(subcommand)]
        command: LaunchCommand,
    },
    /// Measure the classification against tickets whose pattern is known: id, title, body, pattern, and optionally
    /// subpattern, alt, ambiguous, excluded, source
    Evaluate(EvaluateArgs),
    /// Look at the taxonomy in force, check it, start an own one
    Taxonomy {
        #[command(subcommand)]
        command: TaxonomyCommand,
    },
    /// Print a completion script for a shell
    Completions {
        /// The shell to write for
        shell: Shell,
    },
}

#[derive(Debug, Args)]
pub(super) struct FullReportArgs {
    #[command(flatten)]
    pub(super) report: ReportArgs,
    #[command(flatten)]
    pub(super) runs: RunArgs,
    #[command(flatten)]
    pub(super) conditions: ConditionArgs,
}

#[derive(Debug, Args)]
pub(super) struct TrendArgs {
    #[command(flatten)]
    pub(super) table: TableArgs,
    /// Compare what an earlier run said of the same quarters, and say why it differs: its number, or last
    #[arg(long, value_name = "NUMBER", help_heading = "Runs")]
    pub(super) since_run: Option<SinceRun>,
    #[command(flatten)]
    pub(super) conditions: ConditionArgs,
}

#[derive(Debug, Args)]
pub(super) struct ReportArgs {
    #[command(flatten)]
    pub(super) input: InputArgs,
    #[command(flatten)]
    pub(super) settings: SettingsArgs,
    /// Format of the answer; csv writes a folder of tables and needs --output [default: table]
    #[arg(long, short, value_enum, help_heading = "Output")]
    pub(super) format: Option<ReportFormat>,
    #[command(flatten)]
    pub(super) output: OutputArgs,
}

#[derive(Debug, Args)]
pub(super) struct TableArgs {
    #[command(flatten)]
    pub(super) input: InputArgs,
    #[command(flatten)]
    pub(super) settings: SettingsArgs,
    /// Format of the answer [default: table]
    #[arg(long, short, value_enum, help_heading = "Output")]
    pub(super) format: Option<TableFormat>,
    #[command(flatten)]
    pub(super) output: OutputArgs,
}

#[derive(Debug, Args)]
pub(super) struct TicketsArgs {
    #[command(flatten)]
    pub(super) table: TableArgs,
    /// Which tickets come first: by id, or those whose review would teach most [default: id]
    #[arg(long, value_enum, help_heading = "Output")]
    pub(super) order: Option<OrderName>,
    /// Tell of one ticket why it got its pattern and what would have changed it; as table, json or md
    #[arg(long, value_name = "ID", conflicts_with = "order", help_heading = "Output")]
    pub(super) explain: Option<String>,
}

#[derive(Debug, Args)]
pub(super) struct CandidatesArgs {
    #[command(flatten)]
    pub(super) table: TableArgs,
    /// Tell in words where each number of one candidate or bundle comes from, by its id
    #[arg(long, value_name = "CANDIDATE")]
    pub(super) explain: Option<String>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(super) enum OrderName {
    Id,
    Review,
}

#[derive(Debug, Args)]
// The sample carries no answers to measure by.
#[command(mut_arg("sample", |sample| sample.hide(true)))]
pub(super) struct EvaluateArgs {
    #[command(flatten)]
    pub(super) report: ReportArgs,
    /// The tickets that the answers are of, where the input has ids and answers only; may be given several times
    #[arg(long, value_name = "FILE", value_hint = ValueHint::FilePath)]
    pub(super) tickets: Vec<PathBuf>,
    /// End with exit code 6 if a smaller share than this, 0 to 1, is right
    #[arg(long, value_name = "SHARE", value_parser = share)]
    pub(super) fail_under: Option<f64>,
}

fn share(text: &str) -> Result<f64, String> {
    let share = text.parse().ok().filter(|share| (0.0..=1.0).contains(share));
    share.ok_or_else(|| format!("{text:?} is no share; use 0 to 1, for instance 0.85"))
}

#[derive(Debug, Args)]
pub(super) struct InputArgs {
    /// Ticket files: JSONL, CSV, or the zip of Notion's "Markdown & CSV" export; `-` is standard input [default: the store]
    #[arg(value_hint = ValueHint::FilePath)]
    pub(super) input: Vec<PathBuf>,
    /// Use the invented sample that the binary carries instead of a file
    #[arg(long, conflicts_with = "input")]
    pub(super) sample: bool,
    /// Format of the input [default: by extension, else by how it begins]
    #[arg(long, value_enum)]
    pub(super) input_format: Option<InputFormat>,
    #[command(flatten)]
    pub(super) store: StorePath,
}

#[derive(Debug, Clone, Args)]
pub(super) struct StorePath {
    /// The store [default: toilscope.db]
    #[arg(long, env = "TOILSCOPE_STORE", value_name = "FILE", value_hint = ValueHint::FilePath)]
    pub(super) store: Option<String>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(super) enum InputFormat {
    Jsonl,
    Csv,
    NotionExport,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(super) enum ReportFormat {
    Table,
    Md,
    Json,
    Csv,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(super) enum TableFormat {
    Table,
    Csv,
    Json,
    Jsonl,
    Md,
}

#[derive(Debug, Args)]
#[command(next_help_heading = "Settings")]
pub(super) struct SettingsArgs {
    /// Settings file [default: toilscope.toml in the working directory, if there is one]
    #[arg(long, env = "TOILSCOPE_CONFIG", value_hint = ValueHint::FilePath)]
    pub(super) config: Option<PathBuf>,
    /// Language of the report, ja or en [default: by locale]
    #[arg(long, env = "TOILSCOPE_LANG")]
    lang: Option<LangName>,
    /// IANA time zone of dates, quarters and business hours [default: Asia/Tokyo]
    #[arg(long, env = "TOILSCOPE_TIMEZONE")]
    timezone: Option<Zone>,
    /// First month of the fiscal year, 1 to 12 [default: calendar quarters]
    #[arg(long, env = "TOILSCOPE_FISCAL_YEAR_START", value_name = "MONTH")]
    fiscal_year_start: Option<Month>,
    /// The day whose end is "now" [default: the latest time in the data]
    #[arg(long, value_name = "DATE")]
    as_of: Option<Day>,
    /// Only tickets created on this day or later
    #[arg(long, value_name = "DATE")]
    since: Option<Day>,
    /// Only tickets created before this day
    #[arg(long, value_name = "DATE")]
    until: Option<Day>,
    /// Seed of every random draw [default: 20260401]
    #[arg(long, env = "TOILSCOPE_SEED")]
    seed: Option<u64>,
    /// A taxonomy that replaces the built-in one
    #[arg(long, env = "TOILSCOPE_TAXONOMY", value_name = "FILE", value_hint = ValueHint::FilePath)]
    taxonomy: Option<String>,
    /// Reviewed labels, JSONL with id, pattern, subpattern: they hold, and the learner learns from them
    #[arg(long, env = "TOILSCOPE_LABELS", value_name = "FILE", value_hint = ValueHint::FilePath)]
    labels: Option<String>,
    /// Show names, addresses and secrets as they are written; --raw=false hides them against the settings file
    #[arg(long, num_args = 0..=1, require_equals = true, default_missing_value = "true", value_name = "BOOL")]
    raw: Option<bool>,
}

impl SettingsArgs {
    /// Returns what the flags and the environment say, in the type that the settings file has too.
    pub(super) fn overrides(&self) -> Overrides {
        Overrides {
            lang: self.lang,
            timezone: self.timezone.clone(),
            fiscal_year_start: self.fiscal_year_start,
            as_of: self.as_of,
            since: self.since,
            until: self.until,
            seed: self.seed,
            taxonomy: self.taxonomy.clone(),
            labels: self.labels.clone(),
            raw: self.raw,
            ..Overrides::default()
        }
    }
}

/// What every command about the store needs of the settings.
#[derive(Debug, Args)]
#[command(next_help_heading = "Settings")]
pub(super) struct StoreSettings {
    #[command(flatten)]
    pub(super) store: StorePath,
    /// Settings file [default: toilscope.toml in the working directory, if there is one]
    #[arg(long, env = "TOILSCOPE_CONFIG", value_hint = ValueHint::FilePath)]
    pub(super) config: Option<PathBuf>,
    /// IANA time zone of days without a time [default: Asia/Tokyo]
    #[arg(long, env = "TOILSCOPE_TIMEZONE")]
    timezone: Option<Zone>,
}

impl StoreSettings {
    /// Returns what the flags and the environment say, in the type that the settings file has too.
    pub(super) fn overrides(&self) -> Overrides {
        Overrides {
            store: self.store.store.clone(),
            timezone: self.timezone.clone(),
            ..Overrides::default()
        }
    }
}

#[derive(Debug, Args)]
pub(super) struct PullArgs {
    /// The database: its link as Notion's "Copy link" gives it, or its id
    #[arg(long, value_name = "LINK")]
    pub(super) database: Option<String>,
    /// Only this data source of the database, by name or id; may be given several times [default: all]
    #[arg(long, value_name = "NAME")]
    pub(super) data_source: Vec<String>,
    /// Look at connection, permissions, schema, mapping and one ticket; change nothing
    #[arg(long)]
    pub(super) check: bool,
    /// Read everything again, content included, and find what left the database
    #[arg(long)]
    pub(super) full: bool,
    /// Read comments too, one request a ticket
    #[arg(long)]
    pub(super) comments: bool,
    /// File with the token [default: the environment: NOTION_TOKEN, NOTION_API_TOKEN or NOTION_API_KEY]
    #[arg(long, value_name = "FILE", value_hint = ValueHint::FilePath)]
    pub(super) token_file: Option<PathBuf>,
    /// Address of the API, for a proxy or another server [default: https://api.notion.com]
    #[arg(long, value_name = "URL")]
    pub(super) base_url: Option<String>,
    /// Version of the API [default: 2026-03-11]
    #[arg(long, value_name = "DATE")]
    pub(super) notion_version: Option<String>,
    /// Most requests a second [default: 3]
    #[arg(long, value_name = "NUMBER")]
    pub(super) requests_per_second: Option<f64>,
    /// File with certificates to trust besides those of the system, PEM
    #[arg(long, value_name = "FILE", value_hint = ValueHint::FilePath)]
    pub(super) ca_cert: Option<String>,
    /// How long one answer may take, in seconds, before it is asked for again [default: 70]
    #[arg(long, value_name = "SECONDS", value_parser = clap::value_parser!(u64).range(1..=3600))]
    pub(super) timeout: Option<u64>,
    /// Give up after so many minutes; the next pull goes on from there [default: never]
    #[arg(long, value_name = "MINUTES", value_parser = clap::value_parser!(u64).range(1..=100_000))]
    pub(super) deadline: Option<u64>,
    #[command(flatten)]
    pub(super) settings: StoreSettings,
}

impl PullArgs {
    /// Returns what the flags and the environment say, in the type that the settings file has too.
    pub(super) fn overrides(&self) -> Overrides {
        Overrides {
            notion: NotionOverrides {
                database: self.database.clone(),
                data_sources: (!self.data_source.is_empty()).then(|| self.data_source.clone()),
                base_url: self.base_url.clone(),
                version: self.notion_version.clone(),
                requests_per_second: self.requests_per_second,
                comments: self.comments.then_some(true),
                ca_cert: self.ca_cert.clone(),
                ..NotionOverrides::default()
            },
            ..self.settings.overrides()
        }
    }
}

#[derive(Debug, Args)]
pub(super) struct ImportArgs {
    /// Ticket files, JSONL, CSV, or the zip of Notion's "Markdown & CSV" export; `-` is standard input
    #[arg(required = true, value_name = "FILE", value_hint = ValueHint::FilePath)]
    pub(super) input: Vec<PathBuf>,
    /// Format of the files [default: by extension, else by the first character]
    #[arg(long, value_enum)]
    pub(super) input_format: Option<InputFormat>,
    #[command(flatten)]
    pub(super) settings: StoreSettings,
}

#[derive(Debug, Subcommand)]
pub(super) enum StoreCommand {
    /// Say what is inside, how far each pull has come, and whether the file is sound
    Info {
        #[command(flatten)]
        settings: StoreSettings,
        /// Format of the answer [default: text]
        #[arg(long, short, value_enum)]
        format: Option<InfoFormat>,
    },
    /// Write everything as JSONL, which `import` reads back to the same store and every other command as tickets
    Export {
        #[command(flatten)]
        settings: StoreSettings,
        /// Write to this file instead of standard output; whole or not at all
        #[arg(long, short, value_name = "PATH", value_hint = ValueHint::FilePath)]
        output: Option<PathBuf>,
    },
    /// The same as `toilscope import`
    Import(ImportArgs),
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(super) enum InfoFormat {
    Text,
    Json,
}

#[derive(Debug, Args)]
#[command(next_help_heading = "Output")]
pub(super) struct OutputArgs {
    /// Write to this file, or folder, instead of standard output; whole or not at all
    #[arg(long, short, value_name = "PATH", value_hint = ValueHint::AnyPath)]
    pub(super) output: Option<PathBuf>,
    /// Begin CSV with a byte order mark, which makes Excel read it as UTF-8
    #[arg(long)]
    pub(super) bom: bool,
    /// Width of terminal tables in columns [default: the terminal's, else COLUMNS, else 100]
    #[arg(long, value_name = "COLUMNS", value_parser = clap::value_parser!(u16).range(60..=1000))]
    pub(super) width: Option<u16>,
}

#[derive(Debug, Clone, Copy, Args)]
#[command(next_help_heading = "Terminal")]
pub(super) struct Terminal {
    /// Print nothing but the answer and errors
    #[arg(long, short, global = true)]
    pub(super) quiet: bool,
    /// When to use bold headings [default: auto, which respects NO_COLOR]
    #[arg(long, global = true, value_enum, value_name = "WHEN")]
    pub(super) color: Option<When>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(super) enum When {
    Auto,
    Always,
    Never,
}

#[cfg(test)]
mod tests {
    use super::Cli;
    use clap::CommandFactory;

    #[test]
    fn the_command_line_is_consistent() {
        Cli::command().debug_assert();
    }

    #[test]
    fn no_option_has_a_default_of_its_own() {
        for command in Cli::command().get_subcommands() {
            for option in command
                .get_arguments()
                .filter(|option| option.get_action().takes_values())
            {
                assert!(
                    option.get_default_values().is_empty(),
                    "{} has a default in clap",
                    option.get_id()
                );
            }
        }
    }
}
