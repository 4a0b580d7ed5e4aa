//! Placeholder of `text::entity` while it is being built.
