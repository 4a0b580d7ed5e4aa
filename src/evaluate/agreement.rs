//! How well groups agree with the kinds that people see, whatever either side calls them.
//!
//! Three figures, because each hides something: the adjusted mutual information and the adjusted Rand index are 0 for
//! groups made by chance and 1 for the same groups, however many there are; B-cubed asks each ticket how many of its
//! group are of its kind, and how many of its kind are in its group. A ticket in no group is alone.

use std::collections::BTreeMap;

/// Agreement of groups with kinds.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Agreement {
    /// Tickets compared.
    pub tickets: usize,
    /// Adjusted mutual information, over the mean of both entropies (Vinh, Epps and Bailey, 2010); 1 at best, about 0
    /// by chance. Of one kind in one group, 1.
    pub ami: f64,
    /// Adjusted Rand index (Hubert and Arabie, 1985); 1 at best, about 0 by chance.
    pub ari: f64,
    /// B-cubed F1 (Bagga and Baldwin, 1998), 0 to 1.
    pub bcubed: f64,
}

/// The group that comes nearest to one kind.
#[derive(Debug, Clone, PartialEq)]
pub struct Nearest {
    /// The kind.
    pub kind: String,
    /// Tickets of the kind.
    pub tickets: usize,
    /// Id of the group with the best F1; of equals the first. `None` if none of its tickets is in a group.
    pub group: Option<String>,
    /// Tickets of that group.
    pub size: usize,
    /// Tickets of the kind in it.
    pub shared: usize,
}

impl Nearest {
    /// Returns the harmonic mean of precision and recall; 0 without a group.
    #[must_use]
    pub fn f1(&self) -> f64 {
        2.0 * real(self.shared) / real(self.tickets + self.size)
    }
}

/// Counts of kinds, groups and both together.
struct Counts<'a> {
    kinds: BTreeMap<&'a str, usize>,
    groups: BTreeMap<Side<'a>, usize>,
    both: BTreeMap<(&'a str, Side<'a>), usize>,
    all: usize,
}

/// A group, or the place of a ticket without one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Side<'a> {
    Group(&'a str),
    Alone(usize),
}

impl<'a> Counts<'a> {
    fn of(pairs: &[(&'a str, Option<&'a str>)]) -> Self {
        let mut counts = Self {
            kinds: BTreeMap::new(),
            groups: BTreeMap::new(),
            both: BTreeMap::new(),
            all: pairs.len(),
        };
        for (at, (kind, group)) in pairs.iter().enumerate() {
            let side = group.map_or(Side::Alone(at), Side::Group);
            *counts.kinds.entry(kind).or_default() += 1;
            *counts.groups.entry(side).or_default() += 1;
            *counts.both.entry((kind, side)).or_default() += 1;
        }
        counts
    }
}

/// Compares pairs of kind and group; `None` without any.
#[must_use]
pub fn agreement(pairs: &[(&str, Option<&str>)]) -> Option<Agreement> {
    let counts = Counts::of(pairs);
    (counts.all > 0).then(|| Agreement {
        tickets: counts.all,
        ami: ami(&counts),
        ari: ari(&counts),
        bcubed: bcubed(&counts),
    })
}

/// Finds the group that comes nearest to each kind, by kind.
#[must_use]
pub fn nearest(pairs: &[(&str, Option<&str>)]) -> Vec<Nearest> {
    let counts = Counts::of(pairs);
    let mut found: BTreeMap<&str, Nearest> = BTreeMap::new();
    for (kind, tickets) in &counts.kinds {
        let none = Nearest {
            kind: (*kind).to_owned(),
            tickets: *tickets,
            group: None,
            size: 0,
            shared: 0,
        };
        found.insert(kind, none);
    }
    for ((kind, side), shared) in &counts.both {
        let (Side::Group(group), Some(best)) = (side, found.get_mut(kind)) else {
            continue;
        };
        let next = Nearest {
            group: Some((*group).to_owned()),
            size: counts.groups[side],
            shared: *shared,
            ..best.clone()
        };
        if next.f1() > best.f1() {
            *best = next;
        }
    }
    found.into_values().collect()
}

fn real(count: usize) -> f64 {
    f64::from(u32::try_from(count).unwrap_or(u32::MAX))
}

fn entropy<'c>(counts: impl Iterator<Item = &'c usize>, all: f64) -> f64 {
    -counts
        .map(|count| real(*count) / all)
        .map(|share| share * share.ln())
        .sum::<f64>()
}

