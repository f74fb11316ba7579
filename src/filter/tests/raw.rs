//! Raw bytes may say "none" only where no record matches: the promise that makes searching fast and honest.
use super::*;

/// Bytes that like to be mistaken for each other.
fn bytes() -> impl Strategy<Value = Vec<u8>> + Clone {
    let pieces = prop::sample::select(vec![
        &b"tea"[..],
        b"te",
        b"a",
        b"TEA",
        b"needle",
        b" ",
        b"\n",
        b"\"",
        b"\\u0074ea",
        b"\\",
        b"/",
        b"\xff",
        b"\x00",
        b"\xe6\x9c\x9d",
        b"17",
    ]);
    prop::collection::vec(pieces, 0..4).prop_map(|pieces| pieces.concat())
}

fn record() -> impl Strategy<Value = Fields> {
    let field = || prop::option::weighted(0.8, bytes());
    let headers = prop::collection::vec((bytes(), field()), 0..3);
    (field(), field(), headers).prop_map(|(key, value, headers)| Fields { key, value, headers })
}

fn line() -> impl Strategy<Value = String> {
    let part = prop::sample::select(vec![
        "tea",
        "/tea/i",
        "/^tea$/",
        "/\\btea\\b/",
        "/a*/",
        "/^$/",
        "/(?m)^a/",
        "/te.*a/",
        "/[^a]$/",
        "/\\W/",
        "/(?-u:\\xff)/",
        "/./",
        "/te{1,2}a|17\\z/",
        "key:tea",
        "key:\"\"",
        "key:17",
        "header:tea",
        "header:a=tea",
        "header:a=␀",
        "header:tea=needle",
        "朝",
    ]);
    prop::collection::vec(part, 0..3).prop_filter_map("one key", |parts| {
        let keys = parts.iter().filter(|part| part.starts_with("key:")).count();
        (keys < 2).then(|| parts.join(" & "))
    })
}

/// Asks as a reader does, and holds every answer against what each record is judged.
fn hold(filter: &Filter, records: &[Fields]) {
    let (batch, ends) = batch(records);
    let judged: Vec<_> = batch.records().map(|record| filter.judge(&record)).collect();
    let mut from = 0;
    while from < batch.buffer.len() {
        let upto = match filter.could_hold(&batch.buffer, from) {
            Hit::Unknown => return,
            Hit::None => usize::MAX,
            Hit::At(at) => at,
        };
        let skipped = ends.iter().zip(&judged).filter(|(end, _)| **end > from && **end <= upto);
        for (_, verdict) in skipped {
            assert_ne!(*verdict, Verdict::Match, "{filter:?} from {from} to {upto} in {records:?}");
        }
        from = ends.iter().copied().find(|end| *end > upto).unwrap_or(usize::MAX);
    }
}

/// The ways to write a letter in JSON.
fn letter() -> impl Strategy<Value = String> + Clone {
    let letters = vec![
        "t", "e", "a", "te", "tea", "\\u0074", "\\u0065a", "\\u0061", "/", "\\/", "\\n", "\\\"", "\\\\", "朝",
        "\\u671d", " ", "-",
    ];
    prop::sample::select(letters).prop_map(str::to_owned)
}

fn json() -> impl Strategy<Value = String> {
    let text = prop::collection::vec(letter(), 0..5).prop_map(|letters| format!("\"{}\"", letters.concat()));
    let leaf = prop_oneof![4 => text.clone(), 1 => prop::sample::select(vec!["1", "1.0", "null", "true", "10e-1"]).prop_map(str::to_owned)];
    let name = prop_oneof![2 => Just("\"a\"".to_owned()), 1 => Just("\"\\u0061\"".to_owned()), 1 => text];
    leaf.prop_recursive(3, 12, 3, move |inner| {
        let array = prop::collection::vec(inner.clone(), 0..3).prop_map(|entries| format!("[{}]", entries.join(", ")));
        let fields = prop::collection::vec((name.clone(), inner), 0..3);
        let object = fields.prop_map(|fields| {
            let fields: Vec<_> = fields.into_iter().map(|(name, value)| format!("{name}:{value}")).collect();
            format!("{{{}}}", fields.join(","))
        });
        prop_oneof![array, object]
    })
}

/// JSON, text, and bytes whose base64 is what is looked for.
fn jq_field() -> impl Strategy<Value = Option<Vec<u8>>> {
    let base64 = |text: &str| base64::Engine::decode(&base64::engine::general_purpose::STANDARD, text).unwrap();
    let odd =
        [base64("teaa"), base64("atea"), base64("+Q=="), b"\xfftea".to_vec(), b"tea".to_vec(), b"te/a-a".to_vec()];
    prop::option::weighted(
        0.9,
        prop_oneof![4 => json().prop_map(String::into_bytes), 2 => prop::sample::select(odd.to_vec()), 1 => bytes()],
    )
}

fn jq_record() -> impl Strategy<Value = Fields> {
    let headers = prop::collection::vec((Just(b"h".to_vec()), jq_field()), 0..2);
    (jq_field(), jq_field(), headers).prop_map(|(key, value, headers)| Fields { key, value, headers })
}

