//! What a group is called and what it is about.

use leptos::html::{Input, Textarea};
use leptos::prelude::*;
use protocol::permission::Action;
use protocol::{Description, DisplayName, ErrorCode, Intent, TextError, UserId};

use super::act::Act;
use super::desk::Desk;
use super::focus_soon;
use crate::components::paragraphs::paragraphs;
use crate::i18n::{has_rtl, texts};
use crate::pages::entry::value_of;
use crate::ui::{Avatar, AvatarShape, Glyph, Icon};

const EDIT_ID: &str = "edit-details";
const TITLE_ID: &str = "details-name";
const DESCRIPTION_ID: &str = "details-description";
const HINT_ID: &str = "details-description-hint";
const ERROR_ID: &str = "details-error";

/// Name and description, or the form that changes them.
#[component]
pub(super) fn About(desk: Desk) -> impl IntoView {
    let t = texts();
    let g = t.groups();
    let editing = RwSignal::new(false);
    let title = Memo::new(move |_| desk.title(t));
    let description = Memo::new(move |_| described(desk));
    let face = UserId::from_bytes(desk.id.to_bytes());
    let name = move || {
        let title = title.get();
        let class = if has_rtl(&title) {
            "details-name nastaliq"
        } else {
            "details-name"
        };
        view! {
            <Avatar id=face name=title.clone() shape=AvatarShape::Group />
            <p class=class>
                <bdi>{title}</bdi>
            </p>
        }
    };
    view! {
        <section class="details-part">
            <div class="details-head">{name}</div>
            {move || {
                let description = description.get();
                (!description.is_empty())
                    .then(|| {
                        view! { <div class="details-text">{paragraphs(&description)}</div> }
                    })
            }}
            <Show
                when=move || editing.get() && desk.rule(Action::Rename).is_none()
                fallback=move || {
                    view! {
                        <Act
                            desk
                            name=EDIT_ID
                            label=g.edit_details
                            action=Signal::stored(Action::Rename)
                            act=move || editing.set(true)
                        />
                    }
                }
            >
                <EditForm desk editing />
            </Show>
        </section>
    }
}

fn described(desk: Desk) -> String {
    desk.summary.with(|summary| {
        let description = summary.as_ref().and_then(|it| it.description.as_ref());
        description.map_or_else(String::new, ToString::to_string)
    })
}

/// What is to be changed: what differs from how it stands.
fn changes(
    (title, description): (&str, &str),
    (title_now, description_now): (&str, &str),
) -> Result<Vec<Intent>, (&'static str, TextError)> {
    let mut intents = Vec::new();
    let title = DisplayName::parse(title).map_err(|error| (TITLE_ID, error))?;
    if title.as_str() != title_now {
        let title = title.to_string();
        intents.push(Intent::Rename { title });
    }
    let description = match Description::parse(description) {
        Ok(description) => description.to_string(),
        Err(TextError::Empty) => String::new(),
        Err(error) => return Err((DESCRIPTION_ID, error)),
    };
    if description != description_now {
        intents.push(Intent::Describe { description });
    }
    Ok(intents)
}

/// The form.
#[component]
fn EditForm(desk: Desk, editing: RwSignal<bool>) -> impl IntoView {
    let t = texts();
    let g = t.groups();
    let (title, description) = (NodeRef::<Input>::new(), NodeRef::<Textarea>::new());
    let wrong = RwSignal::new(None::<(&'static str, ErrorCode)>);
    let now = untrack(|| (desk.title(t), described(desk)));
    let shown = now.clone();
    let done = move || {
        editing.set(false);
        focus_soon(EDIT_ID);
    };
    let submit = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        let text = description.get_untracked().map(|field| field.value());
        let asked = (&*value_of(title), &*text.unwrap_or_default());
        match changes(asked, (&now.0, &now.1)) {
            Ok(intents) => {
                intents.into_iter().for_each(|intent| desk.ask(intent));
                done();
            }
            Err((field, error)) => {
                wrong.set(Some((field, error.into())));
                focus_soon(field);
            }
        }
    };
    focus_soon_in_browser();
    let is_wrong = move |field| wrong.get().is_some_and(|(wrong, _)| wrong == field);
    let described_by = move |field| is_wrong(field).then_some(ERROR_ID);
    view! {
        <form class="form" on:submit=submit>
            <div class="form-field">
                <label for=TITLE_ID>{g.group_title}</label>
                <input
                    node_ref=title
                    id=TITLE_ID
                    type="text"
                    class="input text-field"
                    value=shown.0
                    autocomplete="off"
                    autocapitalize="sentences"
                    dir="auto"
                    aria-invalid=move || is_wrong(TITLE_ID).then_some("true")
                    aria-describedby=move || described_by(TITLE_ID)
                    on:input=move |_| wrong.set(None)
                />
            </div>
            <div class="form-field">
                <label for=DESCRIPTION_ID>{g.description}</label>
                <textarea
                    node_ref=description
                    id=DESCRIPTION_ID
                    rows="3"
                    class="text-area"
                    autocapitalize="sentences"
                    dir="auto"
                    aria-invalid=move || is_wrong(DESCRIPTION_ID).then_some("true")
                    aria-describedby=move || described_by(DESCRIPTION_ID).unwrap_or(HINT_ID)
                    on:input=move |_| wrong.set(None)
                >
                    {shown.1}
                </textarea>
                <p class="form-hint" id=HINT_ID>
                    {g.description_hint}
                </p>
            </div>
            <p class="form-error" id=ERROR_ID role="alert">
                {move || {
                    wrong
                        .get()
                        .map(|(_, code)| {
                            view! { <Icon glyph=Glyph::Alert /> <span>{t.error(code)}</span> }
                        })
                }}
            </p>
            <div class="buttons">
                <button type="submit" class="btn btn-primary">
                    {t.save}
                </button>
                <button type="button" class="btn btn-quiet" on:click=move |_| done()>
                    {t.cancel}
                </button>
            </div>
        </form>
    }
}

/// The form is only ever opened by a button that it replaces.
fn focus_soon_in_browser() {
    Effect::new(|_| focus_soon(TITLE_ID));
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_differs_is_asked_for() {
        let now = ("Cricket", "Sundays");
        let rename = || Intent::Rename {
            title: "Hockey".to_owned(),
        };
        let describe = |text: &str| Intent::Describe {
            description: text.to_owned(),
        };
        for (asked, expected) in [
            (("Cricket", "Sundays"), Ok(vec![])),
            ((" Cricket ", "Sundays "), Ok(vec![])),
            (("Hockey", "Sundays"), Ok(vec![rename()])),
            (("Cricket", " "), Ok(vec![describe("")])),
            (
                ("Hockey", "Mondays"),
                Ok(vec![rename(), describe("Mondays")]),
            ),
            ((" ", "Mondays"), Err((TITLE_ID, TextError::Empty))),
        ] {
            assert_eq!(changes(asked, now), expected, "{asked:?}");
        }
        let long = "x".repeat(protocol::limits::DESCRIPTION_GRAPHEMES + 1);
        let wrong = (DESCRIPTION_ID, TextError::TooLong);
        assert_eq!(changes(("Cricket", &long), now), Err(wrong));
    }
}
