//! A page as Markdown: `# Title`, a blank line, `Property: value` lines, a blank line, the text.
//!
//! Only properties with a value are written, and nothing marks where they end; a text that begins with "注意: …" looks
//! the same. So where the columns of its database are known, only these are properties; elsewhere the whole first
//! paragraph must look like properties, or there are none.

use std::collections::{BTreeMap, BTreeSet};

use super::archive::File;
use super::names::{Name, PageId};

/// How many characters the name of a property has at most where it is not known.
const KEY_CHARS: usize = 60;

/// A page of an export.
#[derive(Debug)]
pub(super) struct Page<'a> {
    pub(super) name: Name<'a>,
    pub(super) id: PageId,
    /// As the page says; as the file's name says where it says nothing.
    pub(super) title: String,
    /// Everything behind the title.
    text: String,
}

/// Which lines at the top of a page are properties.
#[derive(Clone, Copy)]
pub(super) enum Keys<'a> {
    /// Those with one of these names, up to a blank line.
    Known(&'a BTreeSet<String>),
    /// Those with one of these names, also behind the blank lines of a value. Takes lines of the text for properties
    /// if they look so: good enough to find the row of a page, not to cut the page in two.
    Scattered(&'a BTreeSet<String>),
    /// Those that look like one.
    Any,
}

impl<'a> Page<'a> {
    /// Reads a file; `None` if its name has no id, so that it is no page but something attached to one.
    pub(super) fn of(file: &'a File) -> Option<Self> {
        let name = Name::of(&file.path);
        let id = name.id.clone()?;
        let text = String::from_utf8_lossy(&file.bytes);
        let text = text.trim_start_matches('\u{feff}').replace("\r\n", "\n");
        let text = text.trim_start();
        let (first, rest) = text.split_once('\n').unwrap_or((text, ""));
        let (title, text) = match first.strip_prefix('#').filter(|title| !title.starts_with('#')) {
            Some(title) => (title.trim(), rest),
            None => (name.title, text),
        };
        Some(Self {
            title: title.to_owned(),
            text: text.to_owned(),
            id,
            name,
        })
    }

    /// What makes it the same page as another one, and orders pages.
    pub(super) fn key(&self) -> (&PageId, &str, &str) {
        (&self.id, &self.title, &self.text)
    }

    /// The properties in their order, each name once.
    pub(super) fn properties(&self, keys: Keys<'_>) -> Vec<(String, String)> {
        let mut found: Vec<(String, String)> = Vec::new();
        // Lines behind a blank one, which belong to a value if another property follows.
        let mut gap: Vec<&str> = Vec::new();
        for line in self.text.trim_start().lines() {
            let is_blank = line.trim().is_empty();
            if is_blank && !matches!(keys, Keys::Scattered(_)) {
                break;
            }
            let property = property(line, keys);
            let is_new = property.is_some_and(|(key, _)| found.iter().all(|(known, _)| known != key));
            match (property.filter(|_| is_new), found.last_mut(), keys) {
                (Some((key, value)), last, _) => {
                    if let Some((_, last)) = last {
                        gap.drain(..).for_each(|line| extend(last, line));
                    }
                    found.push((key.to_owned(), value.to_owned()));
                }
                (None, Some(_), Keys::Scattered(_)) if is_blank || !gap.is_empty() => gap.push(line),
                (None, Some((_, value)), Keys::Known(_) | Keys::Scattered(_)) => extend(value, line),
                // The first line is none, or one of a paragraph is none that is known to be all properties.
                _ => return Vec::new(),
            }
        }
        found
    }

    /// The text behind the properties, given with the values that they are known to have. A value may have several
    /// paragraphs; what of the page says the same is no part of the text. `None` if nothing is left.
    pub(super) fn body(&self, properties: &BTreeMap<&str, &str>) -> Option<&str> {
        let names: BTreeSet<String> = properties.keys().map(|&key| key.to_owned()).collect();
        let (mut rest, mut seen) = (self.text.trim_start(), BTreeSet::new());
        while let Some((key, value)) =
            property(rest, Keys::Known(&names)).filter(|(key, _)| seen.insert(*key))
        {
            let known = properties.get(key).copied().unwrap_or_default();
            rest = behind(value, known)
                .unwrap_or_else(|| behind_lines(value, &names))
                .trim_start();
        }
        let body = rest.trim_end();
        (!body.is_empty()).then_some(body)
    }
}

/// Adds a line to a value.
fn extend(value: &mut String, line: &str) {
    value.push('\n');
    value.push_str(line);
}

/// The property that a text begins with, and everything behind its name.
fn property<'a>(text: &'a str, keys: Keys<'_>) -> Option<(&'a str, &'a str)> {
    let line = text.split('\n').next().unwrap_or_default();
    let ends = line.match_indices(':').map(|(at, _)| at);
    let mut parted = ends.map(|at| (line[..at].trim(), &text[at + 1..]));
    match keys {
        Keys::Known(names) | Keys::Scattered(names) => parted.find(|(key, _)| names.contains(*key)),
        Keys::Any => parted.next().filter(|(key, value)| {
            let has_value = value.starts_with(' ') && !value.trim().is_empty();
            has_value && looks_like_key(key)
        }),
    }
    .map(|(key, value)| (key, value.trim_start_matches(' ')))
}

/// Whether a text could be the name of a property and is no list item, quote, heading, link, code or sentence.
fn looks_like_key(text: &str) -> bool {
    let is_marked = text.starts_with(['-', '*', '+', '>', '#', '|', '!', '`', '<', '['])
        || text.contains(['`', '*', '[', '。']);
    !text.is_empty() && !is_marked && text.chars().count() <= KEY_CHARS
}

