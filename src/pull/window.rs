//! Which rows to ask for next. One query of Notion's gives 10,000 rows at most and may stop earlier, so rows are asked
//! for in windows by the time at which they were made, which never changes.
//!
//! The remedy is Notion's own (guide "query large data sources"): sort by `created_time`, and when a query ends early
//! begin the next at the last row's time. Times are rounded down to the minute, so a minute with more rows than a query
//! gives is split by a second key: the number of a `unique_id` property, else the time of the last edit.

use jiff::{SignedDuration, Timestamp};
use serde_json::{Value, json};

use crate::source::notion::Object;

/// Most rows that one query gives.
const CAP: usize = 10_000;

/// A stretch of rows that one query asks for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Window {
    /// Rows made at this time or later, or all.
    Made { from: Option<String> },
    /// Rows made in one minute, from a second key on.
    Crowded { minute: String, from: Option<Key> },
}

/// A second key, in a minute in which too many rows were made.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Key {
    /// The number of a `unique_id` property.
    Number(i64),
    /// The time of the last edit.
    Edited(String),
}

/// How the query of a window ended.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Ended {
    /// Rows it gave.
    pub(super) rows: usize,
    /// Whether Notion said that it stopped early.
    pub(super) is_capped: bool,
    /// Whether its last answer was as long as it could be: then there may be more, whatever Notion says.
    pub(super) is_full: bool,
    /// When the last row was made.
    pub(super) made: Option<String>,
    /// When the last row was edited.
    pub(super) edited: Option<String>,
    /// The number of the last row.
    pub(super) number: Option<i64>,
}

/// What to ask for after a query.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Then {
    /// This window.
    Ask(Window),
    /// Nothing: all rows were given.
    Done,
    /// There are more rows in this minute than can be asked for.
    Stuck(String),
}

impl Window {
    /// Decides what to ask for when this window's query ended. `is_numbered` says whether rows have numbers.
    pub(super) fn then(&self, ended: &Ended, is_numbered: bool) -> Then {
        let stopped_early = ended.is_capped || ended.rows >= CAP;
        if !stopped_early && !ended.is_full {
            return self.after();
        }
        match self {
            Self::Made { from } => match &ended.made {
                Some(made) if from.as_ref().is_none_or(|from| made > from) => Then::Ask(Self::Made {
                    from: Some(made.clone()),
                }),
                Some(made) if stopped_early => Then::Ask(Self::Crowded {
                    minute: made.clone(),
                    from: None,
                }),
                _ => Then::Done,
            },
            Self::Crowded { minute, from } => {
                let key = if is_numbered {
                    ended.number.map(Key::Number)
                } else {
                    ended.edited.clone().map(Key::Edited)
                };
                match key {
                    Some(key) if from.as_ref() != Some(&key) => Then::Ask(Self::Crowded {
                        minute: minute.clone(),
                        from: Some(key),
                    }),
                    _ if stopped_early => Then::Stuck(minute.clone()),
                    _ => self.after(),
                }
            }
        }
    }

    /// What comes behind a window that was read whole.
    fn after(&self) -> Then {
        match self {
            Self::Made { .. } => Then::Done,
            Self::Crowded { minute, .. } => match next_minute(minute) {
                Some(from) => Then::Ask(Self::Made { from: Some(from) }),
                None => Then::Done,
            },
        }
    }

    /// Returns filter and sorts of the query. `since` asks only for rows edited then or later; `number` is the id of
    /// the property that numbers rows.
    pub(super) fn query(&self, since: Option<&str>, number: Option<&str>) -> Object {
        let edited =
            |bound: &str, at: &str| json!({"timestamp": "last_edited_time", "last_edited_time": {bound: at}});
        let made = |bound: &str, at: &str| json!({"timestamp": "created_time", "created_time": {bound: at}});
        let mut filters: Vec<Value> = since
            .map(|since| edited("on_or_after", since))
            .into_iter()
            .collect();
        let mut sort = json!({"timestamp": "created_time", "direction": "ascending"});
        match self {
            Self::Made { from } => filters.extend(from.as_ref().map(|from| made("on_or_after", from))),
            Self::Crowded { minute, from } => {
                filters.push(made("on_or_after", minute));
                filters.extend(next_minute(minute).map(|end| made("before", &end)));
                sort = match number {
                    Some(number) => json!({"property": number, "direction": "ascending"}),
                    None => json!({"timestamp": "last_edited_time", "direction": "ascending"}),
                };
                filters.extend(match (from, number) {
                    (Some(Key::Number(last)), Some(number)) => {
                        Some(json!({"property": number, "unique_id": {"greater_than": last}}))
                    }
                    (Some(Key::Edited(last)), _) => Some(edited("on_or_after", last)),
                    _ => None,
                });
            }
        }
        let mut query = Object::new();
        query.insert("sorts".to_owned(), json!([sort]));
        match filters.len() {
            0 => {}
            1 => {
                query.insert("filter".to_owned(), filters.remove(0));
            }
            _ => {
                query.insert("filter".to_owned(), json!({"and": filters}));
            }
        }
        query
    }
}

