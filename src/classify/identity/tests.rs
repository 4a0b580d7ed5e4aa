//! What holds for groups from run to run.

use std::collections::{BTreeMap, BTreeSet};

use proptest::prelude::*;

use super::lineage::lineage;
use super::settle::{Grouping, Scene, settle};
use super::{Memory, Relation, Step};
use crate::classify::cluster::{Discovery, Item, Options, discover};

/// Invented themes, each with words of its own and words that vary from ticket to ticket.
const THEMES: [(&str, [&str; 4]); 4] = [
    (
        "renew certificate expiry",
        ["gateway", "broker", "ingress", "proxy"],
    ),
    ("badge printer toner", ["lobby", "floor", "office", "reception"]),
    (
        "meeting room booking",
        ["projector", "screen", "whiteboard", "phone"],
    ),
    ("laptop battery swap", ["macbook", "thinkpad", "charger", "dock"]),
];

fn ticket(theme: usize, nth: usize) -> Item {
    let (own, varying) = THEMES[theme];
    let text = format!("{own} {} {}", varying[nth % 4], varying[(nth / 4) % 4]);
    Item {
        id: format!("T{theme}-{nth:03}"),
        tokens: text.split(' ').map(Into::into).collect(),
        words: text.split(' ').map(Into::into).collect(),
        ..Item::default()
    }
}

fn tickets(themes: &[usize], from: usize, to: usize) -> Vec<Item> {
    themes
        .iter()
        .flat_map(|theme| (from..to).map(|nth| ticket(*theme, nth)))
        .collect()
}

struct Run {
    groups: BTreeMap<String, String>,
    sizes: BTreeMap<String, usize>,
    memory: Memory,
    lineage: Vec<Step>,
}

impl Run {
    fn steps(&self, relation: Relation) -> Vec<&Step> {
        self.lineage
            .iter()
            .filter(|step| step.relation == relation && step.applied)
            .collect()
    }

    fn ids(&self) -> BTreeSet<&String> {
        self.groups.values().collect()
    }
}

fn run_with(items: &[Item], discovery: &Discovery, memory: &Memory, grouping: Grouping) -> Run {
    let texts: Vec<String> = items.iter().map(|item| item.tokens.join(" ")).collect();
    let scene = Scene {
        items,
        texts: &texts,
        discovery,
        memory,
        grouping,
        min_size: 3,
    };
    let settled = settle(&scene);
    let of_member = settled.groups.iter().flat_map(|settled| {
        let members = settled.group.members.iter();
        members.map(|member| (items[*member].id.clone(), settled.group.id.clone()))
    });
    let sizes = settled
        .groups
        .iter()
        .map(|settled| (settled.group.id.clone(), settled.group.members.len()));
    let patterns = vec!["other".to_owned(); settled.groups.len()];
    let present: BTreeSet<&str> = items.iter().map(|item| item.id.as_str()).collect();
    Run {
        groups: of_member.collect(),
        sizes: sizes.collect(),
        memory: settled.memory(&scene, &patterns),
        lineage: lineage(&scene, &settled, &|id| present.contains(id).then_some(None)),
    }
}

fn run(items: &[Item], memory: &Memory) -> Run {
    run_with(
        items,
        &discover(items, &Options::default()),
        memory,
        Grouping::Carry,
    )
}

#[test]
fn a_first_run_is_what_clustering_finds() {
    let items = tickets(&[0, 1, 2], 0, 8);
    let first = run(&items, &Memory::default());
    assert_eq!((first.ids().len(), first.groups.len()), (3, 24));
    assert!(first.lineage.is_empty());
    assert!(
        first
            .memory
            .places
            .values()
            .all(|place| place.latest && place.group.is_some())
    );
}

#[test]
fn the_same_tickets_again_change_nothing() {
    let items = tickets(&[0, 1, 2], 0, 8);
    let first = run(&items, &Memory::default());
    let second = run(&items, &first.memory);
    assert_eq!(first.groups, second.groups);
    assert_eq!(first.memory, second.memory);
    assert_eq!(second.steps(Relation::Continued).len(), 3);
}

#[test]
fn new_tickets_join_known_groups_and_new_themes_are_new() {
    let first = run(&tickets(&[0, 1, 2], 0, 8), &Memory::default());
    let second = run(&tickets(&[0, 1, 2, 3], 0, 16), &first.memory);
    for (ticket, group) in &first.groups {
        assert_eq!(second.groups.get(ticket), Some(group), "{ticket}");
    }
    assert_eq!(second.ids().len(), 4);
    assert_eq!(second.steps(Relation::Continued).len(), 3);
    let new = second.steps(Relation::New);
    assert_eq!((new.len(), new[0].now), (1, 16));
}

