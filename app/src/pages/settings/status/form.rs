//! A status in one's own words.

use leptos::html::{Input, Select};
use leptos::prelude::*;
use leptos::server_fn::ServerFn;
use protocol::{ErrorCode, Field, Lasting};

use super::{lasting_named, options};
use crate::api::profile::{ClearStatus, SetStatus, check_status};
use crate::i18n::texts;
use crate::live::zone_offset;
use crate::pages::refusals::{CheckedForm, Refusals, value_of};
use crate::ui::{FieldNotes, Notes};

/// Emoji, text, and for how long. A plain form where there is no script; then days end as those
/// of UTC do.
#[component]
pub(super) fn StatusForm(
    set: ServerAction<SetStatus>,
    clear: ServerAction<ClearStatus>,
) -> impl IntoView {
    let s = texts().standing();
    let (emoji, text) = (NodeRef::<Input>::new(), NodeRef::<Input>::new());
    let lasting = NodeRef::<Select>::new();
    let refusals = Refusals::new(set.value().into());
    refusals.follow(vec![(Field::StatusEmoji, emoji), (Field::StatusText, text)]);
    let busy = set.pending();
    let send = move || {
        let (emoji, text) = (value_of(emoji), value_of(text));
        check_status(&emoji, &text)?;
        let lasting = lasting.get_untracked().map(|node| node.value());
        set.dispatch(SetStatus {
            emoji,
            text,
            lasting: lasting_named(&lasting.unwrap_or_default()),
            offset: zone_offset(),
        });
        Ok(())
    };
    view! {
        <CheckedForm url=SetStatus::url() refusals busy send>
            <Line
                id="status-emoji"
                name="emoji"
                label=s.emoji
                hint=s.emoji_hint
                node=emoji
                wrong=refusals.field(Field::StatusEmoji)
            />
            <Line
                id="status-text"
                name="text"
                label=s.text
                hint=s.text_hint
                node=text
                wrong=refusals.field(Field::StatusText)
            />
            <div class="form-field">
                <label for="lasting">{s.until}</label>
                <select node_ref=lasting id="lasting" name="lasting" class="input choice-field">
                    {options(Lasting::Hour)}
                </select>
            </div>
            <div class="form-foot">
                <button
                    type="submit"
                    class="btn btn-primary"
                    aria-busy=move || busy.get().to_string()
                >
                    {s.save}
                </button>
                <p class="form-done" role="status">
                    {done(set, clear)}
                </p>
            </div>
        </CheckedForm>
    }
}

/// What was done last, once it is.
fn done(
    set: ServerAction<SetStatus>,
    clear: ServerAction<ClearStatus>,
) -> impl Fn() -> Option<&'static str> + Send + 'static {
    let s = texts().standing();
    move || {
        let is_set = matches!(set.value().get(), Some(Ok(_))) && !set.pending().get();
        let is_cleared = matches!(clear.value().get(), Some(Ok(()))) && !clear.pending().get();
        let newest = set.version().get() >= clear.version().get();
        match (is_set, is_cleared) {
            (true, false) => Some(s.saved),
            (true, true) if newest => Some(s.saved),
            (_, true) => Some(s.cleared),
            (false, false) => None,
        }
    }
}

/// A field that may be empty.
#[component]
fn Line(
    id: &'static str,
    name: &'static str,
    label: &'static str,
    hint: &'static str,
    node: NodeRef<Input>,
    wrong: Signal<Option<ErrorCode>>,
) -> impl IntoView {
    let t = texts();
    let error = Signal::derive(move || wrong.get().map(|code| t.error(code).to_owned()));
    let notes = Notes { id, hint, error };
    view! {
        <div class="form-field">
            <label for=id>{label}</label>
            <input
                node_ref=node
                id=id
                name=name
                type="text"
                class="input text-field"
                autocomplete="off"
                dir="auto"
                aria-invalid=move || notes.invalid()
                aria-describedby=move || notes.described_by()
            />
            <FieldNotes notes />
        </div>
    }
}
