//! A page's content as Markdown: by the endpoint that gives all of it at once, else block by block.

use std::collections::BTreeSet;

use serde_json::Value;

use super::api::Next;
use super::error::NotionError;
use super::value::rich_text;
use super::{Client, List};

/// Blocks of one page that are read at most, as many as Notion's own Markdown endpoint gives.
const MOST_BLOCKS: usize = 20_000;

/// Parts of one page that are asked for one by one when its Markdown comes cut.
const MOST_PARTS: usize = 200;

/// How deep blocks may be nested before the rest is left out.
const MOST_DEPTH: usize = 30;

/// How often a list is begun anew because a cursor was lost.
const RESTARTS: usize = 3;

/// What is known of how this server gives content.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Reader {
    /// Whether it has no Markdown endpoint.
    has_no_markdown: bool,
    /// Pages in a row for which the endpoint failed and blocks did not.
    failures: u32,
}

/// Failing pages in a row after which the Markdown endpoint is not asked any more.
const MOST_FAILURES: u32 = 2;

impl Reader {
    /// Reads a page's content. One request where the server can give Markdown, else one for every hundred blocks and
    /// one for each block with children.
    ///
    /// # Errors
    ///
    /// [`NotionError::NotFound`] if the page is not there any more, [`NotionError::Restricted`] if the connection may
    /// not read content, or why Notion cannot be read at present.
    pub fn read(&mut self, client: &mut Client, page: &str) -> Result<String, NotionError> {
        if self.has_no_markdown {
            return by_blocks(client, page);
        }
        match by_markdown(client, page) {
            Ok(text) => {
                self.failures = 0;
                Ok(text)
            }
            Err(NotionError::NoSuchRoute { .. }) => {
                self.has_no_markdown = true;
                by_blocks(client, page)
            }
            Err(
                NotionError::Failing { .. }
                | NotionError::Refused { .. }
                | NotionError::NotFound { .. }
                | NotionError::Unreadable { .. }
                | NotionError::TooSlow { .. },
            ) => {
                let text = by_blocks(client, page)?;
                self.failures += 1;
                self.has_no_markdown = self.failures >= MOST_FAILURES;
                Ok(text)
            }
            Err(error) => Err(error),
        }
    }
}

/// Asks for the whole page, then for the parts that did not fit in.
fn by_markdown(client: &mut Client, page: &str) -> Result<String, NotionError> {
    let mut answer = client.markdown(page)?;
    let Some(Value::String(mut text)) = answer.remove("markdown") else {
        return Err(NotionError::Unreadable {
            what: "a page's text".to_owned(),
            reason: "it holds no text".to_owned(),
            attempts: 1,
        });
    };
    let is_cut = answer.get("truncated").and_then(Value::as_bool).unwrap_or(false);
    let mut missing = if is_cut {
        unknown_blocks(&answer)
    } else {
        Vec::new()
    };
    if is_cut && missing.is_empty() {
        return Err(NotionError::Unreadable {
            what: "a page's text".to_owned(),
            reason: "it is cut, and does not say where".to_owned(),
            attempts: 1,
        });
    }
    let mut asked: BTreeSet<String> = BTreeSet::from([page.to_owned()]);
    while let Some(part) = missing.pop() {
        if asked.len() > MOST_PARTS || !asked.insert(part.clone()) {
            continue;
        }
        match client.markdown(&part) {
            Ok(answer) => {
                if let Some(more) = answer.get("markdown").and_then(Value::as_str) {
                    text.push_str("\n\n");
                    text.push_str(more);
                }
                missing.extend(unknown_blocks(&answer));
            }
            // Parts that are not shared with the connection are nobody's loss: Notion shows them as unknown.
            Err(
                NotionError::NotFound { .. } | NotionError::Restricted { .. } | NotionError::Refused { .. },
            ) => {}
            Err(error) => return Err(error),
        }
    }
    Ok(text)
}

/// The blocks that an answer left out, last one first.
fn unknown_blocks(answer: &super::Object) -> Vec<String> {
    let ids = answer.get("unknown_block_ids").and_then(Value::as_array);
    ids.into_iter()
        .flatten()
        .rev()
        .filter_map(|id| super::link::id(id.as_str()?))
        .collect()
}

/// A block that is still to be written.
struct Open {
    block: Value,
    depth: usize,
}

