//! What the store knows of a data source's properties from earlier pulls, and the mapping that follows from it.

use std::collections::BTreeMap;

use super::{Found, PullError};
use crate::source::notion::Object;
use crate::source::notion::mapping::{Mapping, Sources};
use crate::source::notion::schema::Schema;
use crate::store::SourceRecord;

/// What the store knows of a data source's mapping.
#[derive(Debug, Clone, Default)]
pub(super) struct Known {
    /// The mapping of the last pull; `None` before the first.
    pub(super) sources: Option<Sources>,
    /// Properties that were there once, by id, with their last names.
    pub(super) lost: BTreeMap<String, String>,
}

impl Known {
    /// Reads what the store has, and looks which of the properties it knew are not there any more.
    pub(super) fn read(record: &SourceRecord, schema: &Schema) -> Self {
        let object = |text: &str| serde_json::from_str::<Object>(text).unwrap_or_default();
        let mapping = object(&record.mapping);
        let part = |key: &str| mapping.get(key).cloned().unwrap_or_default();
        let before: BTreeMap<String, String> = serde_json::from_value(part("lost")).unwrap_or_default();
        let properties = Schema::read(&object(&record.schema));
        let named = properties
            .properties()
            .iter()
            .map(|p| (p.id.clone(), p.name.clone()));
        let mut lost: BTreeMap<String, String> = before.into_iter().chain(named).collect();
        lost.retain(|id, _| schema.by_id(id).is_none());
        Self {
            sources: serde_json::from_value(part("sources")).ok(),
            lost,
        }
    }

    /// Takes out of a mapping what was lost; returns the names of what it held of that.
    pub(super) fn without_lost(&self, sources: &mut Sources) -> Vec<String> {
        let mut names = Vec::new();
        for from in sources.values_mut() {
            from.retain(|id| match self.lost.get(id) {
                Some(name) => {
                    names.push(format!("{name:?}"));
                    false
                }
                None => true,
            });
        }
        names.sort();
        names.dedup();
        names
    }
}

/// The mapping of a data source: by the settings, else as the store has it, else guessed.
pub(super) fn resolve(
    found: &Found,
    settings: Option<&Sources>,
    stored: Option<&Sources>,
) -> Result<Mapping, PullError> {
    let invalid = |source| PullError::Mapping {
        name: found.name.clone(),
        id: found.id.clone(),
        source,
    };
    if let Some(settings) = settings {
        return Mapping::resolve(&found.schema, settings).map_err(invalid);
    }
    // Properties that are gone since are guessed anew.
    let kept = stored.and_then(|stored| Mapping::resolve(&found.schema, stored).ok());
    match kept {
        Some(mapping) => Ok(mapping),
        None => Mapping::resolve(&found.schema, &Sources::new()).map_err(invalid),
    }
}

/// The names of the properties that a stored schema does not have, if there are any.
pub(super) fn new_properties(stored: &str, schema: &Schema) -> Option<String> {
    let stored: Object = serde_json::from_str(stored).ok()?;
    let stored = Schema::read(&stored);
    let new = schema
        .properties()
        .iter()
        .filter(|property| stored.by_id(&property.id).is_none());
    let names: Vec<String> = new.map(|property| format!("{:?}", property.name)).collect();
    (!names.is_empty()).then(|| names.join(", "))
}
