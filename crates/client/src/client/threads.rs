//! The thread on screen, beside its conversation or instead of it.

use protocol::{Content, ConversationId, Seq, Text, Thread, ThreadPage};

use super::Client;
use crate::Row;
use crate::thread::{ThreadRun, ThreadState};

impl Client {
    /// A thread of a conversation is on screen (`Some`), or none is any more.
    pub(super) fn open_thread(&mut self, id: ConversationId, root: Option<Seq>) {
        let Some(it) = self.known(id) else {
            return;
        };
        if it.thread.as_ref().map(ThreadRun::root) != root {
            it.thread = root.map(ThreadRun::new);
            self.rows_changed(id);
        }
    }

    /// The server told a part of a thread outside the socket.
    pub(super) fn seed_thread(&mut self, before: Option<Seq>, page: ThreadPage) {
        let id = page.conversation;
        let is_its = |entry: &protocol::Message| entry.conversation == id;
        let entries = || page.message.iter().chain(&page.answers);
        let is_open = |it: &crate::conversation::Conversation| {
            it.thread.as_ref().map(ThreadRun::root) == Some(page.root)
        };
        if !entries().all(is_its) || !self.conversations.get(&id).is_some_and(is_open) {
            return;
        }
        for entry in entries() {
            self.names.want_all_of(entry);
        }
        if let Some(it) = self.conversations.get_mut(&id) {
            it.known = it.known.max(page.last_seq);
            if let Some(run) = &mut it.thread {
                run.arrived(before, page, &it.timeline);
            }
            it.see_thread();
        }
        self.fetches.want(id);
        self.rows_changed(id);
    }

    /// How far the thread on screen is known.
    #[must_use]
    pub fn thread(&self, id: ConversationId) -> Option<ThreadState> {
        let run = self.conversations.get(&id)?.thread.as_ref()?;
        Some(run.state())
    }

    /// The rows of the thread on screen: the root, the answers, and what of the user's own waits.
    pub fn thread_rows(&self, id: ConversationId) -> impl Iterator<Item = &Row> {
        let it = self.conversations.get(&id);
        let held = it.into_iter().flat_map(|it| {
            let rows = it.thread.iter().flat_map(ThreadRun::rows);
            rows.map(|row| it.laid_over(row))
        });
        let waiting = self.outbox.rows(id);
        held.chain(waiting.filter(move |row| self.answers_in_thread(id, &row.content)))
    }

    /// Whether a text of one's own that waits answers in the thread on screen.
    pub(super) fn answers_in_thread(&self, id: ConversationId, content: &Content) -> bool {
        let Some(it) = self.conversations.get(&id) else {
            return false;
        };
        let (Some(run), Content::Text(Text { reply_to, .. })) = (&it.thread, content) else {
            return false;
        };
        reply_to.is_some_and(|target| {
            let root = it.entry(target).and_then(Row::root);
            root.unwrap_or(target) == run.root()
        })
    }

    /// Whether a message has answers of others that the reader has not seen: neither in the
    /// conversation, when they opened it, nor in the thread.
    #[must_use]
    pub fn has_new_answers(&self, id: ConversationId, row: &Row) -> bool {
        let (Some(it), Some(root)) = (self.conversations.get(&id), row.seq) else {
            return false;
        };
        let Some(Thread::Root(answers)) = &row.marks.thread else {
            return false;
        };
        let seen_there = it.threads_seen.get(&root).copied().unwrap_or_default();
        let is_news = |last: Seq| {
            let divider = it.divider.filter(|divider| last <= divider.until);
            last > divider.map_or(it.read(), |divider| divider.after)
        };
        let by_others = answers.authors.first() != Some(&self.config.me);
        by_others && answers.last > seen_there && is_news(answers.last)
    }
}
