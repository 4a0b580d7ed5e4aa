//! Of what kind an address is: what is written before it ("group:dev@…"), and words beside it that say that it is a
//! group's or a service account's, which is no person.

use std::sync::LazyLock;

use regex::Regex;

/// What stands before an address to say of what kind it is, normalised.
const KINDS: [&str; 3] = ["user:", "group:", "serviceaccount:"];

/// Kinds of address that words beside it tell, with the words.
const TOLD: [(&str, &str); 2] = [
    (
        "serviceAccount:",
        r"(?:サービス ?アカウント|service[ -]?accounts?|sa)",
    ),
    (
        "group:",
        r"(?:google ?)?(?:グループ|groups?|メーリングリスト|メーリス|mailing lists?|ml|dl)",
    ),
];

/// For each of these kinds a word right behind an address, and one right before it, normalised.
static BESIDE: LazyLock<Vec<(&str, Regex, Regex)>> = LazyLock::new(|| {
    let beside = |(kind, words): &(&'static str, &str)| {
        let behind = Regex::new(&format!(
            r"^[`>」]?\s{{0,2}}[\((「]?\s?(?:という|の|is an? |, an? )?{words}(?:[^a-z0-9]|$)"
        ))
        .ok()?;
        let before = Regex::new(&format!(
            r"(?:^|[^a-z0-9]){words}(?:のアドレス)?\s?(?:は|が|:|=|\(|「)?\s{{0,2}}[`<「]?$"
        ))
        .ok()?;
        Some((*kind, behind, before))
    };
    TOLD.iter().filter_map(beside).collect()
});

/// What is known of the kind of an address, by what stands around it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Kind {
    /// Written before it, this many bytes long.
    Written(usize),
    /// Told by a word beside it.
    Told(&'static str),
}

/// The kind of an address between two texts; `None` where nothing tells it.
pub(super) fn kind(before: &str, behind: &str) -> Option<Kind> {
    if let Some(kind) = KINDS.iter().find(|kind| before.ends_with(*kind)) {
        return Some(Kind::Written(kind.len()));
    }
    // A word that opens the next line is about something else.
    let line = behind.split('\n').next().unwrap_or_default();
    let mut told = BESIDE.iter();
    told.find(|(_, behind, above)| behind.is_match(line) || above.is_match(before))
        .map(|(kind, ..)| Kind::Told(kind))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_group_is_told_by_the_word_beside_it() {
        for (before, behind) in [
            ("", " グループに閲覧を"),
            ("", "(グループに付けてもらえれば)"),
            ("", " group, please"),
            ("", " (mailing list)"),
            ("google グループ ", " に"),
            ("グループ: ", ""),
            ("the group ", " needs viewer"),
            ("ml ", ""),
        ] {
            assert_eq!(
                kind(before, behind),
                Some(Kind::Told("group:")),
                "{before}|{behind}"
            );
        }
        for (before, behind) in [
            ("", " をグループに追加"),
            ("グループに ", " を追加"),
            ("", "\nグループの件"),
            ("", " grouped"),
            ("html ", ""),
            ("member of the group: none\n", ""),
        ] {
            assert_eq!(kind(before, behind), None, "{before}|{behind}");
        }
        assert_eq!(kind("member is group:", ""), Some(Kind::Written(6)));
        for (before, behind) in [
            ("loader の sa (", ")"),
            ("", " (service account)"),
            ("サービスアカウント: ", ""),
        ] {
            let told = kind(before, behind);
            assert_eq!(told, Some(Kind::Told("serviceAccount:")), "{before}|{behind}");
        }
        assert_eq!(kind("visa ", ""), None);
    }
}
