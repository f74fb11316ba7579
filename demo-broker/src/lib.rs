//! demo broker
pub mod batch;
pub mod data;
