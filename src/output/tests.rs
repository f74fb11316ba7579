//! Every form over the same few records: null, empty and "null" stay three things, and bytes stay bytes.
use super::*;
use crate::{
    decode,
    record::{Batch, Head, Span, TimestampType},
};
use base64::{Engine, engine::general_purpose::STANDARD};
use proptest::prelude::*;
use serde_json::{Value, json};

type Field<'a> = Option<&'a [u8]>;

/// One record at 2/7; headers have one-byte names.
fn batch(key: Field<'_>, value: Field<'_>, headers: &[(u8, Field<'_>)]) -> Batch {
    let mut buffer = vec![];
    let mut put = |bytes: Field<'_>| {
        let Some(bytes) = bytes else { return Span::NULL };
        let at = buffer.len();
        buffer.extend_from_slice(bytes);
        Span::new(at, bytes.len()).unwrap()
    };
    let zigzag = |value: Field<'_>| value.map_or(1, |value| value.len() as u8 * 2);
    let encode = |(name, value): &(u8, Field<'_>)| [&[2, *name, zigzag(*value)], value.unwrap_or_default()].concat();
    let encoded: Vec<u8> = headers.iter().flat_map(encode).collect();
    let head = Head {
        offset: 7,
        timestamp: 1_795_165_200_000,
        key: put(key),
        value: put(value),
        headers: put(Some(&encoded)),
        header_count: headers.len() as u32,
        partition: 2,
        leader_epoch: 3,
        timestamp_type: TimestampType::Create,
    };
    Batch { topic: "t\"".into(), capacity: buffer.len(), buffer: buffer.into(), heads: vec![head] }
}

fn written(form: Form, decode: Decode, batch: &Batch) -> Vec<u8> {
    let mut writer = Writer::new(form, decode, false).unwrap();
    let mut out = vec![];
    batch.records().for_each(|record| writer.record(&record, &mut out));
    out
}

fn object(batch: &Batch) -> Value {
    serde_json::from_slice(&written(Form::Json, Decode::default(), batch)).unwrap()
}

fn format(text: &str, batch: &Batch) -> Vec<u8> {
    written(Form::Format(Tokens::read(text).unwrap()), Decode::default(), batch)
}

#[test]
fn a_record_object_has_its_fields_in_the_order_that_was_promised() {
    let batch = batch(Some(b"k"), Some(b"\xff"), &[(b'h', Some(b"v")), (b'h', None), (0xff, Some(b""))]);
    let line = String::from_utf8(written(Form::Json, Decode::default(), &batch)).unwrap();
    let promised = concat!(
        r#"{"topic":"t\"","partition":2,"offset":7,"timestamp":1795165200000,"timestamp_type":"create","#,
        r#""key":"k","key_encoding":"utf8","value":"/w==","value_encoding":"base64","#,
        r#""headers":[{"name":"h","value":"v","encoding":"utf8"},{"name":"h","value":null},"#,
        r#"{"name":"/w==","name_encoding":"base64","value":"","encoding":"utf8"}],"leader_epoch":3}"#,
        "\n"
    );
    assert_eq!(line, promised);
}

#[test]
fn null_and_empty_and_the_word_null_are_three_things_in_every_form_that_can_tell_t12() {
    let values = [None, Some(&b""[..]), Some(b"null")];
    let json = values.map(|value| object(&batch(value, value, &[]))["value"].clone());
    assert_eq!(json, [json!(null), json!(""), json!("null")]);
    let kcat = values.map(|value| format("%k/%K/%s/%S;", &batch(value, value, &[])));
    assert_eq!(kcat, [&b"/-1//-1;"[..], b"/0//0;", b"null/4/null/4;"]);
}

#[test]
fn every_token_of_kcat_says_what_kcat_says() {
    let batch = batch(Some(b"k"), Some(b"va"), &[(b'a', Some(b"1")), (b'b', None)]);
    for (text, wanted) in [
        ("%t %p %o %T", &b"t\" 2 7 1795165200000"[..]),
        ("%k|%K|%s|%S|%h", b"k|1|va|2|a=1,b=NULL"),
        ("%R", b"\0\0\0\x02"),
        (r"100%%\t\n\r\x41\x4g\101\0101\\\q", b"100%\t\n\rA\x04geA\\q"),
        ("", b""),
    ] {
        assert_eq!(format(text, &batch), wanted, "{text}");
    }
    assert_eq!(format("%R", &self::batch(None, None, &[])), [255; 4]);
}

#[test]
fn a_format_that_kcat_does_not_know_either_is_placed() {
    for (text, column) in [("%t %q", 3), ("é%", 1), (r"%k\x", 2), (r"\300", 0), ("%%%", 2)] {
        let mistake = Tokens::read(text).unwrap_err();
        assert_eq!(mistake.column, column, "{text}: {mistake}");
    }
}

#[test]
fn raw_values_are_exact_bytes_on_a_pipe_and_safe_on_a_terminal_t14() {
    let batch = batch(None, Some(b"\x1b[2J\xff"), &[]);
    assert_eq!(written(Form::Raw, Decode::default(), &batch), b"\x1b[2J\xff\n");
    assert_eq!(written(Form::Raw0, Decode::default(), &batch), b"\x1b[2J\xff\0");
    for form in [Form::Raw, Form::Json, Form::Format(Tokens::read("%s\n").unwrap())] {
        let mut writer = Writer::new(form, Decode::default(), true).unwrap();
        let mut out = vec![];
        writer.record(&batch.record(0).unwrap(), &mut out);
        let line = String::from_utf8(out).unwrap();
        assert!(line.strip_suffix('\n').is_some_and(|line| !line.contains(char::is_control)), "{line:?}");
    }
}

#[test]
fn comma_separated_values_lead_back_to_the_cells_and_tell_null_from_empty() {
    let value = br#"{"id": 18446744073709551616, "name": "a \"b\", c\n", "none": null, "empty": ""}"#;
    let form = || Form::Csv("offset,id,name,none,empty,missing,key".into());
    let mut writer = Writer::new(form(), Decode::default(), false).unwrap();
    let mut out = vec![];
    writer.heads(&mut out);
    writer.record(&batch(None, Some(value), &[]).record(0).unwrap(), &mut out);
    let text = String::from_utf8(out.clone()).unwrap();
    assert!(text.starts_with("offset,id,name,none,empty,missing,key\n7,18446744073709551616,"), "{text}");
    assert!(text.ends_with(",,\"\",,\n"), "{text}");
    let read: Vec<csv::StringRecord> = csv::Reader::from_reader(&out[..]).records().map(Result::unwrap).collect();
    assert_eq!(read, [vec!["7", "18446744073709551616", "a \"b\", c\n", "", "", "", ""]]);
    assert!(Writer::new(Form::Csv("id,,user".into()), Decode::default(), false).is_err());
}

#[test]
fn what_was_decoded_stands_beside_the_bytes_and_what_could_not_be_is_counted() {
    let decode = Decode { key: Some(decode::Form::Int64), value: Some(decode::Form::Json) };
    let batch = batch(Some(&i64::MAX.to_be_bytes()), Some(b"{\"a\": 1"), &[]);
    let mut writer = Writer::new(Form::Json, decode, false).unwrap();
    let mut out = vec![];
    writer.record(&batch.record(0).unwrap(), &mut out);
    let line = String::from_utf8(out).unwrap();
    assert!(line.contains(r#""leader_epoch":3,"decoded_key":9223372036854775807,"decoded_value_error":"at byte"#));
    let failures = writer.failures();
    assert_eq!(failures.count, 1);
    assert!(failures.first.as_ref().unwrap().starts_with("the value of t\" 2/7 as json: at byte"), "{failures:?}");
    let shown = written(Form::Format(Tokens::read("%k").unwrap()), decode, &batch);
    assert_eq!(shown, i64::MAX.to_string().as_bytes());
}

fn bytes(object: &Value, field: &str, encoding: &str) -> Option<Vec<u8>> {
    let text = object[field].as_str()?;
    Some(if object[encoding] == "base64" { STANDARD.decode(text).unwrap() } else { text.into() })
}

proptest! {
    #[test]
    fn the_object_of_any_record_leads_back_to_its_bytes_t13(
        key: Option<Vec<u8>>,
        value: Option<Vec<u8>>,
        text: Option<String>,
        header in proptest::option::of(proptest::collection::vec(any::<u8>(), 0..60)),
    ) {
        let text = text.map(String::into_bytes);
        for value in [&value, &text] {
            let object = object(&batch(key.as_deref(), value.as_deref(), &[(b'h', header.as_deref())]));
            prop_assert_eq!(&bytes(&object, "key", "key_encoding"), &key);
            prop_assert_eq!(&bytes(&object, "value", "value_encoding"), value);
            prop_assert_eq!(&bytes(&object["headers"][0], "value", "encoding"), &header);
        }
    }
}
