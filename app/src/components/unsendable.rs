//! Messages that were written for conversations that their author is not in any more. There is
//! no row left to show them, and nobody else has their words.

use leptos::prelude::*;

use crate::components::actions::clipboard;
use crate::components::naming;
use crate::components::paragraphs::quoted;
use crate::components::spoken::Spoken;
use crate::i18n::texts;
use crate::live::Live;

/// How much of a message is shown; all of it is copied.
const EXCERPT_CHARS: usize = 160;

/// The words, and two ways on.
#[component]
pub fn Unsendable(
    /// Everything live.
    live: Live,
) -> impl IntoView {
    let t = texts();
    let a = t.actions();
    let spoken = Spoken::current();
    let failures = live.failures();
    // A message that still has a conversation has a row there and is not among them.
    let lost = Memo::new(move |_| {
        failures.with(|failures| {
            let lost = failures.iter().filter_map(|waiting| {
                let text = waiting.intent.message()?;
                Some((waiting.send_id, text.to_owned()))
            });
            lost.collect::<Vec<_>>()
        })
    });
    let any = Memo::new(move |_| lost.with(|lost| !lost.is_empty()));
    Effect::new(move |_| {
        if any.get() {
            spoken.alert(a.unsendable);
        }
    });
    move || {
        any.get().then(|| {
            view! {
                <section class="unsendable" aria-label=a.unsendable data-testid="unsendable">
                    <p>{a.unsendable}</p>
                    <ul>
                        <For each=move || lost.get() key=|(id, _)| *id let((send_id, text))>
                            <li>
                                {quoted(naming::line(&text, EXCERPT_CHARS))}
                                <button
                                    type="button"
                                    class="link-button"
                                    on:click=move |_| {
                                        clipboard::write(&text, move || spoken.tell(a.copied));
                                    }
                                >
                                    {a.copy}
                                </button>
                                <button
                                    type="button"
                                    class="link-button"
                                    on:click=move |_| live.discard(send_id)
                                >
                                    {a.discard}
                                </button>
                            </li>
                        </For>
                    </ul>
                </section>
            }
        })
    }
}
