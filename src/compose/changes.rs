//! What changed from quarter to quarter, in words: verdicts, the tests behind them, and the sentence at the top.

use crate::compose::scene::Scene;
use crate::compose::trend::series_cells;
use crate::report::{Align, Cell, Grid, Head, Section, Table};
use crate::toil::Key;
use crate::trend::{Change, Comparison, Exposed, FEWEST, JUDGED_QUARTERS, Judgement, Ratio, Unit, Verdict};

/// One test, of a quarter or of a level.
struct Test<'a> {
    key: Option<&'a Key>,
    judgement: &'a Judgement,
    kind: Kind,
    /// The quarter that is compared, or the first at the new level.
    quarter: String,
    with: Option<String>,
    before: Exposed,
    after: Exposed,
    ratio: &'a Ratio,
    q: f64,
    week: Option<String>,
    verdict: Verdict,
}

#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Kind {
    Level,
    Quarter,
}

/// Lists what changed; machines get every test that was made.
pub(super) fn section(scene: &Scene<'_>) -> Section {
    let tests = tests(scene);
    let mut table = machine(scene, &tests);
    let changed: Vec<&Test<'_>> = tests.iter().filter(|test| test.verdict.is_change()).collect();
    table.pivot = Some(grid(scene, &changed));
    let notes = if changed.is_empty() {
        Vec::new()
    } else {
        vec![scene.pick(
            "比は営業日あたり (設定に人数があればエンジニアあたり) の件数の比、[ ] は 90 % 区間で p < 0.10 と同じ判定になる。「件」は 1 四半期 61 営業日あたり。".to_owned(),
            "Ratios are of tickets per working day (and per engineer where the settings know them); the 90 % interval says the same as p < 0.10. Counts are per quarter of 61 working days.".to_owned(),
        )]
    };
    Section {
        title: scene.pick("変化", "What changed").to_owned(),
        lead: vec![summary(scene)],
        table: Some(table),
        notes,
    }
}

/// All tests of the report, the surest changes first.
fn tests<'a>(scene: &'a Scene<'_>) -> Vec<Test<'a>> {
    let judged = &scene.analysis.judged;
    let all =
        std::iter::once((None, &judged.total)).chain(judged.series.iter().map(|(key, of)| (Some(key), of)));
    let mut tests: Vec<Test<'a>> = all
        .flat_map(|(key, judgement)| tests_of(scene, key, judgement))
        .collect();
    let weight = |test: &Test<'_>| !test.verdict.is_change();
    tests.sort_by(|a, b| {
        (!a.verdict.is_clear(), weight(a))
            .cmp(&(!b.verdict.is_clear(), weight(b)))
            .then(a.ratio.p.total_cmp(&b.ratio.p))
            .then_with(|| (a.key, a.kind, &a.quarter).cmp(&(b.key, b.kind, &b.quarter)))
    });
    tests
}

fn tests_of<'a>(scene: &'a Scene<'_>, key: Option<&'a Key>, judgement: &'a Judgement) -> Vec<Test<'a>> {
    let timeline = &scene.analysis.measures.timeline;
    let quarter = |(slot, comparison): (&crate::toil::TimelineQuarter, &'a Option<Comparison>)| {
        let comparison = comparison.as_ref()?;
        Some(Test {
            key,
            judgement,
            kind: Kind::Quarter,
            quarter: slot.quarter.to_string(),
            with: Some(comparison.with.to_string()),
            before: comparison.before,
            after: comparison.after,
            ratio: comparison.ratio.as_ref()?,
            q: comparison.q?,
            week: None,
            verdict: comparison.verdict,
        })
    };
    let level = |change: &'a Change| Test {
        key,
        judgement,
        kind: Kind::Level,
        quarter: change.since.to_string(),
        with: None,
        before: change.before,
        after: change.after,
        ratio: &change.ratio,
        q: change.q,
        week: change.week.map(|week| week.to_string()),
        verdict: change.verdict,
    };
    timeline
        .iter()
        .zip(&judgement.quarters)
        .filter_map(quarter)
        .chain(judgement.change.iter().map(level))
        .collect()
}

