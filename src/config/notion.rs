//! The section `[notion]` of the settings: which database, how to reach it, and which property is which field.

use std::collections::BTreeMap;

use serde::Deserialize;
use url::Url;

use super::SettingsError;
use crate::source::Field;
use crate::source::notion::mapping::Sources;
use crate::source::notion::{BASE_URL, REQUESTS_PER_SECOND, VERSION};

/// What flags or a settings file may say about Notion. The token is not among it: it comes from the environment or a
/// file of its own.
#[derive(Debug, Clone, Default, PartialEq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct NotionOverrides {
    /// Link or id of the database.
    pub database: Option<String>,
    /// Data sources of it, by name or id; all if not given.
    pub data_sources: Option<Vec<String>>,
    /// Where the API is.
    pub base_url: Option<String>,
    /// Version of the API.
    pub version: Option<String>,
    /// Most requests a second.
    pub requests_per_second: Option<f64>,
    /// Whether comments are read.
    pub comments: Option<bool>,
    /// File with certificates to trust besides those of the system.
    pub ca_cert: Option<String>,
    /// By data source id: which property fills which field.
    pub sources: BTreeMap<String, BTreeMap<Field, OneOrMany>>,
}

/// One property or several.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OneOrMany(pub Vec<String>);

impl<'de> Deserialize<'de> for OneOrMany {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let refuse = || {
            serde::de::Error::custom("a property, or a list of properties, by id or name is expected here")
        };
        match toml::Value::deserialize(deserializer)? {
            toml::Value::String(one) => Ok(Self(vec![one])),
            toml::Value::Array(many) => {
                let texts = many.into_iter().map(|item| match item {
                    toml::Value::String(text) => Ok(text),
                    _ => Err(refuse()),
                });
                texts.collect::<Result<_, _>>().map(Self)
            }
            _ => Err(refuse()),
        }
    }
}

impl NotionOverrides {
    pub(super) fn over(self, below: Self) -> Self {
        let mut sources = below.sources;
        sources.extend(self.sources);
        Self {
            database: self.database.or(below.database),
            data_sources: self.data_sources.or(below.data_sources),
            base_url: self.base_url.or(below.base_url),
            version: self.version.or(below.version),
            requests_per_second: self.requests_per_second.or(below.requests_per_second),
            comments: self.comments.or(below.comments),
            ca_cert: self.ca_cert.or(below.ca_cert),
            sources,
        }
    }
}

/// How to pull from Notion: merged, defaulted and checked.
#[derive(Debug, Clone, PartialEq)]
pub struct NotionSettings {
    /// Link or id of the database; `None` if nobody named one.
    pub database: Option<String>,
    /// Data sources of it, by name or id; empty for all.
    pub data_sources: Vec<String>,
    /// Where the API is.
    pub base_url: Url,
    /// Version of the API.
    pub version: String,
    /// Most requests a second, above 0.
    pub requests_per_second: f64,
    /// Whether comments are read.
    pub comments: bool,
    /// File with certificates to trust besides those of the system.
    pub ca_cert: Option<String>,
    /// By data source id: which property fills which field.
    pub sources: BTreeMap<String, Sources>,
}

/// The most requests a second that can be asked for; no server wants more from one connection.
const FASTEST: f64 = 10_000.0;

impl NotionSettings {
    pub(super) fn resolve(given: NotionOverrides) -> Result<Self, SettingsError> {
        let invalid = |key, value: &str, reason| SettingsError::Notion {
            key,
            value: value.to_owned(),
            reason,
        };
        let base_url = given.base_url.as_deref().unwrap_or(BASE_URL);
        let url = Url::parse(base_url)
            .ok()
            .filter(|url| matches!(url.scheme(), "http" | "https") && url.has_host())
            .ok_or_else(|| invalid("base_url", base_url, "it is no http or https address"))?;
        let rate = given.requests_per_second.unwrap_or(REQUESTS_PER_SECOND);
        if !(rate > 0.0 && rate <= FASTEST) {
            return Err(invalid(
                "requests_per_second",
                &rate.to_string(),
                "it must be above 0 and at most 10000",
            ));
        }
        let version = given.version.unwrap_or_else(|| VERSION.to_owned());
        if version.parse::<jiff::civil::Date>().is_err() {
            return Err(invalid(
                "version",
                &version,
                "versions are dates such as 2026-03-11",
            ));
        }
        let sources = given.sources.into_iter().map(|(id, fields)| {
            let fields = fields
                .into_iter()
                .map(|(field, OneOrMany(from))| (field, from))
                .collect();
            (crate::source::notion::link::id(&id).unwrap_or(id), fields)
        });
        Ok(Self {
            database: given.database,
            data_sources: given.data_sources.unwrap_or_default(),
            base_url: url,
            version,
            requests_per_second: rate,
            comments: given.comments.unwrap_or(false),
            ca_cert: given.ca_cert,
            sources: sources.collect(),
        })
    }
}

#[cfg(test)]
mod tests {
    use crate::config::{Overrides, Settings, SettingsError};
    use crate::source::Field;
    use crate::taxonomy::Lang;

    fn settings(text: &str) -> Result<Settings, SettingsError> {
        Settings::resolve(Overrides::parse("toilscope.toml", text)?, Lang::En)
    }

    #[test]
    fn a_mapping_is_read_by_data_source() {
        let text = "[notion.sources.\"0226784abd114c348cdf4a4cdccea111\"]\ntitle = \"title\"\nbody = [\"a\", \"@content\"]";
        let settings = settings(text).expect("valid");
        let mapping = &settings.notion.sources["0226784a-bd11-4c34-8cdf-4a4cdccea111"];
        assert_eq!(mapping[&Field::Title], ["title"]);
        assert_eq!(mapping[&Field::Body], ["a", "@content"]);
    }

    #[test]
    fn values_that_cannot_be_are_refused() {
        for text in [
            "[notion]\nbase_url = \"ftp://example.com\"",
            "[notion]\nbase_url = \"notion\"",
            "[notion]\nrequests_per_second = 0",
            "[notion]\nversion = \"latest\"",
        ] {
            assert!(
                matches!(settings(text), Err(SettingsError::Notion { .. })),
                "{text}"
            );
        }
        for text in [
            "[notion]\ntoken = \"x\"",
            "[notion.sources.a]\ntitel = \"x\"",
            "[notion.sources.a]\ntitle = 1",
        ] {
            assert!(
                matches!(settings(text), Err(SettingsError::Invalid { .. })),
                "{text}"
            );
        }
    }
}
