//! How a command ends that a person has enough of.

use std::future::pending;
use std::io;
use std::time::Duration;

use anyhow::{Context, Result};
use futures::FutureExt;
use peloton_api::Client;
use tokio::sync::{oneshot, watch};

use crate::output::Terminal;

/// At the end a renewal of the token that is under way may take this long: without its answer the
/// login would be lost.
const LAST_RENEWAL: Duration = Duration::from_secs(10);

/// Ctrl-C, or what a service manager sends; also what comes while nobody waits for it.
#[derive(Debug, Clone)]
pub(crate) struct Interruption {
    has_come: watch::Receiver<bool>,
}

impl Interruption {
    /// From now on neither ends the program by itself.
    pub(crate) fn listen() -> Result<Self> {
        let signal = signal().context("listen for Ctrl-C")?;
        let (sender, has_come) = watch::channel(false);
        tokio::spawn(async move {
            signal.await;
            sender.send_replace(true);
        });
        Ok(Self { has_come })
    }

    pub(crate) async fn comes(&self) {
        let mut has_come = self.has_come.clone();
        if has_come.wait_for(|has_come| *has_come).await.is_err() {
            pending().await
        }
    }

    /// Does what can't be stopped by itself; none where Ctrl-C comes first. The thread is nobody's then: one of
    /// the runtime would have to be waited for.
    pub(crate) async fn unless_it_comes<T: Send + 'static>(
        &self,
        work: impl FnOnce() -> Result<T> + Send + 'static,
    ) -> Result<Option<T>> {
        let (sender, done) = oneshot::channel();
        std::thread::spawn(move || sender.send(work()));
        tokio::select! {
            done = done => done.context("what was begun panicked")?.map(Some),
            () = self.comes() => Ok(None),
        }
    }
}

#[cfg(unix)]
fn signal() -> io::Result<impl Future<Output = ()>> {
    use tokio::signal::unix::{SignalKind, signal};
    let mut interrupt = signal(SignalKind::interrupt())?;
    let mut terminate = signal(SignalKind::terminate())?;
    Ok(async move {
        tokio::select! {
            _ = interrupt.recv() => {}
            _ = terminate.recv() => {}
        }
    })
}

#[cfg(not(unix))]
fn signal() -> io::Result<impl Future<Output = ()>> {
    let mut interrupt = tokio::signal::windows::ctrl_c()?;
    Ok(async move {
        interrupt.recv().await;
    })
}

/// The same for who waits once, from the beginning on.
pub(crate) async fn interrupted() {
    match Interruption::listen() {
        Ok(interruption) => interruption.comes().await,
        Err(error) => {
            tracing::warn!("{error:#}");
            pending().await
        }
    }
}

/// Asks Peloton for something; none where Ctrl-C comes first.
pub(crate) async fn unless_interrupted<T>(
    client: &Client,
    terminal: &Terminal,
    asking: impl Future<Output = T>,
) -> Option<T> {
    let answer = tokio::select! {
        biased;
        () = interrupted() => None,
        answer = asking => Some(answer),
    };
    finish_renewal(client, terminal).await;
    answer
}

/// Waits for a new token that is on its way, and says so.
pub(crate) async fn finish_renewal(client: &Client, terminal: &Terminal) {
    let mut renewal = std::pin::pin!(client.finish_renewal());
    if renewal.as_mut().now_or_never().is_some() {
        return;
    }
    terminal.say(&format!(
        "Waiting for the new token, {} s at most: without it the login would be lost.",
        LAST_RENEWAL.as_secs()
    ));
    if tokio::time::timeout(LAST_RENEWAL, renewal).await.is_err() {
        tracing::warn!("the renewal of the login takes too long; it may have been lost");
    }
}

#[cfg(all(test, unix))]
mod tests {
    use super::*;

    #[tokio::test(flavor = "multi_thread")]
    async fn ctrl_c_that_comes_while_nobody_waits_is_not_lost() {
        let interruption = Interruption::listen().unwrap();
        assert!(interruption.comes().now_or_never().is_none());
        let pressed = std::process::Command::new("kill")
            .args(["-INT", &std::process::id().to_string()])
            .status();
        assert!(pressed.unwrap().success());
        // It stays true for whoever waits next.
        interruption.comes().await;
        interruption.comes().await;
    }
}
