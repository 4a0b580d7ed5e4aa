//! What one ticket gives for the rows of a play, as far as it says so in values that fit.
//!
//! A row is never guessed: what a ticket leaves out, says twice or says in words that are no value becomes a
//! placeholder that Terraform refuses; so does a role that is too strong for a list. Secrets become one always, people
//! and addresses unless raw text was asked for.

use std::collections::{BTreeMap, BTreeSet};

use crate::taxonomy::{Authority, Lang};
use crate::text::{fold, plain};

use super::ends::endless;
use super::entries::{Entry, PLACEHOLDER};
use super::fitting::{Fitting, fitting};
use super::found::{Found, values_of};
use super::grid::Grid;
use super::personal::Personal;
use super::seen::{Eyes, Grade, Page, REASON, Said, is_personal};
use super::shape::{Sieve, names};
use super::skeleton::{Field, SYSTEM, Skeleton, is_mandatory};
use super::spread::{self, Column};
use super::{Ground, Request};

/// The slot that a known requester fills.
const PERSON: &str = "person";

/// Words that ask for more than most rows give, normalised; also as parts of others, for `dataOwner` is an owner.
const STRONG: [&str; 7] = [
    "admin",
    "poweruser",
    "superuser",
    "owner",
    "管理者",
    "オーナ",
    "特権",
];

/// Words for addresses that are no person's, normalised.
const GROUPS: [&str; 4] = ["グループ", "メーリングリスト", "group", "mailing list"];

/// Most rows that one ticket makes, where it names several people.
const MOST_A_TICKET: usize = 20;

/// Longest quotation of a ticket in a remark, in characters.
const LONGEST_REMARK: usize = 60;

/// A value read from a ticket, before it is shown to anybody.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Read {
    Open(String),
    Personal(String),
    /// Where to read what is not copied; it makes no two rows differ.
    Ticket(String),
    Missing,
}

/// A row with its values as they were read.
pub(super) struct Row {
    pub(super) entry: Entry,
    pub(super) read: Vec<(String, Read)>,
}

/// What a ticket makes for a play.
pub(super) enum Made {
    Rows(Vec<Row>),
    /// It gives no value at all.
    Nothing,
    /// It asks for something else than what the play sets.
    Other,
}

/// One ticket that is read for a play.
pub(super) struct Reading<'a, 't> {
    skeleton: &'a Skeleton<'t>,
    /// What each field of the skeleton takes, in the same order.
    sieves: &'a [Sieve<'a>],
    ground: &'a Ground<'t>,
    eyes: &'a Eyes<'a>,
    page: Page<'t>,
    request: &'a Request<'t>,
    personal: Personal,
}

