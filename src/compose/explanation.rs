//! Why one ticket got its pattern, in words: what spoke, what was passed over, and what would have changed it.

use std::collections::BTreeMap;

use crate::classify::clause::Role;
use crate::classify::explain::{Chance, Change, ExclusionCause, Explanation, Outcome, Piece, Use};
use crate::classify::{Assignment, Desk, Evidence, Labels, Method};
use crate::compose::quotes::{Around, Quotes};
use crate::compose::scene::Scene;
use crate::compose::tickets;
use crate::report::{Align, Cell, Grid, Head, Section, Show, Table, View};
use crate::taxonomy::Exclusion;
use crate::text::Origin;
use crate::ticket::Ticket;

/// Longest stretch of a ticket that is shown, in characters.
const LONGEST_STRETCH: usize = 160;

/// Builds title, headline and parts for the ticket at a place of the analysis.
pub(super) fn report(scene: &Scene<'_>, at: usize, labels: &Labels) -> (String, Vec<String>, Vec<Section>) {
    let analysis = scene.analysis;
    let windows = analysis.windows();
    let desk = Desk {
        tickets: &analysis.tickets,
        windows: &windows,
        people: &analysis.people,
        taxonomy: scene.taxonomy,
        labels,
    };
    let told = Told {
        scene,
        ticket: analysis.tickets[at],
        found: &analysis.assignments[at],
        why: desk.explain(at),
        quotes: Quotes::new(analysis.tickets[at], Around::Whole, |text| scene.redacted(text)),
    };
    let name = told.ticket.title.as_deref().map(|title| scene.show(title));
    let title = match name.filter(|title| !title.is_empty()) {
        Some(title) => format!("{}: {title}", told.ticket.id.as_str()),
        None => told.ticket.id.as_str().to_owned(),
    };
    let sections = vec![
        told.facts(at),
        told.changes(),
        told.evidence(),
        told.stretches(),
        told.chances(),
        told.slots(),
    ];
    (title, told.headline(), sections)
}

struct Told<'a> {
    scene: &'a Scene<'a>,
    ticket: &'a Ticket,
    found: &'a Assignment,
    why: Explanation,
    quotes: Quotes<'a>,
}

