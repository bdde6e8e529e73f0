//! The real program in a real window, where there is an X server to be had; and what it says where there is none.

#![cfg(target_os = "linux")]
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test fails by panicking")]
#![allow(clippy::print_stderr, reason = "a test that cannot run says so")]

use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Child, Command, Output, Stdio};
use std::time::{Duration, Instant};

fn without_display(program: &Path) -> Command {
    let mut command = Command::new(program);
    command.env_remove("DISPLAY").env_remove("WAYLAND_DISPLAY").env_remove("WAYLAND_SOCKET");
    command
}

fn within(mut command: Command, limit: Duration) -> Output {
    let mut child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    let began = Instant::now();
    while child.try_wait().unwrap().is_none() {
        if began.elapsed() > limit {
            child.kill().unwrap();
            let out = child.wait_with_output().unwrap();
            panic!("it hangs: {}", String::from_utf8_lossy(&out.stderr));
        }
        std::thread::sleep(Duration::from_millis(20));
    }
    child.wait_with_output().unwrap()
}

#[test]
fn without_a_display_it_is_said_so() {
    let program = Path::new(env!("CARGO_BIN_EXE_spikewatt-gui"));
    let mut unreachable = without_display(program);
    unreachable.env("DISPLAY", ":9347");
    for command in [without_display(program), unreachable] {
        let out = within(command, Duration::from_secs(30));
        let told = String::from_utf8_lossy(&out.stderr);
        assert_eq!(out.status.code(), Some(2), "{told}");
        assert!(told.contains("no window can be opened") && !told.contains("panicked"), "{told}");
    }
}

/// An X server of its own, that ends with it.
struct Server {
    child: Child,
    display: String,
}

impl Server {
    fn start() -> Option<Self> {
        let args = ["-displayfd", "1", "-screen", "0", "1600x1000x24", "-nolisten", "tcp"];
        let mut child = Command::new("Xvfb").args(args).stdout(Stdio::piped()).stderr(Stdio::null()).spawn().ok()?;
        let mut line = String::new();
        BufReader::new(child.stdout.take()?).read_line(&mut line).ok()?;
        Some(Self { child, display: format!(":{}", line.trim()) })
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

#[test]
fn the_tour_goes_through_a_real_window() {
    let Some(server) = Server::start() else {
        eprintln!("left out: there is no Xvfb here, which the test needs for a window");
        return;
    };
    let tour = Path::new(env!("CARGO_BIN_EXE_spikewatt-gui")).parent().unwrap().join("examples/tour");
    assert!(
        tour.exists(),
        "`cargo build --release -p spikewatt-gui --example tour` comes first; a test of the whole package does it"
    );
    let folder = tempfile::tempdir().unwrap();
    let mut command = without_display(&tour);
    command.arg(folder.path()).env("DISPLAY", &server.display).env("LIBGL_ALWAYS_SOFTWARE", "1");
    let out = within(command, Duration::from_secs(240));
    let told = String::from_utf8_lossy(&out.stderr);
    assert!(out.status.success(), "{told}");
    for theme in ["light", "dark"] {
        for step in ["opened", "played", "scrubbed", "spike", "why", "device", "exported"] {
            let path = folder.path().join(format!("{step}-{theme}.png"));
            let mut reader = png::Decoder::new(BufReader::new(std::fs::File::open(&path).unwrap())).read_info().unwrap();
            let mut pixels = vec![0; reader.output_buffer_size().unwrap()];
            let info = reader.next_frame(&mut pixels).unwrap();
            assert!(info.width >= 1000 && info.height >= 600, "{}", path.display());
            let colours: std::collections::HashSet<&[u8]> = pixels.chunks_exact(4).collect();
            assert!(colours.len() > 50, "{} has {} colours", path.display(), colours.len());
        }
        // The explanation was there, and it is what its picture shows.
        let causes = std::fs::read_to_string(folder.path().join(format!("{theme}-why.csv"))).unwrap();
        assert!(causes.starts_with("cause,") && causes.lines().count() > 1, "{causes}");
        let bytes = |step: &str| std::fs::read(folder.path().join(format!("{step}-{theme}.png"))).unwrap();
        assert_ne!(bytes("spike"), bytes("why"));
        for file in ["raster.svg", "counters.csv", "raster.png"] {
            assert!(folder.path().join(format!("{theme}-{file}")).is_file(), "{file}");
        }
    }
}
