//! Placeholder of the `automation` stage while it is being built.
