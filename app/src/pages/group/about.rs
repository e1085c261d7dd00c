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
use crate::pages::refusals::value_of;
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

/// The fields of the form.
#[derive(Clone, Copy)]
struct Fields {
    title: NodeRef<Input>,
    description: NodeRef<Textarea>,
    /// The one that is not as it should be.
    wrong: RwSignal<Option<(&'static str, ErrorCode)>>,
}

impl Fields {
    fn new() -> Self {
        Self {
            title: NodeRef::new(),
            description: NodeRef::new(),
            wrong: RwSignal::new(None),
        }
    }

    /// What stands in them.
    fn values(self) -> (String, String) {
        let description = self.description.get_untracked();
        let description = description.map(|field| field.value());
        (value_of(self.title), description.unwrap_or_default())
    }

    fn is_wrong(self, field: &str) -> bool {
        self.wrong.get().is_some_and(|(wrong, _)| wrong == field)
    }

    fn described_by(self, field: &str) -> Option<&'static str> {
        self.is_wrong(field).then_some(ERROR_ID)
    }
}

/// The form.
#[component]
fn EditForm(desk: Desk, editing: RwSignal<bool>) -> impl IntoView {
    let t = texts();
    let fields = Fields::new();
    let now = untrack(|| (desk.title(t), described(desk)));
    let (title, description) = now.clone();
    let done = move || {
        editing.set(false);
        focus_soon(EDIT_ID);
    };
    let submit = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        let asked = fields.values();
        match changes((&asked.0, &asked.1), (&now.0, &now.1)) {
            Ok(intents) => {
                intents.into_iter().for_each(|intent| desk.ask(intent));
                done();
            }
            Err((field, error)) => {
                fields.wrong.set(Some((field, error.into())));
                focus_soon(field);
            }
        }
    };
    focus_soon_in_browser();
    view! {
        <form class="form" on:submit=submit>
            <TitleField fields value=title />
            <DescriptionField fields value=description />
            <p class="form-error" id=ERROR_ID role="alert">
                {move || {
                    fields
                        .wrong
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

#[component]
fn TitleField(fields: Fields, value: String) -> impl IntoView {
    view! {
        <div class="form-field">
            <label for=TITLE_ID>{texts().groups().group_title}</label>
            <input
                node_ref=fields.title
                id=TITLE_ID
                type="text"
                class="input text-field"
                value=value
                autocomplete="off"
                autocapitalize="sentences"
                dir="auto"
                aria-invalid=move || fields.is_wrong(TITLE_ID).then_some("true")
                aria-describedby=move || fields.described_by(TITLE_ID)
                on:input=move |_| fields.wrong.set(None)
            />
        </div>
    }
}

#[component]
fn DescriptionField(fields: Fields, value: String) -> impl IntoView {
    let g = texts().groups();
    view! {
        <div class="form-field">
            <label for=DESCRIPTION_ID>{g.description}</label>
            <textarea
                node_ref=fields.description
                id=DESCRIPTION_ID
                rows="3"
                class="text-area"
                autocapitalize="sentences"
                dir="auto"
                aria-invalid=move || fields.is_wrong(DESCRIPTION_ID).then_some("true")
                aria-describedby=move || fields.described_by(DESCRIPTION_ID).unwrap_or(HINT_ID)
                on:input=move |_| fields.wrong.set(None)
            >
                {value}
            </textarea>
            <p class="form-hint" id=HINT_ID>
                {g.description_hint}
            </p>
        </div>
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
