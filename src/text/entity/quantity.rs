//! Numbers that are no dates: telephone and ticket numbers, account ids, counts and measures.
//!
//! Which of them a number is depends on its unit and its neighbours; the order of the rules settles the rest.

use std::ops::Range;

use super::guards::{after, before, line_after, line_before, mentions, unit, word};
use super::kind::EntityKind;
use super::rule::Rule;

/// Letters before `-123` that are standards, versions and sizes and no ticket keys.
const NOT_TICKETS: &[&str] = &[
    "utf",
    "sha",
    "iso",
    "rfc",
    "gpt",
    "node",
    "python",
    "java",
    "go",
    "ruby",
    "php",
    "tls",
    "http",
    "base",
    "aes",
    "rsa",
    "ed",
    "ver",
    "top",
    "step",
    "phase",
    "case",
    "no",
    "us",
    "eu",
    "ap",
    "pg",
    "mysql",
    "postgres",
    "redis",
    "cve",
    "covid",
    "md",
    "east",
    "west",
    "north",
    "fy",
    "ec",
    "jdk",
    "jre",
    "elasticsearch",
    "ubuntu",
    "debian",
    "alpine",
    "req",
    "win",
    "ie",
    "es",
    "port",
    "from",
    "to",
    "of",
    "in",
    "at",
    "by",
    "on",
    "max",
    "min",
    "level",
    "tier",
    "type",
    "page",
    "pod",
    "claude",
];
const ACCOUNT_WORDS: &[&str] = &["aws", "account", "アカウント", "amazon", "iam"];
/// Words that make twelve digits a person's number and not a cloud account's.
const MY_NUMBER_WORDS: &[&str] = &["マイナンバ", "個人番号", "my number", "mynumber"];

/// The rules for numbers, in order of precedence; dates have been asked for before.
pub(super) fn rules() -> Vec<Rule> {
    use EntityKind::{Account, Number, Phone, TicketNumber};
    vec![
        Rule::new(
            Phone,
            b"0",
            r"\(?(?:\+81[ -]?|0)[0-9]{1,4}(?:\)|[ -])?[0-9]{1,4}[ -]?[0-9]{3,4}",
            phone,
        ),
        Rule::in_word(TicketNumber, b"#0", r"#[0-9]+", ticket),
        Rule::in_word(TicketNumber, b"-0", r"[a-z]{2,10}-[0-9]{2,7}", ticket_key),
        Rule::new(
            TicketNumber,
            b"0",
            r"(?:チケット|課題|issue|pr|pull request|ticket)(?:番号|no\.?)? ?#?[0-9]+",
            ticket,
        ),
        Rule::in_word(Account, b"0", r"[0-9]{4}-?[0-9]{4}-?[0-9]{4}", account),
        Rule::new(
            Number,
            b"0",
            r"[0-9]+(?:[.,][0-9]+)* ?(?:名|人|件|台|個|%|ヶ所|か所|箇所|コア|本|回|つ|行|通|枚|倍|円|ドル|万|億|千|世代|席|ノード|レプリカ|インスタンス|シート|ライセンス|アカウント|ユーザー?|並列|多重|票|社|拠点|種類?|段階?|桁|文字|バイト)",
            unit,
        ),
        Rule::new(
            Number,
            b"0",
            r"[0-9]+(?:[.,][0-9]+)* ?(?:[kmgtp]i?b?|bytes?|bits?|v?cpus?|cores?|ms|us|ns|s|h|x|rps|qps|req/s|iops|pods?|nodes?|replicas?|instances?|users?|seats?|licen[sc]es?|people|persons?|members?|accounts?|usd|jpy|yen|percent|times|rows?|records?|shards?|partitions?)",
            word,
        ),
    ]
}

/// Ten or eleven digits from 0, in groups or as a mobile number, not inside a longer number.
fn phone(text: &str, range: Range<usize>) -> Option<Range<usize>> {
    let value = &text[range.clone()];
    let digits: String = value
        .replace("+81", "0")
        .chars()
        .filter(char::is_ascii_digit)
        .collect();
    let digits = digits
        .strip_prefix("00")
        .map_or(digits.clone(), |rest| format!("0{rest}"));
    let groups = value
        .split([' ', '-', '(', ')'])
        .filter(|group| !group.is_empty())
        .count();
    let mobile = digits.len() == 11
        && ["050", "070", "080", "090"]
            .iter()
            .any(|head| digits.starts_with(head));
    let (previous, next) = (before(text, &range), after(text, &range));
    let bound = previous.is_ascii_alphanumeric() || matches!(previous, b'-' | b'.' | b'/' | b'_');
    let goes_on = next.is_ascii_alphanumeric() || matches!(next, b'-' | b'_');
    let plausible = mobile || digits.len() == 10 && groups >= 3;
    (plausible && !bound && !goes_on).then_some(range)
}

fn ticket(text: &str, range: Range<usize>) -> Option<Range<usize>> {
    let bound = before(text, &range).is_ascii_alphanumeric() || after(text, &range).is_ascii_alphanumeric();
    (!bound).then_some(range)
}

fn ticket_key(text: &str, range: Range<usize>) -> Option<Range<usize>> {
    let (key, _) = text[range.clone()].split_once('-')?;
    let bound = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'.' | b'/');
    let goes_on = after(text, &range) != b'.' && bound(after(text, &range));
    (!NOT_TICKETS.contains(&key) && !bound(before(text, &range)) && !goes_on).then_some(range)
}

fn account(text: &str, range: Range<usize>) -> Option<Range<usize>> {
    let range = word(text, range)?;
    let (head, tail) = (line_before(text, &range, 60), line_after(text, &range, 40));
    let said = mentions(head, ACCOUNT_WORDS) || mentions(tail, ACCOUNT_WORDS);
    (said && !is_my_number(text, &range)).then_some(range)
}

/// Tells whether the twelve digits of a range are said to be somebody's My Number, right before them.
pub(crate) fn is_my_number(text: &str, range: &Range<usize>) -> bool {
    mentions(line_before(text, range, 40), MY_NUMBER_WORDS)
}
