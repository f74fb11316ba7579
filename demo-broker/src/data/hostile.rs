//! Records that try to take over the terminal they are shown on. The place of each is fixed: tests quote the offsets.

use super::{TopicSeed, base_time};
use crate::batch::Record;
use bytes::Bytes;

/// Sets the clipboard of terminals that allow it: `rm -rf ~` in base64.
const CLIPBOARD: &[u8] = b"\x1b]52;c;cm0gLXJmIH4=\x07";
/// Headers of the record at offset 19.
const MANY_HEADERS: usize = 1_000;
/// Marks on the one letter at offset 21.
const MARKS: usize = 300;

/// The records that are hostile by their value, offsets 0 to 15.
const VALUES: [&[u8]; 16] = [
    b"\x1b[2Jscreen cleared",
    b"\x1b[31mred",
    b"\x1b]0;title taken\x07",
    CLIPBOARD,
    b"\x1b]8;;https://example.org/\x1b\\click me\x1b]8;;\x1b\\",
    b"\x1bP1;2|74657874\x1b\\after DCS",
    b"\x1b_application command\x1b\\after APC",
    b"\x1bcreset",
    b"\x9b31mC1 as a raw byte",
    "\u{9b}31mC1 as U+009B".as_bytes(),
    b"\x07\x07\x07\x07\x07\x07\x07\x07bell\x08\x08\x08\x08\x08\x08\x08\x08back",
    b"harmless line\rOVERWRITTEN  ",
    "invoice\u{202e}gnp.exe".as_bytes(),
    "\u{2066}left\u{2069} \u{2067}right\u{2069} \u{2068}first\u{2069}".as_bytes(),
    "\u{200d}\u{200d}\u{200d}".as_bytes(),
    "be\u{feff}fore".as_bytes(),
];

/// JSON that parsers disagree about: a lone surrogate, a key twice, a number above every double, the largest uint64.
const BAD_JSON: &str = r#"{"lone":"\ud800","twice":1,"twice":2,"huge":1e400,"largest":18446744073709551615}"#;
/// Text that looks as if an escape had been made safe already.
const QUOTED: &str = r"\x1b[2J \u001b[2J ␛[2J ^[[2J";

pub fn topic(seed: u64) -> TopicSeed {
    let at = base_time(seed);
    let values = VALUES.iter().map(|bytes| Record::at(at).value(*bytes));
    let records = values.chain(elsewhere(at)).chain(odd_values(at));
    let timed = (0..).zip(records).map(|(n, record)| Record { timestamp: at + n, ..record });
    TopicSeed::new("hostile", 1).filled(timed)
}

/// Offsets 16 to 19: hostile by key, header name, header value and number of headers.
fn elsewhere(at: i64) -> [Record; 4] {
    let many = (0..MANY_HEADERS).map(|n| (Bytes::from(format!("h{n}")), Some(Bytes::from(n.to_string()))));
    [
        Record::at(at).key(&b"\x1b[2Jkey"[..]).value("hostile key"),
        Record::at(at).value("hostile header name").header(&b"two\nlines\x1b[2J"[..], "x"),
        Record::at(at).value("hostile header value").header("clipboard", CLIPBOARD),
        Record { headers: many.collect(), ..Record::at(at).value("1000 headers") },
    ]
}

/// Offsets 20 to 23.
fn odd_values(at: i64) -> [Record; 4] {
    let marks = format!("a{} one letter", "\u{301}".repeat(MARKS));
    [
        Record::at(at).value(&b"NUL\0 TAB\t VT\x0b FF\x0c end"[..]),
        Record::at(at).value(marks),
        Record::at(at).value(BAD_JSON),
        Record::at(at).value(QUOTED),
    ]
}
