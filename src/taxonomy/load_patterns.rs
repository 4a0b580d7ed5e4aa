//! Reading patterns, their sub-patterns and the cues of both.
//!
//! Same manner as the rest of the loader: ask for every key, close the table, then give up if something is missing.

use std::collections::BTreeSet;

use super::load::Ids;
use super::load_plays::three_point;
use super::model::{Control, Cue, Pattern, Scope, SlotNeeds, SubPattern};
use super::reader::{Faults, Fields, Value, flag, text, whole};
use super::values::{one_of, pattern_id, reference, regex, risk, sub_id, weight, words, words_or_text};
use super::words::Words;

pub(super) fn pattern(faults: &mut Faults<'_>, value: &Value<'_>, ids: &Ids) -> Option<Pattern> {
    let mut fields = Fields::open(faults, value, "a pattern")?;
    let id = fields.need(faults, "id", pattern_id);
    let owner = id.clone().unwrap_or_default();
    fields.rename(format!("pattern `{owner}`"));
    let name = words(faults, &mut fields);
    let priority = fields.need(faults, "priority", whole(0, u32::MAX));
    let toil_default = fields.maybe(faults, "toil_default", flag).unwrap_or(true);
    let families = fields.list(faults, "families", text).into_iter().collect();
    let cues_for = cues(faults, &mut fields, "cues", &owner, &families);
    let negative = cues(faults, &mut fields, "negative", &owner, &families);
    let subs = fields.list(faults, "sub", |faults, value, _| {
        sub_pattern(faults, value, &owner, &families, ids)
    });
    fields.close(faults);
    Some(Pattern {
        id: id?,
        name: name?,
        priority: priority?,
        toil_default,
        cues: cues_for,
        negative,
        subs,
    })
}

fn sub_pattern(
    faults: &mut Faults<'_>,
    value: &Value<'_>,
    pattern: &str,
    families: &BTreeSet<String>,
    ids: &Ids,
) -> Option<SubPattern> {
    let mut fields = Fields::open(faults, value, "a sub-pattern")?;
    let id = fields.need(faults, "id", |faults, value, what| {
        sub_id(faults, value, what, pattern)
    });
    let owner = id.clone().unwrap_or_default();
    fields.rename(format!("sub-pattern `{owner}`"));
    let name = words(faults, &mut fields);
    let sub = SubPattern {
        id: id.unwrap_or_default(),
        name: name.clone().unwrap_or(Words {
            ja: String::new(),
            en: String::new(),
        }),
        systems: fields.list(faults, "systems", reference("system", &ids.systems)),
        require_system: fields.maybe(faults, "require_system", flag).unwrap_or(false),
        require_own_cue: fields.maybe(faults, "require_own_cue", flag).unwrap_or(false),
        require_pattern_vote: fields
            .maybe(faults, "require_pattern_vote", flag)
            .unwrap_or(false),
        cues: cues(faults, &mut fields, "cues", &owner, families),
        negative: cues(faults, &mut fields, "negative", &owner, families),
        slots: fields
            .maybe(faults, "slots", |f, value, what| slot_needs(f, value, what, ids))
            .unwrap_or_default(),
        minutes: fields.maybe(faults, "minutes", three_point(f64::MAX)),
        plays: fields.list(faults, "plays", reference("play", &ids.plays)),
        risk: fields.need(faults, "risk", risk).unwrap_or(1),
        approval: fields.maybe(faults, "approval", approval).flatten(),
        reversible: fields.maybe(faults, "reversible", flag).unwrap_or(true),
        control: fields.maybe(faults, "control", one_of(&CONTROLS)),
    };
    requirements_can_be_met(faults, &mut fields, &sub);
    fields.close(faults);
    name.map(|_| sub)
}

/// Words that say that nobody has to approve.
const NOBODY: [&str; 6] = ["none", "nobody", "no one", "なし", "不要", "-"];

/// Who has to approve, in both languages or in one text; `None` within for words that say nobody.
fn approval(faults: &mut Faults<'_>, value: &Value<'_>, what: &str) -> Option<Option<Words>> {
    let who = words_or_text(faults, value, what)?;
    let is_nobody = NOBODY.contains(&who.en.trim().to_lowercase().as_str());
    Some((!is_nobody).then_some(who))
}

