//! Reads the labelled examples that the shipped model is trained on: one file a hand, one JSON object a line.

use std::fs;
use std::io;
use std::path::Path;

use serde::Deserialize;

use crate::classify::learner::model::Example;
use crate::classify::pass::observe;
use crate::taxonomy::Taxonomy;
use crate::ticket::{Ticket, TicketId};

/// One labelled example as it is written.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Written {
    /// Its id.
    pub id: String,
    /// Who wrote it: an invented company with its people, tools and forms.
    pub hand: String,
    /// Its language: ja, en or mixed.
    pub lang: String,
    /// The title; may be empty.
    pub title: String,
    /// The text; may be empty.
    pub body: String,
    /// Id of its pattern.
    pub pattern: String,
    /// Id of its sub-pattern, where one fits.
    pub subpattern: Option<String>,
    /// Id of a second pattern that is asked for too.
    pub alt: Option<String>,
    /// Whether the second pattern would be as right.
    #[serde(default)]
    pub ambiguous: bool,
    /// Why it is no request, if it is none.
    pub excluded: Option<String>,
}

/// Why examples cannot be read.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ExampleError {
    /// A file or the folder cannot be read.
    #[error("cannot read {file}: {source}")]
    Unreadable {
        /// The file or folder.
        file: String,
        /// Why not.
        source: io::Error,
    },
    /// A line is no example.
    #[error("{file}:{line}: {reason}")]
    Invalid {
        /// The file.
        file: String,
        /// The line, from 1.
        line: usize,
        /// Why not.
        reason: String,
    },
}

/// Reads every example file of a folder, in the order of their names.
///
/// # Errors
///
/// The first file or line that is no example, or that names a pattern or sub-pattern that the taxonomy has not.
pub fn read_folder(folder: &Path, taxonomy: &Taxonomy) -> Result<Vec<Example>, ExampleError> {
    let unreadable = |file: &Path| {
        let file = file.display().to_string();
        move |source| ExampleError::Unreadable { file, source }
    };
    let entries = fs::read_dir(folder).map_err(unreadable(folder))?;
    let mut files: Vec<_> = entries
        .filter_map(|entry| Some(entry.ok()?.path()))
        .filter(|path| path.extension().is_some_and(|extension| extension == "jsonl"))
        .collect();
    files.sort();
    let mut examples = Vec::new();
    for file in files {
        let text = fs::read_to_string(&file).map_err(unreadable(&file))?;
        examples.extend(read(&file.display().to_string(), &text, taxonomy)?);
    }
    Ok(examples)
}

/// Reads the examples of one hand, as tickets of one desk.
///
/// # Errors
///
/// As for [`read_folder`].
pub fn read(file: &str, text: &str, taxonomy: &Taxonomy) -> Result<Vec<Example>, ExampleError> {
    let mut tickets = Vec::new();
    let mut answers = Vec::new();
    for (at, line) in text.lines().enumerate() {
        let invalid = |reason: String| ExampleError::Invalid {
            file: file.to_owned(),
            line: at + 1,
            reason,
        };
        let written: Written = serde_json::from_str(line).map_err(|error| invalid(error.to_string()))?;
        let answer = places(&written, taxonomy).map_err(invalid)?;
        let id = TicketId::new(&written.id).ok_or_else(|| invalid("the id is empty".to_owned()))?;
        let mut ticket = Ticket::new(id);
        ticket.title = Some(written.title).filter(|title| !title.is_empty());
        ticket.body = Some(written.body).filter(|body| !body.is_empty());
        tickets.push(ticket);
        answers.push((written.hand, answer));
    }
    let observations = observe(&tickets.iter().collect::<Vec<_>>(), taxonomy);
    Ok(observations
        .into_iter()
        .zip(answers)
        .map(|(observation, (hand, answer))| Example {
            hand,
            observation,
            pattern: answer.0,
            sub: answer.1,
            also: answer.2,
        })
        .collect())
}

/// Places of pattern, sub-pattern and, where it would be as right, the second pattern.
type Answer = (usize, Option<usize>, Option<usize>);

fn places(written: &Written, taxonomy: &Taxonomy) -> Result<Answer, String> {
    let pattern_at = |id: &str| {
        let at = taxonomy.patterns.iter().position(|pattern| pattern.id == id);
        at.ok_or_else(|| format!("there is no pattern {id:?}"))
    };
    let pattern = pattern_at(&written.pattern)?;
    let sub = match &written.subpattern {
        None => None,
        Some(id) => {
            let at = taxonomy.patterns[pattern]
                .subs
                .iter()
                .position(|sub| sub.id == *id);
            Some(at.ok_or_else(|| format!("{} has no sub-pattern {id:?}", written.pattern))?)
        }
    };
    let also = written.alt.as_deref().map(pattern_at).transpose()?;
    Ok((pattern, sub, also.filter(|_| written.ambiguous)))
}