fn by_blocks(client: &mut Client, page: &str) -> Result<String, NotionError> {
    let children = |client: &mut Client, id: &str| all(|cursor| client.blocks(id, cursor));
    let mut lines = Vec::new();
    let mut seen = BTreeSet::new();
    let mut open = stack(children(client, page)?, 0);
    while let Some(Open { block, depth }) = open.pop() {
        if lines.len() >= MOST_BLOCKS {
            break;
        }
        let kind = block.get("type").and_then(Value::as_str).unwrap_or_default();
        if let Some(line) = line(kind, &block) {
            lines.push(format!("{}{line}", "  ".repeat(depth.min(MOST_DEPTH))));
        }
        let id = block.get("id").and_then(Value::as_str).and_then(super::link::id);
        let has_children = block
            .get("has_children")
            .and_then(Value::as_bool)
            .unwrap_or(false);
        // What a page contains as a page of its own is another document.
        let is_document = matches!(kind, "child_page" | "child_database");
        if let Some(id) = id
            && has_children
            && !is_document
            && depth < MOST_DEPTH
            && seen.insert(id.clone())
        {
            match children(client, &id) {
                Ok(blocks) => open.extend(stack(blocks, depth + usize::from(is_nesting(kind)))),
                Err(NotionError::NotFound { .. } | NotionError::Refused { .. }) => {}
                Err(error) => return Err(error),
            }
        }
    }
    Ok(lines.join("\n"))
}

/// Blocks in the order in which they are taken off a stack.
fn stack(blocks: Vec<Value>, depth: usize) -> Vec<Open> {
    let blocks = blocks.into_iter().rev();
    blocks.map(|block| Open { block, depth }).collect()
}

/// Whether children of such a block are written further in.
fn is_nesting(kind: &str) -> bool {
    matches!(
        kind,
        "bulleted_list_item" | "numbered_list_item" | "to_do" | "toggle"
    )
}

/// One block as a line of Markdown, `None` if it says nothing.
fn line(kind: &str, block: &Value) -> Option<String> {
    let inner = block.get(kind)?;
    let field = |key: &str| {
        inner
            .get(key)
            .map(rich_text)
            .filter(|text| !text.trim().is_empty())
    };
    let string = |key: &str| inner.get(key).and_then(Value::as_str).map(str::to_owned);
    match kind {
        "heading_1" => Some(format!("# {}", field("rich_text")?)),
        "heading_2" => Some(format!("## {}", field("rich_text")?)),
        "heading_3" | "heading_4" => Some(format!("### {}", field("rich_text")?)),
        "bulleted_list_item" | "toggle" => Some(format!("- {}", field("rich_text")?)),
        "numbered_list_item" => Some(format!("1. {}", field("rich_text")?)),
        "to_do" => {
            let mark = if inner.get("checked").and_then(Value::as_bool).unwrap_or(false) {
                "x"
            } else {
                " "
            };
            Some(format!("- [{mark}] {}", field("rich_text")?))
        }
        "quote" => Some(format!("> {}", field("rich_text")?.replace('\n', "\n> "))),
        "code" => Some(format!(
            "```{}\n{}\n```",
            string("language").unwrap_or_default(),
            field("rich_text")?
        )),
        "equation" => string("expression"),
        "table_row" => {
            let cells = inner.get("cells")?.as_array()?;
            Some(format!(
                "| {} |",
                cells.iter().map(rich_text).collect::<Vec<_>>().join(" | ")
            ))
        }
        "child_page" | "child_database" => string("title"),
        "divider" => Some("---".to_owned()),
        // Paragraphs, callouts, templates, and whatever is new: its text, else its caption, else its title.
        _ => field("rich_text")
            .or_else(|| field("caption"))
            .or_else(|| field("title"))
            .or_else(|| string("title")),
    }
}

/// Reads a list to its end, from the start again if Notion loses its own place.
///
/// # Errors
///
/// What `ask` reports, or that the list never ends.
pub fn all(
    mut ask: impl FnMut(Option<&str>) -> Result<List, NotionError>,
) -> Result<Vec<Value>, NotionError> {
    let circle = || NotionError::Unreadable {
        what: "a list".to_owned(),
        reason: "its pages go in a circle".to_owned(),
        attempts: u32::try_from(RESTARTS).unwrap_or(u32::MAX),
    };
    for _ in 0..=RESTARTS {
        let (mut items, mut cursor, mut seen) = (Vec::new(), None, BTreeSet::new());
        loop {
            let list = match ask(cursor.as_deref()) {
                Err(NotionError::DeadCursor) => break,
                answer => answer?,
            };
            items.extend(list.items);
            match list.next {
                Next::End => return Ok(items),
                Next::Cursor(next) if seen.insert(next.clone()) && items.len() <= MOST_BLOCKS => {
                    cursor = Some(next);
                }
                Next::Cursor(_) if items.len() > MOST_BLOCKS => return Ok(items),
                Next::Cursor(_) | Next::Lost => break,
            }
        }
    }
    Err(circle())
}

