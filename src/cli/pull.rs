//! `pull`: token, connection, progress, and what it says in the end.

use std::cell::RefCell;
use std::env;
use std::fs;
use std::io::{IsTerminal, stderr};
use std::path::{Path, PathBuf};
use std::process;
use std::rc::Rc;
use std::time::{Duration, Instant};

use indicatif::{ProgressBar, ProgressStyle};

use crate::Error;
use crate::cli::args::PullArgs;
use crate::cli::failure::Failure;
use crate::cli::keep::{self, Kept};
use crate::cli::messages::say;
use crate::cli::{load, output, store};
use crate::config::Settings;
use crate::pull::{self, Event, Preview, PullError, Request, Summary};
use crate::report::safe;
use crate::source::notion::mapping::MappingLine;
use crate::source::notion::{ANSWER_TIMEOUT, Access, Client, Token, Waiting, link};
use crate::source::to_line;
use crate::store::Store;
use crate::text::Redactor;

/// The variables that may hold the token: ours, then those that Notion's own tools read.
const TOKEN_VARIABLES: [&str; 3] = ["NOTION_TOKEN", "NOTION_API_TOKEN", "NOTION_API_KEY"];

/// The exit code of a process that was interrupted: 128 and the number of the signal, as shells have it.
const INTERRUPTED: i32 = 130;

/// Runs the command.
///
/// # Errors
///
/// What arguments, settings, store or Notion report.
pub(super) fn run(args: &PullArgs, quiet: bool) -> Result<(), Failure> {
    let config = args.settings.config.clone();
    let settings = load::resolve(args.overrides(), config.as_deref())?;
    let request = request(args, &settings)?;
    let access = access(args, &settings)?;
    if settings.notion.base_url.scheme() == "http" && !is_local(&settings) {
        say("warning: the token travels unencrypted to an http address");
    }
    let teller = Rc::new(RefCell::new(Teller::new(quiet)));
    let waiting = Rc::clone(&teller);
    let client = Client::new(access, Box::new(move |wait| waiting.borrow_mut().wait(wait)));
    let mut client = client.map_err(|error| Error::from(PullError::from(error)))?;
    if args.check {
        let found = pull::preview(&mut client, &request).map_err(Error::from)?;
        return output::print(&checked(&found, &settings));
    }
    on_interrupt(&settings.store);
    let mut store = Store::open_to_write(Path::new(&settings.store)).map_err(Error::from)?;
    let number = store::begin(&mut store, "pull")?;
    let file = config.unwrap_or_else(|| PathBuf::from(load::SETTINGS_FILE));
    let mut summary = Summary::default();
    let done = pull::pull(&mut client, &mut store, &request, &mut summary, &mut |event| {
        let mut teller = teller.borrow_mut();
        teller.event(event);
        if let Event::Settled {
            id,
            name,
            mapping,
            lines,
        } = event
            && !settings.notion.sources.contains_key(*id)
        {
            let kept = Kept {
                id,
                name,
                mapping,
                lines,
            };
            teller.kept(&file, keep::mapping(&file, &request.link.id, &kept));
        }
    });
    teller.borrow_mut().end();
    if let Err(error) = done {
        let mut record = summary.record();
        record["error"] = error.to_string().into();
        // A store that cannot take this note is what the error is about already.
        let _ = store::end(&mut store, number, &record);
        if !quiet {
            say(&format!("until then: {}", counted(&summary)));
        }
        return Err(Error::from(error).into());
    }
    store::end(&mut store, number, &summary.record())?;
    output::print(&ended(&summary, &settings))
}

fn request(args: &PullArgs, settings: &Settings) -> Result<Request, Failure> {
    let usage = |message: String| {
        Failure::Usage {
        message,
        hint: "open the database in Notion as a full page, choose ••• > Copy link, and pass that with --database".to_owned(),
    }
    };
    let database = settings.notion.database.as_deref();
    let database = database.ok_or_else(|| usage("no database is named".to_owned()))?;
    let link = link::parse(database)
        .ok_or_else(|| usage(format!("there is no database id in {:?}", safe::plain(database))))?;
    Ok(Request {
        link,
        data_sources: settings.notion.data_sources.clone(),
        mappings: settings.notion.sources.clone(),
        comments: settings.notion.comments,
        full: args.full,
        zone: settings.timezone.zone().clone(),
    })
}

