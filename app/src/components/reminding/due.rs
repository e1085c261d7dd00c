//! Reminders that have come, over every page, the earliest first.

use leptos::prelude::*;
use protocol::{Reminder, Timestamp};
use wasm_bindgen::JsCast;

use super::Reminding;
use crate::components::later::times::TWENTY_MINUTES_MS;
use crate::components::permalink::permalink;
use crate::i18n::texts;
use crate::live::time_now;
use crate::pages::reminders::REMINDERS;
use crate::ui::{Glyph, Icon};

/// The next one that is seen, or the page below.
const NEXT: [&str; 2] = [".reminder-due button", "#content"];

impl Reminding {
    fn put_off(self, reminder: Reminder, at: Option<Timestamp>) {
        self.live.remind(reminder.place, at);
        if at.is_some() {
            self.spoken.tell(self.t.reminders().snoozed);
        }
        // The button goes with the reminder.
        request_animation_frame(|| {
            let found = NEXT
                .iter()
                .find_map(|it| document().query_selector(it).ok().flatten());
            if let Some(next) = found.and_then(|it| it.dyn_into::<web_sys::HtmlElement>().ok()) {
                let _ = next.focus();
            }
        });
    }
}

/// The first that has come, and how many there are.
#[component]
pub fn DueReminders(
    /// What is known.
    reminding: Reminding,
) -> impl IntoView {
    let news = reminding.live.reminder_news();
    let due = Memo::new(move |_| {
        news.with(|news| {
            let mut due = news.list.iter().filter(|it| it.due);
            let first = due.next().copied()?;
            Some((first, due.count() as u64 + 1))
        })
    });
    move || {
        due.get()
            .map(|(reminder, count)| view! { <Due reminding reminder count /> })
    }
}

#[component]
fn Due(reminding: Reminding, reminder: Reminder, count: u64) -> impl IntoView {
    let t = texts();
    let r = t.reminders();
    let place = reminder.place;
    let said = Memo::new(move |_| reminding.said(place));
    let title = move || said.get().map(|(at, _)| view! { <bdi>{at.title}</bdi> });
    let text = move || said.get().map(|(_, text)| text);
    let further = (count > 1).then(|| {
        view! {
            <a class="link-button" href=REMINDERS>
                {r.further}
                " ("
                {t.count(&r.count, count)}
                ")"
            </a>
        }
    });
    view! {
        <section class="reminder-due" aria-label=r.due data-testid="reminder-due">
            <p class="reminder-due-title">
                <Icon glyph=Glyph::Clock />
                <b>{r.due}</b>
                {title}
            </p>
            <p class="reminder-due-text" dir="auto">
                {text}
            </p>
            <div class="reminder-due-ways">
                <a class="btn btn-primary" href=permalink(place.conversation, place.seq)>
                    {r.open}
                </a>
                <button
                    type="button"
                    class="btn btn-quiet"
                    on:click=move |_| {
                        let at = time_now().plus_millis(TWENTY_MINUTES_MS);
                        reminding.put_off(reminder, Some(at));
                    }
                >
                    {r.snooze}
                </button>
                <button
                    type="button"
                    class="btn btn-quiet"
                    on:click=move |_| reminding.put_off(reminder, None)
                >
                    {r.done}
                </button>
                {further}
            </div>
        </section>
    }
}
