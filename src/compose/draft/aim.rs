//! Whether a ticket takes something away: then none of its words may become a row that grants.
//!
//! A ticket may do both (take the old role, give the new one). Which of its values belongs to which half is not ours to
//! guess, so one word of taking is enough, wherever the requester wrote it. A row too few is seen by a person; a grant
//! made of what should have gone is seen by nobody.

use std::sync::LazyLock;

use regex::Regex;

use crate::automation::taking::asks_to_take;
use crate::classify::concepts::Lexicon;
use crate::taxonomy::Taxonomy;
use crate::text::{Block, Boilerplate, Document, Parts, normalize};
use crate::ticket::Ticket;

/// Concepts that ask to take something away.
const TAKING: [&str; 4] = ["remove", "revoke", "offboard", "disable"];

/// What ends the grant that is asked for, when it has served: 「終わったら外してください」. It names nothing, so it takes
/// nothing else away.
static WHEN_DONE: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(concat!(
        "(?:終わったら|終わりましたら|終了したら|完了したら|済んだら|終わり次第|終了後|完了後|(?:不要|用済み)にな(?:ったら|り次第))",
        "[^。\na-z0-9旧元古前今現他別]{0,20}(?:外し|外す|削除|剥奪|剥が|解除|消し|無効|返却|返上)[^。\n]{0,12}",
        r"|\b(?:once|when|after|as soon as)\b[^.\n]{0,60}\b(?:remove|revoke|delete|disable) (?:it|them|this|that|him|her|(?:the )?access)\b",
        r"|\b(?:remove|revoke|delete|disable) (?:it|them|this|that|him|her|(?:the )?access) (?:once|when|after|afterwards|again)\b",
    ))
    .ok()
});

/// Names of things, which may be made of any words: a bucket called `partner-drop` drops nothing.
static NAMES: LazyLock<Option<Regex>> = LazyLock::new(|| Regex::new("[a-z0-9]+(?:[-_.@][a-z0-9]+)+").ok());

/// Reads tickets for words of taking.
pub(super) struct Aim<'t> {
    lexicon: Lexicon<'t>,
    /// Names of patterns and sub-patterns: a form that says 「アカウント招待・削除」 over every request asks nothing.
    names: Vec<String>,
}

impl<'t> Aim<'t> {
    pub(super) fn new(taxonomy: &'t Taxonomy) -> Self {
        let subs = taxonomy.patterns.iter().flat_map(|pattern| &pattern.subs);
        let names = taxonomy.patterns.iter().map(|pattern| &pattern.name);
        let names = names.chain(subs.map(|sub| &sub.name));
        let mut names: Vec<String> = names
            .flat_map(|name| [&name.ja, &name.en])
            .map(|name| normalize(name).into_text())
            .filter(|name| !name.is_empty())
            .collect();
        // The longest first, so that no name is cut out of the middle of another.
        names.sort_by(|a, b| b.len().cmp(&a.len()).then_with(|| a.cmp(b)));
        names.dedup();
        Self {
            lexicon: Lexicon::new(taxonomy),
            names,
        }
    }

    /// Whether title or body ask to take something away, if only beside what they ask to give.
    pub(super) fn takes(&self, ticket: &Ticket) -> bool {
        let parts = Parts {
            title: ticket.title.as_deref(),
            body: ticket.body.as_deref(),
            ..Parts::default()
        };
        let document = Document::read(&parts, &Boilerplate::none());
        let said = |block| matches!(block, Block::Prose | Block::Answer);
        let mut passages = document.passages.iter().filter(|passage| said(passage.block));
        passages.any(|passage| self.is_taking(passage.text.text()))
    }

    fn is_taking(&self, text: &str) -> bool {
        let done = WHEN_DONE.as_ref().map(|done| done.replace_all(text, " "));
        let mut text = done.unwrap_or_else(|| text.into()).into_owned();
        for name in &self.names {
            text = text.replace(name.as_str(), " ");
        }
        if let Some(names) = NAMES.as_ref() {
            text = names.replace_all(&text, " ").into_owned();
        }
        let concepts = self.lexicon.find(&text);
        concepts.iter().any(|concept| TAKING.contains(&concept.as_str())) || asks_to_take(&text)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ticket::TicketId;

    fn takes(title: &str, body: &str) -> bool {
        let taxonomy = Taxonomy::builtin().unwrap();
        let mut ticket = Ticket::new(TicketId::new("T-1").unwrap());
        ticket.title = Some(title.to_owned());
        ticket.body = Some(body.to_owned());
        Aim::new(&taxonomy).takes(&ticket)
    }

    #[test]
    fn taking_counts_also_beside_giving() {
        for (title, body) in [
            ("権限変更のお願い", "editor を外し、viewer を付与してください"),
            (
                "roles/run.viewer を付与してください",
                "roles/editor は剥奪してください",
            ),
            ("GitHubへの招待と削除", "a さんを招待、b さんを削除"),
            ("please add mio", "and remove dan from the team"),
            ("Aさんの招待", "Bさんと入れ替えです"),
            ("revoke access", ""),
            (
                "BigQuery access",
                "role: read\nHe moved teams so he must lose it.",
            ),
            (
                "権限付与",
                "ロール: roles/viewer\nプロジェクトから抜けるので返却します",
            ),
        ] {
            assert!(takes(title, body), "{title} {body}");
        }
    }

    #[test]
    fn the_end_of_what_is_asked_for_is_no_taking() {
        for body in [
            "閲覧権限をください。終わったら外していただいて構いません",
            "調査完了後に剥奪してください",
            "作業が終わったら返却します",
            "please grant viewer; we will ask you to revoke it afterwards",
        ] {
            assert!(!takes("権限のお願い", body), "{body}");
        }
        // What is named goes, whenever.
        for body in [
            "viewer を付与。移行完了後、roles/editor は削除してください",
            "移行が終わったので、editor を外して viewer を付けてください",
            "移行が終わったので権限を外してください。新しい権限の付与もお願いします",
            "閲覧権限をください。確認完了後に旧権限を外してください",
            "add viewer, and remove editor after the migration",
        ] {
            assert!(takes("権限のお願い", body), "{body}");
        }
    }

    #[test]
    fn a_name_takes_nothing_whatever_it_is_made_of() {
        let body = "minamo-partner-drop バケットを読めるように付与してください";
        assert!(!takes("権限をください", body));
    }

    #[test]
    fn the_name_of_a_form_asks_nothing() {
        assert!(!takes(
            "アカウント招待・削除",
            "【操作】招待\n【対象者】sora@example.com\n【理由】配属のため"
        ));
        assert!(!takes(
            "権限をください",
            "> 先週削除された件です\n閲覧権限を付与してください"
        ));
    }
}
