//! Reads a ticket's texts into passages: what is said, answered, quoted, pasted, or mere form and courtesy.
//!
//! This is where markup, forms, courtesies and code come together; each of them only says what a line is. What
//! the passages mean for the pattern of a ticket is left to `classify`. Reading is linear in the text.

use std::ops::Range;
use std::sync::LazyLock;

use super::boilerplate::Boilerplate;
use super::code;
use super::courtesy::{self, Courtesies, Role};
use super::form::{self, Field, Trust};
use super::mapped::Mapped;
use super::markup::{self, Chunk, Line, Shape};
use super::normalize::normalize;
use crate::matching::Pattern;

/// The field of a ticket that a passage stands in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Origin {
    /// The one-line title.
    Title,
    /// The text of the request.
    Body,
    /// A comment, counted from 0.
    Comment(usize),
    /// The drop-down "依頼種別": a hint, since requesters often choose wrongly.
    Category,
}

/// Kinds of machine text.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum CodeKind {
    /// A stack trace.
    Trace,
    /// Log lines.
    Log,
    /// SQL statements.
    Sql,
    /// Configuration: YAML, HCL, JSON, TOML, ini.
    Config,
    /// A diff or patch.
    Diff,
    /// Shell commands and what they printed.
    Shell,
    /// A public or private key, a certificate.
    Key,
    /// Anything else.
    Other,
}

/// What a passage is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Block {
    /// What the requester wrote freely.
    Prose,
    /// The value of a form field, or the chosen category.
    Answer,
    /// The label of a form field.
    Label,
    /// Somebody else's words: quotes and the tail of a mail.
    Quote,
    /// Struck-out text: what no longer holds.
    Struck,
    /// Greetings, thanks, addressees, signatures.
    Courtesy,
    /// Values that say nothing ("特になし", "-", "なるはや") and template text that nobody edited.
    Filler,
    /// Machine text by kind.
    Code(CodeKind),
}

/// A group of lines of one kind.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Passage {
    /// The field it stands in.
    pub origin: Origin,
    /// What it is.
    pub block: Block,
    /// The normalised label that an [`Block::Answer`] or [`Block::Filler`] belongs to: "依頼内容", "対象サービス".
    pub label: Option<String>,
    /// Normalised text of the passage, never empty; offsets are into the whole field as it was written.
    pub text: Mapped,
}

/// The normalised text of a ticket.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Document {
    /// Passages in reading order: title, category, body, comments.
    pub passages: Vec<Passage>,
}

/// The texts of a ticket as they were written.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Parts<'a> {
    /// The one-line title.
    pub title: Option<&'a str>,
    /// The text of the request.
    pub body: Option<&'a str>,
    /// The chosen category of the form.
    pub category: Option<&'a str>,
    /// The comments in order.
    pub comments: Vec<&'a str>,
}

impl Document {
    /// Reads the texts of one ticket.
    ///
    /// Titles are read without looking for forms: "【権限】付与依頼" is all the ticket may have to say. Text in
    /// several paragraphs makes several passages; a passage keeps the line breaks inside it.
    ///
    /// # Examples
    ///
    /// ```
    /// use toilscope::text::{Block, Boilerplate, Document, Parts};
    ///
    /// let body = "お疲れ様です。\n【対象】ｓｔｇ\n【備考】特になし";
    /// let document = Document::read(&Parts { body: Some(body), ..Parts::default() }, &Boilerplate::none());
    /// let blocks: Vec<_> = document.passages.iter().map(|passage| passage.block).collect();
    /// assert_eq!(blocks, [Block::Courtesy, Block::Label, Block::Answer, Block::Label, Block::Filler]);
    /// assert_eq!(document.passages[2].text.text(), "stg");
    /// assert_eq!(document.passages[2].label.as_deref(), Some("対象"));
    /// ```
    #[must_use]
    pub fn read(parts: &Parts<'_>, boilerplate: &Boilerplate) -> Self {
        let mut passages = Vec::new();
        if let Some(title) = parts.title {
            Reader::new(Origin::Title, title, boilerplate, &mut passages).title();
        }
        if let Some(category) = parts.category {
            let mut reader = Reader::new(Origin::Category, category, boilerplate, &mut passages);
            reader.push(Block::Answer, None, normalize(category));
        }
        if let Some(body) = parts.body {
            Reader::new(Origin::Body, body, boilerplate, &mut passages).text();
        }
        for (index, comment) in parts.comments.iter().enumerate() {
            Reader::new(Origin::Comment(index), comment, boilerplate, &mut passages).text();
        }
        Self { passages }
    }
}