/// What can be kept in check, by the names of the file.
pub(super) const CONTROLS: [(&str, Control); 2] = [("leaver", Control::Leaver), ("grant", Control::Grant)];

fn requirements_can_be_met(faults: &mut Faults<'_>, fields: &mut Fields<'_, '_>, sub: &SubPattern) {
    if sub.require_system && !fields.lists_any("systems") {
        let message = format!("{} requires a system and lists none", fields.what());
        faults.at(
            fields.start(),
            message,
            "fill `systems`, or drop `require_system`",
        );
    }
    if sub.require_own_cue && !fields.lists_any("cues") {
        let message = format!("{} requires a cue of its own and has none", fields.what());
        faults.at(fields.start(), message, "fill `cues`, or drop `require_own_cue`");
    }
}

fn slot_needs(faults: &mut Faults<'_>, value: &Value<'_>, what: &str, ids: &Ids) -> Option<SlotNeeds> {
    let mut fields = Fields::open(faults, value, what)?;
    let required = fields.list(faults, "required", reference("slot", &ids.slots));
    let optional = fields.list(faults, "optional", reference("slot", &ids.slots));
    fields.close(faults);
    Some(SlotNeeds { required, optional })
}

/// Reads a list of cues and gives each an id: its own, or owner, list and position.
pub(super) fn cues(
    faults: &mut Faults<'_>,
    fields: &mut Fields<'_, '_>,
    key: &'static str,
    owner: &str,
    families: &BTreeSet<String>,
) -> Vec<Cue> {
    let list = if key == "cues" { "cue" } else { "not" };
    let mut position = 0;
    let mut seen = BTreeSet::new();
    fields.list(faults, key, |faults, value, _| {
        position += 1;
        let cue = cue(faults, value, format!("{owner}.{list}.{position}"), families)?;
        if !seen.insert(cue.id.clone()) {
            faults.at(
                value.span().start,
                format!("a second cue has the id `{}`", cue.id),
                "rename one of them",
            );
        }
        Some(cue)
    })
}

fn cue(
    faults: &mut Faults<'_>,
    value: &Value<'_>,
    place: String,
    families: &BTreeSet<String>,
) -> Option<Cue> {
    const SCOPES: [(&str, Scope); 4] = [
        ("any", Scope::Any),
        ("title", Scope::Title),
        ("code", Scope::Code),
        ("category", Scope::Category),
    ];
    let mut fields = Fields::open(faults, value, format!("cue `{place}`"))?;
    let pattern = fields.need(faults, "re", regex);
    let weight = fields.need(faults, "w", weight);
    let family = fields.maybe(faults, "fam", reference("family", families));
    let scope = fields.maybe(faults, "in", one_of(&SCOPES)).unwrap_or_default();
    let id = fields.maybe(faults, "id", text).unwrap_or(place);
    fields.close(faults);
    Some(Cue {
        id,
        pattern: pattern?,
        weight: weight?,
        family,
        scope,
    })
}

pub(super) fn distinct(faults: &mut Faults<'_>, ids: &[(String, usize)]) {
    let mut seen = BTreeSet::new();
    for (id, start) in ids {
        if !seen.insert(id) {
            faults.at(
                *start,
                format!("the id `{}` is taken", id.escape_debug()),
                "give each pattern its own id",
            );
        }
    }
}

/// The ids of all patterns and sub-patterns with their places, as far as they can be read.
pub(super) fn pattern_ids(patterns: &Value<'_>) -> Vec<(String, usize)> {
    let mut found = Vec::new();
    for pattern in patterns.get_ref().as_array().into_iter().flatten() {
        let subs = pattern
            .get_ref()
            .get("sub")
            .and_then(|subs| subs.get_ref().as_array());
        for entry in std::iter::once(pattern).chain(subs.into_iter().flatten()) {
            let id = entry.get_ref().get("id");
            let id = id.and_then(|id| {
                id.get_ref()
                    .as_str()
                    .map(|text| (text.to_owned(), id.span().start))
            });
            found.extend(id);
        }
    }
    found
}
