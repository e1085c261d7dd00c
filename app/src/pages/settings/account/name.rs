//! Another name.

use leptos::prelude::*;
use leptos::server_fn::ServerFn;
use protocol::Field as FieldId;

use super::{Foot, Saved};
use crate::api::account::{ChangeName, check_name};
use crate::i18n::texts;
use crate::live::Live;
use crate::pages::refusals::{CheckedForm, Refusals, value_of};
use crate::ui::{Field, FieldKind};

/// The name that others see. A plain form where there is no script.
#[component]
pub(super) fn NameForm(
    /// What it is now.
    value: String,
    live: Live,
    /// What was saved without script.
    saved: Option<Saved>,
) -> impl IntoView {
    let t = texts();
    let a = t.account();
    let action = ServerAction::<ChangeName>::new();
    let name = NodeRef::new();
    let refusals = Refusals::new(action.value().into());
    refusals.follow(vec![(FieldId::DisplayName, name)]);
    Effect::new(move |_| {
        if let Some(Ok(person)) = action.value().get() {
            // The other tabs and devices are told by the server.
            live.learn(person);
        }
    });
    let busy = action.pending();
    let send = move || {
        let display_name = value_of(name);
        check_name(&display_name)?;
        action.dispatch(ChangeName { display_name });
        Ok(())
    };
    view! {
        <section class="settings-part" aria-labelledby="change-name">
            <h3 id="change-name">{a.change_name}</h3>
            <CheckedForm url=ChangeName::url() refusals busy send>
                <Field
                    name="display_name"
                    kind=FieldKind::Name
                    label=t.display_name
                    hint=t.display_name_hint
                    value
                    error=refusals.field(FieldId::DisplayName)
                    node=name
                />
                <Foot busy label=a.save_name label_busy=a.saving_name done=done(action, saved) />
            </CheckedForm>
        </section>
    }
}

/// What there is to say of a name that is saved.
fn done(action: ServerAction<ChangeName>, saved: Option<Saved>) -> Signal<Option<String>> {
    let a = texts().account();
    Signal::derive(move || {
        let answer = action.value();
        let is_saved = match answer.with(|answer| answer.as_ref().map(Result::is_ok)) {
            _ if action.pending().get() => false,
            Some(is_ok) => is_ok,
            None => saved == Some(Saved::Name),
        };
        is_saved.then(|| a.name_saved.to_owned())
    })
}
