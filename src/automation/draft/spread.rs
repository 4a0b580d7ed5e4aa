//! How the values that a ticket gives for each field become rows.
//!
//! One value is for all rows. Of people and of the rows of a table each makes a row, side by side: the first login goes
//! with the first address. What is listed of anything else is asked for by everybody named: two datasets for one person
//! make two rows. Values that are neither as many as the others nor listed are nobody's.

use super::reading::Read;

/// What a ticket gives for one field.
#[derive(Debug)]
pub(super) struct Column<'f> {
    pub(super) name: &'f str,
    pub(super) values: Vec<Read>,
    /// Whether each of the values goes with each of the others' rows.
    pub(super) each: bool,
}

/// The values of every row, in the order of the columns; at most so many rows.
pub(super) fn rows<'f>(columns: &[Column<'f>], most: usize) -> Vec<Vec<(&'f str, Read)>> {
    let beside = columns.iter().filter(|column| !column.each);
    let beside = beside.map(|column| column.values.len()).max().unwrap_or(1).max(1);
    let times = |rows: usize, column: &Column<'_>| match column.each {
        true => rows.saturating_mul(column.values.len().max(1)),
        false => rows,
    };
    let all = columns.iter().fold(beside, times);
    (0..all.min(most))
        .map(|number| row(columns, number, beside))
        .collect()
}

fn row<'f>(columns: &[Column<'f>], number: usize, beside: usize) -> Vec<(&'f str, Read)> {
    let (at, mut rest) = (number % beside, number / beside);
    let mut row = Vec::new();
    for column in columns {
        let value = match column.values[..] {
            [] => continue,
            [ref one] => one.clone(),
            ref values if column.each => {
                let place = rest % values.len();
                rest /= values.len();
                values[place].clone()
            }
            ref values if values.len() == beside => values[at].clone(),
            _ => Read::Missing,
        };
        row.push((column.name, value));
    }
    row
}

#[cfg(test)]
mod tests {
    use super::*;

    fn column<'f>(name: &'f str, values: &[&str], each: bool) -> Column<'f> {
        Column {
            name,
            values: values
                .iter()
                .map(|value| Read::Open((*value).to_owned()))
                .collect(),
            each,
        }
    }

    fn told(columns: &[Column<'_>]) -> Vec<String> {
        let cell = |(_, read): &(&str, Read)| match read {
            Read::Open(value) => value.clone(),
            _ => "?".to_owned(),
        };
        let line = |row: &Vec<(&str, Read)>| row.iter().map(cell).collect::<Vec<_>>().join(" ");
        rows(columns, 5).iter().map(line).collect()
    }

    #[test]
    fn people_stand_side_by_side_and_what_is_listed_is_for_all() {
        let people = || column("who", &["a", "b"], false);
        let role = || column("role", &["view"], false);
        assert_eq!(told(&[people(), role()]), ["a view", "b view"]);
        assert_eq!(
            told(&[people(), column("ip", &["1", "2"], false)]),
            ["a 1", "b 2"]
        );
        assert_eq!(
            told(&[people(), column("ip", &["1", "2", "3"], false)]),
            ["? 1", "? 2", "? 3"]
        );
        let sets = || column("set", &["x", "y"], true);
        assert_eq!(told(&[sets(), role()]), ["x view", "y view"]);
        assert_eq!(told(&[people(), sets()]), ["a x", "b x", "a y", "b y"]);
        assert_eq!(
            told(&[people(), sets(), column("env", &["p", "q"], true)]).len(),
            5
        );
        assert_eq!(told(&[column("who", &[], false), role()]), ["view"]);
    }
}
