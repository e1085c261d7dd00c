//! A message in a thread at the side. What can be done with it is done in its conversation, where
//! its time leads.

use client::{Delivery, RowKey};
use leptos::prelude::*;
use protocol::ConversationId;

use crate::components::message::{reason, said};
use crate::components::permalink::permalink;
use crate::components::thread::Day;
use crate::format::hue;
use crate::i18n::{has_rtl, texts};
use crate::live::{Live, LiveItem, RowView};
use crate::ui::{Avatar, AvatarSize, Clock, Glyph, Icon, IconSize, TimeStyle};

/// A message, or the heading of a day.
pub fn answer_row(item: LiveItem, id: ConversationId, live: Live) -> AnyView {
    match item {
        LiveItem::Day { day, at } => view! { <Day day at live /> }.into_any(),
        LiveItem::Message { key, view } => view! { <AnswerRow key view id live /> }.into_any(),
        LiveItem::UnreadDivider | LiveItem::Notice { .. } => ().into_any(),
    }
}

#[component]
fn AnswerRow(
    key: RowKey,
    view: ArcRwSignal<RowView>,
    id: ConversationId,
    live: Live,
) -> impl IntoView {
    let mine = key.author == live.me();
    let send_id = key.send_id;
    let content = {
        let view = view.clone();
        Memo::new(move |_| view.with(|view| view.row.content.clone()))
    };
    let delivery = {
        let view = view.clone();
        Memo::new(move |_| view.with(|view| view.row.delivery))
    };
    let class = move || match (mine, delivery.get()) {
        (true, Delivery::Sending) => "message message-head message-mine message-sending",
        (true, Delivery::Failed { .. }) => "message message-head message-mine message-failed",
        (true, _) => "message message-head message-mine",
        (false, _) => "message message-head",
    };
    view! {
        <li>
            <article class=class aria-labelledby=format!("ta-{send_id} tb-{send_id} tw-{send_id}")>
                <AnswerHead key view id live />
                <div class="bubble" id=format!("tb-{send_id}")>
                    {said(content, true)}
                </div>
                <State key delivery live />
            </article>
        </li>
    }
}

/// Who and when.
#[component]
fn AnswerHead(
    key: RowKey,
    view: ArcRwSignal<RowView>,
    id: ConversationId,
    live: Live,
) -> impl IntoView {
    let t = texts();
    let send_id = key.send_id;
    let name = Memo::new(move |_| {
        if key.author == live.me() {
            t.you.to_owned()
        } else {
            live.name(key.author).unwrap_or_default()
        }
    });
    let class = move || {
        let face = if name.with(|name| has_rtl(name)) {
            "nastaliq"
        } else {
            ""
        };
        format!("author {face} {}", hue(key.author))
    };
    let at = Memo::new(move |_| view.with(|view| (view.row.seq, view.row.sent_at)));
    view! {
        <div class="byline">
            {move || view! { <Avatar id=key.author name=name.get() size=AvatarSize::Tiny /> }}
            <b id=format!("ta-{send_id}") class=class>
                <bdi>{move || name.get()}</bdi>
            </b>
            <span id=format!("tw-{send_id}")>
                {move || {
                    let (seq, at) = at.get();
                    let clock = view! { <Clock at style=TimeStyle::Clock /> };
                    match seq {
                        Some(seq) => {
                            view! {
                                <a class="answer-place" href=permalink(id, seq) title=t.actions().go_there>
                                    {clock}
                                </a>
                            }
                                .into_any()
                        }
                        None => clock.into_any(),
                    }
                }}
            </span>
        </div>
    }
}

/// That it is on its way, or why not.
#[component]
fn State(key: RowKey, delivery: Memo<Delivery>, live: Live) -> impl IntoView {
    let t = texts();
    move || match delivery.get() {
        Delivery::Sent | Delivery::Delivered | Delivery::Read => ().into_any(),
        Delivery::Sending => view! {
            <div class="meta" data-delivery="sending">
                <Icon glyph=Glyph::Clock size=IconSize::Small />
                <span class="hidden-text">{t.sending}</span>
            </div>
        }
        .into_any(),
        Delivery::Failed { code } => view! {
            <div class="failed" data-delivery="failed">
                <Icon glyph=Glyph::Alert size=IconSize::Small />
                <span>{reason(t, code)}</span>
                <button type="button" class="link-button" on:click=move |_| live.retry(key.send_id)>
                    {t.retry}
                </button>
            </div>
        }
        .into_any(),
    }
}
