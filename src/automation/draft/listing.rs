//! Which of the things found in a text stand in one list: "mori-k (Mori), abe-x" and lines one below the other. What is
//! listed together is asked for together, so each makes a row of its own; what is merely found twice may be anything.

use std::ops::Range;
use std::sync::LazyLock;

use regex::Regex;

/// What stands between two things of a list, normalised: a comma or a word for "and", or the end of a line, with a name
/// in brackets and a courtesy before it.
static JOINT: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(concat!(
        r"^[`'」]?\s{0,3}(?:[\(\[][^()\[\]\n]{0,40}[\)\]])?\s{0,3}(?:さん|様|氏)?\s{0,3}",
        r"(?:[,、;&+]|・|と|及び|および|ならびに|/|and\b|,\s?and\b|\n)\s{0,3}(?:[0-9]{1,2}[.)\s]\s{0,2}|[・*-]\s{0,2})?[`'「]?@?$",
    ))
    .ok()
});

/// Those of the ranges that stand in a list of at least two, in their order.
pub(super) fn listed(text: &str, mut ranges: Vec<Range<usize>>) -> Vec<Range<usize>> {
    ranges.sort_by_key(|range| (range.start, range.end));
    ranges.dedup();
    let Some(joint) = JOINT.as_ref() else {
        return Vec::new();
    };
    let joined = |pair: &&[Range<usize>]| {
        let between = text.get(pair[0].end..pair[1].start);
        between.is_some_and(|between| joint.is_match(between))
    };
    let mut listed: Vec<Range<usize>> = ranges.windows(2).filter(joined).flatten().cloned().collect();
    listed.dedup();
    listed
}

#[cfg(test)]
mod tests {
    use super::*;

    fn list(text: &str) -> Vec<&str> {
        let logins = Regex::new("[a-z]+-[a-z0-9]+").unwrap();
        let ranges = logins.find_iter(text).map(|found| found.range()).collect();
        listed(text, ranges)
            .into_iter()
            .map(|range| &text[range])
            .collect()
    }

    #[test]
    fn a_list_is_known_by_what_stands_between() {
        for text in [
            "mori-k (森さん)、 abe-x (阿部さん) どちらも web",
            "mori-k(森さん)\nabe-x(阿部さん)\n対象サービス",
            "mori-k と abe-x の閲覧",
            "mori-k, abe-x",
            "mori-k and abe-x",
            "1. mori-k\n2. abe-x",
            "`mori-k`, `abe-x` → チーム",
            "mori-k / abe-x",
        ] {
            assert_eq!(list(text), ["mori-k", "abe-x"], "{text}");
        }
        for text in [
            "mori-k は旧アカウントで、新しいのは abe-x です",
            "mori-k ではなく abe-x",
            "mori-k → abe-x",
            "mori-k",
            "mori-k in abe-x",
        ] {
            assert!(list(text).is_empty(), "{text}");
        }
        assert_eq!(list("mori-k, abe-x → チーム ext-a"), ["mori-k", "abe-x"]);
    }
}
