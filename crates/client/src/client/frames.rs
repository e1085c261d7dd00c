//! What each frame of the server means.

use protocol::{
    Content, ConversationId, ErrorCode, Marks, Message, Person, SendId, Seq, ServerFrame, Text,
    Thread, Timestamp, UserId,
};

use super::Client;
use crate::session::{EndReason, Event};
use crate::timeline::Added;
use crate::{Change, Effect, RowKey};

impl Client {
    pub(super) fn frame(&mut self, frame: ServerFrame, now: Timestamp) {
        self.connection(Event::Heard, now);
        match frame {
            ServerFrame::Welcome { me, now: told, .. } => self.welcomed(&me, told, now),
            ServerFrame::Resumed => self.resumed(now),
            ServerFrame::Resync => self.connection(Event::Resync, now),
            ServerFrame::Draining { reconnect_after_ms } => {
                self.connection(Event::Draining { reconnect_after_ms }, now);
            }
            ServerFrame::Event { message } => self.arrived(&message, now),
            ServerFrame::Ack {
                send_id,
                conversation,
                seq,
                sent_at,
            } => self.acked(send_id, conversation, seq, sent_at, now),
            ServerFrame::Reject {
                send_id,
                code,
                retry_after_ms,
            } => self.rejected(send_id, code, retry_after_ms, now),
            ServerFrame::Page { request, page } => self.page(request, page, now),
            ServerFrame::Refused { request, code } => self.request_refused(request, code, now),
            ServerFrame::Behind {
                conversation,
                last_seq,
            } => self.behind(conversation, last_seq),
            ServerFrame::Conversation { summary } => self.described(*summary),
            ServerFrame::Read {
                conversation,
                seq,
                unread,
                mentions,
            } => self.read_elsewhere(conversation, seq, (unread, mentions)),
            ServerFrame::Typing {
                conversation,
                user,
                active,
            } => self.typing_there(conversation, user, active, now),
            ServerFrame::Presence { user, presence } => self.is_there(user, presence),
            reached @ (ServerFrame::Seen { .. } | ServerFrame::Delivered { .. }) => {
                self.reached(&reached);
            }
            ServerFrame::Gone { conversation } => self.gone(conversation),
            ServerFrame::Arranged {
                request,
                conversation,
                preferences,
            } => self.arranged_there(request, conversation, preferences),
            own @ (ServerFrame::Saved { .. }
            | ServerFrame::AllSaved { .. }
            | ServerFrame::Reminder { .. }
            | ServerFrame::Reminders { .. }
            | ServerFrame::Dismissed { .. }
            | ServerFrame::DraftKept { .. }
            | ServerFrame::Draft { .. }
            | ServerFrame::DraftUnavailable { .. }
            | ServerFrame::Folder { .. }
            | ServerFrame::Folders { .. }
            | ServerFrame::ThreadsSeen { .. }) => self.own_there(own),
            ServerFrame::Scheduled { .. } => self.change(Change::Scheduled),
            ServerFrame::Error { code } => self.last_refused(code, now),
            ServerFrame::Blocked { users } => self.blocks(users),
            ServerFrame::Privacy { privacy } => self.hides(privacy),
            ServerFrame::Status { user, status } => self.says(user, status),
            ServerFrame::Availability { availability } => self.chosen(availability),
            ServerFrame::Pong { .. } => {}
        }
    }

    fn resumed(&mut self, now: Timestamp) {
        let is_news = self.people.resumed();
        self.blocks_changed(is_news);
        let is_news = self.privacy.resumed();
        self.privacy_changed(is_news);
        self.standing_resumed();
        self.saved_resumed();
        self.reminders_resumed();
        self.drafts_resumed();
        self.folders_resumed();
        self.connection(Event::Resumed, now);
        // Nobody was told of it here meanwhile.
        self.change(Change::Scheduled);
    }

    fn welcomed(&mut self, me: &Person, told: Timestamp, now: Timestamp) {
        self.server_clock.told(told, now);
        self.pass_time(now);
        self.saved.told.welcomed();
        self.reminders.told.welcomed();
        self.drafts.welcomed();
        self.folders.told.welcomed();
        self.learn(me);
        self.people.greeted();
        self.privacy.greeted();
        self.standing.greeted();
        self.activity.greeted();
        // Another tab has signed in as somebody else; what is held here is not theirs.
        let event = if me.id == self.config.me {
            Event::Welcome
        } else {
            Event::Gone(EndReason::SignedOut)
        };
        self.connection(event, now);
    }

