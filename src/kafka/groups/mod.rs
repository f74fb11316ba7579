//! Consumer groups: which there are, who is in them, what they committed, how far behind they are. Many groups a
//! request, one row's error is that row's; nothing here joins a group. [`mod@reset`], [`forget`] and [`delete`] change one,
//! and want the right to write for it.
pub mod answer;
mod assignment;
mod committed;
mod coordinators;
pub mod delete;
pub mod forget;
mod lag;
mod list;
mod members;
mod refused;
pub mod reset;
mod standing;
mod write;

pub use committed::commits;
pub use lag::lag;
pub use list::{Listing, list};
pub use members::{Described, describe};
