//! Bytes read in one form, or why they cannot be. Every digit stands for what is there: nothing is rounded, cut or
//! padded to make it fit.
use super::{Form, hex, json, text};
use ::base64::{Engine, engine::general_purpose::STANDARD};
use std::borrow::Cow;

/// What was read. [`Decoded::text`] is for people, [`Decoded::json`] for programs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Decoded<'a> {
    Null,
    Text(&'a str),
    /// One whole JSON value, as it is written.
    Json(&'a str),
    /// An integer, or a float in the fewest digits that lead back to it; `NaN`, `Infinity`, `-Infinity`.
    Number(String),
    /// Bytes in letters of our own: hex digits, base64.
    Bytes(String),
    Uuid(Cow<'a, str>),
}

/// Why bytes are not what they were said to be.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Why {
    #[error("{} byte{}, {} {form} has {due}", .len, if *.len == 1 { "" } else { "s" }, article(*.form))]
    Length { len: usize, form: Form, due: usize },
    #[error("byte {at} is not UTF-8")]
    NotText { at: usize },
    #[error("at byte {}, {}", .0.at, .0.why)]
    NotJson(json::Wrong),
    #[error("36 bytes, but not the letters of a uuid")]
    NotUuid,
}

fn article(form: Form) -> &'static str {
    if matches!(form, Form::Int16 | Form::Int32 | Form::Int64) { "an" } else { "a" }
}

/// Bytes in a form. Auto fits everything: it is JSON, text or hex.
///
/// # Errors
/// Why the bytes are not what the form says.
pub fn decoded(form: Form, bytes: Option<&[u8]>) -> Result<Decoded<'_>, Why> {
    let Some(bytes) = bytes else { return Ok(Decoded::Null) };
    let number = |digits: String| Ok(Decoded::Number(digits));
    match form {
        Form::Auto => Ok(looked_at(bytes)),
        Form::Text => utf8(bytes).map(Decoded::Text),
        Form::Json => json::check(bytes).map_err(Why::NotJson).and_then(|()| utf8(bytes)).map(Decoded::Json),
        Form::Hex => Ok(Decoded::Bytes(hex::digits(bytes))),
        Form::Base64 => Ok(Decoded::Bytes(STANDARD.encode(bytes))),
        Form::Int16 => number(i16::from_be_bytes(exactly(form, bytes)?).to_string()),
        Form::Int32 => number(i32::from_be_bytes(exactly(form, bytes)?).to_string()),
        Form::Int64 => number(i64::from_be_bytes(exactly(form, bytes)?).to_string()),
        Form::Float => number(float(f32::from_be_bytes(exactly(form, bytes)?))),
        Form::Double => number(float(f64::from_be_bytes(exactly(form, bytes)?))),
        Form::Uuid => uuid(bytes),
    }
}

impl Decoded<'_> {
    /// As a person reads it; null is empty here, for the caller has a sign of its own for it.
    pub fn text(&self) -> &str {
        match self {
            Self::Null => "",
            Self::Text(text) | Self::Json(text) => text,
            Self::Number(text) | Self::Bytes(text) => text,
            Self::Uuid(text) => text,
        }
    }

    /// A JSON value on one line: JSON as it is written but for its blanks, numbers as numbers with every digit. What JSON
    /// has no number for (`NaN`, infinities) and everything else is a string.
    pub fn json(&self) -> String {
        match self {
            Self::Null => "null".into(),
            Self::Json(text) => match json::one_line(text.as_bytes(), true).map(String::from_utf8) {
                Some(Ok(line)) => line,
                _ => quoted(text),
            },
            Self::Number(digits) if digits.bytes().any(|b| b.is_ascii_digit()) => digits.clone(),
            other => quoted(other.text()),
        }
    }
}

fn quoted(text: &str) -> String {
    serde_json::Value::from(text).to_string()
}

