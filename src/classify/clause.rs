//! Cuts a sentence into clauses and says what each is doing: asking, giving a reason, reporting what is done.
//!
//! A ticket is decided by the request it makes, not by the words around it. "403なので権限を付けてください" asks for
//! a permission although it names an error, and "権限を付けてもらったのにまだ403です" asks to look into one although it
//! names a permission. The rules weigh a cue by the role of the clause it ends in, so cues need not know about
//! any of this. Works on normalised text (see [`crate::text`]); follows the observations on clause direction,
//! negation and tense in Japanese request tickets, with the English counterparts.

use std::ops::Range;
use std::sync::LazyLock;

use aho_corasick::{AhoCorasick, MatchKind};

use crate::classify::act;

/// What a clause does in its sentence.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Role {
    /// Asks for something; the last of its sentence.
    Request,
    /// Asks for something, but the sentence goes on to ask for something else.
    EarlierRequest,
    /// States something: a symptom, a situation, a bare noun phrase.
    Statement,
    /// Gives the reason or the purpose of what is asked (ので, ため, because).
    Reason,
    /// Says what was expected to help and did not (のに, although).
    Concession,
    /// Tells what has been done or will be done: background or announcement.
    Done,
    /// Names what is not asked for (ではなく, instead of).
    Negated,
}

/// A stretch of text with one role. Clauses of a text are in order and do not overlap.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Clause {
    /// Bytes in the text given.
    pub range: Range<usize>,
    /// What it does.
    pub role: Role,
}

/// Cuts normalised text into clauses with their roles.
///
/// Every byte that is not a sentence mark belongs to exactly one clause. The work is linear in the text.
#[must_use]
pub fn clauses(text: &str) -> Vec<Clause> {
    let mut found = Vec::new();
    for sentence in sentences(text) {
        read_sentence(text, sentence, &mut found);
    }
    found
}

/// Finds the role of the clause that holds a byte; text outside every clause counts as a statement.
#[must_use]
pub fn role_at(clauses: &[Clause], byte: usize) -> Role {
    let after = clauses.partition_point(|c| c.range.end <= byte);
    clauses
        .get(after)
        .filter(|c| c.range.contains(&byte))
        .map_or(Role::Statement, |c| c.role)
}

/// Marks inside a sentence that decide roles.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Mark {
    /// Ends a clause that gives a reason.
    ReasonEnd,
    /// Ends a clause that concedes.
    ConcessionEnd,
    /// Ends a clause that leads in to the next ("…ですが", "…ており、").
    LeadEnd,
    /// Starts a reason that lasts to the next comma or the end (because …).
    ReasonStart,
    /// Starts a concession that lasts to the next comma or the end (although …).
    ConcessionStart,
    /// Asks.
    Ask,
    /// Begins a clause that asks; what stands before it only leads up to it.
    AskStart,
    /// Opens or ends an aside in brackets.
    Bracket,
    /// Says that something is done.
    Done,
    /// Negates what stands before it in the clause.
    NegatesBefore,
    /// Negates what follows up to the next comma.
    NegatesAfter,
    /// A comma, where started clauses stop.
    Comma,
    /// Looks like a mark and is none; listed so that the longest match hides the shorter one.
    Nothing,
}

