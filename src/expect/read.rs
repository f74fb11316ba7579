//! An expectation as it is typed. Every mistake says at which letter it is.
use super::{Comparison, Expectation, Of, What};
use crate::{group::GroupState, mistake::Mistake};
use std::time::Duration;

const FORMS: &str = "write lag<1000, lag<=0, behind<5m, members>=2 or state=stable";
const COMPARISONS: &str = "compare with <, <=, =, >= or >";
const TIMES: &str = "write a time as in 90s, 5m or 1h30m, with ms, s, m, h or d";

/// Two letters before one.
const SIGNS: [(&str, Comparison); 6] = [
    ("<=", Comparison::AtMost),
    (">=", Comparison::AtLeast),
    ("==", Comparison::Is),
    ("<", Comparison::Below),
    (">", Comparison::Above),
    ("=", Comparison::Is),
];

impl Expectation {
    /// # Errors
    /// With the column of what is not understood.
    pub fn read(text: &str) -> Result<Self, Mistake> {
        let (name, after) = split(text, 0, |c| !c.is_ascii_alphabetic());
        let known = ["lag", "behind", "members", "state"].contains(&name.0);
        if !known {
            return Err(Mistake::at_byte(text, name.1, FORMS));
        }
        let sign = SIGNS.iter().find(|(sign, _)| text.get(after..).is_some_and(|rest| rest.starts_with(sign)));
        let (sign, comparison) = sign.ok_or_else(|| Mistake::at_byte(text, after, COMPARISONS))?;
        let (value, _) = split(text, after + sign.len(), |_| false);
        let number = |of, value: Result<i64, Mistake>| Ok(What::Number(of, *comparison, value?));
        let what = match name.0 {
            "lag" => number(Of::Lag, count(text, value, "a lag")),
            "members" => number(Of::Members, count(text, value, "a number of members")),
            "behind" => number(Of::Behind, milliseconds(text, value)),
            _ if *comparison != Comparison::Is => Err(Mistake::at_byte(text, after, "a state is compared with =")),
            _ => state(text, value),
        };
        Ok(Self { text: text.trim().to_owned(), what: what? })
    }
}

/// Text and the byte it begins with.
type Part<'a> = (&'a str, usize);

/// The next word up to a letter that ends it, without blanks around, and where the text goes on.
fn split(text: &str, from: usize, ends: impl Fn(char) -> bool) -> (Part<'_>, usize) {
    let rest = text.get(from..).unwrap_or_default();
    let begin = from + rest.len() - rest.trim_start().len();
    let rest = rest.trim();
    let word = rest.find(ends).and_then(|end| rest.get(..end)).unwrap_or(rest);
    let end = begin + word.len();
    let blanks = text.get(end..).map_or(0, |rest| rest.len() - rest.trim_start().len());
    ((word, begin), end + blanks)
}

fn count(text: &str, (value, at): Part<'_>, what: &str) -> Result<i64, Mistake> {
    let plain = value.replace([',', '_'], "");
    match plain.parse::<i64>() {
        Ok(number) if number >= 0 => Ok(number),
        _ => Err(Mistake::at_byte(text, at, format!("{what} is a number from 0 on"))),
    }
}

fn state(text: &str, (value, at): Part<'_>) -> Result<What, Mistake> {
    GroupState::read(value).map(What::State).map_err(|words| Mistake::at_byte(text, at, words))
}

/// So long: `90s`, `5m`, `1h30m`, `250ms`.
///
/// # Errors
/// With the column of what is no time.
pub fn time(text: &str) -> Result<Duration, Mistake> {
    let ms = milliseconds(text, split(text, 0, |_| false).0)?;
    Ok(Duration::from_millis(ms.unsigned_abs()))
}

fn milliseconds(text: &str, (value, at): Part<'_>) -> Result<i64, Mistake> {
    let (mut total, mut rest) = (0i64, value);
    while !rest.is_empty() || value.is_empty() {
        let wrong = || Mistake::at_byte(text, at + value.len() - rest.len(), TIMES);
        let (number, unit) = rest.split_at(rest.find(|c: char| !c.is_ascii_digit()).unwrap_or(rest.len()));
        let number = number.parse::<i64>().map_err(|_| wrong())?;
        let (letters, each) = UNITS.iter().find(|(letters, _)| unit.starts_with(letters)).ok_or_else(wrong)?;
        total = total.saturating_add(number.saturating_mul(*each));
        rest = unit.strip_prefix(letters).unwrap_or_default();
    }
    Ok(total)
}

/// Milliseconds of each unit, the longer word first.
const UNITS: [(&str, i64); 5] = [("ms", 1), ("s", 1_000), ("m", 60_000), ("h", 3_600_000), ("d", 86_400_000)];

#[cfg(test)]
mod tests {
    use super::*;

    fn what(text: &str) -> What {
        Expectation::read(text).unwrap().what
    }

    #[test]
    fn each_form_is_read_with_and_without_blanks() {
        use Comparison::*;
        for (text, of, comparison, value) in [
            ("lag<1000", Of::Lag, Below, 1_000),
            ("lag <= 1,000", Of::Lag, AtMost, 1_000),
            (" lag=0 ", Of::Lag, Is, 0),
            ("lag==0", Of::Lag, Is, 0),
            ("members>=2", Of::Members, AtLeast, 2),
            ("members>0", Of::Members, Above, 0),
            ("behind<5m", Of::Behind, Below, 300_000),
            ("behind <= 1h30m", Of::Behind, AtMost, 5_400_000),
            ("behind<250ms", Of::Behind, Below, 250),
            ("behind<1d", Of::Behind, Below, 86_400_000),
        ] {
            assert_eq!(what(text), What::Number(of, comparison, value), "{text}");
        }
        assert_eq!(what("state=preparing_rebalance"), What::State(GroupState::PreparingRebalance));
        assert_eq!(what("state = Stable"), What::State(GroupState::Stable));
    }

    #[test]
    fn a_mistake_is_told_with_its_letter() {
        for (text, column, words) in [
            ("", 0, "lag<1000"),
            ("  lga<5", 2, "lag<1000"),
            ("lag", 3, "<, <="),
            ("lag 5", 4, "<, <="),
            ("lag!=5", 3, "<, <="),
            ("lag<", 4, "from 0 on"),
            ("lag<many", 4, "from 0 on"),
            ("lag<-1", 4, "from 0 on"),
            ("lag<99999999999999999999", 4, "from 0 on"),
            ("members>=two", 9, "from 0 on"),
            ("behind<5", 7, "1h30m"),
            ("behind<", 7, "1h30m"),
            ("behind<1h5", 9, "1h30m"),
            ("behind<1h5x", 9, "1h30m"),
            ("behind<é", 7, "1h30m"),
            ("state=sleepy", 6, "preparing_rebalance"),
            ("state<stable", 5, "compared with ="),
        ] {
            let mistake = Expectation::read(text).unwrap_err();
            assert_eq!(mistake.column, column, "{text}: {mistake}");
            assert!(mistake.words.contains(words), "{text}: {mistake}");
        }
    }

    proptest::proptest! {
        #[test]
        fn no_text_breaks_it(text: String) {
            let _ = Expectation::read(&text);
            let _ = Expectation::read(&format!("behind<{text}"));
        }
    }
}
