//! Writes entries of a taxonomy as TOML that the loader reads back to the same entry.
//!
//! For people who look one up to paste it into an own file: keys in the order of the built-in file, what has its
//! default left out. Comments of the source are not kept.

use std::collections::BTreeSet;
use std::fmt::Write;

use super::estimate::ThreePoint;
use super::load_patterns::CONTROLS;
use super::model::{Cue, Pattern, Scope, Slot, SlotNeeds, SubPattern};
use super::words::Words;
pub use super::write_play::play;

/// Writes a pattern with all its sub-patterns.
#[must_use]
pub fn pattern(pattern: &Pattern) -> String {
    let mut out = Entry::open("[[pattern]]");
    out.text("id", &pattern.id);
    out.text("ja", &pattern.name.ja);
    out.text("en", &pattern.name.en);
    out.raw("priority", &pattern.priority.to_string());
    if !pattern.toil_default {
        out.raw("toil_default", "false");
    }
    let subs = pattern.subs.iter();
    let cues = subs
        .flat_map(|sub| sub.cues.iter().chain(&sub.negative))
        .chain(&pattern.cues)
        .chain(&pattern.negative);
    let families: BTreeSet<&str> = cues.filter_map(|cue| cue.family.as_deref()).collect();
    out.texts("families", families);
    out.cues("cues", &pattern.cues, &format!("{}.cue", pattern.id));
    out.cues("negative", &pattern.negative, &format!("{}.not", pattern.id));
    for part in &pattern.subs {
        out.0.push('\n');
        out.0.push_str(&sub(part));
    }
    out.0
}

/// Writes a sub-pattern; it belongs below its pattern, which declares the families of its cues.
#[must_use]
pub fn sub(sub: &SubPattern) -> String {
    let mut out = Entry::open("[[pattern.sub]]");
    out.text("id", &sub.id);
    out.text("ja", &sub.name.ja);
    out.text("en", &sub.name.en);
    out.texts("systems", sub.systems.iter().map(String::as_str));
    for (key, on) in [
        ("require_system", sub.require_system),
        ("require_own_cue", sub.require_own_cue),
        ("require_pattern_vote", sub.require_pattern_vote),
    ] {
        if on {
            out.raw(key, "true");
        }
    }
    out.cues("cues", &sub.cues, &format!("{}.cue", sub.id));
    out.cues("negative", &sub.negative, &format!("{}.not", sub.id));
    if sub.slots != SlotNeeds::default() {
        let (required, optional) = (list(&sub.slots.required), list(&sub.slots.optional));
        out.raw(
            "slots",
            &format!("{{ required = {required}, optional = {optional} }}"),
        );
    }
    if let Some(minutes) = sub.minutes {
        out.raw("minutes", &range(minutes));
    }
    out.texts("plays", sub.plays.iter().map(String::as_str));
    out.raw("risk", &sub.risk.to_string());
    if let Some(approval) = &sub.approval {
        out.raw("approval", &words(approval));
    }
    if !sub.reversible {
        out.raw("reversible", "false");
    }
    let control = CONTROLS.iter().find(|(_, of)| Some(*of) == sub.control);
    if let Some((name, _)) = control {
        out.text("control", name);
    }
    out.0
}

/// Writes a text in both languages, or once where it is the same in both.
pub(super) fn words(words: &Words) -> String {
    if words.ja == words.en {
        return quoted(&words.en);
    }
    format!("{{ ja = {}, en = {} }}", quoted(&words.ja), quoted(&words.en))
}

/// Writes a slot.
#[must_use]
pub fn slot(slot: &Slot) -> String {
    let mut out = Entry::open(&format!("[slots.{}]", slot.id));
    out.text("ja", &slot.name.ja);
    out.text("en", &slot.name.en);
    out.texts("entities", slot.entities.iter().map(String::as_str));
    out.texts("form", slot.form.iter().map(String::as_str));
    out.texts("detect", slot.detect.iter().map(super::CuePattern::source));
    out.texts("reject", slot.reject.iter().map(super::CuePattern::source));
    out.0
}

/// An entry of the file, growing key by key.
pub(super) struct Entry(String);

impl Entry {
    pub(super) fn open(head: &str) -> Self {
        Self(format!("{head}\n"))
    }

    pub(super) fn raw(&mut self, key: &str, value: &str) {
        // Writing to a string cannot fail.
        let _ = writeln!(self.0, "{key} = {value}");
    }

    pub(super) fn text(&mut self, key: &str, value: &str) {
        self.raw(key, &quoted(value));
    }

    pub(super) fn texts<'a>(&mut self, key: &str, values: impl IntoIterator<Item = &'a str>) {
        let values: Vec<String> = values.into_iter().map(quoted).collect();
        if !values.is_empty() {
            self.raw(key, &format!("[{}]", values.join(", ")));
        }
    }

    pub(super) fn into_text(self) -> String {
        self.0
    }

    fn cues(&mut self, key: &str, cues: &[Cue], owner: &str) {
        if cues.is_empty() {
            return;
        }
        let lines: String = (1..)
            .zip(cues)
            .map(|(position, of)| cue(of, &format!("{owner}.{position}")))
            .collect();
        self.raw(key, &format!("[\n{lines}]"));
    }
}

