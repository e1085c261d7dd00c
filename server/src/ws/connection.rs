//! The actor that owns one socket: a single loop over what comes in, what goes out, and time.
//!
//! Nothing is locked and nobody waits for it: the product puts frames into a bounded queue and
//! marks a connection whose queue is full, the client's frames are taken one at a time and in
//! order. When a client sends too fast or asks for something that takes a while, the loop goes
//! on writing but does not read, so the client waits and nothing piles up.

mod ending;
mod request;

use std::future::{Future, poll_fn};
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};
use std::time::Duration;

use bytes::Bytes;
use chat::{Actor, Chat, ConnectionId, Outgoing};
use futures_util::StreamExt;
use protocol::{CloseCode, Codec, DecodeError, ErrorCode, ServerFrame};
use tokio::sync::mpsc;
use tokio::sync::mpsc::error::TryRecvError;
use tokio_tungstenite::tungstenite::{Error, Message, Utf8Bytes};

use self::ending::End;
use self::request::Answer;
use super::flood::{Bucket, Pace};
use super::transport::Transport;
use crate::clock::{Alarm, Clock, Moment, within};
use crate::config::Limits;
use crate::metrics::Counters;

/// What comes of a step: go on, or the end of the connection.
type Step = Result<(), End>;

/// The place of a connection in the product. Dropping it, in a panic too, takes it out.
pub(super) struct Registration {
    pub(super) chat: Arc<Chat>,
    pub(super) clock: Clock,
    pub(super) actor: Actor,
    pub(super) id: ConnectionId,
}

impl Drop for Registration {
    fn drop(&mut self) {
        self.chat.disconnect(self.id, self.clock.now());
    }
}

/// What the actor is given beside the socket.
pub(super) struct Terms<'a> {
    pub(super) registration: Registration,
    pub(super) outgoing: mpsc::Receiver<Outgoing>,
    pub(super) codec: Codec,
    pub(super) limits: &'a Limits,
    pub(super) counters: &'a Counters,
}

/// The actor.
pub(super) struct Connection<'a, S> {
    socket: S,
    me: Registration,
    outgoing: mpsc::Receiver<Outgoing>,
    codec: Codec,
    limits: &'a Limits,
    counters: &'a Counters,
    /// A request under way; nothing is read meanwhile.
    request: Option<Pin<Box<dyn Future<Output = Answer> + Send>>>,
    greeted: bool,
    bucket: Bucket,
    /// Reading goes on then.
    held_until: Option<Moment>,
    heard_at: Moment,
    pinged_at: Moment,
    alarm: Alarm,
}

impl<'a, S: Transport> Connection<'a, S> {
    pub(super) fn new(socket: S, terms: Terms<'a>) -> Self {
        let now = Moment::now();
        Self {
            socket,
            me: terms.registration,
            outgoing: terms.outgoing,
            codec: terms.codec,
            limits: terms.limits,
            counters: terms.counters,
            request: None,
            greeted: false,
            bucket: Bucket::full(now),
            held_until: None,
            heard_at: now,
            pinged_at: now,
            alarm: Alarm::at(now.plus(terms.limits.hello_timeout)),
        }
    }

    /// Runs until the connection ends, and ends it properly.
    pub(super) async fn run(&mut self) {
        let end = loop {
            if let Err(end) = self.step().await {
                break end;
            }
        };
        self.counters.socket_closed(end.code());
        tracing::debug!(connection = self.me.id.0, code = end.code(), "socket ended");
        // Boxed: it is used once, and would otherwise count in the size of every idle task.
        Box::pin(ending::close(&mut self.socket, end)).await;
    }

    async fn step(&mut self) -> Step {
        let reading = self.request.is_none() && self.held_until.is_none();
        tokio::select! {
            next = self.outgoing.recv() => self.write_all(next).await,
            answer = finished(&mut self.request), if self.request.is_some() => {
                self.request = None;
                self.give(answer).await
            }
            message = self.socket.next(), if reading => self.hear(message).await,
            () = self.alarm.ring() => self.wake().await,
        }
    }

    /// Writes what is ready in the queue, then flushes once.
    async fn write_all(&mut self, first: Option<Outgoing>) -> Step {
        let mut next = first;
        loop {
            match next {
                Some(Outgoing::Frame(bytes)) => self.feed(bytes).await?,
                Some(Outgoing::Close(code)) => return Err(End::of(code)),
                None => return Err(End::of(CloseCode::Restart)),
            }
            next = match self.outgoing.try_recv() {
                Ok(outgoing) => Some(outgoing),
                Err(TryRecvError::Disconnected) => None,
                Err(TryRecvError::Empty) => break,
            };
        }
        self.flush().await?;
        self.me.chat.drained(self.me.id);
        Ok(())
    }

    async fn give(&mut self, answer: Answer) -> Step {
        for frame in &answer.frames {
            self.send(frame).await?;
        }
        answer.end.map_or(Ok(()), Err)
    }

    /// Encodes and writes one frame.
    async fn send(&mut self, frame: &ServerFrame) -> Step {
        match self.codec.encode(frame) {
            Ok(bytes) => self.feed(Bytes::from(bytes)).await?,
            Err(error) => tracing::error!(%error, "frame not sent"),
        }
        self.flush().await
    }

