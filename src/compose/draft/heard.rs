//! What people wrote under the requests: the work that was recorded and what had to be asked back.
//!
//! A comment is redacted as a whole before it is cut into lines: a password often stands a line below the word that
//! makes it one, and no line is told that holds what another comment makes a secret. Commands are kept as they were written, for a shell tells `-R` from `-r`.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use regex::Regex;

use crate::automation::draft::secrets::{holds, secret_words};
use crate::automation::draft::{Ground, Request};
use crate::text::{Block, Boilerplate, CodeKind, Document, Parts, Recognizer, fold, plain};

/// Lines of comments that say something, in characters.
const LINE_LENGTH: std::ops::RangeInclusive<usize> = 6..=160;

/// A line that people wrote under tickets, with how many tickets have one like it.
pub(super) struct Line {
    /// As it may be shown.
    pub(super) shown: String,
    pub(super) is_command: bool,
    pub(super) tickets: usize,
    first: usize,
}

/// What comments say, by kind, commonest first.
#[derive(Default)]
pub(super) struct Heard {
    pub(super) done: Vec<Line>,
    pub(super) asked_back: Vec<Line>,
}

/// Gathers the lines under the requests, alike ones together, commonest first.
pub(super) fn hear(ground: &Ground<'_>) -> Heard {
    let recognizer = Recognizer::new(ground.people);
    let mut done: BTreeMap<String, Line> = BTreeMap::new();
    let mut asked: BTreeMap<String, Line> = BTreeMap::new();
    for (at, request) in ground.requests.iter().enumerate() {
        let mut of_ticket: BTreeMap<String, (String, bool)> = BTreeMap::new();
        for (text, is_command) in said(request, ground) {
            of_ticket
                .entry(recognizer.skeleton(&fold(&text)))
                .or_insert((text, is_command));
        }
        for (skeleton, (text, is_command)) in of_ticket {
            let folded = fold(&text);
            let into = match () {
                () if is_command => &mut done,
                () if asks(&folded) => &mut asked,
                () if is_step(&folded) => &mut done,
                () => continue,
            };
            let line = into.entry(skeleton).or_insert_with(|| Line {
                shown: text,
                is_command,
                tickets: 0,
                first: at,
            });
            line.tickets += 1;
        }
    }
    Heard {
        done: commonest(done),
        asked_back: commonest(asked),
    }
}

fn commonest(lines: BTreeMap<String, Line>) -> Vec<Line> {
    let mut lines: Vec<Line> = lines.into_values().collect();
    lines.sort_by(|a, b| {
        b.tickets
            .cmp(&a.tickets)
            .then(a.first.cmp(&b.first))
            .then_with(|| a.shown.cmp(&b.shown))
    });
    lines
}

/// The lines that others than the requester wrote under a ticket, fit to be shown: prose and commands, no courtesies.
fn said(request: &Request<'_>, ground: &Ground<'_>) -> Vec<(String, bool)> {
    let ticket = request.ticket;
    let by_requester = |author: &Option<String>| {
        author
            .as_ref()
            .is_some_and(|author| ticket.requesters.contains(author))
    };
    let comments = ticket
        .comments
        .iter()
        .filter(|comment| !by_requester(&comment.author));
    let secrets = secret_words(ticket);
    comments
        .flat_map(|comment| lines(&ground.show_text(&comment.text)))
        .filter(|(line, _)| !holds(&secrets, line))
        .collect()
}

/// The lines of a comment, as they are written, and whether each is a command.
fn lines(comment: &str) -> Vec<(String, bool)> {
    let parts = Parts {
        comments: vec![comment],
        ..Parts::default()
    };
    let document = Document::read(&parts, &Boilerplate::none());
    let mut lines = Vec::new();
    for passage in &document.passages {
        let is_command = passage.block == Block::Code(CodeKind::Shell);
        if !(is_command || passage.block == Block::Prose) {
            continue;
        }
        let ends: &[char] = if is_command { &['\n'] } else { &['\n', '。'] };
        let text = passage.text.text();
        let mut start = 0;
        for piece in text.split_inclusive(ends) {
            let range = start..start + piece.trim_end_matches(ends).len();
            start += piece.len();
            let written = comment.get(passage.text.original(range)).unwrap_or_default();
            let line = plain(written);
            if LINE_LENGTH.contains(&line.chars().count()) && (is_command || tells(&line)) {
                lines.push((line, is_command));
            }
        }
    }
    lines
}

