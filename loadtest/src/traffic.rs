//! What one pair does: an author sends, a reader reads, and both sides are checked. One task
//! drives both sockets, so that the driver costs little beside what it measures.

use core::future::poll_fn;
use core::pin::Pin;
use core::task::{Context, Poll};
use std::collections::VecDeque;
use std::time::Duration;

use hdrhistogram::Histogram;
use protocol::{ClientFrame, ConversationId, Intent, SendId, Seq, ServerFrame, Timestamp};
use tokio::time::{Instant, Sleep, sleep_until};

use crate::failure::{Failure, Outcome};
use crate::wire::Socket;

/// Most sends of one connection on their way; below the server's own bound.
const UNDER_WAY: usize = 60;
/// How long after the end the last answers may take.
const DRAIN: Duration = Duration::from_secs(20);
/// Length of a text in bytes.
const TEXT_BYTES: usize = 120;

/// A text of 120 bytes.
pub(crate) fn text() -> String {
    const WORDS: &str = "the tea is ready, come down before it is cold and bring the paper ";
    WORDS
        .chars()
        .cycle()
        .take(TEXT_BYTES - 1)
        .chain(['.'])
        .collect()
}

/// Two people in one conversation, both connected.
pub(crate) struct Pair {
    author: Socket,
    reader: Socket,
    send: ClientFrame,
    number: u32,
    /// Messages sent so far; numbers the next.
    sent: u64,
    /// The newest place both know.
    last: Seq,
}

/// When the author sends.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Load {
    /// So many always under way: the next is sent when one has arrived on both sides.
    Closed { under_way: usize },
    /// One each interval, whatever comes back. Latency counts from the intended time.
    Open { every: Duration },
}

/// When to load and when to measure.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Plan {
    pub(crate) load: Load,
    pub(crate) start: Instant,
    pub(crate) measure_from: Instant,
    pub(crate) until: Instant,
}

/// What one pair saw.
pub(crate) struct Tally {
    /// Messages that were acked and received within the measured time.
    pub(crate) completed: u64,
    /// From the intended send to the ack, in microseconds.
    pub(crate) ack: Histogram<u32>,
    /// From the intended send to the other side, in microseconds.
    pub(crate) delivery: Histogram<u32>,
}

impl Tally {
    pub(crate) fn new() -> Outcome<Self> {
        Ok(Self {
            completed: 0,
            ack: histogram()?,
            delivery: histogram()?,
        })
    }

    pub(crate) fn add(&mut self, other: &Self) -> Outcome<()> {
        self.completed += other.completed;
        self.ack.add(&other.ack)?;
        Ok(self.delivery.add(&other.delivery)?)
    }
}

/// A minute.
const LONGEST_MICROS: u64 = 60_000_000;

/// One microsecond to one minute, three digits.
pub(crate) fn histogram() -> Outcome<Histogram<u32>> {
    Ok(Histogram::new_with_bounds(1, LONGEST_MICROS, 3)?)
}

impl Pair {
    pub(crate) fn new(
        number: u32,
        conversation: ConversationId,
        author: Socket,
        reader: Socket,
    ) -> Self {
        Self {
            author,
            reader,
            send: ClientFrame::Send {
                send_id: SendId::from_bytes([0; 16]),
                conversation,
                intent: Intent::text(text()),
                after: Seq::ZERO,
                retry: false,
            },
            number,
            sent: 0,
            last: Seq::ZERO,
        }
    }

    /// The id of the pair's n-th message: unique over pairs, and tells n when it comes back.
    const fn id(&self, n: u64) -> SendId {
        let random = ((self.number as u128) << 48) | (n as u128);
        SendId::from_parts(Timestamp::from_millis(1), random)
    }

    /// Sends and receives as planned.
    pub(crate) async fn drive(self, plan: Plan) -> Outcome<(Self, Tally)> {
        let mut flight = Flight {
            base: self.sent,
            acked: 0,
            received: 0,
            intended: VecDeque::with_capacity(UNDER_WAY),
            unflushed: false,
            timer: Box::pin(sleep_until(plan.start)),
            tally: Tally::new()?,
            pair: self,
            plan,
        };
        poll_fn(|cx| flight.poll(cx)).await?;
        let mut pair = flight.pair;
        pair.last = Seq(pair.last.0 + flight.acked);
        Ok((pair, flight.tally))
    }

    pub(crate) async fn close(self) {
        self.author.close().await;
        self.reader.close().await;
    }
}

