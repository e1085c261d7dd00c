//! How things are stored: as JSON under readable keys.
//!
//! The outbox and drafts outlive versions of this page, so their texts must stay readable; the
//! rest is a copy of what the server has, and is thrown away when it cannot be read.

use client::{
    DismissalWish, Draft, FolderWish, OutboxEntry, ReminderWish, SavedAnswer, SavedArrangement,
    SavedConversation, SavedDraft, SavedWish,
};
use protocol::limits::RESUME_POINTS;
use protocol::{ConversationId, Folder, FolderId, Message, PreferenceField, SavedPlace, Seq};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

/// The version of the database: of its stores, not of the texts in them.
pub(super) const VERSION: u32 = 1;

/// What the server has not answered for: entries, how conversations are to be arranged,
/// which messages are to be saved, reminders and folders. Also the folders that it has named, so
/// that what is written of them offline has its names.
pub(super) const OUTBOX: &str = "outbox";
/// What stands in composers.
pub(super) const DRAFTS: &str = "drafts";
/// The conversation list.
pub(super) const CONVERSATIONS: &str = "conversations";
/// The newest messages of the conversations last active.
pub(super) const MESSAGES: &str = "messages";

/// What only this device has.
pub(super) const OWN: [&str; 2] = [OUTBOX, DRAFTS];
/// What the server has too.
pub(super) const COPIES: [&str; 2] = [CONVERSATIONS, MESSAGES];
/// All stores.
pub(super) const STORES: &[&str] = &[OUTBOX, DRAFTS, CONVERSATIONS, MESSAGES];

/// A draft as it stands on the disk, with its conversation. What earlier versions wrote says
/// nothing of the server.
#[derive(Serialize, Deserialize)]
struct StoredDraft {
    #[serde(flatten)]
    draft: Draft,
    #[serde(default)]
    told: bool,
}

/// The text of a thing; `None` only for what has no JSON, which none of these is.
pub(super) fn encode<T: Serialize>(thing: &T) -> Option<String> {
    serde_json::to_string(thing).ok()
}

/// The things that can be read, and how many cannot.
fn decode<T: DeserializeOwned>(texts: &[String]) -> (Vec<T>, usize) {
    let things: Vec<T> = texts
        .iter()
        .filter_map(|text| serde_json::from_slice(text.as_bytes()).ok())
        .collect();
    let lost = texts.len() - things.len();
    (things, lost)
}

/// The key of a message: sorts by conversation, then by place.
pub(super) fn message_key(conversation: ConversationId, seq: Seq) -> String {
    format!("{conversation}/{:020}", seq.0)
}

/// The key of a wish: there is one for each field of a conversation. No entry has such a key.
pub(super) fn arrangement_key(conversation: ConversationId, field: PreferenceField) -> String {
    let field = match field {
        PreferenceField::Mute => "mute",
        PreferenceField::Archive => "archive",
        PreferenceField::Favourite => "favourite",
        PreferenceField::MarkUnread => "mark_unread",
        PreferenceField::Folder => "folder",
    };
    format!("arrange/{conversation}/{field}")
}

/// How conversations are to be arranged, among what else the outbox holds.
pub(super) fn arrangements(texts: &[String]) -> Vec<SavedArrangement> {
    decode(texts).0
}

/// The key of a wish of whether a message is saved. Nothing else has such a key.
pub(super) fn saved_key(place: SavedPlace) -> String {
    format!("save/{}", message_key(place.conversation, place.seq))
}

/// Which messages are to be saved, among what else the outbox holds.
pub(super) fn saved(texts: &[String]) -> Vec<SavedWish> {
    decode(texts).0
}

/// The key of a wish of a reminder. Nothing else has such a key.
pub(super) fn reminder_key(place: SavedPlace) -> String {
    format!("remind/{}", message_key(place.conversation, place.seq))
}

/// Which reminders are to be set or put aside, among what else the outbox holds.
pub(super) fn reminders(texts: &[String]) -> Vec<ReminderWish> {
    decode(texts).0
}

/// The key of a wish of what is to be deleted for the user alone. Nothing else has such a key.
pub(super) fn dismissal_key(place: SavedPlace) -> String {
    format!("dismiss/{}", message_key(place.conversation, place.seq))
}

/// What is to be deleted for the user alone, among what else the outbox holds.
pub(super) fn dismissals(texts: &[String]) -> Vec<DismissalWish> {
    decode(texts).0
}

