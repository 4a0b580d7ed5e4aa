//! Signs of risk in a ticket: what a form field cannot count and nobody adds up.
//!
//! Read while the ticket is read, from text that is normalised already, so that they cost next to nothing. What a
//! sign means for a kind of request is for the taxonomy to say (`control`); here is only what stands in the text.

use std::borrow::Cow;
use std::sync::LazyLock;

use super::holder::is_holder;
use super::taking::REVOKES;
use crate::matching::Pattern;
use crate::taxonomy::Control;
use crate::text::entity::{find_secrets, find_split};
use crate::text::{Block, Document, Entity, EntityKind, Origin};

/// What a ticket shows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Sign {
    /// A password, key or token stands in it.
    Secret,
    /// It was said to be done, and a comment says that it is not.
    Reworked,
    /// It asks for a permission.
    Grant,
    /// The permission is asked for with a word on when it ends.
    Ends,
    /// The permission is that of an administrator or owner.
    Admin,
    /// The permission is for a service account, which works on and for which an end would be wrong.
    ForService,
    /// It asks to take away the access of somebody who leaves or moves.
    Leaver,
    /// It says that somebody who left still has access.
    Lingers,
}

struct Patterns {
    reworked: Pattern,
    ends: Pattern,
    endless: Pattern,
    end_label: Pattern,
    admin: Pattern,
    service: Pattern,
    borrows: Pattern,
    revokes: Pattern,
    later: Pattern,
    granted: Pattern,
    grants: Pattern,
    wants: Pattern,
    joins: Pattern,
    leaves: Pattern,
    idle: Pattern,
    parts: Pattern,
    lingers: Pattern,
}

