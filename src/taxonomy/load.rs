//! From TOML to a taxonomy: which keys each entry has, and what must hold between entries.
//!
//! Every function reads one kind of entry: it asks for all keys, closes the table, and only then gives up on an
//! entry that lacks something, so that one run names all faults. References are checked against ids collected
//! beforehand, so that a faulty play does not make every pattern that names it faulty too.

use std::collections::BTreeSet;

use sha2::{Digest, Sha256};
use toml::de::{DeTable, DeValue};

use super::check;
use super::fault::TaxonomyError;
use super::load_plays::{self, three_point};
use super::load_settings;
use super::model::{
    Concept, ConceptKind, Cue, ENTITY_KINDS, Exclusion, ExclusionRule, OTHER, Pattern, Scope, Slot,
    SlotNeeds, SubPattern, System, Taxonomy,
};
use super::pattern::CuePattern;
use super::reader::{Faults, Fields, Value, flag, number, refuse, text, whole};
use super::words::Words;

/// The largest weight of a cue: two such votes decide against anything a sane taxonomy says.
const MAX_WEIGHT: f64 = 10.0;

/// Reads a whole file.
pub(super) fn taxonomy(name: &str, source: &str) -> Result<Taxonomy, TaxonomyError> {
    read(Faults::new(name, source), source)
}

/// Reads the file that the binary carries, whose regexes a test has checked.
pub(super) fn builtin(name: &str, source: &str) -> Result<Taxonomy, TaxonomyError> {
    read(Faults::trusting(name, source), source)
}

fn read(mut faults: Faults<'_>, source: &str) -> Result<Taxonomy, TaxonomyError> {
    let taxonomy = match DeTable::parse(source) {
        Ok(root) => document(&mut faults, root.get_ref(), hash(source)),
        Err(error) => syntax(&mut faults, &error),
    };
    let faults = faults.sorted();
    taxonomy
        .filter(|_| faults.is_empty())
        .ok_or(TaxonomyError { faults })
}

/// Ids that entries may refer to, whether or not what they name can be read.
pub(super) struct Ids {
    pub(super) systems: BTreeSet<String>,
    pub(super) slots: BTreeSet<String>,
    pub(super) plays: BTreeSet<String>,
    pub(super) foundations: BTreeSet<String>,
}

fn document(faults: &mut Faults<'_>, root: &DeTable<'_>, hash: String) -> Option<Taxonomy> {
    let ids = Ids {
        systems: keys(root, "systems"),
        slots: keys(root, "slots"),
        plays: keys(root, "plays"),
        foundations: keys(root, "foundations"),
    };
    let mut fields = Fields::of(root, 0, "the taxonomy");
    fields.need(faults, "schema_version", whole(1, 1));
    let version = fields.need(faults, "version", text);
    let engine = fields
        .maybe(faults, "engine", load_settings::engine)
        .unwrap_or_default();
    let estimation = fields
        .maybe(faults, "estimation", load_settings::estimation)
        .unwrap_or_default();
    let systems = entries(faults, &mut fields, "systems", system);
    let slots = entries(faults, &mut fields, "slots", slot);
    let concepts = entries(faults, &mut fields, "concepts", concept);
    let foundations = entries(faults, &mut fields, "foundations", load_plays::foundation);
    let plays = entries(faults, &mut fields, "plays", |faults, id, value| {
        load_plays::play(faults, id, value, &ids)
    });
    let exclusions = fields.list(faults, "exclude", |faults, value, _| exclusion(faults, value));
    let patterns = fields.list(faults, "pattern", |faults, value, _| pattern(faults, value, &ids));
    distinct(
        faults,
        &fields.value("pattern").map(pattern_ids).unwrap_or_default(),
    );
    if !fields
        .value("pattern")
        .is_some_and(|value| pattern_ids(value).iter().any(|(id, _)| id == OTHER))
    {
        faults.at(0, format!("there is no pattern `{OTHER}`"), OTHER_HINT);
    }
    fields.close(faults);
    Some(Taxonomy {
        version: version?,
        hash,
        engine,
        patterns,
        concepts,
        systems,
        slots,
        exclusions,
        plays,
        foundations,
        estimation,
    })
}

