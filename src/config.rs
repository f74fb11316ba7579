//! The config file and the theme files: small, strict TOML. What is wrong in one is said with its line and column, what
//! was found, what was expected, and the nearest word we know.
use crate::theme::{self, Theme};
use directories::ProjectDirs;
use serde::Deserialize;
use std::{
    fmt, fs, io,
    ops::Range,
    path::{Path, PathBuf},
};

/// What a person may set. Every key has a default; an unknown one is refused.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Config {
    /// Name of a theme; `None`: `mono` under `NO_COLOR`, else `default`.
    pub theme: Option<String>,
    /// MiB of records that a tail keeps.
    pub ring_mib: RingMib,
    /// And how many of them.
    pub ring_records: RingRecords,
    pub mouse: bool,
    /// Refuse everything that would change the cluster.
    pub read_only: bool,
    /// Requests a second for the commits of groups that go to one broker before Kafka 3.0, which takes one group in each.
    pub old_commits_per_second: PerSecond,
}

impl Default for Config {
    fn default() -> Self {
        Self {
            theme: None,
            ring_mib: RingMib(64),
            ring_records: RingRecords(1_000_000),
            mouse: true,
            read_only: false,
            old_commits_per_second: PerSecond(200),
        }
    }
}

/// From 1 to 16,384.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(try_from = "i64")]
pub struct RingMib(u32);

impl RingMib {
    /// More is a file's job: `read --output`.
    const MOST: u32 = 16_384;

    pub fn bytes(self) -> usize {
        (self.0 as usize) << 20
    }
}

impl TryFrom<i64> for RingMib {
    type Error = String;

    fn try_from(mib: i64) -> Result<Self, String> {
        match u32::try_from(mib) {
            Ok(mib) if (1..=Self::MOST).contains(&mib) => Ok(Self(mib)),
            _ => Err(format!("{mib} is not a number of MiB from 1 to {}", Self::MOST)),
        }
    }
}

/// From 1,000 to 100,000,000: a screen and what is read at once fit into the least.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(try_from = "i64")]
pub struct RingRecords(u32);

impl RingRecords {
    const LEAST: u32 = 1_000;
    const MOST: u32 = 100_000_000;

    pub fn count(self) -> usize {
        self.0 as usize
    }
}

impl TryFrom<i64> for RingRecords {
    type Error = String;

    fn try_from(records: i64) -> Result<Self, String> {
        match u32::try_from(records) {
            Ok(records) if (Self::LEAST..=Self::MOST).contains(&records) => Ok(Self(records)),
            _ => Err(format!("{records} is not a number of records from {} to {}", Self::LEAST, Self::MOST)),
        }
    }
}

/// From 1 to 10,000.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(try_from = "i64")]
pub struct PerSecond(u16);

impl PerSecond {
    /// More is no bound.
    const MOST: u16 = 10_000;

    pub fn count(self) -> usize {
        self.0.into()
    }
}

impl TryFrom<i64> for PerSecond {
    type Error = String;

    fn try_from(requests: i64) -> Result<Self, String> {
        match u16::try_from(requests) {
            Ok(requests) if (1..=Self::MOST).contains(&requests) => Ok(Self(requests)),
            _ => Err(format!("{requests} is not a number of requests from 1 to {}", Self::MOST)),
        }
    }
}

/// A file or a name that cannot be used, in words. Ends the program with 2 before anything is drawn or sent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Wrong(pub String);

