//! Whether what a ticket says is a value that an argument may have. What does not fit is left to a person.

use regex::Regex;

use crate::taxonomy::Shape;
use crate::text::fold;

/// Longest value taken from a ticket, in characters.
const LONGEST: usize = 256;

/// Whether a ticket's words ask for what no row may give: an administrator or owner is approved apart.
pub(super) fn is_refused(shape: &Shape, said: &str) -> bool {
    let Some(reject) = &shape.reject else {
        return false;
    };
    // A regex that does not compile refuses everything; the loader lets none through.
    let refuses = |text: &str| Regex::new(reject).map_or(true, |reject| reject.is_match(text));
    refuses(said.trim()) || refuses(&fold(said))
}

/// Returns the day that words stand for, as an instant behind which the shape puts its `trail`; `None` for words
/// without a year, for two days, or for a shape whose values are no instants.
pub(super) fn fit_day(shape: &Shape, said: &str) -> Option<String> {
    let trail = shape.trail.as_deref()?;
    let folded = fold(said);
    let mut numbers = folded
        .split(|c: char| !c.is_ascii_digit())
        .filter(|part| !part.is_empty());
    let (year, month, day) = (numbers.next()?, numbers.next()?, numbers.next()?);
    let is_whole = numbers.next().is_none() && year.len() == 4;
    let (month, day) = (month.parse::<u8>().ok()?, day.parse::<u8>().ok()?);
    if !is_whole || !(1..=12).contains(&month) || !(1..=31).contains(&day) {
        return None;
    }
    fit(shape, &format!("{year}-{month:02}-{day:02}{trail}"))
}

/// Returns the value that a ticket's words stand for, if they stand for one.
pub(super) fn fit(shape: &Shape, said: &str) -> Option<String> {
    if is_refused(shape, said) {
        return None;
    }
    let said = said.trim();
    let said = match &shape.after {
        Some(after) => said.rsplit(after.as_str()).next().unwrap_or(said),
        None => said,
    };
    if said.is_empty() || said.chars().count() > LONGEST {
        return None;
    }
    let said = match shape.choices.is_empty() {
        true => said.to_owned(),
        false => chosen(shape, said)?,
    };
    let value = match &shape.pattern {
        None => said,
        Some(pattern) => {
            let pattern = Regex::new(pattern).ok()?;
            match pattern.is_match(&said) {
                true => said,
                false => {
                    let led = format!("{}{said}", shape.lead.as_deref()?);
                    pattern.is_match(&led).then_some(led)?
                }
            }
        }
    };
    (!is_refused(shape, &value)).then_some(value)
}

/// The one choice that the words name, by itself or by a word that means it; two different ones are none.
fn chosen(shape: &Shape, said: &str) -> Option<String> {
    let folded = fold(said);
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
    use crate::taxonomy::Choice;

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
                is_refused(&role, strong) && fit(&role, strong).is_none(),
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
    fn a_day_becomes_the_instant_at_its_end() {
        let until = Shape {
            pattern: Some(r"^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}Z$".into()),
            trail: Some("T14:59:59Z".into()),
            ..Shape::default()
        };
        for day in ["2026-09-30", "2026/9/30", "２０２６年９月３０日まで"] {
            assert_eq!(
                fit_day(&until, day).as_deref(),
                Some("2026-09-30T14:59:59Z"),
                "{day}"
            );
        }
        for none in ["9/30", "2026-13-01", "2026-09-30 から 2026-10-30", "月末"] {
            assert_eq!(fit_day(&until, none), None, "{none}");
        }
        assert_eq!(fit_day(&levels(), "2026-09-30"), None);
    }

    #[test]
    fn what_leads_is_put_before_and_what_cuts_cuts() {
        let member = Shape {
            pattern: Some("^(user|group):[^@ ]+@[a-z.]+$".into()),
            lead: Some("user:".into()),
            ..Shape::default()
        };
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
