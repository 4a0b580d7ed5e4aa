//! Finds the separate things that a ticket asks for: "招待して、あわせて権限もお願いします" asks for two.
//!
//! A ticket is cut at the ends of its sentences and at the words that join one request to the next ("、あわせて", "and also",
//! an order behind "and"). What follows a word that opens a request on top says more of that request, to the end of its
//! line. Only pieces in which a clause asks are requests; what is put off, denied or done by the one who writes is none.
//! Whether two requests are of different kinds is not decided here. Works on normalised text (see [`crate::text`]).

use std::ops::Range;
use std::sync::LazyLock;

use aho_corasick::{AhoCorasick, Anchored, Input, MatchKind, StartKind};

use crate::classify::act::{self, Act};
use crate::classify::clause::{self, Clause, Role};
use crate::classify::prose::{Field, Part, Prose};

/// A piece of a ticket that may ask for something of its own.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Ask {
    /// The part it stands in.
    pub field: Field,
    /// Bytes of the part's text.
    pub range: Range<usize>,
    /// Whether it asks; else it only states.
    pub asks: bool,
    /// Whether a word asks, and not only its form ("の削除").
    pub firm: bool,
    /// Whether it says of itself that it comes on top of something else ("あわせて", "…も", "also").
    pub on_top: bool,
    /// Whether its sentence holds another piece.
    pub joined: bool,
    /// What its clauses do in it; ranges begin with the piece.
    pub clauses: Vec<Clause>,
}

/// Lists the pieces of title and body, in order.
#[must_use]
pub fn asks(prose: &Prose) -> Vec<Ask> {
    let mut found = Vec::new();
    for part in &prose.parts {
        if matches!(part.field, Field::Title | Field::Body) {
            read_part(part, &mut found);
        }
    }
    found
}

/// The least that a stretch counts in which a request is looked for: what explains or says where is none.
const LEAST_FACTOR: f64 = 0.9;

fn read_part(part: &Part, found: &mut Vec<Ask>) {
    for stretch in part
        .stretches
        .iter()
        .filter(|stretch| stretch.factor >= LEAST_FACTOR)
    {
        let text = &part.text[stretch.range.clone()];
        for (range, joined) in cut(text) {
            let piece = text[range.clone()].trim_start();
            let start = stretch.range.start + range.end - piece.len();
            let piece = piece.trim_end();
            found.extend(ask(part.field, start..start + piece.len(), piece, joined));
        }
    }
}

/// Cuts a text into pieces, each with whether its sentence holds another.
fn cut(text: &str) -> Vec<(Range<usize>, bool)> {
    let mut found: Vec<(Range<usize>, bool)> = Vec::new();
    let mut open = false;
    for sentence in clause::sentences(text) {
        let pieces = pieces(&text[sentence.clone()]);
        let joined = pieces.len() > 1;
        for piece in pieces {
            let range = sentence.start + piece.start..sentence.start + piece.end;
            let opens = opens(&text[range.clone()]);
            match found.last_mut() {
                Some((last, _)) if open && !opens => last.end = range.end,
                _ => found.push((range, joined)),
            }
            open |= opens;
        }
        open &= !text[sentence].contains('\n');
    }
    found
}

/// What joins two requests.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Joint {
    /// Ends a request: the next begins behind it.
    Behind,
    /// Begins one more request.
    Before,
    /// Begins one more request if an English verb that orders follows.
    BeforeVerb,
}

/// The longest of those that begin in one place wins.
const JOINTS: &[(Joint, &str)] = &[
    (
        Joint::Before,
        "、また|、あわせて|、併せて|、合わせて|、ついでに|、それと|、それから|、加えて|、さらに|、かつ|、あと|、なお|、別件\
         |、そのうえで|、その上で|、そのまま|、できたら|、できれば|、可能であれば|、可能なら|、次に|、同時に|、念のため\
         | also | plus | and please | and then | and also |; | & |, and |- also|while you|, then | but also ",
    ),
    (
        Joint::Behind,
        "て、|で、|し、|たうえで|た上で|たのち|た後、|たら、|追加と|作成と|発行と|招待と|付与と|削除と|登録と|とともに、|設定と\
         |停止と|変更と|再起動と|解除と|更新と|のと、|および|及び|ならびに|並びに|てほしいのと|したいのと|のと",
    ),
    (Joint::BeforeVerb, " and |, "),
];

