//! Finds groups that the taxonomy does not name.
