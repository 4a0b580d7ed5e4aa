//! Picks a bounded number of rows for the steps whose cost grows faster than the number of tickets.

/// Picks at most `cap` rows, evenly spaced over the tickets rather than over the rows.
///
/// Rows stand in content order, so an even walk takes every theme in proportion. Walking over tickets means that a text
/// filed by many is always among the chosen, each row at most once. With `cap` rows or fewer, all are taken.
pub(super) fn spread(rows: &[usize], weights: &[usize], cap: usize) -> Vec<usize> {
    if rows.len() <= cap {
        return rows.to_vec();
    }
    let total: usize = rows.iter().map(|&row| weights[row]).sum();
    let mut passed = 0;
    let mut taken = Vec::with_capacity(cap);
    for &row in rows {
        let before = passed * cap / total;
        passed += weights[row];
        if passed * cap / total > before {
            taken.push(row);
        }
    }
    taken
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn few_rows_are_all_taken() {
        assert_eq!(spread(&[3, 5], &[1; 6], 2), [3, 5]);
    }

    #[test]
    fn equal_rows_are_evenly_spaced() {
        let rows: Vec<usize> = (0..10).collect();
        assert_eq!(spread(&rows, &[1; 10], 5), [1, 3, 5, 7, 9]);
    }

    #[test]
    fn a_text_filed_often_is_always_taken() {
        let rows: Vec<usize> = (0..100).collect();
        let mut weights = vec![1; 100];
        weights[37] = 50;
        let taken = spread(&rows, &weights, 10);
        assert!(taken.contains(&37) && taken.len() <= 10);
    }
}
