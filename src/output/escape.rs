//! Text and numbers as JSON writes them, straight into a buffer. Most bytes need no escape, so eight are looked at at once.
use base64::{Engine, engine::general_purpose::STANDARD};

/// A byte of every kind in one word.
const ONES: u64 = u64::MAX / 255;
const HIGH_BITS: u64 = ONES << 7;
const HEX: &[u8; 16] = b"0123456789abcdef";

/// `text` in quotes.
pub fn string(text: &str, out: &mut Vec<u8>) {
    out.push(b'"');
    let mut rest = text.as_bytes();
    loop {
        let (plain, marked) = rest.split_at_checked(plain(rest)).unwrap_or((rest, &[]));
        out.extend_from_slice(plain);
        let Some((byte, after)) = marked.split_first() else { break };
        escape(*byte, out);
        rest = after;
    }
    out.push(b'"');
}

/// Bytes that are UTF-8 as text, others in base64; answers which. Null is no bytes, and the caller's to write.
pub fn bytes(bytes: &[u8], out: &mut Vec<u8>) -> Encoding {
    match std::str::from_utf8(bytes) {
        Ok(text) => {
            string(text, out);
            Encoding::Utf8
        }
        Err(_) => {
            out.push(b'"');
            base64(bytes, out);
            out.push(b'"');
            Encoding::Base64
        }
    }
}

/// How bytes stand in a JSON string.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Encoding {
    Utf8,
    Base64,
}

impl Encoding {
    pub fn word(self) -> &'static str {
        match self {
            Self::Utf8 => "utf8",
            Self::Base64 => "base64",
        }
    }
}

pub fn base64(bytes: &[u8], out: &mut Vec<u8>) {
    let at = out.len();
    // A string that does not fit into memory four thirds as large is none that was read.
    let length = base64::encoded_len(bytes.len(), true).unwrap_or(0);
    out.resize(at.saturating_add(length), b'=');
    if let Some(room) = out.get_mut(at..) {
        let written = STANDARD.encode_slice(bytes, room).unwrap_or(0);
        out.truncate(at.saturating_add(written));
    }
}

pub fn number(number: impl itoa::Integer, out: &mut Vec<u8>) {
    out.extend_from_slice(itoa::Buffer::new().format(number).as_bytes());
}

/// Bytes before the first that must be escaped.
fn plain(bytes: &[u8]) -> usize {
    let (words, tail) = bytes.as_chunks::<8>();
    for (at, word) in words.iter().enumerate() {
        let marks = marks(u64::from_le_bytes(*word));
        if marks != 0 {
            return at * 8 + marks.trailing_zeros() as usize / 8;
        }
    }
    words.len() * 8 + tail.iter().position(|byte| must_escape(*byte)).unwrap_or(tail.len())
}

fn must_escape(byte: u8) -> bool {
    byte < b' ' || byte == b'"' || byte == b'\\'
}

/// The high bit of the lowest byte that must be escaped is set; of higher ones it may be for no reason ("Bit Twiddling
/// Hacks", haszero and hasless).
fn marks(word: u64) -> u64 {
    let is = |byte: u8| {
        let differs = word ^ (ONES * u64::from(byte));
        differs.wrapping_sub(ONES) & !differs
    };
    let control = word.wrapping_sub(ONES * u64::from(b' ')) & !word;
    (is(b'"') | is(b'\\') | control) & HIGH_BITS
}

fn escape(byte: u8, out: &mut Vec<u8>) {
    let letter = match byte {
        b'"' | b'\\' => byte,
        b'\n' => b'n',
        b'\r' => b'r',
        b'\t' => b't',
        0x08 => b'b',
        0x0c => b'f',
        _ => {
            let digit = |nibble: u8| HEX.get(usize::from(nibble)).copied().unwrap_or(b'0');
            return out.extend_from_slice(&[b'\\', b'u', b'0', b'0', digit(byte >> 4), digit(byte & 15)]);
        }
    };
    out.extend_from_slice(&[b'\\', letter]);
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn written(text: &str) -> String {
        let mut out = vec![];
        string(text, &mut out);
        String::from_utf8(out).unwrap()
    }

    #[test]
    fn every_letter_is_escaped_wherever_it_stands_in_a_word() {
        for letter in (0..=0x2f).chain([b'\\', 0x7f]).map(char::from).chain(['é', '\u{1f600}', '\u{2028}']) {
            for at in 0..17 {
                let text = format!("{}{letter}{}", "a".repeat(at), "\u{7f}b".repeat(9));
                assert_eq!(written(&text), serde_json::to_string(&text).unwrap(), "{letter:?} at {at}");
            }
        }
    }

    #[test]
    fn what_is_no_text_is_base64_of_any_length() {
        for length in 0..9 {
            let (mut out, binary) = (b"before".to_vec(), vec![0xff; length]);
            base64(&binary, &mut out);
            assert_eq!(out.strip_prefix(b"before").unwrap(), STANDARD.encode(&binary).as_bytes());
        }
        let mut out = vec![];
        assert_eq!(bytes(b"\xff", &mut out), Encoding::Base64);
        assert_eq!(out, b"\"/w==\"");
    }

    proptest! {
        #[test]
        fn any_text_is_written_as_serde_json_writes_it(text: String) {
            prop_assert_eq!(written(&text), serde_json::to_string(&text).unwrap());
        }
    }
}
