//! Placeholder of `text::redact` while it is being built.