fn ami(counts: &Counts<'_>) -> f64 {
    let all = real(counts.all);
    let mean = f64::midpoint(
        entropy(counts.kinds.values(), all),
        entropy(counts.groups.values(), all),
    );
    let information: f64 = counts
        .both
        .iter()
        .map(|((kind, side), shared)| {
            let (shared, product) = (
                real(*shared),
                real(counts.kinds[kind]) * real(counts.groups[side]),
            );
            shared / all * (all * shared / product).ln()
        })
        .sum();
    let expected = expected_information(counts);
    if mean - expected < 1e-12 {
        // One kind in one group, or each ticket alone on both sides: the same partition, which chance gives too.
        return 1.0;
    }
    (information - expected) / (mean - expected)
}

/// Mutual information that partitions of these sizes share by chance: the mean over all ways to deal out the tickets.
///
/// Sizes that occur several times are computed once, which makes a desk of many tickets alone quick.
fn expected_information(counts: &Counts<'_>) -> f64 {
    let logs = log_factorials(counts.all);
    let all = counts.all;
    let (kinds, groups) = (sizes(counts.kinds.values()), sizes(counts.groups.values()));
    let mut sum = 0.0;
    for (&a, &times_a) in &kinds {
        for (&b, &times_b) in &groups {
            let fixed = logs[a] + logs[b] + logs[all - a] + logs[all - b] - logs[all];
            let of_pair: f64 = ((a + b).saturating_sub(all).max(1)..=a.min(b))
                .map(|shared| {
                    let chance = fixed
                        - logs[shared]
                        - logs[a - shared]
                        - logs[b - shared]
                        - logs[all + shared - a - b];
                    let information = (real(all) * real(shared) / (real(a) * real(b))).ln();
                    real(shared) / real(all) * information * chance.exp()
                })
                .sum();
            sum += real(times_a * times_b) * of_pair;
        }
    }
    sum
}

fn sizes<'c>(counts: impl Iterator<Item = &'c usize>) -> BTreeMap<usize, usize> {
    let mut sizes = BTreeMap::new();
    counts.for_each(|count| *sizes.entry(*count).or_default() += 1);
    sizes
}

fn log_factorials(most: usize) -> Vec<f64> {
    let mut logs = vec![0.0; most + 1];
    for number in 1..=most {
        logs[number] = logs[number - 1] + real(number).ln();
    }
    logs
}

fn ari(counts: &Counts<'_>) -> f64 {
    let pairs = |count: &usize| real(*count) * (real(*count) - 1.0) / 2.0;
    let kinds: f64 = counts.kinds.values().map(pairs).sum();
    let groups: f64 = counts.groups.values().map(pairs).sum();
    let both: f64 = counts.both.values().map(pairs).sum();
    let by_chance = kinds * groups / pairs(&counts.all).max(1.0);
    let most = f64::midpoint(kinds, groups);
    if most - by_chance < 1e-12 {
        return 1.0;
    }
    (both - by_chance) / (most - by_chance)
}

