//! What a person names is what is found, digit by digit, whatever the bytes are.
use super::*;
use crate::record::{Batch, Head, Span, TimestampType};
use proptest::prelude::*;

fn cells(columns: &str, key: Option<&[u8]>, value: Option<&[u8]>) -> Vec<Cell> {
    let mut buffer = vec![];
    let mut put = |bytes: Option<&[u8]>| {
        bytes.map_or(Span::NULL, |bytes| {
            buffer.extend_from_slice(bytes);
            Span::new(buffer.len() - bytes.len(), bytes.len()).unwrap()
        })
    };
    let (key, value, headers) = (put(key), put(value), put(Some(b"\x06a.b\x02x\x06a.b\x02y\x02n\x01")));
    let timestamp_type = TimestampType::Create;
    let head = Head {
        offset: 905_441_423_759_171_585,
        timestamp: -1,
        key,
        value,
        headers,
        header_count: 3,
        partition: 3,
        leader_epoch: 0,
        timestamp_type,
    };
    let batch = Batch { topic: "orders".into(), capacity: 0, buffer: buffer.into(), heads: vec![head] };
    Columns::read(columns).unwrap().cells(&batch.record(0).unwrap())
}

fn of_value(columns: &str, value: &str) -> Vec<Cell> {
    cells(columns, None, Some(value.as_bytes()))
}

fn text(text: &str) -> Cell {
    Cell::Text(text.into())
}

fn number(text: &str) -> Cell {
    Cell::Number(text.into())
}

fn json(text: &str) -> Cell {
    Cell::Json(text.into())
}

