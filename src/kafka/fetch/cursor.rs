//! A reader over foreign bytes: every step is checked against what is left, and no length from outside is believed.

/// The bytes ended before what they announced, or announced what cannot be.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("cut short or malformed")]
pub struct Short;

pub type Result<T> = std::result::Result<T, Short>;

/// A position in a buffer. Positions stay those of the whole buffer, so that spans into it can be made.
#[derive(Debug, Clone, Copy)]
pub struct Cursor<'a> {
    buffer: &'a [u8],
    at: usize,
}

impl<'a> Cursor<'a> {
    pub fn new(buffer: &'a [u8]) -> Self {
        Self { buffer, at: 0 }
    }

    /// The bytes `range` of `buffer`, and nothing after them.
    pub fn within(buffer: &'a [u8], range: std::ops::Range<usize>) -> Result<Self> {
        let buffer = buffer.get(..range.end).ok_or(Short)?;
        (range.start <= range.end).then_some(Self { buffer, at: range.start }).ok_or(Short)
    }

    pub fn at(&self) -> usize {
        self.at
    }

    pub fn left(&self) -> usize {
        self.buffer.len() - self.at
    }

    #[inline]
    pub fn take(&mut self, n: usize) -> Result<&'a [u8]> {
        let end = self.at.checked_add(n).ok_or(Short)?;
        let taken = self.buffer.get(self.at..end).ok_or(Short)?;
        self.at = end;
        Ok(taken)
    }

    #[inline]
    pub fn skip(&mut self, n: usize) -> Result<()> {
        self.take(n).map(|_| ())
    }

    /// The next `n` bytes as a cursor of their own; this one moves past them.
    #[inline]
    pub fn part(&mut self, n: usize) -> Result<Self> {
        let at = self.at;
        self.skip(n)?;
        Ok(Self { buffer: self.buffer.get(..self.at).ok_or(Short)?, at })
    }

    #[inline]
    fn array<const N: usize>(&mut self) -> Result<[u8; N]> {
        self.take(N)?.try_into().map_err(|_| Short)
    }

    pub fn i8(&mut self) -> Result<i8> {
        Ok(i8::from_be_bytes(self.array()?))
    }

    pub fn i16(&mut self) -> Result<i16> {
        Ok(i16::from_be_bytes(self.array()?))
    }

    pub fn i32(&mut self) -> Result<i32> {
        Ok(i32::from_be_bytes(self.array()?))
    }

    pub fn u32(&mut self) -> Result<u32> {
        Ok(u32::from_be_bytes(self.array()?))
    }

    pub fn i64(&mut self) -> Result<i64> {
        Ok(i64::from_be_bytes(self.array()?))
    }

    /// An unsigned varint of at most 64 bits.
    #[inline]
    pub fn unsigned(&mut self) -> Result<u64> {
        let first = *self.buffer.get(self.at).ok_or(Short)?;
        self.at += 1;
        if first < 0x80 { Ok(first.into()) } else { self.unsigned_rest(first) }
    }

    fn unsigned_rest(&mut self, first: u8) -> Result<u64> {
        let mut value = u64::from(first & 0x7f);
        for shift in (7..64).step_by(7) {
            let byte = *self.buffer.get(self.at).ok_or(Short)?;
            self.at += 1;
            value |= u64::from(byte & 0x7f) << shift;
            if byte < 0x80 {
                return Ok(value);
            }
        }
        Err(Short)
    }

    /// A zigzag varint of at most 64 bits.
    #[inline]
    pub fn varint(&mut self) -> Result<i64> {
        let value = self.unsigned()?;
        Ok((value >> 1) as i64 ^ -((value & 1) as i64))
    }

    /// A zigzag length that must fit into what is left; −1 is null, other negatives are refused.
    #[inline]
    pub fn varint_length(&mut self) -> Result<Option<usize>> {
        let length = self.varint()?;
        if length == -1 {
            return Ok(None);
        }
        self.fits(length).map(Some)
    }

    fn fits(&self, length: i64) -> Result<usize> {
        let length = usize::try_from(length).map_err(|_| Short)?;
        if length <= self.left() { Ok(length) } else { Err(Short) }
    }

    /// How many elements of at least `least` bytes follow: more than there is room for is refused, null is none.
    /// `compact`: as flexible versions write it (KIP-482).
    pub fn count(&mut self, compact: bool, least: usize) -> Result<usize> {
        let count = self.wide_length(compact)?.unwrap_or(0);
        if count <= self.left() / least.max(1) { Ok(count) } else { Err(Short) }
    }

    /// The length of bytes, or null.
    pub fn wide_length(&mut self, compact: bool) -> Result<Option<usize>> {
        let length = if compact { self.compact_length()? } else { self.i32()?.into() };
        if length < 0 { Ok(None) } else { self.fits(length).map(Some) }
    }

    fn compact_length(&mut self) -> Result<i64> {
        i64::try_from(self.unsigned()?).map(|length| length - 1).map_err(|_| Short)
    }

    /// A text, or null.
    pub fn text(&mut self, compact: bool) -> Result<Option<&'a str>> {
        let length = if compact { self.compact_length()? } else { self.i16()?.into() };
        if length < 0 {
            return Ok(None);
        }
        let bytes = self.take(usize::try_from(length).map_err(|_| Short)?)?;
        std::str::from_utf8(bytes).map(Some).map_err(|_| Short)
    }

    /// Passes over the tagged fields that end every structure of a flexible version.
    pub fn tags(&mut self, flexible: bool) -> Result<()> {
        if !flexible {
            return Ok(());
        }
        for _ in 0..self.unsigned()? {
            self.unsigned()?;
            let length = usize::try_from(self.unsigned()?).map_err(|_| Short)?;
            self.skip(length)?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_of_more_than_64_bits_is_refused() {
        assert_eq!(Cursor::new(&[0xff; 11]).unsigned(), Err(Short));
    }

    #[test]
    fn a_count_that_cannot_be_there_is_refused_before_anything_is_made_of_it() {
        assert_eq!(Cursor::new(&[0x7f, 0xff, 0xff, 0xff, 0, 0]).count(false, 1), Err(Short));
        assert_eq!(Cursor::new(&[0, 0, 0, 2, 1, 2]).count(false, 1), Ok(2));
    }

    #[test]
    fn a_part_ends_where_it_ends_and_keeps_the_positions_of_the_whole() {
        let mut whole = Cursor::new(&[1, 2, 3, 4]);
        whole.skip(1).unwrap();
        let mut part = whole.part(2).unwrap();
        assert_eq!((part.at(), part.left(), whole.at()), (1, 2, 3));
        assert_eq!(part.take(3), Err(Short));
    }
}
