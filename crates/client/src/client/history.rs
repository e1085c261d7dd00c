//! Opening conversations and reading what is not held.

use protocol::limits::RESUME_POINTS;
use protocol::{
    ClientFrame, ConversationId, ConversationSummary, ErrorCode, HistoryPage, ResumePoint,
    Timestamp,
};

use super::Client;
use crate::conversation::ROWS_OPEN;
use crate::fetch::{Purpose, Request, is_dense};
use crate::timeline::Timeline;
use crate::{Older, Seeded};

/// Attempts to fill a gap after which it is jumped over.
const HOPELESS: u32 = 3;

impl Client {
    /// What is held: for each conversation the place up to which nothing is missing.
    pub(super) fn resume_points(&self) -> Vec<ResumePoint> {
        self.conversations
            .values()
            .filter(|it| it.summary.is_some() && it.timeline.is_anchored())
            .take(RESUME_POINTS)
            .map(|it| ResumePoint {
                conversation: it.id,
                seq: it.timeline.last(),
            })
            .collect()
    }

    pub(super) fn open(&mut self, id: ConversationId) {
        if self.is_open(id) {
            return;
        }
        self.close();
        self.open = Some(id);
        if let Some(it) = self.known(id) {
            it.divide();
            it.patience.renew();
            self.fetches.want(id);
            self.rows_changed(id);
        }
        self.unmark(id);
    }

    pub(super) fn close(&mut self) {
        let Some(id) = self.open.take() else {
            return;
        };
        self.drafts.hurry();
        if let Some(it) = self.conversations.get_mut(&id) {
            it.divider = None;
            it.older_wanted = None;
            it.older_failed = false;
            it.window.close();
            it.thread = None;
        }
        self.rows_changed(id);
        self.trim(id);
    }

    pub(super) fn clear_divider(&mut self, id: ConversationId) {
        if let Some(it) = self.conversations.get_mut(&id)
            && it.divider.take().is_some()
        {
            self.rows_changed(id);
        }
    }

    pub(super) fn load_older(&mut self, id: ConversationId) {
        if self.widen(id, Purpose::WindowOlder) {
            return;
        }
        if let Some(it) = self.conversations.get_mut(&id)
            && it.timeline.count() < ROWS_OPEN
        {
            it.older_wanted = Some(it.timeline.base());
            it.older_failed = false;
            it.patience.renew();
            self.fetches.want(id);
            self.rows_changed(id);
        }
    }

    /// The state of the older end of a conversation.
    #[must_use]
    pub fn older(&self, id: ConversationId) -> Older {
        let Some(it) = self.conversations.get(&id) else {
            return Older::More;
        };
        if let Some(run) = it.window.run() {
            return self.window_older(run, it.window.older);
        }
        if it.timeline.at_start() {
            return Older::AtStart;
        }
        let empty = it.timeline.count() == 0;
        match self.fetches.under_way(id) {
            Some(Purpose::Older) => return Older::Loading,
            Some(Purpose::Newer) if empty => return Older::Loading,
            _ => {}
        }
        if it.older_failed || it.patience.has_failed() && empty {
            Older::Failed
        } else if it.older_wanted.is_some() {
            if self.session.is_live() || self.session.is_first_attempt() {
                Older::Loading
            } else {
                Older::Failed
            }
        } else if it.timeline.count() >= ROWS_OPEN {
            Older::Full
        } else {
            Older::More
        }
    }

    /// Asks for what is needed and not asked for yet, what is on screen first.
    pub(super) fn read_history(&mut self, now: Timestamp) {
        for request in self.fetches.expire(now) {
            self.read_failed(request, false, now);
        }
        for id in self.fetches.wanting(self.open) {
            if !self.fetches.has_room() {
                break;
            }
            let Some(it) = self.conversations.get(&id) else {
                self.fetches.is_satisfied(id);
                continue;
            };
            if self.fetches.under_way(id).is_some() {
                continue;
            }
            let Some((purpose, range)) = it.need(self.is_open(id)) else {
                self.fetches.is_satisfied(id);
                continue;
            };
            if !it.patience.may_ask(now) {
                continue;
            }
            let request = self.fetches.begin(id, purpose, range, now);
            self.transmit(ClientFrame::Fetch {
                request,
                conversation: id,
                from: range.0,
                to: range.1,
            });
            self.rows_changed(id);
        }
    }

    /// When a conversation that had to wait may ask again.
    pub(super) fn history_deadline(&self, now: Timestamp) -> Option<Timestamp> {
        self.fetches
            .wanting(self.open)
            .into_iter()
            .filter_map(|id| self.conversations.get(&id)?.patience.deadline(now))
            .min()
    }

