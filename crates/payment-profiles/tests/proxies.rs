//! Proxies that the environment names: used unless the caller says otherwise, and never for plain
//! text.

#![cfg(any(feature = "rustls", feature = "native-tls"))]
#![allow(clippy::unwrap_used, reason = "a test's helpers fail the test")]

mod support;

use std::process::Command;

use payment_profiles::RetryPolicy;
use support::{Reply, Server, answer, builder, closed_address, update};

const CHILD: &str = "PAYMENT_PROFILES_TEST_CALLS";

/// The environment belongs to the whole process, so a second process makes the calls: this test
/// again, told so by a variable.
#[tokio::test]
async fn proxies_of_the_environment_are_used_unless_the_caller_says_otherwise() {
    if let Ok(call) = std::env::var(CHILD) {
        let (base_url, honoured) = call.split_once(' ').unwrap();
        let builder = builder(base_url).retry(RetryPolicy::never());
        let builder = match honoured {
            "true" => builder,
            _ => builder.environment_proxies(false),
        };
        let client = builder.build().unwrap();
        client.update(&update()).await.unwrap_err();
        return;
    }
    let refuses = answer("403 Forbidden", "text/plain", "");
    let closed = closed_address().await;
    let elsewhere = "https://payments.example";
    for (base_url, honoured, asked) in [
        // A proxy resolves the name itself; without one, this name is known to nobody.
        (elsewhere.to_owned(), true, Some("CONNECT payments.example:443 HTTP/1.1")),
        (elsewhere.to_owned(), false, None),
        // A proxy would take it off the machine.
        (format!("https://{closed}"), true, None),
        // In plain text the proxy would read the card data.
        (format!("http://{closed}"), true, None),
    ] {
        let proxy = Server::start(Reply::AnswerAndClose(refuses.clone())).await;
        let mut child = Command::new(std::env::current_exe().unwrap());
        child
            .args([
                "--exact",
                "proxies_of_the_environment_are_used_unless_the_caller_says_otherwise",
            ])
            .env(CHILD, format!("{base_url} {honoured}"))
            .env_remove("NO_PROXY")
            .env_remove("no_proxy");
        for name in
            ["HTTP_PROXY", "http_proxy", "HTTPS_PROXY", "https_proxy", "ALL_PROXY", "all_proxy"]
        {
            child.env(name, proxy.url());
        }
        let output = tokio::task::spawn_blocking(move || child.output().unwrap()).await.unwrap();
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stdout));
        let heads: Vec<_> = proxy.requests().into_iter().map(|request| request.head).collect();
        match asked {
            Some(asked) => assert!(heads.len() == 1 && heads[0].starts_with(asked), "{heads:?}"),
            None => assert_eq!(proxy.connections(), 0, "{base_url} {honoured}: {heads:?}"),
        }
    }
}
