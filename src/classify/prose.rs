//! What the rules read of a ticket: its words, part by part, each stretch with what a vote found in it counts.
//!
//! Between a [`Document`] and the cues stands one question: whose words are these, and what are they for? The
//! answer to "what should we do?" counts in full, the answer to "why?" a little, quoted words less, labels and
//! greetings nothing. The weights of clauses come from the taxonomy; those of form fields stand here, because
//! they are about forms and not about kinds of request.

use std::ops::Range;

use crate::classify::clause::{self, Clause, Role};
use crate::taxonomy::{ClauseWeights, Engine};
use crate::text::{Block, CodeKind, Document, Origin};

/// The parts of a ticket that votes are counted in, each once.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Field {
    /// The title.
    Title,
    /// The form's drop-down, or a form field that asks for the kind of request.
    Category,
    /// The body without its code blocks.
    Body,
    /// The code blocks of the body, each opened by a line that names its kind ("code:trace").
    Code,
    /// All comments.
    Comments,
}

impl Field {
    /// Returns the name of the part as evidence shows it.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Title => "title",
            Self::Category => "category",
            Self::Body => "body",
            Self::Code => "code",
            Self::Comments => "comments",
        }
    }
}

/// One part of a ticket as the rules read it.
#[derive(Debug, Clone)]
pub struct Part {
    /// Which part it is.
    pub field: Field,
    /// Its normalised text, one passage a line.
    pub text: String,
    /// Where its passages lie in `text`, in order.
    pub stretches: Vec<Stretch>,
    clauses: Vec<Clause>,
}

/// One passage within a part.
#[derive(Debug, Clone)]
pub struct Stretch {
    /// Bytes in the part's text.
    pub range: Range<usize>,
    /// Index of its passage in the document.
    pub passage: usize,
    /// What a vote counts here, before clauses: 1 is the request itself.
    pub factor: f64,
}

/// A ticket as the rules read it: its parts in the order of [`Field`], empty ones left out.
#[derive(Debug, Clone)]
pub struct Prose {
    /// The parts.
    pub parts: Vec<Part>,
    /// Whether a clause of the title or the body asks for something.
    asks: bool,
}

impl Prose {
    /// Reads a document.
    #[must_use]
    pub fn read(document: &Document, engine: &Engine) -> Self {
        let mut parts = [
            Field::Title,
            Field::Category,
            Field::Body,
            Field::Code,
            Field::Comments,
        ]
        .map(|field| Part {
            field,
            text: String::new(),
            stretches: Vec::new(),
            clauses: Vec::new(),
        });
        for (at, passage) in document.passages.iter().enumerate() {
            if let Some((field, factor)) =
                place(passage.origin, passage.block, passage.label.as_deref(), engine)
            {
                parts[field as usize].append(at, passage.block, passage.text.text(), factor);
            }
        }
        let mut parts: Vec<Part> = parts
            .into_iter()
            .filter(|part| !part.stretches.is_empty())
            .collect();
        for part in &mut parts {
            part.clauses = clause::clauses(&part.text);
        }
        Self::of(parts)
    }

    /// Takes a piece of a ticket for the title of a ticket of its own; its clauses are given.
    #[must_use]
    pub fn of_piece(text: &str, clauses: Vec<Clause>) -> Self {
        Self::of(vec![Part {
            field: Field::Title,
            text: text.to_owned(),
            stretches: vec![Stretch {
                range: 0..text.len(),
                passage: 0,
                factor: 1.0,
            }],
            clauses,
        }])
    }

    fn of(mut parts: Vec<Part>) -> Self {
        let mut asks = false;
        for clause in parts
            .iter_mut()
            .filter(|part| matches!(part.field, Field::Title | Field::Body))
            .flat_map(|part| &mut part.clauses)
        {
            // "あわせて" that nothing was asked before adds to nothing.
            if clause.role == Role::FurtherRequest && !asks {
                clause.role = Role::Request;
            }
            asks |= matches!(clause.role, Role::Request | Role::EarlierRequest);
        }
        Self { parts, asks }
    }

    /// Tells what a vote counts that ends just before `end` of a part.
    ///
    /// Where nothing in the ticket asks, its statements are the request: "CIが落ちます" says all there is to say.
    #[must_use]
    pub fn factor(&self, part: &Part, end: usize, weights: &ClauseWeights) -> f64 {
        // A match may take in the line end behind a passage, which is of none.
        let end = part
            .text
            .get(..end)
            .map_or(end, |read| read.trim_end_matches('\n').len());
        let at = end.saturating_sub(1);
        let stretch = part.stretches.partition_point(|s| s.range.end <= at);
        let of_stretch = part.stretches.get(stretch).map_or(0.0, |s| s.factor);
        let of_clause = match clause::role_at(&part.clauses, at) {
            Role::Request => weights.request,
            Role::EarlierRequest | Role::FurtherRequest => f64::midpoint(weights.request, weights.reason),
            Role::Statement if self.asks => weights.statement,
            Role::Statement => weights.request,
            Role::Reason => weights.reason,
            Role::Concession => weights.concession,
            Role::Done => weights.done,
            Role::Negated => weights.negated,
        };
        of_stretch * of_clause
    }

