//! The properties of a data source: what columns its rows have.

use std::collections::BTreeSet;

use serde_json::Value;

use super::Object;

/// One property.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Property {
    /// Its id, URL-encoded as Notion writes it; never changes.
    pub id: String,
    /// Its name, which people change.
    pub name: String,
    /// Its type, "rich_text".
    pub kind: String,
    /// Of a status: the ids and names of the options that mean done.
    done: BTreeSet<String>,
}

/// All properties of a data source, ordered by name.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Schema {
    properties: Vec<Property>,
}

impl Schema {
    /// Reads the value of `properties` of a data source (or, before 2025-09-03, of a database).
    #[must_use]
    pub fn read(properties: &Object) -> Self {
        let mut properties: Vec<Property> = properties
            .iter()
            .map(|(name, value)| {
                let text = |key: &str| value.get(key).and_then(Value::as_str).map(str::to_owned);
                let kind = text("type").unwrap_or_default();
                Property {
                    id: text("id").unwrap_or_else(|| name.clone()),
                    name: name.clone(),
                    done: value.get("status").map_or_else(BTreeSet::new, done_options),
                    kind,
                }
            })
            .collect();
        properties.sort_by(|a, b| (&a.name, &a.id).cmp(&(&b.name, &b.id)));
        Self { properties }
    }

    /// Returns the properties, ordered by name.
    #[must_use]
    pub fn properties(&self) -> &[Property] {
        &self.properties
    }

    /// Returns the property with an id.
    #[must_use]
    pub fn by_id(&self, id: &str) -> Option<&Property> {
        self.properties.iter().find(|property| property.id == id)
    }

    /// Returns the property with a name.
    #[must_use]
    pub fn by_name(&self, name: &str) -> Option<&Property> {
        self.properties.iter().find(|property| property.name == name)
    }
}

impl Property {
    /// Returns whether a status value means done; `None` if this is no status with groups or the value is empty.
    #[must_use]
    pub fn means_done(&self, value: &Value) -> Option<bool> {
        let chosen = value.get("status")?;
        let is_done = |key: &str| {
            let text = chosen.get(key).and_then(Value::as_str);
            text.is_some_and(|text| self.done.contains(text))
        };
        let is_set = chosen.get("id").is_some() || chosen.get("name").is_some();
        (is_set && !self.done.is_empty()).then(|| is_done("id") || is_done("name"))
    }
}

/// The options in the group that means done. Notion's groups are To-do, In progress and Complete, in this order;
/// where their names are translated, the last one is it.
fn done_options(status: &Value) -> BTreeSet<String> {
    let list = |value: &Value, key: &str| -> Vec<Value> {
        let items = value.get(key).and_then(Value::as_array);
        items.cloned().unwrap_or_default()
    };
    let text = |value: &Value, key: &str| value.get(key).and_then(Value::as_str).map(str::to_owned);
    let groups = list(status, "groups");
    let named = groups.iter().find(|group| {
        let name = text(group, "name").unwrap_or_default().to_lowercase();
        ["complete", "completed", "done", "完了"].contains(&name.as_str())
    });
    let last = || groups.last().filter(|_| groups.len() > 1);
    let Some(group) = named.or_else(last) else {
        return BTreeSet::new();
    };
    let ids: BTreeSet<String> = list(group, "option_ids")
        .iter()
        .filter_map(|id| Some(id.as_str()?.to_owned()))
        .collect();
    let options = list(status, "options");
    let names = options
        .iter()
        .filter(|option| text(option, "id").is_some_and(|id| ids.contains(&id)))
        .filter_map(|option| text(option, "name"));
    names.chain(ids.iter().cloned()).collect()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn status(groups: &Value) -> Property {
        let schema = json!({"状態": {"id": "a%3A", "type": "status", "status": {
            "options": [{"id": "1", "name": "未着手"}, {"id": "2", "name": "完了"}, {"id": "3", "name": "却下"}],
            "groups": groups}}});
        Schema::read(schema.as_object().unwrap()).properties()[0].clone()
    }

    #[test]
    fn the_complete_group_means_done() {
        let named = status(
            &json!([{"name": "Complete", "option_ids": ["2", "3"]}, {"name": "To-do", "option_ids": ["1"]}]),
        );
        let translated =
            status(&json!([{"name": "未", "option_ids": ["1"]}, {"name": "済", "option_ids": ["2", "3"]}]));
        for property in [named, translated] {
            let done = |option: Value| property.means_done(&json!({"status": option}));
            assert_eq!(done(json!({"id": "3", "name": "却下"})), Some(true));
            assert_eq!(done(json!({"name": "完了"})), Some(true));
            assert_eq!(done(json!({"id": "1", "name": "未着手"})), Some(false));
            assert_eq!(done(Value::Null), None);
        }
        assert_eq!(
            status(&json!([])).means_done(&json!({"status": {"id": "2"}})),
            None
        );
    }
}
