//! Bytes as base64, in rows that are each base64 of their own bytes.
use super::{Row, Shade};
use crate::text::Safe;
use ::base64::{Engine, engine::general_purpose::STANDARD};

/// Bytes in a row: whole groups of three, four letters each.
pub fn per_row(width: usize) -> usize {
    (width / 4).max(1) * 3
}

/// The bytes from `at` on.
pub fn row(bytes: &[u8], at: usize, per_row: usize) -> Row {
    let shown = bytes.get(at..).map(|rest| rest.get(..per_row).unwrap_or(rest)).unwrap_or_default();
    vec![(Safe::from(STANDARD.encode(shown)), Shade::Plain)]
}
