//! `toilscope taxonomy`: look at the taxonomy in force, check it, start an own one.

use std::path::PathBuf;

use clap::{Args, Subcommand, ValueEnum, ValueHint};

use crate::Error;
use crate::cli::args::{OutputArgs, ReportArgs, ReportFormat, Terminal};
use crate::cli::failure::Failure;
use crate::cli::run::{analysed, on_terminal, told};
use crate::cli::suggest::SuggestArgs;
use crate::cli::{load, output, suggest};
use crate::compose::catalog;
use crate::config::{LangName, Overrides, Settings};
use crate::report::{json, markdown};
use crate::taxonomy::{Lang, Taxonomy, write};
use crate::text::near;

#[derive(Debug, Subcommand)]
pub(super) enum TaxonomyCommand {
    /// List patterns and sub-patterns; with an id, show one pattern, sub-pattern, slot or play in depth
    Show(ShowArgs),
    /// Name every fault of the taxonomy; with tickets, tell how its cues do: which never speak, which contradict each
    /// other, and, where answers are known (`--labels`, or a field `pattern`), how often each is right
    Check(ReportArgs),
    /// Write a commented taxonomy to start an own one from
    Init(InitArgs),
    /// Propose sub-patterns for the groups that nobody named, as TOML to paste, with what each would change
    Suggest(SuggestArgs),
}

#[derive(Debug, Args)]
pub(super) struct ShowArgs {
    /// Id of a pattern, a sub-pattern, a slot or a play [default: all patterns]
    id: Option<String>,
    #[command(flatten)]
    settings: TaxonomySettings,
    /// Format of the answer; toml can be pasted into an own taxonomy [default: table]
    #[arg(long, short, value_enum, help_heading = "Output")]
    format: Option<ShowFormat>,
    #[command(flatten)]
    output: OutputArgs,
}

#[derive(Debug, Args)]
pub(super) struct InitArgs {
    /// Start from three example patterns of an own world instead of a copy of the built-in patterns
    #[arg(long)]
    empty: bool,
    /// Overwrite the file that --output names
    #[arg(long)]
    force: bool,
    /// Write to this file instead of standard output; whole or not at all
    #[arg(long, short, value_name = "FILE", value_hint = ValueHint::FilePath)]
    output: Option<PathBuf>,
    #[command(flatten)]
    settings: TaxonomySettings,
}

/// What looking at a taxonomy needs of the settings.
#[derive(Debug, Args)]
#[command(next_help_heading = "Settings")]
struct TaxonomySettings {
    /// Settings file [default: toilscope.toml in the working directory, if there is one]
    #[arg(long, env = "TOILSCOPE_CONFIG", value_hint = ValueHint::FilePath)]
    config: Option<PathBuf>,
    /// Language, ja or en [default: by locale]
    #[arg(long, env = "TOILSCOPE_LANG")]
    lang: Option<LangName>,
    /// A taxonomy that replaces the built-in one
    #[arg(long, env = "TOILSCOPE_TAXONOMY", value_name = "FILE", value_hint = ValueHint::FilePath)]
    taxonomy: Option<String>,
}

