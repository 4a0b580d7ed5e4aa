//! Placeholder of `text::courtesy` while it is being built.
