//! A stream that fails when the client does not read.

use std::{
    future::Future,
    io::{self, ErrorKind, IoSlice},
    pin::Pin,
    task::{Context, Poll},
    time::Duration,
};

use tokio::{
    io::{AsyncRead, AsyncWrite, ReadBuf},
    time::{Instant, Sleep, sleep},
};

/// A client who takes less than this within the time counts as one who does not read.
const LEAST: usize = 16 << 10;

/// Ends with an error where writing makes no progress for a time.
#[derive(Debug)]
pub(super) struct Patient<S> {
    stream: S,
    time: Duration,
    sleep: Pin<Box<Sleep>>,
    /// Bytes that the client has taken since it began to lag behind, while it does.
    taken: Option<usize>,
}

impl<S> Patient<S> {
    /// Gives the client so much time for each [`LEAST`] bytes.
    pub(super) fn new(stream: S, time: Duration) -> Self {
        Self {
            stream,
            time,
            sleep: Box::pin(sleep(time)),
            taken: None,
        }
    }

    /// Takes note of an attempt to write `whole` bytes.
    fn judge(
        &mut self,
        context: &mut Context<'_>,
        outcome: Poll<io::Result<usize>>,
        whole: usize,
    ) -> Poll<io::Result<usize>> {
        match outcome {
            Poll::Ready(Ok(written)) => {
                if written == whole {
                    self.taken = None;
                } else if let Some(taken) = &mut self.taken {
                    *taken += written;
                }
                Poll::Ready(Ok(written))
            }
            Poll::Ready(Err(error)) => Poll::Ready(Err(error)),
            Poll::Pending => {
                if self.taken.is_none_or(|taken| taken >= LEAST) {
                    self.sleep.as_mut().reset(Instant::now() + self.time);
                    self.taken = Some(0);
                }
                match self.sleep.as_mut().poll(context) {
                    Poll::Ready(()) => Poll::Ready(Err(ErrorKind::TimedOut.into())),
                    Poll::Pending => Poll::Pending,
                }
            }
        }
    }
}

impl<S: AsyncRead + Unpin> AsyncRead for Patient<S> {
    fn poll_read(
        self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        Pin::new(&mut self.get_mut().stream).poll_read(context, buffer)
    }
}

impl<S: AsyncWrite + Unpin> AsyncWrite for Patient<S> {
    fn poll_write(
        self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: &[u8],
    ) -> Poll<io::Result<usize>> {
        let this = self.get_mut();
        let outcome = Pin::new(&mut this.stream).poll_write(context, buffer);
        this.judge(context, outcome, buffer.len())
    }

    fn poll_write_vectored(
        self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffers: &[IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        let this = self.get_mut();
        let outcome = Pin::new(&mut this.stream).poll_write_vectored(context, buffers);
        let whole = buffers.iter().map(|buffer| buffer.len()).sum();
        this.judge(context, outcome, whole)
    }

    fn is_write_vectored(&self) -> bool {
        self.stream.is_write_vectored()
    }

    fn poll_flush(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.get_mut().stream).poll_flush(context)
    }

    fn poll_shutdown(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.get_mut().stream).poll_shutdown(context)
    }
}

#[cfg(test)]
mod tests {
    use tokio::io::{AsyncReadExt, AsyncWriteExt, duplex};

    use super::*;

    const TIME: Duration = Duration::from_millis(200);

    #[tokio::test]
    async fn a_client_who_does_not_read_is_given_up() {
        let (near, _far) = duplex(1024);
        let started = Instant::now();
        let error = Patient::new(near, TIME)
            .write_all(&[0; 4096])
            .await
            .unwrap_err();
        assert_eq!(error.kind(), ErrorKind::TimedOut);
        assert!(started.elapsed() >= TIME);
    }

    #[tokio::test]
    async fn a_client_who_reads_in_drips_is_given_up() {
        let (near, mut far) = duplex(1024);
        let drip = tokio::spawn(async move {
            let mut byte = [0; 1];
            while far.read(&mut byte).await.is_ok_and(|read| read > 0) {
                tokio::time::sleep(TIME / 10).await;
            }
        });
        let started = Instant::now();
        let error = Patient::new(near, TIME)
            .write_all(&vec![0; 64 << 10])
            .await
            .unwrap_err();
        assert_eq!(error.kind(), ErrorKind::TimedOut);
        assert!(started.elapsed() >= TIME);
        drip.abort();
    }

    #[tokio::test]
    async fn a_slow_client_is_waited_for() {
        let (near, mut far) = duplex(32 << 10);
        let slow = tokio::spawn(async move {
            let mut chunk = vec![0; 32 << 10];
            let mut whole = 0;
            loop {
                tokio::time::sleep(TIME / 4).await;
                match far.read(&mut chunk).await.unwrap() {
                    0 => return whole,
                    read => whole += read,
                }
            }
        });
        let mut patient = Patient::new(near, TIME);
        patient.write_all(&vec![0; 128 << 10]).await.unwrap();
        // It was idle for longer than the time, between two answers.
        tokio::time::sleep(TIME * 2).await;
        patient.write_all(&vec![0; 128 << 10]).await.unwrap();
        drop(patient);
        assert_eq!(slow.await.unwrap(), 256 << 10);
    }
}