/// The marks, Japanese first. Longest match wins, so a phrase can be excepted by listing it as [`Mark::Nothing`].
const MARKS: &[(Mark, &[&str])] = &[
    (
        Mark::ReasonEnd,
        &[
            "ので",
            "んで、",
            "のため",
            "のために",
            "るため",
            "るために",
            "たため",
            "いため",
            "なため",
            "すため",
            "すために",
            "くため",
            "うため",
            "むため",
            "ぶため",
            "つため",
            "ですから",
            "ますから",
            "たから、",
            "だから、",
            "るから、",
            "いから、",
            "んだけど",
            "につき、",
            "ことから、",
            "との事なので",
            "とのことで、",
        ],
    ),
    (
        Mark::ConcessionEnd,
        &[
            "のに",
            "にもかかわらず",
            "にも関わらず",
            "はずなのですが",
            "はずですが",
            "はずなんですが",
            "はずなのに",
            " but still",
            " and still",
            " yet ",
        ],
    ),
    (
        Mark::LeadEnd,
        &[
            "ですが",
            "ますが",
            "ましたが",
            "ませんが",
            "たのですが",
            "のですが",
            "んですが",
            "ですけど",
            "ますけど",
            "けれども",
            "けど、",
            "けれど、",
            "だが、",
            "たが、",
            "いが、",
            "るが、",
            "おり、",
            "おりまして",
            "ていて、",
            "でいて、",
            "まして、",
            "でして、",
            "であり、",
            " but ",
            ", but",
        ],
    ),
    (
        Mark::ReasonStart,
        &[
            "because ",
            "since we ",
            "since i ",
            "since the ",
            "due to ",
            "in order to ",
            "so that ",
            "so i can ",
            "so we can ",
            "as i ",
            "as we ",
            "given that ",
            "needed for ",
            "needed to ",
        ],
    ),
    (
        Mark::ConcessionStart,
        &["although ", "even though ", "though ", "despite "],
    ),
    (
        Mark::Ask,
        &[
            "お願い",
            "おねがい",
            "願いま",
            "願い致",
            "ください",
            "下さい",
            "くださる",
            "ほしい",
            "欲しい",
            "いただけ",
            "頂け",
            "いただきた",
            "頂きた",
            "いただくこと",
            "頂くこと",
            "もらえ",
            "もらいた",
            "貰え",
            "貰いた",
            "くれます",
            "くれません",
            "したい",
            "りたい",
            "えたい",
            "せたい",
            "きたい",
            "みたいです",
            "たいです",
            "希望",
            "依頼",
            "申請",
            "頼みます",
            "頼む",
            "たのみます",
            "よろです",
            "必要です",
            "教えて",
            "知りたい",
            "ご教示",
            "ご対応",
            "どうでしょう",
            "でしょうか",
            "ですか",
            "ますか",
            "please",
            "pls",
            "plz",
            "could you",
            "could someone",
            "can someone",
            "could anyone",
            "can anyone",
            "anyone able",
            "requesting",
            "requests",
            "can you",
            "can we",
            "could we",
            "can i",
            "could i",
            "would you",
            "would like",
            "i need",
            "we need",
            "need to",
            "needs to",
            "need ",
            "i want",
            "we want",
            "want to",
            "request",
            "kindly",
            "may i",
            "appreciate",
            "would be great",
            "let me know",
            "help me",
            "how do i",
            "how to",
            "is it possible",
            "should we",
            "should i",
            "looking for",
        ],
    ),
    (
        Mark::AskStart,
        &[
            ", please",
            ", pls",
            ", kindly",
            ", so ",
            ", can you",
            ", could you",
            ", can someone",
            ", could someone",
            ", can somebody",
            ", could somebody",
            ", can i ",
            ", could i ",
            ", can we ",
            ", could we ",
            ", would you",
            "so please",
            "; please",
            "- please",
        ],
    ),
    (Mark::Bracket, &["(", ")"]),
    (
        Mark::Done,
        &[
            "済み",
            "済です",
            "完了しました",
            "完了いたしました",
            "お渡ししました",
            "付与しました",
            "いたしました",
            "致しました",
            "していただきました",
            "していただいた",
            "していただき、",
            "してもらった",
            "してもらい",
            "して頂いた",
            "実施しました",
            "対応しました",
            "共有しました",
            "リリースしました",
            "追加しました",
            "作成しました",
            "削除しました",
            "変更しました",
            "実施します",
            "予定です",
            "行います。",
            "いたします。",
            "has been granted",
            "have been granted",
            "has been added",
            "has been done",
            "was granted",
            "was added",
            "we have completed",
            "will be performed",
            "is scheduled",
        ],
    ),
    (
        Mark::NegatesBefore,
        &[
            "ではなく",
            "じゃなく",
            "でなく",
            "ではありません",
            "ではないです",
            "わけではな",
            "は不要",
            "も不要",
            "は必要ありません",
            "は必要ないです",
            "はいりません",
            "は要りません",
            "は対象外",
            "は別途",
            "については別途",
        ],
    ),
    (
        Mark::NegatesAfter,
        &[
            "instead of ",
            "rather than ",
            "not about ",
            "no need to ",
            "don't need ",
            "do not need ",
            "not asking ",
        ],
    ),
    (Mark::Comma, &["、", ", "]),
    (
        Mark::Nothing,
        &[
            "のでしょう",
            "のです",
            "のではない",
            "のではありま",
            "なのでは",
            "ものに",
            "何のために",
            "済みません",
            "すみません",
            "依頼内容",
            "依頼者",
            "依頼元",
            "依頼種別",
            "申請書",
            "申請者",
            "申請画面",
            "申請フロ",
            "依頼フォ",
            "申請フォ",
            "リクエスト数",
            "requests per",
            "http request",
            "pull request",
            "merge request",
            "requested by",
            "ないでしょうか",
            "ないですか",
            "ではなくなっ",
            "なにかしたい",
            "but not",
        ],
    ),
];

