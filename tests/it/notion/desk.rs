//! A workspace with its databases, pages and comments: what tests build before and change while the server runs.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use super::body::{Block, Markdown, Node};
use super::ids::Id;
use super::objects::{Comment, Database, Page, Source, Table};
use super::row::Row;
use super::schema::Column;
use super::values::person;

/// The token a desk accepts unless told otherwise.
pub(crate) const TOKEN: &str = "ntn_0123456789abcdefNotASecret";

/// How much of users the token may see.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Users {
    /// Ids alone.
    Ids,
    /// Names, no e-mail addresses.
    Names,
    /// All of it.
    Emails,
}

/// The workspace, and what the token may do in it.
#[derive(Clone, Debug)]
pub(crate) struct Desk {
    pub(crate) token: String,
    pub(crate) users: Users,
    pub(crate) read_content: bool,
    pub(crate) read_comments: bool,
    /// The most rows one query gives.
    pub(crate) query_cap: usize,
    /// The most blocks the Markdown endpoint renders.
    pub(crate) markdown_blocks: usize,
    pub(crate) databases: BTreeMap<Id, Database>,
    pub(crate) sources: BTreeMap<Id, Source>,
    pub(crate) pages: BTreeMap<Id, Page>,
    pub(crate) comments: Vec<Comment>,
    nodes: BTreeMap<Id, Node>,
    hidden: BTreeSet<Id>,
    ids: u64,
}

impl Desk {
    /// An empty workspace, all of it shared with a token that may read everything.
    pub(crate) fn new() -> Self {
        Self {
            token: TOKEN.to_owned(),
            users: Users::Emails,
            read_content: true,
            read_comments: true,
            query_cap: 10_000,
            markdown_blocks: 20_000,
            databases: BTreeMap::new(),
            sources: BTreeMap::new(),
            pages: BTreeMap::new(),
            comments: Vec::new(),
            nodes: BTreeMap::new(),
            hidden: BTreeSet::new(),
            ids: 1_000_000,
        }
    }

    /// Makes a database with one data source of the same name, and one view.
    pub(crate) fn database(&mut self, title: &str, columns: Vec<Column>) -> Table {
        let database = self.linked_database(title);
        let source = self.source(database, title, columns);
        Table { database, source }
    }

    /// Makes a database without data sources: what a linked database looks like from outside.
    pub(crate) fn linked_database(&mut self, title: &str) -> Id {
        let (id, view) = (self.next_id(), self.next_id());
        let database = Database {
            title: title.to_owned(),
            sources: Vec::new(),
            views: vec![view],
        };
        self.databases.insert(id, database);
        id
    }

    /// Adds a data source to a database.
    pub(crate) fn source(&mut self, database: Id, name: &str, columns: Vec<Column>) -> Id {
        let id = self.next_id();
        let source = Source {
            name: name.to_owned(),
            database,
            columns,
            rows: 0,
        };
        self.sources.insert(id, source);
        self.database_mut(database).sources.push(id);
        id
    }

    /// Adds a row to a data source; rows are numbered from 1.
    pub(crate) fn add(&mut self, source: Id, row: Row) -> Id {
        let table = self.sources.get_mut(&source).expect("a data source of this desk");
        table.rows += 1;
        let number = table.rows;
        self.put(Some(source), number, row)
    }

    /// Adds a page that is no row.
    pub(crate) fn page(&mut self, row: Row) -> Id {
        self.put(None, 0, row)
    }

    fn put(&mut self, source: Option<Id>, number: u64, mut row: Row) -> Id {
        let id = self.next_id();
        let blocks = std::mem::take(&mut row.blocks);
        let page = Page {
            id,
            source,
            number,
            in_trash: false,
            blocks: Vec::new(),
            row,
        };
        self.pages.insert(id, page);
        self.write(id, blocks);
        id
    }

    /// Replaces the body of a page; as through the API, this leaves its `last_edited_time` alone.
    pub(crate) fn write(&mut self, page: Id, blocks: Vec<Block>) {
        let ids = self.lay(page, page, blocks);
        self.page_mut(page).blocks = ids;
    }

