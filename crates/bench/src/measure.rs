//! One process from its start to its exit: the time, what it took of the processors, and its memory.

use std::{
    error::Error,
    ffi::{OsStr, OsString},
    path::{Path, PathBuf},
    process::{Command, Stdio},
    time::{Duration, Instant},
};

use serde::{Deserialize, Serialize};
use wait4::Wait4;

use crate::processors::OnOne;

/// What is run, and how its exit is judged.
#[derive(Debug, Clone)]
pub(crate) struct Process {
    pub(crate) program: OsString,
    pub(crate) arguments: Vec<OsString>,
    pub(crate) folder: PathBuf,
    /// What of its environment is other than ours.
    pub(crate) variables: Vec<(&'static str, OsString)>,
    /// What is removed before each run, so that nothing is found done.
    pub(crate) removed: Vec<PathBuf>,
    /// The exit statuses of a run that did its work; finding differences is one.
    pub(crate) statuses: &'static [i32],
    /// Whether it and its children share one processor.
    pub(crate) on_one_processor: bool,
}

/// What a process cost; of several, the median of each.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub(crate) struct Cost {
    /// From start to exit, in seconds.
    pub(crate) wall: f64,
    /// On all processors, in user and system mode, in seconds.
    pub(crate) cpu: f64,
    /// The most memory that it held at once, in bytes.
    pub(crate) peak: u64,
}

impl Process {
    /// A program with its arguments in a folder, which ends with 0.
    pub(crate) fn new(
        program: impl Into<OsString>,
        arguments: impl IntoIterator<Item: AsRef<OsStr>>,
        folder: &Path,
    ) -> Self {
        Self {
            program: program.into(),
            arguments: arguments.into_iter().map(|it| it.as_ref().to_owned()).collect(),
            folder: folder.to_owned(),
            variables: Vec::new(),
            removed: Vec::new(),
            statuses: &[0],
            on_one_processor: false,
        }
    }

    /// The same, with a variable in its environment.
    pub(crate) fn with(mut self, name: &'static str, value: &Path) -> Self {
        self.variables.push((name, value.into()));
        self
    }

    /// The same, which did its work if it ends with one of these.
    pub(crate) fn ending_with(self, statuses: &'static [i32]) -> Self {
        Self { statuses, ..self }
    }

    /// The same, before which these are removed.
    pub(crate) fn after_removing(self, removed: Vec<PathBuf>) -> Self {
        Self { removed, ..self }
    }

    /// The same, with its children on one processor.
    pub(crate) fn on_one_processor(self) -> Self {
        Self { on_one_processor: true, ..self }
    }

    /// Runs it once.
    pub(crate) fn run(&self) -> Result<Cost, Box<dyn Error>> {
        for path in &self.removed {
            let removed = match path.is_dir() {
                true => std::fs::remove_dir_all(path),
                false => std::fs::remove_file(path),
            };
            removed.or_else(|error| match error.kind() {
                std::io::ErrorKind::NotFound => Ok(()),
                _ => Err(error),
            })?;
        }
        let _held = self.on_one_processor.then(OnOne::hold);
        let begun = Instant::now();
        let mut child = Command::new(&self.program)
            .args(&self.arguments)
            .current_dir(&self.folder)
            .envs(self.variables.iter().map(|(name, value)| (name, value)))
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .map_err(|error| format!("{} can't be run: {error}", self.program.display()))?;
        let used = child.wait4()?;
        let wall = begun.elapsed();
        if !used.status.code().is_some_and(|code| self.statuses.contains(&code)) {
            let shown = [&self.program].into_iter().chain(&self.arguments);
            let shown: Vec<_> = shown.map(|part| part.to_string_lossy()).collect();
            return Err(format!("`{}` failed: {}", shown.join(" "), used.status).into());
        }
        let cpu = used.rusage.utime + used.rusage.stime;
        let seconds = |it: Duration| rounded(it.as_secs_f64());
        Ok(Cost { wall: seconds(wall), cpu: seconds(cpu), peak: used.rusage.maxrss })
    }
}

/// What one contender's runs cost, in the order of the turns.
#[derive(Debug)]
pub(crate) struct Runs(Vec<Cost>);

/// How many times as much one takes as another does.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub(crate) struct Ratio {
    pub(crate) wall: f64,
    pub(crate) cpu: f64,
    pub(crate) peak: f64,
}

