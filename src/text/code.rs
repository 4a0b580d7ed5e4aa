//! Tells what kind of machine text a block is, and finds such blocks where nobody fenced them.
//!
//! A block is evidence of its own: a trace speaks for an investigation, a key for access. Its words are kept from
//! the clusters by those who read the [`CodeKind`]. This file judges raw text and changes nothing.

use std::sync::LazyLock;

use super::document::CodeKind;
use crate::matching::Pattern;

/// Lines of a block that are looked at; a log of 100,000 lines is known by its head.
const SAMPLED_LINES: usize = 200;

/// Fewer unfenced lines than this may be a quoted message inside prose; they stay prose.
const SHORTEST_RUN: usize = 4;

static TIMESTAMP: LazyLock<Pattern> = LazyLock::new(|| {
    Pattern::new(
        r"^\s*[\[(]?(?:\d{4}[-/]\d{2}[-/]\d{2}[T ]\d{2}:\d{2}|\d{2}:\d{2}:\d{2}[.,\s\]]|(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec) [ \d]\d \d{2}:\d{2}:\d{2}|\d{10,13}[ .])",
    )
});
static LEVEL: LazyLock<Pattern> = LazyLock::new(|| {
    Pattern::new(
        r"^\s*(?:\[?(?:TRACE|DEBUG|INFO|WARN|WARNING|ERROR|FATAL|CRITICAL)\]?[ :\]|]|[IWEF]\d{4} \d|level=|ts=|time=|npm ERR!)",
    )
});
static FRAME: LazyLock<Pattern> = LazyLock::new(|| {
    Pattern::new(
        r#"^\s*(?:at [\w.$<>/\[\] ]+\(.*\)|at \S+:\d+|File ".*", line \d+|Caused by: |\.\.\. \d+ (?:more|common)|#\d+ +\S|goroutine \d+ \[|from \S+:\d+:in |\d+: [\w:<>]+$|[\w./-]+\.\w{1,5}:\d+(?::\d+)?\b)"#,
    )
});
static TRACE_HEAD: LazyLock<Pattern> = LazyLock::new(|| {
    Pattern::new(
        r"^\s*(?:Traceback \(most recent call last\)|Exception in thread|panic: |thread '.*' panicked at|Caused by: |[\w.$]*(?:Exception|Error): )",
    )
});
static SQL: LazyLock<Pattern> = LazyLock::new(|| {
    Pattern::new(
        r"^\s*(?:explain\s+(?:analyze\s+)?)?(?:select\s.*\S|select$|insert\s+into\s|update\s+\S+(?:\s+set\b|$)|delete\s+from\s|(?:alter|create|drop|truncate)\s+(?:or\s+replace\s+)?(?:unique\s+)?(?:table|index|view|user|role|database|schema|function|type)\b|grant\s.*\b(?:on|to)\b|revoke\s.*\bfrom\b|with\s+\w+\s+as\s*\(|begin;|show\s+(?:tables|processlist|grants))",
    )
});
static SHELL: LazyLock<Pattern> = LazyLock::new(|| {
    Pattern::new(
        r"^\s*(?:[$%#] \S|\S*[$#%] +\w|(?:sudo|kubectl|gcloud|aws|az|docker|helm|terraform|git|gh|curl|wget|ssh|scp|npm|yarn|pnpm|pip|brew|apt|cargo|make|psql|mysql|bq|gsutil|export|cd|cat|ls|echo|bundle|rails|systemctl|ping|dig|nslookup)(?:\s+\S|$))",
    )
});
static CONFIG: LazyLock<Pattern> = LazyLock::new(|| {
    Pattern::new(
        r#"^\s*(?:- )?(?:"[^"]+"\s*:|[\w.-]+\s*:(?:\s|$)|[\w.-]+\s*=\s*\S|\[[\w.\s"-]+\]$|(?:resource|module|variable|provider|data|locals|output|terraform)\b.*\{|[{}\[\]],?$|- \S+$|apiVersion:)"#,
    )
});
static DIFF: LazyLock<Pattern> = LazyLock::new(|| Pattern::new(r"^(?:diff --git |@@ -\d+|--- a/|\+\+\+ b/)"));
static KEY: LazyLock<Pattern> = LazyLock::new(|| {
    Pattern::new(
        r"^\s*(?:-----BEGIN [A-Z0-9 ]+-----|(?:ssh-(?:rsa|ed25519|dss)|ecdsa-sha2-\S+|sk-\S+@openssh\.com) +AAAA)",
    )
});

/// Tells the kind of a block from its content, or from the language its fence names.
pub(super) fn kind(block: &str) -> CodeKind {
    let (language, content) = language(block);
    let sample: Vec<&str> = content
        .lines()
        .filter(|line| !line.trim().is_empty())
        .take(SAMPLED_LINES)
        .collect();
    if sample.iter().any(|line| KEY.is_match(line)) {
        return CodeKind::Key;
    }
    named(language).unwrap_or_else(|| by_content(&sample))
}

