//! The thread on screen, beside its conversation or instead of it.

use protocol::{
    ClientFrame, Content, ConversationId, SavedPlace, SeenThread, Seq, Text, Thread, ThreadPage,
    Timestamp, UserId,
};

use super::Client;
use crate::Row;
use crate::conversation::Conversation;
use crate::thread::{NewAnswers, ThreadRun, ThreadState};

impl Conversation {
    /// How many answers in a thread others wrote after a place and did not delete, if all that
    /// there are after it are held.
    fn answers_after(&self, root: Seq, after: Seq, me: UserId) -> Option<u32> {
        let timeline = &self.timeline;
        let is_held = timeline.is_anchored() && timeline.base() <= after;
        let is_complete = is_held && timeline.last() >= self.known;
        let held = || {
            let rows = timeline.entries().rev();
            rows.take_while(|row| row.seq > Some(after))
        };
        let is_new = |row: &&Row| {
            let is_said = !row.is_out_of_sight() && row.content != Content::Deleted;
            row.under() == Some(root) && row.key.author != me && is_said
        };
        let count = if is_complete {
            held().filter(is_new).count()
        } else {
            let run = self.thread.as_ref().filter(|run| run.root() == root)?;
            run.after(after)?.filter(is_new).count()
        };
        u32::try_from(count).ok()
    }
}

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
        let is_open =
            |it: &Conversation| it.thread.as_ref().map(ThreadRun::root) == Some(page.root);
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
        }
        self.see_thread(id);
        self.fetches.want(id);
        self.rows_changed(id);
    }

    /// What is in the thread on screen counts as seen, if somebody looks.
    pub(super) fn see_thread(&mut self, id: ConversationId) {
        if self.drafts.hidden {
            return;
        }
        let Some(it) = self.conversations.get_mut(&id) else {
            return;
        };
        let Some((root, newest)) = it.thread.as_ref().map(|run| (run.root(), run.newest())) else {
            return;
        };
        // One that is opened again is not known yet.
        if newest > root && it.seen.see(root, newest) {
            self.rows_changed(id);
            self.keep_seen(id, root);
        }
    }

    /// The same when somebody looks again.
    pub(super) fn see_thread_again(&mut self) {
        if let Some(id) = self.open {
            self.see_thread(id);
        }
    }

    /// Stores how far a thread was seen, and tells the server of it, where it is beyond what was
    /// read.
    fn keep_seen(&mut self, conversation: ConversationId, root: Seq) {
        let it = self.conversations.get(&conversation);
        if it.is_some_and(|it| it.seen.untold(root, it.read()).is_some()) {
            let seq = root;
            self.seen_threads.seen(SavedPlace { conversation, seq });
            self.work.conversations.insert(conversation);
        }
    }

    /// What an earlier page could not tell.
    pub(super) fn see_restored(&mut self, id: ConversationId) {
        let it = self.conversations.get(&id);
        let roots = it.map(|it| it.seen.all_untold(it.read()));
        for root in roots.unwrap_or_default() {
            self.keep_seen(id, root);
        }
    }

    /// The server says how far threads were seen.
    pub(super) fn threads_there(&mut self, request: Option<u32>, threads: &[SeenThread]) {
        if let Some(request) = request {
            self.seen_threads.wishes.answered(request);
        }
        for SeenThread { root, seen } in threads {
            let id = root.conversation;
            let is_news = self.known(id).map(|it| it.seen.tell(root.seq, *seen));
            self.work.conversations.insert(id);
            if is_news == Some(true) {
                self.rows_changed(id);
            }
        }
    }

    /// The server does not take it: it stays here alone.
    pub(super) fn seen_refused(&mut self, root: SavedPlace) {
        if let Some(it) = self.conversations.get_mut(&root.conversation) {
            let seen = it.seen.get(root.seq);
            it.seen.tell(root.seq, seen);
            self.work.conversations.insert(root.conversation);
        }
    }

    /// What is to be told of threads now.
    pub(super) fn thread_frames(&mut self, now: Timestamp) -> Vec<ClientFrame> {
        for root in self.seen_threads.due(now) {
            let it = self.conversations.get(&root.conversation);
            if let Some(seen) = it.and_then(|it| it.seen.untold(root.seq, it.read())) {
                self.seen_threads.wishes.wish(root, seen);
            }
        }
        let wishes = &mut self.seen_threads.wishes;
        let requests = wishes.transmit(now, || self.fetches.number()).into_iter();
        let frames = requests.map(|(request, root, seen)| ClientFrame::SeeThread {
            request,
            thread: SeenThread { root, seen },
        });
        frames.collect()
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

    /// The answers to a message that others wrote and the reader has not seen: neither in the
    /// conversation, when they opened it, nor in the thread. None where the newest is their own.
    #[must_use]
    pub fn new_answers(&self, id: ConversationId, row: &Row) -> Option<NewAnswers> {
        let it = self.conversations.get(&id)?;
        let root = row.seq?;
        let Some(Thread::Root(answers)) = &row.marks.thread else {
            return None;
        };
        let divider = it.divider.filter(|divider| answers.last <= divider.until);
        let read = divider.map_or(it.read(), |divider| divider.after);
        let after = read.max(it.seen.get(root));
        let me = self.config.me;
        if answers.last <= after || answers.authors.first() == Some(&me) {
            return None;
        }
        match it.answers_after(root, after, me) {
            Some(0) => None,
            Some(count) => Some(NewAnswers::Counted(count)),
            None => Some(NewAnswers::Some),
        }
    }
}
