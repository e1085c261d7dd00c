//! Looking for messages by their words.
//!
//! Texts are sealed in the database, so an index of its own finds them
//! (docs/decisions/0016-search-index.md). It is made behind the commits (`indexer.rs`), in
//! sealed rows (`segment.rs`) for blocks of places (`blocks.rs`); words stand in it as tokens
//! under a key of the conversation (`tokens.rs`). A search asks it for places and looks at the
//! messages themselves (`within.rs`, `matcher.rs`), and at those that are not in it yet.
//!
//! A search reads a bounded number of rows. If that is not enough, it says where it goes on.

mod blocks;
mod changed;
mod indexer;
mod joining;
mod lexicon;
mod marks;
mod matcher;
mod place;
mod queue;
mod segment;
mod tokens;
mod within;
mod worker;

use std::cmp::Reverse;
use std::sync::Arc;

use folding::Match;
use futures_util::{StreamExt, stream};
use protocol::limits::QUERY_RESULTS;
use protocol::permission::Action;
use protocol::{
    ConversationId, Message, SearchFrom, SearchPage, SearchQuery, Seq, Timestamp, UserId,
};
use quick_cache::sync::Cache;
use tokio::sync::{RwLock, Semaphore};

use crate::engine::{Engine, guarded};
use crate::store::IndexCursor;
use crate::{Actor, Chat, ChatError};

use lexicon::Lexicon;
use matcher::Matcher;
use queue::Queue;
use within::{Budget, Found};

pub use marks::found_in;

pub(crate) use indexer::concern;
pub(crate) use worker::work;

/// Rows of the index and messages that one search reads, more or less.
const ROWS: i64 = 3_000;

/// Conversations that one search looks through at the same time.
const AT_ONCE: usize = 4;

/// Searches at the same time.
const SEARCHES: usize = 4;

/// Conversations of which it is held how far their indexes go.
const CURSORS: usize = 20_000;

/// What the index is made and read with.
pub(crate) struct Index {
    enabled: bool,
    lexicon: Arc<Lexicon>,
    pub(crate) queue: Queue,
    /// Held for writing while blocks become one, which takes rows away.
    shape: RwLock<()>,
    cursors: Cache<ConversationId, IndexCursor>,
    turns: Semaphore,
}

impl Index {
    pub(crate) fn new(enabled: bool) -> Self {
        Self {
            enabled,
            lexicon: Arc::new(Lexicon::new()),
            queue: Queue::default(),
            shape: RwLock::new(()),
            cursors: Cache::new(CURSORS),
            turns: Semaphore::new(SEARCHES),
        }
    }
}

impl Engine {
    /// Something of a conversation is to be indexed now.
    pub(crate) fn note_index(&self, id: ConversationId) {
        if self.index.enabled {
            self.index.queue.note(id);
        }
    }
}

/// A conversation that is searched, from a place on downwards.
struct Place {
    id: ConversationId,
    active_at: Timestamp,
    below: Seq,
}

impl Place {
    fn next(&self, below: Seq) -> SearchFrom {
        SearchFrom {
            active_at: self.active_at,
            conversation: self.id,
            below,
        }
    }
}

impl Chat {
    /// Messages of the actor's conversations that answer a query, or of one of them. Whole
    /// conversations come one after the other, the most recently active first, and in each the
    /// newest messages first; within what is returned those that have the words in the script of
    /// the query are first. `from` goes on where an earlier search ended.
    ///
    /// # Errors
    /// `Refused(NotFound)` if the actor is not in the conversation; `Refused(Empty)` if there
    /// is nothing to look for; `Refused(TooLong)`; `RateLimited`; `Store`.
    pub async fn search(
        &self,
        actor: &Actor,
        query: &SearchQuery,
        within: Option<ConversationId>,
        from: Option<SearchFrom>,
        now: Timestamp,
    ) -> Result<SearchPage, ChatError> {
        self.accounts.check_message_search(actor.user(), now)?;
        let (engine, user) = (&self.engine, actor.user());
        let _turn = engine.index.turns.acquire().await;
        let places = match within {
            Some(id) => vec![engine.place_in(user, id, from).await?],
            None => engine.places(user, from).await?,
        };
        let author = match &query.from {
            Some(name) => guarded(self.store.user_by_username(name)).await?,
            None => None,
        };
        let matcher = Matcher::new(query, author.as_ref().map(|author| author.id))?;
        if query.from.is_some() && author.is_none() {
            return Ok(page(Vec::new(), None));
        }
        engine.search(user, &matcher, &places).await
    }

