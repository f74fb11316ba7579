//! The command line as it was written: options and commands, nothing done yet. What a word means to Kafka's own tools it
//! means here too, under their name as well.
pub mod demo;
pub mod groups;
pub mod produce;
pub mod read;
pub mod topics;

use clap::{Args, CommandFactory, Parser, Subcommand, ValueEnum, error::ErrorKind};
use std::{ffi::OsString, path::PathBuf, time::Duration};

/// A full-screen terminal console for Apache Kafka.
///
/// Without a command the screen opens: topics, records as they arrive, lag, and a producer.
#[derive(Debug, Parser)]
#[command(name = "kafscope", version, max_term_width = 100, disable_help_subcommand = true)]
pub struct Cli {
    /// Open the screen with this topic.
    #[arg(short, long, value_name = "TOPIC")]
    pub topic: Option<String>,
    #[command(flatten)]
    pub global: Global,
    #[command(subcommand)]
    pub command: Option<Command>,
}

/// What every command understands.
#[derive(Debug, Clone, Args)]
#[command(next_help_heading = "Global options")]
pub struct Global {
    /// Brokers to begin with; the port is 9092 unless given. Without it: localhost:9092, the screen the last used.
    #[arg(
        short,
        long,
        global = true,
        visible_alias = "bootstrap-server",
        alias = "broker-list",
        env = "KAFSCOPE_BOOTSTRAP",
        value_delimiter = ',',
        value_name = "HOST[:PORT],…"
    )]
    pub bootstrap: Vec<String>,
    /// Read this config file instead of the usual one.
    #[arg(long, global = true, value_name = "FILE")]
    pub config: Option<PathBuf>,
    /// Refuse everything that would change the cluster.
    #[arg(long, global = true)]
    pub read_only: bool,
    /// How long one request to Kafka may take.
    #[arg(long, global = true, value_name = "SECONDS", default_value = "10", value_parser = seconds)]
    pub timeout: Duration,
    /// Which records of transactions are read.
    #[arg(long, global = true, alias = "isolation-level", value_enum, default_value_t)]
    pub isolation: Isolation,
    /// Colours of the screen; `kafscope themes` lists them.
    #[arg(long, global = true, value_name = "NAME")]
    pub theme: Option<String>,
    /// Write a log to this file.
    #[arg(long, global = true, value_name = "FILE")]
    pub log: Option<PathBuf>,
    /// Write more to the log; twice for everything.
    #[arg(short, long, global = true, action = clap::ArgAction::Count)]
    pub verbose: u8,
    /// Print one JSON object a line.
    #[arg(long, global = true)]
    pub json: bool,
    /// Leave the mouse to the terminal.
    #[arg(long, global = true)]
    pub no_mouse: bool,
}

/// Kafka's `isolation.level`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, ValueEnum)]
pub enum Isolation {
    /// All records, as Kafka's own tools read them.
    #[default]
    #[value(alias = "read_uncommitted")]
    Uncommitted,
    /// Only records outside transactions and those of committed ones.
    #[value(alias = "read_committed")]
    Committed,
}

#[derive(Debug, Subcommand)]
pub enum Command {
    /// List topics, or show some in detail.
    Topics(topics::Topics),
    /// List consumer groups and their lag, or show some in detail.
    Groups(groups::Groups),
    /// Print records from the start to the end as it is now.
    Read(read::Read),
    /// Print the last 10 records and then what arrives.
    Tail(read::Tail),
    /// Send records: the values given, or one a line from stdin.
    Produce(produce::Produce),
    /// Print the keys of the screen.
    Keys,
    /// Print the names of the themes.
    Themes,
    /// Start a throw-away three-broker cluster and open the screen on it.
    Demo(demo::Demo),
    /// The cluster of a demo, as a child that ends when its stdin closes.
    #[command(name = DEMO_CHILD, hide = true)]
    DemoChild(demo::Demo),
}

/// The word the program starts itself with to be a demo's cluster.
pub const DEMO_CHILD: &str = "demo-child";

/// Reads the arguments; what is wrong with them is said on stderr and ends the program with 2, help and version with 0.
pub fn parse() -> Cli {
    read_args(std::env::args_os()).unwrap_or_else(|error| error.exit())
}