static MATCHER: LazyLock<(AhoCorasick, Vec<Joint>)> = LazyLock::new(|| {
    let (joints, words): (Vec<Joint>, Vec<&str>) = JOINTS
        .iter()
        .flat_map(|(joint, words)| words.split('|').map(|word| (*joint, word)))
        .unzip();
    let matcher = AhoCorasick::builder()
        .match_kind(MatchKind::LeftmostLongest)
        .build(words);
    #[expect(clippy::expect_used, reason = "a few dozen fixed short words always build")]
    (matcher.expect("fixed words build"), joints)
});

/// Letters below which a piece says nothing of its own.
const LEAST_LETTERS: usize = 3;

/// Cuts a sentence at its joints.
fn pieces(sentence: &str) -> Vec<Range<usize>> {
    let (matcher, joints) = &*MATCHER;
    let cuts = matcher
        .find_iter(sentence)
        .filter_map(|hit| match joints[hit.pattern().as_usize()] {
            Joint::Behind => Some(hit.end()),
            Joint::Before => Some(hit.start()),
            Joint::BeforeVerb => act::begins_with_verb(&sentence[hit.end()..]).then_some(hit.start()),
        });
    let mut found: Vec<Range<usize>> = Vec::new();
    let mut start = 0;
    for cut in cuts.chain([sentence.len()]) {
        let mut letters = sentence[start..cut].chars().filter(|c| c.is_alphanumeric());
        if letters.nth(LEAST_LETTERS - 1).is_some() {
            found.push(start..cut);
            start = cut;
        }
    }
    match found.last_mut() {
        Some(last) => last.end = sentence.len(),
        None => found.push(0..sentence.len()),
    }
    found
}

/// Words that open a piece on top of another, beside those that open a sentence so.
const OPENERS: &str = "また|あわせて|併せて|合わせて|ついで|それと|それから|加えて|さらに|かつ|あと|別件|もう1|もうひと|もう一|できたら\
     |出来たら|できれば|可能であれば|可能なら|同時に|そのうえで|その上で|ちなみに|以上に加え|最後に|次に|そのまま|念のため\
     |別の話|also|plus|and |oh |while you|on top|in addition|another thing|one more|second|besides|furthermore\
     |additionally|lastly|finally|then |as well|p.s|ps:|if possible|&";

fn opens(piece: &str) -> bool {
    let head = piece.trim_start_matches(|c: char| !c.is_alphanumeric() && c != '&');
    clause::opens_further(piece)
        || WORDS
            .openers
            .find(Input::new(head).anchored(Anchored::Yes))
            .is_some()
}

/// The words that a piece is asked for, ready to be looked for all at once.
struct Words {
    openers: AhoCorasick,
    also: AhoCorasick,
    not_now: AhoCorasick,
}

static WORDS: LazyLock<Words> = LazyLock::new(|| {
    #[expect(clippy::expect_used, reason = "a few dozen fixed short words always build")]
    let find = |words: &str| {
        AhoCorasick::builder()
            .start_kind(StartKind::Both)
            .build(words.split('|'))
            .expect("fixed words build")
    };
    Words {
        openers: find(OPENERS),
        also: find(ALSO),
        not_now: find(NOT_NOW),
    }
});

/// Words inside a request that say that it comes on top.
const ALSO: &str = "も付け|も追加|も入れ|もお願い|もおねがい|もください|も下さい|も欲し|もほし|も見|も調べ|も確認|も削除|も消し|も外し\
     |も失効|も無効|も教え|も伺|も聞|も要|も招待|もして|も変え|も変更|も切|も上げ|も増や|も下げ|も止め|も作|も用意|も発行\
     |も頂|もいただ|も合わせ|もあわせ|も併せ|もできれば|もついで|もし|も解除|も登録|も設定|も許可|もご| also |too| as well";

/// Words that put a request off, deny it, tell of one that was made, or say that the writer does it.
const NOT_NOW: &str = "別途依頼|別途申請|別途お願い|改めて依頼|改めて申請|改めてお願い|あらためて依頼|あらためてお願い|後日依頼\
     |別チケット|別票|別で依頼|別に依頼|依頼済|申請済|依頼しました|申請しました|依頼ではご|依頼ではあ|わけではあ|わけではな\
     |趣旨ではご|ないでください|ないで下さい|ないでほし|ないで欲し|必要はありません|必要はない|必要ありません|必要ない\
     |対応不要|は不要|こちらでや|こちらでし|こちらで行|こちらで見|自分でや|自分でし|自分たちで|我々で|別途進め|ご了承|つもり\
     |かもしれ|かも。|気もし|はず。|別で|separate ticket|separately|will ask|will file|already asked|already filed\
     |not requesting|not asking|don't request|do not request|no need|no action|don't need|do not need\
     |not needed|won't|i will |i'll |myself";

