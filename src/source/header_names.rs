//! The headers that Japanese and English trackers give their columns.
//!
//! Names are compared folded, so one entry covers `作成日時`, `【作成日時】` and `Created Time`, `created_time`. To add
//! a header, put its folded form into the line of its field, more telling names first; a test finds what can never
//! match or would match twice.

use icu_normalizer::ComposingNormalizerBorrowed;

use super::Field;

/// Folded headers whose columns hold answers. Reading them as a feature would make every accuracy a lie.
const ANSWERS: [&str; 4] = ["pattern", "subpattern", "alt", "label"];

/// What a header of recorded effort begins with. Without a unit behind it, it could be hours or days.
const EFFORTS: &str =
    "工数 実績工数 実績 実績時間 作業時間 対応時間 所要時間 effort timespent spent worktime";

const MINUTES: &str = "分 min mins minutes";

const HOURS: &str = "時間 h hr hrs hours";

/// A header as it is compared: NFKC, lower case, letters and digits only.
pub(super) fn fold(header: &str) -> String {
    let header = ComposingNormalizerBorrowed::new_nfkc().normalize(header);
    header
        .chars()
        .flat_map(char::to_lowercase)
        .filter(|c| c.is_alphanumeric())
        .collect()
}

/// Whether a folded header stands over answers of the classification.
pub(super) fn is_answer(folded: &str) -> bool {
    ANSWERS.contains(&folded)
}

/// Whether a folded header counts effort in minutes, such as `工数分` or `minutes`.
pub(super) fn is_effort_in_minutes(folded: &str) -> bool {
    is_effort(folded, MINUTES)
}

/// Whether a folded header counts effort in hours, such as `作業時間h`.
pub(super) fn is_effort_in_hours(folded: &str) -> bool {
    is_effort(folded, HOURS)
}

/// The folded headers of a field besides its own name, most telling first. Check boxes such as `完了` are left out:
/// a yes is no date.
pub(super) fn other_names(field: Field) -> impl Iterator<Item = &'static str> {
    let names = match field {
        Field::Id => {
            "チケットid チケット番号 依頼id 依頼番号 管理番号 受付番号 受付no 申請番号 課題キー \
             キー key issuekey ticketid ticketnumber requestid 番号 no number issueid"
        }
        Field::Title => {
            "タイトル 件名 題名 表題 依頼件名 依頼名 チケット名 タスク名 課題名 名前 summary \
             subject name taskname task 要約 概要"
        }
        Field::Body => {
            "本文 依頼内容 内容 依頼詳細 詳細 詳細内容 説明 申請内容 相談内容 問い合わせ内容 \
             お問い合わせ内容 description details detail content text"
        }
        Field::CreatedAt => {
            "作成日時 起票日時 依頼日時 受付日時 登録日時 申請日時 起票日 依頼日 受付日 登録日 \
             申請日 作成日 created createdtime createddate createdon datecreated creationdate \
             opened openedat submittedat タイムスタンプ timestamp"
        }
        Field::UpdatedAt => {
            "更新日時 最終更新日時 最終編集日時 最終更新 更新日 最終更新日 updated updatedtime \
             lastupdated lastedited lasteditedtime lastmodified modified"
        }
        Field::StartedAt => {
            "着手日時 着手日 対応開始日時 対応開始日 作業開始日時 作業開始日 開始日時 開始日 \
             started startdate startedon"
        }
        Field::ClosedAt => {
            "完了日時 完了日 対応完了日時 対応完了日 作業完了日 クローズ日時 クローズ日 解決日時 \
             解決日 終了日時 終了日 closed closeddate closedon resolved resolvedat resolutiondate \
             completedat completed doneat"
        }
        Field::Requester => {
            "依頼者 依頼者名 起票者 申請者 申請者名 報告者 登録者 作成者 reporter requestedby \
             createdby author creator"
        }
        Field::Assignee => {
            "担当者 担当者名 担当 対応者 対応担当者 作業担当者 作業者 assignees assignedto \
             assigned"
        }
        Field::Status => "ステータス 対応ステータス 対応状況 状態 状況 進捗 進捗状況 state",
        // A column of check boxes can mean anything; only its own name is taken.
        Field::Done | Field::Deleted => "",
        Field::Priority => "優先度 優先順位 緊急度",
        Field::Labels => "ラベル タグ tags tag",
        // Named by a kind of effort and a unit instead.
        Field::MinutesSpent => "",
        Field::Comments => "コメント comment",
        Field::Url => "リンク チケットurl ページurl link permalink",
        Field::Category => {
            "依頼種別 申請種別 問い合わせ種別 お問い合わせ種別 種別 依頼の種類 種類 依頼カテゴリ \
             依頼カテゴリー カテゴリ カテゴリー 課題タイプ タイプ requesttype issuetype type 分類"
        }
    };
    names.split_whitespace()
}

fn is_effort(folded: &str, units: &str) -> bool {
    // These two words say it alone; 時間 or h could be a time of day.
    let bare = matches!(folded, "minutes" | "hours") && units.split(' ').any(|unit| unit == folded);
    let mut bases = units.split(' ').filter_map(|unit| folded.strip_suffix(unit));
    bare || bases.any(|base| EFFORTS.split(' ').any(|effort| effort == base))
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn no_header_is_two_fields_and_no_answer_is_any() {
        let mut seen: BTreeSet<String> = ANSWERS.map(str::to_owned).into();
        for field in Field::ALL {
            assert!(seen.insert(fold(field.name())), "{field}");
            for name in other_names(field) {
                assert_eq!(name, fold(name), "{field}: not folded, so it can never match");
                assert!(seen.insert(name.to_owned()), "{field}: {name} stands twice");
            }
        }
    }

    #[test]
    fn folding_drops_what_only_decorates() {
        assert_eq!(fold("【作成日時】"), fold("作成 日時："));
        assert_eq!(fold("Created_Time"), fold("created time"));
        assert_eq!(fold("ｶﾃｺﾞﾘｰ"), "カテゴリー");
    }

    #[test]
    fn efforts_need_a_unit() {
        for header in ["工数分", "minutes", "作業時間分", "timespentmin"] {
            assert!(
                is_effort_in_minutes(header) && !is_effort_in_hours(header),
                "{header}"
            );
        }
        for header in ["工数h", "hours", "作業時間時間", "対応時間h"] {
            assert!(
                is_effort_in_hours(header) && !is_effort_in_minutes(header),
                "{header}"
            );
        }
        for header in [
            "工数",
            "作業時間",
            "工数人日",
            "実績",
            "時間",
            "分",
            "h",
            "自分",
            "滞留時間",
        ] {
            assert!(
                !is_effort_in_minutes(header) && !is_effort_in_hours(header),
                "{header}"
            );
        }
    }
}
