//! What is said on standard error: errors and warnings with their next step, and what was guessed about the input.

use std::collections::BTreeSet;
use std::io::Write;

use crate::cli::failure::Failure;
use crate::report::safe;
use crate::text::Redactor;

/// Writes lines to standard error; a closed standard error is nobody's concern.
pub(super) fn say(text: &str) {
    let mut err = anstream::stderr().lock();
    for line in text.lines() {
        // Messages may quote what stands in a file, so they are cleaned like any other text from outside; the
        // indentation of quoted lines is kept.
        let _ = writeln!(err, "{}", safe::indented(line));
    }
}

/// Reports a failure with its hint.
pub(super) fn fail(failure: &Failure) {
    told("error", &failure.to_string(), failure.hint());
}

/// Warns of something that was passed over, and says what to do about it. Warnings are no chatter: `--quiet` does not
/// silence them.
pub(super) fn warn(text: &str, hint: Option<String>) {
    told("warning", text, hint);
}

/// Errors and warnings about a file quote what stands in it.
fn told(what: &str, text: &str, hint: Option<String>) {
    say(&format!(
        "{what}: {}",
        Redactor::new(&BTreeSet::new(), 0).redact(text)
    ));
    if let Some(hint) = hint {
        say(&format!("hint: {hint}"));
    }
}
