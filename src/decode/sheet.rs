//! One value, row by row.
