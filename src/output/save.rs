//! A text as a file, whole or not at all: it is written beside its place and takes it when it is complete.
use crate::failure::Failure;
use std::{
    fs,
    io::{self, Write},
    path::{Path, PathBuf},
};
use tempfile::Builder;

/// In place of what stood there. Its permissions are those of any new file.
///
/// # Errors
/// Why nothing was written; what stood there before stands.
pub fn save(file: &Path, text: &str) -> Result<(), Failure> {
    let failed = |error: io::Error| {
        let advice = "choose another name, or make room there; nothing was written";
        Failure::new(format!("writing {}", file.display()), error.to_string(), advice)
    };
    write(&place(file).map_err(failed)?, text).map_err(failed)
}

/// Where it comes to stand: behind links, and never in place of a device, a pipe or a directory.
fn place(file: &Path) -> io::Result<PathBuf> {
    match fs::canonicalize(file) {
        Ok(place) if fs::metadata(&place)?.is_file() => Ok(place),
        Ok(_) => Err(io::Error::other("what stands there is not a file")),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(file.to_owned()),
        Err(error) => Err(error),
    }
}

fn write(place: &Path, text: &str) -> io::Result<()> {
    let directory = place.parent().filter(|it| !it.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let mut beside = builder().tempfile_in(directory).map_err(|error| error.kind()).map_err(io::Error::from)?;
    beside.write_all(text.as_bytes())?;
    beside.as_file().sync_all()?;
    beside.persist(place)?;
    Ok(())
}

/// Temporary files are for their owner alone; what a person saves is not, as far as the umask allows.
fn builder() -> Builder<'static, 'static> {
    let mut builder = Builder::new();
    #[cfg(unix)]
    builder.permissions(std::os::unix::fs::PermissionsExt::from_mode(0o666));
    builder
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_stood_there_is_replaced_as_a_whole_and_nothing_is_left_beside_it() {
        let directory = tempfile::tempdir().unwrap();
        let file = directory.path().join("lag.csv");
        save(&file, "a longer text").unwrap();
        save(&file, "text\n").unwrap();
        assert_eq!(fs::read_to_string(&file).unwrap(), "text\n");
        assert_eq!(fs::read_dir(directory.path()).unwrap().count(), 1);
    }

    #[cfg(unix)]
    #[test]
    fn a_saved_file_can_be_read_as_any_other_and_a_link_stays_one() {
        use std::os::unix::fs::PermissionsExt;
        let directory = tempfile::tempdir().unwrap();
        let (file, link, other) =
            (directory.path().join("lag.csv"), directory.path().join("link"), directory.path().join("other"));
        std::os::unix::fs::symlink(&file, &link).unwrap();
        fs::write(&file, "old").unwrap();
        save(&link, "new").unwrap();
        save(&other, "x").unwrap();
        assert_eq!((fs::read_to_string(&file).unwrap(), fs::read_link(&link).unwrap()), ("new".into(), file));
        let plain = directory.path().join("plain");
        fs::write(&plain, "x").unwrap();
        let mode = |path: &Path| fs::metadata(path).unwrap().permissions().mode() & 0o777;
        assert_eq!(mode(&other), mode(&plain));
    }

    #[test]
    fn what_is_no_file_and_what_cannot_be_made_is_a_sentence() {
        let directory = tempfile::tempdir().unwrap();
        let why = save(directory.path(), "x").unwrap_err();
        assert_eq!(why.answered, "what stands there is not a file");
        let why = save(&directory.path().join("no/such/lag.csv"), "x").unwrap_err();
        assert!(why.attempted.ends_with("no/such/lag.csv") && !why.answered.contains(".tmp"), "{why}");
        assert!(fs::read_dir(directory.path()).unwrap().next().is_none());
    }
}
