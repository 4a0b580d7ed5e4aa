//! Placeholder.
/// Kinds of machine text.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum CodeKind {
    /// A stack trace.
    Trace,
    /// Log lines.
    Log,
    /// SQL statements.
    Sql,
    /// Configuration: YAML, HCL, JSON, TOML, ini.
    Config,
    /// A diff or patch.
    Diff,
    /// Shell commands and what they printed.
    Shell,
    /// A public or private key, a certificate.
    Key,
    /// Anything else.
    Other,
}