/// Reads one field of a ticket.
struct Reader<'a> {
    origin: Origin,
    raw: &'a str,
    boilerplate: &'a Boilerplate,
    passages: &'a mut Vec<Passage>,
    /// Passages of other fields.
    others: usize,
    courtesies: Courtesies,
    /// The form field whose value is being read.
    scope: Option<Scope>,
    /// Whether the next line may join the last passage.
    glue: bool,
    /// Whether everything from here on is an earlier mail.
    quoting: bool,
    /// Whether the last line was a head line of a forwarded mail.
    mail_header: bool,
}

/// A form field that is open for more lines.
struct Scope {
    label: String,
    /// A value that began beside its label ends with the paragraph; one below its label at the next label.
    one_paragraph: bool,
}

impl<'a> Reader<'a> {
    fn new(
        origin: Origin,
        raw: &'a str,
        boilerplate: &'a Boilerplate,
        passages: &'a mut Vec<Passage>,
    ) -> Self {
        let others = passages.len();
        let courtesies = Courtesies::default();
        Self {
            origin,
            raw,
            boilerplate,
            passages,
            others,
            courtesies,
            scope: None,
            glue: false,
            quoting: false,
            mail_header: false,
        }
    }

    fn title(&mut self) {
        for line in markup::lines(self.raw, 0..self.raw.len()) {
            self.prose(&line);
        }
    }

    fn text(&mut self) {
        for chunk in markup::chunks(self.raw) {
            match chunk {
                Chunk::Text(range) => self.lines(range),
                Chunk::Fence(range) => self.code(range),
                Chunk::Comment(range) => {
                    self.glue = false;
                    self.push(
                        Block::Filler,
                        None,
                        normalize(&self.raw[range.clone()]).shifted(range.start),
                    );
                    self.glue = false;
                }
            }
        }
    }

    fn lines(&mut self, range: Range<usize>) {
        let ends_field = range.end == self.raw.len();
        let lines: Vec<Line> = markup::lines(self.raw, range).collect();
        let raws: Vec<&str> = lines.iter().map(|line| &self.raw[line.raw.clone()]).collect();
        let texts: Vec<&str> = lines.iter().map(|line| line.text.text()).collect();
        let signature = courtesy::signature_start(&texts).filter(|_| ends_field);
        let fields = self.fields(&lines);
        let mut runs = code::runs(&raws).into_iter().peekable();
        let mut at = 0;
        while at < lines.len() {
            if let Some((run, kind)) = runs.next_if(|(run, _)| run.start == at && !self.quoting) {
                self.code_of(kind, lines[run.start].raw.start..lines[run.end - 1].raw.end);
                at = run.end;
                continue;
            }
            runs.next_if(|(run, _)| run.start == at);
            if starts_quote(&texts[at..]) {
                // Before any word of its own, a forwarded mail is the request itself.
                self.quoting |= self.has_said();
                self.mail_header = true;
            }
            self.mail_header = self.mail_header && MAIL_HEADER.is_match(texts[at]);
            let in_signature = signature.is_some_and(|start| at >= start);
            self.line(&lines[at], fields[at].as_ref(), in_signature);
            at += 1;
        }
    }

    fn line(&mut self, line: &Line, field: Option<&Field>, in_signature: bool) {
        match line.shape {
            Shape::Blank => self.end_paragraph(),
            _ if self.quoting || self.mail_header => self.push(Block::Quote, None, line.text.clone()),
            _ if in_signature => self.push(Block::Courtesy, None, line.text.clone()),
            Shape::Rule => self.glue = false,
            Shape::Quote => self.push(Block::Quote, None, line.text.clone()),
            _ => match field {
                Some(field) => self.field(line, field),
                None if self.boilerplate.has_line(line.text.text()) => {
                    self.push(Block::Filler, None, line.text.clone());
                }
                None => self.prose(line),
            },
        }
    }

    /// The label of each line that has one. What only looks like a label needs a second of its kind, and a value.
    fn fields(&self, lines: &[Line]) -> Vec<Option<Field>> {
        let mut fields: Vec<Option<Field>> = lines
            .iter()
            .map(|line| form::field(line, self.boilerplate))
            .collect();
        form::believe_plain(&mut fields);
        let form = fields.iter().flatten().nth(1).is_some();
        let sure = fields.iter().flatten().any(|field| field.trust == Trust::Sure);
        let mut value_follows = false;
        for (line, field) in lines.iter().zip(&mut fields).rev() {
            let labelled = field.is_some();
            field.take_if(|field| {
                let has_value = !field.value.is_empty() || value_follows;
                match field.trust {
                    Trust::Sure | Trust::Plain => false,
                    Trust::SetOff => !(form && has_value),
                    Trust::Keyed => !(sure && form),
                }
            });
            if line.shape != Shape::Blank {
                value_follows = !labelled;
            }
        }
        fields
    }

