//! Dates, times of day and lengths of time, in digits and in words, Japanese and English.
//!
//! A timestamp is one date. Days relative to today count as dates: 来週中 and 3/14 differ from ticket to
//! ticket in the same way.

use std::ops::Range;

use super::guards::{after, any, before, unit, word};
use super::kind::EntityKind;
use super::rule::Rule;

/// The rules for dates and times, in order of precedence.
pub(super) fn rules() -> Vec<Rule> {
    let mut rules = dates();
    rules.extend(times());
    rules
}

fn dates() -> Vec<Rule> {
    use EntityKind::Date;
    vec![
        Rule::new(
            Date,
            b"0-",
            r"(?:19|20)[0-9]{2}-[0-9]{1,2}-[0-9]{1,2}(?:[t ][0-9]{2}:[0-9]{2}(?::[0-9]{2}(?:\.[0-9]+)?)?(?:z|[+-][0-9]{2}:?[0-9]{2})?)?",
            calendar,
        ),
        Rule::new(
            Date,
            b"0",
            r"(?:19|20)[0-9]{2}[/.][0-9]{1,2}[/.][0-9]{1,2}(?: ?\([月火水木金土日祝]+\))?",
            calendar,
        ),
        Rule::new(
            Date,
            b"0",
            r"(?:(?:19|20)[0-9]{2}年)? ?[0-9]{1,2}月(?: ?[0-9]{1,2}日|末日?|上旬|中旬|下旬|頭|初)?(?: ?\([月火水木金土日祝]+\))?",
            japanese_date,
        ),
        Rule::new(
            Date,
            b"0/",
            r"[0-9]{1,2}/[0-9]{1,2}(?: ?\([月火水木金土日祝]+\))?",
            month_and_day,
        ),
        Rule::in_word(
            Date,
            b"0",
            r"(?:19|20)[0-9]{2}(?:0[1-9]|1[0-2])(?:0[1-9]|[12][0-9]|3[01])(?:[0-9]{4}(?:[0-9]{2})?)?",
            word,
        ),
        Rule::new(
            Date,
            b"0",
            r"(?:19|20)[0-9]{2}(?:年度?|-?q[1-4]|/(?:0?[1-9]|1[0-2]))",
            word,
        ),
        Rule::new(
            Date,
            b"0",
            r"(?:jan|feb|mar|apr|may|june?|july?|aug|sept?|oct|nov|dec)[a-z]*\.? [0-3]?[0-9](?:st|nd|rd|th)?(?:,? (?:19|20)[0-9]{2})?",
            month_name,
        ),
        Rule::new(
            Date,
            b"0",
            r"[0-3]?[0-9](?:st|nd|rd|th)?(?: of)? (?:jan|feb|mar|apr|may|june?|july?|aug|sept?|oct|nov|dec)[a-z]*(?:,? (?:19|20)[0-9]{2})?",
            month_name,
        ),
        Rule::new(
            Date,
            b"",
            "本日|今日|明日|明後日|昨日|一昨日|翌日|翌営業日|(?:今|来|再来|先|翌)[週月](?:中|末|初め|頭|明け)?(?:の?[月火水木金土日]曜日?)?|(?:今|来|昨|翌)年度?|(?:週|月|年度?|期)(?:末|明け)|[月火水木金土日]曜日?|今朝|昨晩|昨夜",
            any,
        ),
        Rule::new(
            Date,
            b"",
            r"(?:today|tomorrow|yesterday|tonight|(?:next|last|this) (?:week|month|quarter|year|sprint)|(?:(?:next|last|this) )?(?:monday|tuesday|wednesday|thursday|friday|saturday|sunday)|(?:end|beginning|start) of (?:the )?(?:week|month|quarter|year|day|january|february|march|april|june|july|august|september|october|november|december)|eod|eow)",
            word,
        ),
    ]
}

fn times() -> Vec<Rule> {
    use EntityKind::{Duration, Time};
    vec![
        Rule::new(
            Time,
            b"0:",
            r"[0-2]?[0-9]:[0-5][0-9](?::[0-5][0-9](?:[.,][0-9]+)?)?(?: ?(?:am|pm|jst|utc|z))?",
            clock,
        ),
        Rule::new(
            Duration,
            b"0",
            r"[0-9]+(?:\.[0-9]+)? ?(?:時間半?|週間|[ヶケかカヵ箇]月間?|年間|分間|秒間|日間|営業日|hours?|hrs?|days?|weeks?|months?|years?|minutes?|mins?|seconds?|secs?)",
            unit,
        ),
        Rule::new(
            Time,
            b"0",
            r"[0-2]?[0-9]時(?:[0-5]?[0-9]分|半)?(?:頃|ごろ|過ぎ)?",
            unit,
        ),
        Rule::new(Time, b"0", r"[01]?[0-9] ?(?:am|pm)", word),
        Rule::new(Duration, b"0", "[0-9]+(?:日|分|秒|年)", unit),
        Rule::new(
            Duration,
            b"",
            "[一二三四五六七八九十数半](?:時間|週間|[ヶケかカヵ箇]月間?|年間)|半日|半年|数日",
            any,
        ),
    ]
}

fn number(digits: &str) -> u32 {
    digits.parse().unwrap_or(u32::MAX)
}

fn calendar(text: &str, range: Range<usize>) -> Option<Range<usize>> {
    let mut parts = text[range.clone()].split(|c: char| !c.is_ascii_digit()).skip(1);
    let (month, day) = (number(parts.next()?), number(parts.next()?));
    ((1..=12).contains(&month) && (1..=31).contains(&day) && unit(text, range.clone()).is_some())
        .then_some(range)
}

/// Leaves the blank before the month to the text, and lengths such as 3月間 to nobody.
fn japanese_date(text: &str, range: Range<usize>) -> Option<Range<usize>> {
    let start = range.end - text[range.clone()].trim_start().len();
    let month = text[start..range.end]
        .split('月')
        .next()?
        .rsplit('年')
        .next()?
        .trim();
    ((1..=12).contains(&number(month)) && unit(text, start..range.end).is_some()).then_some(start..range.end)
}

fn month_and_day(text: &str, range: Range<usize>) -> Option<Range<usize>> {
    let (month, rest) = text[range.clone()].split_once('/')?;
    let day = &rest[..rest.find(|c: char| !c.is_ascii_digit()).unwrap_or(rest.len())];
    let bound = matches!(before(text, &range), b'/' | b'-' | b'.')
        || matches!(after(text, &range), b'/' | b'%' | b'-');
    ((1..=12).contains(&number(month))
        && (1..=31).contains(&number(day))
        && !bound
        && unit(text, range.clone()).is_some())
    .then_some(range)
}

/// Only names of months: `mar` but not `market 3`.
fn month_name(text: &str, range: Range<usize>) -> Option<Range<usize>> {
    const MONTHS: [&str; 12] = [
        "january",
        "february",
        "march",
        "april",
        "may",
        "june",
        "july",
        "august",
        "september",
        "october",
        "november",
        "december",
    ];
    let name = text[range.clone()]
        .split(|c: char| !c.is_ascii_lowercase())
        .find(|part| {
            part.len() >= 3
                && MONTHS
                    .iter()
                    .any(|month| month.starts_with(part) || *part == "sept")
        });
    name.and_then(|_| word(text, range))
}

fn clock(text: &str, range: Range<usize>) -> Option<Range<usize>> {
    let bound = before(text, &range) == b':' || after(text, &range) == b':';
    (number(text[range.clone()].split(':').next()?) <= 24 && !bound)
        .then_some(range)
        .and_then(|range| word(text, range))
}
