//! Room for recursion.
//!
//! A document may nest 512 levels deep, and walking down a level costs several calls. Where those
//! are large, they get a stack of their own, so that neither the platform nor the thread of a caller
//! decides how deep a document may be.

use std::{cell::Cell, panic, sync::Mutex, thread};

/// Virtual memory; what is never touched costs nothing.
const BYTES: usize = 256 << 20;

thread_local! {
    /// Whether this thread was made here.
    static ROOMY: Cell<bool> = const { Cell::new(false) };
}

/// Runs `work` on a stack of 256 MiB, and gives what it gives; on the caller's own, if that has the
/// room already, or if the system has no thread to spare.
///
/// # Panics
/// If `work` does.
pub fn roomy<T: Send>(work: impl FnOnce() -> T + Send) -> T {
    if ROOMY.get() {
        return work();
    }
    // Stays here until it is run: a thread that can't be started takes nothing with it.
    let work = Mutex::new(Some(work));
    let run = || {
        let work = work.lock().ok().and_then(|mut work| work.take());
        work.map(|work| work())
    };
    let done = thread::scope(|scope| {
        let builder = thread::Builder::new().name("pagebind".to_owned()).stack_size(BYTES);
        let started = builder.spawn_scoped(scope, || {
            ROOMY.set(true);
            run()
        });
        let done = started.ok()?.join();
        done.unwrap_or_else(|cause| panic::resume_unwind(cause))
    });
    done.or_else(run).expect("it runs once, on one of the two")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn depth(levels: usize) -> usize {
        let frame = std::hint::black_box([levels; 512]);
        if levels == 0 { 0 } else { 1 + depth(frame[0] - 1) }
    }

    #[test]
    fn what_overflows_the_stack_of_a_test_has_room() {
        assert_eq!(roomy(|| roomy(|| depth(20_000))), 20_000);
    }
}