impl Told<'_> {
    fn pick<T>(&self, ja: T, en: T) -> T {
        self.scene.pick(ja, en)
    }

    fn headline(&self) -> Vec<String> {
        let mut lines = vec![self.decision(), self.review()];
        lines.extend(self.exclusion());
        lines.extend(self.unlabelled());
        lines
    }

    fn decision(&self) -> String {
        let pattern = self.scene.pattern_name(&self.found.pattern);
        let sure = percent(self.found.confidence);
        match self.found.method {
            Method::Label => self.pick(
                format!("「{pattern}」: 人がそう答えた。人の答えは常に優先する。"),
                format!("“{pattern}”: a person said so, and a person's answer always wins."),
            ),
            _ if !self.why.heard => self.pick(
                format!("「{pattern}」: どのパターンを指す言葉もなかった。"),
                format!("“{pattern}”: nothing in it speaks for any pattern."),
            ),
            Method::Rules => self.pick(
                format!("「{pattern}」、確度 {sure}。ルールだけでも決まり、学習器も同じ答えだった。"),
                format!("“{pattern}”, {sure} sure. The rules alone were sure of it, and the learner agrees."),
            ),
            _ => self.pick(
                format!("「{pattern}」、確度 {sure}。ルールだけでは決まらず、ルールの票も聞いた学習器が決めた。"),
                format!(
                    "“{pattern}”, {sure} sure. The rules alone were not sure of it; the learner decided, which hears the rules too."
                ),
            ),
        }
    }

    fn review(&self) -> String {
        let runner_up = self
            .why
            .chances
            .iter()
            .find(|one| one.pattern != self.found.pattern);
        let (second, chance) = runner_up.map_or_else(
            || (String::new(), String::new()),
            |one| (self.scene.pattern_name(&one.pattern), percent(one.probability)),
        );
        let bar = self.why.bar.map(percent);
        match (self.found.method, self.found.needs_review, bar) {
            (Method::Label, ..) => self.pick(
                "人の答えがあるので要確認ではない。".to_owned(),
                "Not marked for review, since a person has answered.".to_owned(),
            ),
            (_, true, Some(bar)) => self.pick(
                format!("要確認: 95 % 正しいと言える線 {bar} に届かない。次点は「{second}」{chance}。"),
                format!(
                    "Marked for review: it does not reach {bar}, above which 95 of 100 were right on desks not seen before. Second is “{second}” with {chance}."
                ),
            ),
            (_, false, Some(bar)) => self.pick(
                format!("要確認ではない: 95 % 正しいと言える線 {bar} を超える。次点は「{second}」{chance}。"),
                format!(
                    "Not marked for review: it reaches {bar}, above which 95 of 100 were right on desks not seen before. Second is “{second}” with {chance}."
                ),
            ),
            (_, true, None) => self.pick(
                format!("要確認: ルールの点数か、次点「{second}」との差が分類表の基準に届かない。"),
                format!(
                    "Marked for review: the points, or the distance to “{second}”, do not reach what the taxonomy demands."
                ),
            ),
            (_, false, None) => self.pick(
                format!("要確認ではない: ルールの点数も、次点「{second}」との差も分類表の基準に届く。"),
                format!(
                    "Not marked for review: the points and the distance to “{second}” reach what the taxonomy demands."
                ),
            ),
        }
    }

    fn exclusion(&self) -> Option<String> {
        let reason = self.found.excluded?;
        let name = self.pick(excluded_ja(reason), reason.as_str());
        Some(match self.why.exclusion? {
            ExclusionCause::Deleted => self.pick(
                "依頼として数えない: 元のデータベースから削除されている。".to_owned(),
                "Not counted as a request: it was deleted at its source.".to_owned(),
            ),
            ExclusionCause::Status => {
                let status = self.scene.show(self.ticket.status.as_deref().unwrap_or_default());
                self.pick(
                    format!("依頼として数えない ({name}): ステータスが「{status}」。"),
                    format!("Not counted as a request ({name}): its status is “{status}”."),
                )
            }
            ExclusionCause::Cues => self.pick(
                format!(
                    "依頼として数えない ({name}): 下の「効いた言葉」で対象が「{}」のもの。",
                    reason.as_str()
                ),
                format!(
                    "Not counted as a request ({name}): see what spoke for “{}” below.",
                    reason.as_str()
                ),
            ),
        })
    }

    fn unlabelled(&self) -> Option<String> {
        let without = self.why.unlabelled.as_ref()?;
        let outcome = self.outcome(without);
        Some(self.pick(
            format!("人のラベルがひとつもなければ{outcome}。"),
            format!("Without any label of a person it would be {outcome}."),
        ))
    }

    fn outcome(&self, outcome: &Outcome) -> String {
        let (pattern, sure) = (
            self.scene.pattern_name(&outcome.pattern),
            percent(outcome.confidence),
        );
        self.pick(format!("「{pattern}」({sure})"), format!("“{pattern}” ({sure})"))
    }

    /// One row as `tickets` has it for machines, the same in words for people.
    fn facts(&self, at: usize) -> Section {
        let mut table = tickets::empty();
        table.push(tickets::row(self.scene, at));
        let found = self.found;
        let none = || "–".to_owned();
        let missing = self.missing();
        let group = found.group.as_deref();
        let members = self
            .scene
            .analysis
            .assignments
            .iter()
            .filter(|other| group.is_some() && other.group.as_deref() == group)
            .count();
        let rows = [
            (
                self.pick("パターン", "pattern"),
                format!("{} ({})", self.scene.pattern_name(&found.pattern), found.pattern),
            ),
            (
                self.pick("サブパターン", "sub-pattern"),
                found
                    .subpattern
                    .as_ref()
                    .map_or_else(none, |id| format!("{} ({id})", self.scene.subpattern_name(id))),
            ),
            (
                self.pick("グループ", "group"),
                group.map_or_else(none, |id| {
                    let name = self.scene.group_name(id);
                    self.pick(
                        format!("{name}、{members} 件"),
                        format!("{name}, {members} tickets"),
                    )
                }),
            ),
            (self.pick("決めたもの", "decided by"), self.method().to_owned()),
            (
                self.pick("副次の依頼", "asked for too"),
                found
                    .secondary
                    .as_ref()
                    .map_or_else(none, |id| self.scene.pattern_name(id)),
            ),
            (
                self.pick("足りない情報", "not said"),
                missing.unwrap_or_else(none),
            ),
        ];
        let head = |text: &str| Head {
            text: text.to_owned(),
            align: Align::Left,
            from_width: 0,
        };
        table.pivot = Some(Grid {
            heads: vec![head(self.pick("判定", "decision")), head("")],
            rows: rows.map(|(name, value)| vec![name.to_owned(), value]).to_vec(),
            total: None,
        });
        Section {
            table: Some(table),
            ..Section::default()
        }
    }

    fn method(&self) -> &'static str {
        match self.found.method {
            Method::Label => self.pick("人のラベル", "a person's label"),
            Method::Rules => self.pick("ルール", "the rules"),
            Method::Learner => self.pick("学習器", "the learner"),
            Method::Cluster => self.pick(
                "学習器 (グループはクラスタリング)",
                "the learner; the group by clustering",
            ),
            Method::None => self.pick("なし", "nothing"),
        }
    }

    /// Names of the required slots that nothing fills.
    fn missing(&self) -> Option<String> {
        let (_, sub) = self.scene.taxonomy.sub(self.found.subpattern.as_deref()?)?;
        let open = sub
            .slots
            .required
            .iter()
            .filter(|id| !self.found.slots_present.contains(id));
        let names: Vec<&str> = open
            .filter_map(|id| self.scene.taxonomy.slot(id))
            .map(|slot| slot.name.get(self.scene.lang()))
            .collect();
        (!names.is_empty()).then(|| names.join(self.pick("、", ", ")))
    }

    fn changes(&self) -> Section {
        let keys = ["left_out", "flips", "pattern", "confidence", "needs_review"];
        let mut table = Table::new("changes", &keys);
        for change in &self.why.changes {
            table.push(vec![
                (
                    "left_out",
                    Cell::list(change.left_out.iter().map(|piece| self.piece(piece))),
                ),
                ("flips", Cell::Flag(change.flips)),
                ("pattern", Cell::text(&change.then.pattern)),
                ("confidence", Cell::Number(change.then.confidence)),
                ("needs_review", Cell::Flag(change.then.needs_review)),
            ]);
        }
        table.views = vec![
            View::words(self.pick("これがなければ", "without"), "left_out"),
            View::named(
                self.pick("判定", "it would be"),
                "pattern",
                self.scene.pattern_names(),
            ),
            View::number(self.pick("確度", "sure"), Show::Percent("confidence")),
            View::words(self.pick("変わる", "changes"), "flips"),
            View::words(self.pick("要確認", "review"), "needs_review"),
        ];
        let shown = !self.why.changes.is_empty();
        let mut section = self.section(
            self.pick("何が違えば変わったか", "What would have changed it"),
            table,
        );
        section.lead = vec![self.nearest()];
        if !shown {
            // Machines get the empty table; people read the sentence.
            if let Some(table) = &mut section.table {
                table.pivot = Some(Grid::default());
            }
        }
        section
    }

    /// The smallest change in one sentence.
    fn nearest(&self) -> String {
        if self.found.method == Method::Label {
            return self.pick(
                "人の答えを変えるか消せば変わる。".to_owned(),
                "Another answer of a person, or none.".to_owned(),
            );
        }
        let flips = self.why.changes.iter().find(|change: &&Change| change.flips);
        let Some(change) = flips else {
            return self.pick(
                "どの手がかり・語句・節・欄を抜いても、6 個まとめて抜いても、パターンは変わらない。"
                    .to_owned(),
                "No cue, word, clause or part alone changes the pattern, nor do six of them together."
                    .to_owned(),
            );
        };
        let (pieces, then) = (
            change
                .left_out
                .iter()
                .map(|piece| self.piece(piece))
                .collect::<Vec<_>>(),
            self.outcome(&change.then),
        );
        self.pick(
            format!("最も小さい変更: {} がなければ{then}。", pieces.join("、")),
            format!(
                "The smallest change: without {} it would be {then}.",
                pieces.join(", ")
            ),
        )
    }

    fn piece(&self, piece: &Piece) -> String {
        let words = |origin: Origin, range| {
            let words = self.quotes.quote(origin, range, LONGEST_STRETCH);
            // A clause begins with the mark that ends the one before it.
            words
                .trim_matches(|c: char| c.is_whitespace() || matches!(c, '、' | '。' | ',' | '.'))
                .to_owned()
        };
        match piece {
            Piece::Cue(id) => self.pick(format!("手がかり {id}"), format!("cue {id}")),
            Piece::Words(origin, range) => {
                let words = words(*origin, range);
                self.pick(format!("「{words}」"), format!("“{words}”"))
            }
            Piece::Whole(origin) => self.part(*origin),
        }
    }

    fn part(&self, origin: Origin) -> String {
        match origin {
            Origin::Title => self.pick("件名", "the title").to_owned(),
            Origin::Body => self.pick("本文", "the body").to_owned(),
            Origin::Category => self.pick("フォームの選択肢", "the form's drop-down").to_owned(),
            Origin::Comment(at) => self.pick(format!("コメント {}", at + 1), format!("comment {}", at + 1)),
        }
    }

    fn evidence(&self) -> Section {
        let keys = ["kind", "cue", "target", "points", "field", "quote"];
        let mut table = Table::new("evidence", &keys);
        let cues = self.why.cues.iter().map(|evidence| ("cue", evidence));
        let words = self.why.words.iter().map(|evidence| ("learner", evidence));
        for (kind, evidence) in cues.chain(words) {
            table.push(self.evidence_row(kind, evidence));
        }
        table.views = vec![
            View::number(self.pick("点", "points"), Show::Cell("points", 1)),
            View::named(self.pick("対象", "for"), "target", self.targets()),
            View::words(self.pick("言葉", "words"), "quote"),
            View::words(self.pick("欄", "part"), "field"),
            View::words(self.pick("手がかり", "cue"), "cue").from_width(90),
        ];
        let mut section = self.section(self.pick("効いた言葉", "What spoke"), table);
        section.notes = vec![
            self.pick(
                "手がかりの点と学習器の点は単位が違う。どちらもマイナスは反対。学習器の点は全パターンの平均との差。",
                "The points of cues and those of the learner have different units; below 0 is against. Those of the learner are over the mean of all patterns.",
            )
            .to_owned(),
        ];
        section
    }

    fn evidence_row(&self, kind: &str, evidence: &Evidence) -> Vec<(&'static str, Cell)> {
        let quote = self
            .quotes
            .quote(evidence.origin, &evidence.range, LONGEST_STRETCH);
        vec![
            ("kind", Cell::text(kind)),
            ("cue", Cell::text(&evidence.cue)),
            ("target", Cell::text(&evidence.target)),
            ("points", Cell::Number(evidence.points)),
            ("field", Cell::text(evidence.field.as_str())),
            ("quote", Cell::Text(quote)),
        ]
    }

    /// Names of patterns, sub-patterns and exclusions by their ids.
    fn targets(&self) -> BTreeMap<String, String> {
        let mut names = self.scene.pattern_names();
        let subs = self
            .scene
            .taxonomy
            .patterns
            .iter()
            .flat_map(|pattern| &pattern.subs);
        names.extend(subs.map(|sub| (sub.id.clone(), sub.name.get(self.scene.lang()).to_owned())));
        names
    }

    fn stretches(&self) -> Section {
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
            View::words(self.pick("欄", "part"), "field").from_width(80),
        ];
        let mut section = self.section(self.pick("どう読んだか", "How it was read"), table);
        section.notes = vec![
            self.pick(
                "重み 0 は読んでいない。件名の依頼は 1.5、本文の依頼は 1 (分類表の設定による)。",
                "What counts 0 is not heard. A request counts 1.5 in the title and 1 in the body, unless the taxonomy says otherwise.",
            )
            .to_owned(),
        ];
        section
    }

    fn chances(&self) -> Section {
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
        self.section(self.pick("パターンごとの確率", "Every pattern"), table)
    }

    fn slots(&self) -> Section {
        let mut table = Table::new("slots", &["id", "name", "need", "present"]);
        let sub = self.found.subpattern.as_deref();
        let needs = sub
            .and_then(|id| self.scene.taxonomy.sub(id))
            .map(|(_, sub)| &sub.slots);
        let listed = needs.into_iter().flat_map(|needs| {
            let required = needs.required.iter().map(|id| ("required", id));
            required.chain(needs.optional.iter().map(|id| ("optional", id)))
        });
        for (need, id) in listed {
            let name = self
                .scene
                .taxonomy
                .slot(id)
                .map(|slot| slot.name.get(self.scene.lang()));
            table.push(vec![
                ("id", Cell::text(id)),
                ("name", Cell::maybe_text(name)),
                ("need", Cell::text(need)),
                ("present", Cell::Flag(self.found.slots_present.contains(id))),
            ]);
        }
        let names = [
            ("required", self.pick("必須", "required")),
            ("optional", self.pick("任意", "optional")),
        ];
        let names = names.map(|(code, name)| (code.to_owned(), name.to_owned()));
        table.views = vec![
            View::words(self.pick("情報", "slot"), "name"),
            View::named(self.pick("要否", "need"), "need", names.into()),
            View::words(self.pick("あり", "there"), "present"),
        ];
        let empty = table.rows.is_empty();
        let mut section = self.section(
            self.pick("依頼に書かれている情報", "What the request says"),
            table,
        );
        if empty {
            section.lead = vec![
                self.pick(
                    "サブパターンがはっきりしないので、必要な情報も決まらない。",
                    "Without a clear sub-pattern nothing particular must be said.",
                )
                .to_owned(),
            ];
            if let Some(table) = &mut section.table {
                table.pivot = Some(Grid::default());
            }
        }
        section
    }

    fn section(&self, title: &str, table: Table) -> Section {
        Section {
            title: title.to_owned(),
            table: Some(table),
            ..Section::default()
        }
    }
}

fn percent(share: f64) -> String {
    format!("{:.0} %", share * 100.0)
}

fn field(origin: Origin) -> &'static str {
    match origin {
        Origin::Title => "title",
        Origin::Body => "body",
        Origin::Category => "category",
        Origin::Comment(_) => "comments",
    }
}

fn excluded_ja(reason: Exclusion) -> &'static str {
    match reason {
        Exclusion::Withdrawn => "取り下げ",
        Exclusion::Duplicate => "重複",
        Exclusion::Test => "テスト",
        Exclusion::Announcement => "お知らせ",
        Exclusion::Deleted => "削除済み",
    }
}

fn code(of: Use) -> &'static str {
    match of {
        Use::Clause(Role::Request) => "request",
        Use::Clause(Role::EarlierRequest) => "earlier_request",
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
const USES: [(Use, &str, &str); 16] = [
    (Use::Clause(Role::Request), "依頼", "request"),
    (
        Use::Clause(Role::EarlierRequest),
        "先に挙げた依頼",
        "earlier request",
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
