//! Which property of a data source is which field of a ticket: guessed from names and types, corrected by the user.
//!
//! Properties are named by their ids, which stay when people rename them. What is no property has a name with an @.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

use super::schema::{Property, Schema};
use crate::source::Field;
use crate::source::header_names::{fold, is_answer, is_effort_in_hours, other_names};
use crate::source::headers;

/// The page's content.
pub const CONTENT: &str = "@content";
/// When the page was made.
pub const CREATED_TIME: &str = "@created_time";
/// When the page was last edited.
pub const EDITED_TIME: &str = "@last_edited_time";
/// Who made the page; counts only if it is a person.
pub const CREATED_BY: &str = "@created_by";

const PSEUDO: [&str; 4] = [CONTENT, CREATED_TIME, EDITED_TIME, CREATED_BY];

/// The fields that a mapping can fill, in the order in which they are shown. Id, link, comments and whether a page is
/// in the trash are never mapped: the page says them itself.
pub const MAPPED: [Field; 13] = [
    Field::Title,
    Field::Body,
    Field::CreatedAt,
    Field::UpdatedAt,
    Field::StartedAt,
    Field::ClosedAt,
    Field::Requester,
    Field::Assignee,
    Field::Status,
    Field::Done,
    Field::Priority,
    Field::Category,
    Field::MinutesSpent,
];

/// Fields that a mapping can fill besides [`MAPPED`]: labels, which boards rarely have.
const LABELS: Field = Field::Labels;

/// Where the value of each field comes from: ids of properties, or names with an @. Of several sources the texts are
/// joined for the body, all items are taken for lists, and the first that says something is taken for the rest.
pub type Sources = BTreeMap<Field, Vec<String>>;

/// A mapping whose every source exists.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Mapping {
    sources: Sources,
}

/// A mapping in the settings that does not fit the data source.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum MappingError {
    /// No property has this id or name.
    #[error("{field} is mapped to {name:?}, which is no property; the properties are {}", names.join(", "))]
    NoSuchProperty {
        /// The field that is mapped.
        field: Field,
        /// What the settings name.
        name: String,
        /// The names there are.
        names: Vec<String>,
    },
    /// The field is not mapped but known.
    #[error("{0} cannot be mapped; the page itself says it")]
    NotMapped(Field),
    /// The property holds answers of the classification.
    #[error("{name:?} holds answers and cannot be read as {field}")]
    Answer {
        /// The field that is mapped.
        field: Field,
        /// The property.
        name: String,
    },
}

impl Mapping {
    /// Guesses a mapping; what `settings` say goes first, field by field.
    ///
    /// # Errors
    ///
    /// [`MappingError`] about the first entry of the settings that does not fit.
    pub fn resolve(schema: &Schema, settings: &Sources) -> Result<Self, MappingError> {
        let mut sources: Sources = BTreeMap::new();
        for (field, names) in settings {
            if !MAPPED.contains(field) && *field != LABELS {
                return Err(MappingError::NotMapped(*field));
            }
            let ids: Result<Vec<String>, MappingError> =
                names.iter().map(|name| find(schema, *field, name)).collect();
            sources.insert(*field, ids?);
        }
        guess(schema, &mut sources);
        sources.retain(|_, sources| !sources.is_empty());
        Ok(Self { sources })
    }

    /// Returns where a field's value comes from.
    #[must_use]
    pub fn sources(&self, field: Field) -> &[String] {
        self.sources.get(&field).map(Vec::as_slice).unwrap_or_default()
    }

    /// Returns all fields with their sources, in the order of the fields.
    #[must_use]
    pub fn all(&self) -> &Sources {
        &self.sources
    }

    /// Whether a property fills a field.
    #[must_use]
    pub fn uses(&self, id: &str) -> bool {
        self.sources.values().flatten().any(|source| source == id)
    }

    /// Replaces the source of the time of filing: for boards that were imported, whose pages were all made on one day.
    pub(crate) fn file_by(&mut self, property: &str) {
        let sources = vec![property.to_owned(), CREATED_TIME.to_owned()];
        self.sources.insert(Field::CreatedAt, sources);
    }
}

/// Returns a date property that by its name says when a ticket was filed.
#[must_use]
pub fn filing_date(schema: &Schema) -> Option<&Property> {
    best(schema, Field::CreatedAt, &BTreeSet::new())
}

