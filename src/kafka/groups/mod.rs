//! Consumer groups: which there are, who is in them, what they committed, how far behind they are. Many groups a
//! request, one row's error is that row's; nothing here joins a group or commits.
mod assignment;
mod committed;
mod coordinators;
mod lag;
mod list;
mod members;
mod roster;
mod rows;
mod share;
pub mod unread;

pub use committed::{asks_together, commits};
pub use lag::{Sampling, Way, lag, lag_closely};
pub use list::{Listing, list, names};
pub use members::{Described, describe};
pub use roster::Roster;
