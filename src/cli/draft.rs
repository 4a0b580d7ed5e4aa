//! `toilscope draft`: the files of a candidate, written all or none, and never over others without being told.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use clap::{Args, ValueHint};

use crate::automation::draft::File;
use crate::cli::args::{InputArgs, SettingsArgs, Terminal};
use crate::cli::failure::Failure;
use crate::cli::messages::say;
use crate::cli::run::{analysed, files as inputs};
use crate::cli::{load, output};
use crate::compose::{Draft, Scene};

/// Most files that a refusal to overwrite names.
const MOST_NAMED: usize = 5;

#[derive(Debug, Args)]
pub(super) struct DraftArgs {
    /// Id of a candidate or bundle as `toilscope candidates` lists them, or of a play of the taxonomy
    #[arg(value_name = "CANDIDATE")]
    candidate: String,
    #[command(flatten)]
    input: InputArgs,
    #[command(flatten)]
    settings: SettingsArgs,
    /// Folder for the files; made if it is not there
    #[arg(long, short, value_name = "DIR", required = true, value_hint = ValueHint::DirPath, help_heading = "Output")]
    output: PathBuf,
    /// Overwrite files that are there already
    #[arg(long, help_heading = "Output")]
    force: bool,
}

/// Drafts a candidate and prints the paths of the files.
///
/// # Errors
///
/// A usage error if nothing has that id, or if a file would be overwritten; else what reading and writing report.
pub(super) fn run(args: &DraftArgs, terminal: Terminal) -> Result<(), Failure> {
    let settings = load::settings(&args.settings, &args.input.store)?;
    let target = Target {
        folder: &args.output,
        force: args.force,
    };
    target.check()?;
    let draft = analysed(&args.input, &settings, terminal.quiet, |scene, _| {
        let id = &args.candidate;
        let unknown = || unknown(scene, id);
        scene.draft(id).ok_or_else(unknown)
    })?;
    let paths = target.write(&draft, &inputs(&args.input, &settings))?;
    if !terminal.quiet {
        draft.notes.iter().for_each(|note| say(note));
    }
    let listed: Vec<String> = paths.iter().map(|path| format!("{}\n", path.display())).collect();
    output::print(&listed.concat())
}

/// What to say of an id that nothing has, or that names a base which these tickets do not recommend as a whole.
fn unknown(scene: &Scene<'_>, id: &str) -> Failure {
    let (candidates, plays) = (scene.candidates_on(id), scene.plays_on(id));
    let base = format!("`{id}` is a base that candidates share");
    match (candidates.first(), plays.first()) {
        (Some(first), _) => Failure::Usage {
            message: format!(
                "{base}, and is not recommended as a whole: too few tickets, or none of its candidates gives a reason"
            ),
            hint: format!(
                "draft one of its candidates, such as `toilscope draft {first}`: {}; `toilscope candidates --explain {first}` tells what is missing",
                candidates.join(", ")
            ),
        },
        (None, Some(first)) => Failure::Usage {
            message: format!("{base}, and none of these tickets asks for what stands on it"),
            hint: format!(
                "a play of it can be drafted without figures, such as `toilscope draft {first}`: {}",
                plays.join(", ")
            ),
        },
        (None, None) => Failure::Usage {
            message: format!("there is no candidate or play `{id}`"),
            hint: format!(
                "known are, candidates by rank first: {}",
                scene.draftable().join(", ")
            ),
        },
    }
}

/// Where a draft goes.
struct Target<'a> {
    folder: &'a Path,
    force: bool,
}

impl Target<'_> {
    /// Checks before the long work that the folder can be one.
    fn check(&self) -> Result<(), Failure> {
        if self.folder.exists() && !self.folder.is_dir() {
            return Err(self.failed(self.folder, not_a_folder()));
        }
        if !self.parent().is_dir() {
            let missing = io::Error::new(
                io::ErrorKind::NotFound,
                "the folder that it should stand in does not exist",
            );
            return Err(self.failed(self.folder, missing));
        }
        Ok(())
    }

    /// Writes all files, or none: they are made beside the folder and moved when they are complete.
    fn write(&self, draft: &Draft, inputs: &[PathBuf]) -> Result<Vec<PathBuf>, Failure> {
        let paths: Vec<PathBuf> = draft
            .files
            .iter()
            .map(|file| self.folder.join(&file.path))
            .collect();
        self.refuse(&paths, inputs)?;
        let staging = tempfile::Builder::new()
            .prefix(".toilscope-draft-")
            .tempdir_in(self.parent())
            .map_err(|error| self.failed(self.folder, error))?;
        let mut moves = Moves::default();
        for (number, (file, path)) in draft.files.iter().zip(&paths).enumerate() {
            let staged = staging.path().join(format!("new-{number}"));
            let kept = staging.path().join(format!("old-{number}"));
            let moved = stage(file, &staged).and_then(|()| moves.place(&staged, path, &kept));
            if let Err(error) = moved {
                moves.undo();
                return Err(self.failed(path, error));
            }
        }
        Ok(paths)
    }

    fn refuse(&self, paths: &[PathBuf], inputs: &[PathBuf]) -> Result<(), Failure> {
        for path in paths {
            output::check_overwrite(path, inputs)?;
            if path.is_dir() {
                return Err(self.failed(
                    path,
                    io::Error::new(io::ErrorKind::IsADirectory, "there is a folder of that name"),
                ));
            }
            let mut above = path
                .ancestors()
                .skip(1)
                .take_while(|folder| folder.starts_with(self.folder));
            if let Some(file) = above.find(|folder| folder.exists() && !folder.is_dir()) {
                return Err(self.failed(file, not_a_folder()));
            }
        }
        let there: Vec<String> = paths
            .iter()
            .filter(|path| path.symlink_metadata().is_ok())
            .map(|path| path.display().to_string())
            .collect();
        if there.is_empty() || self.force {
            return Ok(());
        }
        let more = there.len().saturating_sub(MOST_NAMED);
        let more = if more > 0 {
            format!(" and {more} more")
        } else {
            String::new()
        };
        Err(Failure::Usage {
            message: format!(
                "there already: {}{more}; nothing was written",
                there[..there.len().min(MOST_NAMED)].join(", ")
            ),
            hint: "name another folder, or overwrite them with --force".to_owned(),
        })
    }

    fn parent(&self) -> &Path {
        let parent = self
            .folder
            .parent()
            .filter(|parent| !parent.as_os_str().is_empty());
        parent.unwrap_or(Path::new("."))
    }

    fn failed(&self, path: &Path, source: io::Error) -> Failure {
        Failure::Output {
            target: Some(path.to_owned()),
            source,
        }
    }
}

