//! Other words or another time for a message that waits.

use leptos::html::{Input, Textarea};
use leptos::prelude::*;
use protocol::{MessageBody, Scheduled, Timestamp};

use super::desk::Desk;
use crate::api::scheduled::reschedule;
use crate::components::Layers;
use crate::components::later::field::{TimeField, chosen};
use crate::i18n::{Texts, texts};

const TEXT_ID: &str = "later-text";
const TIME_ID: &str = "later-other-time";

/// The form, in the place of the buttons.
#[component]
pub fn Changing(
    /// The page.
    desk: Desk,
    /// The message.
    message: Scheduled,
) -> impl IntoView {
    let t = texts();
    let l = t.later();
    let (words, time) = (NodeRef::<Textarea>::new(), NodeRef::<Input>::new());
    let wrong = RwSignal::new(None::<String>);
    let before = message.text.as_ref().map(|text| text.body.to_string());
    let due = message.due;
    Effect::new(move |_| {
        if let Some(words) = words.get() {
            let _ = words.focus();
        }
    });
    end_with_escape(desk);
    let save = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        match parsed(words, time, t) {
            Err(problem) => wrong.set(Some(problem.to_owned())),
            Ok((body, due)) => {
                let reply_to = message.text.as_ref().and_then(|text| text.reply_to);
                let (id, to) = (message.id, message.conversation);
                let asked = reschedule(id, to, body, reply_to, due);
                desk.ask(asked, move |done| {
                    if done {
                        desk.changing.try_set(None);
                    }
                });
            }
        }
    };
    view! {
        <form class="later-change" novalidate on:submit=save>
            <div class="form-field">
                <label for=TEXT_ID>{l.text_label}</label>
                <textarea
                    node_ref=words
                    id=TEXT_ID
                    rows="3"
                    class="text-area"
                    autocapitalize="sentences"
                    dir="auto"
                    on:input=move |_| wrong.set(None)
                >
                    {before}
                </textarea>
            </div>
            <TimeField id=TIME_ID node=time at=Signal::stored(Some(due)) label=l.time_label />
            <p class="form-error" role="alert">
                {move || wrong.get()}
            </p>
            <div class="dialog-buttons">
                <button
                    type="button"
                    class="btn btn-quiet"
                    on:click=move |_| desk.changing.set(None)
                >
                    {t.cancel}
                </button>
                <button type="submit" class="btn btn-primary">
                    {l.save}
                </button>
            </div>
        </form>
    }
}

fn end_with_escape(desk: Desk) {
    if let Some(layers) = Layers::current() {
        layers.push(move || {
            desk.changing.set(None);
            true
        });
    }
}

/// What stands in the fields, or what is wrong with it.
fn parsed(
    words: NodeRef<Textarea>,
    time: NodeRef<Input>,
    t: &Texts,
) -> Result<(String, Timestamp), &'static str> {
    let typed = words.get_untracked().map(|field| field.value());
    let body = MessageBody::parse(&typed.unwrap_or_default());
    let body = body.map_err(|error| t.error(error.into()))?;
    Ok((body.as_str().to_owned(), chosen(time, t.later())?))
}
