//! Runs in the store: the one that a report goes on from, the one that it leaves, and earlier ones shown again.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::str::FromStr;

use clap::Args;
use jiff::Timestamp;

use crate::Error;
use crate::analysis::Analysis;
use crate::classify::{Given, Grouping};
use crate::cli::earlier::{self, Earlier};
use crate::cli::failure::Failure;
use crate::cli::messages::say;
use crate::compose::Since;
use crate::config::Settings;
use crate::history::{self, About, Made, Run};
use crate::report::{Report, safe, saved};
use crate::store::{ReportParts, ReportRun, Store, StoreError};
use crate::taxonomy::Taxonomy;

#[derive(Debug, Clone, Default, Args)]
#[command(next_help_heading = "Runs")]
pub(super) struct RunArgs {
    /// Show the report that an earlier run made, as it was; `toilscope store info` lists the runs
    #[arg(long, value_name = "NUMBER", conflicts_with_all = ["input", "sample", "recluster", "no_record", "fail_if", "warn_if"])]
    pub(super) run: Option<i64>,
    /// Look at the groups anew instead of carrying on those that are known, and say what became of them
    #[arg(long)]
    pub(super) recluster: bool,
    /// Do not keep this run in the store
    #[arg(long)]
    pub(super) no_record: bool,
}

impl RunArgs {
    pub(super) fn grouping(&self) -> Grouping {
        if self.recluster {
            Grouping::Afresh
        } else {
            Grouping::Carry
        }
    }
}

/// The run that an answer is compared with.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum SinceRun {
    /// The last one that was made from something else.
    Last,
    /// The one of this number.
    Number(i64),
}

impl FromStr for SinceRun {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        match text.trim() {
            "last" => Ok(Self::Last),
            number => number
                .parse()
                .map(Self::Number)
                .map_err(|_| format!("{text:?} is no run; write its number, or last")),
        }
    }
}

/// The runs of the store that an answer is made from.
pub(super) struct History {
    path: PathBuf,
    runs: Vec<ReportRun>,
    about: About,
    /// The run whose groups are carried on.
    base: Option<Earlier>,
}

impl History {
    /// Reads what earlier runs over the store of the settings left, and gives it to the analysis.
    ///
    /// # Errors
    ///
    /// What the store reports.
    pub(super) fn open(settings: &Settings, taxonomy: &Taxonomy, given: &mut Given) -> Result<Self, Failure> {
        let path = PathBuf::from(&settings.store);
        let store = Store::open(&path).map_err(Error::from)?;
        let lines = store.lines().map_err(Error::from)?;
        let about = About::new(&lines, taxonomy, given, settings);
        let runs = store.report_runs().map_err(Error::from)?;
        let base = Earlier::base(&store, &runs, &about.analysis_key())?;
        if let Some(base) = &base {
            given.memory.clone_from(&base.memory);
        }
        Ok(Self {
            path,
            runs,
            about,
            base,
        })
    }

    /// Compares the answers of this analysis with those of an earlier run; `None` if there is no earlier one.
    ///
    /// # Errors
    ///
    /// A usage error if there is no run of that number, else what the store reports.
    pub(super) fn since(
        &self,
        analysis: &Analysis<'_>,
        which: SinceRun,
        settings: &Settings,
        taxonomy: &Taxonomy,
    ) -> Result<Option<Since>, Failure> {
        let other;
        let then_run = match (which, &self.base) {
            (SinceRun::Last, None) => return Ok(None),
            (SinceRun::Last, Some(base)) => base,
            (SinceRun::Number(number), Some(base)) if base.run.number == number => base,
            (SinceRun::Number(number), _) => {
                let run = find(&self.runs, number)?;
                let store = Store::open(&self.path).map_err(Error::from)?;
                other = Earlier::read(&store, run).map_err(Error::from)?;
                &other
            }
        };
        let mut then = then_run.answers.clone();
        for ((from, to), tickets) in history::carry_over(&mut then, taxonomy) {
            say(&format!(
                "note: run {} has {from} for {tickets} tickets; it is read as {to}, which follows it in the taxonomy",
                then_run.run.number
            ));
        }
        let now = history::answers(analysis);
        let comparison = history::compare(
            Run {
                about: &then_run.about,
                answers: &then,
            },
            Run {
                about: &self.about,
                answers: &now,
            },
        );
        let names = then_run.memory.groups.iter();
        Ok(Some(Since {
            number: then_run.run.number,
            day: day(&then_run.run.made_at, settings),
            comparison,
            names: names
                .map(|(id, known)| (id.clone(), (known.terms.clone(), known.concepts.clone())))
                .collect(),
        }))
    }

