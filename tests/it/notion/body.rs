//! The bodies of pages: blocks, and the Markdown the API makes of them.

use serde_json::{Value, json};

use super::desk::Desk;
use super::ids::Id;
use super::values::rich;

/// A block to put on a page, before it has an id.
#[derive(Clone, Debug)]
pub(crate) struct Block {
    pub(crate) kind: String,
    pub(crate) content: Value,
    pub(crate) children: Vec<Block>,
}

impl Block {
    /// A block of type `kind` whose `content` is what the API sends under that name.
    pub(crate) fn new(kind: &str, content: Value) -> Self {
        Self {
            kind: kind.to_owned(),
            content,
            children: Vec::new(),
        }
    }

    /// A block that carries text: `paragraph`, `heading_1`, `toggle`, ...
    pub(crate) fn text(kind: &str, text: &str) -> Self {
        Self::new(kind, json!({"rich_text": rich(text), "color": "default"}))
    }

    pub(crate) fn code(language: &str, text: &str) -> Self {
        Self::new(
            "code",
            json!({"rich_text": rich(text), "language": language, "caption": []}),
        )
    }

    /// A table with one row a line and one cell a word.
    pub(crate) fn table(rows: &[&[&str]]) -> Self {
        let width = rows.first().map_or(0, |row| row.len());
        let rows = rows.iter().map(|row| {
            Self::new(
                "table_row",
                json!({"cells": row.iter().map(|cell| rich(cell)).collect::<Vec<_>>()}),
            )
        });
        Self::new("table", json!({"table_width": width, "has_column_header": true})).over(rows.collect())
    }

    /// A block the API cannot show.
    pub(crate) fn unsupported(block_type: &str) -> Self {
        Self::new("unsupported", json!({"block_type": block_type}))
    }

    /// The same block with blocks inside it.
    pub(crate) fn over(mut self, children: Vec<Self>) -> Self {
        self.children = children;
        self
    }
}

/// A block on a page.
#[derive(Clone, Debug)]
pub(crate) struct Node {
    pub(crate) kind: String,
    pub(crate) content: Value,
    pub(crate) children: Vec<Id>,
    /// The block or page that holds it.
    pub(crate) parent: Id,
    /// The page it stands on.
    pub(crate) page: Id,
}

/// What the Markdown endpoint says of a page.
#[derive(Clone, Debug, Default)]
pub(crate) struct Markdown {
    pub(crate) text: String,
    pub(crate) truncated: bool,
    pub(crate) unknown: Vec<Id>,
}

impl Markdown {
    /// Renders the blocks under `parent`; those beyond the limit and those the asker cannot see become
    /// `<unknown/>`, and their ids can be asked for one by one.
    pub(crate) fn under(desk: &Desk, parent: Id) -> Self {
        let mut markdown = Self::default();
        let mut left = desk.markdown_blocks;
        for child in desk.children(parent) {
            markdown.add(desk, child, 0, &mut left);
        }
        markdown
    }

    /// Renders the block `id` and what is inside it.
    pub(crate) fn of_block(desk: &Desk, id: Id) -> Self {
        let mut markdown = Self::default();
        markdown.add(desk, id, 0, &mut desk.markdown_blocks.clone());
        markdown
    }

    fn add(&mut self, desk: &Desk, id: Id, depth: usize, left: &mut usize) {
        let Some(node) = desk.node(id) else { return };
        let visible = desk.is_shared(id);
        if !visible || *left == 0 {
            self.truncated |= visible;
            self.unknown.push(id);
            self.line(depth, &unknown(node, id));
            return;
        }
        *left -= 1;
        self.line(depth, &line_of(node, id));
        if !matches!(node.kind.as_str(), "child_page" | "child_database") {
            for child in &node.children {
                self.add(desk, *child, depth + 1, left);
            }
        }
        if let Some(end) = closing(&node.kind) {
            self.line(depth, end);
        }
    }

    fn line(&mut self, depth: usize, line: &str) {
        for part in line.lines() {
            self.text.push_str(&"\t".repeat(depth));
            self.text.push_str(part);
            self.text.push('\n');
        }
    }
}

fn line_of(node: &Node, id: Id) -> String {
    let text = plain(&node.content["rich_text"]);
    let title = node.content["title"].as_str().unwrap_or_default();
    match node.kind.as_str() {
        "heading_1" => format!("# {text}"),
        "heading_2" => format!("## {text}"),
        "heading_3" => format!("### {text}"),
        "heading_4" => format!("#### {text}"),
        "bulleted_list_item" => format!("- {text}"),
        "numbered_list_item" => format!("1. {text}"),
        "to_do" if node.content["checked"] == json!(true) => format!("- [x] {text}"),
        "to_do" => format!("- [ ] {text}"),
        "quote" => format!("> {text}"),
        "toggle" => format!("<details>\n<summary>{text}</summary>"),
        "callout" => format!("<callout>\n{text}"),
        "code" => format!(
            "```{}\n{text}\n```",
            node.content["language"].as_str().unwrap_or_default()
        ),
        "equation" => format!("$${}$$", node.content["expression"].as_str().unwrap_or_default()),
        "divider" => "---".to_owned(),
        "table" => "<table>".to_owned(),
        "table_row" => {
            let cells = node.content["cells"].as_array().into_iter().flatten();
            let cells: String = cells.map(|cell| format!("<td>{}</td>", plain(cell))).collect();
            format!("<tr>{cells}</tr>")
        }
        "child_page" => format!(
            "<page url=\"https://www.notion.so/{}\">{title}</page>",
            id.plain()
        ),
        "child_database" => format!(
            "<database url=\"https://www.notion.so/{}\">{title}</database>",
            id.plain()
        ),
        "column_list" | "column" | "synced_block" | "tab" => format!("<{}>", node.kind),
        "bookmark" | "embed" | "link_preview" | "unsupported" => unknown(node, id),
        _ => text,
    }
}

fn closing(kind: &str) -> Option<&'static str> {
    Some(match kind {
        "toggle" => "</details>",
        "callout" => "</callout>",
        "table" => "</table>",
        "column_list" => "</column_list>",
        "column" => "</column>",
        "synced_block" => "</synced_block>",
        "tab" => "</tab>",
        _ => return None,
    })
}

fn unknown(node: &Node, id: Id) -> String {
    format!(
        "<unknown url=\"https://www.notion.so/{}#{}\" alt=\"{}\"/>",
        node.page.plain(),
        id.plain(),
        node.kind
    )
}

/// The text of rich text items without any marks.
pub(crate) fn plain(items: &Value) -> String {
    items
        .as_array()
        .into_iter()
        .flatten()
        .filter_map(|item| item["plain_text"].as_str())
        .collect()
}
