//! What is said on standard error: errors with their next step, warnings, and what was guessed about the input.

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
    // Errors about a file quote what stands in it.
    say(&format!(
        "error: {}",
        Redactor::new(&BTreeSet::new(), 0).redact(&failure.to_string())
    ));
    if let Some(hint) = failure.hint() {
        say(&format!("hint: {hint}"));
    }
}
