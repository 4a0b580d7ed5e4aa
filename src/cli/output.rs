//! Writes the answer: to standard output, or to a file or folder that appears whole or not at all.

use std::fs;
use std::io::{self, IsTerminal, Write};
use std::path::{Path, PathBuf};

use tempfile::NamedTempFile;

use crate::cli::args::{OutputArgs, Terminal, When};
use crate::cli::failure::Failure;

/// Width of tables when neither a flag, a terminal nor `COLUMNS` says.
const PIPED_WIDTH: u16 = 100;

/// Checks before the long work that the answer can be written where it should go, and that it overwrites no input.
///
/// # Errors
///
/// [`Failure::Output`] if the folder of the target does not exist or the target is of the wrong kind, a usage error if
/// it is one of the inputs.
pub(super) fn check(output: &OutputArgs, folder: bool, inputs: &[PathBuf]) -> Result<(), Failure> {
    let Some(path) = &output.output else {
        return Ok(());
    };
    check_overwrite(path, inputs)?;
    let fail = |kind, text: &str| {
        Err(Failure::Output {
            target: Some(path.clone()),
            source: io::Error::new(kind, text.to_owned()),
        })
    };
    if folder && path.exists() && !path.is_dir() {
        return fail(
            io::ErrorKind::NotADirectory,
            "there is a file of that name; a folder is needed",
        );
    }
    if !folder && path.is_dir() {
        return fail(io::ErrorKind::IsADirectory, "this is a folder; name a file");
    }
    if parent(path).is_dir() {
        Ok(())
    } else {
        fail(io::ErrorKind::NotFound, "its folder does not exist")
    }
}

/// Refuses to write over an input.
///
/// # Errors
///
/// A usage error.
pub(super) fn check_overwrite(path: &Path, inputs: &[PathBuf]) -> Result<(), Failure> {
    let same =
        |input: &PathBuf| matches!((input.canonicalize(), path.canonicalize()), (Ok(a), Ok(b)) if a == b);
    if inputs.iter().any(same) {
        return Err(Failure::Usage {
            message: format!(
                "{} is an input; the answer would overwrite the tickets",
                path.display()
            ),
            hint: "name another file with --output".to_owned(),
        });
    }
    Ok(())
}

/// Writes text to the target of the flags.
///
/// # Errors
///
/// [`Failure::Output`] with the path and the reason.
pub(super) fn write(text: &str, output: &OutputArgs) -> Result<(), Failure> {
    match &output.output {
        Some(path) => write_file(path, text),
        None => print(text),
    }
}

/// Writes several files into a folder, which is made if it is not there. Each file appears whole or not at all.
///
/// # Errors
///
/// [`Failure::Output`] with the path and the reason.
pub(super) fn write_folder(folder: &Path, files: &[(String, String)]) -> Result<(), Failure> {
    fs::create_dir_all(folder).map_err(|source| Failure::Output {
        target: Some(folder.to_owned()),
        source,
    })?;
    files
        .iter()
        .try_for_each(|(name, text)| write_file(&folder.join(name), text))
}

/// Prints text on standard output.
///
/// # Errors
///
/// [`Failure::Output`]; a closed pipe among them.
pub(super) fn print(text: &str) -> Result<(), Failure> {
    let mut out = io::stdout().lock();
    out.write_all(text.as_bytes())
        .and_then(|()| out.flush())
        .map_err(|source| Failure::Output { target: None, source })
}

/// Writes what `fill` writes: on standard output, or into a file that appears whole or not at all.
///
/// # Errors
///
/// [`Failure::Output`] with the path and the reason.
pub(super) fn stream(
    path: Option<&Path>,
    fill: impl FnOnce(&mut dyn Write) -> io::Result<()>,
) -> Result<(), Failure> {
    match path {
        Some(path) => write_with(path, fill),
        None => {
            let mut out = io::BufWriter::new(io::stdout().lock());
            fill(&mut out)
                .and_then(|()| out.flush())
                .map_err(|source| Failure::Output { target: None, source })
        }
    }
}

