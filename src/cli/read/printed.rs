//! How records are printed, and where.
use crate::decode;
use clap::Args;
use std::path::PathBuf;

#[derive(Debug, Args)]
#[command(next_help_heading = "Output (without any of these: aligned lines; --json: record objects)")]
pub struct Printed {
    /// Print only how many records there are; with --json also for each partition.
    #[arg(long, conflicts_with_all = ["format", "raw", "raw0", "csv", "columns", "output"])]
    pub count: bool,
    /// kcat's tokens: topic %t, partition %p, offset %o, time %T, key %k, value %s, their bytes %K %S %R, headers %h;
    /// \n \t \xHH and %%. A newline is printed where it is written.
    #[arg(short, long, value_name = "FORMAT", allow_hyphen_values = true)]
    #[arg(conflicts_with_all = ["json", "raw", "raw0", "csv", "columns"])]
    pub format: Option<String>,
    /// The bytes of each value and a newline.
    #[arg(long, conflicts_with_all = ["json", "raw0", "csv", "columns", "decode", "decode_key"])]
    pub raw: bool,
    /// The bytes of each value and NUL.
    #[arg(long, conflicts_with_all = ["json", "csv", "columns", "decode", "decode_key"])]
    pub raw0: bool,
    /// Comma-separated values of the columns, with a line of heads.
    #[arg(long, conflicts_with = "json")]
    pub csv: bool,
    /// Fields of JSON values, as in id,user.name; also topic partition offset timestamp key value headers.NAME.
    #[arg(long, value_name = "COLUMN,…", conflicts_with = "json")]
    pub columns: Option<String>,
    /// Write to this file: whole lines only, also when the disk fills.
    #[arg(long, value_name = "FILE")]
    pub output: Option<PathBuf>,
    /// What values are: auto text json hex base64 int16 int32 int64 float double uuid.
    #[arg(long, value_name = "AS", alias = "value-deserializer")]
    pub decode: Option<decode::Form>,
    /// What keys are.
    #[arg(long, value_name = "AS", alias = "key-deserializer")]
    pub decode_key: Option<decode::Form>,
}
