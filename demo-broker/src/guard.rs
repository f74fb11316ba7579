//! Decoding that a hostile client cannot turn into an abort.
//!
//! The generated decoders reserve memory for as many elements as the peer claims before they read one, and a reservation
//! that the system refuses ends the process. They read through a trait, though, so this buffer stands between.

use bytes::{Buf, Bytes, TryGetError};
use kafka_protocol::protocol::{Decodable, buf::ByteBuf};
use std::ops::Range;

/// A claim up to this many elements costs a moment's address space and nothing else.
const HARMLESS: usize = 1 << 12;

/// A request that is not what its header says.
#[derive(Debug, thiserror::Error)]
#[error("malformed request: {0}")]
pub(crate) struct Malformed(String);

/// Decodes one request body. Memory is bounded by the body's length, whatever lengths it claims.
///
/// A 32-bit number larger than the body may be an impossible length or an honest field (a timeout). The first pass hands
/// out −2 for it, which no length may be, so a length fails without a reservation. The layout does not depend on a
/// field's value: when the first pass gets through, every length was possible and the second pass reads the fields.
pub(crate) fn decode<T: Decodable>(body: &Bytes, version: i16) -> Result<T, Malformed> {
    decode_front(&mut body.clone(), version)
}

/// The same for what stands at the front of `bytes`, which is taken off.
pub(crate) fn decode_front<T: Decodable>(bytes: &mut Bytes, version: i16) -> Result<T, Malformed> {
    let mut guarded = Guarded { inner: bytes.clone(), replaced: false };
    let first = T::decode(&mut guarded, version).map_err(|e| Malformed(e.to_string()))?;
    if guarded.replaced {
        return T::decode(bytes, version).map_err(|e| Malformed(e.to_string()));
    }
    *bytes = guarded.inner;
    Ok(first)
}

struct Guarded {
    inner: Bytes,
    /// Whether a number was replaced by −2.
    replaced: bool,
}

impl Guarded {
    fn impossible(&self, claim: usize) -> bool {
        claim > HARMLESS && claim > self.inner.len()
    }

    /// The variable-length number that would start here, as the generated decoder reads it.
    fn varint_ahead(&self) -> usize {
        let mut value = 0;
        for (i, byte) in self.inner.iter().take(5).enumerate() {
            value |= u64::from(byte & 0x7f) << (7 * i);
            if byte & 0x80 == 0 {
                break;
            }
        }
        usize::try_from(value).unwrap_or(usize::MAX)
    }
}

impl Buf for Guarded {
    fn remaining(&self) -> usize {
        self.inner.remaining()
    }

    fn chunk(&self) -> &[u8] {
        self.inner.chunk()
    }

    fn advance(&mut self, n: usize) {
        self.inner.advance(n);
    }

    fn try_get_i32(&mut self) -> Result<i32, TryGetError> {
        let n = self.inner.try_get_i32()?;
        if self.impossible(usize::try_from(n).unwrap_or(0)) {
            self.replaced = true;
            return Ok(-2);
        }
        Ok(n)
    }

    /// Every variable-length number of a request is a length, a count or a tag, and starts with a byte read here; so does
    /// a boolean, which is 0 or 1. None of them may be larger than what is left.
    fn try_get_u8(&mut self) -> Result<u8, TryGetError> {
        let claim = self.varint_ahead();
        if self.impossible(claim) {
            return Err(TryGetError { requested: claim, available: self.inner.len() });
        }
        self.inner.try_get_u8()
    }
}

impl ByteBuf for Guarded {
    fn peek_bytes(&mut self, range: Range<usize>) -> Bytes {
        self.inner.slice(range)
    }

    fn get_bytes(&mut self, n: usize) -> Bytes {
        self.inner.split_to(n)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use bytes::BytesMut;
    use kafka_protocol::messages::{
        BrokerId, CreateTopicsRequest, FetchRequest, JoinGroupRequest, MetadataRequest, OffsetFetchRequest,
        RequestHeader,
    };
    use kafka_protocol::protocol::Encodable;
    use proptest::prelude::*;

    #[test]
    fn a_claim_of_more_elements_than_bytes_fails() {
        let old = Bytes::from_static(&[0x7f, 0xff, 0xff, 0xff, 0, 0, 0, 0]);
        assert!(decode::<MetadataRequest>(&old, 1).is_err());
        let compact = Bytes::from_static(&[0xff, 0xff, 0xff, 0xff, 0x0f, 1, 2, 3]);
        assert!(decode::<MetadataRequest>(&compact, 9).is_err());
    }

    /// The first pass reads −2 for a large number; the request must not keep it.
    #[test]
    fn a_large_number_that_is_no_length_stays_what_it_is() {
        let request = FetchRequest::default().with_max_wait_ms(i32::MAX).with_replica_id(BrokerId(77_000));
        let mut body = BytesMut::new();
        request.encode(&mut body, 4).unwrap();
        assert_eq!(decode::<FetchRequest>(&body.freeze(), 4).unwrap(), request);
    }

    #[test]
    fn a_header_is_taken_off_the_front() {
        let mut frame = BytesMut::new();
        let header = RequestHeader::default().with_correlation_id(i32::MAX);
        header.encode(&mut frame, 2).unwrap();
        frame.extend_from_slice(b"body");
        let mut frame = frame.freeze();
        assert_eq!(decode_front::<RequestHeader>(&mut frame, 2).unwrap(), header);
        assert_eq!(frame, "body");
    }

    proptest! {
        #![proptest_config(ProptestConfig { cases: 20_000, failure_persistence: None, ..ProptestConfig::default() })]

        /// Bytes that make lengths large, mixed with others; a reservation of what they claim would abort.
        #[test]
        fn no_bytes_abort(
            body in prop::collection::vec(prop_oneof![prop::sample::select(vec![0, 0xff, 0x7f, 1, 2, 0x80, 0x0f]), any::<u8>()], 0..64),
            version in 0..14i16,
        ) {
            let body = Bytes::from(body);
            let _ = decode::<MetadataRequest>(&body, version);
            let _ = decode::<JoinGroupRequest>(&body, version.min(9));
            let _ = decode::<OffsetFetchRequest>(&body, version.clamp(1, 9));
            let _ = decode::<CreateTopicsRequest>(&body, version.clamp(2, 7));
            let _ = decode::<FetchRequest>(&body, version + 4);
        }
    }
}
