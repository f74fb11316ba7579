//! What helps next time: the last topic, border sizes, what was produced. A convenience: a state file that cannot be read
//! is ignored with a line in the log.
use crate::{bus::Draft, config};
use serde::{Deserialize, Serialize};
use std::{
    collections::BTreeMap,
    fs, io,
    io::Write,
    path::{Path, PathBuf},
};
use tempfile::NamedTempFile;

/// Records of the history that are kept, the newest.
const HISTORY: usize = 100;
/// Clusters whose last topic is kept; with more it begins anew.
const CLUSTERS: usize = 100;
/// Bytes of keys, values and headers that the history may hold.
const HISTORY_BYTES: usize = 1 << 20;
/// Topics whose habits are kept, and of each so many filters and places, none longer than so many bytes.
const TOPICS: usize = 500;
const LINES: usize = 20;
const LINE_BYTES: usize = 4 << 10;
/// A larger file is none of ours.
const FILE_MOST: u64 = 8 << 20;

#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct State {
    /// The brokers of the last screen.
    pub last_bootstrap: Option<String>,
    /// By bootstrap text: the topic that was open.
    pub last_topic: BTreeMap<String, String>,
    /// Columns and rows of panels, where they were changed.
    pub topics_width: Option<u16>,
    pub lag_height: Option<u16>,
    pub produce_height: Option<u16>,
    /// Oldest first; [`State::remember`] keeps it short.
    pub history: Vec<Sent>,
    /// By topic: how it was looked at.
    pub habits: BTreeMap<String, Habits>,
}

/// How a topic was looked at, each list with the newest last.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct Habits {
    /// Filters and places as they were typed.
    pub filters: Vec<String>,
    pub starts: Vec<String>,
    /// Columns of the value, as they were typed.
    pub columns: Option<String>,
    /// What keys and values are read as, where it was chosen.
    pub value_form: Option<String>,
    pub key_form: Option<String>,
}

/// A record as it was written into the producer. `None` is null.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Sent {
    pub key: Option<String>,
    pub value: Option<String>,
    pub headers: Vec<(String, Option<String>)>,
    pub partition: Option<i32>,
}

impl Sent {
    /// `None` for bytes that are not text: JSON cannot keep them as they are.
    pub fn of(draft: &Draft) -> Option<Self> {
        let text = |bytes: &Option<Vec<u8>>| bytes.clone().map(String::from_utf8).transpose().ok();
        let headers = draft.headers.iter().map(|(name, value)| Some((name.clone(), text(value)?)));
        Some(Self {
            key: text(&draft.key)?,
            value: text(&draft.value)?,
            headers: headers.collect::<Option<_>>()?,
            partition: draft.partition,
        })
    }

    pub fn draft(self) -> Draft {
        let bytes = |text: Option<String>| text.map(String::into_bytes);
        let headers = self.headers.into_iter().map(|(name, value)| (name, bytes(value))).collect();
        Draft { key: bytes(self.key), value: bytes(self.value), headers, partition: self.partition }
    }

    fn bytes(&self) -> usize {
        let length = |text: &Option<String>| text.as_ref().map_or(0, String::len);
        let headers: usize = self.headers.iter().map(|(name, value)| name.len() + length(value)).sum();
        length(&self.key) + length(&self.value) + headers
    }
}

impl State {
    /// From the platform's state directory; empty when there is none.
    pub fn load() -> Self {
        file().map(|path| Self::read(&path)).unwrap_or_default()
    }

    /// Readable by its owner only, and never half written.
    ///
    /// # Errors
    /// What the file system says.
    pub fn save(&self) -> io::Result<()> {
        file().map_or(Ok(()), |path| self.write(&path))
    }

    /// This cluster was on the screen, and this topic was open.
    pub fn opened(&mut self, bootstrap: &str, topic: Option<&str>) {
        self.last_bootstrap = Some(bootstrap.to_owned());
        if let Some(topic) = topic {
            if self.last_topic.len() >= CLUSTERS {
                self.last_topic.clear();
            }
            self.last_topic.insert(bootstrap.to_owned(), topic.to_owned());
        }
    }

