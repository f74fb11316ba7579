//! A test of this program, run again in a process of its own.

use std::io::{BufRead, BufReader, Read};
use std::process::{Child, ChildStdin, ChildStdout, Command, ExitStatus, Stdio};

pub struct Process {
    /// The addresses it printed.
    pub bootstrap: String,
    pub stdin: Option<ChildStdin>,
    child: Child,
    /// Kept open, or the test harness in there could not print its last line.
    stdout: BufReader<ChildStdout>,
}

impl Process {
    /// Starts the ignored test of this name and waits for its bootstrap line.
    pub fn start(test: &str) -> Self {
        let mut child = Command::new(std::env::current_exe().unwrap())
            .args(["--exact", test, "--ignored", "--nocapture"])
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        let mut stdout = BufReader::new(child.stdout.take().unwrap());
        let line = stdout.by_ref().lines().map(Result::unwrap).find(|line| line.starts_with("bootstrap ")).unwrap();
        Self { bootstrap: line["bootstrap ".len()..].to_owned(), stdin: child.stdin.take(), child, stdout }
    }

    pub fn terminate(&self) {
        assert!(Command::new("kill").arg(self.child.id().to_string()).status().unwrap().success());
    }

    /// Waits for its end: how it ended, and what it wrote to stderr.
    pub fn ended(self) -> (ExitStatus, String) {
        let output = self.child.wait_with_output().unwrap();
        drop(self.stdout);
        (output.status, String::from_utf8(output.stderr).unwrap())
    }
}
