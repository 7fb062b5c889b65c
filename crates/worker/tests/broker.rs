//! Three workers, a broker and the sandbox, of which one worker and the broker are killed: every customer is
//! enrolled once, and none is lost.
//!
//! The broker is a real one, Debian's `nats-server`. Where there is none, the test says so and shows nothing.

#![allow(clippy::unwrap_used, reason = "a test may panic")]
#![allow(clippy::print_stderr, reason = "a test that can't run says so")]

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::process::Stdio;
use std::time::Duration;

use async_nats::jetstream;
use futures_util::StreamExt;
use sandbox::{Fault, Sandbox};
use serde_json::Value;
use tempfile::TempDir;
use tokio::process::{Child, Command};
use tokio::time::timeout;

const CUSTOMERS: i64 = 150;

/// How long anything may take before the test has failed.
const PATIENCE: Duration = Duration::from_secs(120);

/// A broker, with its files in a folder that outlives it.
struct Server {
    process: Child,
    port: u16,
    files: TempDir,
}

impl Server {
    /// Starts on a free port; nothing where no broker is installed.
    async fn start() -> Option<Self> {
        let files = TempDir::new().unwrap();
        let process = launch(files.path(), -1)?;
        let port = timeout(PATIENCE, port(files.path())).await.unwrap();
        Some(Self { process, port, files })
    }

    fn url(&self) -> String {
        format!("nats://127.0.0.1:{}", self.port)
    }

    /// Kills it as a crash would, and starts it on what it left.
    async fn crash(&mut self) {
        self.process.kill().await.unwrap();
        self.process = launch(self.files.path(), self.port.into()).unwrap();
    }
}

fn launch(files: &Path, port: i32) -> Option<Child> {
    let started = Command::new("nats-server")
        .args(["--jetstream", "--addr", "127.0.0.1", "--port", &port.to_string()])
        .arg("--store_dir")
        .arg(files.join("store"))
        .arg("--ports_file_dir")
        .arg(files)
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .kill_on_drop(true)
        .spawn();
    started.ok()
}

