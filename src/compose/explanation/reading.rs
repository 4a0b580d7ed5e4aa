//! How a ticket was read: what spoke in it, what each stretch was taken for, how probable every pattern is.

use std::collections::BTreeMap;

use crate::classify::Evidence;
use crate::classify::clause::Role;
use crate::classify::explain::{Chance, Use};
use crate::compose::explanation::{LONGEST_STRETCH, STRETCHES_SHOWN, Told};
use crate::compose::words::{counted, exclusion_names};
use crate::report::{Cell, Section, Show, Table, View};
use crate::text::Origin;

impl Told<'_> {
    pub(super) fn evidence(&self) -> Section {
        let keys = ["kind", "cue", "target", "points", "field", "quote"];
        let mut table = Table::new("evidence", &keys);
        let cues = self.why.cues.iter().map(|evidence| ("cue", evidence));
        let words = self.why.words.iter().map(|evidence| ("learner", evidence));
        for (kind, evidence) in cues.chain(words) {
            table.push(self.evidence_row(kind, evidence));
        }
        table.pivot = Some(self.spoken());
        let mut section = self.section(self.pick("効いた言葉", "What spoke"), table);
        section.notes = vec![
            self.pick(
                "同じ言葉の点は欄をまたいで足した。手がかり (分類表の規則) の点と学習器の点は単位が違い、学習器の点は全パターンの平均との差。手がかりの ID は `--format json` に。",
                "Points of the same words are added over the parts. Those of cues (the rules of the taxonomy) and those of the learner have different units; the learner's are over the mean of all patterns. Ids of cues are in `--format json`.",
            )
            .to_owned(),
        ];
        section
    }

    fn evidence_row(&self, kind: &str, evidence: &Evidence) -> Vec<(&'static str, Cell)> {
        let quote = self.quoted(evidence);
        vec![
            ("kind", Cell::text(kind)),
            ("cue", Cell::text(&evidence.cue)),
            ("target", Cell::text(&evidence.target)),
            ("points", Cell::Number(evidence.points)),
            ("field", Cell::text(evidence.field.as_str())),
            ("quote", Cell::Text(quote)),
        ]
    }

    /// Names of the parts of a ticket by their codes.
    pub(super) fn fields(&self) -> BTreeMap<String, String> {
        [
            ("title", "件名", "title"),
            ("body", "本文", "body"),
            ("category", "分類欄", "category"),
            ("comments", "コメント", "comments"),
        ]
        .map(|(code, ja, en)| (code.to_owned(), self.pick(ja, en).to_owned()))
        .into()
    }

    /// Names of patterns, sub-patterns and exclusions by their ids.
    pub(super) fn targets(&self) -> BTreeMap<String, String> {
        let mut names = self.scene.pattern_names();
        names.extend(self.scene.subpattern_names());
        names.extend(exclusion_names(self.scene));
        names
    }

    pub(super) fn stretches(&self) -> Section {
        let mut table = Table::new("reading", &["field", "taken_for", "counts", "text"]);
        for stretch in &self.why.stretches {
            let text = self.quotes.quote(stretch.origin, &stretch.range, LONGEST_STRETCH);
            table.push(vec![
                ("field", Cell::text(field(stretch.origin))),
                ("taken_for", Cell::text(code(stretch.taken_for))),
                ("counts", Cell::Number(stretch.factor)),
                ("text", Cell::Text(text)),
            ]);
        }
        let names = USES.map(|(of, ja, en)| (code(of).to_owned(), self.pick(ja, en).to_owned()));
        table.views = vec![
            View::words(self.pick("文", "text"), "text"),
            View::named(self.pick("読み方", "taken for"), "taken_for", names.into()),
            View::number(self.pick("重み", "counts"), Show::Cell("counts", 2)),
            View::named(self.pick("欄", "part"), "field", self.fields()).from_width(80),
        ];
        table.shown = STRETCHES_SHOWN;
        let more = table.rows.len().saturating_sub(STRETCHES_SHOWN);
        let mut section = self.section(self.pick("どう読んだか", "How it was read"), table);
        section.notes = vec![
            self.pick(
                "重み 0 は読んでいない。件名の依頼は 1.5、本文の依頼は 1 (分類表の設定による)。",
                "What counts 0 is not heard. A request counts 1.5 in the title and 1 in the body, unless the taxonomy says otherwise.",
            )
            .to_owned(),
        ];
        if more > 0 {
            section.notes.push(self.pick(
                format!("ほか {more} 文は `--format json` にある。"),
                format!("{} more in `--format json`.", counted(more, "row")),
            ));
        }
        section
    }

    pub(super) fn chances(&self) -> Section {
        let mut table = Table::new("chances", &["pattern", "probability", "rule_points"]);
        for Chance {
            pattern,
            probability,
            points,
        } in &self.why.chances
        {
            table.push(vec![
                ("pattern", Cell::text(pattern)),
                ("probability", Cell::Number(*probability)),
                ("rule_points", Cell::Number(*points)),
            ]);
        }
        table.views = vec![
            View::named(
                self.pick("パターン", "pattern"),
                "pattern",
                self.scene.pattern_names(),
            ),
            View::number(self.pick("確率", "probability"), Show::Percent("probability")),
            View::number(
                self.pick("ルールの点", "points of the rules"),
                Show::Cell("rule_points", 1),
            ),
        ];
        let mut section = self.section(self.pick("パターンごとの確率", "Every pattern"), table);
        if !self.why.heard {
            section.lead = vec![
                self.pick(
                    "チケットの言葉からではなく、ふだんの多さだけによる。",
                    "By what is frequent anywhere, for nothing in the ticket speaks.",
                )
                .to_owned(),
            ];
        }
        section
    }
}

