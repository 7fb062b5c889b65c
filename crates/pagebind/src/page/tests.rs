use serde_json::json;

use super::*;

const DOCUMENT: &str = r#"{
  "openapi": "3.1.0",
  "info": {"title": "Shelf", "version": "1", "description": "uses ``` and # OpenAPI definition { "},
  "paths": {}
}"#;

fn page(preamble: &str, definition: &str) -> String {
    format!("{preamble}\n# OpenAPI definition\n\n```json\n{definition}\n```\n")
}

fn collapsed(page: &str) -> String {
    page.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// What, where, and that there is a word on what to do.
fn report(text: &str) -> (String, String) {
    let problem = extract("page.md", text).unwrap_err();
    assert_eq!(problem.kind, crate::diagnostic::Kind::Unreadable);
    assert!(problem.help.is_some());
    (problem.message, problem.places[0].to_string())
}

#[test]
fn the_document_is_the_same_however_the_white_space_lies() {
    let expected: Value = serde_json::from_str(DOCUMENT).unwrap();
    let preamble = "[all pages](/llms.txt)\n---\nupdatedAt: 2026\n---\n# Add a book\nA sample:\n```json\n{\"a\": …}\n```";
    let lines = page(preamble, DOCUMENT);
    for text in [
        lines.clone(),
        lines.replace('\n', "\r\n"),
        lines.replace("definition\n\n```", "definition\n```"),
        collapsed(&lines),
        collapsed(&lines).replace("```json ", "```json"),
        format!("\u{feff}{}", page("", DOCUMENT).trim_start()),
        DOCUMENT.to_owned(),
        format!("\u{feff}{DOCUMENT}\n"),
    ] {
        let page = extract("page.md", &text).unwrap_or_else(|problem| panic!("{problem}\n{text}"));
        assert_eq!(page.document, expected);
    }
}

#[test]
fn a_bare_yaml_document_is_a_page_too() {
    let text = "# OpenAPI definition of {shelf}\ninfo:\n  title: Shelf\n'openapi': \"3.0.3\"\n";
    let page = extract("shelf.yaml", text).unwrap();
    assert_eq!(page.document, json!({"info": {"title": "Shelf"}, "openapi": "3.0.3"}));
    assert_eq!(page.position("/info/title").unwrap().to_string(), "3:10");
}

#[test]
fn the_last_definition_counts() {
    let older = page("# Shelf", &DOCUMENT.replace("Shelf", "Older"));
    let newest = extract("page.md", &page(&older, DOCUMENT)).unwrap();
    assert_eq!(newest.document["info"]["title"], "Shelf");
    let sample = page("# Shelf", "{ not JSON }");
    assert!(extract("page.md", &page(&sample, DOCUMENT)).is_ok());
    assert_eq!(
        report(&page(&page("", DOCUMENT), "{\"openapi\" 1}")),
        ("not valid JSON: expected `:`".to_owned(), "page.md:15:12".to_owned())
    );
}

#[test]
fn a_sample_in_prose_is_no_yaml_document() {
    let text = page("```yaml\nopenapi: 3.0.0\n```", DOCUMENT);
    assert_eq!(extract("page.md", &text).unwrap().document["openapi"], "3.1.0");
}

#[test]
fn any_fence_holds_a_document_wherever_it_stands() {
    let yaml = "openapi: 3.1.0\ninfo:\n  title: Shelf\n  description: |\n    ```\n    a\n    ```\n";
    let indented: String = yaml.lines().map(|line| format!("   {line}\n")).collect();
    let last = r#"{ "info": { "title": "Shelf", "x": { "a": 1 } }, "openapi": "3.1.0" }"#;
    for (text, at) in [
        (format!("# Shelf\n\n~~~yaml\n{yaml}~~~\n"), "6:10"),
        (format!("# Shelf\n\n1. It:\n\n   ```yaml\n{indented}   ```\n\n2. More.\n"), "8:13"),
        (format!("# Shelf\n\n```json\n{last}\n```\n"), "4:22"),
        (format!("# Shelf\n\n# OpenAPI definition\n\n```yaml\n{yaml}```\n"), "8:10"),
    ] {
        let page = extract("page.md", &text).unwrap();
        assert_eq!(page.position("/info/title").unwrap().to_string(), at, "{text}");
        assert_eq!(page.document["info"]["title"], "Shelf");
        let is_readme = text.contains("# OpenAPI definition");
        assert_eq!(page.form, if is_readme { Form::ReadMe } else { Form::Fenced });
    }
    for sample in ["{ \"a\": { \"openapi\": \"3.1.0\" } }", "a:\n  openapi: 3.1.0"] {
        let (message, _) = report(&format!("# Shelf\n\n```\n{sample}\n```\n"));
        assert_eq!(message, "no OpenAPI definition on the page");
    }
}

#[test]
fn an_html_page_holds_its_document_in_a_script() {
    let scripts = [
        "<script id=\"api-reference\" type=\"application/json\">\n{}\n</script>",
        "<script>\n const __redoc_state = {\"menu\":{\"a\":1},\"spec\":{\"data\":{}},\"searchIndex\":{}};\n</script>",
        "<script>\nSwaggerUIBundle({ spec: {}, dom_id: '#ui' })\n</script>",
    ];
    let document = DOCUMENT.replacen("{", "{ ", 1).replace(
        "\"paths\": {}",
        r#""paths": { "/a": { "description": "<\/script> { \"openapi\": \"" } }"#,
    );
    for script in scripts {
        let text = format!(
            "<!DOCTYPE html>\n<html><body>{}</body></html>\n",
            script.replacen("{}", &document, 1)
        );
        let page = extract("page.html", &text).unwrap();
        assert_eq!(page.form, Form::Html);
        assert!(page.position("/paths/~1a/description").is_some());
        assert_eq!(page.prose(), "");
        assert!(is_page(&text));
    }
    let cut = format!("<html><script>{}", &document[..document.len() - 4]);
    assert!(report(&cut).0.starts_with("the JSON text is cut short"));
}

#[test]
fn the_platform_s_noise_is_dropped_and_listed() {
    let noisy = DOCUMENT.replacen(
        '{',
        r#"{"_id": "1", "x-readme-fauxas": true, "x-shelf": {"_id": 1}, "x-readme": {}, "x-samples-languages": [], "x-explorer": 1,"#,
        1,
    );
    let page = extract("page.md", &page("", &noisy)).unwrap();
    let keys: Vec<_> = page.document.as_object().unwrap().keys().collect();
    assert_eq!(keys, ["x-shelf", "x-explorer", "openapi", "info", "paths"]);
    assert_eq!(page.document["x-shelf"], json!({"_id": 1}));
    assert_eq!(page.noise, ["/_id", "/x-readme-fauxas", "/x-readme", "/x-samples-languages"]);
}

#[test]
fn the_platform_s_noise_is_dropped_wherever_it_stands_and_nothing_else() {
    let text = r#"{"openapi": "3.1.0", "paths": {"/a": {"get": {
        "x-readme": {"code-samples": []}, "x-stoplight": {"id": "1"}, "x-readmission": 1,
        "parameters": [{"x-mint-a": 1, "example": {"x-readme": 1}}]
    }}}, "components": {"schemas": {"x-readme": {"properties": {"x-readme": {"x-readme-ref-name": "A"}}}}}}"#;
    let page = extract("page.json", text).unwrap();
    assert_eq!(
        page.noise,
        [
            "/paths/~1a/get/x-readme",
            "/paths/~1a/get/x-stoplight",
            "/paths/~1a/get/parameters/0/x-mint-a",
            "/components/schemas/x-readme/properties/x-readme/x-readme-ref-name",
        ]
    );
    let get = &page.document["paths"]["/a"]["get"];
    assert_eq!(*get, json!({"x-readmission": 1, "parameters": [{"example": {"x-readme": 1}}]}));
    let schemas = json!({"x-readme": {"properties": {"x-readme": {}}}});
    assert_eq!(page.document["components"]["schemas"], schemas);
}

