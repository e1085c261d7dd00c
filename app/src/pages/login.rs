//! Sign in.

use leptos::prelude::*;
use leptos::server_fn::ServerFn;
use leptos_meta::Title;
use protocol::Field as FieldId;

use crate::api::auth::{SignIn, check_sign_in};
use crate::i18n::texts;
use crate::pages::entry::{EntryFrame, Invited, go_on, next_path, with_next};
use crate::pages::refusals::{CheckedForm, Refusals, value_of};
use crate::ui::{Field, FieldKind};

/// Sign in. A plain form where there is no script.
#[component]
pub fn LoginPage() -> impl IntoView {
    let t = texts();
    let next = next_path();
    let action = ServerAction::<SignIn>::new();
    let (login, password) = (NodeRef::new(), NodeRef::new());
    let refusals = Refusals::new(action.value().into());
    go_on(action.value().into());
    refusals.follow(vec![(FieldId::Login, login), (FieldId::Password, password)]);
    let send = {
        let next = next.clone();
        move || {
            let (login, password) = (value_of(login), value_of(password));
            check_sign_in(&login, password.clone())?;
            action.dispatch(SignIn {
                login,
                password,
                next: next.clone(),
            });
            Ok(())
        }
    };
    let busy = action.pending();
    let instead = with_next("/signup", &next);
    view! {
        <Title text=format!("{} · BaatCheet", t.sign_in_title) />
        <EntryFrame title=t.sign_in_title>
            <Invited next=next.clone() />
            <CheckedForm url=SignIn::url() refusals busy send>
                <input type="hidden" name="next" value=next />
                <Field
                    name="login"
                    kind=FieldKind::Username
                    label=t.login
                    error=refusals.field(FieldId::Login)
                    node=login
                />
                <Field
                    name="password"
                    kind=FieldKind::CurrentPassword
                    label=t.password
                    error=refusals.field(FieldId::Password)
                    node=password
                />
                <button type="submit" class="btn btn-primary" aria-busy=move || busy.get().to_string()>
                    {move || if busy.get() { t.signing_in } else { t.sign_in }}
                </button>
            </CheckedForm>
            <p class="entry-foot">
                <a href=instead>{t.no_account}</a>
            </p>
        </EntryFrame>
    }
}
