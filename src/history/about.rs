//! What a report was made from: enough to tell whether two reports can differ, and by what.

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};
use sha2::{Digest, Sha256};

use crate::classify::{Given, Grouping, learner};
use crate::config::Settings;
use crate::taxonomy::Taxonomy;

/// What a report was made from. What a run of another version did not write of it is taken to be nothing.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct About {
    /// Version of the tool.
    pub tool_version: String,
    /// Hash of the model that the tool carries.
    pub model_hash: String,
    /// Version that the authors of the taxonomy gave it.
    pub taxonomy_version: String,
    /// Hash of the taxonomy file.
    pub taxonomy_hash: String,
    /// Hash of the labels.
    pub labels_hash: String,
    /// How many tickets had a label.
    pub labels: usize,
    /// Hash of the tickets as the store holds them.
    pub tickets_hash: String,
    /// Seed of every random draw.
    pub seed: u64,
    /// The settings that the analysis hangs on, by their names in the settings file.
    pub settings: Map<String, Value>,
    /// The settings that only its words hang on.
    pub words: Map<String, Value>,
    /// Whether groups were looked at anew.
    pub afresh: bool,
    /// What it found, once it was made.
    pub made: Made,
}

/// What a report found, in numbers.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Made {
    /// Tickets that were analysed.
    pub tickets: usize,
    /// Discovered groups.
    pub groups: usize,
    /// First and last quarter.
    pub quarters: Option<(String, String)>,
}

/// Settings that change the words of a report and none of its numbers.
const WORDS: [&str; 2] = ["lang", "raw"];

impl About {
    /// Describes what a report over the lines of a store will be made from.
    #[must_use]
    pub fn new(lines: &[u8], taxonomy: &Taxonomy, given: &Given, settings: &Settings) -> Self {
        let (words, rest) = settings
            .record()
            .into_iter()
            .partition(|(key, _)| WORDS.contains(&key.as_str()));
        Self {
            tool_version: env!("CARGO_PKG_VERSION").to_owned(),
            model_hash: learner::model_hash(),
            taxonomy_version: taxonomy.version.clone(),
            taxonomy_hash: taxonomy.hash.clone(),
            labels_hash: given.labels.hash(),
            labels: given.labels.len(),
            tickets_hash: hash(lines),
            seed: settings.seed,
            settings: rest,
            words,
            afresh: given.grouping == Grouping::Afresh,
            made: Made::default(),
        }
    }

    /// Equal for reports whose numbers cannot differ, if they go on from the same run.
    #[must_use]
    pub fn analysis_key(&self) -> String {
        let parts = json!([
            self.tool_version,
            self.model_hash,
            self.taxonomy_hash,
            self.labels_hash,
            self.tickets_hash,
            self.seed,
            self.settings,
            self.afresh,
        ]);
        hash(parts.to_string().as_bytes())
    }

    /// Equal for reports that cannot differ in a byte, if they go on from the same run.
    #[must_use]
    pub fn report_key(&self) -> String {
        hash(json!([self.analysis_key(), self.words]).to_string().as_bytes())
    }
}

fn hash(bytes: &[u8]) -> String {
    Sha256::digest(bytes)
        .iter()
        .take(8)
        .map(|byte| format!("{byte:02x}"))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::{LangName, Overrides};
    use crate::taxonomy::Lang;

    fn about(overrides: Overrides, lines: &[u8]) -> About {
        let settings = Settings::resolve(overrides, Lang::Ja).unwrap();
        About::new(lines, &Taxonomy::builtin().unwrap(), &Given::default(), &settings)
    }

    #[test]
    fn words_change_the_report_and_not_the_analysis() {
        let ja = about(Overrides::default(), b"a");
        let en = about(
            Overrides {
                lang: Some(LangName(Lang::En)),
                ..Overrides::default()
            },
            b"a",
        );
        assert_eq!(ja.analysis_key(), en.analysis_key());
        assert_ne!(ja.report_key(), en.report_key());
    }

    #[test]
    fn tickets_and_settings_change_both() {
        let one = about(Overrides::default(), b"a");
        let seed = Overrides {
            seed: Some(7),
            ..Overrides::default()
        };
        for other in [about(Overrides::default(), b"b"), about(seed, b"a")] {
            assert_ne!(one.analysis_key(), other.analysis_key());
            assert_ne!(one.report_key(), other.report_key());
        }
    }

    #[test]
    fn it_reads_back_as_it_was_written() {
        let one = about(Overrides::default(), b"a");
        let text = serde_json::to_string(&one).unwrap();
        assert_eq!(serde_json::from_str::<About>(&text).unwrap(), one);
    }

    #[test]
    fn what_another_version_wrote_opens() {
        let older = r#"{"tool_version": "0.0.9", "made": {"tickets": 3}, "more": 1}"#;
        let about: About = serde_json::from_str(older).unwrap();
        assert_eq!((about.made.tickets, about.made.groups, about.labels), (3, 0, 0));
        assert_eq!(serde_json::from_str::<About>("{}").unwrap(), About::default());
    }
}
