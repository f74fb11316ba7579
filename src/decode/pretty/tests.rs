use super::*;
use crate::text::Safe;
use proptest::prelude::*;

/// Found in three steps, as a person scrolls.
fn rows(text: &[u8], width: usize) -> Vec<String> {
    let mut pretty = Pretty::new(width);
    for rows in [1, 5, usize::MAX] {
        pretty.index(text, rows);
        assert!(pretty.len() <= rows);
    }
    let line = |i| pretty.row(text, i, &[]).iter().map(|(text, _)| text.as_str().to_owned()).collect();
    (0..pretty.len()).map(line).collect()
}

#[test]
fn a_value_is_indented_and_every_token_stands_as_it_was_written() {
    let text = br#"{"id":18446744073709551616 ,"a":[ 1e400,{}, [ ]],"a":"\ud800","on":true}"#;
    let want = [
        "{",
        "  \"id\": 18446744073709551616,",
        "  \"a\": [",
        "    1e400,",
        "    {},",
        "    []",
        "  ],",
        "  \"a\": \"\\ud800\",",
        "  \"on\": true",
        "}",
    ];
    assert_eq!(rows(text, 80), want);
}

#[test]
fn a_long_string_is_broken_but_never_inside_an_escape() {
    assert_eq!(rows(br#"["abcdef\\\"gh"]"#, 10), ["[", "  \"abcdef", "  \\\\\\\"gh\"", "]"]);
    let narrow = rows(br#"["\\\\\\"]"#, 5);
    assert!(narrow.iter().all(|row| row.trim_start().matches('\\').count() % 2 == 0), "{narrow:?}");
}

#[test]
fn the_shade_of_a_broken_string_goes_on_in_the_next_row() {
    let text = br#"{"a long key":"a long value","n":12345678901234567890}"#;
    let mut pretty = Pretty::new(9);
    pretty.index(text, usize::MAX);
    let shades = |i: usize| pretty.row(text, i, &[]).into_iter().skip(1).map(|(_, shade)| shade).collect::<Vec<_>>();
    assert!((1..3).all(|i| shades(i)[0] == Shade::Key), "{:?}", rows(text, 9));
    let last = pretty.len() - 2;
    assert_eq!(shades(last)[0], Shade::Number);
}

#[test]
fn ten_thousand_levels_cost_a_row_each_and_say_how_deep_they_are_t13() {
    let deep = [vec![b'['; 10_000], vec![b']'; 10_000]].concat();
    let rows = rows(&deep, 60);
    assert_eq!(rows.len(), 19_999);
    assert_eq!(rows[9_000].trim_end(), "level 9000                    [");
}

/// JSON of any shape, with blanks in odd places.
fn json() -> impl Strategy<Value = String> {
    let leaf = prop_oneof![
        "(0|-?[1-9][0-9]{0,30})(\\.[0-9]{1,9})?([eE][+-]?[0-9]{1,3})?",
        Just("true".to_owned()),
        Just("null".to_owned()),
        r#""(\\\\|\\"|\\ud800|\\n|[a-z 朝é,:\[\]{}]){0,12}""#,
    ];
    leaf.prop_recursive(6, 40, 5, |inner| {
        let key = r#""([a-z:朝]|\\\\|\\"){0,6}""#;
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..5).prop_map(|v| format!("[ {}]", v.join(" ,\n"))),
            prop::collection::vec((key, inner), 0..5).prop_map(|v| {
                let fields: Vec<String> = v.into_iter().map(|(k, v)| format!("{k} : {v}")).collect();
                format!("{{{}\t}}", fields.join(","))
            }),
        ]
    })
}

fn tokens(text: &str) -> Vec<String> {
    json::Tokens::new(text.as_bytes())
        .map(|token| token.map(|(_, from, to)| text[from..to].to_owned()).expect("a token"))
        .collect()
}

proptest! {
    #[test]
    fn pretty_rows_hold_the_very_tokens_of_the_value(text in json(), width in 1usize..60) {
        let mut pretty = Pretty::new(width);
        pretty.index(text.as_bytes(), usize::MAX);
        let pieces = (0..pretty.len()).flat_map(|i| pretty.row(text.as_bytes(), i, &[]).into_iter().skip(1));
        let together: String = pieces.filter(|(text, shade)| text.as_str() != " " || *shade != Shade::Quiet).map(|(text, _)| text.to_string()).collect();
        prop_assert_eq!(together, tokens(&text).concat());
    }

    #[test]
    fn no_row_is_wider_than_the_screen(text in json(), width in 8usize..60) {
        for row in rows(text.as_bytes(), width) {
            prop_assert!(Safe::text(&row).width() <= width + 1, "{}", row);
        }
    }

    #[test]
    fn bytes_that_are_not_json_at_all_never_panic_nor_hang_t17(bytes: Vec<u8>, width in 1usize..20) {
        rows(&bytes, width);
    }
}
