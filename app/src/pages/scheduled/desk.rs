//! What is done with messages that wait for their time.

use std::collections::BTreeSet;

use leptos::html::Dialog;
use leptos::prelude::*;
use leptos::task::spawn_local;
use protocol::{ErrorCode, Scheduled, SendId, Timestamp};

use super::{LIST_ID, focus_remaining};
use crate::api::ApiError;
use crate::api::scheduled::{schedule, send_scheduled, unschedule};
use crate::components::Later;
use crate::components::closed::why_closed;
use crate::format::excerpt;
use crate::i18n::{Texts, fill, texts};
use crate::live::{Live, time_now};
use crate::pages::system::explain;
use crate::ui::{Question, ask};

/// How much of a message stands in the question.
const EXCERPT_CHARS: usize = 80;
/// Milliseconds in which it is certainly over that a deletion can be undone.
const UNDO_MS: u64 = 60_000;

/// Everything that the parts of the page share.
#[derive(Clone, Copy)]
pub struct Desk {
    /// Everything live.
    pub(super) live: Live,
    t: &'static Texts,
    /// What is known of the list.
    pub(super) later: Option<Later>,
    /// What was deleted last, for a while.
    pub(super) deleted: RwSignal<Option<Scheduled>>,
    /// What may be deleted, though it could not be brought back.
    doomed: RwSignal<Option<Scheduled>>,
    /// The question whether it is.
    question: NodeRef<Dialog>,
    /// The message that is being changed.
    pub(super) changing: RwSignal<Option<SendId>>,
    /// What is being sent or deleted, or was.
    under_way: StoredValue<BTreeSet<SendId>>,
    /// Why the last thing asked for did not happen.
    pub(super) problem: RwSignal<Option<String>>,
}

impl Desk {
    /// In a page.
    pub(super) fn new(live: Live) -> Self {
        Self {
            live,
            t: texts(),
            later: Later::current(),
            deleted: RwSignal::new(None),
            doomed: RwSignal::new(None),
            question: NodeRef::new(),
            changing: RwSignal::new(None),
            under_way: StoredValue::new(BTreeSet::new()),
            problem: RwSignal::new(None),
        }
    }

