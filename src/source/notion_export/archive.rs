//! Unpacks the archives of one export in memory, within limits.
//!
//! Notion packs an archive of parts, `Export-<uuid>-Part-1.zip` and so on; all of them become one list of files, in an
//! order that does not depend on theirs. Only CSV and Markdown are unpacked; an archive inside of a page's folder is an
//! attachment and stays shut. Nothing is written to disk, and no declared size is believed.

use std::io::{Cursor, Read};

use zip::ZipArchive;
use zip::result::ZipError;

use super::entry_name::{decode, is_debris, is_safe};
use super::fault::ArchiveFault;
use super::names::{below_wrappers, has_extension, is_wrapper, split};
use crate::source::{Input, SourceError};

/// Most entries of an export, all parts together: more than ten times the pages of a large workspace.
const ENTRIES_MOST: usize = 500_000;

/// Most bytes of CSV and Markdown, unpacked: 100,000 tickets of 10 KB each. They are held in memory.
const TEXT_MOST: u64 = 1 << 30;

/// Most bytes of the parts inside of an archive. Notion makes parts of a few GB.
const PARTS_MOST: u64 = 8 << 30;

/// How many times larger than its archive a text may be. Markdown packs to a tenth, repetitive tables to a fiftieth;
/// deflate ends at 1,032, where archives that are made to exhaust the memory begin.
const RATIO_MOST: u64 = 200;

/// What any archive may unpack to, since a small one of a few equal pages packs better than the ratio.
const TEXT_FREE: u64 = 16 << 20;

/// How deep archives may lie in each other: the parts in Notion's own, and that once more in one somebody packed.
const DEPTH_MOST: usize = 2;

/// A CSV or Markdown file of an export.
#[derive(Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct File {
    /// Its path below the root of the export, parted by slashes, in NFC.
    pub(super) path: String,
    pub(super) bytes: Vec<u8>,
}

/// What the archives of an export hold.
#[derive(Debug, Default)]
pub(super) struct Unpacked {
    /// CSV and Markdown, sorted by path and content, equal ones once.
    pub(super) files: Vec<File>,
    /// How many files of any kind there are.
    pub(super) entries: usize,
    /// How many archives lie among the attachments.
    pub(super) shut: usize,
}

/// Unpacks the archives of one export.
///
/// # Errors
///
/// [`SourceError::Archive`] for the first archive that is broken, protected, dangerous or too large.
pub(super) fn unpack(inputs: &[&Input]) -> Result<Unpacked, SourceError> {
    let packed: u64 = inputs.iter().map(|input| size(&input.bytes)).sum();
    let mut unpacker = Unpacker {
        input: "",
        text: Allowance::new((packed.saturating_mul(RATIO_MOST)).clamp(TEXT_FREE, TEXT_MOST)),
        // Parts are packed already and do not shrink a second time.
        parts: Allowance::new((packed.saturating_mul(2)).clamp(TEXT_FREE, PARTS_MOST)),
        found: Unpacked::default(),
    };
    for input in inputs {
        unpacker.input = &input.name;
        unpacker.archive(&input.bytes, None, 0)?;
    }
    let mut found = unpacker.found;
    found.files.sort_unstable();
    found.files.dedup();
    Ok(found)
}

/// How much may still be unpacked.
struct Allowance {
    most: u64,
    left: u64,
}

impl Allowance {
    const fn new(most: u64) -> Self {
        Self { most, left: most }
    }
}

struct Unpacker<'a> {
    input: &'a str,
    text: Allowance,
    parts: Allowance,
    found: Unpacked,
}

type Archive<'a> = ZipArchive<Cursor<&'a [u8]>>;