    fn field(&mut self, line: &Line, field: &Field) {
        self.glue = false;
        self.push(Block::Label, None, line.text.slice(field.label.clone()));
        self.glue = false;
        self.scope = Some(Scope {
            label: field.name.clone(),
            one_paragraph: !field.value.is_empty(),
        });
        self.said(&line.text.slice(field.value.clone()));
        self.struck(line);
    }

    fn prose(&mut self, line: &Line) {
        self.said(&line.text);
        self.struck(line);
    }

    /// Takes in what a line says, and sets aside the courtesies in it.
    fn said(&mut self, text: &Mapped) {
        if self.origin != Origin::Title && form::is_filler(text.text()) {
            let label = self.scope.as_ref().map(|scope| scope.label.clone());
            return self.push(Block::Filler, label, text.clone());
        }
        for part in self.courtesies.split(text.text()) {
            let piece = text.slice(part.range);
            match (part.role, &self.scope) {
                (Role::Content, Some(scope)) => self.push(Block::Answer, Some(scope.label.clone()), piece),
                (Role::Content, None) => self.push(Block::Prose, None, piece),
                (Role::Opening, _) => self.push(Block::Courtesy, None, piece),
                (Role::Closing, _) => {
                    self.scope = None;
                    self.push(Block::Courtesy, None, piece);
                }
            }
        }
    }

    fn struck(&mut self, line: &Line) {
        for text in &line.struck {
            self.push(Block::Struck, None, text.clone());
        }
    }

    fn code(&mut self, range: Range<usize>) {
        self.code_of(code::kind(&self.raw[range.clone()]), range);
    }

    fn code_of(&mut self, kind: CodeKind, range: Range<usize>) {
        self.glue = false;
        self.push(
            Block::Code(kind),
            None,
            normalize(&self.raw[range.clone()]).shifted(range.start),
        );
        self.glue = false;
    }

    fn end_paragraph(&mut self) {
        self.glue = false;
        self.scope.take_if(|scope| scope.one_paragraph);
    }

    /// Whether the field holds words of its own so far.
    fn has_said(&self) -> bool {
        self.passages[self.others..]
            .iter()
            .any(|passage| matches!(passage.block, Block::Prose | Block::Answer))
    }

    /// Adds a line to the last passage if that is of the same kind, or starts a new one.
    fn push(&mut self, block: Block, label: Option<String>, text: Mapped) {
        let trimmed = text.text().trim();
        if trimmed.is_empty() {
            return;
        }
        let text = if trimmed.len() == text.text().len() {
            text
        } else {
            let start = text.text().len() - text.text().trim_start().len();
            text.slice(start..start + trimmed.len())
        };
        match self.passages[self.others..].last_mut() {
            Some(last) if self.glue && last.block == block && last.label == label => {
                last.text.join_line(&text);
            }
            _ => self.passages.push(Passage {
                origin: self.origin,
                block,
                label,
                text,
            }),
        }
        self.glue = true;
    }
}

static FORWARDED: LazyLock<Pattern> = LazyLock::new(|| {
    Pattern::new(
        r"^-{2,} ?(?:original message|original appointment|forwarded message|転送(?:された)?メッセージ|元のメッセージ) ?-*|^begin forwarded message",
    )
});
static WROTE: LazyLock<Pattern> = LazyLock::new(|| {
    Pattern::new(
        r"^(?:on .{4,120} wrote:|.{0,120}\d.{0,120}(?:(?:さん)?(?:は|が)(?:次のように)?書きました|<[^>]{3,80}>(?:のメール)?):?)$",
    )
});
static SENDER: LazyLock<Pattern> = LazyLock::new(|| Pattern::new(r"^(?:from|差出人|送信者): ?\S"));
static SENT: LazyLock<Pattern> = LazyLock::new(|| Pattern::new(r"^(?:sent|date|送信日時|日時|送信日): ?\S"));
static MAIL_HEADER: LazyLock<Pattern> = LazyLock::new(|| {
    Pattern::new(
        r"^(?:-{2,}|begin forwarded|on .* wrote:|(?:from|sent|date|to|cc|差出人|送信者|送信日時|日時|送信日|宛先):)|書きました:?$|>(?:のメール)?:$",
    )
});

/// Whether an earlier mail starts with the first of these lines, as mail clients mark it.
fn starts_quote(lines: &[&str]) -> bool {
    let line = lines[0];
    line.starts_with(['-', 'b']) && FORWARDED.is_match(line)
        || line.ends_with([':', '>', 'た'])
            && (line.starts_with("on ") || line.contains("書きました") || line.contains('<'))
            && WROTE.is_match(line)
        || line.contains(':')
            && SENDER.is_match(line)
            && lines.iter().skip(1).take(3).any(|line| SENT.is_match(line))
}

#[cfg(test)]
mod tests;