/// Finds the line ranges of machine text that stands between lines of prose, and its kind.
///
/// Keys and SQL statements are taken at any length, traces and logs from four lines on.
pub(super) fn runs(lines: &[&str]) -> Vec<(std::ops::Range<usize>, CodeKind)> {
    let mut runs = Vec::new();
    let mut at = 0;
    while at < lines.len() {
        let (len, kind) = run(&lines[at..]);
        if let Some(kind) = kind {
            runs.push((at..at + len, kind));
        }
        at += len;
    }
    runs
}

/// How many lines from the first on belong together, and the kind if they are machine text. At least one.
fn run(lines: &[&str]) -> (usize, Option<CodeKind>) {
    let first = lines[0];
    if !first.trim_start().starts_with(|c: char| c.is_ascii()) {
        return (1, None);
    }
    if KEY.is_match(first) {
        return (key_len(lines), Some(CodeKind::Key));
    }
    if DIFF.is_match(first) {
        return (until_blank(lines), Some(CodeKind::Diff));
    }
    if let Some(len) = statement_len(lines) {
        return (len, Some(CodeKind::Sql));
    }
    let len = lines.iter().take_while(|line| is_machine_line(line)).count();
    if len < SHORTEST_RUN {
        return (len.max(1), None);
    }
    (len, Some(by_content(&lines[..len.min(SAMPLED_LINES)])))
}

fn key_len(lines: &[&str]) -> usize {
    if !lines[0].trim_start().starts_with("-----BEGIN") {
        return 1;
    }
    // Base64 has no white space: a line with some ends a key whose footer is missing.
    let body = lines[1..]
        .iter()
        .take_while(|line| !line.trim().contains(' ') && !line.trim().is_empty())
        .count();
    let footer = lines
        .get(body + 1)
        .is_some_and(|line| line.trim_start().starts_with("-----END"));
    1 + body + usize::from(footer)
}

fn until_blank(lines: &[&str]) -> usize {
    lines.iter().take_while(|line| !line.trim().is_empty()).count()
}

/// Lines of an unfenced SQL statement. It must be closed by `;`, or English prose would be taken for one.
fn statement_len(lines: &[&str]) -> Option<usize> {
    const LONGEST: usize = 100;
    if !is_sql(lines[0]) {
        return None;
    }
    let block = lines
        .iter()
        .take(LONGEST)
        .take_while(|line| !line.trim().is_empty());
    block
        .enumerate()
        .find(|(_, line)| line.trim_end().ends_with(';'))
        .map(|(at, _)| at + 1)
}

/// Whether a line begins a statement of SQL, in any case.
fn is_sql(line: &str) -> bool {
    const VERBS: [&str; 14] = [
        "explain", "select", "insert", "update", "delete", "alter", "create", "drop", "truncate", "grant",
        "revoke", "with", "begin", "show",
    ];
    let start = line.trim_start().as_bytes();
    let opens = |verb: &&str| {
        start
            .get(..verb.len())
            .is_some_and(|head| head.eq_ignore_ascii_case(verb.as_bytes()))
    };
    VERBS.iter().any(opens) && SQL.is_match(&line.to_ascii_lowercase())
}

fn is_machine_line(line: &str) -> bool {
    TIMESTAMP.is_match(line)
        || LEVEL.is_match(line)
        || FRAME.is_match(line)
        || TRACE_HEAD.is_match(line)
        || is_indented(line)
}

/// Four blanks or a tab, then mostly ASCII: wrapped prose in Japanese is not meant.
fn is_indented(line: &str) -> bool {
    let content = line.trim_start();
    let indented = line.starts_with("    ") || line.starts_with('\t');
    indented && !content.is_empty() && content.is_ascii() && !content.starts_with(['-', '*'])
}

/// The language word after an opening fence, if there is one, and the rest.
fn language(block: &str) -> (&str, &str) {
    match block.split_once('\n') {
        Some((first, rest))
            if !first.trim().is_empty() && first.trim().chars().all(|c| c.is_ascii_alphanumeric()) =>
        {
            (first.trim(), rest)
        }
        _ => ("", block),
    }
}

fn named(language: &str) -> Option<CodeKind> {
    Some(match language.to_ascii_lowercase().as_str() {
        "sql" | "mysql" | "postgresql" | "pgsql" => CodeKind::Sql,
        "diff" | "patch" => CodeKind::Diff,
        "sh" | "bash" | "zsh" | "shell" | "console" | "powershell" => CodeKind::Shell,
        "yaml" | "yml" | "json" | "toml" | "hcl" | "tf" | "terraform" | "ini" | "env" | "xml" | "nginx" => {
            CodeKind::Config
        }
        "log" | "logs" => CodeKind::Log,
        _ => return None,
    })
}

