//! Placeholder of the `source` stage while it is being built.
