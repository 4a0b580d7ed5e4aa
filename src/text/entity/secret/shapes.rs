//! Credentials that give themselves away by the prefix their issuer puts before them.

use std::sync::LazyLock;

use aho_corasick::AhoCorasick;

use super::kind::SecretKind;
use crate::text::entity::claims::Claims;
use crate::text::entity::guards::before;

/// A credential that its prefix gives away: what follows, of which letters, at least how long.
struct Shape {
    prefix: &'static str,
    /// What the tail may hold besides letters and digits.
    also: &'static [u8],
    least: usize,
    kind: SecretKind,
    /// Whether the prefix is a part of the secret; the address of a webhook is none.
    keep_prefix: bool,
}

const fn shape(prefix: &'static str, also: &'static [u8], least: usize, kind: SecretKind) -> Shape {
    Shape {
        prefix,
        also,
        least,
        kind,
        keep_prefix: false,
    }
}

const fn path(prefix: &'static str, kind: SecretKind) -> Shape {
    Shape {
        prefix,
        also: b"/_-",
        least: 16,
        kind,
        keep_prefix: true,
    }
}

/// Lengths are a little under the issuers', for pasted tokens lose their ends.
const SHAPES: &[Shape] = &[
    shape("akia", b"", 16, SecretKind::AwsKeyId),
    shape("asia", b"", 16, SecretKind::AwsKeyId),
    shape("agpa", b"", 16, SecretKind::AwsKeyId),
    shape("aroa", b"", 16, SecretKind::AwsKeyId),
    shape("ghp_", b"", 30, SecretKind::GithubToken),
    shape("gho_", b"", 30, SecretKind::GithubToken),
    shape("ghu_", b"", 30, SecretKind::GithubToken),
    shape("ghs_", b"", 30, SecretKind::GithubToken),
    shape("ghr_", b"", 30, SecretKind::GithubToken),
    shape("github_pat_", b"_", 22, SecretKind::GithubToken),
    shape("glpat-", b"_-", 16, SecretKind::GitlabToken),
    shape("xoxa-", b"-", 10, SecretKind::SlackToken),
    shape("xoxb-", b"-", 10, SecretKind::SlackToken),
    shape("xoxe-", b"-", 10, SecretKind::SlackToken),
    shape("xoxe.xox", b"-", 10, SecretKind::SlackToken),
    shape("xoxp-", b"-", 10, SecretKind::SlackToken),
    shape("xoxr-", b"-", 10, SecretKind::SlackToken),
    shape("xoxs-", b"-", 10, SecretKind::SlackToken),
    shape("xapp-", b"-", 10, SecretKind::SlackToken),
    path("hooks.slack.com/services/", SecretKind::SlackWebhook),
    path("hooks.slack.com/workflows/", SecretKind::SlackWebhook),
    path("hooks.slack.com/triggers/", SecretKind::SlackWebhook),
    shape("aiza", b"_-", 30, SecretKind::GoogleKey),
    shape("ya29.", b"_-", 20, SecretKind::GoogleKey),
    shape("gocspx-", b"_-", 20, SecretKind::GoogleKey),
    shape("eyj", b"_-.=", 24, SecretKind::Jwt),
    shape("sk_live_", b"", 10, SecretKind::StripeKey),
    shape("sk_test_", b"", 10, SecretKind::StripeKey),
    shape("rk_live_", b"", 10, SecretKind::StripeKey),
    shape("rk_test_", b"", 10, SecretKind::StripeKey),
    shape("whsec_", b"", 16, SecretKind::StripeKey),
    shape("sg.", b"_-.", 40, SecretKind::SendgridKey),
    shape("npm_", b"", 30, SecretKind::RegistryToken),
    shape("pypi-", b"_-", 40, SecretKind::RegistryToken),
    shape("dckr_pat_", b"_-", 20, SecretKind::RegistryToken),
    shape("hvs.", b"_-", 20, SecretKind::VaultToken),
    shape("hvb.", b"_-", 20, SecretKind::VaultToken),
    shape("hvr.", b"_-", 20, SecretKind::VaultToken),
    shape("ntn_", b"", 30, SecretKind::NotionToken),
    shape("secret_", b"", 40, SecretKind::NotionToken),
    shape("sk-", b"_-", 32, SecretKind::ModelKey),
    shape("figd_", b"_-", 20, SecretKind::Generic),
    shape("dop_v1_", b"", 40, SecretKind::Generic),
    shape("sntrys_", b"_-=+/", 20, SecretKind::Generic),
    shape("age-secret-key-1", b"", 40, SecretKind::PrivateKey),
];

