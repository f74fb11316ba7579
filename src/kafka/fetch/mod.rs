//! Reading records, in layers that know nothing of the ones above: bytes ([`cursor`]), envelopes ([`envelope`]),
//! records ([`batch`], [`legacy`], [`compression`], [`aborted`]), what an answer says and what to ask next ([`answer`],
//! [`request`], [`fetcher`], all without I/O), and one task per broker with threads that decode
//! ([`reader`], [`decoder`], [`unpack`], [`stream`]). Refuses to guess: what cannot be read is named and counted, never
//! skipped in silence.
pub mod aborted;
pub mod answer;
pub mod batch;
pub mod bounds;
pub mod chunk;
pub mod compression;
pub mod cursor;
pub mod decoder;
mod decoders;
pub mod envelope;
pub mod fetcher;
pub mod first;
pub mod legacy;
mod lz4;
pub mod news;
pub mod out;
mod outcome;
mod parts;
pub mod reader;
pub mod request;
mod session;
pub mod size;
pub mod stream;
mod trouble;
pub mod unpack;
mod walk;

#[cfg(test)]
pub mod testing;
#[cfg(test)]
mod tests;