fn read_args(args: impl IntoIterator<Item = OsString>) -> Result<Cli, clap::Error> {
    let args = action_first(args.into_iter().collect());
    if asks_zookeeper(&args) {
        return Err(Cli::command().error(ErrorKind::UnknownArgument, NO_ZOOKEEPER));
    }
    let cli = Cli::try_parse_from(args)?;
    match cli.command {
        Some(ref command) if cli.topic.is_some() && !matches!(command, Command::Demo(_)) => {
            let why = "-t opens the screen with a topic; with a command, name the topic after it";
            Err(Cli::command().error(ErrorKind::ArgumentConflict, why))
        }
        _ => Ok(cli),
    }
}

/// Kafka's tools take what is to be done anywhere on their line: `--group g --describe`.
fn action_first(mut args: Vec<OsString>) -> Vec<OsString> {
    const ACTIONS: [&str; 5] = ["--list", "--describe", "--reset-offsets", "--delete", "--delete-offsets"];
    let command = args.iter().position(|arg| arg == "groups" || arg == "topics");
    let action = args.iter().take_while(|arg| *arg != "--").position(|arg| ACTIONS.iter().any(|action| arg == action));
    if let Some((command, action)) = command.zip(action).filter(|(command, action)| command < action) {
        let action = args.remove(action);
        args.insert(command + 1, action);
    }
    args
}

const NO_ZOOKEEPER: &str = "--zookeeper is gone from Kafka's tools since 3.0 and ZooKeeper from Kafka since 4.0: \
     brokers are asked directly now, try -b HOST:9092";

/// People type it by habit, together with other options we do not know: this answer comes before theirs.
fn asks_zookeeper(args: &[OsString]) -> bool {
    let options = args.iter().take_while(|arg| *arg != "--").filter_map(|arg| arg.to_str());
    options.into_iter().any(|arg| arg == "--zookeeper" || arg.starts_with("--zookeeper="))
}

