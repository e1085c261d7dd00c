//! One's reminders: those that have come, and those that wait.
//!
//! The list and putting one aside work without script; another time needs the reader's calendar,
//! and so script.

pub mod row;

use leptos::prelude::*;
use protocol::{Reminder, UserId};

use crate::api::ApiError;
use crate::api::loading::{Loaded, load_first};
use crate::api::reminders::{ReminderItems, list_reminders};
use crate::components::reminding::said;
use crate::components::{Reminding, UndoLine};
use crate::i18n::{Texts, texts};
use crate::live::{Live, ReminderNews};
use crate::pages::hit::Whereabouts;
use crate::pages::scheduled::focus_remaining;
use crate::pages::sheet::Sheet;
use crate::pages::system::explain;
use crate::ui::{Glyph, Icon, PageTitle};
use row::ReminderRow;

/// The way here.
pub const REMINDERS: &str = "/reminders";
const LIST_ID: &str = "reminder-list";

/// A reminder and what is said of its message.
#[derive(Clone, PartialEq, Debug)]
pub struct Row {
    reminder: Reminder,
    message: Message,
}

/// What is known of a message.
#[derive(Clone, PartialEq, Debug)]
pub enum Message {
    /// Nothing yet.
    Asked,
    /// Where it is and how it begins.
    Said(Whereabouts, String),
    /// It cannot be read.
    Unreadable,
}

/// Everything that the parts of the page share.
#[derive(Clone, Copy)]
pub struct Page {
    live: Live,
    reminding: Reminding,
    first: Loaded<Result<ReminderItems, ApiError>>,
    /// What was put aside last, for a while.
    removed: RwSignal<Option<Reminder>>,
}

impl Page {
    /// The messages as last said, or why they are not known.
    fn items(self) -> Option<Result<ReminderItems, ApiError>> {
        match self.reminding.items.get() {
            Some(items) => Some(Ok(items)),
            None => self.first.get(),
        }
    }

    /// Asks for another time. The button that led there goes with its row.
    fn ask(self, reminder: Reminder) {
        self.reminding
            .ask(reminder.place, || focus_remaining(LIST_ID));
    }

    fn remove(self, reminder: Reminder) {
        self.live.remind(reminder.place, None);
        self.removed.set(Some(reminder));
        focus_remaining(LIST_ID);
    }

    fn undo(self) {
        if let Some(reminder) = self.removed.try_update(Option::take).flatten() {
            self.live.remind(reminder.place, Some(reminder.at));
            focus_remaining(LIST_ID);
        }
    }
}

/// The page.
#[component]
pub fn RemindersPage() -> impl IntoView {
    let t = texts();
    let r = t.reminders();
    let (Some(live), Some(reminding)) = (Live::current(), Reminding::current()) else {
        return ().into_any();
    };
    let page = Page {
        live,
        reminding,
        first: load_first(|| (), |()| list_reminders()),
        removed: RwSignal::new(None),
    };
    let removed = move || {
        let removed = page.removed.with(Option::is_some);
        removed.then(|| r.removed_row.to_owned())
    };
    let over = move || {
        page.removed.try_set(None);
    };
    view! {
        <PageTitle text=move || format!("{} · BaatCheet", r.title) />
        <Sheet title=r.title back="/">
            <div class="page saved-page">
                <p class="form-hint">{r.hint}</p>
                <Transition fallback=move || {
                    view! { <p class="form-hint">{t.loading}</p> }
                }>
                    {move || {
                        page.items()
                            .map(|items| match items {
                                Ok(_) => view! { <Listed page /> }.into_any(),
                                Err(error) => view! { <Failed page error /> }.into_any(),
                            })
                    }}
                </Transition>
            </div>
        </Sheet>
        <UndoLine said=Signal::derive(removed) undo=move || page.undo() over />
    }
    .into_any()
}

