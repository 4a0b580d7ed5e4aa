//! The report of an evaluation: how right, on what, how sure, and where it went wrong.

use std::collections::BTreeMap;

use crate::compose::scene::Scene;
use crate::compose::words::counted;
use crate::compose::{agreement, tickets};
use crate::evaluate::{Evaluation, Scored, Share, calibration_error};
use crate::report::{Cell, Grid, Section, Show, Table, View};

/// Most wrong answers that people are shown.
const WORST_SHOWN: usize = 15;

/// Builds title, headline and parts.
pub(super) fn report(scene: &Scene<'_>, evaluation: &Evaluation<'_>) -> (String, Vec<String>, Vec<Section>) {
    let title = scene
        .pick("分類の正しさ", "How right the classification is")
        .to_owned();
    let sections = vec![
        summary(scene, evaluation),
        by_pattern(scene, evaluation),
        confusion(scene, evaluation),
        calibration(scene, evaluation),
        kept(scene, evaluation),
        agreement::kinds(scene, evaluation),
        sources(scene, evaluation),
        worst(scene, evaluation),
    ];
    (title, headline(scene, evaluation), sections)
}

fn percent(share: Share) -> String {
    share
        .value()
        .map_or_else(|| "–".to_owned(), |value| format!("{:.1} %", value * 100.0))
}

fn headline(scene: &Scene<'_>, evaluation: &Evaluation<'_>) -> Vec<String> {
    let of = &evaluation.summary;
    let (all, right) = (percent(of.accuracy), percent(of.unmarked_right));
    let (count, unmarked) = (of.accuracy.all, percent(of.unmarked));
    vec![scene.pick(
        format!("{count} 件中 {all} が正しいパターン。要確認でない {unmarked} では {right}。"),
        format!(
            "{all} of {} got the right pattern; of the {unmarked} not marked for review, {right}.",
            counted(count, "ticket")
        ),
    )]
}

/// The cells of a share: its value, the ends of its interval, its counts.
fn cells(share: Share) -> [Cell; 3] {
    let ends = share.interval();
    [
        Cell::maybe_number(share.value()),
        Cell::maybe_number(ends.map(|ends| ends.0)),
        Cell::maybe_number(ends.map(|ends| ends.1)),
    ]
}

const SUMMARY: [&str; 6] = [
    "measure",
    "value",
    "value_low",
    "value_high",
    "right",
    "tickets_count",
];

fn summary(scene: &Scene<'_>, evaluation: &Evaluation<'_>) -> Section {
    let of = &evaluation.summary;
    let mut table = Table::new("evaluation_summary", &SUMMARY);
    for (name, share) in [
        ("accuracy", of.accuracy),
        ("not_marked_for_review", of.unmarked),
        ("accuracy_not_marked", of.unmarked_right),
        ("subpattern_accuracy", of.subpatterns),
        ("exclusion_recall", of.exclusions_found),
        ("exclusion_precision", of.exclusions_right),
    ] {
        let [value, low, high] = cells(share);
        table.push(vec![
            ("measure", Cell::text(name)),
            ("value", value),
            ("value_low", low),
            ("value_high", high),
            ("right", Cell::Count(share.right)),
            ("tickets_count", Cell::Count(share.all)),
        ]);
    }
    for (name, value) in agreement::figures(evaluation) {
        table.push(vec![
            ("measure", Cell::text(name)),
            ("value", Cell::Number(value)),
            (
                "tickets_count",
                Cell::maybe_count(evaluation.agreement.map(|of| of.tickets)),
            ),
        ]);
    }
    for (name, value) in [
        ("macro_f1", of.macro_f1),
        ("calibration_error", calibration_error(&evaluation.calibration)),
    ] {
        table.push(vec![
            ("measure", Cell::text(name)),
            ("value", Cell::maybe_number(value)),
            ("tickets_count", Cell::Count(of.accuracy.all)),
        ]);
    }
    table.views = vec![
        View::named(scene.pick("指標", "measure"), "measure", measures(scene)),
        View::number(scene.pick("値", "value"), Show::Cell("value", 3)),
        View::number(
            scene.pick("95 % 区間", "95 % interval"),
            Show::Ends(["value_low", "value_high"], 3),
        ),
        View::number(scene.pick("件数", "tickets"), Show::Cell("tickets_count", 0)),
    ];
    let mut notes = explained(scene, evaluation);
    if evaluation.labelled > 0 {
        notes.push(scene.pick(
            format!("人のラベルがある {} 件は数えていない。", evaluation.labelled),
            format!(
                "Not counted: {} that a person's label decided.",
                counted(evaluation.labelled, "ticket")
            ),
        ));
    }
    if !evaluation.refused.is_empty() {
        let first = scene.show(&first_refused(evaluation));
        let count = evaluation.refused.len();
        notes.push(scene.pick(
            format!("正解のない {count} 件は数えていない: {first}"),
            format!(
                "Not counted: {} without a usable answer: {first}",
                counted(count, "ticket")
            ),
        ));
    }
    Section {
        table: Some(table),
        notes,
        ..Section::default()
    }
}

