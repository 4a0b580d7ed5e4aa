//! The cheapest one-to-one matching of rows to columns (Kuhn, 1955; with the potentials of Jonker and Volgenant,
//! 1987, in O(n²m)): 450 groups against 450 take a tenth of a second.
//!
//! Own code, since the crates that have it want integer costs or bring a graph library along.

/// Matches every row to a column of its own so that the sum of the costs is least.
///
/// `costs` has `rows` times `columns` finite entries, row by row, and at most as many rows as columns; otherwise call
/// it on the transposed. Returns the column of each row. Among equal sums the answer is the same in every run.
pub(super) fn matching(costs: &[f64], rows: usize, columns: usize) -> Vec<usize> {
    debug_assert!(rows <= columns && costs.len() == rows * columns);
    // Row 0 and column 0 stand for "none", so that everything else counts from 1.
    let mut row_potential = vec![0.0; rows + 1];
    let mut column_potential = vec![0.0; columns + 1];
    let mut row_of = vec![0usize; columns + 1];
    for row in 1..=rows {
        let came_from = shortest_path(
            row,
            costs,
            &mut Potentials {
                rows: &mut row_potential,
                columns: &mut column_potential,
            },
            &mut row_of,
        );
        // Walk back along the path and shift every match on it by one.
        let (mut column, path) = came_from;
        while column != 0 {
            let previous = path[column];
            row_of[column] = row_of[previous];
            column = previous;
        }
    }
    let mut column_of = vec![0; rows];
    for (column, &row) in row_of.iter().enumerate().skip(1) {
        if row != 0 {
            column_of[row - 1] = column - 1;
        }
    }
    column_of
}

struct Potentials<'a> {
    rows: &'a mut [f64],
    columns: &'a mut [f64],
}

/// Finds the cheapest way from an unmatched row to an unmatched column; returns that column and, for each column, the
/// one before it on the way.
fn shortest_path(
    row: usize,
    costs: &[f64],
    potentials: &mut Potentials<'_>,
    row_of: &mut [usize],
) -> (usize, Vec<usize>) {
    let columns = row_of.len() - 1;
    let mut least = vec![f64::INFINITY; columns + 1];
    let mut path = vec![0usize; columns + 1];
    let mut used = vec![false; columns + 1];
    row_of[0] = row;
    let mut at = 0;
    while row_of[at] != 0 {
        used[at] = true;
        let from = row_of[at];
        let (mut delta, mut next) = (f64::INFINITY, 0);
        for column in (1..=columns).filter(|&column| !used[column]) {
            let cost = costs[(from - 1) * columns + column - 1];
            let reduced = cost - potentials.rows[from] - potentials.columns[column];
            if reduced < least[column] {
                (least[column], path[column]) = (reduced, at);
            }
            if least[column] < delta {
                (delta, next) = (least[column], column);
            }
        }
        for column in 0..=columns {
            if used[column] {
                potentials.rows[row_of[column]] += delta;
                potentials.columns[column] -= delta;
            } else {
                least[column] -= delta;
            }
        }
        at = next;
    }
    (at, path)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::matching;

    /// The least sum over all ways, by trying them.
    fn by_trying(costs: &[f64], rows: usize, columns: usize, taken: &mut Vec<usize>) -> f64 {
        let row = taken.len();
        if row == rows {
            return 0.0;
        }
        let mut least = f64::INFINITY;
        for column in 0..columns {
            if !taken.contains(&column) {
                taken.push(column);
                let sum = costs[row * columns + column] + by_trying(costs, rows, columns, taken);
                taken.pop();
                least = least.min(sum);
            }
        }
        least
    }

    #[test]
    fn a_cheap_pair_gives_way_where_the_sum_gains() {
        assert_eq!(matching(&[1.0, 2.0, 1.0, 9.0], 2, 2), [1, 0]);
        assert_eq!(matching(&[], 0, 3), Vec::<usize>::new());
    }

    proptest! {
        #[test]
        fn no_other_matching_is_cheaper(rows in 1usize..5, extra in 0usize..3, seed in prop::collection::vec(0u8..20, 35)) {
            let columns = rows + extra;
            let costs: Vec<f64> = seed[..rows * columns].iter().map(|&cost| f64::from(cost) / 20.0).collect();
            let found = matching(&costs, rows, columns);
            let mut distinct = found.clone();
            distinct.sort_unstable();
            distinct.dedup();
            prop_assert_eq!(distinct.len(), rows);
            let sum: f64 = found.iter().enumerate().map(|(row, column)| costs[row * columns + column]).sum();
            prop_assert!((sum - by_trying(&costs, rows, columns, &mut Vec::new())).abs() < 1e-9);
        }
    }
}