#[test]
fn a_page_with_a_fenced_yaml_document_is_read() {
    let text = "> [all pages](/llms.txt)\n\n# List cards\n\n> What there is.\n\n```yaml\na: sample\n```\n\n\
        ## OpenAPI\n\n````yaml openapi.json get /cards\nopenapi: 3.0.3\ninfo:\n  title: Shelf\n  \
        description: |\n    ```\n    a\n    ```\npaths: {}\n````\n\nBuilt with a platform.\n";
    let page = extract("page.md", text).unwrap();
    assert_eq!(page.form, Form::Mintlify);
    assert_eq!(page.document["info"]["description"], "```\na\n```\n");
    assert_eq!(page.position("/info/title").unwrap().to_string(), "16:10");
    assert_eq!(page.prose(), "# List cards > What there is. ```yaml a: sample ``` ## OpenAPI");
    let report = extract("page.md", &text.replace("paths: {}\n````", "paths: {}\n"));
    let report = report.unwrap_err().to_string();
    assert!(report.starts_with("the page is cut short: its fenced block has no end"), "{report}");
    let (message, place) = report_of(&text.replace("paths: {}", "paths: ["));
    assert!(message.starts_with("not valid YAML"), "{message}");
    assert!(place.starts_with("page.md:2"), "{place}");
}

