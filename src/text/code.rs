//! Placeholder of `text::code` while it is being built.
