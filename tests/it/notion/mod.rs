//! Notion's API on a port of this machine: what it answers, how strict it is, and how it fails.
//!
//! A [`Desk`] is a workspace, a [`Server`] answers for it; a test builds the one, starts the other, runs the binary
//! against [`Server::url`] with the token [`TOKEN`], and reads in [`Server::log`] what came in. While the server runs,
//! [`Server::desk`] changes the workspace, [`Server::before`] changes it at a certain request, and [`Server::fault`]
//! and [`Server::by_chance`] let things go wrong.
//!
//! ```ignore
//! let (mut desk, table) = desk_of(250, 1);
//! let row = Row::new("2026-03-04T10:15:30+09:00")
//!     .title("佐藤さんのGitHubアカウント発行")
//!     .with("状態", values::status("完了"))
//!     .markdown("## 理由\n入社のため");
//! let page = desk.add(table.source, row);
//! desk.comment(page, "2026-03-04T02:00:00Z", &values::person(3, "鈴木"), "対応しました");
//!
//! let server = Server::start(desk);
//! server.fault(When::kind(Kind::Query).nth(2), Fault::bad_gateway());
//! server.before(When::kind(Kind::Query).nth(3), move |desk| desk.trash(page, true));
//! // ... run `toilscope pull --base-url {server.url()}` with NOTION_TOKEN={TOKEN} ...
//! assert_eq!(server.log().count(Kind::Query), 4);
//! ```
//!
//! What the real API is known to do is served as strictly as it does it: unknown keys, versions, cursors of another
//! run and double-encoded ids are refused. What is not known is decided once, where it is done, with its reason. An
//! answer 501 means that the server lacks something the real API has.

mod answers;
mod body;
mod desk;
mod faults;
mod filter;
mod generate;
mod http;
mod ids;
mod lens;
mod log;
mod moment;
mod objects;
mod pages;
mod paging;
mod plan;
mod problem;
mod query;
mod row;
mod schema;
mod server;
pub(crate) mod values;

mod tests;

pub(crate) use body::Block;
pub(crate) use desk::{Desk, TOKEN, Users};
pub(crate) use faults::{CONNECTION_LIMIT, Fault, RetryAfter, SPACE_LIMIT};
pub(crate) use generate::{add_rows, desk_of};
pub(crate) use http::{Delivery, Reply};
pub(crate) use ids::Id;
pub(crate) use log::Kind;
pub(crate) use objects::Table;
pub(crate) use paging::Quirk;
pub(crate) use plan::{Chance, When};
pub(crate) use problem::Problem;
pub(crate) use row::Row;
pub(crate) use schema::{Column, request_desk};
pub(crate) use server::Server;
