//! Placeholder of the `trend` stage while it is being built.
