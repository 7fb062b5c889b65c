//! Somebody else's repository, from `init` to an update, as a workspace and as one package with a build
//! script. What the commands write is compiled there, and calls a server on loopback.

#![allow(clippy::unwrap_used, reason = "a test may panic")]

use std::{
    ffi::OsString,
    fs,
    io::{BufRead, BufReader, Write},
    net::TcpListener,
    path::{Path, PathBuf},
    process::Command,
    thread,
};

use pagebind_cli::{Environment, Status};
use pagebind_tests::{Run, document, page, sha256, workspace};

/// The page of the guide's example.
fn card_page() -> String {
    let operation = r#""security": [{ "ApiKey": [] }],
        "parameters": [{ "name": "id", "in": "path", "required": true, "schema": { "type": "integer" } }],
        "responses""#;
    let scheme = r#""components": {
        "securitySchemes": { "ApiKey": { "type": "apiKey", "in": "header", "name": "X-API-Key" } },"#;
    let document = document("/cards", CARD)
        .replace("\"/cards\"", "\"/cards/{id}\"")
        .replace("\"get_cards\"", "\"get_card\"")
        .replace("\"responses\"", operation)
        .replace("\"components\": {", scheme);
    page(&document)
}

/// The blocks of Rust in a document that no documentation test compiles, and of a language.
fn blocks(document: &str, language: &str) -> Vec<String> {
    let text = fs::read_to_string(workspace().join(document)).unwrap();
    let parts = text.split("```").skip(1).step_by(2);
    parts.filter_map(|it| Some(it.strip_prefix(language)?.strip_prefix('\n')?.to_owned())).collect()
}

const CARD: &str = r#"{ "type": "object", "required": ["id"], "properties": { "id": { "type": "integer" }, "kind": { "type": "string", "pattern": "^[a-z]+$" } } }"#;

/// A repository, outside of this one and at the same place each time, so that what was built is found again.
struct Repository {
    root: PathBuf,
}

impl Repository {
    /// The beginnings of a repository: its manifest, and how its packages are found and built here.
    fn new(name: &str, manifest: &str) -> Self {
        let here = sha256(env!("CARGO_TARGET_TMPDIR"));
        let root = std::env::temp_dir().join(format!("pagebind-outside-{}", &here[..12]));
        // By its links, as cargo names it.
        fs::create_dir_all(&root).unwrap();
        let root = fs::canonicalize(root).unwrap().join(name);
        let _ = fs::remove_dir_all(&root);
        let repository = Self { root };
        let ours = fs::read_to_string(workspace().join("Cargo.toml")).unwrap();
        let (_, profiles) = ours.split_once("\n[profile").unwrap();
        // What the published packages will be.
        let crates = ["pagebind", "pagebind-client", "pagebind-codegen", "pagebind-mock"];
        let crates = crates.map(|name| {
            format!("{name} = {{ path = {:?} }}\n", workspace().join("crates").join(name))
        });
        let patch = format!("\n[patch.crates-io]\n{}\n[profile{profiles}", crates.concat());
        repository.write("Cargo.toml", &format!("{manifest}{patch}"));
        let target = Path::new(env!("CARGO_TARGET_TMPDIR")).parent().unwrap();
        repository.write(".cargo/config.toml", &format!("[build]\ntarget-dir = {target:?}\n"));
        let lock = fs::read_to_string(workspace().join("Cargo.lock")).unwrap();
        repository.write("Cargo.lock", &lock);
        repository.write("saved/get.md", &card_page());
        repository.write("saved/list.md", &page(&document("/lists", CARD)));
        repository
    }

    fn write(&self, name: &str, text: &str) {
        let path = self.root.join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }

    fn read(&self, name: &str) -> String {
        fs::read_to_string(self.root.join(name)).unwrap()
    }

    /// Puts another text in the place of one.
    fn change(&self, name: &str, from: &str, to: &str) {
        let text = self.read(name);
        assert!(text.contains(from), "{text}");
        self.write(name, &text.replacen(from, to, 1));
    }

