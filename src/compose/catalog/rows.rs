//! Tables of a taxonomy's entries: patterns and sub-patterns, cues, slots, plays.

use crate::compose::catalog::Told;
use crate::report::{Cell, Section, Show, Table, View};
use crate::taxonomy::{Cue, Pattern, Play, Scope, Slot, SubPattern, ThreePoint};

pub(super) type Row = Vec<(&'static str, Cell)>;

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

impl Told<'_> {
    pub(super) fn pattern(&self, pattern: &Pattern) -> Row {
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

    pub(super) fn sub(&self, pattern: &Pattern, sub: &SubPattern) -> Row {
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

    pub(super) fn kinds(&self, rows: impl Iterator<Item = Row>) -> Table {
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

    pub(super) fn cues(&self, of: &[(&str, &[Cue], &[Cue])]) -> Section {
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

    pub(super) fn slots<'s>(&self, slots: impl Iterator<Item = (&'s Slot, &'static str)>) -> Section {
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

    pub(super) fn plays<'p>(&self, plays: impl Iterator<Item = &'p Play>) -> Section {
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
}

fn scope(scope: Scope) -> &'static str {
    match scope {
        Scope::Any => "any",
        Scope::Title => "title",
        Scope::Code => "code",
        Scope::Category => "category",
    }
}
