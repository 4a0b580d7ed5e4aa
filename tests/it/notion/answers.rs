//! The endpoints: which object an address means, who may see it, and the lists in pages.

use serde_json::{Map, Value, json};

use super::desk::Desk;
use super::http::Request;
use super::ids::Id;
use super::lens::{Version, show};
use super::log::Kind;
use super::objects::{Database, Page};
use super::pages;
use super::paging::{Ask, Cell, Cursors, Key, Quirk, Rank, Slice};
use super::problem::Problem;
use super::query::{self, Found};
use super::schema::percent_decode;

/// All that an answer is made of.
pub(crate) struct Context<'a> {
    pub(crate) desk: &'a Desk,
    pub(crate) request: &'a Request,
    pub(crate) cursors: &'a mut Cursors,
    pub(crate) found: &'a mut Option<Found>,
    pub(crate) quirk: Option<Quirk>,
}

impl Context<'_> {
    /// Answers the request as Notion would.
    pub(crate) fn answer(&mut self) -> Result<Value, Problem> {
        if self.request.header("authorization") != Some(&format!("Bearer {}", self.desk.token)) {
            return Err(Problem::unauthorized());
        }
        let version = Version::of(self.request)?;
        let mut answer = self.route(version)?;
        show(&mut answer, version, self.desk.users);
        Ok(answer)
    }

    fn route(&mut self, version: Version) -> Result<Value, Problem> {
        let (parts, kind) = (self.request.parts(), Kind::of(self.request));
        let of_sources = parts.get(1) == Some(&"data_sources");
        let exists = match kind {
            Kind::Query => version.has_sources() == of_sources,
            Kind::DataSource => version.has_sources(),
            _ => true,
        };
        if !exists {
            return Err(Problem::invalid_url());
        }
        let known = kind.parameters();
        let stranger = self
            .request
            .query
            .iter()
            .find(|(name, _)| !known.contains(&name.as_str()));
        if let Some((name, value)) = stranger.filter(|_| kind != Kind::Other) {
            return Err(Problem::invalid(
                &format!("query.{name}"),
                "not present",
                &json!(value),
            ));
        }
        match kind {
            Kind::Comments if !self.desk.read_comments => return Err(Problem::restricted()),
            Kind::Comments => return self.comments(),
            _ if !self.desk.read_content => return Err(Problem::restricted()),
            _ => (),
        }
        let id = |field: &str| {
            id_of(
                parts.get(2).copied().unwrap_or_default(),
                &format!("path.{field}"),
            )
        };
        match kind {
            Kind::Database => self.database(id("database_id")?, version),
            Kind::DataSource => self.source(id("data_source_id")?),
            Kind::Query => self.query(id("data_source_id")?, version),
            Kind::Page => self.page(id("page_id")?, version),
            Kind::Markdown => self.markdown(id("page_id")?),
            Kind::Property => self.property(id("page_id")?, parts.get(4).copied().unwrap_or_default()),
            Kind::Children => self.children(id("block_id")?),
            Kind::View => self.view(id("view_id")?),
            Kind::Comments | Kind::Other => Err(Problem::invalid_url()),
        }
    }

    /// The body as JSON object; no body is an empty one.
    pub(crate) fn body(&self) -> Result<Map<String, Value>, Problem> {
        if self.request.body.is_empty() {
            return Ok(Map::new());
        }
        match serde_json::from_slice(&self.request.body) {
            Ok(Value::Object(body)) => Ok(body),
            Ok(other) => Err(Problem::invalid("body", "an object", &other)),
            Err(_) => Err(Problem::new(400, "invalid_json", "Error parsing JSON body.")),
        }
    }

    fn database(&self, id: Id, version: Version) -> Result<Value, Problem> {
        let database = self.find_database(id)?;
        if version.has_sources() {
            return Ok(pages::database(self.desk, id, database));
        }
        let source = self.only_source(id, database)?;
        Ok(pages::old_database(
            id,
            &database.title,
            &self.desk.sources[&source],
        ))
    }

    fn find_database(&self, id: Id) -> Result<&Database, Problem> {
        if self.desk.pages.contains_key(&id) && self.desk.is_shared(id) {
            return Err(Problem::validation(format!(
                "Provided ID {id} is a page, not a database. Use the retrieve page API instead, or pass the ID of \
                 the database itself."
            )));
        }
        let found = self.desk.databases.get(&id).filter(|_| self.desk.is_shared(id));
        found.ok_or_else(|| Problem::not_found("database", id))
    }

    /// The data source that old versions mean by a database.
    fn only_source(&self, id: Id, database: &Database) -> Result<Id, Problem> {
        let shared = database
            .sources
            .iter()
            .filter(|source| self.desk.is_shared(**source));
        let shared: Vec<Id> = shared.copied().collect();
        match shared[..] {
            [source] => Ok(source),
            [] => Err(Problem::validation(format!(
                "Database with ID {id} does not contain any data sources accessible by this API bot."
            ))),
            _ => Err(Problem::validation(
                "Databases with multiple data sources are not supported in this API version.",
            )
            .with(json!({
                "error_type": "multiple_data_sources_for_database", "database_id": id,
                "child_data_source_ids": shared, "minimum_api_version": "2025-09-03",
            }))),
        }
    }

    /// A database id here is the usual mistake, and the answer speaks of a database too.
    fn find_source(&self, id: Id) -> Result<Id, Problem> {
        let known = self.desk.sources.contains_key(&id) && self.desk.is_shared(id);
        known
            .then_some(id)
            .ok_or_else(|| Problem::not_found("database", id))
    }

    fn source(&self, id: Id) -> Result<Value, Problem> {
        let id = self.find_source(id)?;
        Ok(pages::source(id, &self.desk.sources[&id]))
    }

    fn query(&mut self, id: Id, version: Version) -> Result<Value, Problem> {
        let source = match version.has_sources() {
            true => self.find_source(id)?,
            false => self.only_source(id, self.find_database(id)?)?,
        };
        query::query(self, source, version)
    }

    fn find_page(&self, id: Id) -> Result<&Page, Problem> {
        if self.desk.databases.contains_key(&id) && self.desk.is_shared(id) {
            return Err(Problem::validation(format!(
                "Provided ID {id} is a database, not a page. Use the retrieve database API instead."
            )));
        }
        let found = self.desk.pages.get(&id).filter(|_| self.desk.is_shared(id));
        found.ok_or_else(|| Problem::not_found("page", id))
    }

    /// A page in the trash can still be looked at; its body cannot.
    fn page(&self, id: Id, version: Version) -> Result<Value, Problem> {
        let page = self.find_page(id)?;
        let wanted = self.wanted(page.source)?;
        Ok(pages::page(self.desk, page, version, &wanted))
    }

    /// The ids behind `filter_properties`; none means all.
    pub(crate) fn wanted(&self, source: Option<Id>) -> Result<Vec<String>, Problem> {
        let columns = source.map_or(&[][..], |source| &self.desk.sources[&source].columns);
        let given = self.request.query.iter().map(|(_, id)| id);
        given
            .map(|id| match columns.iter().any(|column| column.id == *id) {
                true => Ok(id.clone()),
                false => Err(Problem::no_property(id)),
            })
            .collect()
    }

    fn markdown(&self, id: Id) -> Result<Value, Problem> {
        let shared = self.readable(id).ok_or_else(|| Problem::not_found("page", id))?;
        let markdown = self.desk.markdown(shared);
        Ok(json!({
            "object": "page_markdown", "id": id, "markdown": markdown.text, "truncated": markdown.truncated,
            "unknown_block_ids": markdown.unknown,
        }))
    }

    /// A page or block whose body can be read.
    fn readable(&self, id: Id) -> Option<Id> {
        let page = self.desk.node(id).map_or(id, |node| node.page);
        let page = self.desk.pages.get(&page).filter(|page| !page.in_trash);
        page.filter(|_| self.desk.is_shared(id)).map(|_| id)
    }

    fn property(&mut self, id: Id, property: &str) -> Result<Value, Problem> {
        let (desk, page) = (self.desk, self.find_page(id)?.clone());
        let property_id = percent_decode(property);
        let columns = page.source.map(|source| desk.sources[&source].columns.clone());
        let column = columns
            .into_iter()
            .flatten()
            .find(|column| column.id == property_id);
        let Some(column) = column else {
            return Err(Problem::validation(format!(
                "{property_id} is not a property that exists."
            )));
        };
        let Some(items) = pages::property_items(desk, &page, &column) else {
            return Ok(pages::property_item(desk, &page, &column));
        };
        let mut answer = self.list(items, "property_item")?;
        answer["property_item"] = pages::property_frame(desk, &page, &column);
        if let Some(cursor) = answer["next_cursor"].as_str() {
            let next = format!(
                "https://api.notion.com{}?start_cursor={cursor}",
                self.request.path
            );
            answer["property_item"]["next_url"] = json!(next);
        }
        Ok(answer)
    }

    fn children(&mut self, id: Id) -> Result<Value, Problem> {
        let id = self.readable(id).ok_or_else(|| Problem::not_found("block", id))?;
        let desk = self.desk;
        let children = desk
            .children(id)
            .into_iter()
            .filter(|child| desk.is_shared(*child));
        let blocks = children.filter_map(|child| Some(pages::block(desk, child, desk.node(child)?)));
        self.list(blocks.collect(), "block")
    }

    /// Page-level comments for a page, inline ones for a block; resolved ones never.
    fn comments(&mut self) -> Result<Value, Problem> {
        let on = self.request.parameter("block_id");
        let on = on.ok_or_else(|| Problem::invalid("query.block_id", "defined", &json!("undefined")))?;
        let on = id_of(on, "query.block_id")?;
        let on = self.readable(on).ok_or_else(|| Problem::not_found("block", on))?;
        let desk = self.desk;
        let comments = desk
            .comments
            .iter()
            .filter(|comment| comment.on == on && !comment.resolved);
        self.list(
            comments.map(|comment| pages::comment(desk, comment)).collect(),
            "comment",
        )
    }

    fn view(&self, id: Id) -> Result<Value, Problem> {
        let mut databases = self.desk.databases.iter();
        let found = databases.find(|(_, database)| database.views.contains(&id));
        let found = found.filter(|(database, _)| self.desk.is_shared(**database));
        let (database_id, database) = found.ok_or_else(|| Problem::not_found("view", id))?;
        Ok(pages::view(id, *database_id, database))
    }

    /// A list that is asked for by `page_size` and `start_cursor` in the address.
    fn list(&mut self, items: Vec<Value>, kind: &str) -> Result<Value, Problem> {
        let size = self.request.parameter("page_size");
        let size = size.map(|text| {
            text.parse::<u64>()
                .map_or_else(|_| json!(text), |size| json!(size))
        });
        let run = format!("{} {:?}", self.request.path, self.request.parameter("block_id"));
        let ask = Ask {
            run: &run,
            cursor: self.request.parameter("start_cursor"),
            size: query::page_size(size.as_ref(), "query")?,
            cap: usize::MAX,
            quirk: self.quirk,
        };
        let keys: Vec<Key> = (0..)
            .take(items.len())
            .map(|at| vec![Rank::Up(Cell::Number(at))])
            .collect();
        let Slice {
            items: range, fields, ..
        } = self.cursors.slice(&ask, &keys)?;
        Ok(json!({
            "object": "list", "results": items[range], "next_cursor": fields["next_cursor"],
            "has_more": fields["has_more"], "type": kind, kind: {},
        }))
    }
}

fn id_of(text: &str, place: &str) -> Result<Id, Problem> {
    Id::parse(text).ok_or_else(|| Problem::invalid(place, "a valid uuid", &json!(text)))
}
