//! The files of a new API that are nobody's output: its manifest, its corrections, and the
//! hand-written side of its crate, after the model of `visa-click-to-pay`.

use std::{fmt, path::Path};

use pagebind_codegen::Setup;
use serde_json::Value;

use crate::{
    environment::{Environment, NewCrate},
    project::{
        cargo_manifest::CargoManifest,
        manifest::{self, PerPage, quoted},
        sources::Api,
    },
};

pub(crate) mod build_script;

/// The corrections file, with an example.
const OVERLAY: &str = include_str!("template/overlay.yaml");

/// What a new crate is called, and what it says of itself.
#[derive(Debug)]
pub(crate) struct Names {
    /// The name of the API, of its folders and its package.
    pub(crate) name: String,
    /// What the publisher calls it, as it can stand in any file.
    pub(crate) title: String,
    /// The command that generates it.
    command: String,
    /// Where it is served, as far as its pages say so.
    pub(crate) base_url: String,
    /// How its client is set up.
    setup: Setup,
}

impl Names {
    /// Takes from the first page what it says of the whole API.
    pub(crate) fn new(environment: &Environment, api: &Api, setup: Setup) -> Self {
        let page = api.sources.iter().find_map(|source| source.pages.first());
        let document = page.map_or(&Value::Null, |page| &page.document);
        Self { setup, ..Self::of(&environment.command, &api.name, document) }
    }

    fn of(command: &str, name: &str, document: &Value) -> Self {
        let text = |pointer| document.pointer(pointer).and_then(Value::as_str);
        let title = text("/info/title").map(plain).filter(|title| !title.is_empty());
        let base_url = text("/servers/0/url")
            // A relative one, or one with variables, is not to be called as it is.
            .filter(|url| url.starts_with("https://") && !url.contains(['{', '"', '\\']));
        Self {
            name: name.to_owned(),
            command: command.to_owned(),
            title: title.unwrap_or_else(|| name.to_owned()),
            base_url: base_url.unwrap_or("https://api.example.com").to_owned(),
            setup: Setup::default(),
        }
    }

    /// A file made from its template.
    fn fill(&self, template: &str) -> String {
        let crate_name = self.name.replace('-', "_");
        let base_url = format!("{:?}", self.base_url);
        // Each on a line of its own, in a doc comment or out of it.
        let setup = |before: &str| {
            let calls = self.setup.calls(&crate_name).into_iter();
            let lines = calls.flat_map(|call| call.lines().map(str::to_owned).collect::<Vec<_>>());
            lines.map(|line| format!("{before}        {line}\n")).collect::<String>()
        };
        let events = match self.setup.features().contains(&"events") {
            true => "pub use pagebind_client::{EventStream, ServerEvent};\n",
            false => "",
        };
        template
            .replace("{{name}}", &self.name)
            .replace("{{command}}", &self.command)
            .replace("//! {{setup}}\n", &setup("//! "))
            .replace("{{setup}}\n", &setup(""))
            .replace("{{crate}}", &crate_name)
            .replace("{{title}}", &self.title)
            .replace("{{{items}}}", &format!("{{{}}}", self.setup.items().join(", ")))
            .replace("{{events}}\n", events)
            .replace("{{base_url}}", &self.setup.server(&crate_name).unwrap_or(base_url))
    }