static PATTERNS: LazyLock<Patterns> = LazyLock::new(|| Patterns {
    reworked: Pattern::new(
        "対応されていません|(?:まだ|やはり|相変わらず)[^。\n]{0,20}(?:見られ|見え|入れ|でき|使え|開け|繋が|つなが|反映され|直って|表示され)(?:ない|ません|ていない|ていません)|直っていません|再オープン|再度(?:対応|確認)を?お願い|(?-u:\\b)(?:reopen(?:ed|ing)?|still (?:not|can.?t|cannot|doesn.?t|isn.?t|fail(?:s|ing)?|broken|getting)|not fixed|didn.?t work)(?-u:\\b)",
    ),
    ends: Pattern::new(
        "期限付き|期間限定|一時的|[0-9]+ ?(?:時間|日|週間|[かヶケ]月|h|days?|hours?|weeks?|months?)(?:間|だけ|のみ|限定)|[0-9](?:日|月|時)? ?(?:いっぱい)?まで(?:の|有効|利用|使|アクセス|付|だけ|、|。|$)|(?:今日|本日|今週|今月|来週|来月|月末|年度末|期末|契約終了)(?:いっぱい|まで|だけ|のみ)|(?:会議|ミーティング|打ち合わせ|リリース|監査|審査|移行|検証|調査|作業|イベント|プロジェクト|契約|案件|テスト|試験|研修|訓練|発表|報告|終了|完了)まで(?:の|有効|利用|使|アクセス|付|だけ|、|。|\n|$)|(?:あいだ|間)だけ|(?:終わったら|終わり次第|終了後|完了後|作業後|済んだら)[^。\n]{0,12}(?:外|剥|削除|戻|消)|[0-9]:[0-9]{2} ?(?:~|-|から) ?[0-9]{1,2}:[0-9]{2}|(?-u:\\b)(?:temporar(?:y|ily)|time-?boxed|expir(?:e|es|y|ing)|until|for (?:the next )?[0-9]+ (?:hours?|days?|weeks?|months?)|(?:revoke|remove)[^.\n]{0,20} (?:afterwards?|when (?:it is |we are )?(?:done|over)))(?-u:\\b)",
    ),
    // What says that there is no end, in the words of an end.
    endless: Pattern::new(
        "無期限|無制限|恒久|永続|永久|(?:一時的|期間限定|期限付き)(?:な(?:もの|付与|権限))?(?:では?なく|では?ない|じゃなく)|(?:利用|有効|付与)?(?:期限|期間|終了日|返却日?)(?:の(?:指定|設定|定め))?(?:は|が|も|を)?(?:特に)?(?:なし|無し|ない|無い|ありません|不要|未定|設けず|設けな|定めず|定めな|決まって(?:い)?な|決めて(?:い)?な)|(?:(?-u:\\b)(?:never|not|without|no)|n.t) (?:to )?(?:an? )?(?:set )?expir(?:e|es|y|ing|ation)(?-u:\\b)(?: date)?|(?-u:\\b)(?:expir(?:es|y|ation)|until|end date|duration) ?[:=] ?(?:never|none|no|n/?a|-)(?-u:\\b)|(?-u:\\b)(?:without (?:an? )?(?:end|until)(?: date)?|no (?:fixed |set )?(?:end|until)(?: date)?|not (?:a )?temporar(?:y|ily)|until (?:now|then|recently|today|yesterday|last|further notice|revoked|i say|told otherwise)|indefinite(?:ly)?|permanent(?:ly)?|forever)(?-u:\\b)",
    ),
    end_label: Pattern::new(
        "利用期間|有効期[限間]|付与期間|権限.{0,4}期[限間]|終了日|返却|(?-u:\\b)(?:expiry|expires|until|duration|end date)(?-u:\\b)",
    ),
    admin: Pattern::new("admin|owner|superuser|power ?user|管理|オーナ|特権"),
    service: Pattern::new(
        "サービス ?アカウント|gserviceaccount|(?-u:\\b)(?:service[ -]accounts?|sa)(?-u:\\b)",
    ),
    // Who wants to act as a service account asks for a person.
    borrows: Pattern::new("なりすま|成りすま|借用|(?-u:\\b)impersonat|(?-u:\\b)act as(?-u:\\b)"),
    revokes: Pattern::new(REVOKES),
    // What is to be taken back when the work is done is asked for now.
    later: Pattern::new(
        "終わったら|終わり次第|作業(?:終了|完了)?後|済んだら|(?-u:\\b)(?:afterwards?|when (?:it is |we are )?(?:done|over))(?-u:\\b)",
    ),
    // A grant that was made before is no request for one, and neither is the name of a form.
    granted: Pattern::new(
        "付与[・/](?:変更|剥奪|削除|取り?消し?)|(?:付与|追加|許可)(?:した|して(?:い)?る|して(?:い)?た|して(?:い)?ただい|して(?:い)?ました|済み?|され|中の)|(?-u:\\b)(?:was|were|been|had|has|have) (?:granted|given|added|assigned)(?-u:\\b)",
    ),
    grants: Pattern::new(
        "付与|追加|与えて|(?:つけ|付け)て|招待して|許可して|(?-u:\\b)(?:please|could you|can you|would you|and|also|to|^) ?(?:grant|give|add|allow|assign|provide)(?-u:\\b)",
    ),
    wants: Pattern::new(
        "(?:権限|アクセス|ロール|閲覧|編集|参照|viewer|editor|owner|admin)[^。\n]{0,20}(?:ください|下さい|ほしい|欲しい|お願い|いただ|頂|たい|必要|希望|申請)|(?-u:\\b)(?:need|needs|want|request|requesting|grant|give|access for)(?-u:\\b)",
    ),
    // Who begins is no leaver, though the end of the contract may be named.
    joins: Pattern::new(
        "入社|参画|着任|配属され|新しく入|新規(?:メンバ|参画)|招待して|(?-u:\\b)(?:joins?|joining|joined|onboard(?:s|ing)?|new (?:hire|joiner|starter|contractor|member)s?|(?:starts?|starting) (?:on |this |next )?(?:mon|tue|wed|thu|fri|sat|sun|today|tomorrow|week|january|february|march|april|may|june|july|august|september|october|november|december|[0-9])|set (?:them|him|her) up|invite)",
    ),
    leaves: Pattern::new(
        "退職|退社|離任|離職|退任|最終出社|最終日|契約終了|契約満了|異動|転籍|休職|卒業|抜け(?:る|た|ま)|辞め|在籍し(?:て)?(?:い)?ない|棚卸|無効化|停止して|(?-u:\\b)(?:leav(?:es|ing|er|ers)|left|last day|offboard(?:s|ing|ed)?|off-?boarding|departed|departing|depart(?:ure|s)|terminat(?:ed|ion)|quit|resign(?:ed|s|ing)?|mov(?:ed|es|ing) (?:to|teams?)|deactivat(?:e|ed|ion)|no longer (?:works?|with|at))(?-u:\\b)",
    ),
    // A seat that nobody uses is tidied up, whoever holds it: most of them are still there.
    idle: Pattern::new(
        "(?:使って(?:い)?(?:ない|ません)|未使用|利用され?て(?:い)?(?:ない|ません)|ログインして(?:い)?(?:ない|ません)|未ログイン|休眠|非アクティブ)|(?-u:\\b)(?:unused|inactive|dormant|idle|not (?:been )?used|(?:not|n.t) logged in|never logged in)(?-u:\\b)",
    ),
    // Words that say of somebody that they go, beside those that only say what is to be done with an account.
    parts: Pattern::new(
        "退職|退社|離任|離職|退任|最終出社|最終日|契約終了|契約満了|異動|転籍|卒業|抜け(?:る|た|ま)|辞め|在籍し(?:て)?(?:い)?ない|(?-u:\\b)(?:leav(?:es|ing|er|ers)|left|last day|offboard(?:s|ing|ed)?|off-?boarding|departed|departing|depart(?:ure|s)|terminat(?:ed|ion)|quit|resign(?:ed|s|ing)?|mov(?:ed|es|ing) (?:to|teams?)|no longer (?:works?|with|at))(?-u:\\b)",
    ),
    lingers: Pattern::new(
        "(?:まだ|いまだに|今も|現在も)[^。\n]{0,16}(?:有効|残って|生きて|入れ(?:る|て)|ログイン(?:でき|可)|アクセス(?:でき|可)|使え(?:る|て)|見え(?:る|て)|消えて(?:い)?な|アクティブ)|(?:無効化|削除|停止)され(?:て)?(?:い)?(?:ない|ません|ておらず)|(?:消|外)し忘れ|消えて(?:い)?(?:ない|ません)|(?-u:\\b)(?:still (?:active|enabled|has|have|had|able|in (?:the|our)|log(?:s|ged)? in|shows? up|listed|a member)|never (?:removed|disabled|deactivated|revoked)|not (?:been )?(?:removed|disabled|deactivated|revoked) yet)",
    ),
});

