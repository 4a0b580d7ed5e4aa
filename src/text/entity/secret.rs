//! Credentials in text: by the shape their issuer gives them, by the word before them, by entropy.
//!
//! Text is normalised, so shapes are lower-case. Where a shape is unsure the value is taken: masking a word
//! too many costs less than printing a password. Ids that merely look random (UUID, commit, digest) are let be.

mod kind;
mod shapes;
mod split;

use std::ops::Range;
use std::sync::LazyLock;

use aho_corasick::AhoCorasick;

pub use self::kind::SecretKind;
use self::shapes::find_shapes;
pub(crate) use self::split::find_split;
use super::claims::Claims;
use super::guards::{line_before, mentions};
use super::rule::values;
use crate::matching::Pattern;

/// Words without which no rule but the shapes applies.
const CONTEXT_WORDS: &[&str] = &[
    "password",
    "passwd",
    "passphrase",
    "pwd",
    "pw",
    "pass",
    "パスワード",
    "パスフレーズ",
    "暗証",
    "key",
    "token",
    "secret",
    "credential",
    "auth",
    "bearer",
    "basic",
    "キー",
    // What normalisation leaves of アクセスキー.
    "アクセスキ",
    "トークン",
    "シークレット",
    "認証",
    "鍵",
    "aws",
];
/// Words that make a long random value near them a credential.
const KEY_WORDS: &[&str] = &[
    "key",
    "token",
    "secret",
    "password",
    "passwd",
    "credential",
    "auth",
    "キー",
    "アクセスキ",
    "トークン",
    "シークレット",
    "パスワード",
    "認証情報",
    "鍵",
];
const DATADOG_WORDS: &[&str] = &[
    "datadog",
    "dd_api",
    "dd_app",
    "dd-api",
    "dd-app",
    "api key",
    "apiキー",
    "api_key",
    "app key",
    "アプリケーションキー",
];
const AWS_WORDS: &[&str] = &["aws", "secret"];
/// Beginnings of ids that cloud and Terraform hand out and that open nothing.
const ID_HEADS: &[&str] = &[
    "i-",
    "vpc-",
    "sg-",
    "subnet-",
    "ami-",
    "vol-",
    "eni-",
    "arn:",
    "sha256:",
    "sha512:",
    "sha1-",
    "sha512-",
    "sha384-",
    "terraform-",
    "rtb-",
    "igw-",
    "nat-",
    "lt-",
    "snap-",
];
/// What people write where a password would stand.
const NOT_PASSWORDS: &[&str] = &[
    "1password",
    "lastpass",
    "bitwarden",
    "keepass",
    "required",
    "forgotten",
    "expired",
    "incorrect",
    "invalid",
    "missing",
    "reset",
    "string",
    "private",
    "public",
    "manager",
    "policy",
    "rotation",
    "authentication",
    "********",
    "xxxxxxxx",
    "redacted",
];
/// Bits per character from which a value counts as random.
const RANDOM_BITS: f64 = 3.5;
/// Characters from which a value near a key word is worth measuring.
const RANDOM_LENGTH: usize = 20;
/// Bytes of the line before a value in which a key word counts as near.
const NEAR: usize = 80;

struct Patterns {
    context: AhoCorasick,
    private_key: Pattern,
    url_password: Pattern,
    password: Pattern,
    assigned: Pattern,
    authorization: Pattern,
}