    /// Makes this run ready to be kept once its answer is written; `None` if it is there already, or if it cannot be
    /// written down, which is said.
    pub(super) fn unkept(&self, analysis: &Analysis<'_>, report: &Report) -> Option<Unkept> {
        self.prepared(analysis, report).unwrap_or_else(|reason| {
            not_kept(&reason.to_string());
            None
        })
    }

    fn prepared(
        &self,
        analysis: &Analysis<'_>,
        report: &Report,
    ) -> Result<Option<Unkept>, serde_json::Error> {
        let (analysis_key, report_key) = (self.about.analysis_key(), self.about.report_key());
        let same = |run: &&ReportRun| run.analysis_key == analysis_key;
        if self
            .runs
            .iter()
            .rev()
            .take_while(same)
            .any(|run| run.report_key == report_key)
        {
            return Ok(None);
        }
        let timeline = &analysis.measures.timeline;
        let mut about = self.about.clone();
        about.made = Made {
            tickets: analysis.tickets.len(),
            groups: analysis.groups.len(),
            quarters: timeline
                .first()
                .zip(timeline.last())
                .map(|(first, last)| (first.quarter.to_string(), last.quarter.to_string())),
        };
        Ok(Some(Unkept {
            path: self.path.clone(),
            run: ReportRun {
                number: 0,
                made_at: Timestamp::now().strftime("%Y-%m-%dT%H:%M:%SZ").to_string(),
                base: self.base.as_ref().map(|base| base.run.number),
                about: serde_json::to_string(&about)?,
                analysis_key,
                report_key,
            },
            parts: ReportParts {
                memory: serde_json::to_string(&analysis.memory)?,
                answers: serde_json::to_string(&history::answers(analysis))?,
                report: saved::write(report)?,
            },
        }))
    }
}

/// A run that is not in the store yet: it gets its number there.
pub(super) struct Unkept {
    path: PathBuf,
    run: ReportRun,
    parts: ReportParts,
}

impl Unkept {
    /// Keeps the run, and of all runs as many as the settings say. Whatever is in the way of it is said, and the answer
    /// stands.
    pub(super) fn keep(self, most: Option<u32>) {
        let put = || -> Result<(), StoreError> {
            let mut store = Store::open_to_write(&self.path)?;
            let batch = store.batch()?;
            let run = ReportRun {
                number: batch.next_report_run()?,
                ..self.run
            };
            batch.put_report_run(&run, &self.parts)?;
            if let Some(most) = most {
                batch.drop_report_runs(most)?;
            }
            batch.commit()
        };
        if let Err(error) = put() {
            not_kept(&error.to_string());
        }
    }
}

fn not_kept(reason: &str) {
    say(&format!("note: this run was not kept in the store: {reason}"));
}

fn find(runs: &[ReportRun], number: i64) -> Result<&ReportRun, Failure> {
    runs.iter()
        .find(|run| run.number == number)
        .ok_or_else(|| no_run(number, runs))
}