impl Unpacker<'_> {
    /// Unpacks an archive, `part` of another one if it is named.
    fn archive(&mut self, bytes: &[u8], part: Option<&str>, depth: usize) -> Result<(), SourceError> {
        if depth > DEPTH_MOST {
            return Err(self.refusal(part, ArchiveFault::TooDeep { most: DEPTH_MOST }));
        }
        let mut archive =
            ZipArchive::new(Cursor::new(bytes)).map_err(|error| self.refusal(part, fault(error)))?;
        if archive.has_duplicate_names() {
            return Err(self.refusal(part, ArchiveFault::RepeatedName));
        }
        let entries = self.entries(&archive, part)?;
        let has_text = entries.iter().any(|(_, path)| is_text(path));
        for (index, path) in entries {
            self.found.entries += 1;
            if is_text(&path) {
                let bytes = read(&mut archive, index, &mut self.text)
                    .map_err(|fault| self.refusal(Some(&path), fault))?;
                let path = below_wrappers(&path).to_owned();
                self.found.files.push(File { path, bytes });
            } else if is_part(&path, has_text) {
                let bytes = read(&mut archive, index, &mut self.parts)
                    .map_err(|fault| self.refusal(Some(&path), fault))?;
                self.archive(&bytes, Some(&path), depth + 1)?;
            } else if has_extension(&path, "zip") {
                self.found.shut += 1;
            }
        }
        Ok(())
    }

    /// The files of an archive by index, with their names decoded and checked.
    fn entries(
        &self,
        archive: &Archive<'_>,
        part: Option<&str>,
    ) -> Result<Vec<(usize, String)>, SourceError> {
        if self.found.entries + archive.len() > ENTRIES_MOST {
            return Err(self.refusal(part, ArchiveFault::TooManyEntries { most: ENTRIES_MOST }));
        }
        let mut entries = Vec::new();
        for index in 0..archive.len() {
            let entry = archive
                .by_index_data(index)
                .map_err(|error| self.refusal(part, fault(error)))?;
            let name = decode(entry.name_raw());
            if !is_safe(&name) {
                return Err(self.refusal(Some(&name), ArchiveFault::UnsafeName));
            }
            if entry.is_file() && !name.ends_with('/') && !is_debris(&name) {
                entries.push((index, name));
            }
        }
        Ok(entries)
    }

    fn refusal(&self, entry: Option<&str>, fault: ArchiveFault) -> SourceError {
        SourceError::Archive {
            name: self.input.to_owned(),
            entry: entry.map(|entry| split(entry).1.to_owned()),
            fault,
        }
    }
}

/// Reads an entry, at most as much of it as is allowed.
fn read(archive: &mut Archive<'_>, index: usize, allowance: &mut Allowance) -> Result<Vec<u8>, ArchiveFault> {
    if archive.by_index_data(index).map_err(fault)?.encrypted() {
        return Err(ArchiveFault::Encrypted);
    }
    let entry = archive.by_index(index).map_err(fault)?;
    let mut bytes = Vec::new();
    entry
        .take(allowance.left.saturating_add(1))
        .read_to_end(&mut bytes)
        .map_err(|error| fault(error.into()))?;
    match allowance.left.checked_sub(size(&bytes)) {
        Some(left) => allowance.left = left,
        None => return Err(ArchiveFault::TooLarge { most: allowance.most }),
    }
    Ok(bytes)
}

fn is_text(path: &str) -> bool {
    has_extension(path, "csv") || has_extension(path, "md")
}

/// Whether an archive is a part of the export: one at the top that is named so, or is all there is.
fn is_part(path: &str, has_text: bool) -> bool {
    let (folder, file) = split(below_wrappers(path));
    has_extension(file, "zip") && folder.is_empty() && (is_wrapper(file) || !has_text)
}

fn size(bytes: &[u8]) -> u64 {
    u64::try_from(bytes.len()).unwrap_or(u64::MAX)
}

fn fault(error: ZipError) -> ArchiveFault {
    let reason = match error {
        ZipError::UnsupportedArchive(ZipError::PASSWORD_REQUIRED) | ZipError::InvalidPassword => {
            return ArchiveFault::Encrypted;
        }
        ZipError::CompressionMethodNotSupported(_) | ZipError::UnsupportedArchive(_) => {
            return ArchiveFault::Method;
        }
        ZipError::InvalidArchive(reason) => reason.into_owned(),
        other => other.to_string(),
    };
    ArchiveFault::Broken { reason }
}

#[cfg(test)]
mod tests {
    use super::super::zips::{Zip, zip};
    use super::*;

    fn input(bytes: Vec<u8>) -> Input {
        Input {
            name: "e.zip".into(),
            bytes,
        }
    }

    fn paths(bytes: Vec<u8>) -> Vec<String> {
        let found = unpack(&[&input(bytes)]).unwrap();
        found.files.into_iter().map(|file| file.path).collect()
    }

    fn refused(bytes: Vec<u8>) -> (Option<String>, ArchiveFault) {
        match unpack(&[&input(bytes)]).unwrap_err() {
            SourceError::Archive { entry, fault, .. } => (entry, fault),
            other => panic!("{other}"),
        }
    }

