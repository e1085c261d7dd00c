//! Sign in.

use leptos::prelude::*;
use leptos::server_fn::ServerFn;
use leptos_meta::Title;
use protocol::Field as FieldId;

use crate::api::auth::{SignIn, check_sign_in};
use crate::i18n::texts;
use crate::pages::entry::{EntryFrame, Invited, go_on, next_path, with_next};
use crate::pages::refusals::{Refusals, value_of};
use crate::ui::{Field, FieldKind, Mounted, Summary};

/// Sign in. A plain form where there is no script.
#[component]
pub fn LoginPage() -> impl IntoView {
    let t = texts();
    let mounted = use_context::<Mounted>();
    let next = next_path();
    let action = ServerAction::<SignIn>::new();
    let (login, password) = (NodeRef::new(), NodeRef::new());
    let refusals = Refusals::new(action.value().into());
    go_on(action.value().into());
    refusals.follow(vec![(FieldId::Login, login), (FieldId::Password, password)]);
    let submit = {
        let next = next.clone();
        move |event: leptos::ev::SubmitEvent| {
            event.prevent_default();
            if action.pending().get_untracked() {
                return;
            }
            match check_sign_in(&value_of(login), value_of(password)) {
                Ok(_) => {
                    refusals.show(Vec::new());
                    action.dispatch(SignIn {
                        login: value_of(login),
                        password: value_of(password),
                        next: next.clone(),
                    });
                }
                Err(errors) => refusals.show(errors),
            }
        }
    };
    let busy = action.pending();
    view! {
        <Title text=format!("{} · BaatCheet", t.sign_in_title) />
        <EntryFrame title=t.sign_in_title>
            <Invited next=next.clone() />
            <form
                class="form"
                method="post"
                action=SignIn::url()
                novalidate=move || mounted.is_some_and(|mounted| mounted.0.get())
                on:submit=submit
            >
                <Summary text=refusals.summary() />
                <input type="hidden" name="next" value=next.clone() />
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
            </form>
            <p class="entry-foot">
                <a href=with_next("/signup", &next)>{t.no_account}</a>
            </p>
        </EntryFrame>
    }
}