    async fn feed(&mut self, bytes: Bytes) -> Step {
        let message = match self.codec {
            Codec::Binary => Message::Binary(bytes),
            Codec::Json => match Utf8Bytes::try_from(bytes) {
                Ok(text) => Message::Text(text),
                Err(_) => return Err(End::of(CloseCode::TryAgainLater)),
            },
        };
        let (socket, limit) = (&mut self.socket, self.limits.write_timeout);
        patiently(limit, |cx| Pin::new(&mut *socket).poll_ready(cx)).await?;
        Pin::new(socket).start_send(message).map_err(End::broken)
    }

    async fn flush(&mut self) -> Step {
        let (socket, limit) = (&mut self.socket, self.limits.write_timeout);
        patiently(limit, |cx| Pin::new(&mut *socket).poll_flush(cx)).await
    }

    /// Something came from the client, or it left.
    async fn hear(&mut self, message: Option<Result<Message, Error>>) -> Step {
        let message = match message {
            Some(Ok(message)) => message,
            Some(Err(error)) => return Err(End::broken(error)),
            None => return Err(End::Gone),
        };
        let now = Moment::now();
        self.heard_at = now;
        let pace = if self.limits.rate_limits {
            self.bucket.take(message.len(), now)
        } else {
            Pace::Go
        };
        match pace {
            Pace::Go => {}
            Pace::Wait(pause) => {
                self.counters.frames_delayed.add_one();
                let until = now.plus(pause);
                self.held_until = Some(until);
                self.alarm.set(until);
            }
            Pace::Cut => return Err(End::of(CloseCode::PolicyViolation)),
        }
        match (message, self.codec) {
            (Message::Text(text), Codec::Json) => self.frame(text.as_bytes()).await,
            (Message::Binary(bytes), Codec::Binary) => self.frame(&bytes).await,
            (Message::Text(_) | Message::Binary(_) | Message::Frame(_), _) => {
                Err(End::of(CloseCode::UnsupportedData))
            }
            // The library answers these.
            (Message::Ping(_), _) => self.flush().await,
            (Message::Pong(_), _) => Ok(()),
            (Message::Close(_), _) => Err(End::Left),
        }
    }

    async fn frame(&mut self, bytes: &[u8]) -> Step {
        match self.codec.decode(bytes) {
            Ok(frame) => {
                if let Some(answer) = self.take(frame) {
                    return self.give(answer).await;
                }
                Ok(())
            }
            Err(error) => {
                tracing::debug!(connection = self.me.id.0, "frame refused");
                let (code, close) = match error {
                    DecodeError::TooLarge(_) => (ErrorCode::TooLarge, CloseCode::TooBig),
                    DecodeError::Malformed(_) => (ErrorCode::Malformed, CloseCode::ProtocolError),
                };
                self.send(&ServerFrame::Error { code }).await?;
                Err(End::of(close))
            }
        }
    }

    /// The alarm rang: does what is due and sets it anew. It is not moved for every frame,
    /// which would cost more than finding now and then that nothing is due yet.
    async fn wake(&mut self) -> Step {
        let now = Moment::now();
        // Until it is greeted, no ping is sent: this is when it was opened.
        if !self.greeted && now.since(self.pinged_at) >= self.limits.hello_timeout {
            return Err(End::of(CloseCode::Timeout));
        }
        if self.held_until.is_some_and(|until| until <= now) {
            self.held_until = None;
        }
        if self.held_until.is_some() || self.request.is_some() {
            // Nothing is read: the silence is our doing.
            self.heard_at = now;
        }
        if now.since(self.heard_at) >= self.limits.idle_timeout {
            return Err(End::of(CloseCode::Timeout));
        }
        if self.greeted && now.since(self.pinged_at) >= self.limits.heartbeat {
            self.pinged_at = now;
            let (socket, limit) = (&mut self.socket, self.limits.write_timeout);
            patiently(limit, |cx| Pin::new(&mut *socket).poll_ready(cx)).await?;
            Pin::new(socket)
                .start_send(Message::Ping(Bytes::new()))
                .map_err(End::broken)?;
            self.flush().await?;
        }
        self.alarm.set(self.next_alarm());
        Ok(())
    }

    fn next_alarm(&self) -> Moment {
        if !self.greeted {
            return self.pinged_at.plus(self.limits.hello_timeout);
        }
        let ping = self.pinged_at.plus(self.limits.heartbeat);
        let idle = self.heard_at.plus(self.limits.idle_timeout);
        let due = ping.min(idle);
        self.held_until.map_or(due, |until| due.min(until))
    }
}

/// Waits for a request under way; for ever if there is none.
async fn finished(request: &mut Option<Pin<Box<dyn Future<Output = Answer> + Send>>>) -> Answer {
    match request {
        Some(request) => request.await,
        None => std::future::pending().await,
    }
}

/// Polls a write until it is through, for at most `limit`.
async fn patiently(
    limit: Duration,
    mut attempt: impl FnMut(&mut Context<'_>) -> Poll<Result<(), Error>>,
) -> Step {
    // Nearly every write succeeds at once, and setting a timer costs more than the write.
    let mut first = None;
    poll_fn(|cx| {
        first = Some(attempt(cx));
        Poll::Ready(())
    })
    .await;
    if let Some(Poll::Ready(outcome)) = first {
        return outcome.map_err(End::broken);
    }
    match Box::pin(within(limit, poll_fn(attempt))).await {
        Ok(outcome) => outcome.map_err(End::broken),
        Err(_) => Err(End::Stuck),
    }
}

#[cfg(test)]
mod tests;