#[test]
fn fields_are_found_by_name_and_by_number_with_every_digit() {
    let value = r#"{"id": 905441423759171585, "price": 1.10, "user": {"name": "ann\n朝", "x": null},
        "items": [{"sku": "a"}, {"sku": "b", "n": [1, 2]}], "odd name": {"x.y": true}, "topic": "own"}"#;
    let columns = "id, price, user.name, user.x, items[1].sku, items[1].n, 'odd name'.\"x.y\", .topic, topic, items[7].sku, user, value.id";
    let wanted = [
        number("905441423759171585"),
        number("1.10"),
        text("ann\n朝"),
        Cell::Null,
        text("b"),
        json("[1,2]"),
        json("true"),
        text("own"),
        text("orders"),
        Cell::Missing,
        json(r#"{"name":"ann\n朝","x":null}"#),
        number("905441423759171585"),
    ];
    assert_eq!(of_value(columns, value), wanted);
    assert_eq!(of_value("[0].a, a, [1]", r#"[{"a":1},2]"#), [number("1"), Cell::Missing, number("2")]);
    assert!(number("1").is_right() && !text("1").is_right());
}

#[test]
fn what_kafka_says_of_a_record_has_names_of_its_own() {
    let own = cells(
        "partition,offset,timestamp,key,value,headers.a.b,headers.n,headers.none,key.id",
        Some(br#"{"id":7}"#),
        Some(b"\xff"),
    );
    let wanted = [
        number("3"),
        number("905441423759171585"),
        Cell::Missing,
        text(r#"{"id":7}"#),
        text("/w=="),
        text("y"),
        Cell::Null,
        Cell::Missing,
        number("7"),
    ];
    assert_eq!(own, wanted);
    assert_eq!(cells("key,value,id", None, None), [Cell::Null, Cell::Null, Cell::Missing]);
}

#[test]
fn of_doubled_names_the_last_one_counts() {
    assert_eq!(of_value("a, b.c", r#"{"a":1,"a":2,"b":{"c":1},"b":{}}"#), [number("2"), Cell::Missing]);
    assert_eq!(of_value("a", r#"{"\u0061":1}"#), [number("1")], "an escape is the letter it stands for");
}

#[test]
fn what_is_not_json_has_no_fields() {
    for value in ["", "a", "{\"a\":1", "{\"a\":1} x", "{a:1}", "\"a\"", "1"] {
        assert_eq!(of_value("a", value), [Cell::Missing], "{value}");
    }
    assert_eq!(cells("a", None, Some(b"{\"a\":\"\xff\"}")), [Cell::Missing]);
}

#[test]
fn a_million_levels_cost_nothing() {
    let deep = "[".repeat(1_000_000) + &"]".repeat(1_000_000);
    assert_eq!(of_value("a, [0][0].a", &deep), [Cell::Missing, Cell::Missing]);
    assert_eq!(of_value("a", &format!("{{\"b\":{deep},\"a\":1}}")), [number("1")]);
}

#[test]
fn heads_are_what_was_written() {
    let columns = Columns::read(" id , user.name,'odd name'.x , headers.a.b ").unwrap();
    assert_eq!(columns.heads().collect::<Vec<_>>(), ["id", "user.name", "'odd name'.x", "headers.a.b"]);
}

#[test]
fn a_mistake_names_its_column() {
    let wrong = |text: &str, column: usize, words: &str| {
        let mistake = Columns::read(text).unwrap_err();
        assert!(
            mistake.column == column && mistake.words.contains(words) && mistake.text.as_deref() == Some(text),
            "{mistake:?}"
        );
    };
    wrong("", 0, "a name is missing");
    wrong("id,,x", 3, "a name is missing");
    wrong("id,", 3, "a name is missing");
    wrong("朝., x", 2, "a name is missing");
    wrong("id, topic.x", 4, "topic has no fields");
    wrong("a[x]", 2, "from 0");
    wrong("a[-1]", 2, "from 0");
    wrong("a[1", 3, "closing bracket");
    wrong("'a", 0, "no end");
    wrong("'a'b", 3, "a comma");
}

/// Values that the paths below lead into, and their spelling by another writer.
fn value() -> impl Strategy<Value = serde_json::Value> {
    let leaf = prop_oneof![
        Just(serde_json::Value::Null),
        any::<bool>().prop_map(Into::into),
        any::<i64>().prop_map(Into::into),
        "[ab\"\\\\\n朝]{0,3}".prop_map(Into::into),
    ];
    leaf.prop_recursive(4, 24, 3, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..3).prop_map(Into::into),
            prop::collection::vec(("[ab]{0,2}", inner), 0..3)
                .prop_map(|fields| serde_json::Value::Object(fields.into_iter().collect())),
        ]
    })
}

proptest! {
    #[test]
    fn any_bytes_are_walked_without_a_panic(value: Vec<u8>, columns in r#"[ab.,\[\]0-9'" ]{0,12}"#) {
        if let Ok(columns) = Columns::read(&columns) {
            prop_assert_eq!(columns.heads().len(), columns.0.len());
        }
        cells("a, a.b, [0].a, key.a", Some(&value), Some(&value));
    }

    #[test]
    fn bytes_that_almost_are_json_are_walked_without_a_panic(value in r#"[\[\]{}:,"\\ abu0-9.ntrue\-]{0,20}"#) {
        of_value("a, a.b, [0].a, a[0]", &value);
    }

    #[test]
    fn the_same_is_found_as_by_another_parser(value in value()) {
        let text = serde_json::to_string_pretty(&value).unwrap();
        let paths = ["/a", "/a/b", "/0/a", "/a/0", "/1", "/b/a/b"];
        let found = of_value(".a, a.b, [0].a, a[0], [1], b.a.b", &text);
        for (path, cell) in paths.iter().zip(found) {
            let of_array = |path: &&str| path.split('/').skip(1).try_fold(&value, |at, step| match (at, step.parse::<usize>()) {
                (serde_json::Value::Array(entries), Ok(index)) => entries.get(index),
                (serde_json::Value::Object(fields), Err(_)) => fields.get(step),
                _ => None,
            });
            let wanted = match of_array(path) {
                None => Cell::Missing,
                Some(serde_json::Value::Null) => Cell::Null,
                Some(serde_json::Value::String(of)) => Cell::Text(of.clone()),
                Some(serde_json::Value::Number(of)) => number(&of.to_string()),
                Some(other) => json(&other.to_string()),
            };
            prop_assert_eq!(cell, wanted, "{} in {}", path, text);
        }
    }
}