    /// Takes over how topics were looked at, within bounds.
    pub fn look_as(&mut self, habits: &BTreeMap<String, Habits>) {
        let newest = |lines: &[String]| {
            let short = lines.iter().filter(|line| line.len() <= LINE_BYTES);
            let mut kept: Vec<String> = short.rev().take(LINES).cloned().collect();
            kept.reverse();
            kept
        };
        let bounded = |it: &Habits| Habits { filters: newest(&it.filters), starts: newest(&it.starts), ..it.clone() };
        let used = habits.iter().filter(|(_, it)| **it != Habits::default());
        self.habits = used.take(TOPICS).map(|(topic, it)| (topic.clone(), bounded(it))).collect();
    }

    /// The same record twice is kept once, as the newest.
    pub fn remember(&mut self, sent: Sent) {
        self.history.retain(|old| *old != sent);
        self.history.push(sent);
        let mut bytes = 0usize;
        let fits = self.history.iter().rev().take(HISTORY).take_while(|sent| {
            bytes = bytes.saturating_add(sent.bytes());
            bytes <= HISTORY_BYTES
        });
        let kept = fits.count();
        self.history.drain(..self.history.len() - kept);
    }

    fn read(path: &Path) -> Self {
        let text = match fs::metadata(path) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Self::default(),
            Ok(told) if told.len() > FILE_MOST => Err(io::Error::other("it is too large")),
            _ => fs::read(path),
        };
        let state = text.and_then(|text| serde_json::from_slice(&text).map_err(io::Error::from));
        state.unwrap_or_else(|error| {
            tracing::warn!(path = %path.display(), %error, "the state of last time cannot be read and is ignored");
            Self::default()
        })
    }

    fn write(&self, path: &Path) -> io::Result<()> {
        let directory = path.parent().ok_or_else(|| io::Error::other("the state file has no directory"))?;
        fs::create_dir_all(directory)?;
        let mut file = NamedTempFile::new_in(directory)?; // 0600, and renamed when complete
        serde_json::to_writer_pretty(&mut file, self)?;
        file.flush()?;
        file.persist(path)?;
        Ok(())
    }
}

/// Where what is kept lives; `None` where the platform has no such place.
pub fn directory() -> Option<PathBuf> {
    let project = config::project()?;
    Some(project.state_dir().unwrap_or_else(|| project.data_local_dir()).to_owned())
}

fn file() -> Option<PathBuf> {
    Some(directory()?.join("state.json"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sent(value: &str) -> Sent {
        Sent { value: Some(value.into()), ..Sent::default() }
    }

    #[test]
    fn a_state_comes_back_as_it_was_written_and_is_its_owners_only() {
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path().join("deeper/state.json");
        let mut state = State { topics_width: Some(40), ..State::default() };
        state.last_topic.insert("localhost:9092".into(), "orders".into());
        state.remember(sent("a"));
        state.write(&path).unwrap();
        assert_eq!(State::read(&path), state);
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt;
            assert_eq!(fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o600);
        }
    }

    #[test]
    fn a_damaged_state_is_as_good_as_none() {
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path().join("state.json");
        for text in ["", "{", "[1]", "{\"topics_width\": \"wide\"}", "\u{0}"] {
            fs::write(&path, text).unwrap();
            assert_eq!(State::read(&path), State::default(), "{text:?}");
        }
    }

    #[test]
    fn the_history_is_bounded_and_holds_nothing_twice() {
        let mut state = State::default();
        (0..300).for_each(|n| state.remember(sent(&n.to_string())));
        state.remember(sent("250"));
        assert_eq!((state.history.len(), state.history.last()), (HISTORY, Some(&sent("250"))));
        state.remember(sent(&"x".repeat(HISTORY_BYTES + 1)));
        assert!(state.history.is_empty(), "a record larger than the whole history is not kept");
    }
}
