//! `cargo xtask add`: from the pages of an API to a crate that compiles, or to nothing at all.

#![allow(clippy::unwrap_used, reason = "a test may panic")]

use std::{
    fs,
    io::{BufRead, BufReader, Write},
    net::TcpListener,
    path::Path,
    process::Command,
    thread,
};

use pagebind_cli::Status;
use pagebind_tests::{Tree, document, lay_tools, page, run, workspace};

/// What generated source needs other crates for: a pattern that is more than a sequence, and a format.
const CARD: &str = r#"{
  "type": "object",
  "required": ["id"],
  "properties": {
    "id": { "type": "string", "format": "uuid" },
    "kind": { "type": "string", "pattern": "^[a-z]+(-[a-z]+)*$" }
  }
}"#;

/// A tree with the beginnings of a workspace, and two pages in the folder `published`.
fn tree() -> Tree {
    let tree = Tree::of_pages(&[("old.md", page(&document("/old", CARD)))]);
    tree.write("Cargo.toml", "[workspace.dependencies]\nserde = \"1\"\n");
    tree.write("published/get.md", page(&document("/cards", CARD)));
    tree.write("published/list.md", page(&document("/lists", CARD)));
    tree
}

const ADD: [&str; 5] = [
    "add",
    "new-cards",
    "https://example.org/docs/get.md",
    "https://example.org/docs/list.md",
    "--published=[tree]/published",
];

/// Runs a command that has to change nothing, and gives the report.
#[track_caller]
fn refused(tree: &Tree, arguments: &[&str], expected: Status) -> String {
    let before = tree.files();
    let run = tree.run(arguments);
    assert_eq!(run.status, expected, "{}", run.err);
    assert_eq!(tree.files(), before, "the tree has to stay as it was");
    assert!(!tree.path().join("openapi/new-cards").exists());
    assert!(!tree.path().join("crates/new-cards").exists());
    run.err
}

/// The URL at which a publisher on this machine answers one request.
fn publisher(answer: String) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}/docs/get.md", listener.local_addr().unwrap());
    thread::spawn(move || {
        let (mut stream, _) = listener.accept().unwrap();
        let mut lines = BufReader::new(stream.try_clone().unwrap()).lines();
        while !lines.next().unwrap().unwrap().is_empty() {}
        stream.write_all(answer.as_bytes()).unwrap();
    });
    url
}

#[test]
fn what_is_refused_is_left_out_on_request_and_the_manifest_says_so() {
    let tree = tree();
    let broken = document("/broken", CARD).replace(
        r##"{ "$ref": "#/components/schemas/Card" }"##,
        r#"{ "type": "object", "properties": { "id": 3 } }"#,
    );
    tree.write("published/list.md", page(&broken));
    let told = refused(&tree, &ADD, Status::Findings);
    assert!(told.contains("/paths/~1broken/get/"), "{told}");

    let mut arguments = ADD.to_vec();
    arguments.push("--keep-going");
    let run = tree.run(&arguments);
    assert_eq!(run.status, Status::Done, "{}", run.err);
    assert!(run.err.contains("/paths/~1broken/get/"), "{}", run.err);
    assert!(tree.read("openapi/new-cards/api.toml").contains("keep-going = true"));
    assert!(tree.read("crates/new-cards/openapi.json").contains("/broken"));
    // What the manifest says holds for the next run as well.
    let again = tree.run(&["generate", "new-cards"]);
    assert_eq!(again.status, Status::Done, "{}", again.err);
}

