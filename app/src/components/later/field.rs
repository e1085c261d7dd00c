//! The field for a date and a time of day.

use leptos::html::Input;
use leptos::prelude::*;
use protocol::limits::SCHEDULE_MS;
use protocol::{Timestamp, check_due};

use super::times::{from_field, to_field};
use crate::i18n::LaterTexts;
use crate::live::time_now;

/// The field. Filled in the browser, whose calendar it shows.
#[component]
pub fn TimeField(
    /// Its id, unique on the page.
    id: &'static str,
    /// The field.
    node: NodeRef<Input>,
    /// What stands in it at first.
    #[prop(into)]
    at: Signal<Option<Timestamp>>,
    /// What it is called.
    label: &'static str,
) -> impl IntoView {
    Effect::new(move |_| {
        let (Some(field), at) = (node.get(), at.get()) else {
            return;
        };
        let now = time_now();
        field.set_min(&to_field(now));
        field.set_max(&to_field(now.plus_millis(SCHEDULE_MS)));
        field.set_value(&at.map(to_field).unwrap_or_default());
    });
    view! {
        <div class="form-field">
            <label for=id>{label}</label>
            <input
                type="datetime-local"
                id=id
                class="input text-field"
                node_ref=node
                autocomplete="off"
            />
        </div>
    }
}

/// The time in the field, or what is wrong with it.
///
/// # Errors
/// What to say.
pub fn chosen(node: NodeRef<Input>, l: &LaterTexts) -> Result<Timestamp, &'static str> {
    let value = node.get_untracked().map(|field| field.value());
    let at = value
        .and_then(|value| from_field(&value))
        .ok_or(l.no_time)?;
    check_due(at, time_now()).map_err(|_| l.out_of_range)
}