/// The key of a wish of what a folder is called. Nothing else has such a key.
pub(super) fn folder_key(folder: FolderId) -> String {
    format!("folder/{folder}")
}

/// What folders are to be called, among what else the outbox holds.
pub(super) fn folder_wishes(texts: &[String]) -> Vec<FolderWish> {
    decode(texts).0
}

/// The key of the folders that the server has named.
pub(super) const FOLDERS_KEY: &str = "folders";

/// The folders that the server has named, as they stand on the disk.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct StoredFolders {
    folders: Vec<Folder>,
}

/// The text of the folders that the server has named; nothing where there are none.
pub(super) fn folders_text(folders: Vec<Folder>) -> Option<String> {
    (!folders.is_empty())
        .then_some(StoredFolders { folders })
        .as_ref()
        .and_then(encode)
}

/// The folders that the server has named, among what else the outbox holds.
pub(super) fn folders(texts: &[String]) -> Vec<Folder> {
    let stored = decode::<StoredFolders>(texts).0.into_iter();
    stored.flat_map(|it| it.folders).collect()
}

/// The outbox as it was stored. What cannot be read stays where it is.
pub(super) fn outbox(texts: &[String]) -> Vec<OutboxEntry> {
    decode(texts).0
}

/// What is to be stored of a draft: nothing where there is none and the server knows. That there
/// is none any more, and the server does not know, is a draft without words.
pub(super) fn draft(saved: &SavedDraft) -> Option<String> {
    if saved.told && saved.draft.is_none() {
        return None;
    }
    let empty = || Draft {
        text: String::new(),
        caret: 0,
        reply_to: None,
    };
    let draft = saved.draft.clone().unwrap_or_else(empty);
    let stored = StoredDraft {
        draft,
        told: saved.told,
    };
    encode(&(saved.conversation, stored))
}

/// The drafts as they were stored, and apart from them those that wait in the outbox already,
/// of which nothing is left: the page has ended between the two.
pub(super) fn drafts(
    texts: &[String],
    outbox: &[OutboxEntry],
) -> (Vec<SavedDraft>, Vec<SavedDraft>) {
    let stored: Vec<(ConversationId, StoredDraft)> = decode(texts).0;
    let (mut left, mut sent) = (Vec::new(), Vec::new());
    for (conversation, StoredDraft { draft, told }) in stored {
        let waits = outbox.iter().any(|entry| {
            entry.conversation == conversation
                && entry.text().map(str::trim) == Some(draft.text.trim())
        });
        let saved = SavedDraft {
            conversation,
            draft: Some(draft).filter(|draft| !waits && !draft.text.is_empty()),
            told: told && !waits,
        };
        if waits {
            sent.push(saved);
        } else {
            left.push(saved);
        }
    }
    (left, sent)
}

/// The key of what stands in the field of a thread. No draft has such a key.
pub(super) fn answer_key(root: SavedPlace) -> String {
    message_key(root.conversation, root.seq)
}

/// What is to be stored of it; nothing where nothing stands there.
pub(super) fn answer(saved: &SavedAnswer) -> Option<String> {
    let is_some = !saved.answer.is_empty();
    is_some.then_some(saved).and_then(encode)
}

/// What stood in the fields of threads, among the drafts.
pub(super) fn answers(texts: &[String]) -> Vec<SavedAnswer> {
    decode(texts).0
}

/// Copies of what the server has; nothing if any of it cannot be read, for then all of it was
/// written by another version, or if there is more than the client holds.
pub(super) fn copies(
    conversations: &[String],
    messages: &[String],
) -> Option<(Vec<SavedConversation>, Vec<Message>)> {
    let (conversations, lost) = decode::<SavedConversation>(conversations);
    let (messages, lost_too) = decode(messages);
    let fits = conversations.len() <= RESUME_POINTS;
    (fits && lost + lost_too == 0).then_some((conversations, messages))
}

#[cfg(test)]
mod tests {
    use super::*;
    use protocol::{Content, Intent, Marks, SendId, Timestamp, UserId};

    fn entry() -> OutboxEntry {
        OutboxEntry {
            send_id: SendId::from_bytes([1; 16]),
            conversation: ConversationId::from_bytes([2; 16]),
            intent: Intent::Text {
                text: "चाय? 👩‍👩‍👧".to_owned(),
                reply_to: Some(Seq(40)),
            },
            after: Seq(41),
            written_at: Timestamp::from_millis(1_700_000_000_000),
            order: 1_700_000_000_000 << 10,
        }
    }

