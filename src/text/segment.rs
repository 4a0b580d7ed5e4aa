//! Placeholder of `text::segment` while it is being built.
