//! A field of a form with its label, hint and error, linked for screen readers.

use leptos::html::Input;
use leptos::prelude::*;
use protocol::{ErrorCode, limits};

use super::{FieldNotes, Glyph, Icon, Mounted, Notes};
use crate::i18n::{Texts, texts};

/// What a field is for; decides keyboard, autocompletion and whether it can be shown.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum FieldKind {
    /// The name on screen.
    Name,
    /// A username, or a username or address at sign-in.
    Username,
    /// An e-mail address.
    Email,
    /// The password of an account that exists.
    CurrentPassword,
    /// A password to be chosen.
    NewPassword,
    /// One's own username, typed so that nothing happens by accident.
    Confirmation,
}

impl FieldKind {
    const fn autocomplete(self) -> &'static str {
        match self {
            Self::Name => "name",
            Self::Username => "username",
            Self::Email => "email",
            Self::CurrentPassword => "current-password",
            Self::NewPassword => "new-password",
            Self::Confirmation => "off",
        }
    }

    const fn is_password(self) -> bool {
        matches!(self, Self::CurrentPassword | Self::NewPassword)
    }

    const fn input_type(self) -> &'static str {
        match self {
            Self::Name | Self::Username | Self::Confirmation => "text",
            Self::Email => "email",
            Self::CurrentPassword | Self::NewPassword => "password",
        }
    }

    /// Why a field of this kind was refused.
    fn why(self, t: &Texts, code: ErrorCode) -> String {
        match (self, code) {
            // Beside no name, which could be wrong too.
            (Self::CurrentPassword, ErrorCode::InvalidCredentials) => {
                t.account().wrong_password.to_owned()
            }
            (Self::Confirmation, ErrorCode::InvalidFormat) => {
                t.own_data().not_your_username.to_owned()
            }
            (_, ErrorCode::TooLong) => t.count(&t.at_most_letters, self.most() as u64),
            _ => t.error(code).to_owned(),
        }
    }

    /// How many characters it takes. Of scripts that need more bytes for one an address and a
    /// password take fewer.
    const fn most(self) -> usize {
        match self {
            Self::Name => limits::DISPLAY_NAME_GRAPHEMES,
            Self::Username | Self::Confirmation => limits::USERNAME_MAX,
            Self::Email => limits::EMAIL_BYTES,
            Self::CurrentPassword | Self::NewPassword => limits::PASSWORD_BYTES,
        }
    }

    const fn capitals(self) -> &'static str {
        match self {
            Self::Name => "words",
            _ => "none",
        }
    }
}

/// A field. Its error, hint and label belong to it by id; `dir="auto"` lets a name be written
/// in any script.
#[component]
pub fn Field(
    /// Its name in the form, and its id.
    name: &'static str,
    /// What it is for.
    kind: FieldKind,
    /// Its label.
    label: &'static str,
    /// What is asked for.
    #[prop(optional)]
    hint: &'static str,
    /// What stands in it at first.
    #[prop(optional, into)]
    value: Option<String>,
    /// Why it was refused.
    error: Signal<Option<ErrorCode>>,
    /// The input, for reading and focus.
    node: NodeRef<Input>,
) -> impl IntoView {
    let t = texts();
    let shown = RwSignal::new(false);
    let notes = Notes {
        id: name,
        hint,
        error: Signal::derive(move || error.get().map(|code| kind.why(t, code))),
    };
    let toggle = kind.is_password().then(|| view! { <Reveal name shown /> });
    view! {
        <div class="form-field">
            <label for=name>{label}</label>
            <div class="with-button">
                <input
                    node_ref=node
                    id=name
                    name=name
                    value=value
                    type=move || if shown.get() { "text" } else { kind.input_type() }
                    class="input text-field"
                    autocomplete=kind.autocomplete()
                    autocapitalize=kind.capitals()
                    spellcheck="false"
                    dir=if kind == FieldKind::Name { "auto" } else { "ltr" }
                    aria-invalid=move || notes.invalid()
                    aria-describedby=move || notes.described_by()
                    required
                />
                {toggle}
            </div>
            <FieldNotes notes />
        </div>
    }
}

/// Shows what is typed into a password's field.
#[component]
fn Reveal(name: &'static str, shown: RwSignal<bool>) -> impl IntoView {
    let t = texts();
    let mounted = use_context::<Mounted>();
    view! {
        <button
            type="button"
            class="icon-button"
            aria-pressed=move || shown.get().to_string()
            aria-label=t.show_password
            aria-controls=name
            // It does nothing before the page is alive.
            hidden=move || !mounted.is_some_and(|mounted| mounted.0.get())
            on:click=move |_| shown.update(|shown| *shown = !*shown)
        >
            {move || {
                let glyph = if shown.get() { Glyph::EyeOff } else { Glyph::Eye };
                view! { <Icon glyph /> }
            }}
        </button>
    }
}

/// What was wrong with the form as a whole. It exists before it speaks, so that it is spoken.
#[component]
pub fn Summary(
    /// What is said.
    text: Signal<Option<String>>,
) -> impl IntoView {
    view! {
        <div class="form-summary" role="alert" tabindex="-1">
            {move || text.get().map(|text| view! { <Icon glyph=Glyph::Alert /> <span>{text}</span> })}
        </div>
    }
}