/// The tags of Notion's Markdown that stand around text or for something that has none.
const TAGS: [&str; 33] = [
    "audio",
    "br",
    "bookmark",
    "callout",
    "caption",
    "column",
    "columns",
    "database",
    "data-source",
    "details",
    "embed",
    "empty-block",
    "file",
    "folder",
    "image",
    "meeting-notes",
    "mention-agent",
    "mention-data-source",
    "mention-database",
    "mention-date",
    "mention-page",
    "mention-user",
    "page",
    "pdf",
    "span",
    "summary",
    "synced_block",
    "synced_block_reference",
    "table_of_contents",
    "tab",
    "unknown",
    "video",
    "summary",
];

/// Takes the tags off Notion's Markdown and leaves what stands between them. Text in fences stays as it is, and so does
/// whatever is no tag of Notion's: people write `<user-name>`.
#[must_use]
pub fn without_tags(markdown: &str) -> String {
    let mut out = String::with_capacity(markdown.len());
    let mut in_fence = false;
    for line in markdown.split_inclusive('\n') {
        in_fence ^= line.trim_start().starts_with("```");
        if in_fence || !line.contains('<') {
            out.push_str(line);
        } else {
            strip(line, &mut out);
        }
    }
    out
}

fn strip(line: &str, out: &mut String) {
    let mut rest = line;
    while let Some(at) = rest.find('<') {
        let (before, tag) = rest.split_at(at);
        out.push_str(before);
        let name = tag[1..].trim_start_matches('/');
        let end = name.find(|c: char| !(c.is_ascii_alphanumeric() || matches!(c, '-' | '_')));
        let is_known = TAGS.contains(&&name[..end.unwrap_or(name.len())]);
        match tag.find('>').filter(|_| is_known) {
            Some(close) => {
                if tag.starts_with("<br") {
                    out.push('\n');
                }
                rest = &tag[close + 1..];
            }
            None => {
                out.push('<');
                rest = &tag[1..];
            }
        }
    }
    out.push_str(rest);
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use serde_json::json;

    use super::*;

    #[test]
    fn blocks_read_as_markdown() {
        let text = |text: &str| json!([{"plain_text": text}]);
        let cases = [
            ("paragraph", json!({"rich_text": text("本文")}), Some("本文")),
            ("heading_2", json!({"rich_text": text("背景")}), Some("## 背景")),
            (
                "to_do",
                json!({"rich_text": text("a"), "checked": true}),
                Some("- [x] a"),
            ),
            ("quote", json!({"rich_text": text("a\nb")}), Some("> a\n> b")),
            (
                "code",
                json!({"rich_text": text("x"), "language": "sql"}),
                Some("```sql\nx\n```"),
            ),
            (
                "table_row",
                json!({"cells": [text("a"), text("b")]}),
                Some("| a | b |"),
            ),
            ("image", json!({"caption": text("図")}), Some("図")),
            ("child_page", json!({"title": "別紙"}), Some("別紙")),
            ("brand_new", json!({"rich_text": text("新")}), Some("新")),
            ("unsupported", json!({"block_type": "form"}), None),
            ("paragraph", json!({"rich_text": []}), None),
        ];
        for (kind, inner, expected) in cases {
            assert_eq!(line(kind, &json!({kind: inner})).as_deref(), expected, "{kind}");
        }
    }

    #[test]
    fn tags_go_and_text_stays() {
        let markdown = "<callout icon=\"💡\">急ぎ</callout> <mention-user url=\"u\">佐藤</mention-user>さん<br>a <b> <user>\n```\n<page>\n```\n<unknown url=\"x\" alt=\"bookmark\"/>";
        assert_eq!(
            without_tags(markdown),
            "急ぎ 佐藤さん\na <b> <user>\n```\n<page>\n```\n"
        );
    }

    fn list(items: &[i32], next: Next) -> List {
        List {
            items: items.iter().map(|item| json!(item)).collect(),
            next,
            is_capped: false,
            is_full: false,
        }
    }

    #[test]
    fn a_list_is_read_again_when_its_cursor_dies() {
        let mut calls = 0;
        let items = all(|cursor| {
            calls += 1;
            match (cursor, calls) {
                (None, _) => Ok(list(&[1], Next::Cursor("a".into()))),
                (Some(_), 2) => Err(NotionError::DeadCursor),
                (Some(_), _) => Ok(list(&[2], Next::End)),
            }
        });
        assert_eq!(items, Ok(vec![json!(1), json!(2)]));
    }

    #[test]
    fn a_list_in_a_circle_ends_in_an_error() {
        let circle = all(|_| Ok(list(&[1], Next::Cursor("a".into()))));
        assert!(matches!(circle, Err(NotionError::Unreadable { .. })));
        assert!(all(|_| Ok(list(&[1], Next::Lost))).is_err());
    }

    proptest! {
        #[test]
        fn taking_tags_off_never_fails(text in "\\PC*|[<>/a-z`\n \"=]{0,60}") {
            let plain = without_tags(&text);
            prop_assert!(plain.len() <= text.len());
        }
    }
}
