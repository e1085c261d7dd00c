//! What is new in a conversation, in its row.

use leptos::prelude::*;
use protocol::ConversationSummary;

use crate::format::capped;
use crate::i18n::texts;

/// How often the reader is mentioned, and how many messages are unread.
pub(super) fn counts(summary: &ConversationSummary) -> impl IntoView + use<> {
    let t = texts();
    let (unread, mentions) = (summary.unread, summary.mentions);
    let mentioned = move || {
        view! {
            <span class="mention-count">
                <span aria-hidden="true">"@" {capped(mentions)}</span>
                <span class="hidden-text">
                    {t.count(&t.mentions().mentions, mentions.into())} " "
                </span>
            </span>
        }
    };
    (unread > 0).then(|| {
        view! {
            <span class="counts">
                {(mentions > 0).then(mentioned)}
                <span class="unread-count">
                    <span class="nuqta nuqta-full" aria-hidden="true"></span>
                    <span aria-hidden="true">{capped(unread)}</span>
                    <span class="hidden-text">{t.count(&t.unread_count, unread.into())}</span>
                </span>
            </span>
        }
    })
}
