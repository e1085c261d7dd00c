//! What became of a message since it was written, in small letters after its text.

use client::RowKey;
use leptos::prelude::*;
use protocol::{Content, Timestamp};

use crate::components::actions::Actions;
use crate::i18n::texts;
use crate::live::RowView;
use crate::ui::{Clock, Glyph, Icon, IconSize, Mounted, TimeStyle};

/// Edited, pinned, saved, and whether any of it still waits.
#[component]
pub(super) fn Marks(
    /// Of which message.
    key: RowKey,
    /// What it shows.
    view: ArcRwSignal<RowView>,
    /// What is being done.
    actions: Actions,
) -> impl IntoView {
    let a = texts().actions();
    let mounted = use_context::<Mounted>();
    let is_alive = move || mounted.is_some_and(|mounted| mounted.0.get());
    let marks = Memo::new(move |_| {
        view.with(|view| {
            let row = &view.row;
            let is_text = matches!(row.content, Content::Text(_));
            let edited = row.marks.edited_at.filter(|_| is_text);
            (edited, row.marks.pinned, view.saved && is_text, row.waiting)
        })
    });
    move || {
        let (edited, pinned, saved, waiting) = marks.get();
        (edited.is_some() || pinned || saved || waiting).then(|| {
            view! {
                <span class="marks" id=format!("e-{}", key.send_id)>
                    {pinned
                        .then(|| {
                            view! {
                                <span>
                                    <Icon glyph=Glyph::Pin size=IconSize::Small />
                                    <span class="hidden-text">" " {a.pinned}</span>
                                </span>
                            }
                        })}
                    {saved
                        .then(|| {
                            view! {
                                <span class="mark-saved" data-testid="saved-mark">
                                    <Icon glyph=Glyph::Saved size=IconSize::Small />
                                    <span class="hidden-text">" " {texts().saved().saved}</span>
                                </span>
                            }
                        })}
                    {edited
                        .map(|at| {
                            edited_at(at, is_alive(), move || actions.ask_edits(key))
                        })}
                    {waiting
                        .then(|| {
                            view! {
                                <span data-testid="waiting">
                                    <Icon glyph=Glyph::Clock size=IconSize::Small />
                                    <span class="hidden-text">" " {a.waits}</span>
                                </span>
                            }
                        })}
                </span>
            }
        })
    }
}

/// When it was edited; in a page that is alive, the way to what it said before.
fn edited_at(at: Timestamp, is_alive: bool, ask: impl Fn() + 'static) -> AnyView {
    let a = texts().actions();
    let when = view! {
        {a.edited}
        " "
        <span class="edited-at">
            <Clock at style=TimeStyle::Clock />
        </span>
    };
    if !is_alive {
        return view! { <span>{when}</span> }.into_any();
    }
    view! {
        <button type="button" class="edited-button" tabindex="-1" on:click=move |_| ask()>
            {when}
        </button>
    }
    .into_any()
}
