//! Messages on their way from one author to all members.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use protocol::{ClientFrame, ConversationId, Intent, SendId, Seq, ServerFrame, Timestamp};
use tokio::sync::Semaphore;
use tokio::time::{Instant, sleep_until, timeout_at};

use crate::failure::{During, Failure, Outcome};
use crate::traffic::{ignore, text};
use crate::wire::Socket;

/// One message in this time where latency is measured.
const EVERY: Duration = Duration::from_millis(200);
/// Messages of the author on their way where the rate is measured. The next is sent when one
/// has come to the last member, so that no queue of the server overflows.
const UNDER_WAY: usize = 8;
/// How long after the end the last messages may take.
const DRAIN: Duration = Duration::from_secs(20);

/// When the author writes.
#[derive(Debug, Clone, Copy)]
pub(super) enum Load {
    Open,
    Closed,
}

/// A message on its way: when it was meant to be sent, and who has it.
pub(super) struct Flying {
    pub(super) intended: Instant,
    pub(super) readers: usize,
    pub(super) first: Instant,
    pub(super) last: Instant,
}

/// What all members of a group see.
pub(super) struct Watch {
    pub(super) readers: usize,
    pub(super) messages: Mutex<Vec<Flying>>,
    /// One for each message that has come to everybody, and some to begin with.
    arrived: Semaphore,
}

impl Watch {
    pub(super) fn of(readers: usize) -> Self {
        Self {
            readers,
            messages: Mutex::default(),
            arrived: Semaphore::new(UNDER_WAY),
        }
    }

    fn begun(&self, intended: Instant) {
        let mut messages = self.messages.lock().unwrap_or_else(PoisonError::into_inner);
        messages.push(Flying {
            intended,
            readers: 0,
            first: intended,
            last: intended,
        });
    }

    fn came(&self, number: usize, at: Instant) -> Outcome<()> {
        let mut messages = self.messages.lock().unwrap_or_else(PoisonError::into_inner);
        let message = messages
            .get_mut(number)
            .ok_or_else(|| Failure::new("a message that was not sent"))?;
        if message.readers == 0 {
            message.first = at;
        }
        message.readers += 1;
        if message.readers == self.readers {
            message.last = at;
            self.arrived.add_permits(1);
        }
        Ok(())
    }
}

/// The n-th message of a load. The moment keeps it apart from those of other loads.
const fn id(moment: Timestamp, n: usize) -> SendId {
    SendId::from_parts(moment, n as u128)
}

/// What a member sends who knows what came before this place.
pub(super) const fn send(
    conversation: ConversationId,
    send_id: SendId,
    intent: Intent,
    after: Seq,
) -> ClientFrame {
    ClientFrame::Send {
        send_id,
        conversation,
        intent,
        after,
        retry: false,
    }
}

/// A member who checks that every message comes once and in order.
pub(super) async fn read(mut socket: Socket, moment: Timestamp, watch: Arc<Watch>) -> Outcome<()> {
    let mut number = 0;
    let mut place = None;
    loop {
        match socket.next().await? {
            ServerFrame::Event { message } => {
                let is_next = place.is_none_or(|place: Seq| message.seq == place.next());
                if message.send_id != id(moment, number) || !is_next {
                    return Err(Failure::new(format!(
                        "message {number} was to come, {} came at {}",
                        message.send_id, message.seq
                    )));
                }
                place = Some(message.seq);
                watch.came(number, Instant::now())?;
                number += 1;
            }
            frame => ignore(&frame)?,
        }
    }
}

/// Writes until the end, and waits until everybody has everything.
pub(super) async fn write(
    mut socket: Socket,
    (group, known): (ConversationId, Seq),
    moment: Timestamp,
    load: Load,
    until: Instant,
    watch: Arc<Watch>,
) -> Outcome<Socket> {
    let begin = Instant::now();
    let (mut sent, mut known) = (0, known);
    loop {
        let due = async {
            match load {
                Load::Open => {
                    let due = begin + EVERY * u32::try_from(sent).unwrap_or(u32::MAX);
                    sleep_until(due).await;
                    Ok(due)
                }
                Load::Closed => {
                    watch.arrived.acquire().await?.forget();
                    Ok::<_, Failure>(Instant::now())
                }
            }
        };
        tokio::select! {
            () = sleep_until(until) => break,
            frame = socket.next() => match frame? {
                ServerFrame::Ack { seq, .. } => known = known.max(seq),
                frame => ignore(&frame)?,
            },
            due = due => {
                watch.begun(due?);
                let frame = send(group, id(moment, sent), Intent::text(text()), known);
                socket.send(&frame).await?;
                sent += 1;
            }
        }
    }
    let left = match load {
        Load::Open => sent + UNDER_WAY,
        Load::Closed => UNDER_WAY,
    };
    let all = watch.arrived.acquire_many(u32::try_from(left)?);
    let came = timeout_at(until + DRAIN, async {
        tokio::pin!(all);
        loop {
            tokio::select! {
                all = &mut all => {
                    all?.forget();
                    return Ok::<_, Failure>(());
                }
                frame = socket.next() => ignore(&frame?)?,
            }
        }
    });
    came.await.during("waiting for the last messages")??;
    Ok(socket)
}

#[cfg(test)]
mod tests {
    use tokio::net::TcpListener;
    use tokio::task::JoinSet;

    use super::*;
    use crate::relay;
    use crate::wire::Route;

    #[test]
    fn a_message_has_arrived_when_the_last_member_has_it() {
        let watch = Watch::of(2);
        let now = Instant::now();
        let [first, last] = [3, 8].map(|ms| now + Duration::from_millis(ms));
        watch.begun(now);
        watch.came(0, first).unwrap();
        assert_eq!(watch.arrived.available_permits(), UNDER_WAY);
        watch.came(0, last).unwrap();
        assert_eq!(watch.arrived.available_permits(), UNDER_WAY + 1);
        assert!(watch.came(1, last).is_err());
        let messages = watch.messages.lock().unwrap();
        let [message] = &messages[..] else {
            panic!("{} messages", messages.len());
        };
        assert_eq!((message.first, message.last), (first, last));
    }

    #[tokio::test]
    async fn both_loads_reach_everybody_of_a_room() {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        tokio::spawn(relay::serve(listener));
        let group = ConversationId::from_bytes([1; 16]);
        for (room, load) in [(1, Load::Closed), (2, Load::Open)] {
            let route = |side| Route {
                address,
                path: relay::path(room, side),
                token: None,
            };
            let mut sockets = Vec::new();
            for side in 0..4 {
                let route = route(side);
                let socket = Socket::open_and_resume(&route, Vec::new(), drop);
                sockets.push(socket.await.unwrap());
            }
            let author = sockets.swap_remove(0);
            let watch = Arc::new(Watch::of(3));
            let moment = Timestamp::from_millis(9);
            let mut readers = JoinSet::new();
            for socket in sockets {
                readers.spawn(read(socket, moment, Arc::clone(&watch)));
            }
            let until = Instant::now() + Duration::from_millis(300);
            write(
                author,
                (group, Seq::ZERO),
                moment,
                load,
                until,
                Arc::clone(&watch),
            )
            .await
            .unwrap();
            let messages = watch.messages.lock().unwrap();
            assert!(messages.len() > 1);
            assert!(messages.iter().all(|message| message.readers == 3));
        }
    }
}