/// Lets each of `contenders` run once uncounted and then `runs` times, in turns.
pub(crate) fn in_turns(contenders: &[&Process], runs: usize) -> Result<Vec<Runs>, Box<dyn Error>> {
    let mut costs: Vec<_> = contenders.iter().map(|_| Runs(Vec::new())).collect();
    for turn in 0..=runs {
        for (contender, Runs(costs)) in contenders.iter().zip(&mut costs) {
            let cost = contender.run()?;
            if turn > 0 {
                costs.push(cost);
            }
        }
    }
    Ok(costs)
}

impl Runs {
    /// The median of each.
    pub(crate) fn median(&self) -> Cost {
        let of = |part: fn(&Cost) -> f64| middle(self.0.iter().map(part).collect());
        Cost {
            wall: of(|it| it.wall),
            cpu: of(|it| it.cpu),
            peak: middle(self.0.iter().map(|it| it.peak).collect()),
        }
    }

    /// Ours to the peer's, each turn by itself, and the median of the turns: a machine that is slower for
    /// a while is it for both.
    pub(crate) fn to(&self, peer: &Self) -> Ratio {
        let of = |part: fn(&Cost) -> f64| {
            let turns = self.0.iter().zip(&peer.0);
            rounded(middle(turns.map(|(ours, peer)| part(ours) / part(peer)).collect()))
        };
        #[expect(clippy::cast_precision_loss, reason = "of a ratio two digits are shown")]
        Ratio { wall: of(|it| it.wall), cpu: of(|it| it.cpu), peak: of(|it| it.peak as f64) }
    }
}

fn middle<T: PartialOrd + Copy>(mut values: Vec<T>) -> T {
    values.sort_by(|a, b| a.partial_cmp(b).unwrap_or(std::cmp::Ordering::Equal));
    values[values.len() / 2]
}

/// To the tenth of a thousandth: more digits than that are noise.
fn rounded(value: f64) -> f64 {
    (value * 10_000.0).round() / 10_000.0
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shell(script: &str, statuses: &'static [i32]) -> Process {
        Process::new("sh", ["-c", script], &std::env::temp_dir()).ending_with(statuses)
    }

    fn runs<const N: usize>(costs: [(f64, f64, u64); N]) -> Runs {
        Runs(costs.map(|(wall, cpu, peak)| Cost { wall, cpu, peak }).into())
    }

    #[test]
    fn the_median_of_each_is_kept() {
        let runs = runs([(3.0, 1.0, 20), (1.0, 3.0, 10), (2.0, 2.0, 30)]);
        assert_eq!(runs.median(), Cost { wall: 2.0, cpu: 2.0, peak: 20 });
    }

    #[test]
    fn a_ratio_is_that_of_turns_so_that_a_slow_while_counts_for_both() {
        let ours = runs([(1.1, 1.0, 10), (1.1, 1.0, 10), (9.9, 1.0, 10)]);
        let peer = runs([(1.0, 2.0, 20), (9.0, 2.0, 20), (9.0, 2.0, 20)]);
        let ratio = ours.to(&peer);
        assert!((ratio.wall - 1.1).abs() < 1e-9, "{ratio:?}");
        assert_eq!((ratio.cpu, ratio.peak), (0.5, 0.5));
    }

    #[test]
    fn contenders_take_turns_after_one_that_is_not_counted() {
        let folder = tempfile::tempdir().unwrap();
        let log = folder.path().join("log");
        let [a, b] =
            ["a", "b"].map(|name| shell(&format!("printf {name} >> {}", log.display()), &[0]));
        let costs = in_turns(&[&a, &b], 2).unwrap();
        let costs: Vec<_> = costs.iter().map(Runs::median).collect();
        assert_eq!(std::fs::read_to_string(log).unwrap(), "ababab");
        assert!(costs.iter().all(|cost| cost.wall > 0.0 && cost.peak > 0), "{costs:?}");
    }

    #[test]
    fn a_process_that_failed_is_no_figure() {
        assert!(shell("exit 1", &[0, 1]).run().is_ok());
        let problem = shell("exit 3", &[0, 1]).run().unwrap_err().to_string();
        assert!(problem.starts_with("`sh -c exit 3` failed"), "{problem}");
    }
}