fn bcubed(counts: &Counts<'_>) -> f64 {
    let all = real(counts.all);
    let mean = |size: &dyn Fn(&str, Side<'_>) -> usize| -> f64 {
        let of_cell = |((kind, side), shared): (&(&str, Side<'_>), &usize)| {
            real(*shared) * real(*shared) / real(size(kind, *side))
        };
        counts.both.iter().map(of_cell).sum::<f64>() / all
    };
    let precision = mean(&|_, side| counts.groups[&side]);
    let recall = mean(&|kind, _| counts.kinds[kind]);
    2.0 * precision * recall / (precision + recall)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn of(kinds: &str, groups: &str) -> Agreement {
        let names: Vec<String> = kinds.chars().chain(groups.chars()).map(String::from).collect();
        let count = kinds.chars().count();
        let pairs: Vec<(&str, Option<&str>)> = (0..count)
            .map(|at| {
                let group = names[count + at].as_str();
                (names[at].as_str(), (group != "-").then_some(group))
            })
            .collect();
        agreement(&pairs).unwrap()
    }

    fn near(found: f64, expected: f64) -> bool {
        (found - expected).abs() < 1e-6
    }

    #[test]
    fn the_same_groups_under_other_names_agree_fully() {
        let found = of("aabbcc", "zzxxyy");
        assert!(near(found.ami, 1.0) && near(found.ari, 1.0) && near(found.bcubed, 1.0));
    }

    #[test]
    fn figures_are_those_of_scikit_learn() {
        // adjusted_mutual_info_score([0,0,1,1,2,2], [0,0,1,2,2,2]), adjusted_rand_score of the same.
        let found = of("aabbcc", "xxyzzz");
        assert!(near(found.ari, 0.444_444_444), "{found:?}");
        // Three pairs of kinds against one group: nothing is said.
        let one = of("aabbcc", "xxxxxx");
        assert!(near(one.ami, 0.0) && near(one.ari, 0.0), "{one:?}");
        assert!(near(one.bcubed, 2.0 * (1.0 / 3.0) / (4.0 / 3.0)), "{one:?}");
    }

    #[test]
    fn the_expected_information_is_the_mean_over_all_ways_to_deal() {
        // Kinds of sizes 3 and 2, groups of sizes 2 and 3, all 120 ways.
        let kinds = ["a", "a", "a", "b", "b"];
        let mut order = [0, 1, 2, 3, 4];
        let (mut sum, mut count) = (0.0, 0);
        permute(&mut order, 0, &mut |order| {
            let pairs: Vec<(&str, Option<&str>)> = order
                .iter()
                .map(|&at| (kinds[at], Some(if at_of(order, at) < 2 { "x" } else { "y" })))
                .collect();
            let counts = Counts::of(&pairs);
            sum += counts
                .both
                .iter()
                .map(|((kind, side), n)| {
                    let product = real(counts.kinds[kind]) * real(counts.groups[side]);
                    real(*n) / 5.0 * (5.0 * real(*n) / product).ln()
                })
                .sum::<f64>();
            count += 1;
        });
        let pairs: Vec<(&str, Option<&str>)> = kinds
            .iter()
            .zip("xxyyy".chars())
            .map(|(kind, group)| (*kind, Some(if group == 'x' { "x" } else { "y" })))
            .collect();
        assert_eq!(count, 120);
        assert!(near(expected_information(&Counts::of(&pairs)), sum / 120.0));
    }

    fn at_of(order: &[usize; 5], item: usize) -> usize {
        order.iter().position(|&other| other == item).unwrap()
    }

    fn permute(order: &mut [usize; 5], from: usize, each: &mut impl FnMut(&[usize; 5])) {
        if from == order.len() {
            return each(order);
        }
        for at in from..order.len() {
            order.swap(from, at);
            permute(order, from + 1, each);
            order.swap(from, at);
        }
    }

    #[test]
    fn tickets_in_no_group_are_alone() {
        assert!(near(of("aabb", "xx--").bcubed, of("aabb", "xxyz").bcubed));
        assert_eq!(of("aabb", "xx--"), of("aabb", "xxyz"));
    }

    #[test]
    fn each_kind_has_its_nearest_group() {
        let pairs = [
            ("a", Some("x")),
            ("a", Some("x")),
            ("a", Some("y")),
            ("b", Some("y")),
            ("c", None),
        ];
        let found = nearest(&pairs);
        let seen: Vec<_> = found
            .iter()
            .map(|near| (near.kind.as_str(), near.group.as_deref(), near.shared))
            .collect();
        assert_eq!(seen, [("a", Some("x"), 2), ("b", Some("y"), 1), ("c", None, 0)]);
        assert!(near(found[0].f1(), 0.8) && near(found[2].f1(), 0.0));
    }

    #[test]
    fn nothing_agrees_with_nothing() {
        assert_eq!(agreement(&[]), None);
        assert!(nearest(&[]).is_empty());
    }

    proptest! {
        #[test]
        fn figures_stay_within_their_bounds(pairs in prop::collection::vec((0u8..4, prop::option::of(0u8..4)), 1..40)) {
            let names: Vec<String> = (0..4).map(|n: u8| n.to_string()).collect();
            let pairs: Vec<(&str, Option<&str>)> = pairs
                .iter()
                .map(|(kind, group)| (names[*kind as usize].as_str(), group.map(|group| names[group as usize].as_str())))
                .collect();
            let found = agreement(&pairs).unwrap();
            prop_assert!(found.ami <= 1.0 + 1e-9 && found.ari <= 1.0 + 1e-9, "{found:?}");
            prop_assert!((0.0..=1.0 + 1e-9).contains(&found.bcubed), "{found:?}");
        }
    }
}
