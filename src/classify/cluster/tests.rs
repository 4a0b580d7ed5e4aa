//! Laws of the clustering as a whole, and small sets on which the right groups are known.

use std::collections::{BTreeMap, BTreeSet};

use proptest::prelude::*;

use super::*;

/// The concept lexicon of an invented bilingual desk: three themes, a verb and an object each.
const LEXICON: [(&str, [&str; 6]); 6] = [
    ("act:invite", ["招待", "追加", "参加", "invite", "add", "join"]),
    (
        "obj:workspace",
        [
            "組織",
            "ワークスペース",
            "チーム",
            "organization",
            "workspace",
            "team",
        ],
    ),
    (
        "act:renew",
        ["更新", "差し替え", "延長", "renew", "replace", "extend"],
    ),
    (
        "obj:certificate",
        ["証明書", "サーバー証明", "認証局", "certificate", "tls", "https"],
    ),
    (
        "act:investigate",
        ["調査", "原因", "確認", "investigate", "debug", "trace"],
    ),
    (
        "obj:latency",
        ["遅延", "タイムアウト", "応答", "latency", "timeout", "slow"],
    ),
];

/// Words that come along with any theme.
const ALONG: [[&str; 6]; 2] = [
    ["本番", "今週", "検証", "画面", "夜間", "新規"],
    ["prod", "today", "staging", "checkout", "please", "urgent"],
];

/// A ticket whose words double as tokens; concepts come from the lexicon.
fn ticket(id: usize, text: &str) -> Item {
    let tokens: Vec<String> = text.split(' ').map(Into::into).collect();
    let speaks = |words: &[&str]| words.iter().any(|&word| tokens.iter().any(|token| token == word));
    Item {
        id: format!("T-{id:03}"),
        concepts: LEXICON
            .iter()
            .filter(|(_, words)| speaks(words))
            .map(|&(concept, _)| concept.into())
            .collect(),
        words: tokens.clone(),
        tokens,
        requester: Some(format!("req-{:02}", id % 4)),
        ..Item::default()
    }
}

/// Twenty-four tickets a theme, the first twelve of them Japanese: each says its theme in one of nine ways.
fn bilingual() -> Vec<Item> {
    let text = |id: usize| {
        let (theme, english, nth) = (id / 24, id / 12 % 2, id % 12);
        let verb = LEXICON[2 * theme].1[3 * english + nth % 3];
        let object = LEXICON[2 * theme + 1].1[3 * english + nth / 3 % 3];
        format!("{verb} {object} {}", ALONG[english][(nth + theme) % 6])
    };
    (0..72).map(|id| ticket(id, &text(id))).collect()
}

/// What a reader can see of a discovery, by ticket id: the same whatever the order of the items.
fn seen(items: &[Item], found: &Discovery) -> (Vec<String>, BTreeMap<String, Vec<Option<String>>>) {
    let id_of = |index: &usize| items[*index].id.as_str();
    let line = |group: &Group| {
        let members: Vec<&str> = group.members.iter().map(id_of).collect();
        let examples: Vec<&str> = group.examples.iter().map(id_of).collect();
        let medoid = id_of(&group.medoid);
        let Group {
            id,
            stratum,
            terms,
            concepts,
            cohesion,
            ..
        } = group;
        format!(
            "{id} {stratum:?} {members:?} {medoid} {examples:?} {terms:?} {concepts:?} {:x}",
            cohesion.to_bits()
        )
    };
    let mut assigned: BTreeMap<String, Vec<Option<String>>> = BTreeMap::new();
    for (item, group) in items.iter().zip(&found.assigned) {
        assigned
            .entry(item.id.clone())
            .or_default()
            .push(group.map(|group| found.groups[group].id.clone()));
    }
    let mut lines: Vec<String> = found.groups.iter().map(line).collect();
    lines.push(format!(
        "{:?}",
        found.no_text.iter().map(id_of).collect::<Vec<_>>()
    ));
    lines.push(format!("{:?}", found.quality));
    (lines, assigned)
}

#[test]
fn three_themes_are_three_groups_in_two_languages() {
    let found = discover(&bilingual(), &Options::default());
    let members: BTreeSet<Vec<usize>> = found.groups.iter().map(|group| group.members.clone()).collect();
    let expected = [0..24, 24..48, 48..72].map(Iterator::collect::<Vec<usize>>);
    assert_eq!(members, BTreeSet::from(expected));
}

