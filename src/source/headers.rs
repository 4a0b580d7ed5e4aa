//! Which column of a CSV file is which field of a ticket.
//!
//! The settings decide first; for the fields they leave open, headers are compared with names that Japanese and
//! English trackers use. The result is a [`Guess`] for the caller to show: the user has to be able to object.
//! Columns that hold answers of the classification (`pattern`, `label` …) are never taken.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

use super::header_names::{fold, is_answer, is_effort_in_hours, is_effort_in_minutes, other_names};
use super::note::{list, quote, shown};
use super::{Field, SourceError};

/// How the columns of one CSV input were understood. Displays as one line.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Guess {
    /// The input as the user named it.
    pub source: String,
    /// The header read as each field, mapped ones included, in the order of the fields.
    pub taken: Vec<(String, Field)>,
    /// The headers kept under the ticket's `fields`, in the order of the file.
    pub kept: Vec<String>,
}

impl fmt::Display for Guess {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let taken: Vec<_> = self
            .taken
            .iter()
            .map(|(header, field)| format!("{} as {field}", quote(header)))
            .collect();
        write!(f, "{}: read {}", shown(&self.source), taken.join(", "))?;
        if !self.kept.is_empty() {
            write!(f, "; kept as they are: {}", list(&self.kept))?;
        }
        Ok(())
    }
}

/// The columns of one file: their names, and which of them is which field.
#[derive(Debug)]
pub(super) struct Columns {
    /// Names by position, each once; a repeated header carries a number.
    pub(super) names: Vec<String>,
    /// Positions of each field that is there: one, or for a list all columns of its header, as Jira writes them.
    pub(super) by_field: BTreeMap<Field, Vec<usize>>,
    /// Positions of the columns that are no field.
    pub(super) kept: Vec<usize>,
    /// Whether recorded effort is in hours, as its header says.
    pub(super) is_effort_in_hours: bool,
    /// Headers that stand over several columns of which only the first is read.
    pub(super) repeated: BTreeSet<String>,
}

impl Columns {
    /// Assigns the columns of the input `source`; `mapping` comes from the settings.
    ///
    /// # Errors
    ///
    /// [`SourceError::NoSuchColumn`] for a mapped header that is not there, [`SourceError::NoKnownColumn`] if no
    /// column is any field.
    pub(super) fn assign(
        source: &str,
        header: &[&str],
        mapping: &BTreeMap<Field, String>,
    ) -> Result<Self, SourceError> {
        let (names, mut repeated) = distinct(header);
        let folded: Vec<String> = header.iter().map(|header| fold(header)).collect();
        let mut first = mapped(source, &names, &folded, mapping)?;
        guess_others(&mut first, &folded);
        if first.is_empty() {
            return Err(SourceError::NoKnownColumn {
                name: source.to_owned(),
                headers: names,
            });
        }
        let effort = first.get(&Field::MinutesSpent);
        let is_effort_in_hours = effort.is_some_and(|column| is_effort_in_hours(&folded[*column]));
        let all = |field: Field, column| {
            if field.is_list() {
                alike(header, column)
            } else {
                vec![column]
            }
        };
        let by_field: BTreeMap<_, _> = first
            .into_iter()
            .map(|(field, column)| (field, all(field, column)))
            .collect();
        let taken: BTreeSet<usize> = by_field.values().flatten().copied().collect();
        let kept: Vec<usize> = (0..names.len())
            .filter(|column| !taken.contains(column))
            .collect();
        repeated.retain(|name| kept.iter().any(|column| header[*column].trim() == name));
        Ok(Self {
            names,
            by_field,
            kept,
            is_effort_in_hours,
            repeated,
        })
    }

    /// Keeps the columns of a field as they are instead of reading them.
    pub(super) fn release(&mut self, field: Field) {
        self.kept.extend(self.by_field.remove(&field).unwrap_or_default());
        self.kept.sort_unstable();
    }

    /// What to tell the user about the input `source`.
    pub(super) fn guess(&self, source: &str) -> Guess {
        let name = |column: &usize| self.names[*column].clone();
        let taken = self
            .by_field
            .iter()
            .filter_map(|(field, columns)| Some((name(columns.first()?), *field)));
        Guess {
            source: source.to_owned(),
            taken: taken.collect(),
            kept: self.kept.iter().map(name).collect(),
        }
    }
}