impl Patterns {
    /// Says whether a text asks to take a permission away and for none: who swaps a role, or has one taken back when
    /// the work is done, asks for it first. A clause that takes away is no wish for what it names.
    fn takes_away(&self, text: &str) -> bool {
        let clauses = || {
            text.split(['。', '\n', '!', '?', ';'])
                .flat_map(|clause| clause.split(". "))
                .map(str::trim)
        };
        let asks = |clause: &str| {
            let clause = without(&self.granted, clause);
            self.grants.is_match(&clause) || (self.wants.is_match(&clause) && !self.revokes.is_match(&clause))
        };
        let takes = |clause: &str| self.revokes.is_match(clause) && !self.later.is_match(clause);
        clauses().any(takes) && !clauses().any(asks)
    }

    /// Says whether there is a word on when the permission ends. The day by which a request should be done says
    /// nothing of how long the permission stays, and "no end" is not an end.
    fn ends(&self, document: &Document, text: &str) -> bool {
        let answered = |passage: &crate::text::Passage| {
            let label = passage
                .label
                .as_deref()
                .filter(|_| passage.block == Block::Answer);
            label.is_some_and(|label| {
                let said = || without(&self.endless, passage.text.text());
                self.end_label.is_match(label) && !is_no_answer(&said())
            })
        };
        self.ends.is_match(&without(&self.endless, text)) || document.passages.iter().any(answered)
    }
}