#[test]
fn without_concepts_the_languages_fall_apart() {
    let words_only: Vec<Item> = bilingual()
        .into_iter()
        .map(|item| Item {
            concepts: Vec::new(),
            ..item
        })
        .collect();
    let found = discover(&words_only, &Options::default());
    let mixed = |group: &Group| {
        group.members.iter().any(|item| item % 24 < 12) && group.members.iter().any(|item| item % 24 > 11)
    };
    assert!(found.groups.len() >= 3 && !found.groups.iter().any(mixed));
}

#[test]
fn a_group_is_named_by_what_its_tickets_share() {
    let items = bilingual();
    let found = discover(&items, &Options::default());
    let invitations = &found.groups[found.assigned[0].unwrap()];
    assert_eq!(invitations.concepts, ["act:invite", "obj:workspace"]);
    assert_eq!(invitations.terms.len(), 3);
    assert!(invitations.terms.iter().all(|term| {
        LEXICON[..2]
            .iter()
            .any(|(_, words)| words.contains(&term.as_str()))
    }));
    let requesters: BTreeSet<_> = invitations
        .examples
        .iter()
        .map(|&item| &items[item].requester)
        .collect();
    assert_eq!((invitations.examples.len(), requesters.len()), (3, 3));
    assert_eq!(invitations.examples[0], invitations.medoid);
}

#[test]
fn both_ways_are_measured_and_one_is_chosen() {
    let found = discover(&bilingual(), &Options::default());
    let [pool] = found.quality.as_slice() else {
        panic!("one stratum, not {:?}", found.quality)
    };
    assert_eq!(
        (pool.stratum.as_deref(), pool.tickets, pool.chosen),
        (None, 72, Method::KMeans)
    );
    assert!(pool.kmeans.silhouette.unwrap() > 0.3 && pool.linkage.groups == 3);
}

#[test]
fn groups_do_not_cross_strata_and_small_strata_are_left_alone() {
    let mut items = bilingual();
    items.extend((72..84).map(|id| Item {
        stratum: Some("account".into()),
        ..ticket(id, "invite workspace")
    }));
    items.extend((84..95).map(|id| Item {
        stratum: Some("other".into()),
        ..ticket(id, "invite workspace")
    }));
    let found = discover(&items, &Options::default());
    assert_eq!(found.groups[0].stratum.as_deref(), Some("account"));
    assert_eq!(found.groups[0].members, (72..84).collect::<Vec<_>>());
    assert!(
        found.assigned[84..].iter().all(Option::is_none),
        "eleven tickets are too few to divide"
    );
    assert!(
        found.groups[1..]
            .iter()
            .all(|group| group.stratum.is_none() && group.members[0] < 72)
    );
    let strata: Vec<_> = found
        .quality
        .iter()
        .map(|quality| quality.stratum.as_deref())
        .collect();
    assert_eq!(strata, [Some("account"), None]);
}

#[test]
fn filing_the_same_again_keeps_ids_and_shapes() {
    let mut items = bilingual();
    let describe = |found: Discovery| -> BTreeSet<(String, Vec<String>)> {
        found
            .groups
            .into_iter()
            .map(|group| (group.id, group.concepts))
            .collect()
    };
    let before = describe(discover(&items, &Options::default()));
    let copies: Vec<Item> = (0..30)
        .map(|nth| Item {
            id: format!("C-{nth}"),
            ..items[nth % 5].clone()
        })
        .collect();
    items.extend(copies);
    assert_eq!(describe(discover(&items, &Options::default())), before);
}

#[test]
fn tickets_with_nothing_in_common_are_no_groups() {
    let words = |id: usize| format!("w{id} x{id} y{id} z{id}");
    let items: Vec<Item> = (0..120).map(|id| ticket(id, &words(id))).collect();
    let found = discover(&items, &Options::default());
    assert!(found.groups.is_empty() && found.no_text.is_empty());
}

/// Tickets of a theme that nobody named, half of which a sub-pattern would take too, beside known work.
fn with_homes(outside: f64, home: &dyn Fn(usize) -> Option<String>) -> Vec<Item> {
    let mut items = bilingual();
    for (at, item) in items.iter_mut().enumerate().take(24) {
        item.home = home(at);
        item.outside = outside;
    }
    items
}

