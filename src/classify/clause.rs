//! Cuts a sentence into clauses and says what each is doing: asking, giving a reason, reporting what is done.
//!
//! A ticket is decided by the request it makes, not by the words around it. "403なので権限を付けてください" asks for
//! a permission although it names an error, and "権限を付けてもらったのにまだ403です" asks to look into one although it
//! names a permission. The rules weigh a cue by the role of the clause it ends in, so cues need not know about
//! any of this. Works on normalised text (see [`crate::text`]); follows the observations on clause direction,
//! negation and tense in Japanese request tickets, with the English counterparts.

mod marks;

use std::collections::BTreeMap;
use std::ops::Range;
use std::sync::LazyLock;

use self::marks::{Mark, marks};
use crate::classify::act;

/// What a clause does in its sentence.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Role {
    /// Asks for something; the last of its sentence.
    Request,
    /// Asks for something, but the sentence goes on to ask for something else.
    EarlierRequest,
    /// Asks for something on top of what was asked before ("あわせて…もお願いします", "also, …").
    FurtherRequest,
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
    let mut further = None;
    let mut before = 0;
    for sentence in sentences(text) {
        if text[before..sentence.start].contains('\n') {
            spread(&mut found, further.take());
        }
        before = sentence.start;
        let opened = read_sentence(text, sentence, &mut found);
        further = further.or(opened);
    }
    spread(&mut found, further);
    found
}

/// What follows an opening word in its line belongs to the request on top, if there is one: "あと、画像も出ません。見てください".
fn spread(found: &mut [Clause], further: Option<usize>) {
    let asks = |clause: &Clause| matches!(clause.role, Role::Request | Role::EarlierRequest);
    let Some(rest) = further.and_then(|first| found.get_mut(first..)) else {
        return;
    };
    if rest.iter().any(asks) {
        for clause in rest
            .iter_mut()
            .filter(|clause| asks(clause) || clause.role == Role::Statement)
        {
            clause.role = Role::FurtherRequest;
        }
    }
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

/// Splits at 。 ! ? and line ends, and at a full stop that ends a Latin sentence.
pub(super) fn sentences(text: &str) -> impl Iterator<Item = Range<usize>> + '_ {
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

/// Says whether a word of a clause asks, not only its form.
pub(super) fn asks_in_words(clause: &str) -> bool {
    marks(clause).any(|(mark, hit)| {
        matches!(mark, Mark::Ask | Mark::AskStart) && stands_alone(clause.as_bytes(), &hit)
    })
}

/// Appends the clauses of one sentence; returns the first of them that comes on top of what was asked before.
fn read_sentence(text: &str, sentence: Range<usize>, found: &mut Vec<Clause>) -> Option<usize> {
    let first = found.len();
    let mut further = opens_further(&text[sentence.clone()]).then_some(first);
    let mut open = Open::new(sentence.start);
    for (mark, hit) in marks(&text[sentence.clone()]) {
        let hit = sentence.start + hit.start..sentence.start + hit.end;
        if stands_alone(text.as_bytes(), &hit) {
            open.mark(mark, hit, found);
            if mark == Mark::FurtherStart {
                further = further.or(Some(found.len()));
            }
        }
    }
    open.close(sentence.end, None, found);
    for clause in &mut found[first..] {
        // "基盤チームに入れて", "add the role": put as orders, without a word that asks.
        if clause.role == Role::Statement && act::orders(&text[clause.range.clone()]) {
            clause.role = Role::Request;
        }
    }
    let sentence = &mut found[first..];
    let own = further.map_or(sentence.len(), |at| at - first);
    let (own, on_top) = sentence.split_at_mut(own);
    if let (Some(last), true) = (own.last_mut(), on_top.iter().any(|c| c.role == Role::Request))
        && last.role == Role::Statement
    {
        // "招待いただき、あわせて権限もお願いします": the one predicate asks for both.
        last.role = Role::Request;
    }
    let last_request = own.iter().rposition(|c| c.role == Role::Request);
    for (at, clause) in own.iter_mut().enumerate() {
        if clause.role == Role::Request && Some(at) != last_request {
            clause.role = Role::EarlierRequest;
        }
    }
    further
}

/// Words that open a request on top of another, at the beginning of a sentence.
const FURTHER: &str = "また、|あわせて|併せて|併せまして|合わせて|合わせまして|ついで|それと|それから、|加えて|さらに|あと、\
     |あと |別件|もう1|もう一|もうひと|最後に|次に、|以上に加え|あとついで|also|could you also|can you also\
     |could someone also|can someone also|would you also|please also|i also|we also|you could also|plus|oh and\
     |oh, and|and also|and please|and could|and can|and while|one more|another thing|in addition|additionally\
     |besides|furthermore|lastly|finally|while you|while at it|on top of|p.s|ps:|second thing";

/// The same by their first character, since every sentence is asked for them.
static FURTHER_BY_START: LazyLock<BTreeMap<char, Vec<&str>>> = LazyLock::new(|| {
    let mut by_start: BTreeMap<char, Vec<&str>> = BTreeMap::new();
    for word in FURTHER.split('|') {
        by_start
            .entry(word.chars().next().unwrap_or_default())
            .or_default()
            .push(word);
    }
    by_start
});

/// Says whether a sentence opens with words that put it on top of what was asked before: "あわせて", "also".
pub(super) fn opens_further(sentence: &str) -> bool {
    let head = sentence.trim_start_matches(|c: char| !c.is_alphanumeric());
    let opens = |word: &&str| {
        head.strip_prefix(*word).is_some_and(|rest| {
            !(word.ends_with(|c: char| c.is_ascii_alphanumeric())
                && rest.starts_with(|c: char| c.is_ascii_alphanumeric()))
        })
    };
    let later = || {
        head.strip_prefix("あと")
            .is_some_and(|rest| rest.starts_with(|c: char| c.is_alphabetic() && !"でからはにの".contains(c)))
    };
    let words = head.chars().next().and_then(|first| FURTHER_BY_START.get(&first));
    words.is_some_and(|words| words.iter().any(opens)) || later()
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
            Mark::Bracket | Mark::FurtherStart => self.close(hit.start, None, found),
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
    fn what_is_asked_on_top_is_told_from_what_leads() {
        let text = "GitHubに招待いただき、あわせて権限の付与もお願いします";
        assert_eq!(role_of(text, "招待"), Role::Request);
        assert_eq!(role_of(text, "権限"), Role::FurtherRequest);
        let text = "please restart the server. could you also find out why it hangs? it began on monday.\nthe load is low";
        assert_eq!(role_of(text, "restart"), Role::Request);
        assert_eq!(role_of(text, "find out"), Role::FurtherRequest);
        assert_eq!(
            role_of(text, "monday"),
            Role::FurtherRequest,
            "it says more of the second"
        );
        assert_eq!(
            role_of(text, "load"),
            Role::Statement,
            "the next line is of neither"
        );
        assert_eq!(
            role_of("あと3日で切れます。更新してください", "切れ"),
            Role::Statement
        );
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
