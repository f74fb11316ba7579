//! What went to the terminal, read as a terminal reads it: letters, controls and sequences.

#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Token {
    Letter(char),
    /// A control character alone, C1 included.
    Control(char),
    /// What stands between `ESC [` and the end of the sequence, its last letter included.
    Csi(String),
    Osc(String),
    /// Any other sequence, or bytes that are no text.
    Other(String),
}

/// Reads all of it. Bytes that are not UTF-8 are told as `Other`.
pub fn tokens(raw: &[u8]) -> Vec<Token> {
    let text = match std::str::from_utf8(raw) {
        Ok(text) => text,
        Err(error) => return vec![Token::Other(format!("no text: {error}"))],
    };
    let mut letters = text.chars().peekable();
    let mut tokens = vec![];
    while let Some(letter) = letters.next() {
        tokens.push(match (letter, letters.peek()) {
            ('\x1b', Some('[')) => {
                letters.next();
                Token::Csi(upto(&mut letters, |c| ('@'..='~').contains(&c)))
            }
            ('\x1b', Some(']')) => {
                letters.next();
                Token::Osc(upto(&mut letters, |c| c == '\x07'))
            }
            ('\x1b', next) => Token::Other(format!("ESC {next:?}")),
            (control, _) if control.is_control() => Token::Control(control),
            (letter, _) => Token::Letter(letter),
        });
    }
    tokens
}

fn upto(letters: &mut impl Iterator<Item = char>, end: impl Fn(char) -> bool) -> String {
    let mut text = String::new();
    for letter in letters {
        text.push(letter);
        if end(letter) {
            break;
        }
    }
    text
}

/// Every switch the screen may turn: alternate screen, cursor, paste, mouse.
const SWITCHES: [&str; 8] = ["?1049", "?25", "?2004", "?1000", "?1002", "?1003", "?1015", "?1006"];

/// What a screen drawn by our own code is made of, and nothing else: letters, places, colours, and the switches above.
/// Questions to the terminal are not among it: some terminals answer late or never.
pub fn is_plain(token: &Token) -> bool {
    let Token::Csi(sequence) = token else { return matches!(token, Token::Letter(c) if !turns(*c)) };
    let (body, end) = sequence.split_at(sequence.len().saturating_sub(1));
    match end {
        "H" | "m" => body.chars().all(|c| c.is_ascii_digit() || c == ';' || c == ':'),
        "J" => body == "2",
        "h" | "l" => SWITCHES.contains(&body),
        _ => false,
    }
}

/// Letters that turn the direction of others, or have no width and no reason.
fn turns(c: char) -> bool {
    matches!(c, '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{feff}' | '\u{61c}')
}

#[track_caller]
pub fn assert_plain(raw: &[u8]) {
    let strange: Vec<_> = tokens(raw).into_iter().filter(|token| !is_plain(token)).collect();
    assert!(strange.is_empty(), "{strange:?}");
}

/// The colours set by the bytes, as they were written: `5;N` of a palette, `2;R;G;B`, `31`.
pub fn colours(raw: &[u8]) -> Vec<String> {
    let styles = tokens(raw).into_iter().filter_map(|token| match token {
        Token::Csi(sequence) => sequence.strip_suffix('m').map(str::to_owned),
        _ => None,
    });
    let mut colours: Vec<String> = styles.flat_map(|style| colours_of(&style)).collect();
    colours.sort();
    colours.dedup();
    colours
}

/// Bold, reverse and the like are below 30; 39, 49 and 59 say "the terminal's own".
fn colours_of(style: &str) -> Vec<String> {
    let mut numbers = style.split([';', ':']);
    let mut colours = vec![];
    while let Some(number) = numbers.next() {
        match number.parse().unwrap_or(0) {
            38 | 48 | 58 => {
                let kind = numbers.next().unwrap_or_default();
                let rest = numbers.by_ref().take(if kind == "2" { 3 } else { 1 });
                colours.push([kind].into_iter().chain(rest).collect::<Vec<_>>().join(";"));
            }
            0..30 | 39 | 49 | 59 => {}
            _ => colours.push(number.to_owned()),
        }
    }
    colours
}

#[test]
fn what_is_no_plain_drawing_is_seen() {
    for foreign in
        ["\x1b]0;title\x07", "\x1b[6n", "\x1b[?u", "\x1b[>1u", "\x1b_apc", "\x1bP", "\u{9b}m", "\x07", "\u{202e}"]
    {
        assert!(!tokens(foreign.as_bytes()).iter().all(is_plain), "{foreign:?}");
    }
    assert_plain("\x1b[?1049h\x1b[2J\x1b[3;4H\x1b[38;2;1;2;3mtea 朝\x1b[0m".as_bytes());
    assert_eq!(colours(b"\x1b[1m\x1b[39;48;2;1;2;3m\x1b[38;5;4;49m\x1b[7m\x1b[31m"), ["2;1;2;3", "31", "5;4"]);
}
