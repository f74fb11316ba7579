//! The headers field: `trace=4f2 source="two words" flag`, split at the first `=`; a name alone is a null header.

/// Headers in order, duplicates kept.
pub type Headers = Vec<(String, Option<Vec<u8>>)>;

/// Reads what a person wrote. Blanks part two headers; quotes keep blanks together, and `\` takes the next letter as it is.
pub fn parse(text: &str) -> Headers {
    words(text).into_iter().map(|word| split(&word)).collect()
}

/// Written so that [`parse`] reads it back. Values that are not text cannot be written in one line and are left out.
pub fn write(headers: &Headers) -> String {
    let word = |(name, value): &(String, Option<Vec<u8>>)| match value {
        None => Some(quote(name)),
        Some(value) => Some(format!("{}={}", quote(name), quote(std::str::from_utf8(value).ok()?))),
    };
    headers.iter().filter_map(word).collect::<Vec<_>>().join(" ")
}

/// A letter and whether it was written as itself, by quotes or `\`.
type Letter = (char, bool);

fn words(text: &str) -> Vec<Vec<Letter>> {
    let (mut words, mut word, mut quoted) = (vec![], None::<Vec<Letter>>, false);
    let mut letters = text.chars();
    while let Some(letter) = letters.next() {
        match letter {
            '\\' => word.get_or_insert_default().push((letters.next().unwrap_or('\\'), true)),
            '"' => {
                quoted = !quoted;
                word.get_or_insert_default();
            }
            blank if blank.is_whitespace() && !quoted => words.extend(word.take()),
            letter => word.get_or_insert_default().push((letter, quoted)),
        }
    }
    words.extend(word);
    words
}

fn split(word: &[Letter]) -> (String, Option<Vec<u8>>) {
    let text = |letters: &[Letter]| letters.iter().map(|(letter, _)| letter).collect::<String>();
    match word.iter().position(|letter| *letter == ('=', false)) {
        Some(at) => (text(&word[..at]), Some(text(&word[at + 1..]).into_bytes())),
        None => (text(word), None),
    }
}

fn quote(text: &str) -> String {
    if !text.is_empty() && !text.contains(|c: char| c.is_whitespace() || "\"\\=".contains(c)) {
        return text.to_owned();
    }
    format!("\"{}\"", text.replace('\\', "\\\\").replace('"', "\\\""))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn header(name: &str, value: Option<&str>) -> (String, Option<Vec<u8>>) {
        (name.into(), value.map(|value| value.as_bytes().to_vec()))
    }

    #[test]
    fn headers_are_parted_by_blanks_and_split_at_the_first_sign() {
        let read = parse(r#"trace=4f2 url=a=b  tag=1 tag=2 flag empty= note="two words" "#);
        let expected = [
            header("trace", Some("4f2")),
            header("url", Some("a=b")),
            header("tag", Some("1")),
            header("tag", Some("2")),
            header("flag", None),
            header("empty", Some("")),
            header("note", Some("two words")),
        ];
        assert_eq!(read, expected);
    }

    proptest::proptest! {
        #[test]
        fn what_is_written_is_read_back(headers in proptest::collection::vec((".*", proptest::option::of(".*")), 0..4)) {
            let headers: Headers = headers.into_iter().map(|(name, value)| (name, value.map(String::into_bytes))).collect();
            proptest::prop_assert_eq!(parse(&write(&headers)), headers);
        }
    }
}
