//! Words that stand where names stand and are none.
//!
//! Spellings are those of normalised text. Adding a word to a list is how a false name is mended.

use std::sync::LazyLock;

type List = LazyLock<Vec<&'static str>>;

fn list(words: &'static str) -> Vec<&'static str> {
    words.split_ascii_whitespace().collect()
}

/// Words before さん or 様, or after a label for a person, that name no single person.
pub(super) static NOT_NAMES: List = LazyLock::new(|| {
    list(
        "\
        皆 客 各位 皆々 神 王 仕 同 多 模 有 一 異 貴 殿 奥 若 某 両 彼 諸 何 姫 方 旦那 娘 息子 母 父 \
        兄 姉 弟 妹 爺 婆 嬢 子 孫 隣 医者 大家 得意 得意先 警察 業務委託 監査法人 外注 派遣 先方 相手 \
        御社 貴社 会社 株式会社 取引先 協力会社 代理店 店舗 部長 課長 係長 社長 室長 所長 主任 店長 \
        本部長 先輩 後輩 同僚 上司 新人 新卒 中途 学生 営業 総務 人事 経理 法務 広報 企画 運用 保守 開発 \
        情シス 情報システム 財務 労務 品証 品質保証 購買 物流 倉庫 現場 監査 警備 清掃 受付 秘書 未定 \
        不明 後日 別途 同上 自分 本人 全員 私 僕 俺 当方 未 無 有志 複数 匿名 在席 不在 社内 社外 外部 \
        内部 別 他 誰 家主 たく みな おく おじい おばあ おじ おば おとう おかあ おにい おねえ おきゃく \
        どちら つかれ おつかれ ごくろう おかげ おかげ様 なに かあ とう にい ねえ じい ばあ あか だんな \
        むすこ おむこ お嫁 よめ いろんな いろいろな くだ さく そう こう ふう ひ ゆ ベンダ ベンダー \
        チーム メンバ メンバー ユーザ ユーザー マネージャ マネージャー リーダ リーダー パートナ \
        パートナー インフラ サポート スタッフ クライアント エンジニア デザイナ デザイナー オーナ \
        オーナー ゲスト メーカ メーカー スポンサ コンサル フロント フロントエンド バックエンド デザイン \
        プロダクト セキュリティ ネットワーク オペ オペレータ ヘルプデスク サービス システム カスタマー \
        カスタマーサポート カスタマサポート アルバイト バイト インターン パート ディレクター ディレクタ \
        プランナー プランナ ライター アプリ データ マーケ マーケティング コーポレート バックオフィス \
        アカウント リスト ビジネス テスター テスタ パスワード サン グループ ミスター",
    )
});

/// Ends of words that are companies, teams and roles.
pub(super) static NOT_NAME_ENDS: List = LazyLock::new(|| {
    list(
        "\
        者 社 課 係 員 班 側 店 局 先 法人 委託 担当 部 チーム サポート グループ ユーザ メンバ ベンダ \
        エンジニア 会社 組合 銀行 大学 各位 達 一同 部長 課長 社長",
    )
});

/// Words of tickets that stand right before a name without a blank: 担当三浦, 招待三浦さん.
pub(super) static ORDINARY: List = LazyLock::new(|| {
    list(
        "\
        担当者 担当 承認者 承認 依頼者 依頼 申請者 申請 対象者 対象 上長 後任 前任 新人 新任 入社 退職 \
        異動 追加 削除 招待 変更 付与 対応 権限 作成 登録 発行 停止 解除 設定 更新 確認 相談 調査 新規 \
        連絡 至急 氏名 名前 本番 検証 環境 利用者 管理者 責任者 代理 同僚 部長 課長 以上 以下 業務委託 \
        参画 休職 復職 出向 産休 育休 報告 共有 質問 件 宛 連名 主担当 副担当 窓口 代表 兼務 常駐 配属 \
        所属 新卒 中途 内定者 閲覧 編集 参照 用意 手配 再発行 障害 通知 移管 引継 完了 予定 来週 今週 \
        来月 今月 明日 本日",
    )
});

/// Words in requester and assignee fields that are teams, machines and roles.
pub(super) static NOT_PEOPLE: List = LazyLock::new(|| {
    list(
        "\
        sre sres team ops dev devs devops qa cs hr it pm pdm po em sales infra platform admin \
        administrator root system bot user users guest owner support service helpdesk oncall on-call \
        unknown none null n/a na anonymous test tester requester assignee everyone all staff member \
        vendor aws gcp google github slack datadog notion sentry pagerduty terraform jira workflow \
        engineering engineer developer security network data backend frontend mobile web api design \
        marketing finance legal claude copilot chatgpt gemini access permission account environment cert \
        certificate dns tls ssl kubernetes production staging first last host server file the 権限 \
        アカウント 環境 招待 調査 設定 システム ボット 自動 社内 管理 運営 事務局 インフラ \
        プラットフォーム 共通 基盤 障害 監視",
    )
});

/// Latin given names that are ordinary words in tickets; taken for a person only before an honorific.
pub(super) static AMBIGUOUS: List = LazyLock::new(|| {
    list(
        "\
        will mark grant may art rose sue rob pat drew chase faith hope joy dawn page guy miles max jack \
        frank ray dean hunter carter bill june april august summer amber ruby java crystal sky robin \
        norm gene jean dale glen cliff rich major case cash chip dash flow sage son van long young king \
        price park wood stone day lane field mason baker cook gray brown green white black west north \
        port post pod read reader rename root sandy penny iris ivy jade olive pearl violet viola victor \
        win kit lee link log mike oscar romeo echo delta alpha nova apollo atlas phoenix dan ann see \
        need api",
    )
});