fn field(origin: Origin) -> &'static str {
    match origin {
        Origin::Title => "title",
        Origin::Body => "body",
        Origin::Category => "category",
        Origin::Comment(_) => "comments",
    }
}

fn code(of: Use) -> &'static str {
    match of {
        Use::Clause(Role::Request) => "request",
        Use::Clause(Role::EarlierRequest) => "earlier_request",
        Use::Clause(Role::FurtherRequest) => "further_request",
        Use::Clause(Role::Statement) => "statement",
        Use::Clause(Role::Reason) => "reason",
        Use::Clause(Role::Concession) => "concession",
        Use::Clause(Role::Done) => "done",
        Use::Clause(Role::Negated) => "negated",
        Use::Answer => "answer",
        Use::DropDown => "drop_down",
        Use::Quote => "quote",
        Use::Code => "code",
        Use::Comment => "comment",
        Use::Label => "label",
        Use::Struck => "struck",
        Use::Courtesy => "courtesy",
        Use::Filler => "filler",
    }
}

/// Every use with its name in Japanese and English.
const USES: [(Use, &str, &str); 17] = [
    (Use::Clause(Role::Request), "依頼", "request"),
    (
        Use::Clause(Role::EarlierRequest),
        "先に挙げた依頼",
        "earlier request",
    ),
    (
        Use::Clause(Role::FurtherRequest),
        "あわせての依頼",
        "further request",
    ),
    (Use::Clause(Role::Statement), "説明", "statement"),
    (Use::Clause(Role::Reason), "理由・目的", "reason"),
    (Use::Clause(Role::Concession), "逆接・前提", "concession"),
    (Use::Clause(Role::Done), "済んだこと", "already done"),
    (Use::Clause(Role::Negated), "否定", "negated"),
    (Use::Answer, "フォームの補足欄", "form detail"),
    (Use::DropDown, "フォームの選択肢", "drop-down"),
    (Use::Quote, "引用", "quoted"),
    (Use::Code, "コード・ログ", "code or log"),
    (Use::Comment, "コメント", "comment"),
    (Use::Label, "フォームの項目名", "form label"),
    (Use::Struck, "取り消し線", "struck out"),
    (Use::Courtesy, "挨拶・署名", "courtesy"),
    (Use::Filler, "定型文・空欄", "template text"),
];
