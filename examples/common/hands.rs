//! The hands of `data/examples` for measurements: read one by one, so that a desk can be of hands that nothing was
//! learnt from.

use std::collections::BTreeSet;
use std::error::Error;
use std::fs;

use toilscope::classify::learner::examples::{self, Written};
use toilscope::classify::learner::model::{Model, train_calibrated};
use toilscope::classify::pass::{Classification, classify_by};
use toilscope::classify::{Desk, Given, Labels, cluster};
use toilscope::taxonomy::Taxonomy;
use toilscope::ticket::{Ticket, TicketId};

/// The examples of one hand, line by line.
pub(super) struct Hand {
    pub(super) file: String,
    pub(super) lines: Vec<(String, Written)>,
}

/// Reads all hands, in the order of their names.
pub(super) fn hands() -> Result<Vec<Hand>, Box<dyn Error>> {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/data/examples");
    let mut files: Vec<_> = fs::read_dir(folder)?
        .filter_map(|entry| Some(entry.ok()?.path()))
        .filter(|path| path.extension().is_some_and(|extension| extension == "jsonl"))
        .collect();
    files.sort();
    files
        .into_iter()
        .map(|path| {
            let text = fs::read_to_string(&path)?;
            let lines = text
                .lines()
                .map(|line| Ok((line.to_owned(), serde_json::from_str(line)?)))
                .collect::<Result<_, serde_json::Error>>()?;
            Ok(Hand {
                file: path.display().to_string(),
                lines,
            })
        })
        .collect()
}

/// Learns from some hands, without the tickets of one sub-pattern where one is taken away.
pub(super) fn learn(
    hands: &[&Hand],
    taxonomy: &Taxonomy,
    without: Option<&str>,
) -> Result<Model, Box<dyn Error>> {
    let mut examples = Vec::new();
    for hand in hands {
        let kept = hand
            .lines
            .iter()
            .filter(|(_, written)| without.is_none() || written.subpattern.as_deref() != without);
        let text: String = kept.map(|(line, _)| format!("{line}\n")).collect();
        examples.extend(examples::read(&hand.file, &text, taxonomy)?);
    }
    let shipped = Model::shipped()?;
    let bytes = train_calibrated(&examples, taxonomy, shipped.calibrations);
    // The model borrows its bytes for as long as the program runs.
    Ok(Model::read(Box::leak(bytes.into_boxed_slice()))?)
}

/// Classifies and groups the tickets of a desk on which nobody labelled anything.
pub(super) fn grouped(model: Model, tickets: &[&Ticket], taxonomy: &Taxonomy) -> Classification {
    let (windows, people, labels) = (
        vec![String::new(); tickets.len()],
        BTreeSet::new(),
        Labels::default(),
    );
    let desk = Desk {
        tickets,
        windows: &windows,
        people: &people,
        taxonomy,
        labels: &labels,
    };
    classify_by(
        Some(model),
        &desk,
        &Given::default(),
        &cluster::Options::default(),
    )
}

/// Makes a ticket of a title and a body.
pub(super) fn ticket(id: &str, title: &str, body: &str) -> Option<Ticket> {
    let mut ticket = Ticket::new(TicketId::new(id)?);
    ticket.title = Some(title.to_owned()).filter(|title| !title.is_empty());
    ticket.body = Some(body.to_owned()).filter(|body| !body.is_empty());
    Some(ticket)
}