    /// Runs `cargo pagebind`; `[root]` in the arguments is the repository.
    #[track_caller]
    fn pagebind(&self, arguments: &[&str], expected: Status) -> Run {
        let environment = Environment::around(&self.root, "cargo pagebind").unwrap();
        let root = self.root.display().to_string();
        let arguments = arguments.iter().map(|argument| argument.replace("[root]", &root));
        let arguments = ["pagebind".into()].into_iter().chain(arguments.map(OsString::from));
        let (mut out, mut err) = (Vec::new(), Vec::new());
        let status = pagebind_cli::run(&environment, arguments, &mut out, &mut err);
        let text = |bytes| String::from_utf8(bytes).unwrap();
        let run = Run { status, out: text(out), err: text(err) };
        assert_eq!(run.status, expected, "{}{}", run.out, run.err);
        run
    }

    /// Runs cargo, and gives what it wrote.
    fn cargo(&self, arguments: &[&str], url: &str) -> (bool, String, String) {
        let output = Command::new(env!("CARGO"))
            .args(arguments)
            .args(["--offline", "--color=never"])
            .current_dir(&self.root)
            .env("CARDS_URL", url)
            .env("CARDS_KEY", "key")
            .env_remove("CARGO_MANIFEST_DIR")
            .output()
            .unwrap();
        let text = |bytes| String::from_utf8(bytes).unwrap();
        (output.status.success(), text(output.stdout), text(output.stderr))
    }

    /// Calls a server by the program of the repository.
    #[track_caller]
    fn call(&self, arguments: &[&str]) {
        let (request, url) = server();
        let (success, out, err) = self.cargo(arguments, &url);
        assert!(success && !err.contains("warning"), "{err}");
        assert_eq!(out, "card 7\n");
        assert_eq!(request.join().unwrap(), "GET /cards/7 HTTP/1.1");
    }