#[test]
fn a_new_api_has_its_manifest_pages_corrections_and_crate() {
    let tree = tree();
    let run = tree.run(&ADD);
    assert_eq!(run.status, Status::Done, "{}", run.err);
    for file in [
        "openapi/new-cards/api.toml",
        "openapi/new-cards/overlay.yaml",
        "crates/new-cards/Cargo.toml",
        "crates/new-cards/README.md",
        "crates/new-cards/build.rs",
        "crates/new-cards/openapi.json",
        "crates/new-cards/src/generated.rs",
        "crates/new-cards/src/lib.rs",
    ] {
        assert!(run.err.contains(&format!("Written [tree]/{file}\n")), "{file}: {}", run.err);
        assert!(!tree.read(file).contains("{{"), "{file} is not filled in");
    }
    let members = tree.read("Cargo.toml");
    assert!(members.contains("members = [\"crates/new-cards\"]"), "{members}");
    let build = workspace().join("crates/visa-click-to-pay/build.rs");
    assert_eq!(tree.read("crates/new-cards/build.rs"), fs::read_to_string(build).unwrap());
    for page in ["get.md", "list.md"] {
        let copy = tree.read(&format!("openapi/new-cards/pages/{page}"));
        assert_eq!(copy, tree.read(&format!("published/{page}")));
    }
    assert!(run.err.contains("next: `cargo check --package new-cards`"), "{}", run.err);
    let check = tree.run(&["generate", "new-cards", "--check"]);
    assert_eq!(check.status, Status::Done, "{}", check.err);
}

#[test]
fn the_corrections_file_is_one_once_it_holds_a_correction() {
    let tree = tree();
    // What the example in the file is about; it shows a fraction, so that nothing is suggested.
    let card =
        r#"{ "type": "object", "properties": { "id": { "type": "number", "example": 1.5 } } }"#;
    tree.write("published/get.md", page(&document("/cards", card)));
    tree.write("published/list.md", page(&document("/lists", card)));
    assert_eq!(tree.run(&ADD).status, Status::Done);
    let overlay = tree.read("openapi/new-cards/overlay.yaml");
    let (head, example) = overlay.split_once("# actions:").unwrap();
    let example = example.replace("\n# ", "\n");
    tree.write("openapi/new-cards/overlay.yaml", format!("{head}actions:{example}"));
    let manifest = tree.read("openapi/new-cards/api.toml");
    tree.write("openapi/new-cards/api.toml", manifest.replace("# overlays", "overlays"));
    let run = tree.run(&["generate", "new-cards"]);
    assert_eq!(run.status, Status::Done, "{}", run.err);
    assert!(run.err.contains("Corrected 1 correction"), "{}", run.err);
}

