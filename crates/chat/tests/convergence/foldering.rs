//! People make folders, rename and delete them.

use client::Input;
use protocol::{Folder, FolderId, FolderName};

use crate::world::World;

impl World {
    /// Makes a folder, renames it or deletes it.
    pub(crate) fn call_folder(&mut self, device: usize) {
        let folder = FolderId::from_bytes([u8::from(self.chance(50)); 16]);
        let text = format!("folder {}", self.below(5));
        let name = FolderName::parse(&text).ok().filter(|_| self.chance(70));
        self.tally.folders += 1;
        self.say(|| {
            let device = &self.devices[device].name;
            format!("{device} calls {folder}: {name:?}")
        });
        self.step(device, Input::CallFolder { folder, name });
    }

    /// All devices show the folders that the server has, and store them so.
    pub(crate) fn compare_folders(&self) -> Result<(), String> {
        for device in &self.devices {
            let token = device.signed_in.access_token.clone();
            let kept = self.call(async |chat, now| {
                let actor = chat.authenticate(&token, now).await.unwrap();
                chat.folders(&actor).await.unwrap()
            });
            let kept = kept.unwrap();
            let (shown, stored) = (device.client.folders(), &device.disk.folders);
            if sorted(&shown) != sorted(&kept) || sorted(stored) != sorted(&kept) {
                let name = &device.name;
                return Err(format!(
                    "{name} shows {shown:?} and stores {stored:?} of {kept:?}"
                ));
            }
        }
        Ok(())
    }
}

fn sorted(folders: &[Folder]) -> Vec<Folder> {
    let mut folders = folders.to_vec();
    folders.sort_by_key(|folder| folder.id);
    folders
}