fn not_a_folder() -> io::Error {
    io::Error::new(
        io::ErrorKind::NotADirectory,
        "there is a file of that name; a folder is needed",
    )
}

fn stage(file: &File, staged: &Path) -> io::Result<()> {
    use io::Write;
    let mut made = fs::File::create(staged)?;
    made.write_all(file.text.as_bytes())?;
    made.sync_all()
}

/// What was moved so far, so that it can be taken back.
#[derive(Default)]
struct Moves {
    folders: Vec<PathBuf>,
    /// Each file that stands now, with where the one before it is kept.
    files: Vec<(PathBuf, Option<PathBuf>)>,
}

impl Moves {
    fn place(&mut self, staged: &Path, path: &Path, kept: &Path) -> io::Result<()> {
        self.make_folder(path.parent().unwrap_or(path))?;
        let before = path.symlink_metadata().is_ok();
        if before {
            fs::rename(path, kept)?;
        }
        self.files
            .push((path.to_owned(), before.then(|| kept.to_owned())));
        fs::rename(staged, path)
    }

    fn make_folder(&mut self, folder: &Path) -> io::Result<()> {
        if folder.as_os_str().is_empty() || folder.is_dir() {
            return Ok(());
        }
        if let Some(above) = folder.parent() {
            self.make_folder(above)?;
        }
        fs::create_dir(folder)?;
        self.folders.push(folder.to_owned());
        Ok(())
    }

    /// Takes everything back, as far as the disk lets us.
    fn undo(self) {
        for (path, kept) in self.files.into_iter().rev() {
            let _ = match kept {
                Some(kept) => fs::rename(kept, path),
                None => fs::remove_file(path),
            };
        }
        for folder in self.folders.into_iter().rev() {
            let _ = fs::remove_dir(folder);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn draft(files: &[(&str, &str)]) -> Draft {
        let file = |(path, text): &(&str, &str)| File {
            path: (*path).to_owned(),
            text: (*text).to_owned(),
        };
        Draft {
            files: files.iter().map(file).collect(),
            notes: Vec::new(),
        }
    }

    #[test]
    fn a_failure_in_the_middle_leaves_everything_as_it_was() {
        let room = tempfile::tempdir().unwrap();
        let folder = room.path().join("draft");
        fs::create_dir(&folder).unwrap();
        fs::write(folder.join("a.md"), "mine").unwrap();
        let target = Target {
            folder: &folder,
            force: true,
        };
        // The second file needs a folder where the first one is a file.
        let clash = draft(&[("a.md", "new"), ("sub/b.md", "new"), ("sub/b.md/c.md", "new")]);
        assert!(target.write(&clash, &[]).is_err());
        assert_eq!(fs::read_to_string(folder.join("a.md")).unwrap(), "mine");
        assert!(!folder.join("sub").exists());
        assert_eq!(
            fs::read_dir(room.path()).unwrap().count(),
            1,
            "nothing is left beside the folder"
        );
    }

    #[test]
    fn nothing_is_written_where_one_file_stands_already() {
        let room = tempfile::tempdir().unwrap();
        let folder = room.path().join("draft");
        fs::create_dir(&folder).unwrap();
        fs::write(folder.join("b.md"), "mine").unwrap();
        let files = draft(&[("a.md", "new"), ("b.md", "new")]);
        let careful = Target {
            folder: &folder,
            force: false,
        };
        assert!(matches!(careful.write(&files, &[]), Err(Failure::Usage { .. })));
        assert!(!folder.join("a.md").exists());
        let forced = Target {
            force: true,
            ..careful
        };
        assert_eq!(forced.write(&files, &[]).unwrap().len(), 2);
        assert_eq!(fs::read_to_string(folder.join("b.md")).unwrap(), "new");
    }
}