impl<'a, 't> Reading<'a, 't> {
    pub(super) fn new(
        skeleton: &'a Skeleton<'t>,
        sieves: &'a [Sieve<'a>],
        eyes: &'a Eyes<'a>,
        (ground, request): (&'a Ground<'t>, &'a Request<'t>),
    ) -> Self {
        let page = eyes.open(request.ticket);
        Self {
            personal: Personal::of(eyes, &page, ground.taxonomy),
            skeleton,
            sieves,
            ground,
            eyes,
            page,
            request,
        }
    }

    /// The rows of the ticket, or why it has none.
    pub(super) fn rows(&self) -> Made {
        let mut columns: Vec<Column<'_>> = Vec::new();
        let mut remarks = Vec::new();
        let mut refused = false;
        let fields = || self.skeleton.fields.iter().zip(self.sieves);
        let grid = self.page.grid().filter(|grid| {
            let mut fields = fields();
            fields.any(|(field, sieve)| self.cells(grid, field, sieve).is_some())
        });
        for (field, sieve) in fields() {
            let in_grid = grid.as_ref().and_then(|grid| self.cells(grid, field, sieve));
            let found = in_grid.unwrap_or_else(|| self.field(field, sieve));
            refused |= found.refused;
            remarks.extend(found.remark.map(|remark| (field.name.clone(), remark)));
            columns.push(Column {
                name: &field.name,
                values: found.values,
                each: found.each,
            });
        }
        let decides = self.skeleton.fields.iter().map(|field| field.decides);
        if columns
            .iter()
            .zip(decides)
            .any(|(column, decides)| decides && column.values.is_empty())
        {
            return Made::Other;
        }
        // A row of placeholders alone tells no more than the id of its ticket, which is listed above the rows.
        let is_known = |read: &Read| *read != Read::Missing;
        if !columns.iter().any(|column| column.values.iter().any(is_known)) && !refused {
            return Made::Nothing;
        }
        let rows = spread::rows(&columns, MOST_A_TICKET);
        let several = rows.len();
        let id = plain(self.request.ticket.id.as_str());
        let told = !refused && self.grants();
        let notes: Vec<String> = self.strong_words().filter(|_| told).into_iter().collect();
        let row = |(number, row): (usize, Vec<(&str, Read)>)| {
            let key = if several == 1 {
                id.clone()
            } else {
                format!("{id}/{}", number + 1)
            };
            let mut values: Vec<(String, Read)> = Vec::new();
            if !self.skeleton.systems.is_empty() {
                values.push((SYSTEM.to_owned(), self.system()));
            }
            values.extend(row.into_iter().map(|(name, value)| (name.to_owned(), value)));
            Row {
                read: self.completed(values, &remarks),
                entry: Entry {
                    key,
                    tickets: vec![id.clone()],
                    done: self.request.done,
                    values: Vec::new(),
                    remarks: remarks.clone(),
                    notes: notes.clone(),
                },
            }
        };
        Made::Rows(rows.into_iter().enumerate().map(row).collect())
    }

    /// Puts placeholders where a resource that the row selects needs a value, in the order of the skeleton.
    fn completed(&self, given: Vec<(String, Read)>, remarks: &[(String, String)]) -> Vec<(String, Read)> {
        let mut values: BTreeMap<&str, String> = BTreeMap::new();
        for (name, read) in &given {
            let value = match read {
                Read::Open(value) | Read::Personal(value) | Read::Ticket(value) => value.clone(),
                Read::Missing => PLACEHOLDER.to_owned(),
            };
            values.insert(name, value);
        }
        // A remark without a value stands for words that are none.
        for (name, _) in remarks {
            values.entry(name).or_insert_with(|| PLACEHOLDER.to_owned());
        }
        let play = self.skeleton.play;
        let asked = |slot: &String| self.request.sub.slots.required.contains(slot);
        // A bucket instead of a project is no project that is missing.
        let selectors = || play.drafted().filter_map(|resource| resource.when.as_deref());
        let is_chosen = selectors().any(|when| values.contains_key(when));
        for when in selectors().filter(|_| !is_chosen) {
            let slot = self.skeleton.field(when).and_then(|field| field.slot.as_ref());
            if slot.is_some_and(asked) {
                values.entry(when).or_insert_with(|| PLACEHOLDER.to_owned());
            }
        }
        let selected =
            |values: &BTreeMap<&str, String>| play.drafted().any(|r| self.skeleton.selects(r, values));
        if !selected(&values)
            && let Some(when) = play.drafted().find_map(|resource| resource.when.as_deref())
        {
            values.insert(when, PLACEHOLDER.to_owned());
        }
        let needed: Vec<&str> = play
            .drafted()
            .filter(|resource| self.skeleton.selects(resource, &values))
            .flat_map(|resource| {
                let mandatory = resource
                    .entries()
                    .filter(|(fill, given)| is_mandatory(resource, fill, given));
                mandatory.map(|(_, given)| given.name.as_str())
            })
            .filter(|name| self.skeleton.fallback(name).is_none())
            .collect();
        for name in needed {
            values.entry(name).or_insert_with(|| PLACEHOLDER.to_owned());
        }
        let endless = endless(self.skeleton, self.ground, self.request, &mut values);
        let order =
            std::iter::once(SYSTEM).chain(self.skeleton.fields.iter().map(|field| field.name.as_str()));
        order
            .filter(|name| values.contains_key(name))
            .map(|name| {
                let mut read = given.iter().chain(&endless);
                let read = read
                    .find(|(known, _)| known == name)
                    .map(|(_, read)| read.clone());
                (name.to_owned(), read.unwrap_or(Read::Missing))
            })
            .collect()
    }

    /// What a ticket gives for one field.
    fn field(&self, field: &Field, sieve: &Sieve<'_>) -> Found {
        let Some(slot) = field.slot.as_deref().and_then(|id| self.ground.taxonomy.slot(id)) else {
            return Found::default();
        };
        let mut said = self.eyes.said(&self.page, slot);
        if slot.id == REASON {
            return self.reference(sieve, &said);
        }
        if slot.id == PERSON && said.surest().is_none() && !said.elsewhere {
            // Who names nobody asks for themselves.
            said.recognised.clone_from(&self.request.ticket.requesters);
        }
        let personal = is_personal(slot);
        let quote = |words: &str, grade| self.quote(words, grade, personal);
        let (values, grade) = match fitting(sieve, &said) {
            Fitting::Values(values, grade) => (values, grade),
            Fitting::Day(value, words) => {
                let values = vec![self.read(&value, Grade::Answered, personal)];
                return Found::new(values, quote(&words, Grade::Answered));
            }
            Fitting::Refused(words, grade) => {
                return Found {
                    refused: true,
                    ..Found::new(Vec::new(), self.refusal(&words, grade))
                };
            }
            Fitting::Nothing => {
                if said.surest().is_none()
                    && let Some(term) = self.page.bare_term(slot)
                {
                    return Found::new(Vec::new(), quote(&term, Grade::Answered));
                }
                return self.named(&said, personal);
            }
        };
        let beside = (personal || field.list) && grade != Grade::Detected;
        let (values, each) = match values.len() > 1 && !beside {
            true => {
                let fit = |words: &BTreeSet<String>| values_of(sieve, &values, words);
                let (listed, also, stated) = (fit(&said.listed), fit(&said.also), fit(&said.stated));
                let is_all = listed.len() == values.len() || also.len() + 1 == values.len();
                match (personal || field.list, stated.len()) {
                    // What else looks like a login may be anything.
                    (true, _) if listed.len() > 1 => (listed, false),
                    // Two words for a level are one level, and nobody knows which.
                    (false, _) if is_all && field.shape.choices.is_empty() => (values, true),
                    (_, 1) => (stated, false),
                    // Two projects or two roles in one ticket: which belongs to whom is not ours to guess.
                    _ => return Found::new(Vec::new(), quote(&values.join(" / "), grade)),
                }
            }
            false => (values, false),
        };
        // What the ticket itself calls a team is one, though it may look like a login.
        let stated = values_of(sieve, &values, &said.stated);
        let read = values.iter().take(MOST_A_TICKET).map(|value| {
            let is_told = stated.contains(value) && !self.personal.is_introduced(&fold(value));
            let grade = if is_told {
                grade.min(Grade::Recognised)
            } else {
                grade
            };
            self.read(value, grade, personal)
        });
        let read = read.collect();
        let remark = self.certainty(values.len(), grade);
        let remark = remark.or_else(|| self.kind(field, &values));
        let also = [
            remark,
            self.unused(field, sieve, &said, grade),
            self.parts(&said, grade),
        ];
        let also: Vec<String> = also.into_iter().flatten().collect();
        let remark = (!also.is_empty()).then(|| also.join("; "));
        Found {
            each,
            ..Found::new(read, remark)
        }
    }

    /// What is left to a person where words are no value: who is named in a list makes a row each.
    fn named(&self, said: &Said, personal: bool) -> Found {
        let mut grades = said.grades().into_iter();
        let Some((words, grade)) = grades.find(|(words, _)| !words.is_empty()) else {
            return Found::default();
        };
        let listed: Vec<&str> = words
            .iter()
            .map(String::as_str)
            .filter(|words| said.listed.contains(*words))
            .collect();
        let several = personal && listed.len() > 1;
        let rows = if several {
            listed.len().min(MOST_A_TICKET)
        } else {
            0
        };
        let shown = match several {
            true => listed.join(" / "),
            false => said.full(&words[0]).to_owned(),
        };
        Found::new(vec![Read::Missing; rows], self.quote(&shown, grade, personal))
    }

    /// What the column of a table gives for a field, one value a row; `None` where it has none or nothing in it fits.
    fn cells(&self, grid: &Grid, field: &Field, sieve: &Sieve<'_>) -> Option<Found> {
        let slot = self.ground.taxonomy.slot(field.slot.as_deref()?)?;
        let column = grid.column(slot).filter(|_| slot.id != REASON)?;
        let personal = is_personal(slot);
        let fitting = (0..grid.len().min(MOST_A_TICKET)).map(|row| sieve.fit(grid.cell(row, column)));
        let fitting: Vec<Option<String>> = fitting.collect();
        fitting.iter().find(|value| value.is_some())?;
        let read = |value: Option<String>| match value {
            Some(value) => self.read(&value, Grade::Answered, personal),
            None => Read::Missing,
        };
        let remark = self.ground.pick(
            "表から読んだ値。確かめる",
            "read from the table of the ticket: check it",
        );
        Some(Found::new(
            fitting.into_iter().map(read).collect(),
            Some(remark.to_owned()),
        ))
    }

    /// Says so where a ticket asks for more than the one choice that the row has: 「閲覧 + ジョブ実行」.
    fn unused(&self, field: &Field, sieve: &Sieve<'_>, said: &Said, grade: Grade) -> Option<String> {
        if field.shape.choices.is_empty() {
            return None;
        }
        let words = said.grades().into_iter().find(|(_, of)| *of == grade)?.0;
        let unused: Vec<&str> = words
            .iter()
            .map(String::as_str)
            .filter(|words| sieve.fit(words).is_none() && said.listed.contains(*words))
            .collect();
        let quoted = self.quote(&unused.join(" / "), grade, false)?;
        let lead = self
            .ground
            .pick("行にない希望がある", "asks for more than the row gives");
        Some(format!("{lead}; {quoted}"))
    }

    /// Says so where a ticket names only a part of what the row is about.
    fn parts(&self, said: &Said, grade: Grade) -> Option<String> {
        let parts: Vec<&str> = said.members.iter().map(String::as_str).collect();
        let quoted = self.quote(&parts.join(" / "), grade, false)?;
        let lead = self.ground.pick(
            "中の一部も書かれている。全体でよいか確かめる",
            "a part of it is named: see whether all of it is meant",
        );
        Some(format!("{lead}; {quoted}"))
    }

    /// What stands for a reason: the ticket in which it is given. Prose may hold anything, so none of it is copied.
    fn reference(&self, sieve: &Sieve<'_>, said: &Said) -> Found {
        if said.surest().is_none() {
            return Found::default();
        }
        let reference = format!("see {}", plain(self.request.ticket.id.as_str()));
        let is_fit = sieve.fit(&reference).is_some() && self.ground.redactor.secrets(&reference).is_empty();
        let read = if is_fit {
            Read::Ticket(reference)
        } else {
            Read::Missing
        };
        Found::new(vec![read], None)
    }

    /// What a reader should know of values that stand in the rows.
    fn certainty(&self, values: usize, grade: Grade) -> Option<String> {
        let left = values.saturating_sub(MOST_A_TICKET);
        if left > 0 {
            return Some(match self.ground.lang {
                Lang::Ja => format!("ほか {left} 件は行にしていない"),
                Lang::En => format!("{left} more are named and made no row"),
            });
        }
        let check = self
            .ground
            .pick("本文から拾った値。確かめる", "found in free text: check it");
        (grade == Grade::Detected).then(|| check.to_owned())
    }

    /// What a reader should know of a value that was taken for a person's, where the ticket speaks of groups.
    fn kind(&self, field: &Field, values: &[String]) -> Option<String> {
        let lead = field.shape.lead.as_deref()?;
        let prose = self.page.prose();
        let speaks = GROUPS.iter().any(|word| names(&prose, word));
        (speaks && values.iter().any(|value| value.starts_with(lead))).then(|| match self.ground.lang {
            Lang::Ja => format!("{lead} を付けた。グループのアドレスなら直す"),
            Lang::En => format!("{lead} was put before it: correct it for the address of a group"),
        })
    }

    fn read(&self, value: &str, grade: Grade, personal: bool) -> Read {
        if self.page.holds_secret(value) || !self.ground.redactor.secrets(value).is_empty() {
            return Read::Missing;
        }
        // Prose may have an address anywhere in it, and there is no hiding a part of a value.
        let is_prose = !value.is_ascii() || value.contains(' ');
        if is_prose && !self.ground.raw && self.personal.is_in(&fold(value), grade) {
            return Read::Missing;
        }
        let personal = personal || self.personal.is(&fold(value), grade);
        match personal || self.ground.redactor.redact(value) != value {
            true => Read::Personal(value.to_owned()),
            false => Read::Open(value.to_owned()),
        }
    }

    /// Words of a ticket for a remark: short, harmless, redacted; of a person nothing unless raw.
    fn quote(&self, words: &str, grade: Grade, personal: bool) -> Option<String> {
        let personal = personal || self.personal.is_in(&fold(words), grade);
        let hidden = self.page.holds_secret(words) || (personal && !self.ground.raw);
        let shown = match hidden {
            true => self.ground.pick("(伏せてある)", "(hidden)").to_owned(),
            false => self.ground.show(words),
        };
        let cut: String = shown.chars().take(LONGEST_REMARK).collect();
        let lead = self.ground.pick("チケットの表現", "the ticket says");
        (!cut.is_empty()).then(|| format!("{lead}: {cut}"))
    }

    /// What stands beside a value that no row may have.
    fn refusal(&self, words: &str, grade: Grade) -> Option<String> {
        let quoted = self.quote(words, grade, false)?;
        let refused = self.ground.pick(
            "強い権限の語があるので行に入れない。別に承認する",
            "speaks of what is too strong for a row, to be approved apart",
        );
        Some(format!("{refused}; {quoted}"))
    }

    /// Whether rows of the play let somebody in or give a right.
    fn grants(&self) -> bool {
        let mut resources = self.skeleton.play.drafted();
        let slots = self
            .skeleton
            .fields
            .iter()
            .filter_map(|field| field.slot.as_deref());
        let mut slots = slots.filter_map(|id| self.ground.taxonomy.slot(id));
        resources.any(|resource| !resource.data && resource.authority == Authority::Additive)
            || slots.any(is_personal)
    }

    /// Says so where a ticket speaks of an administrator or owner, for a row never gives more than it lists.
    fn strong_words(&self) -> Option<String> {
        let prose = self.page.prose();
        let prose = prose.replace("codeowners", " ");
        let strong = STRONG.iter().any(|word| prose.contains(word));
        let note = self.ground.pick(
            "管理者・オーナーの語がある依頼。この行が付けるのは書かれた値だけで、強い権限は別に承認する",
            "the ticket speaks of an administrator or owner: the row gives what it lists, a strong role is approved apart",
        );
        strong.then(|| note.to_owned())
    }

    /// The one system of the play that the ticket names.
    fn system(&self) -> Read {
        let prose = self.page.prose();
        let named = |id: &&&str| {
            let system = self.ground.taxonomy.system(id);
            system.is_some_and(|system| system.alias.iter().any(|alias| alias.is_match(&prose)))
        };
        let named: Vec<&&str> = self.skeleton.systems.iter().filter(named).collect();
        match named[..] {
            [one] => Read::Open((*one).to_owned()),
            _ => Read::Missing,
        }
    }
}