/// More than a day is a mistake, and less than nothing as well.
pub(crate) fn seconds(text: &str) -> Result<Duration, String> {
    const MOST: f64 = 86_400.0;
    match text.parse::<f64>() {
        Ok(seconds) if seconds > 0.0 && seconds <= MOST => Ok(Duration::from_secs_f64(seconds)),
        _ => Err("give a number of seconds above 0 and up to 86400".into()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(line: &str) -> Result<Cli, clap::Error> {
        read_args(line.split(' ').map(OsString::from))
    }

    #[test]
    fn the_grammar_has_no_contradictions() {
        Cli::command().debug_assert();
    }

    #[test]
    fn brokers_come_under_every_name_people_know() {
        for option in ["-b", "--bootstrap", "--bootstrap-server", "--broker-list"] {
            let cli = parse(&format!("kafscope topics {option} a:1,b")).unwrap();
            assert_eq!(cli.global.bootstrap, ["a:1", "b"]);
        }
    }

    #[test]
    fn zookeeper_is_answered_before_anything_else_is_found_wrong() {
        for line in ["kafscope --zookeeper zk:2181 topics --nonsense", "kafscope topics --zookeeper=zk:2181"] {
            let error = parse(line).unwrap_err();
            assert_eq!(error.exit_code(), 2);
            assert!(error.to_string().contains("try -b HOST:9092"), "{error}");
        }
    }

    #[test]
    fn a_misspelt_command_or_option_is_answered_with_the_nearest() {
        assert!(parse("kafscope topic").unwrap_err().to_string().contains("'topics'"));
        assert!(parse("kafscope tail t --form start").unwrap_err().to_string().contains("'--from'"));
    }

    #[test]
    fn lists_are_the_default_and_the_options_of_kafkas_tools_name_the_same() {
        for line in ["kafscope topics", "kafscope topics list", "kafscope topics --list", "kafscope topics --json list"]
        {
            let Some(Command::Topics(topics)) = parse(line).unwrap().command else { panic!("{line}") };
            assert!(matches!(topics.wanted(), topics::Wanted::List(list) if list.glob.is_none()), "{line}");
        }
        let line = "kafscope topics --describe --topic orders";
        let Some(Command::Topics(topics)) = parse(line).unwrap().command else { panic!("{line}") };
        assert!(matches!(topics.wanted(), topics::Wanted::Show(show) if show.names() == ["orders"]));
    }

    #[test]
    fn what_people_type_for_kafkas_own_tools_is_understood() {
        for line in [
            "kafscope topics --list --bootstrap-server b:9092 --exclude-internal",
            "kafscope topics --bootstrap-server b:9092 --describe --topic t",
            "kafscope groups --bootstrap-server b:9092 --list",
            "kafscope groups --bootstrap-server b:9092 --describe --group g --members",
            "kafscope groups --bootstrap-server b:9092 --describe --all-groups --offsets",
            "kafscope groups --bootstrap-server b:9092 --describe --group g --group h --state --verbose",
            "kafscope groups --bootstrap-server b:9092 --reset-offsets --group g --topic t:0,1 --to-offset -5 --dry-run",
            "kafscope groups --bootstrap-server b:9092 --reset-offsets --group g --all-topics --shift-by -10 --execute",
            "kafscope groups --reset-offsets --all-groups --topic t --to-datetime 2026-11-20T10:00:00.000 --export",
            "kafscope groups --reset-offsets --group g --from-file plan.csv --execute",
            "kafscope groups --bootstrap-server b:9092 --group g --describe",
            "kafscope groups --bootstrap-server b:9092 --group g --topic t --reset-offsets --to-earliest --execute",
            "kafscope topics --bootstrap-server b:9092 --topic t --describe",
            "kafscope groups --reset-offsets --group g --topic t --by-duration PT1H30M --export plan.csv",
            "kafscope groups --bootstrap-server b:9092 --delete --group g --group h",
            "kafscope groups --bootstrap-server b:9092 --delete-offsets --group g --topic t",
            "kafscope tail --bootstrap-server b:9092 --topic t --from-beginning --max-messages 5",
            "kafscope read --topic t --isolation-level read_committed --partition 2",
            "kafscope read --topic t --partition 2 --offset 100 --max-messages 1 --timeout-ms 500",
            "kafscope tail --topic t --property print.key=true --property key.separator=: --skip-message-on-error",
            "kafscope tail --topic t --formatter-property print.timestamp=true --value-deserializer LongDeserializer",
            "kafscope read -C -b b:9092 -t t -o -10 -e",
            "kafscope read -C -b b:9092 -t t -o s@1700000000000 -o e@1700000060000 -J",
            "kafscope read -b b:9092 -t t -p 0 -o beginning -e -q -u -f %k:%s",
            "kafscope tail -C -b b:9092 -t t -K : -D ;",
            "kafscope tail t --from -15m --grep -x --where -(.value.id)>-5",
            "kafscope produce --broker-list b:9092 t",
        ] {
            assert!(parse(line).is_ok(), "{line}");
        }
    }

    #[test]
    fn a_reset_has_one_strategy_and_a_scope() {
        for line in [
            "kafscope groups reset g --topic t",
            "kafscope groups reset g --to-latest",
            "kafscope groups reset g --topic t --to-latest --to-earliest",
            "kafscope groups reset g --topic t --all-topics --to-latest",
            "kafscope groups reset g --topic t --to-latest --dry-run --execute",
            "kafscope groups reset --topic t --to-latest",
            "kafscope groups reset g --topic t --to-offset five",
            "kafscope groups forget g",
            "kafscope groups delete",
            "kafscope groups delete --all-groups",
            "kafscope groups show g --for 5m",
        ] {
            assert_eq!(parse(line).unwrap_err().exit_code(), 2, "{line}");
        }
    }

    #[test]
    fn a_header_is_split_at_its_first_equal_sign_only() {
        let line = "kafscope produce t -H a=b=c -H empty= -H null v";
        let Some(Command::Produce(produce)) = parse(line).unwrap().command else { panic!("{line}") };
        let value = |text: &str| Some(text.as_bytes().to_vec());
        let wanted = [("a".into(), value("b=c")), ("empty".into(), value("")), ("null".into(), None)];
        assert_eq!(produce.headers, wanted);
    }

    #[test]
    fn a_timeout_is_a_sensible_number_of_seconds() {
        assert_eq!(parse("kafscope --timeout 0.5").unwrap().global.timeout, Duration::from_millis(500));
        for wrong in ["0", "-1", "NaN", "1e9", "soon"] {
            assert!(parse(&format!("kafscope --timeout={wrong}")).is_err(), "{wrong}");
        }
    }
}
