//! How the cues of a taxonomy do on tickets: which never speak, which contradict each other, which are wrong.

use std::collections::BTreeMap;

use crate::classify::audit::{Answer, Audit, OfCue, Quarrel, audit};
use crate::classify::{Desk, Labels};
use crate::compose::scene::Scene;
use crate::compose::words::counted;
use crate::evaluate::{Gold, Share};
use crate::report::{Align, Cell, Grid, Head, Section, Show, Table, View};
use crate::ticket::Ticket;

/// Most rows that people are shown of cues and of pairs.
const SHOWN: usize = 20;

/// Builds title, headline and parts.
pub(super) fn report(scene: &Scene<'_>, labels: &Labels) -> (String, Vec<String>, Vec<Section>) {
    let analysis = scene.analysis;
    let windows = analysis.windows();
    let desk = Desk {
        tickets: &analysis.tickets,
        windows: &windows,
        people: &analysis.people,
        taxonomy: scene.taxonomy,
        labels,
    };
    let golds: Vec<Option<Gold>> = analysis
        .tickets
        .iter()
        .map(|ticket| Gold::of(ticket, scene.taxonomy).ok())
        .collect();
    // Where no record says anything of exclusion, silence does not mean that a ticket is a request.
    let said = golds.iter().flatten().any(|gold| gold.says_excluded);
    let answers: Vec<Answer> = analysis
        .tickets
        .iter()
        .zip(golds)
        .map(|(ticket, gold)| answer(labels, ticket, gold, said))
        .collect();
    let found = audit(scene.taxonomy, &desk.hear(), &answers);
    let title = scene
        .pick("分類表の手がかりの働き", "How the cues of the taxonomy do")
        .to_owned();
    let judged = answers
        .iter()
        .filter(|answer| !answer.patterns.is_empty())
        .count();
    let sections = vec![
        cues(scene, &found, judged),
        quarrels(scene, &found),
        silent(scene, &found),
        reached(scene, &found),
    ];
    (title, headline(scene, &found, judged), sections)
}

/// What is known of a ticket: a person's label, else the answer in its own record.
fn answer(labels: &Labels, ticket: &Ticket, gold: Option<Gold>, said: bool) -> Answer {
    let excluded = gold.as_ref().filter(|_| said).map(|gold| gold.excluded.is_some());
    match (labels.get(ticket.id.as_str()), gold) {
        (Some(label), _) => Answer {
            patterns: vec![label.pattern.clone()],
            subpattern: label.subpattern.clone(),
            excluded,
        },
        (None, Some(gold)) => Answer {
            patterns: std::iter::once(gold.pattern).chain(gold.also).collect(),
            subpattern: gold.subpattern,
            excluded,
        },
        (None, None) => Answer::default(),
    }
}

fn headline(scene: &Scene<'_>, found: &Audit<'_>, judged: usize) -> Vec<String> {
    let (all, spoke) = (
        found.cues.len(),
        found.cues.iter().filter(|cue| cue.tickets > 0).count(),
    );
    let (tickets, quarrels) = (scene.analysis.tickets.len(), found.quarrels.len());
    let mut lines = vec![scene.pick(
        format!("誤りなし。手がかり {all} 個のうち {spoke} 個が {tickets} 件のどれかで効いた。同じ節で違うパターンを指した組は {quarrels}。"),
        format!(
            "No fault. Of {} {spoke} spoke in some of {}; {} spoke for different patterns in one clause.",
            counted(all, "cue"),
            counted(tickets, "ticket"),
            counted(quarrels, "pair")
        ),
    )];
    if judged > 0 {
        lines.push(scene.pick(
            format!("正解が分かるチケットは {judged} 件。"),
            format!("The right answer is known of {}.", counted(judged, "ticket")),
        ));
    }
    lines
}

const CUES: [&str; 19] = [
    "cue",
    "target",
    "speaks",
    "tickets_count",
    "coverage",
    "overlap_count",
    "conflict_count",
    "decides_count",
    "judged_count",
    "right_count",
    "precision",
    "precision_low",
    "precision_high",
    "subpattern_judged_count",
    "subpattern_right_count",
    "subpattern_precision",
    "subpattern_precision_low",
    "subpattern_precision_high",
    "re",
];