    /// Waits until the index has followed what was committed, or what it could not follow waits
    /// for the next tick.
    pub async fn index_idle(&self) {
        self.engine.index.queue.idle().await;
    }
}

impl Engine {
    /// One conversation that somebody is in.
    async fn place_in(
        self: &Arc<Self>,
        user: UserId,
        id: ConversationId,
        from: Option<SearchFrom>,
    ) -> Result<Place, ChatError> {
        self.with(id, |log, _| {
            Ok(log.permit(user, Action::Read).map(|_| ())?)
        })
        .await?;
        let from = from.filter(|from| from.conversation == id);
        Ok(Place {
            id,
            active_at: from.map_or(Timestamp::default(), |from| from.active_at),
            below: from.map_or(Seq(u64::MAX), |from| from.below),
        })
    }

    /// The conversations somebody is in, the most recently active first, from where an earlier
    /// search ended.
    async fn places(
        self: &Arc<Self>,
        user: UserId,
        from: Option<SearchFrom>,
    ) -> Result<Vec<Place>, ChatError> {
        let ids = self.memberships(user).await?;
        let active = |id| {
            self.with(id, move |log, fixed| {
                let joined_after = log.permit(user, Action::Read)?.joined_after;
                let shown = log.preview().filter(|message| message.seq > joined_after);
                let active_at = shown.map_or(fixed.created_at, |message| message.sent_at);
                Ok(Place {
                    id,
                    active_at,
                    below: Seq(u64::MAX),
                })
            })
        };
        let mut places = self.for_each(&ids, active).await?;
        places.sort_unstable_by_key(|place| Reverse((place.active_at, place.id)));
        if let Some(from) = from {
            let begun = (from.active_at, from.conversation);
            let is_member = places.iter().any(|place| place.id == from.conversation);
            places.retain(|p| (p.active_at, p.id) < begun && p.id != from.conversation);
            if is_member {
                let place = Place {
                    id: from.conversation,
                    active_at: from.active_at,
                    below: from.below,
                };
                places.insert(0, place);
            }
        }
        Ok(places)
    }

    /// Searches one conversation after the other until there is a page, or enough was read.
    async fn search(
        self: &Arc<Self>,
        user: UserId,
        matcher: &Matcher,
        places: &[Place],
    ) -> Result<SearchPage, ChatError> {
        let budget = &Budget::new(ROWS);
        let look = |place: &Place| {
            let (id, below) = (place.id, place.below);
            within::search(self, (user, id), (matcher, budget), below, QUERY_RESULTS)
        };
        let mut found = stream::iter(places).map(look).buffered(AT_ONCE);
        let mut hits = Vec::new();
        for place in places {
            if hits.len() >= QUERY_RESULTS || !budget.is_left() {
                return Ok(page(hits, Some(place.next(place.below))));
            }
            let Some(result) = found.next().await else {
                break;
            };
            let Found {
                hits: mut some,
                mut below,
            } = match result {
                Ok(found) => found,
                Err(error) if self.passes_over(&error) => continue,
                Err(error) => return Err(error),
            };
            let room = QUERY_RESULTS - hits.len();
            if some.len() > room {
                some.truncate(room);
                let last = some.last().map(|(_, message)| message.seq);
                below = last.or(Some(place.below));
            }
            hits.append(&mut some);
            if let Some(below) = below {
                return Ok(page(hits, Some(place.next(below))));
            }
        }
        Ok(page(hits, None))
    }
}

fn page(mut hits: Vec<(Match, Message)>, next: Option<SearchFrom>) -> SearchPage {
    let is_other_script = |rank: &Match| matches!(rank, Match::Sound | Match::SoundPrefix);
    hits.sort_by_key(|(rank, message)| (is_other_script(rank), Reverse(message.sent_at)));
    SearchPage {
        hits: hits.into_iter().map(|(_, message)| message).collect(),
        next: next.map(|next| next.to_string()),
    }
}
