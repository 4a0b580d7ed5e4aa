//! Whether what a ticket says is a value that an argument may have. What does not fit is left to a person.

use regex::Regex;

use crate::taxonomy::Shape;
use crate::text::fold;

/// Longest value taken from a ticket, in characters.
const LONGEST: usize = 256;

/// Returns the value that a ticket's words stand for, if they stand for one.
pub(super) fn fit(shape: &Shape, said: &str) -> Option<String> {
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
    let Some(pattern) = &shape.pattern else {
        return Some(said);
    };
    let pattern = Regex::new(pattern).ok()?;
    if pattern.is_match(&said) {
        return Some(said);
    }
    let led = format!("{}{said}", shape.lead.as_deref()?);
    pattern.is_match(&led).then_some(led)
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
fn names(text: &str, word: &str) -> bool {
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
