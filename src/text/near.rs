//! Finds the ids that somebody may have meant who typed another one.

/// Most ids that are offered.
const OFFERED: usize = 5;

/// Returns the known ids nearest to one that is not known: first those that hold it or are held by it, then by the
/// number of letters to change, at most a third of its length; ties in the order of the ids.
#[must_use]
pub fn near<'a>(id: &str, known: impl Iterator<Item = &'a str>) -> Vec<&'a str> {
    let wanted = id.to_lowercase();
    let limit = (wanted.chars().count() / 3).max(1);
    let mut close: Vec<(usize, &str)> = known
        .filter_map(|known| {
            let lower = known.to_lowercase();
            let part = wanted.len() >= 2 && (lower.contains(&wanted) || wanted.contains(&lower));
            let changes = distance(&wanted, &lower);
            match (part, changes <= limit) {
                (_, true) => Some((changes, known)),
                (true, false) => Some((limit + 1, known)),
                (false, false) => None,
            }
        })
        .collect();
    close.sort_unstable();
    close.dedup();
    close.into_iter().take(OFFERED).map(|(_, id)| id).collect()
}

/// The least number of letters to add, drop or change (Levenshtein, 1966).
fn distance(a: &str, b: &str) -> usize {
    let b: Vec<char> = b.chars().collect();
    let mut row: Vec<usize> = (0..=b.len()).collect();
    for (at, from) in a.chars().enumerate() {
        let mut diagonal = row[0];
        row[0] = at + 1;
        for (place, to) in b.iter().enumerate() {
            let kept = diagonal + usize::from(from != *to);
            diagonal = row[place + 1];
            row[place + 1] = kept.min(diagonal + 1).min(row[place] + 1);
        }
    }
    row[b.len()]
}

#[cfg(test)]
mod tests {
    use super::{distance, near};

    #[test]
    fn letters_are_counted() {
        assert_eq!(distance("kitten", "sitting"), 3);
        assert_eq!(distance("", "権限"), 2);
    }

    #[test]
    fn the_nearest_come_first_and_strangers_never() {
        let known = ["account", "account.github", "permission", "permission.network"];
        assert_eq!(near("acount", known.into_iter()), ["account"]);
        assert_eq!(near("account", known.into_iter()), ["account", "account.github"]);
        assert!(near("zzz", known.into_iter()).is_empty());
    }
}