fn looked_at(bytes: &[u8]) -> Decoded<'_> {
    match utf8(bytes) {
        Ok(text) if text::is_text(bytes) && json::looks_like(bytes) && json::check(bytes).is_ok() => {
            Decoded::Json(text)
        }
        Ok(text) if text::is_text(bytes) => Decoded::Text(text),
        _ => Decoded::Bytes(hex::digits(bytes)),
    }
}

fn utf8(bytes: &[u8]) -> Result<&str, Why> {
    std::str::from_utf8(bytes).map_err(|wrong| Why::NotText { at: wrong.valid_up_to() })
}

fn exactly<const N: usize>(form: Form, bytes: &[u8]) -> Result<[u8; N], Why> {
    bytes.try_into().map_err(|_| Why::Length { len: bytes.len(), form, due: N })
}

/// Java's names for what is no number. Rust's debug form is the shortest that leads back, with an exponent where it
/// would be long.
fn float<F: std::fmt::Debug + Copy + Into<f64>>(float: F) -> String {
    match float.into() {
        it if it.is_nan() => "NaN".into(),
        f64::INFINITY => "Infinity".into(),
        f64::NEG_INFINITY => "-Infinity".into(),
        _ => format!("{float:?}"),
    }
}

/// Letters of a uuid written out, with its four dashes.
const UUID_LETTERS: usize = 36;