/// Reads one piece; `None` where it asks for nothing now.
fn ask(field: Field, range: Range<usize>, text: &str, joined: bool) -> Option<Ask> {
    if WORDS.not_now.is_match(text) {
        return None;
    }
    let tail = text.trim_end_matches(|c: char| !c.is_alphanumeric());
    // "原因も": the verb is that of the request before. "テキストでも" is a choice.
    let elliptic = tail.ends_with('も') && !tail.ends_with("でも");
    let mut asks = elliptic;
    let mut firm = false;
    let clauses = clause::clauses(text);
    for clause in &clauses {
        let said = &text[clause.range.clone()];
        match clause.role {
            Role::Request | Role::EarlierRequest | Role::FurtherRequest => {
                asks = true;
                firm |= clause::asks_in_words(said);
            }
            Role::Statement if act::act(said) <= Act::Order => {
                asks = true;
                firm |= !act::orders(said);
            }
            _ => {}
        }
    }
    Some(Ask {
        field,
        on_top: opens(text) || elliptic || WORDS.also.is_match(text),
        range,
        asks: asks && !tail.ends_with("でも"),
        firm,
        joined,
        clauses,
    })
}

#[cfg(test)]
mod tests {
    use super::{Ask, asks};
    use crate::classify::prose::{Field, Prose};
    use crate::taxonomy::Taxonomy;
    use crate::text::{Boilerplate, Document, Parts};
    use proptest::prelude::*;
    use std::sync::LazyLock;

    static TAXONOMY: LazyLock<Taxonomy> = LazyLock::new(|| Taxonomy::builtin().expect("valid"));

    fn read(title: &str, body: &str) -> (Prose, Vec<Ask>) {
        let parts = Parts {
            title: Some(title).filter(|title| !title.is_empty()),
            body: Some(body).filter(|body| !body.is_empty()),
            ..Parts::default()
        };
        let document = Document::read(&parts, &Boilerplate::default());
        let prose = Prose::read(&document, &TAXONOMY.engine);
        let found = asks(&prose);
        (prose, found)
    }

    /// The pieces that ask, as text.
    fn asked(title: &str, body: &str) -> Vec<(String, bool)> {
        let (prose, found) = read(title, body);
        let text = |ask: &Ask| prose.text(ask.field)[ask.range.clone()].trim().to_owned();
        found
            .iter()
            .filter(|ask| ask.asks)
            .map(|ask| (text(ask), ask.on_top))
            .collect()
    }

    #[test]
    fn two_requests_of_one_sentence_are_two() {
        let found = asked("", "GitHubに招待して、あわせて書き込み権限もお願いします。");
        assert_eq!(found.len(), 2, "{found:?}");
        assert!(!found[0].1 && found[1].1, "{found:?}");
        let found = asked(
            "",
            "Please invite her to the org, and also raise the quota to 20.",
        );
        assert_eq!(found.len(), 2, "{found:?}");
        assert!(found[1].0.contains("quota") && found[1].1, "{found:?}");
    }

    #[test]
    fn what_follows_an_opening_word_in_its_line_belongs_to_it() {
        let found = asked(
            "記事の公開",
            "公開してください。あと画像が昨日から出ません。見てもらえますか。",
        );
        assert_eq!(found.last().map(|one| one.1), Some(true), "{found:?}");
        assert!(
            found.last().is_some_and(|one| one.0.contains("画像")),
            "{found:?}"
        );
    }

    #[test]
    fn what_is_put_off_or_denied_or_done_by_oneself_is_not_asked_for() {
        for body in [
            "環境を作ってください。招待は改めて依頼します。",
            "環境を作ってください。再起動はしないでください。",
            "環境を作ってください。移行はこちらでやります。",
            "Please create the project. I'll invite people myself.",
        ] {
            assert_eq!(asked("", body).len(), 1, "{body}");
        }
    }

    proptest! {
        #[test]
        fn pieces_are_ordered_and_lie_in_their_part(
            title in "[ -~。、ぁ-ん招待権限]{0,40}",
            body in "[ -~。、ぁ-んァ-ヶ権限付与て、あわせてください\\n]{0,200}",
        ) {
            let (prose, found) = read(&title, &body);
            let mut end = (Field::Title, 0);
            for ask in found {
                prop_assert!((ask.field, ask.range.start) >= end);
                prop_assert!(prose.text(ask.field).get(ask.range.clone()).is_some());
                end = (ask.field, ask.range.end);
            }
        }
    }
}
