//! Why a ticket got its pattern, piece by piece, and what would have changed it.
//!
//! Nothing here is a story told afterwards: the ticket is read and decided again by the same code, once as it is and
//! once for every piece left out (a cue, a clause, a word, a whole part). What is found is a near counterfactual, not
//! proved to be the nearest.

use std::collections::BTreeMap;
use std::ops::Range;

use crate::classify::assignment::{Evidence, Method};
use crate::classify::clause::Role;
use crate::classify::combine::Decision;
use crate::classify::counterfactual::Trials;
use crate::classify::labels::Placed;
use crate::classify::learner::{Learner, Learnt, Observation};
use crate::classify::prose::{Field, Prose};
use crate::classify::reader::{self, Reader};
use crate::classify::rules::{Voice, Votes};
use crate::text::{self, Block, Document, Origin};
use crate::ticket::Ticket;

/// Why one ticket was decided as it was.
#[derive(Debug, Clone, PartialEq)]
pub struct Explanation {
    /// Every pattern with its chance, most probable first.
    pub chances: Vec<Chance>,
    /// Least probability of a pattern that need not be looked at; `None` where the rules' own bars decide.
    pub bar: Option<f64>,
    /// What the learner had learnt from.
    pub learnt: Learnt,
    /// Whether anything in the ticket spoke at all.
    pub heard: bool,
    /// Every cue that spoke, for patterns and exclusions, loudest first.
    pub cues: Vec<Evidence>,
    /// Words that moved the learner, for the chosen pattern and then for the runner-up, loudest first.
    pub words: Vec<Evidence>,
    /// The ticket clause by clause, with what each was taken for.
    pub stretches: Vec<Stretch>,
    /// Where the second request stands, if the ticket asks for two things.
    pub second: Option<(Origin, Range<usize>)>,
    /// What would have changed the decision, the smallest change that was found first.
    pub changes: Vec<Change>,
    /// How many pieces were left out alone in search of it.
    pub tried_alone: usize,
    /// How many were left out together at the most; 0 where one alone was enough.
    pub tried_together: usize,
    /// What the decision would be without any label of a person; `None` where there are no labels.
    pub unlabelled: Option<Outcome>,
    /// Why it is no request for work, if it is none.
    pub exclusion: Option<ExclusionCause>,
}

/// A pattern with what speaks for it.
#[derive(Debug, Clone, PartialEq)]
pub struct Chance {
    /// Id of the pattern.
    pub pattern: String,
    /// Its probability, by the learner.
    pub probability: f64,
    /// Points by the rules alone.
    pub points: f64,
}

/// What a stretch of a ticket was taken for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Use {
    /// A clause with its role.
    Clause(Role),
    /// The answer of a form field that explains, or says where and who.
    Answer,
    /// The form's drop-down: a hint.
    DropDown,
    /// Somebody else's words.
    Quote,
    /// Machine text, heard only by cues that listen to code.
    Code,
    /// A comment.
    Comment,
    /// The label of a form field.
    Label,
    /// Struck-out text.
    Struck,
    /// A greeting, thanks, a signature.
    Courtesy,
    /// A value that says nothing, or template text.
    Filler,
}

/// A stretch of a ticket as it was written.
#[derive(Debug, Clone, PartialEq)]
pub struct Stretch {
    /// The text of the ticket in which it stands.
    pub origin: Origin,
    /// Bytes of that text.
    pub range: Range<usize>,
    /// What it was taken for.
    pub taken_for: Use,
    /// What a cue found in it counts: 1 in the request itself, 0 where nothing is read.
    pub factor: f64,
}

/// A decision, as far as it can be compared with another.
#[derive(Debug, Clone, PartialEq)]
pub struct Outcome {
    /// Id of the pattern.
    pub pattern: String,
    /// Its probability.
    pub confidence: f64,
    /// Whether a person should look at it.
    pub needs_review: bool,
}

/// A piece of a ticket that can be left out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Piece {
    /// A cue that spoke, by its id.
    Cue(String),
    /// Words as they were written.
    Words(Origin, Range<usize>),
    /// All words of a part.
    Whole(Origin),
}

/// What happens without some pieces.
#[derive(Debug, Clone, PartialEq)]
pub struct Change {
    /// What was left out.
    pub left_out: Vec<Piece>,
    /// What would be decided then.
    pub then: Outcome,
    /// Whether the pattern would be another one.
    pub flips: bool,
}

/// What showed that a ticket is no request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ExclusionCause {
    /// It was deleted at its source.
    Deleted,
    /// The state of the board.
    Status,
    /// Cues; they are among those that spoke.
    Cues,
}

