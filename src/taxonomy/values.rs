//! The values that stand in a taxonomy: ids, references, weights, regexes, names.
//!
//! One reader for each, with what is wrong and what to write instead. They know nothing of the entries they stand
//! in; which keys an entry has is the loader's.

use std::collections::BTreeSet;

use toml::de::DeValue;

use super::check;
use super::model::ENTITY_KINDS;
use super::pattern::CuePattern;
use super::reader::{Faults, Fields, Value, number, refuse, text, whole};
use super::words::Words;
use crate::text::near;

/// The largest weight of a cue: two such votes decide against anything a sane taxonomy says.
const MAX_WEIGHT: f64 = 10.0;

/// The Japanese and English name of an entry.
pub(super) fn words(faults: &mut Faults<'_>, fields: &mut Fields<'_, '_>) -> Option<Words> {
    let ja = fields.need(faults, "ja", text);
    let en = fields.need(faults, "en", text);
    Some(Words { ja: ja?, en: en? })
}

/// A text in both languages, or one text that stands for both.
pub(super) fn words_or_text(faults: &mut Faults<'_>, value: &Value<'_>, what: &str) -> Option<Words> {
    if !matches!(value.get_ref(), DeValue::Table(_)) {
        let text = text(faults, value, what)?;
        return Some(Words {
            ja: text.clone(),
            en: text,
        });
    }
    let mut fields = Fields::open(faults, value, what)?;
    let read = words(faults, &mut fields);
    fields.close(faults);
    read
}

/// An id that stands elsewhere in the file.
pub(super) fn reference<'k>(
    kind: &'k str,
    known: &'k BTreeSet<String>,
) -> impl FnMut(&mut Faults<'_>, &Value<'_>, &str) -> Option<String> + 'k {
    move |faults, value, what| {
        let id = text(faults, value, what)?;
        if known.contains(&id) {
            return Some(id);
        }
        let message = format!("{what} names an unknown {kind} `{}`", id.escape_debug());
        let meant = near(&id, known.iter().map(String::as_str));
        let hint = match (known.is_empty(), meant.as_slice()) {
            (true, _) => format!("no {kind} is declared where this could refer to it"),
            (false, []) => format!(
                "known are {}",
                known.iter().cloned().collect::<Vec<_>>().join(", ")
            ),
            (false, meant) => format!("did you mean {}?", meant.join(", ")),
        };
        faults.at(value.span().start, message, hint);
        None
    }
}

/// One of a few words, each with what it means.
pub(super) fn one_of<'k, T: Copy>(
    choices: &'k [(&'k str, T)],
) -> impl FnOnce(&mut Faults<'_>, &Value<'_>, &str) -> Option<T> + 'k {
    move |faults, value, what| {
        let word = text(faults, value, what)?;
        let found = choices
            .iter()
            .find(|(name, _)| *name == word)
            .map(|(_, choice)| *choice);
        if found.is_none() {
            let names: Vec<&str> = choices.iter().map(|(name, _)| *name).collect();
            let message = format!("{what} is `{}`", word.escape_debug());
            faults.at(
                value.span().start,
                message,
                format!("write one of {}", names.join(", ")),
            );
        }
        found
    }
}

/// What a cue's voice counts.
pub(super) fn weight(faults: &mut Faults<'_>, value: &Value<'_>, what: &str) -> Option<f64> {
    let weight = number(-f64::MAX, f64::MAX)(faults, value, what)?;
    if weight > 0.0 && weight <= MAX_WEIGHT {
        return Some(weight);
    }
    let hint = "write a number above 0 and up to 10; what speaks against belongs under `negative`";
    faults.at(value.span().start, format!("{what} is {weight}"), hint);
    None
}

/// The risk of a change, 1 to 4.
pub(super) fn risk(faults: &mut Faults<'_>, value: &Value<'_>, what: &str) -> Option<u8> {
    whole(1, 4)(faults, value, what).and_then(|risk| u8::try_from(risk).ok())
}

/// A regex over normalised text.
pub(super) fn regex(faults: &mut Faults<'_>, value: &Value<'_>, what: &str) -> Option<CuePattern> {
    let source = text(faults, value, what)?;
    let parse = if faults.trusts_regexes() {
        CuePattern::parse_trusted
    } else {
        CuePattern::parse
    };
    parse(&source)
        .map_err(|refusal| refuse(faults, value, what, refusal))
        .ok()
}

/// A word that is compared with normalised text.
pub(super) fn plain(faults: &mut Faults<'_>, value: &Value<'_>, what: &str) -> Option<String> {
    let word = text(faults, value, what)?;
    check::plain_word(&word)
        .map_err(|refusal| refuse(faults, value, what, refusal))
        .ok()?;
    Some(word)
}

/// The name of a kind of entity.
pub(super) fn entity_kind(faults: &mut Faults<'_>, value: &Value<'_>, what: &str) -> Option<String> {
    let kinds = ENTITY_KINDS.map(String::from).into_iter().collect();
    reference("kind of entity", &kinds)(faults, value, what)
}

/// The id of a pattern.
pub(super) fn pattern_id(faults: &mut Faults<'_>, value: &Value<'_>, what: &str) -> Option<String> {
    let id = text(faults, value, what)?;
    if !is_id(&id) {
        faults.at(
            value.span().start,
            format!("{what} is `{}`", id.escape_debug()),
            ID_HINT,
        );
    }
    Some(id)
}

/// The id of a sub-pattern: that of its pattern, a dot, and a name.
pub(super) fn sub_id(
    faults: &mut Faults<'_>,
    value: &Value<'_>,
    what: &str,
    pattern: &str,
) -> Option<String> {
    let id = text(faults, value, what)?;
    let own = id.strip_prefix(pattern).and_then(|rest| rest.strip_prefix('.'));
    if !own.is_some_and(is_id) {
        let hint = format!("write `{pattern}.` and a name of lower-case letters, digits and underscores");
        faults.at(
            value.span().start,
            format!("{what} is `{}`", id.escape_debug()),
            hint,
        );
    }
    Some(id)
}

/// Reports a key that cannot serve as an id.
pub(super) fn id_shape(faults: &mut Faults<'_>, id: &str, start: usize) {
    if !is_id(id) {
        faults.at(start, format!("`{}` is no id", id.escape_debug()), ID_HINT);
    }
}

const ID_HINT: &str =
    "start with a lower-case letter and go on with lower-case letters, digits and underscores";

fn is_id(id: &str) -> bool {
    id.starts_with(|c: char| c.is_ascii_lowercase())
        && id
            .chars()
            .all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_')
}