/// A text with a blank in the place of what a pattern finds.
fn without<'t>(pattern: &Pattern, text: &'t str) -> Cow<'t, str> {
    let mut kept = String::new();
    let mut done = 0;
    for found in pattern.find_iter(text) {
        kept.push_str(&text[done..found.start]);
        kept.push(' ');
        done = found.end;
    }
    if done == 0 {
        return Cow::Borrowed(text);
    }
    kept.push_str(&text[done..]);
    Cow::Owned(kept)
}

/// What people write into a field to which they have no answer, normalised.
const NO_ANSWERS: [&str; 17] = [
    "",
    "なし",
    "無し",
    "ない",
    "無い",
    "ありません",
    "不要",
    "未定",
    "未記入",
    "不明",
    "n/a",
    "none",
    "no",
    "never",
    "nothing",
    "tbd",
    "unknown",
];

/// Says whether an answer is none.
pub(super) fn is_no_answer(said: &str) -> bool {
    let said = said.trim_matches(|c: char| !c.is_alphanumeric());
    let said = said.strip_prefix("特に").unwrap_or(said);
    NO_ANSWERS.contains(&said.strip_suffix("です").unwrap_or(said))
}

/// Finds the signs of a ticket, in their order. `text` is what its title and body say, with the entities in it.
#[must_use]
pub fn signs(document: &Document, text: &str, entities: &[Entity], control: Option<Control>) -> Vec<Sign> {
    let mut signs = Vec::new();
    if entities.iter().any(|entity| entity.kind == EntityKind::Secret) || hides_secret(document) {
        signs.push(Sign::Secret);
    }
    let patterns = &*PATTERNS;
    let comments = passages(document, |origin, block| {
        matches!(origin, Origin::Comment(_)) && block == Block::Prose
    });
    if comments
        .into_iter()
        .any(|comment| patterns.reworked.is_match(comment))
    {
        signs.push(Sign::Reworked);
    }
    if control == Some(Control::Grant) && !patterns.takes_away(text) {
        signs.push(Sign::Grant);
        if patterns.ends(document, text) {
            signs.push(Sign::Ends);
        }
        let is_admin =
            |entity: &&Entity| patterns.admin.is_match(entity.value(text)) && !is_holder(text, &entity.range);
        let mut roles = entities.iter().filter(|entity| entity.kind == EntityKind::Role);
        if roles.any(|role| is_admin(&role)) {
            signs.push(Sign::Admin);
        }
        if patterns.service.is_match(text) && !patterns.borrows.is_match(text) {
            signs.push(Sign::ForService);
        }
    }
    let joins = || patterns.joins.is_match(text) && !patterns.leaves.is_match(text);
    let idle = || patterns.idle.is_match(text) && !patterns.parts.is_match(text);
    if control == Some(Control::Leaver) && !joins() && !idle() {
        signs.push(Sign::Leaver);
        if patterns.lingers.is_match(text) {
            signs.push(Sign::Lingers);
        }
    }
    signs
}

fn passages(document: &Document, is_meant: impl Fn(Origin, Block) -> bool) -> Vec<&str> {
    let meant = |passage: &&crate::text::Passage| is_meant(passage.origin, passage.block);
    document
        .passages
        .iter()
        .filter(meant)
        .map(|passage| passage.text.text())
        .collect()
}

/// Looks where entities are not looked for: into code, quotes and comments.
fn hides_secret(document: &Document) -> bool {
    let elsewhere = passages(document, |origin, block| {
        matches!(block, Block::Code(_) | Block::Quote) || matches!(origin, Origin::Comment(_))
    });
    if elsewhere.into_iter().any(|text| !find_secrets(text).is_empty()) {
        return true;
    }
    // The word may stand in one comment and the value in the next.
    let thread = passages(document, |origin, _| {
        matches!(origin, Origin::Body | Origin::Comment(_))
    });
    document
        .passages
        .iter()
        .any(|passage| matches!(passage.origin, Origin::Comment(_)))
        && !find_split(&thread).is_empty()
}

#[cfg(test)]
mod tests;
