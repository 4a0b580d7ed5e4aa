//! What the labels of a form say of their answers: whether they ask for a secret, for a day, or for who is meant.

use std::ops::Range;

use crate::automation::signs::is_no_answer;
use crate::automation::slots::{asks_for, undecorated};
use crate::taxonomy::{Slot, Taxonomy};
use crate::text::{Block, Origin, Passage};

use super::seen::is_personal;

/// Ends of form labels that ask for a secret, normalised: whatever was answered is none of a draft's business.
const SECRET_LABELS: [&str; 18] = [
    "パスワード",
    "パスフレーズ",
    "暗証番号",
    "トークン",
    "シークレット",
    "秘密鍵",
    "apiキー",
    "アクセスキー",
    "認証情報",
    "password",
    "passphrase",
    "token",
    "secret",
    "api key",
    "apikey",
    "access key",
    "private key",
    "credentials",
];

/// Ends of form labels that ask by when the work is to be done: such a day says nothing of how long something lasts.
const DUE_LABELS: [&str; 8] = [
    "希望期限",
    "対応期限",
    "希望日",
    "納期",
    "いつまで",
    "due",
    "due date",
    "deadline",
];

/// Ends of form labels that ask for a last day and do not say of what: it may be that of the work or of the grant.
const BARE_TERMS: [&str; 2] = ["期限", "期日"];

/// Ends of form labels that ask who is meant, beside those of the slots for people.
const MEANT_LABELS: [&str; 20] = [
    "対象",
    "メンバ",
    "利用者",
    "使用者",
    "申請者",
    "ユーザ",
    "アカウント",
    "グループ",
    "招待先",
    "付与先",
    "追加先",
    "member",
    "members",
    "principal",
    "grantee",
    "account",
    "accounts",
    "invitee",
    "group",
    "who",
];

/// Ends of form labels whose answer is the request itself, in prose.
const PROSE_LABELS: [&str; 11] = [
    "内容",
    "詳細",
    "依頼",
    "要望",
    "お願い",
    "やりたいこと",
    "ほしいこと",
    "details",
    "description",
    "request",
    "summary",
];

/// Ends of form labels that ask for people who give, know or read, but are not who is meant.
const BYSTANDER_LABELS: [&str; 12] = [
    "承認者",
    "決裁者",
    "上長",
    "問い合わせ先",
    "問合せ先",
    "連絡先",
    "cc",
    "approver",
    "approvers",
    "approved by",
    "manager",
    "contact",
];

/// Words behind the name of somebody who approved or was asked, normalised.
const APPROVES: [&str; 14] = [
    " approved",
    " has approved",
    " says ok",
    " said ok",
    " is ok with",
    " okayed",
    "承認済",
    "承認いただ",
    "承認をいただ",
    "承認をもら",
    "承認もら",
    "に承認者",
    "了承",
    "ok もら",
];

/// Longest name with its courtesy before such a word, in characters.
const LONGEST_NAME: usize = 20;

/// The slot for who approves.
const APPROVER: &str = "approver";

/// Kinds of entity that say how long something lasts.
const TIMES: [&str; 2] = ["date", "duration"];

/// What part those who are named in a passage have in a request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Part {
    /// They are who is meant.
    Meant,
    /// They approve, or can be asked.
    Bystander,
    /// The label does not tell.
    Unknown,
}

/// What part those who are named in a passage have.
pub(super) fn part(taxonomy: &Taxonomy, passage: &Passage) -> Part {
    let is_answer = passage.block == Block::Answer && passage.origin != Origin::Title;
    let Some(label) = passage.label.as_deref().filter(|_| is_answer) else {
        return Part::Meant;
    };
    let asks = |slot: &Slot| slot.form.iter().any(|name| asks_for(label, name));
    let mut slots = taxonomy.slots.iter();
    if slots.any(|known| is_personal(known) && asks(known)) {
        return Part::Meant;
    }
    let approver = taxonomy.slot(APPROVER);
    if approver.is_some_and(asks) || ends_with_any(label, &BYSTANDER_LABELS) {
        return Part::Bystander;
    }
    let meant = ends_with_any(label, &MEANT_LABELS) || ends_with_any(label, &PROSE_LABELS);
    if meant { Part::Meant } else { Part::Unknown }
}

