//! Another project, which depends on the clients as they are packaged, and whose programs are those
//! of the READMEs, to the letter. Its build shows that the packages hold all that they are built of,
//! its programs that the READMEs are true, and its dependency tree what a user compiles.

#![allow(clippy::unwrap_used, reason = "a test may panic")]

use std::collections::{BTreeMap, BTreeSet};
use std::fs::{self, File};
use std::io::Read;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::LazyLock;
use std::time::Duration;

use flate2::read::GzDecoder;
use fs4::FileExt;
use pagebind_tests::workspace;
use sandbox::{Fault, Sandbox};
use serde_json::Value;
use tar::Archive;

/// What is packaged. Nothing else of the workspace is published.
const PACKAGES: [&str; 8] = [
    "pagebind",
    "pagebind-cli",
    "pagebind-client",
    "pagebind-codegen",
    "pagebind-drift",
    "pagebind-mock",
    "payment-profiles",
    "visa-click-to-pay",
];

/// The project, built once for all tests.
static CONSUMER: LazyLock<Consumer> = LazyLock::new(Consumer::build);

struct Consumer {
    /// The programs by the README they are in and their number there.
    programs: BTreeMap<String, PathBuf>,
    /// Keeps other runs of these tests out of the folder.
    _lock: File,
}

/// The folder of the project and of the packages. It is the same each time, so that what was built
/// there is found again.
fn folder() -> PathBuf {
    Path::new(env!("CARGO_TARGET_TMPDIR")).join("consumer")
}

/// Runs cargo without the network, and gives what it wrote: its results, and its report.
#[track_caller]
fn cargo(folder: &Path, arguments: &[&str]) -> (String, String) {
    let output = Command::new(env!("CARGO"))
        .args(arguments)
        .args(["--offline", "--color=never"])
        .current_dir(folder)
        .output()
        .unwrap();
    let report = String::from_utf8(output.stderr).unwrap();
    assert!(output.status.success(), "cargo {arguments:?}: {report}");
    (String::from_utf8(output.stdout).unwrap(), report)
}

/// Builds in the project, without a warning, beside what is built of the workspace: what both need
/// the same way is compiled once. Gives cargo's messages, one JSON value each.
#[track_caller]
fn build(arguments: &[&str]) -> Vec<Value> {
    let target = Path::new(env!("CARGO_TARGET_TMPDIR")).parent().unwrap().to_str().unwrap();
    let build = ["build", "--message-format=json-render-diagnostics", "--target-dir", target];
    let (messages, report) = cargo(&folder().join("project"), &[&build, arguments].concat());
    assert!(!report.contains("warning"), "{report}");
    messages.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

impl Consumer {
    fn build() -> Self {
        let folder = folder();
        fs::create_dir_all(&folder).unwrap();
        let lock = File::create(folder.join("lock")).unwrap();
        FileExt::lock(&lock).unwrap();

        let mut package = vec!["package", "--no-verify", "--allow-dirty"];
        package.extend(["--target-dir", folder.to_str().unwrap()]);
        package.extend(PACKAGES.iter().flat_map(|name| ["--package", name]));
        cargo(&workspace(), &package);
        for name in PACKAGES {
            let file = format!("package/{name}-{}.crate", env!("CARGO_PKG_VERSION"));
            lay(&folder.join(name), &unpack(&folder.join(file)));
        }
        lay(&folder.join("project"), &project(&folder));

        let programs = build(&[])
            .into_iter()
            .filter_map(|message| {
                let program = message["executable"].as_str()?.into();
                Some((message["target"]["name"].as_str()?.to_owned(), program))
            })
            .collect();
        Self { programs, _lock: lock }
    }
}

/// The files of a package, by their path in it.
fn unpack(package: &Path) -> BTreeMap<PathBuf, Vec<u8>> {
    let mut archive = Archive::new(GzDecoder::new(File::open(package).unwrap()));
    let file = |entry: std::io::Result<tar::Entry<'_, _>>| {
        let mut entry = entry.unwrap();
        // They all lie below `NAME-VERSION/`.
        let path = entry.path().unwrap().components().skip(1).collect();
        let mut content = Vec::new();
        entry.read_to_end(&mut content).unwrap();
        (path, content)
    };
    archive.entries().unwrap().map(file).collect()
}