#[test]
fn pages_are_fetched_from_where_they_are_published() {
    let tree = tree();
    let page = page(&document("/cards", CARD));
    let url = publisher(format!(
        "HTTP/1.1 200 OK\r\nETag: \"7\"\r\nContent-Length: {}\r\n\r\n{page}",
        page.len()
    ));
    let run = tree.run(&["add", "new-cards", &url]);
    assert_eq!(run.status, Status::Done, "{}", run.err);
    assert!(run.err.contains(&format!("Fetched {url} ({} bytes)", page.len())), "{}", run.err);
    assert!(run.err.contains("Found a page with a document below `# OpenAPI definition` (ReadMe)"));
    assert_eq!(tree.read("openapi/new-cards/pages/get.md"), page);
    let manifest = tree.read("openapi/new-cards/api.toml");
    assert!(manifest.contains(r#"etag = "\"7\"""#), "{manifest}");
    assert_eq!(tree.run(&["generate", "new-cards", "--check"]).status, Status::Done);
}

#[test]
fn a_page_that_is_not_published_adds_nothing() {
    let url = publisher("HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n".to_owned());
    let report = refused(&tree(), &["add", "new-cards", &url], Status::CouldNotTell);
    assert!(report.contains("no page is published here (status 404)"), "{report}");
}

#[test]
fn a_page_of_another_kind_adds_nothing() {
    let tree = tree();
    tree.write("published/list.md", "<html>Sign in</html>");
    let report = refused(&tree, &ADD, Status::CouldNotTell);
    assert!(report.contains("https://example.org/docs/list.md"), "{report}");
}

#[test]
fn a_name_that_is_taken_adds_nothing() {
    let tree = tree();
    tree.write("crates/old-crate/Cargo.toml", "");
    fs::create_dir_all(tree.path().join("openapi/begun")).unwrap();
    for name in ["begun", "old-crate", "serde"] {
        let mut arguments = ADD;
        arguments[1] = name;
        let report = refused(&tree, &arguments, Status::Usage);
        assert!(report.contains(&format!("the name `{name}` is taken")), "{report}");
    }
}

#[test]
fn a_name_that_no_crate_can_have_is_a_matter_of_usage() {
    for name in ["New", "type", "../cards"] {
        let mut arguments = ADD;
        arguments[1] = name;
        refused(&tree(), &arguments, Status::Usage);
    }
}

#[test]
fn pages_that_differ_add_nothing_unless_they_may() {
    let tree = tree();
    for (file, path, host) in [("get", "/cards", "a"), ("list", "/lists", "b")] {
        let servers =
            format!("\"servers\": [{{ \"url\": \"https://{host}.example\" }}],\n\"paths\"");
        let document = document(path, CARD).replace("\"paths\"", &servers);
        tree.write(&format!("published/{file}.md"), page(&document));
    }
    refused(&tree, &ADD, Status::Findings);
    let mut arguments = ADD.to_vec();
    arguments.push("--per-page=servers");
    let run = tree.run(&arguments);
    assert_eq!(run.status, Status::Done, "{}", run.err);
    assert_eq!(tree.run(&["generate", "new-cards", "--check"]).status, Status::Done);
}

#[test]
fn the_new_crate_compiles_without_a_warning() {
    // The same place each time, so that what was built there is found again.
    let root = Path::new(env!("CARGO_TARGET_TMPDIR")).join("add");
    lay_tools(&root);
    let tree = tree();
    // What the crate's README and its example tell of: credentials, and a server with a variable.
    let wire = r##""info": { "title": "Cards", "version": "1" },
  "servers": [{
    "url": "https://{region}.example.com",
    "description": "Production server",
    "variables": { "region": { "default": "eu", "enum": ["eu", "us"] } }
  }],
  "security": [{ "ApiKeyAuth": [], "OAuth2": ["cards"] }, { "BasicAuth": [] }],"##;
    let schemes = r##""components": {
    "securitySchemes": {
      "ApiKeyAuth": { "type": "apiKey", "in": "header", "name": "X-API-Key" },
      "BasicAuth": { "type": "http", "scheme": "basic" },
      "OAuth2": {
        "type": "oauth2",
        "flows": { "clientCredentials": { "tokenUrl": "/oauth/token", "scopes": {} } }
      }
    },"##;
    for (file, path) in [("get.md", "/cards"), ("list.md", "/lists")] {
        let document = document(path, CARD)
            .replace(r#""info": { "title": "Cards", "version": "1" },"#, wire)
            .replace(r#""components": {"#, schemes);
        tree.write(&format!("published/{file}"), page(&document));
    }
    let arguments =
        ADD.map(|argument| argument.replace("[tree]", &tree.path().display().to_string()));
    let run = run(&root, arguments);
    assert_eq!(run.status, Status::Done, "{}", run.err);

    // Without default features, no generator and no TLS has to be compiled for it.
    let output = Command::new(env!("CARGO"))
        .args(["check", "--offline", "--package", "new-cards", "--no-default-features"])
        .args(["--all-targets", "--color=never"])
        .current_dir(&root)
        .env("CARGO_TARGET_DIR", Path::new(env!("CARGO_TARGET_TMPDIR")).parent().unwrap())
        .output()
        .unwrap();
    let report = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success() && !report.contains("warning"), "{report}");
    let generated = fs::read_to_string(root.join("crates/new-cards/src/generated.rs")).unwrap();
    let types = ["::regress::", "::pagebind_client::Uuid"];
    assert!(types.iter().all(|name| generated.contains(name)), "{generated}");
    let readme = fs::read_to_string(root.join("crates/new-cards/README.md")).unwrap();
    let setup = r#"    let client = Client::builder(new_cards::Server::RegionExample(Default::default()))
        .api_key_auth(std::env::var("API_KEY_AUTH")?)
        .oauth2_client_credentials(new_cards::ClientCredentials::new(
            std::env::var("OAUTH2_CLIENT_ID")?,
            std::env::var("OAUTH2_CLIENT_SECRET")?,
        ))
        .build()?;
"#;
    assert!(readme.contains(setup), "{readme}");
}

#[test]
fn pages_come_from_files_and_folders_too_and_are_asked_for_nowhere() {
    let tree = tree();
    tree.write("published/notes.txt", "No page.");
    let run = tree.run(&["add", "new-cards", "[tree]/published"]);
    assert_eq!(run.status, Status::Done, "{}", run.err);
    let manifest = tree.read("openapi/new-cards/api.toml");
    assert_eq!(manifest.matches("[[pages]]").count(), 2, "{manifest}");
    assert!(!manifest.contains("url"), "{manifest}");
    assert_eq!(tree.run(&["generate", "new-cards", "--check"]).status, Status::Done);
    let drift = tree.run(&["drift", "new-cards"]);
    assert_eq!(drift.status, Status::CouldNotTell, "{}", drift.err);
    assert!(
        drift.out.contains("does not say where this page and 1 other are published"),
        "{}",
        drift.out
    );
    let drift = tree.run(&["drift", "new-cards", "--published=[tree]/published"]);
    assert_eq!(drift.status, Status::Done, "{}", drift.err);
}

#[test]
fn it_says_what_a_client_of_the_pages_needs() {
    let tree = tree();
    let wire = r##""servers": [{ "url": "https://cards.example" }], "security": [{ "Key": [] }],
  "paths""##;
    let scheme = r##""components": {
    "securitySchemes": { "Key": { "type": "apiKey", "in": "header", "name": "X-Key" } },"##;
    let document = document("/cards", CARD).replace("\"paths\"", wire);
    let document = document.replace("\"components\": {", scheme);
    tree.write("published/get.md", page(&document));
    let run = tree.run(&["add", "new-cards", "[tree]/published/get.md"]);
    assert_eq!(run.status, Status::Done, "{}", run.err);
    for said in [
        "Merged 1 operation and ",
        "Servers https://cards.example\n",
        "Credentials `Key` (header `X-Key`)\n",
        "with 0 degradations",
    ] {
        assert!(run.err.contains(said), "{said}: {}", run.err);
    }
}

#[test]
fn an_api_that_is_there_gets_a_further_page() {
    let tree = tree();
    assert_eq!(tree.run(&["generate"]).status, Status::Done);
    let run = tree.run(&["add", "cards", "[tree]/published/get.md"]);
    assert_eq!(run.status, Status::Done, "{}", run.err);
    assert!(tree.read("crates/cards/src/generated.rs").contains("pub fn get_cards"));
    let manifest = tree.read("openapi/cards/api.toml");
    assert!(manifest.ends_with(&format!(
        "\n[[pages]]\nfile = \"pages/get.md\"\nsha256 = \"{}\"\n",
        pagebind_tests::sha256(tree.read("published/get.md"))
    )));
    assert_eq!(tree.run(&["generate", "--check"]).status, Status::Done);

    let before = tree.files();
    let again = tree.run(&["add", "cards", "[tree]/published/get.md"]);
    assert_eq!(again.status, Status::Usage, "{}", again.err);
    assert!(again.err.contains("the page is there already"), "{}", again.err);
    assert_eq!(tree.files(), before);
}

#[test]
fn a_new_crate_inherits_what_there_is_to_inherit() {
    let tree = tree();
    tree.write(
        "Cargo.toml",
        "[workspace]\nmembers = [\"crates/*\"]\n\n[workspace.package]\nedition = \"2021\"\n",
    );
    tree.write(
        "pagebind.toml",
        "[new-crate]\nlicense = \"MIT\"\npagebind = { git = \"https://example.org/p\" }\n",
    );
    assert_eq!(tree.run(&ADD).status, Status::Done);
    let manifest = tree.read("crates/new-cards/Cargo.toml");
    for line in [
        "version = \"0.1.0\"\n",
        "edition.workspace = true\n",
        "license = \"MIT\"\n",
        "publish = false\n",
        "pagebind-client = { git = \"https://example.org/p\", default-features = false, features = [\"patterns\"] }\n",
        "pagebind-codegen = { git = \"https://example.org/p\", optional = true }\n",
        "pagebind-mock = { git = \"https://example.org/p\", optional = true }\n",
        "mock = [\"dep:pagebind-mock\"]\n",
    ] {
        assert!(manifest.contains(line), "{line}: {manifest}");
    }
    assert!(!manifest.contains("[lints]") && !manifest.contains("rust-version"), "{manifest}");
}

#[test]
fn what_a_contract_comes_to_need_of_the_runtime_is_asked_for_when_it_is_generated() {
    let tree = tree();
    let plain = CARD.replace(r#", "pattern": "^[a-z]+(-[a-z]+)*$""#, "");
    for (file, path) in [("get.md", "/cards"), ("list.md", "/lists")] {
        tree.write(&format!("published/{file}"), page(&document(path, &plain)));
    }
    assert_eq!(tree.run(&ADD).status, Status::Done);
    let runtime = || {
        let manifest = tree.read("crates/new-cards/Cargo.toml");
        manifest.lines().find(|line| line.starts_with("pagebind-client")).unwrap().to_owned()
    };
    let before = runtime();
    assert!(!before.contains("features = ["), "{before}");

    let correction = r#"overlay: 1.0.0
info: { title: Corrections, version: "1" }
actions:
  - target: $.components.schemas.Card.properties.kind
    description: A kind is a word.
    x-expect: { type: string }
    update: { pattern: "^[a-z]+(-[a-z]+)*$" }
"#;
    tree.write("openapi/new-cards/overlay.yaml", correction);
    let settings = tree.read("openapi/new-cards/api.toml");
    tree.write("openapi/new-cards/api.toml", settings.replace("# overlays", "overlays"));
    let run = tree.run(&["generate", "new-cards", "--check"]);
    assert_eq!(run.status, Status::Findings, "{}", run.err);
    let run = tree.run(&["generate", "new-cards"]);
    assert_eq!(run.status, Status::Done, "{}", run.err);
    assert_eq!(runtime(), before.replace(" }", r#", features = ["patterns"] }"#));
    assert_eq!(tree.run(&["generate", "new-cards", "--check"]).status, Status::Done);
}

#[test]
fn what_pages_refer_to_in_their_folder_comes_along() {
    let tree = tree();
    let set = |path: &str, reference: &str| {
        document(path, CARD).replace("#/components/schemas/Card", reference)
    };
    tree.write("set/get.md", page(&set("/cards", "schemas/my card.json#/Card")));
    tree.write("set/schemas/my card.json", r#"{"Card": {"items": {"$ref": "../owner.json"}}}"#);
    tree.write("set/owner.json", r#"{"type": "string"}"#);
    tree.write("set/unused.json", "{}");
    tree.write("further/list.md", page(&set("/lists", "owner.json")));
    tree.write("further/owner.json", r#"{"type": "integer"}"#);

    let run = tree.run(&["add", "new-cards", "[tree]/set/get.md"]);
    assert_eq!(run.status, Status::Done, "{}", run.err);
    let pages = "openapi/new-cards/pages";
    for file in ["get.md", "schemas/my card.json", "owner.json"] {
        assert_eq!(tree.read(&format!("{pages}/{file}")), tree.read(&format!("set/{file}")));
    }
    assert!(!tree.path().join(pages).join("unused.json").exists());
    let contract = tree.read("crates/new-cards/openapi.json");
    assert!(contract.contains("\"$ref\": \"#/components/schemas/owner\""), "{contract}");
    let check = tree.run(&["generate", "new-cards", "--check"]);
    assert_eq!(check.status, Status::Done, "{}", check.err);

    // A file of that name is there, and says something else.
    let before = tree.files();
    let other = tree.run(&["add", "new-cards", "[tree]/further/list.md"]);
    assert_eq!(other.status, Status::Usage, "{}", other.err);
    assert!(other.err.contains("is there already, and says something else"), "{}", other.err);
    assert!(other.err.contains("openapi/new-cards/pages/owner.json"), "{}", other.err);
    assert_eq!(tree.files(), before);
    tree.write("further/owner.json", r#"{"type": "string"}"#);
    let same = tree.run(&["add", "new-cards", "[tree]/further/list.md"]);
    assert_eq!(same.status, Status::Done, "{}", same.err);

    // What is not there is told of the pages, and not of copies that nobody has made.
    tree.write("set/get.md", page(&set("/cards", "gone.json")));
    let told = tree.run(&["add", "more-cards", "[tree]/set/get.md"]);
    assert!(told.err.contains("the reference `gone.json` names no file"), "{}", told.err);
    assert!(told.err.contains("--> [tree]/set/get.md:"), "{}", told.err);
    assert!(!tree.path().join("openapi/more-cards").exists());
}
