//! Reminders of messages: what is known of them here, when one is wanted, and those that have
//! come.

pub mod due;
pub mod when;

use std::collections::BTreeSet;

use leptos::html::Input;
use leptos::prelude::*;
use leptos::task::spawn_local;
use protocol::{ErrorCode, Reminder, SavedPlace, Timestamp};

use super::later::times::{Suggestion, reminder_suggestions, suggested_now};
use crate::api::ApiError;
use crate::api::reminders::{ReminderItems, list_reminders};
use crate::components::returning::ReturningDialog;
use crate::components::spoken::Spoken;
use crate::i18n::{Locale, Texts, fill, locale, texts};
use crate::live::{Live, time_now};
use crate::pages::hit::{Whereabouts, placed};
use crate::ui::TimeStyle;

pub use due::DueReminders;
pub use when::RemindDialog;

/// What is known and what is asked, in the context of the signed-in pages.
#[derive(Clone, Copy)]
pub struct Reminding {
    live: Live,
    /// The messages, as the server last said.
    pub items: RwSignal<Option<ReminderItems>>,
    /// Why they could not be asked for.
    pub failed: RwSignal<Option<ApiError>>,
    /// Counts what was asked, so that a late answer is dropped.
    asked: StoredValue<u32>,
    /// What was said to the reader already.
    told: StoredValue<BTreeSet<(SavedPlace, Timestamp)>>,
    /// The message that a time is being chosen for.
    place: RwSignal<Option<SavedPlace>>,
    dialog: ReturningDialog,
    field: NodeRef<Input>,
    suggested: RwSignal<Vec<(Suggestion, Timestamp)>>,
    problem: RwSignal<Option<String>>,
    spoken: Spoken,
    // Whatever answers an event has no context to ask for them.
    t: &'static Texts,
    locale: RwSignal<Locale>,
}

impl Reminding {
    /// Puts it into the context, and asks for the messages whenever a reminder is another.
    pub fn provide(live: Live) -> Self {
        let reminding = Self {
            live,
            items: RwSignal::new(None),
            failed: RwSignal::new(None),
            asked: StoredValue::new(0),
            told: StoredValue::new(BTreeSet::new()),
            place: RwSignal::new(None),
            dialog: ReturningDialog::new(),
            field: NodeRef::new(),
            suggested: RwSignal::new(Vec::new()),
            problem: RwSignal::new(None),
            spoken: Spoken::current(),
            t: texts(),
            locale: locale(),
        };
        provide_context(reminding);
        let news = live.reminder_news();
        let list = Memo::new(move |_| news.with(|news| news.list.clone()));
        Effect::new(move |_| {
            if list.with(|list| !list.is_empty()) {
                reminding.load();
            }
        });
        // What was wished a moment ago is not among what the server knows. When it has answered, the
        // list is as it was, and the message is not known yet.
        Effect::new(move |_| {
            let is_unknown = |reminder: &Reminder| {
                reminding.items.with_untracked(|items| {
                    let items = items.as_ref().map(|items| &items.items);
                    items.is_some_and(|items| {
                        items.iter().all(|it| it.reminder.place != reminder.place)
                    })
                })
            };
            if news.with(|news| news.list.iter().any(is_unknown)) {
                reminding.load();
            }
        });
        let refused = Memo::new(move |_| news.with(|news| news.refused));
        Effect::new(move |_| {
            if let Some(code) = refused.get() {
                reminding.spoken.warn(&not_set(reminding.t, code));
            }
        });
        reminding
    }

    /// From the context.
    #[must_use]
    pub fn current() -> Option<Self> {
        use_context()
    }

    /// Asks the server what the messages say now.
    fn load(self) {
        let number = self.asked.try_update_value(|asked| {
            *asked = asked.wrapping_add(1);
            *asked
        });
        spawn_local(async move {
            let answer = list_reminders().await;
            if self.asked.try_get_value() != number {
                return;
            }
            match answer {
                Ok(items) => {
                    self.failed.set(None);
                    self.items.set(Some(items));
                }
                Err(error) => self.failed.set(Some(error)),
            }
            self.say_due();
        });
    }

    /// Says what has come, each once.
    fn say_due(self) {
        for reminder in self.due() {
            let is_new = self
                .told
                .try_update_value(|told| told.insert((reminder.place, reminder.at)));
            if is_new == Some(true) {
                let r = self.t.reminders();
                let said = untrack(|| self.said(reminder.place));
                let text = said
                    .map(|(at, text)| fill(r.due_named, &[("title", &at.title), ("text", &text)]));
                self.spoken.alert(text.as_deref().unwrap_or(r.due));
            }
        }
    }

    /// The reminders that have come, the earliest first.
    fn due(self) -> Vec<Reminder> {
        let news = self.live.reminder_news();
        news.with_untracked(|news| {
            let due = news.list.iter().filter(|it| it.due);
            due.copied().collect()
        })
    }

    /// Where a message is and how it begins, if that is known.
    #[must_use]
    pub fn said(self, place: SavedPlace) -> Option<(Whereabouts, String)> {
        let me = self.live.me();
        self.items
            .with(|items| said(items.as_ref()?, place, (me, self.t)))
    }

    /// Asks when to be reminded of a message. What asks is gone by the time the dialog closes;
    /// `back` puts the focus in its place.
    pub fn ask(self, place: SavedPlace, back: impl Fn() + Send + Sync + 'static) {
        self.place.set(Some(place));
        self.problem.set(None);
        let suggested = suggested_now(reminder_suggestions, time_now());
        self.suggested.set(suggested);
        self.dialog.open(back);
    }

    fn choose(self, at: Timestamp) {
        if let Some(place) = self.place.get_untracked() {
            self.live.remind(place, Some(at));
            let time = TimeStyle::DateAndClock.in_browser(at, self.locale.get_untracked());
            let said = fill(self.t.reminders().now_set, &[("time", &time)]);
            self.spoken.tell(&said);
        }
        self.dialog.close();
    }
}

/// Where a message is and how it begins, if these name it.
#[must_use]
pub fn said(
    items: &ReminderItems,
    place: SavedPlace,
    reader: (protocol::UserId, &Texts),
) -> Option<(Whereabouts, String)> {
    let item = items.items.iter().find(|it| it.reminder.place == place)?;
    let known = (&*items.conversations, &*items.people);
    placed(item.said.as_ref()?, place.conversation, known, reader)
}

/// What is said when a reminder could not be set.
fn not_set(t: &Texts, code: ErrorCode) -> String {
    let r = t.reminders();
    match code {
        ErrorCode::TooMany => r.full.to_owned(),
        code => fill(r.not_set, &[("reason", t.error(code))]),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_refusal_says_what_is_to_be_done() {
        let t = Locale::En.texts();
        assert_eq!(not_set(t, ErrorCode::TooMany), t.reminders().full);
        let gone = not_set(t, ErrorCode::NotFound);
        assert!(gone.ends_with(t.error(ErrorCode::NotFound)), "{gone}");
    }
}
