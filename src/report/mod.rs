//! Placeholder of the `report` stage while it is being built.
