//! The signs of risk, ticket by ticket.

use super::*;
use crate::text::{Boilerplate, Parts, Recognizer};

fn read(body: &str, comments: &[&str]) -> Vec<Sign> {
    read_as(Control::Grant, body, comments)
}

fn read_as(control: Control, body: &str, comments: &[&str]) -> Vec<Sign> {
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
    signs(&document, &text, &entities, Some(control))
}

#[test]
fn patterns_are_regexes_as_the_crate_reads_them() {
    let all = &*PATTERNS;
    for pattern in [
        &all.reworked,
        &all.ends,
        &all.endless,
        &all.end_label,
        &all.admin,
        &all.service,
        &all.borrows,
        &all.revokes,
        &all.later,
        &all.granted,
        &all.grants,
        &all.wants,
        &all.joins,
        &all.leaves,
        &all.idle,
        &all.parts,
        &all.lingers,
    ] {
        for text in [
            "権限をください。終わったら外してください",
            "無期限でお願いします",
            "please revoke the admin role afterwards",
            "owner 9/30まで",
            "まだ見られませんでした",
            "it still fails",
            "付与済みです",
            "利用期間",
            "need access, never expires",
            "10月にお願いした方のSlackがまだ有効です",
            "he left in may and is still active",
            "new joiner starting monday, please invite",
            "until now we copy by hand",
            "半年ログインしていない人を無効化",
            "the service account cannot act as owner; 12 unused seats",
            "会議まで\n補足",
        ] {
            let own: Vec<_> = pattern.find_iter(text).collect();
            let crates: Vec<_> = pattern
                .regex()
                .find_iter(text)
                .map(|found| found.range())
                .collect();
            assert_eq!(own, crates, "{text}");
        }
    }
}

#[test]
fn a_standing_admin_grant_is_seen() {
    assert_eq!(
        read("kawasemi-prdのowner権限を付与してください", &[]),
        [Sign::Grant, Sign::Admin]
    );
    assert_eq!(read("BigQueryの閲覧権限をください", &[]), [Sign::Grant]);
    assert_eq!(
        read(
            "please grant viewer on the bucket. onodera-san is owner of it",
            &[]
        ),
        [Sign::Grant]
    );
}

#[test]
fn who_acts_for_nobody_is_told_from_people() {
    for body in [
        "please grant viewer on the bucket to the loader service account",
        "loader の SA に閲覧権限を付与してください",
    ] {
        assert!(read(body, &[]).contains(&Sign::ForService), "{body}");
    }
    for body in [
        "please grant me roles/iam.serviceaccountuser",
        "i need access to impersonate the service account",
        "閲覧権限をください",
    ] {
        assert!(!read(body, &[]).contains(&Sign::ForService), "{body}");
    }
}

#[test]
fn an_end_is_no_due_date() {
    for body in [
        "9/30までの閲覧権限をください",
        "2時間だけ本番の権限をください",
        "一時的に権限をお願いします",
        "please grant viewer until friday",
        "利用期間: 2026/9/30\n権限: viewer",
        "明日 9/4 13:00〜15:00 のあいだだけ edit 権限を付けてほしいです",
        "閲覧の権限をつけてください。期間は 11/14 まで、終わったら外していただいて構いません。",
        "閲覧の権限をつけてください。作業が終わったら外してください",
        "write access to the ledger database please. revoke it afterwards",
        "6/15のキャンペーン会議まで\n補足: クエリを実行できるようにしてください",
        "移行プロジェクト完了までの閲覧権限をください",
    ] {
        assert!(read(body, &[]).contains(&Sign::Ends), "{body}");
    }
    for body in [
        "明日9/30までに権限を付与してください",
        "希望期限: 9/30\n権限: viewer",
        "会議までに権限を付与してください",
    ] {
        assert!(!read(body, &[]).contains(&Sign::Ends), "{body}");
    }
}

