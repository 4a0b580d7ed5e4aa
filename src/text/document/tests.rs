//! Whole tickets as people file them, and the laws that hold for any text.

use proptest::prelude::*;

use super::*;
use crate::text::fold;

fn read(body: &str) -> Document {
    Document::read(
        &Parts {
            body: Some(body),
            ..Parts::default()
        },
        &Boilerplate::none(),
    )
}

/// One line a passage: block, label, text.
fn outline(document: &Document) -> Vec<String> {
    document
        .passages
        .iter()
        .map(|passage| match &passage.label {
            Some(label) => format!("{:?}({label}) {}", passage.block, passage.text.text()),
            None => format!("{:?} {}", passage.block, passage.text.text()),
        })
        .collect()
}

#[test]
fn a_slack_workflow_form_is_read_field_by_field() {
    let body = "<!subteam^S01|@sre> <@U02> さんからの依頼です\n*依頼種別*\nアクセス権限付与・変更\n*依頼内容*\nお疲れ様です、hotaruチームの早川です。\nkawasemi の BigQuery を見られるようにしてください。\n\n~編集権限も~ 閲覧だけで大丈夫です:bow:\n*対象サービス/環境*\nkawasemi / stg\n*希望期限*\nなるはや\n*備考*\n特になし\nよろしくお願いいたします。";
    assert_eq!(
        outline(&read(body)),
        [
            "Prose @sre @user さんからの依頼です",
            "Label 依頼種別",
            "Answer(依頼種別) アクセス権限付与・変更",
            "Label 依頼内容",
            "Courtesy お疲れ様です、hotaruチームの早川です。",
            "Answer(依頼内容) kawasemi の bigquery を見られるようにしてください。",
            "Answer(依頼内容) 閲覧だけで大丈夫です",
            "Struck 編集権限も",
            "Label 対象サービス/環境",
            "Answer(対象サービス/環境) kawasemi / stg",
            "Label 希望期限",
            "Filler(希望期限) なるはや",
            "Label 備考",
            "Filler(備考) 特になし",
            "Courtesy よろしくお願いいたします。",
        ]
    );
}

#[test]
fn a_form_with_brackets_and_colons_is_read() {
    let body = "【依頼内容】招待をお願いします\n【対象】\n・氏名：結城 真央\n・メール：m.yuki@example.com\n【座席】12F\n\nあわせて、Slackにも入れてください。";
    assert_eq!(
        outline(&read(body)),
        [
            "Label 依頼内容",
            "Answer(依頼内容) 招待をお願いします",
            "Label 対象",
            "Label 氏名",
            "Answer(氏名) 結城 真央",
            "Label メール",
            "Answer(メール) m.yuki@example.com",
            "Label 座席",
            "Answer(座席) 12f",
            "Prose あわせて、slackにも入れてください。",
        ]
    );
}

#[test]
fn an_english_issue_template_is_read() {
    let body = "### Summary\nCI is red since noon\n<!-- Describe the issue -->\n### Steps to reproduce\n1. push\n2. wait\n\n### Additional context\n_No response_\n\nThanks!";
    assert_eq!(
        outline(&read(body)),
        [
            "Label summary",
            "Answer(summary) ci is red since noon",
            "Filler describe the issue",
            "Label steps to reproduce",
            "Answer(steps to reproduce) push\nwait",
            "Label additional context",
            "Filler(additional context) no response",
            "Courtesy thanks!",
        ]
    );
}

#[test]
fn a_thread_keeps_quotes_and_code_apart() {
    let body = "昨日から <#C01|alert-hotaru> が鳴っています\n&gt; 権限を外しました\n&gt; ご確認ください\n原因を見てほしいです\n```\n2026-07-01 10:00:00 ERROR upstream timed out\n2026-07-01 10:00:01 ERROR upstream timed out\n```\ncc: <@U03>";
    assert_eq!(
        outline(&read(body)),
        [
            "Prose 昨日から #alert-hotaru が鳴っています",
            "Quote 権限を外しました\nご確認ください",
            "Prose 原因を見てほしいです",
            "Code(Log) 2026-07-01 10:00:00 error upstream timed out\n2026-07-01 10:00:01 error upstream timed out",
            "Courtesy cc: @user",
        ]
    );
}

#[test]
fn the_tail_of_a_mail_is_quoted() {
    let body = "SRE各位\nお世話になっております。結城です。\n下記の件、権限を戻してください。\n\n--\n結城\nTEL: 00-0000-0000\n\n-----Original Message-----\nFrom: 早川\nSent: 2026/07/01\n削除をお願いします";
    assert_eq!(
        outline(&read(body)),
        [
            "Courtesy sre各位\nお世話になっております。結城です。",
            "Prose 下記の件、権限を戻してください。",
            "Courtesy --\n結城\ntel: 00-0000-0000",
            "Quote -----original message-----\nfrom: 早川\nsent: 2026/07/01\n削除をお願いします",
        ]
    );
}