/// The port, which the broker writes into a file once it listens.
async fn port(files: &Path) -> u16 {
    loop {
        let found = std::fs::read_dir(files).unwrap().find_map(|entry| {
            let path = entry.unwrap().path();
            let text =
                std::fs::read_to_string(&path).ok().filter(|_| path.extension().is_some())?;
            let ports: Value = serde_json::from_str(&text).ok()?;
            let (_, port) = ports["nats"][0].as_str()?.rsplit_once(':')?;
            port.parse().ok()
        });
        if let Some(port) = found {
            return port;
        }
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
}

/// A command of the worker, with the variables that lead to broker and sandbox.
fn worker(server: &Server, sandbox: &Sandbox, arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_worker"));
    command
        .args(arguments)
        .envs(sandbox.environment())
        .env("NO_PROXY", "127.0.0.1")
        .env("NATS_URL", server.url())
        .env("WORKER_IN_FLIGHT", "4")
        .env("WORKER_ACK_WAIT_MS", "1500")
        .stderr(Stdio::null())
        .kill_on_drop(true);
    command
}

async fn run(server: &Server, sandbox: &Sandbox, arguments: &[&str]) -> String {
    let output = worker(server, sandbox, arguments).output();
    let output = timeout(PATIENCE, output).await.unwrap().unwrap();
    assert!(output.status.success(), "{arguments:?}");
    String::from_utf8(output.stdout).unwrap()
}

/// Brings the sandbox's events to the broker, as an organization's bridge does: each until it is there,
/// and every third twice.
async fn bridge(mut events: sandbox::EventStream, jetstream: jetstream::Context) {
    let mut number = 0;
    while let Some(event) = events.next().await {
        let deliveries = if number % 3 == 0 { 2 } else { 1 };
        number += 1;
        for _ in 0..deliveries {
            let payload = event.as_bytes().to_vec();
            while async {
                let sent = jetstream.publish("events.click-to-pay", payload.clone().into()).await;
                sent.ok()?.await.ok()
            }
            .await
            .is_none()
            {
                tokio::time::sleep(Duration::from_millis(50)).await;
            }
        }
    }
}

/// The successes that the sandbox told of, by customer, with their correlation ids.
struct Enrolled(sandbox::EventStream, BTreeMap<i64, Vec<String>>);

impl Enrolled {
    async fn wait_for(&mut self, customers: usize) {
        while self.1.len() < customers {
            let event = timeout(PATIENCE, self.0.next()).await.unwrap().unwrap();
            let event: Value = serde_json::from_str(&event).unwrap();
            assert_eq!(event["data"]["status"], "SUCCESS");
            let customer = event["data"]["customer_id"].as_i64().unwrap();
            self.1.entry(customer).or_default().push(event["cid"].as_str().unwrap().to_owned());
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn every_customer_is_enrolled_once_although_a_worker_and_the_broker_are_killed() {
    let Some(mut server) = Server::start().await else {
        eprintln!("nats-server is not installed: nothing is shown of the workers");
        return;
    };
    let sandbox = Sandbox::start().await.unwrap();
    run(&server, &sandbox, &["setup"]).await;
    run(&server, &sandbox, &["submit", &CUSTOMERS.to_string()]).await;

    let options = async_nats::ConnectOptions::new().retry_on_initial_connect();
    let client = options.connect(server.url()).await.unwrap();
    let jetstream = jetstream::new(client.clone());
    // What is no request, and holds what must not come to light.
    let sent = jetstream.publish("enrolments.requests", r#"{"customer":"marker"}"#.into()).await;
    sent.unwrap().await.unwrap();
    let bridge = tokio::spawn(bridge(sandbox.events(), jetstream.clone()));

    // Answers that are lost, come late, or put off; a worker meets each sooner or later.
    sandbox.plan(Fault::Reset, Some("enroll_customer"), 5).unwrap();
    sandbox.plan(Fault::ServerError, Some("enroll_customer"), 5).unwrap();
    sandbox.plan(Fault::Delay(Duration::from_secs(3)), Some("enroll_customer"), 4).unwrap();

    let start = || worker(&server, &sandbox, &["enroll"]).spawn().unwrap();
    let mut workers = [start(), start(), start()];
    let mut matcher = worker(&server, &sandbox, &["match"]).spawn().unwrap();

    let mut enrolled = Enrolled(sandbox.events(), BTreeMap::new());
    enrolled.wait_for(20).await;
    workers[0].kill().await.unwrap();
    enrolled.wait_for(60).await;
    server.crash().await;

    let every = usize::try_from(CUSTOMERS).unwrap();
    enrolled.wait_for(every).await;
    let settled =
        format!("0 sent, 0 accepted, 0 enrolled before, 0 dead, {CUSTOMERS} enrolled, 0 failed");
    let report = async {
        loop {
            let report = run(&server, &sandbox, &["report"]).await;
            if report.trim_end() == settled {
                return;
            }
            tokio::time::sleep(Duration::from_millis(200)).await;
        }
    };
    timeout(PATIENCE, report).await.unwrap();

    assert!(enrolled.1.values().all(|ids| ids.len() == 1), "somebody is enrolled twice");
    let ids: BTreeSet<_> = enrolled.1.values().flatten().collect();
    assert_eq!(ids.len(), every, "each request has an id of its own");

    let dead = jetstream.get_stream("ENROLMENTS_DEAD").await.unwrap();
    let consumer = dead.create_consumer(jetstream::consumer::pull::Config::default()).await;
    let mut letters = consumer.unwrap().fetch().max_messages(10).messages().await.unwrap();
    let mut reasons = Vec::new();
    while let Some(letter) = letters.next().await {
        let letter = letter.unwrap();
        let text = String::from_utf8(letter.payload.to_vec()).unwrap();
        assert!(!text.contains("marker"), "{text}");
        let letter: Value = serde_json::from_str(&text).unwrap();
        reasons.push(letter["reason"].as_str().unwrap().to_owned());
    }
    assert_eq!(reasons, ["the message is no request, at column 20"]);

    bridge.abort();
    matcher.kill().await.unwrap();
    for worker in &mut workers[1..] {
        assert!(worker.try_wait().unwrap().is_none(), "a worker gave up");
        worker.kill().await.unwrap();
    }
}
