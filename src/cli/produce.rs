//! `kafscope produce`.
use clap::Args;

#[derive(Debug, Args)]
pub struct Produce {
    /// Where to send; it must exist.
    #[arg(value_name = "TOPIC")]
    pub topic: String,
    /// One record each; without any, each line of stdin is a record.
    #[arg(value_name = "VALUE", conflicts_with = "null")]
    pub values: Vec<String>,
    /// The key of every record; without it the key is null.
    #[arg(short, long)]
    pub key: Option<String>,
    /// A header of every record, repeatable; NAME alone has a null value.
    #[arg(short = 'H', long = "header", value_name = "NAME=VALUE", value_parser = header)]
    pub headers: Vec<Header>,
    /// Send to this partition instead of the one the key goes to.
    #[arg(short, long, value_name = "N", value_parser = clap::value_parser!(i32).range(0..))]
    pub partition: Option<i32>,
    /// Send one record whose value is null (a tombstone).
    #[arg(long)]
    pub null: bool,
}

/// Name and value; `None` is null.
pub type Header = (String, Option<Vec<u8>>);

/// Split at the first `=` only: values hold tokens, base64 and queries.
fn header(text: &str) -> Result<Header, String> {
    let (name, value) = match text.split_once('=') {
        Some((name, value)) => (name, Some(value.as_bytes().to_vec())),
        None => (text, None),
    };
    if name.is_empty() { Err("a header needs a name: NAME=VALUE".into()) } else { Ok((name.to_owned(), value)) }
}
