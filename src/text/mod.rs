//! Placeholder of the `text` stage while it is being built.
