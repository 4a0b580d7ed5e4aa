//! Puts entries into the text of a taxonomy, below the pattern they belong to, and leaves every other byte alone.

use std::ops::Range;

use toml_edit::{Document, Item, Table};

/// Returns the text with each addition (id of its pattern, TOML of its sub-patterns) at the end of that pattern's
/// entry; `None` if a pattern is not found.
#[must_use]
pub fn with_additions(text: &str, additions: &[(&str, &str)]) -> Option<String> {
    let mut ends: Vec<(usize, &str)> = additions
        .iter()
        .map(|(pattern, entry)| Some((end_of(text, pattern)?, *entry)))
        .collect::<Option<_>>()?;
    ends.sort_by_key(|(end, _)| *end);
    let mut out = String::with_capacity(text.len());
    let mut from = 0;
    for (end, entry) in ends {
        out.push_str(&text[from..end]);
        if !out.ends_with('\n') {
            out.push('\n');
        }
        out.push('\n');
        out.push_str(entry.trim_end());
        out.push('\n');
        from = end;
    }
    out.push_str(&text[from..]);
    Some(out)
}

/// The byte after the last line of a pattern's entry, its sub-patterns included and comments behind it not.
///
/// The file is read as TOML and not line by line: a heading may be indented or have a comment behind it, and what looks
/// like one may stand inside a text.
fn end_of(text: &str, pattern: &str) -> Option<usize> {
    let document = Document::parse(text).ok()?;
    let patterns = document.get("pattern")?.as_array_of_tables()?;
    let is_it = |table: &&Table| table.get("id").and_then(Item::as_str) == Some(pattern);
    let last = last_byte(patterns.iter().find(is_it)?);
    let rest = text.get(last..)?.find('\n');
    Some(rest.map_or(text.len(), |line_end| last + line_end + 1))
}

/// The byte behind the last thing that a table says: its heading, a value, a table below it.
fn last_byte(table: &Table) -> usize {
    let end = |span: Option<Range<usize>>| span.map_or(0, |span| span.end);
    let below = table.iter().map(|(_, item)| match item {
        Item::Table(table) => last_byte(table),
        Item::ArrayOfTables(tables) => tables.iter().map(last_byte).max().unwrap_or(0),
        item => end(item.span()),
    });
    below.fold(end(table.span()), usize::max)
}

#[cfg(test)]
mod tests {
    use super::*;

    const TEXT: &str = "\
[[pattern]]
id = \"a\"

[[pattern.sub]]
id = \"a.one\"
cues = [
  { re = '[[pattern]]', w = 1 },
]

# ---- b
[[pattern]]
id = \"b\"
";

    #[test]
    fn an_entry_goes_to_the_end_of_its_pattern() {
        let merged = with_additions(TEXT, &[("a", "NEW A\n"), ("b", "NEW B\n")]).unwrap();
        let expected = TEXT.replace("]\n\n# ---- b", "]\n\nNEW A\n\n# ---- b") + "\nNEW B\n";
        assert_eq!(merged, expected);
    }

    #[test]
    fn every_old_byte_stays() {
        let merged = with_additions(TEXT, &[("a", "NEW")]).unwrap();
        assert_eq!(merged.replace("\nNEW\n", ""), TEXT);
    }

    #[test]
    fn a_pattern_that_is_not_there_is_said() {
        assert_eq!(with_additions(TEXT, &[("c", "NEW")]), None);
        assert_eq!(with_additions(TEXT, &[("a.one", "NEW")]), None);
        assert_eq!(with_additions("pattern = [{ id = 'a' }]", &[("a", "NEW")]), None);
    }

    #[test]
    fn headings_may_be_written_in_every_way_that_toml_allows() {
        let entry = "[[pattern.sub]]\nid = \"new\"\n";
        for (heading, id) in [
            ("[[pattern]] # people", "id = \"a\""),
            ("  [[pattern]]", "  id = \"a\" # the id"),
            ("[[ pattern ]]", "\"id\" = 'a'"),
            (
                "\t[[\"pattern\"]]\t# [[pattern]]",
                "ja = \"\"\"\n[[pattern]]\n\"\"\"\nid=\"a\"",
            ),
        ] {
            for sub in ["", "\n  [[pattern.sub]] # one\n  id = \"a.one\" # [x]\n"] {
                let text = format!("{heading}\n{id}\n{sub}\n# ---- b\n{heading} \nid = 'b'\n# the end\n");
                let merged = with_additions(&text, &[("a", entry), ("b", entry)]).expect(&text);
                let read: toml::Table = merged.parse().expect(&merged);
                let subs = |at: usize| read["pattern"][at]["sub"].as_array().map_or(0, Vec::len);
                assert_eq!(
                    (subs(0), subs(1)),
                    (1 + usize::from(!sub.is_empty()), 1),
                    "{merged}"
                );
                assert!(merged.ends_with("# the end\n"), "{merged}");
                assert!(merged.contains("\n# ---- b\n"), "{merged}");
            }
        }
    }

    #[test]
    fn a_file_without_a_last_line_break_gets_one() {
        let merged = with_additions("[[pattern]]\nid = 'a'", &[("a", "NEW")]).unwrap();
        assert_eq!(merged, "[[pattern]]\nid = 'a'\n\nNEW\n");
    }
}