/// Makes a folder hold these files and no others. What is in it already stays as it is, because by
/// the times of the files cargo knows what to build again. (In a package every file has the same.)
fn lay(folder: &Path, files: &BTreeMap<PathBuf, Vec<u8>>) {
    let before = folder.with_extension("before");
    // Neither is there the first time, and the former only after an interrupted run.
    let _ = fs::remove_dir_all(&before);
    let _ = fs::rename(folder, &before);
    for (path, content) in files {
        let (old, new) = (before.join(path), folder.join(path));
        fs::create_dir_all(new.parent().unwrap()).unwrap();
        if fs::read(&old).is_ok_and(|old| old == *content) {
            fs::rename(old, new).unwrap();
        } else {
            fs::write(new, content).unwrap();
        }
    }
    let _ = fs::remove_dir_all(before);
}

/// The files of the project: its manifest, the versions of this workspace, and each Rust block of
/// the READMEs, as a program where it has a `main`, as a test where it is one, and as a module of the
/// library otherwise.
fn project(packages: &Path) -> BTreeMap<PathBuf, Vec<u8>> {
    let read = |path: PathBuf| fs::read_to_string(path).unwrap();
    let workspace_manifest = read(workspace().join("Cargo.toml"));
    let (_, profiles) = workspace_manifest.split_once("\n[profile").unwrap();
    let manifest = include_str!("../fixtures/consumer/manifest.toml");
    let mut library = String::new();
    let mut files = BTreeMap::from([
        ("Cargo.toml".into(), format!("{manifest}[profile{profiles}")),
        ("Cargo.lock".into(), read(workspace().join("Cargo.lock"))),
    ]);
    for (name, readme) in [
        ("workspace", workspace().join("README.md")),
        ("visa_click_to_pay", packages.join("visa-click-to-pay/README.md")),
        ("payment_profiles", packages.join("payment-profiles/README.md")),
    ] {
        for (index, block) in rust_blocks(&read(readme)).into_iter().enumerate() {
            let name = format!("{name}_{}", index + 1);
            let file = if block.contains("fn main()") {
                format!("src/bin/{name}.rs")
            } else if block.contains("#[tokio::test]") {
                format!("tests/{name}.rs")
            } else {
                library += &format!("pub mod {name};\n");
                format!("src/{name}.rs")
            };
            files.insert(file.into(), block);
        }
    }
    files.insert("src/lib.rs".into(), library);
    files.into_iter().map(|(path, text)| (path, text.into_bytes())).collect()
}

/// What stands between the fences of Rust blocks, to the letter.
fn rust_blocks(readme: &str) -> Vec<String> {
    let mut blocks = Vec::new();
    let mut rest = readme;
    while let Some((_, from)) = rest.split_once("\n```rust") {
        let (_, from) = from.split_once('\n').unwrap();
        let (block, after) = from.split_once("```\n").unwrap();
        // rustdoc would hide such a line. Whoever reads the README elsewhere sees it.
        let hidden = block.lines().find(|line| *line == "#" || line.starts_with("# "));
        assert_eq!(hidden, None, "a README shows what was to be hidden");
        blocks.push(block.to_owned());
        rest = after;
    }
    blocks
}

/// A program of a README, with the settings that lead to a sandbox.
fn program(name: &str, sandbox: &Sandbox) -> Command {
    let mut command = Command::new(&CONSUMER.programs[name]);
    // A proxy that the machine is set up for does not reach its loopback.
    command.envs(sandbox.environment()).env("NO_PROXY", "127.0.0.1");
    command
}

/// The one line that a program prints, where all is well.
#[track_caller]
fn line(name: &str, sandbox: &Sandbox) -> String {
    let output = program(name, sandbox).output().unwrap();
    let error = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success() && error.is_empty(), "{name}: {error}");
    let text = String::from_utf8(output.stdout).unwrap();
    assert_eq!(text.lines().count(), 1, "{name}: {text}");
    text.trim_end().to_owned()
}

