//! Placeholder of the `toil` stage while it is being built.