/// Every cue: those most often wrong first, then those most in conflict, then the most frequent.
fn cues(scene: &Scene<'_>, found: &Audit<'_>, judged: usize) -> Section {
    let mut table = Table::new("cues", &CUES);
    let mut sorted: Vec<&OfCue<'_>> = found.cues.iter().collect();
    let rank = |of: &OfCue<'_>| (of.judged - of.right, of.conflict.unwrap_or(0), of.tickets);
    sorted.sort_by_key(|of| std::cmp::Reverse(rank(of)));
    let tickets = scene.analysis.tickets.len();
    for of in sorted {
        table.push(cue_row(of, tickets));
    }
    table.shown = SHOWN.min(found.cues.iter().filter(|of| of.tickets > 0).count());
    let mut views = vec![
        View::words(scene.pick("手がかり", "cue"), "cue"),
        View::number(scene.pick("件数", "tickets"), Show::Cell("tickets_count", 0)),
        View::number(scene.pick("割合", "coverage"), Show::Percent("coverage")).from_width(80),
        View::number(scene.pick("同意見", "agree"), Show::Cell("overlap_count", 0)).from_width(90),
        View::number(scene.pick("衝突", "conflict"), Show::Cell("conflict_count", 0)),
        View::number(scene.pick("決め手", "decides"), Show::Cell("decides_count", 0)),
    ];
    if judged > 0 {
        let precision = ["precision_low", "precision", "precision_high"];
        views.push(View::number(
            scene.pick("適合率", "precision"),
            Show::Interval(precision, 2),
        ));
    }
    views.push(View::words(scene.pick("正規表現", "regex"), "re").from_width(120));
    table.views = views;
    let notes = vec![
        scene
            .pick(
                "衝突 = 同じ節で別のパターンの手がかりも効いた件数。決め手 = これがないとルールの答えが変わる件数。適合率は 95 % 区間つき。外れの多い順、次に衝突の多い順。",
                "conflict = a cue for another pattern spoke in the same clause; decides = without it the rules would answer otherwise; precision with its 95 % interval. Most often wrong first, then most in conflict.",
            )
            .to_owned(),
    ];
    Section {
        title: scene.pick("気をつけたい手がかり", "Cues to look at").to_owned(),
        table: Some(table),
        notes,
        ..Section::default()
    }
}

fn cue_row(of: &OfCue<'_>, tickets: usize) -> Vec<(&'static str, Cell)> {
    let share = |right, all| Share { right, all };
    let ends = |share: Share| {
        let ends = share.interval();
        (
            Cell::maybe_number(share.value()),
            Cell::maybe_number(ends.map(|ends| ends.0)),
            Cell::maybe_number(ends.map(|ends| ends.1)),
        )
    };
    let (precision, precision_low, precision_high) = ends(share(of.right, of.judged));
    let (sub, sub_low, sub_high) = ends(share(of.sub_right.unwrap_or(0), of.sub_judged.unwrap_or(0)));
    let known = |count: usize, of: usize| Cell::maybe_count((of > 0).then_some(count));
    vec![
        ("cue", Cell::text(of.cue)),
        ("target", Cell::text(of.target)),
        ("speaks", Cell::text(if of.against { "against" } else { "for" })),
        ("tickets_count", Cell::Count(of.tickets)),
        ("coverage", Cell::maybe_number(share(of.tickets, tickets).value())),
        ("overlap_count", Cell::Count(of.overlap)),
        ("conflict_count", Cell::maybe_count(of.conflict)),
        ("decides_count", Cell::maybe_count(of.decides)),
        ("judged_count", Cell::Count(of.judged)),
        ("right_count", known(of.right, of.judged)),
        ("precision", precision),
        ("precision_low", precision_low),
        ("precision_high", precision_high),
        ("subpattern_judged_count", Cell::maybe_count(of.sub_judged)),
        (
            "subpattern_right_count",
            known(of.sub_right.unwrap_or(0), of.sub_judged.unwrap_or(0)),
        ),
        ("subpattern_precision", sub),
        ("subpattern_precision_low", sub_low),
        ("subpattern_precision_high", sub_high),
        ("re", Cell::text(of.source)),
    ]
}

fn quarrels(scene: &Scene<'_>, found: &Audit<'_>) -> Section {
    let keys = [
        "cue",
        "target",
        "other_cue",
        "other_target",
        "tickets_count",
        "right_count",
        "other_right_count",
        "neither_right_count",
        "example_id",
    ];
    let mut table = Table::new("conflicts", &keys);
    let row = |of: &Quarrel| {
        let (one, other) = (&found.cues[of.between.0], &found.cues[of.between.1]);
        let known = |count: usize| Cell::maybe_count((of.judged > 0).then_some(count));
        vec![
            ("cue", Cell::text(one.cue)),
            ("target", Cell::text(one.target)),
            ("other_cue", Cell::text(other.cue)),
            ("other_target", Cell::text(other.target)),
            ("tickets_count", Cell::Count(of.tickets)),
            ("right_count", known(of.right.0)),
            ("other_right_count", known(of.right.1)),
            ("neither_right_count", known(of.right.2)),
            (
                "example_id",
                Cell::text(scene.analysis.tickets[of.example].id.as_str()),
            ),
        ]
    };
    found.quarrels.iter().for_each(|of| table.push(row(of)));
    table.shown = SHOWN;
    table.views = vec![
        View::words(scene.pick("手がかり", "cue"), "cue"),
        View::words(scene.pick("相手", "against"), "other_cue"),
        View::number(scene.pick("件数", "tickets"), Show::Cell("tickets_count", 0)),
        View::number(scene.pick("正", "right"), Show::Cell("right_count", 0)),
        View::number(
            scene.pick("相手が正", "other right"),
            Show::Cell("other_right_count", 0),
        ),
        View::words(scene.pick("例", "example"), "example_id"),
    ];
    let lead = if found.quarrels.is_empty() {
        vec![
            scene
                .pick("ぶつかる組はない。", "No pair is in conflict.")
                .to_owned(),
        ]
    } else {
        Vec::new()
    };
    Section {
        title: scene
            .pick("同じ節でぶつかる手がかり", "Cues that conflict in one clause")
            .to_owned(),
        lead,
        table: Some(table),
        ..Section::default()
    }
}