    fn lay(&mut self, page: Id, parent: Id, blocks: Vec<Block>) -> Vec<Id> {
        blocks
            .into_iter()
            .map(|block| {
                let id = self.next_id();
                let children = self.lay(page, id, block.children);
                let node = Node {
                    kind: block.kind,
                    content: block.content,
                    children,
                    parent,
                    page,
                };
                self.nodes.insert(id, node);
                id
            })
            .collect()
    }

    /// Changes a page and sets its `last_edited_time`.
    pub(crate) fn edit(&mut self, page: Id, at: &str, change: impl FnOnce(&mut Row)) {
        let row = &mut self.page_mut(page).row;
        change(row);
        row.edited = super::row::time(at);
    }

    /// Moves a page to the trash or back.
    pub(crate) fn trash(&mut self, page: Id, in_trash: bool) {
        self.page_mut(page).in_trash = in_trash;
    }

    /// Removes a page for good: 404 from now on.
    pub(crate) fn delete(&mut self, page: Id) {
        self.pages.remove(&page).expect("a page of this desk");
    }

    /// Takes a database, data source, page or block away from the token: 404 from now on.
    pub(crate) fn unshare(&mut self, id: Id) {
        self.hidden.insert(id);
    }

    /// Gives it back.
    pub(crate) fn share(&mut self, id: Id) {
        self.hidden.remove(&id);
    }

    /// Comments on a page, or on a block for an inline comment.
    pub(crate) fn comment(&mut self, on: Id, at: &str, author: &Value, text: &str) -> Id {
        let (id, discussion) = (self.next_id(), self.next_id());
        self.comments.push(Comment {
            id,
            on,
            discussion,
            created: super::row::time(at),
            author: author.clone(),
            text: super::values::rich(text),
            resolved: false,
        });
        id
    }

    /// Resolves a comment, which hides it from the API.
    pub(crate) fn resolve(&mut self, comment: Id) {
        let found = self.comments.iter_mut().find(|other| other.id == comment);
        found.expect("a comment of this desk").resolved = true;
    }

    /// Renames a column; its id stays.
    pub(crate) fn rename(&mut self, source: Id, from: &str, to: &str) {
        let table = self.sources.get_mut(&source).expect("a data source of this desk");
        let column = table.columns.iter_mut().find(|column| column.name == from);
        to.clone_into(&mut column.expect("a column of this name").name);
        for page in self.pages.values_mut().filter(|page| page.source == Some(source)) {
            if let Some(value) = page.row.values.remove(from) {
                page.row.values.insert(to.to_owned(), value);
            }
        }
    }

    /// The blocks right under a page or block.
    pub(crate) fn children(&self, parent: Id) -> Vec<Id> {
        match (self.pages.get(&parent), self.nodes.get(&parent)) {
            (Some(page), _) => page.blocks.clone(),
            (_, Some(node)) => node.children.clone(),
            _ => Vec::new(),
        }
    }

    pub(crate) fn node(&self, id: Id) -> Option<&Node> {
        self.nodes.get(&id)
    }

    /// Whether the token reaches `id`, which takes all that holds it too.
    pub(crate) fn is_shared(&self, id: Id) -> bool {
        !self.hidden.contains(&id) && self.holder(id).is_none_or(|holder| self.is_shared(holder))
    }

    fn holder(&self, id: Id) -> Option<Id> {
        let of_page = self.pages.get(&id).and_then(|page| page.source);
        let of_source = self.sources.get(&id).map(|source| source.database);
        let of_block = self.nodes.get(&id).map(|node| node.parent);
        of_page.or(of_source).or(of_block)
    }

    /// The Markdown of a page or block, as given or as rendered.
    pub(crate) fn markdown(&self, id: Id) -> Markdown {
        match self.pages.get(&id) {
            Some(page) => match &page.row.markdown {
                Some(markdown) => markdown.clone(),
                None => Markdown::under(self, id),
            },
            None => Markdown::of_block(self, id),
        }
    }

    /// A person for tests that need just one.
    pub(crate) fn somebody() -> Value {
        person(7, "山田 太郎")
    }

    fn page_mut(&mut self, page: Id) -> &mut Page {
        self.pages.get_mut(&page).expect("a page of this desk")
    }

    fn database_mut(&mut self, database: Id) -> &mut Database {
        self.databases
            .get_mut(&database)
            .expect("a database of this desk")
    }

    fn next_id(&mut self) -> Id {
        self.ids += 1;
        Id::of(self.ids)
    }
}