    fn last_refused(&mut self, code: ErrorCode, now: Timestamp) {
        if code == ErrorCode::UnsupportedVersion {
            self.connection(Event::Gone(EndReason::Outdated), now);
        } else if code.is_transient() {
            self.refused_for_now(now);
        }
    }

    fn request_refused(&mut self, request: u32, code: ErrorCode, now: Timestamp) {
        let backoff = &mut self.backoff;
        if self.saved.wishes.asked(request) {
            let given_up = self.saved.wishes.refused(request, code, backoff, now);
            if let Some(place) = given_up {
                self.save_refused(place, code);
            }
            return;
        }
        if self.reminders.wishes.asked(request) {
            let given_up = self.reminders.wishes.refused(request, code, backoff, now);
            if let Some(place) = given_up {
                self.reminder_refused(place, code);
            }
            return;
        }
        if self.dismissals.wishes.asked(request) {
            let given_up = self.dismissals.wishes.refused(request, code, backoff, now);
            if let Some(place) = given_up {
                self.dismissal_refused(place, code);
            }
            return;
        }
        if self.folders.wishes.asked(request) {
            let given_up = self.folders.wishes.refused(request, code, backoff, now);
            if let Some(folder) = given_up {
                self.folder_refused(folder, code);
            }
            return;
        }
        if self.seen_threads.wishes.asked(request) {
            let wishes = &mut self.seen_threads.wishes;
            if let Some(root) = wishes.refused(request, code, backoff, now) {
                self.seen_refused(root);
            }
            return;
        }
        if self.drafts.wishes.asked(request) {
            let given_up = self.drafts.wishes.refused(request, code, backoff, now);
            if let Some(id) = given_up {
                self.draft_refused(id);
            }
            return;
        }
        match self.arrangements.refused(request, code, backoff, now) {
            Some(slot) => self.forget_arrangement(slot),
            None => self.page_refused(request, code, now),
        }
    }

    fn typing_there(&mut self, id: ConversationId, user: UserId, active: bool, now: Timestamp) {
        if user != self.config.me && self.typists.tell(id, user, active, now) {
            self.names.want(user);
            self.change(Change::Typing(id));
        }
    }

    fn arrived(&mut self, message: &Message, now: Timestamp) {
        let (id, author) = (message.conversation, message.author);
        // Who reacts to something may be writing still.
        if message.content.counts() && self.typists.tell(id, author, false, now) {
            self.change(Change::Typing(id));
        }
        self.place(message);
    }

    /// Puts a message where it belongs, or holds it back beyond a gap.
    fn place(&mut self, message: &Message) {
        let id = message.conversation;
        if message.author == self.config.me {
            // Its echo stands until the timeline has reached the place.
            self.outbox.stored(message.send_id, message.seq);
            self.rows_changed(id);
        }
        let Some(it) = self.known(id) else {
            return;
        };
        it.known = it.known.max(message.seq);
        let added = it.timeline.add(message.clone());
        let base = it.timeline.base();
        if it.timeline.gap().is_some() {
            self.fetches.want(id);
        }
        if message.author == self.config.me {
            self.forget_sent(message.send_id, message.seq, id);
        }
        self.show(id, added, true);
        self.outbox.remove_stored(id, base);
        self.trim(id);
    }

    /// Takes note of messages that are in the timeline now. `live` tells apart what just
    /// happened from history.
    pub(super) fn show(&mut self, id: ConversationId, added: Added, live: bool) {
        let me = self.config.me;
        let is_silent = self.is_silent(id);
        if added.placed.is_empty() && added.changed.is_empty() && !added.jumped {
            return;
        }
        let pace = self.own_pace(id);
        let Some(it) = self.conversations.get_mut(&id) else {
            return;
        };
        it.follow(&added);
        let mut news = Vec::new();
        for entry in &added.placed {
            let is_new = it.note(entry, me, &self.names);
            self.names.want_all_of(entry);
            let is_said = !is_silent && is_said(&entry.content);
            if is_new && live && entry.author != me && is_said {
                news.push(RowKey::of(entry));
            }
        }
        it.show_last();
        it.recount();
        let base = it.timeline.base();
        for entry in &added.placed {
            if entry.author == me && self.outbox.remove(entry.send_id).is_some() {
                self.effect(Effect::ForgetOutbox(entry.send_id));
            }
        }
        if added.jumped {
            self.outbox.remove_stored(id, base);
        }
        let to_save = self.work.messages.entry(id).or_default();
        to_save.extend(added.placed.into_iter().chain(added.changed));
        self.follow_pace(id, pace);
        self.work
            .announcements
            .extend(news.into_iter().map(|key| Change::Announce {
                conversation: id,
                key,
            }));
        self.see_thread(id);
        self.rows_changed(id);
        self.list_changed(id);
    }