    /// The files of the crate, but for the two that `generate` writes.
    pub(crate) fn crate_files(
        &self,
        environment: &Environment,
        root: Option<&CargoManifest>,
    ) -> [(&'static str, String); 5] {
        [
            (".gitattributes", include_str!("template/crate.gitattributes").to_owned()),
            ("Cargo.toml", self.cargo_toml(environment, root)),
            ("build.rs", include_str!("template/build.rs").to_owned()),
            ("README.md", self.fill(include_str!("template/README.md"))),
            ("src/lib.rs", self.fill(include_str!("template/lib.rs"))),
        ]
    }

    /// The module of a package that holds the client, by what its build script generates.
    pub(crate) fn module(&self) -> String {
        self.fill(include_str!("template/module.rs"))
    }

    /// The corrections file, in which there is none yet, but for an example.
    pub(crate) fn overlay(&self) -> String {
        self.fill(OVERLAY)
    }

    /// What stands above the corrections in their file.
    pub(crate) fn overlay_head(&self) -> String {
        let head = OVERLAY.split_once("\n\n").map_or(OVERLAY, |(head, _)| head);
        self.fill(head) + "\n"
    }

    /// The manifest of the API.
    pub(crate) fn api_toml(&self, api: &Api, per_page: &[PerPage]) -> String {
        let overlays = if api.overlays.is_empty() {
            "# With the first correction in it:\n# overlays"
        } else {
            "overlays"
        };
        let mut text = format!(
            r#"# {}, from pages that each hold an OpenAPI document.
kind = "openapi"
{overlays} = ["overlay.yaml"]
# Header parameters that are set once on the client, rather than passed to each call.
client-headers = []
# Only types that requests hold have builders, since those of answers double the source and the time that it
# takes to compile; "all" if callers make answers. For `mock` answers have theirs, too, behind its feature.
builders = "sent"
"#,
            self.title
        );
        if !per_page.is_empty() {
            let names: Vec<String> = per_page.iter().map(|field| quoted(field.as_str())).collect();
            text += &format!("per-page = [{}]\n", names.join(", "));
        }
        if api.mock {
            text += "# The source has a server for the tests of its callers, behind the feature `mock`.\nmock = true\n";
        }
        if api.keep_going {
            text +=
                "# What can't be generated is left out, and told each time.\nkeep-going = true\n";
        }
        for source in &api.sources {
            let file = format!("pages/{}", file_name(&source.name));
            text += &manifest::entry(&file, &source.request, &source.published.sha256);
        }
        text
    }

    /// The manifest of a new crate, which inherits what there is to inherit.
    fn cargo_toml(&self, environment: &Environment, root: Option<&CargoManifest>) -> String {
        let NewCrate { edition, license, publish, .. } = &environment.new_crate;
        let hands_on = |key: &str| root.is_some_and(|root| root.hands_on(key));
        let field = |key: &str, own: Option<String>| {
            if hands_on(key) { Some(format!("{key}.workspace = true\n")) } else { own }
        };
        let fields: String = [
            field("version", Some("version = \"0.1.0\"\n".to_owned())),
            field("edition", {
                let edition = edition.as_deref().unwrap_or("2024");
                Some(format!("edition = {}\n", quoted(edition)))
            }),
            field("rust-version", None),
            field("license", license.as_ref().map(|it| format!("license = {}\n", quoted(it)))),
            field("publish", Some(format!("publish = {}\n", publish.unwrap_or(false)))),
        ]
        .into_iter()
        .flatten()
        .collect();
        let depend = |name: &str, own: &[(&str, &str)], more: &[(&str, &str)]| match root {
            Some(root) if root.hands_on_dependency(name) => table([("workspace", "true")], more),
            _ => dependency(environment, &[own, more].concat()),
        };
        let needed = self.setup.features();
        let features = format!("{needed:?}");
        let features = Vec::from_iter((!needed.is_empty()).then_some(("features", &*features)));
        // The mock server writes bodies, and bodies of XML are written by another feature.
        let bodies = Vec::from_iter(needed.contains(&"xml").then_some(("features", r#"["xml"]"#)));
        let optional = ("optional", "true");
        let client = depend("pagebind-client", &[("default-features", "false")], &features);
        let mock = depend("pagebind-mock", &[], &[&[optional], &*bodies].concat());
        let codegen = depend("pagebind-codegen", &[], &[optional]);
        let lints = root.is_some_and(CargoManifest::hands_on_lints);
        let lints = if lints { "\n[lints]\nworkspace = true\n" } else { "" };
        format!(
            r#"[package]
name = "{name}"
description = {description}
{fields}readme = "README.md"

[features]
default = ["generate", "rustls"]
# The client is generated from `openapi.json` when it is built; without it, the committed source is
# used, which is the same to the byte, and no generator is compiled.
generate = ["dep:pagebind-codegen"]
# How HTTPS is spoken; without either, the client reaches loopback only.
rustls = ["pagebind-client/rustls"]
native-tls = ["pagebind-client/native-tls"]
# A server with typed expectations, for the tests of whoever uses the client.
mock = ["dep:pagebind-mock"]

[dependencies]
pagebind-client = {client}
pagebind-mock = {mock}

[build-dependencies]
pagebind-codegen = {codegen}
{lints}"#,
            name = self.name,
            description = quoted(&format!("Typed client for {}", self.title)),
        )
    }
}

/// How a manifest depends on a crate of pagebind that it can't inherit.
pub(crate) fn dependency(environment: &Environment, more: &[(&str, &str)]) -> String {
    let version =
        toml::Table::from_iter([("version".to_owned(), env!("CARGO_PKG_VERSION").into())]);
    let from = environment.new_crate.pagebind.as_ref().unwrap_or(&version);
    table(from, more)
}

/// An inline table with these members.
fn table(
    first: impl IntoIterator<Item = (impl fmt::Display, impl fmt::Display)>,
    more: &[(&str, &str)],
) -> String {
    let first = first.into_iter().map(|(key, value)| format!("{key} = {value}"));
    let more = more.iter().map(|(key, value)| format!("{key} = {value}"));
    format!("{{ {} }}", first.chain(more).collect::<Vec<_>>().join(", "))
}

/// The last part of a path.
fn file_name(path: &str) -> String {
    let name = Path::new(path).file_name().unwrap_or_default();
    name.to_string_lossy().into_owned()
}

/// A title without what would mean something in YAML, TOML, Markdown or Rust's documentation.
fn plain(title: &str) -> String {
    let kept = |character: char| character.is_alphanumeric() || " .,-&()'/".contains(character);
    let text: String =
        title.chars().map(|character| if kept(character) { character } else { ' ' }).collect();
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_title_can_break_no_file() {
        let document = json!({ "info": { "title": "A \"B\"\n# [C] {{name}} <d> `e`: Ünï" } });
        let names = Names::of("cargo pagebind", "cards", &document);
        assert_eq!(names.title, "A B C name d e Ünï");
        assert_eq!(
            Names::of("cargo pagebind", "cards", &json!({ "info": { "title": "##" } })).title,
            "cards"
        );
    }

    #[test]
    fn the_base_url_is_the_published_one_where_it_can_be_called() {
        let base_url = |url| {
            Names::of("cargo pagebind", "a", &json!({ "servers": [{ "url": url }] })).base_url
        };
        assert_eq!(base_url("https://cards.example/v1"), "https://cards.example/v1");
        for url in ["/v1", "https://{region}.example", "http://cards.example"] {
            assert_eq!(base_url(url), "https://api.example.com");
        }
    }
}