#[test]
fn a_theme_claims_tickets_that_weak_sub_patterns_would_share_out() {
    let homes = |at: usize| at.is_multiple_of(2).then(|| format!("account.{}", at % 6));
    let found = discover(&with_homes(0.4, &homes), &Options::default());
    let group = found.assigned[0].unwrap();
    assert_eq!(found.groups[group].members, (0..24).collect::<Vec<_>>());
}

#[test]
fn work_that_is_known_goes_home_and_who_has_no_home_stays() {
    let homes = |at: usize| at.is_multiple_of(2).then(|| format!("account.{}", at % 6));
    let found = discover(&with_homes(0.05, &homes), &Options::default());
    let theme = &found.assigned[..24];
    assert!(theme.iter().step_by(2).all(Option::is_none));
    assert!(
        theme
            .iter()
            .skip(1)
            .step_by(2)
            .all(|group| *group == theme[1] && group.is_some())
    );
}

#[test]
fn a_group_of_one_home_is_that_home() {
    let homes = |at: usize| (at < 16).then(|| "account.github".to_owned());
    let found = discover(&with_homes(0.4, &homes), &Options::default());
    assert!(found.assigned[..16].iter().all(Option::is_none));
}

#[test]
fn stability_is_that_of_the_themes() {
    let found = discover(&bilingual(), &Options::default());
    assert!(
        found.groups.iter().all(|group| group.stability.unwrap() > 0.9),
        "{:?}",
        found.groups
    );
    let strict = Options {
        least_stability: 1.1,
        ..Options::default()
    };
    assert!(discover(&bilingual(), &strict).groups.is_empty());
}

#[test]
fn nothing_in_is_nothing_out() {
    let found = discover(&[], &Options::default());
    assert_eq!(
        found,
        Discovery {
            groups: vec![],
            assigned: vec![],
            no_text: vec![],
            quality: vec![]
        }
    );
}

#[test]
fn one_ticket_is_no_group_unless_asked_for() {
    let one = [ticket(1, "renew certificate")];
    assert_eq!(discover(&one, &Options::default()).assigned, [None]);
    let alone = discover(
        &one,
        &Options {
            min_size: 0,
            ..Options::default()
        },
    );
    assert_eq!(
        (alone.assigned, alone.groups[0].members.as_slice()),
        (vec![Some(0)], &[0][..])
    );
}

#[test]
fn equal_tickets_are_one_group() {
    let items: Vec<Item> = (0..40).map(|id| ticket(id, "renew certificate")).collect();
    let found = discover(&items, &Options::default());
    assert_eq!((found.groups.len(), found.groups[0].members.len()), (1, 40));
    assert!((found.groups[0].cohesion - 1.0).abs() < 1e-6);
}

#[test]
fn tickets_without_tokens_are_listed() {
    let items: Vec<Item> = ["b", "a"]
        .map(|id| Item {
            id: id.into(),
            ..Item::default()
        })
        .into();
    let found = discover(&items, &Options::default());
    assert_eq!(
        (found.no_text, found.assigned, found.groups),
        (vec![1, 0], vec![None, None], vec![])
    );
}

#[test]
fn hostile_text_is_only_text() {
    let huge = "長".repeat(5_000_000 / 3);
    let texts = [
        "\0",
        "\u{1b}[31m",
        "\u{202e}gnp.exe",
        "<script>",
        "|",
        "=1+1",
        huge.as_str(),
        "👩‍💻",
    ];
    let items: Vec<Item> = (0..32).map(|id| ticket(id, texts[id % texts.len()])).collect();
    let found = discover(&items, &Options::default());
    assert_eq!((found.groups.len(), found.no_text.len()), (8, 0));
}

#[test]
fn senseless_settings_still_partition() {
    for cut in [f64::NAN, f64::INFINITY, -1.0, 0.0] {
        let options = Options {
            pool_cut: cut,
            stratum_cut: cut,
            min_size: usize::MAX,
            min_stratum: 0,
            least_stability: f64::NAN,
            seed: u64::MAX,
        };
        assert!(discover(&bilingual(), &options).groups.is_empty());
        assert_eq!(
            discover(
                &bilingual(),
                &Options {
                    min_size: 1,
                    ..options
                }
            )
            .assigned
            .len(),
            72
        );
    }
}

