//! Signs of risk in a ticket: what a form field cannot count and nobody adds up.
//!
//! Read while the ticket is read, from text that is normalised already, so that they cost next to nothing. What a
//! sign means for a kind of request is for the taxonomy to say (`control`); here is only what stands in the text.

use std::sync::LazyLock;

use regex::Regex;

use crate::taxonomy::Control;
use crate::text::entity::find_secrets;
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
}

struct Patterns {
    reworked: Regex,
    ends: Regex,
    end_label: Regex,
    admin: Regex,
    revokes: Regex,
}

static PATTERNS: LazyLock<Option<Patterns>> = LazyLock::new(|| {
    Some(Patterns {
        reworked: Regex::new(
            "対応されていません|(まだ|やはり|相変わらず)[^。\n]{0,20}(見られ|見え|入れ|でき|使え|開け|繋が|つなが|反映され|直って|表示され)(ない|ません|ていない|ていません)|直っていません|再オープン|再度(対応|確認)を?お願い|(?-u:\\b)(reopen(ed|ing)?|still (not|can.?t|cannot|doesn.?t|isn.?t|fail(s|ing)?|broken|getting)|not fixed|didn.?t work)(?-u:\\b)",
        )
        .ok()?,
        ends: Regex::new(
            "期限付き|期間限定|一時的|[0-9]+ ?(時間|日|週間|[かヶケ]月|h|days?|hours?|weeks?|months?)(間|だけ|のみ|限定)|[0-9](日|月|時)?(いっぱい)?まで(の|有効|利用|使|アクセス|付|だけ|、|。|$)|(今日|本日|今週|今月|来週|来月|月末|年度末|期末|契約終了)(いっぱい|まで|だけ|のみ)|(?-u:\\b)(temporar(y|ily)|time-?boxed|expir(e|es|y|ing)|until|for (the next )?[0-9]+ (hours?|days?|weeks?|months?))(?-u:\\b)",
        )
        .ok()?,
        end_label: Regex::new("利用期間|有効期[限間]|付与期間|権限.{0,4}期[限間]|終了日|返却|(?-u:\\b)(expiry|expires|until|duration|end date)(?-u:\\b)").ok()?,
        admin: Regex::new("admin|owner|superuser|power ?user|管理|オーナ|特権").ok()?,
        revokes: Regex::new("剥奪|剥が|はがし|外して|外す|失効|取り消し|(権限|アクセス|ロール)[^。\n]{0,8}(削除|停止|不要|返却)|(?-u:\\b)(revoke|(remove|drop)[^.\n]{0,30}(access|permissions?|roles?|rights))(?-u:\\b)").ok()?,
    })
});

/// Finds the signs of a ticket, in their order. `text` is what its title and body say, with the entities in it.
#[must_use]
pub fn signs(document: &Document, text: &str, entities: &[Entity], control: Option<Control>) -> Vec<Sign> {
    let mut signs = Vec::new();
    if entities.iter().any(|entity| entity.kind == EntityKind::Secret) || hides_secret(document) {
        signs.push(Sign::Secret);
    }
    let Some(patterns) = PATTERNS.as_ref() else {
        return signs;
    };
    let comments = passages(document, |origin, block| {
        matches!(origin, Origin::Comment(_)) && block == Block::Prose
    });
    if comments
        .into_iter()
        .any(|comment| patterns.reworked.is_match(comment))
    {
        signs.push(Sign::Reworked);
    }
    if control == Some(Control::Grant) && !patterns.revokes.is_match(text) {
        signs.push(Sign::Grant);
        if ends(document, text, patterns) {
            signs.push(Sign::Ends);
        }
        let is_admin = |entity: &&Entity| patterns.admin.is_match(entity.value(text));
        let mut roles = entities.iter().filter(|entity| entity.kind == EntityKind::Role);
        if roles.any(|role| is_admin(&role)) {
            signs.push(Sign::Admin);
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
    elsewhere.into_iter().any(|text| !find_secrets(text).is_empty())
}

/// The day by which a request should be done says nothing of how long the permission stays.
fn ends(document: &Document, text: &str, patterns: &Patterns) -> bool {
    let answered = |passage: &crate::text::Passage| {
        passage.block == Block::Answer
            && passage
                .label
                .as_deref()
                .is_some_and(|label| patterns.end_label.is_match(label))
    };
    patterns.ends.is_match(text) || document.passages.iter().any(answered)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::{Boilerplate, Parts, Recognizer};

    fn read(body: &str, comments: &[&str]) -> Vec<Sign> {
        let parts = Parts {
            body: Some(body),
            comments: comments.to_vec(),
            ..Parts::default()
        };
        let document = Document::read(&parts, &Boilerplate::none());
        let text = passages(&document, |origin, block| {
            origin == Origin::Body && matches!(block, Block::Prose | Block::Answer)
        })
        .join("\n");
        let entities = Recognizer::new(&std::collections::BTreeSet::new()).find(&text);
        signs(&document, &text, &entities, Some(Control::Grant))
    }

    #[test]
    fn patterns_compile() {
        assert!(PATTERNS.is_some());
    }

    #[test]
    fn a_standing_admin_grant_is_seen() {
        assert_eq!(
            read("kawasemi-prdのowner権限を付与してください", &[]),
            [Sign::Grant, Sign::Admin]
        );
        assert_eq!(read("BigQueryの閲覧権限をください", &[]), [Sign::Grant]);
    }

    #[test]
    fn an_end_is_no_due_date() {
        for body in [
            "9/30までの閲覧権限をください",
            "2時間だけ本番の権限をください",
            "一時的に権限をお願いします",
            "please grant viewer until friday",
            "利用期間: 2026/9/30\n権限: viewer",
        ] {
            assert!(read(body, &[]).contains(&Sign::Ends), "{body}");
        }
        for body in [
            "明日9/30までに権限を付与してください",
            "希望期限: 9/30\n権限: viewer",
        ] {
            assert!(!read(body, &[]).contains(&Sign::Ends), "{body}");
        }
    }

    #[test]
    fn taking_away_is_no_grant() {
        assert!(read("退職したので、ownerの権限を外してください", &[]).is_empty());
        assert!(read("please revoke the admin role of the contractor", &[]).is_empty());
    }

    #[test]
    fn a_request_that_came_back_is_told_by_its_comments() {
        assert!(read("権限をください", &["まだ見られませんでした"]).contains(&Sign::Reworked));
        assert!(read("please add me", &["It still fails with 403"]).contains(&Sign::Reworked));
        assert!(!read("まだ見られません", &["対応しました"]).contains(&Sign::Reworked));
    }

    #[test]
    fn secrets_are_found_in_code_and_comments_too() {
        let token = format!("ghp_{}", "a1B2c3D4e5".repeat(4).get(..36).unwrap());
        assert!(read("見てください", &[&format!("これです {token}")]).contains(&Sign::Secret));
        assert!(read(&format!("見てください\n```\nexport T={token}\n```"), &[]).contains(&Sign::Secret));
        assert!(!read("見てください", &["はい"]).contains(&Sign::Secret));
    }
}