/// "…ないでしょうか" is a polite order when a receiving verb stands before it; the mark inside that verb already asks.
static MATCHER: LazyLock<(AhoCorasick, Vec<Mark>)> = LazyLock::new(|| {
    let (kinds, words): (Vec<Mark>, Vec<&str>) = MARKS
        .iter()
        .flat_map(|(mark, words)| words.iter().map(|w| (*mark, *w)))
        .unzip();
    let matcher = AhoCorasick::builder()
        .match_kind(MatchKind::LeftmostLongest)
        .build(words);
    #[expect(clippy::expect_used, reason = "a few hundred fixed short words always build")]
    (matcher.expect("fixed words build"), kinds)
});

/// Splits at 。 ! ? and line ends, and at a full stop that ends a Latin sentence.
fn sentences(text: &str) -> impl Iterator<Item = Range<usize>> + '_ {
    let bytes = text.as_bytes();
    let mut start = 0;
    let mut ends = text.char_indices().filter_map(move |(at, c)| {
        let ends = match c {
            '。' | '!' | '?' | '\n' => true,
            '.' => bytes.get(at + 1).is_none_or(u8::is_ascii_whitespace),
            _ => false,
        };
        ends.then(|| at + c.len_utf8())
    });
    let mut open = true;
    std::iter::from_fn(move || {
        if !open {
            return None;
        }
        let end = ends.next().unwrap_or_else(|| {
            open = false;
            text.len()
        });
        let range = start..end;
        start = end;
        Some(range)
    })
    .filter(|range| !text[range.clone()].trim().is_empty())
}

/// Appends the clauses of one sentence.
fn read_sentence(text: &str, sentence: Range<usize>, found: &mut Vec<Clause>) {
    let first = found.len();
    let mut open = Open::new(sentence.start);
    let (matcher, kinds) = &*MATCHER;
    for hit in matcher.find_iter(&text[sentence.clone()]) {
        let hit_range = sentence.start + hit.start()..sentence.start + hit.end();
        if stands_alone(text.as_bytes(), &hit_range) {
            open.mark(kinds[hit.pattern().as_usize()], hit_range, found);
        }
    }
    open.close(sentence.end, None, found);
    for clause in &mut found[first..] {
        // "基盤チームに入れて", "add the role": put as orders, without a word that asks.
        if clause.role == Role::Statement && act::orders(&text[clause.range.clone()]) {
            clause.role = Role::Request;
        }
    }
    let last_request = found[first..]
        .iter()
        .rposition(|c| c.role == Role::Request)
        .map(|at| first + at);
    for (at, clause) in found.iter_mut().enumerate().skip(first) {
        if clause.role == Role::Request && Some(at) != last_request {
            clause.role = Role::EarlierRequest;
        }
    }
}

/// Says whether a mark is a word of its own: "can i" asks, "can increase" does not. Japanese has no such borders.
pub(super) fn stands_alone(bytes: &[u8], mark: &Range<usize>) -> bool {
    let letter = |at: Option<usize>| {
        at.and_then(|at| bytes.get(at))
            .is_some_and(u8::is_ascii_alphanumeric)
    };
    let starts_in_word = letter(Some(mark.start)) && letter(mark.start.checked_sub(1));
    let ends_in_word = letter(mark.end.checked_sub(1)) && letter(Some(mark.end));
    !(starts_in_word || ends_in_word)
}

/// The clause being read.
struct Open {
    start: usize,
    asks: bool,
    done: bool,
    /// A role that was opened by a starting mark and lasts to the next comma.
    forced: Option<Role>,
}

impl Open {
    fn new(start: usize) -> Self {
        Self {
            start,
            asks: false,
            done: false,
            forced: None,
        }
    }

