//! Placeholder of `text::document` while it is being built.
