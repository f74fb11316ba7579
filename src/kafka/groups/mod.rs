//! Consumer groups: which there are, who is in them, what they committed, how far behind they are. Many groups a
//! request, one row's error is that row's; nothing here joins a group or commits.
mod assignment;
mod committed;
mod coordinators;
mod lag;
mod list;
mod members;

pub use committed::commits;
pub use lag::lag;
pub use list::{Listing, list};
pub use members::{Described, describe};
