//! What stands under a field, its hint and its error, linked with it for screen readers.

use leptos::prelude::*;

use super::{Glyph, Icon};

/// What is said of a field.
#[derive(Clone, Copy)]
pub struct Notes {
    /// The id of the field.
    pub id: &'static str,
    /// What is asked for; empty where nothing is said of that.
    pub hint: &'static str,
    /// Why what stands in it was refused.
    pub error: Signal<Option<String>>,
}

impl Notes {
    /// The field's `aria-invalid`. Read reactively.
    #[must_use]
    pub fn invalid(self) -> Option<&'static str> {
        self.is_wrong().then_some("true")
    }

    /// The field's `aria-describedby`. Read reactively.
    #[must_use]
    pub fn described_by(self) -> Option<String> {
        ids(self.id, !self.hint.is_empty(), self.is_wrong())
    }

    fn is_wrong(self) -> bool {
        self.error.with(Option::is_some)
    }
}

fn hint_id(field: &str) -> String {
    format!("{field}-hint")
}

fn error_id(field: &str) -> String {
    format!("{field}-error")
}

/// What is to be read out: why it was refused, and then what is asked for.
fn ids(field: &str, has_hint: bool, is_wrong: bool) -> Option<String> {
    match (has_hint, is_wrong) {
        (false, false) => None,
        (true, false) => Some(hint_id(field)),
        (false, true) => Some(error_id(field)),
        (true, true) => Some(format!("{} {}", error_id(field), hint_id(field))),
    }
}

/// The hint, and the error while there is one.
#[component]
pub fn FieldNotes(
    /// What is said.
    notes: Notes,
) -> impl IntoView {
    let Notes { id, hint, error } = notes;
    let (hint_id, error_id) = (hint_id(id), error_id(id));
    view! {
        {(!hint.is_empty()).then(|| view! { <p class="form-hint" id=hint_id>{hint}</p> })}
        <p class="form-error" id=error_id>
            {move || {
                error.get().map(|text| view! { <Icon glyph=Glyph::Alert /> <span>{text}</span> })
            }}
        </p>
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_error_is_read_out_before_the_hint() {
        assert_eq!(ids("name", false, false), None);
        assert_eq!(ids("name", true, false).as_deref(), Some("name-hint"));
        assert_eq!(ids("name", false, true).as_deref(), Some("name-error"));
        let both = ids("name", true, true);
        assert_eq!(both.as_deref(), Some("name-error name-hint"));
    }
}
