//! Whether what a ticket says is a value that an argument may have. What does not fit is left to a person.

use jiff::civil::{Date, time};
use jiff::tz::TimeZone;
use regex::Regex;

use crate::taxonomy::Shape;
use crate::text::fold;

/// How people write a day.
pub(super) const DAY: &str = "YYYY-MM-DD";

/// A day as rows may hold it.
pub(super) const DAY_PATTERN: &str = r"^\d{4}-\d{2}-\d{2}$";

/// A year whose offsets stand for all: a draft reads no clock.
const A_YEAR: i16 = 2026;

/// Longest value taken from a ticket, in characters.
const LONGEST: usize = 256;

/// A shape made ready to look at many values.
pub(super) struct Sieve<'s> {
    shape: &'s Shape,
    pattern: Option<Regex>,
    reject: Option<Regex>,
    /// Whether its regexes compile. The loader lets no others through; here nothing fits one that does not.
    is_sound: bool,
    /// Where days end.
    zone: &'s TimeZone,
}

impl<'s> Sieve<'s> {
    pub(super) fn new(shape: &'s Shape, zone: &'s TimeZone) -> Self {
        let compiled = |source: &Option<String>| source.as_deref().map(Regex::new).transpose();
        let (pattern, reject) = (compiled(&shape.pattern), compiled(&shape.reject));
        Self {
            shape,
            is_sound: pattern.is_ok() && reject.is_ok(),
            pattern: pattern.ok().flatten(),
            reject: reject.ok().flatten(),
            zone,
        }
    }

    /// Whether a ticket's words ask for what no row may give: an administrator or owner is approved apart.
    pub(super) fn refuses(&self, said: &str) -> bool {
        let reject = self.reject.as_ref();
        reject.is_some_and(|reject| reject.is_match(said.trim()) || reject.is_match(&fold(said)))
    }

    /// Returns the instant at which the day ends that words stand for, in UTC; `None` for words without a year, for two
    /// days, for a day that no calendar has, or for a shape whose values are no instants.
    pub(super) fn day(&self, said: &str) -> Option<String> {
        if !self.shape.day_end {
            return None;
        }
        let folded = fold(said);
        let mut numbers = folded
            .split(|c: char| !c.is_ascii_digit())
            .filter(|part| !part.is_empty());
        let (year, month, day) = (numbers.next()?, numbers.next()?, numbers.next()?);
        if numbers.next().is_some() || year.len() != 4 {
            return None;
        }
        let date = Date::new(year.parse().ok()?, month.parse().ok()?, day.parse().ok()?).ok()?;
        let end = date.to_datetime(time(23, 59, 59, 0)).to_zoned(self.zone.clone());
        let instant = end.ok()?.timestamp().strftime("%Y-%m-%dT%H:%M:%SZ").to_string();
        self.fit(&instant)
    }

    /// Returns the value that a ticket's words stand for, if they stand for one.
    pub(super) fn fit(&self, said: &str) -> Option<String> {
        if !self.is_sound || self.refuses(said) {
            return None;
        }
        let said = said.trim();
        let said = match &self.shape.after {
            Some(after) => said.rsplit(after.as_str()).next().unwrap_or(said),
            None => said,
        };
        let said = match &self.shape.before {
            Some(before) => said.split(|c| before.contains(c)).next().unwrap_or(said),
            None => said,
        };
        if said.is_empty() || said.chars().count() > LONGEST {
            return None;
        }
        let said = match self.shape.choices.is_empty() {
            true => said.to_owned(),
            false => chosen(self.shape, said)?,
        };
        let value = self.led(said)?;
        (!self.refuses(&value)).then_some(value)
    }

    /// Returns the value that longer words stand for as they are, before anything is looked for in them; `None` for a
    /// shape that would take any words. A kind before an address is kept only where the argument has one.
    pub(super) fn fit_whole(&self, said: &str) -> Option<String> {
        let has_kind = said.contains(':') && said.contains('@');
        if self.pattern.is_none() || !self.shape.choices.is_empty() || (has_kind && self.shape.lead.is_none())
        {
            return None;
        }
        self.fit(said)
    }

    /// The words as the pattern wants them, by themselves or with what leads.
    fn led(&self, said: String) -> Option<String> {
        let Some(pattern) = self.pattern.as_ref().filter(|pattern| !pattern.is_match(&said)) else {
            return Some(said);
        };
        let of_kind = self.shape.lead_for.iter().find(|kind| said.ends_with(&kind.end));
        let lead = of_kind.map(|kind| &kind.lead).or(self.shape.lead.as_ref())?;
        let led = format!("{lead}{said}");
        pattern.is_match(&led).then_some(led)
    }
}

/// What is added to the end of a day in UTC to make it that of the zone, as Terraform's `timeadd` takes it. Terraform knows
/// no zones, so where clocks change it is the later end all year: no grant ends before its midnight.
pub(super) fn until_midnight(zone: &TimeZone) -> String {
    let offset = |month| {
        let noon = Date::new(A_YEAR, month, 15).ok()?.to_datetime(time(12, 0, 0, 0));
        Some(noon.to_zoned(zone.clone()).ok()?.offset().seconds())
    };
    let minutes = -[1, 7].into_iter().filter_map(offset).min().unwrap_or(0) / 60;
    let sign = if minutes < 0 { "-" } else { "" };
    format!("{sign}{}h{}m", minutes.abs() / 60, minutes.abs() % 60)
}

