//! A text about oneself.

use leptos::html::Textarea;
use leptos::prelude::*;
use leptos::server_fn::ServerFn;
use protocol::Field;

use super::{Foot, Saved};
use crate::api::loading::load_first;
use crate::api::profile::{SetAbout, check_about, my_profile};
use crate::i18n::texts;
use crate::pages::refusals::{CheckedForm, Refusals};
use crate::pages::system::explain;
use crate::ui::{FieldNotes, Notes, Summary, area_text};

const ID: &str = "about";

/// What others read of the reader. A plain form where there is no script.
#[component]
pub(super) fn AboutForm(
    /// What was saved without script.
    saved: Option<Saved>,
) -> impl IntoView {
    let t = texts();
    let s = t.standing();
    let action = ServerAction::<SetAbout>::new();
    let found = load_first(|| (), |()| my_profile());
    let node = NodeRef::<Textarea>::new();
    let refusals = Refusals::new(action.value().into());
    let wrong = refusals.field(Field::About);
    Effect::new(move |_| {
        if let (Some(_), Some(node)) = (wrong.get(), node.get_untracked()) {
            let _ = node.focus();
        }
    });
    let busy = action.pending();
    let send = move || {
        // Before the text is there, or where it could not be read, there is nothing to save.
        let Some(node) = node.get_untracked() else {
            return Ok(());
        };
        let about = node.value();
        check_about(&about)?;
        action.dispatch(SetAbout { about });
        Ok(())
    };
    let field = move || {
        found.get().map(|answer| match answer {
            Ok(own) => {
                let value = own.about.map(String::from).unwrap_or_default();
                view! { <AboutField value node wrong /> }.into_any()
            }
            Err(error) => {
                let text = Signal::stored(Some(explain(t, &error)));
                view! { <Summary text /> }.into_any()
            }
        })
    };
    view! {
        <section class="settings-part" aria-labelledby="about-part">
            <h3 id="about-part">{s.about}</h3>
            <CheckedForm url=SetAbout::url() refusals busy send>
                <Transition fallback=move || {
                    view! { <p class="form-hint">{t.loading}</p> }
                }>{field}</Transition>
                <Foot busy label=s.save_about label_busy=s.saving done=done(action, saved) />
            </CheckedForm>
        </section>
    }
}

#[component]
fn AboutField(
    value: String,
    node: NodeRef<Textarea>,
    wrong: Signal<Option<protocol::ErrorCode>>,
) -> impl IntoView {
    let t = texts();
    let s = t.standing();
    let notes = Notes {
        id: ID,
        hint: s.about_hint,
        error: Signal::derive(move || wrong.get().map(|code| t.error(code).to_owned())),
    };
    view! {
        <div class="form-field">
            <label for=ID>{s.about}</label>
            <textarea
                node_ref=node
                id=ID
                name=ID
                rows="3"
                class="text-area"
                autocapitalize="sentences"
                dir="auto"
                aria-invalid=move || notes.invalid()
                aria-describedby=move || notes.described_by()
            >
                {area_text(value)}
            </textarea>
            <FieldNotes notes />
        </div>
    }
}

fn done(action: ServerAction<SetAbout>, saved: Option<Saved>) -> Signal<Option<String>> {
    let s = texts().standing();
    Signal::derive(move || {
        let is_saved = match action
            .value()
            .with(|answer| answer.as_ref().map(Result::is_ok))
        {
            _ if action.pending().get() => false,
            Some(is_ok) => is_ok,
            None => saved == Some(Saved::About),
        };
        is_saved.then(|| s.about_saved.to_owned())
    })
}
