//! Many tests at once: the share of false alarms among all alarms is held, not that of each test alone.

use crate::trend::ratio::real;

/// Computes the q-value of each p-value by Benjamini and Hochberg (1995), in the same order.
///
/// The q-value of a test is the smallest share of false discoveries at which it is still one: calling every test with
/// q < 0.08 a change lets fewer than one call in ten be chance, and if nothing changed at all, raises any alarm in at most
/// one report of twenty. Holds under the positive dependence of a pattern with its sub-patterns.
#[must_use]
pub fn q_values(p_values: &[f64]) -> Vec<f64> {
    let mut order: Vec<usize> = (0..p_values.len()).collect();
    order.sort_by(|a, b| p_values[*a].total_cmp(&p_values[*b]));
    let mut q = vec![1.0; p_values.len()];
    let (mut least, mut rank) = (1.0_f64, order.len());
    for at in order.into_iter().rev() {
        let p = p_values[at];
        // Rounding must not make q smaller than p.
        least = least.min((p * real(p_values.len()) / real(rank)).max(p));
        q[at] = least;
        rank -= 1;
    }
    q
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn the_example_of_four_is_as_worked_out_by_hand() {
        let q = q_values(&[0.01, 0.04, 0.03, 0.5]);
        let expected = [0.04, 0.16 / 3.0, 0.16 / 3.0, 0.5];
        assert!(
            q.iter().zip(expected).all(|(a, b)| (a - b).abs() < 1e-12),
            "{q:?}"
        );
        assert!(q_values(&[]).is_empty());
    }

    proptest! {
        #[test]
        fn q_is_never_below_p_and_keeps_its_order(p in proptest::collection::vec(0.0..=1.0_f64, 1..60)) {
            let q = q_values(&p);
            for i in 0..p.len() {
                prop_assert!(q[i] >= p[i] && q[i] <= 1.0);
                for j in 0..p.len() {
                    prop_assert!(p[i] > p[j] || q[i] <= q[j]);
                }
            }
        }
    }
}