fn machine(scene: &Scene<'_>, tests: &[Test<'_>]) -> Table {
    let keys = [
        "level",
        "pattern",
        "subpattern",
        "group",
        "label_ja",
        "label_en",
        "kind",
        "quarter",
        "compared_with",
        "change_week",
        "tested_unit",
        "dispersion",
        "before_count",
        "before_exposure",
        "after_count",
        "after_exposure",
        "rate_ratio",
        "rate_ratio_lo",
        "rate_ratio_hi",
        "p_value",
        "q_value",
        "verdict",
    ];
    let mut table = Table::new("changes", &keys);
    for test in tests {
        let ids = [
            test.key.map(Key::pattern),
            test.key.and_then(Key::subpattern),
            test.key.and_then(Key::group),
        ];
        let mut cells = series_cells(scene, test.key.map(Key::level), ids);
        let kind = match test.kind {
            Kind::Level => "level",
            Kind::Quarter => "quarter",
        };
        cells.extend([
            ("kind", Cell::text(kind)),
            ("quarter", Cell::text(&test.quarter)),
            ("compared_with", Cell::maybe_text(test.with.as_deref())),
            ("change_week", Cell::maybe_text(test.week.as_deref())),
            ("tested_unit", Cell::text(test.judgement.unit.as_str())),
            ("dispersion", Cell::maybe_number(test.judgement.dispersion)),
            ("before_count", Cell::Count(test.before.count)),
            ("before_exposure", Cell::Number(test.before.exposure)),
            ("after_count", Cell::Count(test.after.count)),
            ("after_exposure", Cell::Number(test.after.exposure)),
            ("rate_ratio", Cell::maybe_number(test.ratio.ratio)),
            ("rate_ratio_lo", Cell::Number(test.ratio.lo)),
            ("rate_ratio_hi", Cell::maybe_number(test.ratio.hi)),
            ("p_value", Cell::Number(test.ratio.p)),
            ("q_value", Cell::Number(test.q)),
            ("verdict", Cell::text(test.verdict.as_str())),
        ]);
        table.push(cells);
    }
    table
}

fn grid(scene: &Scene<'_>, tests: &[&Test<'_>]) -> Grid {
    if tests.is_empty() {
        return Grid::default();
    }
    let head = |ja, en, align, from_width| Head::new(scene.pick(ja, en), align, from_width);
    let heads = vec![
        head("対象", "what", Align::Left, 0),
        head("判定", "verdict", Align::Left, 0),
        head("比較", "compared", Align::Left, 0),
        head("件", "counts", Align::Right, 100),
        head("比 [90 %]", "ratio [90 %]", Align::Right, 0),
        head("p", "p", Align::Right, 110),
        head("q", "q", Align::Right, 0),
    ];
    Grid {
        heads,
        rows: tests.iter().map(|test| row(scene, test)).collect(),
        total: None,
    }
}

fn row(scene: &Scene<'_>, test: &Test<'_>) -> Vec<String> {
    let compared = match (&test.with, &test.week) {
        (Some(with), _) => format!("{} / {with}", test.quarter),
        (None, Some(week)) => scene.pick(
            format!("{} から ({week} の週ごろ)", test.quarter),
            format!("since {} (about the week of {week})", test.quarter),
        ),
        (None, None) => scene.pick(
            format!("{} から", test.quarter),
            format!("since {}", test.quarter),
        ),
    };
    // Where engineers are counted the exposure is no number of days, and a count per quarter would be none.
    let counts = if scene.analysis.judged.per_engineer {
        format!("{} → {}", test.before.count, test.after.count)
    } else {
        format!("{:.1} → {:.1}", per_quarter(test.before), per_quarter(test.after))
    };
    vec![
        name(scene, test.key),
        verdict(scene, test.verdict).to_owned(),
        compared,
        counts,
        interval(test.ratio),
        small(test.ratio.p),
        small(test.q),
    ]
}