fn find(schema: &Schema, field: Field, name: &str) -> Result<String, MappingError> {
    if PSEUDO.contains(&name) {
        return Ok(name.to_owned());
    }
    let property = schema.by_id(name).or_else(|| schema.by_name(name));
    match property {
        Some(property) if is_answer(&fold(&property.name)) => Err(MappingError::Answer {
            field,
            name: property.name.clone(),
        }),
        Some(property) => Ok(property.id.clone()),
        None => Err(MappingError::NoSuchProperty {
            field,
            name: name.to_owned(),
            names: schema
                .properties()
                .iter()
                .map(|p| format!("{:?}", p.name))
                .collect(),
        }),
    }
}

/// Fills the fields that the settings leave open.
fn guess(schema: &Schema, sources: &mut Sources) {
    let mut taken: BTreeSet<String> = sources.values().flatten().cloned().collect();
    let order = MAPPED.into_iter().chain([LABELS]);
    // The body takes whatever text is left, so it comes last.
    let order = order.filter(|field| *field != Field::Body).chain([Field::Body]);
    for field in order {
        if sources.contains_key(&field) {
            continue;
        }
        let found = match field {
            Field::Body => answers(schema, &taken),
            Field::CreatedAt => vec![CREATED_TIME.to_owned()],
            Field::UpdatedAt => vec![EDITED_TIME.to_owned()],
            Field::Done => done(schema, sources),
            Field::Requester => {
                let named = best(schema, field, &taken).map(|property| property.id.clone());
                named.into_iter().chain([CREATED_BY.to_owned()]).collect()
            }
            _ => best(schema, field, &taken)
                .map(|property| property.id.clone())
                .into_iter()
                .collect(),
        };
        taken.extend(found.iter().cloned());
        sources.insert(field, found);
    }
}

/// The types of property that can fill a field.
fn kinds(field: Field) -> &'static [&'static str] {
    match field {
        Field::Title => &["title"],
        Field::CreatedAt | Field::StartedAt | Field::ClosedAt => &["date", "formula", "rollup"],
        Field::Requester => &["people", "created_by", "rich_text", "select", "email"],
        Field::Assignee => &["people", "select", "multi_select", "rich_text"],
        Field::Status => &["status", "select"],
        Field::Priority => &["select", "status", "number"],
        Field::Labels => &["multi_select"],
        Field::MinutesSpent => &["number", "formula"],
        Field::Category => &["select", "multi_select"],
        _ => &[],
    }
}

/// Words in names of dates that lie ahead: they say when something should be, not when it was.
const AHEAD: [&str; 11] = [
    "希望", "予定", "期限", "目標", "締切", "due", "deadline", "desired", "target", "planned", "expected",
];

/// The free property that fits a field best: by a name that trackers use, by one that contains such a name, else the
/// only one of a telling type.
fn best<'s>(schema: &'s Schema, field: Field, taken: &BTreeSet<String>) -> Option<&'s Property> {
    let properties = schema.properties();
    let folded: Vec<String> = properties.iter().map(|property| fold(&property.name)).collect();
    let fits = |at: &usize| {
        let property = &properties[*at];
        let is_ahead = AHEAD.iter().any(|word| folded[*at].contains(word));
        let is_date = matches!(field, Field::CreatedAt | Field::StartedAt | Field::ClosedAt);
        kinds(field).contains(&property.kind.as_str())
            && !taken.contains(&property.id)
            && !is_answer(&folded[*at])
            && (!is_date || !is_ahead)
    };
    let fitting = || (0..properties.len()).filter(fits);
    let by_name = headers::guess(field, &folded, fits);
    let by_part = || {
        let names = other_names(field).chain(board_names(field).iter().copied());
        let telling = names.filter(|name| name.chars().count() >= 2 && !(name.is_ascii() && name.len() < 5));
        telling
            .filter_map(|name| fitting().find(|at| folded[*at].contains(name)))
            .next()
    };
    let by_kind = || match field {
        Field::Title => fitting().next(),
        Field::Status => fitting().find(|at| properties[*at].kind == "status"),
        Field::Labels => fitting().next(),
        Field::Assignee => {
            let mut people = fitting().filter(|at| properties[*at].kind == "people");
            people.next().filter(|_| people.next().is_none())
        }
        _ => None,
    };
    by_name
        .or_else(by_part)
        .or_else(by_kind)
        .map(|at| &properties[at])
}

