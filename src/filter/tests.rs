//! Which records match, what raw bytes may say of them, and where a line is wrong.
use super::*;
use crate::record::{Batch, Head, Span, TimestampType};
use proptest::prelude::*;

mod functions;
mod jq;
mod raw;

/// A record's key, value and headers.
#[derive(Debug, Clone, Default)]
struct Fields {
    key: Option<Vec<u8>>,
    value: Option<Vec<u8>>,
    headers: Vec<(Vec<u8>, Option<Vec<u8>>)>,
}

fn zigzag(to: &mut Vec<u8>, number: i64) {
    let mut rest = ((number << 1) ^ (number >> 63)) as u64;
    while rest >= 0x80 {
        to.push(rest as u8 | 0x80);
        rest >>= 7;
    }
    to.push(rest as u8);
}

/// Writes a length and the bytes; returns where the bytes are.
fn put(to: &mut Vec<u8>, bytes: Option<&[u8]>) -> Span {
    let Some(bytes) = bytes else {
        zigzag(to, -1);
        return Span::NULL;
    };
    zigzag(to, bytes.len() as i64);
    to.extend_from_slice(bytes);
    Span::new(to.len() - bytes.len(), bytes.len()).unwrap()
}

/// Records one after the other as record format 2 writes them, and where each ends.
fn batch(records: &[Fields]) -> (Batch, Vec<usize>) {
    let (mut buffer, mut heads, mut ends) = (vec![], vec![], vec![]);
    for (offset, record) in records.iter().enumerate() {
        buffer.extend([0, 0, offset as u8]);
        let key = put(&mut buffer, record.key.as_deref());
        let value = put(&mut buffer, record.value.as_deref());
        zigzag(&mut buffer, record.headers.len() as i64);
        let at = buffer.len();
        for (name, value) in &record.headers {
            put(&mut buffer, Some(name));
            put(&mut buffer, value.as_deref());
        }
        let headers = Span::new(at, buffer.len() - at).unwrap();
        let header_count = record.headers.len() as u32;
        let fixed = (7, 1_700_000_000_000, -1);
        let (partition, timestamp, leader_epoch) = fixed;
        let timestamp_type = TimestampType::Create;
        let offset = 905_441_423_759_171_584 + offset as i64;
        heads.push(Head {
            offset,
            timestamp,
            key,
            value,
            headers,
            header_count,
            partition,
            leader_epoch,
            timestamp_type,
        });
        ends.push(buffer.len());
    }
    (Batch { topic: "orders".into(), capacity: buffer.len(), buffer: buffer.into(), heads }, ends)
}

fn judged(filter: &Filter, record: Fields) -> Verdict {
    filter.judge(&batch(&[record]).0.record(0).unwrap())
}

fn value(text: impl AsRef<[u8]>) -> Fields {
    Fields { value: Some(text.as_ref().to_vec()), ..Fields::default() }
}

fn key(text: &str) -> Fields {
    Fields { key: Some(text.into()), ..Fields::default() }
}

fn header(name: &str, value: Option<&str>) -> Fields {
    Fields { headers: vec![(name.into(), value.map(Into::into))], ..Fields::default() }
}

fn matches(line: &str, record: Fields) -> bool {
    match judged(&Filter::read(line).unwrap(), record) {
        Verdict::Match => true,
        Verdict::No => false,
        Verdict::Failed(why) => panic!("{line}: {why}"),
    }
}

#[test]
fn a_text_is_found_in_key_value_and_header_values_with_its_blanks() {
    assert!(matches("two words", value("x two words y")));
    assert!(!matches("two words", value("two  words")));
    assert!(matches("cust-1", key("cust-17")));
    assert!(matches("4f2", header("trace", Some("a4f2"))));
    assert!(!matches("trace", header("trace", Some("x"))), "the name of a header is not searched");
    assert!(matches("", Fields::default()), "nothing asked, everything holds");
    assert!(matches("/api/v1", value("GET /api/v1/users")), "a path is a text");
    assert!(!matches("Tea", value("tea")));
}

