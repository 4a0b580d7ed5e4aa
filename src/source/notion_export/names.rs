//! What the names in an export say: title, id, and which files belong together.
//!
//! Pages are `<Title> <32 hex>.md`, databases `<Title> <32 hex>.csv` (what the default view shows) and
//! `<Title> <32 hex>_all.csv` (everything). What a page or database holds lies in a folder named `<Title> <32 hex>` in
//! older exports and `<Title>` in newer ones, or `<Title> xxxx-xxxx` where titles meet. Titles are cut and cleaned in
//! all of these, so they are a hint only.

use std::path::Path;

/// How many hexadecimal digits an id has.
const ID_DIGITS: usize = 32;

/// The id of a page or database, 32 lower-case hexadecimal digits.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct PageId(String);

impl PageId {
    fn new(text: &str) -> Option<Self> {
        let is_id = text.len() == ID_DIGITS && text.bytes().all(|byte| byte.is_ascii_hexdigit());
        is_id.then(|| Self(text.to_ascii_lowercase()))
    }

    /// The id as Notion's API writes it, with dashes.
    pub(super) fn dashed(&self) -> String {
        let id = &self.0;
        [&id[..8], &id[8..12], &id[12..16], &id[16..20], &id[20..]].join("-")
    }

    /// Where the page can be opened.
    pub(super) fn url(&self) -> String {
        format!("https://www.notion.so/{}", self.0)
    }
}

/// Whether a text holds an id somewhere, as links to pages do.
pub(super) fn holds_id(text: &str) -> bool {
    text.as_bytes()
        .windows(ID_DIGITS)
        .any(|window| window.iter().all(u8::is_ascii_hexdigit))
}

/// A path inside of an export, taken apart.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Name<'a> {
    /// The folder, without a slash at its end; empty at the top.
    pub(super) folder: &'a str,
    /// The file's name without extension and without the `_all` of a database.
    pub(super) stem: &'a str,
    /// The stem without its id.
    pub(super) title: &'a str,
    pub(super) id: Option<PageId>,
    /// Whether it is the complete table of a database.
    pub(super) is_all: bool,
}

impl<'a> Name<'a> {
    pub(super) fn of(path: &'a str) -> Self {
        let (folder, file) = split(path);
        let stem = file.rsplit_once('.').map_or(file, |(stem, _)| stem);
        let (stem, is_all) = match stem.strip_suffix("_all") {
            Some(bare) if id_of(bare).is_some() => (bare, true),
            _ => (stem, false),
        };
        let id = id_of(stem);
        let title = if id.is_some() {
            &stem[..stem.len() - ID_DIGITS]
        } else {
            stem
        };
        Self {
            folder,
            stem,
            title: title.trim_end(),
            id,
            is_all,
        }
    }

    /// The folders that may hold what belongs to this page or database.
    pub(super) fn folders(&self) -> [String; 2] {
        [self.stem, self.title].map(|last| match self.folder {
            "" => last.to_owned(),
            folder => format!("{folder}/{last}"),
        })
    }
}

/// The names under which the owner of a folder may know it: as it is, and without the four and four digits that tell
/// it from one of the same title.
pub(super) fn known_as(folder: &str) -> [&str; 2] {
    let is_short_id = |text: &str| {
        text.split_once('-').is_some_and(|(one, other)| {
            [one, other]
                .iter()
                .all(|part| part.len() == 4 && part.bytes().all(|byte| byte.is_ascii_hexdigit()))
        })
    };
    match folder.rsplit_once(' ') {
        Some((title, last)) if is_short_id(last) => [folder, title],
        _ => [folder, folder],
    }
}

/// The folder and the last part of a path.
pub(super) fn split(path: &str) -> (&str, &str) {
    path.rsplit_once('/').unwrap_or(("", path))
}

/// Whether a path ends with an extension, in letters of any case.
pub(super) fn has_extension(path: &str, extension: &str) -> bool {
    split(path)
        .1
        .rsplit_once('.')
        .is_some_and(|(_, found)| found.eq_ignore_ascii_case(extension))
}

/// A path without the folders that Notion, or whoever unpacked the export and packed it again, put around it.
pub(super) fn below_wrappers(path: &str) -> &str {
    match path.split_once('/') {
        Some((first, rest)) if first == "." || is_wrapper(first) => below_wrappers(rest),
        _ => path,
    }
}

