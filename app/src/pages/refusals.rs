//! A form that is checked before it is sent, and how it shows what was refused.

use leptos::html::Input;
use leptos::prelude::*;
use protocol::{ErrorCode, Field, FieldError};

use crate::api::ApiError;
use crate::i18n::texts;
use crate::pages::system::explain;
use crate::ui::{Mounted, Summary};

/// What was refused, by the browser's own check or by the server.
#[derive(Clone, Copy)]
pub struct Refusals {
    checked: RwSignal<Vec<FieldError>>,
    answer: Signal<Option<ApiError>>,
}

impl Refusals {
    /// For a form with this answer of the server.
    pub fn new<T: Clone + Send + Sync + 'static>(
        answer: Signal<Option<Result<T, ApiError>>>,
    ) -> Self {
        let refused = move || answer.with(|answer| answer.as_ref()?.as_ref().err().cloned());
        Self {
            checked: RwSignal::new(Vec::new()),
            answer: Signal::derive(refused),
        }
    }

    /// Shows what the browser's check refused; nothing clears it.
    pub fn show(&self, errors: Vec<FieldError>) {
        self.checked.set(errors);
    }

    /// Why a field was refused.
    pub fn field(&self, field: Field) -> Signal<Option<ErrorCode>> {
        let Self { checked, answer } = *self;
        Signal::derive(move || {
            // The answer was to what stood there before.
            if checked.with(|errors| !errors.is_empty()) {
                return checked.with(|errors| {
                    errors
                        .iter()
                        .find(|error| error.field == field)
                        .map(|error| error.code)
                });
            }
            answer.with(|error| error.as_ref()?.field(field))
        })
    }

    /// What to say of the form as a whole.
    pub fn summary(&self) -> Signal<Option<String>> {
        let Self { checked, answer } = *self;
        Signal::derive(move || {
            let t = texts();
            if checked.with(|errors| !errors.is_empty()) {
                return Some(t.error_fields.to_owned());
            }
            answer.with(|error| Some(explain(t, error.as_ref()?)))
        })
    }

    /// Puts the focus on the first refused field of the form, in its order, whenever something
    /// was refused.
    pub fn follow(&self, fields: Vec<(Field, NodeRef<Input>)>) {
        let this = *self;
        Effect::new(move |_| {
            this.answer.track();
            this.checked.track();
            let first = fields
                .iter()
                .find(|(field, _)| this.field(*field).get_untracked().is_some());
            if let Some(input) = first.and_then(|(_, node)| node.get_untracked()) {
                let _ = input.focus();
            }
        });
    }
}

/// A form that is sent without leaving the page; a plain form where there is no script.
#[component]
pub fn CheckedForm(
    /// Where it goes without script.
    url: &'static str,
    /// What was refused of it.
    refusals: Refusals,
    /// Whether it is under way; it is not sent twice.
    #[prop(into)]
    busy: Signal<bool>,
    /// Sends it, unless something is to be refused.
    send: impl Fn() -> Result<(), Vec<FieldError>> + 'static,
    /// Fields and button.
    children: Children,
) -> impl IntoView {
    let mounted = use_context::<Mounted>();
    let submit = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        if !busy.get_untracked() {
            refusals.show(send().err().unwrap_or_default());
        }
    };
    view! {
        <form
            class="form"
            method="post"
            action=url
            novalidate=move || mounted.is_some_and(|mounted| mounted.0.get())
            on:submit=submit
        >
            <Summary text=refusals.summary() />
            {children()}
        </form>
    }
}

/// What an input holds now. Read at the time of sending, so that what was typed or filled in
/// by a password manager before the page came to life counts.
pub fn value_of(node: NodeRef<Input>) -> String {
    node.get_untracked()
        .map(|input| input.value())
        .unwrap_or_default()
}