#[test]
fn expressions_are_judged_on_each_field_apart() {
    assert!(matches("/^tea$/", value("tea")));
    assert!(!matches("/^tea$/", value("tea ")));
    assert!(matches("/TEA|朝/i", value("a cup of tea")));
    let both = Fields { key: Some(b"te".to_vec()), value: Some(b"a".to_vec()), headers: vec![] };
    assert!(!matches("/te.*a/", both), "a match may not go from the key into the value");
    assert!(matches("/\\xff/", value(b"\xff")) || matches("/(?-u:\\xff)/", value(b"\xff")));
}

#[test]
fn keys_and_headers_are_equal_or_not_and_null_is_neither_empty_nor_text() {
    assert!(matches("key:cust-17", key("cust-17")));
    assert!(!matches("key:cust-1", key("cust-17")));
    assert!(!matches(r#"key:"""#, Fields::default()) && matches(r#"key:"""#, key("")));
    assert!(matches("header:trace=a=b", header("trace", Some("a=b"))), "split at the first =");
    assert!(matches("header:trace", header("trace", None)));
    assert!(matches("header:trace=␀", header("trace", None)));
    assert!(!matches("header:trace=␀", header("trace", Some(""))) && !matches("header:trace=", header("trace", None)));
    assert!(matches(r#"header:trace="␀""#, header("trace", Some("␀"))));
    let twice = Fields { headers: vec![(b"h".to_vec(), None), (b"h".to_vec(), Some(b"2".to_vec()))], ..key("k") };
    assert!(matches("header:h=2", twice.clone()) && matches("header:h=␀", twice), "any of several by one name");
}

#[test]
fn parts_of_a_line_must_all_hold() {
    let record = Fields { value: Some(b"tea & milk".to_vec()), ..key("a & b") };
    assert!(matches(r#"key:"a & b" & tea & milk"#, record.clone()));
    assert!(matches("/tea & m/ & milk", record.clone()));
    assert!(!matches("tea & coffee", record.clone()));
    assert!(matches(" & ", record), "nothing between the marks asks for nothing");
}

#[test]
fn what_is_shown_of_a_query_reads_as_the_same_query() {
    let lines =
        ["two words", "/a\\/b/i", "key:x & header:a=1 & header:b & header:c=␀ & tea", r#"key:" x""#, "key:\"\""];
    for line in lines {
        let filter = Filter::read(line).unwrap();
        assert_eq!(filter.words(), line);
        assert_eq!(Filter::read(&filter.words()).unwrap(), filter);
    }
}

#[track_caller]
fn wrong(line: &str, column: usize, words: &str) {
    let mistake = Filter::read(line).unwrap_err();
    assert_eq!(mistake.column, column, "{mistake:?}");
    assert!(mistake.words.contains(words), "{mistake:?}");
    assert_eq!(mistake.text.as_deref(), Some(line));
}

#[test]
fn a_mistake_names_its_column_in_the_line() {
    wrong("朝 & /a(b/", 6, "unclosed");
    wrong("key:a & key:b", 8, "one key");
    wrong("header:=1", 7, "name");
    wrong("tea & key: & milk", 10, "which key");
    wrong(r#"key:"a\q""#, 7, "JSON string");
    wrong("/(a{1000}){1000}/", 1, "memory");
}

#[test]
fn places_are_told_apart_in_order_and_not_without_end() {
    let filter = Filter::read("an & /nan|b/").unwrap();
    assert_eq!(filter.spans(b"banana b"), [0..5, 7..8]);
    assert_eq!(Filter::read("a").unwrap().spans(&b"a ".repeat(5000)).len(), SPANS);
    assert!(Filter::read("/a*/").unwrap().spans(b"bbb").is_empty());
}

proptest! {
    #[test]
    fn any_line_is_read_without_a_panic(line in r#"(key:|header:|/|= ?|[a-c朝&"\\()\[\]{}.|$@\-+*=/?#; 0-9i]| & |"\\u|if |def f: |\\\(){0,12}"#) {
        if let Err(mistake) = Filter::read(&line) {
            prop_assert!(mistake.column <= line.chars().count(), "{:?} in {:?}", mistake, line);
            prop_assert_eq!(mistake.text, Some(line));
        }
    }
}
