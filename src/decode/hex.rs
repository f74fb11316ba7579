//! Bytes as hex: a preview, and rows of offset, bytes and letters.
use super::{Row, Shade};
use crate::text::Safe;

/// `0x` and two digits a byte, as many as fit into `cells`.
pub fn preview(bytes: &[u8], cells: usize) -> Safe {
    let shown = bytes.get(..cells / 2).unwrap_or(bytes);
    let more = if shown.len() < bytes.len() { "…" } else { "" };
    Safe::from(format!("0x{}{more}", digits(shown))).fit(cells)
}

/// Two digits a byte, nothing between them.
pub fn digits(bytes: &[u8]) -> String {
    let digit = |nibble: u8| char::from_digit(u32::from(nibble), 16).unwrap_or('?');
    bytes.iter().flat_map(|byte| [digit(byte >> 4), digit(byte & 15)]).collect()
}

/// Bytes in one row of a dump: 16, or less where there is no room for them.
pub fn per_row(width: usize) -> usize {
    // 8 of offset, 2 blanks, 3 a byte and one in the middle, a blank, 1 a byte and 2 bars.
    [16, 8, 4].into_iter().find(|n| 10 + 3 * n + 1 + 1 + n + 2 <= width).unwrap_or(2)
}

/// `00000010  7b 22 69 64 22 3a 31 38  33 33 2c 22 69 74 65 6d  │{"id":1833,"item│`
pub fn row(bytes: &[u8], at: usize, per_row: usize) -> Row {
    let shown = bytes.get(at..).map(|rest| rest.get(..per_row).unwrap_or(rest)).unwrap_or_default();
    let mut cells = String::new();
    for i in 0..per_row {
        let byte = shown.get(i).map_or_else(|| "  ".to_owned(), |byte| digits(&[*byte]));
        cells.push_str(&byte);
        cells.push_str(if i + 1 == per_row / 2 { "  " } else { " " });
    }
    let letter = |byte: &u8| if (0x20..0x7f).contains(byte) { char::from(*byte) } else { '·' };
    let letters: String = shown.iter().map(letter).collect();
    vec![
        (Safe::from(format!("{at:08x}  ")), Shade::Quiet),
        (Safe::from(cells), Shade::Plain),
        (Safe::literal(" │"), Shade::Quiet),
        (Safe::from(format!("{letters:<per_row$}")), Shade::String),
        (Safe::literal("│"), Shade::Quiet),
    ]
}

#[cfg(test)]
mod tests {
    use super::*;

    fn line(bytes: &[u8], at: usize, per_row: usize) -> String {
        row(bytes, at, per_row).iter().map(|(text, _)| text.as_str()).collect()
    }

    #[test]
    fn a_row_has_offset_bytes_and_letters() {
        let bytes = b"0123456789abcdef{\"id\":1833}\n\x1b";
        assert_eq!(
            line(bytes, 0, 16),
            "00000000  30 31 32 33 34 35 36 37  38 39 61 62 63 64 65 66  │0123456789abcdef│"
        );
        assert_eq!(
            line(bytes, 16, 16),
            "00000010  7b 22 69 64 22 3a 31 38  33 33 7d 0a 1b           │{\"id\":1833}··   │"
        );
        assert!(line(bytes, 16, 16).chars().count() <= 78 && per_row(78) == 16 && per_row(77) == 8);
    }

    #[test]
    fn a_cut_preview_says_so() {
        assert_eq!(preview(&[0, 255, 16], 20).as_str(), "0x00ff10");
        assert_eq!(preview(&[0, 255, 16], 6).as_str(), "0x00f…");
    }
}