#[test]
fn a_page_of_apidog_is_read_without_what_the_platform_adds() {
    let text = "# List cards\n\n## OpenAPI Specification\n\n```yaml\nopenapi: 3.0.1\ninfo:\n  title: ''\n  \
        version: 1.0.0\npaths:\n  /cards:\n    get:\n      responses: {'200': {description: '', \
        x-apidog-name: OK}}\n      x-apidog-folder: Cards\n      x-run-in-apidog: https://app.example/1\n\
        components:\n  schemas:\n    Card:\n      type: object\n      x-apidog-orders: [id]\n\n```\n";
    let page = extract("page.md", text).unwrap();
    assert_eq!(page.form, Form::Apidog);
    let get = json!({"responses": {"200": {"description": ""}}});
    assert_eq!(page.document["paths"]["/cards"]["get"], get);
    assert_eq!(page.document["components"]["schemas"]["Card"], json!({"type": "object"}));
    assert_eq!(page.noise.len(), 4);
}

#[test]
fn a_page_that_shows_operations_of_another_document_names_it() {
    let files = "# Cards\n\n{% openapi src=\"../assets/cards.yaml\" path=\"/cards\" method=\"get\" %}\n\
        [cards.yaml](../assets/other.yaml)\n{% endopenapi %}\n";
    let links = "# Cards\n\n{% openapi-operation spec=\"cards\" path=\"/cards\" method=\"get\" %}\n\
        [OpenAPI cards](https://shelf.example/cards.yaml)\n{% endopenapi-operation %}\n";
    let matter = "---\ntitle: List\nopenapi: \"cards.yaml GET /cards\"\n---\n\nWords.\n";
    for (text, document, at) in [
        (files, "../assets/cards.yaml", "3:1"),
        (links, "https://shelf.example/cards.yaml", "3:1"),
        (matter, "cards.yaml GET /cards", "3:11"),
        ("<html>\n<redoc spec-url='/cards.json'></redoc>", "/cards.json", "2:8"),
        ("<elements-api\n apiDescriptionUrl=\"a.yaml\" router=\"hash\">", "a.yaml", "2:2"),
        ("<script id=\"api-reference\"\ndata-url=\"/a.json\"></script>", "/a.json", "2:1"),
        ("<script>\nSwaggerUIBundle({\n  url: \"/v3/api-docs\" })", "/v3/api-docs", "3:3"),
        ("<script>\nRedoc.init('a.yaml', {})", "a.yaml", "2:12"),
    ] {
        let (message, place) = report_of(text);
        let expected = format!("the page shows operations of a document elsewhere, `{document}`");
        assert_eq!((message, place), (expected, format!("page.md:{at}")));
        assert!(!is_page(text));
    }
}

fn report_of(text: &str) -> (String, String) {
    let problem = extract("page.md", text).unwrap_err();
    (problem.message.clone(), problem.places[0].to_string())
}

#[test]
fn a_page_may_hold_a_document_for_each_operation() {
    let block = |path: &str| {
        format!(
            "## GET {path}\n\n>\n\n```json\n{{\"openapi\":\"3.0.0\",\"info\":{{}},\"paths\":{{\"{path}\":{{}}}}}}\n```\n\n"
        )
    };
    let text = format!("# Cards\n\n```json\n{{\"id\": 1}}\n```\n\n{}{}", block("/a"), block("/b"));
    let pages = extract_all("cards.md", &text).unwrap();
    assert_eq!(pages.len(), 2);
    assert!(pages.iter().all(|page| page.form == Form::Fenced));
    assert_eq!(pages[1].document["paths"], json!({"/b": {}}));
    assert_eq!(pages[1].position("/paths/~1b").unwrap().to_string(), "20:44");
    assert_eq!(pages[0].prose(), "# Cards ```json {\"id\": 1} ``` ## GET /a >");
    assert!(pages[1].prose().ends_with("## GET /b >"));
    let report = extract("cards.md", &text).unwrap_err().to_string();
    assert!(report.starts_with("the page holds 2 documents\n  --> cards.md:12:1"), "{report}");
}

