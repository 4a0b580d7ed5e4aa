//! Light English stemming for clustering tokens: plural -s, -ing, -ed, and only where it is safe.
//!
//! A wrong stem that joins two words does more harm than a missed one, so words that merely look
//! inflected are listed, and a dropped -e is restored only for the verbs that tickets use.

use std::borrow::Cow;
use std::collections::HashSet;
use std::sync::LazyLock;

/// Verbs of requests whose inflected forms drop a final e.
static VERBS_IN_E: LazyLock<HashSet<&str>> = LazyLock::new(|| {
    "\
    activate allocate approve archive automate cache change close configure create deactivate \
    decommission delegate delete disable enable escalate expire generate handle increase decrease \
    integrate investigate invite issue isolate manage merge migrate move provide provision purge \
    reactivate recreate reduce release remove rename reinstate replace resolve restore resize retire \
    revoke rotate scale schedule separate share terminate trace update upgrade use validate write store \
    raise"
        .split_ascii_whitespace()
        .collect()
});

/// Words that end like an inflected form and are none, or whose stem would be another word.
static WHOLE: LazyLock<HashSet<&str>> = LazyLock::new(|| {
    "\
    aliases alias analysis anything argus billing bring building canvas cookies dashboarding during \
    embed evening everything gas ios jenkins marketing packaging meeting kubernetes lens morning news \
    nothing pending postgres pricing series setting settings something spring staging string strings \
    thing things warning warnings always sometimes perhaps https bing"
        .split_ascii_whitespace()
        .collect()
});

/// Gives the stem of a lower-case word; words with a digit or a connector are returned as they are.
pub(crate) fn stem(word: &str) -> Cow<'_, str> {
    let inflected = ["s", "ing", "ed"].iter().any(|end| word.ends_with(end));
    if !inflected || !word.bytes().all(|b| b.is_ascii_lowercase()) || WHOLE.contains(word) {
        return Cow::Borrowed(word);
    }
    let singular = singular(word);
    let base = singular
        .strip_suffix("ing")
        .or_else(|| singular.strip_suffix("ed"));
    base.and_then(verb).map_or(singular, Cow::Owned)
}

fn singular(word: &str) -> Cow<'_, str> {
    if let Some(base) = word.strip_suffix("ies").filter(|base| base.len() >= 3) {
        return Cow::Owned(format!("{base}y"));
    }
    let sibilant = ["sses", "xes", "ches", "shes", "zzes"]
        .iter()
        .any(|end| word.ends_with(end));
    let base = if sibilant {
        word.strip_suffix("es")
    } else {
        word.strip_suffix('s')
    };
    let unsafe_end = ["ss", "us", "is", "as", "os"]
        .iter()
        .any(|end| word.ends_with(end));
    match base {
        Some(base) if word.len() >= 4 && !unsafe_end => Cow::Owned(base.to_owned()),
        _ => Cow::Borrowed(word),
    }
}

/// The verb behind a word without its -ing or -ed, or `None` when there seems to be none.
fn verb(base: &str) -> Option<String> {
    let with_e = format!("{base}e");
    if VERBS_IN_E.contains(with_e.as_str()) {
        return Some(with_e);
    }
    let is_vowel = |b: u8| matches!(b, b'a' | b'e' | b'i' | b'o' | b'u' | b'y');
    // "need", "speed": the e before -d is the word's own.
    if base.len() < 3 || base.ends_with('e') || !base.bytes().any(is_vowel) {
        return None;
    }
    let doubled = ["bb", "gg", "mm", "nn", "pp", "rr", "tt"]
        .iter()
        .any(|end| base.ends_with(end));
    Some(if doubled {
        base[..base.len() - 1].to_owned()
    } else {
        base.to_owned()
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn inflected_forms_meet_in_one_stem() {
        for (forms, expected) in [
            (["adds", "added", "adding"].as_slice(), "add"),
            (&["creates", "created", "creating"], "create"),
            (&["stops", "stopped", "stopping"], "stop"),
            (&["invites", "invited", "inviting"], "invite"),
            (&["grants", "granted", "granting"], "grant"),
            (&["policies", "policy"], "policy"),
            (&["permissions", "permission"], "permission"),
            (&["branches", "branch"], "branch"),
            (&["databases", "database"], "database"),
        ] {
            for form in forms {
                assert_eq!(stem(form), expected, "{form}");
            }
        }
    }

    #[test]
    fn words_that_only_look_inflected_are_kept() {
        for word in [
            "access",
            "status",
            "dns",
            "kubernetes",
            "redis",
            "need",
            "speed",
            "staging",
            "string",
            "aws",
            "k8s",
            "kawasemi-apis",
        ] {
            assert_eq!(stem(word), word);
        }
    }
}
