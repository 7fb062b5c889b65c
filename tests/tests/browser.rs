//! The HTML report in a real browser: what a reader sees, and that nothing of a page runs in it.
//!
//! `PAGEBIND_BROWSER` names a Chromium; without it there is no browser to ask, and the test says so.

#![allow(clippy::unwrap_used, reason = "a test may panic")]

use std::process::Command;

use pagebind_tests::{Tree, document, page};

const CARD: &str =
    r#"{ "type": "object", "required": ["id"], "properties": { "id": { "type": "integer" } } }"#;

/// The document that the browser made of a file, after whatever ran in it.
#[track_caller]
fn rendered(browser: &str, file: &std::path::Path, profile: &std::path::Path) -> String {
    let output = Command::new(browser)
        .args(["--headless", "--no-sandbox", "--disable-gpu", "--no-first-run"])
        .args(["--disable-background-networking", "--disable-component-update", "--disable-sync"])
        .arg(format!("--user-data-dir={}", profile.display()))
        .args(["--virtual-time-budget=2000", "--dump-dom"])
        .arg(format!("file://{}", file.display()))
        .output()
        .unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).unwrap()
}

#[test]
fn the_html_report_shows_the_findings_and_runs_nothing() {
    let Ok(browser) = std::env::var("PAGEBIND_BROWSER") else {
        eprintln!("PAGEBIND_BROWSER is not set: the report is not looked at in a browser");
        return;
    };
    let hostile = "</td><script>document.title = 'run'</script><img src=x onerror=\"document.title = 'run'\">";
    let published = document("/cards", CARD)
        .replace("\"required\": [\"id\"],", "")
        .replace("\"OK\"", &serde_json::to_string(hostile).unwrap());
    let tree = Tree::of_pages(&[("get.md", page(&document("/cards", CARD)))]);
    tree.write("published/get.md", page(&published));
    let run = tree.run(&["drift", "--published", "[tree]/published", "--format", "html"]);
    tree.write("report.html", &run.out);
    let seen = rendered(&browser, &tree.path().join("report.html"), &tree.path().join("profile"));
    assert!(seen.contains("response-property-became-optional"), "{seen}");
    assert!(seen.contains("GET /cards"), "{seen}");
    assert!(seen.contains("Option&lt;i64&gt;"), "{seen}");
    // The publisher's words are shown as words.
    assert!(seen.contains("&lt;script&gt;document.title"), "{seen}");
    assert!(!seen.contains("<title>run</title>") && !seen.contains("<img src=\"x\""), "{seen}");
}