    /// A message of one's own is stored: its entry is not needed on this device any more. Its
    /// echo goes when the timeline holds the place, or begins after it.
    fn forget_sent(&mut self, send_id: SendId, seq: Seq, id: ConversationId) {
        if !self.outbox.contains(send_id) {
            return;
        }
        self.effect(Effect::ForgetOutbox(send_id));
        let reached = self
            .conversations
            .get(&id)
            .is_none_or(|it| seq <= it.timeline.last());
        if reached {
            self.outbox.remove(send_id);
        }
        self.list_changed(id);
    }

    fn acked(
        &mut self,
        send_id: SendId,
        conversation: ConversationId,
        seq: Seq,
        sent_at: Timestamp,
        now: Timestamp,
    ) {
        if self.conversation(conversation).is_none() {
            // The account is not in it any more; the entry was in time.
            self.discard(send_id);
        } else if let Some(content) = self.outbox.stored(send_id, seq)
            && let Some(thread) = self.thread_of(conversation, &content)
            && let Some(expires_at) = self.expires_at(conversation, seq, (&content, sent_at))
        {
            self.arrived(
                &Message {
                    conversation,
                    seq,
                    author: self.config.me,
                    send_id,
                    sent_at,
                    content,
                    marks: Marks {
                        expires_at,
                        thread,
                        ..Marks::default()
                    },
                },
                now,
            );
        } else {
            self.stored_unseen(send_id, conversation, seq);
        }
    }

    /// In which thread an entry of one's own is, as the server has decided; `None` if what it
    /// answers is not held, or is dismissed and does not say so.
    fn thread_of(&self, id: ConversationId, content: &Content) -> Option<Option<Thread>> {
        let Content::Text(Text {
            reply_to: Some(target),
            ..
        }) = content
        else {
            return Some(None);
        };
        let target = self.conversations.get(&id)?.entry(*target)?;
        if target.is_dismissed() {
            return None;
        }
        Some(target.root().map(Thread::Under))
    }

    /// The server has stored an entry, and only it knows what is in it: the place is read. It may
    /// also be one that was given up here.
    fn stored_unseen(&mut self, send_id: SendId, id: ConversationId, seq: Seq) {
        let Some(it) = self.conversations.get_mut(&id) else {
            return;
        };
        if seq > it.timeline.last() {
            it.known = it.known.max(seq);
            it.behind = true;
            self.fetches.want(id);
        }
        self.forget_sent(send_id, seq, id);
        self.rows_changed(id);
    }

    fn rejected(
        &mut self,
        send_id: SendId,
        code: ErrorCode,
        retry_after_ms: Option<u32>,
        now: Timestamp,
    ) {
        let refused = self
            .outbox
            .refused(send_id, code, retry_after_ms, &mut self.backoff, now);
        if let Some((conversation, for_good)) = refused {
            self.rows_changed(conversation);
            self.list_changed(conversation);
            if for_good && !self.was_answered(send_id, code) {
                self.work.announcements.push(Change::SendFailed {
                    conversation,
                    send_id,
                });
            }
        }
    }

    fn behind(&mut self, id: ConversationId, last_seq: Seq) {
        if let Some(it) = self.known(id) {
            it.known = it.known.max(last_seq);
            it.behind = true;
            if let Some(summary) = &mut it.summary {
                // Counted by the server, whose `Read` follows.
                summary.last_seq = summary.last_seq.max(last_seq);
            }
            self.fetches.want(id);
            self.list_changed(id);
            self.rows_changed(id);
        }
    }
}

/// Whether the arrival of an entry is announced.
const fn is_said(content: &Content) -> bool {
    content.is_said() || matches!(content, Content::Unavailable)
}
