//! Where bytes come in: a file or a reader that the caller opened, read whole.
//!
//! Promises an error that names the input and says what is wrong with it. What the bytes mean is left to `kind`
//! and the stages behind it.

use std::io::{ErrorKind, Read};
use std::path::Path;

use super::SourceError;

/// The bytes of one input and the name the user knows it by.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Input {
    /// The path as typed, or `-` for standard input.
    pub name: String,
    /// The content, not yet decoded.
    pub bytes: Vec<u8>,
}

impl Input {
    /// Reads a file whole. This is the only place of the stage that touches the disk.
    ///
    /// # Errors
    ///
    /// [`SourceError::Missing`], [`SourceError::Directory`], or [`SourceError::Unreadable`] with what the system said.
    pub fn open(path: &Path) -> Result<Self, SourceError> {
        let name = path.display().to_string();
        match std::fs::read(path) {
            Ok(bytes) => Ok(Self { name, bytes }),
            Err(error) if error.kind() == ErrorKind::NotFound => Err(SourceError::Missing { name }),
            Err(_) if path.is_dir() => Err(SourceError::Directory { name }),
            Err(source) => Err(SourceError::Unreadable { name, source }),
        }
    }

    /// Reads a stream to its end, standard input for one.
    ///
    /// # Errors
    ///
    /// [`SourceError::Unreadable`] if reading fails on the way.
    pub fn from_reader(name: &str, mut reader: impl Read) -> Result<Self, SourceError> {
        let (name, mut bytes) = (name.to_owned(), Vec::new());
        match reader.read_to_end(&mut bytes) {
            Ok(_) => Ok(Self { name, bytes }),
            Err(source) => Err(SourceError::Unreadable { name, source }),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn files_keep_their_name_and_bytes() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a.jsonl");
        std::fs::write(&path, b"{}").unwrap();
        let input = Input::open(&path).unwrap();
        assert_eq!(
            (input.name, input.bytes),
            (path.display().to_string(), b"{}".to_vec())
        );
    }

    #[test]
    fn missing_files_and_directories_have_errors_of_their_own() {
        let folder = tempfile::tempdir().unwrap();
        assert!(matches!(
            Input::open(folder.path()),
            Err(SourceError::Directory { .. })
        ));
        let missing = folder.path().join("no.csv");
        assert!(matches!(Input::open(&missing), Err(SourceError::Missing { .. })));
    }

    #[test]
    fn a_stream_that_breaks_is_unreadable() {
        struct Broken;
        impl Read for Broken {
            fn read(&mut self, _: &mut [u8]) -> std::io::Result<usize> {
                Err(std::io::Error::other("cable pulled"))
            }
        }
        let error = Input::from_reader("-", Broken).unwrap_err();
        assert_eq!(error.to_string(), "standard input cannot be read: cable pulled");
    }
}