    /// Carries out what was asked, and shows what became of it. `ended` hears whether it was
    /// done.
    pub(super) fn ask<F>(self, asking: F, ended: impl FnOnce(bool) + 'static)
    where
        F: Future<Output = Result<(), ApiError>> + 'static,
    {
        self.problem.set(None);
        let t = self.t;
        spawn_local(async move {
            let answer = asking.await;
            ended(answer.is_ok());
            if let Err(error) = answer {
                self.problem.try_set(Some(problem(t, &error)));
            }
            if let Some(later) = self.later {
                later.load();
            }
        });
    }

    /// Whether nothing is being done with a message yet; from now on something is.
    fn begin(self, id: SendId) -> bool {
        self.under_way.try_update_value(|ids| ids.insert(id)) == Some(true)
    }

    fn end(self, id: SendId) {
        self.under_way.try_update_value(|ids| ids.remove(&id));
    }

    /// Sends it before its time.
    pub(super) fn send_now(self, id: SendId) {
        if !self.begin(id) {
            return;
        }
        self.ask(send_scheduled(id), move |done| {
            if !done {
                self.end(id);
            }
        });
        focus_remaining(LIST_ID);
    }

    /// Deletes it, or asks first where it could not be brought back.
    pub(super) fn delete(self, message: Scheduled) {
        let me = self.live.me();
        let summary = self.live.conversation(message.conversation).summary;
        let writes = self.live.blocked().with_untracked(|blocked| {
            summary.with_untracked(|summary| {
                let summary = summary.as_ref();
                summary.is_some_and(|summary| why_closed(summary, me, blocked).is_none())
            })
        });
        if can_return(&message, writes, time_now()) {
            self.erase(message, true);
        } else {
            self.doomed.set(Some(message));
            ask(self.question);
        }
    }

    fn delete_doomed(self) {
        if let Some(message) = self.doomed.try_update(Option::take).flatten() {
            self.erase(message, false);
        }
    }

    fn erase(self, message: Scheduled, can_return: bool) {
        let id = message.id;
        if !self.begin(id) {
            return;
        }
        self.ask(unschedule(id), move |done| {
            if !done {
                self.end(id);
            } else if can_return {
                self.deleted.try_set(Some(message));
            }
        });
        focus_remaining(LIST_ID);
    }

    /// Schedules again what was deleted. Until the server has it, it can be tried again.
    pub(super) fn undo(self) {
        let Some(message) = self.deleted.try_update(Option::take).flatten() else {
            return;
        };
        let Some(text) = message.text.clone() else {
            return;
        };
        let body = text.body.as_str().to_owned();
        let (id, to) = (message.id, message.conversation);
        let again = schedule(id, to, body, text.reply_to, message.due);
        self.ask(again, move |done| {
            if done {
                self.end(id);
            } else {
                self.deleted.try_set(Some(message));
            }
        });
        focus_remaining(LIST_ID);
    }
}

/// Whether a message that is deleted now can be scheduled again for as long as that is offered.
/// `writes`: whether its author may write there.
fn can_return(message: &Scheduled, writes: bool, now: Timestamp) -> bool {
    let waits = message.text.is_some() && message.unsent.is_none();
    waits && writes && message.due > now.plus_millis(UNDO_MS)
}

/// What is said when something did not happen.
fn problem(t: &Texts, error: &ApiError) -> String {
    let l = t.later();
    match error.code {
        ErrorCode::NotFound => l.gone.to_owned(),
        ErrorCode::TimeOutOfRange => l.out_of_range.to_owned(),
        _ => explain(t, error),
    }
}

/// The question before what cannot be undone.
pub(super) fn ask_delete(desk: Desk) -> impl IntoView {
    let t = texts();
    let text = move || {
        desk.doomed.with(|message| match message {
            Some(Scheduled {
                text: Some(text), ..
            }) => {
                let text = excerpt(text.body.as_str(), EXCERPT_CHARS);
                fill(t.delete_unsent, &[("text", &text)])
            }
            _ => t.later().unreadable.to_owned(),
        })
    };
    view! {
        <Question
            node=desk.question
            name="delete-scheduled"
            title=t.delete_title
            text=Signal::derive(text)
            answer=t.delete
            yes=move || desk.delete_doomed()
        />
    }
}

#[cfg(test)]
mod tests {
    use protocol::{ConversationId, MessageBody};

    use super::*;
    use crate::i18n::Locale;

    #[test]
    fn what_could_not_be_scheduled_again_is_asked_about() {
        let now = Timestamp::from_millis(1_000);
        let message = Scheduled {
            id: SendId::from_bytes([1; 16]),
            conversation: ConversationId::from_bytes([2; 16]),
            due: now.plus_millis(UNDO_MS + 1),
            text: Some(MessageBody::parse("Rent").unwrap().into()),
            unsent: None,
        };
        assert!(can_return(&message, true, now));
        // May not write there, is due too soon, was due, cannot be read.
        assert!(!can_return(&message, false, now));
        assert!(!can_return(&message, true, now.plus_millis(1)));
        let unsent = Some(protocol::Unsent::NotFound);
        for lost in [
            Scheduled {
                unsent,
                ..message.clone()
            },
            Scheduled {
                text: None,
                ..message
            },
        ] {
            assert!(!can_return(&lost, true, now));
        }
    }

    #[test]
    fn what_did_not_happen_is_explained() {
        let t = Locale::En.texts();
        let said = |code| problem(t, &ApiError::new(code));
        assert_eq!(said(ErrorCode::NotFound), t.later().gone);
        assert_eq!(said(ErrorCode::TimeOutOfRange), t.later().out_of_range);
        assert_eq!(said(ErrorCode::Forbidden), t.error(ErrorCode::Forbidden));
    }
}