/// Refuses settings that map a field to a column of answers.
///
/// # Errors
///
/// [`SourceError::AnswerColumn`] for the first such field.
pub(super) fn check_mapping(mapping: &BTreeMap<Field, String>) -> Result<(), SourceError> {
    match mapping.iter().find(|(_, header)| is_answer(&fold(header))) {
        Some((&field, header)) => Err(SourceError::AnswerColumn {
            field,
            header: header.clone(),
        }),
        None => Ok(()),
    }
}

/// The columns that the settings name.
fn mapped(
    source: &str,
    names: &[String],
    folded: &[String],
    mapping: &BTreeMap<Field, String>,
) -> Result<BTreeMap<Field, usize>, SourceError> {
    let found = mapping
        .iter()
        .map(|(&field, header)| match find(names, folded, header) {
            Some(column) => Ok((field, column)),
            None => Err(SourceError::NoSuchColumn {
                name: source.to_owned(),
                field,
                header: header.clone(),
                headers: names.to_vec(),
            }),
        });
    found.collect()
}

/// The columns with the header of `column`, that one first.
fn alike(header: &[&str], column: usize) -> Vec<usize> {
    let others =
        (0..header.len()).filter(|other| *other != column && header[*other].trim() == header[column].trim());
    std::iter::once(column).chain(others).collect()
}

/// The position of a header that the settings name: as written, else after folding.
fn find(names: &[String], folded: &[String], header: &str) -> Option<usize> {
    let wanted = fold(header);
    let alike = || {
        folded
            .iter()
            .position(|known| !known.is_empty() && *known == wanted)
    };
    names.iter().position(|name| name == header.trim()).or_else(alike)
}

/// Adds the columns that can be told by their headers to those that the settings name.
fn guess_others(taken: &mut BTreeMap<Field, usize>, folded: &[String]) {
    for field in Field::ALL {
        let is_free = |column: &usize| !taken.values().any(|other| other == column);
        if !taken.contains_key(&field)
            && let Some(column) = guess(field, folded, is_free)
        {
            taken.insert(field, column);
        }
    }
}

/// The free column that fits a field best: by its own name, else by the first of its other names that is there.
pub(super) fn guess(field: Field, folded: &[String], is_free: impl Fn(&usize) -> bool) -> Option<usize> {
    let first = |is_it: &dyn Fn(&String) -> bool| {
        let columns = folded.iter().enumerate().filter(|(_, header)| is_it(header));
        columns.map(|(column, _)| column).find(&is_free)
    };
    let column = |name: &str| first(&|header| header == name);
    let is_effort = |header: &String| is_effort_in_minutes(header) || is_effort_in_hours(header);
    column(&fold(field.name()))
        .or_else(|| other_names(field).find_map(column))
        .or_else(|| match field {
            Field::MinutesSpent => first(&is_effort),
            _ => None,
        })
}

