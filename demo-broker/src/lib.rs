//! demo broker
