//! The taxonomy as people look it up: all patterns at a glance, one entry in depth.

use serde_json::{Map, Value};

use crate::config::Settings;
use crate::report::{Cell, Grid, Meta, Report, Section, Show, Table, View};
use crate::taxonomy::{Cue, Fault, Lang, Pattern, Play, Scope, Slot, SubPattern, Taxonomy, ThreePoint};

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
        format!("Taxonomy {version}: {count} patterns, {subs} sub-patterns"),
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
    let cues = of_subs
        + of_patterns
            .map(|p| p.cues.len() + p.negative.len())
            .sum::<usize>();
    let (patterns, subs) = (taxonomy.patterns.len(), subs.count());
    let mut table = Table::new("faults", &["file", "line", "message", "hint"]);
    table.pivot = Some(Grid::default());
    let headline = told.pick(
        format!("誤りなし: {file} (パターン {patterns}、サブパターン {subs}、手がかり {cues})"),
        format!("No fault in {file}: {patterns} patterns, {subs} sub-patterns, {cues} cues"),
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

type Row = Vec<(&'static str, Cell)>;

const KINDS: [&str; 18] = [
    "id",
    "parent",
    "ja",
    "en",
    "priority",
    "toil_default",
    "cues_count",
    "negative_count",
    "systems",
    "slots_required",
    "slots_optional",
    "plays",
    "minutes_low",
    "minutes_likely",
    "minutes_high",
    "risk",
    "approval",
    "reversible",
];

const CUES: [&str; 7] = ["cue", "target", "speaks", "weight", "family", "scope", "re"];

const SLOTS: [&str; 8] = ["id", "ja", "en", "need", "entities", "form", "detect", "reject"];

const PLAYS: [&str; 16] = [
    "id",
    "ja",
    "en",
    "kind",
    "foundation",
    "build_days_low",
    "build_days_likely",
    "build_days_high",
    "automation_rate_low",
    "automation_rate_likely",
    "automation_rate_high",
    "residual_minutes",
    "upkeep_hours_per_quarter",
    "owner",
    "risk",
    "prerequisites",
];

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

    fn pattern(&self, pattern: &Pattern) -> Row {
        vec![
            ("id", Cell::text(&pattern.id)),
            ("ja", Cell::text(&pattern.name.ja)),
            ("en", Cell::text(&pattern.name.en)),
            ("priority", Cell::Count(pattern.priority as usize)),
            ("toil_default", Cell::Flag(pattern.toil_default)),
            ("cues_count", Cell::Count(pattern.cues.len())),
            ("negative_count", Cell::Count(pattern.negative.len())),
        ]
    }

    fn sub(&self, pattern: &Pattern, sub: &SubPattern) -> Row {
        let minutes = |of: fn(ThreePoint) -> f64| Cell::maybe_number(sub.minutes.map(of));
        vec![
            ("id", Cell::text(&sub.id)),
            ("parent", Cell::text(&pattern.id)),
            ("ja", Cell::text(&sub.name.ja)),
            ("en", Cell::text(&sub.name.en)),
            ("cues_count", Cell::Count(sub.cues.len())),
            ("negative_count", Cell::Count(sub.negative.len())),
            ("systems", Cell::list(&sub.systems)),
            ("slots_required", Cell::list(&sub.slots.required)),
            ("slots_optional", Cell::list(&sub.slots.optional)),
            ("plays", Cell::list(&sub.plays)),
            ("minutes_low", minutes(|m| m.low)),
            ("minutes_likely", minutes(|m| m.likely)),
            ("minutes_high", minutes(|m| m.high)),
            ("risk", Cell::Count(usize::from(sub.risk))),
            (
                "approval",
                Cell::maybe_text(sub.approval.as_ref().map(|who| who.en.as_str())),
            ),
            ("reversible", Cell::Flag(sub.reversible)),
        ]
    }

    fn kinds(&self, rows: impl Iterator<Item = Row>) -> Table {
        let mut table = Table::new("kinds", &KINDS);
        rows.for_each(|row| table.push(row));
        table.views = vec![
            View::words("ID", "id"),
            View::words(self.pick("名前", "name"), self.name()),
            View::number(self.pick("手がかり", "cues"), Show::Cell("cues_count", 0)),
            View::words(self.pick("必要な情報", "must say"), "slots_required"),
            View::number(self.pick("分/件", "minutes"), Show::Cell("minutes_likely", 0)).from_width(90),
            View::words(self.pick("自動化の手段", "plays"), "plays").from_width(120),
        ];
        table
    }

    fn cues(&self, of: &[(&str, &[Cue], &[Cue])]) -> Section {
        let mut table = Table::new("cues", &CUES);
        for (target, cues, negative) in of {
            let said = [("for", *cues), ("against", *negative)];
            let rows = said
                .iter()
                .flat_map(|(speaks, list)| list.iter().map(move |cue| (*speaks, cue)));
            for (speaks, cue) in rows {
                table.push(vec![
                    ("cue", Cell::text(&cue.id)),
                    ("target", Cell::text(target)),
                    ("speaks", Cell::text(speaks)),
                    ("weight", Cell::Number(cue.weight)),
                    ("family", Cell::maybe_text(cue.family.as_deref())),
                    ("scope", Cell::text(scope(cue.scope))),
                    ("re", Cell::text(cue.pattern.source())),
                ]);
            }
        }
        let speaks = self.pick(
            [("for", "賛成"), ("against", "反対")],
            [("for", "for"), ("against", "against")],
        );
        let names = speaks.map(|(code, name)| (code.to_owned(), name.to_owned()));
        table.views = vec![
            View::words(self.pick("手がかり", "cue"), "cue"),
            View::named(self.pick("向き", "speaks"), "speaks", names.into()),
            View::number(self.pick("重み", "weight"), Show::Cell("weight", 1)),
            View::words(self.pick("系列", "family"), "family").from_width(90),
            View::words(self.pick("正規表現", "regex"), "re"),
        ];
        self.section(
            self.pick("手がかり", "Cues"),
            table,
            self.pick("手がかりはない", "It has no cues"),
        )
    }

    fn slots<'s>(&self, slots: impl Iterator<Item = (&'s Slot, &'static str)>) -> Section {
        let mut table = Table::new("slots", &SLOTS);
        for (slot, need) in slots {
            let sources =
                |list: &[crate::taxonomy::CuePattern]| Cell::list(list.iter().map(|re| re.source()));
            table.push(vec![
                ("id", Cell::text(&slot.id)),
                ("ja", Cell::text(&slot.name.ja)),
                ("en", Cell::text(&slot.name.en)),
                (
                    "need",
                    Cell::maybe_text(Some(need).filter(|need| !need.is_empty())),
                ),
                ("entities", Cell::list(&slot.entities)),
                ("form", Cell::list(&slot.form)),
                ("detect", sources(&slot.detect)),
                ("reject", sources(&slot.reject)),
            ]);
        }
        let needs = self.pick(
            [("required", "必須"), ("optional", "任意")],
            [("required", "required"), ("optional", "optional")],
        );
        let names = needs.map(|(code, name)| (code.to_owned(), name.to_owned()));
        table.views = vec![
            View::words("ID", "id"),
            View::words(self.pick("名前", "name"), self.name()),
            View::named(self.pick("要否", "need"), "need", names.into()),
            View::words(self.pick("固有表現", "entities"), "entities"),
            View::words(self.pick("フォーム項目", "form fields"), "form"),
            View::words(self.pick("正規表現", "regex"), "detect").from_width(110),
        ];
        self.section(
            self.pick("依頼に書かれているべき情報", "What a request must say"),
            table,
            self.pick("求める情報はない", "It asks for no slot"),
        )
    }

    fn plays<'p>(&self, plays: impl Iterator<Item = &'p Play>) -> Section {
        let mut table = Table::new("plays", &PLAYS);
        for play in plays {
            let (days, rate) = (play.build_days, play.automation_rate);
            let prerequisites: Vec<String> = play
                .prerequisites
                .iter()
                .map(|words| words.get(self.settings.lang).to_owned())
                .collect();
            table.push(vec![
                ("id", Cell::text(&play.id)),
                ("ja", Cell::text(&play.title.ja)),
                ("en", Cell::text(&play.title.en)),
                ("kind", Cell::text(&play.kind)),
                ("foundation", Cell::maybe_text(play.foundation.as_deref())),
                ("build_days_low", Cell::Number(days.low)),
                ("build_days_likely", Cell::Number(days.likely)),
                ("build_days_high", Cell::Number(days.high)),
                ("automation_rate_low", Cell::Number(rate.low)),
                ("automation_rate_likely", Cell::Number(rate.likely)),
                ("automation_rate_high", Cell::Number(rate.high)),
                ("residual_minutes", Cell::Number(play.residual_minutes)),
                (
                    "upkeep_hours_per_quarter",
                    Cell::Number(play.upkeep_hours_per_quarter),
                ),
                ("owner", Cell::text(play.owner.get(self.settings.lang))),
                ("risk", Cell::Count(usize::from(play.risk))),
                ("prerequisites", Cell::list(&prerequisites)),
            ]);
        }
        let days = ["build_days_low", "build_days_likely", "build_days_high"];
        let rate = [
            "automation_rate_low",
            "automation_rate_likely",
            "automation_rate_high",
        ];
        table.views = vec![
            View::words("ID", "id"),
            View::words(self.pick("内容", "what"), self.name()),
            View::number(self.pick("構築 人日", "build days"), Show::Interval(days, 1)),
            View::number(
                self.pick("自動化できる割合", "share absorbed"),
                Show::Interval(rate, 2),
            ),
            View::words(self.pick("前提", "first"), "prerequisites").from_width(120),
        ];
        self.section(
            self.pick("自動化の手段 (合うものから)", "Plays, best first"),
            table,
            self.pick("自動化の手段はない", "It has no play"),
        )
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

    fn pattern_in_depth(&self, pattern: &Pattern) -> Report {
        let subs = pattern.subs.iter().map(|sub| self.sub(pattern, sub));
        let table = self.kinds(std::iter::once(self.pattern(pattern)).chain(subs));
        let kinds = self.section(self.pick("サブパターン", "Sub-patterns"), table, "");
        let cues = self.cues(&[(&pattern.id, &pattern.cues, &pattern.negative)]);
        let toil = match pattern.toil_default {
            true => self.pick(
                "断りがなければトイルと数える。",
                "Counted as toil unless shown otherwise.",
            ),
            false => self.pick("トイルとは数えない。", "Not counted as toil."),
        };
        let mut headline = vec![toil.to_owned()];
        headline.extend(self.formerly(&pattern.id));
        self.report(
            heading(&pattern.id, pattern.name.get(self.settings.lang)),
            headline,
            vec![kinds, cues],
        )
    }

    fn sub_in_depth(&self, pattern: &Pattern, sub: &SubPattern) -> Report {
        let of = |ids: &[String], need: &'static str| {
            let slots: Vec<_> = ids.iter().filter_map(|id| self.taxonomy.slot(id)).collect();
            slots.into_iter().map(move |slot| (slot, need))
        };
        let kinds = self.kinds(std::iter::once(self.sub(pattern, sub)));
        let sections = vec![
            self.section(self.pick("概要", "At a glance"), kinds, ""),
            self.cues(&[(&sub.id, &sub.cues, &sub.negative)]),
            self.slots(of(&sub.slots.required, "required").chain(of(&sub.slots.optional, "optional"))),
            self.plays(sub.plays.iter().filter_map(|id| self.taxonomy.play(id))),
        ];
        self.report(
            heading(&sub.id, sub.name.get(self.settings.lang)),
            self.conditions(sub),
            sections,
        )
    }

    /// What must hold for a sub-pattern, and what its work is like.
    fn conditions(&self, sub: &SubPattern) -> Vec<String> {
        let systems: Vec<&str> = sub
            .systems
            .iter()
            .filter_map(|id| self.taxonomy.system(id))
            .map(|system| system.label.as_str())
            .collect();
        let systems = systems.join(self.pick("、", ", "));
        let mut lines = Vec::new();
        if !systems.is_empty() {
            lines.push(match sub.require_system {
                true => self.pick(
                    format!("次のいずれかの名が要る: {systems}"),
                    format!("One of these must be named: {systems}"),
                ),
                false => self.pick(format!("対象: {systems}"), format!("About: {systems}")),
            });
        }
        if sub.require_own_cue {
            lines.push(
                self.pick(
                    "自身の手がかりが少なくとも 1 つ要る。",
                    "At least one cue of its own must speak.",
                )
                .to_owned(),
            );
        }
        if let Some(m) = sub.minutes {
            let (low, likely, high) = (m.low, m.likely, m.high);
            lines.push(self.pick(
                format!("1 件の作業 {likely} 分 [{low}, {high}] (80 % 区間、実測でなく見積り)"),
                format!("{likely} minutes of work a ticket [{low}, {high}], an 80 % range; a guess, not a measurement"),
            ));
        }
        let risk = sub.risk;
        lines.push(self.pick(
            format!(
                "リスク {risk} (1 = 数分で戻せる … 4 = データ消失・権限昇格)、{}",
                if sub.reversible {
                    "元に戻せる"
                } else {
                    "元に戻せない"
                }
            ),
            format!(
                "Risk {risk} (1 = undone in minutes ... 4 = data loss, escalation of privileges), {}",
                if sub.reversible {
                    "reversible"
                } else {
                    "not reversible"
                }
            ),
        ));
        if let Some(approval) = &sub.approval {
            lines.push(self.pick(
                format!("承認: {}", approval.ja),
                format!("Approval: {}", approval.en),
            ));
        }
        lines.extend(self.formerly(&sub.id));
        lines
    }

    /// Ids that stand for this one today.
    fn formerly(&self, id: &str) -> Option<String> {
        let steps = self.taxonomy.lineage.iter().map(|step| step.from.as_str());
        let mut before: Vec<&str> = steps
            .filter(|from| *from != id && self.taxonomy.current_id(from) == Some(id))
            .collect();
        before.sort_unstable();
        before.dedup();
        let ids = before.join(", ");
        (!ids.is_empty()).then(|| self.pick(format!("以前の id: {ids}"), format!("Formerly {ids}")))
    }

    fn slot_in_depth(&self, slot: &Slot) -> Report {
        let all = self
            .taxonomy
            .patterns
            .iter()
            .flat_map(|p| p.subs.iter().map(move |sub| (p, sub)));
        let asking = all.filter(|(_, sub)| {
            let needs = [&sub.slots.required, &sub.slots.optional];
            needs.iter().any(|ids| ids.contains(&slot.id))
        });
        let kinds = self.kinds(asking.map(|(pattern, sub)| self.sub(pattern, sub)));
        let sections = vec![
            self.slots(std::iter::once((slot, ""))),
            self.section(
                self.pick("これを求めるサブパターン", "Asked for by"),
                kinds,
                self.pick("どのサブパターンも求めていない", "No sub-pattern asks for it"),
            ),
        ];
        self.report(
            heading(&slot.id, slot.name.get(self.settings.lang)),
            Vec::new(),
            sections,
        )
    }

    fn play_in_depth(&self, play: &Play) -> Report {
        let all = self
            .taxonomy
            .patterns
            .iter()
            .flat_map(|p| p.subs.iter().map(move |sub| (p, sub)));
        let fitting = all.filter(|(_, sub)| sub.plays.contains(&play.id));
        let kinds = self.kinds(fitting.map(|(pattern, sub)| self.sub(pattern, sub)));
        let mut resources = Table::new("resources", &["name", "required", "note"]);
        for resource in &play.resources {
            resources.push(vec![
                ("name", Cell::text(&resource.name)),
                ("required", Cell::list(&resource.required)),
                (
                    "note",
                    Cell::maybe_text(resource.note.as_ref().map(|note| note.get(self.settings.lang))),
                ),
            ]);
        }
        resources.views = vec![
            View::words(self.pick("リソース", "resource"), "name"),
            View::words(self.pick("必須の引数", "required arguments"), "required"),
            View::words(self.pick("注意", "note"), "note"),
        ];
        let sections = vec![
            self.plays(std::iter::once(play)),
            self.section(
                self.pick("Terraform リソース", "Terraform resources"),
                resources,
                self.pick("Terraform リソースはない", "It declares no Terraform resource"),
            ),
            self.section(
                self.pick("これが合うサブパターン", "Fits"),
                kinds,
                self.pick("合うサブパターンはない", "No sub-pattern names it"),
            ),
        ];
        let said = [&play.means, &play.fits, &play.rollback, &play.note];
        let headline = said
            .into_iter()
            .flatten()
            .map(|words| words.get(self.settings.lang).to_owned())
            .collect();
        self.report(
            heading(&play.id, play.title.get(self.settings.lang)),
            headline,
            sections,
        )
    }
}

fn heading(id: &str, name: &str) -> String {
    format!("{id} – {name}")
}

fn scope(scope: Scope) -> &'static str {
    match scope {
        Scope::Any => "any",
        Scope::Title => "title",
        Scope::Code => "code",
        Scope::Category => "category",
    }
}
