//! Counts as a line of small bars, for a table cell.

/// Bars of one to eight eighths.
const BARS: [char; 8] = ['▁', '▂', '▃', '▄', '▅', '▆', '▇', '█'];

/// Draws one bar a count, the highest for the largest.
///
/// The lowest bar is kept for zero, so that a single ticket stands out from none; all counts zero is a flat line.
///
/// # Examples
///
/// ```
/// use toilscope::trend::sparkline;
///
/// assert_eq!(sparkline(&[0, 1, 4, 8]), "▁▂▅█");
/// assert_eq!(sparkline(&[0, 0]), "▁▁");
/// ```
#[must_use]
pub fn sparkline(counts: &[usize]) -> String {
    let most = counts.iter().copied().max().unwrap_or(0);
    counts.iter().map(|&count| BARS[height(count, most)]).collect()
}

/// Index of the bar: 0 for zero, else 1 to 7 in proportion, rounded up.
fn height(count: usize, most: usize) -> usize {
    if count == 0 {
        return 0;
    }
    let (count, most, steps) = (count as u128, most as u128, BARS.len() as u128 - 1);
    usize::try_from((count * steps).div_ceil(most)).unwrap_or(BARS.len() - 1)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn no_counts_are_no_bars() {
        assert_eq!(sparkline(&[]), "");
    }

    #[test]
    fn equal_counts_are_equally_high() {
        assert_eq!(sparkline(&[3, 3, 3]), "███");
    }

    #[test]
    fn one_among_very_many_still_stands_out() {
        assert_eq!(sparkline(&[0, 1, usize::MAX]), "▁▂█");
    }

    proptest! {
        #[test]
        fn higher_counts_never_have_lower_bars(counts in proptest::collection::vec(any::<usize>(), 0..40)) {
            let bars: Vec<char> = sparkline(&counts).chars().collect();
            prop_assert_eq!(bars.len(), counts.len());
            for (a, b) in counts.iter().zip(&bars) {
                for (c, d) in counts.iter().zip(&bars) {
                    prop_assert!(a > c || b <= d);
                }
            }
        }
    }
}