impl fmt::Display for Wrong {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for Wrong {}

/// Reads the file that was named, which must exist, or the usual one, which need not.
pub fn load(named: Option<&Path>) -> Result<Config, Wrong> {
    let usual = directory().map(|directory| directory.join("config.toml"));
    let Some(path) = named.map(Path::to_owned).or(usual) else { return Ok(Config::default()) };
    match fs::read_to_string(&path) {
        Ok(text) => toml::from_str(&text).map_err(|error| place(&path.display(), &text, &error)),
        Err(error) if error.kind() == io::ErrorKind::NotFound && named.is_none() => Ok(Config::default()),
        Err(error) => Err(unreadable("config file", &path, &error)),
    }
}

/// The theme of this name: a file of the user's, else one that is compiled in.
pub fn theme(name: Option<&str>) -> Result<Theme, Wrong> {
    let plain = || if std::env::var_os("NO_COLOR").is_some_and(|set| !set.is_empty()) { "mono" } else { "default" };
    let name = name.unwrap_or_else(plain);
    if let Some(path) = theme_files().into_iter().find(|path| path.file_stem().is_some_and(|stem| stem == name)) {
        let text = fs::read_to_string(&path).map_err(|error| unreadable("theme file", &path, &error))?;
        return Theme::parse(&text).map_err(|error| place(&path.display(), &text, &error));
    }
    Theme::builtin(name).ok_or_else(|| unknown_theme(name))
}

/// Names of all themes, the user's own among them, in order.
pub fn theme_names() -> Vec<String> {
    let own = theme_files().into_iter().filter_map(|path| Some(path.file_stem()?.to_str()?.to_owned()));
    let mut names: Vec<_> = theme::BUILTIN.iter().map(|(name, _)| (*name).to_owned()).chain(own).collect();
    names.sort();
    names.dedup();
    names
}

fn unknown_theme(name: &str) -> Wrong {
    let names = theme_names();
    let near = nearest(name, names.iter().map(String::as_str)).map(|n| format!("; did you mean `{n}`?"));
    Wrong(format!("there is no theme `{name}`; there are {}{}", names.join(", "), near.unwrap_or_default()))
}

fn theme_files() -> Vec<PathBuf> {
    let entries = directory().and_then(|directory| fs::read_dir(directory.join("themes")).ok());
    let paths = entries.into_iter().flatten().flatten().map(|entry| entry.path());
    paths.filter(|path| path.extension().is_some_and(|end| end == "toml")).collect()
}

fn directory() -> Option<PathBuf> {
    project().map(|project| project.config_dir().to_owned())
}

/// Where the platform keeps this program's files; `None` without a home.
pub fn project() -> Option<ProjectDirs> {
    ProjectDirs::from("", "", "kafscope")
}

fn unreadable(what: &str, path: &Path, error: &io::Error) -> Wrong {
    Wrong(format!("reading the {what} {}: {error}", path.display()))
}

/// `path:line:col: what was found and expected`.
fn place(path: &dyn fmt::Display, text: &str, error: &toml::de::Error) -> Wrong {
    let (line, column) = locate(text, error.span());
    let near = suggestion(error.message()).map(|near| format!("; did you mean `{near}`?")).unwrap_or_default();
    let said = error.message().trim_end().replace('\n', ", ");
    Wrong(format!("{path}:{line}:{column}: {said}{near}"))
}

/// Line and column of a span's beginning, both from 1; columns count characters.
pub fn locate(text: &str, span: Option<Range<usize>>) -> (usize, usize) {
    let before = text.get(..span.map_or(0, |span| span.start)).unwrap_or(text);
    let line = before.matches('\n').count() + 1;
    let column = before.rsplit('\n').next().unwrap_or_default().chars().count() + 1;
    (line, column)
}

/// Serde names in backticks what was found and then every word that would do.
fn suggestion(message: &str) -> Option<&str> {
    let mut words = message.split('`').skip(1).step_by(2);
    nearest(words.next()?, words)
}

/// The word with the fewest letters to change, if those are few.
pub fn nearest<'a>(word: &str, known: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let near = known.into_iter().map(|known| (distance(word, known), known)).min()?;
    (near.0 * 5 <= word.chars().count().max(3) * 2).then_some(near.1)
}

/// Levenshtein's: letters to put in, take out or change.
fn distance(a: &str, b: &str) -> usize {
    let b: Vec<char> = b.chars().collect();
    let mut row: Vec<usize> = (0..=b.len()).collect();
    for (i, x) in a.chars().enumerate() {
        let mut next = vec![i + 1];
        for (j, y) in b.iter().enumerate() {
            let kept = row[j] + usize::from(x != *y);
            next.push(kept.min(row[j + 1] + 1).min(next[j] + 1));
        }
        row = next;
    }
    row.last().copied().unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Result<Config, String> {
        toml::from_str(text).map_err(|error| place(&"c.toml", text, &error).0)
    }

    #[test]
    fn every_key_can_be_set_and_none_has_to() {
        assert_eq!(read("").unwrap(), Config::default());
        let config = read(
            "theme = \"dusk\"\nring_mib = 8\nring_records = 5000\nmouse = false\nread_only = true\n\
                  old_commits_per_second = 50",
        )
        .unwrap();
        assert_eq!(config.old_commits_per_second.count(), 50);
        assert_eq!((config.theme.as_deref(), config.ring_mib.bytes()), (Some("dusk"), 8 << 20));
        assert!(config.ring_records.count() == 5_000 && !config.mouse && config.read_only);
    }

    #[test]
    fn a_misspelt_key_is_found_by_line_and_column_and_answered_with_the_nearest() {
        let said = read("mouse = true\n  raed_only = true\n").unwrap_err();
        assert!(said.starts_with("c.toml:2:3: unknown field `raed_only`"), "{said}");
        assert!(said.ends_with("did you mean `read_only`?"), "{said}");
    }

    #[test]
    fn a_wrong_type_says_what_was_found_and_what_was_expected() {
        let said = read("mouse = \"yes\"").unwrap_err();
        assert_eq!(said, "c.toml:1:9: invalid type: string \"yes\", expected a boolean");
        let said = read("ring_mib = 0").unwrap_err();
        assert_eq!(said, "c.toml:1:12: 0 is not a number of MiB from 1 to 16384");
    }

    #[test]
    fn columns_count_letters_not_bytes() {
        assert_eq!(locate("a\nüü x", Some(7..8)), (2, 4));
        assert_eq!(locate("", Some(9..9)), (1, 1));
    }

    #[test]
    fn words_too_far_from_any_we_know_get_no_suggestion() {
        assert_eq!(nearest("defualt", ["default", "mono"]), Some("default"));
        assert_eq!(nearest("zebra", ["default", "mono"]), None);
    }
}
