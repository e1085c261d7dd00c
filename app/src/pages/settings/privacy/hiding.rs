//! What the reader hides from others.

use leptos::html::Input;
use leptos::prelude::*;
use leptos::server_fn::ServerFn;
use protocol::{Privacy, PrivacyField};

use crate::api::loading::load_first;
use crate::api::privacy::{SetPrivacy, own_privacy};
use crate::i18n::{HidingTexts, fill, texts};
use crate::live::Live;
use crate::pages::system::explain;
use crate::ui::{Mounted, Summary};

/// What can be hidden, each with what comes of it. Without script each is a form with a button.
pub(super) fn hiding() -> impl IntoView {
    let t = texts();
    let h = t.hiding();
    let set = ServerAction::<SetPrivacy>::new();
    let refused = Signal::derive(move || {
        let error = set.value().get().and_then(Result::err)?;
        Some(fill(h.failed, &[("reason", &explain(t, &error))]))
    });
    // Only for the beginning: what is changed later is followed, and no field made anew.
    let found = load_first(|| (), |()| own_privacy());
    let choices = move || {
        found.get().map(|answer| match answer {
            Ok(privacy) => view! { <Choices privacy set /> }.into_any(),
            Err(error) => {
                let text = explain(t, &error);
                view! { <Summary text=Signal::stored(Some(text)) /> }.into_any()
            }
        })
    };
    view! {
        <section class="settings-part" aria-labelledby="hiding">
            <h3 id="hiding">{h.title}</h3>
            <Summary text=refused />
            <Transition fallback=move || {
                view! { <p class="form-hint">{t.loading}</p> }
            }>{choices}</Transition>
        </section>
    }
}

#[component]
fn Choices(privacy: Privacy, set: ServerAction<SetPrivacy>) -> impl IntoView {
    let shown = RwSignal::new(privacy);
    let asked = StoredValue::new(None::<(PrivacyField, bool)>);
    // Also what is chosen on another device.
    let known = Live::current().map(|live| live.privacy());
    Effect::new(move |was: Option<Option<Privacy>>| {
        let now = known.map(|known| known.get());
        if let Some(now) = now.filter(|_| was.is_some_and(|was| was != now)) {
            shown.set(now);
        }
        now
    });
    // A choice that was not taken is as it was.
    Effect::new(move |_| {
        let failed = set.value().with(|answer| matches!(answer, Some(Err(_))));
        if let Some((what, hides)) = asked.get_value().filter(|_| failed) {
            shown.update(|shown| *shown = shown.with(what, !hides));
        }
    });
    let choices = PrivacyField::ALL.map(|what| view! { <Choice what shown asked set /> });
    view! { {choices.into_iter().collect_view()} }
}

const fn words(what: PrivacyField, h: &HidingTexts) -> (&'static str, &'static str) {
    match what {
        PrivacyField::Reading => (h.reading, h.reading_hint),
        PrivacyField::Presence => (h.presence, h.presence_hint),
    }
}

#[component]
fn Choice(
    what: PrivacyField,
    shown: RwSignal<Privacy>,
    asked: StoredValue<Option<(PrivacyField, bool)>>,
    set: ServerAction<SetPrivacy>,
) -> impl IntoView {
    let t = texts();
    let (label, hint) = words(what, t.hiding());
    let id = format!("hides-{}", what.name());
    let hint_id = format!("{id}-hint");
    let mounted = use_context::<Mounted>();
    let is_live = move || mounted.is_some_and(|mounted| mounted.0.get());
    let node = NodeRef::<Input>::new();
    let is_on = move || shown.get().hides(what);
    let change = move |_| {
        let Some(hides) = node.get_untracked().map(|node| node.checked()) else {
            return;
        };
        shown.update(|shown| *shown = shown.with(what, hides));
        asked.set_value(Some((what, hides)));
        set.dispatch(SetPrivacy { what, hides });
    };
    view! {
        <form
            method="post"
            action=SetPrivacy::url()
            class="check-row"
            // A browser that puts old choices back would show what is not so.
            autocomplete="off"
            on:submit=|event| event.prevent_default()
        >
            <input type="hidden" name="what" value=what.name() />
            <label class="choice" for=id.clone()>
                <input
                    node_ref=node
                    type="checkbox"
                    id=id.clone()
                    name="hides"
                    value="true"
                    class="check"
                    checked=untrack(is_on)
                    prop:checked=is_on
                    aria-describedby=hint_id.clone()
                    on:change=change
                />
                <span>{label}</span>
            </label>
            <p class="form-hint" id=hint_id>
                {hint}
            </p>
            <button type="submit" class="btn btn-quiet" hidden=is_live>
                {t.save}
            </button>
        </form>
    }
}