/// A pair under load.
struct Flight {
    pair: Pair,
    plan: Plan,
    /// Number of the first message of this plan.
    base: u64,
    /// Messages of this plan whose ack came.
    acked: u64,
    /// Messages of this plan that the other side has.
    received: u64,
    /// Intended send times of the messages that are not complete, oldest first.
    intended: VecDeque<Instant>,
    unflushed: bool,
    timer: Pin<Box<Sleep>>,
    tally: Tally,
}

impl Flight {
    fn poll(&mut self, cx: &mut Context<'_>) -> Poll<Outcome<()>> {
        loop {
            while let Poll::Ready(frame) = self.pair.author.poll_frame(cx) {
                self.on_author(&frame?)?;
            }
            while let Poll::Ready(frame) = self.pair.reader.poll_frame(cx) {
                self.on_reader(&frame?)?;
            }
            let now = Instant::now();
            let next = self.queue_due(now)?;
            if self.unflushed
                && let Poll::Ready(flushed) = self.pair.author.poll_flush(cx)
            {
                flushed?;
                self.unflushed = false;
            }
            if now >= self.plan.until && self.intended.is_empty() {
                return Poll::Ready(Ok(()));
            }
            if now >= self.plan.until + DRAIN {
                return Poll::Ready(Err(Failure::new(format!(
                    "pair {}: {} of {} messages never came back",
                    self.pair.number,
                    self.intended.len(),
                    self.sent(),
                ))));
            }
            self.timer.as_mut().reset(next);
            if self.timer.as_mut().poll(cx).is_pending() {
                return Poll::Pending;
            }
        }
    }

    /// Messages of this plan that were sent.
    const fn sent(&self) -> u64 {
        self.pair.sent - self.base
    }

    /// Queues what is due and says when to look again.
    fn queue_due(&mut self, now: Instant) -> Outcome<Instant> {
        let end = self.plan.until + DRAIN;
        let look_again = if now < self.plan.until {
            self.plan.until
        } else {
            end
        };
        match self.plan.load {
            Load::Closed { .. } if now >= self.plan.until => Ok(end),
            Load::Closed { .. } if now < self.plan.start => Ok(self.plan.start),
            Load::Closed { under_way } => {
                while self.intended.len() < under_way.min(UNDER_WAY) {
                    self.queue(now)?;
                }
                Ok(look_again)
            }
            // What was due before the end is sent also when the driver comes late: a
            // message that is left out because all was slow would hide that it was.
            Load::Open { every } => loop {
                let due = self.plan.start + every.mul_f64(self.sent() as f64);
                if due >= self.plan.until {
                    return Ok(look_again);
                }
                if due > now {
                    return Ok(due);
                }
                // The wire is full: it stays due, and waiting counts.
                if self.intended.len() >= UNDER_WAY {
                    return Ok(look_again);
                }
                self.queue(due)?;
            },
        }
    }

    fn queue(&mut self, intended: Instant) -> Outcome<()> {
        let id = self.pair.id(self.pair.sent);
        let known = Seq(self.pair.last.0 + self.acked);
        if let ClientFrame::Send { send_id, after, .. } = &mut self.pair.send {
            *send_id = id;
            *after = known;
        }
        self.pair.author.queue(&self.pair.send)?;
        self.pair.sent += 1;
        self.intended.push_back(intended);
        self.unflushed = true;
        Ok(())
    }

    fn on_author(&mut self, frame: &ServerFrame) -> Outcome<()> {
        match frame {
            ServerFrame::Ack { send_id, seq, .. } => {
                self.in_order(*send_id, *seq, self.acked)?;
                let at = self.at(self.acked)?;
                record(&mut self.tally.ack, at, &self.plan)?;
                self.acked += 1;
                self.complete();
                Ok(())
            }
            frame => ignore(frame),
        }
    }

    fn on_reader(&mut self, frame: &ServerFrame) -> Outcome<()> {
        match frame {
            ServerFrame::Event { message } => {
                self.in_order(message.send_id, message.seq, self.received)?;
                let at = self.at(self.received)?;
                record(&mut self.tally.delivery, at, &self.plan)?;
                self.received += 1;
                self.complete();
                Ok(())
            }
            frame => ignore(frame),
        }
    }

    /// The n-th answer of this plan must be to the n-th message, at the next place.
    fn in_order(&self, id: SendId, seq: Seq, n: u64) -> Outcome<()> {
        let expected = (self.pair.id(self.base + n), Seq(self.pair.last.0 + n + 1));
        if (id, seq) == expected {
            Ok(())
        } else {
            Err(Failure::new(format!(
                "pair {}: expected {} at {}, got {id} at {seq}",
                self.pair.number, expected.0, expected.1
            )))
        }
    }