#[expect(
    clippy::expect_used,
    reason = "the words are constants of this file; a test builds the automata"
)]
static PATTERNS: LazyLock<Patterns> = LazyLock::new(|| Patterns {
    context: AhoCorasick::new(CONTEXT_WORDS).expect("constant words build"),
    private_key: Pattern::new(concat!(
        r"-----begin [0-9a-z ]{0,30}private key(?: block)?-----",
        r#"(?:[\s\\"]*[0-9a-z+/=]{16,})*(?:[\s\\"]*[0-9a-z+/=]{1,80})?[\s\\"]*(?:n?-----end [0-9a-z ]{0,40}-----)?"#
    )),
    url_password: Pattern::new(r#"://(?P<value>[^\s/@:"'<>]*:[^\s/@"'<>]+)@"#),
    password: Pattern::new(concat!(
        r"(?:password|passwd|passphrase|(?-u:\b)(?:pwd|pw|pass)|パスワード|パスフレーズ|暗証番号|暗証)",
        r#"["'*`]*(?:\s*[:=はが】]\s*|\s+is:?\s+|\s)["'*`]*(?P<value>[!-~]{4,})"#
    )),
    assigned: Pattern::new(concat!(
        r"(?:token|secret|api[_ -]?key|access[_ -]?key|app(?:lication)?[_ -]?key|private[_ -]?key|client[_ -]?secret|credential|",
        r#"トークン|シークレット|apiキー|アクセスキー?|秘密鍵)["'*`]*\s*[:=は】]\s*["'*`]*(?P<value>[0-9a-z+/=_.~!@#$%^&*-]{8,})"#
    )),
    authorization: Pattern::new(r"(?-u:\b)(?:bearer|basic)\s+(?P<value>[0-9a-z+/=._~-]{12,})"),
});

/// Finds the credentials of a normalised text, in order, not overlapping, each as narrow as its value.
pub(crate) fn find_secrets(text: &str) -> Vec<(SecretKind, Range<usize>)> {
    let mut claims = Claims::new();
    if text.contains("-----begin ") {
        for hit in PATTERNS.private_key.find_iter(text) {
            claims.claim(hit, SecretKind::PrivateKey);
        }
    }
    if text.contains("://") {
        for range in values(&PATTERNS.url_password, text) {
            claims.claim(range, SecretKind::UrlPassword);
        }
    }
    find_shapes(text, &mut claims);
    if PATTERNS.context.is_match(text) {
        find_by_context(text, &mut claims);
    }
    claims.into_sorted().map(|(range, kind)| (kind, range)).collect()
}

fn find_by_context(text: &str, claims: &mut Claims<SecretKind>) {
    for range in values(&PATTERNS.password, text) {
        let range = unquoted(text, range);
        if is_password(text, &range) {
            claims.claim(range, SecretKind::Password);
        }
    }
    for range in values(&PATTERNS.authorization, text) {
        if text[range.clone()]
            .bytes()
            .any(|b| b.is_ascii_digit() || b == b'=')
        {
            claims.claim(range, SecretKind::Authorization);
        }
    }
    for hit in long_values(text) {
        if let Some(kind) = random_kind(text, &hit) {
            claims.claim(hit, kind);
        }
    }
    for range in values(&PATTERNS.assigned, text) {
        let range = unquoted(text, range);
        if is_mixed(&text[range.clone()]) && !is_plain_id(text, &range) {
            claims.claim(range, SecretKind::Generic);
        }
    }
}

/// Runs of at least [`RANDOM_LENGTH`] letters, digits and signs of base 64.
fn long_values(text: &str) -> impl Iterator<Item = Range<usize>> {
    let belongs = |byte: &u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || b"+/=_-".contains(byte);
    let mut at = 0;
    let runs = text
        .as_bytes()
        .chunk_by(move |one, other| belongs(one) == belongs(other));
    runs.filter_map(move |run| {
        let start = at;
        at += run.len();
        (run.len() >= RANDOM_LENGTH && belongs(&run[0])).then_some(start..at)
    })
}

/// Cuts the quotes, brackets and punctuation off that end a sentence or a string, not a password.
fn unquoted(text: &str, range: Range<usize>) -> Range<usize> {
    let value = text[range.clone()].trim_end_matches(['"', '\'', '`', '*', ',', ';', ')', '.']);
    range.start..range.start + value.len()
}

/// Decides what stands behind the word "password": a password, or the rest of a sentence.
fn is_password(text: &str, value: &Range<usize>) -> bool {
    let word = &text[value.clone()];
    let separator = text[..value.start]
        .trim_end_matches(['"', '\'', '`', '*', ' ', '\n'])
        .chars()
        .next_back();
    let odd = word
        .bytes()
        .any(|b| !b.is_ascii_lowercase() && b != b'-' && b != b'_');
    let reference = word.starts_with(['$', '<', '{', '%']) || word.contains("://") || word.contains("${");
    let known = NOT_PASSWORDS.iter().any(|known| word.starts_with(known));
    // Only a colon or an equals sign makes an ordinary word a password, and then one of six letters.
    let assigned = matches!(separator, Some(':' | '='));
    let marked = matches!(separator, Some('は' | 'が' | '】' | 's'));
    let pin = line_before(text, value, NEAR).contains("暗証");
    let long = word.len() >= 6 || pin && word.bytes().all(|b| b.is_ascii_digit());
    long && !reference && !known && (assigned || odd && (marked || is_mixed(word) && word.len() >= 8))
}

/// Letters and digits together, as a generated value has them.
fn is_mixed(word: &str) -> bool {
    word.bytes().any(|b| b.is_ascii_digit()) && word.bytes().any(|b| b.is_ascii_lowercase())
}

/// Decides whether a long value near a key word is random enough to be a credential.
fn random_kind(text: &str, range: &Range<usize>) -> Option<SecretKind> {
    let value = &text[range.clone()];
    let near = line_before(text, range, NEAR);
    let is_hex = value.bytes().all(|b| b.is_ascii_hexdigit());
    if is_hex && matches!(value.len(), 32 | 40) && mentions(near, DATADOG_WORDS) {
        return Some(SecretKind::DatadogKey);
    }
    if is_plain_id(text, range) || !has_random_run(value) {
        return None;
    }
    if value.len() == 40 && !value.contains(['-', '_']) && mentions(near, AWS_WORDS) {
        return Some(SecretKind::AwsSecret);
    }
    (mentions(near, KEY_WORDS) && entropy(value) >= RANDOM_BITS).then_some(SecretKind::Generic)
}

/// UUIDs, commits, digests, image tags and cloud resource ids: random, and no secret.
fn is_plain_id(text: &str, range: &Range<usize>) -> bool {
    let value = &text[range.clone()];
    let is_uuid = value.len() == 36 && value.bytes().filter(|&b| b == b'-').count() == 4;
    let is_hex = value.bytes().all(|b| b.is_ascii_hexdigit() || b == b'-');
    let is_digest = is_hex && (is_uuid || matches!(value.len(), 7..=12 | 32 | 40 | 56 | 64 | 96 | 128));
    let head = line_before(text, range, 8);
    let has_id_head = ID_HEADS
        .iter()
        .any(|id| value.starts_with(id) || head.ends_with(id));
    is_digest || has_id_head || value.contains("://") || value.contains("${")
}

/// Whether some unbroken run is long and mixed; names in kebab case are not.
fn has_random_run(value: &str) -> bool {
    value.len() >= RANDOM_LENGTH
        && value
            .split(['-', '_', '/', '+', '='])
            .any(|run| run.len() >= 12 && is_mixed(run))
}

/// Shannon entropy of the bytes, in bits per byte.
fn entropy(value: &str) -> f64 {
    let mut counts = [0_u32; 128];
    for byte in value.bytes().filter(u8::is_ascii) {
        counts[usize::from(byte)] += 1;
    }
    let total = value.len() as f64;
    let shares = counts
        .iter()
        .filter(|&&count| count > 0)
        .map(|&count| f64::from(count) / total);
    -shares.map(|share| share * share.log2()).sum::<f64>()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn kinds(text: &str) -> Vec<SecretKind> {
        find_secrets(text).into_iter().map(|(kind, _)| kind).collect()
    }

    fn values(text: &str) -> Vec<&str> {
        find_secrets(text)
            .into_iter()
            .map(|(_, range)| &text[range])
            .collect()
    }

    /// A made-up tail, put together at run time so that no scanner takes it for a leak.
    fn tail(length: usize) -> String {
        "a1b2c3d4e5f6g7h8i9j0k1l2m3n4"
            .chars()
            .cycle()
            .take(length)
            .collect()
    }

    #[test]
    fn passwords_are_taken_and_sentences_about_them_are_not() {
        assert_eq!(values("パスワード: tsubame-neko です"), ["tsubame-neko"]);
        assert_eq!(values("初期パスワードはhotaru2026でした"), ["hotaru2026"]);
        assert_eq!(
            values("db_password=\"mizu umi\" pw:kawa77"),
            ["mizu".repeat(0) + "kawa77"]
        );
        assert_eq!(values("password is kawa-77"), ["kawa-77"]);
        // The labels of forms, the value beside or below; アクセスキー is normalised to アクセスキ.
        assert_eq!(values("【初期パスワード】\nhotaru77"), ["hotaru77"]);
        assert_eq!(values("【秘密鍵】mizu-umi-2026"), ["mizu-umi-2026"]);
        assert_eq!(values("アクセスキ: mizu-umi-2026"), ["mizu-umi-2026"]);
        for text in [
            "パスワードはリセットしてください",
            "パスワードは1passwordに入れました",
            "password reset for the redash account",
            "password: ${db_password}",
            "password authentication failed",
            "パスワード: https://example.com/x",
            "【パスワード】reset",
            "pass the parameter",
        ] {
            assert!(kinds(text).is_empty(), "{text}: {:?}", values(text));
        }
    }

    #[test]
    fn headers_urls_and_keys_near_a_word_are_found() {
        assert_eq!(
            kinds(&format!("authorization: bearer {}", tail(20))),
            [SecretKind::Authorization]
        );
        assert_eq!(values("postgres://app:mizu-umi@db.internal/x"), ["app:mizu-umi"]);
        assert_eq!(
            kinds(&format!("aws_secret_access_key = {}/{}", tail(20), tail(19))),
            [SecretKind::AwsSecret]
        );
        assert_eq!(
            kinds(&format!("datadogのapi keyは {}", "0a1b2c3d".repeat(4))),
            [SecretKind::DatadogKey]
        );
        assert_eq!(
            kinds(&format!("webhook token {}", tail(24))),
            [SecretKind::Generic]
        );
    }

    #[test]
    fn ids_that_look_random_are_left() {
        let uuid = "0f8fad5b-d9cb-469f-a165-70867728950e";
        for id in [
            uuid,
            &"0a1b2c3d".repeat(5),
            &format!("sha256:{}", "0a1b2c3d".repeat(8)),
            "i-0a1b2c3d4e5f60718293",
            "kawasemi-api-key-rotation-worker",
        ] {
            assert!(kinds(&format!("key {id}")).is_empty(), "{id}");
        }
    }

    #[test]
    fn a_private_key_is_one_secret_to_its_end() {
        let body = tail(64);
        let key = format!(
            "-----begin {} key-----\n{body}\n{body}\nab==\n-----end {} key-----",
            "private", "private"
        );
        assert_eq!(values(&format!("鍵です\n{key}\nよろしく")), [key.as_str()]);
        let json = format!(
            "\"private_key\": \"-----begin {} key-----\\n{body}\\n-----end {} key-----\\n\"",
            "rsa private", "rsa private"
        );
        assert_eq!(kinds(&json), [SecretKind::PrivateKey]);
    }
}
