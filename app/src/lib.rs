//! The views.

#[cfg(feature = "office-views")]
pub mod office;