/// The reminders as was last wished; before that is known, as the server said.
fn rows(items: &ReminderItems, news: &ReminderNews, reader: (UserId, &Texts)) -> Vec<Row> {
    let told = items.items.iter().map(|item| item.reminder);
    let reminders: Vec<Reminder> = if news.complete {
        news.list.clone()
    } else {
        told.collect()
    };
    let message = |reminder: &Reminder| {
        let place = reminder.place;
        match said(items, place, reader) {
            Some((at, text)) => Message::Said(at, text),
            None if items.items.iter().any(|it| it.reminder.place == place) => Message::Unreadable,
            None => Message::Asked,
        }
    };
    let rows = reminders.into_iter().map(|reminder| Row {
        message: message(&reminder),
        reminder,
    });
    rows.collect()
}

#[component]
fn Listed(page: Page) -> impl IntoView {
    let t = texts();
    let r = t.reminders();
    let me = page.live.me();
    let news = page.live.reminder_news();
    let rows = Memo::new(move |_| {
        let items = page.items().and_then(Result::ok).unwrap_or_default();
        news.with(|news| rows(&items, news, (me, t)))
    });
    let is_empty = Memo::new(move |_| rows.with(Vec::is_empty));
    let empty = move || {
        is_empty.get().then(|| {
            view! {
                <div class="empty" data-testid="reminders-empty">
                    <h2>{r.empty}</h2>
                    <p>{r.empty_hint}</p>
                </div>
            }
        })
    };
    view! {
        <div id=LIST_ID tabindex="-1" role="group" aria-label=r.list>
            {empty}
            <ul class="people hits saved-list" hidden=move || is_empty.get()>
                <For each=move || rows.get() key=identity let(row)>
                    <ReminderRow row page />
                </For>
            </ul>
        </div>
    }
}

/// What makes a row another one.
fn identity(row: &Row) -> (Reminder, Option<String>, bool) {
    let text = match &row.message {
        Message::Said(_, text) => Some(text.clone()),
        Message::Asked | Message::Unreadable => None,
    };
    (row.reminder, text, row.message == Message::Asked)
}

/// The list could not be loaded. Without script, trying again is loading the page again.
#[component]
fn Failed(page: Page, error: ApiError) -> impl IntoView {
    let t = texts();
    let r = t.reminders();
    let why = if error.unreachable {
        r.offline.to_owned()
    } else {
        format!("{} {}", r.failed, explain(t, &error))
    };
    view! {
        <div class="form-summary" role="alert">
            <Icon glyph=Glyph::Alert />
            <span class="grow">{why}</span>
            <a
                class="link-button"
                href=REMINDERS
                rel="external"
                on:click=move |event| {
                    event.prevent_default();
                    page.first.refetch();
                }
            >
                {t.retry}
            </a>
        </div>
    }
}

#[cfg(test)]
mod tests {
    use protocol::{ConversationId, SavedPlace, Seq, Timestamp};

    use super::*;
    use crate::api::reminders::ReminderItem;
    use crate::i18n::Locale;

    const ME: UserId = UserId::from_bytes([1; 16]);

    fn reminder(seq: u64) -> Reminder {
        Reminder {
            place: SavedPlace {
                conversation: ConversationId::from_bytes([7; 16]),
                seq: Seq(seq),
            },
            at: Timestamp::from_millis(seq),
            due: false,
        }
    }

    #[test]
    fn what_was_wished_here_counts_once_all_is_known() {
        let items = ReminderItems {
            items: vec![ReminderItem {
                reminder: reminder(1),
                said: None,
            }],
            ..ReminderItems::default()
        };
        let mut news = ReminderNews {
            list: vec![reminder(2)],
            ..ReminderNews::default()
        };
        let row = |reminder, message| Row { reminder, message };
        let shown = |news: &ReminderNews| rows(&items, news, (ME, Locale::En.texts()));
        assert_eq!(shown(&news), [row(reminder(1), Message::Unreadable)]);
        news.complete = true;
        assert_eq!(shown(&news), [row(reminder(2), Message::Asked)]);
    }
}
