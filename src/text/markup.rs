//! Placeholder of `text::markup` while it is being built.