#[test]
fn a_mail_that_is_only_forwarded_is_the_request() {
    let body = "-----Original Message-----\nFrom: 早川\nSent: 2026/07/01\n\n削除をお願いします";
    let document = read(body);
    let last = document.passages.last().unwrap();
    assert_eq!(
        (last.block, last.text.text()),
        (Block::Prose, "削除をお願いします")
    );
}

#[test]
fn reply_headers_of_mail_clients_start_a_quote() {
    for header in [
        "2026年7月1日(水) 10:00 結城 真央 <m.yuki@example.com>:",
        "On Wed, Jul 1, 2026 at 10:00 AM Mao wrote:",
        "2026/07/01 10:00、結城さんは書きました:",
    ] {
        let document = read(&format!("戻してください\n\n{header}\n消してください"));
        assert_eq!(document.passages[1].block, Block::Quote, "{header}");
        assert_eq!(document.passages.len(), 2);
    }
}

#[test]
fn two_headings_that_nobody_fills_in_stay_prose() {
    let body = "■権限付与\n■アカウント招待";
    assert_eq!(outline(&read(body)), ["Prose ■権限付与\n■アカウント招待"]);
    assert_eq!(
        outline(&read("【至急】止まっています")),
        ["Prose 【至急】止まっています"]
    );
}

#[test]
fn titles_are_no_forms() {
    let parts = Parts {
        title: Some("【権限】対象：stgの閲覧権限　お願いします"),
        category: Some("アカウント"),
        comments: vec!["done です", "なし"],
        ..Parts::default()
    };
    let document = Document::read(&parts, &Boilerplate::none());
    assert_eq!(
        outline(&document),
        [
            "Prose 【権限】対象:stgの閲覧権限 お願いします",
            "Answer アカウント",
            "Prose done です",
            "Filler なし"
        ]
    );
    let origins: Vec<_> = document.passages.iter().map(|passage| passage.origin).collect();
    assert_eq!(
        origins,
        [
            Origin::Title,
            Origin::Category,
            Origin::Comment(0),
            Origin::Comment(1)
        ]
    );
}

#[test]
fn unknown_keys_are_believed_beside_a_known_label() {
    let body = "対象: kawasemi\n席番: 3\nエラー: denied\n影響: なし";
    assert_eq!(
        outline(&read(body)),
        [
            "Label 対象",
            "Answer(対象) kawasemi",
            "Label 席番",
            "Answer(席番) 3\nエラー: denied",
            "Label 影響",
            "Filler(影響) なし",
        ]
    );
    assert_eq!(
        outline(&read("本番: 10台\n検証: 2台")),
        ["Prose 本番: 10台\n検証: 2台"]
    );
}

#[test]
fn unfenced_keys_are_code() {
    let key = format!("ssh-ed25519 {} mao@example.com", "AAAAC3NzaC1");
    let document = read(&format!("踏み台に登録してください\n{key}\n以上です"));
    let blocks: Vec<_> = document.passages.iter().map(|passage| passage.block).collect();
    assert_eq!(
        blocks,
        [Block::Prose, Block::Code(CodeKind::Key), Block::Courtesy]
    );
}

#[test]
fn learnt_labels_and_lines_are_set_apart() {
    let bodies: Vec<String> = (0..40)
        .map(|n| {
            format!(
                "席の場所\n{n}番街{n}\n誰が使いますか\n{}\nこのフォームは情報システムが見ています\n",
                ["私", "新人", "外部の方"][n % 3]
            )
        })
        .collect();
    let boilerplate = Boilerplate::learn(bodies.iter().map(|body| (body.as_str(), "2026-Q1")));
    let document = Document::read(
        &Parts {
            body: Some(&bodies[1]),
            ..Parts::default()
        },
        &boilerplate,
    );
    assert_eq!(
        outline(&document),
        [
            "Label 席の場所",
            "Answer(席の場所) 1番街1",
            "Label 誰が使いますか",
            "Answer(誰が使いますか) 新人",
            "Filler このフォームは情報システムが見ています",
        ]
    );
}

#[test]
fn offsets_point_into_the_whole_field() {
    let body = "お疲れ様です。\r\n- ｻｰﾊﾞｰの<https://example.com|権限>を\r\n- ＡＢを";
    let document = read(body);
    let prose = &document.passages[1].text;
    assert_eq!(prose.text(), "サーバの権限 https://example.com を\nabを");
    assert_eq!(&body[prose.original(0..9)], "ｻｰﾊﾞｰ");
    let last = prose.text().len() - 5..prose.text().len() - 3;
    assert_eq!(&body[prose.original(last)], "ＡＢ");
}

