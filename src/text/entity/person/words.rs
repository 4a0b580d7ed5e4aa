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
        本部 本部長 先輩 後輩 同僚 上司 新人 新卒 中途 学生 営業 総務 人事 経理 法務 広報 企画 運用 保守 開発 \
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

/// Surnames that are no place, firm or ordinary word; taken for a person only where they stand by themselves.
pub(super) static SURNAMES: List = LazyLock::new(|| {
    list(
        "\
        佐藤 鈴木 高橋 田中 伊藤 渡辺 渡邊 渡邉 山本 中村 小林 加藤 吉田 山田 佐々木 井上 木村 林田 \
        斎藤 斉藤 齋藤 齊藤 清水 山崎 山﨑 阿部 安部 橋本 山下 森田 石井 小川 前田 岡田 長谷川 藤田 \
        後藤 近藤 村上 遠藤 青木 坂本 藤井 西村 福田 三浦 藤原 岡本 中島 原田 小野 田村 竹内 中山 \
        和田 石田 柴田 酒井 宮本 工藤 横山 宮下 内田 高木 安藤 谷口 丸山 今井 河野 藤本 村田 武田 \
        杉山 増田 小島 大塚 平野 久保 千田 松井 野口 松尾 菊地 菊池 野村 木下 佐野 杉本 新井 水野 \
        島田 桜井 櫻井 高野 五十嵐 吉川 山内 西田 西川 菅原 北村 安田 平田 久保田 川村 服部 樋口 \
        田辺 岩崎 福本 吉村 川上 永井 中川 関口 松岡 矢野 本多 辻本 片山 早川 馬場 荒木 岩田 土屋 \
        秋山 須藤 大久保 川島 石原 大西 尾崎 荒井 渡部 黒田 永田 広瀬 廣瀬 星野 西山 小池 上村 浜田 \
        濱田 内藤 神谷 石橋 望月 野田 松下 児玉 岩本 田口 福永 三宅 小西 中田 須田 大谷 本間 小田 \
        奥田 栗原 篠原 松永 松村 横田 荻野 小泉 河合 長田 浅野 桑原 片岡 宮田 谷川 柳田 関根 三好 \
        大石 小原 坂口 中西 長尾 天野 吉岡 堀内 河村 竹田 根本 平井 川田 相馬 森本 土井 熊谷 福原 \
        吉原 稲垣 細川 平山 徳永 小沢 小澤 大沢 大澤 黒木 堀田 田代 宮川 宮内 宮原 宮沢 宮澤 桜田 \
        植田 植木 榎本 江口 織田 落合 加納 金子 金田 金城 川端 川原 川本 河田 岸本 岸田 木内 木原 \
        楠本 倉田 栗田 黒川 越智 小森 小柳 佐久間 佐伯 坂井 坂田 坂上 榊原 笹川 笹原 笹本 塩田 塩見 \
        塩谷 重松 篠田 柴崎 白井 新谷 末永 杉浦 杉田 杉原 鷲尾 鷲見 瀬戸口 瀬川 芹沢 園田 曽我 高井 \
        滝沢 滝口 竹中 竹本 武井 武藤 立花 田島 田上 谷本 塚本 塚田 津田 津村 辻井 堤田 鶴田 手塚 \
        寺田 寺島 土田 徳田 戸田 冨田 富田 富永 内山 中井 中尾 中沢 中澤 中谷 永野 長島 長沼 南雲 \
        成瀬 西岡 西本 西野 沼田 根岸 野上 野崎 野沢 野中 野原 萩原 橋口 長谷部 畑中 羽田野 浜口 \
        浜崎 林原 原口 日下部 平岡 平川 平松 深沢 深澤 深田 福沢 福澤 藤岡 藤川 藤村 古市 古田 古谷 \
        古賀 細田 堀江 前川 前島 牧野 牧田 松浦 松崎 松原 丸田 三上 三木 水谷 水口 溝口 溝端 溝上 \
        三谷 峰岸 宮地 村井 村松 村山 村瀬 室井 森岡 森川 森下 森山 八木 矢島 矢田 安井 安川 柳沢 \
        柳澤 柳原 山岸 山村 山根 山室 湯浅 横井 横尾 横川 吉澤 吉沢 吉野 吉本 米田 若林 若松 渡会 \
        和久井 芦田 芦沢 有馬 飯島 飯塚 飯野 猪俣 石塚 石黒 石渡 泉田 磯部 市村 稲田 稲葉 井口 今村 \
        今西 岩井 岩瀬 岩下 上原 上杉 臼井 梅原 江藤 遠山 及川 大内 大平 大竹 岡部 岡野 岡村 小笠原 \
        小野寺 小野田 小幡 尾形 緒方 奥村 奥山 押田 小俣 折原 海老原 柿沼 笠原 笠井 柏木 柏原 梶原 \
        片桐 勝又 門脇 金森 鎌田 神山 亀井 川井 川瀬 河本 菅野 菊川 北川 北野 北原 木戸 草野 窪田 \
        熊田 倉持 黒沢 黒澤 桑田 小暮 小坂 今野 紺野 斎木 酒巻 佐川 佐原 佐竹 沢田 澤田 沢村 塩沢 \
        志村 島崎 島村 清野 庄司 庄子 白川 白鳥 新藤 進藤 菅谷 杉崎 杉村 鈴村 須永 関谷 仙石 曽根 \
        高瀬 高梨 高見 高柳 滝本 竹下 竹村 橘田 立石 田所 田畑 谷村 田原 玉井 玉城 茅野 塚原 柘植 \
        土橋 寺本 寺尾 寺沢 土肥 徳山 友田 中里 中本 永瀬 名取 西原 二宮 沼尻 野々村 萩野 花田 羽鳥 \
        浜野 原島 樋渡 平賀 平沢 平澤 深谷 福地 福元 藤沼 藤森 古沢 星川 細谷 堀口 堀越 本橋 槙野 \
        増井 増山 町山 松木 松野 三沢 三澤 水島 三田村 三橋 皆川 峯岸 宮坂 村岡 村川 村中 室田 茂木 \
        森永 諸岡 梁川 山科 結城 横溝 吉井 吉見 依田 若山 脇田 脇坂 鷲田 綿貫 帆足 有坂 溝呂木",
    )
});

