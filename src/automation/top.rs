//! How often each candidate comes first, and among the first, when all are drawn side by side.
//!
//! Those with too few tickets to recommend come after all others and are compared among themselves: a play that hardly
//! anybody needs costs least, and that must not make it the best. Who is equal in a draw shares its places in equal
//! parts, whatever the ids are.

use std::cmp::Ordering;

/// Places that count as the top of a list.
const TOP: usize = 3;

/// Chances of a candidate, 0 to 1.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub(super) struct Tops {
    /// Of being the best.
    pub(super) first: f64,
    /// Of being among the best three.
    pub(super) among: f64,
}

/// Compares candidates draw by draw: `nets` holds the hours of each, `watched` says which have too few tickets.
pub(super) fn tops(nets: &[&[f64]], watched: &[bool]) -> Vec<Tops> {
    let mut tops = vec![Tops::default(); nets.len()];
    let draws = nets.first().map_or(0, |net| net.len());
    let mut places: Vec<usize> = (0..nets.len()).collect();
    (0..draws).for_each(|draw| {
        let order = |a: &usize, b: &usize| {
            let (one, other) = (nets[*a][draw], nets[*b][draw]);
            watched[*a].cmp(&watched[*b]).then(descending(one, other))
        };
        share(&mut tops, leaders(&mut places, order), order);
    });
    let all = draws.max(1) as f64;
    tops.iter_mut().for_each(|top| {
        top.first /= all;
        top.among /= all;
    });
    tops
}

fn descending(one: f64, other: f64) -> Ordering {
    other.partial_cmp(&one).unwrap_or(Ordering::Equal)
}

/// Moves those who lead to the front, best first, and all who are equal to the last of them, and returns them.
fn leaders(places: &mut [usize], order: impl Fn(&usize, &usize) -> Ordering) -> &[usize] {
    if places.len() > TOP {
        places.select_nth_unstable_by(TOP - 1, &order);
        let last = places[TOP - 1];
        let mut end = TOP;
        for at in TOP..places.len() {
            if order(&places[at], &last) == Ordering::Equal {
                places.swap(at, end);
                end += 1;
            }
        }
        places[..end].sort_unstable_by(&order);
        return &places[..end];
    }
    places.sort_unstable_by(&order);
    places
}

/// Gives the first places to those who lead; equal ones share those that they hold together.
fn share(tops: &mut [Tops], leaders: &[usize], order: impl Fn(&usize, &usize) -> Ordering) {
    let mut taken = 0;
    for equal in leaders.chunk_by(|a, b| order(a, b) == Ordering::Equal) {
        let size = equal.len() as f64;
        let held = TOP.saturating_sub(taken).min(equal.len()) as f64;
        for place in equal {
            tops[*place].first += if taken == 0 { 1.0 / size } else { 0.0 };
            tops[*place].among += held / size;
        }
        taken += equal.len();
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn found(nets: &[&[f64]], watched: &[bool]) -> Vec<(f64, f64)> {
        let tops = tops(nets, watched);
        tops.iter().map(|top| (top.first, top.among)).collect()
    }

    #[test]
    fn who_is_equal_shares_the_places() {
        let same: [&[f64]; 4] = [&[1.0, 1.0]; 4];
        assert_eq!(found(&same, &[false; 4]), [(0.25, 0.75); 4]);
        let two_behind_one: [&[f64]; 5] = [&[1.0], &[7.0], &[1.0], &[5.0], &[1.0]];
        let third = 1.0 / 3.0;
        assert_eq!(
            found(&two_behind_one, &[false; 5]),
            [(0.0, third), (1.0, 1.0), (0.0, third), (0.0, 1.0), (0.0, third)]
        );
    }

    #[test]
    fn those_with_too_few_tickets_follow_by_their_hours() {
        // The second leads; of the others, all with too few tickets, the last two cost least.
        let nets: [&[f64]; 4] = [&[-9.0], &[-50.0], &[-2.0], &[-1.0]];
        assert_eq!(
            found(&nets, &[true, false, true, true]),
            [(0.0, 0.0), (1.0, 1.0), (0.0, 1.0), (0.0, 1.0)]
        );
    }

    proptest! {
        #[test]
        fn chances_add_up_and_follow_nobody_who_is_moved(
            rows in prop::collection::vec((prop::collection::vec(-3..3_i8, 6), any::<bool>()), 1..9), turn in 0..9_usize,
        ) {
            let figures = |rows: &[(Vec<i8>, bool)]| {
                let nets: Vec<Vec<f64>> = rows.iter().map(|(net, _)| net.iter().map(|&n| f64::from(n)).collect()).collect();
                let watched: Vec<bool> = rows.iter().map(|(_, watched)| *watched).collect();
                tops(&nets.iter().map(Vec::as_slice).collect::<Vec<_>>(), &watched)
            };
            let before = figures(&rows);
            let sum = |of: fn(&Tops) -> f64| before.iter().map(of).sum::<f64>();
            prop_assert!((sum(|top| top.first) - 1.0).abs() < 1e-9);
            prop_assert!((sum(|top| top.among) - rows.len().min(TOP) as f64).abs() < 1e-9);
            let turn = turn % rows.len();
            let mut moved = rows.clone();
            moved.rotate_left(turn);
            let mut after = figures(&moved);
            after.rotate_right(turn);
            for (one, other) in before.iter().zip(&after) {
                prop_assert!((one.first - other.first).abs() < 1e-9 && (one.among - other.among).abs() < 1e-9);
            }
        }
    }
}