/// Working days of a quarter in Japan, 58 to 63.
const QUARTER_DAYS: f64 = 61.0;

#[expect(clippy::cast_precision_loss, reason = "counts of tickets are far below 2^52")]
fn per_quarter(side: Exposed) -> f64 {
    side.count as f64 / side.exposure * QUARTER_DAYS
}

pub(super) fn interval(ratio: &Ratio) -> String {
    let number = |number: f64| {
        if number < 9.995 {
            format!("{number:.2}")
        } else {
            format!("{number:.0}")
        }
    };
    let end = |end: Option<f64>| end.map_or_else(|| "–".to_owned(), number);
    format!("{} [{}, {}]", end(ratio.ratio), number(ratio.lo), end(ratio.hi))
}

pub(super) fn small(p: f64) -> String {
    if p < 0.001 {
        "<0.001".to_owned()
    } else {
        format!("{p:.3}")
    }
}

fn name(scene: &Scene<'_>, key: Option<&Key>) -> String {
    match key {
        None => scene.pick("全依頼", "all requests").to_owned(),
        Some(key) => match key.subpattern().or(key.group()) {
            Some(part) => scene.group_name(part),
            None => scene.pattern_name(key.pattern()),
        },
    }
}

/// The verdict in the reader's language.
pub(super) fn verdict(scene: &Scene<'_>, verdict: Verdict) -> &'static str {
    match verdict {
        Verdict::ClearRise => scene.pick("増加", "clear rise"),
        Verdict::ClearFall => scene.pick("減少", "clear fall"),
        Verdict::PossibleRise => scene.pick("増加の可能性", "possible rise"),
        Verdict::PossibleFall => scene.pick("減少の可能性", "possible fall"),
        Verdict::None => scene.pick("明確な変化なし", "no clear change"),
        Verdict::TooFew => scene.pick("件数不足", "too few to tell"),
    }
}

/// The surest thing that can be said of a series, for a cell: a change of its level before that of its last quarter.
pub(super) fn in_short(scene: &Scene<'_>, judgement: &Judgement) -> String {
    let latest = judgement.latest();
    let level = judgement.change.as_ref();
    let candidates = [
        level.map(|change| (change.verdict, &change.ratio, since(scene, change))),
        latest.and_then(|latest| Some((latest.verdict, latest.ratio.as_ref()?, on(scene, latest)))),
    ];
    let surest = |is: fn(Verdict) -> bool| candidates.iter().flatten().find(|(verdict, ..)| is(*verdict));
    match surest(Verdict::is_clear).or_else(|| surest(Verdict::is_change)) {
        Some((said, ratio, compared)) => {
            let times = ratio
                .ratio
                .map_or_else(String::new, |ratio| format!(" ×{ratio:.1}"));
            format!("{}{times} {compared}", verdict(scene, *said))
        }
        None => match (latest.map(|latest| latest.verdict), level) {
            (Some(Verdict::TooFew), None) => verdict(scene, Verdict::TooFew).to_owned(),
            (None, None) => "–".to_owned(),
            _ => verdict(scene, Verdict::None).to_owned(),
        },
    }
}

fn since(scene: &Scene<'_>, change: &Change) -> String {
    scene.pick(
        format!("({} から)", change.since),
        format!("since {}", change.since),
    )
}

fn on(scene: &Scene<'_>, comparison: &Comparison) -> String {
    scene.pick(
        format!("({} 比)", comparison.with),
        format!("on {}", comparison.with),
    )
}

/// How the verdicts were reached, below the table.
pub(super) fn how_tested(scene: &Scene<'_>) -> Vec<String> {
    let judged = &scene.analysis.judged;
    let tests = judged.tests;
    if tests == 0 {
        return vec![scene.pick(
            format!("増減の検定はしていない: 完結した四半期が 2 つ以上あり、両方で {FEWEST} 件以上のものがない。"),
            format!("Changes are not tested: nothing has two whole quarters with {FEWEST} tickets in both together."),
        )];
    }
    let mut notes = vec![scene.pick(
        format!("判定: 直近 {JUDGED_QUARTERS} 四半期を前年同期 (最新の四半期にもなければ直前の完結した四半期) と比べ、水準の変化も探す。検定 {tests} 件をまとめて補正し (Benjamini–Hochberg)、q < 0.08 を増加・減少、p < 0.10 を「可能性」とする。何も変わらなくても「可能性」は 10 件に 1 件ほど出る。両期で {FEWEST} 件未満は件数不足。"),
        format!("Verdicts: each of the last {JUDGED_QUARTERS} whole quarters against the same quarter a year before (the last whole one if even the latest has none), and a change of level. {tests} tests are corrected together (Benjamini–Hochberg): clear is q < 0.08, possible p < 0.10, which about one in ten shows when nothing changed. Fewer than {FEWEST} on both sides are too few to tell."),
    )];
    if judged.year_on_year == 0 {
        notes.push(scene.pick(
            "前年同期がデータにないため、季節による増減は除けていない。".to_owned(),
            "No quarter of the year before is in the data: what is season and what is change cannot be told apart.".to_owned(),
        ));
    }
    let bursts = judged
        .series
        .values()
        .chain([&judged.total])
        .filter(|of| of.unit == Unit::Events)
        .count();
    if bursts > 0 {
        notes.push(scene.pick(
            format!("{bursts} 系列は依頼がまとまって来るため、チケットではなく依頼のまとまり (同じ人・同じ種類・同じ営業日) を比べた。"),
            format!("{bursts} series come in bursts: request events (same people, kind and working day) are compared there, not tickets."),
        ));
    }
    notes
}

/// Most changes that the sentence at the top names.
const NAMED: usize = 3;

/// What changed, in one sentence.
pub(super) fn summary(scene: &Scene<'_>) -> String {
    let judged = &scene.analysis.judged;
    if judged.tests == 0 {
        return scene.pick(
            format!("四半期どうしはまだ比べられない (完結した 2 四半期と、両方で {FEWEST} 件以上が要る)。"),
            format!("Quarters cannot be compared yet: that takes two whole ones with {FEWEST} requests in both together."),
        );
    }
    let tests = tests(scene);
    let mut named: Vec<String> = Vec::new();
    let mut seen: Vec<Option<&Key>> = Vec::new();
    for test in tests.iter().filter(|test| test.verdict.is_clear()) {
        if !seen.contains(&test.key) {
            seen.push(test.key);
            named.push(clause(scene, test));
        }
    }
    let more = named.len().saturating_sub(NAMED);
    named.truncate(NAMED);
    if named.is_empty() {
        return scene.pick(
            format!("四半期の間にはっきりした変化はない (検定 {} 件)。", judged.tests),
            format!("No clear change between quarters ({} tests).", judged.tests),
        );
    }
    let list = named.join(scene.pick("、", "; "));
    match (scene.lang(), more) {
        (crate::taxonomy::Lang::Ja, 0) => format!("はっきりした変化: {list}。ほかにはっきりした変化はない。"),
        (crate::taxonomy::Lang::Ja, _) => format!("はっきりした変化: {list}、ほか {more} 件。"),
        (crate::taxonomy::Lang::En, 0) => format!("Clear changes: {list}. No other change is clear."),
        (crate::taxonomy::Lang::En, _) => format!("Clear changes: {list}; and {more} more."),
    }
}

fn clause(scene: &Scene<'_>, test: &Test<'_>) -> String {
    let name = name(scene, test.key);
    let (said, range) = (verdict(scene, test.verdict), interval(test.ratio));
    let word = match test.verdict {
        Verdict::ClearRise => "rise",
        _ => "fall",
    };
    match &test.with {
        Some(with) => scene.pick(
            format!("{name}が{said} ({} は {with} の {range} 倍)", test.quarter),
            format!("{name}: {word} in {} to {range} times {with}", test.quarter),
        ),
        None => scene.pick(
            format!("{name}が{said} ({} からそれ以前の {range} 倍)", test.quarter),
            format!("{name}: {word} since {} to {range} times before", test.quarter),
        ),
    }
}