fn access(args: &PullArgs, settings: &Settings) -> Result<Access, Failure> {
    let certificates = match &settings.notion.ca_cert {
        Some(name) => {
            Some(fs::read(name).map_err(|error| load::unreadable("certificate file", name, &error))?)
        }
        None => None,
    };
    let deadline = args
        .deadline
        .and_then(|minutes| Instant::now().checked_add(Duration::from_secs(minutes * 60)));
    Ok(Access {
        token: token(args)?,
        base_url: settings.notion.base_url.clone(),
        version: settings.notion.version.clone(),
        requests_per_second: settings.notion.requests_per_second,
        certificates,
        timeout: args.timeout.map_or(ANSWER_TIMEOUT, Duration::from_secs),
        deadline,
    })
}

/// The token from the file that is named, else from the environment.
fn token(args: &PullArgs) -> Result<Token, Failure> {
    let unusable = |place: &str| {
        Failure::NoToken(format!(
            "{place} holds none, or holds characters that no token has"
        ))
    };
    if let Some(path) = &args.token_file {
        let name = path.display().to_string();
        let text = fs::read_to_string(path)
            .map_err(|error| Failure::NoToken(format!("the file {name} cannot be read: {error}")))?;
        return Token::new(&text).ok_or_else(|| unusable(&name));
    }
    let set = TOKEN_VARIABLES.iter().find_map(|name| {
        let value = env::var_os(name)?;
        (!value.is_empty()).then_some((*name, value))
    });
    match set {
        Some((name, value)) => value.to_str().and_then(Token::new).ok_or_else(|| unusable(name)),
        None => Err(Failure::NoToken(
            "NOTION_TOKEN is not set and --token-file is not given".to_owned(),
        )),
    }
}

/// Whether the API is on this machine, where nobody listens on the way.
fn is_local(settings: &Settings) -> bool {
    match settings.notion.base_url.host() {
        Some(url::Host::Domain(name)) => name == "localhost" || name.ends_with(".localhost"),
        Some(url::Host::Ipv4(address)) => address.is_loopback(),
        Some(url::Host::Ipv6(address)) => address.is_loopback(),
        None => false,
    }
}

/// Ends the process on Ctrl-C. Everything that was read is committed, so there is nothing to clean up.
fn on_interrupt(store: &str) {
    let store = store.to_owned();
    // Without the handler Ctrl-C ends the process all the same, only without a word.
    let _ = ctrlc::set_handler(move || {
        say(&format!(
            "\ninterrupted; what was read is in {store}, and the same command goes on from there"
        ));
        process::exit(INTERRUPTED);
    });
}

/// What `--check` found, for a person.
fn checked(found: &[Preview], settings: &Settings) -> String {
    let redactor = (!settings.raw).then(|| Redactor::new(&std::collections::BTreeSet::new(), settings.seed));
    let mut lines = vec![format!(
        "connection: {} answers, the token is accepted",
        settings.notion.base_url
    )];
    for preview in found {
        let source = &preview.found;
        lines.push(format!(
            "data source: {} ({}), {} properties",
            source.name,
            source.id,
            source.schema.properties().len()
        ));
        lines.extend(
            preview
                .mapping
                .lines(&source.schema)
                .iter()
                .map(|line| format!("  {line}")),
        );
        let right = |name: &str, right: Option<bool>| {
            let words = if right? {
                "may be read"
            } else {
                "may not be read; switch it on for the connection"
            };
            Some(format!("{name}: {words}"))
        };
        lines.extend(right("content", preview.content));
        lines.extend(right("comments", preview.comments));
        match &preview.ticket {
            Some(ticket) => {
                let line = to_line(ticket, settings.timezone.zone());
                let line = redactor
                    .as_ref()
                    .map_or_else(|| line.clone(), |redactor| redactor.redact(&line));
                lines.push(format!(
                    "one ticket{}: {line}",
                    if settings.raw { "" } else { ", redacted" }
                ));
            }
            None => lines.push("there is no row yet".to_owned()),
        }
    }
    lines.push("nothing was changed".to_owned());
    lines.iter().map(|line| safe::indented(line) + "\n").collect()
}

/// The summary of a pull that ended.
fn ended(summary: &Summary, settings: &Settings) -> String {
    let mut lines = vec![format!("{}: {}", settings.store, counted(summary))];
    lines.extend(
        summary
            .skipped
            .iter()
            .map(|(reason, count)| format!("skipped {count}: {reason}")),
    );
    lines.join("\n") + "\n"
}

fn counted(summary: &Summary) -> String {
    let optional = [
        (summary.trashed, "moved to the trash"),
        (summary.vanished, "vanished"),
        (summary.restored, "restored"),
        (summary.replaced, "imported before and pulled now"),
    ];
    let optional = optional
        .iter()
        .filter(|(count, _)| *count > 0)
        .map(|(count, what)| format!(", {count} {what}"));
    format!(
        "{} new, {} changed, {} unchanged{} ({} requests)",
        summary.new,
        summary.changed,
        summary.unchanged,
        optional.collect::<String>(),
        summary.requests
    )
}

