//! jq over a record: what it sees, what counts as "no", what as a failure, and what it can never do.
use super::*;

fn ask(jq: &str, record: Fields) -> Verdict {
    judged(&Filter::read(&format!("= {jq}")).unwrap(), record)
}

#[track_caller]
fn holds(jq: &str, value: &str) {
    assert_eq!(ask(jq, self::value(value)), Verdict::Match, "{jq} on {value}");
}

#[track_caller]
fn fails(jq: &str, record: Fields, why: &str) {
    let Verdict::Failed(told) = ask(jq, record) else { panic!("{jq} did not fail") };
    assert!(told.contains(why), "{told}");
}

#[test]
fn integers_of_64_bits_and_beyond_keep_their_last_digit() {
    let record = || value(r#"{"id":905441423759171585,"large":18446744073709551617}"#);
    assert_eq!(ask(".value.id == 905441423759171585", record()), Verdict::Match);
    assert_eq!(ask(".value.id == 905441423759171584", record()), Verdict::No);
    assert_eq!(ask(".value.large == 18446744073709551617", record()), Verdict::Match);
    assert_eq!(ask(".value.large == 18446744073709551616", record()), Verdict::No);
    assert_eq!(ask(".offset == 905441423759171584", record()), Verdict::Match);
    assert_eq!(ask(r#".value | tojson | contains("171585")"#, record()), Verdict::Match);
}

#[test]
fn everything_of_a_record_is_there_under_the_name_that_json_prints() {
    let record = Fields {
        key: Some(b"cust-17".to_vec()),
        value: Some(br#"{"user":{"name":"x"},"tags":["a","b"]}"#.to_vec()),
        headers: vec![(b"trace".to_vec(), Some(b"4f2".to_vec())), (b"none".to_vec(), None)],
    };
    let all = [
        r#".topic == "orders" and .partition == 7 and .timestamp == 1700000000000"#,
        r#".key == "cust-17" and .value.user.name == "x" and .value.tags[1] == "b""#,
        r#".headers == [{"name":"trace","value":"4f2"},{"name":"none","value":null}]"#,
        r#"header("trace") == "4f2" and header("none") == null"#,
        r#"any(.value.tags[]; . == "b")"#,
    ];
    for jq in all {
        assert_eq!(ask(jq, record.clone()), Verdict::Match, "{jq}");
    }
}

#[test]
fn null_empty_and_the_text_null_are_three_things() {
    let all = [Fields::default(), value(""), value("null")];
    for (index, jq) in [".value == null", r#".value == """#, r#".value == "null""#].into_iter().enumerate() {
        let matching: Vec<_> = all.iter().map(|record| ask(jq, record.clone()) == Verdict::Match).collect();
        let mut wanted = [false; 3];
        wanted[index] = true;
        assert_eq!(matching, wanted, "{jq}");
    }
}

#[test]
fn what_is_no_json_is_text_and_what_is_no_text_is_base64() {
    holds(r#".value == "hello""#, "hello");
    holds(".value == 42", "42");
    holds(r#".value == "{broken""#, "{broken");
    holds(r#".value == "[1] # no comment""#, "[1] # no comment");
    assert_eq!(ask(r#".value == "/wA=""#, value(b"\xff\0")), Verdict::Match);
    assert_eq!(ask(r#".key == "17""#, key("17")), Verdict::Match);
    holds(".value.a == 2", r#"{"a":1,"a":2}"#);
}

#[test]
fn only_true_matches_and_what_is_neither_true_nor_false_is_a_failure() {
    assert_eq!(ask("empty", value("x")), Verdict::No);
    assert_eq!(ask("null", value("x")), Verdict::No);
    assert_eq!(ask(".value.a", value(r#"{"a":false}"#)), Verdict::No);
    fails(".value", value("1"), "gave a number, not true or false");
    fails(".value.id > 3", value("text"), "cannot index");
    fails("error(.value)", value("é\u{1b}\n".repeat(1000)), "é");
    let Verdict::Failed(told) = ask("error(.value)", value("é\u{1b}\n".repeat(1000))) else { panic!() };
    assert!(told.len() < 200 && !told.contains(char::is_control), "{told}");
}

#[test]
fn a_mistake_is_where_jq_stopped() {
    wrong("= .value ==", 11, "term");
    wrong("= .value | nope(1)", 11, "no function nope");
    wrong(r#"tea & = .value["é"] | $x"#, 22, "no variable $x");
    wrong("tea & = .value.é", 15, "no such sign");
    wrong("= (.value", 9, "closing parenthesis");
    wrong("= .a § .b", 5, "no such sign");
    wrong("=", 1, "which expression");
}

#[test]
fn nothing_outside_of_the_record_can_be_reached() {
    let outside = [
        "env",
        "$ENV",
        "$__prog_args",
        "now",
        "input",
        "inputs",
        "debug",
        "debug(1)",
        "stderr",
        "halt",
        "halt(1)",
        "halt_error",
        "halt_error(1)",
        "input_filename",
        "input_line_number",
        "localtime",
        "strflocaltime(\"%c\")",
        "get_search_list",
        "include \"x\"; true",
        "import \"x\" as $x; true",
        "stderr_empty",
        "debug_empty",
        "$__loc__",
        "main",
    ];
    for jq in outside {
        assert!(Filter::read(&format!("= {jq}")).is_err(), "{jq}");
    }
}

#[test]
fn the_usual_functions_are_there() {
    let value = r#"{"a":[3,1,2],"s":"Tea, milk","at":"2023-11-14T22:13:20Z","j":"{\"x\":1}"}"#;
    let all = [
        r#".value.s | test("^tea"; "i")"#,
        ".value.a | sort == [1,2,3] and add == 6 and length == 3 and (map(. * 2) | max) == 6",
        r#".value.s | ascii_downcase | split(", ") == ["tea","milk"]"#,
        ".value.at | fromdate == 1700000000",
        ".value.j | fromjson | .x == 1",
        r#"[1700000000 | gmtime | mktime, (strftime("%Y") | tonumber)] == [1700000000, 2023] and ([97] | implode) == "a""#,
        "[range(3)] == [0,1,2] and [range(5;1;-2)] == [5,3] and ([limit(2; repeat(1))] == [1,1])",
        r#".value | has("a") and (keys | length) == 4 and ([paths] | length) == 7"#,
        ".value.a as [$x, $y] | $x + $y == 4 and ((.value.a[0] += 1) | .value.a[0]) == 4",
        r#".value | to_entries | any(.key == "s") and (tostring | type) == "string""#,
        r#"(.value.s | @base64 | @base64d) == .value.s and ("x" * 3) == "xxx""#,
        r#".value | walk(if type == "number" then . + 1 else . end) | .a == [4,2,3]"#,
        "[recurse(if . < 3 then . + 1 else empty end; true)] | length >= 0",
        "last(range(20000)) == 19999",
    ];
    for jq in &all[..12] {
        holds(jq, value);
    }
    holds(all[13], value);
}

#[test]
fn what_never_ends_is_stopped() {
    for jq in [
        "last(repeat(1))",
        "def f: f; f",
        "[range(infinite)]",
        "until(false; .)",
        "last(recurse(.))",
        "try error(1) catch last(repeat(1))",
    ] {
        fails(jq, value("1"), "too many steps");
    }
    fails("def f: 1 + f; f", value("1"), "too deep");
    fails("def f: try f catch f; [f]", value("1"), "too");
    fails("[range(.value)] | length", value("1e300"), "too many steps");
}

#[test]
fn hostile_numbers_and_depth_cost_no_memory_and_no_stack() {
    fails(".value.a * .value.b > 1", value(r#"{"a":"x","b":1000000000000000}"#), "16 MiB");
    fails(".value.a * .value.b > 1", value(r#"{"a":"x","b":99999999999999999999999}"#), "16 MiB");
    fails("reduce range(100) as $i (\"x\"; . + .)", value("1"), "16 MiB");
    fails("reduce range(100) as $i (10; . * .)", value("1"), "16 MiB");
    let deep = |levels: usize| "[".repeat(levels) + &"]".repeat(levels);
    fails(".value | length == 1", value(deep(10_000)), "256 levels");
    fails(".value | fromjson", value(serde_json::Value::from(deep(10_000)).to_string()), "256 levels");
    fails(".value == 1", value("1".repeat(100_000)), "1,000 digits");
    let walks = "(.value | [..] | length) == 256 and (.value | walk(.)) == .value and (.value | flatten | length) == 0 and (.value | tojson | length) == 512";
    holds(walks, &deep(256));
}

#[test]
fn an_expression_that_is_too_long_or_too_deep_is_a_mistake() {
    let long = [
        "(".repeat(2000),
        "-".repeat(4000),
        "[".repeat(60),
        "1+".repeat(2000),
        ".|".repeat(2000),
        "if ".repeat(1300),
        "try ".repeat(1000),
        "def f: ".repeat(500),
        ". as $x|".repeat(500),
        "\"\\(".repeat(1000),
    ];
    for text in long {
        assert!(Filter::read(&format!("= {text}1")).is_err(), "{text}");
    }
}

#[test]
fn a_value_that_is_not_asked_for_is_not_parsed() {
    let deep = || Fields { value: Some("[".repeat(300).into_bytes()), ..key("a") };
    let asked = [
        ".value",
        "tojson",
        ". | .value",
        "select(.key) | .value",
        ".[\"val\" + \"ue\"]",
        ".key as $x | .value",
        "any(.; .value)",
        ".[]",
        ".headers[.value]",
        "to_entries",
        "{value}",
        "any(.value)",
    ];
    for jq in asked {
        fails(&format!("({jq}) == 1"), deep(), "256 levels");
    }
    let spared = [
        ".key == \"a\"",
        "-.offset < 0",
        "(.key | length) == 1 and .topic == \"orders\" or false",
        "any(.key; . == \"a\")",
        "(.key == \"b\") | not",
    ];
    for jq in spared {
        assert_eq!(ask(jq, deep()), Verdict::Match, "{jq}");
    }
    assert_eq!(
        ask("header(.key) == \"x\"", Fields { key: Some(b"h".to_vec()), ..header("h", Some("x")) }),
        Verdict::Match
    );
}