fn by_content(sample: &[&str]) -> CodeKind {
    let count = |pattern: &Pattern| sample.iter().filter(|line| pattern.is_match(line)).count();
    let half = sample.len().div_ceil(2).max(1);
    let first = sample.first().copied().unwrap_or_default();
    if count(&DIFF) > 0 {
        CodeKind::Diff
    } else if count(&FRAME) >= 2
        || (count(&TRACE_HEAD) > 0 && count(&FRAME) > 0)
        || count(&TRACE_HEAD) >= half
    {
        CodeKind::Trace
    } else if sample
        .iter()
        .filter(|line| TIMESTAMP.is_match(line) || LEVEL.is_match(line))
        .count()
        >= half
    {
        CodeKind::Log
    } else if is_sql(first) {
        CodeKind::Sql
    } else if SHELL.is_match(first) {
        CodeKind::Shell
    } else if count(&CONFIG) >= half {
        CodeKind::Config
    } else {
        CodeKind::Other
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn blocks_are_known_by_their_content() {
        for (block, expected) in [
            (
                "java.lang.IllegalStateException: closed\n\tat com.example.Pool.get(Pool.java:41)\n",
                CodeKind::Trace,
            ),
            (
                "Traceback (most recent call last):\n  File \"app.py\", line 3, in main\nKeyError: 'x'",
                CodeKind::Trace,
            ),
            (
                "thread 'main' panicked at src/main.rs:3:5:\nindex out of bounds",
                CodeKind::Trace,
            ),
            (
                "2026-07-01T10:00:00Z ERROR upstream timed out\n2026-07-01T10:00:01Z INFO retry",
                CodeKind::Log,
            ),
            ("ERROR: connection refused", CodeKind::Log),
            ("SELECT id FROM users\nWHERE active = true;", CodeKind::Sql),
            ("GRANT SELECT ON bids TO reader;", CodeKind::Sql),
            (
                "replicas: 3\nresources:\n  limits:\n    memory: 2Gi",
                CodeKind::Config,
            ),
            (
                "resource \"google_project\" \"a\" {\n  name = \"a\"\n}",
                CodeKind::Config,
            ),
            ("{\n  \"a\": 1\n}", CodeKind::Config),
            ("diff --git a/x b/x\n@@ -1 +1 @@\n-a\n+b", CodeKind::Diff),
            ("$ kubectl get pods -n kawasemi", CodeKind::Shell),
            ("gcloud projects list", CodeKind::Shell),
            ("yaml\nfoo", CodeKind::Config),
            ("sql\n-- fix\nupdate t set a = 1", CodeKind::Sql),
            ("こんにちは", CodeKind::Other),
            ("", CodeKind::Other),
        ] {
            assert_eq!(kind(block), expected, "{block}");
        }
    }

    #[test]
    fn keys_are_known_by_their_head() {
        let pem = format!("-----{} OPENSSH PRIVATE KEY-----\nabc\n", "BEGIN");
        let ssh = format!("ssh-ed25519 {} yuki@example.com", "AAAAC3Nz");
        assert_eq!(kind(&pem), CodeKind::Key);
        assert_eq!(kind(&ssh), CodeKind::Key);
    }

    #[test]
    fn unfenced_machine_text_is_found() {
        let text = "落ちています。\n2026-07-01 10:00:00 ERROR a\n2026-07-01 10:00:01 ERROR b\n2026-07-01 10:00:02 INFO c\n\tat x.Y.z(Y.java:1)\n原因を見てください";
        let lines: Vec<&str> = text.lines().collect();
        assert_eq!(runs(&lines), [(1..5, CodeKind::Log)]);
    }

    #[test]
    fn an_unfenced_trace_includes_its_head() {
        let trace = "Error: connect ETIMEDOUT\n    at A.b (net.js:1:16)\n    at C.d (y.js:1:2)\n    at z (a.js:3:4)\n見て";
        let lines: Vec<&str> = trace.lines().collect();
        assert_eq!(runs(&lines), [(0..4, CodeKind::Trace)]);
    }

    #[test]
    fn a_short_quote_of_a_log_stays_prose() {
        let lines = ["10:00:01 ERROR a", "が出ます", "10:30から作業します"];
        assert_eq!(runs(&lines), []);
    }

    #[test]
    fn an_unfenced_statement_ends_at_its_semicolon() {
        let lines = [
            "以下を実行してください",
            "UPDATE bids SET state = 1",
            "WHERE id = 3;",
            "以上です",
        ];
        assert_eq!(runs(&lines), [(1..3, CodeKind::Sql)]);
        assert_eq!(
            runs(&["update the staging cluster please", "select a plan for us"]),
            []
        );
    }

    #[test]
    fn a_key_block_ends_with_its_footer() {
        let head = format!("-----{} PUBLIC KEY-----", "BEGIN");
        let lines = [
            head.as_str(),
            "MIIB",
            "-----END PUBLIC KEY-----",
            "よろしくお願いします",
        ];
        assert_eq!(runs(&lines), [(0..3, CodeKind::Key)]);
    }
}