    /// Returns whether a clause of the title or the body asks for something.
    #[must_use]
    pub fn asks(&self) -> bool {
        self.asks
    }

    /// Returns the text of a part; empty if the ticket has none.
    #[must_use]
    pub fn text(&self, field: Field) -> &str {
        self.parts
            .iter()
            .find(|part| part.field == field)
            .map_or("", |part| part.text.as_str())
    }
}

impl Part {
    fn append(&mut self, passage: usize, block: Block, text: &str, factor: f64) {
        // Between passages and not behind the last one, where `$` of a cue looks for the end of what was written.
        if !self.text.is_empty() && !self.text.ends_with('\n') {
            self.text.push('\n');
        }
        if let Block::Code(kind) = block {
            self.text.push_str(code_line(kind));
        }
        let start = self.text.len();
        self.text.push_str(text);
        let range = start..self.text.len();
        self.stretches.push(Stretch {
            range,
            passage,
            factor,
        });
    }

    /// Returns the clauses that reach into a range of the text, cut to it.
    pub fn clauses_in(&self, range: &Range<usize>) -> impl Iterator<Item = Clause> + '_ {
        let (start, end) = (range.start, range.end);
        let first = self.clauses.partition_point(|clause| clause.range.end <= start);
        self.clauses[first..]
            .iter()
            .take_while(move |clause| clause.range.start < end)
            .map(move |clause| Clause {
                range: clause.range.start.max(start)..clause.range.end.min(end),
                role: clause.role,
            })
    }
}

/// The line by which a cue with the scope `code` can tell what kind of block follows.
fn code_line(kind: CodeKind) -> &'static str {
    match kind {
        CodeKind::Trace => "code:trace\n",
        CodeKind::Log => "code:log\n",
        CodeKind::Sql => "code:sql\n",
        CodeKind::Config => "code:config\n",
        CodeKind::Diff => "code:diff\n",
        CodeKind::Shell => "code:shell\n",
        CodeKind::Key => "code:key\n",
        CodeKind::Other => "code:other\n",
    }
}

/// Decides where a passage is read and what a vote in it counts; `None` if it is not read.
fn place(origin: Origin, block: Block, label: Option<&str>, engine: &Engine) -> Option<(Field, f64)> {
    let quote = engine.clause_weight.quote;
    let field = match origin {
        Origin::Title => Field::Title,
        Origin::Category => Field::Category,
        Origin::Body => Field::Body,
        Origin::Comment(_) => Field::Comments,
    };
    match block {
        _ if field == Field::Category => Some((field, 1.0)),
        Block::Prose => Some((field, 1.0)),
        Block::Answer => Some(answer(field, label.unwrap_or_default())),
        Block::Quote => Some((field, quote)),
        Block::Code(_) if field == Field::Body => Some((Field::Code, 1.0)),
        Block::Code(_) | Block::Label | Block::Struck | Block::Courtesy | Block::Filler => None,
    }
}

/// Labels whose answer is the request itself.
const REQUEST_LABELS: [&str; 16] = [
    "内容",
    "詳細",
    "やってほしい",
    "してほしい",
    "お願い",
    "要望",
    "用件",
    "依頼事項",
    "相談事項",
    "質問",
    "件名",
    "request",
    "what",
    "details",
    "description",
    "summary",
];
/// Labels whose answer names the kind of request: a drop-down written into the body.
const KIND_LABELS: [&str; 6] = ["種別", "カテゴリ", "分類", "区分", "category", "type"];
/// Labels whose answer explains the request.
const REASON_LABELS: [&str; 12] = [
    "背景",
    "目的",
    "理由",
    "経緯",
    "用途",
    "補足",
    "備考",
    "メモ",
    "why",
    "reason",
    "background",
    "note",
];
/// What a vote counts in an answer that explains.
const REASON_ANSWER: f64 = 0.4;
/// What a vote counts in an answer that only says where, who or when ("対象サービス", "希望期限").
const TARGET_ANSWER: f64 = 0.3;

/// Whether the answer to a label of a form only says where, who or when.
pub(super) fn is_target(label: &str) -> bool {
    let (field, factor) = answer(Field::Body, label);
    field == Field::Body && factor <= TARGET_ANSWER
}

fn answer(field: Field, label: &str) -> (Field, f64) {
    let holds = |labels: &[&str]| labels.iter().any(|known| label.contains(known));
    if holds(&KIND_LABELS) {
        (Field::Category, 1.0)
    } else if holds(&REASON_LABELS) {
        (field, REASON_ANSWER)
    } else if holds(&REQUEST_LABELS) {
        (field, 1.0)
    } else {
        (field, TARGET_ANSWER)
    }
}
