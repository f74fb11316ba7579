//! Names with `*` and `?` in them.

/// Does the whole text fit? `*` stands for any letters, `?` for one.
pub fn fits(pattern: &str, text: &str) -> bool {
    let (pattern, text): (Vec<char>, Vec<char>) = (pattern.chars().collect(), text.chars().collect());
    let (mut p, mut t) = (0, 0);
    // Where the last `*` stands and how far it reaches so far: one step back is enough, an earlier star never helps.
    let mut star: Option<(usize, usize)> = None;
    while t < text.len() {
        match (pattern.get(p), star) {
            (Some('*'), _) => {
                star = Some((p, t));
                p += 1;
            }
            (Some(c), _) if *c == '?' || Some(c) == text.get(t) => (p, t) = (p + 1, t + 1),
            (_, Some((at, reach))) => {
                star = Some((at, reach + 1));
                (p, t) = (at + 1, reach + 1);
            }
            (_, None) => return false,
        }
    }
    pattern.iter().skip(p).all(|c| *c == '*')
}

/// Does the pattern name one thing exactly?
pub fn is_plain(pattern: &str) -> bool {
    !pattern.contains(['*', '?'])
}

#[cfg(test)]
mod tests {
    use super::fits;

    #[test]
    fn stars_stand_for_anything_and_question_marks_for_one_letter() {
        for (pattern, text) in [("*", ""), ("orders*", "orders.dlq"), ("*.*q", "a.b.dlq"), ("t?st", "test"), ("a", "a")]
        {
            assert!(fits(pattern, text), "{pattern} {text}");
        }
        for (pattern, text) in [("orders", "orders.dlq"), ("?", ""), ("*x", "abc"), ("a*b", "ab-")] {
            assert!(!fits(pattern, text), "{pattern} {text}");
        }
    }

    #[test]
    fn many_stars_do_not_take_for_ever() {
        assert!(!fits(&"*a".repeat(50), &"a".repeat(49)));
        assert!(!fits(&"a*".repeat(200), &"b".repeat(10_000)));
    }
}
