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
        Ok(Cost { wall: seconds(wall), cpu: seconds(cpu), peak: used.rusage.maxrss })
    }
}

/// Lets each of `contenders` run once uncounted and then `runs` times, in turns, and gives the median of
/// each.
pub(crate) fn in_turns(contenders: &[&Process], runs: usize) -> Result<Vec<Cost>, Box<dyn Error>> {
    let mut samples: Vec<Vec<Cost>> = vec![Vec::new(); contenders.len()];
    for turn in 0..=runs {
        for (contender, samples) in contenders.iter().zip(&mut samples) {
            let cost = contender.run()?;
            if turn > 0 {
                samples.push(cost);
            }
        }
    }
    Ok(samples.iter().map(|samples| median(samples)).collect())
}

fn median(samples: &[Cost]) -> Cost {
    fn middle<T: PartialOrd + Copy>(mut values: Vec<T>) -> T {
        values.sort_by(|a, b| a.partial_cmp(b).unwrap_or(std::cmp::Ordering::Equal));
        values[values.len() / 2]
    }
    Cost {
        wall: middle(samples.iter().map(|it| it.wall).collect()),
        cpu: middle(samples.iter().map(|it| it.cpu).collect()),
        peak: middle(samples.iter().map(|it| it.peak).collect()),
    }
}

/// Seconds, to the tenth of a millisecond: more digits than that are noise.
fn seconds(duration: Duration) -> f64 {
    (duration.as_secs_f64() * 10_000.0).round() / 10_000.0
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shell(script: &str, statuses: &'static [i32]) -> Process {
        Process::new("sh", ["-c", script], &std::env::temp_dir()).ending_with(statuses)
    }

    #[test]
    fn the_median_of_each_is_kept() {
        let cost = |wall, cpu, peak| Cost { wall, cpu, peak };
        let samples = [cost(3.0, 1.0, 20), cost(1.0, 3.0, 10), cost(2.0, 2.0, 30)];
        assert_eq!(median(&samples), cost(2.0, 2.0, 20));
    }

    #[test]
    fn contenders_take_turns_after_one_that_is_not_counted() {
        let folder = tempfile::tempdir().unwrap();
        let log = folder.path().join("log");
        let [a, b] =
            ["a", "b"].map(|name| shell(&format!("printf {name} >> {}", log.display()), &[0]));
        let costs = in_turns(&[&a, &b], 2).unwrap();
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