const OTHER_HINT: &str = "add [[pattern]] with id = \"other\": tickets that nothing speaks for need a place";

fn hash(source: &str) -> String {
    Sha256::digest(source.as_bytes())
        .iter()
        .take(8)
        .map(|byte| format!("{byte:02x}"))
        .collect()
}

fn syntax<T>(faults: &mut Faults<'_>, error: &toml::de::Error) -> Option<T> {
    let start = error.span().map_or(0, |span| span.start);
    let (_, column) = faults.place(start);
    let message = format!("this is no TOML, column {column}: {}", error.message());
    faults.at(
        start,
        message,
        "mend it first: what stands below could not be read",
    );
    None
}

fn keys(root: &DeTable<'_>, table: &str) -> BTreeSet<String> {
    match root.get(table).map(|value| value.get_ref()) {
        Some(DeValue::Table(table)) => table.keys().map(|key| key.get_ref().to_string()).collect(),
        _ => BTreeSet::new(),
    }
}

fn entries<'a, T>(
    faults: &mut Faults<'_>,
    fields: &mut Fields<'_, 'a>,
    key: &'static str,
    mut read: impl FnMut(&mut Faults<'_>, String, &Value<'a>) -> Option<T>,
) -> Vec<T> {
    let listed = fields.entries(faults, key);
    let read_one = |(id, value): (String, &Value<'a>)| {
        if !is_id(&id) {
            faults.at(
                value.span().start,
                format!("`{}` is no id", id.escape_debug()),
                ID_HINT,
            );
        }
        read(faults, id, value)
    };
    listed.into_iter().filter_map(read_one).collect()
}

const ID_HINT: &str =
    "start with a lower-case letter and go on with lower-case letters, digits and underscores";

fn is_id(id: &str) -> bool {
    id.starts_with(|c: char| c.is_ascii_lowercase())
        && id
            .chars()
            .all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_')
}

fn system(faults: &mut Faults<'_>, id: String, value: &Value<'_>) -> Option<System> {
    let mut fields = Fields::open(faults, value, format!("system `{id}`"))?;
    let label = fields.need(faults, "label", text);
    let alias = fields.list(faults, "alias", regex);
    if alias.is_empty() {
        faults.at(
            fields.start(),
            format!("{} has no alias", fields.what()),
            "add `alias = ['…']`",
        );
    }
    fields.close(faults);
    Some(System {
        id,
        label: label?,
        alias,
    })
}

fn slot(faults: &mut Faults<'_>, id: String, value: &Value<'_>) -> Option<Slot> {
    let mut fields = Fields::open(faults, value, format!("slot `{id}`"))?;
    let name = words(faults, &mut fields);
    let entities = fields.list(faults, "entities", entity_kind);
    let form = fields.list(faults, "form", plain);
    let detect = fields.list(faults, "detect", regex);
    let reject = fields.list(faults, "reject", regex);
    if entities.is_empty() && form.is_empty() && detect.is_empty() {
        let hint = "add `entities`, `form` or `detect`";
        faults.at(
            fields.start(),
            format!("nothing can fill {}", fields.what()),
            hint,
        );
    }
    fields.close(faults);
    Some(Slot {
        id,
        name: name?,
        entities,
        form,
        detect,
        reject,
    })
}

fn concept(faults: &mut Faults<'_>, id: String, value: &Value<'_>) -> Option<Concept> {
    const KINDS: [(&str, ConceptKind); 4] = [
        ("action", ConceptKind::Action),
        ("object", ConceptKind::Object),
        ("state", ConceptKind::State),
        ("ask", ConceptKind::Ask),
    ];
    let mut fields = Fields::open(faults, value, format!("concept `{id}`"))?;
    let name = words(faults, &mut fields);
    let kind = fields.need(faults, "kind", one_of(&KINDS));
    let words = fields.list(faults, "words", plain);
    if words.is_empty() {
        faults.at(
            fields.start(),
            format!("{} has no words", fields.what()),
            "add `words = ['…']`",
        );
    }
    fields.close(faults);
    Some(Concept {
        id,
        name: name?,
        kind: kind?,
        words,
    })
}

