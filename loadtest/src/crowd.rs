//! The people of a measurement: signed up through the real endpoint, a bounded number at a
//! time because hashing a password is slow on purpose, and brought into conversations.

use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use protocol::{ConversationId, ConversationSummary, SendId, Timestamp, UserId};
use serde::Deserialize;
use tokio::task::JoinSet;

use crate::failure::{During, Failure, Outcome};
use crate::http::Http;
use crate::wire::Route;

/// Requests under way at the same time.
const AT_ONCE: usize = 16;

/// Where the server takes what. The one place that knows.
mod endpoint {
    pub(super) const SIGN_UP: &str = "/api/sign_up";
    pub(super) const START: &str = "/api/start";
    pub(super) const OPEN_DIRECT: &str = "/api/open_direct";
    pub(super) const CREATE_GROUP: &str = "/api/create_group";
    pub(super) const SOCKET: &str = "/ws";
    pub(super) const ACCESS_COOKIE: &str = "bc_access";
}

/// Somebody who is signed in.
#[derive(Debug, Clone)]
pub(crate) struct Person {
    id: UserId,
    token: String,
}

impl Person {
    pub(crate) const fn id(&self) -> UserId {
        self.id
    }

    /// Where this person's sockets go.
    pub(crate) fn route(&self, address: SocketAddr) -> Route {
        Route {
            address,
            path: endpoint::SOCKET.to_owned(),
            token: Some(self.token.clone()),
        }
    }
}

/// The beginning of the list, as far as it is needed.
#[derive(Deserialize)]
struct Start {
    me: protocol::Person,
}

/// Signs up people number `0..count`.
pub(crate) async fn sign_up(
    address: SocketAddr,
    prefix: &'static str,
    count: usize,
) -> Outcome<Arc<[Person]>> {
    let people = each(address, count, move |mut http: Http, n| async move {
        let username = format!("{prefix}{n}");
        let email = format!("{username}@load.test");
        let answer = http
            .post(
                endpoint::SIGN_UP,
                None,
                &[
                    ("display_name", &username),
                    ("username", &username),
                    ("email", &email),
                    ("password", "a long pass phrase of nobody"),
                ],
            )
            .await?
            .ok()
            .during("signing up")?;
        let token = answer
            .cookie(endpoint::ACCESS_COOKIE)
            .ok_or_else(|| Failure::new("no access token in the answer to signing up"))?
            .to_owned();
        let start = http.get(endpoint::START, Some(&token)).await?.ok()?;
        let id = serde_json::from_str::<Start>(&start.body)?.me.id;
        Ok((http, Person { id, token }))
    })
    .await?;
    Ok(people.into())
}

/// Opens the direct conversations of pairs of people, given by their places in `people`.
pub(crate) async fn open_directs(
    address: SocketAddr,
    people: &Arc<[Person]>,
    pairs: Vec<(usize, usize)>,
) -> Outcome<Vec<ConversationId>> {
    let count = pairs.len();
    let shared = Arc::new((Arc::clone(people), pairs));
    each(address, count, move |mut http: Http, n| {
        let shared = Arc::clone(&shared);
        async move {
            let (people, pairs) = &*shared;
            let (one, other) = pairs
                .get(n)
                .and_then(|(one, other)| Some((people.get(*one)?, people.get(*other)?)))
                .ok_or_else(|| Failure::new("a pair of nobody"))?;
            let answer = http
                .post(
                    endpoint::OPEN_DIRECT,
                    Some(&one.token),
                    &[("with", &other.id.to_string())],
                )
                .await?
                .ok()
                .during("opening a conversation")?;
            let opened: ConversationSummary = serde_json::from_str(&answer.body)?;
            Ok((http, opened.id))
        }
    })
    .await
}

/// A group with nobody but its owner.
pub(crate) async fn create_group(address: SocketAddr, owner: &Person) -> Outcome<ConversationId> {
    let mut http = Http::connect(address).await?;
    let moment = std::time::UNIX_EPOCH.elapsed()?.as_nanos();
    let id = SendId::from_parts(Timestamp::from_millis(1), moment);
    let fields = [
        ("send_id", id.to_string()),
        ("title", "load".to_owned()),
        ("users", String::new()),
    ];
    let fields = fields
        .each_ref()
        .map(|(name, value)| (*name, value.as_str()));
    let answer = http
        .post(endpoint::CREATE_GROUP, Some(&owner.token), &fields)
        .await?
        .ok()
        .during("creating a group")?;
    Ok(serde_json::from_str::<ConversationSummary>(&answer.body)?.id)
}

/// Does something `count` times over a bounded number of connections; results in order.
async fn each<T, F, W>(address: SocketAddr, count: usize, work: F) -> Outcome<Vec<T>>
where
    T: Send + 'static,
    F: Fn(Http, usize) -> W + Clone + Send + 'static,
    W: Future<Output = Outcome<(Http, T)>> + Send,
{
    let next = Arc::new(AtomicUsize::new(0));
    let mut tasks = JoinSet::new();
    for _ in 0..AT_ONCE.min(count) {
        let (next, work) = (Arc::clone(&next), work.clone());
        tasks.spawn(async move {
            let mut http = Http::connect(address).await?;
            let mut done = Vec::new();
            loop {
                let n = next.fetch_add(1, Ordering::Relaxed);
                if n >= count {
                    return Outcome::Ok(done);
                }
                let value;
                (http, value) = work(http, n).await?;
                done.push((n, value));
            }
        });
    }
    let mut all = Vec::with_capacity(count);
    while let Some(done) = tasks.join_next().await {
        all.extend(done??);
    }
    all.sort_unstable_by_key(|(n, _)| *n);
    Ok(all.into_iter().map(|(_, value)| value).collect())
}
