//! What an account keeps for itself.

use proptest::collection::vec;
use proptest::option;
use proptest::prelude::*;
use protocol::{
    Availability, ClientFrame, CustomStatus, Dismissal, Dismissed, DraftBody, DraftText, Emoji,
    Folder, FolderId, FolderName, Reminder, SavedPlace, SeenThread, Seq, ServerFrame, StatusText,
};

use super::{conversation, seq, timestamp};

pub(super) fn draft() -> impl Strategy<Value = DraftText> {
    ("[a-zक-ह \n]{0,20}[a-z]", option::of(seq())).prop_map(|(text, reply_to)| DraftText {
        text: DraftBody::parse(&text).expect("a draft"),
        reply_to,
    })
}

pub(super) fn folder_id() -> impl Strategy<Value = FolderId> {
    any::<[u8; 16]>().prop_map(FolderId::from_bytes)
}

fn folder() -> impl Strategy<Value = Folder> {
    (folder_id(), "[a-zक-ह]{1,20}").prop_map(|(id, name)| Folder {
        id,
        name: FolderName::parse(&name).expect("a name"),
    })
}

pub(super) fn folder_asked() -> impl Strategy<Value = ClientFrame> {
    (any::<u32>(), folder_id(), ".{0,20}").prop_map(|(request, folder, name)| ClientFrame::Folder {
        request,
        folder,
        name,
    })
}

pub(super) fn folder_told() -> impl Strategy<Value = ServerFrame> {
    prop_oneof![
        (any::<Option<u32>>(), folder(), any::<bool>()).prop_map(|(request, folder, is_some)| {
            ServerFrame::Folder {
                request,
                folder: folder.id,
                name: is_some.then_some(folder.name),
            }
        }),
        vec(folder(), 0..20).prop_map(|folders| ServerFrame::Folders { folders }),
    ]
}

pub(super) fn saved_place() -> impl Strategy<Value = SavedPlace> {
    (conversation(), seq()).prop_map(|(conversation, seq)| SavedPlace { conversation, seq })
}

pub(super) fn dismissal() -> impl Strategy<Value = Dismissal> {
    prop_oneof![
        Just(Dismissal::This),
        Just(Dismissal::ThisAndBefore),
        Just(Dismissal::Show),
    ]
}

pub(super) fn dismissed() -> impl Strategy<Value = Dismissed> {
    vec((1..1_000u64, dismissal()), 0..20).prop_map(|steps| {
        let mut dismissed = Dismissed::default();
        for (seq, dismissal) in steps {
            dismissed.apply(Seq(seq), dismissal).expect("room");
        }
        dismissed
    })
}

pub(super) fn status() -> impl Strategy<Value = CustomStatus> {
    let emoji = prop::sample::select(vec!["🌙", "🚌"]);
    let emoji = emoji.prop_filter_map("an emoji", |text| Emoji::parse(text).ok());
    let text = ".{1,20}".prop_filter_map("a text", |text| StatusText::parse(&text).ok());
    (option::of(emoji), option::of(text), option::of(timestamp()))
        .prop_filter_map("a status", |(emoji, text, until)| {
            CustomStatus::new(emoji, text, until).ok()
        })
}

pub(super) fn availability() -> impl Strategy<Value = Availability> {
    prop_oneof![
        Just(Availability::Automatic),
        option::of(timestamp()).prop_map(|until| Availability::Busy { until }),
        Just(Availability::Invisible),
    ]
}

pub(super) fn reminder() -> impl Strategy<Value = Reminder> {
    (saved_place(), timestamp(), any::<bool>()).prop_map(|(place, at, due)| Reminder {
        place,
        at,
        due,
    })
}

fn seen_thread() -> impl Strategy<Value = SeenThread> {
    (saved_place(), seq()).prop_map(|(root, seen)| SeenThread { root, seen })
}

pub(super) fn thread_asked() -> impl Strategy<Value = ClientFrame> {
    (any::<u32>(), seen_thread())
        .prop_map(|(request, thread)| ClientFrame::SeeThread { request, thread })
}

pub(super) fn threads_told() -> impl Strategy<Value = ServerFrame> {
    (any::<Option<u32>>(), vec(seen_thread(), 0..20))
        .prop_map(|(request, threads)| ServerFrame::ThreadsSeen { request, threads })
}
