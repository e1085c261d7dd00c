//! The dialog in which a time is chosen.

use leptos::prelude::*;

use super::Reminding;
use crate::components::later::field::{TimeField, chosen};
use crate::components::later::suggested::Suggested;
use crate::i18n::texts;

const TITLE_ID: &str = "remind-title";
const HINT_ID: &str = "remind-hint";
const FIELD_ID: &str = "remind-time";

impl Reminding {
    fn choose_field(self) {
        match chosen(self.field, self.t.later()) {
            Ok(at) => self.choose(at),
            Err(problem) => self.problem.set(Some(problem.to_owned())),
        }
    }
}

/// The dialog of the signed-in pages.
#[component]
pub fn RemindDialog(
    /// What is being chosen.
    reminding: Reminding,
) -> impl IntoView {
    let t = texts();
    let r = t.reminders();
    view! {
        <dialog
            node_ref=reminding.dialog.node
            class="dialog later-dialog"
            data-testid="remind-dialog"
            aria-labelledby=TITLE_ID
            aria-describedby=HINT_ID
            on:close=move |_| reminding.dialog.closed()
        >
            <h2 id=TITLE_ID>{r.when}</h2>
            <p id=HINT_ID class="form-hint">
                {r.when_hint}
            </p>
            <Suggested
                times=reminding.suggested.into()
                choose=move |at| reminding.choose(at)
            />
            <form
                novalidate
                on:submit=move |event| {
                    event.prevent_default();
                    reminding.choose_field();
                }
            >
                <TimeField
                    id=FIELD_ID
                    node=reminding.field
                    at=Signal::stored(None)
                    label=t.later().other_time
                />
                <p class="form-error" role="alert">
                    {move || reminding.problem.get()}
                </p>
                <div class="dialog-buttons">
                    <button
                        type="button"
                        class="btn btn-quiet"
                        on:click=move |_| reminding.dialog.close()
                    >
                        {t.cancel}
                    </button>
                    <button type="submit" class="btn btn-primary">
                        {r.set}
                    </button>
                </div>
            </form>
        </dialog>
    }
}
