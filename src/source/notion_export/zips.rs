//! Archives for tests, packed in memory.

use std::io::{Cursor, Write};

use zip::ZipWriter;
use zip::write::SimpleFileOptions;

/// An archive in the making.
pub(super) struct Zip(ZipWriter<Cursor<Vec<u8>>>);

impl Zip {
    pub(super) fn new() -> Self {
        Self(ZipWriter::new(Cursor::new(Vec::new())))
    }

    pub(super) fn file(mut self, name: &str, content: impl AsRef<[u8]>) -> Self {
        self.0.start_file(name, SimpleFileOptions::default()).unwrap();
        self.0.write_all(content.as_ref()).unwrap();
        self
    }

    pub(super) fn bytes(self) -> Vec<u8> {
        self.0.finish().unwrap().into_inner()
    }
}

/// An archive of texts.
pub(super) fn zip(files: &[(&str, &str)]) -> Vec<u8> {
    files
        .iter()
        .fold(Zip::new(), |zip, (name, text)| zip.file(name, text))
        .bytes()
}

/// The same with every name in the CP932 of a Japanese Windows, without the mark that says UTF-8, which the writer
/// would set.
pub(super) fn in_cp932(files: &[(&str, &str)]) -> Vec<u8> {
    let renamed: Vec<(String, Vec<u8>, &str)> = files
        .iter()
        .enumerate()
        .map(|(index, (name, text))| {
            let raw = encoding_rs::SHIFT_JIS.encode(name).0.into_owned();
            // As many equal letters hold the place of the name, each place another letter.
            let letter = char::from(b'A' + u8::try_from(index).unwrap());
            (letter.to_string().repeat(raw.len()), raw, *text)
        })
        .collect();
    let mut bytes = renamed
        .iter()
        .fold(Zip::new(), |zip, (place, _, text)| zip.file(place, text))
        .bytes();
    for (place, raw, _) in &renamed {
        let place = place.as_bytes();
        while let Some(at) = bytes.windows(place.len()).position(|window| window == place) {
            bytes[at..at + place.len()].copy_from_slice(raw);
        }
    }
    bytes
}