fn no_run(number: i64, runs: &[ReportRun]) -> Failure {
    let listed: Vec<String> = runs
        .iter()
        .map(|run| {
            format!(
                "{} ({})",
                run.number,
                run.made_at.get(..10).unwrap_or(&run.made_at)
            )
        })
        .collect();
    Failure::Usage {
        message: format!("there is no run {number} in the store"),
        hint: if listed.is_empty() {
            "there is none yet: `toilscope report` makes one from the store".to_owned()
        } else {
            format!("there are {}", listed.join(", "))
        },
    }
}

/// Reads the report that an earlier run made.
///
/// # Errors
///
/// A usage error with the runs there are if there is none of that number, or if it shows what `settings` hide; else what the
/// store reports.
pub(super) fn again(settings: &Settings, number: i64) -> Result<Report, Failure> {
    let store = Store::open(Path::new(&settings.store)).map_err(Error::from)?;
    let runs = store.report_runs().map_err(Error::from)?;
    let run = find(&runs, number)?;
    let parts = earlier::parts(&store, number).map_err(Error::from)?;
    let report = saved::read(parts.report)
        .map_err(|error| Error::from(earlier::unreadable(&store, number, error.to_string())))?;
    if !settings.raw && shows_raw(run, &report) {
        return Err(Failure::Usage {
            message: format!(
                "run {number} was made with --raw: it shows names, addresses and secrets as they are written"
            ),
            hint: "add --raw to show it all the same; without it `toilscope report` makes a redacted report of what the store holds now"
                .to_owned(),
        });
    }
    if report.meta.tool_version != env!("CARGO_PKG_VERSION") {
        say(&format!(
            "note: run {number} was made by toilscope {}; its words and numbers are as they were, its layout is that of this version",
            report.meta.tool_version
        ));
    }
    Ok(report)
}

/// Whether a run shows text as it is written. One that says nothing of it may.
fn shows_raw(run: &ReportRun, report: &Report) -> bool {
    let about: Option<About> = serde_json::from_str(&run.about).ok();
    let said = [
        about.as_ref().and_then(|about| about.words.get("raw")),
        report.meta.settings.get("raw"),
    ];
    said.iter().all(Option::is_none) || said.iter().flatten().any(|raw| raw.as_bool() != Some(false))
}

/// The day of a moment in the time zone of the settings.
fn day(made_at: &str, settings: &Settings) -> String {
    made_at.parse::<Timestamp>().map_or_else(
        |_| safe::plain(made_at),
        |at| at.to_zoned(settings.timezone.zone().clone()).date().to_string(),
    )
}

/// Says in a line what a run was made from and found.
pub(super) fn described(run: &ReportRun) -> BTreeMap<&'static str, serde_json::Value> {
    let about: Option<About> = serde_json::from_str(&run.about).ok();
    let of =
        |read: &dyn Fn(&About) -> serde_json::Value| about.as_ref().map_or(serde_json::Value::Null, read);
    [
        ("number", run.number.into()),
        ("made_at", run.made_at.clone().into()),
        ("base", run.base.into()),
        ("tool_version", of(&|about| about.tool_version.clone().into())),
        (
            "taxonomy_version",
            of(&|about| about.taxonomy_version.clone().into()),
        ),
        ("taxonomy_hash", of(&|about| about.taxonomy_hash.clone().into())),
        ("labels", of(&|about| about.labels.into())),
        ("tickets", of(&|about| about.made.tickets.into())),
        ("groups", of(&|about| about.made.groups.into())),
        (
            "quarters",
            of(&|about| {
                let quarters = about.made.quarters.as_ref();
                quarters
                    .map(|(first, last)| vec![first.clone(), last.clone()])
                    .into()
            }),
        ),
    ]
    .into()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn runs_are_named_by_number_or_last() {
        assert_eq!("last".parse(), Ok(SinceRun::Last));
        assert_eq!(" 12 ".parse(), Ok(SinceRun::Number(12)));
        assert!("latest".parse::<SinceRun>().is_err());
    }
}
