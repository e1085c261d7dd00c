//! Going to a place that the newest run does not reach, and back.

use protocol::{ConversationId, HistoryPage, Message, Seq, Timestamp};

use super::Client;
use crate::fetch::{Purpose, Request, is_dense};
use crate::timeline::Timeline;
use crate::window::Wish;
use crate::{Newer, Older, Row, Sought};

impl Client {
    /// Somebody wants to see a place of the conversation on screen.
    pub(super) fn go_to(&mut self, id: ConversationId, seq: Seq) {
        if let Some(it) = self.known(id) {
            it.window.seek(seq, &it.timeline);
            it.patience.renew();
            self.fetches.want(id);
            self.rows_changed(id);
        }
    }

    /// What every step ends with: runs that have met become one, and nobody waits for a place
    /// without a connection.
    pub(super) fn settle_window(&mut self) {
        let Some(id) = self.open else {
            return;
        };
        self.meet(id);
        let may_come = self.session.is_live() || self.session.is_first_attempt();
        if let Some(it) = self.conversations.get_mut(&id)
            && !may_come
            && it.window.give_up()
        {
            self.rows_changed(id);
        }
    }

    /// Back to the newest messages.
    pub(super) fn go_to_newest(&mut self, id: ConversationId) {
        if let Some(it) = self.conversations.get_mut(&id) {
            it.window.leave();
            self.rows_changed(id);
        }
    }

    pub(super) fn load_newer(&mut self, id: ConversationId) {
        self.widen(id, Purpose::WindowNewer);
    }

    /// Asks for more at an end of the window, if one is shown.
    pub(super) fn widen(&mut self, id: ConversationId, purpose: Purpose) -> bool {
        let Some(it) = self.conversations.get_mut(&id) else {
            return false;
        };
        if !it.window.is_shown() {
            return false;
        }
        it.window.want(purpose);
        it.patience.renew();
        self.fetches.want(id);
        self.rows_changed(id);
        true
    }

    /// A page for the window.
    pub(super) fn window_page(&mut self, request: Request, page: HistoryPage) {
        let HistoryPage {
            conversation: id,
            messages,
            last_seq,
        } = page;
        let me = self.config.me;
        let Some(it) = self.conversations.get_mut(&id) else {
            return;
        };
        for message in &messages {
            self.names.want_all_of(message);
        }
        it.known = it.known.max(last_seq);
        it.patience.succeeded();
        if let Purpose::Around(seq) = request.purpose {
            let page = (messages, last_seq);
            it.window.arrived_around(seq, page, &it.timeline, me);
        } else {
            let range = (request.from, request.to);
            let purpose = request.purpose;
            it.window.arrived(purpose, range, messages, &it.timeline);
        }
        self.fetches.want(id);
        self.rows_changed(id);
        self.trim(id);
    }

    /// What the server told outside the socket of a place that is to be shown.
    pub(super) fn seed_around(&mut self, seq: Seq, page: HistoryPage) {
        let me = self.config.me;
        let id = page.conversation;
        let is_its = |message: &Message| message.conversation == id;
        if !page.messages.iter().all(is_its) || !is_dense(&page.messages) {
            return;
        }
        let Some(it) = self.known(id) else {
            return;
        };
        it.window.seek(seq, &it.timeline);
        for message in &page.messages {
            self.names.want_all_of(message);
        }
        let Some(it) = self.conversations.get_mut(&id) else {
            return;
        };
        it.known = it.known.max(page.last_seq);
        let page = (page.messages, page.last_seq);
        it.window.arrived_around(seq, page, &it.timeline, me);
        self.meet(id);
        self.fetches.want(id);
        self.rows_changed(id);
    }

    /// Makes window and newest run one, where they have met.
    pub(super) fn meet(&mut self, id: ConversationId) {
        let Some(it) = self.conversations.get_mut(&id) else {
            return;
        };
        if let Some(entries) = it.window.meet(&it.timeline, it.known, id) {
            let added = it.timeline.absorb(entries);
            self.show(id, added, false);
            self.rows_changed(id);
        }
    }

    /// What became of the wish to see a place of a conversation.
    #[must_use]
    pub fn sought(&self, id: ConversationId) -> Option<Sought> {
        self.conversations.get(&id)?.window.sought
    }

    /// The state of the newer end of the rows shown.
    #[must_use]
    pub fn newer(&self, id: ConversationId) -> Newer {
        let window = self.conversations.get(&id).map(|it| &it.window);
        let Some(window) = window.filter(|window| window.is_shown()) else {
            return Newer::AtNewest;
        };
        if window.newer.failed {
            Newer::Failed
        } else if !window.newer.wanted {
            Newer::More
        } else if self.session.is_live() || self.session.is_first_attempt() {
            Newer::Loading
        } else {
            Newer::Failed
        }
    }

    /// The state of the older end of the window.
    pub(super) fn window_older(&self, run: &Timeline, wish: Wish) -> Older {
        if run.at_start() {
            Older::AtStart
        } else if wish.failed {
            Older::Failed
        } else if !wish.wanted {
            Older::More
        } else if self.session.is_live() || self.session.is_first_attempt() {
            Older::Loading
        } else {
            Older::Failed
        }
    }

    /// The rows that are shown, oldest first: those around a place that was gone to, otherwise
    /// [`Client::rows`].
    pub fn shown(&self, id: ConversationId) -> impl Iterator<Item = &Row> {
        let it = self.conversations.get(&id);
        let window = it.and_then(|it| it.window_rows());
        let newest = window.is_none().then(|| self.rows(id));
        window
            .into_iter()
            .flatten()
            .chain(newest.into_iter().flatten())
    }

    /// Messages of others after a place, among the newest that are held.
    #[must_use]
    pub fn fresh(&self, id: ConversationId, seen: Seq) -> usize {
        self.stored_rows(id)
            .rev()
            .take_while(|row| row.seq > Some(seen))
            .filter(|row| row.key.author != self.config.me && row.content.counts())
            .count()
    }

    /// Nothing that was asked for comes any more.
    pub(super) fn window_failed(&mut self, request: Request, for_good: bool, now: Timestamp) {
        let id = request.conversation;
        if let Some(it) = self.conversations.get_mut(&id) {
            it.patience.failed(for_good, &mut self.backoff, now);
            it.window.failed(request.purpose, for_good);
            self.fetches.want(id);
            self.rows_changed(id);
        }
    }
}