/// The start of the minute after a time, RFC 3339.
fn next_minute(time: &str) -> Option<String> {
    let at: Timestamp = time.parse().ok()?;
    let start = at.as_second().div_euclid(60) * 60;
    let next = Timestamp::from_second(start)
        .ok()?
        .checked_add(SignedDuration::from_secs(60))
        .ok()?;
    Some(format!("{next:.3}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    const MINUTE: &str = "2026-03-01T00:00:00.000Z";

    fn made(from: Option<&str>) -> Window {
        Window::Made {
            from: from.map(str::to_owned),
        }
    }

    fn ended(rows: usize, is_capped: bool, is_full: bool) -> Ended {
        Ended {
            rows,
            is_capped,
            is_full,
            made: Some(MINUTE.to_owned()),
            edited: Some("2026-03-02T00:00:00.000Z".to_owned()),
            number: Some(7),
        }
    }

    #[test]
    fn a_query_that_ends_on_a_short_answer_is_the_last() {
        assert_eq!(made(None).then(&ended(250, false, false), true), Then::Done);
        assert_eq!(made(None).then(&Ended::default(), true), Then::Done);
    }

    #[test]
    fn a_query_that_may_have_stopped_early_goes_on_from_its_last_row() {
        let on = Then::Ask(made(Some(MINUTE)));
        assert_eq!(made(None).then(&ended(10_000, true, true), true), on);
        assert_eq!(made(None).then(&ended(200, false, true), true), on);
        assert_eq!(made(None).then(&ended(37, true, false), true), on);
        assert_eq!(
            made(Some(MINUTE)).then(&ended(100, false, true), true),
            Then::Done
        );
    }

    #[test]
    fn a_crowded_minute_is_split_and_left() {
        let crowded = |from| Window::Crowded {
            minute: MINUTE.to_owned(),
            from,
        };
        let full = ended(10_000, true, true);
        assert_eq!(made(Some(MINUTE)).then(&full, true), Then::Ask(crowded(None)));
        assert_eq!(
            crowded(None).then(&full, true),
            Then::Ask(crowded(Some(Key::Number(7))))
        );
        assert_eq!(
            crowded(None).then(&full, false),
            Then::Ask(crowded(Some(Key::Edited("2026-03-02T00:00:00.000Z".into()))))
        );
        let same = crowded(Some(Key::Edited("2026-03-02T00:00:00.000Z".into())));
        assert_eq!(same.then(&full, false), Then::Stuck(MINUTE.into()));
        assert_eq!(
            same.then(&ended(3, false, false), false),
            Then::Ask(made(Some("2026-03-01T00:01:00.000Z")))
        );
    }

    #[test]
    fn filters_nest_no_deeper_than_notion_takes() {
        let query = made(None).query(None, None);
        assert_eq!(query.get("filter"), None);
        let one = made(Some(MINUTE)).query(None, None);
        assert_eq!(
            one["filter"],
            json!({"timestamp": "created_time", "created_time": {"on_or_after": MINUTE}})
        );
        let crowded = Window::Crowded {
            minute: MINUTE.into(),
            from: Some(Key::Number(7)),
        };
        let all = crowded.query(Some(MINUTE), Some("n"));
        assert_eq!(all["filter"]["and"].as_array().map(Vec::len), Some(4));
        assert_eq!(all["sorts"][0]["property"], "n");
    }
}