/// Writes a file that appears whole or not at all.
///
/// # Errors
///
/// [`Failure::Output`] with the path and the reason.
pub(super) fn write_file(path: &Path, text: &str) -> Result<(), Failure> {
    write_with(path, |out| out.write_all(text.as_bytes()))
}

fn write_with(path: &Path, fill: impl FnOnce(&mut dyn Write) -> io::Result<()>) -> Result<(), Failure> {
    let written = || {
        if is_device(path) {
            let mut device = io::BufWriter::new(fs::OpenOptions::new().write(true).open(path)?);
            fill(&mut device)?;
            return device.flush();
        }
        // A link is followed to the file it stands for, and a file keeps the permissions it has.
        let target = fs::canonicalize(path).unwrap_or_else(|_| path.to_owned());
        let mut file = new_file(parent(&target))?;
        if let Ok(old) = target.metadata() {
            file.as_file().set_permissions(old.permissions())?;
        }
        let mut out = io::BufWriter::new(file.as_file_mut());
        fill(&mut out)?;
        out.flush()?;
        drop(out);
        file.as_file().sync_all()?;
        file.persist(target)?;
        Ok(())
    };
    written().map_err(|source| Failure::Output {
        target: Some(path.to_owned()),
        source,
    })
}

/// Devices such as /dev/stdout are written to; they must not be replaced by a file.
fn is_device(path: &Path) -> bool {
    path.metadata()
        .is_ok_and(|meta| !meta.is_file() && !meta.is_dir())
}

/// Makes a temporary file that gets the mode which any new file would get here: all that the umask leaves.
#[cfg(unix)]
fn new_file(folder: &Path) -> io::Result<NamedTempFile> {
    use std::os::unix::fs::PermissionsExt;
    tempfile::Builder::new()
        .permissions(fs::Permissions::from_mode(0o666))
        .tempfile_in(folder)
}

#[cfg(not(unix))]
fn new_file(folder: &Path) -> io::Result<NamedTempFile> {
    NamedTempFile::new_in(folder)
}

fn parent(path: &Path) -> &Path {
    path.parent()
        .filter(|parent| !parent.as_os_str().is_empty())
        .unwrap_or(Path::new("."))
}

/// Returns the width for terminal tables.
pub(super) fn width(output: &OutputArgs) -> usize {
    let columns = || {
        std::env::var("COLUMNS")
            .ok()?
            .parse()
            .ok()
            .filter(|columns| *columns > 0)
    };
    let terminal = || terminal_size::terminal_size_of(io::stdout()).map(|(width, _)| width.0);
    let to_terminal = output.output.is_none();
    let width = output
        .width
        .or_else(|| to_terminal.then(terminal).flatten())
        .or_else(columns);
    usize::from(width.unwrap_or(PIPED_WIDTH))
}

/// Returns whether the output goes to a terminal before which somebody sits.
pub(super) fn to_terminal(output: &OutputArgs) -> bool {
    output.output.is_none() && io::stdout().is_terminal()
}

/// Returns whether headings on standard output are bold.
pub(super) fn bold(terminal: Terminal, output: &OutputArgs) -> bool {
    match terminal.color {
        Some(When::Always) => true,
        Some(When::Never) => false,
        Some(When::Auto) | None => {
            to_terminal(output) && std::env::var_os("NO_COLOR").is_none_or(|value| value.is_empty())
        }
    }
}

/// Makes the headings of a terminal report bold.
pub(super) fn embolden(text: &str) -> String {
    text.lines()
        .enumerate()
        .map(|(at, line)| {
            if at == 0 || line.starts_with("■ ") {
                format!("\u{1b}[1m{line}\u{1b}[0m\n")
            } else {
                format!("{line}\n")
            }
        })
        .collect()
}
