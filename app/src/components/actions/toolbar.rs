//! What lies at hand beside a message: under the mouse, or once it has the focus.

use client::RowKey;
use leptos::prelude::*;

use super::{Actions, Allowed};
use crate::i18n::texts;
use crate::ui::{Glyph, Icon};

/// The buttons of the message that is pointed at, in a place that moves nothing.
#[component]
pub(in crate::components) fn Tools(
    /// Which message.
    key: RowKey,
    /// What is being done.
    actions: Actions,
) -> impl IntoView {
    let active = Memo::new(move |_| actions.is_active(key));
    move || active.get().then(|| view! { <Toolbar key actions /> })
}

#[component]
fn Toolbar(key: RowKey, actions: Actions) -> impl IntoView {
    let a = texts().actions();
    let allowed = Memo::new(move |_| actions.allowed(key));
    // Each by itself: one that goes must not take the focus of another with it.
    let tool = move |is_offered: fn(&Allowed) -> bool,
                     glyph: Glyph,
                     name: &'static str,
                     class: &'static str,
                     run: fn(Actions, RowKey)| {
        let offered = Memo::new(move |_| allowed.with(is_offered));
        move || {
            offered.get().then(|| {
                view! {
                    <button
                        type="button"
                        class=class
                        tabindex="-1"
                        aria-label=name
                        title=name
                        on:click=move |_| run(actions, key)
                    >
                        <Icon glyph />
                    </button>
                }
            })
        }
    };
    view! {
        <div class="toolbar" role="toolbar" aria-label=a.actions>
            {tool(|allowed| allowed.react, Glyph::Smile, a.react, "tool", Actions::open_emoji)}
            {tool(|allowed| allowed.reply, Glyph::Reply, a.reply, "tool", Actions::reply)}
            {tool(|allowed| allowed.edit, Glyph::Note, a.edit, "tool", Actions::edit)}
            <SaveTool key actions allowed />
            {tool(
                |allowed| allowed.any(),
                Glyph::More,
                a.more,
                "tool tool-more",
                Actions::open_menu,
            )}
        </div>
    }
}

/// Saves the message, or no longer: one button, which keeps its focus.
#[component]
fn SaveTool(key: RowKey, actions: Actions, allowed: Memo<Allowed>) -> impl IntoView {
    let name = texts().saved().save;
    let offered = Memo::new(move |_| allowed.with(|allowed| allowed.save.is_some()));
    let is_saved = Memo::new(move |_| allowed.with(|allowed| allowed.save == Some(false)));
    move || {
        offered.get().then(|| {
            view! {
                <button
                    type="button"
                    class="tool"
                    tabindex="-1"
                    aria-label=name
                    title=name
                    aria-pressed=move || is_saved.get().to_string()
                    on:click=move |_| actions.save(key)
                >
                    <Icon glyph=Glyph::Saved />
                </button>
            }
        })
    }
}