/// Most words that are told for each of two patterns, and the least that each must have added.
const WORDS_TOLD: usize = 8;
const WORD_LEAST: f64 = 0.25;
/// Least probability of a runner-up whose words are told.
const RUNNER_UP_LEAST: f64 = 0.02;
/// Most single pieces that are tried: a long ticket has thousands of words, and the loudest decide.
const PIECES_TRIED: usize = 48;

impl Reader<'_> {
    /// Explains the decision about one ticket; `label` is what a person said of it, `labelled` whether anything was
    /// taught by labels.
    pub(super) fn explain(&self, ticket: &Ticket, label: Option<&Placed>, labelled: bool) -> Explanation {
        let taxonomy = self.rules.taxonomy();
        let document = Document::read(&reader::parts(ticket), &self.boilerplate);
        let prose = Prose::read(&document, &taxonomy.engine);
        let votes = self.rules.read(&prose);
        let said = self.said(&document);
        let seen = self.observation(&prose, &votes, &said.entities, &said.starts);
        let decision = Decision::of(&self.learner, &self.learner.listen(&seen), label);
        let opinion = self.learner.judge(&seen);
        let mut chances: Vec<Chance> = taxonomy
            .patterns
            .iter()
            .zip(opinion.chances.iter().zip(&seen.verdict.scores))
            .map(|(pattern, (chance, points))| Chance {
                pattern: pattern.id.clone(),
                probability: *chance,
                points: *points,
            })
            .collect();
        chances.sort_by(|a, b| {
            b.probability
                .total_cmp(&a.probability)
                .then_with(|| a.pattern.cmp(&b.pattern))
        });
        let written = Written {
            document: &document,
            prose: &prose,
        };
        let second = self
            .second(&prose, &said, decision.pattern)
            .and_then(|second| written.place(second.field, &second.range));
        let words = self.told_words(&written, &seen, &decision, &opinion.chances);
        let stretches = self.stretches(&written);
        let trials = match decision.method {
            Method::Label => Trials::default(),
            _ => {
                let pieces = self.pieces(&written, &votes, &words, &stretches);
                self.without(ticket, &decision, pieces)
            }
        };
        let unlabelled = labelled.then(|| {
            let untaught = Learner::new(taxonomy);
            self.outcome(&Decision::of(&untaught, &untaught.listen(&seen), None))
        });
        Explanation {
            chances,
            bar: self.learner.bar(&seen, decision.pattern),
            learnt: self.learner.learnt(),
            heard: opinion.heard,
            cues: self.told_cues(&written, &votes),
            words,
            stretches,
            second,
            changes: trials.changes,
            tried_alone: trials.alone,
            tried_together: trials.together,
            unlabelled,
            exclusion: self.exclusion_cause(ticket, &prose, &votes),
        }
    }

    pub(super) fn outcome(&self, decision: &Decision) -> Outcome {
        Outcome {
            pattern: self.rules.taxonomy().patterns[decision.pattern].id.clone(),
            confidence: decision.confidence,
            needs_review: decision.needs_review,
        }
    }

    fn told_cues(&self, written: &Written<'_>, votes: &Votes<'_>) -> Vec<Evidence> {
        let mut cues: Vec<Evidence> = votes
            .votes
            .iter()
            .filter(|vote| !matches!(vote.voice, Voice::System(_)))
            .filter_map(|vote| {
                let (origin, range) = written.place(vote.field, &vote.range)?;
                Some(Evidence {
                    cue: vote.cue.to_owned(),
                    target: reader::target(vote.voice, self.rules.taxonomy()),
                    points: vote.points,
                    field: vote.field,
                    origin,
                    range,
                })
            })
            .collect();
        // A stable sort: equally loud cues stay in the order of the taxonomy.
        cues.sort_by(|a, b| b.points.abs().total_cmp(&a.points.abs()));
        cues
    }

    fn told_words(
        &self,
        written: &Written<'_>,
        seen: &Observation,
        decision: &Decision,
        chances: &[f64],
    ) -> Vec<Evidence> {
        let runner_up = (0..chances.len())
            .filter(|at| *at != decision.pattern)
            .max_by(|a, b| chances[*a].total_cmp(&chances[*b]).then(b.cmp(a)))
            .filter(|at| chances[*at] >= RUNNER_UP_LEAST);
        let mut words = Vec::new();
        for pattern in std::iter::once(decision.pattern).chain(runner_up) {
            let mut reasons = self.learner.reasons(pattern, seen);
            reasons.retain(|reason| reason.points >= WORD_LEAST);
            let told = reader::apart(&reasons, WORDS_TOLD);
            words.extend(told.into_iter().filter_map(|reason| {
                let (origin, range) = written.place(reason.field, &reason.range)?;
                Some(Evidence {
                    cue: reader::LEARNT.to_owned(),
                    target: self.rules.taxonomy().patterns[pattern].id.clone(),
                    points: reason.points,
                    field: reason.field,
                    origin,
                    range,
                })
            }));
        }
        words
    }

    fn stretches(&self, written: &Written<'_>) -> Vec<Stretch> {
        let weights = &self.rules.taxonomy().engine.clause_weight;
        let parts = written.prose.parts.iter();
        let read: BTreeMap<usize, _> = parts
            .flat_map(|part| part.stretches.iter().map(move |stretch| (part, stretch)))
            .map(|(part, stretch)| (stretch.passage, (part, stretch)))
            .collect();
        let mut found = Vec::new();
        for (at, passage) in written.document.passages.iter().enumerate() {
            let Some((part, stretch)) = read.get(&at) else {
                found.push(Stretch {
                    origin: passage.origin,
                    range: passage.text.original(0..passage.text.text().len()),
                    taken_for: unread(passage.block),
                    factor: 0.0,
                });
                continue;
            };
            for clause in part.clauses_in(&stretch.range) {
                let inside = clause.range.start - stretch.range.start..clause.range.end - stretch.range.start;
                let field = self.rules.field_weight(part.field);
                found.push(Stretch {
                    origin: passage.origin,
                    range: passage.text.original(inside),
                    taken_for: taken_for(part.field, passage.block, stretch.factor, clause.role),
                    factor: field * written.prose.factor(part, clause.range.end, weights),
                });
            }
        }
        found
    }

    /// Lists what can be left out: cues, words, clauses, parts; each once, the loudest kinds first.
    fn pieces(
        &self,
        written: &Written<'_>,
        votes: &Votes<'_>,
        words: &[Evidence],
        stretches: &[Stretch],
    ) -> Vec<Piece> {
        let cues = self
            .told_cues(written, votes)
            .into_iter()
            .map(|cue| Piece::Cue(cue.cue));
        let words = words
            .iter()
            .map(|word| Piece::Words(word.origin, word.range.clone()));
        let clauses = stretches
            .iter()
            .filter(|stretch| stretch.factor > 0.0)
            .map(|stretch| Piece::Words(stretch.origin, stretch.range.clone()));
        let wholes = [Origin::Category, Origin::Title, Origin::Body].map(Piece::Whole);
        let mut pieces: Vec<Piece> = Vec::new();
        for piece in wholes.into_iter().chain(cues).chain(words).chain(clauses) {
            if pieces.len() < PIECES_TRIED && !pieces.contains(&piece) {
                pieces.push(piece);
            }
        }
        pieces
    }

    fn exclusion_cause(&self, ticket: &Ticket, prose: &Prose, votes: &Votes<'_>) -> Option<ExclusionCause> {
        let taxonomy = self.rules.taxonomy();
        reader::exclusion(ticket, prose, votes, taxonomy)?;
        let status = ticket.status.as_deref().map(text::fold).unwrap_or_default();
        let by_status = taxonomy
            .exclusions
            .iter()
            .any(|rule| rule.statuses.iter().any(|known| *known == status.trim()));
        Some(match (ticket.deleted, by_status) {
            (true, _) => ExclusionCause::Deleted,
            (false, true) => ExclusionCause::Status,
            (false, false) => ExclusionCause::Cues,
        })
    }
}

/// A ticket's text as it was cut up.
struct Written<'a> {
    document: &'a Document,
    prose: &'a Prose,
}

impl Written<'_> {
    fn place(&self, field: Field, range: &Range<usize>) -> Option<(Origin, Range<usize>)> {
        reader::place(self.document, self.prose, field, range)
    }
}

fn unread(block: Block) -> Use {
    match block {
        Block::Label => Use::Label,
        Block::Struck => Use::Struck,
        Block::Courtesy => Use::Courtesy,
        Block::Quote => Use::Quote,
        Block::Code(_) => Use::Code,
        Block::Filler | Block::Prose | Block::Answer => Use::Filler,
    }
}

fn taken_for(field: Field, block: Block, factor: f64, role: Role) -> Use {
    match (field, block) {
        (Field::Category, _) => Use::DropDown,
        (Field::Code, _) => Use::Code,
        (_, Block::Quote) => Use::Quote,
        (Field::Comments, _) => Use::Comment,
        (_, Block::Answer) if factor < 1.0 => Use::Answer,
        _ => Use::Clause(role),
    }
}
