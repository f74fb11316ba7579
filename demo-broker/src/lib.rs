//! demo broker
pub mod batch;
pub mod data;
pub mod members;
