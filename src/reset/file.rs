//! Files of offsets on the disk: read within bounds, and undo files that are there before anything is written to Kafka.
use crate::{failure::Failure, group::GroupName, reset::undo, state};
use jiff::Timestamp;
use std::{
    fs::{self, File, OpenOptions},
    io::{self, Read, Write},
    path::{Path, PathBuf},
};

/// A larger file is none of offsets: this holds some 250,000 partitions.
const MOST: u64 = 16 << 20;

/// Where the undo file of a reset goes: the directory `undo` beside the program's state, or the current one where there
/// is no such place. Not created yet.
pub fn place(group: &GroupName, at: Timestamp) -> PathBuf {
    let directory = state::directory().map(|state| state.join("undo")).unwrap_or_default();
    directory.join(undo::file_name(group, at))
}

/// All of a file.
///
/// # Errors
/// It cannot be read, is too large, or is no text.
pub fn read(path: &Path) -> Result<String, Failure> {
    let attempted = || format!("reading {}", path.display());
    let failed = |why: io::Error| Failure::new(attempted(), why.to_string(), "check its name");
    let mut bytes = Vec::new();
    File::open(path).and_then(|file| file.take(MOST + 1).read_to_end(&mut bytes)).map_err(failed)?;
    if bytes.len() as u64 > MOST {
        return Err(Failure::new(attempted(), "the file is larger than 16 MiB", "is it a file of offsets?"));
    }
    String::from_utf8(bytes).map_err(|_| Failure::new(attempted(), "the file is no text", "is it a file of offsets?"))
}

/// A new file for its owner alone, on the disk when this returns; a file that is there is left alone.
///
/// # Errors
/// What the file system says: nothing may be written to Kafka then.
pub fn create(path: &Path, text: &str) -> Result<(), Failure> {
    let written = (|| {
        if let Some(directory) = path.parent().filter(|directory| !directory.as_os_str().is_empty()) {
            fs::create_dir_all(directory)?;
        }
        let mut file = private().open(path)?;
        file.write_all(text.as_bytes())?;
        file.sync_all()
    })();
    written.map_err(|why| {
        let attempted = format!("writing the undo file {}", path.display());
        Failure::new(attempted, why.to_string(), "nothing was changed; choose another place for it")
    })
}

fn private() -> OpenOptions {
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_undo_file_is_its_owners_alone_and_never_replaces_another() {
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path().join("deeper/undo.csv");
        create(&path, "g,t,0,5\n").unwrap();
        assert_eq!(read(&path).unwrap(), "g,t,0,5\n");
        let again = create(&path, "g,t,0,9\n").unwrap_err();
        assert!(again.advice.starts_with("nothing was changed"), "{again}");
        assert_eq!(read(&path).unwrap(), "g,t,0,5\n");
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt;
            assert_eq!(fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o600);
        }
    }

    #[test]
    fn what_is_no_text_or_far_too_large_is_said() {
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path().join("offsets.csv");
        fs::write(&path, b"g,\xff").unwrap();
        assert_eq!(read(&path).unwrap_err().answered, "the file is no text");
        File::create(&path).unwrap().set_len(MOST + 1).unwrap();
        assert_eq!(read(&path).unwrap_err().answered, "the file is larger than 16 MiB");
        assert!(read(&directory.path().join("none")).unwrap_err().attempted.ends_with("none"));
    }
}