/// Makes names distinct, since they become keys: an empty header is named by its column, a repeated one numbered.
fn distinct(header: &[&str]) -> (Vec<String>, BTreeSet<String>) {
    let (mut seen, mut repeated) = (BTreeSet::new(), BTreeSet::new());
    let mut names = Vec::with_capacity(header.len());
    for (column, text) in header.iter().enumerate() {
        let name = match text.trim() {
            "" => format!("column {}", column + 1),
            text => text.to_owned(),
        };
        let mut unique = name.clone();
        for number in 2.. {
            if seen.insert(unique.clone()) {
                break;
            }
            repeated.insert(name.clone());
            unique = format!("{name} ({number})");
        }
        names.push(unique);
    }
    (names, repeated)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn assign(header: &[&str], mapping: &[(Field, &str)]) -> Result<Guess, SourceError> {
        let mapping = mapping
            .iter()
            .map(|(field, header)| (*field, (*header).to_owned()))
            .collect();
        Columns::assign("a.csv", header, &mapping).map(|columns| columns.guess("a.csv"))
    }

    fn taken(header: &[&str]) -> Vec<(String, Field)> {
        assign(header, &[]).unwrap().taken
    }

    #[test]
    fn every_field_is_found_by_its_own_name() {
        let header = Field::ALL.map(Field::name);
        assert_eq!(
            taken(&header),
            Field::ALL.map(|field| (field.name().to_owned(), field))
        );
    }

    #[test]
    fn headers_are_compared_folded() {
        let expected = vec![
            ("ＩＤ".to_owned(), Field::Id),
            (" Created Time ".trim().to_owned(), Field::CreatedAt),
        ];
        assert_eq!(taken(&["ＩＤ", " Created Time "]), expected);
        assert_eq!(taken(&["【件名】"])[0].1, Field::Title);
    }

    #[test]
    fn the_most_telling_header_wins_and_the_other_is_kept() {
        let guess = assign(&["Issue id", "Issue key", "概要", "件名"], &[]).unwrap();
        assert_eq!(
            guess.taken,
            [("Issue key".into(), Field::Id), ("件名".into(), Field::Title)]
        );
        assert_eq!(guess.kept, ["Issue id", "概要"]);
    }

    #[test]
    fn answers_are_never_guessed() {
        let guess = assign(&["id", "Label", "labels", "pattern"], &[]).unwrap();
        assert_eq!(
            guess.taken,
            [("id".into(), Field::Id), ("labels".into(), Field::Labels)]
        );
        assert_eq!(guess.kept, ["Label", "pattern"]);
        let mapping = BTreeMap::from([(Field::Category, "Sub-Pattern".to_owned())]);
        assert!(matches!(
            check_mapping(&mapping),
            Err(SourceError::AnswerColumn { .. })
        ));
    }

    #[test]
    fn efforts_need_a_unit() {
        for (header, in_hours) in [
            ("工数(分)", false),
            ("工数（h）", true),
            ("作業時間(時間)", true),
            ("Minutes", false),
        ] {
            let columns = Columns::assign("a.csv", &["id", header], &BTreeMap::new()).unwrap();
            assert_eq!(
                columns.by_field.get(&Field::MinutesSpent),
                Some(&vec![1]),
                "{header}"
            );
            assert_eq!(columns.is_effort_in_hours, in_hours, "{header}");
        }
        for header in ["工数", "作業時間", "工数(人日)", "実績"] {
            assert_eq!(taken(&["id", header]).len(), 1, "{header}");
        }
    }

    #[test]
    fn the_mapping_wins() {
        let guess = assign(&["id", "title", "依頼の要点"], &[(Field::Title, "依頼の要点")]).unwrap();
        assert_eq!(guess.taken[1], ("依頼の要点".into(), Field::Title));
        assert_eq!(guess.kept, ["title"]);
    }

    #[test]
    fn a_mapped_header_that_is_missing_lists_those_there_are() {
        let error = assign(&["id", "title"], &[(Field::Body, "内容")]).unwrap_err();
        assert_eq!(
            error.to_string(),
            r#"a.csv has no column "内容" for body; it has "id", "title""#
        );
    }

    #[test]
    fn repeated_and_empty_headers_get_names_of_their_own() {
        let (names, repeated) = distinct(&["a", "a", "", "a (2)", "a"]);
        assert_eq!(names, ["a", "a (2)", "column 3", "a (2) (2)", "a (3)"]);
        assert!(repeated.contains("a"));
    }

    #[test]
    fn a_list_takes_all_columns_of_its_header() {
        let header = ["id", "Labels", "Labels", "件名", "件名", "labels"];
        let columns = Columns::assign("a.csv", &header, &BTreeMap::new()).unwrap();
        assert_eq!(columns.by_field[&Field::Labels], [1, 2]);
        assert_eq!(columns.kept, [4, 5]);
        assert_eq!(columns.repeated, BTreeSet::from(["件名".to_owned()]));
    }

    #[test]
    fn a_guess_reads_as_one_line() {
        let guess = assign(&["件名", "部署"], &[]).unwrap();
        assert_eq!(
            guess.to_string(),
            r#"a.csv: read "件名" as title; kept as they are: "部署""#
        );
    }

    proptest! {
        #[test]
        fn every_column_is_taken_or_kept(header in prop::collection::vec("[a-z件名idタグ ]{0,6}|\\PC{0,4}", 0..8)) {
            let header: Vec<&str> = header.iter().map(String::as_str).collect();
            if let Ok(columns) = Columns::assign("a.csv", &header, &BTreeMap::new()) {
                let taken: usize = columns.by_field.values().map(Vec::len).sum();
                prop_assert_eq!(taken + columns.kept.len(), header.len());
            }
        }
    }
}