/// Lines of progress on something that is no terminal come at most this often.
const REPORT_EVERY: Duration = Duration::from_secs(30);

/// Tells on standard error how a pull goes on: on a terminal by one line that changes, else by a line now and then.
struct Teller {
    is_quiet: bool,
    bar: Option<ProgressBar>,
    last: Instant,
    /// When the first of the tickets that are being filled was begun.
    filling_since: Option<Instant>,
}

impl Teller {
    fn new(is_quiet: bool) -> Self {
        let bar = (!is_quiet && stderr().is_terminal()).then(ProgressBar::new_spinner);
        if let Some(bar) = &bar {
            if let Ok(style) = ProgressStyle::with_template("{spinner} {msg} ({elapsed})") {
                bar.set_style(style);
            }
            bar.enable_steady_tick(Duration::from_millis(120));
        }
        Self {
            is_quiet,
            bar,
            last: Instant::now(),
            filling_since: None,
        }
    }

    /// Says something that stays.
    fn say(&self, text: &str) {
        if self.is_quiet {
            return;
        }
        match &self.bar {
            Some(bar) => bar.suspend(|| say(text)),
            None => say(text),
        }
    }

    /// Shows something that passes.
    fn show(&mut self, text: String) {
        match &self.bar {
            Some(bar) => bar.set_message(safe::plain(&text).to_string()),
            None if !self.is_quiet && self.last.elapsed() >= REPORT_EVERY => {
                self.last = Instant::now();
                say(&text);
            }
            None => {}
        }
    }

    fn wait(&mut self, wait: Waiting) {
        let seconds = wait.time.as_secs_f64().ceil();
        self.show(if wait.is_limited {
            format!("waiting {seconds} s because of Notion's rate limit")
        } else {
            format!("Notion did not answer as it should; trying again in {seconds} s")
        });
    }

    fn event(&mut self, event: &Event<'_>) {
        match event {
            Event::Source {
                name,
                mapping,
                is_new,
            } => {
                self.filling_since = None;
                if *is_new {
                    self.say(&format!("data source {name:?} is read like this:"));
                    self.say(&table(mapping));
                }
            }
            Event::Settled { .. } => {}
            Event::Rows(rows) => self.show(format!("{rows} rows")),
            Event::Filled { done, of } => {
                let since = *self.filling_since.get_or_insert_with(Instant::now);
                let left = time_left(since.elapsed(), *done, *of);
                self.show(format!("{done} of {of} tickets read whole{left}"));
            }
            Event::Note(note) => self.say(&format!("note: {note}")),
        }
    }

    /// Tells whether the mapping was kept.
    fn kept(&self, file: &Path, kept: Result<bool, String>) {
        match kept {
            Ok(true) => self.say(&format!(
                "the mapping is in {}; correct it there where it is wrong, and pull again: nothing is fetched twice",
                file.display()
            )),
            Ok(false) => {}
            Err(reason) => self.say(&format!(
                "warning: the mapping could not be written to {}: {reason}",
                file.display()
            )),
        }
    }

    fn end(&self) {
        if let Some(bar) = &self.bar {
            bar.finish_and_clear();
        }
    }
}

fn table(mapping: &[MappingLine]) -> String {
    let lines: Vec<String> = mapping.iter().map(|line| format!("  {line}")).collect();
    lines.join("\n")
}

/// How long the rest will take at the pace so far; nothing before a tenth of a minute has passed.
fn time_left(passed: Duration, done: usize, of: usize) -> String {
    if passed < Duration::from_secs(6) || done == 0 {
        return String::new();
    }
    let left = passed.mul_f64((of - done.min(of)) as f64 / done as f64).as_secs();
    match left {
        0..60 => format!(", {left} s left"),
        60..3600 => format!(", {} min left", left.div_ceil(60)),
        _ => format!(", {:.1} h left", left as f64 / 3600.0),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_time_left_is_told_in_the_unit_that_fits() {
        let after = |seconds, done, of| time_left(Duration::from_secs(seconds), done, of);
        assert_eq!(after(1, 5, 10), "");
        assert_eq!(after(10, 5, 10), ", 10 s left");
        assert_eq!(after(100, 10, 100), ", 15 min left");
        assert_eq!(after(1000, 100, 3000), ", 8.1 h left");
    }
}
