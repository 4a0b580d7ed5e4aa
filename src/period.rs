//! Quarters, fiscal years and business hours.
