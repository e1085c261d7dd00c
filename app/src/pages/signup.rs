//! Sign up.

use leptos::html::Input;
use leptos::prelude::*;
use leptos::server_fn::ServerFn;
use leptos_meta::Title;
use protocol::Field as FieldId;

use crate::api::auth::{SignUp, check_sign_up};
use crate::i18n::texts;
use crate::pages::entry::{EntryFrame, Invited, go_on, next_path, with_next};
use crate::pages::refusals::{CheckedForm, Refusals, value_of};
use crate::ui::{Field, FieldKind};

/// Sign up. A plain form where there is no script.
#[component]
pub fn SignUpPage() -> impl IntoView {
    let t = texts();
    let next = next_path();
    let action = ServerAction::<SignUp>::new();
    let (name, username) = (NodeRef::new(), NodeRef::new());
    let (email, password) = (NodeRef::new(), NodeRef::new());
    let refusals = Refusals::new(action.value().into());
    go_on(action.value().into());
    refusals.follow(vec![
        (FieldId::DisplayName, name),
        (FieldId::Username, username),
        (FieldId::Email, email),
        (FieldId::Password, password),
    ]);
    let send = {
        let next = next.clone();
        move || {
            let form = SignUp {
                display_name: value_of(name),
                username: value_of(username),
                email: value_of(email),
                password: value_of(password),
                next: next.clone(),
            };
            check_sign_up(
                &form.display_name,
                &form.username,
                &form.email,
                form.password.clone(),
            )?;
            action.dispatch(form);
            Ok(())
        }
    };
    let busy = action.pending();
    let instead = with_next("/login", &next);
    view! {
        <Title text=format!("{} · BaatCheet", t.sign_up_title) />
        <EntryFrame title=t.sign_up_title>
            <Invited next=next.clone() />
            <CheckedForm url=SignUp::url() refusals busy send>
                <input type="hidden" name="next" value=next />
                <Fields refusals name username email password />
                <button type="submit" class="btn btn-primary" aria-busy=move || busy.get().to_string()>
                    {move || if busy.get() { t.signing_up } else { t.sign_up }}
                </button>
            </CheckedForm>
            <p class="entry-foot">
                <a href=instead>{t.have_account}</a>
            </p>
        </EntryFrame>
    }
}

/// What is asked for.
#[component]
fn Fields(
    refusals: Refusals,
    name: NodeRef<Input>,
    username: NodeRef<Input>,
    email: NodeRef<Input>,
    password: NodeRef<Input>,
) -> impl IntoView {
    let t = texts();
    view! {
        <Field
            name="display_name"
            kind=FieldKind::Name
            label=t.display_name
            hint=t.display_name_hint
            error=refusals.field(FieldId::DisplayName)
            node=name
        />
        <Field
            name="username"
            kind=FieldKind::Username
            label=t.username
            hint=t.username_hint
            error=refusals.field(FieldId::Username)
            node=username
        />
        <Field
            name="email"
            kind=FieldKind::Email
            label=t.email
            error=refusals.field(FieldId::Email)
            node=email
        />
        <Field
            name="password"
            kind=FieldKind::NewPassword
            label=t.password
            hint=t.password_hint
            error=refusals.field(FieldId::Password)
            node=password
        />
    }
}
