//! One demo for all tests of this file, and the program run against it.
use kafka_protocol::messages::ApiKey;
use kafscope_demo_broker::{
    Cluster, TopicSpec,
    batch::{self, Clock, Codec, Record},
    demo::{Demo, Options},
};
use rustix::process::{Pid, Signal, kill_process};
use serde_json::Value;
use std::{
    io::Write,
    process::{Child, Command, Stdio},
    sync::{
        LazyLock,
        mpsc::{RecvTimeoutError, Sender, channel},
    },
    thread,
    time::Duration,
};
use tokio::{runtime::Runtime, time::timeout};

/// What a test waits for at most, on a machine that does other things too.
const PATIENCE: Duration = Duration::from_secs(60);

static DEMO: LazyLock<(Runtime, Demo)> = LazyLock::new(|| {
    let runtime = Runtime::new().unwrap();
    let demo = runtime.block_on(Demo::start(Options { rate: 0, ..Options::default() })).unwrap();
    (runtime, demo)
});

pub fn cluster() -> &'static Cluster {
    DEMO.1.cluster()
}

pub fn bootstrap() -> String {
    DEMO.1.bootstrap()
}

/// The program, away from the home and the environment of whoever runs the tests.
pub fn program() -> Command {
    away(Command::new(env!("CARGO_BIN_EXE_kafscope")))
}

/// The program, where no file can become larger than half a megabyte, as on a disk that fills up.
pub fn on_a_small_disk() -> Command {
    let mut shell = Command::new("sh");
    shell.args(["-c", "trap '' XFSZ; ulimit -f 1024; exec \"$0\" \"$@\"", env!("CARGO_BIN_EXE_kafscope")]);
    away(shell)
}

fn away(mut command: Command) -> Command {
    let home = concat!(env!("CARGO_TARGET_TMPDIR"), "/no-home");
    command.env_remove("KAFSCOPE_BOOTSTRAP").env("HOME", home).env("XDG_CONFIG_HOME", home).env("XDG_STATE_HOME", home);
    command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
    command
}

/// Kills a program that does not end in time: whoever waits for it, or for its words, waits no longer.
pub struct Bound {
    _over: Sender<()>,
}

impl Bound {
    /// Until it is dropped, which is right after the program's end.
    pub fn on(pid: u32) -> Self {
        let (sender, over) = channel();
        let pid = Pid::from_raw(pid.try_into().unwrap()).unwrap();
        thread::spawn(move || {
            if over.recv_timeout(PATIENCE) == Err(RecvTimeoutError::Timeout) {
                let _ = kill_process(pid, Signal::KILL);
            }
        });
        Self { _over: sender }
    }
}

/// What came of a run.
#[derive(Debug)]
pub struct Ran {
    pub code: i32,
    pub stdout: Vec<u8>,
    pub stderr: String,
}

impl Ran {
    pub fn of(child: Child) -> Self {
        let _bound = Bound::on(child.id());
        let output = child.wait_with_output().unwrap();
        let stderr = String::from_utf8(output.stderr).unwrap();
        Self { code: output.status.code().unwrap_or(-1), stdout: output.stdout, stderr }
    }

    pub fn text(&self) -> &str {
        std::str::from_utf8(&self.stdout).unwrap()
    }

    /// One object a line, nothing else.
    pub fn objects(&self) -> Vec<Value> {
        assert_eq!(self.code, 0, "{}", self.stderr);
        self.text().lines().map(|line| serde_json::from_str(line).unwrap()).collect()
    }
}

/// Words are split at blanks.
pub fn kafscope(line: &str) -> Ran {
    Ran::of(program().env("KAFSCOPE_BOOTSTRAP", bootstrap()).args(line.split(' ')).spawn().unwrap())
}

pub fn kafscope_with(line: &str, stdin: &[u8]) -> Ran {
    let mut command = program();
    let mut child =
        command.env("KAFSCOPE_BOOTSTRAP", bootstrap()).args(line.split(' ')).stdin(Stdio::piped()).spawn().unwrap();
    child.stdin.take().unwrap().write_all(stdin).unwrap();
    Ran::of(child)
}

/// A cluster of one's own with the topic `t`, and the runtime it lives in.
pub struct Own {
    pub cluster: Cluster,
    runtime: Runtime,
}

impl Own {
    pub fn set(partitions: i32) -> Self {
        let runtime = Runtime::new().unwrap();
        let cluster = runtime.block_on(Cluster::start(Default::default())).unwrap();
        cluster.create_topic("t", &TopicSpec::new(partitions)).unwrap();
        Self { cluster, runtime }
    }

    /// Records of so many bytes at the end of a partition, each at a time of its own.
    pub fn add(&self, partition: i32, records: i64, bytes: usize) {
        let begin = self.cluster.end("t", partition).unwrap();
        let record =
            |n| Record::at(1_795_165_200_000 + 2 * (begin + n) + i64::from(partition)).value(vec![b'x'; bytes]);
        let records: Vec<_> = (0..records).map(record).collect();
        self.cluster.append("t", partition, batch::write(&records, Codec::None, Clock::Producer).unwrap()).unwrap();
    }

    pub fn run(&self, line: &str) -> Ran {
        Ran::of(self.program().args(line.split(' ')).spawn().unwrap())
    }

    /// The program on this cluster, with a home of its own: undo files of two clusters never meet.
    pub fn program(&self) -> Command {
        let bootstrap = self.cluster.bootstrap();
        let home = format!("{}/home-{}", env!("CARGO_TARGET_TMPDIR"), bootstrap.replace([':', ','], "-"));
        let mut command = program();
        command.env("HOME", &home).env("XDG_STATE_HOME", &home).args(["-b", &bootstrap]);
        command
    }

    /// Waits until a broker was asked this.
    pub fn asked(&self, api: ApiKey) {
        self.runtime.block_on(async { timeout(PATIENCE, self.cluster.asked(api)).await }).unwrap();
    }

    pub fn end(self) {
        self.runtime.block_on(async { timeout(PATIENCE, self.cluster.shutdown()).await }).unwrap();
    }
}