/// Names that Notion boards have and files do not, folded.
fn board_names(field: Field) -> &'static [&'static str] {
    match field {
        Field::Assignee => &["assign", "担当", "対応者", "owner", "オーナー"],
        Field::Requester => &[
            "依頼者",
            "依頼した人",
            "requester",
            "reporter",
            "submitter",
            "submittedby",
            "投稿者",
        ],
        Field::ClosedAt => &["完了日", "完了日時", "doneon", "doneat", "donedate", "closedat"],
        Field::StartedAt => &["着手日", "開始日時", "startedat"],
        Field::Category => &["依頼種別", "種別", "カテゴリ", "category"],
        _ => &[],
    }
}

/// What says that a ticket is done: the status by its groups, else a check box that is called so.
fn done(schema: &Schema, sources: &Sources) -> Vec<String> {
    let status = sources.get(&Field::Status).into_iter().flatten();
    let mut by_group = status.filter(|id| schema.by_id(id).is_some_and(|property| property.kind == "status"));
    let by_box = || {
        let mut boxes = schema
            .properties()
            .iter()
            .filter(|property| property.kind == "checkbox");
        boxes.find(|property| {
            ["done", "完了", "対応済", "対応済み", "クローズ", "closed"]
                .contains(&fold(&property.name).as_str())
        })
    };
    by_group
        .next()
        .cloned()
        .or_else(|| by_box().map(|property| property.id.clone()))
        .into_iter()
        .collect()
}

/// Words in names of texts that the team writes while it works, not the requester.
const OF_THE_TEAM: [&str; 18] = [
    "対応",
    "メモ",
    "結果",
    "回答",
    "返信",
    "解決",
    "作業",
    "担当",
    "note",
    "memo",
    "result",
    "resolution",
    "response",
    "reply",
    "answer",
    "slack",
    "thread",
    "url",
];

/// The requester's own texts: the answers to the questions of the form, and what the page says.
fn answers(schema: &Schema, taken: &BTreeSet<String>) -> Vec<String> {
    let properties = schema.properties();
    let texts: Vec<(&Property, String)> = properties
        .iter()
        .filter(|property| property.kind == "rich_text" && !taken.contains(&property.id))
        .map(|property| (property, fold(&property.name)))
        .filter(|(_, name)| !is_answer(name) && !name.ends_with("id"))
        .collect();
    let is_body = |name: &str| name == "body" || other_names(Field::Body).any(|other| other == name);
    let first = texts.iter().filter(|(_, name)| is_body(name));
    let rest = texts
        .iter()
        .filter(|(_, name)| !is_body(name) && !OF_THE_TEAM.iter().any(|word| name.contains(word)));
    first
        .chain(rest)
        .map(|(property, _)| property.id.clone())
        .chain([CONTENT.to_owned()])
        .collect()
}

/// Whether the number in a property counts hours, by its name.
pub(super) fn is_in_hours(property: &Property) -> bool {
    is_effort_in_hours(&fold(&property.name))
}

/// One line of the table that shows a mapping: a field, and what fills it. Displays as `title ← 依頼名 (title)`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MappingLine {
    /// The field.
    pub field: Field,
    /// The sources by name, with their types.
    pub from: Vec<String>,
}

impl Mapping {
    /// Returns a line a field, also for those that nothing fills.
    #[must_use]
    pub fn lines(&self, schema: &Schema) -> Vec<MappingLine> {
        let named = |id: &String| match schema.by_id(id) {
            Some(property) => format!("{} ({})", property.name, property.kind),
            None => id.clone(),
        };
        let fields = MAPPED.into_iter().chain([LABELS]);
        fields
            .map(|field| MappingLine {
                field,
                from: self.sources(field).iter().map(named).collect(),
            })
            .collect()
    }
}

impl fmt::Display for MappingLine {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let from = if self.from.is_empty() {
            "-".to_owned()
        } else {
            self.from.join(" + ")
        };
        write!(f, "{:<13} ← {from}", self.field.name())
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn schema(properties: &[(&str, &str)]) -> Schema {
        let object = properties
            .iter()
            .map(|(name, kind)| {
                (
                    (*name).to_owned(),
                    json!({"id": format!("id-{name}"), "type": kind, (*kind): {}}),
                )
            })
            .collect();
        Schema::read(&object)
    }

