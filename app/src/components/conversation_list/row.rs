//! What a row of the conversation list shows.

use client::{DayLabel, Delivery, ListRow};
use leptos::prelude::*;
use protocol::{Content, ConversationKind, Message, Presence, Timestamp};

use super::counts::counts;
use crate::components::naming;
use crate::components::notice::Teller;
use crate::components::standing::{mark, word};
use crate::format::excerpt;
use crate::i18n::{Texts, has_rtl, texts};
use crate::live::{Live, heading};
use crate::ui::{Avatar, Clock, Glyph, Icon, IconSize, Mounted, TimeStyle, local_day};

/// How much of a message a row can show at most.
const PREVIEW_CHARS: usize = 80;

/// The row.
pub(super) fn entry(row: &ListRow, live: Live) -> impl IntoView + use<> {
    let t = texts();
    let me = live.me();
    let title = naming::title(&row.summary, me, t);
    let title_class = if has_rtl(&title) {
        "conversation-name nastaliq"
    } else {
        "conversation-name"
    };
    let presence = naming::partner(&row.summary, me).map(|person| live.presence(person.id));
    view! {
        <Avatar
            id=naming::face(&row.summary, me)
            name=title.clone()
            shape=naming::shape(&row.summary)
        />
        <span class="conversation-text">
            <span class=title_class>
                <bdi>{title}</bdi>
                {move || {
                    let presence = presence.and_then(|presence| presence.get());
                    let is_there = |presence: &Presence| !matches!(presence, Presence::Offline { .. });
                    presence
                        .filter(is_there)
                        .map(|presence| {
                            view! {
                                <span class=mark(presence) aria-hidden="true"></span>
                                <span class="hidden-text">" " {word(presence, t)}</span>
                            }
                        })
                }}
                {row.muted.then(muted_sign)}
            </span>
            {preview(row, live)}
        </span>
        <span class="conversation-side">
            {counts(row)}
            {row.summary.last_message.as_ref().map(|message| view! { <When at=message.sent_at live /> })}
        </span>
    }
}

fn muted_sign() -> impl IntoView {
    view! {
        <span class="muted-sign">
            <Icon glyph=Glyph::Muted size=IconSize::Small />
            <span class="hidden-text">" " {texts().organising().muted}</span>
        </span>
    }
}

/// How far the newest message of one's own is, where that is worth a mark.
fn state_mark(delivery: Delivery, t: &'static Texts) -> Option<impl IntoView + use<>> {
    let (glyph, text, class) = match delivery {
        Delivery::Failed { .. } => (Glyph::Alert, t.not_sent, "danger"),
        Delivery::Sending => (Glyph::Clock, t.sending, ""),
        Delivery::Delivered => (Glyph::Ticks, t.delivered, ""),
        Delivery::Read => (Glyph::Ticks, t.read, "mark-read"),
        Delivery::Sent => return None,
    };
    Some(view! {
        <span class=class>
            <Icon glyph size=IconSize::Small />
            <span class="hidden-text">{text} " "</span>
        </span>
    })
}

/// The last words, or what is being written. Who and what are isolated from each other, so
/// that neither turns the other around.
fn preview(row: &ListRow, live: Live) -> impl IntoView + use<> {
    let t = texts();
    let (label, class, text) = if let Some(draft) = &row.draft {
        (
            Some(t.draft.to_owned()),
            "draft-label",
            naming::line(&draft.text, PREVIEW_CHARS),
        )
    } else if let Some(unsent) = &row.unsent {
        let label = Some(t.you_prefix.to_owned());
        (
            label,
            "conversation-label",
            naming::line(unsent, PREVIEW_CHARS),
        )
    } else if let Some(message) = &row.summary.last_message {
        let (label, text) = last_words(row, message, live);
        (label, "conversation-label", text)
    } else {
        (None, "", String::new())
    };
    let line = if has_rtl(&text) {
        "conversation-last nastaliq"
    } else {
        "conversation-last"
    };
    let mark = if row.draft.is_some() {
        None
    } else {
        row.delivery
    };
    view! {
        <span class=line>
            {mark.and_then(|delivery| state_mark(delivery, t))}
            {label
                .map(|label| {
                    view! {
                        <span class=class>
                            <bdi>{label}</bdi>
                        </span>
                        " "
                    }
                })}
            <bdi>{text}</bdi>
        </span>
    }
}

/// Who said what last, or what happened: a notice says itself who did it.
fn last_words(row: &ListRow, message: &Message, live: Live) -> (Option<String>, String) {
    let t = texts();
    let me = live.me();
    if let Content::Notice(notice) = &message.content {
        let teller = Teller {
            t,
            me,
            name_of: &|user| live.name(user),
        };
        let told = teller.notice(message.author, notice);
        return (None, excerpt(&told, PREVIEW_CHARS));
    }
    let text = naming::line_of(&message.content, t, PREVIEW_CHARS);
    let label = match row.summary.kind {
        ConversationKind::Notes => None,
        _ if message.author == me => Some(t.you_prefix.to_owned()),
        ConversationKind::Direct => None,
        ConversationKind::Group => live.name(message.author).map(|name| format!("{name}:")),
    };
    (label, text)
}

/// The time of day for today, then the weekday, then the date.
#[component]
fn When(at: Timestamp, live: Live) -> impl IntoView {
    let t = texts();
    let mounted = use_context::<Mounted>();
    move || {
        let in_browser = mounted.is_some_and(|mounted| mounted.0.get());
        match heading(local_day(at, in_browser), live.today().get()) {
            DayLabel::Today => view! { <Clock at style=TimeStyle::Clock /> }.into_any(),
            DayLabel::Yesterday => t.yesterday.into_any(),
            DayLabel::Weekday => view! { <Clock at style=TimeStyle::Weekday /> }.into_any(),
            DayLabel::Date => view! { <Clock at style=TimeStyle::ShortDate /> }.into_any(),
        }
    }
}
