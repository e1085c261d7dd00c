//! People answer in threads and look at them.

use client::{Input, Row};
use protocol::permission::Action;
use protocol::{ConversationId, ConversationSummary, Intent, Seq, Thread, ThreadPage};

use crate::world::World;

/// A thread as a device has shown it.
#[derive(Debug, Clone)]
pub(crate) struct ShownThread {
    pub(crate) conversation: ConversationId,
    pub(crate) root: Seq,
    pub(crate) rows: Vec<Row>,
}

impl World {
    /// An answer, mostly in a thread that there is.
    pub(crate) fn answer(
        &mut self,
        device: usize,
        summary: &ConversationSummary,
    ) -> Option<Intent> {
        let rows = self.devices[device].client.rows(summary.id);
        let threaded = rows.filter(|row| row.marks.thread.is_some());
        let threaded: Vec<Seq> = threaded.filter_map(|row| row.seq).collect();
        let at = self.below(threaded.len());
        let one = threaded.get(at).copied().filter(|_| !self.chance(20));
        let reply_to = match one {
            Some(seq) => seq,
            None => self.target(device, summary.id)?.seq,
        };
        let text = format!("an answer{}", self.address(summary));
        let reply_to = Some(reply_to);
        if !self.may(device, summary, Action::Send) {
            return None;
        }
        self.tally.answers += 1;
        Some(Intent::Text { text, reply_to })
    }

    /// The user looks at a thread, or asks for it once more.
    pub(crate) fn open_thread(&mut self, device: usize, conversation: ConversationId) {
        let roots = self.roots(device, conversation);
        let at = self.below(roots.len());
        let Some(root) = roots.get(at).copied() else {
            return;
        };
        self.say(|| format!("{} opens the thread of {root}", self.devices[device].name));
        self.step(device, Input::Open(conversation));
        self.show_thread(device, conversation, Some(root));
        self.read_thread(device, conversation);
    }

    fn show_thread(&mut self, device: usize, conversation: ConversationId, root: Option<Seq>) {
        let input = Input::OpenThread { conversation, root };
        self.step(device, input);
    }

    /// Places that have answers, as a device shows them.
    fn roots(&self, device: usize, id: ConversationId) -> Vec<Seq> {
        let rows = self.devices[device].client.rows(id);
        let roots = rows.filter(|row| matches!(row.marks.thread, Some(Thread::Root(_))));
        roots.filter_map(|row| row.seq).collect()
    }

    /// The newest page of the thread on screen is read, and comes later. Whether it was.
    fn read_thread(&mut self, device: usize, id: ConversationId) -> bool {
        let Some(state) = self.devices[device].client.thread(id) else {
            return false;
        };
        let token = self.devices[device].signed_in.access_token.clone();
        let call = self.call(async |chat, now| {
            let actor = chat.authenticate(&token, now).await?;
            chat.thread(&actor, id, state.root, None).await
        });
        let page: Option<ThreadPage> = call.and_then(Result::ok);
        let is_there = page.is_some();
        self.devices[device].thread_page = page;
        is_there
    }

    /// The page of a thread that was read is received.
    pub(crate) fn receive_thread(&mut self, device: usize) -> bool {
        let Some(page) = self.devices[device].thread_page.take() else {
            return false;
        };
        let before = None;
        self.step(device, Input::SeededThread { before, page });
        true
    }

    /// A thread on screen of which the device knows that it is not up to date is read again.
    pub(crate) fn renew_thread(&mut self, device: usize) -> bool {
        let received = self.receive_thread(device);
        let client = &self.devices[device].client;
        let is_old = |id: &ConversationId| {
            let state = client.thread(*id);
            state.is_some_and(|state| !state.loaded || state.stale)
        };
        let old = client.list().into_iter().find(is_old);
        received || old.is_some_and(|id| self.read_thread(device, id))
    }

    /// The thread on screen as it has followed what was heard.
    pub(crate) fn followed_threads(&self, device: usize) -> Vec<ShownThread> {
        let client = &self.devices[device].client;
        let threads = client.list().into_iter().filter_map(|id| {
            let state = client.thread(id)?;
            state.loaded.then(|| ShownThread {
                conversation: id,
                root: state.root,
                rows: client.thread_rows(id).cloned().collect(),
            })
        });
        threads.collect()
    }

    /// All threads of the conversation on screen, as they are read.
    pub(crate) fn look_at_threads(
        &mut self,
        device: usize,
        id: ConversationId,
    ) -> Result<Vec<ShownThread>, String> {
        let mut shown = Vec::new();
        for root in self.roots(device, id) {
            self.show_thread(device, id, Some(root));
            self.read_thread(device, id);
            self.receive_thread(device);
            let state = self.devices[device].client.thread(id);
            if !state.is_some_and(|state| state.loaded && !state.stale) {
                let name = &self.devices[device].name;
                return Err(format!("{name} reads nothing under {root} of {id}"));
            }
            shown.extend(self.followed_threads(device));
        }
        self.show_thread(device, id, None);
        self.tally.threads += shown.len() as u64;
        Ok(shown)
    }
}
