//! From TOML to a taxonomy: which keys each entry has, and what must hold between entries.
//!
//! Every function reads one kind of entry: it asks for all keys, closes the table, and only then gives up on an
//! entry that lacks something, so that one run names all faults. References are checked against ids collected
//! beforehand, so that a faulty play does not make every pattern that names it faulty too.

use std::collections::BTreeSet;

use sha2::{Digest, Sha256};
use toml::de::{DeTable, DeValue};

use super::fault::TaxonomyError;
use super::load_lineage;
use super::load_patterns::{self, cues, distinct, pattern_ids};
use super::load_plays;
use super::load_resources;
use super::load_settings;
use super::model::{Concept, ConceptKind, Exclusion, ExclusionRule, OTHER, Slot, System, Taxonomy};
use super::reader::{Faults, Fields, Value, text, whole};
use super::values::{entity_kind, id_shape, one_of, plain, regex, words};

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
    let notions = entries(faults, &mut fields, "notions", concept);
    let foundations = entries(faults, &mut fields, "foundations", load_plays::foundation);
    let providers = entries(faults, &mut fields, "providers", load_resources::provider);
    let plays = entries(faults, &mut fields, "plays", |faults, id, value| {
        load_plays::play(faults, id, value, &ids)
    });
    let exclusions = fields.list(faults, "exclude", |faults, value, _| exclusion(faults, value));
    let patterns = fields.list(faults, "pattern", |faults, value, _| {
        load_patterns::pattern(faults, value, &ids)
    });
    let pattern_ids = fields.value("pattern").map(pattern_ids).unwrap_or_default();
    distinct(faults, &pattern_ids);
    let lineage = fields.list(faults, "lineage", |faults, value, _| {
        load_lineage::step(faults, value)
    });
    load_lineage::check(
        faults,
        &lineage,
        &pattern_ids.iter().map(|(id, _)| id.clone()).collect(),
    );
    if !pattern_ids.iter().any(|(id, _)| id == OTHER) {
        faults.at(0, format!("there is no pattern `{OTHER}`"), OTHER_HINT);
    }
    fields.close(faults);
    Some(Taxonomy {
        version: version?,
        hash,
        engine,
        patterns,
        concepts,
        notions,
        systems,
        slots,
        exclusions,
        plays,
        providers,
        foundations,
        estimation,
        lineage: lineage.into_iter().map(|(step, _)| step).collect(),
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
        id_shape(faults, &id, value.span().start);
        read(faults, id, value)
    };
    listed.into_iter().filter_map(read_one).collect()
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