/// What the figures with letters for names say, in a line each.
fn explained(scene: &Scene<'_>, evaluation: &Evaluation<'_>) -> Vec<String> {
    let mut lines = vec![
        scene
            .pick(
                "ECE は言った確度と実際に正しい割合の隔たりの平均: 0 なら言うとおり、0.05 なら平均 5 ポイントずれる。マクロ F1 は適合率と再現率の調和平均を、パターンごとに同じ重みで平均したもの。",
                "ECE is how far what it says of its sureness lies from how often it is right, on average: 0 is as it says, 0.05 is five points off. Macro F1 is the harmonic mean of precision and recall, every pattern counted alike.",
            )
            .to_owned(),
    ];
    if evaluation.agreement.is_some() {
        lines.push(
            scene
                .pick(
                    "AMI・ARI はグループと正解の種類の一致を、偶然の分を引いて測る: 1 は同じ分け方、0 は偶然と同じ。ARI は 2 件ずつの組が同じ側に入るか、AMI は一方を知ると他方がどれだけ分かるかを見る。B-cubed F1 は 1 件ごとに、同じグループの仲間がどれだけ同じ種類かとその逆を合わせたもの。",
                    "AMI and ARI say how well the groups agree with the kinds of the answers, chance taken off: 1 is the same division, 0 is no better than chance. ARI looks at pairs of tickets, AMI at how much the one tells of the other. B-cubed F1 asks of every ticket how many of its group are of its kind, and the other way round.",
                )
                .to_owned(),
        );
    }
    lines
}

/// What a reader calls each measure.
fn measures(scene: &Scene<'_>) -> BTreeMap<String, String> {
    [
        ("accuracy", "正しいパターンの割合", "right pattern"),
        (
            "not_marked_for_review",
            "要確認でない割合",
            "not marked for review",
        ),
        ("accuracy_not_marked", "うち正しい割合", "right of those"),
        (
            "subpattern_accuracy",
            "正しいサブパターンの割合",
            "right sub-pattern",
        ),
        (
            "exclusion_recall",
            "対象外のうち見つけた割合",
            "excluded that were found",
        ),
        (
            "exclusion_precision",
            "対象外としたうち正しい割合",
            "found excluded that are",
        ),
        ("macro_f1", "マクロ F1", "mean F1 of patterns (macro)"),
        ("calibration_error", "確度のずれ (ECE)", "calibration error (ECE)"),
        (
            "group_ami",
            "グループ: 共有する情報 (AMI)",
            "groups: shared information (AMI)",
        ),
        (
            "group_ari",
            "グループ: 組の一致 (ARI)",
            "groups: pairs that agree (ARI)",
        ),
        (
            "group_bcubed",
            "グループ: 仲間の一致 (B-cubed F1)",
            "groups: company kept (B-cubed F1)",
        ),
    ]
    .map(|(code, ja, en)| (code.to_owned(), scene.pick(ja, en).to_owned()))
    .into()
}

/// The first few answers that could not be used, with their reasons.
fn first_refused(evaluation: &Evaluation<'_>) -> String {
    let first: Vec<String> = evaluation
        .refused
        .iter()
        .take(REFUSED_SHOWN)
        .map(ToString::to_string)
        .collect();
    let more = if evaluation.refused.len() > REFUSED_SHOWN {
        " …"
    } else {
        ""
    };
    format!("{}{more}", first.join("; "))
}

/// Most answers that could not be used that are named.
const REFUSED_SHOWN: usize = 5;

const PATTERNS: [&str; 9] = [
    "pattern",
    "tickets_count",
    "found_count",
    "precision",
    "precision_low",
    "precision_high",
    "recall",
    "recall_low",
    "recall_high",
];