    /// When the n-th message of this plan was meant to be sent.
    fn at(&self, n: u64) -> Outcome<Instant> {
        let complete = self.acked.min(self.received);
        usize::try_from(n - complete)
            .ok()
            .and_then(|index| self.intended.get(index))
            .copied()
            .ok_or_else(|| Failure::new(format!("pair {}: an answer too many", self.pair.number)))
    }

    /// Forgets messages that both sides have.
    fn complete(&mut self) {
        let done = self.acked.min(self.received);
        let now = Instant::now();
        while self.sent() - (self.intended.len() as u64) < done {
            self.intended.pop_front();
            if now >= self.plan.measure_from && now < self.plan.until {
                self.tally.completed += 1;
            }
        }
    }
}

/// Counts a latency if the message was due within the measured time.
fn record(histogram: &mut Histogram<u32>, intended: Instant, plan: &Plan) -> Outcome<()> {
    if intended >= plan.measure_from && intended < plan.until {
        histogram.record(micros(intended.elapsed()))?;
    }
    Ok(())
}

/// As a histogram takes it.
pub(crate) fn micros(passed: Duration) -> u64 {
    let micros = u64::try_from(passed.as_micros()).unwrap_or(u64::MAX);
    micros.clamp(1, LONGEST_MICROS)
}

/// Frames that say the load was not taken are failures, others do not concern the driver.
pub(crate) fn ignore(frame: &ServerFrame) -> Outcome<()> {
    match frame {
        ServerFrame::Reject { code, .. } | ServerFrame::Error { code } => {
            Err(Failure::new(format!("the server refused: {code:?}")))
        }
        ServerFrame::Resync => Err(Failure::new("the server's queue for the driver was full")),
        ServerFrame::Draining { .. } => Err(Failure::new("the server is about to stop")),
        _ => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use std::net::SocketAddr;
    use std::time::Duration;

    use protocol::{ConversationId, ServerFrame};
    use tokio::net::TcpListener;
    use tokio::time::Instant;

    use super::{Load, Pair, Plan, Tally, text};
    use crate::failure::Outcome;
    use crate::relay;
    use crate::wire::{Route, Socket};

    async fn relay() -> SocketAddr {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        tokio::spawn(relay::serve(listener));
        address
    }

    async fn socket(address: SocketAddr, pair: u32, side: usize) -> Socket {
        let route = Route {
            address,
            path: relay::path(pair, side),
            token: None,
        };
        Socket::open_and_resume(&route, Vec::new(), drop)
            .await
            .unwrap()
    }

    async fn pair(address: SocketAddr, number: u32) -> Pair {
        Pair::new(
            number,
            ConversationId::from_bytes([1; 16]),
            socket(address, number, 0).await,
            socket(address, number, 1).await,
        )
    }

    async fn drive(pair: Pair, load: Load) -> Outcome<(Pair, Tally)> {
        let start = Instant::now();
        let plan = Plan {
            load,
            start,
            measure_from: start,
            until: start + Duration::from_millis(300),
        };
        pair.drive(plan).await
    }

    #[test]
    fn the_text_has_the_length_of_the_workload() {
        let text = text();
        assert_eq!(text.len(), 120);
        assert!(protocol::MessageBody::parse(&text).is_ok_and(|body| body.as_str() == text));
    }

    #[tokio::test]
    async fn both_loads_run_one_after_the_other_and_every_message_is_counted() {
        let pair = pair(relay().await, 7).await;
        let (pair, closed) = drive(pair, Load::Closed { under_way: 8 }).await.unwrap();
        assert!(closed.completed > 8);
        assert!(closed.ack.len() >= closed.completed);
        let every = Duration::from_millis(10);
        let (pair, open) = drive(pair, Load::Open { every }).await.unwrap();
        assert_eq!(open.delivery.len(), 30);
        pair.close().await;
    }

    #[tokio::test]
    async fn a_place_that_is_left_out_is_noticed() {
        let address = relay().await;
        let mut pair = pair(address, 7).await;
        // Somebody else writes into the conversation: its places are no longer the pair's.
        pair.reader.send(&pair.send).await.unwrap();
        while !matches!(pair.reader.next().await.unwrap(), ServerFrame::Ack { .. }) {}
        let failed = drive(pair, Load::Closed { under_way: 1 }).await;
        assert!(failed.is_err());
    }
}