/// Given names in Latin letters that are no ordinary word and no product.
pub(super) static GIVEN_NAMES: List = LazyLock::new(|| {
    list(
        "\
        kenji hiroshi takashi takeshi satoshi kazuki daisuke yusuke shota kenta naoki tomoya tatsuya \
        takuya ryota ryosuke shinji kenichi yuichi junichi shinichi masahiro masato masaki \
        makoto akira toshiaki hideki hiroki yuji yuta yuto sota haruto shunsuke keisuke keita kohei \
        ryohei shohei yohei tetsuya kazuya naoya yoshiki atsushi osamu minoru yasuhiro nobuyuki \
        hideo yuko yumi yumiko keiko noriko tomoko naoko kumiko mayumi mariko yoshiko akiko aiko \
        michiko ayumi ayako asuka chihiro haruka hitomi honoka kaori kanako kasumi mami manami \
        megumi misaki miyuki momoka nanami natsuki rie rina saori sayaka shiori tomomi yuka yukari \
        yukiko yurika james robert michael david richard joseph thomas charles christopher daniel \
        matthew anthony steven andrew joshua kevin brian george edward ronald timothy jeffrey \
        nicholas jonathan stephen benjamin samuel gregory alexander patrick aaron jose nathan adam \
        zachary peter kyle ethan jeremy keith roger sean gerald bryan louis harry gabriel randy \
        vincent liam noah oliver elijah lucas mateo arthur mary patricia jennifer linda elizabeth \
        barbara susan jessica karen lisa nancy sandra ashley emily donna michelle amanda melissa \
        deborah stephanie rebecca laura sharon cynthia kathleen angela shirley brenda nicole \
        samantha katherine christine emma catherine debra rachel janet heather diane olivia julie \
        joyce lauren christina evelyn andrea hannah megan jacqueline martha teresa sara kathryn \
        isabella amelia priya rahul arjun anjali ravi sanjay vikram deepak sunil amit neha pooja \
        rohit aditya karthik lakshmi meera xiaoming nguyen jiwon minjun seoyeon carlos juan luis \
        miguel pedro diego javier fernando sofia valentina camila lucia giulia matteo francesco hans \
        klaus stefan andreas anna katarina olga natasha dmitri sergei yulia fatima ahmed mohammed \
        hassan tom priyanka sanjana",
    )
});

/// Surnames of three characters and more that end like a department.
pub(super) const SURNAMES_IN_BU: [&str; 8] = [
    "長谷部",
    "日下部",
    "曽我部",
    "曾我部",
    "宗我部",
    "長宗我部",
    "長曽我部",
    "田名部",
];
