//! Deleting one's account: what goes and what stays, and the form that asks for the username
//! and the password.

use leptos::html::Input;
use leptos::prelude::*;
use leptos::server_fn::ServerFn;
use protocol::{Field as FieldId, Username};

use crate::api::account::{DeleteAccount, check_delete};
use crate::i18n::texts;
use crate::live::Live;
use crate::pages::refusals::{CheckedForm, Refusals, value_of};
use crate::ui::{Field, FieldKind};

/// The form. A plain one where there is no script.
#[component]
pub(super) fn DeleteForm(
    /// Whose account it is.
    username: Username,
    /// Everything live.
    live: Live,
) -> impl IntoView {
    let d = texts().own_data();
    let action = ServerAction::<DeleteAccount>::new();
    let (name, current) = (NodeRef::<Input>::new(), NodeRef::<Input>::new());
    let refusals = Refusals::new(action.value().into());
    refusals.follow(vec![
        (FieldId::Username, name),
        (FieldId::CurrentPassword, current),
    ]);
    let is_gone = go_away(action, live);
    let pending = action.pending();
    let busy = Memo::new(move |_| pending.get() || is_gone.get());
    let send = move || {
        let form = DeleteAccount {
            username: value_of(name),
            current_password: value_of(current),
        };
        check_delete(&form.username, &username, form.current_password.clone())?;
        action.dispatch(form);
        Ok(())
    };
    view! {
        <section class="settings-part" aria-labelledby="delete-account">
            <h3 id="delete-account">{d.delete_title}</h3>
            <p>{d.delete_goes}</p>
            <p>{d.delete_stays}</p>
            <p class="form-hint">{d.delete_first}</p>
            <CheckedForm url=DeleteAccount::url() refusals busy send>
                <Fields refusals name current />
                <button
                    type="submit"
                    class="btn btn-quiet danger"
                    aria-busy=move || busy.get().to_string()
                >
                    {move || if busy.get() { d.deleting } else { d.delete_button }}
                </button>
            </CheckedForm>
        </section>
    }
}

#[component]
fn Fields(refusals: Refusals, name: NodeRef<Input>, current: NodeRef<Input>) -> impl IntoView {
    let t = texts();
    let d = t.own_data();
    view! {
        <Field
            name="username"
            kind=FieldKind::Confirmation
            label=d.delete_confirm
            error=refusals.field(FieldId::Username)
            node=name
        />
        <Field
            name="current_password"
            kind=FieldKind::CurrentPassword
            label=t.account().current_password
            error=refusals.field(FieldId::CurrentPassword)
            node=current
        />
    }
}

/// Deletes what is stored here and goes away, once the account is gone. Whether it is.
fn go_away(action: ServerAction<DeleteAccount>, live: Live) -> RwSignal<bool> {
    let is_gone = RwSignal::new(false);
    Effect::new(move |_| {
        if let Some(Ok(path)) = action.value().get() {
            is_gone.set(true);
            // A full load: nothing of the session stays in memory.
            live.wipe(move || {
                let _ = window().location().assign(&path);
            });
        }
    });
    is_gone
}