#[test]
fn no_end_is_not_an_end() {
    for body in [
        "無期限で閲覧権限をください",
        "利用期間: 無期限\n権限: viewer",
        "終了日: なし\n権限: viewer",
        "有効期限: 特になし\n権限: viewer",
        "期限なしで本番のviewer権限を付与してください",
        "一時的ではなく恒久的に付与してください",
        "please grant viewer, it should never expire",
        "please grant a viewer role that never expires",
        "please grant viewer with no end date",
        "please grant viewer with no expiry",
        "please grant viewer until further notice",
        "Expires: never\nRole: viewer",
        "end date: none\nrole: viewer",
        "this is not a temporary request. please grant viewer permanently",
        "please grant viewer. until now we copied the files by hand",
        "until recently i was on the other team. please grant viewer",
    ] {
        let found = read(body, &[]);
        assert!(
            found.contains(&Sign::Grant) && !found.contains(&Sign::Ends),
            "{body}"
        );
    }
    // One sentence on another thing takes no end away.
    for body in [
        "9/30までの閲覧権限をください。延長の期限は未定です",
        "until friday please. the account itself never expires",
    ] {
        assert!(read(body, &[]).contains(&Sign::Ends), "{body}");
    }
}

#[test]
fn taking_away_is_no_grant() {
    for body in [
        "退職したので、ownerの権限を外してください",
        "先月付与したviewerロールを外してください",
        "アクセス権限付与・変更\n小川さんの編集権限を外してください",
        "権限が必要なくなりました。削除をお願いします",
        "アクセス権限の剥奪をお願いします",
        "please revoke the admin role of the contractor",
        "they no longer need access. please remove the role",
        "契約終了後に本番の権限を外してください",
    ] {
        assert!(read(body, &[]).is_empty(), "{body}");
    }
}

#[test]
fn a_word_of_taking_away_elsewhere_drops_no_grant() {
    for body in [
        "閲覧権限を付与してください。作業が終わったら外してください",
        "チェックを外して保存するとエラーになるため、編集権限をください",
        "BigQueryの閲覧権限をください。前任者の権限は外してもらって大丈夫です",
        "viewerを外してeditorを付与してください",
        "トークンが失効したのでアクセス権限を再度お願いします",
        "理由: マスクを外して確認するため\n権限: viewer",
        "please add the editor role and remove the viewer role",
        "I need admin access for the migration. Please revoke access afterwards",
    ] {
        assert!(read(body, &[]).contains(&Sign::Grant), "{body}");
    }
}

#[test]
fn who_begins_is_no_leaver() {
    for body in [
        "two contractors starting mon 26th for twelve weeks. end date 17 april. i'll raise another one to remove them",
        "新しく入った方を招待してください",
        // Seats that nobody uses name no leaver.
        "一覧を見たら半年ログインしてない人が23人いました。無効化してください",
        "please deactivate the 12 inactive seats",
    ] {
        assert!(read_as(Control::Leaver, body, &[]).is_empty(), "{body}");
    }
    for body in [
        "9/30付で退職されます。アカウントの停止をお願いします",
        "he left the company, and joined a partner. please remove his access",
        "アカウントを消してください",
        "退職した方の使っていない席を無効化してください",
        "he left in may. deactivate his unused account",
    ] {
        assert_eq!(read_as(Control::Leaver, body, &[]), [Sign::Leaver], "{body}");
    }
}

#[test]
fn access_that_outlived_its_owner_is_seen() {
    for body in [
        "退職者の件です。10月にお願いした方のslackがまだ有効のように見えます。無効化をお願いします",
        "the contractor left in may and is still active in datadog",
        "退職した方のアカウントが無効化されていません",
    ] {
        assert_eq!(
            read_as(Control::Leaver, body, &[]),
            [Sign::Leaver, Sign::Lingers],
            "{body}"
        );
    }
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
    assert!(read("見てください", &["パスワード:", "tanuki-4821-cavern"]).contains(&Sign::Secret));
}
