//! The lines a person writes in Tail.
use super::*;
