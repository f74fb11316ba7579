//! Marks and files.
use super::*;