#[test]
fn merge_keys_are_a_warning_on_their_page() {
    let page = extract("a.yaml", "openapi: 3.0.0\nx-a: &a {b: 1}\nx-c:\n  <<: *a\n").unwrap();
    assert_eq!(page.document["x-c"], json!({"b": 1}));
    let warning = page.warnings[0].to_string();
    assert!(warning.contains("merge key `<<`"), "{warning}");
    assert!(warning.contains("--> a.yaml:4:3\n"), "{warning}");
}

#[test]
fn a_place_is_that_on_the_page() {
    let page = extract("page.md", &page("# Title", DOCUMENT)).unwrap();
    assert_eq!(page.place("/info/title").to_string(), "page.md:7:21 at /info/title");
    assert_eq!(page.place("/info/contact/name").to_string(), "page.md:7:11 at /info/contact/name");
    let bare = extract("page.md", &collapsed(DOCUMENT)).unwrap();
    assert_eq!(bare.position("/info").unwrap().to_string(), "1:31");
}

#[test]
fn a_page_without_a_definition_is_refused() {
    let login = "<html><script>go({ url: \"/login\" })</script></html>";
    let words = "# Title\nopenapi: 3.1 is what we write\n";
    for text in ["", "# Title\nprose {}\n", "## About the OpenAPI definition {}", login, words] {
        let (message, place) = report(text);
        assert_eq!(message, "no OpenAPI definition on the page");
        assert_eq!(place, "page.md");
    }
    let (message, place) = report("# Title\n# OpenAPI definition\n");
    assert_eq!(message, "nothing under the heading of the OpenAPI definition");
    assert_eq!(place, "page.md:2:1");
}

#[test]
fn a_truncated_page_is_refused_where_it_ends() {
    let whole = page("# Title", DOCUMENT);
    let end = whole.find("\"paths\"").unwrap();
    let (message, place) = report(&whole[..end]);
    assert!(message.starts_with("the JSON text is cut short"), "{message}");
    assert_eq!(place, "page.md:8:3");
    let (message, _) = report(&collapsed(&whole[..end]));
    assert!(message.starts_with("the JSON text is cut short"), "{message}");
}

#[test]
fn a_duplicate_key_is_refused_where_it_stands() {
    let twice = DOCUMENT.replace("\"paths\": {}", "\"paths\": {},\n  \"info\": {}");
    assert_eq!(
        report(&page("# Title", &twice)),
        ("duplicate key `info`".to_owned(), "page.md:9:3".to_owned())
    );
}

#[test]
fn more_after_the_definition_is_refused() {
    let text = page("# Title", DOCUMENT) + "more prose\n";
    assert_eq!(
        report(&text),
        (
            "the OpenAPI definition is followed by something else".to_owned(),
            "page.md:11:1".to_owned()
        )
    );
}

#[test]
fn an_unknown_version_is_refused_where_it_stands() {
    let version = |version: &str| page("", &DOCUMENT.replace("\"3.1.0\"", version));
    for known in ["\"3.0.0\"", "\"3.0.4\"", "\"3.1.2\""] {
        assert!(extract("page.md", &version(known)).is_ok(), "{known}");
    }
    for unknown in ["\"3.2.0\"", "\"2.0\"", "\"4.0.0\"", "3.2", "\"3.1.x\"", "\"\"", "3"] {
        let (message, place) = report(&version(unknown));
        assert!(message.contains("only 3.0.x and 3.1.x"), "{message}");
        assert_eq!(place, "page.md:6:14 at /openapi");
    }
    let (message, _) = report(&version("true"));
    assert_eq!(message, "the OpenAPI version is not a string");
    for short in [version("3.1"), version("\"3.1\""), "openapi: 3.1\ninfo: {}\n".to_owned()] {
        assert_eq!(extract("page.md", &short).unwrap().document["openapi"], "3.1.0");
    }
    let (message, place) = report("swagger: '2.0'\n");
    assert!(message.contains("Swagger 2.0"), "{message}");
    assert_eq!(place, "page.md:1:10 at /swagger");
    let (message, place) = report("{\"a\": 1}");
    assert!(message.contains("`openapi` is missing"), "{message}");
    assert_eq!(place, "page.md:1:1 at the root");
}