fn uuid(bytes: &[u8]) -> Result<Decoded<'_>, Why> {
    if bytes.len() == UUID_LETTERS {
        let fits = |(i, b): (usize, &u8)| if [8, 13, 18, 23].contains(&i) { *b == b'-' } else { b.is_ascii_hexdigit() };
        let written = bytes.iter().enumerate().all(fits);
        return utf8(bytes).ok().filter(|_| written).map(|text| Decoded::Uuid(text.into())).ok_or(Why::NotUuid);
    }
    let digits = hex::digits(&exactly::<16>(Form::Uuid, bytes)?);
    let part = |from: usize, to: usize| digits.get(from..to).unwrap_or_default();
    let parts = [part(0, 8), part(8, 12), part(12, 16), part(16, 20), part(20, 32)];
    Ok(Decoded::Uuid(parts.join("-").into()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn text(form: Form, bytes: &[u8]) -> String {
        decoded(form, Some(bytes)).map_or_else(|why| format!("! {why}"), |it| it.text().to_owned())
    }

    fn json(form: Form, bytes: &[u8]) -> String {
        decoded(form, Some(bytes)).unwrap().json()
    }

    #[test]
    fn integers_are_exact_to_the_last_digit_t13() {
        assert_eq!(text(Form::Int64, &i64::MIN.to_be_bytes()), "-9223372036854775808");
        assert_eq!(json(Form::Int64, &i64::MAX.to_be_bytes()), "9223372036854775807");
        assert_eq!(text(Form::Int32, &[255, 255, 255, 254]), "-2");
        assert_eq!(text(Form::Int16, &[1, 0]), "256");
    }

    #[test]
    fn floats_are_the_fewest_digits_that_lead_back_and_what_is_no_number_has_a_name_t13() {
        assert_eq!(text(Form::Double, &0.1f64.to_be_bytes()), "0.1");
        assert_eq!(text(Form::Float, &0.1f32.to_be_bytes()), "0.1");
        assert_eq!(text(Form::Double, &(-0.0f64).to_be_bytes()), "-0.0");
        assert_eq!(json(Form::Double, &1e300f64.to_be_bytes()), "1e300");
        assert_eq!(text(Form::Double, &f64::NEG_INFINITY.to_be_bytes()), "-Infinity");
        assert_eq!(json(Form::Float, &f32::NAN.to_be_bytes()), "\"NaN\"", "JSON has no such number");
    }

    #[test]
    fn what_does_not_fit_is_said_with_its_reason() {
        assert_eq!(text(Form::Int64, b"tea-3"), "! 5 bytes, an int64 has 8");
        assert_eq!(text(Form::Float, b"x"), "! 1 byte, a float has 4");
        assert_eq!(text(Form::Uuid, b"xyz"), "! 3 bytes, a uuid has 16");
        assert_eq!(text(Form::Uuid, &[b'z'; 36]), "! 36 bytes, but not the letters of a uuid");
        assert_eq!(text(Form::Text, b"tea\xff"), "! byte 3 is not UTF-8");
        assert_eq!(text(Form::Json, b"[1,]"), "! at byte 3, a value is missing here");
        assert_eq!(text(Form::Json, b"\"\xff\""), "! byte 1 is not UTF-8");
        assert_eq!(text(Form::Json, b""), "! at byte 0, it ends too early");
    }

    /// Four and eight letters are integers as well; sixteen bytes may be a uuid, two numbers or letters.
    #[test]
    fn auto_never_guesses_a_number_or_a_uuid_t16() {
        assert_eq!(decoded(Form::Auto, Some(b"teas")), Ok(Decoded::Text("teas")));
        assert_eq!(decoded(Form::Auto, Some(b"tea-cups")), Ok(Decoded::Text("tea-cups")));
        assert_eq!(text(Form::Int64, b"tea-cups"), "8387216728617480307", "but a person may know better");
        assert_eq!(text(Form::Auto, &42i64.to_be_bytes()), "000000000000002a");
        assert_eq!(text(Form::Auto, &[0x1f, 0x8b, 8, 0]), "1f8b0800", "gzip stays bytes");
        assert_eq!(text(Form::Auto, &[7; 16]), "07070707070707070707070707070707");
        assert_eq!(text(Form::Uuid, &[7; 16]), "07070707-0707-0707-0707-070707070707");
    }

    /// What only a registry's schema explains.
    #[test]
    fn a_framed_value_without_its_schema_is_bytes_t15() {
        assert_eq!(text(Form::Auto, &[0, 0, 0, 0, 7, 2, b'x']), "00000000070278");
    }

    #[test]
    fn a_lone_scalar_is_text_unless_somebody_says_that_it_is_json_t16() {
        for scalar in ["7", "true", "null", "\"tea\"", "1e400"] {
            assert_eq!(decoded(Form::Auto, Some(scalar.as_bytes())), Ok(Decoded::Text(scalar)));
            assert_eq!(decoded(Form::Json, Some(scalar.as_bytes())), Ok(Decoded::Json(scalar)));
            assert_eq!(json(Form::Json, scalar.as_bytes()), scalar);
        }
        assert_eq!(json(Form::Auto, b"null"), "\"null\"");
    }

    #[test]
    fn null_empty_and_the_text_null_stay_three_things_in_json_t12() {
        assert_eq!(decoded(Form::Int64, None).unwrap().json(), "null");
        assert_eq!(json(Form::Text, b""), "\"\"");
        assert_eq!(json(Form::Text, b"null"), "\"null\"");
    }

    #[test]
    fn json_keeps_its_doubles_its_surrogates_and_its_large_numbers_on_one_line_t13() {
        let text = b"{ \"id\": 18446744073709551616,\n \"id\": \"\\ud800\", \"n\": 1e400 }";
        assert_eq!(json(Form::Auto, text), r#"{"id":18446744073709551616,"id":"\ud800","n":1e400}"#);
    }

    proptest! {
        #[test]
        fn no_bytes_make_a_form_panic_and_all_json_of_it_is_json_t17(bytes: Vec<u8>) {
            for form in Form::ALL {
                if let Ok(it) = decoded(form, Some(&bytes)) {
                    prop_assert_eq!(json::check(it.json().as_bytes()), Ok(()), "{}", form);
                }
            }
        }

        #[test]
        fn every_float_leads_back_to_its_bytes(bits: u64, short: u32) {
            let (double, float) = (f64::from_bits(bits), f32::from_bits(short));
            if double.is_finite() {
                prop_assert_eq!(text(Form::Double, &double.to_be_bytes()).parse::<f64>().unwrap().to_bits(), bits);
            }
            if float.is_finite() {
                prop_assert_eq!(text(Form::Float, &float.to_be_bytes()).parse::<f32>().unwrap().to_bits(), short);
            }
        }
    }
}