#[test]
fn every_program_of_the_readmes_is_run_here() {
    let programs: Vec<_> = CONSUMER.programs.keys().map(String::as_str).collect();
    let run = [
        "payment_profiles_1",
        "payment_profiles_2",
        "visa_click_to_pay_1",
        "visa_click_to_pay_2",
        "workspace_1",
        "workspace_2",
    ];
    assert_eq!(programs, run, "run the new program below, and name it here");
}

#[tokio::test(flavor = "multi_thread")]
async fn the_readmes_enrol_a_customer_and_delete_the_customer_again() {
    let sandbox = Sandbox::start().await.unwrap();
    let mut events = sandbox.events();
    for (name, operation) in
        [("visa_click_to_pay_1", "enroll_customer"), ("workspace_1", "delete_customer")]
    {
        let accepted = line(name, &sandbox);
        let event: Value = serde_json::from_str(&events.next().await.unwrap()).unwrap();
        assert_eq!(accepted, format!("accepted as {}", event["cid"].as_str().unwrap()));
        assert_eq!(event["data"]["operation"], operation);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_readme_of_click_to_pay_handles_the_errors_that_it_names() {
    let sandbox = Sandbox::start().await.unwrap();
    let wait = Fault::RateLimited(Duration::from_secs(60));
    sandbox.plan(wait, Some("enroll_customer"), 1).unwrap();
    assert_eq!(line("visa_click_to_pay_1", &sandbox), "wait for Some(60s)");

    assert!(line("visa_click_to_pay_1", &sandbox).starts_with("accepted as "));
    assert_eq!(line("visa_click_to_pay_1", &sandbox), "nothing to do");

    sandbox.plan(Fault::ServerError, Some("enroll_customer"), 1).unwrap();
    let output = program("visa_click_to_pay_1", &sandbox).output().unwrap();
    assert!(!output.status.success(), "a server error is no success");
}

#[tokio::test(flavor = "multi_thread")]
async fn the_readmes_update_a_payment_profile() {
    let sandbox = Sandbox::start().await.unwrap();
    for name in ["payment_profiles_1", "workspace_2"] {
        assert_eq!(line(name, &sandbox), "updated 123456789");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_programs_that_need_no_server_print_what_the_readmes_say() {
    let sandbox = Sandbox::start().await.unwrap();
    let event = "252212bf-cde2-43f9-b28f-33ea2b452b32 click-to-pay-1";
    assert_eq!(line("visa_click_to_pay_2", &sandbox), event);
    let report = line("payment_profiles_2", &sandbox);
    assert!(report.starts_with("can be sent again: "), "{report}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_program_says_which_setting_is_missing() {
    let sandbox = Sandbox::start().await.unwrap();
    let mut settings = 0;
    for name in CONSUMER.programs.keys() {
        let source = folder().join(format!("project/src/bin/{name}.rs"));
        let source = fs::read_to_string(source).unwrap();
        for (setting, _) in sandbox.environment() {
            if source.contains(&format!("\"{setting}\"")) {
                let output = program(name, &sandbox).env_remove(setting).output().unwrap();
                let error = String::from_utf8_lossy(&output.stderr);
                let says = error.contains(&format!("set {setting}"));
                assert!(!output.status.success() && says, "{name}: {error}");
                settings += 1;
            }
        }
    }
    // Two programs for each of the services, with six settings and with three.
    assert_eq!(settings, 18);
}

#[test]
fn the_tests_of_the_readmes_pass_without_a_server_or_a_tenant() {
    LazyLock::force(&CONSUMER);
    let target = Path::new(env!("CARGO_TARGET_TMPDIR")).parent().unwrap().to_str().unwrap();
    let test = ["test", "--tests", "--no-fail-fast", "--target-dir", target];
    let (results, _) = cargo(&folder().join("project"), &test);
    for name in [
        "a_connection_that_is_reset_leaves_open_whether_the_update_was_made",
        "a_customer_who_left_before_is_no_error_of_ours",
    ] {
        assert!(results.contains(&format!("test {name} ... ok")), "{results}");
    }
}

/// The packages that are compiled for the project, or for one package of it.
#[track_caller]
fn compiled(arguments: &[&str]) -> BTreeSet<String> {
    LazyLock::force(&CONSUMER);
    let tree = ["tree", "--edges", "normal,build", "--prefix", "none", "--format", "{p}"];
    let (text, _) = cargo(&folder().join("project"), &[&tree, arguments].concat());
    text.lines().filter_map(|line| line.split(' ').next()).map(str::to_owned).collect()
}

/// The features of a package that are on for the project because of the clients.
#[track_caller]
fn features(package: &str, arguments: &[&str]) -> BTreeSet<String> {
    LazyLock::force(&CONSUMER);
    let tree = ["tree", "--edges", "normal", "--prefix", "none", "--format", "{p}|{f}"];
    let (text, _) = cargo(&folder().join("project"), &[&tree, arguments].concat());
    let line = text.lines().find(|line| line.split(' ').next() == Some(package));
    let (_, features) = line.unwrap().trim_end_matches(" (*)").split_once('|').unwrap();
    features.split(',').map(str::to_owned).collect()
}

#[test]
fn a_project_gets_no_feature_of_a_shared_package_that_the_clients_don_t_need() {
    for arguments in [&[][..], &["--features", "default-client"]] {
        let features = |package| Vec::from_iter(features(package, arguments)).join(" ");
        // The project itself asks for `macros` and `rt-multi-thread`.
        assert_eq!(
            features("tokio"),
            "bytes default io-util libc macros mio net rt rt-multi-thread socket2 sync time tokio-macros"
        );
        assert_eq!(features("serde_json"), "default std");
        assert_eq!(features("serde"), "default derive serde_derive std");
        assert_eq!(features("reqwest"), "__rustls __rustls-aws-lc-rs __tls rustls");
    }
}

const GENERATORS: [&str; 6] = [
    "pagebind",
    "pagebind-codegen",
    "pagebind-drift",
    "progenitor-impl",
    "typify",
    "progenitor-client",
];

#[test]
fn without_default_features_no_generator_is_compiled() {
    let packages = compiled(&[]);
    assert!(packages.contains("visa-click-to-pay"), "{packages:?}");
    for generator in GENERATORS {
        assert!(!packages.contains(generator), "{generator} is compiled: {packages:?}");
    }
}

#[test]
fn payment_profiles_takes_the_runtime_along_and_neither_generator_nor_other_client() {
    let packages = compiled(&["--package", "payment-profiles"]);
    assert!(packages.contains("pagebind-client"), "{packages:?}");
    for other in GENERATORS.into_iter().chain(["visa-click-to-pay"]) {
        assert!(!packages.contains(other), "{other} is compiled: {packages:?}");
    }
}

#[test]
fn by_default_the_packaged_client_is_generated_when_it_is_built() {
    let packages = compiled(&["--features", "default-client"]);
    for generator in ["pagebind-codegen", "progenitor-impl", "typify"] {
        assert!(packages.contains(generator), "{generator} is not compiled: {packages:?}");
    }
    // Ours stands in its place at run time.
    assert!(!packages.contains("progenitor-client"), "{packages:?}");

    let messages = build(&["--lib", "--features", "default-client"]);
    let out = messages.iter().find_map(|message| {
        let script = message["reason"] == "build-script-executed"
            && message["package_id"].as_str()?.contains("/visa-click-to-pay#");
        script.then(|| message["out_dir"].as_str())?
    });
    let generated = fs::read(Path::new(out.unwrap()).join("openapi.rs")).unwrap();
    let committed = fs::read(folder().join("visa-click-to-pay/src/generated.rs")).unwrap();
    assert!(generated == committed, "what is generated differs from the source in the package");
}

#[test]
fn the_command_line_is_built_of_its_packages() {
    let messages = build(&["--lib", "--features", "command-line"]);
    let built = |name: &str| {
        let named = |message: &Value| message["target"]["name"] == name;
        messages.iter().any(|it| it["reason"] == "compiler-artifact" && named(it))
    };
    assert!(built("pagebind_cli") && built("pagebind_drift"));
}
