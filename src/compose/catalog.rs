//! The taxonomy as people look it up: all patterns at a glance, one entry in depth.

mod depth;
mod rows;

use serde_json::{Map, Value};

use crate::compose::words::counted;
use crate::config::Settings;
use crate::report::{Cell, Grid, Meta, Report, Section, Show, Table, View};
use crate::taxonomy::{Fault, Lang, Pattern, Play, Slot, SubPattern, Taxonomy};

/// One entry of a taxonomy that can be shown in depth.
#[derive(Debug, Clone, Copy)]
pub enum Entry<'t> {
    /// A pattern.
    Pattern(&'t Pattern),
    /// A sub-pattern, with the pattern it belongs to.
    Sub(&'t Pattern, &'t SubPattern),
    /// A slot.
    Slot(&'t Slot),
    /// A play.
    Play(&'t Play),
}

impl<'t> Entry<'t> {
    /// Finds an entry by its id, present or former: patterns before sub-patterns, slots and plays.
    #[must_use]
    pub fn find(taxonomy: &'t Taxonomy, id: &str) -> Option<Self> {
        let now = taxonomy.current_id(id).unwrap_or(id);
        let pattern = taxonomy.pattern(now).map(Self::Pattern);
        pattern
            .or_else(|| taxonomy.sub(now).map(|(pattern, sub)| Self::Sub(pattern, sub)))
            .or_else(|| taxonomy.slot(now).map(Self::Slot))
            .or_else(|| taxonomy.play(now).map(Self::Play))
    }
}

/// Lists every id that [`Entry::find`] knows, in the order of the taxonomy.
#[must_use]
pub fn ids(taxonomy: &Taxonomy) -> Vec<String> {
    let patterns = taxonomy.patterns.iter().flat_map(|pattern| {
        let subs = pattern.subs.iter().map(|sub| sub.id.clone());
        std::iter::once(pattern.id.clone()).chain(subs)
    });
    let slots = taxonomy.slots.iter().map(|slot| slot.id.clone());
    let plays = taxonomy.plays.iter().map(|play| play.id.clone());
    patterns.chain(slots).chain(plays).collect()
}

/// Builds the list of all patterns and sub-patterns.
#[must_use]
pub fn overview(taxonomy: &Taxonomy, settings: &Settings) -> Report {
    let told = Told { taxonomy, settings };
    let rows = taxonomy.patterns.iter().flat_map(|pattern| {
        let subs = pattern.subs.iter().map(|sub| told.sub(pattern, sub));
        std::iter::once(told.pattern(pattern)).chain(subs)
    });
    let section = Section {
        table: Some(told.kinds(rows)),
        notes: vec![
            told.pick(
                "`toilscope taxonomy show ID` で手がかり・必要な情報・自動化の手段まで見られる",
                "`toilscope taxonomy show ID` shows cues, slots and plays",
            )
            .to_owned(),
        ],
        ..Section::default()
    };
    let subs: usize = taxonomy.patterns.iter().map(|pattern| pattern.subs.len()).sum();
    let (count, version) = (taxonomy.patterns.len(), &taxonomy.version);
    let title = told.pick(
        format!("分類表 {version}: パターン {count}、サブパターン {subs}"),
        format!(
            "Taxonomy {version}: {}, {}",
            counted(count, "pattern"),
            counted(subs, "sub-pattern")
        ),
    );
    told.report(title, Vec::new(), vec![section])
}

/// Builds all there is to say of one entry.
#[must_use]
pub fn in_depth(entry: &Entry<'_>, taxonomy: &Taxonomy, settings: &Settings) -> Report {
    let told = Told { taxonomy, settings };
    match entry {
        Entry::Pattern(pattern) => told.pattern_in_depth(pattern),
        Entry::Sub(pattern, sub) => told.sub_in_depth(pattern, sub),
        Entry::Slot(slot) => told.slot_in_depth(slot),
        Entry::Play(play) => told.play_in_depth(play),
    }
}

/// Builds the list of a file's faults.
#[must_use]
pub fn faults(faults: &[Fault], settings: &Settings) -> Report {
    let mut table = Table::new("faults", &["file", "line", "message", "hint"]);
    for fault in faults {
        table.push(vec![
            ("file", Cell::text(&fault.file)),
            ("line", Cell::Count(fault.line)),
            ("message", Cell::text(&fault.message)),
            ("hint", Cell::text(&fault.hint)),
        ]);
    }
    let pick = |ja, en| match settings.lang {
        Lang::Ja => ja,
        Lang::En => en,
    };
    table.views = vec![
        View::words(pick("ファイル", "file"), "file"),
        View::number(pick("行", "line"), Show::Cell("line", 0)),
        View::words(pick("誤り", "fault"), "message"),
        View::words(pick("直し方", "what to write"), "hint"),
    ];
    let count = faults.len();
    Report {
        title: match settings.lang {
            Lang::Ja => format!("分類表の誤り {count} 件"),
            Lang::En => format!("Faults in the taxonomy: {count}"),
        },
        headline: Vec::new(),
        sections: vec![Section {
            table: Some(table),
            ..Section::default()
        }],
        foot: Vec::new(),
        meta: meta(String::new(), settings, Map::new()),
    }
}

/// Builds the answer for a file in which nothing is wrong, where there are no tickets to try it on.
#[must_use]
pub fn sound(taxonomy: &Taxonomy, file: Option<&str>, settings: &Settings) -> Report {
    let told = Told { taxonomy, settings };
    let file = file.unwrap_or_else(|| told.pick("組み込みの分類表", "the built-in taxonomy"));
    let subs = taxonomy.patterns.iter().flat_map(|pattern| &pattern.subs);
    let of_subs: usize = subs.clone().map(|sub| sub.cues.len() + sub.negative.len()).sum();
    let of_patterns = taxonomy.patterns.iter();
    let of_patterns: usize = of_patterns.map(|p| p.cues.len() + p.negative.len()).sum();
    // Those for tickets that are no request are cues too, and `check` with tickets counts and lists them.
    let of_exclusions: usize = taxonomy.exclusions.iter().map(|rule| rule.cues.len()).sum();
    let cues = of_subs + of_patterns + of_exclusions;
    let (patterns, subs) = (taxonomy.patterns.len(), subs.count());
    let mut table = Table::new("faults", &["file", "line", "message", "hint"]);
    table.pivot = Some(Grid::default());
    let headline = told.pick(
        format!("誤りなし: {file} (パターン {patterns}、サブパターン {subs}、手がかり {cues}、うち対象外を見分けるもの {of_exclusions})"),
        format!(
            "No fault in {file}: {}, {}, {}, {of_exclusions} of them for tickets that are no request",
            counted(patterns, "pattern"),
            counted(subs, "sub-pattern"),
            counted(cues, "cue")
        ),
    );
    let next = told.pick(
        "チケットも渡すと、効かない手がかりやぶつかる手がかりが分かる。",
        "Give tickets too, and it tells which cues never speak and which contradict each other.",
    );
    let section = Section {
        table: Some(table),
        notes: vec![next.to_owned()],
        ..Section::default()
    };
    told.report(String::new(), vec![headline], vec![section])
}

fn meta(hash: String, settings: &Settings, record: Map<String, Value>) -> Meta {
    Meta {
        tool_version: env!("CARGO_PKG_VERSION").to_owned(),
        taxonomy_hash: hash,
        seed: settings.seed,
        settings: record,
        coverage: Vec::new(),
    }
}

struct Told<'a> {
    taxonomy: &'a Taxonomy,
    settings: &'a Settings,
}

impl Told<'_> {
    fn pick<T>(&self, ja: T, en: T) -> T {
        match self.settings.lang {
            Lang::Ja => ja,
            Lang::En => en,
        }
    }

    /// The key of the column with names in the reader's language.
    fn name(&self) -> &'static str {
        self.pick("ja", "en")
    }

    fn report(&self, title: String, headline: Vec<String>, sections: Vec<Section>) -> Report {
        let mut settings = Map::new();
        settings.insert("lang".to_owned(), self.settings.lang.code().into());
        settings.insert(
            "taxonomy_version".to_owned(),
            self.taxonomy.version.clone().into(),
        );
        Report {
            title,
            headline,
            sections,
            foot: Vec::new(),
            meta: meta(self.taxonomy.hash.clone(), self.settings, settings),
        }
    }

    fn section(&self, title: &str, mut table: Table, nothing: &str) -> Section {
        let mut lead = Vec::new();
        if table.rows.is_empty() {
            // An empty table stays for machines; people read the sentence instead.
            table.pivot = Some(Grid::default());
            lead.push(nothing.to_owned());
        }
        Section {
            title: title.to_owned(),
            lead,
            table: Some(table),
            ..Section::default()
        }
    }
}

#[cfg(test)]
mod tests {
    use super::sound;
    use crate::classify::audit::audit;
    use crate::config::{Overrides, Settings};
    use crate::taxonomy::{Lang, Taxonomy};

    #[test]
    fn a_check_counts_the_same_cues_with_and_without_tickets() {
        let taxonomy = Taxonomy::builtin().unwrap();
        let settings = Settings::resolve(Overrides::default(), Lang::En).unwrap();
        let with_tickets = audit(&taxonomy, &[], &[]).cues.len();
        let without = &sound(&taxonomy, None, &settings).headline[0];
        assert!(without.contains(&format!(", {with_tickets} cues, ")), "{without}");
    }
}