fn text() -> impl Strategy<Value = &'static str> + Clone {
    let texts = vec![
        "tea",
        "teaa",
        "a",
        "te",
        "te/a",
        "t\\u0065a",
        "a\\na",
        "朝",
        "te-a",
        "\\\"a",
        "a\\\\",
        "",
        "/wA=",
        "tea=",
        "+Q==",
    ];
    prop::sample::select(texts)
}

/// Where in a record a text is looked for.
const PLACES: &[&str] = &[
    ".value",
    ".key",
    ".value",
    ".key",
    ".value.a",
    ".value.a?",
    ".value[0]",
    ".value[]",
    ".value[]?",
    ".value.a[]?",
    "header(\"h\")",
    ".value|.a",
    ".value|.[0]?",
    ".headers[].value",
    ".value[0:2]",
    ".value[1:]?",
    "(.value.a? // \"tea\")",
    "(.value|tostring)",
    ".value|select(.a)|.a",
    "(.value|@base64)",
    ".value|fromjson",
    "(.value|ascii_downcase)",
    ".value[[\"tea\"]]?",
    "\"tea\"",
    ".value.a[.value.a]?",
];

/// How; `{}` is the text.
const TESTS: &[&str] = &[
    "== {}",
    "| contains({})",
    "| startswith({})",
    "| endswith({})",
    "| test({})",
    "!= {}",
    "| . == {}",
    "| any(. == {})",
    "| any(.[]?; . == {})",
    "| select(. == {}) | true",
    "| has({})",
    "| not | not and . == {}",
    "| index({}) != null",
    "< {}",
    "| tojson | contains({})",
    "| tostring == {}",
    "as $x | $x == {}",
    "| (. == {}) | not",
    "| select(. == {} | not) | true",
    "| if . == {} then false else true end",
    "| . as [$y] | $y == {}",
    "| inside({})",
    "| . == ({} + \"\")",
    "| keys? | any(. == {})",
    "| def contains(x): true; contains({})",
];

/// Expressions from which a text might be taken, rightly or wrongly.
fn expression() -> impl Strategy<Value = String> {
    let test = (prop::sample::select(PLACES), prop::sample::select(TESTS), text(), any::<bool>());
    let test = test.prop_map(|(place, test, text, turned)| match turned && test.starts_with("==") {
        true => format!("({{}} == ({place}))",).replace("{}", &format!("\"{text}\"")),
        false => format!("({place} {})", test.replace("{}", &format!("\"{text}\""))),
    });
    let joint = prop::sample::select(vec!["and", "or", "//", ","]);
    (test.clone(), prop::option::weighted(0.4, (joint, test))).prop_map(|(first, more)| match more {
        Some((joint, second)) => format!("{first} {joint} {second}"),
        None => first,
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(300))]
    #[test]
    fn what_raw_bytes_rule_out_is_never_true_in_jq(jq in expression(), records in prop::collection::vec(jq_record(), 1..16)) {
        hold(&Filter::read(&format!("= {jq}")).unwrap(), &records);
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2000))]
    #[test]
    fn what_raw_bytes_rule_out_never_matches(line in line(), records in prop::collection::vec(record(), 0..5)) {
        hold(&Filter::read(&line).unwrap(), &records);
    }
}

#[test]
fn an_anchor_does_not_hide_a_match_from_the_raw_bytes() {
    let (batch, _) = batch(&[value("x"), value("tea")]);
    let filter = Filter::read("/^tea$/").unwrap();
    assert!(matches!(filter.could_hold(&batch.buffer, 0), Hit::At(_)));
    assert_eq!(Filter::read("/^coffee$/").unwrap().could_hold(&batch.buffer, 0), Hit::None);
}

#[test]
fn a_hit_is_where_the_rarest_condition_holds_first() {
    let (batch, ends) = batch(&[value("tea"), value("tea"), value("tea needle")]);
    let Hit::At(at) = Filter::read("tea & needle").unwrap().could_hold(&batch.buffer, 0) else { panic!() };
    assert!(at > ends[1] && at < ends[2]);
}

#[test]
fn a_text_in_an_expression_spares_the_records_without_it() {
    let (batch, ends) =
        batch(&[value(r#"{"id":"cust-1"}"#), value(r#"{"id":"cust-17"}"#), value(r#"{"id":"cus\u0074-17"}"#)]);
    let ask = |jq: &str, from| Filter::read(jq).unwrap().could_hold(&batch.buffer, from);
    for jq in [
        r#"= .value.id == "cust-17""#,
        r#"= "cust-17" == .value.id and .offset > 3"#,
        r#"= .value | .id | startswith("cust-17")"#,
        r#"= .value | select(.id == "cust-17") | .n > 1"#,
    ] {
        let Hit::At(first) = ask(jq, 0) else { panic!("{jq}") };
        assert!(first > ends[0] && first < ends[1], "{jq}");
        assert!(matches!(ask(jq, ends[1]), Hit::At(at) if at > ends[1]), "an escape may hide it: {jq}");
        assert_eq!(ask(jq, ends[2]), Hit::None);
    }
    assert_eq!(ask(r#"= .value.id == "nowhere" and .value.id == "cust-17""#, 0), ask(r#"= .value.id == "nowhere""#, 0));
    for jq in
        ["= .value.id == 42", r#"= .value.id == "a" or .key == "b-c""#, r#"= .key == "teaa""#, r#"= .value.id != "a""#]
    {
        assert_eq!(ask(jq, 0), Hit::Unknown, "{jq}");
    }
}
