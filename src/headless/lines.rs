//! Lines of stdin as exact bytes, read on a thread of its own: nobody waits for it when the program ends.
use std::{
    io::{self, BufRead, Read},
    thread,
};
use tokio::sync::mpsc;

/// Lines that wait to be sent.
const WAITING: usize = 256;
/// Bytes of a line: no broker takes a larger record.
const MOST: u64 = 100 << 20;

/// Each line without its newline; a last line without one counts too.
pub fn of_stdin() -> mpsc::Receiver<io::Result<Vec<u8>>> {
    let (lines, taken) = mpsc::channel(WAITING);
    thread::spawn(move || {
        let mut stdin = io::stdin().lock();
        while let Some(line) = next(&mut stdin) {
            if lines.blocking_send(line).is_err() {
                return;
            }
        }
    });
    taken
}

fn next(from: &mut impl BufRead) -> Option<io::Result<Vec<u8>>> {
    let mut line = Vec::new();
    match from.take(MOST + 1).read_until(b'\n', &mut line) {
        Ok(0) => None,
        Ok(read) if read as u64 > MOST => Some(Err(io::Error::other("a line has more than 100 MiB"))),
        Ok(_) => {
            line.pop_if(|last| *last == b'\n');
            Some(Ok(line))
        }
        Err(error) => Some(Err(error)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_is_its_exact_bytes_without_the_newline() {
        let mut input: &[u8] = b"a\r\n\n\xff\x00\nlast";
        let lines: Vec<_> = std::iter::from_fn(|| next(&mut input)).map(Result::unwrap).collect();
        assert_eq!(lines, [&b"a\r"[..], b"", b"\xff\x00", b"last"]);
    }
}
