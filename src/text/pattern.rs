//! Compiles the regular expressions that are written into this stage.

use regex::Regex;

/// Compiles a pattern that stands in the source.
///
/// Only for literals: each lives in a `LazyLock` that a test of its file forces, so a faulty one cannot ship.
#[expect(
    clippy::expect_used,
    reason = "the pattern is a literal that the tests compile"
)]
pub(super) fn pattern(source: &str) -> Regex {
    Regex::new(source).expect("a literal pattern compiles")
}
