//! A process and its children on one processor: where two talk to each other in turn, a message takes three
//! times as long between two processors, and where the system puts them changes from run to run.

/// What holds this thread, and the processes that it starts, on one processor until it is dropped.
///
/// Only on Linux; elsewhere, and where the system refuses it, everything runs where it would.
pub(crate) struct OnOne {
    #[cfg(target_os = "linux")]
    before: Option<rustix::thread::CpuSet>,
}

#[cfg(target_os = "linux")]
impl OnOne {
    /// On the first processor of those that this thread may run on.
    pub(crate) fn hold() -> Self {
        use rustix::thread::{CpuSet, sched_getaffinity, sched_setaffinity};

        let held = sched_getaffinity(None).ok().and_then(|before| {
            let first = (0..CpuSet::MAX_CPU).find(|at| before.is_set(*at))?;
            let mut one = CpuSet::new();
            one.set(first);
            sched_setaffinity(None, &one).is_ok().then_some(before)
        });
        Self { before: held }
    }
}

#[cfg(target_os = "linux")]
impl Drop for OnOne {
    fn drop(&mut self) {
        if let Some(before) = &self.before {
            // Nothing is lost but time where it is refused.
            let _ = rustix::thread::sched_setaffinity(None, before);
        }
    }
}

#[cfg(not(target_os = "linux"))]
impl OnOne {
    pub(crate) fn hold() -> Self {
        Self {}
    }
}

#[cfg(all(test, target_os = "linux"))]
mod tests {
    use super::*;

    #[test]
    fn a_thread_is_on_one_processor_until_it_is_let_go() {
        let processors = || rustix::thread::sched_getaffinity(None).unwrap().count();
        let before = processors();
        let held = OnOne::hold();
        assert_eq!(processors(), 1);
        drop(held);
        assert_eq!(processors(), before);
    }
}
