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
mod roster;
mod rows;
mod share;
mod standing;
pub mod unread;
mod write;

pub use committed::{Commit, asks_together, commits};
pub use lag::{Sampling, Way, lag, lag_closely};
pub use list::{Listing, list, names};
pub use members::{Described, describe};
pub use roster::Roster;