fn by_pattern(scene: &Scene<'_>, evaluation: &Evaluation<'_>) -> Section {
    let keys: Vec<&'static str> = PATTERNS.into_iter().chain(["f1"]).collect();
    let mut table = Table::new("evaluation_patterns", &keys);
    for of in &evaluation.patterns {
        let ([precision, precision_low, precision_high], [recall, recall_low, recall_high]) =
            (cells(of.precision), cells(of.recall));
        table.push(vec![
            ("pattern", Cell::text(&of.pattern)),
            ("tickets_count", Cell::Count(of.recall.all)),
            ("found_count", Cell::Count(of.precision.all)),
            ("precision", precision),
            ("precision_low", precision_low),
            ("precision_high", precision_high),
            ("recall", recall),
            ("recall_low", recall_low),
            ("recall_high", recall_high),
            ("f1", Cell::maybe_number(of.f1())),
        ]);
    }
    table.views = vec![
        View::named(
            scene.pick("パターン", "pattern"),
            "pattern",
            scene.pattern_names(),
        ),
        View::number(scene.pick("件数", "tickets"), Show::Cell("tickets_count", 0)),
        View::number(
            scene.pick("適合率", "precision"),
            Show::Interval(["precision_low", "precision", "precision_high"], 2),
        ),
        View::number(
            scene.pick("再現率", "recall"),
            Show::Interval(["recall_low", "recall", "recall_high"], 2),
        ),
        View::number("F1", Show::Cell("f1", 2)),
    ];
    titled(scene.pick("パターン別", "By pattern"), table)
}

fn confusion(scene: &Scene<'_>, evaluation: &Evaluation<'_>) -> Section {
    let mut table = Table::new("confusion", &["pattern", "found", "tickets_count"]);
    // Mistakes first, the most frequent on top; people see only these.
    let mut sorted: Vec<_> = evaluation.confusion.iter().collect();
    sorted.sort_by_key(|((gold, found), count)| (gold == found, std::cmp::Reverse(**count)));
    table.shown = sorted.iter().filter(|((gold, found), _)| gold != found).count();
    for ((gold, found), count) in sorted {
        table.push(vec![
            ("pattern", Cell::text(gold)),
            ("found", Cell::text(found)),
            ("tickets_count", Cell::Count(*count)),
        ]);
    }
    table.views = vec![
        View::named(scene.pick("正解", "right"), "pattern", scene.pattern_names()),
        View::named(scene.pick("判定", "found"), "found", scene.pattern_names()),
        View::number(scene.pick("件数", "tickets"), Show::Cell("tickets_count", 0)),
    ];
    titled(scene.pick("取り違え", "What is taken for what"), table)
}

fn calibration(scene: &Scene<'_>, evaluation: &Evaluation<'_>) -> Section {
    let keys = [
        "confidence_from",
        "confidence_to",
        "tickets_count",
        "confidence_mean",
        "right_share",
        "right_low",
        "right_high",
    ];
    let mut table = Table::new("calibration", &keys);
    for bin in &evaluation.calibration {
        let [right, low, high] = cells(bin.right);
        table.push(vec![
            ("confidence_from", Cell::Number(bin.from)),
            ("confidence_to", Cell::Number(bin.to)),
            ("tickets_count", Cell::Count(bin.right.all)),
            ("confidence_mean", Cell::maybe_number(bin.mean)),
            ("right_share", right),
            ("right_low", low),
            ("right_high", high),
        ]);
    }
    table.views = vec![
        View::number(
            scene.pick("確度 ≥", "sure from"),
            Show::Percent("confidence_from"),
        ),
        View::number(scene.pick("<", "to under"), Show::Percent("confidence_to")),
        View::number(scene.pick("件数", "tickets"), Show::Cell("tickets_count", 0)),
        View::number(scene.pick("平均確度", "mean"), Show::Percent("confidence_mean")),
        View::number(scene.pick("正解率", "right"), Show::Cell("right_share", 2)),
        View::number(
            scene.pick("95 % 区間", "95 % interval"),
            Show::Ends(["right_low", "right_high"], 2),
        ),
    ];
    titled(
        scene.pick("確度はあてになるか", "Whether it is as sure as it says"),
        table,
    )
}

