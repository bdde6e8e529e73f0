//! The program in a cage: so much time, so much memory.

use std::fs::File;
use std::io::{Read, Seek};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

/// The longest that a refusal may take.
const LIMIT: Duration = Duration::from_secs(10);

/// Address space in KiB, where the system can limit it. A sound run of the digits takes a tenth.
const MEMORY: &str = "2000000";

/// What the program did.
pub(crate) struct Answer {
    /// Its exit code; none where a signal ended it.
    pub(crate) code: Option<i32>,
    /// It had to be ended.
    pub(crate) late: bool,
    pub(crate) stdout: String,
    pub(crate) stderr: String,
}

/// Runs the program. A run that ends late is tried once more: a hang hangs twice, a machine that was busy is not.
pub(crate) fn spikewatt(arguments: &[String]) -> Answer {
    let first = run(arguments);
    if first.late { run(arguments) } else { first }
}

fn run(arguments: &[String]) -> Answer {
    let program = env!("CARGO_BIN_EXE_spikewatt");
    let mut command = if cfg!(target_os = "linux") {
        let mut shell = Command::new("sh");
        shell.args(["-c", &format!("ulimit -c 0; ulimit -v {MEMORY}; exec \"$0\" \"$@\""), program]);
        shell
    } else {
        Command::new(program)
    };
    // Files instead of pipes: nobody needs to empty them while the program runs.
    let (mut stdout, mut stderr) = (tempfile::tempfile().unwrap(), tempfile::tempfile().unwrap());
    let child = command
        .args(arguments)
        .stdin(Stdio::null())
        .stdout(stdout.try_clone().unwrap())
        .stderr(stderr.try_clone().unwrap())
        .spawn()
        .expect("the program starts");
    let code = wait(child);
    let text = |file: &mut File| {
        let mut bytes = Vec::new();
        file.rewind().unwrap();
        file.read_to_end(&mut bytes).unwrap();
        String::from_utf8_lossy(&bytes).into_owned()
    };
    Answer { code: code.flatten(), late: code.is_none(), stdout: text(&mut stdout), stderr: text(&mut stderr) }
}

/// The exit code, if it ended by itself, and if it did so in time.
fn wait(mut child: Child) -> Option<Option<i32>> {
    let start = Instant::now();
    loop {
        if let Some(status) = child.try_wait().unwrap() {
            return Some(status.code());
        }
        if start.elapsed() > LIMIT {
            child.kill().unwrap();
            child.wait().unwrap();
            return None;
        }
        std::thread::sleep(Duration::from_millis(1));
    }
}
