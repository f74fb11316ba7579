//! Files that are read and written while keys stay alive: on threads of their own, one answer each.
use crate::{failure::Failure, output::save::save, reset};
use std::path::{Path, PathBuf};
use tokio::task::JoinSet;

/// What came of one.
#[derive(Debug)]
pub enum Filed {
    Read(PathBuf, Result<String, Failure>),
    Saved(PathBuf, Result<(), Failure>),
    /// Its thread ended without an answer.
    Broken(Failure),
}

/// Those on their way.
#[derive(Debug, Default)]
pub struct Files(JoinSet<Filed>);

impl Files {
    pub fn read(&mut self, file: PathBuf) {
        self.0.spawn_blocking(|| {
            let text = read_text(&file);
            Filed::Read(file, text)
        });
    }

    /// Whole or not at all.
    pub fn save(&mut self, file: PathBuf, text: String) {
        self.0.spawn_blocking(move || {
            let saved = save(&file, &text);
            Filed::Saved(file, saved)
        });
    }

    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The next answer; never without a file on its way. Safe to drop halfway.
    pub async fn next(&mut self) -> Filed {
        match self.0.join_next().await {
            Some(Ok(filed)) => filed,
            Some(Err(error)) => {
                let advice = "this is a fault of kafscope; look at the file before you go on";
                Filed::Broken(Failure::new("reading or writing a file", error.to_string(), advice))
            }
            None => std::future::pending().await,
        }
    }

    /// Waits for all of them: what a person wanted written is written.
    pub async fn finish(mut self) {
        while self.0.join_next().await.is_some() {}
    }
}

/// A file of offsets. Only a plain one: opening a pipe would wait for its writer.
fn read_text(file: &Path) -> Result<String, Failure> {
    if file.is_file() || !file.exists() {
        return reset::file::read(file);
    }
    Err(Failure::new(format!("reading {}", file.display()), "it is no plain file", "check its name"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn what_is_saved_is_read_again_and_a_directory_is_no_file() {
        let directory = tempfile::tempdir().unwrap();
        let file = directory.path().join("offsets.csv");
        let mut files = Files::default();
        files.save(file.clone(), "orders,0,5\n".into());
        assert!(!files.is_empty());
        assert!(matches!(files.next().await, Filed::Saved(saved, Ok(())) if saved == file));
        files.read(file);
        assert!(matches!(files.next().await, Filed::Read(_, Ok(text)) if text == "orders,0,5\n"));
        files.read(directory.path().into());
        assert!(matches!(files.next().await, Filed::Read(_, Err(why)) if why.answered.contains("no plain file")));
        assert!(files.is_empty());
    }
}