/// Whether prose says something of the work. A lone word, such as a code or an id pasted by itself, does not, and it
/// may be what nobody should see; nor does a line in which a secret was handed over.
fn tells(line: &str) -> bool {
    (!line.is_ascii() || line.contains(' ')) && !line.contains("〔secret:")
}

/// What was done, normalised: 「付与しました」, "granted".
static DONE: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(concat!(
        r"ました|(?:しておき|して(?:い)?ます$)|(?:追加|付与|招待|削除|発行|設定|変更|適用|反映|更新|再起動|作成|登録|無効化|停止|送信|切り?替え|マージ|実行|解除)(?:は|も|を)?(?:済|完了|した|$)",
        r"|\b(?:added|granted|invited|created|made|removed|revoked|deleted|updated|changed|set|sent|resent|ran|re-?ran|applied|merged|enabled|disabled|reset|restarted|rotated|issued|assigned|moved|switched|raised|lowered|bumped|deployed|rolled|attached|imported|opened|registered|put|gave|fixed|restored|renewed|upgraded|installed)\b",
    ))
    .ok()
});

/// What speaks of no work, or of work that is still to be done, normalised: waiting, thanks, a look, a plan, an appeal.
static NO_STEP: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(concat!(
        r"待ち|待って|(?:了解|承知|確認|把握|理解|解決|助か|わかり|分かり|でき|見られ|見え|入れ|届き|頂き|いただき|いただけ|もらい|なり|あり|失礼|遅くなり|完了次第)(?:いた|致)?(?:し)?ました",
        r"|(?:ください|下さい|お願い)|(?:します|やります|する予定|予定です|ましょう)(?:ね|が)?$|てから",
        r"|\b(?:waiting|thanks?|please|will|i'll|we'll|going to|should|could|can you|would|let me|tomorrow|not yet|until|works? (?:now|for me)|it works)\b",
    ))
    .ok()
});

/// Whether a line tells a step of the work: that something was done, not that somebody waits, thanks or plans.
fn is_step(line: &str) -> bool {
    let matches = |regex: &Option<Regex>| regex.as_ref().is_some_and(|regex| regex.is_match(line));
    matches(&DONE) && !matches(&NO_STEP)
}

fn asks(line: &str) -> bool {
    line.ends_with(['?', 'か'])
        || line.contains("教えて")
        || line.starts_with("which ")
        || line.starts_with("could you")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_is_kept_as_it_was_written() {
        let comment = "付与しました。\n```\n$ gcloud projects add-iam-policy-binding Kawasemi --member=\"user:A@b\"\n$ kubectl -n Web get Pods | grep -V x\n```";
        let lines: Vec<String> = lines(comment).into_iter().map(|(line, _)| line).collect();
        assert_eq!(
            lines,
            [
                "付与しました",
                "$ gcloud projects add-iam-policy-binding Kawasemi --member=\"user:A@b\"",
                "$ kubectl -n Web get Pods | grep -V x"
            ]
        );
    }

    #[test]
    fn a_step_is_what_was_done() {
        for line in [
            "jobuserはprdには付けない運用なので adhoc 側に付けました",
            "グループへの付与は完了",
            "期限切れの古い招待が残っていたので送り直しました",
            "added to the team and sent the invitation",
            "re-ran the job with the new key",
        ] {
            assert!(is_step(line), "{line}");
        }
        for line in [
            "コンソール左上のプロジェクトを adhoc に切り替えて実行してください",
            "mart_paymentのオーナーの承認だけ待ちです",
            "個人分の剥奪は動作確認の連絡をもらってからやります",
            "確認しました",
            "承知しました、明日対応します",
            "見られました",
            "thanks, it works now",
            "will be added tomorrow",
            "waiting for the owner",
        ] {
            assert!(!is_step(line), "{line}");
        }
    }

    #[test]
    fn a_lone_word_tells_nothing() {
        assert!(lines("aB3dE5gH7").is_empty());
        assert!(lines("〔secret:password〕").is_empty());
        assert_eq!(lines("Sent the invitation.").len(), 1);
    }
}