    /// What version 1 wrote. These texts lie on people's devices: they may be read by other
    /// code, but the test must not be changed to follow it.
    const ENTRY: &str = r#"{"send_id":"0101010101010101010101010G","conversation":"0202020202020202020202020W","text":"hello","after":41,"written_at":1700000000000,"order":1740800000000000}"#;
    /// What it wrote of a message; there is another copy of it.
    const FIRST_MESSAGE: &str = r#"{"conversation":"0202020202020202020202020W","seq":1,"author":"0303030303030303030303031G","send_id":"04040404040404040404040420","sent_at":5,"content":{"text":"hello"}}"#;
    const DRAFT: &str = r#"["0202020202020202020202020W",{"text":"haan..","caret":6}]"#;

    #[test]
    fn what_waits_to_be_sent_survives_the_way_to_the_disk_and_back() {
        let text = encode(&entry()).unwrap();
        assert_eq!(outbox(&[text]), vec![entry()]);
    }

    /// They lie on people's devices too.
    const REMINDER: &str =
        r#"{"place":{"conversation":"02081040G2081040G2081040G2","seq":41},"remind_at":5}"#;
    const REMINDER_ASIDE: &str =
        r#"{"place":{"conversation":"02081040G2081040G2081040G2","seq":41},"remind_at":null}"#;

    #[test]
    fn wishes_and_entries_share_the_outbox_and_are_told_apart() {
        let saved = SavedArrangement {
            conversation: entry().conversation,
            change: protocol::Arrangement::Archive(Some(Seq(41))),
        };
        let place = SavedPlace {
            conversation: entry().conversation,
            seq: Seq(41),
        };
        let wish = SavedWish { place, on: true };
        let texts = [
            encode(&saved).unwrap(),
            encode(&entry()).unwrap(),
            encode(&wish).unwrap(),
            REMINDER.to_owned(),
            REMINDER_ASIDE.to_owned(),
        ];
        assert_eq!(super::saved(&texts), vec![wish]);
        let remind = |remind_at| ReminderWish { place, remind_at };
        let both = [remind(Some(Timestamp::from_millis(5))), remind(None)];
        assert_eq!(reminders(&texts), both);
        let key = "remind/02081040G2081040G2081040G2/00000000000000000041";
        assert_eq!(reminder_key(place), key);
        const SAVED: &str =
            r#"{"place":{"conversation":"02081040G2081040G2081040G2","seq":41},"on":true}"#;
        assert_eq!(super::saved(&[SAVED.to_owned()]), vec![wish]);
        let key = "save/02081040G2081040G2081040G2/00000000000000000041";
        assert_eq!(saved_key(place), key);
        assert_eq!(arrangements(&texts), vec![saved]);
        assert_eq!(outbox(&texts), vec![entry()]);
        // These lie on people's devices: the test must not be changed to follow the code.
        const WISH: &str =
            r#"{"conversation":"02081040G2081040G2081040G2","change":{"archive":41}}"#;
        assert_eq!(arrangements(&[WISH.to_owned()]), vec![saved]);
        let key = arrangement_key(saved.conversation, PreferenceField::Archive);
        assert_eq!(key, "arrange/02081040G2081040G2081040G2/archive");
    }

    #[test]
    fn folders_and_what_they_are_to_be_called_share_the_outbox_too() {
        let name = |text: &str| protocol::FolderName::parse(text).unwrap();
        let id = FolderId::from_bytes([2; 16]);
        let wish = |folder_name| FolderWish {
            folder: id,
            folder_name,
        };
        // These lie on people's devices: the test must not be changed to follow the code.
        const WISH: &str = r#"{"folder":"02081040G2081040G2081040G2","folder_name":"घर"}"#;
        const GONE: &str = r#"{"folder":"02081040G2081040G2081040G2","folder_name":null}"#;
        const TOLD: &str = r#"{"folders":[{"id":"02081040G2081040G2081040G2","name":"काम"}]}"#;
        let mut texts = [WISH, GONE, TOLD].map(str::to_owned).to_vec();
        texts.extend([encode(&entry()).unwrap(), REMINDER.to_owned()]);
        let wishes = [wish(Some(name("घर"))), wish(None)];
        assert_eq!(folder_wishes(&texts), wishes);
        assert_eq!(wishes.map(|wish| encode(&wish).unwrap()), [WISH, GONE]);
        let told = vec![Folder {
            id,
            name: name("काम"),
        }];
        assert_eq!(folders(&texts), told);
        assert_eq!(folders_text(told).as_deref(), Some(TOLD));
        assert_eq!(folders_text(Vec::new()), None);
        assert_eq!(outbox(&texts), vec![entry()]);
        assert!(arrangements(&texts).is_empty() && saved(&texts).is_empty());
        assert_eq!(reminders(&texts).len(), 1);
        assert_eq!(folder_key(id), "folder/02081040G2081040G2081040G2");
    }

