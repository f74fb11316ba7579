//! Records as lines of a file or a pipe: JSON, columns, raw values. The same for `read`, `tail` and an export.

/// How a file of records is written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Form {
    /// A record object a line.
    Json,
    /// Columns, as they were typed.
    Csv(String),
    /// The bytes of each value and a newline.
    Raw,
}
