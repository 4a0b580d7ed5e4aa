//! Keeps the mapping of a data source in the settings file, without touching what else stands there.

use std::fs;
use std::io;
use std::path::Path;

use toml_edit::{Array, DocumentMut, Item, Table, Value, table};

use crate::cli::output;
use crate::report::safe;
use crate::source::notion::mapping::{Mapping, MappingLine};

/// What a settings file begins with that was not there before.
const HEADER: &str =
    "# Settings of toilscope; toilscope.example.toml in its repository explains every key.\n\n";

/// What is kept of a data source.
pub(super) struct Kept<'a> {
    pub(super) id: &'a str,
    pub(super) name: &'a str,
    pub(super) mapping: &'a Mapping,
    /// The same with names, for the comments behind the ids.
    pub(super) lines: &'a [MappingLine],
}

/// Writes the mapping of a data source into the settings file at `path`, unless it has one, and the database that was
/// pulled, unless one is named. Returns whether anything was written.
///
/// # Errors
///
/// The reason, a lower-case fragment.
pub(super) fn mapping(path: &Path, database: &str, kept: &Kept<'_>) -> Result<bool, String> {
    let text = match fs::read_to_string(path) {
        Ok(text) => text,
        Err(error) if error.kind() == io::ErrorKind::NotFound => HEADER.to_owned(),
        Err(error) => return Err(error.to_string()),
    };
    match with_mapping(&text, database, kept)? {
        Some(text) => output::write_file(path, &text)
            .map(|()| true)
            .map_err(|failure| failure.to_string()),
        None => Ok(false),
    }
}

/// Adds what is missing to the text of a settings file; `None` if nothing is.
fn with_mapping(text: &str, database: &str, kept: &Kept<'_>) -> Result<Option<String>, String> {
    let parsed: DocumentMut = text
        .parse()
        .map_err(|error: toml_edit::TomlError| error.to_string())?;
    let is_bare = parsed.is_empty();
    let mut document = if is_bare { DocumentMut::new() } else { parsed };
    let is_table = || "the section [notion] is no table".to_owned();
    let notion = document
        .entry("notion")
        .or_insert(table())
        .as_table_mut()
        .ok_or_else(is_table)?;
    if !notion.contains_key("database") {
        notion.insert("database", database.into());
    }
    let sources = notion.entry("sources").or_insert_with(|| {
        let mut sources = Table::new();
        sources.set_implicit(true);
        Item::Table(sources)
    });
    let sources = sources.as_table_mut().ok_or_else(is_table)?;
    if sources.contains_key(kept.id) {
        return Ok(None);
    }
    let mut source = Table::new();
    let one_line = safe::plain;
    source
        .decor_mut()
        .set_prefix(format!("\n# {}\n", one_line(kept.name)));
    for line in kept.lines {
        let ids: Array = kept
            .mapping
            .sources(line.field)
            .iter()
            .map(String::as_str)
            .collect();
        let mut value = Value::Array(ids);
        if !line.from.is_empty() {
            value
                .decor_mut()
                .set_suffix(format!(" # {}", one_line(&line.from.join(", "))));
        }
        source.insert(line.field.name(), Item::Value(value));
    }
    sources.insert(kept.id, Item::Table(source));
    // Of a file with nothing but comments these would come last.
    let comments = if is_bare { text } else { "" };
    Ok(Some(format!("{comments}{document}")))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::config::Overrides;
    use crate::source::notion::mapping::Sources;
    use crate::source::notion::schema::Schema;

    const ID: &str = "0226784a-bd11-4c34-8cdf-4a4cdccea111";

    fn write(text: &str) -> Option<String> {
        let properties = json!({"依頼名\u{1b}": {"id": "title", "type": "title"}, "内容": {"id": "a%3Ab", "type": "rich_text"}});
        let schema = Schema::read(properties.as_object().unwrap());
        let mapping = Mapping::resolve(&schema, &Sources::new()).unwrap();
        let kept = Kept {
            id: ID,
            name: "依頼\n[x]",
            mapping: &mapping,
            lines: &mapping.lines(&schema),
        };
        with_mapping(text, "https://www.notion.so/x", &kept).unwrap()
    }

    #[test]
    fn a_mapping_is_added_once_and_reads_back() {
        let before = "# mine\nlang = \"ja\" # always\n\n[notion]\ncomments = true\n";
        let after = write(before).unwrap();
        assert!(after.starts_with(before), "{after}");
        let read = Overrides::parse("toilscope.toml", &after).unwrap();
        assert_eq!(read.notion.database.as_deref(), Some("https://www.notion.so/x"));
        let fields = &read.notion.sources[ID];
        let ids = |field: &str| fields[&field.parse().unwrap()].0.clone();
        assert_eq!(ids("title"), ["title"]);
        assert_eq!(ids("body"), ["a%3Ab", "@content"]);
        assert_eq!(ids("closed_at"), Vec::<String>::new());
        assert_eq!(write(&after), None);
    }

    #[test]
    fn a_file_is_begun_where_there_is_none() {
        let after = write(HEADER).unwrap();
        assert!(after.starts_with("# Settings of toilscope") && after.contains("依頼 [x]"));
        assert!(Overrides::parse("toilscope.toml", &after).is_ok(), "{after}");
    }
}
