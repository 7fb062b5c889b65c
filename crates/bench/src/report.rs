//! The results: lines on the terminal, `bench/results.json`, and `bench/RESULTS.md` made of it.
//!
//! A run of some rows leaves the others as they were, each with the machine that it was measured on.

use std::{collections::BTreeMap, error::Error, fmt::Write as _, fs, path::Path};

use serde::{Deserialize, Serialize};

use crate::{
    measure::{Cost, Ratio},
    rows::{Measured, Row},
};

/// All rows that were ever measured, the last time for each.
#[derive(Debug, Default, Serialize, Deserialize)]
pub(crate) struct Results {
    rows: BTreeMap<String, Kept>,
}

/// A row as it is kept.
#[derive(Debug, Serialize, Deserialize)]
struct Kept {
    what: String,
    ours: Cost,
    peers: Vec<KeptPeer>,
    machine: String,
}

#[derive(Debug, Serialize, Deserialize)]
struct KeptPeer {
    name: String,
    version: String,
    #[serde(skip_serializing_if = "Option::is_none", default)]
    cost: Option<Cost>,
    /// Ours to it.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    ratio: Option<Ratio>,
    /// Why there is no cost.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    missing: Option<String>,
}

impl Results {
    pub(crate) fn read(folder: &Path) -> Result<Self, Box<dyn Error>> {
        match fs::read_to_string(folder.join("results.json")) {
            Ok(text) => Ok(serde_json::from_str(&text)?),
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(Self::default()),
            Err(error) => Err(error.into()),
        }
    }

    pub(crate) fn put(&mut self, row: &Row, measured: Measured, machine: &str) {
        let peers = measured.peers.into_iter().map(|(name, version, cost)| {
            let (cost, missing) = match cost {
                Ok(cost) => (Some(cost), None),
                Err(missing) => (None, Some(missing)),
            };
            let (cost, ratio) = cost.unzip();
            KeptPeer { name: name.to_owned(), version, cost, ratio, missing }
        });
        let kept = Kept {
            what: row.what.to_owned(),
            ours: measured.ours,
            peers: peers.collect(),
            machine: machine.to_owned(),
        };
        self.rows.insert(row.name.to_owned(), kept);
    }

    pub(crate) fn write(&self, folder: &Path) -> Result<(), Box<dyn Error>> {
        let mut json = serde_json::to_string_pretty(self)?;
        json.push('\n');
        fs::write(folder.join("results.json"), json)?;
        Ok(fs::write(folder.join("RESULTS.md"), self.markdown())?)
    }

    fn markdown(&self) -> String {
        let mut text = "# Results\n\nMade by `cargo xtask bench`; README.md beside it says how. Medians of whole processes that took turns:\nwall time, processor time, most memory. A ratio is ours to the peer's, the median of those of the turns.\n\n| row | what | ours | peer | ratio |\n|---|---|---|---|---|\n".to_owned();
        for (name, row) in &self.rows {
            let mut peers = row.peers.iter().map(|peer| match peer.cost {
                Some(cost) => {
                    let ratio = peer.ratio.map(ratio).unwrap_or_default();
                    (format!("{}: {}", told(peer), figures(cost)), ratio)
                }
                None => {
                    let why = peer.missing.as_deref().unwrap_or_default().replace('|', "\\|");
                    (format!("{}: {why}", told(peer)), String::new())
                }
            });
            let (peer, ratio) = peers.next().unwrap_or_default();
            let _ = writeln!(
                text,
                "| {name} | {} | {} | {peer} | {ratio} |",
                row.what,
                figures(row.ours)
            );
            for (peer, ratio) in peers {
                let _ = writeln!(text, "| | | | {peer} | {ratio} |");
            }
        }
        let mut machines: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
        for (name, row) in &self.rows {
            machines.entry(&row.machine).or_default().push(name);
        }
        text.push_str("\nMeasured on:\n");
        for (machine, rows) in machines {
            let _ = writeln!(text, "- {}: {machine}", rows.join(", "));
        }
        text
    }
}

/// A peer by its name and version; many say both when asked for the version.
fn told(peer: &KeptPeer) -> String {
    let version = peer.version.trim_start_matches(&peer.name).trim();
    format!("{} {version}", peer.name).trim_end().to_owned()
}

/// A measured row, for the terminal.
pub(crate) fn lines(row: &Row, measured: &Measured) -> String {
    let mut text = format!("{:<18} {:<24} {}", row.name, "ours", figures(measured.ours));
    for (name, version, cost) in &measured.peers {
        let _ = match cost {
            Ok((cost, beside)) => write!(
                text,
                "\n{:<18} {name:<24} {}, ratio {} ({version})",
                "",
                figures(*cost),
                ratio(*beside)
            ),
            Err(missing) => write!(text, "\n{:<18} {name:<24} {missing}", ""),
        };
    }
    text
}

pub(crate) fn figures(cost: Cost) -> String {
    let megabytes = (cost.peak + 500_000) / 1_000_000;
    format!("{}, CPU {}, {megabytes} MB", time(cost.wall), time(cost.cpu))
}

fn ratio(Ratio { wall, cpu, peak }: Ratio) -> String {
    format!("{wall:.2} wall, {cpu:.2} CPU, {peak:.2} memory")
}

fn time(seconds: f64) -> String {
    if seconds < 0.1 { format!("{:.0} ms", seconds * 1000.0) } else { format!("{seconds:.2} s") }
}