/// The parts of a text behind words for those who approve or can be asked, each to the end of its sentence:
/// 「承認者は boss@…」, "cc: a@…, b@…".
pub(super) fn bystanders(text: &str) -> Vec<Range<usize>> {
    let mut parts = Vec::new();
    for word in BYSTANDER_LABELS {
        for (at, _) in text.match_indices(word) {
            let behind = at + word.len();
            let is_part = |c: Option<char>| word.is_ascii() && c.is_some_and(|c| c.is_ascii_alphanumeric());
            let rest = text[behind..].trim_start();
            let names = rest.starts_with([':', 'は', '=', '(', '<', '@']) || word.is_ascii();
            let is_word = !is_part(text[..at].chars().next_back()) && !is_part(text[behind..].chars().next());
            if names && is_word {
                let end = text[behind..]
                    .find(['\n', '。', '、'])
                    .map_or(text.len(), |end| behind + end);
                parts.push(behind..end);
            }
        }
    }
    for word in APPROVES {
        parts.extend(text.match_indices(word).map(|(at, _)| named_before(text, at)));
    }
    parts
}

/// Where the name stands right before a place, within its clause.
fn named_before(text: &str, at: usize) -> Range<usize> {
    const ENDS: [&str; 9] = ["\n", "。", "、", ", ", ". ", "(", " and ", " since ", " as "];
    let far = text[..at].char_indices().rev().take(LONGEST_NAME).last();
    let far = far.map_or(at, |(far, _)| far);
    let ends = ENDS
        .iter()
        .filter_map(|end| Some(far + text[far..at].rfind(end)? + end.len()));
    ends.max().unwrap_or(far)..at
}

/// Whether a passage answers a field for a secret.
pub(super) fn answers_secret(passage: &Passage) -> bool {
    let label = passage.label.as_deref();
    passage.block != Block::Label && label.is_some_and(|label| ends_with_any(label, &SECRET_LABELS))
}

/// Whether a passage answers by when the work is wanted, where the slot asks how long something lasts.
pub(super) fn is_due(passage: &Passage, slot: &Slot) -> bool {
    let label = passage.label.as_deref();
    asks_time(slot) && label.is_some_and(|label| ends_with_any(label, &DUE_LABELS))
}

/// Whether a passage is the answer to a field for a last day that does not say of what it is the last.
pub(super) fn is_bare_term(passage: &Passage, slot: &Slot) -> bool {
    let label = passage.label.as_deref();
    passage.block == Block::Answer
        && asks_time(slot)
        && !is_due(passage, slot)
        && label.is_some_and(|label| ends_with_any(label, &BARE_TERMS))
        && !says_no_end(passage.text.text())
}

/// Whether a slot asks how long something lasts.
fn asks_time(slot: &Slot) -> bool {
    slot.entities.iter().any(|kind| TIMES.contains(&kind.as_str()))
}

/// Whether the answer to a field for a last day is that there is none.
fn says_no_end(said: &str) -> bool {
    is_no_answer(said) || ["無期限", "恒久", "永続"].iter().any(|word| said.contains(word))
}

/// Whether a label ends with one of the names, a Latin one as a whole word. A final ー is written or left out.
fn ends_with_any(label: &str, names: &[&str]) -> bool {
    let label = undecorated(label);
    let label = label.strip_suffix("の値").unwrap_or(label);
    let label = label.strip_suffix("に").unwrap_or(label).trim_end_matches('ー');
    names.iter().any(|name| {
        let rest = label.strip_suffix(name.trim_end_matches('ー'));
        rest.is_some_and(|rest| {
            !(name.is_ascii() && rest.ends_with(|last: char| last.is_ascii_alphanumeric()))
        })
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn who_approved_is_not_who_is_meant() {
        for (text, named) in [
            ("for sora. shiraishi-san approved", "shiraishi-san"),
            ("i need it, hasebe-san says ok", "hasebe-san"),
            ("sora に。柏木さんには承認いただいています", "柏木さんには"),
            ("mio をお願いします、水野さんに承認者として", "水野さん"),
        ] {
            let parts = bystanders(text);
            let parts: Vec<&str> = parts.into_iter().map(|part| &text[part]).collect();
            assert!(parts.contains(&named), "{text}: {parts:?}");
            assert!(
                !parts
                    .iter()
                    .any(|part| part.contains("sora") || part.contains("mio")),
                "{parts:?}"
            );
        }
    }

    #[test]
    fn a_label_for_a_secret_is_known_by_its_end() {
        for label in [
            "パスワード",
            "初期パスワード(任意)",
            "apiキー",
            "アクセスキ",
            "client secret",
            "秘密鍵",
            "tokenの値",
        ] {
            assert!(ends_with_any(label, &SECRET_LABELS), "{label}");
        }
        for label in [
            "シークレット名",
            "secret name",
            "パスワード要否",
            "broken",
            "キー",
        ] {
            assert!(!ends_with_any(label, &SECRET_LABELS), "{label}");
        }
    }
}