/// Cues that spoke in no ticket, by what they speak for; a picture for people, the machine table has them all.
fn silent(scene: &Scene<'_>, found: &Audit<'_>) -> Section {
    let mut by_target: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    for of in found.cues.iter().filter(|of| of.tickets == 0) {
        by_target.entry(of.target).or_default().push(of.cue);
    }
    let head = |text: &str, align| Head {
        text: text.to_owned(),
        align,
        from_width: 0,
    };
    let name = |target: &str, cue: &&str| {
        cue.strip_prefix(target)
            .map_or(*cue, |rest| rest.trim_start_matches('.'))
            .to_owned()
    };
    let row = |(target, cues): (&&str, &Vec<&str>)| {
        let names: Vec<String> = cues.iter().map(|cue| name(target, cue)).collect();
        vec![(*target).to_owned(), cues.len().to_string(), names.join(", ")]
    };
    let mut table = Table::new("silent", &[]);
    table.pivot = Some(Grid {
        heads: vec![
            head(scene.pick("対象", "target"), Align::Left),
            head(scene.pick("個数", "cues"), Align::Right),
            head(scene.pick("手がかり", "which"), Align::Left),
        ],
        rows: by_target.iter().map(row).collect(),
        total: None,
    });
    let spoke_all = by_target.is_empty();
    Section {
        title: scene
            .pick("一度も効かなかった手がかり", "Cues that never spoke")
            .to_owned(),
        lead: if spoke_all {
            vec![
                scene
                    .pick("すべての手がかりが効いた。", "Every cue spoke.")
                    .to_owned(),
            ]
        } else {
            Vec::new()
        },
        table: (!spoke_all).then_some(table),
        ..Section::default()
    }
}

/// Sub-patterns with the tickets that reached them; people see those that nobody reached.
fn reached(scene: &Scene<'_>, found: &Audit<'_>) -> Section {
    let mut spoken: BTreeMap<&str, usize> = BTreeMap::new();
    for of in found.cues.iter().filter(|of| !of.against && of.tickets > 0) {
        *spoken.entry(of.target).or_default() += 1;
    }
    let mut assigned: BTreeMap<&str, usize> = BTreeMap::new();
    for assignment in &scene.analysis.assignments {
        if let Some(sub) = &assignment.subpattern {
            *assigned.entry(sub).or_default() += 1;
        }
    }
    let subs: Vec<&str> = scene
        .taxonomy
        .patterns
        .iter()
        .flat_map(|pattern| pattern.subs.iter().map(|sub| sub.id.as_str()))
        .collect();
    let count = |of: &BTreeMap<&str, usize>, id: &str| of.get(id).copied().unwrap_or(0);
    let mut sorted = subs.clone();
    sorted.sort_by_key(|id| count(&assigned, id));
    let mut table = Table::new(
        "reached",
        &["subpattern", "name", "tickets_count", "cues_spoken_count"],
    );
    for id in sorted {
        table.push(vec![
            ("subpattern", Cell::text(id)),
            ("name", Cell::text(&scene.subpattern_name(id))),
            ("tickets_count", Cell::Count(count(&assigned, id))),
            ("cues_spoken_count", Cell::Count(count(&spoken, id))),
        ]);
    }
    table.shown = subs.iter().filter(|id| count(&assigned, id) == 0).count();
    table.views = vec![
        View::words(scene.pick("サブパターン", "sub-pattern"), "subpattern"),
        View::words(scene.pick("名前", "name"), "name"),
        View::number(
            scene.pick("効いた手がかり", "cues that spoke"),
            Show::Cell("cues_spoken_count", 0),
        ),
    ];
    let lead = if table.shown == 0 {
        vec![
            scene
                .pick(
                    "どのサブパターンにもチケットがある。",
                    "Every sub-pattern has tickets.",
                )
                .to_owned(),
        ]
    } else {
        Vec::new()
    };
    Section {
        title: scene
            .pick(
                "チケットが 1 件もないサブパターン",
                "Sub-patterns that no ticket reached",
            )
            .to_owned(),
        lead,
        table: Some(table),
        ..Section::default()
    }
}