fn kept(scene: &Scene<'_>, evaluation: &Evaluation<'_>) -> Section {
    let keys = [
        "coverage",
        "confidence_least",
        "tickets_count",
        "accuracy",
        "accuracy_low",
        "accuracy_high",
    ];
    let mut table = Table::new("coverage_accuracy", &keys);
    for kept in &evaluation.kept {
        let [right, low, high] = cells(kept.right);
        table.push(vec![
            ("coverage", Cell::Number(kept.coverage)),
            ("confidence_least", Cell::Number(kept.confidence)),
            ("tickets_count", Cell::Count(kept.right.all)),
            ("accuracy", right),
            ("accuracy_low", low),
            ("accuracy_high", high),
        ]);
    }
    table.views = vec![
        View::number(scene.pick("確かな順に", "surest"), Show::Percent("coverage")),
        View::number(
            scene.pick("確度の下限", "sure from"),
            Show::Cell("confidence_least", 2),
        ),
        View::number(scene.pick("正解率", "right"), Show::Cell("accuracy", 2)),
        View::number(
            scene.pick("95 % 区間", "95 % interval"),
            Show::Ends(["accuracy_low", "accuracy_high"], 2),
        ),
    ];
    titled(scene.pick("カバー率と正解率", "Coverage against accuracy"), table)
}

fn sources(scene: &Scene<'_>, evaluation: &Evaluation<'_>) -> Section {
    let keys = [
        "source",
        "tickets_count",
        "accuracy",
        "accuracy_low",
        "accuracy_high",
    ];
    let mut table = Table::new("evaluation_sources", &keys);
    for (source, share) in &evaluation.sources {
        let [right, low, high] = cells(*share);
        table.push(vec![
            ("source", Cell::Text(scene.show(source))),
            ("tickets_count", Cell::Count(share.all)),
            ("accuracy", right),
            ("accuracy_low", low),
            ("accuracy_high", high),
        ]);
    }
    table.views = vec![
        View::words(scene.pick("出どころ", "source"), "source"),
        View::number(scene.pick("件数", "tickets"), Show::Cell("tickets_count", 0)),
        View::number(scene.pick("正解率", "right"), Show::Cell("accuracy", 2)),
        View::number(
            scene.pick("95 % 区間", "95 % interval"),
            Show::Ends(["accuracy_low", "accuracy_high"], 2),
        ),
    ];
    // Where no ticket says where it is from there is one nameless row, which says what the top of the page has said.
    if evaluation.sources.iter().all(|(source, _)| source.is_empty()) {
        table.pivot = Some(Grid::default());
        return titled("", table);
    }
    titled(scene.pick("出どころ別", "By source"), table)
}

fn worst(scene: &Scene<'_>, evaluation: &Evaluation<'_>) -> Section {
    let keys = [
        "id",
        "title",
        "pattern",
        "found",
        "confidence",
        "needs_review",
        "evidence",
    ];
    let mut table = Table::new("wrong", &keys);
    let mut wrong: Vec<&Scored<'_>> = evaluation.scored.iter().filter(|one| !one.right).collect();
    wrong.sort_by(|a, b| {
        b.found
            .confidence
            .total_cmp(&a.found.confidence)
            .then_with(|| a.ticket.id.cmp(&b.ticket.id))
    });
    for one in wrong {
        let title = one.ticket.title.as_deref().map(|title| scene.show(title));
        table.push(vec![
            ("id", Cell::text(one.ticket.id.as_str())),
            ("title", Cell::maybe_text(title.as_deref())),
            ("pattern", Cell::text(&one.gold.pattern)),
            ("found", Cell::text(&one.found.pattern)),
            ("confidence", Cell::Number(one.found.confidence)),
            ("needs_review", Cell::Flag(one.found.needs_review)),
            ("evidence", tickets::evidence_cell(scene, one.ticket, one.found)),
        ]);
    }
    table.shown = WORST_SHOWN;
    table.views = vec![
        View::words("ID", "id"),
        View::named(scene.pick("正解", "right"), "pattern", scene.pattern_names()),
        View::named(scene.pick("判定", "found"), "found", scene.pattern_names()),
        View::number(scene.pick("確度", "sure"), Show::Percent("confidence")),
        View::words(scene.pick("件名", "title"), "title"),
        View::words(scene.pick("根拠", "evidence"), "evidence").from_width(140),
    ];
    Section {
        notes: vec![
            scene
                .pick(
                    "なぜそうなったかは `toilscope tickets … --explain ID` が答える。",
                    "`toilscope tickets … --explain ID` tells why.",
                )
                .to_owned(),
        ],
        ..titled(
            scene.pick("確かだと言って外れたもの", "Wrong, surest first"),
            table,
        )
    }
}

fn titled(title: &str, table: Table) -> Section {
    Section {
        title: title.to_owned(),
        table: Some(table),
        ..Section::default()
    }
}
