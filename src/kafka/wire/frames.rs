//! Frames from a stranger: four bytes of length, then as many bytes. A buffer grows with what came, never by a claim.
use super::{
    error::{Cause, Speech},
    spare::Spare,
};
use bytes::{BufMut, Bytes};
use tokio::io::{AsyncRead, AsyncReadExt, BufReader};

/// The first answer is ApiVersions, a few KiB: whoever claims more does not speak Kafka.
const FIRST: usize = 1 << 20;
/// Kafka's own bound for what a broker takes and gives in one frame (`socket.request.max.bytes`), in bytes.
const LATER: usize = 100 << 20;
/// The least a buffer grows by while a frame arrives, in bytes; from there it doubles.
const GROWTH: usize = 64 << 10;

/// Reads frames. [`Frames::next`] may be dropped and called again without losing a byte.
#[derive(Debug)]
pub struct Frames<R> {
    read: BufReader<R>,
    /// The length's bytes, then the frame's.
    part: Vec<u8>,
    spare: Spare,
    length: Option<usize>,
    seen: u64,
}

impl<R: AsyncRead + Unpin> Frames<R> {
    pub fn new(read: R) -> Self {
        Self { read: BufReader::new(read), part: Vec::new(), spare: Spare::new(), length: None, seen: 0 }
    }

    /// The next frame without its length. A large one lies in a buffer that is used again once nobody looks at it.
    pub async fn next(&mut self) -> Result<Bytes, Cause> {
        loop {
            let want = self.length.unwrap_or(4);
            if self.part.len() < want {
                self.fill(want).await?;
            } else if self.length.take().is_some() {
                self.seen += 1;
                return Ok(self.spare.lend(std::mem::take(&mut self.part)));
            } else {
                let length = self.measure()?;
                self.length = Some(length);
                self.part = self.spare.take(length);
            }
        }
    }

    async fn fill(&mut self, want: usize) -> Result<(), Cause> {
        let have = self.part.len();
        if self.part.capacity() == have {
            self.part.reserve_exact((want - have).min(have.max(GROWTH)));
        }
        let room = (self.part.capacity() - have).min(want - have);
        let came = self.read.read_buf(&mut (&mut self.part).limit(room)).await;
        match came.map_err(|e| Cause::Broken(e.to_string()))? {
            0 if self.seen > 0 && (have > 0 || self.length.is_some()) => Err(Cause::Cut),
            0 => Err(Cause::Closed { answers: self.seen }),
            _ => Ok(()),
        }
    }

    /// The length that the four bytes tell, or whose greeting they are instead.
    fn measure(&self) -> Result<usize, Cause> {
        let head = self.part.first_chunk::<4>().copied().unwrap_or_default();
        let length = usize::try_from(i32::from_be_bytes(head)).unwrap_or(usize::MAX);
        if length <= if self.seen == 0 { FIRST } else { LATER } {
            return Ok(length);
        }
        match Speech::greeting(&head) {
            Some(speech) if self.seen == 0 => Err(Cause::Foreign(speech)),
            _ if self.seen == 0 => Err(Cause::Foreign(Speech::Unknown)),
            _ => Err(Cause::Garbled(format!("a frame of {length} bytes, above the bound of 100 MiB"))),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::Cursor;

    fn frame(body: &[u8]) -> Vec<u8> {
        [&(body.len() as i32).to_be_bytes()[..], body].concat()
    }

    #[tokio::test]
    async fn frames_come_out_whole_however_they_were_cut() {
        let (near, mut far) = tokio::io::duplex(3);
        let body = vec![7; 200_000];
        let sent = [frame(b"one"), frame(b""), frame(&body)].concat();
        tokio::spawn(async move { tokio::io::AsyncWriteExt::write_all(&mut far, &sent).await });
        let mut frames = Frames::new(near);
        assert_eq!(frames.next().await.unwrap(), &b"one"[..]);
        assert_eq!(frames.next().await.unwrap(), &b""[..]);
        assert_eq!(frames.next().await.unwrap(), body);
        assert_eq!(frames.next().await, Err(Cause::Closed { answers: 3 }));
    }

    #[tokio::test]
    async fn a_claim_of_two_gigabytes_takes_no_memory() {
        let mut frames = Frames::new(Cursor::new([&frame(b"")[..], &[0x05, 0, 0, 0, 1, 2, 3]].concat()));
        frames.next().await.unwrap();
        assert!(matches!(frames.next().await, Err(Cause::Cut)), "100 MiB are allowed, but must come");
        assert!(frames.part.capacity() <= GROWTH);
        let mut frames = Frames::new(Cursor::new([&frame(b"")[..], &[0x7f, 0xff, 0xff, 0xff]].concat()));
        frames.next().await.unwrap();
        assert!(matches!(frames.next().await, Err(Cause::Garbled(_))));
    }

    #[tokio::test]
    async fn a_first_answer_that_is_no_kafka_is_named() {
        let cases: [(&[u8], Speech); 4] = [
            (b"HTTP/1.1 400 Bad Request", Speech::Http),
            (&[0x15, 3, 3, 0, 2, 2, 10], Speech::Tls),
            (b"SSH-2.0-OpenSSH_9.2", Speech::Ssh),
            (b"220 mail.example ESMTP", Speech::Unknown),
        ];
        for (bytes, speech) in cases {
            assert_eq!(Frames::new(bytes).next().await, Err(Cause::Foreign(speech)));
        }
    }
}