    fn mark(&mut self, mark: Mark, hit: Range<usize>, found: &mut Vec<Clause>) {
        match mark {
            Mark::ReasonEnd => self.close(hit.end, Some(Role::Reason), found),
            Mark::ConcessionEnd => self.close(hit.end, Some(Role::Concession), found),
            Mark::NegatesBefore => self.close(hit.end, Some(Role::Negated), found),
            Mark::LeadEnd => self.close(hit.end, None, found),
            Mark::ReasonStart => self.start_forced(hit.start, Role::Reason, found),
            Mark::ConcessionStart => self.start_forced(hit.start, Role::Concession, found),
            Mark::NegatesAfter => self.start_forced(hit.start, Role::Negated, found),
            Mark::Comma if self.forced.is_some() => self.close(hit.end, None, found),
            Mark::Bracket => self.close(hit.start, None, found),
            Mark::AskStart => {
                self.close(hit.start, None, found);
                self.asks = true;
            }
            Mark::Ask => self.asks = true,
            Mark::Done => self.done = true,
            Mark::Comma | Mark::Nothing => {}
        }
    }

    fn start_forced(&mut self, at: usize, role: Role, found: &mut Vec<Clause>) {
        self.close(at, None, found);
        self.forced = Some(role);
    }

    /// Ends the clause at `end` with `role`, or with the role its own marks give it.
    fn close(&mut self, end: usize, role: Option<Role>, found: &mut Vec<Clause>) {
        let own = match (self.asks, self.done) {
            (true, _) => Role::Request,
            (false, true) => Role::Done,
            (false, false) => Role::Statement,
        };
        if end > self.start {
            found.push(Clause {
                range: self.start..end,
                role: role.or(self.forced).unwrap_or(own),
            });
        }
        *self = Self::new(end);
    }
}

#[cfg(test)]
mod tests {
    use super::{Role, clauses, role_at};
    use proptest::prelude::*;

    fn role_of(text: &str, word: &str) -> Role {
        role_at(&clauses(text), text.find(word).expect("the word is in the text"))
    }

    #[test]
    fn an_error_before_node_is_a_reason() {
        let text = "403なので権限を付けてください";
        assert_eq!(role_of(text, "403"), Role::Reason);
        assert_eq!(role_of(text, "権限"), Role::Request);
    }

    #[test]
    fn what_did_not_help_is_a_concession() {
        let text = "権限を付けてもらったのにまだ403です";
        assert_eq!(role_of(text, "権限"), Role::Concession);
        assert_eq!(role_of(text, "403"), Role::Statement);
    }

    #[test]
    fn the_last_request_of_a_sentence_leads() {
        let text = "ログを見られるようにしたいのですが方法を教えてください";
        assert_eq!(role_of(text, "ログ"), Role::EarlierRequest);
        assert_eq!(role_of(text, "方法"), Role::Request);
    }

    #[test]
    fn a_bare_te_form_asks_but_a_deadline_does_not() {
        assert_eq!(role_of("早川さんを基盤チームに入れて", "基盤"), Role::Request);
        assert_eq!(role_of("期限は金曜まで", "期限"), Role::Statement);
    }

    #[test]
    fn what_is_not_wanted_is_negated() {
        let text = "招待ではなく削除をお願いします";
        assert_eq!(role_of(text, "招待"), Role::Negated);
        assert_eq!(role_of(text, "削除"), Role::Request);
        let text = "please use a group instead of personal grants";
        assert_eq!(role_of(text, "personal"), Role::Negated);
        assert_eq!(role_of(text, "group"), Role::Request);
    }

    #[test]
    fn english_reasons_last_to_the_comma() {
        let text = "because the deploy fails, please add the role";
        assert_eq!(role_of(text, "deploy"), Role::Reason);
        assert_eq!(role_of(text, "role"), Role::Request);
    }

    #[test]
    fn english_marks_are_whole_words() {
        let text = "deploys may include a permission error. could someone look into it";
        assert_eq!(role_of(text, "include"), Role::Statement);
        assert_eq!(role_of(text, "look into"), Role::Request);
        assert_eq!(role_of("this can increase the load", "increase"), Role::Statement);
    }

    #[test]
    fn a_report_of_work_done_does_not_ask() {
        assert_eq!(role_of("権限をお渡ししました", "権限"), Role::Done);
    }

    proptest! {
        #[test]
        fn clauses_are_ordered_and_lie_in_the_text(text in "[ -~。、ぁ-んァ-ヶ権限付与ください\\n]{0,200}") {
            let mut end = 0;
            for clause in clauses(&text) {
                prop_assert!(clause.range.start >= end && clause.range.end <= text.len());
                prop_assert!(text.get(clause.range.clone()).is_some());
                end = clause.range.end;
            }
        }
    }
}
