//! A set of small numbers that tells how many of it lie below one of them: where a row of weights stands.

/// A set of numbers with their ranks, built once and asked often.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(super) struct Ranks(Vec<Word>);

/// Which of 64 neighbouring numbers are in the set.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
struct Word {
    bits: u64,
    /// How many were put in below all of them.
    before: u32,
}

impl Ranks {
    /// Takes in ascending numbers below `size`; what comes again counts again.
    pub(super) fn of(size: usize, numbers: impl Iterator<Item = usize>) -> Self {
        let mut words = vec![Word::default(); size.div_ceil(64) + 1];
        for number in numbers {
            words[number / 64].bits |= 1 << (number % 64);
            words[number / 64 + 1].before += 1;
        }
        let mut total = 0;
        for word in &mut words {
            total += word.before;
            word.before = total;
        }
        Self(words)
    }

    /// Takes in the numbers whose bits are set, 64 of them a word.
    pub(super) fn of_bits(bits: &[[u8; 8]]) -> Self {
        let mut total = 0;
        let word = |bytes: &[u8; 8]| {
            let bits = u64::from_le_bytes(*bytes);
            let before = total;
            total += bits.count_ones();
            Word { bits, before }
        };
        Self(bits.iter().map(word).collect())
    }

    /// How many numbers lie below one that is in the set, or fewer if some among the 64 around it came again; `None` for
    /// what is not in it.
    #[inline]
    pub(super) fn rank(&self, number: usize) -> Option<u32> {
        let word = self.0.get(number / 64)?;
        let bit = 1_u64 << (number % 64);
        (word.bits & bit != 0).then(|| word.before + (word.bits & (bit - 1)).count_ones())
    }

    /// How many numbers are in the set.
    pub(super) fn len(&self) -> usize {
        self.0
            .last()
            .map_or(0, |word| word.before as usize + word.bits.count_ones() as usize)
    }
}

#[cfg(test)]
mod tests {
    use super::Ranks;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn ranks_are_the_places_in_order(numbers in prop::collection::btree_set(0_usize..500, 0..200)) {
            let ranks = Ranks::of(500, numbers.iter().copied());
            let mut bits = [[0_u8; 8]; 8];
            for number in &numbers {
                bits[number / 64][number % 64 / 8] |= 1 << (number % 8);
            }
            let read = Ranks::of_bits(&bits);
            prop_assert_eq!(read.len(), numbers.len());
            for number in 0..500 {
                let place = numbers.iter().position(|other| *other == number);
                let place = place.map(|place| u32::try_from(place).expect("small"));
                prop_assert_eq!(ranks.rank(number), place);
                prop_assert_eq!(read.rank(number), place);
            }
        }

        #[test]
        fn what_comes_again_never_raises_a_rank(mut numbers in prop::collection::vec(0_usize..300, 1..100)) {
            numbers.sort_unstable();
            let ranks = Ranks::of(300, numbers.iter().copied());
            for number in &numbers {
                let first = numbers.partition_point(|other| other < number);
                let rank = ranks.rank(*number).expect("it is in it") as usize;
                prop_assert!(rank <= first && first - rank < 64);
            }
        }
    }
}