/// Whether a folder or an archive is named as a whole export is, such as `Export-<uuid>` or `ExportBlock-<uuid>-Part-1`.
pub(super) fn is_wrapper(name: &str) -> bool {
    ["Export-", "ExportBlock-"].iter().any(|mark| {
        name.split_once(mark).is_some_and(|(_, rest)| {
            let uuid = rest.as_bytes().get(..36);
            uuid.is_some_and(|uuid| uuid.iter().all(|byte| byte.is_ascii_hexdigit() || *byte == b'-'))
        })
    })
}

/// The export that the archive of this name is, or is a part of: the file's name without its part number, or the whole
/// name if it has none. Two downloads of one name in two folders are two exports.
pub(in crate::source) fn export_of(input: &str) -> String {
    let stem = Path::new(input).file_stem().and_then(|stem| stem.to_str());
    match stem.unwrap_or_default().to_lowercase().rsplit_once("-part-") {
        Some((export, number)) if !number.is_empty() && number.bytes().all(|byte| byte.is_ascii_digit()) => {
            export.to_owned()
        }
        _ => input.to_owned(),
    }
}

/// The id at the end of a stem, alone or behind a space.
fn id_of(stem: &str) -> Option<PageId> {
    let at = stem.len().checked_sub(ID_DIGITS)?;
    let (before, id) = (stem.get(..at)?, stem.get(at..)?);
    PageId::new(id).filter(|_| before.is_empty() || before.ends_with(' '))
}

#[cfg(test)]
mod tests {
    use super::*;

    const ID: &str = "0123456789abcdef0123456789abcdef";
    const UUID: &str = "d2b14fbf-86de-4508-a1b2-6515ff8d7aab";

    #[test]
    fn ids_are_dashed_as_the_api_writes_them() {
        let path = format!("依頼/招待のお願い {}.md", ID.to_uppercase());
        let name = Name::of(&path);
        assert_eq!((name.folder, name.title), ("依頼", "招待のお願い"));
        let id = name.id.unwrap();
        assert_eq!(id.dashed(), "01234567-89ab-cdef-0123-456789abcdef");
        assert_eq!(id.url(), format!("https://www.notion.so/{ID}"));
    }

    #[test]
    fn the_complete_table_is_told_from_the_view() {
        let (all, view) = (format!("依頼 {ID}_all.csv"), format!("依頼 {ID}.csv"));
        assert!(Name::of(&all).is_all && !Name::of(&view).is_all);
        assert_eq!(Name::of(&all).id, Name::of(&view).id);
        assert_eq!(Name::of("fruit_all.csv").stem, "fruit_all");
    }

    #[test]
    fn names_without_an_id_have_none() {
        for path in [
            "a.csv",
            &format!("x{ID}.csv"),
            "あ0123456789abcdef0123456789abcde.md",
            "",
        ] {
            assert_eq!(Name::of(path).id, None, "{path}");
        }
        assert_eq!(Name::of(&format!("{ID}.md")).title, "");
    }

    #[test]
    fn folders_of_every_age_have_their_owner() {
        let path = format!("top/依頼 {ID}_all.csv");
        let folders = Name::of(&path).folders();
        let owns = |folder: &str| {
            known_as(folder)
                .iter()
                .any(|name| folders.iter().any(|own| own == name))
        };
        for folder in [&format!("top/依頼 {ID}"), "top/依頼", "top/依頼 01ab-cdef"] {
            assert!(owns(folder), "{folder}");
        }
        for folder in ["依頼", "top/依頼 2", "top/依頼/依頼", "top", ""] {
            assert!(!owns(folder), "{folder}");
        }
    }

    #[test]
    fn wrappers_are_taken_off() {
        let path = format!("x_ExportBlock-{UUID}/Export-{UUID}-Part-1/a/b.md");
        assert_eq!(below_wrappers(&path), "a/b.md");
        assert_eq!(below_wrappers("Export-plan/b.md"), "Export-plan/b.md");
    }

    #[test]
    fn parts_belong_to_one_export() {
        let (one, other) = (
            format!("a/Export-{UUID}-Part-1.zip"),
            format!("Export-{UUID}-part-12.ZIP"),
        );
        assert_eq!(export_of(&one), export_of(&other));
        assert_ne!(export_of("q1/e.zip"), export_of("q2/e.zip"));
    }
}