fn exclusion(faults: &mut Faults<'_>, value: &Value<'_>) -> Option<ExclusionRule> {
    const REASONS: [(&str, Exclusion); 4] = [
        ("withdrawn", Exclusion::Withdrawn),
        ("duplicate", Exclusion::Duplicate),
        ("test", Exclusion::Test),
        ("announcement", Exclusion::Announcement),
    ];
    let mut fields = Fields::open(faults, value, "an exclusion")?;
    let reason = fields.need(faults, "reason", one_of(&REASONS));
    let owner = format!("exclude.{}", reason.map_or("unknown", Exclusion::as_str));
    let cues = cues(faults, &mut fields, "cues", &owner, &BTreeSet::new());
    let statuses = fields.list(faults, "statuses", plain);
    fields.close(faults);
    Some(ExclusionRule {
        reason: reason?,
        cues,
        statuses,
    })
}

fn pattern(faults: &mut Faults<'_>, value: &Value<'_>, ids: &Ids) -> Option<Pattern> {
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
    let formerly = fields.list(faults, "formerly", text);
    fields.close(faults);
    Some(Pattern {
        id: id?,
        name: name?,
        priority: priority?,
        toil_default,
        cues: cues_for,
        negative,
        subs,
        formerly,
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
        approval: fields.maybe(faults, "approval", text).unwrap_or_default(),
        reversible: fields.maybe(faults, "reversible", flag).unwrap_or(true),
        formerly: fields.list(faults, "formerly", text),
    };
    requirements_can_be_met(faults, &mut fields, &sub);
    fields.close(faults);
    name.map(|_| sub)
}

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
fn cues(
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

fn weight(faults: &mut Faults<'_>, value: &Value<'_>, what: &str) -> Option<f64> {
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

/// The Japanese and English name of an entry.
pub(super) fn words(faults: &mut Faults<'_>, fields: &mut Fields<'_, '_>) -> Option<Words> {
    let ja = fields.need(faults, "ja", text);
    let en = fields.need(faults, "en", text);
    Some(Words { ja: ja?, en: en? })
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
        let hint = match known.is_empty() {
            true => format!("no {kind} is declared where this could refer to it"),
            false => format!(
                "known are {}",
                known.iter().cloned().collect::<Vec<_>>().join(", ")
            ),
        };
        faults.at(value.span().start, message, hint);
        None
    }
}

fn one_of<'k, T: Copy>(
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

fn regex(faults: &mut Faults<'_>, value: &Value<'_>, what: &str) -> Option<CuePattern> {
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
fn plain(faults: &mut Faults<'_>, value: &Value<'_>, what: &str) -> Option<String> {
    let word = text(faults, value, what)?;
    check::plain_word(&word)
        .map_err(|refusal| refuse(faults, value, what, refusal))
        .ok()?;
    Some(word)
}

fn entity_kind(faults: &mut Faults<'_>, value: &Value<'_>, what: &str) -> Option<String> {
    let kinds = ENTITY_KINDS.map(String::from).into_iter().collect();
    reference("kind of entity", &kinds)(faults, value, what)
}

fn pattern_id(faults: &mut Faults<'_>, value: &Value<'_>, what: &str) -> Option<String> {
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

fn sub_id(faults: &mut Faults<'_>, value: &Value<'_>, what: &str, pattern: &str) -> Option<String> {
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

/// The ids of all patterns and sub-patterns with their places, as far as they can be read.
fn pattern_ids(patterns: &Value<'_>) -> Vec<(String, usize)> {
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

fn distinct(faults: &mut Faults<'_>, ids: &[(String, usize)]) {
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