/// Writes a cue; `place` is the id that the loader gives to a cue without one.
fn cue(cue: &Cue, place: &str) -> String {
    let mut line = format!("  {{ re = {}, w = {:?}", quoted(cue.pattern.source()), cue.weight);
    let scope = match cue.scope {
        Scope::Any => None,
        Scope::Title => Some("title"),
        Scope::Code => Some("code"),
        Scope::Category => Some("category"),
    };
    for (key, value) in [
        ("fam", cue.family.as_deref()),
        ("in", scope),
        ("id", Some(cue.id.as_str()).filter(|id| *id != place)),
    ] {
        if let Some(value) = value {
            let _ = write!(line, ", {key} = {}", quoted(value));
        }
    }
    format!("{line} }},\n")
}

pub(super) fn list(values: &[String]) -> String {
    let values: Vec<String> = values.iter().map(|value| quoted(value)).collect();
    format!("[{}]", values.join(", "))
}

pub(super) fn range(range: ThreePoint) -> String {
    format!(
        "{{ low = {:?}, likely = {:?}, high = {:?} }}",
        range.low, range.likely, range.high
    )
}

/// Quotes a text: as a literal where it holds a backslash, as in regexes, and else as a basic string.
pub(super) fn quoted(text: &str) -> String {
    let literal = text.contains('\\') || text.contains('"');
    if literal && !text.contains('\'') && !text.chars().any(char::is_control) {
        return format!("'{text}'");
    }
    let mut out = String::from("\"");
    for c in text.chars() {
        match c {
            '"' | '\\' => out.extend(['\\', c]),
            '\n' => out.push_str("\\n"),
            '\t' => out.push_str("\\t"),
            c if c.is_control() => {
                let _ = write!(out, "\\u{:04x}", u32::from(c));
            }
            c => out.push(c),
        }
    }
    out.push('"');
    out
}

#[cfg(test)]
mod tests {
    use super::{pattern, play, quoted, slot};
    use crate::taxonomy::Taxonomy;
    use proptest::prelude::*;

    /// The built-in taxonomy with every entry that can be looked up replaced by what is written for it.
    fn rewritten(taxonomy: &Taxonomy) -> String {
        let is_head = |line: &str| line.starts_with('[') && line.ends_with(']');
        let is_entry = |line: &str| {
            let heads = ["[slots", "[plays", "[[plays", "[[pattern"];
            heads.iter().any(|head| line.starts_with(head))
        };
        let (mut kept, mut skips) = (String::new(), false);
        for line in Taxonomy::BUILTIN.lines() {
            if is_head(line) {
                skips = is_entry(line);
            }
            if !skips {
                kept.push_str(line);
                kept.push('\n');
            }
        }
        let entries = taxonomy.slots.iter().map(slot);
        let entries = entries.chain(taxonomy.plays.iter().map(play));
        let entries: Vec<String> = entries.chain(taxonomy.patterns.iter().map(pattern)).collect();
        format!("{kept}\n{}", entries.join("\n"))
    }

    #[test]
    fn what_is_written_reads_back_with_every_property_it_had() {
        let before = Taxonomy::parse("before", Taxonomy::BUILTIN).expect("valid");
        let mut after = Taxonomy::parse("after", &rewritten(&before)).expect("what was written is valid");
        // The hash is that of the bytes; all else must be as it was, what is added to the types later included.
        after.hash.clone_from(&before.hash);
        for (before, after) in before.patterns.iter().zip(&after.patterns) {
            for (before, after) in before.subs.iter().zip(&after.subs) {
                assert_eq!(format!("{before:#?}"), format!("{after:#?}"));
            }
        }
        assert!(format!("{before:?}") == format!("{after:?}"), "something is lost");
    }

    #[test]
    fn slots_and_plays_are_toml() {
        let builtin = Taxonomy::builtin().expect("valid");
        for text in builtin
            .slots
            .iter()
            .map(slot)
            .chain(builtin.plays.iter().map(play))
        {
            assert!(toml::de::DeTable::parse(&text).is_ok(), "{text}");
        }
    }

    proptest! {
        #[test]
        fn any_text_can_be_quoted(text in "\\PC{0,20}[\\x00-\\x7f]{0,20}['\"\\\\]{0,3}") {
            let line = format!("a = {}", quoted(&text));
            let table = toml::de::DeTable::parse(&line).expect("valid");
            let value = table.get_ref().get("a").and_then(|v| v.get_ref().as_str().map(str::to_owned));
            prop_assert_eq!(value.as_deref(), Some(text.as_str()));
        }
    }
}
