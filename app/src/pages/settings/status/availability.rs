//! How the reader is there for others.

use leptos::html::Select;
use leptos::prelude::*;
use leptos::server_fn::ServerFn;
use protocol::{Availability, AvailabilityKind, Lasting};

use super::{followed, lasting_named, options};
use crate::api::profile::SetAvailability;
use crate::i18n::{StandingTexts, fill, texts};
use crate::live::{Live, zone_offset};
use crate::pages::system::explain;
use crate::ui::{Clock, Mounted, Summary, TimeStyle};

const fn words(kind: AvailabilityKind, s: &StandingTexts) -> (&'static str, &'static str) {
    match kind {
        AvailabilityKind::Automatic => (s.automatic, s.automatic_hint),
        AvailabilityKind::Busy => (s.busy_choice, s.busy_hint),
        AvailabilityKind::Invisible => (s.invisible, s.invisible_hint),
    }
}

/// The choice. A plain form where there is no script.
#[component]
pub(super) fn AvailabilityPart(availability: Availability) -> impl IntoView {
    let t = texts();
    let s = t.standing();
    let shown = followed(
        availability,
        Live::current().map(|live| live.availability()),
    );
    let kind = RwSignal::new(AvailabilityKind::from(availability));
    // What is said again is no news: it takes back nothing that was chosen meanwhile.
    let known = Memo::new(move |_| shown.get());
    Effect::new(move |_| kind.set(known.get().into()));
    let set = ServerAction::<SetAvailability>::new();
    let lasting = NodeRef::<Select>::new();
    let refused = Signal::derive(move || {
        let error = set.value().get().and_then(Result::err)?;
        Some(fill(t.hiding().failed, &[("reason", &explain(t, &error))]))
    });
    let submit = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        if set.pending().get_untracked() {
            return;
        }
        let lasting = lasting.get_untracked().map(|node| node.value());
        set.dispatch(SetAvailability {
            availability: kind.get_untracked(),
            lasting: lasting_named(&lasting.unwrap_or_default()),
            offset: zone_offset(),
        });
    };
    let done = move || {
        let is_so = kind.get() == AvailabilityKind::from(known.get());
        let is_set = is_so && matches!(set.value().get(), Some(Ok(()))) && !set.pending().get();
        is_set.then_some(s.availability_saved)
    };
    view! {
        <section class="settings-part" aria-labelledby="availability">
            <h3 id="availability">{s.availability}</h3>
            <Summary text=refused />
            <form
                class="form"
                method="post"
                action=SetAvailability::url()
                autocomplete="off"
                on:submit=submit
            >
                <Kinds kind shown />
                <HowLong kind lasting />
                <div class="form-foot">
                    <button
                        type="submit"
                        class="btn btn-primary"
                        aria-busy=move || set.pending().get().to_string()
                    >
                        {s.save_availability}
                    </button>
                    <p class="form-done" role="status">
                        {done}
                    </p>
                </div>
            </form>
        </section>
    }
}

/// For how long somebody is not to be disturbed. Without script it is always there.
#[component]
fn HowLong(kind: RwSignal<AvailabilityKind>, lasting: NodeRef<Select>) -> impl IntoView {
    let mounted = use_context::<Mounted>();
    let is_live = move || mounted.is_some_and(|mounted| mounted.0.get());
    view! {
        <div
            class="form-field"
            hidden=move || is_live() && kind.get() != AvailabilityKind::Busy
        >
            <label for="busy-lasting">{texts().standing().until}</label>
            <select
                node_ref=lasting
                id="busy-lasting"
                name="lasting"
                class="input choice-field"
            >
                {options(Lasting::Always)}
            </select>
        </div>
    }
}

#[component]
fn Kinds(kind: RwSignal<AvailabilityKind>, shown: RwSignal<Availability>) -> impl IntoView {
    let s = texts().standing();
    let choices = AvailabilityKind::ALL.map(|it| {
        let (label, hint) = words(it, s);
        let hint_id = format!("{}-hint", it.name());
        let is_chosen = move || kind.get() == it;
        let ends = move || {
            let until = shown.get().until().filter(|_| it == AvailabilityKind::Busy)?;
            Some(view! { <p class="form-hint">{s.ends} " " <Clock at=until style=TimeStyle::DateAndClock /></p> })
        };
        view! {
            <div class="check-row">
                <label class="choice">
                    <input
                        type="radio"
                        class="radio"
                        name="availability"
                        value=it.name()
                        checked=untrack(is_chosen)
                        prop:checked=is_chosen
                        aria-describedby=hint_id.clone()
                        on:change=move |_| kind.set(it)
                    />
                    <span>{label}</span>
                </label>
                <p class="form-hint" id=hint_id>
                    {hint}
                </p>
                {ends}
            </div>
        }
    });
    view! {
        <fieldset>
            <legend class="hidden-text">{s.availability}</legend>
            {choices.collect_view()}
        </fieldset>
    }
}
