//! `toilscope evaluate GOLD`: the classification held against known answers.

use std::collections::BTreeMap;

use crate::cli::args::{EvaluateArgs, Terminal};
use crate::cli::failure::Failure;
use crate::cli::load;
use crate::cli::run::{analysed_reading, told};
use crate::compose::Scene;
use crate::config::Settings;
use crate::evaluate::{ANSWER_FIELDS, Evaluation, UNANSWERED, evaluate};
use crate::source::Reading;

/// Measures, writes the report, and then says whether the bar of the caller was missed.
///
/// # Errors
///
/// [`Failure::NoAnswers`] or [`Failure::OnlyLabelled`] if there is nothing to measure, [`Failure::UnderBar`] after the report was written, else what
/// reading and analysing report.
pub(super) fn run(args: &EvaluateArgs, terminal: Terminal) -> Result<(), Failure> {
    let (mut right, mut refused) = (None, None);
    told(&args.report, terminal, |settings| {
        let reading = read(args, settings, terminal.quiet)?;
        analysed_reading(&reading, settings, terminal.quiet, |scene, _| {
            let evaluation = evaluate(scene.analysis, scene.taxonomy);
            right = evaluation.summary.accuracy.value();
            let unusable = || {
                evaluation
                    .refused
                    .iter()
                    .filter(|refused| refused.reason != UNANSWERED)
            };
            refused = unusable()
                .next()
                .map(|first| (unusable().count(), scene.show(&first.to_string())));
            match right {
                Some(_) => Ok(scene.evaluation(&evaluation)),
                None => Err(unmeasured(&evaluation, scene)),
            }
        })
    })?;
    match (right, args.fail_under, refused) {
        (Some(right), Some(bar), _) if right < bar => Err(Failure::UnderBar { right, bar }),
        // A bar that the few answers which could be read reach says nothing of the others.
        (_, Some(_), Some((count, first))) => Err(Failure::RefusedAnswers { count, first }),
        _ => Ok(()),
    }
}

/// Says why nothing was measured. A report full of gaps would be taken for an answer, and let CI pass.
fn unmeasured(evaluation: &Evaluation<'_>, scene: &Scene<'_>) -> Failure {
    match (evaluation.labelled, evaluation.refused.first()) {
        (0, Some(first)) => Failure::NoAnswers {
            first: scene.show(&first.to_string()),
        },
        (labelled, _) => Failure::OnlyLabelled { labelled },
    }
}

/// Reads the tickets with their answers: from one place, or from two, joined by id.
fn read(args: &EvaluateArgs, settings: &Settings, quiet: bool) -> Result<Reading, Failure> {
    let gold = load::tickets(&args.report.input, settings, quiet)?;
    if args.tickets.is_empty() {
        let mute = |ticket: &crate::ticket::Ticket| ticket.title.is_none() && ticket.body.is_none();
        if !gold.tickets.is_empty() && gold.tickets.iter().all(mute) {
            return Err(Failure::AnswersOnly);
        }
        return Ok(gold);
    }
    let inputs = load::open_all(&args.tickets)?;
    let mut reading = load::read(&inputs, args.report.input.input_format, settings, quiet)?;
    let strangers = join(&gold, &mut reading);
    if !quiet {
        load::list(
            "answer of a ticket that is not among --tickets",
            strangers.into_iter(),
        );
    }
    Ok(reading)
}

/// Gives tickets the answers of others with the same ids; returns the ids that no ticket has, in order.
///
/// Answers that the tickets bring themselves are dropped, so that what is measured is what the caller named.
fn join(gold: &Reading, reading: &mut Reading) -> Vec<String> {
    let mut answers: BTreeMap<&str, _> = gold
        .tickets
        .iter()
        .map(|ticket| (ticket.id.as_str(), &ticket.fields))
        .collect();
    for ticket in &mut reading.tickets {
        let fields = answers.remove(ticket.id.as_str());
        for key in ANSWER_FIELDS {
            ticket.fields.remove(key);
            if let Some(value) = fields.and_then(|fields| fields.get(key)) {
                ticket.fields.insert(key.to_owned(), value.clone());
            }
        }
    }
    answers.into_keys().map(str::to_owned).collect()
}