    #[test]
    fn what_the_first_version_wrote_is_still_read() {
        let entries = outbox(&[ENTRY.to_owned()]);
        assert_eq!(entries.first().unwrap().text(), Some("hello"));
        let (drafts, _) = drafts(&[DRAFT.to_owned()], &entries);
        let first = drafts.first().unwrap();
        let draft = first.draft.as_ref().unwrap();
        assert_eq!((draft.caret, draft.reply_to), (6, None));
        assert!(!first.told, "it is sent");
    }

    fn kept(text: &str, told: bool) -> SavedDraft {
        let draft = Draft {
            text: text.to_owned(),
            caret: 0,
            reply_to: Some(Seq(4)),
        };
        SavedDraft {
            conversation: entry().conversation,
            draft: (!text.is_empty()).then_some(draft),
            told,
        }
    }

    #[test]
    fn a_message_that_waits_is_not_also_a_draft() {
        let entry = entry();
        let texts = [entry.text().unwrap(), "something else"];
        let texts = texts.map(|text| draft(&kept(text, true)).unwrap());
        let (left, sent) = drafts(&texts, &[entry]);
        assert_eq!(left, [kept("something else", true)]);
        assert_eq!(sent, [kept("", false)], "the server is told");
    }

    #[test]
    fn a_draft_comes_back_with_what_the_server_knows() {
        for saved in [kept("half", true), kept("half", false), kept("", false)] {
            let text = draft(&saved).unwrap();
            assert_eq!(drafts(&[text], &[]).0, [saved]);
        }
        assert_eq!(draft(&kept("", true)), None);
    }

    #[test]
    fn what_stands_in_a_thread_is_kept_beside_the_draft_of_its_conversation() {
        let conversation = entry().conversation;
        let seq = Seq(41);
        let saved = SavedAnswer {
            root: SavedPlace { conversation, seq },
            answer: "with cardamom".to_owned(),
        };
        assert_ne!(answer_key(saved.root), conversation.to_string());
        let texts = [draft(&kept("half", true)), answer(&saved)].map(Option::unwrap);
        assert_eq!(answers(&texts), std::slice::from_ref(&saved));
        assert_eq!(drafts(&texts, &[]).0, [kept("half", true)]);
        let nothing = SavedAnswer {
            answer: String::new(),
            ..saved
        };
        assert_eq!(answer(&nothing), None);
    }

    #[test]
    fn what_cannot_be_read_takes_no_other_entry_with_it() {
        let text = encode(&entry()).unwrap();
        assert_eq!(outbox(&["{}".to_owned(), text, String::new()]).len(), 1);
    }

    #[test]
    fn copies_of_another_version_are_worth_nothing() {
        let message = Message {
            conversation: ConversationId::from_bytes([2; 16]),
            seq: Seq(1),
            author: UserId::from_bytes([3; 16]),
            send_id: SendId::from_bytes([4; 16]),
            sent_at: Timestamp::from_millis(5),
            content: Content::Unavailable,
            marks: Marks::default(),
        };
        let text = encode(&message).unwrap();
        let read = copies(&[], std::slice::from_ref(&text)).unwrap();
        assert_eq!(read.1, vec![message]);
        let newer = text.replacen('{', r#"{"starred":true,"#, 1);
        for other in [FIRST_MESSAGE.to_owned(), newer] {
            assert_eq!(copies(&[], &[text.clone(), other]), None);
        }
    }

    #[test]
    fn keys_sort_like_places() {
        let id = ConversationId::from_bytes([2; 16]);
        let keys: Vec<String> = [1, 9, 10, 99, 1_000, u64::MAX]
            .map(|seq| message_key(id, Seq(seq)))
            .into();
        assert!(keys.is_sorted());
    }
}
