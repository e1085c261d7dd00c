//! What is new in a conversation, in its row.

use client::ListRow;
use leptos::prelude::*;

use crate::format::capped;
use crate::i18n::texts;

/// How often the reader is mentioned, and how many messages are unread or that something is to
/// be looked at again. Where it is muted it calls nobody.
pub(super) fn counts(row: &ListRow) -> impl IntoView + use<> {
    row.is_unread().then(|| {
        view! {
            <span class="counts">
                {mentioned(row.summary.mentions)}
                {unread(row)}
            </span>
        }
    })
}

fn mentioned(mentions: u32) -> Option<impl IntoView> {
    let t = texts();
    (mentions > 0).then(|| {
        view! {
            <span class="mention-count">
                <span aria-hidden="true">"@" {capped(mentions)}</span>
                <span class="hidden-text">
                    {t.count(&t.mentions().mentions, mentions.into())} " "
                </span>
            </span>
        }
    })
}

fn unread(row: &ListRow) -> impl IntoView + use<> {
    let t = texts();
    let unread = row.summary.unread;
    let class = if row.muted {
        "unread-count unread-quiet"
    } else {
        "unread-count"
    };
    let said = if unread > 0 {
        t.count(&t.unread_count, unread.into())
    } else {
        t.organising().marked.to_owned()
    };
    view! {
        <span class=class>
            <span class="nuqta nuqta-full" aria-hidden="true"></span>
            {(unread > 0).then(|| view! { <span aria-hidden="true">{capped(unread)}</span> })}
            <span class="hidden-text">{said}</span>
        </span>
    }
}
