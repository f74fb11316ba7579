//! The filter: all that is asked for must hold.
use clap::Args;

#[derive(Debug, Args)]
#[command(next_help_heading = "Filter (all must hold)")]
pub struct Matching {
    /// These bytes occur in the key, the value or the value of a header; repeatable.
    #[arg(long, value_name = "TEXT", allow_hyphen_values = true)]
    pub grep: Vec<String>,
    /// --grep does not tell capital letters from small ones.
    #[arg(short = 'i', long, requires = "grep")]
    pub ignore_case: bool,
    /// What --grep is given is a regular expression.
    #[arg(long, requires = "grep")]
    pub regex: bool,
    /// The key is exactly this.
    #[arg(long, value_name = "TEXT", allow_hyphen_values = true)]
    pub key: Option<String>,
    /// Read only the partition that the key goes to (murmur2, as Java clients and kafscope send).
    #[arg(long, requires = "key", conflicts_with = "partition")]
    pub key_partitioned: bool,
    /// The record has this header; NAME alone with any value; repeatable.
    #[arg(long, value_name = "NAME=VALUE")]
    pub header: Vec<String>,
    /// A jq expression gives true, over .topic .partition .offset .timestamp .key .value .headers.
    #[arg(long = "where", value_name = "EXPR", allow_hyphen_values = true)]
    pub jq: Option<String>,
}
