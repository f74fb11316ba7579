//! The one door to every change of the cluster: whoever wants to change something shows this, and a read-only session
//! has none.
use crate::failure::Failure;

/// The right to write.
#[derive(Debug, Clone, Copy)]
pub struct Writes(());

impl Writes {
    /// `doing` begins a sentence: `resetting group billing`.
    ///
    /// # Errors
    /// The session is read-only.
    pub fn allowed(read_only: bool, doing: impl Into<String>) -> Result<Self, Failure> {
        let refused = || Failure::new(doing, "this session is read-only", "start without --read-only to write");
        if read_only { Err(refused()) } else { Ok(Self(())) }
    }
}