#[expect(
    clippy::expect_used,
    reason = "the prefixes are constants of this file; a test builds the automaton"
)]
static PREFIXES: LazyLock<AhoCorasick> = LazyLock::new(|| {
    AhoCorasick::new(SHAPES.iter().map(|shape| shape.prefix)).expect("constant words build")
});

/// Whether a text begins as the credentials of some issuer do.
pub(super) fn begins_shape(text: &str) -> bool {
    SHAPES.iter().any(|shape| text.starts_with(shape.prefix))
}

/// Claims what has the shape of a credential, the prefix included unless it is an address.
pub(super) fn find_shapes(text: &str, claims: &mut Claims<SecretKind>) {
    // Where the last long tail of each shape ended: a prefix inside one is no new beginning, and reading its
    // tail again would make a body of nothing but prefixes take quadratic time.
    let mut passed = [0; SHAPES.len()];
    for hit in PREFIXES.find_overlapping_iter(text) {
        let index = hit.pattern().as_usize();
        let shape = &SHAPES[index];
        let continues = before(text, &hit.range()).is_ascii_alphanumeric() && !shape.keep_prefix;
        if continues || hit.start() < passed[index] {
            continue;
        }
        let tail = text.as_bytes()[hit.end()..].iter();
        let length = tail
            .take_while(|byte| byte.is_ascii_alphanumeric() || shape.also.contains(byte))
            .count();
        let value = hit.end()..hit.end() + length;
        passed[index] = value.end;
        if length >= shape.least && fits(shape.kind, &text[value.clone()]) {
            claims.claim(
                if shape.keep_prefix {
                    value
                } else {
                    hit.start()..value.end
                },
                shape.kind,
            );
        }
    }
}

fn fits(kind: SecretKind, tail: &str) -> bool {
    let has_digit = || tail.bytes().any(|b| b.is_ascii_digit());
    match kind {
        SecretKind::Jwt => tail.contains('.'),
        SecretKind::AwsKeyId | SecretKind::ModelKey | SecretKind::NotionToken => has_digit(),
        _ => true,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn kinds(text: &str) -> Vec<SecretKind> {
        let mut claims = Claims::new();
        find_shapes(text, &mut claims);
        claims.into_sorted().map(|(_, kind)| kind).collect()
    }

    /// A made-up tail, put together at run time so that no scanner takes it for a leak.
    fn tail(length: usize) -> String {
        "a1b2c3d4e5f6g7h8i9j0".chars().cycle().take(length).collect()
    }

    #[test]
    fn each_shape_is_known_by_its_prefix() {
        for shape in SHAPES {
            let tail = if shape.kind == SecretKind::Jwt {
                format!("{}.{}.{}", tail(20), tail(20), tail(20))
            } else {
                tail(shape.least.max(20))
            };
            let text = format!("これです {}{tail} お願いします", shape.prefix);
            assert_eq!(kinds(&text), [shape.kind], "{}", shape.prefix);
        }
    }

    #[test]
    fn shapes_inside_words_are_words() {
        assert!(kinds("asia-northeast1 の asiapacificregionalcluster と task-list-of-the-day").is_empty());
        assert!(kinds(&format!("x{}{}", "ghp_", tail(36))).is_empty());
    }
}