    #[test]
    fn parts_become_one_tree_and_attachments_stay_shut() {
        let uuid = "d2b14fbf-86de-4508-a1b2-6515ff8d7aab";
        let one = zip(&[
            (&format!("Export-{uuid}/a.csv"), "x"),
            ("p/old.zip", "no archive at all"),
        ]);
        let two = zip(&[("p/b.md", "y"), ("p/c.png", "z"), ("__MACOSX/p/._b.md", "debris")]);
        let outer = Zip::new()
            .file(&format!("Export-{uuid}-Part-2.zip"), &two)
            .file(&format!("Export-{uuid}-Part-1.zip"), &one)
            .bytes();
        let found = unpack(&[&input(outer.clone())]).unwrap();
        assert_eq!((found.shut, found.files.len()), (1, 2));
        assert_eq!(paths(outer.clone()), ["a.csv", "p/b.md"]);
        assert_eq!(paths(zip_of("download.zip", &outer)), ["a.csv", "p/b.md"]);
    }

    fn zip_of(name: &str, inner: &[u8]) -> Vec<u8> {
        Zip::new().file(name, inner).bytes()
    }

    #[test]
    fn archives_may_not_lie_too_deep() {
        let mut bytes = zip(&[("a.csv", "x")]);
        for _ in 0..=DEPTH_MOST {
            bytes = zip_of("x.zip", &bytes);
        }
        assert_eq!(refused(bytes).1, ArchiveFault::TooDeep { most: DEPTH_MOST });
    }

    #[test]
    fn names_that_lead_outside_refuse_the_archive() {
        for name in ["../x.md", "/x.md", "a/../../x.md", "a\\x.md", "C:/x.md"] {
            let (entry, fault) = refused(zip(&[("a.csv", "x"), (name, "y")]));
            assert_eq!(fault, ArchiveFault::UnsafeName, "{name}");
            assert!(entry.is_some_and(|entry| entry.ends_with("x.md")), "{name}");
        }
    }

    #[test]
    fn a_bomb_is_refused_while_it_is_read() {
        let zeros = vec![b'0'; usize::try_from(TEXT_FREE).unwrap() + 1];
        let packed = Zip::new().file("bomb.csv", &zeros).bytes();
        assert!(packed.len() < 100_000);
        let expected = (Some("bomb.csv".into()), ArchiveFault::TooLarge { most: 16 << 20 });
        assert_eq!(refused(packed.clone()), expected);
        // A declared size is not believed: the central directory now says 4 bytes.
        let mut liar = packed;
        let at = liar.windows(4).rposition(|four| four == b"PK\x01\x02").unwrap();
        liar[at + 24..at + 28].copy_from_slice(&4_u32.to_le_bytes());
        assert!(matches!(
            refused(liar).1,
            ArchiveFault::TooLarge { .. } | ArchiveFault::Broken { .. }
        ));
        // So do many small ones.
        let half = &zeros[..zeros.len() / 2];
        let many = Zip::new()
            .file("a.md", half)
            .file("b.md", half)
            .file("c.md", half)
            .bytes();
        assert!(matches!(refused(many).1, ArchiveFault::TooLarge { .. }));
    }

    #[test]
    fn protected_and_broken_archives_are_told_apart() {
        let good = zip(&[("a.csv", "名前\n招待\n"), ("b.md", "# b")]);
        let mut protected = good.clone();
        for at in 0..protected.len() - 10 {
            match &protected[at..at + 4] {
                b"PK\x03\x04" => protected[at + 6] |= 1,
                b"PK\x01\x02" => protected[at + 8] |= 1,
                _ => {}
            }
        }
        assert_eq!(
            refused(protected),
            (Some("a.csv".into()), ArchiveFault::Encrypted)
        );
        for cut in [4, good.len() / 2, good.len() - 1] {
            assert!(
                matches!(refused(good[..cut].to_vec()).1, ArchiveFault::Broken { .. }),
                "{cut}"
            );
        }
        let mut damaged = good.clone();
        let at = good.windows(5).position(|name| name == b"a.csv").unwrap();
        damaged[at + 7] ^= 0x55;
        assert!(matches!(refused(damaged), (Some(_), ArchiveFault::Broken { .. })));
        assert!(matches!(
            refused(b"no archive".to_vec()).1,
            ArchiveFault::Broken { .. }
        ));
    }
}
