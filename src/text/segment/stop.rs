//! The stop lists: words that every request has and that say nothing about what is asked for.
//!
//! Verbs and objects (追加, 招待, 権限, 削除, 変更, add, remove, access) are never in here: they are what
//! tickets are grouped by. Spellings are those of normalised text.

use std::collections::HashSet;
use std::sync::LazyLock;

use aho_corasick::{AhoCorasick, MatchKind};

/// Kanji words that are cut out of a run wherever they stand: 権限付与依頼 is about 権限付与.
const KANJI: &str = "\
    依頼 御願 確認 対応 至急 相談 宜敷 以下 上記 下記 本件 可能 必要 場合 作業 内容 希望 期限 背景 補足 \
    概要 詳細 目的 理由 今回 現在 現状 状況 予定 連絡 返信 承知 了解 感謝 恐縮 恐入 大変 申訳 失礼 世話 \
    苦労 手数 都合 問題無 下旬 上旬 中旬 本日 明日 昨日 今日 今週 来週 先週 今月 来月 先日 最近 午前 \
    午後 以前 以降 以上 以外 前回 次回 同様 別途 一旦 念為 全員 各位 皆様 弊社 御社 弊 貴社 自分 先方 去年 今年 来年 昨年 先月 毎月 毎日 客様 数日 \
    担当 対象 関連 関係 事項 件名 質問 急ぎ 致命 必須 任意 記載 参照 参考 添付 共有済 済 特 無し 件";

/// Katakana and Latin words that are dropped when they are the whole word.
const WHOLE: &str = "\
    ケース タイミング コチラ スミマセン ヨロシク カ ケ ヶ a about above after again all also am an and \
    any anyone are as asap at be because been before being best but by can can't cannot cc could dear \
    did do does doesn't don't everyone few for from fyi get got had has have he hello help her here hey \
    hi him his how i i'd i'll i'm i've if in into is isn't it it's its just kind kindly let like may me \
    might more most must my need needed needs no not now of off ok okay on once one only or our out over please \
    pls plz re regards request requested requesting requests she since should sir so some someone soon sre sres \
    still such team than thank thanks that that's the their them then there these they this those thx to \
    too under until up urgent us very via want was we we'd we're we've were what when where which while \
    who will with would you your yours";

/// Placeholders of `Recognizer::mask` that tell who, when or how many, and so not what.
const IDLE_PLACEHOLDERS: &str = "\
    person mail handle url service environment date time duration ticket phone number";

static WHOLE_SET: LazyLock<HashSet<&str>> = LazyLock::new(|| WHOLE.split_ascii_whitespace().collect());
static KANJI_SET: LazyLock<HashSet<&str>> = LazyLock::new(|| KANJI.split_ascii_whitespace().collect());

/// The kanji words of two characters and more.
#[expect(
    clippy::expect_used,
    reason = "the words are constants of this file; a test builds the automaton"
)]
static LONG_KANJI: LazyLock<AhoCorasick> = LazyLock::new(|| {
    let words = KANJI
        .split_ascii_whitespace()
        .filter(|word| word.chars().nth(1).is_some());
    let builder = AhoCorasick::builder()
        .match_kind(MatchKind::LeftmostLongest)
        .build(words);
    builder.expect("constant words build")
});

/// Tells whether a whole word says nothing about what is asked for.
pub(crate) fn is_stop_word(word: &str) -> bool {
    // Every kanji is written with a first byte from here on, kana and Latin with a smaller one.
    const FIRST_OF_KANJI: u8 = 0xe4;
    match word.bytes().next() {
        Some(FIRST_OF_KANJI..) => KANJI_SET.contains(word),
        _ => WHOLE_SET.contains(word),
    }
}

/// Tells whether the placeholder of this name says nothing about what is asked for.
pub(super) fn is_idle_placeholder(name: &str) -> bool {
    IDLE_PLACEHOLDERS
        .split_ascii_whitespace()
        .any(|idle| idle == name)
}

/// Calls back with what is left of a kanji run once the stop words in it are cut out, left to right.
///
/// Words of one character are cut only when they are the whole run: 件 means nothing in 本件, but a lot
/// in 条件.
pub(super) fn without_stop_words<'a>(run: &'a str, mut each: impl FnMut(&'a str)) {
    if is_stop_word(run) {
        return;
    }
    let mut kept_from = 0;
    let cuts = LONG_KANJI.find_iter(run).map(|hit| hit.range());
    for cut in cuts.chain(std::iter::once(run.len()..run.len())) {
        if kept_from < cut.start {
            each(&run[kept_from..cut.start]);
        }
        kept_from = cut.end;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn left(run: &str) -> Vec<&str> {
        let mut out = Vec::new();
        without_stop_words(run, |part| out.push(part));
        out
    }

    #[test]
    fn request_words_are_cut_out_of_kanji_runs() {
        assert_eq!(left("権限付与依頼"), ["権限付与"]);
        assert_eq!(left("至急対応依頼"), Vec::<&str>::new());
        assert_eq!(left("依頼"), Vec::<&str>::new());
        assert_eq!(left("条件"), ["条件"]);
        assert_eq!(left("件"), Vec::<&str>::new());
    }

    #[test]
    fn verbs_and_objects_are_no_stop_words() {
        for word in [
            "追加", "招待", "権限", "削除", "変更", "調査", "設定", "環境", "add", "remove", "access",
            "error",
        ] {
            assert!(!is_stop_word(word), "{word}");
            assert_eq!(left(word), [word]);
        }
    }
}
