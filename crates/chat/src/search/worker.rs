//! The one task that keeps the indexes.

use std::sync::Arc;

use protocol::{ConversationId, ErrorCode, Seq};

use super::indexer::{Work, step};
use super::queue::Task;
use crate::ChatError;
use crate::engine::{Engine, guarded};

/// The worker; ends when the queue is stopped.
pub(crate) async fn work(engine: Arc<Engine>) {
    let queue = &engine.index.queue;
    while let Some(task) = queue.next(|| engine.committer.is_quiet()).await {
        let id = task.conversation();
        let outcome = match &task {
            Task::Follow(_) => guarded(step(&engine, id)).await.map(Some),
            Task::Mend(_, places) => {
                let mended = guarded(mend(&engine, id, places)).await;
                mended.map(|()| None)
            }
        };
        match (outcome, task) {
            (Ok(Some(step)), _) => queue.done(id, &step),
            (Ok(None), Task::Mend(_, places)) => queue.mended(id, &places),
            // It was erased meanwhile.
            (Ok(None), Task::Follow(_)) | (Err(ChatError::Refused(ErrorCode::NotFound)), _) => {
                engine.index.cursors.remove(&id);
                queue.gone(id);
            }
            (Err(error), _) => {
                tracing::warn!(%error, conversation = %id, "cannot be indexed now");
                engine.index.cursors.remove(&id);
                queue.failed(id);
            }
        }
    }
}

/// Writes anew what the index says of some messages, ahead of what it has not followed yet.
async fn mend(
    engine: &Arc<Engine>,
    id: ConversationId,
    places: &[(Seq, Seq)],
) -> Result<(), ChatError> {
    let fixed = engine.with(id, |_, fixed| Ok(Arc::clone(fixed))).await?;
    let cursor = engine.index_cursor(id).await?;
    let mut work = Work {
        engine,
        id,
        fixed,
        cursor,
    };
    let places = places.iter().map(|(place, _)| *place);
    work.mend(&places.filter(|seq| *seq <= cursor.built_to).collect())
        .await
}