#[test]
fn groups_are_known_again_when_no_ticket_is() {
    let first = run(&tickets(&[0, 1, 2], 0, 8), &Memory::default());
    let second = run(&tickets(&[0, 2, 3], 8, 16), &first.memory);
    let theme = |run: &Run, id: &str| run.groups[id].clone();
    assert_eq!(theme(&first, "T0-000"), theme(&second, "T0-010"));
    assert_eq!(theme(&first, "T2-000"), theme(&second, "T2-010"));
    let gone = second.steps(Relation::Gone);
    assert_eq!((gone.len(), gone[0].before, gone[0].now), (1, 8, 0));
    // What went keeps its id for when it comes back, and is not told of again meanwhile.
    let third = run(&tickets(&[0, 2, 3], 8, 16), &second.memory);
    assert!(third.steps(Relation::Gone).is_empty());
    let fourth = run(&tickets(&[1], 20, 26), &third.memory);
    assert_eq!(theme(&fourth, "T1-022"), theme(&first, "T1-000"));
}

#[test]
fn a_ticket_that_says_something_else_is_looked_at_anew() {
    let items = tickets(&[0, 1], 0, 8);
    let first = run(&items, &Memory::default());
    let mut edited = items;
    edited[0].tokens = edited[9].tokens.clone();
    let second = run(&edited, &first.memory);
    assert_eq!(second.groups["T0-000"], first.groups["T1-000"]);
    assert_eq!(second.groups["T0-001"], first.groups["T0-001"]);
}

/// A discovery that says of every item what `group_of` says.
fn found(items: &[Item], group_of: impl Fn(&str) -> usize) -> Discovery {
    let mut discovery = discover(items, &Options::default());
    discovery.assigned = items.iter().map(|item| Some(group_of(&item.id))).collect();
    let count = discovery
        .assigned
        .iter()
        .flatten()
        .max()
        .map_or(0, |last| last + 1);
    let template = discovery.groups[0].clone();
    discovery.groups = (0..count)
        .map(|at| {
            let mut group = template.clone();
            group.members = (0..items.len())
                .filter(|item| discovery.assigned[*item] == Some(at))
                .collect();
            group.id = format!("~fresh{at}");
            group
        })
        .collect();
    discovery
}

/// An item with these words.
fn item(id: String, text: &str) -> Item {
    Item {
        id,
        tokens: text.split(' ').map(Into::into).collect(),
        words: text.split(' ').map(Into::into).collect(),
        ..Item::default()
    }
}

/// Takes tickets out of what a discovery found.
fn without(mut discovery: Discovery, items: &[Item], is_out: impl Fn(&str) -> bool) -> Discovery {
    let out = |at: &usize| is_out(&items[*at].id);
    (0..items.len())
        .filter(out)
        .for_each(|at| discovery.assigned[at] = None);
    for group in &mut discovery.groups {
        group.members.retain(|at| !out(at));
    }
    discovery
}

#[test]
fn a_kind_that_comes_more_often_than_before_keeps_its_id() {
    let old = tickets(&[0, 1, 2], 0, 4);
    let first = run(&old, &Memory::default());
    // Three times as many, in other words, and clustering puts them together with the old ones.
    let mut items = old;
    items.extend((0..12).map(|nth| item(format!("T0-9{nth:02}"), &format!("unlike word{nth} other{nth}"))));
    let anew = found(&items, |id| usize::from(id.as_bytes()[1] - b'0'));
    let second = run_with(&items, &anew, &first.memory, Grouping::Carry);
    assert_eq!(second.groups["T0-900"], first.groups["T0-000"]);
    assert!(second.steps(Relation::New).is_empty(), "{:?}", second.lineage);
    // Of a group of which most is elsewhere they are no part.
    let elsewhere = found(&items, |id| match id {
        "T0-000" => 3,
        id if ("T0-900".."T1").contains(&id) => 3,
        id => usize::from(id.as_bytes()[1] - b'0'),
    });
    let apart = run_with(&items, &elsewhere, &first.memory, Grouping::Carry);
    assert_eq!(apart.steps(Relation::New).len(), 1, "{:?}", apart.lineage);
}

#[test]
fn a_ticket_as_near_as_those_of_a_small_group_are_to_each_other_joins_it() {
    // Two words in common, three of its own.
    let loose = |nth: usize| {
        item(
            format!("T3-{nth:03}"),
            &format!("fire drill a{nth} b{nth} c{nth}"),
        )
    };
    let mut items = tickets(&[0, 1, 2], 0, 8);
    items.extend((0..3).map(loose));
    let theme = |id: &str| usize::from(id.as_bytes()[1] - b'0');
    let first = run_with(&items, &found(&items, theme), &Memory::default(), Grouping::Carry);
    items.push(loose(9));
    let alone = without(found(&items, theme), &items, |id| id == "T3-009");
    let second = run_with(&items, &alone, &first.memory, Grouping::Carry);
    assert_eq!(second.groups.get("T3-009"), first.groups.get("T3-000"));
}