    pub(super) fn page(&mut self, number: u32, page: HistoryPage, now: Timestamp) {
        let Some(request) = self.fetches.answered(number) else {
            return;
        };
        if !request.is_answered_by(&page) {
            self.read_failed(request, false, now);
        } else if request.purpose == Purpose::Shown {
            self.shown_again(request, page);
        } else if request.purpose.is_newest() {
            self.newest_page(request, page, now);
        } else {
            self.window_page(request, page);
        }
    }

    fn newest_page(&mut self, request: Request, page: HistoryPage, now: Timestamp) {
        let HistoryPage {
            conversation,
            messages,
            last_seq,
        } = page;
        let Some(it) = self.conversations.get_mut(&conversation) else {
            return;
        };
        let extent = |timeline: &Timeline| (timeline.base(), timeline.last(), timeline.gap());
        let before = extent(&it.timeline);
        it.known = it.known.max(last_seq);
        it.older_failed = false;
        match request.purpose {
            Purpose::Older => {
                // A page that is only shorter was cut to fit into its frame.
                if messages.is_empty() {
                    it.timeline.set_floor(request.to);
                }
            }
            _ => {
                it.behind = false;
                if messages.is_empty() && !it.timeline.is_anchored() {
                    it.timeline.anchor(last_seq);
                    it.timeline.set_floor(last_seq);
                }
            }
        }
        let added = if request.is_cut(&messages) && it.timeline.is_beyond_gap(&messages) {
            it.timeline.hold_back(messages)
        } else {
            it.timeline.absorb(messages)
        };
        let progress = before != extent(&it.timeline);
        if request.purpose == Purpose::Older || added.jumped {
            it.settle_older();
        }
        if progress || request.purpose == Purpose::Older {
            it.patience.succeeded();
        } else if it.need(true).is_some() {
            // The server sent nothing of what it says there is.
            self.show(conversation, added, false);
            self.read_failed(request, false, now);
            return;
        }
        self.show(conversation, added, false);
        self.fetches.want(conversation);
        self.rows_changed(conversation);
        self.trim(conversation);
    }

    pub(super) fn page_refused(&mut self, number: u32, code: ErrorCode, now: Timestamp) {
        if let Some(request) = self.fetches.answered(number) {
            self.read_failed(request, !code.is_transient(), now);
        }
    }

    fn read_failed(&mut self, request: Request, for_good: bool, now: Timestamp) {
        let id = request.conversation;
        if let Some(it) = self.conversations.get_mut(&id)
            && request.purpose == Purpose::Shown
            && for_good
        {
            it.timeline.read_again(request.to);
        }
        if !request.purpose.is_newest() {
            self.window_failed(request, for_good, now);
            return;
        }
        let Some(it) = self.conversations.get_mut(&id) else {
            return;
        };
        it.patience.failed(for_good, &mut self.backoff, now);
        if request.purpose == Purpose::Older {
            it.older_wanted = None;
            it.older_failed = true;
        }
        if it.patience.failures() >= HOPELESS && request.purpose == Purpose::Newer {
            let added = it.timeline.jump_gap();
            self.show(id, added, false);
        }
        self.fetches.want(id);
        self.rows_changed(id);
    }

    /// What the server told outside the socket.
    pub(super) fn seed(&mut self, seeded: Seeded) {
        for page in seeded.pages {
            let id = page.conversation;
            let dense =
                is_dense(&page.messages) && page.messages.iter().all(|it| it.conversation == id);
            let Some(it) = self.known(id).filter(|_| dense) else {
                continue;
            };
            it.known = it.known.max(page.last_seq);
            if page.messages.is_empty() {
                it.timeline.anchor(page.last_seq);
            }
            let added = it.timeline.absorb(page.messages);
            self.show(id, added, false);
            self.trim(id);
        }
        let live = self.session.is_live();
        for mut summary in seeded.summaries {
            // What the socket tells is newer.
            if let Some(known) = self.conversation(summary.id).filter(|_| live) {
                summary.preferences = known.preferences;
            }
            self.described(summary);
        }
    }

    /// The server describes a conversation.
    pub(super) fn described(&mut self, mut summary: ConversationSummary) {
        let (id, me) = (summary.id, self.config.me);
        self.privacy.strip(&mut summary, me);
        let pace = self.own_pace(id);
        let Some(it) = self.known(id) else {
            return;
        };
        let is_new = it.summary.is_none();
        it.merge(summary, me);
        if is_new && self.is_open(id) {
            self.unmark(id);
        }
        self.follow_pace(id, pace);
        self.learn_members(id);
        let Some(it) = self.conversations.get(&id) else {
            return;
        };
        let newest: Vec<_> = it
            .timeline
            .rows()
            .rev()
            .take(1)
            .map(|row| row.key)
            .collect();
        for key in newest.into_iter().filter(|key| key.author == me) {
            if self.outbox.remove(key.send_id).is_some() {
                self.effect(crate::Effect::ForgetOutbox(key.send_id));
            }
        }
        self.fetches.want(id);
        self.list_changed(id);
        self.rows_changed(id);
    }
}
