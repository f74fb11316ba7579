//! What hands type by habit, from kcat and from Kafka's own console consumer. What means the same is taken; what has no
//! meaning here is answered with a sentence.
use clap::Args;

#[derive(Debug, Args)]
pub struct Habits {
    /// kafka-console-consumer's formatter.
    #[arg(long, hide = true, alias = "formatter-property", value_name = "NAME=VALUE")]
    #[arg(conflicts_with_all = ["format", "raw", "raw0", "csv", "columns"])]
    pub property: Vec<String>,
    /// End when nothing came for so long; `read` ends at the end.
    #[arg(long, hide = true, value_name = "MILLISECONDS")]
    pub timeout_ms: Option<u64>,
    /// kcat's way to ask for keys, and for another end of records.
    #[arg(short = 'K', hide = true, value_name = "DELIMITER", allow_hyphen_values = true)]
    #[arg(conflicts_with_all = ["json", "format", "raw", "raw0", "csv", "columns", "property"])]
    pub key_delimiter: Option<String>,
    #[arg(short = 'D', hide = true, value_name = "DELIMITER", allow_hyphen_values = true)]
    #[arg(conflicts_with_all = ["json", "format", "raw", "raw0", "csv", "columns", "property"])]
    pub delimiter: Option<String>,
    #[arg(short = 'J', hide = true, conflicts_with_all = ["format", "raw", "raw0", "csv", "columns", "property"])]
    pub json_objects: bool,
    /// Consuming, quiet, unbuffered: what we do anyway.
    #[arg(short = 'C', hide = true)]
    consume: bool,
    #[arg(short = 'q', hide = true)]
    quiet: bool,
    #[arg(short = 'u', hide = true)]
    unbuffered: bool,
    #[arg(long, hide = true)]
    skip_message_on_error: bool,
    #[command(flatten)]
    refused: Refused,
}

#[derive(Debug, Args)]
struct Refused {
    #[arg(long, short = 'G', hide = true, value_name = "NAME", value_parser = refused(GROUP))]
    group: Option<String>,
    #[arg(long, hide = true, value_name = "REGEX", alias = "whitelist", value_parser = refused(INCLUDE))]
    include: Option<String>,
    #[arg(long, hide = true, value_name = "CLASS", value_parser = refused(FORMATTER))]
    formatter: Option<String>,
    #[arg(long, hide = true, value_name = "FILE", value_parser = refused(FORMATTER))]
    formatter_config: Option<String>,
    #[arg(long, hide = true, value_name = "NAME=VALUE", alias = "command-property", value_parser = refused(CLIENT))]
    consumer_property: Option<String>,
    #[arg(long = "consumer.config", hide = true, value_name = "FILE", alias = "command-config")]
    #[arg(value_parser = refused(CLIENT))]
    consumer_config: Option<String>,
    #[arg(short = 's', hide = true, value_name = "key=…", value_parser = refused(UNPACK))]
    unpack: Option<String>,
    #[arg(short = 'Z', hide = true, num_args = 0, default_missing_value = "", value_parser = refused(NULLS))]
    nulls: Option<String>,
}

const GROUP: &str = "no group is joined here and nothing committed; --from group:NAME begins where a group is";
const INCLUDE: &str = "several topics are named one by one, or by a glob as in 'orders.*'";
const FORMATTER: &str = "formatters are Java classes; --format, --json and --columns say how to print";
const CLIENT: &str = "these are settings of the Java client; kafscope has options for them: -b, --isolation, --timeout";
const UNPACK: &str = "say what keys and values are by --decode-key and --decode";
const NULLS: &str = "null and empty are told apart: %S and %K of --format are -1 for null, --json writes null";

/// Takes nothing.
fn refused(why: &'static str) -> impl Fn(&str) -> Result<String, &'static str> + Clone {
    move |_| Err(why)
}