#[test]
fn what_is_left_of_a_group_goes_where_it_is_near_as_a_whole() {
    let mut items = tickets(&[0, 1, 2], 0, 8);
    let theme = |id: &str| usize::from(id.as_bytes()[1] - b'0');
    let first = run_with(&items, &found(&items, theme), &Memory::default(), Grouping::Carry);
    // Each says one word of theme 0 and five of its own; clustering found them apart from the old ones.
    let words = ["renew", "certificate", "expiry"];
    items.extend((0..9).map(|nth| {
        let own = ["a", "b", "c", "d", "e"]
            .map(|word| format!("{word}{nth}"))
            .join(" ");
        item(format!("T3-{nth:03}"), &format!("{} {own}", words[nth % 3]))
    }));
    let anew = found(&items, theme);
    let second = run_with(&items, &anew, &first.memory, Grouping::Carry);
    for nth in 0..9 {
        assert_eq!(
            second.groups[&format!("T3-{nth:03}")],
            first.groups["T0-000"],
            "{nth}"
        );
    }
    // One of them alone is near to nothing.
    let alone = without(anew, &items, |id| id.starts_with("T3"));
    let third = run_with(&items, &alone, &first.memory, Grouping::Carry);
    assert_eq!(third.groups.get("T3-000"), None);
}

#[test]
fn a_fresh_look_divides_and_unites_only_when_asked() {
    let items = tickets(&[0, 1, 2], 0, 12);
    let first = run(&items, &Memory::default());
    let id = |ticket: &str| first.groups[ticket].clone();
    // Theme 0 falls into halves; themes 1 and 2 become one.
    let anew = found(&items, |id| {
        match (&id[..2], id[3..].parse::<usize>().unwrap_or(0) < 6) {
            ("T0", true) => 0,
            ("T0", false) => 1,
            _ => 2,
        }
    });
    let kept = run_with(&items, &anew, &first.memory, Grouping::Carry);
    assert_eq!(kept.groups, first.groups);
    let told: Vec<(Relation, bool)> = kept
        .lineage
        .iter()
        .map(|step| (step.relation, step.applied))
        .collect();
    let continued = (Relation::Continued, true);
    assert_eq!(
        told,
        [
            continued,
            continued,
            continued,
            (Relation::Split, false),
            (Relation::Merged, false)
        ]
    );

    let done = run_with(&items, &anew, &first.memory, Grouping::Afresh);
    assert_eq!(done.ids().len(), 3);
    let split = done.steps(Relation::Split);
    assert_eq!(
        (split.len(), &split[0].group, split[0].to.len()),
        (1, &id("T0-000"), 2)
    );
    assert!(split[0].to.contains(&id("T0-000")), "one half keeps the id");
    assert_eq!(done.sizes[&id("T0-000")], 6);
    let merged = done.steps(Relation::Merged);
    assert_eq!((merged.len(), merged[0].now, merged[0].to.len()), (1, 0, 1));
    assert_eq!(done.sizes[&merged[0].to[0]], 24);
    assert!(done.steps(Relation::New).is_empty());
}

#[test]
fn a_group_that_the_taxonomy_named_says_so() {
    let items = tickets(&[0, 1], 0, 8);
    let first = run(&items, &Memory::default());
    let rest = tickets(&[1], 0, 8);
    let texts: Vec<String> = rest.iter().map(|item| item.tokens.join(" ")).collect();
    let discovery = discover(&rest, &Options::default());
    let scene = Scene {
        items: &rest,
        texts: &texts,
        discovery: &discovery,
        memory: &first.memory,
        grouping: Grouping::Carry,
        min_size: 3,
    };
    let sub = |id: &str| Some(id.starts_with("T0").then_some("tool_config.certificate"));
    let steps = lineage(&scene, &settle(&scene), &sub);
    let named: Vec<&Step> = steps
        .iter()
        .filter(|step| step.relation == Relation::Named)
        .collect();
    assert_eq!(
        (named.len(), named[0].to.as_slice()),
        (1, &["tool_config.certificate".to_owned()][..])
    );
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    #[test]
    fn no_old_ticket_ever_changes_its_id_and_order_does_not_matter(
        themes in prop::collection::vec(0usize..4, 6..30),
        cut in 3usize..20,
        turn in 0usize..30,
    ) {
        let all: Vec<Item> = themes.iter().enumerate().map(|(nth, theme)| ticket(*theme, nth)).collect();
        let first = run(&all[..cut.min(all.len())], &Memory::default());
        let second = run(&all, &first.memory);
        for (ticket, group) in &first.groups {
            prop_assert_eq!(second.groups.get(ticket), Some(group));
        }
        let mut turned = all.clone();
        let by = turn % turned.len();
        turned.rotate_left(by);
        let again = run(&turned, &first.memory);
        prop_assert_eq!(&again.groups, &second.groups);
        prop_assert_eq!(&again.memory, &second.memory);
        prop_assert_eq!(&again.lineage, &second.lineage);
        let written = serde_json::to_string(&second.memory).unwrap();
        prop_assert_eq!(serde_json::from_str::<Memory>(&written).unwrap(), second.memory);
    }
}
