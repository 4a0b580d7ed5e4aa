//! Words that take something away: one list for all who ask.
//!
//! Two questions are asked of it. Whether a request takes a permission away and gives none, which is counted, is asked
//! with care ([`REVOKES`]). Whether it takes anything away at all, so that no row may grant what stands in it, is asked
//! of everything here ([`asks_to_take`]): a row too few is seen by a person, a grant too many by nobody.

use std::sync::LazyLock;

use crate::matching::Pattern;

/// What takes a permission away, as a regex over normalised text.
pub(super) const REVOKES: &str = "剥奪|剥が|はがし|(?:権限|アクセス|ロール|メンバ|グループ|チーム|アカウント|招待|admin|owner|editor|viewer|さん|様|から)[^。\n]{0,12}(?:外して|外す|外し)|^外して(?:ください|下さい|ほし|欲し|いただ|頂|もら)|失効(?:させ|を?お願い|を依頼|してください|して下さい|してほし|処理)|(?:権限|アクセス|ロール|付与)[^。\n]{0,8}取り?消し|(?:権限|アクセス|ロール)[^。\n]{0,8}(?:削除|停止|不要|返却|必要(?:が|は|で)?な[くい])|(?-u:\\b)(?:revoke|(?:remove|drop|withdraw|strip|roll back)[^.\n]{0,30}(?:access|permissions?|roles?|rights))(?-u:\\b)|(?:no longer|not|n.t) needs?[^.\n]{0,20}(?:access|permission|role|right)";

/// Words of taking whatever is taken, as parts of normalised text.
const WORDS: [&str; 36] = [
    "外し",
    "外れ",
    "除外",
    "除名",
    "脱退",
    "解除",
    "取り上げ",
    "取り除",
    "取り下げ",
    "取下げ",
    "取り消",
    "剥奪",
    "剥が",
    "はがし",
    "返却",
    "返上",
    "落とし",
    "入れ替え",
    "差し替え",
    "付け替え",
    "交代",
    "不要にな",
    "不要とな",
    "要らなくな",
    "もう使わない",
    "removed",
    "removing",
    "removes",
    "revoked",
    "revoking",
    "deleted",
    "deleting",
    "replace",
    "swap",
    "no longer need",
    "instead of",
];

/// English words of taking that must stand alone, or around what is taken.
const PHRASES: &str = concat!(
    r"(?-u:\b)(?:withdraw(?:s|n|ing|al)?|strip(?:s|ped|ping)?|los(?:e|es|ing)|decommission(?:s|ed|ing)?",
    r"|roll(?:s|ed|ing)? ?-?back|stop (?:giving|granting)",
    r"|tak(?:e|es|en|ing)[^.\n]{0,60} off|tak(?:e|es|en|ing) (?:away|off|back)|tak(?:e|es|en|ing)[^.\n]{0,60} (?:away|back)",
    r"|g(?:i|a)v(?:e|es|en|ing)[^.\n]{0,60} back|have (?:it|them|that|this) back",
    r"|(?:access|permissions?|roles?|rights) (?:should|must|will|can|has to|have to) (?:end|stop|go))(?-u:\b)",
);

/// What has a word of taking in it and takes nothing: 「返却日」 is when a grant ends, 「見落とし」 an oversight.
const HARMLESS: [&str; 6] = [
    "返却日",
    "返却予定",
    "返却期限",
    "見落とし",
    "落とし込",
    "書き落とし",
];

static TAKES: LazyLock<[Pattern; 2]> = LazyLock::new(|| [Pattern::new(REVOKES), Pattern::new(PHRASES)]);

/// Says whether a normalised text takes anything away, if only beside what it gives.
pub(crate) fn asks_to_take(text: &str) -> bool {
    let mut text = text.to_owned();
    for words in HARMLESS {
        text = text.replace(words, " ");
    }
    WORDS.iter().any(|word| text.contains(word)) || TAKES.iter().any(|takes| takes.is_match(&text))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_takes_is_known_in_both_languages() {
        for text in [
            "プロジェクトから抜けるので返却します",
            "ついでに u99 の権限は落としてください",
            "先日の申請を取り下げます",
            "この権限をはがしてほしい",
            "please withdraw the permission.",
            "kindly strip this role.",
            "please take this person off the project.",
            "kenji is done; take it off him.",
            "he must lose it by friday.",
            "roll back the access granted last week",
            "rollback the grant",
            "i am done with this, you can have it back.",
            "she gives her seat back",
            "decommission her access",
            "aiko instead of kenji, whose access should end today.",
            "権限を失効させてください",
        ] {
            assert!(asks_to_take(text), "{text}");
        }
        for text in [
            "閲覧権限をください",
            "返却日は 2026-09-30 です",
            "見落としていました。viewer を付与してください",
            "stripe の閲覧権限をお願いします",
            "please give viewer to sora, close the ticket when done",
            "take a look at the dashboard",
        ] {
            assert!(!asks_to_take(text), "{text}");
        }
    }
}
