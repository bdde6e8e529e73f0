//! The page in a real browser, where one is found: it is drawn in light and dark, printed, and nothing leaves the file. Pictures are left in the folder of
//! the build for a person to look at.

use std::path::{Path, PathBuf};
use std::process::Command;

/// Names of browsers that take Chromium's arguments.
const BROWSERS: &[&str] = &["chromium", "chromium-browser", "google-chrome", "google-chrome-stable"];

fn browser() -> Option<PathBuf> {
    let path = std::env::var_os("PATH")?;
    let places: Vec<PathBuf> = std::env::split_paths(&path).collect();
    BROWSERS.iter().flat_map(|name| places.iter().map(move |place| place.join(name))).find(|file| file.is_file())
}

/// Opens a page in the browser with a profile of its own and no way to the network.
fn open(browser: &Path, folder: &Path, page: &Path, more: &[String]) {
    let output = Command::new(browser)
        .args([
            "--headless",
            "--no-sandbox",
            "--disable-gpu",
            "--no-first-run",
            "--disable-background-networking",
            "--disable-component-update",
        ])
        .args(["--hide-scrollbars", "--host-resolver-rules=MAP * ~NOTFOUND"])
        .arg(format!("--user-data-dir={}", folder.join("profile").display()))
        .args(more)
        .arg(format!("file://{}", page.display()))
        .output()
        .expect("the browser starts");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
}

/// Hosts that were asked for anything while a page was open, but for those of the browser itself.
fn hosts(browser: &Path, folder: &Path, page: &Path) -> Vec<String> {
    let log = folder.join("net.json");
    open(browser, folder, page, &[format!("--log-net-log={}", log.display()), "--dump-dom".into()]);
    let text = std::fs::read_to_string(&log).expect("a log of the network");
    let mut hosts = Vec::new();
    for scheme in ["http://", "https://", "ws://", "wss://", "ftp://"] {
        for (at, _) in text.match_indices(&format!("\"url\":\"{scheme}")) {
            let rest = &text[at + "\"url\":\"".len() + scheme.len()..];
            hosts.push(rest.split(['/', '"', ':', '?']).next().unwrap_or_default().to_owned());
        }
    }
    // A browser asks for the time, for updates and for accounts, whatever page is open.
    hosts.retain(|host| !["google.com", "googleapis.com", "gstatic.com", "gvt1.com"].iter().any(|own| host.ends_with(own)));
    hosts.sort();
    hosts.dedup();
    hosts
}

#[test]
fn the_page_opens_from_disk_and_nothing_leaves_it() {
    let Some(browser) = browser() else {
        eprintln!("skipped: none of {} is installed", BROWSERS.join(", "));
        return;
    };
    let folder = tempfile::tempdir().expect("a folder");
    let page = folder.path().join("report.html");
    let output = Command::new(env!("CARGO_BIN_EXE_spikewatt"))
        .args(["compare", "networks/digits.nir", "--input", "datasets/digits.h5", "--dense", "networks/digits-mlp.onnx"])
        .args(["--account", "keras-spiking,spiking-jelly", "--quiet", "--html"])
        .arg(&page)
        .current_dir(env!("CARGO_MANIFEST_DIR"))
        .output()
        .expect("the program starts");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));

    // The log would tell: a page that asks for a picture is caught.
    let asking = folder.path().join("asking.html");
    std::fs::write(&asking, "<img src=\"http://spikewatt.invalid/picture.png\">").expect("written");
    assert_eq!(hosts(&browser, folder.path(), &asking), ["spikewatt.invalid"]);
    assert_eq!(hosts(&browser, folder.path(), &page), [""; 0], "a request left the file");

    let pictures = Path::new(env!("CARGO_TARGET_TMPDIR"));
    let picture = |name: &str, more: &[&str]| {
        let file = pictures.join(name);
        let mut arguments: Vec<String> = more.iter().map(|&argument| argument.into()).collect();
        arguments.push(format!("--screenshot={}", file.display()));
        open(&browser, folder.path(), &page, &arguments);
        std::fs::read(&file).expect("a picture")
    };
    let light = picture("report-light.png", &["--window-size=1200,3000"]);
    let dark = picture("report-dark.png", &["--window-size=1200,3000", "--blink-settings=preferredColorScheme=0"]);
    let narrow = picture("report-narrow.png", &["--window-size=500,3000"]);
    let paper = pictures.join("report.pdf");
    open(&browser, folder.path(), &page, &[format!("--print-to-pdf={}", paper.display())]);
    for drawn in [&light, &dark, &narrow] {
        assert!(drawn.starts_with(b"\x89PNG") && drawn.len() > 50_000, "{} bytes are an empty page", drawn.len());
    }
    assert_ne!(light, dark, "the page follows the reader's colours");
    assert!(std::fs::read(&paper).expect("a document").starts_with(b"%PDF"));
}