/// Up to forty tickets of a desk with twelve words, three strata, repeated ids and hostile strings.
fn desk() -> impl Strategy<Value = Vec<Item>> {
    const WORDS: [&str; 12] = [
        "vpn",
        "dns",
        "招待",
        "権限",
        "証明書",
        "更新",
        "renew",
        "\0",
        "\u{202e}",
        "",
        "ログ",
        "=1+1",
    ];
    let words =
        |most| prop::collection::vec(prop::sample::select(&WORDS[..]).prop_map(String::from), 0..most);
    let stratum = prop::sample::select(vec![None, Some("account"), Some("permission")]);
    let requester = prop::option::of(0u8..3);
    let item = (stratum, words(7), words(3), words(4), requester, 0u8..200);
    let item = item.prop_map(|(stratum, tokens, concepts, words, requester, id)| Item {
        id: format!("T-{id}"),
        stratum: stratum.map(Into::into),
        tokens,
        concepts,
        words,
        requester: requester.map(|nth| format!("req-{nth}")),
        ..Item::default()
    });
    prop::collection::vec(item, 0..40)
}

fn small() -> Options {
    Options {
        min_stratum: 4,
        ..Options::default()
    }
}

fn in_threads(threads: usize, items: &[Item]) -> Discovery {
    let pool = rayon::ThreadPoolBuilder::new()
        .num_threads(threads)
        .build()
        .unwrap();
    pool.install(|| discover(items, &small()))
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    #[test]
    fn the_order_of_the_tickets_changes_nothing((items, shuffled) in desk().prop_flat_map(|items| {
        (Just(items.clone()), Just(items).prop_shuffle())
    })) {
        let (before, mut assigned) = seen(&items, &discover(&items, &small()));
        let (after, mut shuffled_assigned) = seen(&shuffled, &discover(&shuffled, &small()));
        // Of tickets that share an id only the set of their groups is comparable.
        assigned.values_mut().chain(shuffled_assigned.values_mut()).for_each(|groups| groups.sort());
        prop_assert_eq!(before, after);
        prop_assert_eq!(assigned, shuffled_assigned);
    }

    #[test]
    fn the_number_of_threads_changes_nothing(items in desk()) {
        prop_assert_eq!(in_threads(1, &items), in_threads(2, &items));
    }

    #[test]
    fn groups_partition_what_is_assigned(items in desk()) {
        let found = discover(&items, &small());
        prop_assert_eq!(found.assigned.len(), items.len());
        let mut members = BTreeSet::new();
        for (index, group) in found.groups.iter().enumerate() {
            prop_assert!(group.members.len() >= small().min_size);
            prop_assert!(group.members.contains(&group.medoid));
            prop_assert!(group.examples.iter().all(|example| group.members.contains(example)));
            prop_assert!((0.0..=1.0).contains(&group.cohesion));
            for &member in &group.members {
                prop_assert_eq!(found.assigned[member], Some(index));
                prop_assert_eq!(&items[member].stratum, &group.stratum);
                prop_assert!(members.insert(member), "{} is in two groups", member);
            }
        }
        prop_assert_eq!(members.len(), found.assigned.iter().flatten().count());
        prop_assert!(found.no_text.iter().all(|&item| found.assigned[item].is_none()));
        let ids: BTreeSet<&String> = found.groups.iter().map(|group| &group.id).collect();
        prop_assert_eq!(ids.len(), found.groups.len());
    }

    #[test]
    fn known_work_moves_nothing_in_the_pool(items in desk()) {
        let (pool, _): (Vec<Item>, Vec<Item>) = items.iter().cloned().partition(|item| item.stratum.is_none());
        let of_pool = |items: &[Item]| -> Vec<(String, Vec<String>)> {
            let found = discover(items, &small());
            let groups = found.groups.iter().filter(|group| group.stratum.is_none());
            groups
                .map(|group| {
                    let members = group.members.iter().map(|member| items[*member].id.clone());
                    (group.id.clone(), members.collect())
                })
                .collect()
        };
        prop_assert_eq!(of_pool(&items), of_pool(&pool));
    }

    #[test]
    fn copies_are_never_split(items in desk(), chosen in any::<prop::sample::Index>(), copies in 1usize..5) {
        prop_assume!(!items.is_empty());
        let original = chosen.index(items.len());
        let mut with_copies = items.clone();
        for copy in 0..copies {
            let mut twin = items[original].clone();
            twin.id = format!("C-{copy}");
            twin.tokens.reverse();
            with_copies.push(twin);
        }
        let found = discover(&with_copies, &small());
        prop_assert!(found.assigned[items.len()..].iter().all(|&group| group == found.assigned[original]));
    }
}
