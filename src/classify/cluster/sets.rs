//! Disjoint sets with the smallest member as their name: the union of pairs, whatever order the pairs come in.

/// Numbers `0..n`, each in exactly one set.
#[derive(Debug)]
pub(super) struct DisjointSets {
    parent: Vec<usize>,
}

impl DisjointSets {
    /// Starts with every number alone.
    pub(super) fn new(count: usize) -> Self {
        Self {
            parent: (0..count).collect(),
        }
    }

    /// Returns the smallest number in the set of `member`.
    pub(super) fn find(&mut self, mut member: usize) -> usize {
        while self.parent[member] != member {
            self.parent[member] = self.parent[self.parent[member]];
            member = self.parent[member];
        }
        member
    }

    /// Unites the sets of two numbers and returns the name of the union.
    pub(super) fn join(&mut self, left: usize, right: usize) -> usize {
        let (left, right) = (self.find(left), self.find(right));
        let (name, other) = (left.min(right), left.max(right));
        self.parent[other] = name;
        name
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_smallest_member_names_the_set_in_any_order() {
        for pairs in [[(4, 3), (3, 1), (0, 2)], [(3, 1), (0, 2), (4, 3)]] {
            let mut sets = DisjointSets::new(5);
            for (left, right) in pairs {
                sets.join(left, right);
            }
            let names: Vec<usize> = (0..5).map(|member| sets.find(member)).collect();
            assert_eq!(names, [0, 1, 0, 1, 1]);
        }
    }
}
