//! Reminders that have come, over every page, the earliest first.

use leptos::prelude::*;
use protocol::{Reminder, Timestamp};
use wasm_bindgen::JsCast;

use super::Reminding;
use crate::components::later::times::TWENTY_MINUTES_MS;
use crate::components::permalink::permalink;
use crate::i18n::texts;
use crate::live::{ReminderNews, time_now};
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
    let (first, count) = due(reminding.live.reminder_news());
    move || {
        first
            .get()
            .map(|reminder| view! { <Due reminding reminder count /> })
    }
}

/// The first, which stays what it is when others come, and how many there are.
fn due(news: Signal<ReminderNews>) -> (Memo<Option<Reminder>>, Memo<u64>) {
    let is_due = |it: &&Reminder| it.due;
    let first = Memo::new(move |_| news.with(|news| news.list.iter().find(is_due).copied()));
    let count =
        Memo::new(move |_| news.with(|news| news.list.iter().filter(is_due).count() as u64));
    (first, count)
}

#[component]
fn Due(reminding: Reminding, reminder: Reminder, count: Memo<u64>) -> impl IntoView {
    let t = texts();
    let r = t.reminders();
    let place = reminder.place;
    let said = Memo::new(move |_| reminding.said(place));
    let title = move || said.get().map(|(at, _)| view! { <bdi>{at.title}</bdi> });
    let text = move || said.get().map(|(_, text)| text);
    let further = move || {
        (count.get() > 1).then(|| {
            view! {
                <a class="link-button" href=REMINDERS>
                    {r.further}
                    " ("
                    {t.count(&r.count, count.get())}
                    ")"
                </a>
            }
        })
    };
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

#[cfg(test)]
mod tests {
    use protocol::{ConversationId, SavedPlace, Seq};

    use super::*;

    fn reminder(seq: u64, due: bool) -> Reminder {
        Reminder {
            place: SavedPlace {
                conversation: ConversationId::from_bytes([9; 16]),
                seq: Seq(seq),
            },
            at: Timestamp::from_millis(seq),
            due,
        }
    }

    #[test]
    fn the_first_stays_what_it_is_when_another_comes() {
        let owner = Owner::new();
        owner.with(|| {
            let news = RwSignal::new(ReminderNews::default());
            let (first, count) = due(news.into());
            let made = Memo::new(move |before: Option<&u32>| {
                first.track();
                before.map_or(1, |before| before + 1)
            });
            let show = |list: &[Reminder]| news.update(|news| news.list = list.to_vec());
            assert_eq!((first.get(), count.get(), made.get()), (None, 0, 1));
            show(&[reminder(1, true), reminder(2, false)]);
            let one = Some(reminder(1, true));
            assert_eq!((first.get(), count.get(), made.get()), (one, 1, 2));
            show(&[reminder(1, true), reminder(2, true)]);
            assert_eq!((first.get(), count.get(), made.get()), (one, 2, 2));
            show(&[reminder(2, true)]);
            let two = Some(reminder(2, true));
            assert_eq!((first.get(), count.get(), made.get()), (two, 1, 3));
        });
    }
}