#[test]
fn a_text_that_was_let_go_of_is_had_again_by_those_who_ask_for_it() {
    let text = "# Title\n\nWords.\n\n```yaml\nopenapi: 3.1.0\ninfo: { title: A }\n```\n";
    let mut page = extract("a.md", text).unwrap();
    let (held, prose) = (page.position("/info/title"), page.prose());
    page.let_go_of_text(|| Some(text.to_owned()));
    assert_eq!((page.position("/info/title"), page.prose()), (held, prose));
    page.let_go_of_text(|| None);
    assert_eq!((page.position("/info/title"), page.prose()), (None, String::new()));
}

#[test]
fn words_without_quotes_are_texts() {
    let text = "openapi: 3.1.0\npaths:\n  /a:\n    get:\n      operationId: 404\n      summary: 1.50\n      tags: [2024]\n      \
        responses: {200: {description: 200}, 404: {description: true, x-a: {title: 1}}}\ncomponents: {schemas: {A: \
        {properties: {title: 1}, example: {title: 1}}}}\n";
    let page = extract("a.yaml", text).unwrap();
    let responses =
        json!({"200": {"description": "200"}, "404": {"description": "true", "x-a": {"title": 1}}});
    let get =
        json!({"operationId": "404", "summary": "1.50", "tags": ["2024"], "responses": responses});
    assert_eq!(page.document["paths"]["/a"]["get"], get);
    let data = json!({"properties": {"title": 1}, "example": {"title": 1}});
    assert_eq!(page.document["components"]["schemas"]["A"], data);
    assert!(page.warnings.is_empty());
}

#[test]
fn what_stands_in_the_url_of_a_server_is_a_text() {
    let text = "openapi: 3.1.0\nservers:\n  - url: https://a:{port}/{v}\n    variables:\n      port: {default: 443, enum: [443, 8443]}\n      \
        v: {default: 1.10}\npaths: {}\ncomponents: {schemas: {A: {properties: {variables: {properties: {a: {default: 1}}}}}}}\n";
    let page = extract("a.yaml", text).unwrap();
    let port = json!({"default": "443", "enum": ["443", "8443"]});
    let variables = json!({"port": port, "v": {"default": "1.10"}});
    assert_eq!(page.document["servers"][0]["variables"], variables);
    let property = &page.document["components"]["schemas"]["A"]["properties"]["variables"];
    assert_eq!(property["properties"]["a"]["default"], json!(1));
    assert!(page.warnings.is_empty());
}

#[test]
fn null_without_quotes_is_a_type_where_it_can_be_nothing_else() {
    let text = "openapi: 3.1.0\ninfo: {title: 2024, version: 1.10}\ncomponents:\n  schemas:\n    A:\n      \
        type: [string, null]\n    B: {anyOf: [{type: string}, {type: null}], example: {type: [null]}}\n    \
        C: {type: null, enum: [null]}\n    D: {anyOf: [{type: null, title: Open}], properties: {type: null}}\n";
    let page = extract("a.yaml", text).unwrap();
    assert_eq!(page.document["info"], json!({"title": "2024", "version": "1.10"}));
    let schemas = &page.document["components"]["schemas"];
    assert_eq!(schemas["A"], json!({"type": ["string", "null"]}));
    let branches = json!([{"type": "string"}, {"type": "null"}]);
    assert_eq!(schemas["B"], json!({"anyOf": branches, "example": {"type": [null]}}));
    assert_eq!(schemas["C"], json!({"type": null, "enum": [null]}));
    assert_eq!(schemas["D"]["anyOf"], json!([{"type": null, "title": "Open"}]));
    assert_eq!(schemas["D"]["properties"], json!({"type": null}));
    let places: Vec<_> = page.warnings.iter().map(|it| it.places[0].to_string()).collect();
    assert_eq!(
        places,
        [
            "a.yaml:6:22 at /components/schemas/A/type/1",
            "a.yaml:7:40 at /components/schemas/B/anyOf/1/type",
        ]
    );
}
