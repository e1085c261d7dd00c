//! What people have begun to write.

use client::Draft;

use crate::world::World;

impl World {
    /// All devices of an account show the same draft of each conversation, and store it so.
    pub(crate) fn compare_drafts(&self) -> Result<(), String> {
        for device in &self.devices {
            let others = self.devices.iter().filter(|other| other.me == device.me);
            for conversation in device.client.list() {
                let text = |draft: &Draft| draft.text.clone();
                let mine = device.client.draft_of(conversation).map(text);
                for other in others.clone() {
                    let theirs = other.client.draft_of(conversation).map(text);
                    if mine != theirs {
                        let (name, other) = (&device.name, &other.name);
                        return Err(format!("{name}: {mine:?}, {other}: {theirs:?}"));
                    }
                }
                let stored = device.disk.drafts.get(&conversation);
                let stored = stored.and_then(|saved| saved.draft.as_ref()).map(text);
                if mine != stored {
                    let name = &device.name;
                    return Err(format!("{name}: {mine:?} is stored as {stored:?}"));
                }
            }
        }
        Ok(())
    }
}
