//! `toilscope taxonomy suggest`: proposals for the groups that the taxonomy does not name.

use std::path::{Path, PathBuf};

use clap::Args;
use clap::ValueHint;

use crate::analysis::analyze_labelled;
use crate::classify::Desk;
use crate::cli::args::{InputArgs, SettingsArgs, Terminal};
use crate::cli::failure::Failure;
use crate::cli::messages::say;
use crate::cli::progress::Progress;
use crate::cli::{load, output};
use crate::compose::{Scene, counted, suggestion};
use crate::suggest::{Effect, Suggestion, effects, suggest, with_additions};
use crate::taxonomy::Taxonomy;

/// Fewest tickets of a group that is proposed, unless the arguments say: below, a rule costs more than it saves.
const LEAST: usize = 5;

#[derive(Debug, Args)]
pub(super) struct SuggestArgs {
    #[command(flatten)]
    input: InputArgs,
    #[command(flatten)]
    settings: SettingsArgs,
    /// Propose groups of this many tickets or more [default: 5]
    #[arg(long, value_name = "COUNT")]
    min_tickets: Option<usize>,
    /// Write the whole taxonomy in force with the proposals put in, ready for --taxonomy
    #[arg(long, help_heading = "Output")]
    merged: bool,
    /// Overwrite the file that --output names
    #[arg(long, help_heading = "Output")]
    force: bool,
    /// Write to this file instead of standard output; whole or not at all
    #[arg(long, short, value_name = "FILE", value_hint = ValueHint::FilePath, help_heading = "Output")]
    output: Option<PathBuf>,
}

/// Runs `taxonomy suggest`.
///
/// # Errors
///
/// As for an analysis; a target that is there already or cannot be written.
pub(super) fn run(args: &SuggestArgs, terminal: Terminal) -> Result<(), Failure> {
    if let Some(path) = &args.output {
        free(path, args.force)?;
    }
    let settings = load::settings(&args.settings, &args.input.store)?;
    let source = load::taxonomy_source(&settings)?;
    let taxonomy = load::parse(&source)?;
    let reading = load::tickets(&args.input, &settings, terminal.quiet)?;
    let labels = load::labels(&settings, &taxonomy, &reading.tickets, terminal.quiet)?;
    let _progress = Progress::start(
        format!("analysing {}", counted(reading.tickets.len(), "ticket")),
        terminal.quiet,
    );
    let before = analyze_labelled(&reading.tickets, &taxonomy, &labels, &settings)?;
    let scene = Scene::new(
        &before,
        before.coverage.with_reading(&reading)?,
        &taxonomy,
        &settings,
    );
    let windows = before.windows();
    let desk = Desk {
        tickets: &before.tickets,
        windows: &windows,
        people: &before.people,
        taxonomy: &taxonomy,
        labels: &labels,
    };
    let shown = |word: &str| scene.show(word) == word;
    let least = args.min_tickets.unwrap_or(LEAST);
    let mut suggestions = suggest(&before, &desk.wordings(), &taxonomy, least, &shown);
    let found = suggestions.len();
    let name = source.name.as_deref().unwrap_or("data/taxonomy.toml");
    let (text, effects) = loop {
        let (text, extended) = merged(&scene, name, &source.text, &suggestions)?;
        // The whole analysis once more: what a proposal would change is seen, not guessed.
        let after = analyze_labelled(&reading.tickets, &extended, &labels, &settings)?;
        let effects = effects(&before, &after, &suggestions);
        let keeps: Vec<bool> = effects.iter().map(Effect::finds_its_group).collect();
        if !keeps.contains(&false) {
            break (text, effects);
        }
        // Words that do not find their own group are no cues. What the others find without these is looked at anew.
        let mut keeps = keeps.into_iter();
        suggestions.retain(|_| keeps.next().unwrap_or(true));
    };
    let answer = if args.merged {
        text
    } else {
        suggestion::toml(&scene, &suggestions, &effects)
    };
    match &args.output {
        Some(path) => output::write_file(path, &answer),
        None => output::print(&answer),
    }?;
    if !terminal.quiet {
        let moved: usize = effects.iter().map(|effect| effect.claimed).sum();
        let conflicts: usize = effects.iter().map(|effect| effect.conflicts.len()).sum();
        say(&format!(
            "{} proposed; with all of them {} would move, {conflicts} of them from an answer that was sure",
            counted(effects.len(), "sub-pattern"),
            counted(moved, "ticket")
        ));
        let dropped = found - effects.len();
        if dropped > 0 {
            say(&format!(
                "{} left out: the words in common do not find half of the tickets",
                counted(dropped, "group")
            ));
        }
    }
    Ok(())
}

/// Puts the proposals into the taxonomy's text and reads it back.
fn merged(
    scene: &Scene<'_>,
    name: &str,
    text: &str,
    suggestions: &[Suggestion],
) -> Result<(String, Taxonomy), Failure> {
    let entries: Vec<(&str, String)> = suggestions
        .iter()
        .map(|one| (one.pattern.as_str(), suggestion::entry(scene, one)))
        .collect();
    let additions: Vec<(&str, &str)> = entries
        .iter()
        .map(|(pattern, entry)| (*pattern, entry.as_str()))
        .collect();
    let text = with_additions(text, &additions).ok_or_else(|| Failure::Usage {
        message: format!("{name} writes its patterns in a way that nothing can be put into"),
        hint: "write each pattern as [[pattern]] with its id on a line of its own".to_owned(),
    })?;
    // The taxonomy was read before without a fault, so a fault now is none of its author's.
    let taxonomy = Taxonomy::parse(name, &text).map_err(|error| Failure::Proposals {
        name: name.to_owned(),
        faults: error.to_string(),
    })?;
    Ok((text, taxonomy))
}

fn free(path: &Path, force: bool) -> Result<(), Failure> {
    if path.exists() && !force {
        return Err(Failure::Usage {
            message: format!("{} is there already", path.display()),
            hint: "name another file, or add --force to overwrite it".to_owned(),
        });
    }
    Ok(())
}