/// What stands behind `value` at the beginning of a text, if it does stand there; white space may differ.
fn behind<'a>(text: &'a str, value: &str) -> Option<&'a str> {
    let mut rest = text;
    for wanted in value.chars().filter(|c| !c.is_whitespace()) {
        rest = rest.trim_start().strip_prefix(wanted)?;
    }
    rest.lines()
        .next()
        .is_none_or(|line| line.trim().is_empty())
        .then_some(rest)
}

/// What stands behind the lines of a value: up to a blank line or the next property.
fn behind_lines<'a>(text: &'a str, names: &BTreeSet<String>) -> &'a str {
    let mut rest = text;
    while let Some((_, next)) = rest.split_once('\n') {
        let line = next.lines().next().unwrap_or_default();
        if line.trim().is_empty() || property(line, Keys::Known(names)).is_some() {
            return next;
        }
        rest = next;
    }
    ""
}

#[cfg(test)]
mod tests {
    use super::*;

    const PATH: &str = "依頼/招待の 0123456789abcdef0123456789abcdef.md";

    fn source(text: &str) -> File {
        File {
            path: PATH.into(),
            bytes: text.into(),
        }
    }

    fn properties(text: &str, keys: Keys<'_>) -> Vec<(String, String)> {
        Page::of(&source(text)).unwrap().properties(keys)
    }

    fn names(keys: &[&str]) -> BTreeSet<String> {
        keys.iter().map(|&key| key.to_owned()).collect()
    }

    fn pair(key: &str, value: &str) -> (String, String) {
        (key.to_owned(), value.to_owned())
    }

    #[test]
    fn a_page_has_title_properties_and_text() {
        let text = "\u{feff}# 招待のお願い\r\n\r\n状態: 完了\r\n作成日時: 2026年3月4日 13:40\r\n\r\nよろしく: お願いします\r\n";
        let file = source(text);
        let page = Page::of(&file).unwrap();
        assert_eq!(page.title, "招待のお願い");
        let expected = [pair("状態", "完了"), pair("作成日時", "2026年3月4日 13:40")];
        assert_eq!(page.properties(Keys::Any), expected);
        let known = BTreeMap::from([("状態", "完了"), ("作成日時", "2026年3月4日 13:40")]);
        assert_eq!(page.body(&known), Some("よろしく: お願いします"));
    }

    #[test]
    fn a_page_without_a_title_has_that_of_its_file() {
        let file = source("## 手順\n\n本文");
        let page = Page::of(&file).unwrap();
        assert_eq!(
            (page.title.as_str(), page.body(&BTreeMap::new())),
            ("招待の", Some("## 手順\n\n本文"))
        );
    }

    #[test]
    fn prose_is_no_property() {
        for text in [
            "# t\n\nhttps://example.com: x",
            "# t\n\n- 対象: dev\n",
            "# t\n\n注意: 一行目\nふつうの文\n",
            "# t\n\n状態: a\n状態: b\n",
            "# t\n\n時刻は10:30\n",
            "# t",
        ] {
            assert_eq!(properties(text, Keys::Any), [], "{text}");
        }
        let known = names(&["状態"]);
        assert!(properties("# t\n\n注意: x\n", Keys::Known(&known)).is_empty());
    }

    #[test]
    fn a_value_of_several_lines_goes_on() {
        let known = names(&["内容", "状態"]);
        let text = "# t\n\n内容: 一行目\n対象: dev\n状態: 完了\n\n本文";
        let expected = [pair("内容", "一行目\n対象: dev"), pair("状態", "完了")];
        assert_eq!(properties(text, Keys::Known(&known)), expected);
    }

    #[test]
    fn properties_behind_a_value_of_several_paragraphs_are_found() {
        let known = names(&["内容", "状態", "担当"]);
        let text = "# t\n\n内容: 一段目\n\n二段目\n状態: 完了\n\n本文\n状態: 再開\n";
        let expected = [pair("内容", "一段目\n\n二段目"), pair("状態", "完了")];
        assert_eq!(properties(text, Keys::Scattered(&known)), expected);
        assert!(properties("# t\n\n本文\n\n状態: 完了", Keys::Scattered(&known)).is_empty());
    }

    #[test]
    fn a_value_of_several_paragraphs_is_no_text_of_the_page() {
        let file = source("# t\n\n内容: 一段目\n\n二段目: x\n状態: 完了\n\n本文です\n状態: 再開\n");
        let page = Page::of(&file).unwrap();
        let known = BTreeMap::from([("内容", "一段目\n\n二段目: x"), ("状態", "完了")]);
        assert_eq!(page.body(&known), Some("本文です\n状態: 再開"));
    }

    #[test]
    fn a_value_written_otherwise_ends_with_its_lines() {
        let file = source("# t\n\n関連: A (A%20x.md)\n次の行\n状態: 完了\n\n本文");
        let page = Page::of(&file).unwrap();
        let known = BTreeMap::from([("関連", "A (../A%20x.md)"), ("状態", "完了")]);
        assert_eq!(page.body(&known), Some("本文"));
        let file = source("# t\n\n状態: 完了\n");
        assert_eq!(
            Page::of(&file).unwrap().body(&BTreeMap::from([("状態", "x")])),
            None
        );
    }

    #[test]
    fn attached_markdown_is_no_page() {
        let file = File {
            path: "依頼/README.md".into(),
            bytes: Vec::new(),
        };
        assert!(Page::of(&file).is_none());
    }
}
