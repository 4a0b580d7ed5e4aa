//! What would have changed a decision, as a table and in one sentence.

use crate::classify::Method;
use crate::classify::explain::{Change, Piece};
use crate::compose::explanation::{LONGEST_STRETCH, Told};
use crate::report::{Cell, Grid, Section, Show, Table, View};
use crate::text::Origin;

impl Told<'_> {
    pub(super) fn changes(&self) -> Section {
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

    /// What would have changed it, or what was tried in vain, in one sentence.
    fn nearest(&self) -> String {
        if self.found.method == Method::Label {
            return self.pick(
                "人のラベルで決まっている。ラベルを直すか消せば変わる。".to_owned(),
                "A person decided: it changes when the label does, or goes.".to_owned(),
            );
        }
        let flips = self.why.changes.iter().find(|change: &&Change| change.flips);
        let Some(change) = flips else {
            return self.nothing();
        };
        let pieces: Vec<String> = change.left_out.iter().map(|piece| self.piece(piece)).collect();
        let then = self.outcome(&change.then);
        let named = pieces.join(self.pick("、", ", "));
        match pieces.len() {
            1 => self.pick(
                format!("試したうちで最も小さい変更: {named} がなければ{then}。"),
                format!("The smallest change that was found: without {named} it would be {then}."),
            ),
            _ => self.pick(
                format!("ひとつ抜いただけでは変わらず、{named} をすべて抜くと{then}。"),
                format!("No single one is enough; with {named} all left out it would be {then}."),
            ),
        }
    }

    /// What was left out and changed nothing. Not every choice of pieces was tried, and that is said.
    fn nothing(&self) -> String {
        let (alone, together) = (self.why.tried_alone, self.why.tried_together);
        match (alone, together) {
            (0, _) => self.pick(
                "抜いて試せる語句がない。".to_owned(),
                "There is nothing in it that could be left out.".to_owned(),
            ),
            (1, _) => self.pick(
                "ただひとつの手がかり・語句・節・欄を抜いても、パターンは変わらない。".to_owned(),
                "Without the one cue, word, clause or part there is, the pattern stays.".to_owned(),
            ),
            (_, 0 | 1) => self.pick(
                format!("手がかり・語句・節・欄 {alone} 個のどれを抜いても、パターンは変わらない。"),
                format!("None of {alone} cues, words, clauses and parts alone changes the pattern."),
            ),
            _ => self.pick(
                format!(
                    "見つからなかった: 手がかり・語句・節・欄 {alone} 個のどれを抜いても、効きの強い順に {together} 個まで重ねて抜いても、パターンは変わらない (すべての組合せは試していない)。"
                ),
                format!(
                    "None was found: none of {alone} cues, words, clauses and parts alone changes the pattern, nor do up to {together} together, the one that costs most first. Not every combination was tried."
                ),
            ),
        }
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
            Piece::Cue(id) => self.cue(id),
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
}