/// Texts in which every kind of block may start and none need end.
fn hostile() -> impl Strategy<Value = String> {
    let parts = prop_oneof![
        "(```|<!--|-->|~~|\\*\\*|__|`|<@U1|<https://|>|\\]\\(|\\[|:x:|&lt;|【|】|■){1,4}",
        "(依頼内容|対象：|お疲れ様です|よろしくお願いします|-----Original Message-----|差出人: a|--|Traceback|\tat x\\(y\\)|特になし)",
        "[\n\r\t \u{3000}]{1,3}",
        "[ァ-ヺーｦ-ﾟ゙]{1,5}",
        "[\0\u{1b}\u{200B}\u{202E}\u{E0100}]{1,2}",
        "\\PC{0,8}",
        any::<String>(),
    ];
    prop::collection::vec(parts, 0..16).prop_map(|parts| parts.concat())
}

#[test]
fn keys_and_values_in_lower_case_are_a_form() {
    assert_eq!(
        outline(&read(
            "role: read\nmember: sora@example.com\n\nHe moved to my team."
        )),
        [
            "Label role",
            "Answer(role) read",
            "Label member",
            "Answer(member) sora@example.com",
            "Prose he moved to my team.",
        ]
    );
    let four = "role: roles/run.viewer\nmember: sora@example.com\nproject: kawasemi-stg\nuntil: 2026-09-30";
    let blocks: Vec<Block> = read(four).passages.iter().map(|passage| passage.block).collect();
    assert_eq!(blocks, [Block::Label, Block::Answer].repeat(4));
}

#[test]
fn an_item_of_a_list_that_begins_with_a_product_is_no_answer() {
    let body = "これをお願いします\n1. Slack の user group に追加\n2. GCP: kawasemi-stg を触れるように\n【対象】\nsora@example.com\n【備考】なし";
    assert!(
        outline(&read(body))
            .iter()
            .any(|line| line.contains("kawasemi-stg を触れるように") && line.starts_with("Prose"))
    );
}

#[test]
fn keys_of_logs_and_manifests_are_no_labels() {
    for body in [
        "apiVersion: v1\nkind: Pod\nname: web\nenvironment: stg",
        "image: web\nreplicas: 3\nname: web\nenvironment: stg",
        "service: api\nlevel: error\nmsg: timed out\nts: 1700000000",
        "upstream: connection refused\nretry: gave up",
        "see http://example.com/a: it is down\nnginx: worker exited",
        "Summary: cannot log in\n\nkubelet: connection refused\nhttps://example.com/a",
        "name: web\nValueError: bad",
        "name: web\nhint: restart it once and look at what it says",
    ] {
        let read = read(body);
        let mut labels = read
            .passages
            .iter()
            .filter(|passage| passage.block == Block::Label);
        let known = ["name", "environment", "service", "summary"];
        assert!(
            labels.all(|label| known.contains(&label.text.text())),
            "{body}: {:?}",
            outline(&read)
        );
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(1000))]

    #[test]
    fn passages_are_normalised_and_point_into_the_field(body in hostile()) {
        for passage in read(&body).passages {
            let text = passage.text.text();
            prop_assert!(!text.is_empty());
            prop_assert_eq!(fold(text), text);
            for (at, c) in text.char_indices() {
                prop_assert!(body.get(passage.text.original(at..at + c.len_utf8())).is_some());
            }
        }
    }

    #[test]
    fn passages_follow_the_reading_order(body in hostile()) {
        let starts: Vec<usize> = read(&body)
            .passages
            .iter()
            .filter(|passage| passage.block != Block::Struck)
            .map(|passage| passage.text.original(0..1).start)
            .collect();
        prop_assert!(starts.is_sorted());
    }

    #[test]
    fn every_letter_of_plain_text_is_kept(body in "([a-zか-ん権限]{1,6}|お疲れ様です|依頼内容|[：、。\n 【】]){0,12}") {
        let mut kept: Vec<char> = read(&body).passages.iter().flat_map(|passage| passage.text.text().chars()).collect();
        let mut letters: Vec<char> = fold(&body).chars().collect();
        kept.retain(|c| c.is_alphabetic());
        letters.retain(|c| c.is_alphabetic());
        prop_assert_eq!(kept, letters);
    }
}

#[test]
fn huge_bodies_are_read_in_linear_time() {
    for unit in [
        "*a _b ~c [d](e <f :g `h ",
        "依頼内容: ",
        "お疲れ様です、",
        "-",
        "```",
        "<!--",
        "。",
        "> ",
        "[](",
        "】【",
    ] {
        let started = std::time::Instant::now();
        let line = unit.repeat(100_000 / unit.len());
        let document = read(&line);
        assert!(document.passages.len() <= line.len());
        // A debug build needs well under a second; a quadratic step would need minutes.
        assert!(started.elapsed().as_secs() < 30, "{unit:?}");
    }
}
