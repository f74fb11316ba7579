//! `kafscope read` and `kafscope tail`: one grammar, two defaults. What is written in it is read later, so that a mistake
//! can be shown where it stands.
mod habits;
mod matching;
mod printed;
mod which;

use clap::Args;
pub use habits::Habits;
pub use matching::Matching;
pub use printed::Printed;
pub use which::{Which, partitions};

#[derive(Debug, Args)]
#[command(after_help = READ_EXAMPLES)]
pub struct Read {
    #[command(flatten)]
    pub records: Records,
    /// Where to end, this place not included.
    #[arg(long, value_name = "WHERE", allow_hyphen_values = true, help_heading = which::HEADING)]
    pub to: Option<String>,
    /// Backwards: the newest record first.
    #[arg(long, conflicts_with_all = ["ordered", "count"], help_heading = which::HEADING)]
    pub newest_first: bool,
    /// Strictly by time, partition and offset, instead of as records arrive.
    #[arg(long, conflicts_with = "count", help_heading = which::HEADING)]
    pub ordered: bool,
    /// How kcat is told to end at the end, which `read` always does.
    #[arg(short = 'e', long, hide = true)]
    exit: bool,
}

#[derive(Debug, Args)]
#[command(after_help = TAIL_EXAMPLES)]
pub struct Tail {
    #[command(flatten)]
    pub records: Records,
    /// Here so that it can be answered: what belongs to `read` alone.
    #[arg(long, hide = true, value_name = "WHERE", allow_hyphen_values = true)]
    pub to: Option<String>,
    #[arg(long, hide = true)]
    pub newest_first: bool,
    #[arg(long, hide = true)]
    pub ordered: bool,
    #[arg(short = 'e', long, hide = true)]
    pub exit: bool,
}

/// What both understand.
#[derive(Debug, Args)]
pub struct Records {
    /// Topics; in a name `*` and `?` stand for anything. Several are read as one stream.
    #[arg(value_name = "TOPIC", required_unless_present = "topic")]
    topics: Vec<String>,
    #[arg(short, long, hide = true, value_name = "TOPIC")]
    topic: Vec<String>,
    #[command(flatten)]
    pub which: Which,
    #[command(flatten)]
    pub matching: Matching,
    #[command(flatten)]
    pub printed: Printed,
    #[command(flatten)]
    pub habits: Habits,
}

impl Records {
    pub fn topics(&self) -> Vec<&str> {
        self.topics.iter().chain(&self.topic).map(String::as_str).collect()
    }
}

const READ_EXAMPLES: &str = "\
WHERE is one of
  start, end               the oldest and the newest there is
  last:N                   the last N records over all partitions together
  offset:N                 the same offset in every partition
  0:1200,1:900             an offset for each partition
  @2026-11-20T10:00:00Z    a time; also a local date or time, or @MILLISECONDS since 1970
  -15m                     so long ago: s, m, h, d
  group:NAME               where that group has committed

Examples, which all work on `kafscope demo --serve`
  kafscope read orders --from last:5
  kafscope read orders --from @2026-11-20T09:30:00Z --to @2026-11-20T09:31:00Z --json
  kafscope read orders --grep user-7 --count
  kafscope read orders --where '.value.amount > 500' --columns id,user,amount
  kafscope read orders --csv --columns partition,offset,id,user --output orders.csv
  kafscope read orders --key user-7 --key-partitioned --newest-first -n 3
  kafscope read orders -p 0 -o -2 --format '%p/%o %k %S bytes\\n'";

const TAIL_EXAMPLES: &str = "\
`kafscope read --help` tells what WHERE may be. `tail TOPIC --from end` begins like kafka-console-consumer.

Examples, which all work on `kafscope demo --serve`
  kafscope tail orders
  kafscope tail 'orders*' --from -1m --json
  kafscope tail orders --where '.value.currency == \"SEK\"' --columns offset,id,user,amount
  kafscope tail orders --grep user-7 -n 1 --raw";
