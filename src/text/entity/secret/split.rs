//! Secrets that stand in no text alone: the word in one comment and the value in the next, or a token in two halves.

use super::find_secrets;
use super::shapes::begins_shape;

/// Fewest characters of half a token.
const SHORTEST_HALF: usize = 8;

/// Most pieces of a text that are tried as halves: whoever splits a token writes little else.
const MOST_HALVES: usize = 40;

/// Lists the words of a thread of normalised texts that are secrets only when the texts are read one after the other,
/// in reading order.
pub(crate) fn find_split(texts: &[&str]) -> Vec<String> {
    let mut found = Vec::new();
    for pair in texts.windows(2) {
        let [one, other] = pair else { continue };
        let border = one.trim_end().len();
        let both = format!("{}\n{}", one.trim_end(), other.trim_start());
        let behind = find_secrets(&both).into_iter().map(|(_, range)| range);
        let alone: Vec<&str> = find_secrets(other)
            .into_iter()
            .map(|(_, range)| &other[range])
            .collect();
        let new = behind.filter(|range| range.start >= border && !alone.contains(&&both[range.clone()]));
        found.extend(new.map(|range| both[range].to_owned()));
        // Only by what its issuer puts before it can a piece be told from a name.
        for left in halves(one).filter(|left| begins_shape(left)) {
            for right in halves(other) {
                let whole = format!("{left}{right}");
                let joins =
                    |range: &std::ops::Range<usize>| range.start < left.len() && left.len() < range.end;
                if find_secrets(&whole).iter().any(|(_, range)| joins(range)) {
                    found.extend([left.to_owned(), right.to_owned()]);
                }
            }
        }
    }
    found
}

/// Pieces of a text that may be half a token: long, with a digit, and no address.
fn halves(text: &str) -> impl Iterator<Item = &str> {
    let part = |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '-' | '+' | '/' | '=' | '.');
    text.split(move |c| !part(c))
        .filter(|piece| piece.len() >= SHORTEST_HALF && piece.bytes().any(|b| b.is_ascii_digit()))
        .take(MOST_HALVES)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_value_behind_the_word_in_another_comment_is_found() {
        assert_eq!(
            find_split(&["新しいパスワード:", "tanuki-4821-cavern です"]),
            ["tanuki-4821-cavern"]
        );
        assert_eq!(
            find_split(&["招待しました", "ありがとうございます"]),
            Vec::<String>::new()
        );
        let alone = ["ログインできません", "password: tanuki-4821-cavern"];
        assert_eq!(find_split(&alone), Vec::<String>::new(), "one text says it all");
    }

    #[test]
    fn both_halves_of_a_token_are_found() {
        let token = format!("ghp_{}", "a1b2c3d4e5".repeat(4).get(..36).unwrap());
        let (left, right) = token.split_at(20);
        assert_eq!(
            find_split(&[&format!("前半は {left}"), &format!("後半は {right} です")]),
            [left, right]
        );
        assert_eq!(
            find_split(&["commit 3f2a9c1b7d", "image 20260901-rc1"]),
            Vec::<String>::new()
        );
    }
}
