//! Another password.

use leptos::html::Input;
use leptos::prelude::*;
use leptos::server_fn::ServerFn;
use protocol::Field as FieldId;

use super::{Foot, Saved};
use crate::api::account::{ChangePassword, PasswordChanged, check_password};
use crate::i18n::{Texts, texts};
use crate::pages::refusals::{CheckedForm, Refusals, value_of};
use crate::ui::{Field, FieldKind};

/// The password. A plain form where there is no script.
#[component]
pub(super) fn PasswordForm(
    username: String,
    /// What was saved without script.
    saved: Option<Saved>,
) -> impl IntoView {
    let t = texts();
    let a = t.account();
    let action = ServerAction::<ChangePassword>::new();
    let (current, new) = (NodeRef::<Input>::new(), NodeRef::<Input>::new());
    let refusals = Refusals::new(action.value().into());
    refusals.follow(vec![
        (FieldId::CurrentPassword, current),
        (FieldId::Password, new),
    ]);
    empty_when_done(action, [current, new]);
    let busy = action.pending();
    let changed = changed(action, saved);
    let send = move || {
        let form = ChangePassword {
            current_password: value_of(current),
            password: value_of(new),
        };
        check_password(form.current_password.clone(), form.password.clone())?;
        action.dispatch(form);
        Ok(())
    };
    view! {
        <section class="settings-part" aria-labelledby="change-password">
            <h3 id="change-password">{a.change_password}</h3>
            <p class="form-hint">{a.password_hint}</p>
            <CheckedForm url=ChangePassword::url() refusals busy send>
                // For password managers: whose password it is.
                <input type="text" autocomplete="username" value=username readonly hidden />
                <Fields refusals current new />
                <Foot
                    busy
                    label=a.save_password
                    label_busy=a.saving_password
                    done=Signal::derive(move || Some(said(t, changed.get()?)))
                />
                <Show when=move || {
                    changed.get().is_some_and(|changed| changed.ended.is_none())
                }>
                    <a href="/settings/security">{t.security}</a>
                </Show>
            </CheckedForm>
        </section>
    }
}

/// What is asked for.
#[component]
fn Fields(refusals: Refusals, current: NodeRef<Input>, new: NodeRef<Input>) -> impl IntoView {
    let t = texts();
    let a = t.account();
    view! {
        <Field
            name="current_password"
            kind=FieldKind::CurrentPassword
            label=a.current_password
            error=refusals.field(FieldId::CurrentPassword)
            node=current
        />
        <Field
            name="password"
            kind=FieldKind::NewPassword
            label=a.new_password
            hint=t.password_hint
            error=refusals.field(FieldId::Password)
            node=new
        />
    }
}

fn empty_when_done(action: ServerAction<ChangePassword>, fields: [NodeRef<Input>; 2]) {
    Effect::new(move |_| {
        let is_done = action.value().with(|answer| matches!(answer, Some(Ok(_))));
        if is_done {
            for input in fields.iter().filter_map(NodeRef::get_untracked) {
                input.set_value("");
            }
        }
    });
}

fn changed(
    action: ServerAction<ChangePassword>,
    saved: Option<Saved>,
) -> Signal<Option<PasswordChanged>> {
    Signal::derive(move || match (action.value().get(), saved) {
        _ if action.pending().get() => None,
        (Some(Ok(changed)), _) | (None, Some(Saved::Password(changed))) => Some(changed),
        _ => None,
    })
}

/// That it is done, and what became of the other devices.
fn said(t: &Texts, PasswordChanged { ended }: PasswordChanged) -> String {
    let a = t.account();
    let others = match ended {
        None => a.devices_left.to_owned(),
        Some(0) => a.nobody_else.to_owned(),
        Some(count) => t.count(&a.others_left, count as u64),
    };
    format!("{} {others}", a.password_saved)
}
