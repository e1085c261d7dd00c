//! One of a few values, chosen from a list.

use leptos::prelude::*;

/// A value, its name in a form, and what it is called on the screen.
pub type Offered<T> = (T, &'static str, &'static str);

/// The list with its label.
#[component]
pub fn Choice<T: Copy + PartialEq + Send + Sync + 'static>(
    /// Unique on the page.
    id: &'static str,
    /// What is chosen.
    label: &'static str,
    /// All values.
    offered: Vec<Offered<T>>,
    /// The one that is chosen.
    chosen: RwSignal<T>,
) -> impl IntoView {
    let option = |(value, name, words): Offered<T>| {
        view! {
            <option value=name selected=value == chosen.get_untracked()>
                {words}
            </option>
        }
    };
    let options = offered.iter().copied().map(option).collect_view();
    let choose = move |event: leptos::ev::Event| {
        let named = event_target_value(&event);
        if let Some((value, ..)) = offered.iter().find(|(_, name, _)| *name == named) {
            chosen.set(*value);
        }
    };
    view! {
        <div class="form-field">
            <label for=id>{label}</label>
            <select id=id class="input choice-field" on:change=choose>
                {options}
            </select>
        </div>
    }
}