impl TaxonomySettings {
    fn resolve(&self) -> Result<Settings, Failure> {
        let flags = Overrides {
            lang: self.lang,
            taxonomy: self.taxonomy.clone(),
            ..Overrides::default()
        };
        load::resolve(flags, self.config.as_deref())
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum ShowFormat {
    Table,
    Json,
    Md,
    Toml,
}

/// Runs a subcommand of `taxonomy`.
///
/// # Errors
///
/// Faults of the taxonomy or the settings, an id that is in none of its lists, a target that cannot be written.
pub(super) fn run(command: &TaxonomyCommand, terminal: Terminal) -> Result<(), Failure> {
    match command {
        TaxonomyCommand::Show(args) => show(args, terminal),
        TaxonomyCommand::Check(args) => check(args, terminal),
        TaxonomyCommand::Init(args) => init(args),
        TaxonomyCommand::Suggest(args) => suggest::run(args, terminal),
    }
}

fn show(args: &ShowArgs, terminal: Terminal) -> Result<(), Failure> {
    let settings = args.settings.resolve()?;
    let inputs: Vec<PathBuf> = settings.taxonomy.iter().map(PathBuf::from).collect();
    output::check(&args.output, false, &inputs)?;
    let source = load::taxonomy_source(&settings)?;
    let taxonomy = load::parse(&source)?;
    let entry = match &args.id {
        None => None,
        Some(id) => Some(catalog::Entry::find(&taxonomy, id).ok_or_else(|| unknown(id, &taxonomy))?),
    };
    let text = match (args.format.unwrap_or(ShowFormat::Table), &entry) {
        (ShowFormat::Toml, None) => source.text.into_owned(),
        (ShowFormat::Toml, Some(entry)) => match entry {
            catalog::Entry::Pattern(pattern) => write::pattern(pattern),
            catalog::Entry::Sub(_, sub) => write::sub(sub),
            catalog::Entry::Slot(slot) => write::slot(slot),
            catalog::Entry::Play(play) => write::play(play),
        },
        (format, entry) => {
            let report = match entry {
                None => catalog::overview(&taxonomy, &settings),
                Some(entry) => catalog::in_depth(entry, &taxonomy, &settings),
            };
            match format {
                ShowFormat::Json => json::render_report(&report),
                ShowFormat::Md => markdown::render(&report),
                ShowFormat::Table | ShowFormat::Toml => on_terminal(&report, &args.output, terminal),
            }
        }
    };
    output::write(&text, &args.output)
}

fn unknown(id: &str, taxonomy: &Taxonomy) -> Failure {
    let ids = catalog::ids(taxonomy);
    let near = near(id, ids.iter().map(String::as_str));
    Failure::Usage {
        message: format!("the taxonomy has no pattern, sub-pattern, slot or play {id:?}"),
        hint: match near.as_slice() {
            [] => "`toilscope taxonomy show` lists the ids".to_owned(),
            near => format!(
                "did you mean {}? `toilscope taxonomy show` lists all",
                near.join(", ")
            ),
        },
    }
}

fn check(args: &ReportArgs, terminal: Terminal) -> Result<(), Failure> {
    let input = &args.input;
    // Without tickets only the file is checked, also where a store lies about: that is what CI wants.
    let with_tickets = !input.input.is_empty() || input.sample || input.store.store.is_some();
    let mut faulty = None;
    told(args, terminal, |settings| {
        let source = load::taxonomy_source(settings)?;
        match load::parse(&source) {
            Err(Failure::Analysis(Error::Taxonomy(error))) if args.format.is_some_and(for_machines) => {
                let report = catalog::faults(&error.faults, settings);
                faulty = Some(error);
                Ok(report)
            }
            Err(failure) => Err(failure),
            Ok(_) if with_tickets => analysed(input, settings, terminal.quiet, |scene, labels| {
                Ok(scene.audit(labels))
            }),
            Ok(taxonomy) => Ok(catalog::sound(&taxonomy, source.name.as_deref(), settings)),
        }
    })?;
    faulty.map_or(Ok(()), |error| Err(Error::from(error).into()))
}

fn for_machines(format: ReportFormat) -> bool {
    matches!(format, ReportFormat::Json | ReportFormat::Csv | ReportFormat::Md)
}

fn init(args: &InitArgs) -> Result<(), Failure> {
    let settings = args.settings.resolve()?;
    let text = match (args.empty, settings.lang) {
        (true, Lang::Ja) => Taxonomy::START_JA,
        (true, Lang::En) => Taxonomy::START_EN,
        (false, _) => Taxonomy::BUILTIN,
    };
    match &args.output {
        None => output::print(text),
        Some(path) if path.exists() && !args.force => Err(Failure::Usage {
            message: format!("{} is there already", path.display()),
            hint: "name another file, or add --force to overwrite it".to_owned(),
        }),
        Some(path) => output::write_file(path, text),
    }
}
