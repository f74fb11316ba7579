//! A file that holds whole lines only, also when the disk fills: what was written of a block that failed is taken back.
use std::{
    fs::File,
    io::{self, Seek, SeekFrom, Write},
    path::Path,
};

/// Bytes that are gathered before they are written.
pub const BLOCK: usize = 256 << 10;

/// Whatever can be shortened again.
pub trait Shorten: Write {
    /// Takes back everything after the first `length` bytes, and goes on there.
    fn shorten(&mut self, length: u64) -> io::Result<()>;
    /// Waits until the bytes are where they outlive the program, as far as there is such a place.
    fn settle(&mut self) -> io::Result<()>;
}

#[derive(Debug)]
pub struct Whole<F> {
    file: F,
    /// Bytes of whole blocks.
    length: u64,
}

impl Whole<File> {
    /// In place of what stood there.
    ///
    /// # Errors
    /// When the file cannot be made or emptied.
    pub fn create(path: &Path) -> io::Result<Self> {
        File::create(path).map(Self::new)
    }
}

impl<F: Shorten> Whole<F> {
    pub fn new(file: F) -> Self {
        Self { file, length: 0 }
    }

    /// Bytes that are in the file for good.
    pub fn length(&self) -> u64 {
        self.length
    }

    /// Writes a block of whole lines, or nothing of it.
    ///
    /// # Errors
    /// Why it could not be written. The blocks before it stand.
    pub fn write(&mut self, block: &[u8]) -> io::Result<()> {
        if let Err(error) = self.file.write_all(block) {
            // A pipe or a device takes nothing back; why it failed is what matters.
            let _ = self.file.shorten(self.length);
            return Err(error);
        }
        self.length += block.len() as u64;
        Ok(())
    }

    /// A full disk may be noticed only here.
    ///
    /// # Errors
    /// When what was written may not outlive the program.
    pub fn finish(mut self) -> io::Result<()> {
        self.file.settle()
    }
}

impl Shorten for File {
    fn shorten(&mut self, length: u64) -> io::Result<()> {
        self.set_len(length)?;
        self.seek(SeekFrom::Start(length)).map(drop)
    }

    fn settle(&mut self) -> io::Result<()> {
        match self.sync_data() {
            // Pipes and devices have no disk to wait for.
            Err(error) if error.kind() == io::ErrorKind::InvalidInput => Ok(()),
            done => done,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A disk with room for so many bytes.
    struct Small {
        room: usize,
        bytes: Vec<u8>,
    }

    impl Write for Small {
        fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
            let fits = bytes.len().min(self.room - self.bytes.len());
            if fits == 0 && !bytes.is_empty() {
                return Err(io::ErrorKind::StorageFull.into());
            }
            self.bytes.extend_from_slice(&bytes[..fits]);
            Ok(fits)
        }

        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }

    impl Shorten for &mut Small {
        fn shorten(&mut self, length: u64) -> io::Result<()> {
            self.bytes.truncate(usize::try_from(length).unwrap());
            Ok(())
        }

        fn settle(&mut self) -> io::Result<()> {
            Ok(())
        }
    }

    #[test]
    fn a_full_disk_leaves_whole_lines_and_the_next_block_goes_on_after_them() {
        for room in 0..24 {
            let mut small = Small { room, bytes: vec![] };
            let mut whole = Whole::new(&mut small);
            let failed = whole.write(b"one\ntwo\n").and_then(|()| whole.write(b"three\nfour\n")).is_err();
            let length = whole.length();
            assert!(failed == (room < 19) && whole.finish().is_ok());
            assert!(small.bytes.is_empty() || small.bytes.ends_with(b"\n"), "{room}: {:?}", small.bytes);
            assert_eq!(small.bytes.len() as u64, length);
        }
    }

    #[test]
    fn a_file_is_emptied_before_and_shortened_after_a_failure() {
        let file = tempfile::NamedTempFile::new().unwrap();
        std::fs::write(file.path(), "what stood there before").unwrap();
        let mut whole = Whole::create(file.path()).unwrap();
        whole.write(b"one\n").unwrap();
        whole.file.write_all(b"tw").unwrap();
        whole.file.shorten(whole.length).unwrap();
        whole.write(b"two\n").unwrap();
        whole.finish().unwrap();
        assert_eq!(std::fs::read(file.path()).unwrap(), b"one\ntwo\n");
    }

    #[cfg(target_os = "linux")]
    #[test]
    fn a_device_without_room_says_so() {
        let mut whole = Whole::create(Path::new("/dev/full")).unwrap();
        assert_eq!(whole.write(b"line\n").unwrap_err().kind(), io::ErrorKind::StorageFull);
        assert_eq!(whole.length(), 0);
    }
}
