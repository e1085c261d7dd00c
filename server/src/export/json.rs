//! The form for programs; docs/export.md describes it.

use std::collections::HashMap;

use chat::{Exported, Part};
use protocol::{FolderId, FolderName, Person, UserId};
use serde_json::{Value, json};

use super::Form;

/// The number of this form. It changes when something that was there means something else.
const VERSION: u32 = 1;

/// JSON that is written piece by piece.
#[derive(Default)]
pub(super) struct Json {
    conversations: u64,
    members: u64,
    messages: u64,
    names: HashMap<UserId, Person>,
    folders: HashMap<FolderId, FolderName>,
}

impl Form for Json {
    fn begin(&mut self, about: &Exported) -> String {
        let folders = about.folders.iter();
        self.folders = folders.map(|it| (it.id, it.name.clone())).collect();
        let person = &about.account.person;
        let profile = json!({
            "id": person.id,
            "username": person.username,
            "display_name": person.display_name,
            "email": about.account.email,
        });
        let sessions = about.sessions.iter().map(|session| {
            json!({
                "device": session.device,
                "created_at": session.created_at,
                "refreshed_at": session.refreshed_at,
                "current": session.current,
            })
        });
        let sessions = Value::Array(sessions.collect());
        let own = json!({
            "blocked": about.blocked,
            "privacy": about.privacy,
            "standing": about.profile,
            "saved": about.saved.iter().map(|saved| {
                json!({
                    "conversation": saved.place.conversation,
                    "seq": saved.place.seq,
                    "saved_at": saved.saved_at,
                })
            }).collect::<Value>(),
            "reminders": about.reminders.iter().map(|reminder| {
                json!({
                    "conversation": reminder.place.conversation,
                    "seq": reminder.place.seq,
                    "at": reminder.at,
                    "due": reminder.due,
                })
            }).collect::<Value>(),
            "drafts": about.drafts,
            "folders": about.folders,
            "scheduled": about.scheduled,
        });
        let own = own.to_string();
        // They stand beside the others, not in an object of their own.
        let own = own.strip_prefix('{').and_then(|own| own.strip_suffix('}'));
        let own = own.unwrap_or_default();
        format!(
            "{{\"format\":\"baatcheet-export\",\"version\":{VERSION},\"exported_at\":{},\
             \"profile\":{profile},\"sessions\":{sessions},\n{own},\n\"conversations\":[",
            about.at.millis(),
        )
    }

    fn part(&mut self, part: &Part) -> String {
        match part {
            Part::Conversation(summary) => {
                let folder = summary.preferences.folder;
                let folder = folder.and_then(|id| self.folders.get(&id));
                let head = json!({
                    "id": summary.id,
                    "kind": summary.kind,
                    "title": summary.title,
                    "description": summary.description,
                    "created_at": summary.created_at,
                    "folder": folder,
                });
                // Its members and messages follow inside of it.
                let head = head.to_string();
                let open = head.strip_suffix('}').unwrap_or(&head);
                let comma = comma(&mut self.conversations);
                (self.members, self.messages) = (0, 0);
                format!("{comma}\n{open},\n\"members\":[")
            }
            Part::Members(members) => {
                let mut text = String::new();
                for member in members {
                    let row = json!({
                        "id": member.person.id,
                        "username": member.person.username,
                        "display_name": member.person.display_name,
                        "role": member.role,
                    });
                    text.push_str(comma(&mut self.members));
                    text.push_str(&row.to_string());
                }
                text
            }
            Part::Messages { messages, people } => {
                self.names = people.iter().map(|p| (p.id, p.clone())).collect();
                let mut text = self.begin_messages().to_owned();
                for message in messages {
                    // Message serialises: its own tests write it as JSON.
                    let mut row = serde_json::to_value(message).unwrap_or_default();
                    let author = self.names.get(&message.author);
                    let name = json!(author.map(|person| &person.display_name));
                    if let Some(fields) = row.as_object_mut() {
                        fields.insert("author_name".to_owned(), name);
                    }
                    let first = self.messages == 1;
                    text.push_str(if first { "\n" } else { ",\n" });
                    self.messages += 1;
                    text.push_str(&row.to_string());
                }
                text
            }
            Part::End { whole } => {
                let between = self.begin_messages();
                format!("{between}],\"whole\":{whole}}}")
            }
        }
    }

    fn end(&mut self) -> String {
        "\n]}\n".to_owned()
    }
}

impl Json {
    /// From the members to the messages, once.
    fn begin_messages(&mut self) -> &'static str {
        if self.messages > 0 {
            return "";
        }
        self.messages = 1;
        "],\n\"messages\":["
    }
}

/// What stands before the next of several.
fn comma(count: &mut u64) -> &'static str {
    *count += 1;
    if *count > 1 { "," } else { "" }
}
