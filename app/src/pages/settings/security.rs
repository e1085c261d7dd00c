//! The devices that are signed in.

use leptos::html::H3;
use leptos::prelude::*;
use leptos::server_fn::ServerFn;

use super::sign_out::SignOutButton;
use crate::api::ApiError;
use crate::api::loading::load_first;
use crate::api::sessions::{DeviceSession, EndOtherSessions, EndSession, sessions};
use crate::i18n::{fill, texts};
use crate::pages::system::explain;
use crate::ui::{Clock, Glyph, Icon, Summary, TimeStyle};

/// The devices, each with a button that ends its session, and the way out of this one.
#[component]
pub fn Security() -> impl IntoView {
    let t = texts();
    let end = ServerAction::<EndSession>::new();
    let end_others = ServerAction::<EndOtherSessions>::new();
    let devices = load_first(
        move || (end.version().get(), end_others.version().get()),
        |_| sessions(),
    );
    let heading = NodeRef::<H3>::new();
    keep_focus(end, end_others, heading);
    let refused = Signal::derive(move || {
        let of_one = end.value().get().and_then(Result::err);
        let of_others = end_others.value().get().and_then(Result::err);
        of_one.or(of_others).map(|error| explain(t, &error))
    });
    let list = move || {
        devices.get().map(|answer| match answer {
            Ok(devices) => view! { <Devices devices end end_others /> }.into_any(),
            Err(error) => view! { <Failed error retry=move || devices.refetch() /> }.into_any(),
        })
    };
    view! {
        <p class="form-hint">{t.security_hint}</p>
        <section class="settings-part" aria-labelledby="devices-title">
            <h3 id="devices-title" node_ref=heading tabindex="-1">
                {t.devices}
            </h3>
            <Summary text=refused />
            <Transition fallback=move || {
                view! { <p class="form-hint">{t.loading}</p> }
            }>{list}</Transition>
        </section>
        <section class="settings-part" aria-labelledby="sign-out">
            <h3 id="sign-out">{t.sign_out}</h3>
            <p class="form-hint">{t.sign_out_hint}</p>
            <SignOutButton />
        </section>
    }
}

/// A row that goes takes the focus with it; the heading above the rows stays.
fn keep_focus(
    end: ServerAction<EndSession>,
    end_others: ServerAction<EndOtherSessions>,
    heading: NodeRef<H3>,
) {
    Effect::new(move |_| {
        let one = end.value().with(|answer| matches!(answer, Some(Ok(()))));
        let others = end_others
            .value()
            .with(|answer| matches!(answer, Some(Ok(()))));
        if (one || others)
            && let Some(heading) = heading.get_untracked()
        {
            let _ = heading.focus();
        }
    });
}

#[component]
fn Devices(
    devices: Vec<DeviceSession>,
    end: ServerAction<EndSession>,
    end_others: ServerAction<EndOtherSessions>,
) -> impl IntoView {
    let t = texts();
    let is_alone = devices.iter().all(|device| device.current);
    let others = if is_alone {
        view! { <p class="form-hint">{t.only_this_device}</p> }.into_any()
    } else {
        let pending = end_others.pending();
        view! {
            <form
                method="post"
                action=EndOtherSessions::url()
                on:submit=move |event| {
                    event.prevent_default();
                    if !pending.get_untracked() {
                        end_others.dispatch(EndOtherSessions {});
                    }
                }
            >
                <button type="submit" class="btn btn-quiet" aria-busy=move || pending.get().to_string()>
                    {t.end_others}
                </button>
            </form>
        }
        .into_any()
    };
    view! {
        <ul class="rows" data-testid="devices">
            <For each=move || devices.clone() key=|device| device.id let(device)>
                <Device device end />
            </For>
        </ul>
        {others}
    }
}

#[component]
fn Device(device: DeviceSession, end: ServerAction<EndSession>) -> impl IntoView {
    let t = texts();
    let DeviceSession {
        id,
        device,
        created_at,
        refreshed_at,
        current,
    } = device;
    let mark = if current {
        view! {
            <span class="mark">
                <Icon glyph=Glyph::Tick />
                {t.this_device}
            </span>
        }
        .into_any()
    } else {
        let is_ending = move || {
            end.pending().get()
                && end
                    .input()
                    .with(|asked| asked.as_ref().is_some_and(|asked| asked.session == id))
        };
        let label = fill(t.end_session_of, &[("device", &device)]);
        view! {
            <form
                method="post"
                action=EndSession::url()
                on:submit=move |event| {
                    event.prevent_default();
                    if !end.pending().get_untracked() {
                        end.dispatch(EndSession { session: id });
                    }
                }
            >
                <input type="hidden" name="session" value=id.to_string() />
                <button
                    type="submit"
                    class="btn btn-quiet"
                    aria-label=label
                    aria-busy=move || is_ending().to_string()
                >
                    {t.end_session}
                </button>
            </form>
        }
        .into_any()
    };
    view! {
        <li>
            <div class="grow">
                <p>
                    <bdi>{device}</bdi>
                </p>
                <p class="form-hint">
                    {t.signed_in_on} ": " <Clock at=created_at style=TimeStyle::DateAndClock />
                </p>
                <p class="form-hint">
                    {t.last_active} ": " <Clock at=refreshed_at style=TimeStyle::DateAndClock />
                </p>
            </div>
            {mark}
        </li>
    }
}

/// The list could not be loaded. Without script, trying again is loading the page again.
#[component]
fn Failed(error: ApiError, retry: impl Fn() + 'static) -> impl IntoView {
    let t = texts();
    view! {
        <div class="form-summary" role="alert">
            <Icon glyph=Glyph::Alert />
            <span class="grow">{t.sessions_failed} " " {explain(t, &error)}</span>
            <a
                class="link-button"
                href=""
                rel="external"
                on:click=move |event| {
                    event.prevent_default();
                    retry();
                }
            >
                {t.retry}
            </a>
        </div>
    }
}
