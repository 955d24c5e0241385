//! How a reading ends that nobody waits for any more.

use std::sync::{Arc, OnceLock};
use std::time::Duration;

use duckdb::InterruptHandle;
use tokio::task::AbortHandle;

/// How often DuckDB is told that nobody waits for it.
const AGAIN: Duration = Duration::from_millis(10);

/// By which a task can be interrupted, as soon as it has a connection.
pub(crate) type Interrupt = Arc<OnceLock<Arc<InterruptHandle>>>;

/// Ends what a task reads in a thread of its own, if it is not done when this is dropped.
pub(crate) struct EndOnDrop {
    task: AbortHandle,
    interrupt: Interrupt,
}

impl EndOnDrop {
    pub(crate) fn new(task: AbortHandle, interrupt: Interrupt) -> Self {
        Self { task, interrupt }
    }
}

impl Drop for EndOnDrop {
    fn drop(&mut self) {
        self.task.abort();
        if self.task.is_finished() {
            return;
        }
        let (task, interrupt) = (self.task.clone(), Arc::clone(&self.interrupt));
        // Before its first statement and between two of them an interrupt is lost.
        std::thread::spawn(move || {
            while !task.is_finished() {
                if let Some(interrupt) = interrupt.get() {
                    interrupt.interrupt();
                }
                std::thread::sleep(AGAIN);
            }
        });
    }
}
