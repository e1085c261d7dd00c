//! Folders in which people keep conversations together: stored durably, then told to all
//! connections of the account. Nobody else learns of them (docs/decisions/0035-folders.md). In
//! which one a conversation is is one of its preferences ([`crate::ArrangeCommand`]).

use std::sync::Arc;

use bytes::Bytes;
use protocol::limits::FOLDERS;
use protocol::{ErrorCode, Folder, FolderId, FolderName, ServerFrame, Timestamp, UserId};

use crate::engine::{Engine, guarded};
use crate::store::FolderRecord;
use crate::{Actor, Chat, ChatError, ConnectionId};

/// What is to become of a folder.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FolderCommand {
    /// The number of its answer.
    pub request: u32,
    /// Which.
    pub folder: FolderId,
    /// What it is called from now on; `None` deletes it.
    pub name: Option<FolderName>,
}

impl Chat {
    /// Makes a folder of the actor, renames it or deletes it. When that is stored, every
    /// connection of theirs is told; the one that asked gets the answer in the same place of its
    /// queue.
    ///
    /// # Errors
    /// `Refused(TooMany)`; `RateLimited`; `Store`.
    pub async fn set_folder(
        &self,
        actor: &Actor,
        connection: ConnectionId,
        command: FolderCommand,
        now: Timestamp,
    ) -> Result<(), ChatError> {
        self.accounts.check_arrange(actor.user(), now)?;
        let (engine, user) = (Arc::clone(&self.engine), actor.user());
        // In a task of its own: what is stored is told also if the caller is gone by then.
        let setting =
            tokio::spawn(async move { engine.set_folder(user, connection, command).await });
        setting.await.unwrap_or_else(|error| {
            tracing::error!(%error, "changing a folder ended early");
            Err(ErrorCode::Internal.into())
        })
    }

    /// The actor's folders, sorted by name.
    ///
    /// # Errors
    /// `Store`.
    pub async fn folders(&self, actor: &Actor) -> Result<Vec<Folder>, ChatError> {
        let (engine, user) = (&self.engine, actor.user());
        let _turn = engine.arranging.turn(user).await;
        let mut folders = engine.folders_in_turn(user).await?;
        folders.sort_by(|a, b| a.name.as_str().cmp(b.name.as_str()));
        Ok(folders)
    }
}

impl Engine {
    async fn set_folder(
        &self,
        user: UserId,
        connection: ConnectionId,
        command: FolderCommand,
    ) -> Result<(), ChatError> {
        let FolderCommand {
            request,
            folder,
            name,
        } = command;
        let _turn = self.own_turn(user).await?;
        let own = self.folders_in_turn(user).await?;
        match decide(&own, folder, name.as_ref())? {
            Step::Put(name) => self.put_folder(user, folder, name).await?,
            Step::Delete => {
                let deleted = self.store.folders().delete(user, folder);
                self.written(user, deleted).await?;
            }
            Step::Nothing => {}
        }
        let frame = |request| ServerFrame::Folder {
            request,
            folder,
            name: name.clone(),
        };
        let answer = (connection, &frame(Some(request)));
        self.hub.delivery().answer(user, &frame(None), answer);
        Ok(())
    }

    async fn put_folder(
        &self,
        user: UserId,
        id: FolderId,
        name: &FolderName,
    ) -> Result<(), ChatError> {
        let keys = &self.keys;
        let sealed = keys.seal_folder(user.to_bytes(), id.to_bytes(), name.as_str());
        let sealed = sealed.map_err(ChatError::security)?;
        let sealed = Bytes::from(sealed);
        let record = FolderRecord { user, id, sealed };
        self.written(user, self.store.folders().put(&record)).await
    }

    /// The folders of an account whose turn is held, in any order. One whose name cannot be
    /// opened is none.
    pub(crate) async fn folders_in_turn(&self, user: UserId) -> Result<Vec<Folder>, ChatError> {
        let all = guarded(self.store.folders().of(user)).await?;
        Ok(all.iter().filter_map(|it| self.opened_folder(it)).collect())
    }

    fn opened_folder(&self, record: &FolderRecord) -> Option<Folder> {
        let FolderRecord { user, id, sealed } = record;
        let name = self
            .keys
            .open_folder(user.to_bytes(), id.to_bytes(), sealed);
        match name.ok().and_then(|name| FolderName::parse(&name).ok()) {
            Some(name) => Some(Folder { id: *id, name }),
            None => {
                tracing::error!(%user, folder = %id, "the name of a folder cannot be opened");
                None
            }
        }
    }
}

/// What is to be written.
#[derive(Debug, PartialEq, Eq)]
enum Step<'a> {
    Put(&'a FolderName),
    Delete,
    Nothing,
}

/// Decides what a change writes, given all folders of the account. The name that it has already
/// is a repetition.
fn decide<'a>(
    own: &[Folder],
    id: FolderId,
    name: Option<&'a FolderName>,
) -> Result<Step<'a>, ErrorCode> {
    let Some(name) = name else {
        return Ok(Step::Delete);
    };
    let was = own.iter().find(|folder| folder.id == id);
    match was {
        Some(was) if was.name == *name => Ok(Step::Nothing),
        None if own.len() >= FOLDERS => Err(ErrorCode::TooMany),
        _ => Ok(Step::Put(name)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn id(number: u8) -> FolderId {
        FolderId::from_bytes([number; 16])
    }

    fn name(text: &str) -> FolderName {
        FolderName::parse(text).unwrap()
    }

    fn folder(number: u8) -> Folder {
        Folder {
            id: id(number),
            name: name("Ghar"),
        }
    }

    #[test]
    fn a_folder_is_made_renamed_and_deleted_and_a_repetition_writes_nothing() {
        let (ghar, kaam) = (name("Ghar"), name("Kaam"));
        let own = [folder(1)];
        assert_eq!(decide(&[], id(1), Some(&ghar)), Ok(Step::Put(&ghar)));
        assert_eq!(decide(&own, id(1), Some(&ghar)), Ok(Step::Nothing));
        assert_eq!(decide(&own, id(1), Some(&kaam)), Ok(Step::Put(&kaam)));
        // Two may be called the same.
        assert_eq!(decide(&own, id(2), Some(&ghar)), Ok(Step::Put(&ghar)));
        assert_eq!(decide(&own, id(1), None), Ok(Step::Delete));
        // Also where its name cannot be read.
        assert_eq!(decide(&[], id(1), None), Ok(Step::Delete));
    }

    #[test]
    fn there_is_room_for_so_many() {
        let own: Vec<_> = (0..).take(FOLDERS).map(folder).collect();
        let kaam = name("Kaam");
        let further = decide(&own, id(200), Some(&kaam));
        assert_eq!(further, Err(ErrorCode::TooMany));
        let renamed = decide(&own, id(3), Some(&kaam));
        assert_eq!(renamed, Ok(Step::Put(&kaam)));
        assert!(decide(&own[1..], id(200), Some(&kaam)).is_ok());
    }
}