    /// The pages as they are saved are no drift; a changed one is, until it is taken over.
    fn keeps_in_step(&self, rehearsal: &[&str]) {
        self.write("pagebind.toml", &format!("rehearsal = {rehearsal:?}\n"));
        let published = "--published=[root]/saved";
        self.pagebind(&["drift", published], Status::Done);
        self.change("saved/get.md", r#""kind""#, r#""type""#);
        let drift = self.pagebind(&["drift", published], Status::Findings);
        assert!(drift.out.contains("kind"), "{}", drift.out);
        let update = self.pagebind(&["update", published], Status::Findings);
        assert!(update.err.contains("contradict"), "{}", update.err);
        self.change("saved/list.md", r#""kind""#, r#""type""#);
        self.pagebind(&["update", published], Status::Done);
        self.pagebind(&["drift", published], Status::Done);
        self.pagebind(&["generate", "--check"], Status::Done);
    }
}

/// A server that answers one request with a card; the request's first line.
fn server() -> (thread::JoinHandle<String>, String) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    let request = thread::spawn(move || {
        let (mut stream, _) = listener.accept().unwrap();
        let mut lines = BufReader::new(stream.try_clone().unwrap()).lines().map(Result::unwrap);
        let first = lines.next().unwrap();
        while !lines.next().unwrap().is_empty() {}
        let body = r#"{"id":7}"#;
        let head = "HTTP/1.1 200 OK\r\ncontent-type: application/json\r\nconnection: close";
        write!(stream, "{head}\r\ncontent-length: {}\r\n\r\n{body}", body.len()).unwrap();
        first
    });
    (request, url)
}

/// A program that calls the client, which it finds as `cards`: that of the guide.
fn program() -> String {
    let guide = blocks("docs/guide/getting-started.md", "rust,ignore");
    let [call] = guide.as_slice() else { panic!("the guide shows {guide:?}") };
    let call = call.replace("\"https://api.example.com\"", "std::env::var(\"CARDS_URL\")?");
    format!(
        "#[tokio::main(flavor = \"current_thread\")]
async fn main() -> Result<(), Box<dyn std::error::Error>> {{
{call}
    println!(\"card {{}}\", card.id);
    Ok(())
}}
"
    )
}

/// What is needed to be compiled once for this workspace and for those repositories.
const FEATURES: &str = r#"syn = { version = "3", features = ["extra-traits", "fold", "visit-mut"] }
"#;

const TOKIO: &str = r#"tokio = { version = "1", features = ["macros", "rt-multi-thread"] }
"#;

#[test]
fn a_workspace_gets_a_crate_that_compiles_calls_and_is_kept_in_step() {
    let repository = Repository::new(
        "workspace",
        "[workspace]\nresolver = \"3\"\nmembers = [\n    \"app\", # ours\n]\n",
    );
    let app = "[package]\nname = \"outside-app\"\nedition = \"2024\"\n\n[dependencies]\n";
    repository.write("app/Cargo.toml", app);
    repository.write("app/src/main.rs", "fn main() {}\n");
    repository.pagebind(&["init"], Status::Done);
    repository.pagebind(&["list"], Status::CouldNotTell);
    let add = repository.pagebind(&["add", "cards", "[root]/saved"], Status::Done);
    assert!(!add.err.contains("Warning"), "{}", add.err);
    let manifest = repository.read("Cargo.toml");
    assert!(manifest.contains("    \"app\",\n    \"crates/cards\", # ours\n]"), "{manifest}");
    assert!(repository.read("Cargo.lock").contains("name = \"cards\""));
    repository.pagebind(&["generate", "--check"], Status::Done);
    assert!(
        repository.pagebind(&["list"], Status::Done).out.starts_with("cards: 2 pages, in step\n")
    );

    let cards = "cards = { path = \"../crates/cards\", default-features = false }\n";
    repository.write("app/Cargo.toml", &format!("{app}{cards}{TOKIO}"));
    repository.write("app/src/main.rs", &program());
    repository.call(&["run", "--quiet", "--package", "outside-app"]);
    repository.keeps_in_step(&["check --package outside-app"]);
}

#[test]
fn the_operations_of_a_tag_stand_behind_its_feature_until_no_features_are_asked_for() {
    let repository = Repository::new("tags", "[workspace]\nresolver = \"3\"\nmembers = []\n");
    for page in ["get", "list"] {
        let tag = format!("\"tags\": [\"{page}\"], \"responses\"");
        repository.change(&format!("saved/{page}.md"), "\"responses\"", &tag);
    }
    repository.pagebind(&["add", "cards", "[root]/saved"], Status::Done);
    let (manifest, source) = ("crates/cards/Cargo.toml", "crates/cards/src/generated.rs");
    let (without, whole) = (repository.read(manifest), repository.read(source));
    let settings = repository.read("openapi/cards/api.toml");
    repository.write("openapi/cards/api.toml", &format!("features = \"tags\"\n{settings}"));
    repository.pagebind(&["generate", "--check"], Status::Findings);
    repository.pagebind(&["generate"], Status::Done);
    let with = repository.read(manifest);
    let listed = "tags = [\n    \"get\",\n    \"list\",\n]\nget = []\nlist = []\n";
    assert!(with.contains(listed), "{with}");

    // The operation of a tag is there where its feature is.
    let call = "#[test]\nfn call() { let _ = cards::Client::get_card; }\n";
    repository.write("crates/cards/tests/call.rs", call);
    for (features, is_there) in [
        ("rustls,tags,mock", true),
        ("rustls,get", true),
        ("rustls,list", false),
        ("rustls", false),
    ] {
        let check = |what: &str| {
            let package = ["check", "--quiet", "--package", "cards", what];
            let features = ["--no-default-features", "--features", features];
            let (success, _, err) = repository.cargo(&[&package[..], &features].concat(), "");
            assert!(!success || !err.contains("warning"), "{features:?}: {err}");
            success
        };
        assert!(check("--lib"), "{features}");
        assert_eq!(check("--tests"), is_there, "{features}");
    }

    repository.write("openapi/cards/api.toml", &settings);
    let stale = repository.pagebind(&["generate", "--check"], Status::Findings);
    assert!(stale.err.contains("crates/cards/Cargo.toml"), "{}", stale.err);
    repository.pagebind(&["generate"], Status::Done);
    assert_eq!((repository.read(manifest), repository.read(source)), (without, whole));
}

#[test]
fn one_package_generates_its_client_in_its_build_script_and_is_kept_in_step() {
    let package = "[package]\nname = \"outside-shop\"\nedition = \"2024\"\n";
    let repository = Repository::new("package", package);
    repository.write("src/main.rs", "fn main() {}\n");
    repository.write("src/shop/mod.rs", "");
    let taken = repository.pagebind(&["add", "shop", "[root]/saved"], Status::Usage);
    assert!(taken.err.contains("src/shop/mod.rs is there"), "{}", taken.err);
    let add = repository.pagebind(&["add", "cards", "[root]/saved"], Status::Done);
    assert!(add.err.contains("next: `pub mod cards;` in src/main.rs"), "{}", add.err);
    let manifest = repository.read("Cargo.toml");
    assert!(manifest.contains("[dependencies]\npagebind-client = "), "{manifest}");
    assert!(manifest.contains("[build-dependencies]\npagebind-codegen = "), "{manifest}");
    repository.change("Cargo.toml", "[dependencies]\n", &format!("[dependencies]\n{TOKIO}"));
    let build = "[build-dependencies]\n";
    repository.change("Cargo.toml", build, &format!("{build}{FEATURES}"));
    repository.write("src/main.rs", &format!("mod cards;\n{}", program()));
    repository.call(&["run", "--quiet"]);
    // The copy would lie in the target folder of this workspace, which is not its own.
    repository.keeps_in_step(&[]);

    // A server for tests takes a feature of the package.
    let settings = repository.read("openapi/cards/api.toml");
    repository.write("openapi/cards/api.toml", &format!("mock = true\n{settings}"));
    let refused = repository.pagebind(&["generate"], Status::Findings);
    let dependency = "pagebind-mock = { version = \"0.1.0\", optional = true }\n";
    assert!(refused.err.contains(dependency), "{}", refused.err);
    let head = format!("[dependencies]\n{dependency}");
    repository.change("Cargo.toml", "[dependencies]\n", &head);
    let feature = "[features]\nmock = [\"dep:pagebind-mock\"]\n\n[dependencies]\n";
    repository.change("Cargo.toml", "[dependencies]\n", feature);
    repository.pagebind(&["generate"], Status::Done);
    let (success, _, err) = repository.cargo(&["check", "--quiet", "--features", "mock"], "");
    assert!(success && !err.contains("warning"), "{err}");
    repository.write("openapi/cards/api.toml", &format!("features = \"tags\"\n{settings}"));
    let refused = repository.pagebind(&["generate"], Status::Findings);
    assert!(refused.err.contains("crate of its own"), "{}", refused.err);

    // What is wrong with a contract is told as cargo tells its own errors.
    repository.change("openapi/cards.json", "\"/cards/{id}\"", "\"/cards/{id\"");
    let (success, _, report) = repository.cargo(&["check"], "");
    assert!(!success);
    let said = "error: outside-shop@0.0.0: the path `/cards/{id` has";
    assert!(report.contains(said), "{report}");
    assert!(report.contains("  --> openapi/cards.json at /paths/~1cards~1{id"), "{report}");
}

#[test]
fn a_document_that_is_there_needs_the_lines_of_the_readme_alone() {
    let readme = "crates/pagebind-codegen/README.md";
    let [dependencies, ..] = &blocks(readme, "toml")[..] else { panic!("no dependencies") };
    let package = "[package]\nname = \"outside-lines\"\nedition = \"2024\"\n\n";
    let build = "[build-dependencies]\n";
    let dependencies = dependencies.replace(build, &format!("{build}{FEATURES}"));
    let repository = Repository::new("lines", &format!("{package}{dependencies}"));
    let tenant = r#""parameters": [
        { "name": "x-tenant", "in": "header", "required": true, "schema": { "type": "string" } }
    ], "responses""#;
    let contract = document("/cards", CARD).replace("\"responses\"", tenant);
    repository.write("openapi.json", &contract);
    repository.write(
        "overlay.yaml",
        "overlay: 1.1.0
info: { title: Corrections, version: '1' }
actions:
  - target: $.components.schemas.Card.properties.id
    description: An id is wide.
    x-expect: {}
    update: { format: int64 }
",
    );
    let shown = |language: &str, name: &str| {
        let head = format!("// {name}\n");
        let mut shown = blocks(readme, language).into_iter();
        shown.find_map(|it| it.strip_prefix(&head).map(str::to_owned)).unwrap()
    };
    repository
        .write("build.rs", &format!("fn main() {{\n{}}}\n", shown("rust,no_run", "build.rs")));
    repository.write("src/lib.rs", &shown("rust,ignore", "src/lib.rs"));
    let (success, _, err) = repository.cargo(&["build", "--quiet"], "");
    assert!(success && !err.contains("warning"), "{err}");
}
