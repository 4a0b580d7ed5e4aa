//! Placeholder of the `taxonomy` stage while it is being built.
