//! Says what kind of speech a clause is: an order, a question for a way, a complaint, news.
//!
//! "招待をお願いします", "招待が届かない" and "招待を自動化すべきか" share their topic and ask for three different things. What
//! they ask for shows in the predicate: the ending in Japanese, the first words in English. [`clause`] tells which clause
//! leads and which only explains; this module tells what the leading one wants. It knows predicates, question words
//! and verbs of looking and failing, never the names of systems or kinds of request; those are the taxonomy's.
//! Works on normalised text, clause by clause, in one pass.
//!
//! [`clause`]: crate::classify::clause

use std::collections::BTreeMap;
use std::sync::LazyLock;

use aho_corasick::{AhoCorasick, MatchKind};

use crate::classify::clause::stands_alone;

/// What a clause wants of its reader.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Act {
    /// Wants to know why something is as it is.
    Why,
    /// Wants a judgement: which, whether, is this all right.
    Judge,
    /// Wants an opinion, a review, advice.
    Advise,
    /// Wants somebody to look, check, find out.
    Look,
    /// Wants to know a way, a place, a meaning.
    Learn,
    /// Asks whether something can be done, which may be a polite order.
    Can,
    /// Wants something done.
    Order,
    /// Complains: something fails, is missing, changed by itself.
    Suffer,
    /// Tells what was done or will be done.
    Tell,
    /// Says something else.
    Say,
}

