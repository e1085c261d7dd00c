//! Threads: what an answer does to the root of its thread, and reading a thread by the exact
//! places of its answers (docs/decisions/0026-threads.md).

use std::sync::Arc;

use protocol::limits::THREAD_PAGE;
use protocol::permission::Action;
use protocol::{Content, ConversationId, ErrorCode, Message, Seq, ThreadPage, UserId};

use crate::engine::{Engine, guarded};
use crate::{Actor, Chat, ChatError};

impl Chat {
    /// The newest answers in a thread before `before`, or the newest of all, with the root. A
    /// message that nobody has answered is the root of a thread without answers.
    ///
    /// # Errors
    /// `Refused(NotFound)` if there is nothing of it that the actor may read; `Store`.
    pub async fn thread(
        &self,
        actor: &Actor,
        conversation: ConversationId,
        root: Seq,
        before: Option<Seq>,
    ) -> Result<ThreadPage, ChatError> {
        let place = (conversation, root);
        self.engine.thread(actor.user(), place, before).await
    }
}

impl Engine {
    async fn thread(
        self: &Arc<Self>,
        user: UserId,
        (conversation, root): (ConversationId, Seq),
        before: Option<Seq>,
    ) -> Result<ThreadPage, ChatError> {
        let readable = self.with(conversation, |log, fixed| {
            let member = log.permit(user, Action::Read)?;
            if root == Seq::ZERO || root > log.committed {
                return Err(ErrorCode::NotFound.into());
            }
            Ok((Arc::clone(fixed), member.clone(), log.committed))
        });
        let (fixed, member, last_seq) = readable.await?;
        let (joined_after, dismissals) = (member.joined_after, member.dismissals());
        let until = before.map_or(last_seq, |before| before.prev().min(last_seq));
        let threads = self.store.threads();
        let found = threads.answers(conversation, root, until, THREAD_PAGE + 1);
        let mut places = guarded(found).await?;
        places.retain(|seq| *seq > joined_after);
        let more = places.len() > THREAD_PAGE;
        places.truncate(THREAD_PAGE);
        let has_answers = !places.is_empty();
        places.extend((root > joined_after).then_some(root));
        let entries = self.read_places(conversation, &fixed, &places).await?;
        let told = entries
            .into_iter()
            .map(|it| dismissals.told(it.message, user, joined_after));
        let (mut roots, mut answers): (Vec<Message>, Vec<Message>) =
            told.partition(|message| message.seq == root);
        answers.sort_unstable_by_key(|message| message.seq);
        let message = roots.pop().filter(is_root);
        if message.is_none() && !has_answers {
            return Err(ErrorCode::NotFound.into());
        }
        Ok(ThreadPage {
            conversation,
            root,
            message,
            answers,
            more,
            last_seq,
        })
    }
}

/// Whether a message is, or may become, a root. One that cannot be read is one if it has answers.
fn is_root(message: &Message) -> bool {
    message.root() == Some(message.seq) || matches!(message.content, Content::Unavailable)
}
