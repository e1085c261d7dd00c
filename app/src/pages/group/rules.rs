//! The rules of a group that its admins choose.

use leptos::html::Select;
use leptos::prelude::*;
use protocol::permission::Action;
use protocol::{GroupSettings, Intent, SlowMode};

use super::desk::{Desk, told};
use crate::i18n::texts;
use crate::keys::writes;

const RULE_ID: &str = "rules-rule";
const SLOW_ID: &str = "slow-mode";
const SLOW_HINT_ID: &str = "slow-mode-hint";

/// Keys that open a list or choose in it, beside arrows and characters.
const WAYS: [&str; 6] = ["Enter", " ", "Home", "End", "PageUp", "PageDown"];

/// One of the rules.
#[derive(Clone, Copy)]
enum Setting {
    AnnouncementsOnly,
    HistoryForNew,
}

impl Setting {
    const fn name(self) -> &'static str {
        match self {
            Self::AnnouncementsOnly => "announcements-only",
            Self::HistoryForNew => "history-for-new",
        }
    }

    const fn is_on(self, settings: GroupSettings) -> bool {
        match self {
            Self::AnnouncementsOnly => settings.announcements_only,
            Self::HistoryForNew => settings.history_for_new,
        }
    }

    const fn set(self, mut settings: GroupSettings, on: bool) -> GroupSettings {
        match self {
            Self::AnnouncementsOnly => settings.announcements_only = on,
            Self::HistoryForNew => settings.history_for_new = on,
        }
        settings
    }
}

/// The rules, with why they cannot be changed where that is so.
#[component]
pub(super) fn Rules(desk: Desk) -> impl IntoView {
    let t = texts();
    let g = t.groups();
    let rule = Memo::new(move |_| desk.rule(Action::Configure));
    let settings = Memo::new(move |_| desk.settings());
    let check = move |setting: Setting, label: &'static str, hint: &'static str| {
        view! { <Check desk setting settings rule label hint /> }
    };
    view! {
        <section class="details-part" aria-labelledby="rules-title">
            <h3 id="rules-title">{g.rules}</h3>
            {check(Setting::AnnouncementsOnly, g.only_admins_write, g.only_admins_hint)}
            {check(Setting::HistoryForNew, g.history, g.history_hint)}
            <Slow desk rule />
            {move || {
                rule.get()
                    .map(|rule| {
                        view! {
                            <p class="form-hint" id=RULE_ID>
                                {told(t, rule)}
                            </p>
                        }
                    })
            }}
        </section>
    }
}

/// How often members write. It can be reached while it is off, so that the pace and the reason
/// can be read.
#[component]
fn Slow(desk: Desk, rule: Memo<Option<protocol::permission::Rule>>) -> impl IntoView {
    let s = texts().slow();
    let now = Memo::new(move |_| desk.slow_mode());
    let options = SlowMode::ALL.map(|slow_mode| {
        view! {
            <option
                value=slow_mode.name()
                selected=move || now.get() == slow_mode
            >
                {s.named(slow_mode)}
            </option>
        }
    });
    let is_off = move || rule.with_untracked(Option::is_some);
    let described = move || match rule.get() {
        Some(_) => format!("{SLOW_HINT_ID} {RULE_ID}"),
        None => SLOW_HINT_ID.to_owned(),
    };
    let node = NodeRef::<Select>::new();
    let change = move |event: leptos::ev::Event| {
        if is_off() {
            // Whatever opened it all the same.
            if let Some(node) = node.get_untracked() {
                node.set_value(now.get_untracked().name());
            }
        } else if let Some(slow_mode) = SlowMode::named(&event_target_value(&event)) {
            desk.ask(Intent::SlowMode { slow_mode });
        }
    };
    let press = move |event: leptos::ev::MouseEvent| {
        if is_off() {
            event.prevent_default();
        }
    };
    let key = move |event: leptos::ev::KeyboardEvent| {
        let key = event.key();
        let is_way = key.starts_with("Arrow") || WAYS.contains(&key.as_str());
        if is_off() && (is_way || writes(&event)) {
            event.prevent_default();
        }
    };
    view! {
        <div class="form-field">
            <label for=SLOW_ID>{s.title}</label>
            <select
                id=SLOW_ID
                class="input choice-field"
                prop:value=move || now.get().name()
                node_ref=node
                aria-disabled=move || rule.get().map(|_| "true")
                aria-describedby=described
                on:mousedown=press
                on:keydown=key
                on:change=change
            >
                {options.into_iter().collect_view()}
            </select>
            <p class="form-hint" id=SLOW_HINT_ID>
                {s.hint}
            </p>
        </div>
    }
}

/// One of them. It can be reached while it is off, so that the reason can be read.
#[component]
fn Check(
    desk: Desk,
    setting: Setting,
    settings: Memo<GroupSettings>,
    rule: Memo<Option<protocol::permission::Rule>>,
    label: &'static str,
    hint: &'static str,
) -> impl IntoView {
    let name = setting.name();
    let hint_id = format!("{name}-hint");
    let described = {
        let hint_id = hint_id.clone();
        move || match rule.get() {
            Some(_) => format!("{hint_id} {RULE_ID}"),
            None => hint_id.clone(),
        }
    };
    let is_on = move || setting.is_on(settings.get());
    let click = move |event: leptos::ev::MouseEvent| {
        if rule.get_untracked().is_some() {
            event.prevent_default();
        }
    };
    let change = move |event: leptos::ev::Event| {
        let on = event_target_checked(&event);
        let settings = setting.set(settings.get_untracked(), on);
        desk.ask(Intent::Configure { settings });
    };
    view! {
        <div class="check-row">
            <label class="choice" for=name>
                <input
                    type="checkbox"
                    id=name
                    class="check"
                    checked=untrack(is_on)
                    prop:checked=is_on
                    aria-disabled=move || rule.get().map(|_| "true")
                    aria-describedby=described
                    on:click=click
                    on:change=change
                />
                <span>{label}</span>
            </label>
            <p class="form-hint" id=hint_id>
                {hint}
            </p>
        </div>
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_rule_changes_and_the_other_stays() {
        for setting in [Setting::AnnouncementsOnly, Setting::HistoryForNew] {
            for on in [false, true] {
                let before = GroupSettings {
                    announcements_only: !on,
                    history_for_new: !on,
                };
                let after = setting.set(before, on);
                assert_eq!(setting.is_on(after), on);
                assert_eq!(setting.set(after, !on), before);
            }
        }
    }
}