/// Words that show an act, or hide a shorter one that does, between bars.
type Marks = (Option<Act>, &'static str);

/// The longest match wins, so that "もらえませんか" is an order although "ません" complains.
const MARKS: &[Marks] = &[
    (
        Some(Act::Why),
        "なぜ|何故|どうして|なんで|何で|原因は|原因を|原因が|原因の|原因調査|原因究明|原因特定|理由は|理由を\
         |理由が|何が起き|何が起こ|どういうわけ|心当たり|why|how come|what happened|what is wrong|what's wrong\
         |what is going on|what's going on|root cause|the cause|the reason|what causes|what broke|what triggers",
    ),
    (
        Some(Act::Judge),
        "べき|どちら|どっち|どれが|どれを|いずれが|方がよ|方が良|方がい|ほうがよ|ほうが良|ほうがい|よいでしょうか\
         |良いでしょうか|いいでしょうか|よいですか|良いですか|いいですか|よいか|良いか|いいか|よいもの|良いもの\
         |いいもの|大丈夫ですか|大丈夫でしょうか|大丈夫か|問題ないか|問題ないでしょうか|問題ありませんか\
         |問題ないですか|可否|是非を|判断が|判断を|妥当|悩んで|迷って|迷い|おすすめ|お勧め|オススメ|定石|メリット\
         |違いは|使い分け|分け方|持ち方|切り方|扱い方|方針|考え方|あり方|いかが|許される|良さそうか|よさそうか\
         |足りるか|十分か|必要があるのか|必要がある?|影響範囲|影響は|響きますか|should we|should i|should it\
         |should the|should there|should this|or should|which one|which option|which way|which is|which of\
         |which approach|is it safe|is it ok|is it okay|is it better|is it worth|is it fine|is it allowed\
         |is this allowed|acceptable|may we use|would you rather|would you recommend|do you recommend|better to\
         |or wait|or not|make sense|makes sense|not sure|unsure|a decision|pros and cons|anything against\
         |good enough|right way|what do people|what would|affect|consequences",
    ),
    (
        Some(Act::Advise),
        "意見|レビュー|レビュ|コメント|目を通|フィードバック|アドバイス|助言|壁打ち|ご相談させ|相談させ\
         |相談したい|相談に乗|どう思|と思いますか|見解|知見|設定案|構成案|設計案|案を見|案です|案を書|素案\
         |たたき台|opinion|opinions|review|advice|advise|advising|feedback|thoughts on|any thoughts|thoughts\
         |recommendation|recommendations|second pair of eyes|your eyes|comments welcome|what you think\
         |what do you think|what do you say|look right|looks right|any ideas|guidance|discuss|proposal|proposed\
         |propose|my draft|i drafted|rfc|brainstorm|consult",
    ),
    (
        Some(Act::Look),
        "調べて|しらべて|調査|切り分け|突き止め|突きとめ|見てもら|見ていただ|見て頂|見てほし|見て欲し|見てくだ\
         |見て下さ|みてもら|みていただ|みてほし|みてくだ|診て|見てくれ|確認して|確認をお願い|確認お願い\
         |確認いただ|ご確認|確認のお願い|確認を|確認でき|追って|追いかけ|チェックして|解析|特定して|特定を|洗い出\
         |ていないか|ていませんか|ていないでしょうか|てないか|られていないか|残っていないか|見ていただきたい\
         |look into|looking into|investigate|investigated|investigating|investigation|look at|have a look\
         |take a look|check|checked|verify|find out|find the reason|figure out|work out|debug|diagnose\
         |troubleshoot|trace it|trace this|dig into|see what|see why|track down|tell what|explain what|still used\
         |直りません|復旧|ように直|ように戻|元通り|working again|get it working|repair|fix it|bring it back\
         |bring them back|still use",
    ),
    (
        Some(Act::Learn),
        "教えて|ご教示|ご教授|知りたい|知って|方法|やり方|手順|仕方|進め方|使い方|書き方|読み方|どこです|どこにあ\
         |どこを見|どこから|どこで|どこに|どこへ|どこ?|どう進め|どうすれば|どうやって|どうしたら|どうするの\
         |どう扱|どのように|どんな|何を|何が|いつまで|いつから|誰に|どなた|でしたっけ|だっけ|聞きたい|伺いたい\
         |お聞き|質問|分からない|わからない|分かりません|わかりません|分からず|ありますか|あるか|とは何|は?\
         |手はない|how do|how to|how can|how should|how does|how long|how would|how many|how are|how is\
         |what is the|what are|what does|what should|what do|where do|where can|where is|where are|where did\
         |who owns|who is|when will|when is|which roles|which role|what permission|is there a|is there any\
         |are there|documentation|the docs|a guide|the guide|tutorial|can you tell me|could you tell me\
         |let me know|like to know|to know|to understand|question about|questions about|explain how|clarify\
         |wondering|tell me|any way to|looking for advice|does anyone know",
    ),
    (
        Some(Act::Can),
        "可能でしょうか|可能ですか|可能か|できますか|できますでしょうか|出来ますか|できるか|できないか\
         |できないでしょうか|できるもの|ないでしょうか|is it possible|would it be possible|can we|can i|could we\
         |could i|could this|may i|may we|do we have",
    ),
    (
        Some(Act::Order),
        "ください|下さい|お願い|おねがい|願います|ほしい|欲しい|いただけ|頂け|いただきた|頂きた|もらえ|貰え\
         |もらいた|くれます|くれません|いただくことは可能|いただくことは可能でしょうか\
         |してもらうことは可能でしょうか|いただくことはできますか|お願いできます|お願いできますか\
         |もらえないでしょうか|もらえませんか|いただけないでしょうか|いただけませんか|頂けないでしょうか\
         |頂けませんか|くれないでしょうか|助かります|幸いです|頼みます|頼む|よろです|必要です|希望します|希望です\
         |依頼します|申請します|ようにして|したい|please|pls|plz|kindly|could you|can you|could someone\
         |can someone|could somebody|can somebody|would you|i need|we need|needs|need|i want|we want|would like\
         |i'd like|we'd like|can we have|can we get|can i get|can i have|could i get|could i have|could we have\
         |could we get|could i be|may i have|request for|requesting|grant me|give me|let me|let us|has to|have to\
         |should be able to|should be|should get|should show|must be|wanted|asking for a favour",
    ),
    (
        Some(Act::Suffer),
        "ません|なくな|できない|できなく|できず|出来ない|出来ず|届かない|届いていない|来ない|来ていない|出ない\
         |出なく|出てこない|動かない|動かなく|動作しない|見えない|見られない|見れない|入れない|開かない|開けない\
         |つながらない|繋がらない|起動しない|立たない|上がらない|終わらない|進まない|通らない|通らなく\
         |反映されない|表示されない|されない|されなく|しない|効いていない|効かない|戻らない|消え|いなくな|落ち\
         |止まって|止まる|止まり|止まっ|停止して|失敗|エラー|エラ|例外|不具合|障害|バグ|おかしい|おかしく|変です\
         |遅い|遅く|遅れ|重い|重く|もたつ|固ま|真っ白|空です|空に|壊れ|拒否|弾かれ|はじかれ|怒られ|コケ|こけ|詰ま\
         |死んで|ハング|タイムアウト|赤い|赤く|急に|突然|いきなり|いつの間にか|昨日まで|昨日は|先週は|さっきまで\
         |今朝から|昨日から|昨夜から|勝手に|のまま|ままです|相変わらず|まだ|また起|繰り返|してから|して以来\
         |されてから|後から|後に|直後|はずなのに|はずが|使い切|張り付|増え続|ロックされ|403|404|500|502|503|504\
         |forbidden|denied|unauthorized|not found|error|errors|exception|exceptions|fails|failed|failing|fail\
         |failure|failures|broken|breaks|broke|down|outage|offline|crash|crashes|crashing|crashed|hangs|hanging\
         |stuck|stalled|slow|slower|crawl|lag|latency|timeout|times out|timed out|timing out|gone|vanished\
         |disappeared|missing|lost|empty|blank|wrong|weird|strange|odd|red|dead|dies|died|killed|evicted|locked\
         |locks|rejected|refused|refuses|rejects|stopped|stops|suddenly|all at once|unexpected|unexpectedly\
         |intermittent|intermittently|flaky|does not|doesn't|do not work|don't work|not working|did not|didn't\
         |is not|isn't|are not|aren't|cannot|can't|can not|could not|couldn't|unable to|no longer|any more\
         |anymore|not|never|nothing|nobody|no one|none of|no reaction|no response|never arrived|not arrive\
         |not able to|won't|since this morning|since yesterday|since the|since monday|ever since|after the|keeps\
         |blows up|rolled back|internal server error|still|nobody can|no data|a bug|regression",
    ),
    (
        Some(Act::Tell),
        "お知らせ|おしらせ|周知|ご連絡|ご報告|報告です|共有です|共有まで|共有します|共有のみ|ご案内|付けました\
         |渡ししました|付与しました|追加しました|設定しました|変更しました|作成しました|招待しました|入れました\
         |更新しました|完了しました|実施しました|対応しました|削除しました|移しました|公開しました|登録しました\
         |直しました|リリースしました|いたしました|致しました|済みです|済です|済みと|済み|対応不要|返信不要\
         |確認は不要|ご確認は不要|予定です|実施します|行います|fyi|for your information|for information\
         |just so you know|heads up|heads-up|notice|announcement|nothing to do|no action|has been|have been\
         |was granted|were given|was given|was added|were added|is now in place|are now|is now|will be performed\
         |is scheduled|we have completed|thanks all",
    ),
    (
        None,
        "問題ありません|構いません|かまいません|すみません|済みません|必要ありません|差し支えありません\
         |申し訳ありません|要りません|いりません|調査用|調査会社|調査のため|調査中に|原因は分かって|原因は判明\
         |理由により|何か|なにか|まだ付いてい|まだ許可|まだ持って|落ち着|エラー率|エラー通知|エラーの通知\
         |障害対応|障害情報|don't need|not urgent|no rush|no hurry|not needed|if not|not only|not yet|why not\
         |not sure whether|nothing else|not a bug|not broken|not asking|not necessary|do not need|no need\
         |not required|whether or not|break glass|scale down|roll back|write down|tear it down|shut down\
         |still needed|still need|error rate|error alerts|down the|as soon as possible|if possible|check-in\
         |required check|health check|必須チェック|redirect|何も問題|なるべく早|お手すき|しないように|しない版\
         |以外は何も|let me know when",
    ),
];

static MATCHER: LazyLock<(AhoCorasick, Vec<Option<Act>>)> = LazyLock::new(|| {
    let (kinds, words): (Vec<Option<Act>>, Vec<&str>) = MARKS
        .iter()
        .flat_map(|(act, words)| words.split('|').map(|word| (*act, word)))
        .unzip();
    let matcher = AhoCorasick::builder()
        .match_kind(MatchKind::LeftmostLongest)
        .build(words);
    #[expect(clippy::expect_used, reason = "a few hundred fixed short words always build")]
    (matcher.expect("fixed words build"), kinds)
});

/// Tells what a clause of normalised text wants.
///
/// Where several acts show, the more telling one wins, in the order of [`Act`]: "理由を教えてください" asks why, although it
/// is an order to tell.
#[must_use]
pub fn act(clause: &str) -> Act {
    let (matcher, kinds) = &*MATCHER;
    let shown = matcher
        .find_iter(clause)
        .filter(|hit| stands_alone(clause.as_bytes(), &hit.range()))
        .filter_map(|hit| kinds[hit.pattern().as_usize()])
        .min();
    match shown {
        Some(act) if act < Act::Order => act,
        _ if orders(clause) => Act::Order,
        shown => shown.unwrap_or(Act::Say),
    }
}

/// English verbs that open an order, where a sentence begins with one.
const VERBS: &str = "add|allow|apply|archive|assign|attach|block|bring|build|bump|cancel|change|clean|clear|clone|close\
     |configure|connect|convert|copy|create|cut|deactivate|decommission|delete|deploy|disable|double\
     |downgrade|drop|enable|exclude|expand|expose|extend|fix|flip|forward|generate|get|give|grant|increase\
     |install|invite|issue|keep|kill|let|link|lower|make|merge|migrate|mount|move|mute|onboard|open|pause\
     |point|post|prepare|promote|provide|provision|publish|purge|put|raise|rebind|reboot|rebuild|recreate\
     |redirect|reduce|refresh|register|remove|rename|renew|replace|resend|reset|resize|restart|restore|resume\
     |retire|revoke|rewrite|roll|rotate|route|run|scale|schedule|send|separate|set|share|show|shut|silence\
     |spin|split|start|stop|store|suspend|swap|switch|tear|terminate|transfer|trigger|turn|unblock|unlock\
     |unmute|update|upgrade|upload|wake|whitelist|withdraw";

static SORTED_VERBS: LazyLock<Vec<&str>> = LazyLock::new(|| VERBS.split('|').collect());

/// Says whether a word is an English verb that opens an order.
pub(super) fn is_verb(word: &str) -> bool {
    SORTED_VERBS.binary_search(&word).is_ok()
}

/// Words before the verb that leave an order an order.
const BEFORE: &[&str] = &[
    "so", "and", "then", "also", "just", "please", "now", "urgent", "request", "todo", "hi", "hello",
];

/// Says whether a clause is put as an order without asking: "Add one environment", "環境を1つ足して", "本番フラグをONに",
/// "アカウントロックの解除".
#[must_use]
pub fn orders(clause: &str) -> bool {
    if opens_with_verb(clause) {
        return true;
    }
    let ends = |c: char| {
        c.is_whitespace() || matches!(c, '。' | '!' | '.' | ',' | '、' | '(' | ')' | '[' | ']' | '…')
    };
    let end = clause.trim_end_matches(ends);
    match end.chars().next_back() {
        Some('て' | 'で') => !end.ends_with("まで") && !end.ends_with("ついて"),
        Some('を' | 'に') => !end.ends_with("とともに") && !end.ends_with("ために"),
        Some(last) => DEEDS_BY_END
            .get(&last)
            .is_some_and(|deeds| deeds.iter().any(|deed| end.ends_with(deed))),
        None => false,
    }
}

/// Says whether the clause, or what follows its last comma, colon or dash, begins with an English verb that orders:
/// "INFRA: put me in the channel", "the page still says SHA1, update the text".
fn opens_with_verb(clause: &str) -> bool {
    begins_with_verb(clause) || after_last_mark(clause).is_some_and(begins_with_verb)
}

/// What follows the last ", ", ": ", "; ", "] " or " - ".
fn after_last_mark(clause: &str) -> Option<&str> {
    let bytes = clause.as_bytes();
    let is_behind_mark = |at: &usize| {
        let before = |back: usize| at.checked_sub(back).map(|at| bytes[at]);
        bytes[*at] == b' '
            && match before(1) {
                Some(b',' | b':' | b';' | b']') => true,
                Some(b'-') => before(2) == Some(b' '),
                _ => false,
            }
    };
    let blank = (0..bytes.len()).rev().find(is_behind_mark)?;
    Some(&clause[blank + 1..])
}

/// Says whether a text begins with an English verb that orders, with something that it orders.
pub(super) fn begins_with_verb(text: &str) -> bool {
    let part = text.trim_start_matches(|c: char| !c.is_alphanumeric());
    if !part.starts_with(|c: char| c.is_ascii()) {
        return false;
    }
    let mut words = part
        .split(|c: char| !(c.is_ascii_alphanumeric() || c == '\''))
        .filter(|word| !word.is_empty())
        .skip_while(|word| BEFORE.contains(word));
    let verb = words.next().is_some_and(is_verb);
    verb && words.next().is_some()
}

/// Nouns of deeds: a Japanese clause that ends in one orders it, as titles do.
const DEEDS: &str = "追加|作成|削除|変更|発行|再発行|招待|再招待|付与|解除|登録|設定|構築|移管|移行|停止|起動|再起動|延長\
     |導入|更新|適用|反映|有効化|無効化|失効|剥奪|開放|許可|拡張|増設|切り替え|差し替え|入れ替え|復元\
     |払い出し|撤去|廃止|アップデート|アップグレード|インストール|リセット|再設定|再作成|作り直し|付け替え\
     |お願い|希望|依頼|申請";

/// The same by their last character, since every clause is asked for them.
static DEEDS_BY_END: LazyLock<BTreeMap<char, Vec<&str>>> = LazyLock::new(|| {
    let mut by_end: BTreeMap<char, Vec<&str>> = BTreeMap::new();
    for deed in DEEDS.split('|') {
        by_end
            .entry(deed.chars().next_back().unwrap_or_default())
            .or_default()
            .push(deed);
    }
    by_end
});

#[cfg(test)]
mod tests {
    use super::{Act, VERBS, act, after_last_mark};
    use proptest::prelude::*;

    #[test]
    fn one_topic_is_spoken_of_in_many_ways() {
        for (clause, wanted) in [
            ("招待をお願いします", Act::Order),
            ("招待が届かない", Act::Suffer),
            ("招待の方法を教えてください", Act::Learn),
            ("招待はどちらのチームですべきか", Act::Judge),
            ("招待が消えた理由を教えてください", Act::Why),
            ("招待しましたのでお知らせです", Act::Tell),
            ("招待していただくことは可能でしょうか", Act::Order),
            ("招待の履歴を調べてもらえますか", Act::Look),
            ("invite him, thanks", Act::Order),
            ("the invite never arrived", Act::Suffer),
            ("should we invite him", Act::Judge),
            ("why was he invited", Act::Why),
        ] {
            assert_eq!(act(clause), wanted, "{clause}");
        }
    }

    #[test]
    fn titles_order_by_their_last_noun_or_particle() {
        for title in [
            "アカウントロックの解除",
            "フラグをonに",
            "権限を",
            "チームに入れて",
        ] {
            assert_eq!(act(title), Act::Order, "{title}");
        }
        assert_eq!(act("アカウントについて"), Act::Say);
    }

    #[test]
    fn verbs_are_sorted() {
        assert!(VERBS.split('|').is_sorted());
    }

    proptest! {
        #[test]
        fn the_last_of_several_marks_counts(clause in "[a,:;\\] を-]{0,12}") {
            let marks = [", ", ": ", " - ", "; ", "] "];
            let ends = marks.iter().filter_map(|mark| Some(clause.rfind(mark)? + mark.len()));
            prop_assert_eq!(after_last_mark(&clause), ends.max().map(|end| &clause[end..]));
        }
    }
}
