//! What the reader says of themselves for a while, and how they are there for others.

pub mod availability;
pub mod form;

use leptos::html::H3;
use leptos::prelude::*;
use leptos::server_fn::ServerFn;
use protocol::{CustomStatus, Lasting, OwnProfile};

use crate::api::loading::load_first;
use crate::api::profile::{ClearStatus, SetStatus, my_profile};
use crate::components::StatusLine;
use crate::i18n::{StandingTexts, fill, texts};
use crate::live::{Live, zone_offset};
use crate::pages::system::explain;
use crate::ui::Summary;
use availability::AvailabilityPart;
use form::StatusForm;

/// The page of it.
pub const STATUS: &str = "/settings/status";

/// Status and availability of the reader.
#[component]
pub fn StatusSettings() -> impl IntoView {
    let t = texts();
    // Only for the beginning: what is changed later is followed, and no field made anew.
    let found = load_first(|| (), |()| my_profile());
    let parts = move || {
        found.get().map(|answer| match answer {
            Ok(own) => {
                let OwnProfile {
                    status,
                    availability,
                    ..
                } = own;
                view! {
                    <StatusPart status />
                    <AvailabilityPart availability />
                }
                .into_any()
            }
            Err(error) => {
                let text = Signal::stored(Some(explain(t, &error)));
                view! { <Summary text /> }.into_any()
            }
        })
    };
    view! {
        <Transition fallback=move || {
            view! { <p class="form-hint">{t.loading}</p> }
        }>{parts}</Transition>
    }
}

/// How long something lasts, as it is called on the screen.
const fn called(lasting: Lasting, s: &StandingTexts) -> &'static str {
    match lasting {
        Lasting::HalfHour => s.half_hour,
        Lasting::Hour => s.hour,
        Lasting::FourHours => s.four_hours,
        Lasting::Today => s.today,
        Lasting::Week => s.week,
        Lasting::Always => s.always,
    }
}

/// The options of a list of how long something lasts.
fn options(chosen: Lasting) -> impl IntoView {
    let s = texts().standing();
    Lasting::ALL
        .map(|lasting| {
            view! {
                <option value=lasting.name() selected=lasting == chosen>
                    {called(lasting, s)}
                </option>
            }
        })
        .collect_view()
}

/// What is chosen in such a list.
fn lasting_named(name: &str) -> Lasting {
    let named = Lasting::ALL.into_iter().find(|it| it.name() == name);
    named.unwrap_or(Lasting::Hour)
}

/// What many are at, each with how long it usually lasts.
const fn presets(s: &StandingTexts) -> [(&'static str, &'static str, Lasting); 5] {
    [
        ("📅", s.meeting, Lasting::Hour),
        ("🚌", s.travelling, Lasting::HalfHour),
        ("🍽️", s.eating, Lasting::HalfHour),
        ("🤒", s.ill, Lasting::Today),
        ("🌴", s.holiday, Lasting::Week),
    ]
}

#[component]
fn StatusPart(status: Option<CustomStatus>) -> impl IntoView {
    let t = texts();
    let s = t.standing();
    let known = Live::current().map(|live| live.custom_status(live.me()));
    let shown = followed(status, known);
    let set = ServerAction::<SetStatus>::new();
    let clear = ServerAction::<ClearStatus>::new();
    let heading = NodeRef::<H3>::new();
    Effect::new(move |_| {
        if let Some(Ok(status)) = set.value().get() {
            shown.set(status);
        }
    });
    // The button goes and takes the focus with it; the heading above it stays.
    Effect::new(move |_| {
        if matches!(clear.value().get(), Some(Ok(()))) {
            shown.set(None);
            if let Some(heading) = heading.get_untracked() {
                let _ = heading.focus();
            }
        }
    });
    let refused = Signal::derive(move || {
        let error = clear.value().get().and_then(Result::err)?;
        let reason = explain(t, &error);
        Some(fill(t.hiding().failed, &[("reason", &reason)]))
    });
    view! {
        <section class="settings-part" aria-labelledby="your-status">
            <h3 id="your-status" node_ref=heading tabindex="-1">
                {s.your_status}
            </h3>
            <p class="form-hint">{s.hint}</p>
            <Summary text=refused />
            <div data-testid="own-status">
                {move || match shown.get() {
                    Some(status) => view! { <Now status clear /> }.into_any(),
                    None => view! { <p class="form-hint">{s.nothing}</p> }.into_any(),
                }}
            </div>
            <Presets set />
            <StatusForm set clear />
        </section>
    }
}

/// What is so now, at first by the page and then by what is done, here or on another device.
fn followed<T>(at_first: T, known: Option<Signal<T>>) -> RwSignal<T>
where
    T: Clone + PartialEq + Send + Sync + 'static,
{
    let shown = RwSignal::new(at_first);
    Effect::new(move |was: Option<Option<T>>| {
        let now = known.map(|known| known.get());
        if was.is_some_and(|was| was != now)
            && let Some(now) = &now
        {
            shown.set(now.clone());
        }
        now
    });
    shown
}

#[component]
fn Now(status: CustomStatus, clear: ServerAction<ClearStatus>) -> impl IntoView {
    let submit = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        if !clear.pending().get_untracked() {
            clear.dispatch(ClearStatus {});
        }
    };
    view! {
        <div class="own-status">
            <StatusLine status ends=true />
            <form method="post" action=ClearStatus::url() on:submit=submit>
                <button
                    type="submit"
                    class="btn btn-quiet"
                    aria-busy=move || clear.pending().get().to_string()
                >
                    {texts().standing().clear}
                </button>
            </form>
        </div>
    }
}

/// Each is set by one press.
#[component]
fn Presets(set: ServerAction<SetStatus>) -> impl IntoView {
    let s = texts().standing();
    let buttons = presets(s).map(|(emoji, text, lasting)| {
        let choose = move |_| {
            if !set.pending().get_untracked() {
                set.dispatch(SetStatus {
                    emoji: emoji.to_owned(),
                    text: text.to_owned(),
                    lasting,
                    offset: zone_offset(),
                });
            }
        };
        view! {
            <button type="button" class="btn btn-quiet preset" on:click=choose>
                <span aria-hidden="true">{emoji}</span>
                <span>{text}</span>
                <span class="form-hint">{called(lasting, s)}</span>
            </button>
        }
    });
    view! {
        <div class="presets needs-script" role="group" aria-label=s.presets>
            {buttons.collect_view()}
        </div>
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::api::profile::check_status;
    use crate::i18n::Locale;

    #[test]
    fn every_preset_can_be_set() {
        for locale in Locale::ALL {
            for (emoji, text, _) in presets(locale.texts().standing()) {
                let (emoji, text) = check_status(emoji, text).unwrap();
                assert!(emoji.is_some() && text.is_some());
            }
        }
    }

    #[test]
    fn how_long_it_lasts_is_found_by_its_name() {
        for lasting in Lasting::ALL {
            assert_eq!(lasting_named(lasting.name()), lasting);
        }
        assert_eq!(lasting_named("ever"), Lasting::Hour);
    }
}