    fn of(mapping: &Mapping, field: Field) -> Vec<&str> {
        let ids = mapping.sources(field).iter();
        ids.map(|id| id.strip_prefix("id-").unwrap_or(id)).collect()
    }

    #[test]
    fn a_japanese_board_is_understood() {
        let schema = schema(&[
            ("依頼名", "title"),
            ("ステータス", "status"),
            ("依頼者", "people"),
            ("SRE担当者", "people"),
            ("依頼内容", "rich_text"),
            ("背景・目的", "rich_text"),
            ("対応メモ", "rich_text"),
            ("Slack URL", "rich_text"),
            ("希望完了日", "date"),
            ("完了日", "date"),
            ("着手日時", "date"),
            ("依頼種別", "select"),
            ("優先度", "select"),
            ("工数(分)", "number"),
            ("タグ", "multi_select"),
            ("pattern", "select"),
        ]);
        let mapping = Mapping::resolve(&schema, &Sources::new()).unwrap();
        let expected: [(Field, &[&str]); 12] = [
            (Field::Title, &["依頼名"]),
            (Field::Body, &["依頼内容", "背景・目的", "@content"]),
            (Field::CreatedAt, &["@created_time"]),
            (Field::StartedAt, &["着手日時"]),
            (Field::ClosedAt, &["完了日"]),
            (Field::Requester, &["依頼者", "@created_by"]),
            (Field::Assignee, &["SRE担当者"]),
            (Field::Status, &["ステータス"]),
            (Field::Done, &["ステータス"]),
            (Field::Category, &["依頼種別"]),
            (Field::MinutesSpent, &["工数(分)"]),
            (Field::Labels, &["タグ"]),
        ];
        for (field, sources) in expected {
            assert_eq!(of(&mapping, field), sources, "{field}");
        }
        assert!(!mapping.uses("id-pattern") && !mapping.uses("id-希望完了日"));
    }

    #[test]
    fn an_english_board_is_understood() {
        let schema = schema(&[
            ("Name", "title"),
            ("State", "select"),
            ("Assign", "people"),
            ("Request type", "select"),
            ("Details", "rich_text"),
            ("Completed at", "date"),
            ("Due date", "date"),
            ("Done", "checkbox"),
        ]);
        let mapping = Mapping::resolve(&schema, &Sources::new()).unwrap();
        assert_eq!(of(&mapping, Field::Status), ["State"]);
        assert_eq!(of(&mapping, Field::Done), ["Done"]);
        assert_eq!(of(&mapping, Field::Assignee), ["Assign"]);
        assert_eq!(of(&mapping, Field::Requester), ["@created_by"]);
        assert_eq!(of(&mapping, Field::ClosedAt), ["Completed at"]);
        assert_eq!(of(&mapping, Field::Body), ["Details", "@content"]);
    }

    #[test]
    fn the_settings_win_by_id_or_name() {
        let schema = schema(&[("A", "title"), ("B", "rich_text"), ("C", "rich_text")]);
        let settings = Sources::from([
            (Field::Body, vec!["id-B".into(), CONTENT.into()]),
            (Field::Requester, vec!["C".into()]),
            (Field::Status, vec![]),
        ]);
        let mapping = Mapping::resolve(&schema, &settings).unwrap();
        assert_eq!(of(&mapping, Field::Body), ["B", "@content"]);
        assert_eq!(of(&mapping, Field::Requester), ["C"]);
        let again = Mapping::resolve(&schema, mapping.all()).unwrap();
        assert_eq!(again, mapping);
    }

    #[test]
    fn a_wrong_entry_is_named_with_what_there_is() {
        let schema = schema(&[("A", "title"), ("pattern", "select")]);
        let wrong = |field, name: &str| {
            Mapping::resolve(&schema, &Sources::from([(field, vec![name.to_owned()])])).unwrap_err()
        };
        assert!(wrong(Field::Status, "状態").to_string().contains("\"A\""));
        assert!(matches!(
            wrong(Field::Category, "pattern"),
            MappingError::Answer { .. }
        ));
        assert!(matches!(
            wrong(Field::Id, "A"),
            MappingError::NotMapped(Field::Id)
        ));
    }
}
