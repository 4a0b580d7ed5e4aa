//! Placeholder of `text::form` while it is being built.