/// The one choice that the words name, by itself or by a word that means it; two different ones are none.
fn chosen(shape: &Shape, said: &str) -> Option<String> {
    let folded = fold(said);
    // A role that somebody made may be called like any other.
    if folded.contains("/roles/") {
        return None;
    }
    if let Some(choice) = shape.choices.iter().find(|choice| fold(&choice.value) == folded) {
        return Some(choice.value.clone());
    }
    let means = |words: &[String]| words.iter().any(|word| names(&folded, word));
    let mut meant = shape
        .choices
        .iter()
        .filter(|choice| names(&folded, &fold(&choice.value)) || means(&choice.words));
    let first = meant.next()?;
    meant.next().is_none().then(|| first.value.clone())
}

/// Whether a text names a word: a Latin word as a whole, any other as a part.
pub(super) fn names(text: &str, word: &str) -> bool {
    if !word.is_ascii() {
        return text.contains(word);
    }
    text.match_indices(word).any(|(at, _)| {
        let letter = |c: Option<char>| c.is_some_and(|c| c.is_ascii_alphanumeric());
        !letter(text[..at].chars().next_back()) && !letter(text[at + word.len()..].chars().next())
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::taxonomy::{Choice, Lead};

    fn fit(shape: &Shape, said: &str) -> Option<String> {
        Sieve::new(shape, &TimeZone::UTC).fit(said)
    }

    fn levels() -> Shape {
        let choice = |value: &str, words: &[&str]| Choice {
            value: value.to_owned(),
            words: words.iter().map(|word| (*word).to_owned()).collect(),
        };
        Shape {
            choices: vec![choice("pull", &["read", "閲覧"]), choice("push", &["write"])],
            ..Shape::default()
        }
    }

    #[test]
    fn words_of_tickets_stand_for_choices() {
        assert_eq!(fit(&levels(), "Pull").as_deref(), Some("pull"));
        assert_eq!(fit(&levels(), "閲覧のみ").as_deref(), Some("pull"));
        assert_eq!(fit(&levels(), "write access").as_deref(), Some("push"));
    }

    #[test]
    fn a_role_of_ones_own_is_no_choice() {
        assert_eq!(fit(&levels(), "projects/kawasemi-stg/roles/read"), None);
        assert_eq!(fit(&levels(), "roles/read").as_deref(), Some("pull"));
    }

    #[test]
    fn a_strong_role_or_a_double_meaning_is_not_guessed() {
        assert_eq!(fit(&levels(), "admin"), None);
        assert_eq!(fit(&levels(), "read and write"), None);
        assert_eq!(fit(&levels(), "already"), None);
    }

    #[test]
    fn what_no_row_may_give_fits_nothing() {
        let role = Shape {
            pattern: Some("^roles/[A-Za-z.]+$".into()),
            reject: Some("(?i)owner|admin|^roles/editor$".into()),
            ..Shape::default()
        };
        assert_eq!(
            fit(&role, "roles/run.viewer").as_deref(),
            Some("roles/run.viewer")
        );
        for strong in [
            "roles/owner",
            "roles/editor",
            "roles/iam.securityAdmin",
            "ＡＤＭＩＮ",
        ] {
            assert!(
                Sieve::new(&role, &TimeZone::UTC).refuses(strong) && fit(&role, strong).is_none(),
                "{strong}"
            );
        }
        // Two wishes, one of them strong: the weak one is not what was asked.
        let level = Shape {
            reject: Some("admin|管理者".into()),
            ..levels()
        };
        assert_eq!(fit(&level, "閲覧、できれば管理者"), None);
    }

    #[test]
    fn a_day_becomes_the_instant_at_which_it_ends_where_the_desk_is() {
        let until = Shape {
            pattern: Some(r"^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}Z$".into()),
            day_end: true,
            ..Shape::default()
        };
        for (zone, end) in [
            ("Asia/Tokyo", "2026-09-30T14:59:59Z"),
            ("UTC", "2026-09-30T23:59:59Z"),
            ("America/New_York", "2026-10-01T03:59:59Z"),
        ] {
            let zone = TimeZone::get(zone).unwrap();
            for day in ["2026-09-30", "2026/9/30", "２０２６年９月３０日まで"] {
                assert_eq!(Sieve::new(&until, &zone).day(day).as_deref(), Some(end), "{day}");
            }
        }
        for none in [
            "9/30",
            "2026-13-01",
            "2026-02-30",
            "2026-09-30 から 2026-10-30",
            "月末",
        ] {
            assert_eq!(Sieve::new(&until, &TimeZone::UTC).day(none), None, "{none}");
        }
        assert_eq!(Sieve::new(&levels(), &TimeZone::UTC).day("2026-09-30"), None);
    }

    #[test]
    fn what_leads_is_put_before_and_what_cuts_cuts() {
        let member = Shape {
            pattern: Some("^(user|group|robot):[^@ ]+@[a-z.]+$".into()),
            lead: Some("user:".into()),
            lead_for: vec![Lead {
                end: ".robots.example".into(),
                lead: "robot:".into(),
            }],
            ..Shape::default()
        };
        assert_eq!(
            fit(&member, "a@b.robots.example").as_deref(),
            Some("robot:a@b.robots.example")
        );
        assert_eq!(fit(&member, "a@b.example").as_deref(), Some("user:a@b.example"));
        assert_eq!(
            fit(&member, "group:a@b.example").as_deref(),
            Some("group:a@b.example")
        );
        assert_eq!(fit(&member, "allUsers"), None);
        let name = Shape {
            pattern: Some("^[a-z-]+$".into()),
            after: Some("/".into()),
            ..Shape::default()
        };
        assert_eq!(fit(&name, "org/web-app").as_deref(), Some("web-app"));
        assert_eq!(fit(&name, "org/${x}"), None);
    }
}
