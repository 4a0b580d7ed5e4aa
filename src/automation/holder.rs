//! Words of power that name who has it: "Onodera-san is owner of the bucket" asks for no owner's role.

use std::ops::Range;

/// Words for who looks after something.
const HOLDERS: [&str; 6] = ["owner", "admin", "administrator", "オーナ", "オーナー", "管理者"];

/// Whether a word of power names who has it and not what is asked for: "Onodera-san is owner of the bucket", 「オーナーの
/// 白石さん」.
pub(super) fn is_holder(text: &str, range: &Range<usize>) -> bool {
    if !HOLDERS.contains(&text[range.clone()].trim()) {
        return false;
    }
    let before = &text[..range.start];
    let clause = text[range.end..]
        .split(['\n', '。', '、', ','])
        .next()
        .unwrap_or_default();
    let is_of =
        ["is ", "is the ", "is an "].iter().any(|is| before.ends_with(is)) && clause.starts_with(" of ");
    let named = clause.starts_with('の') && clause.contains("さん");
    is_of || named || clause.starts_with("さん")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn holds(text: &str, word: &str) -> bool {
        let start = text.find(word).unwrap();
        is_holder(text, &(start..start + word.len()))
    }

    #[test]
    fn who_has_a_power_does_not_ask_for_it() {
        assert!(holds("onodera-san is owner of the bucket and said ok", "owner"));
        assert!(holds("オーナの白石さんに確認済みです", "オーナ"));
        for text in [
            "please make me owner of the project",
            "i need owner of kawasemi-prd",
            "owner権限をください",
            "オーナの権限をください",
        ] {
            let word = if text.contains("owner") {
                "owner"
            } else {
                "オーナ"
            };
            assert!(!holds(text, word), "{text}");
        }
    }
}
