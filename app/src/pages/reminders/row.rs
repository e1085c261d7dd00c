//! A reminder in the list: the way to its message, another time, and the way out of the list.

use leptos::ev::SubmitEvent;
use leptos::prelude::*;
use leptos::server_fn::ServerFn;
use protocol::Reminder;

use super::{Message, Page, Row};
use crate::api::reminders::PutReminderAside;
use crate::components::permalink::permalink;
use crate::format::excerpt;
use crate::i18n::{fill, texts};
use crate::pages::hit::hit;
use crate::ui::{Clock, Glyph, Icon, TimeStyle};

/// How much of a message is repeated in the name of a button.
const NAMED_CHARS: usize = 60;

/// A row.
#[component]
pub(super) fn ReminderRow(
    /// The reminder.
    row: Row,
    /// The page.
    page: Page,
) -> impl IntoView {
    let t = texts();
    let r = t.reminders();
    let reminder = row.reminder;
    let (link, text) = match row.message {
        Message::Asked => (said_instead(t.loading), String::new()),
        Message::Unreadable => (said_instead(r.unreadable), r.unreadable.to_owned()),
        Message::Said(at, text) => {
            let href = permalink(reminder.place.conversation, reminder.place.seq);
            let link = view! {
                <a class="conversation hit" href=href>
                    {hit(&at, text.clone())}
                </a>
            };
            (link.into_any(), text)
        }
    };
    let text = excerpt(&text, NAMED_CHARS);
    let name = fill(r.change_named, &[("text", &text)]);
    let when = if reminder.due { r.has_come } else { r.at };
    view! {
        <li class="saved-item reminder-item" data-testid="reminder-item">
            <div class="grow">
                <p class="form-hint reminder-when" class:reminder-has-come=reminder.due>
                    {when}
                    " "
                    <Clock at=reminder.at style=TimeStyle::DateAndClock />
                </p>
                {link}
            </div>
            <button
                type="button"
                class="icon-button needs-script"
                aria-label=name
                title=r.change
                on:click=move |_| page.ask(reminder)
            >
                <Icon glyph=Glyph::Clock />
            </button>
            <Remove reminder text page />
        </li>
    }
}

fn said_instead(words: &'static str) -> AnyView {
    view! { <p class="form-hint saved-unreadable">{words}</p> }.into_any()
}

/// Out of the list. A plain form where there is no script.
#[component]
fn Remove(reminder: Reminder, text: String, page: Page) -> impl IntoView {
    let r = texts().reminders();
    let name = fill(r.remove_named, &[("text", &text)]);
    let submit = move |event: SubmitEvent| {
        event.prevent_default();
        page.remove(reminder);
    };
    let place = reminder.place;
    view! {
        <form method="post" action=PutReminderAside::url() on:submit=submit>
            <input type="hidden" name="conversation" value=place.conversation.to_string() />
            <input type="hidden" name="seq" value=place.seq.to_string() />
            <button type="submit" class="icon-button" aria-label=name title=r.removed_row>
                <Icon glyph=Glyph::Close />
            </button>
        </form>
    }
}
